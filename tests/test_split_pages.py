"""Pages of a split document: our region is ours, every other word and file is somebody else's."""

from datetime import date

import pytest

from footnotary import writing
from footnotary.documents.regions import RegionEdited
from footnotary.errors import DocumentError
from footnotary.facts.options import ReadOptions
from footnotary.gating import GateOptions, check_project
from footnotary.project import Project
from footnotary.writing.documents_on_disk import StoredDocument
from footnotary.writing.drafts import SplitPages, is_page

STEM = "IMPL-shop-2026-11-23"
OLD = f"# shop: a to b\n\n[← shop]({STEM}.md)\n\n## Modules\n\n- a\n"
NEW = OLD.replace("- a\n", "- a\n- c\n")


@pytest.fixture
def folder(tmp_path):
    """A folder with a document."""
    (tmp_path / f"{STEM}.md").write_text("# Implementation\n")
    return tmp_path


def pages(folder, said, *, last=STEM, force=False, earlier=None):
    """What is written for a document whose one page says something."""
    stored = StoredDocument(folder / f"{last}.md", "impl", "shop", date(2026, 11, 23))
    known = {".modules.md": (earlier or "").encode()}
    wanted = {".modules.md": said.encode()} if said else {}
    path = folder / f"{STEM}.md"
    changes = SplitPages(path, stored if last else None, wanted, lambda: known, force).changes()
    return {path.name: text and text.decode() for path, text in changes.items()}


def page(folder, said, **options):
    """The one page that is written."""
    return pages(folder, said, **options)[f"{STEM}.modules.md"]


def test_a_page_is_known_by_its_link_back_with_a_byte_order_mark_too(folder):
    """Some editors write one; a page of another document, or without a heading, is none of ours."""
    path = folder / f"{STEM}.modules.md"
    for text, is_ours in {
        OLD: True,
        f"\ufeff{OLD}": True,
        OLD.replace(STEM, "IMPL-other"): False,
        OLD.removeprefix("# "): False,
    }.items():
        path.write_text(text, encoding="utf-8")
        assert is_page(path, STEM) is is_ours, text


def test_what_an_author_writes_around_the_region_of_a_page_stays(folder):
    """In whatever line ends, above and below; the region alone follows the code."""
    path = folder / f"{STEM}.modules.md"
    for end in ("\n", "\r\n"):
        text = f"My words.\n\n{page(folder, OLD)}\nMore  of\tthem.\n".replace("\n", end)
        path.write_bytes(text.encode())
        after = page(folder, NEW)
        assert after == text.replace("- a", f"- a{end}- c").replace(
            text.split("sha256=")[1][:64], after.split("sha256=")[1][:64]
        )
        assert page(folder, OLD) == text
        path.unlink()
    assert page(folder, OLD).startswith("<!-- footnotary:begin page -->\n\n# shop")


def test_a_page_that_was_edited_by_hand_is_not_overwritten(folder):
    """The refusal names the page and shows what would change; --force overwrites."""
    path = folder / f"{STEM}.modules.md"
    path.write_text(page(folder, OLD).replace("- a", "- a, mine"))
    with pytest.raises(RegionEdited, match=r"modules\.md: edited by hand: page \(line 1\)") as told:
        page(folder, NEW)
    assert "-- a, mine" in told.value.diff
    assert "mine" not in page(folder, NEW, force=True)
    with pytest.raises(RegionEdited, match=r"modules\.md: the document no longer has this page"):
        pages(folder, "")
    assert pages(folder, "", force=True) == {path.name: None}


def test_a_page_of_an_earlier_version_is_replaced_if_nobody_wrote_into_it(folder):
    """It has no region: whether it was edited is known only where it says what it would say."""
    path = folder / f"{STEM}.modules.md"
    path.write_text(OLD)
    assert "- c" in page(folder, NEW, earlier=OLD)
    assert pages(folder, "", earlier=OLD) == {path.name: None}
    for said in ("", NEW):
        with pytest.raises(RegionEdited, match=r"modules\.md: the page has no region markers"):
            pages(folder, said, earlier=OLD.replace("- a", "- z"))
        pages(folder, said, force=True)


