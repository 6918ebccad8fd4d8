#!/usr/bin/env bash
# `Mapped[Literal["x", "yy"]]` beside `Mapped[SomeEnum]`: both become SQLAlchemy's Enum, so one would
# guess that PostgreSQL holds both. With SQLAlchemy 2.1.9 the enum class makes a native type, the literal
# VARCHAR(2) without a CHECK: the database takes any text of that length, and only reading the row again
# fails. A new value of the same length changes nothing in the DDL, a longer one changes the type.
# Seen on 2026-11-30 with Python 3.11 and its SQLite.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
cat > "$folder/literals.py" <<'EOF'
import enum
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.schema import CreateTable


class Base(DeclarativeBase):
    pass


class Kind(enum.Enum):
    X = "x"
    YY = "yy"


class Part(Base):
    __tablename__ = "part"
    id: Mapped[int] = mapped_column(primary_key=True)
    by_literal: Mapped[Literal["x", "yy"]]
    by_class: Mapped[Kind]


ddl = str(CreateTable(Part.__table__).compile(dialect=postgresql.dialect()))
print(*(line.strip(" \t,") for line in ddl.splitlines() if "by_" in line), sep="\n")
print("CHECK in the DDL:", "CHECK" in ddl)
engine = sa.create_engine("sqlite://")
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.execute(sa.text("INSERT INTO part VALUES (1, 'zz', 'X')"))
    print("INSERT of 'zz': accepted")
    try:
        session.scalars(sa.select(Part)).all()
    except LookupError:
        print("reading it: LookupError")
EOF
"$folder/venv/bin/python" "$folder/literals.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
by_literal VARCHAR(2) NOT NULL
by_class kind NOT NULL
CHECK in the DDL: False
INSERT of 'zz': accepted
reading it: LookupError
EOF
cat "$folder/seen"
