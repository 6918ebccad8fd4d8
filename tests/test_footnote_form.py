"""A project may write its markers as footnotes, `[^1]`; everything else is the same.

Nothing is lost on the way there and back, and `doc sync` alone goes either way.
"""

import json
import re

import pytest
from markdown import markdown

from footnotary.cli.running import exit_code
from footnotary.markers import closing_of, keys_named, markers_outside, synced, unescaped
from footnotary.markers.structure import FORMS
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.exporting import export_document
from test_exporting import FIRST, SECOND
from test_exporting import TEXT as EXPORTED
from test_formatted import CITATIONS, DOCUMENTS
from test_markers import CITATIONS as MORE
from test_markers import TODAY

OURS, NOTES = FORMS
RECORDS = CITATIONS | MORE
BY_HAND = """\
By hand^[1], and twice^[2].

---

**Sources and Citations:**

[1] Title - https://example.org/x - [Date Accessed: 2025-01-02] - "q"
my remark, which stays

[2] https://example.org/alone
"""
# What is written, and the same text as footnotes.
TEXTS = {
    "One.^[a-111111] Two^[b-222222,a-111111].\n": "One.[^1] Two[^2] [^1].\n",
    "Three^[a-111111]^[b-222222] ^[a-111111].\n": "Three[^1] [^2] [^1].\n",
    "# H^[a-111111]\n\n| a^[b-222222] |\n|---|\n| `^[1]` |\n": (
        "# H[^1]\n\n| a[^2] |\n|---|\n| `^[1]` |\n"
    ),
    "A^[ibid] b^[9] c^[a-111111][b-222222] `[^1]`\n": "A^[ibid] b[^9] c[^1] [^2] `[^1]`\n",
    "^[a-111111]: no definition\n": "[^1]\\: no definition\n",
    "Own[^1], other[^n].^[a-111111]\n\n[^1]: My remark.\n\n[^n]: Mine.\n": (
        "Own[^1], other[^n].[^2]\n\n[^1]: My remark.\n\n[^n]: Mine.\n"
    ),
    "While[^a-111111] it is written[^b-222222], [^0-9] is none.\n": (
        "While[^1] it is written[^2], [^0-9] is none.\n"
    ),
    BY_HAND: "By hand[^1], and twice[^2].\n",
    **dict.fromkeys(DOCUMENTS.values(), ""),
}


def sync(text, form):
    """Synced in one form."""
    return synced(text, RECORDS, TODAY, {}, form=form)


def meaning(text):
    """What the markers of a document are for, in order, and what its entries say."""
    closing = closing_of(text)
    keys = keys_named(markers_outside(text, closing), closing)
    entries = closing.sources.entries if closing.sources else ()
    said = [
        (one.key, one.title, one.url, one.quote, one.note, unescaped(one.written))
        for one in entries
    ]
    return [key for each in keys.values() for key in each], said


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_markers_change_their_form_and_nothing_else(text):
    """Sources, remarks, samples, inline notes and the author's footnotes stay, both ways."""
    ours, notes = sync(text, OURS), sync(text, NOTES)
    assert notes.startswith(TEXTS[text])
    assert sync(ours, NOTES) == notes
    for form, written in ((OURS, ours), (NOTES, notes)):
        assert sync(written, form) == written
        assert meaning(written) == meaning(ours)
    assert meaning(sync(notes, OURS)) == meaning(ours)
    assert sync(sync(notes, OURS), NOTES) == notes
    crlf = notes.replace("\n", "\r\n")
    assert sync(crlf, NOTES) == crlf
    assert sync(crlf, OURS) == sync(notes, OURS).replace("\n", "\r\n")


def test_footnotes_are_markers_where_a_document_has_a_sources_block():
    """Where it has none, a number is the author's business; and so is what is defined."""
    block = "\n\n**Sources and Citations:**\n\n[^1]: T - https://example.org/x\n"
    cases = {
        "A[^1].": [],
        "A[^a-111111].": ["a-111111"],
        "A[^decision:pool].": ["decision:pool"],
        f"A[^1] b[^7].{block}": ["1", "7"],
        f"A[^1] b^[1].{block.replace('[^1]: ', '[1] ')}": ["1"],
        f"A[^1] b[^7].\n\n[^7]: Mine.{block}": ["1"],
        f"A[^1](x) b[^1][words] c\\[^1] [d[^1]](y) !e![^1]{block}": ["1"],
        f"A.\n\n[^1]: words{block}": [],
    }
    for text, labels in cases.items():
        found = markers_outside(text, closing_of(text))
        assert [label for marker in found for label in marker.labels] == labels, text


def test_a_number_of_the_author_s_never_gets_a_source():
    """A footnote without a note stays; its number is left out where ours are footnotes too."""
    text = "Mine[^1], without a note, and^[a-111111].\n"
    ours = sync(text, OURS)
    assert ours.startswith("Mine[^1], without a note, and^[1].")
    assert sync(ours, OURS) == ours
    assert sync(ours, NOTES).startswith("Mine[^1], without a note, and[^2].")


@pytest.fixture
def project(tmp_path, today):
    """Return a project with two records and a document, in a form that a test chooses."""

    def made(form, text=EXPORTED):
        (tmp_path / "pyproject.toml").write_text(
            f'[project]\nname = "shop"\n[tool.footnotary]\nmarker = "{form}"\npages = ["*.md"]\n'
        )
        (tmp_path / "d.md").write_text(text)
        store = RecordStore(tmp_path / "citations")
        for record in (FIRST, SECOND):
            if not (store.folder / f"{record.key}.yaml").exists():
                store.new(record)
        return tmp_path

    return made