def test_somebody_elses_file_in_the_place_of_a_page_is_left_alone(folder):
    """Text, another encoding, a folder, a link: one sentence; --force does not help."""
    path = folder / f"{STEM}.modules.md"
    target = folder / "elsewhere.md"
    target.write_text(OLD)

    def put_link():
        path.symlink_to(target)

    def put_dead_link():
        path.symlink_to(folder / "nowhere.md")

    for put in (
        lambda: path.write_text("# My notes\n\nAll mine.\n"),
        lambda: path.write_bytes(b"\xff\xfe\x00"),
        lambda: path.write_text(""),
        path.mkdir,
        put_link,
        put_dead_link,
    ):
        put()
        for force in (False, True):
            with pytest.raises(DocumentError, match=r"modules\.md: this file is in the place of"):
                page(folder, NEW, force=force)
            assert pages(folder, "", force=force) == {}
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    assert target.read_text() == OLD


def test_a_page_with_broken_markers_is_an_error_with_its_line(folder):
    """As in a document: nothing is guessed at."""
    path = folder / f"{STEM}.modules.md"
    path.write_text(page(folder, OLD).partition("<!-- footnotary:end")[0])
    with pytest.raises(DocumentError, match=r"modules\.md: line 1: the region page has no end"):
        page(folder, NEW)


def test_the_author_s_words_go_with_the_document_to_its_next_day(folder):
    """The page of the same name is carried over; a page that is gone keeps its words."""
    last = "IMPL-shop-2026-11-01"
    (folder / f"{last}.modules.md").write_text(f"{page(folder, OLD)}\nMy words.\n")
    assert page(folder, NEW, last=last).endswith(" -->\n\nMy words.\n")
    path = folder / f"{STEM}.modules.md"
    path.write_text(f"{page(folder, OLD, last='')}\nMy words.\n")
    assert pages(folder, "") == {path.name: "My words.\n"}


@pytest.mark.slow
def test_pages_follow_the_document_and_the_gate_reads_them(tmp_path, monkeypatch, today):
    """Split, whole again, on the next day: what is stale, edited or missing is a finding."""
    monkeypatch.setattr("footnotary.documents.impl.MAX_WEIGHT", 6)
    monkeypatch.setattr("footnotary.documents.impl.MAX_PAGE", 4)
    root = tmp_path / "shop"
    for name in ("__init__", "one", "two", "three"):
        path = root / "src" / "shop" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'"""The {name}."""\n\n\ndef f{name.strip("_")}(a: int) -> int:\n    """F."""\n'
        )
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    project = Project(root)
    options = GateOptions(code=False)

    def found():
        return [
            (one.code, one.path.rpartition("/")[2], one.message)
            for one in check_project(project, options).weighty
        ]

    written = writing.write_document(project, "impl", "shop", ReadOptions())
    (stored,) = writing.stored_documents(project)
    first, *others = sorted(written.path.parent.glob("*.modules*.md"))
    assert others
    assert found() == []
    text = first.read_text()
    first.write_text(text.replace("# shop", "# My shop"))
    assert found() == [("DOC005", first.name, "the region page was edited by hand.")]
    first.write_text(f"{text}\nMy words, [to nowhere](nowhere.md).\n")
    assert [code for code, _, _ in found()] == ["DOC007"]
    first.write_text(f"{text}\nMy words.\n")
    stray = first.with_name(f"{STEM}.notes.md")
    stray.write_text("# Notes\n")
    others[0].unlink()
    assert [each[:2] for each in found()] == [("DOC001", others[0].name)]
    assert writing.refresh_document(project, stored, ReadOptions()).action == "updated"
    assert found() == []
    monkeypatch.setattr("footnotary.documents.impl.MAX_WEIGHT", 600)
    whole = writing.write_document(Project(tmp_path / "shop"), "impl", "shop", ReadOptions())
    assert not others[0].exists()
    assert first.read_text() == "My words.\n"
    assert stray.read_text() == "# Notes\n"
    others[0].write_text(text.replace("modules.md", "modules-1.md"))
    assert whole.path == written.path
    assert [each[:2] for each in found()] == [("DOC001", others[0].name)]
    writing.refresh_document(project, stored, ReadOptions())
    assert found() == []
