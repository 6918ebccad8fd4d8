#!/usr/bin/env bash
# SQLAlchemy 2.1.9 reads a SQLite generated column's expression out of the text of CREATE TABLE,
# up to the last matching bracket of that line: with two generated columns on one line the first
# one's expression swallows the second one's definition. On lines of their own both are right.
# Seen on 2026-11-30, Python 3.11, SQLite 3.40.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import sqlalchemy as sa

COLUMNS = ("a INT", "b INT GENERATED ALWAYS AS (a+1) STORED", "c INT GENERATED ALWAYS AS (a+2)")
for between in (", ", ",\n"):
    with sa.create_engine("sqlite://").begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE t({between.join(COLUMNS)})")
        print([one["computed"]["sqltext"] for one in sa.inspect(connection).get_columns("t")[1:]])
EOF
diff - "$folder/seen" <<'EOF'
['a+1) STORED, c INT GENERATED ALWAYS AS (a+2', 'a+2']
['a+1', 'a+2']
EOF
cat "$folder/seen"
