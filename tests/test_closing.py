"""The closing blocks: read in every form that people write, written so that nothing is lost."""

from datetime import UTC, date, datetime

import pytest

from footnotary.errors import DocumentError
from footnotary.markers import blocks_of, bound, closing_of, markers_of, synced
from footnotary.markers.closing import NOTHING_YET
from footnotary.markers.entries import read_source_entry, remark_in
from footnotary.models import Citation, Evidence, Quote
from tables import each_row

TODAY = date(2026, 11, 23)


def citation(key, **fields):
    """A record as `cite` writes it."""
    url = "https://x.org/page"
    words = {
        "url": url,
        "final_url": url,
        "title": "A page",
        "accessed": date(2026, 11, 20),
        "quote": Quote(exact="Words."),
    }
    evidence = Evidence(
        retrieved_at=datetime(2026, 11, 20, tzinfo=UTC), body_sha256="0", text_sha256="0",
        passage="Words.",
    )  # fmt: skip
    return Citation(key=key, evidence=evidence, **words | fields)


CITATIONS = {key: citation(key) for key in ("a-111111", "b-222222")}


def sync(markdown, citations=CITATIONS, versions=(), **options):
    """Sync a document as of the fixed day."""
    return synced(markdown, citations, TODAY, dict(versions), **options)


# Reading


@each_row(
    "title",
    [
        "**Sources and Citations:**",
        "**Sources and Citations**:",
        "**Sources and Citations**",
        "Sources and Citations:",
        "sources  and citations",
        "## Sources and Citations",
        "###### Sources and Citations ######",
        "  ## **Sources and Citations:**",
    ],
)
def test_the_title_of_the_block_is_found_as_people_write_it(title):
    """Bold, as a heading, in any case, with or without a colon."""
    closing = closing_of(f"Text.\n\n{title}\n\n[1] A - https://a.example\n")
    assert (closing.sources.first, closing.sources.last) == (3, 5)
    assert closing.context is None


@each_row(
    "markdown",
    [
        "Sources and Citations are below.\n\n[1] A\n",
        "> **Sources and Citations:**\n>\n> [1] A\n",
        "- **Sources and Citations:**\n\n[1] A\n",
        "```\n**Sources and Citations:**\n[1] A\n```\n",
        "| Sources and Citations |\n|---|\n",
        "<div>\nSources and Citations\n</div>\n",
        "####### Sources and Citations\n",
        "Nothing of the kind.\n",
        "",
    ],
)
def test_words_elsewhere_are_no_block(markdown):
    """In a sentence, a quote, a list, code, a cell or HTML they are the author's."""
    closing = closing_of(markdown)
    assert (closing.sources, closing.context, closing.start) == (None, None, 0)
    assert not closing.covers(1)


def test_both_blocks_know_their_lines():
    """From the title to the last line that belongs to them, the rule above included."""
    markdown = (
        "Text.\n\n---\n\n**Sources and Citations:**\n\n[1] A\n  more of A\n\n[2] B\n\n"
        "**Research Context:**\n\n- Analysis Date: 2026-11-01\n- X: y\n  z\n\nBehind.\n"
    )
    closing = closing_of(markdown)
    assert (closing.sources.rule, closing.sources.first, closing.sources.last) == (3, 5, 10)
    assert (closing.context.first, closing.context.last) == (12, 16)
    assert closing.start == 3
    covered = [line for line in range(1, 20) if closing.covers(line)]
    assert covered == [*range(5, 11), *range(12, 17)]
    assert closing_of(markdown, blocks_of(markdown)) == closing
    only = closing_of("Text.\n\n**Research Context:**\n\n- X: y\n")
    assert (only.start, only.sources) == (3, None)
    assert closing_of("**Research Context:**\n\n**Sources and Citations:**\n").start == 1


