# ruff: noqa: E501  command lines with what they print
"""A document is read again as it was, or not at all; what a reading needs can be a setting."""

from dataclasses import fields, replace

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.config import load_settings
from footnotary.documents import front_matter
from footnotary.documents.registry import KINDS, kind_named
from footnotary.documents.what_changed import notes_on_reading, what_differs
from footnotary.errors import ProjectError, SettingsError
from footnotary.facts.options import ReadOptions
from footnotary.gating.freshness import judge_readings
from footnotary.probe.openapi import api_facts
from footnotary.project import Project
from footnotary.writing.composing import preview
from footnotary.writing.documents_on_disk import facts_of, last_document
from footnotary.writing.options import options_to_read_with

APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): ...\n"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A project with an application, as the current folder."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "main.py").write_text(APP)
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def read(**told):
    """Return facts of an API that was imported, with what is told of the reading."""
    answers = {"responses": {"200": {"description": "All."}}}
    document = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}}
    facts = api_facts(document | {"paths": {"/a": {"get": answers}}})
    facts = facts.model_copy(update={"target": "main:app", "others": ("bench:app",)})
    return facts.known_as("imported").told(**({"settings": ()} | told))


def test_only_readings_of_one_way_are_compared():
    """Import or source, the settings given, the mocks, the application: each must be the same."""
    plain, given = read(), read(settings=("KEY", "URL"))
    assert (
        what_differs(plain, plain)
        == what_differs(given, read(settings=("KEY", "MORE", "URL")))
        == ""
    )
    assert what_differs(read(settings=None), given) == ""  # of an earlier version: not noted
    for before, after, words in (
        (plain, plain.known_as("source"), "read from the source alone"),
        (given, plain, "settings that are not given now: KEY, URL"),
        (plain, given, "without the settings KEY, URL"),
        (plain, read(mocks=("redis",)), "none then, redis now"),
        (plain.model_copy(update={"target": "bench:app"}), plain, "from bench:app, this one from"),
    ):
        assert words in what_differs(before, after)
        changed = after.model_copy(update={"title": "Other"})
        found = judge_readings(before, changed, lambda: changed, {})  # noqa: B023  called at once
        assert found.unread
        assert not found.changed


def test_a_poorer_reading_overwrites_nothing(shop, monkeypatch):
    """`doc refresh`, `doc diff` and a second `doc new` of the day refuse; --force does not."""
    rich = read()
    monkeypatch.setattr("footnotary.writing.composing.read_facts", lambda *_: rich)
    writing.write_document(shop, "api", "shop", ReadOptions())
    stored = last_document(shop, "api", "shop")
    poor = rich.known_as("source").told(why="No module named 'x'.", hint="Install it.")
    monkeypatch.setattr("footnotary.writing.composing.read_facts", lambda *_: poor)
    for write in (
        lambda: writing.refresh_document(shop, stored, ReadOptions()),
        lambda: preview(shop, stored, ReadOptions(), force=True),
        lambda: writing.write_document(shop, "api", "shop", ReadOptions()),
    ):
        with pytest.raises(ProjectError, match="this one was read from the source alone") as caught:
            write()
        assert "No module named 'x'" in caught.value.hint
        assert "--force" in caught.value.hint
    assert facts_of(stored).read.how == "imported"
    writing.refresh_document(shop, stored, ReadOptions(), force=True)
    assert facts_of(stored).read.how == "source"


