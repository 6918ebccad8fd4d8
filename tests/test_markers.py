"""Markers are found where they are markers and nowhere else; sync changes nothing else."""

from datetime import UTC, date, datetime

import pytest

from footnotary.errors import DocumentError
from footnotary.markers import closing_of, escaped, markers_of, synced, unescaped
from footnotary.models import Citation, Evidence, Quote
from footnotary.rules.edits import seal_record
from tables import each_row

TODAY = date(2026, 11, 23)


def citation(key, quote="Words that a page holds.", **fields):
    """A record as `cite` writes it."""
    evidence = Evidence(
        retrieved_at=datetime(2026, 11, 20, tzinfo=UTC),
        body_sha256="0" * 64,
        text_sha256="0" * 64,
        passage=quote,
    )
    read = Citation(
        key=key,
        url="https://example.org/page",
        final_url="https://example.org/page",
        title=fields.pop("title", "A page"),
        accessed=fields.pop("accessed", date(2026, 11, 20)),
        quote=Quote(exact=quote),
        evidence=evidence,
        **fields,
    )
    return seal_record(read)


CITATIONS = {key: citation(key) for key in ("a-111111", "b-222222")}


@each_row(
    ("markdown", "labels"),
    [
        ("A claim.^[1]", [("1",)]),
        ("A claim^[1, 2] and more^[1][2].", [("1", "2"), ("1", "2")]),
        ("## Heading^[a-111111] ##", [("a-111111",)]),
        ("| a | b\\|^[1] |\n|---|---|\n| `x^[2]` | y^[3] |", [("1",), ("3",)]),
        ("> - deep^[1]\n>   deeper^[2]", [("1",), ("2",)]),
        ('!!! note "Title"\n\n    Inside^[1]\n\n        code^[2]', [("1",)]),
        ("`x^[1]` ``y` ^[2]``", []),
        ("```\nx^[1]\n```\n\n    x^[2]", []),
        ("[link^[1]](https://example.org) ![alt^[2]](x.png)", []),
        ('<a title="x^[1]">y</a> <!-- ^[2] -->', []),
        ("$x^[1]$ and $$\ny^[2]\n$$ and \\(z^[3]\\)", []),
        ("---\ntitle: x^[1]\n---\n\ntext^[2]", [("2",)]),
        (r"escaped \^[1] \[^1], footnote[^a], x^2^, note^[of words, not labels].", []),
        ("x^[1](https://example.org)", []),
    ],
)
def test_markers_are_found_in_text_alone(markdown, labels):
    """A marker is one in prose, tables, lists and headings; code, links and maths have none."""
    assert [marker.labels for marker in markers_of(markdown)] == labels


def test_a_marker_knows_its_place():
    """Line, column and offset are those of the source."""
    markdown = "\ufeff---\r\nkind: api\r\n---\r\n\r\n> Text^[1] and^[2]\r\n"
    first, second = markers_of(markdown)
    assert (first.line, first.column) == (5, 7)
    assert markdown[second.offset : second.end] == "^[2]"


def test_sync_numbers_by_first_appearance_and_writes_the_blocks():
    """The Sources block has the seed's form, and each line names its key invisibly."""
    result = synced("First^[b-222222], then^[a-111111], again^[b-222222].\n", CITATIONS, TODAY, {})
    assert result.startswith("First^[1], then^[2], again^[1].\n\n---\n\n")
    assert (
        "**Sources and Citations:**\n\n"
        "[1] A page - https://example.org/page - [Date Accessed: 2026-11-20]"
        ' - "Words that a page holds." <!-- cite:b-222222 -->\n'
    ) in result
    assert "- Analysis Date: 2026-11-23\n" in result


def test_sync_twice_is_sync_once_on_any_day():
    """A document that is in step is not touched, though days have passed."""
    once = synced("A^[a-111111]\n", CITATIONS, TODAY, {"fastapi": "0.121"})
    assert synced(once, CITATIONS, date(2028, 1, 1), {"fastapi": "0.121"}) == once


def test_line_ends_mark_and_missing_final_newline_are_kept():
    """CRLF, byte order mark and a missing final newline come through."""
    result = synced("\ufeffA^[a-111111]\r\n\r\n\tcode", CITATIONS, TODAY, {})
    assert result.startswith("\ufeffA^[1]\r\n\r\n\tcode\r\n\r\n---\r\n")
    assert result.count("\n") == result.count("\r\n")
    assert not result.endswith("\n")


