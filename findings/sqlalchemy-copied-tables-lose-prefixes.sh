#!/usr/bin/env bash
# `Table.to_metadata()` "returns a copy of this Table associated with a different MetaData", so one would
# guess that the copy is created alike. SQLAlchemy 2.1.9 copies comments, dialect options and the
# expressions of indexes, but not `prefixes`: an UNLOGGED table is copied into a logged one; nor does an
# index keep its `info`, as tables, columns and constraints do. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
cat > "$folder/copied.py" <<'EOF'
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

table = sa.Table(
    "events", sa.MetaData(), sa.Column("id", sa.Integer, info={"of": "column"}),
    sa.Index("events_id", "id", info={"of": "index"}),
    prefixes=["UNLOGGED"], postgresql_with={"fillfactor": 50}, info={"of": "table"},
)
for one in (table, table.to_metadata(sa.MetaData())):
    ddl = str(CreateTable(one).compile(dialect=postgresql.dialect())).split()
    (index,) = one.indexes
    print(*ddl[:3], *ddl[-4:], "| info:", one.info, one.c.id.info, index.info)
EOF
"$folder/venv/bin/python" "$folder/copied.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
CREATE UNLOGGED TABLE WITH (fillfactor = 50) | info: {'of': 'table'} {'of': 'column'} {'of': 'index'}
CREATE TABLE events WITH (fillfactor = 50) | info: {'of': 'table'} {'of': 'column'} {}
EOF
cat "$folder/seen"