def test_what_a_reading_needs_is_a_setting(shop, monkeypatch):
    """The command goes before the setting, the setting before the document; it is written down."""
    (shop.root / "ci.env").write_text("KEY=1\n")
    (shop.root / "pyproject.toml").write_text(
        '[project]\nname = "shop"\n[tool.footnotary]\napp = "main:app"\nenv-file = "ci.env"\n'
        'mocks = ["redis"]\npackage = "shop"\nimports = ["shop.models"]\nmetadata = "m:Base"\n'
        'dialect = "mysql"\nimport-timeout = 5\n'
    )
    told = load_settings(shop).reading
    assert told == ReadOptions(
        app="main:app", env_file=shop.root / "ci.env", mocks=("redis",), package="shop",
        imports=("shop.models",), metadata="m:Base", dialect="mysql", timeout=5.0,
    )  # fmt: skip
    project = replace(shop, usual_reading=told)
    monkeypatch.setattr("footnotary.writing.composing.read_facts", lambda *_: read())
    writing.write_document(project, "api", "shop", ReadOptions())
    stored = last_document(project, "api", "shop")
    matter = front_matter.read_front_matter(stored.path.read_text())
    assert matter.options == {
        "app": "main:app", "env_file": "ci.env", "mocks": ("redis",), "timeout": "5",
    }  # fmt: skip
    schema = options_to_read_with(project, kind_named("schema"), ReadOptions(timeout=9.0))
    assert (schema.imports, schema.metadata, schema.dialect) == (
        ("shop.models",),
        "m:Base",
        "mysql",
    )
    assert (schema.timeout, schema.package) == (9.0, "")
    used = options_to_read_with(shop, stored.kind, ReadOptions(), stored)
    assert (used.app, used.env_file.name, used.mocks) == ("main:app", "ci.env", ("redis",))
    other = options_to_read_with(project, stored.kind, ReadOptions(app="x:y"), stored)
    assert (other.app, other.env_file.name) == ("x:y", "ci.env")


def test_a_projects_own_word_names_no_file_outside(shop, monkeypatch, tmp_path_factory):
    """The environment of whoever runs it may."""
    (shop.root / "pyproject.toml").write_text('[tool.footnotary]\nenv-file = "../other.env"\n')
    with pytest.raises(SettingsError, match=r"env-file '\.\./other\.env'"):
        load_settings(shop)
    (shop.root / "pyproject.toml").write_text("")
    outside = tmp_path_factory.mktemp("ci") / "ci.env"
    monkeypatch.setenv("FOOTNOTARY_ENV_FILE", str(outside))
    assert load_settings(shop).env_file == outside


def test_the_former_application_is_read_again_without_being_named(shop):
    """Of the document's facts, unless the user or a setting names one."""
    kind = kind_named("api")
    used = options_to_read_with(shop, kind, ReadOptions(), None, read())
    assert (used.app, used.former_app) == ("", "main:app")
    used = options_to_read_with(shop, kind, ReadOptions(app="x:y"), None, read())
    assert (used.app, used.former_app) == ("x:y", "")


def test_the_choice_is_told_with_the_option_that_picks_another():
    """Before all other notes."""
    assert notes_on_reading(read())[0] == "Application: main:app; --app reads another: bench:app."


def test_every_option_is_one_of_a_kind():
    """One that none takes would be dropped without a word."""
    known = {name for kind in KINDS for name in kind.options}
    internal = {"former_app", "source_only", "elsewhere"}
    assert known == {each.name for each in fields(ReadOptions)} - internal


def test_options_of_another_kind_are_refused_with_the_right_one(shop, capsys):
    """Nothing is read or written, and the hint is the command that takes the option."""
    for words, message, hint in (
        (["new", "deploy", "--app", "a:b"], "--app is not an option of deploy, but of api.", "doc new api --app a:b"),
        (["facts", "impl", "--mock", "x"], "--mock is not an option of impl, but of api and schema and deploy.", "doc new api --mock x"),
        (["new", "research", "t", "--package", "p"], "--package is not an option of research, but of impl.", "doc new impl --package p"),
        (["new", "api", "--database-url", "a://u:p@h"], "--database-url is not an option of api, but of schema.", "doc new schema --database-url URL"),
    ):  # fmt: skip
        assert exit_code("doc", words) == 2
        assert capsys.readouterr().err.splitlines() == [f"error: {message}", f"hint: {hint}"]
    assert not shop.current.exists()


def test_small_things_at_first_contact(shop, capsys, monkeypatch):
    """Versions of each command, a topic in words, an unknown variable."""
    for program in ("cite", "doc", "footnotary"):
        assert exit_code(program, ["--version"]) == 0
        assert capsys.readouterr().out.startswith("footnotary ")
    assert exit_code("doc", ["new", "research", "Pool sizes"]) == 0
    assert "RESEARCH-pool-sizes-" in capsys.readouterr().out
    monkeypatch.setenv("FOOTNOTARY_TIMEOUTS", "1")
    assert exit_code("doc", ["list"]) == 2
    error = capsys.readouterr().err
    assert "Unknown setting FOOTNOTARY_TIMEOUTS" in error
    assert "Did you mean FOOTNOTARY_TIMEOUT?" in error
