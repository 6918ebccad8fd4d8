#!/usr/bin/env bash
# One would guess that a column made as BINARY(4) or VARBINARY(4) is reflected as something binary.
# SQLAlchemy 2.1.9 reflects NUMERIC(4) from SQLite: types that it does not know there are named by SQLite's
# rule of affinity, under which BINARY is numeric. BLOB and CHAR(4) come back as they were, and alembic
# reports a change of type each time. Seen on 2026-11-30 with SQLite, Python 3.11, alembic 1.20.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9
"$folder/venv/bin/python" -W ignore - > "$folder/seen" <<'EOF'
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

metadata = sa.MetaData()
kinds = (sa.BINARY(4), sa.VARBINARY(4), sa.BLOB(), sa.CHAR(4))
sa.Table("t", metadata, *(sa.Column(f"c{number}", kind) for number, kind in enumerate(kinds)))
with sa.create_engine("sqlite://").begin() as connection:
    metadata.create_all(connection)
    for made, found in zip(kinds, sa.inspect(connection).get_columns("t"), strict=True):
        print(made, "is reflected as", repr(found["type"]))
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    print("changes:", [one[0][3] for one in compare_metadata(context, metadata)])
EOF
diff - "$folder/seen" <<'EOF'
BINARY(4) is reflected as NUMERIC(precision=4)
VARBINARY(4) is reflected as NUMERIC(precision=4)
BLOB is reflected as BLOB()
CHAR(4) is reflected as CHAR(length=4)
changes: ['c0', 'c1']
EOF
cat "$folder/seen"