@each_row(
    ("markdown", "rule"),
    [
        ("Text.\n\n---\n\n**Sources and Citations:**\n", 3),
        ("Text.\n\n- - -\n\n\n**Sources and Citations:**\n", 3),
        ("---\n\n**Sources and Citations:**\n", 1),
        ("Text.\n---\n\n**Sources and Citations:**\n", 0),
        ("---\n\nText.\n\n**Sources and Citations:**\n", 0),
        ("Text.\n\n    ---\n\n**Sources and Citations:**\n", 0),
    ],
)
def test_the_rule_above_belongs_to_the_block(markdown, rule):
    """Not where it underlines a heading, is code, or has text below it."""
    assert closing_of(markdown).sources.rule == rule


@each_row(
    ("text", "title", "url", "accessed", "quote"),
    [
        ('T - https://x.org - [Date Accessed: 2025-08-05] - "q"', "T", "https://x.org",
         "2025-08-05", "q"),
        ("[T](https://x.org/a) - Accessed: 2025-08-05 - “q”", "T", "https://x.org/a",
         "2025-08-05", "q"),
        ("[T](<https://x.org/a>), retrieved on 2025-08-05", "T", "https://x.org/a",
         "2025-08-05", ""),
        ('[T](https://x.org/a_(b)) - "q"', "T", "https://x.org/a_(b)", "", "q"),
        ("See [T](https://x.org)", "See T", "https://x.org", "", ""),
        ('T <https://x.org> "q"', "T", "https://x.org", "", "q"),
        ("T: https://x.org/a.", "T:", "https://x.org/a", "", ""),
        ("T | HTTPS://x.org/a, (Accessed 2025-08-05)", "T", "HTTPS://x.org/a", "2025-08-05", ""),
        ("T (https://x.org/a)", "T (", "https://x.org/a", "", ""),
        ("T https://x.org/a_(b) x", "T", "https://x.org/a_(b)", "", ""),
        ('T - no address - "q"', "T", "", "", ""),
        ("T &amp; U - https://x.org?a&amp;b", "T & U", "https://x.org?a&b", "", ""),
        ("https://x.org", "", "https://x.org", "", ""),
        ("", "", "", "", ""),
    ],
)  # fmt: skip
def test_an_entry_is_read_in_its_variants(text, title, url, accessed, quote):
    """Title, address, day and quote, whatever parts them."""
    entry = read_source_entry(7, text)
    assert (entry.number, entry.title, entry.url, entry.quote) == (7, title, url, quote)
    assert entry.accessed == (date.fromisoformat(accessed) if accessed else None)
    assert entry.text == text
    if quote:
        assert entry.note == ""
    assert (entry.key, entry.line) == ("", 0)


@each_row(
    ("behind", "accessed", "said", "note"),
    [
        ("[Date Accessed: 2025-13-45]", None, "2025-13-45", ""),
        ("[Date Accessed: [current date]]", None, "[current date]", ""),
        ("Accessed August 5, 2025 - some words", None, "August 5, 2025", "some words"),
        ("Retrieved 5 August 2025", None, "5 August 2025", ""),
        ("[Accessed: 2025-08-05]", date(2025, 8, 5), "2025-08-05", ""),
        ('some words, and "a part" of them', None, "", 'some words, and "a part" of them'),
        ('"q" and "more" of it', None, "", '"q" and "more" of it'),
    ],
)  # fmt: skip
def test_what_is_no_day_and_no_quote_is_kept_as_it_is(behind, accessed, said, note):
    """A placeholder, a day in words and a remark are shown to whoever has to fix them."""
    entry = read_source_entry(1, f"T - https://x.org - {behind}")
    assert (entry.accessed, entry.accessed_text, entry.note) == (accessed, said, note)
    assert entry.quote == ""


def test_a_remark_behind_a_quote_is_none_of_the_quote():
    """The words in quotation marks are the quote, the rest is a note, on whatever line."""
    for behind in ('"q" and more', '"q"\n  and more'):
        entry = read_source_entry(1, f"T - https://x.org - {behind}")
        assert (entry.quote, entry.note) == ("q", "and more")


