"""Facts do not depend on what guards an import, nor on what the import wrote."""

import sys
import textwrap

import pytest

import hostile
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.writing.reading import read_facts

pytestmark = pytest.mark.slow  # each starts several interpreters that import FastAPI or SQLAlchemy

API = """
    import side
    from fastapi import Depends, FastAPI, HTTPException
    from pydantic import BaseModel

    app = FastAPI(title=side.TITLE)
    if side.WRITES:
        import models


    class Item(BaseModel):
        '''A thing.'''

        name: str


    def who(token: str) -> str:
        if not token:
            raise HTTPException(401, "No token")
        return token


    @app.post("/items")
    def add(item: Item, user: str = Depends(who)) -> Item:
        '''Add one.'''
        return item
"""
MODELS = """
    import side
    from sqlalchemy import ForeignKey, create_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class User(Base):
        __tablename__ = "users"

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(index=True)


    class Order(Base):
        __tablename__ = "orders"

        id: Mapped[int] = mapped_column(primary_key=True)
        user: Mapped[int] = mapped_column(ForeignKey("users.id"))


    if side.WRITES:
        engine = create_engine("sqlite:///./app.db")
        Base.metadata.drop_all(engine)
        Base.metadata.create_all(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE t")
"""
QUIET = "TITLE = 'T'\nWRITES = False\n"
WRITING = {
    "folders-and-logs": """
        import logging, os
        os.makedirs("uploads/new", exist_ok=True)
        logging.basicConfig(filename="uploads/app.log")
        logging.error("started")
        TITLE, WRITES = "T", False
    """,
    "database": "TITLE, WRITES = 'T', True",
    "settings": """
        import pathlib
        file = pathlib.Path(__file__).parent / "title.txt"
        if not file.exists():
            file.write_text("T")
        TITLE, WRITES = file.read_text(), False
    """,
    "cleaning": """
        import os, shutil
        shutil.rmtree("data")
        os.replace("bin/tool", "bin/other")
        os.chdir("bin")
        TITLE, WRITES = "T" * (len(os.listdir("..")) > 2), False
    """,
    "module": """
        import importlib, pathlib
        pathlib.Path("generated.py").write_text("TITLE = 'T'")
        importlib.invalidate_caches()
        from generated import TITLE
        WRITES = False
    """,
    "denied": """
        import os, signal
        for act in (lambda: os.kill(os.getppid(), 15), lambda: os.remove("out/secret.txt")):
            try:
                act()
            except OSError:
                pass
        TITLE, WRITES = "T", False
    """,
}


def ungrounded(facts):
    """Facts without what is said of how they were had."""
    return facts.model_dump_json(exclude={"read"})


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """What is read of the application that writes nothing."""
    root, _ = hostile.make_ground(tmp_path_factory.mktemp("quiet"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VIRTUAL_ENV", raising=False)
        for name, text in (("main", API), ("models", MODELS), ("side", QUIET)):
            (root / f"{name}.py").write_text(textwrap.dedent(text))
        project, options = Project(root, python=sys.executable), ReadOptions(timeout=30.0)
        return {kind: read_facts(project, kind, "project", options) for kind in ("api", "schema")}


@pytest.fixture
def placed(made):
    """The project of `made`, with something to lose."""
    made.root.rmdir()
    root, outside = hostile.make_ground(made.root.parent)
    assert root == made.root
    return made, outside


@pytest.mark.parametrize("kind", ["api", "schema"])
@pytest.mark.parametrize("form", WRITING)
def test_facts_are_those_of_an_application_that_writes_nothing(
    placed, quiet, monkeypatch, form, kind
):
    """On every ground, but for what is said of it; and that is the same on every ground."""
    made, outside = placed
    quiet = quiet[kind]
    assert quiet.read.how == "imported"
    assert not any("Denied" in one or "Kept" in one for one in quiet.caveats)
    made.write({"main.py": API, "models.py": MODELS, "side.py": WRITING[form]})
    before = hostile.fingerprint(made.root), hostile.fingerprint(outside)
    told = []
    for way in ("namespaces", "hooks"):
        hostile.use_way(monkeypatch, way)
        facts = getattr(made, kind)()
        assert ungrounded(facts) == ungrounded(quiet)
        told.append(facts.caveats)
        assert (hostile.fingerprint(made.root), hostile.fingerprint(outside)) == before
    assert told[0] == told[1]
    assert any("Denied" in one or "Kept" in one for one in told[0])


def test_a_database_that_is_made_anew_on_import_keeps_its_rows(placed):
    """`drop_all` and `create_all` at import run on a copy."""
    made, _ = placed
    made.write({"models.py": MODELS, "side.py": WRITING["database"]})
    before = hostile.fingerprint(made.root)
    facts = made.schema()
    assert sorted(one.name for one in facts.tables) == ["orders", "users"]
    assert "Kept from the project's folder on import: app.db (written)." in facts.caveats
    assert hostile.fingerprint(made.root) == before
