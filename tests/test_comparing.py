"""Documents are compared with the code like with like, or it is said that they are not."""

import subprocess
from dataclasses import replace
from types import SimpleNamespace

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.facts.api import ApiFacts, ApiModel, ModelField, Operation
from footnotary.facts.options import ReadOptions
from footnotary.findings import Severity
from footnotary.gating import GateOptions, check_project, freshness
from footnotary.project import Project
from footnotary.rules.basis import Compared
from footnotary.rules.registry import rule_named
from tables import each_row

BEFORE = ApiFacts(
    operations=(Operation(method="GET", path="/a"),),
    models=(ApiModel(name="M", fields=(ModelField(name="at", type="string", default='"1"'),)),),
).known_as("imported").told(versions={"fastapi": "1.0", "python": "3.11.7"}, files="F")  # fmt: skip
AFTER = BEFORE.model_copy(
    update={"operations": (*BEFORE.operations, Operation(method="GET", path="/b"))}
)


def judged(before, after, read_again):
    """Compare two readings of a project that offers an extra."""
    wanted = {"": ("FastAPI", "psycopg"), "auth": (), "dev": ()}
    return freshness.judge_readings(before, after, read_again, wanted)


def never():
    """A reading that must not be asked for."""
    raise AssertionError


def test_equal_facts_hold_whatever_they_were_read_with():
    """Another interpreter, other versions, one library more: nothing to say, nothing read twice."""
    other = BEFORE.told(versions={"fastapi": "2.0", "x": "1"}, python="3.13.0", files="G")
    assert judged(BEFORE, other, never) == Compared()


def test_a_change_of_the_code_is_named():
    """What is new in the code is said in words."""
    after = AFTER.told(files="G")
    assert judged(BEFORE, after, lambda: after).changed == ("`GET /b` is new",)


def test_one_line_counts_what_has_changed():
    """What is new, gone or other by what it is one of, each thing once; no derived fact counts."""
    (model,) = BEFORE.models
    after = AFTER.model_copy(
        update={
            "version": "2",
            "models": (model.model_copy(update={"used_by": ("GET /b",)}), ApiModel(name="N")),
            "operations": (*AFTER.operations, Operation(method="GET", path="/c")),
        }
    )
    found = judged(BEFORE, after, lambda: after)
    assert found.summary == "2 operations, 1 model and the version"
    unsteady = after.model_copy(update={"version": "3", "operations": AFTER.operations})
    assert judged(BEFORE, after, lambda: unsteady).summary == "1 operation, 1 model and the version"


def test_what_differs_between_two_readings_of_the_same_code_is_no_change():
    """A version made of the clock is another one at each import; the gate says so in a note."""
    values = iter(["2", "3", "4"])

    def read():
        return BEFORE.model_copy(update={"version": next(values)})

    found = judged(BEFORE, read(), read)
    assert found.holds
    assert (found.changed, found.elsewhere, len(found.unsteady)) == ((), (), 1)
    document = SimpleNamespace(path="API-x.md", around=SimpleNamespace(compared=found))
    (place,) = rule_named("DOC006").document(document, None)
    assert place.severity is Severity.NOTE
    assert "two readings of the same code differ" in place.message
    assert found.unsteady[0] in place.message


def test_a_change_stays_one_where_it_cannot_be_read_a_second_time():
    """A reading that fails explains nothing away."""
    after = AFTER.told(files="G")
    assert judged(BEFORE, after, lambda: after.known_as("source")).changed


def test_what_another_version_writes_is_named_as_such():
    """No file differs and a library does: the difference is the library's."""
    after = AFTER.told(versions={"fastapi": "1.1", "python": "3.11.7"})
    found = judged(BEFORE, after, lambda: after)
    assert found.holds
    assert found.elsewhere == ("`GET /b` is new",)
    assert found.versions == ("fastapi 1.0 → 1.1",)