def test_a_quote_is_ours_however_its_signs_are_written():
    """Formatters escape signs, or write references to them; what is behind is the author's."""
    for sign in ("&", r"\&", "&amp;", "&#38;"):
        entry = read_source_entry(1, f'T - https://x.org - "Salt {sign} "pepper" too" mine')
        assert remark_in(entry, 'Salt & "pepper" too') == " mine", sign


def test_an_entry_names_its_record_invisibly():
    """The key is in a comment, anywhere in the line, and is no part of its text."""
    entry = read_source_entry(1, 'T - https://x.org <!-- cite:a-1.b --> - "q"  ', 5)
    assert (entry.key, entry.title, entry.quote) == ("a-1.b", "T", "q")
    assert entry.text == 'T - https://x.org - "q"'
    assert entry.line == 5


@each_row(
    ("lines", "numbers", "last"),
    [
        ("[1] a\n[2] b\n", [1, 2], 3),
        ("\n- [1] a\n\n* [22] b\n", [1, 22], 5),
        ("[1] a\nmore\n[2] b\n", [1, 2], 4),
        ("[1] a\n\nText.\n\n[2] b\n", [1], 2),
        ("[1]: https://x.org\n[2](https://x.org)\n", [], 1),
        ("None yet.\n", [], 2),
        ("[1] a\nNone yet.\n", [1], 3),
        ("[1] a\n---\n", [1], 2),
        ("[1] a\n**Research Context:**\n", [1], 2),
        ("[12345] a\n", [], 1),
        ("    [1] code\n", [], 1),
        ("", [], 1),
    ],
)
def test_the_block_ends_where_its_entries_do(lines, numbers, last):
    """Blank lines and lines that continue an entry belong to it; other words end it."""
    sources = closing_of("**Sources and Citations:**\n" + lines).sources
    assert [entry.number for entry in sources.entries] == numbers
    assert sources.told_last == last


def test_entries_keep_their_lines():
    """The line of each, and the lines below that belong to it, as they are written."""
    markdown = "**Sources and Citations:**\n\n[3] a\n  b\n  c\n\n[1] d\n"
    first, second = closing_of(markdown).sources.entries
    assert (first.line, first.text, second.line, second.text) == (3, "a\n  b\n  c", 7, "d")


@each_row(
    ("markdown", "says"),
    [
        ("**Sources and Citations:**\n[2] a\n[1] b\n[2] c\n", "line 4: .2. .* on line 2"),
        ("**Research Context:**\n\nx\n\n**Research Context:**\n", "line 5: .* Research .* line 1"),
        ("**Sources and Citations:**\nSources and Citations\n", "line 2: .* Sources .* line 1"),
    ],
)
def test_what_stands_there_twice_is_refused(markdown, says):
    """Nobody can tell which one is meant; both lines are named."""
    with pytest.raises(DocumentError, match=says):
        closing_of(markdown)


def test_the_context_is_read_by_its_labels():
    """Label and value of each item; items without a label and longer ones are kept whole."""
    markdown = (
        "**Research Context:**\n\n- **Analysis Date**: 2026-11-01\n* Scope: a: b\n"
        "  and more\n- no label here\n\n- Last: x \n  \nBehind.\n\n- Not: this\n"
    )
    context = closing_of(markdown).context
    assert [(item.label, item.value) for item in context.items] == [
        ("Analysis Date", "2026-11-01"), ("Scope", "a: b and more"), ("", ""), ("Last", "x"),
    ]  # fmt: skip
    assert [(item.first, item.last) for item in context.items] == [(3, 3), (4, 5), (6, 6), (8, 8)]
    assert (context.first, context.last) == (1, 8)
    empty = closing_of("**Research Context:**\n\nText.\n").context
    assert (empty.items, empty.first, empty.last) == ((), 1, 1)
    for length, label in ((61, ""), (60, "x" * 60)):
        (item,) = closing_of(f"**Research Context:**\n- {'x' * length}: y\n").context.items
        assert item.label == label


