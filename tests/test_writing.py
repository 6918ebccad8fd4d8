"""Documents on disk: written from the code, superseded whole, their prose never lost."""

import gc
import json
import subprocess
import threading

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.documents import front_matter
from footnotary.errors import DocumentError, UsageError
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.documents_on_disk import last_document, read_document
from footnotary.writing.reading import collector_paused
from footnotary.writing.recounting import read_history
from footnotary.writing.transaction import writing as locked
from test_markers import citation

OPTIONS = ReadOptions()


@pytest.fixture
def project(tmp_path, today):
    """A project with one compose file and one citation."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "docker-compose.yml").write_text(
        "services:\n  db:\n    image: postgres:16\n    ports: ['127.0.0.1:5432:5432']\n"
    )
    RecordStore(tmp_path / "citations").new(citation("a-111111", search_terms=("pools",)))
    return Project(tmp_path)


def test_a_new_document_has_front_matter_regions_and_closing_blocks(project):
    """Everything of the contract is there, and the facts lie beside it."""
    written = writing.write_document(project, "deploy", "shop", OPTIONS)
    text = read_document(written.path)
    matter = front_matter.read_front_matter(text)
    assert written.path.name == "DEPLOY-shop-2026-11-23.md"
    assert (matter.kind, matter.project, matter.status) == ("deploy", "shop", "current")
    assert "# Deploy" in text
    assert "**Sources and Citations:**" in text
    assert "**Research Context:**" in text
    facts = json.loads(written.path.with_suffix(".facts.json").read_text())
    assert facts["summary"]["services"] == 1


def test_the_same_day_refreshes_in_place(project):
    """A second `new` on one day changes nothing when the code has not changed."""
    first = writing.write_document(project, "deploy", "shop", OPTIONS)
    before = first.path.read_bytes()
    assert writing.write_document(project, "deploy", "shop", OPTIONS).action == "unchanged"
    assert first.path.read_bytes() == before


def test_a_document_whose_record_cannot_be_read_is_left_as_it_is(project):
    """Numbered without it, the document would lose what it says of that source."""
    written = writing.write_document(project, "deploy", "shop", OPTIONS)
    page = project.root / "page.md"
    for path in (written.path, page):
        text = path.read_text() if path.exists() else "# Page\n"
        path.write_text(
            text.replace("\n# ", "\n\nIt is so.^[a-111111]\n\n# ", 1) + "\nSo.^[a-111111]\n"
        )
        writing.sync_documents(project, [path])
    before = {path: path.read_bytes() for path in (written.path, page)}
    record = project.citations / "a-111111.yaml"
    record.write_text(f"<<<<<<< ours\n{record.read_text()}=======\n>>>>>>> theirs\n")
    for change in (
        lambda: writing.sync_documents(project, [page]),
        lambda: writing.sync_documents(project, [page], write=False),
        lambda: writing.refresh_document(
            project, last_document(project, "deploy", "shop"), OPTIONS
        ),
    ):
        with pytest.raises(DocumentError, match="a-111111, whose record cannot be read"):
            change()
    assert {path: path.read_bytes() for path in before} == before
    other = project.root / "other.md"
    other.write_text("# Other\n")
    assert writing.sync_documents(project, [other]) == {other: False}


def test_a_later_day_supersedes_and_carries_the_prose_over(project, monkeypatch):
    """Old and new name each other, the old one lies in the archive, prose is in the new one."""
    first = writing.write_document(project, "deploy", "shop", OPTIONS)
    first.path.write_text(
        first.path.read_text().replace("---\n\n**Sources", "My words.\n\n---\n\n**Sources")
    )
    (project.root / "docker-compose.yml").write_text("services:\n  cache:\n    image: redis:7\n")
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    second = writing.write_document(project, "deploy", "shop", OPTIONS)
    text = read_document(second.path)
    assert "My words." in text
    assert "redis:7" in text
    assert front_matter.read_front_matter(text).supersedes == "DEPLOY-shop-2026-11-23"
    assert not first.path.exists()
    old = front_matter.read_front_matter(read_document(second.superseded))
    assert (old.status, old.superseded_by) == ("superseded", "DEPLOY-shop-2026-12-01")
    assert second.superseded.with_suffix(".facts.json").exists()


def test_a_region_edited_by_hand_stops_everything(project, monkeypatch):
    """The command leaves with 1 and shows the diff; no file is written or moved."""
    first = writing.write_document(project, "deploy", "shop", OPTIONS)
    first.path.write_text(first.path.read_text().replace("postgres:16", "postgres:99"))
    (project.root / "docker-compose.yml").write_text("services:\n  db:\n    image: redis:7\n")
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    assert exit_code("doc", ["new", "deploy", "--root", str(project.root)]) == 1
    assert [path.name for path in first.path.parent.glob("*.md")] == [first.path.name]
    assert exit_code("doc", ["new", "deploy", "--force", "--root", str(project.root)]) == 0


@pytest.mark.parametrize("name", ["../up", "a/b", "UP"])
def test_a_name_that_could_leave_the_folder_is_refused(project, name):
    """Only a-z, 0-9 and hyphens make a file name."""
    with pytest.raises(UsageError):
        writing.write_document(project, "research", name, OPTIONS)


def test_an_author_s_front_matter_is_kept(project):
    """Fields and comments that are not ours survive a refresh."""
    first = writing.write_document(project, "deploy", "shop", OPTIONS)
    text = first.path.read_text().replace(
        "kind: deploy\n", "kind: deploy\ntags:\n  - mine\n# why\n"
    )
    first.path.write_text(text)
    (project.root / "docker-compose.yml").write_text("services:\n  db:\n    image: redis:7\n")
    writing.refresh_document(project, last_document(project, "deploy", "shop"), OPTIONS)
    assert "tags:\n  - mine\n# why\n" in first.path.read_text()


def test_a_claim_goes_under_findings_with_its_marker(project):
    """`cite --to` adds a list item, and the Sources block follows."""
    note = writing.write_document(project, "research", "pools", OPTIONS).path
    writing.cite_into(project, note, "a-111111", "Five connections do.")
    writing.cite_into(project, note, "a-111111", "Six do not.")
    text = read_document(note)
    assert "- Five connections do.^[1]\n- Six do not.^[1]\n\n## Sources" in text
    assert '- Search Terms Used: "pools"' in text


def test_a_claim_that_stands_there_gets_the_marker_alone(project):
    """The author's sentence is cited where it is, even over a line end."""
    page = project.root / "page.md"
    page.write_text("Intro. Five connections\ndo. More.\n")
    writing.cite_into(project, page, "a-111111", "Five connections do.")
    assert page.read_text().startswith("Intro. Five connections\ndo.^[1] More.\n\n---\n")


