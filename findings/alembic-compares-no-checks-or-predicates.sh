#!/usr/bin/env bash
# alembic 1.20.1's `compare_metadata`, with types and server defaults switched on, returns [] when
# a CHECK, a partial index's WHERE or a generated column's expression differ; a changed default or
# ON DELETE is seen. An empty answer does not mean that models and database are equal.
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


def models(check="a > 0", where="a > 1", generated="a + 1", default="x", ondelete="CASCADE"):
    metadata = sa.MetaData()
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.String(6), server_default=default),
        sa.Column("c", sa.Integer, sa.Computed(generated)),
        sa.Column("p_id", sa.ForeignKey("p.id", ondelete=ondelete, name="fk")),
        sa.CheckConstraint(check, name="ck"),
        sa.Index("ix", "a", sqlite_where=sa.text(where)),
    )
    return metadata


with sa.create_engine("sqlite://").begin() as connection:
    models().create_all(connection)
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    for change in (
        {"check": "a > 5"}, {"where": "a > 9"}, {"generated": "a + 2"},
        {"default": "y"}, {"ondelete": "SET NULL"},
    ):
        print(change, len(compare_metadata(context, models(**change))))
EOF
diff - "$folder/seen" <<'EOF'
{'check': 'a > 5'} 0
{'where': 'a > 9'} 0
{'generated': 'a + 2'} 0
{'default': 'y'} 1
{'ondelete': 'SET NULL'} 2
EOF
cat "$folder/seen"
