"""Text-fragment links, numbers of claims, and files at forges."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote

from footnotary.citing import quote_of
from footnotary.extract.forges import readme_address, select_lines, source_file
from footnotary.match import match_quote
from footnotary.match.fragment import (
    find_marked,
    recorded_link,
    text_fragment,
)
from footnotary.match.matching import Match, Outcome
from footnotary.match.near import grown
from footnotary.models import Page, Quote, Response
from footnotary.rules.claim_support import unsupported
from tables import each_row

TEXT = "Be cautious when parsing JSON data.\nThe limit is 10, not 20.\nThe limit is 10, sadly."
ADDRESS = "https://x.example/"
COMMIT = "a" * 40


def test_a_link_leads_to_the_passage():
    """Short passages are given whole, with what has a meaning there encoded."""
    start = TEXT.index("cautious")
    fragment = text_fragment(TEXT, start, TEXT.index("."))
    assert fragment == ":~:text=cautious%20when%20parsing%20JSON%20data"
    words = TEXT[start : TEXT.index(".")]
    assert recorded_link("https://x.example/a#b", Quote(exact=words)).startswith(
        "https://x.example/a#b:~:text="
    )


def test_a_repeated_passage_gets_its_surroundings():
    """Where a browser would go to another place first, prefix or suffix tell them apart."""
    start = TEXT.rindex("The limit is 10")
    fragment = text_fragment(TEXT, start, start + len("The limit is 10"))
    assert fragment.endswith("The%20limit%20is%2010,-%2C%20sadly.")


def test_no_certain_link_is_no_link():
    """Where nothing tells two places apart, none is given."""
    text = "same words here\nsame words here\nsame words here"
    start = text.rindex("same")
    assert text_fragment(text, start, len(text)) == ""


@each_row("number", [1, 2, 3])
def test_a_record_is_enough_for_a_certain_link(number):
    """Of a sentence that a page says three times, the link's words stand where it was cited."""
    sentence = "the limit is 10 connections a worker"
    lead = "Some words that stand in every one of the paragraphs, for"
    page = "\n".join(f"{lead} plan {n}, {sentence}, says page {n}." for n in range(1, 4))
    start = [found.start() for found in re.finditer(sentence, page)][number - 1]
    prefix, suffix = grown(page, start, start + len(sentence))
    directive = recorded_link(
        ADDRESS, Quote(exact=sentence, prefix=prefix, suffix=suffix)
    ).partition(":~:text=")[2]
    words = " ".join(unquote(part).strip("-") for part in directive.split(","))
    assert " ".join(page.split()).replace(" ,", ",").count(words.replace(" ,", ",")) == 1


def test_a_quote_that_stands_alone_needs_no_surroundings():
    """Its record says so by the length of what it keeps, and its link outlives an edit nearby."""
    page = f"{'Before it. ' * 9}The pool has 5 connections a worker.{' Behind it.' * 9}"
    found = match_quote(
        "The pool has 5 connections a worker.", Page(url=ADDRESS, final_url=ADDRESS, text=page)
    )
    quote = Quote(exact=found.exact, prefix=found.prefix, suffix=found.suffix)
    assert recorded_link(ADDRESS, quote) == (
        "https://x.example/#:~:text=The%20pool%20has%205%20connections%20a%20worker."
    )


def test_white_space_of_code_and_borders_of_cells_are_those_of_the_page():
    """Browsers find code with its own spaces, and no part of a link across two cells."""
    text = "a = 1;    // set it once\npool_size\t5 connections\tthe number that is kept open"
    assert text_fragment(text, 0, text.index("\n")) == (
        ":~:text=a%20%3D%201%3B%20%20%20%20%2F%2F%20set%20it%20once"
    )
    row = text_fragment(text, text.index("pool"), len(text))
    assert row == ":~:text=pool_size,number%20that%20is%20kept%20open"


def test_a_long_quote_that_begins_with_little_is_told_apart_by_what_stands_before():
    """A record does not hold the page: few words of its quote may stand earlier there."""
    quote = Quote(exact=")\nand this is the line\n)", prefix="some words that call the function(")
    assert recorded_link(ADDRESS, quote) == (
        f"{ADDRESS}#:~:text=that%20call%20the%20function%28-,%29,%29"
    )
    unknown = Quote(exact=")\nand this\n)", prefix="one_word_of_which_the_end_is_kept(")
    assert recorded_link(ADDRESS, unknown) == ADDRESS
    first = "this is a first line of more than forty characters"
    assert "#:~:text=this" in recorded_link(ADDRESS, Quote(exact=f"{first}\nlast", prefix="x" * 32))


