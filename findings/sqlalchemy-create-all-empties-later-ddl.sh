#!/usr/bin/env bash
# One would guess that the statement which SQLAlchemy 2.1.9 writes for a table depends on the table.
# Where named foreign keys go in a circle, `create_all` adds them after the tables, and marks them on
# the constraint itself: from then on `CREATE TABLE` of both tables lacks them, in that process, also
# for an engine that makes nothing. So DDL that is printed after a `create_all` shows no foreign keys,
# and a second database that is made from such statements has none.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
cat > "$folder/circle.py" <<'EOF'
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, create_mock_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

metadata = MetaData()
for name, other in ("author", "book"), ("book", "author"):
    Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("other", ForeignKey(f"{other}.id", name=f"fk_{name}")),
    )


def keys():
    made = [str(CreateTable(one).compile(dialect=postgresql.dialect())) for one in metadata.tables.values()]
    return sum("FOREIGN KEY" in one for one in made)


print("before create_all:", keys(), "of 2 tables name their foreign key")
metadata.create_all(create_mock_engine("postgresql://", lambda *a, **k: None), checkfirst=False)
print("after create_all:", keys(), "of 2 tables name their foreign key")
EOF
"$folder/venv/bin/python" "$folder/circle.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
before create_all: 2 of 2 tables name their foreign key
after create_all: 0 of 2 tables name their foreign key
EOF
cat "$folder/seen"