def test_sync_names_file_and_line_and_writes_nothing_then(project):
    """One broken document stops the run before any is written."""
    good = project.root / "good.md"
    good.write_text("A^[a-111111]\n")
    bad = project.root / "bad.md"
    bad.write_text("A^[1]\n\n**Sources and Citations:**\n\n[1] a\n\n[1] b\n")
    with pytest.raises(DocumentError, match=r"bad\.md, line 7"):
        writing.sync_documents(project, [good, bad])
    assert good.read_text() == "A^[a-111111]\n"


def test_a_killed_write_is_finished_by_the_next(project):
    """With the journal on disk, whoever writes next does what it says."""
    note = writing.write_document(project, "research", "pools", OPTIONS).path
    folder = project.root / ".footnotary"
    (folder / "staged").mkdir(exist_ok=True)
    (folder / "staged" / "0").write_bytes(b"whole")
    new = note.with_name("RESEARCH-new-2026-11-23.md")
    steps = [(new, "0"), (note, None)]
    (folder / "journal.json").write_text(
        json.dumps(
            [
                {"path": path.relative_to(project.root).as_posix(), "from": staged}
                for path, staged in steps
            ]
        )
    )
    writing.sync_documents(project, [])
    assert new.read_bytes() == b"whole"
    assert not note.exists()
    assert not (folder / "journal.json").exists()