def test_where_files_and_libraries_differ_neither_is_blamed():
    """Which of them it is cannot be told, and the sentence does not say that the code changed."""
    after = AFTER.told(versions={"fastapi": "1.1", "python": "3.11.7"}, files="other")
    compared = judged(BEFORE, after, lambda: after)
    document = SimpleNamespace(path="API-x.md", around=SimpleNamespace(compared=compared))
    (place,) = rule_named("DOC006").document(document, None)
    assert (
        "has changed or reads otherwise with other libraries (fastapi 1.0 → 1.1)" in place.message
    )


def test_facts_that_nothing_explains_are_an_error():
    """No file and no library differs: the facts were not made from this code."""
    found = judged(BEFORE, AFTER, lambda: AFTER)
    assert found.same_files
    assert not found.holds


@each_row(
    ("before", "after"), [("imported", "source"), ("database", "imported"), ("document", "source")]
)
def test_what_was_read_in_another_way_is_not_compared(before, after):
    """The reason and what to do about it are said, and no difference."""
    now = AFTER.known_as(after).told(why="No module named 'x'.", hint="Install x.")
    found = judged(BEFORE.known_as(before), now, never)
    assert not found.changed
    assert found.unread
    assert found.hint == "Install x."


def test_a_module_that_cannot_be_imported_here_is_what_is_said():
    """The tables of a module that failed are not gone; the reason is told, and what to install."""
    told = {"failed": ("geo",), "caveats": ("geo could not be read: No module named 'x'.",)}
    found = judged(BEFORE, AFTER.told(**told), lambda: AFTER)
    assert found.unread == "geo could not be read: No module named 'x'"
    assert found.hint.endswith("footnotary install-project")
    assert judged(BEFORE.told(failed=("geo",)), AFTER.told(**told), lambda: AFTER).changed
    found = judged(BEFORE.told(failed=("new.py",)), AFTER, lambda: AFTER)
    assert found.holds
    assert found.versions == ("a Python that reads what could not be read",)


def test_an_extra_that_is_not_installed_is_what_is_said():
    """Where facts differ and less of the project is installed, the installation is the reason."""
    found = judged(BEFORE.told(extras=("auth", "dev")), AFTER.told(extras=("dev",)), lambda: AFTER)
    assert found.unread == "it was read with the extra auth installed"
    assert found.hint.endswith("footnotary install-project --extra auth")
    found = judged(BEFORE.told(extras=("auth", "dev")), AFTER, lambda: AFTER)
    assert found.unread == "it was read with the extras auth, dev installed"
    assert found.hint.endswith("footnotary install-project --extra auth --extra dev")
    found = judged(BEFORE.told(extras=("",)), AFTER, lambda: AFTER)
    assert found.unread == "it was read with all of the project's dependencies installed"
    assert judged(BEFORE.told(extras=("gone",)), AFTER, lambda: AFTER).changed
    found = judged(BEFORE.told(versions={"psycopg": "3"}), AFTER.told(files="G"), lambda: AFTER)
    assert found.unread == "it was read with psycopg installed"
    assert judged(BEFORE.told(versions={"gone": "3"}), AFTER.told(files="G"), lambda: AFTER).changed
    assert judged(BEFORE.told(extras=("auth",)), BEFORE, never) == Compared()


APP = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def root() -> str:
    '''Say hello.'''
"""


@pytest.fixture
def project(tmp_path):
    """A small API in a repository."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    (root / "app.py").write_text(APP)
    subprocess.run(["git", "-C", root, "init", "-q"], check=True)
    return Project(root)


def test_a_module_of_which_nothing_is_told_could_not_be_read():
    """It is named all the same; what was not read for the document either is no news."""
    after = AFTER.told(failed=("shop.models",))
    found = judged(BEFORE, after, lambda: after)
    assert found == Compared(unread="shop.models could not be read")
    assert judged(BEFORE.told(failed=("shop.models",)), after, lambda: after).changed


