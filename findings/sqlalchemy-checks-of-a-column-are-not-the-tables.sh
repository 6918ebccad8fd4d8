#!/usr/bin/env bash
# SQLAlchemy 2.1.9 keeps a CheckConstraint that is given to a Column in `Column.constraints` alone:
# `Table.constraints` has those of the table only, though CREATE TABLE writes both, and a table that
# is reflected from the same database has both in `Table.constraints`. So a tool that walks
# `Table.constraints` of the models finds fewer checks than the database has.
# Documented for `Table.constraints` is "a collection of all Constraint objects associated with this
# table" (https://docs.sqlalchemy.org/en/21/core/metadata.html, read 2026-11-30 as installed).
# Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable


def checks(constraints):
    return sorted(str(one.sqltext) for one in constraints if isinstance(one, sa.CheckConstraint))


table = sa.Table(
    "t",
    sa.MetaData(),
    sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0")),
    sa.Column("b", sa.Integer),
    sa.CheckConstraint("b > 0"),
)
engine = sa.create_engine("sqlite://")
table.metadata.create_all(engine)
reflected = sa.Table("t", sa.MetaData(), autoload_with=engine)
print("CHECK in the DDL:", str(CreateTable(table)).count("CHECK"))
print("Table.constraints:", checks(table.constraints))
print("Column.constraints:", checks(each for one in table.columns for each in one.constraints))
print("reflected Table.constraints:", checks(reflected.constraints))
EOF
diff - "$folder/seen" <<'EOF'
CHECK in the DDL: 2
Table.constraints: ['b > 0']
Column.constraints: ['a > 0']
reflected Table.constraints: ['a > 0', 'b > 0']
EOF
cat "$folder/seen"
