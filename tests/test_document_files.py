"""Documents are found by folder and file name, and read as what anybody may have put there."""

from datetime import date

import pytest

from footnotary.documents.regions import checksum_of
from footnotary.errors import DocumentError, UsageError
from footnotary.project import Project
from footnotary.writing.documents_on_disk import (
    StoredDocument,
    last_document,
    located,
    read_document,
    stored_at,
    stored_documents,
    strays,
    within,
)
from footnotary.writing.drafts import archived, relinked

OURS = "---\nkind: research\ngenerator: footnotary 0.1.0\n---\n\n# Words\n"


@pytest.fixture
def project(tmp_path):
    """An empty project."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    return Project(tmp_path)


def put(project, *names, words=OURS):
    """Write files below the documents."""
    for name in names:
        path = project.root / ".claude" / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
    return path


def names(found):
    """The names of files, in order."""
    return [getattr(each, "path", each).name for each in found]


def test_a_document_is_one_by_its_folder_prefix_name_and_date(project):
    """By kind, name and date; whatever else lies there is none."""
    put(
        project,
        "current/research/RESEARCH-b-2026-11-23.md",
        "current/research/RESEARCH-a-b-2-2026-11-23.md",
        "current/api-specs/API-shop-2026-11-23.md",
        "current/research/API-shop-2026-11-23.md",
        "current/research/RESEARCH-a-2026-13-01.md",
        "current/research/RESEARCH-a-2026-11-23.txt",
        "current/research/RESEARCH-A-2026-11-23.md",
        "current/research/deep/RESEARCH-a-2026-11-23.md",
        "current/RESEARCH-a-2026-11-23.md",
        "archive/research/RESEARCH-a-2026-11-01.md",
    )
    (project.current / "research" / "RESEARCH-d-2026-11-23.md").mkdir()
    assert names(stored_documents(project)) == [
        "API-shop-2026-11-23.md", "RESEARCH-a-b-2-2026-11-23.md", "RESEARCH-b-2026-11-23.md",
    ]  # fmt: skip
    (old,) = stored_documents(project, archived=True)
    assert (old.kind_name, old.name, old.date) == ("research", "a", date(2026, 11, 1))
    assert (old.archived, old.stem) == (True, "RESEARCH-a-2026-11-01")
    assert stored_at(project, old.path) == old
    assert stored_at(project, project.current / "RESEARCH-a-2026-11-23.md") is None


def test_the_last_document_is_the_newest_of_its_kind_and_name(project):
    """Dates count, not the order of files; another name or kind is another document."""
    for day in ("2026-11-09", "2026-11-23", "2026-11-11"):
        put(project, f"current/research/RESEARCH-a-{day}.md")
    put(
        project,
        "current/research/RESEARCH-b-2026-12-01.md",
        "current/api-specs/API-a-2026-12-01.md",
    )
    assert last_document(project, "research", "a").date == date(2026, 11, 23)
    assert last_document(project, "research", "c") is None


def test_documents_that_were_renamed_or_moved_by_hand_are_found(project):
    """Those that footnotary has generated: what others keep there is theirs."""
    put(
        project,
        "current/research/renamed.md",
        "current/research/RESEARCH-a-2026-11-23.md",
        "current/API-shop-2026-11-23.md",
        "current/deep/er/moved.md",
        "archive/research/renamed.md",
    )
    put(project, "current/mark.md", words="\ufeff" + OURS)
    put(project, "current/registry.md", words="# Kept by somebody else\n\ngenerator: footnotary\n")
    put(project, "current/other.md", words="---\ngenerator: another 1.0\n---\n")
    put(project, "current/far.md", words=f"---\n{'x: y' * 2_000}\ngenerator: footnotary 1\n---\n")
    (project.current / "link.md").symlink_to(project.current / "research" / "renamed.md")
    (project.current / "folder.md").mkdir()
    assert sorted(names(strays(project))) == [
        "API-shop-2026-11-23.md", "mark.md", "moved.md", "renamed.md",
    ]  # fmt: skip


def test_a_document_is_named_by_path_file_name_or_stem(project, monkeypatch):
    """A path may be relative to the current folder or to the project; what is not there is said."""
    path = put(project, "current/research/RESEARCH-a-2026-11-23.md")
    (project.root / "docs").mkdir()
    page = project.root / "docs" / "page.md"
    page.write_text("x")
    monkeypatch.chdir(project.root / "docs")
    for words in ("page.md", "docs/page.md", str(page)):
        assert located(project, words) == page
    for words in ("RESEARCH-a-2026-11-23", "RESEARCH-a-2026-11-23.md", path):
        assert located(project, words) == path
    with pytest.raises(UsageError, match="no document 'nope'"):
        located(project, "nope")
    outside = project.root.parent / "outside.md"
    outside.write_text("x")
    with pytest.raises(UsageError, match="outside of the project"):
        located(project, outside)


def test_what_does_not_read_is_named_with_its_line(project):
    """Missing, a link, not UTF-8; line ends and a byte order mark come through."""
    path = put(project, "current/x.md", words="\ufeffone\r\ntwo\r")
    assert read_document(path) == "\ufeffone\r\ntwo\r"
    path.write_bytes(b"one\ntwo\n\xff")
    with pytest.raises(DocumentError, match=r"x\.md, line 3: not UTF-8"):
        read_document(path)
    with pytest.raises(DocumentError, match=r"gone\.md cannot be read: No such file"):
        read_document(path.with_name("gone.md"))
    link = path.with_name("link.md")
    link.symlink_to(path)
    with pytest.raises(DocumentError, match="symbolic link"):
        read_document(link)
    assert within(project, link) == path
    assert within(project, path) == path
    link.unlink()
    link.symlink_to("/etc/hostname")
    assert within(project, link) == link


def stored(path, kind, day):
    """A document of the shop."""
    return StoredDocument(path, kind, "shop", date.fromisoformat(day))


def region(content, name="x"):
    """A region that nobody has edited."""
    end = f"<!-- footnotary:end {name} sha256={checksum_of(content)} -->"
    return f"<!-- footnotary:begin {name} -->\n{content}\n{end}\n"


LINK = "[orders](../api-specs/API-shop-2026-11-01.md#orders)"
MOVED = "[orders](../api-specs/API-shop-2026-12-01.md#orders)"


def test_links_to_a_superseded_document_lead_to_its_successor(project):
    """In the regions and pages of the other document that speaks of it; prose stays."""
    old = put(project, "current/api-specs/API-shop-2026-11-01.md")
    text = f"{LINK} of the author\n\n{region(LINK)}"
    schema = put(project, "current/database-schemas/SCHEMA-shop-2026-11-20.md", words=text)
    page = put(project, "current/database-schemas/SCHEMA-shop-2026-11-20.big.md")
    page.write_text(f"{LINK} of the author\n\n{region(LINK, 'page')}")
    others = (
        "current/database-schemas/SCHEMA-other-2026-11-20.md",
        "current/deployment/DEPLOY-shop-2026-11-20.md",
        "current/api-specs/API-shop-2026-11-02.md",
        "current/database-schemas/SCHEMA-shop-2026-11-19.md",
    )
    put(project, *others, words=text)
    put(project, others[-1], words="<!-- footnotary:begin x -->\n" + LINK)  # broken
    new = old.with_name("API-shop-2026-12-01.md")
    changes = {
        new: b'<a id="orders"></a>\n',
        new.with_suffix(".facts.json"): b"\xff",
        old: None,
    }
    found = relinked(project, stored(old, "api", "2026-11-01"), changes)
    assert found == {
        schema: f"{LINK} of the author\n\n{region(MOVED)}".encode(),
        page: f"{LINK} of the author\n\n{region(MOVED, 'page')}".encode(),
    }
    assert relinked(project, stored(old, "deploy", "2026-11-01"), changes) == {}


def test_a_document_goes_to_the_archive_with_what_lies_beside_it(project):
    """Its front matter names its successor; what a link shows is not taken along."""
    path = put(project, "current/research/RESEARCH-shop-2026-11-01.md", words=OURS)
    stem = path.with_suffix("")
    stem.with_suffix(".facts.json").write_bytes(b"{}")
    stem.with_suffix(".big.md").write_bytes(b"page")
    stem.with_suffix(".link").symlink_to("/etc/hostname")
    path.with_name("RESEARCH-shop-2026-11-012.md").write_bytes(b"another")
    changes = archived(project, stored(path, "research", "2026-11-01"), "RESEARCH-shop-2026-12-01")
    folder = project.archive / "research"
    text = changes[folder / path.name].decode()
    assert "status: superseded\nsuperseded_by: RESEARCH-shop-2026-12-01\n" in text
    assert text.endswith("---\n\n# Words\n")
    beside = {f"{path.stem}.facts.json": b"{}", f"{path.stem}.big.md": b"page"}
    moved = {folder / name: content for name, content in beside.items()}
    gone = dict.fromkeys([path, *(path.with_name(name) for name in beside)])
    assert changes == {folder / path.name: text.encode()} | moved | gone
