#!/usr/bin/env bash
# `MetaData.reflect(views=True)` reads the views of a database too, and Table has `is_view` since SQLAlchemy
# 2.1. One would guess that a reflected view says so, and that `create_all` in another database makes a view
# or refuses. 2.1.9 leaves `is_view` False, and creates an empty table of that name without a word.
# Seen on 2026-11-30 with SQLite and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
cat > "$folder/views.py" <<'EOF'
import sqlalchemy as sa


def show(words, engine):
    inspector = sa.inspect(engine)
    print(words, "tables:", inspector.get_table_names(), "views:", inspector.get_view_names())


first, second = sa.create_engine("sqlite://"), sa.create_engine("sqlite://")
with first.begin() as connection:
    connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    connection.exec_driver_sql("CREATE VIEW v AS SELECT id FROM t")
show("first", first)
metadata = sa.MetaData()
metadata.reflect(first, views=True)
print({name: table.is_view for name, table in metadata.tables.items()})
metadata.create_all(second)
show("second", second)
EOF
"$folder/venv/bin/python" "$folder/views.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
first tables: ['t'] views: ['v']
{'t': False, 'v': False}
second tables: ['t', 'v'] views: []
EOF
cat "$folder/seen"
