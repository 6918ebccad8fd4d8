#!/usr/bin/env bash
# A server default that is a text with an apostrophe, `server_default="it's"`, is created as one would
# guess. alembic 1.20.1 with `compare_server_default=True` sees a change of it in the database that was made
# of these very models, each time; without the apostrophe, and with a quotation mark, it sees none.
# Seen on 2026-11-30 with SQLAlchemy 2.1.9, SQLite, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9
"$folder/venv/bin/python" -W ignore - > "$folder/seen" <<'EOF'
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext


def models(default):
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.String(20), server_default=default))
    return metadata


for default in ("its", 'the "word"', "it's"):
    with sa.create_engine("sqlite://").begin() as connection:
        models(default).create_all(connection)
        connection.execute(sa.text("INSERT INTO t DEFAULT VALUES"))
        value = connection.execute(sa.text("SELECT a FROM t")).scalar()
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        changes = compare_metadata(context, models(default))
        print(value == default, [one[0][0] for one in changes])
EOF
diff - "$folder/seen" <<'EOF'
True []
True []
True ['modify_default']
EOF
cat "$folder/seen"