def test_what_is_in_an_item_belongs_to_it():
    """Wrapped lines are its value; paragraphs and lists in it are more of it (CommonMark 5.2)."""
    context = closing_of("**Research Context:**\n- A: b\n  c\n\n  d\n  - e: f\n\ng\n").context
    (item,) = context.items
    assert (item.label, item.value, item.told, item.last, context.last) == ("A", "b c", 3, 6, 6)


def test_markers_are_bound_to_records_by_key_and_by_number():
    """A number by its entry, a key by itself; what has no record is bound to nothing."""
    markdown = (
        "A^[1], b^[2], c^[b-222222], d^[3, b-222222], e^[nobody].\n\n**Sources and Citations:**\n"
        "[1] a <!-- cite:a-111111 -->\n[2] by hand\n"
    )
    closing = closing_of(markdown)
    markers = [m for m in markers_of(markdown) if not closing.covers(m.line)]
    found = bound(markers, closing, CITATIONS)
    assert [found[marker] for marker in markers] == [
        ("a-111111",), ("",), ("b-222222",), ("", "b-222222"), ("",),
    ]  # fmt: skip
    gone = bound(markers, closing, {})
    assert set(gone.values()) == {("",), ("", "")}
    assert bound(markers, closing_of(""), CITATIONS)[markers[0]] == ("",)


# Writing


def test_a_document_that_cites_nothing_is_left_alone():
    """No block is put where none is needed; `always` puts one all the same."""
    assert sync("Text.\n") == "Text.\n"
    assert sync("A^[nobody] b^[7]\n") == "A^[nobody] b^[7]\n"
    assert sync("Text.\n", always=True) == (
        "Text.\n\n---\n\n**Sources and Citations:**\n\nNone yet.\n\n**Research Context:**\n\n"
        "- Analysis Date: 2026-11-23\n- Search Terms Used: none recorded\n"
        "- Data Recency: no sources\n"
    )
    assert sync("", always=True).startswith("---\n\n**Sources")
    assert sync("", always=True).endswith("no sources\n")
    assert sync(" \n", always=True).startswith(" \n---\n")


def test_a_line_of_a_source_has_the_form_of_the_seed():
    """Title, address, day, quote and the key in a comment; what is missing has a stand-in."""
    record = citation(
        "a-111111", title="", site="The *site*", final_url="https://x.org/a b",
        quote=Quote(exact='He said "yes".'),
    )  # fmt: skip
    line = (
        "[1] The &#42;site&#42; - https://x.org/a%20b - [Date Accessed: 2026-11-20]"
        ' - "He said &#34;yes&#34;." <!-- cite:a-111111 -->\n'
    )
    assert line in sync("A^[a-111111]\n", {"a-111111": record})
    bare = record.model_copy(update={"site": ""})
    assert "[1] https&#58;//x.org/a b - https" in sync("A^[a-111111]\n", {"a-111111": bare})


def test_the_context_says_what_the_sources_are():
    """Terms once each, the age of the oldest and newest by their own date, and the versions."""
    old = citation(
        "a-111111", published=date(2024, 1, 2), search_terms=("x", "y*"),
        versions={"b": "1", "c": "2"},
    )  # fmt: skip
    new = citation("b-222222", search_terms=("y*", "z"), versions={"c": "3"})
    text = sync(
        "A^[b-222222] b^[a-111111]\n", {"a-111111": old, "b-222222": new}, {"b": "9", "a": "0"}
    )
    assert '- Search Terms Used: "y&#42;", "z", "x"\n' in text
    assert (
        "- Data Recency: oldest source 2024-01-02, newest 2026-11-20; 1 of 2 older than 365 days\n"
    ) in text
    assert "- Versions: a 0, b 9, c 3\n" in text
    assert "Versions" not in sync("A^[b-222222]\n", {"b-222222": citation("b-222222")})


