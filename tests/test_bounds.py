"""How much markup is parsed: neither minutes nor gigabytes for one page."""

import time
from datetime import UTC, datetime

import pytest

from footnotary.extract import extract
from footnotary.extract.bounds import is_too_much
from footnotary.models import Response, UnreadableReason

WORDS = "<p>" + "Some words that are long enough to be a page worth reading. " * 10


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 50_000 + WORDS,
        "<DIV class='a'>" * 50_000 + WORDS + "</div>" * 50_000,
        "<ul><li>" * 20_000 + WORDS,
        "<i></i>" * 400_000 + WORDS,
        "&" * 11_000_000,
    ],
    ids=["open", "closed", "lists", "many", "long"],
)
def test_hostile_markup_is_refused_before_it_is_parsed(source):
    """Nesting costs the square of its depth, and every element its memory."""
    began = time.process_time()
    page = extract(
        Response(
            url="https://a.example/",
            final_url="https://a.example/",
            headers={"content-type": "text/html"},
            body=source.encode(),
            retrieved_at=datetime.now(UTC),
        )
    )
    assert page.unreadable is UnreadableReason.TOO_COMPLEX
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "source",
    [
        WORDS,
        "<div>" * 400 + WORDS,
        ("<div>" + WORDS + "</div>") * 5_000,
        "<p>unclosed " * 50_000,
        "<table>" + "<tr><td>x" * 50_000,
        "<font>" * 20_000 + WORDS,
    ],
)
def test_large_and_sloppy_pages_are_still_pages(source):
    """Long documents and unclosed paragraphs, cells and fonts are everyday."""
    assert not is_too_much(source)


def test_no_page_of_the_corpora_is_too_much(corpora):
    """The limits are far above what people write."""
    for file in sorted((corpora / "pages").glob("*.html")):
        assert not is_too_much(file.read_bytes().decode("latin-1")), file.name