def test_whoever_writes_waits_for_the_other(project):
    """One at a time, whoever holds the lock: what two write at once is all there."""
    order = []

    def second():
        with locked(project):
            order.append("second")

    thread = threading.Thread(target=second)
    with locked(project):
        thread.start()
        thread.join(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    page = project.root / "page.md"
    page.write_text("# Words\n")

    def cite(author):
        for number in range(4):
            writing.cite_into(project, page, "a-111111", f"{author} says {number}.")

    threads = [threading.Thread(target=cite, args=(author,)) for author in "AB"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [page.read_text().count(f"{a} says {n}.^[1]") for a in "AB" for n in range(4)] == [1] * 8


def test_the_folders_are_those_of_the_kinds():
    """The light table of folders and the kinds themselves agree."""
    from footnotary.documents.kinds import FOLDERS
    from footnotary.documents.registry import KINDS

    assert [(f.name, f.prefix, f.folder) for f in FOLDERS] == [
        (kind.name, kind.prefix, kind.folder) for kind in KINDS
    ]


def test_a_file_in_the_way_is_named_and_leaves_no_promise(tmp_path):
    """Where a folder cannot be made, one sentence says so, and no journal waits to be finished."""
    from footnotary.cli.running import exit_code

    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / ".claude").write_text("")
    assert exit_code("doc", ["new", "research", "pools", "--root", str(tmp_path)]) == 2
    (tmp_path / ".claude").unlink()
    assert exit_code("doc", ["new", "research", "pools", "--root", str(tmp_path)]) == 0


def test_a_document_outside_the_project_is_refused_before_anything_is_recorded(
    tmp_path, monkeypatch, capsys
):
    """A record and its marker belong to one project; neither is written for another's file."""
    project = tmp_path / "in"
    project.mkdir()
    (project / "pyproject.toml").write_text("")
    page = tmp_path / "page.md"
    page.write_text("# Words\n\n" + "The limit is thirteen bananas and no more. " * 10)
    monkeypatch.chdir(project)
    (project / "link.md").symlink_to(page)
    for outside in ("../page.md", "link.md"):
        words = ["https://example.org/", "--file", "../page.md", "--claim", "A claim."]
        words += ["--quote", "The limit is thirteen bananas", "--to", outside]
        assert exit_code("cite", words) == 2
        assert "outside of the project" in capsys.readouterr().err
    assert not (project / "citations").exists()


def compose(root, *names):
    """Write a compose file with some services."""
    services = "".join(f"  {name}:\n    image: {name}:1\n" for name in names)
    (root / "docker-compose.yml").write_text(f"services:\n{services}")


def test_a_new_document_is_an_analysis_of_its_own_day(project, monkeypatch):
    """The Research Context of a new document is dated today, whatever else stayed the same."""
    first = writing.write_document(project, "deploy", "shop", OPTIONS)
    assert "- Analysis Date: 2026-11-23" in read_document(first.path)
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    second = writing.write_document(project, "deploy", "shop", OPTIONS)
    assert "- Analysis Date: 2026-12-01" in read_document(second.path)
    assert "2026-11-23" not in read_document(second.path).partition("**Research Context:**")[2]
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-05")
    found = last_document(project, "deploy", "shop")
    assert writing.refresh_document(project, found, OPTIONS).action == "unchanged"


@pytest.mark.slow
def test_a_refresh_tells_what_changed_in_the_documents_own_log(project, monkeypatch):
    """Newest last, each with its day; a refresh that finds nothing adds nothing."""
    compose(project.root, "db")
    path = writing.write_document(project, "deploy", "shop", OPTIONS).path
    assert "Changes since this document was written" not in read_document(path)
    for day, names in (("24", ("db", "cache")), ("25", ("db", "cache")), ("26", ("db", "mail"))):
        compose(project.root, *names)
        monkeypatch.setenv("FOOTNOTARY_NOW", f"2026-11-{day}")
        writing.refresh_document(project, last_document(project, "deploy", "shop"), OPTIONS)
    log = read_document(path).partition("## Changes since this document was written")[2]
    log = log.partition("<!-- footnotary:end log")[0]
    assert log.index("**2026-11-24**") < log.index("`cache`") < log.index("**2026-11-26**")
    assert "**2026-11-25**" not in log
    assert log.index("**2026-11-26**") < log.index("`mail`")


def test_a_new_document_is_compared_with_the_facts_of_the_last_ones_date(project, monkeypatch):
    """What a refresh took over is a change since that date, and is in the history."""
    compose(project.root, "db")
    writing.write_document(project, "deploy", "shop", OPTIONS)
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-24")
    compose(project.root, "db", "cache")
    writing.refresh_document(project, last_document(project, "deploy", "shop"), OPTIONS)
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    new = writing.write_document(project, "deploy", "shop", OPTIONS)
    text = read_document(new.path)
    assert "## Changes since 2026-11-23" in text
    assert "service `cache` of stack `docker-compose.yml` is new" in text
    assert "Changes since this document was written" not in text
    beside = {path.name for path in new.superseded.parent.iterdir()}
    assert {
        "DEPLOY-shop-2026-11-23.changes.json",
        "DEPLOY-shop-2026-11-23.dated.facts.json",
    } < beside
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-02")
    writing.refresh_document(project, last_document(project, "deploy", "shop"), OPTIONS)
    assert "service `cache` of stack `docker-compose.yml` is new" in read_document(new.path)


def test_refreshes_of_one_day_and_commit_are_one_entry(project):
    """What is written again and again while one works is told once."""
    path = writing.write_document(project, "deploy", "shop", OPTIONS).path
    for names in (("db", "cache"), ("db", "cache", "mail")):
        compose(project.root, *names)
        writing.refresh_document(project, last_document(project, "deploy", "shop"), OPTIONS)
    assert read_document(path).count("**2026-11-23**") == 1
    assert "`mail`" in read_document(path)


@pytest.mark.parametrize(
    "text", ["", "{", '{"schema_version": 2}', '{"refreshes": [{"day": 3.5}]}']
)
def test_a_log_that_does_not_read_begins_anew(project, text):
    """A broken log is no reason to fail; what it said is in git."""
    path = writing.write_document(project, "deploy", "shop", OPTIONS).path
    path.with_name(f"{path.stem}.changes.json").write_text(text)
    compose(project.root, "cache")
    assert writing.refresh_document(project, last_document(project, "deploy", "shop"), OPTIONS)
    assert "`cache`" in read_document(path)


def test_every_name_of_the_package_is_where_it_says():
    """Each is loaded when it is first used; another one is an error like any."""
    for name in writing.__all__:
        assert getattr(writing, name).__module__.startswith("footnotary.writing.")
    with pytest.raises(AttributeError, match="nothing"):
        _ = writing.nothing


@pytest.mark.slow
def test_a_refresh_after_a_commit_writes_nothing(project):
    """A commit of the documents alone makes no other document."""

    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *words], cwd=project.root, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    path = writing.write_document(project, "deploy", "shop", OPTIONS).path
    git("add", ".")
    git("commit", "-qm", "two")
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    (stored,) = writing.stored_documents(project)
    assert writing.refresh_document(project, stored, OPTIONS).action == "unchanged"
    assert writing.write_document(project, "deploy", "shop", OPTIONS).action == "unchanged"
    assert before == {each.name: each.read_bytes() for each in path.parent.iterdir()}


def test_a_refreshed_research_note_loses_nothing(project):
    """It is about no code: no facts of its date are missed, and it gets no change log."""
    note = writing.write_document(project, "research", "pools", OPTIONS)
    stored = last_document(project, "research", "pools")
    before = read_document(note.path)
    assert writing.refresh_document(project, stored, OPTIONS, force=True).notes == ()
    assert read_document(note.path) == before
    assert not read_history(stored).refreshed
    assert not stored.log_path.exists()


def test_the_collector_rests_while_facts_are_read():
    """It is off inside, and afterwards as it was: on, or off by the caller's choice."""
    was_enabled = gc.isenabled()
    try:
        for choose, state in ((gc.enable, True), (gc.disable, False)):
            choose()
            with collector_paused():
                assert not gc.isenabled()
            assert gc.isenabled() is state
    finally:
        (gc.enable if was_enabled else gc.disable)()
