#!/usr/bin/env bash
# SQLAlchemy 2.1.9 writes `Computed("a + 1")` for PostgreSQL without STORED, which only servers
# from version 18 on accept (there it means VIRTUAL); up to 17 the keyword is required
# (https://www.postgresql.org/docs/17/ddl-generated-columns.html). The compiler of 2.0 added it.
# Which of the two is meant can be decided with a connection alone, DDL compiled from the models
# is the newer form. Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 2.0.45 2.1.9; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install -qq --disable-pip-version-check "sqlalchemy==$version"
    "$folder/$version/bin/python" - >> "$folder/seen" <<'EOF'
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

table = sa.Table("t", sa.MetaData(), sa.Column("b", sa.Integer, sa.Computed("a + 1")))
written = str(CreateTable(table).compile(dialect=postgresql.dialect()))
print(sa.__version__, " ".join(written.split()))
EOF
done
diff - "$folder/seen" <<'EOF'
2.0.45 CREATE TABLE t ( b INTEGER GENERATED ALWAYS AS (a + 1) STORED )
2.1.9 CREATE TABLE t ( b INTEGER GENERATED ALWAYS AS (a + 1) )
EOF
cat "$folder/seen"
