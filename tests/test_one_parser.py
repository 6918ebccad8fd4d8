"""HTML becomes a tree in one place, whose limits are checked first."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tinycss2
from selectolax.lexbor import LexborHTMLParser

from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import OutOfTime
from footnotary.extract.css.matching import Selecting
from footnotary.extract.css.selectors import parse_selectors
from footnotary.extract.parsing import MAX_OPENED, TooComplex, TooHeavy, parse_html
from tables import each_row
from test_hostile_pages import read

SOURCE = Path(__file__).parent.parent / "src" / "footnotary"


def test_no_other_module_parses_html():
    """A reader with a parser of its own would have no limits; two read what we built."""
    callers = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"\bLexborHTMLParser\(", path.read_text(encoding="utf-8"))
    }
    built = {"publishing/engine.py", "publishing/policy.py"}
    assert callers - built == {"extract/parsing.py"}


@pytest.mark.parametrize(
    "tag",
    [
        "<p " + " ".join(f"a{number}" for number in range(10_100)) + ">",
        "<p b='>' " + " ".join(f"a{number}" for number in range(10_100)) + ">",
        "<p " + " ".join(f"<a{number}" for number in range(10_100)) + ">",
    ],
    ids=["plain", "behind a quoted end", "with names that begin like tags"],
)
def test_a_tag_of_too_many_attributes_is_refused_however_it_is_written(tag):
    """What ends or begins a tag inside of one does not hide the rest of it."""
    with pytest.raises(TooComplex):
        parse_html(tag)


WORDS = "of the one or the other kind; " * 400
BLOB = '<script type="application/json">{"text": "where a <b and ' + WORDS * 6 + '"}</script>'


@each_row(
    ("before", "behind"),
    [
        ("", ""),
        ("<p title='<script>'>", ""),
        ("<!-- <script> -->", ""),
        ("<title>", "</title>"),
        ("<SCRIPT>1</SCRIPT >", "<p>y"),
    ],
)
def test_a_script_that_looks_like_a_tag_is_read_where_it_can_be_ended(before, behind):
    """JSON of megabytes is no tag; whoever hides a tag behind `<script>` has the same time."""
    with pytest.raises(TooHeavy):
        parse_html(before + BLOB + behind)
    parse_html(before + BLOB.replace("<b", "&lt;b") + behind)


def test_attributes_outside_of_scripts_are_refused_at_once():
    """Scripts around a tag of too many attributes do not excuse it."""
    tag = "<p " + " ".join(f"a{number}" for number in range(10_100)) + ">"
    for markup in (
        "<script>1</script>" + tag,
        tag + "<script>1</script>",
        "<script>1</script>" + tag + BLOB,
        "<script/>1</script>" + tag,
    ):
        with pytest.raises(TooComplex):
            parse_html(markup)


@pytest.mark.slow
def test_a_page_with_large_json_in_it_is_read():
    """Three megabytes, most of them the state of the page's own program: its words are there."""
    page = read("<title>Shop</title><p>words of the page</p>" + BLOB.replace(WORDS, WORDS * 34))
    assert page.title == "Shop"
    assert "words of the page" in page.text


def test_what_may_nest_too_deeply_is_not_parsed_in_a_process_that_nobody_ends():
    """End tags say nothing: those of other elements, and those in comments, end none."""
    parse_html("<i></i>" * 1_000)
    with pytest.raises(TooHeavy):
        parse_html("<br>" * (MAX_OPENED + 1))


@pytest.mark.slow
def test_a_page_of_very_many_elements_is_read_all_the_same():
    """It is read in a process of its own, which gives the same page."""
    page = read("<title>Long</title>" + "<p>words of a long page</p>" * (MAX_OPENED + 1))
    assert page.title == "Long"
    assert page.text.count("words of a long page") == MAX_OPENED + 1


def test_reading_ends_with_the_deadline():
    """A page that came in time is not read for ever, and is not said to lack anything."""
    with (
        running_deadline(Deadline(0.0, "https://docs.example/page")),
        pytest.raises(OutOfTime) as late,
    ):
        read("<p>words")
    assert "https://docs.example/page" in late.value.message


SELECTORS = [
    "p", ".a", "div p", "div > p", "div .a p", ".a > .b p", "p + p", "p ~ .a", ".a ~ div p",
    "div div div p", "#i .a", "[title] p", "div > .a ~ p", "*", "div * .b", "p:first-child",
    ":is(.a, #i) > p", "div:not(.a, [title])", "div:has(> p)", "div:has(.b ~ p)", "p:last-child",
    "p:nth-child(2n+1)", "div:nth-of-type(2)", "p:only-child", "div :where(.a .b, p + p)",
]  # fmt: skip


@each_row("seed", range(20))
def test_selectors_match_what_the_parser_says(seed):
    """Parts that are matched one by one are matched as a whole."""
    rng = random.Random(seed)
    opening = ("<div class=a>", "<div id=i>", "<p class='a b'>x</p>", "<div title=t>", "<p>y</p>")
    closing = "</div>" * 6
    tree = LexborHTMLParser("".join(rng.choice((*opening, "</div>")) for _ in range(60)) + closing)
    selecting = Selecting(tree, 100)
    for selector in SELECTORS:
        expected = {node.mem_id for node in tree.css(selector)}
        (parsed,) = parse_selectors(tinycss2.parse_component_value_list(selector))
        assert set(selecting.matching(parsed)) == expected, selector


DECODED = """
import sys
from footnotary.errors import ResponseRefused
from footnotary.fetch.decoding import decode_content
body = sys.stdin.buffer.read()
def peak(name):
    status = open("/proc/self/status").read()
    return int(status.split(name)[1].split()[0])
decode_content([], sys.argv[1], limit=9, host="h")
before = peak("VmRSS:")
try:
    decode_content([body], sys.argv[1], limit=10_000_000, host="h")
except ResponseRefused as refused:
    assert "larger than" in refused.message
print((peak("VmHWM:") - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_every_decoder_stays_under_one_cap(encoding):
    """A body over its limit of 10 MB takes less than 40 MB, whatever it is packed with."""
    import gzip
    import zlib

    import brotli

    try:
        from compression import zstd
    except ImportError:
        from backports import zstd
    zeros = bytes(30_000_000)
    pack = {
        "gzip": lambda: gzip.compress(zeros, 1),
        "deflate": lambda: zlib.compress(zeros, 1),
        "br": lambda: brotli.compress(zeros, quality=1, lgwin=24),
        "zstd": lambda: zstd.compress(zeros),
    }[encoding]
    done = subprocess.run(
        [sys.executable, "-c", DECODED, encoding], input=pack(), capture_output=True, check=True
    )
    assert int(done.stdout) < 40