def test_where_nothing_is_installed_the_command_that_installs_is_named(project, monkeypatch):
    """A module that is missing, in a project without an environment; else what was said."""
    writing.write_document(project, "api", "shop", ReadOptions(source_only=True))
    (stored,) = writing.stored_documents(project)
    unread = BEFORE.told(why="No module named 'fastapi'.", hint="Look.")
    monkeypatch.setattr("footnotary.writing.reading.read_facts", lambda *_: unread)
    found = freshness.compare_document(project, stored)
    assert found == Compared(unread="No module named 'fastapi'", hint=freshness.INSTALL)
    (project.root / ".venv/bin").mkdir(parents=True)
    (project.root / ".venv/bin/python").write_text("")
    assert freshness.compare_document(project, stored).hint == "Look."


@pytest.mark.slow
def test_an_environment_that_lacks_the_libraries_is_exit_2(project, capsys):
    """Nothing is said to have changed; what to install is."""
    writing.write_document(project, "api", "shop", ReadOptions())
    words = ["check", "--root", str(project.root)]
    assert exit_code("doc", words) == 0
    (project.root / "app.py").write_text("import not_installed_anywhere\n" + APP)
    assert exit_code("doc", words) == 2
    said = capsys.readouterr().out
    assert "cannot be read here as it was read for this document" in said
    assert "not_installed_anywhere" in said
    assert "Install the project first: footnotary install-project" in said
    assert "has changed" not in said


@pytest.mark.slow
def test_a_document_that_was_read_from_the_source_is_compared_so(project):
    """Where its libraries are there now, it is still compared with what the source says."""
    missing = "import not_installed_anywhere\n"
    (project.root / "app.py").write_text(missing + APP)
    writing.write_document(project, "api", "shop", ReadOptions())
    (project.root / "app.py").write_text(APP + "\n# no other route\n")
    assert [f for f in check_project(project, GateOptions()).findings if f.code == "DOC006"] == []
    (project.root / "app.py").write_text(APP.replace('get("/")', 'get("/new")'))
    (found,) = [f for f in check_project(project, GateOptions()).findings if f.code == "DOC006"]
    assert found.details == ("`GET /` is gone", "`GET /new` is new")


@pytest.mark.slow
def test_a_document_that_was_read_in_another_way_shows_no_changes(project):
    """The history says that it did not compare, and not what only one reading could see."""
    first = replace(project)
    written = writing.write_document(first, "api", "shop", ReadOptions())
    text = written.path.read_text()
    earlier = written.path.with_name("API-shop-2026-01-01.md")
    written.path.rename(earlier)
    for path in written.path.parent.glob(f"{written.path.stem}.*"):
        path.rename(path.with_name(path.name.replace(written.path.stem, "API-shop-2026-01-01")))
    earlier.write_text(text.replace(f"date: {written.path.stem[-10:]}", "date: 2026-01-01"))
    (project.root / "app.py").write_text("import not_installed_anywhere\n" + APP)
    text = writing.write_document(project, "api", "shop", ReadOptions()).path.read_text()
    assert "## Changes since 2026-01-01" in text
    assert "Not compared: the last document was read from the imported code" in text
    assert "is gone" not in text


@pytest.mark.slow
def test_a_refresh_tells_which_files_gave_these_facts(project):
    """Where other files changed the digest is written, else nothing is."""
    stored = writing.write_document(project, "api", "shop", ReadOptions()).path
    before = {path.name: path.read_bytes() for path in stored.parent.iterdir()}
    (found,) = writing.stored_documents(project)
    assert writing.refresh_document(project, found, ReadOptions()).action == "unchanged"
    assert before == {path.name: path.read_bytes() for path in stored.parent.iterdir()}
    (project.root / "notes.txt").write_text("Something else.\n")
    writing.refresh_document(project, found, ReadOptions())
    after = {path.name: path.read_bytes() for path in stored.parent.iterdir()}
    assert {name for name in after if after[name] != before[name]} <= {found.facts_path.name}
