#!/usr/bin/env bash
# A SQLite table reflected by SQLAlchemy 2.1.9 and written again lacks AUTOINCREMENT, COLLATE and
# the DESC of an index, without a warning; STRICT and WITHOUT ROWID come back. Comparing models
# with a reflected database therefore calls these equal. Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
"$folder/venv/bin/python" -W error - > "$folder/seen" <<'EOF'
import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

engine = sa.create_engine("sqlite://")
with engine.begin() as connection:
    connection.exec_driver_sql(
        "CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE)"
    )
    connection.exec_driver_sql("CREATE INDEX by_name ON a(name DESC)")
    connection.exec_driver_sql("CREATE TABLE b(id INT PRIMARY KEY) STRICT, WITHOUT ROWID")
    metadata = sa.MetaData()
    metadata.reflect(connection)
    written = [CreateTable(metadata.tables["a"]), *map(CreateIndex, metadata.tables["a"].indexes)]
    written.append(CreateTable(metadata.tables["b"]))
    for one in written:
        print(" ".join(str(one.compile(engine)).split()))
EOF
diff - "$folder/seen" <<'EOF'
CREATE TABLE a ( id INTEGER, name TEXT, PRIMARY KEY (id) )
CREATE INDEX by_name ON a (name)
CREATE TABLE b ( id INTEGER NOT NULL, PRIMARY KEY (id) ) WITHOUT ROWID, STRICT
EOF
cat "$folder/seen"
