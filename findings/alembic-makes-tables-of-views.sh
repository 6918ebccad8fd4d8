#!/usr/bin/env bash
# SQLAlchemy 2.1 can declare a view (`CreateView(…, metadata=…)`), creates and drops it with the metadata,
# and marks its Table with `is_view`. One would guess that Alembic 1.20.1, which works with it, leaves the
# view alone once it is there. Autogenerate looks among the database's tables, does not find it, and writes
# `op.create_table` for it, each time anew. Seen on 2026-11-30 with SQLAlchemy 2.1.9, SQLite, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9
cat > "$folder/views.py" <<'EOF'
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

metadata = sa.MetaData()
table = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))
view = sa.CreateView(sa.select(table.c.id), "v", metadata=metadata)
print("is_view:", view.table.is_view)
with sa.create_engine("sqlite://").connect() as connection:
    metadata.create_all(connection)
    inspector = sa.inspect(connection)
    print("tables:", inspector.get_table_names(), "views:", inspector.get_view_names())
    script = produce_migrations(MigrationContext.configure(connection), metadata)
    lines = render_python_code(script.upgrade_ops).splitlines()
    print(*(line.strip() for line in lines if "op." in line or "Column" in line), sep="\n")
EOF
"$folder/venv/bin/python" -W ignore "$folder/views.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
is_view: True
tables: ['t'] views: ['v']
op.create_table('v',
sa.Column('id', sa.Integer(), nullable=True)
EOF
cat "$folder/seen"