@each_row(("age", "old"), [(9, 0), (10, 0), (11, 1)])
def test_a_source_is_old_only_beyond_the_limit(age, old):
    """On the last day it is not yet."""
    day = date.fromordinal(TODAY.toordinal() - age)
    text = sync("A^[a-1]\n", {"a-1": citation("a-1", accessed=day)}, stale_after_days=10)
    assert f"{old} of 1 older than 10 days" in text


BOTH = """\
Text^[1].

---

**Sources and Citations:**

[1] A page - https://x.org/page - [Date Accessed: 2026-11-20] - "Words." <!-- cite:a-111111 -->

**Research Context:**

- Analysis Date: 2026-11-01
- Search Terms Used: none recorded
- Data Recency: oldest source 2026-11-20, newest 2026-11-20; 0 of 1 older than 365 days
- Scope: all of it
  and more

Behind.
"""


def test_the_day_of_the_analysis_moves_only_with_the_blocks():
    """A document in step stays as it is; another source, and today's date is written."""
    assert sync(BOTH) == BOTH
    moved = sync(BOTH.replace("Text^[1].", "Text^[1] and^[b-222222]."))
    assert "- Analysis Date: 2026-11-23\n" in moved
    assert "- Scope: all of it\n  and more\n\nBehind.\n" in moved
    assert moved.startswith("Text^[1] and^[2].\n\n---\n\n**S")
    assert sync(BOTH.replace("-->\n", "-->  \n")) == BOTH.replace("-->\n", "-->  \n")
    none = BOTH.replace("- Analysis Date: 2026-11-01\n", "- Analysis Date: [current date]\n")
    assert sync(none) == BOTH.replace("2026-11-01", "2026-11-23")


def test_a_block_that_is_missing_joins_the_other():
    """Sources stand before the context, wherever the author has put the one there is."""
    sources, _, rest = BOTH.partition("**Research Context:**")
    only_sources = sources.rstrip("\n") + "\n\nBehind.\n"
    synced_sources = sync(only_sources)
    assert synced_sources.index("[1] A page") < synced_sources.index("**Research Context:**")
    assert synced_sources.endswith("365 days\n\nBehind.\n")
    assert synced_sources.count("---") == 1
    only_context = "Text^[a-111111].\n\n**Research Context:**" + rest
    joined = sync(only_context)
    assert joined.startswith("Text^[1].\n\n---\n\n**Sources and Citations:**\n\n[1] A page")
    assert joined.endswith("- Scope: all of it\n  and more\n\nBehind.\n")


def test_blocks_stay_where_and_in_the_order_in_which_they_stand():
    """Context before sources, words between and behind them: nothing of it moves."""
    markdown = (
        "A^[a-111111].\n\n**Research Context:**\n\n- Mine: x\n\nBetween.\n\n"
        "**Sources and Citations:**\n\nNone yet.\n\nBehind."
    )
    result = sync(markdown)
    order = "A^[1].", "Research", "Mine: x", "Between.", "---", "Sources", "[1] A page", "Behind."
    places = [result.index(words) for words in order]
    assert places == sorted(places)
    assert result.endswith("-->\n\nBehind.")
    assert sync(result) == result


@each_row("end", ["\n", "\r\n", "\r"])
def test_the_line_end_of_the_document_is_the_line_end_of_the_blocks(end):
    """Also where the document ends without one."""
    for text in (f"A^[a-111111]{end}", f"A^[a-111111]{end}{end}B"):
        result = sync(text)
        assert result.startswith(text.replace("a-111111", "1"))
        assert len(lines := result.split(end)) > 8
        assert not any("\r" in line or "\n" in line for line in lines)
        assert result.endswith(end) == text.endswith(end)
        assert sync(result) == result


