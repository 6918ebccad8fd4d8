"""`doc export`: a document as other programs read it."""

import json

import pytest

from footnotary.cli.running import exit_code
from footnotary.errors import DocumentError
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.exporting import export_document
from test_records import citation

FIRST = citation(
    title="Sizing *a* pool", authors=("Jane Doe",), exact="keeps 5 | 6 connections open"
)
SECOND = citation(title="Limits", exact="20 connections", final_url="https://docs.example.org/b")
TEXT = f"""---
title: Pools
---

# Pools

<!-- a comment -->
Five are kept.^[{FIRST.key}] Twenty are the limit.^[{SECOND.key}] Five, as said.^[{FIRST.key}]
Both.^[{SECOND.key}]^[{FIRST.key}] Not mine.^[ibid] See 2^10, a~b and @app, or `@code^[1]<br>`.

| a | b |
|---|---|
| one<br/>two | three^[{SECOND.key}] |

<details><summary>More</summary>

```text
^[1] stays <br>
```

</details>
"""


@pytest.fixture
def project(tmp_path, today):
    """A project with two records and a document."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "d.md").write_text(TEXT)
    store = RecordStore(tmp_path / "citations")
    for record in (FIRST, SECOND):
        store.new(record)
    return Project(tmp_path)


def test_markers_become_footnotes_with_what_is_known_of_the_source(project):
    """Numbers are those of the document; the definition has title, author, days, quote, link."""
    notes = export_document(project, project.root / "d.md", "notes")
    assert "Five are kept.[^1] Twenty are the limit.[^2] Five, as said.[^1]" in notes
    assert "Both.[^2] [^1] Not mine.^[ibid]" in notes
    assert "three[^2] |" in notes
    assert "^[1] stays <br>" in notes
    assert "`@code^[1]<br>`" in notes
    assert "Sources and Citations" not in notes
    assert (
        "\n[^1]: Sizing &#42;a&#42; pool. Jane Doe. Example, read 2026-11-23."
        " \u201ckeeps 5 &#124; 6 connections open\u201d"
        " <https://docs.example.org/a#:~:text=keeps%205%20%7C%206%20connections%20open>\n"
    ) in notes
    assert (project.root / "d.md").read_text() == TEXT
    (project.root / "w.md").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert export_document(project, project.root / "w.md", "notes") == notes


def test_what_word_gets_has_no_html_and_the_documents_numbers(project):
    """Pandoc numbers every mark of a note anew, so that of a known source is a number."""
    text = export_document(project, project.root / "d.md", "docx-ready")
    assert text.startswith("# Pools\n\nFive are kept.[^1]")
    assert "limit.[^2] Five, as said.^1^" in text
    assert r"Both.^2^ ^1^ Not mine.^[ibid] See 2\^10, a\~b and \@app, or `@code^[1]<br>`." in text
    assert "| one two | three^2^ |" in text
    assert "**More**\n\n```text\n^[1] stays <br>\n```" in text


def test_what_pandoc_alone_takes_for_markup_stays_words(project):
    """A line of mkdocstrings is no division, an application's decorator no citation."""
    path = project.root / "d.md"
    path.write_text("::: shop.main\n\nSee @app, a~~b~~ and <https://e.org/~x> or `a^b^`.\n")
    assert export_document(project, path, "docx-ready") == (
        "\\::: shop.main\n\nSee \\@app, a~~b~~ and <https://e.org/~x> or `a^b^`.\n"
    )


def test_what_word_gets_begins_with_the_first_words(project):
    """Front matter goes with the blank lines behind it, and nothing of the text with them."""
    path = project.root / "d.md"
    for before in ("", "\n", "---\ntitle: T\n---\n", "---\ntitle: T\n---\n\r\n\n"):
        path.write_bytes(f"{before}XML is read.\n".encode())
        assert export_document(project, path, "docx-ready") == "XML is read.\n", before


def test_a_page_and_the_sources(project, capsys):
    """`html` is one page with footnotes; `csl` the sources in the order of their numbers."""
    page = export_document(project, project.root / "d.md", "html")
    assert page.startswith("<!doctype html>")
    assert "<title>Pools</title>" in page
    assert page.count('<li id="fn:') == 2
    root = ("--root", str(project.root))
    assert exit_code("doc", ["export", "d.md", "--to", "csl", *root]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in listed] == [FIRST.key, SECOND.key]


def test_a_note_of_the_authors_keeps_its_name(project):
    """Where a document has `[^1]` itself, ours are called otherwise."""
    path = project.root / "d.md"
    path.write_text(f"Five.^[{FIRST.key}] Mine.[^1]\n\n[^1]: Mine.\n")
    assert export_document(project, path, "notes").startswith("Five.[^source-1] Mine.[^1]\n")


def test_a_marker_without_a_source_is_named(project):
    """Nothing is written of a document that says what no source is known for."""
    path = project.root / "d.md"
    path.write_text("One.^[7]\n")
    with pytest.raises(DocumentError, match=r"d\.md, line 1: \^\[7\] has no source"):
        export_document(project, path, "notes")


def test_several_documents_need_a_folder_and_none_is_overwritten(project, capsys):
    """`--output` is the file of one document, the folder of several, and never a document."""
    root = ("--root", str(project.root))
    (project.root / "e.md").write_text("Nothing is cited.\n")
    folder = project.root / "out"
    both = ("export", "d.md", "e.md", "--to", "html", *root)
    assert exit_code("doc", [*both]) == 2
    assert exit_code("doc", [*both, "-o", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["d.html", "e.html"]
    again = ("export", "d.md", "--to", "notes", "-o", str(project.root / "d.md"), *root)
    assert exit_code("doc", [*again]) == 2
    assert exit_code("doc", ["export", "d.md", "--to", "pdf", *root]) == 2
    assert "Supported: notes, html, docx-ready, csl" in capsys.readouterr().err
