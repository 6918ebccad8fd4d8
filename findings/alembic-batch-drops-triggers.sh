#!/usr/bin/env bash
# `batch_alter_table` adds a column to a table of SQLite and keeps the rest, one would guess, or warns as
# it does for checks without a name. Alembic 1.20.1 makes the table anew from what SQLAlchemy reflects of
# it and drops the old one: its triggers are gone, AUTOINCREMENT with them (a number of a deleted row is
# given again), and indexes of expressions (with a warning of SQLAlchemy's). Where a view reads the table,
# the same migration ends with an error of SQLite.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9
cat > "$folder/batch.py" <<'EOF'
import warnings

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Integer, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool)
with engine.connect() as connection:
    for statement in (
        "CREATE TABLE orders (\n id INTEGER PRIMARY KEY AUTOINCREMENT,\n name TEXT\n)",
        "CREATE TABLE log (id INTEGER)",
        "CREATE TRIGGER noted AFTER INSERT ON orders BEGIN INSERT INTO log VALUES (new.id); END",
        "CREATE INDEX plain ON orders (name)",
        "CREATE INDEX lowered ON orders (lower(name))",
        "INSERT INTO orders (name) VALUES ('a')",
    ):
        connection.execute(text(statement))
    connection.commit()

    def tell() -> None:
        found = connection.execute(text("SELECT type, name, sql FROM sqlite_master"))
        shown = sorted((f"{kind} {name}", sql or "") for kind, name, sql in found if name[0] != "s")
        print(", ".join(name + (" AUTOINCREMENT" if "AUTOINCREMENT" in sql else "") for name, sql in shown))

    def add(name: str) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("orders") as batch:
            batch.add_column(Column(name, Integer))
            batch.alter_column("name", nullable=False)

    tell()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        add("amount")
    tell()
    print("warned of the index:", any("lowered" in str(one.message) for one in said))
    print("warned of the trigger:", any("noted" in str(one.message) for one in said))
    connection.execute(text("DELETE FROM orders"))
    connection.execute(text("INSERT INTO orders (name) VALUES ('b')"))
    print("number of the next row:", connection.execute(text("SELECT id FROM orders")).scalar())
    print("logged:", connection.execute(text("SELECT count(*) FROM log")).scalar())
    connection.execute(text("CREATE VIEW names AS SELECT name FROM orders"))
    try:
        add("other")
    except OperationalError as error:
        print("with a view:", str(error.orig).partition(":")[0])
EOF
"$folder/venv/bin/python" "$folder/batch.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
index lowered, index plain, table log, table orders AUTOINCREMENT, trigger noted
index plain, table log, table orders
warned of the index: True
warned of the trigger: False
number of the next row: 1
logged: 1
with a view: error in view names
EOF
cat "$folder/seen"