def test_numbers_are_given_in_the_order_of_the_text():
    """A key and its number are one source; entries that nobody cites come last, by hand only."""
    markdown = (
        "A^[2] b^[a-111111] c^[1] d^[2, b-222222].\n\n**Sources and Citations:**\n"
        "[1] One by hand\n[2] Two <!-- cite:a-111111 -->\n[3] Three by hand\n  its second line\n"
        "[4] Four <!-- cite:b-222222 -->\n[5] Five <!-- cite:gone-000000 -->\n"
    )
    result = sync(markdown)
    assert result.startswith("A^[1] b^[1] c^[2] d^[1, 3].\n")
    assert "\n[2] One by hand\n" in result
    assert "\n[4] Three by hand\n  its second line\n" in result
    assert "[3] A page" in result
    assert "Five" not in result
    assert sync(result) == result


def test_an_entry_whose_record_is_gone_keeps_its_words_and_its_key():
    """As long as it is cited, nobody throws away what can be fixed."""
    markdown = "A^[1].\n\n**Sources and Citations:**\n[1] Old words <!-- cite:gone-000000 -->\n"
    result = sync(markdown)
    assert "[1] Old words <!-- cite:gone-000000 -->\n" in result
    assert sync(result) == result


def test_a_number_that_points_nowhere_is_given_to_nobody():
    """Else the reader would be led to a source that was not meant."""
    result = sync("A^[2] b^[a-111111] c^[b-222222] d^[2].\n")
    assert result.startswith("A^[2] b^[1] c^[3] d^[2].\n")


@each_row(
    ("markdown", "line"),
    [
        ("x^[a-111111]\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> b\n", "line 3"),
        ("x^[a-111111]\n\n>>>>>>> b\n", "line 3"),
        ("```\n<<<<<<< a\n```\n\n=======\n\n<<<<<<< b\n", "line 5"),
    ],
)
def test_a_merge_that_is_not_resolved_is_refused(markdown, line):
    """The first line of it that is no code is named; nothing is written."""
    with pytest.raises(DocumentError, match=f"{line}: .*merge conflict"):
        sync(markdown)


@each_row(
    "markdown",
    ["Title\n=======\n", "```\n<<<<<<< HEAD\na\n>>>>>>> b\n```\n", "<<<<<<<\n", "x <<<<<<< HEAD\n"],
)
def test_what_only_looks_like_a_conflict_is_text(markdown):
    """An underlined heading, an example in code, and arrows are none."""
    assert sync(markdown) == markdown


# What is the author's


def test_remarks_in_the_sources_block_stay_wherever_they_are():
    """On the entry's line, before or behind its key, below it, between entries; cited or not."""
    own = 'https://x.org/page - [Date Accessed: 2026-11-20] - "Words."'
    key = "<!-- cite:a-111111 -->"
    for before, after in (
        (f"[1] Old - {own} {key} my *remark*", f"[1] A page - {own} {key} my *remark*"),
        (f"[1] Old - {own} (p. 4) {key}", f"[1] A page - {own} {key} (p. 4)"),
        (f"[1] Old - {own} {key}\n  my remark", f"[1] A page - {own} {key}\n  my remark"),
        (f"[1] my words {key}\n  my remark", f"[1] A page - {own} {key}\n  my remark"),
        (f"[1] Old - {own}\n<!-- mine -->\n{key}", f"[1] A page - {own} {key}\n<!-- mine -->"),
        (f"1. Old - {own} {key}\n   - my remark", f"[1] A page - {own} {key}\n- my remark"),
        (f"- [1] Old - {own} {key} more", f"[1] A page - {own} {key} more"),
        (f"[1] Old - {own.replace('holds', 'held')} {key} more", f"[1] A page - {own} {key} more"),
        (f"[1] A page -\n{own}\n\n{key}", f"[1] A page -\n{own}\n\n{key}"),
        (f"1) A page - {own} {key}", f"1) A page - {own} {key}"),
    ):
        for label in ("1", "a-111111"):
            text = f"A^[{label}].\n\n**Sources and Citations:**\n\n{before}\n"
            result = sync(text)
            assert f"\n\n{after}\n\n**Research Context:**" in result, (label, before)
            assert sync(result) == result
    middle = f"[1] x {key} one\n\nMy remark.\n\n[2] y <!-- cite:b-222222 --> two\n"
    for text in ("A^[1] b^[2]", "B^[2] a^[1]", "A^[a-111111]", "None."):
        result = sync(f"{text}.\n\n**Sources and Citations:**\n\n{middle}")
        assert all(result.count(words) == 1 for words in (" one\n", "My remark.", " two\n"))
        assert sync(result) == result


