"""A document remembers how its project was read, and is compared with like."""

import json
import os
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from footnotary import __version__, clock, writing
from footnotary.documents import front_matter
from footnotary.documents.registry import KINDS, kind_named
from footnotary.errors import ProjectError, UsageError
from footnotary.facts.options import ReadOptions
from footnotary.facts.research import ResearchFacts
from footnotary.facts.schema import SchemaFacts
from footnotary.models import Response
from footnotary.probe import interpreter
from footnotary.project import Project
from footnotary.writing import composing
from footnotary.writing.composing import preview
from footnotary.writing.documents_on_disk import facts_of, last_document, read_document
from footnotary.writing.options import merged_options, options_to_read_with, stored_options
from footnotary.writing.reading import read_facts, without_halves
from footnotary.writing.recounting import log_with
from tables import each_row

OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders": {"get": {"responses": {"200": {"description": "All of them."}}}}},
}
MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase): ...


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.fixture
def project(tmp_path, today):
    """A project with something of each kind."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    (tmp_path / "openapi.json").write_text(json.dumps(OPENAPI))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "models.py").write_text(MODELS)
    return Project(tmp_path)


GIVEN = ReadOptions(
    app="shop.main:app",
    mocks=("redis",),
    openapi="openapi.json",
    metadata="shop.models:Base",
    imports=("shop.models", "shop.other"),
    dialect="postgresql",
    compose_files=("docker-compose.yml",),
    profiles=("dev",),
    package="shop",
    timeout=7.0,
)


def test_what_was_said_once_is_used_again(project):
    """Every option of the kind but those of one machine; what is said now goes before it."""
    given = replace(GIVEN, env_file=project.root / ".env.test")
    given.env_file.write_text("A=1\n")
    writing.write_document(project, "deploy", "shop", given)
    stored = last_document(project, "deploy", "shop")
    matter = front_matter.read_front_matter(stored.path.read_text())
    assert matter.options == {
        "compose_files": GIVEN.compose_files, "profiles": GIVEN.profiles, "mocks": GIVEN.mocks,
        "env_file": ".env.test", "timeout": "7",
    }  # fmt: skip
    matter = replace(matter, options=stored_options(given, project.root))
    stored.path.write_text(front_matter.with_front_matter(stored.path.read_text(), matter))
    assert merged_options(ReadOptions(), stored, project.root) == given
    now = ReadOptions(app="a:b", mocks=("x",), timeout=9.0, env_file=Path("y"))
    merged = merged_options(now, stored, project.root)
    assert merged == replace(given, app="a:b", mocks=("x",), timeout=9.0, env_file=Path("y"))
    assert merged_options(now, None, project.root) == now
    stored.path.write_text("---\nkind: deploy\nkind: deploy\n---\n")
    assert merged_options(now, stored, project.root) == now


@each_row(
    ("given", "kept"),
    [
        (ReadOptions(), {}),
        (ReadOptions(python="/bin/python", database_url="postgresql://u:p@h/d"), {}),
        (ReadOptions(openapi="https://example.org/api.json"), {"openapi": "https://example.org/api.json"}),
        (ReadOptions(openapi="https://u:p@example.org/api.json"), {}),
        (ReadOptions(openapi="HTTPS://example.org/api.json?key=1"), {}),
        (ReadOptions(openapi="a@b?.json"), {"openapi": "a@b?.json"}),
        (ReadOptions(app="shop:make_app('plain')"), {"app": "shop:make_app('plain')"}),
        (ReadOptions(app="a:b(debug=True, name='x')"), {"app": "a:b(debug=True, name='x')"}),
        (ReadOptions(app="shop:make_app(secret_key='Q7WE2RTY8UIO3PAS')"), {}),
        (ReadOptions(app="shop:make_app('postgresql://u:Q7WE2RTY@h/d')"), {}),
        (ReadOptions(app="shop:make_app('Q7WE2RTY8UIO3PAS')"), {}),
        (ReadOptions(env_file=Path("/elsewhere/.env")), {}),
        (ReadOptions(timeout=0.5), {"timeout": "0.5"}),
    ],
)  # fmt: skip
def test_what_belongs_to_one_machine_or_may_be_a_secret_is_not_kept(tmp_path, given, kept):
    """Interpreters, databases, files elsewhere; addresses and factories with what may be secret."""
    assert stored_options(given, tmp_path) == kept


def test_how_facts_were_had_is_told_in_the_front_matter(project, monkeypatch):
    """Each part of it, so that a reader sees what the document rests on."""

    def read_with(*given):
        return read_facts(*given).told(python="3.11.7", extras=("a", "b"), versions={"x": "2"})

    monkeypatch.setattr(composing, "read_facts", read_with)
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    matter = front_matter.read_front_matter(read_document(path))
    assert matter.read == {"how": "source", "python": "3.11.7", "extras": "a, b"}
    assert (matter.status, matter.versions) == ("current", {"x": "2"})
    assert matter.generator == f"footnotary {__version__}"
    assert matter.read_from == facts_of(last_document(project, "deploy", "shop")).read_from
    assert {"stacks", "commands"} <= set(matter.regions)


def rewritten(path, *changes):
    """Replace words of a file that are there."""
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def test_where_the_code_is_the_same_a_refresh_changes_nothing(project, monkeypatch):
    """Another machine, another commit: that is no change; the digest of the files is told."""
    path = writing.write_document(project, "schema", "shop", ReadOptions(source_only=True)).path
    options = ReadOptions(source_only=True)
    stored = last_document(project, "schema", "shop")
    assert preview(project, stored, options) == read_document(path)
    rewritten(stored.facts_path, ('"files": ""', '"files": "x"'))
    assert writing.refresh_document(project, stored, options).facts.read.files == ""
    rewritten(stored.facts_path, ('"python": ""', '"python": "2.7"'))
    rewritten(path, ("  how: source\n", '  how: source\n  python: "2.7"\n'))
    before = read_document(path)
    assert preview(project, stored, options) == before
    again = writing.refresh_document(project, stored, options)
    assert (again.action, again.facts.read.python) == ("unchanged", "2.7")
    assert read_document(path) == before

    def read_elsewhere(*given):
        return read_facts(*given).told(caveats=("Another machine.",), versions={"x": "2"})

    monkeypatch.setattr(composing, "read_facts", read_elsewhere)
    assert preview(project, stored, options) == before
    (project.root / "shop" / "models.py").write_text(MODELS.replace("orders", "items"))
    assert "items" in preview(project, stored, options)
    assert read_document(path) == before


def test_each_kind_is_read_by_its_reader_with_what_was_said(project):
    """A document of the project, tables of the source, services, modules, the topic."""
    options = ReadOptions(openapi="openapi.json", source_only=True)
    read = {
        kind: read_facts(project, kind, "shop", options).summary
        for kind in ("api", "schema", "deploy", "impl", "research")
    }
    assert (read["api"]["operations"], read["schema"]["tables"]) == (1, 1)
    assert (read["deploy"]["services"], read["impl"]["modules"]) == (1, 2)
    assert read_facts(project, "research", "shop", options).topic == "shop"
    with pytest.raises(UsageError):
        read_facts(project, "nope", "shop", options)
    with pytest.raises(ProjectError, match=r"gone\.json"):
        read_facts(project, "api", "shop", ReadOptions(openapi="gone.json"))
    with pytest.raises(UsageError, match="web is not read"):
        read_facts(project, "api", "shop", ReadOptions(openapi="https://example.org/x"))


def test_a_document_at_an_address_is_asked_for_with_its_media_types(project):
    """Once, by whoever may ask the web."""
    asked = []

    def fetch(url, accept):
        asked.append((url, accept.partition(",")[0]))
        body = json.dumps(OPENAPI).encode()
        return Response(url=url, final_url=url, body=body, retrieved_at=clock.now())

    options = ReadOptions(openapi="https://example.org/x")
    assert read_facts(project, "api", "shop", options, fetch).summary["operations"] == 1
    assert asked == [("https://example.org/x", "application/vnd.oai.openapi+json")]
    assert (
        writing.write_document(project, "api", "shop", options, fetch=fetch).facts.read.how
        == "document"
    )


def test_half_characters_are_shown_as_such_and_all_else_as_it_is():
    """In texts, lists and names at any depth; that some were there is said once."""
    whole = ResearchFacts(topic="a \U0001f600", summary={"x": 1}).told(versions={"x": "1"})
    assert without_halves(whole) is whole
    half = whole.model_copy(update={"topic": "a\ud83d b", "read_from": ("x\udc00", "y")})
    half = half.told(versions={"v\ud800": "\ud83d\ude00"}, caveats=("First.",))
    found = without_halves(half)
    assert (found.topic, found.read_from, found.summary) == (
        "a\ufffd b",
        ("x\ufffd", "y"),
        {"x": 1},
    )
    assert found.versions == {"v\ufffd": "\U0001f600"}
    assert found.caveats[:-1] == ("First.",)
    assert "half of a surrogate pair" in found.caveats[-1]


def test_settings_say_how_a_project_is_read_where_nobody_else_does(project):
    """What is said now goes first, a document's own word for a name last; no pipe is opened."""
    usual = ReadOptions(app="s:app", mocks=("redis",), package="shop", env_file=project.root / "e")
    told = replace(project, usual_reading=usual)

    def read_with(kind, given=None, **more):
        return options_to_read_with(told, kind_named(kind), given or ReadOptions(), **more)

    found = read_with("impl")
    assert (found.package, found.app, found.mocks) == ("shop", "", ())
    assert read_with("impl", ReadOptions(package="other")).package == "other"
    found = read_with("api")
    assert (found.app, found.mocks, found.package) == ("s:app", ("redis",), "")
    assert found.env_file == project.root / "e"
    assert read_with("api", ReadOptions(openapi="openapi.json")).app == ""
    before = SimpleNamespace(target="old:app")
    assert read_with("api", before=before).former_app == ""
    bare = options_to_read_with(project, kind_named("api"), ReadOptions(), before=before)
    assert (bare.app, bare.former_app) == ("", "old:app")
    assert options_to_read_with(project, kind_named("api"), ReadOptions()).former_app == ""
    os.mkfifo(project.root / "e")
    with pytest.raises(UsageError, match="e, the setting env-file, is not a regular file"):
        read_with("api")


