#!/usr/bin/env bash
# SQLAlchemy 2.1.9: a naming convention whose checks are called after their first column
# (`ck_%(table_name)s_%(column_0_name)s`) knows no column of a check that is written as text, and
# makes the name without one, silently: all such checks of a table get one name. SQLite takes that;
# PostgreSQL refuses the second ("constraint … already exists").
# The conventions: https://docs.sqlalchemy.org/en/21/core/constraints.html#naming-conventions
# Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

convention = {"ck": "ck_%(table_name)s_%(column_0_name)s"}
table = sa.Table(
    "t",
    sa.MetaData(naming_convention=convention),
    sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0")),
    sa.Column("b", sa.Integer),
    sa.Column("c", sa.Integer),
    sa.CheckConstraint("b > 0"),
    sa.CheckConstraint(sa.column("c") > 0),
)
for line in str(CreateTable(table)).splitlines():
    if "CHECK" in line:
        print(line.strip(" ,\t"))
EOF
diff - "$folder/seen" <<'EOF'
a INTEGER CONSTRAINT ck_t_ CHECK (a > 0)
CONSTRAINT ck_t_ CHECK (b > 0)
CONSTRAINT ck_t_c CHECK (c > 0)
EOF
cat "$folder/seen"