def test_what_has_no_record_is_left_as_it_is():
    """Unknown keys and dangling numbers stay, and no source gets a dangling number."""
    result = synced("A^[nobody], B^[1], C^[a-111111]\n", CITATIONS, TODAY, {})
    assert result.startswith("A^[nobody], B^[1], C^[2]\n")
    assert "[2] A page" in result


HANDMADE = """\
Later^[2] and sooner^[1].

---

**Sources and Citations:**
[1] Benchmarks - https://example.org/b - [Date Accessed: 2025-08-05] - "40% faster"
[2] Survey - https://example.org/s - Accessed 2025-08-03 - no quote here
    and a second line
[3] [Additional sources as needed...]

**Research Context:**

- Analysis Date: 2025-08-05
- Pydantic Version: v2.x

*A closing word.*
"""


def test_entries_written_by_hand_are_kept_word_for_word():
    """Entries without a record are renumbered, never reworded; other items and words stay."""
    result = synced(HANDMADE, CITATIONS, TODAY, {})
    assert result.startswith("Later^[1] and sooner^[2].\n\n---\n\n**Sources and Citations:**\n")
    assert "[1] Survey - https://example.org/s - Accessed 2025-08-03 - no quote here\n" in result
    assert "    and a second line\n" in result
    assert "[3] [Additional sources as needed...]\n" in result
    assert "- Pydantic Version: v2.x\n\n*A closing word.*\n" in result


def test_variants_of_entries_are_read():
    """Title, address, day and quote are read from the seed's form and its variants."""
    first, second, third = closing_of(HANDMADE).sources.entries
    assert (first.title, first.url) == ("Benchmarks", "https://example.org/b")
    assert (first.accessed, first.quote) == (date(2025, 8, 5), "40% faster")
    assert (second.accessed, second.quote, second.note) == (
        date(2025, 8, 3),
        "",
        "no quote here and a second line",
    )
    assert third.url == ""


@each_row(
    ("markdown", "line"),
    [
        ("A^[1]\n\n**Sources and Citations:**\n\n[1] a\n[1] b\n", "line 6"),
        ("**Sources and Citations:**\n\nx\n\n**Sources and Citations:**\n", "line 5"),
        ("A^[a-111111]\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> other\n", "line 2"),
    ],
)
def test_a_state_that_must_not_be_guessed_at_is_refused(markdown, line):
    """Doubled numbers, doubled blocks and merge conflicts are errors with their line."""
    with pytest.raises(DocumentError, match=line):
        synced(markdown, CITATIONS, TODAY, {})


@each_row(
    "words",
    [
        'She said "no" - https://evil.example - [Date Accessed: 2020-01-01] - "yes"',
        "<script>alert(1)</script> ^[1] [2] **b** `c` $x$ \\(y\\) {{ macro }} :smile: @user #12",
        "a_b _c_ x--y == ++ |pipe| ~~gone~~ www.example.org &amp; &#65;",
        "two\nlines\tand a tab",
        "",
    ],
)
def test_hostile_words_become_text_and_come_back(words):
    """Escaped words parse back exactly, and their line stays one entry with its own fields."""
    assert unescaped(escaped(words)) == words
    if not words:
        return
    record = citation("a-111111", quote=words, title=words)
    result = synced("A^[a-111111]\n", {"a-111111": record}, TODAY, {})
    (entry,) = closing_of(result).sources.entries
    assert (entry.quote, entry.url, entry.key) == (words, record.final_url, "a-111111")
    assert entry.title == words
    assert len(markers_of(result)) == 1


def test_a_paragraph_that_nobody_wrote_is_not_looked_into():
    """Inline Markdown is quadratic on made-up text: what is too long is left alone, at once."""
    hostile = "x^[1] " + "^[" * 50_000 + "\n\ny^[2]\n"
    assert [marker.labels for marker in markers_of(hostile)] == [("2",)]


def test_what_begins_as_a_decision_is_a_marker_whatever_its_key():
    """A key that no note can have is told by the gate, not taken for prose; `^[words]` is prose."""
    found = markers_of(
        "A ^[decision:../x] b ^[decision:] c ^[1, decision:WHICH] d ^[decision: words]"
    )
    assert [one.labels for one in found] == [
        ("decision:../x",),
        ("decision:",),
        ("1", "decision:WHICH"),
    ]