def test_a_refresh_that_could_not_compare_says_so_in_the_log(project):
    """Nothing is listed as new or gone of facts that were read in another way."""
    path = writing.write_document(project, "schema", "shop", ReadOptions(source_only=True)).path
    stored = last_document(project, "schema", "shop")
    now = facts_of(stored).known_as("imported")
    (entry,) = log_with(project, stored, path.stem, now).refreshes
    assert entry.note.startswith("Not compared: ")
    assert log_with(project, stored, path.stem, facts_of(stored)).refreshes == ()
    assert log_with(project, stored, "another", now).refreshes == ()


def test_a_document_that_names_a_pipe_is_refused(project):
    """Where its settings should be: opening it could wait for ever."""
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    matter = front_matter.read_front_matter(read_document(path))
    named = replace(matter, options={"env_file": ".env.pipe"})
    path.write_text(front_matter.with_front_matter(read_document(path), named))
    os.mkfifo(project.root / ".env.pipe")
    stored = last_document(project, "deploy", "shop")
    with pytest.raises(UsageError, match="names as its env_file"):
        merged_options(ReadOptions(), stored, project.root)


def test_the_interpreter_that_is_named_reads_source_and_packages(project, monkeypatch):
    """The user's word goes before the settings'; who names none has the project's own."""
    asked = []

    def parser(of, python):
        asked.append(("parser", python))

    monkeypatch.setattr(interpreter, "parser_of", parser)
    monkeypatch.setattr(interpreter, "find_interpreter", lambda of, told: asked.append(told))
    monkeypatch.setattr(interpreter, "environment_folders", lambda of: ())
    named = replace(project, python="/settings/python")
    read_facts(named, "impl", "shop", ReadOptions(python="/given/python"))
    read_facts(named, "impl", "shop", ReadOptions())
    read_facts(project, "deploy", "shop", ReadOptions(python="/given/python"))
    assert asked[:4] == [
        "/given/python", ("parser", "/given/python"), "/settings/python", ("parser", ""),
    ]  # fmt: skip
    assert asked[-1] == ("parser", "/given/python")


def test_a_document_of_a_live_database_is_read_again_in_its_dialect(tmp_path):
    """The address is not remembered, but types were written for that database."""
    kind, before = kind_named("schema"), SchemaFacts(server="sqlite 3.40.1", dialect="sqlite")
    again = options_to_read_with(Project(tmp_path), kind, ReadOptions(), None, before)
    assert again.dialect == "sqlite"
    given = ReadOptions(database_url="postgresql://h/d", scratch=True)
    assert options_to_read_with(Project(tmp_path), kind, given, None, before) == given


def test_every_way_of_reading_is_some_kind_s():
    """What no kind takes is left out of every reading: an option that does nothing."""
    taken = {name for kind in KINDS for name in kind.options}
    assert {one.name for one in fields(ReadOptions)} - taken == {
        "former_app",
        "source_only",
        "elsewhere",
    }
