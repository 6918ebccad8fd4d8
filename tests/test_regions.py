"""Regions are the tool's, everything else is the author's; broken markers are never guessed at."""

import hashlib

import pytest

from footnotary.documents.kinds import Prose, Region
from footnotary.documents.regions import (
    RegionEdited,
    checksum_of,
    refreshed,
    regions_of,
    write_regions,
)
from footnotary.errors import DocumentError
from tables import each_row

PARTS = (
    Prose("# Title"),
    Region("one", "| a |\n| --- |\n| 1 |"),
    Prose("## Why\n\n_Why is it so?_"),
    Region("two", "Second."),
)


def changed(**contents):
    """The parts with the content of some regions replaced."""
    return tuple(
        Region(part.name, contents.get(part.name, part.markdown))
        if isinstance(part, Region)
        else part
        for part in PARTS
    )


def test_a_new_document_holds_its_parts_and_nothing_was_edited():
    """What is written reads back as the same regions, untouched."""
    regions = regions_of(write_regions(PARTS))
    assert [(region.name, region.edited) for region in regions] == [("one", False), ("two", False)]


def test_one_blank_line_is_between_parts():
    """However many are around the prose."""
    assert write_regions((Prose("\n\nX\n"), Prose("Y\n\n"))) == "X\n\nY\n"


def test_refreshing_replaces_regions_and_keeps_prose_byte_for_byte():
    """Only the content between markers changes."""
    before = write_regions(PARTS).replace("_Why is it so?_", "Because.\t  \n\nSo  there.")
    after = refreshed(before, changed(two="Another."))
    assert "Another." in after
    assert "Second." not in after
    assert "Because.\t  \n\nSo  there." in after
    assert refreshed(after, PARTS) == before


def test_line_ends_of_the_document_are_kept():
    """A document with CRLF has CRLF in its new regions too."""
    before = write_regions(PARTS).replace("\n", "\r\n")
    after = refreshed(before, (*changed(one="Other\ntext."), Region("three", "Two\nlines.")))
    assert "Two\r\nlines." in after
    assert after.count("\n") == after.count("\r\n")


def test_a_byte_order_mark_stays_in_front():
    """Also of a document whose first line a region comes before."""
    before = "\ufeff" + write_regions(PARTS)
    assert refreshed(before, PARTS) == before
    after = refreshed(before, (Region("first", "New."), *PARTS))
    assert after.startswith("\ufeff<!-- footnotary:begin first -->")
    assert after.count("\ufeff") == 1


def test_a_region_that_says_the_same_is_left_as_a_formatter_wrote_it():
    """Only its rendering counts."""
    before = write_regions(PARTS).replace("| a |\n| --- |\n| 1 |", "| a   |\n|-----|\n| 1   |")
    assert refreshed(before, PARTS) == before


def test_a_region_ends_where_its_marker_does():
    """Spaces behind the end marker go, its line end stays."""
    before = write_regions(PARTS).replace(" -->\n\n## Why", " -->  \n\n## Why")
    assert refreshed(before, changed(one="Other.")) == write_regions(changed(one="Other."))


def test_a_checksum_is_the_same_in_every_release():
    """Documents on disk hold it; another one would make each of their regions an edited one."""
    words = "| a |\n|---|\n| 1 |"
    for sum_ in (
        hashlib.sha256(words.encode()).hexdigest(),  # of the lines, as 0.2 and before wrote it
        checksum_of(words),
        "35ba1fb6565caf87c1d4a4278ee99e1cc7cc118fe13a1d0dc534ce914b27a658",
    ):
        text = f"<!-- footnotary:begin x -->\n{words}\n<!-- footnotary:end x sha256={sum_} -->\n"
        (region,) = regions_of(text)
        assert not region.edited


LONG = """\
Some `code here` and *words* of a [link](https://example.org/a_b "Title"), long enough to wrap it.

1. one
2. two

- item with snake_case\\_name
- other

```json
{"a": [1, 2]}
```

| a | b |
| --- | :-: |
| 1 | x \\| y |

***

漢字 and text
"""