@each_row("rule", ["---", "***", "___", "- - -", "* * *", "_________", "  ---", "-----  "])
def test_any_thematic_break_is_the_rule_above(rule):
    """CommonMark 4.1; none is written twice, whatever a formatter made of it."""
    text = BOTH.replace("---", rule, 1)
    assert sync(text) == text
    assert closing_of(text).sources.rule == 3


@each_row(
    ("item", "renewed"),
    [
        ("Analysis Date: 2026-11-01 (second look)", "2026-11-23 (second look)"),
        ("Analysis Date: November 3, 2026", "2026-11-23"),
        ("Analysis Date: last spring", "last spring"),
        ("Analysis Date: [current date]", "2026-11-23"),
        ("Search Terms Used: none recorded", '"x"'),
        ('Search Terms Used: "mine", "x"', '"x", "mine"'),
        ('Search Terms Used: "mine",\n  "x"', '"x", "mine"'),
        ("Search Terms Used: pools of connections", 'pools of connections, "x"'),
        ("Search Terms Used: x, of course", "x, of course"),
        ("Search Terms Used:", '"x"'),
        (
            "Data Recency: no sources (yet)",
            "oldest source 2026-11-20, newest 2026-11-20; 0 of 1 older than 365 days (yet)",
        ),
        ("Data Recency: all of this year", "all of this year"),
        ("Versions: lib 0.9, psql 16", "lib 1.0, psql 16"),
        ("Versions: lib 0.9 (pinned), gone 3", "lib 1.0 (pinned)"),
        ("Versions: as locked", "lib 1.0, as locked"),
        ("**Versions:** as locked", "lib 1.0, as locked"),
    ],
)
def test_values_of_the_author_are_kept_in_the_context(item, renewed):
    """Only what has our form is renewed: a day, counts, versions that were read, recorded terms."""
    records = {"a-111111": citation("a-111111", search_terms=("x",))}
    text = f"A^[a-111111].\n\n**Research Context:**\n\n- Mine: a\n- {item}\n  - my own\n- Last\n"
    result = sync(text, records, {"lib": "1.0"}, renewed=True, former=("lib", "gone"))
    label = item.partition(":")[0]
    mark = "**" if label.startswith("*") else ""
    assert f"{label}:{mark} {renewed}\n  - my own\n" in result.replace('\n  "x', ' "x')
    assert result.count("Mine: a") == 1
    assert sync(result, records, {"lib": "1.0"}, former=("lib", "gone")) == result