@each_row(
    ("text", "passage", "directive"),
    [
        # a browser takes `3` in `3.5` for a word
        ("accepts 3.5 volts\nit accepts 3 here", "it accepts 3",
         "3.5%20volts-,it%20accepts%203,-here"),
        ("It accepts 3.5 volts. It accepts 3 volts.", "It accepts 3 volts",
         "It%20accepts%203%20volts"),
        # `don` in `don't`
        ("words I don't know, or words I don", "words I don", "know%2C%20or-,words%20I%20don"),
        # another takes `size` in `pool.size` for none
        ("see pool.size of the pool", "size of the pool", "see%20pool.-,size%20of%20the%20pool"),
        # `料金` in `利用料金表` is a word for two of three
        ("利用料金表 と 料金表 の 一覧", "料金表", "利用料金表%20と-,料金表,-の%20一覧"),
        # across a key drawn as a box, only by its ends
        ("Press \ufdd0Ctrl\ufdd0 to stop it now.", "Press \ufdd0Ctrl\ufdd0 to stop it now.",
         "Press,to%20stop%20it%20now."),
        # a formula is found by some
        ("where \ufdd1\ufdd0E=mc\ufdd1\ufdd0 is meant here",
         "\ufdd1\ufdd0E=mc\ufdd1\ufdd0 is meant here",
         "where-,is%20meant%20here"),
    ],
)  # fmt: skip
def test_a_link_holds_by_the_rules_that_browsers_share(text, passage, directive):
    """Where one would go elsewhere, or finds no border, the words beside it are given."""
    start = text.rindex(passage)
    found = text_fragment(text, start, start + len(passage)).removeprefix(":~:text=")
    assert unquote(found) == unquote(directive)


def test_a_page_that_is_too_much_gets_the_link_of_its_record_alone():
    """Nothing ends the parsing of very many elements: they are not parsed for a link."""
    for markup in ("<b>x</b> " * 30_000, "<div>" * 30_000):
        response = Response(
            url=ADDRESS,
            final_url=ADDRESS,
            headers={"content-type": "text/html"},
            body=f"<html><body><p>Keep <i>keys</i> for 24 hours.</p>{markup}".encode(),
            retrieved_at=datetime(2026, 11, 23, tzinfo=UTC),
        )
        found = Match(outcome=Outcome.EXACT, exact="Keep keys for 24 hours.")
        assert quote_of(found, response, on_page=True).fragment == ""


def test_a_records_link_is_the_one_its_page_asked_for():
    """Found by its squeezed words, whatever markup is between; a PDF opens at the page."""
    marked = "Ten\nPress \ufdd0Ctrl\ufdd0 to stop 10\ufdd06\ufdd0.\nPress"
    place = find_marked(marked, Quote(exact="Press Ctrl to stop", prefix="Ten\n"))
    assert marked[slice(*place)] == "Press \ufdd0Ctrl\ufdd0 to stop"
    assert find_marked(marked, Quote(exact="Press")) is None
    stored = Quote(exact="Press Ctrl", fragment=":~:text=Press,now")
    assert recorded_link(ADDRESS, stored) == f"{ADDRESS}#:~:text=Press,now"
    quote = Quote(exact="keep them for a day", section="p. 12")
    directive = ":~:text=keep%20them%20for%20a%20day"
    assert recorded_link(ADDRESS, quote, "application/pdf") == f"{ADDRESS}#page=12{directive}"
    assert recorded_link(ADDRESS, quote) == f"{ADDRESS}#{directive}"


@each_row(
    ("claim", "quote", "missing"),
    [
        ("It is 40 % faster", "It is 4 % faster", ("40 %",)),
        ("It is 40% faster", "about 40 percent faster", ()),
        ("needs 1,000 rows", "needs 1000 rows", ()),
        ("three of 5", "3 of five", ()),
        ("takes 10 ms", "takes 10ms", ()),
        ("version 1.2 is needed", "version 1.25 is needed", ("1.2",)),
        ("at most 5 workers", "at least 5 workers", ("at most",)),
        ("Python 3.11 or later", "requires Python 3.11+", ()),
        ("2.5 million users", "2,500,000 users", ()),
        ("falls to -5 degrees", "falls to 5 degrees", ("-5",)),
        ("as it says ^[12]", "it says so", ()),
    ],
)
def test_numbers_of_a_claim(claim, quote, missing):
    """A number, version or comparison that no quote has is named as the claim writes it."""
    assert tuple(each.said for each in unsupported(claim, [quote])) == missing


@each_row(
    ("url", "raw"),
    [
        (
            "https://github.com/o/r/blob/main/src/x.py#L10-L20",
            "https://raw.githubusercontent.com/o/r/main/src/x.py",
        ),
        ("https://gitlab.com/g/s/p/-/blob/v1/x.py", "https://gitlab.com/g/s/p/-/raw/v1/x.py"),
        (
            "https://codeberg.org/o/r/src/branch/main/x.py",
            "https://codeberg.org/o/r/raw/branch/main/x.py",
        ),
    ],
)
def test_a_forges_page_leads_to_the_file(url, raw):
    """The raw file is what is read, and a commit pins it."""
    found = source_file(url)
    assert found.raw_url == raw
    assert not found.pinned
    pinned = found.at(COMMIT)
    assert pinned.pinned
    assert COMMIT in pinned.raw_url
    assert source_file(pinned.page_url) == pinned


def test_lines_of_a_file():
    """`#L2-L3` names two lines."""
    found = source_file("https://github.com/o/r/blob/main/x.py#L2-L3")
    assert select_lines("a\nb\nc\nd", found.lines) == "b\nc"
    assert source_file("https://github.com/o/r") is None
    own = source_file("https://git.example/o/r/blob/main/x.py", {"git.example": "github"})
    assert own.raw_url == "https://git.example/o/r/raw/main/x.py"
    assert "projects/Xen%2FXapi/" in readme_address("https://gitlab.com/Xen/Xapi")