def test_what_a_formatter_changes_is_no_edit():
    """Padding, wraps, escapes, marks of lists and emphasis, breaks and JSON may differ."""
    before = write_regions((Region("one", LONG),))
    for old, new in (
        ("words* of a", "words*\nof a"),
        ("*words*", "_words_"),
        ("`code here`", "`code\nhere`"),
        ("1. one\n2. two", "1. one\n1. two"),
        ("1. one\n2. two", "1) one\n2) two"),
        ("- item", "* item"),
        ("- other", "-   other"),
        ("snake_case\\_name", "snake\\_case&#95;name"),
        ("***\n", "______\n"),
        ('{"a": [1, 2]}', '{\n  "a": [\n    1,\n    2\n  ]\n}'),
        ("| --- | :-: |", "|-----|:---:|"),
        ("| 1 | x", "|   1   |    x"),
        ("漢字 and", "漢\n字\nand"),
        ("\n", "\r\n"),
    ):
        (region,) = regions_of(before.replace(old, new))
        assert before.replace(old, new) != before
        if (old, new) == ("- item", "* item"):
            continue  # another sign is another list where only one item has it
        assert not region.edited, (old, new)
    both = before.replace("- item", "* item").replace("- other", "* other")
    assert not regions_of(both)[0].edited


def test_another_word_number_link_or_level_is_an_edit():
    """Whatever a reader would see in another way."""
    before = write_regions((Region("one", LONG),))
    for old, new in (
        ("words", "word"),
        ("*words*", "**words**"),
        ("1. one", "3. one"),
        ("a_b", "a_c"),
        ("Title", "Other"),
        ("[1, 2]", "[1, 3]"),
        ("| 1 |", "| 2 |"),
        (":-:", "--:"),
        ("`code here`", "code here"),
        ("long enough", "long enough <!-- mine -->"),
        ("***\n", "***\n\n[mine]: https://example.org\n"),
        ("- other", "  - other"),
    ):
        changed_text = before.replace(old, new)
        assert changed_text != before
        assert regions_of(changed_text)[0].edited, (old, new)


def test_an_edited_region_is_shown_not_overwritten():
    """The diff names both versions; --force overwrites."""
    before = write_regions(PARTS).replace("Second.", "Second, by hand.")
    with pytest.raises(RegionEdited) as refusal:
        refreshed(before, changed(two="Third."))
    assert "-Second, by hand." in refusal.value.diff
    assert "+Third." in refusal.value.diff
    assert "Third." in refreshed(before, changed(two="Third."), force=True)


def test_the_diff_of_a_reformatted_region_shows_the_words_alone():
    """A table that a formatter padded has one changed cell, not one changed table."""
    rows = [f"| `name_{number}` | {number} |" for number in range(9)]
    part = Region("one", "\n".join(["| a | b |", "| --- | --- |", *rows]))
    padded = write_regions((part,)).replace(" |\n", "      |\n").replace("name_4", "mine_4")
    with pytest.raises(RegionEdited) as refusal:
        refreshed(padded, (Region("one", part.markdown.replace(" 8 ", " 9 ")),))
    changed_lines = [line for line in refusal.value.diff.split("\n") if line[:1] in "+-"]
    assert changed_lines[2:6] == ["-mine_4", "+name_4", "-8", "+9"]


@each_row(
    ("old", "new", "line"),
    [
        ("<!-- footnotary:begin two -->\n", "", "line 18: .*no begin"),
        ("<!-- footnotary:begin two -->", "<!-- footnotary:begin one -->", "second region one"),
        ("<!-- footnotary:begin two -->", "<!-- footnotary:begin two", "half a region marker"),
        ("## Why", "<!-- footnotary:begin x -->", "begins inside the region x"),
        ("<!-- footnotary:begin two -->", "<!-- footnotary:begin other -->", "ends as two"),
    ],
)
def test_broken_markers_are_errors_with_their_line(old, new, line):
    """Missing, doubled, nested and half markers are refused, whatever else is right."""
    broken = write_regions(PARTS).replace(old, new)
    with pytest.raises(DocumentError, match=line):
        refreshed(broken, PARTS)


def test_markers_in_code_are_text():
    """A document may show what markers look like."""
    text = "```\n<!-- footnotary:begin x -->\n```\n\nIn `<!-- footnotary:end x -->` too.\n"
    assert regions_of(text) == ()


def test_a_region_of_a_newer_skeleton_is_put_in_its_place():
    """It goes behind the region before it; with prose in between, behind the author's section."""
    before = write_regions(PARTS).replace("_Why is it so?_", "Because.")
    newer = (
        *PARTS[:2],
        Region("new", "New."),
        PARTS[2],
        Region("late", "Late."),
        PARTS[3],
        Prose("## Risks\n\n_Which?_"),
        Region("last", "Last."),
    )
    after = refreshed(before, newer)
    order = [after.index(words) for words in ("| 1 |", "New.", "## Why", "Because.", "Late.")]
    assert order == sorted(order)
    assert after.index("Late.") < after.index("Second.") < after.index("## Risks")
    assert refreshed(after, newer) == after