def test_nothing_that_an_author_wrote_between_or_in_place_of_entries_is_lost():
    """Definitions, quotations, code, breaks, comments, tables: all stay, and twice is once."""
    own = 'T - https://x.org/page - [Date Accessed: 2026-11-20] - "Words." <!-- cite:a-111111 -->'
    text = "A^[1] b^[2].\n\n**Sources and Citations:**\n\n"
    for between in (
        "\n[p]: https://d.org 'mine'\n",
        "<!-- look\nagain -->",
        "> mine",
        "\n```\nmine\n```\n",
        "\n---\n",
        "\nMine.\n\n    code\n",
    ):
        for end in ("\n", "\r\n", "\r"):
            markdown = f"\ufeff{text}[1] {own}\n{between}\n[2] b - https://b.org\n"
            result = sync(markdown.replace("\n", end))
            behind = result.partition("[1] A page")[2].partition("[2] b - https://b.org")[0]
            assert between.strip("\n").replace("\n", end) in behind
            assert result.count("\n") == result.count(end) if "\n" in end else "\n" not in result
            assert sync(result) == result
    for other in (
        "| 1 | https://x.org |\n| --- | --- |",
        "See the library.",
        "- a - https://x.org",
    ):
        result = sync(f"A.\n\n**Sources and Citations:**\n\n{other}\n")
        assert f"Citations:**\n\n{other}\n\n**Research Context:**" in result
        assert NOTHING_YET not in result
        more = sync(result.replace("A.", "A^[a-111111]."))
        assert f"cite:a-111111 -->\n\n{other}\n\n**Research Context:**" in more
        assert sync(more) == more


def test_lists_without_brackets_are_entries_where_no_entry_has_them():
    """CommonMark renders their numbers: formatters write each of them as the first one."""
    for entries, numbers in (
        ("1. a - https://a.org\n1. b - https://b.org", [1, 2]),
        ("3) a - https://a.org\n\n4) b - https://b.org", [3, 4]),
        ("[1] a - https://a.org\n1. mine\n2. too\n\n[2] b - https://b.org", [1, 2]),
        ("- [7] a - https://a.org\n  - mine\n- [8] b - https://b.org", [7, 8]),
        ('[1] a - https://a.org - "q" [2] b - https://b.org - "r [3] https://c.org"', [1, 2]),
        ('[1] a - https://a.org - "He said\n[2] it" - x\n[3] b - https://b.org', [1, 3]),
        ("\\[1\\] a\\_b - https://a.org\n\n\\[2\\] b - https://b.org", [1, 2]),
    ):
        sources = closing_of(f"Sources and Citations\n=====\n\n{entries}\n").sources
        assert [entry.number for entry in sources.entries] == numbers
        assert sources.entries[0].url == "https://a.org"


def test_the_context_keeps_its_order_gaps_comments_and_what_is_there_twice():
    """Values are renewed where they are; labels that are missing go behind those before them."""
    text = (
        "A^[a-111111].\n\n**Research Context:**\n\n- Mine: a\n\n<!-- mine -->\n\n"
        "- **Data Recency:** no sources\n\n- Last: z\n- Analysis Date: 2026-11-01\n"
        "- Analysis Date: 2025-01-01, the first time\n  - mine\n"
    )
    result = sync(text)
    assert result.endswith(
        "**Research Context:**\n\n- Mine: a\n\n<!-- mine -->\n\n"
        "- **Data Recency:** oldest source 2026-11-20, newest 2026-11-20;"
        " 0 of 1 older than 365 days\n\n- Last: z\n- Analysis Date: 2026-11-23\n"
        "- Search Terms Used: none recorded\n"
        "- Analysis Date: 2025-01-01, the first time\n  - mine\n"
    )
    assert sync(result) == result


def test_a_title_in_a_region_is_no_title():
    """A docstring that speaks of the block is in the tool's words: the author's block is below."""
    region = (
        "<!-- footnotary:begin x -->\n\n**Sources and Citations:**\n\n[1] a\n\n"
        "**Research Context:**\n\n<!-- footnotary:end x sha256=0 -->\n\n"
    )
    assert closing_of(region).start == 0
    own = "**Sources and Citations:**\n\n[1] b - https://b.org\n"
    assert closing_of(region + own).sources.first == 11
    assert sync(f"{region}A^[1].\n\n{own}").startswith(region)
    with pytest.raises(DocumentError, match="line 15: a second Sources"):
        closing_of(region + own + "\n" + own)
