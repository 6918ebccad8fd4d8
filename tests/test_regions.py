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


def test_a_region_ends_where_its_marker_does():
    """Spaces behind the end marker go, its line end stays."""
    before = write_regions(PARTS).replace(" -->\n\n## Why", " -->  \n\n## Why")
    assert refreshed(before, changed(one="Other.")) == write_regions(changed(one="Other."))


def test_a_checksum_is_the_same_in_every_release():
    """Documents on disk hold it; another one would make each of their regions an edited one."""
    assert checksum_of("| a  |\n|-----|\n\n| 1 |\n") == checksum_of("| a |\n|---|\n| 1 |")
    words = "| a |\n|---|\n| 1 |"
    assert checksum_of(words) == hashlib.sha256(words.encode()).hexdigest()


def test_what_a_formatter_changes_is_no_edit():
    """Padding, the dashes of a table and line ends may differ."""
    before = write_regions(PARTS).replace("| a |\n| --- |\n| 1 |", "| a   |\n| ----- |\n|  1  |")
    assert not any(region.edited for region in regions_of(before))


def test_an_edited_region_is_shown_not_overwritten():
    """The diff names both versions; --force overwrites."""
    before = write_regions(PARTS).replace("Second.", "Second, by hand.")
    with pytest.raises(RegionEdited) as refusal:
        refreshed(before, changed(two="Third."))
    assert "-Second, by hand." in refusal.value.diff
    assert "+Third." in refusal.value.diff
    assert "Third." in refreshed(before, changed(two="Third."), force=True)


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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