def run(root, *words):
    """Run a command in a project."""
    return exit_code("footnotary", [*words, "--root", str(root)])


def test_one_command_goes_either_way(project, capsys):
    """`doc sync` writes the form of the setting; `doc check` asks for it."""
    root = project(OURS)
    path = root / "d.md"
    assert run(root, "doc", "sync", str(path)) == 0
    ours = path.read_text()
    project(NOTES, ours)
    capsys.readouterr()
    assert run(root, "doc", "check", "--select", "CIT003") == 1
    assert "doc sync" in capsys.readouterr().out
    assert run(root, "doc", "sync", str(path)) == 0
    notes = path.read_text()
    assert "Five are kept.[^1] Twenty" in notes
    assert "^[1] stays <br>" in notes
    assert f"\n[^1]: {FIRST.title.replace('*', '&#42;')} - {FIRST.final_url} - " in notes
    assert run(root, "doc", "check", "--select", "CIT003") == 0
    project(OURS, notes)
    assert run(root, "doc", "sync", str(path)) == 0
    assert path.read_text() == ours.replace("^[2]^[1]", "^[2,1]")


@pytest.mark.slow
def test_the_gate_finds_the_same_in_both_forms(project, capsys):
    """Rule, line and column; a message shows a marker as it is written."""
    found = {}
    text = EXPORTED.replace("Twenty are", "Ninety are") + "\nNo source.^[99] Gone^[x-y-123456].\n"
    for form in FORMS:
        root = project(form, text)
        assert run(root, "doc", "sync", str(root / "d.md")) == 0
        capsys.readouterr()
        assert run(root, "doc", "check", "--json") == 1
        rows = json.loads(capsys.readouterr().out)["findings"]
        found[form] = [(one["code"], one["line"]) for one in rows]
        shown = " ".join(one["message"] for one in rows)
        assert form.replace("1", "99") in shown
        assert form.replace("1", "x-y-123456") in shown
    assert found[OURS] == found[NOTES]
    assert {"CIT001"} < {code for code, _ in found[OURS]}


def test_exports_are_the_same_in_both_forms(project):
    """What other programs get does not depend on how a project writes its markers."""
    exported = {}
    for form in FORMS:
        root = project(form)
        run(root, "doc", "sync", str(root / "d.md"))
        of = Project(root, marker=form)
        exported[form] = [
            re.sub(" {2,}", " ", export_document(of, root / "d.md", kind))
            for kind in ("notes", "html", "docx-ready", "csl")
        ]
    assert exported[OURS] == exported[NOTES]


@pytest.mark.parametrize("others", [(), ("footnotes",)])
def test_the_site_shows_the_same_in_both_forms(project, others):
    """Each marker leads to its source; the author's own footnotes stay theirs."""
    text = EXPORTED.partition("---\n\n")[2] + "\nMine[^mine].\n\n[^mine]: A remark.\n"
    pages = []
    for form in FORMS:
        root = project(form, text)
        run(root, "doc", "sync", str(root / "d.md"))
        own = {"footnotary.markdown_extension": {"citations": str(root / "citations")}}
        written = (root / "d.md").read_text()
        html = markdown(written, extensions=[*own, *others, "tables"], extension_configs=own)
        assert html.count('class="footnote-ref fn-ref"') == 6
        assert html.count('<li id="fn:') >= 2
        assert ("A remark" in html.partition('id="fn:mine"')[2]) == bool(others)
        section = html.partition("<section")[2].partition("</section>")[0]
        pages.append(" ".join(section.split()))
    assert pages[0] == pages[1]


def test_what_mdformat_makes_of_markers_is_read():
    """It escapes brackets in front of a colon, and its plugin moves definitions to the end."""
    ours = sync("A^[a-111111]: more. B^[b-222222].\n", OURS)
    escaped = ours.replace("^[1]:", "^\\[1\\]:")
    assert escaped != ours
    assert sync(escaped, OURS) == escaped
    assert meaning(escaped)[0] == ["a-111111", "b-222222"]
    own = {"footnotary.markdown_extension": {"citations": "none"}}
    shown = [markdown(text, extensions=[*own], extension_configs=own) for text in (ours, escaped)]
    assert shown[0] == shown[1]
    assert 'href="#fn:1"' in shown[0]
    notes = sync(ours, NOTES)
    assert meaning(sync(notes.replace("\n[^2]:", "\n\\[^2\\]:"), OURS)) == meaning(ours)
    head, *entries = re.split(r"\n\n(?=\[\^\d\]:)", notes.partition("\n\n**Research")[0])
    context = notes[notes.index("\n\n**Research") :].rstrip()
    moved = "\n\n".join([head + context, *(one.replace(" - ", "\n    - ", 1) for one in entries)])
    assert [key for key, *_ in meaning(moved)[1]] == ["a-111111", "b-222222"]
    assert sync(moved + "\n", NOTES).replace("\n- http", " - http") == notes
    page = markdown(moved, extensions=[*own, "footnotes"], extension_configs=own)
    assert page.count('<li id="fn:') == page.count("<li id=") == 2


def test_further_paragraphs_of_a_definition_stay_in_it():
    """What is indented below a note of the block is the note's, there and back."""
    notes = "[^1]: Mine.\n\n    More of it.\n\n    - and a list\n\n[^2]: Another.\n\n    Its last."
    text = f"A[^a-111111] b[^1] c[^2].\n\n**Sources and Citations:**\n\n{notes}\n"
    once = sync(text, NOTES)
    assert "[^2]: Mine.\n\n    More of it.\n\n    - and a list\n\n[^3]: Another." in once
    assert once.index("    Its last.") < once.index("**Research Context:**")
    assert once == sync(once, NOTES) == sync(sync(once, OURS), NOTES)
