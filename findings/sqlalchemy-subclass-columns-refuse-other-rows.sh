#!/usr/bin/env bash
# A column of a subclass that shares its parent's table is nullable in the table, one would guess, since
# rows of the other classes have no value for it. SQLAlchemy 2.1.9 takes the annotation of the subclass
# at its word: `Mapped[str]` makes the column NOT NULL, and no row of the parent or of a sibling can be
# stored. Nothing warns, at the mapping or at CREATE TABLE. With `Mapped[str | None]` all can.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
cat > "$folder/inherited.py" <<'EOF'
import warnings

from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

warnings.simplefilter("error")


def try_classes(word: type) -> None:
    class Base(DeclarativeBase):
        pass

    class Employee(Base):
        __tablename__ = "employee"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "employee"}

    class Manager(Employee):
        title: Mapped[word]
        __mapper_args__ = {"polymorphic_identity": "manager"}

    class Engineer(Employee):
        __mapper_args__ = {"polymorphic_identity": "engineer"}

    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    print(word, "nullable:", Employee.__table__.c.title.nullable)
    for row in (Manager(title="head"), Employee(), Engineer()):
        with Session(engine) as session:
            session.add(row)
            try:
                session.commit()
            except IntegrityError as error:
                print(" ", type(row).__name__, error.orig)
            else:
                print(" ", type(row).__name__, "stored")


try_classes(str)
try_classes(str | None)
EOF
"$folder/venv/bin/python" "$folder/inherited.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
<class 'str'> nullable: False
  Manager stored
  Employee NOT NULL constraint failed: employee.title
  Engineer NOT NULL constraint failed: employee.title
str | None nullable: True
  Manager stored
  Employee stored
  Engineer stored
EOF
cat "$folder/seen"