def test_a_region_that_is_gone_from_the_skeleton_is_taken_out_if_untouched():
    """Untouched it goes; with somebody's words in it, it stays."""
    before = write_regions(PARTS)
    assert "Second." not in refreshed(before, PARTS[:3])
    edited = before.replace("Second.", "Second, by hand.")
    assert "Second, by hand." in refreshed(edited, PARTS[:3])


def test_a_region_taken_out_by_hand_is_missed():
    """A region that the front matter lists is never silently appended again."""
    before = write_regions(PARTS[:3])
    with pytest.raises(DocumentError, match="two is missing"):
        refreshed(before, PARTS, known=("one", "two"))
    assert "Second." in refreshed(before, PARTS, known=("one", "two"), force=True)


def test_the_checksum_of_a_text_is_that_of_earlier_versions():
    """Documents keep it: were it made of the text in another way, each would count as edited."""
    text = "| a |\n|---|\n| `x` |\n\n- *w*\n\n```sh\na \n\nb\n```\n\n```css\na { b: 'c'; }\n```\n"
    assert checksum_of(text) == "c39b948b36edf22d16a8a6e6f022c62cb0c6fb7e953b105324ca26bb74d142c1"


def test_content_cannot_forge_a_marker():
    """A region whose content looks like a marker stays one region."""
    hostile = "x\n<!-- footnotary:end one sha256=" + "0" * 64 + " -->\ny"
    (region, _) = regions_of(write_regions(changed(one=hostile)))
    assert region.name == "one"
    assert not region.edited


def test_a_region_that_goes_leaves_one_blank_line_in_its_place():
    """What is around it stays byte for byte; no line of it, and no second blank line, is left."""
    region = write_regions((Region("one", "Text."),))
    for before, after, left in (
        ("", "\nEnd.\n", "End.\n"),
        ("", "End.\n", "End.\n"),
        ("Begin.\n\n", "\nEnd.\n", "Begin.\n\nEnd.\n"),
        ("Begin.\n", "\nEnd.\n", "Begin.\n\nEnd.\n"),
        ("Begin.\n\n", "End.\n", "Begin.\n\nEnd.\n"),
        ("Begin.\n\n", "", "Begin.\n\n"),
    ):
        assert refreshed(before + region + after, ()) == left


BLOCKS = "---\n\n**Sources and Citations:**\n\nNone yet.\n"


@each_row(
    ("document", "pieces"),
    [
        ("## Why\n\nSo.\n", ("## Why\n\nSo.\n\n", "")),
        ("## Why\n\nSo.", ("## Why\n\nSo.\n\n", "")),
        (f"## Why\n\nSo.\n\n{BLOCKS}", ("## Why\n\nSo.\n\n", f"\n{BLOCKS}")),
        (f"So.\n\n{BLOCKS}\n## Why\n", ("So.\n\n", f"\n{BLOCKS}\n## Why\n")),
        ("## Other\n\nSo.\n", ("", "## Other\n\nSo.\n")),
        ("---\nkind: api\n---\n\n## Other\n", ("---\nkind: api\n---\n\n", "\n## Other\n")),
    ],
)
def test_a_new_region_ends_the_section_that_it_follows(document, pieces):
    """Behind the author's words, before the closing blocks; on top where no section is known."""
    parts = (Prose("## Why\n\n_Why?_"), Region("new", "New."))
    region = write_regions(parts[1:])
    if "## Why" not in document:  # the section comes with it
        region = write_regions(parts)
        pieces = (pieces[0], "\n" + pieces[1].lstrip("\n"))
    assert refreshed(document, parts) == pieces[0] + region + pieces[1]


def test_a_heading_that_the_author_kept_is_not_written_again():
    """New prose of the skeleton comes with its region only where its heading is missing."""
    parts = (Prose("# Title"), Prose("## Risks\n\n_Which?_"), Region("risks", "None."))
    after = refreshed("# Title\n\n## Risks\n\nTwo of them.\n", parts)
    assert "_Which?_" not in after
    assert "_Which?_" in refreshed("# Title\n\nTwo of them.\n", parts)


def test_what_is_wrong_is_named_with_its_line():
    """A region without an end and one that was edited: the name, and where it begins."""
    document = write_regions(PARTS)
    line = 1 + document[: document.index("footnotary:begin two")].count("\n")
    with pytest.raises(DocumentError, match=f"line {line}: the region two has no end marker"):
        regions_of(document.rpartition("<!-- footnotary:end two")[0])
    with pytest.raises(RegionEdited, match=rf"edited by hand: two \(line {line}\)"):
        refreshed(document.replace("Second.", "By hand."), changed(two="Third."))
