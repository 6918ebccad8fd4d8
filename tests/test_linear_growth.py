"""Work over foreign text grows with its length, whatever its shape.

Each function is run over every shape at growing lengths until it takes long enough to be
measured; then the CPU time of three lengths, each four times the last, is compared. Nothing
depends on how fast the machine is: only that four times the text takes about four times the
work, with a wide margin. Work that grows with the square takes sixteen times.

To hold a function of your own: add it to `FUNCTIONS`. To look closer at larger lengths, set
`LARGEST` and `MEASURABLE` up.
"""

import contextlib
import itertools
import json
import os
import time
from datetime import UTC, date, datetime

import pytest

from footnotary.adopting import Judged, Verdict, surveyed
from footnotary.adopting.taking_over import named
from footnotary.bibliography import imported
from footnotary.documents import escape, front_matter, prose, regions
from footnotary.errors import FootnotaryError
from footnotary.extract import extract
from footnotary.extract.charset import decode
from footnotary.extract.lightweight import ASCIIDOC, RST, with_words
from footnotary.extract.limits import TooComplex, TooHeavy
from footnotary.extract.markdown import shown_text
from footnotary.extract.meta_refresh import refresh_target
from footnotary.extract.metadata.names import names_of
from footnotary.extract.metadata.written_dates import date_in
from footnotary.extract.page_furniture import without_furniture
from footnotary.extract.shown import shown_on
from footnotary.extract.typesetting import joined
from footnotary.fetch.freshness import directives
from footnotary.fetch.robots import _text
from footnotary.markers import blocks_of, closing_of, markers_of
from footnotary.markers.numbering import synced
from footnotary.markers.plain import escaped, unescaped
from footnotary.markers.structure import lines_of
from footnotary.match import match
from footnotary.match.fragment import text_fragment
from footnotary.match.matching import find
from footnotary.match.near import near_kind
from footnotary.match.nearest import nearest
from footnotary.match.normalization import normal_text, normalize
from footnotary.models import Page, Response
from footnotary.readers import docstrings, dotenv, interpolation, literals
from footnotary.rules.claim_signals import signal_of
from footnotary.rules.claim_support import unsupported
from footnotary.rules.links import anchors_of, links_in
from footnotary.rules.sentences import plain, sentences_of, split
from footnotary.secrecy import prose as code_prose
from footnotary.secrecy.assignments import without_assigned
from footnotary.secrecy.sql import without_secret_literals
from footnotary.secrecy.texts import without_credentials
from footnotary.yaml_text import is_bounded
from text_shapes import BLANKS, MARKUP, SHAPES, SIGNS

SMALLEST = 2_000
LARGEST = int(os.environ.get("GROWTH_LARGEST", "32000"))
STEP = 4
MEASURABLE = float(os.environ.get("GROWTH_MEASURABLE", "0.005"))  # seconds of CPU
MOST = 2.75 * STEP  # growth of the work for a text that is STEP times as long


NOW = datetime(2026, 11, 23, tzinfo=UTC)
SENTENCE = "A short sentence that the text of this page has not got"
_salt = itertools.count()


def response(text, media_type="text/html", path="page"):
    """Return an answer with a body of the text."""
    return Response(
        url=f"https://docs.example/{path}",
        final_url=f"https://docs.example/{path}",
        headers={"content-type": f"{media_type}; charset=utf-8"},
        body=text.encode("utf-8", "replace"),
        retrieved_at=NOW,
    )


def wrapped(text):
    """Return a text in lines of some eighty characters."""
    return "\n".join(text[at : at + 80] for at in range(0, len(text), 80))


def page(text):
    """Return a page of the text."""
    return Page(url="https://docs.example/", final_url="https://docs.example/", text=text)


def reading(media_type, path="page"):
    """Return what extracts a text that comes as a media type."""
    return lambda text: extract(response(text, media_type, path))


def inside(before, behind, media_type, path="page"):
    """Return what extracts a text that stands between two others."""
    return lambda text: extract(response(before + text + behind, media_type, path))


class _OneFile:
    """A project of one file, as readers see it."""

    files = ("Dockerfile",)

    def __init__(self, text):
        self._text = text

    def text(self, path):
        """Return the file's text."""
        return self._text if path == "Dockerfile" else None

    def has(self, path):
        """Tell whether there is such a file."""
        return path in self.files


def _dockerfile(text):
    from footnotary.readers import dockerfile

    dockerfile.read(_OneFile(text), "Dockerfile")


def _robots(text):
    from protego import Protego

    Protego.parse(_text(text.encode("utf-8", "replace"))).can_fetch(
        "https://a.example/" + "a" * 99, "x"
    )


def _sentences(text):
    sentences_of(blocks_of(text), lines_of(text), markers_of(text))


def _links(text):
    blocks = blocks_of(text)
    return list(links_in(blocks, lines_of(text))), anchors_of(blocks)


def _fragment(text):
    middle = len(text) // 2
    text_fragment(text, middle, middle + 40)


def _found_twice(text):
    normal_text(text).raw_span(len(text) // 3, len(text) // 3 + 20)


def _adopted(text):
    survey = surveyed("a.md", text)
    holding = [Judged(source, Verdict.HOLDS) for source in survey.sources]
    named(text, [(one, f"key-{place}") for place, one in enumerate(holding)])


FUNCTIONS = {
    # what the web brings
    "extract HTML": reading("text/html"),
    "extract HTML, in a paragraph": inside("<title>a</title><p>", "</p>", "text/html"),
    "extract HTML, in an attribute": inside('<p title="', '">a</p>', "text/html"),
    "extract HTML, in a style sheet": inside("<style>", "</style><p>a</p>", "text/html"),
    "extract HTML, in a title": inside("<title>", "</title><h1>a</h1>", "text/html"),
    "extract HTML, in JSON-LD": inside(
        '<script type="application/ld+json">', "</script>", "text/html"
    ),
    "extract Markdown": reading("text/markdown"),
    "extract Markdown, in lines": lambda text: extract(response(wrapped(text), "text/markdown")),
    "extract reStructuredText": reading("text/x-rst"),
    "extract AsciiDoc": reading("text/asciidoc"),
    "extract JSON": reading("application/json"),
    "extract XML": reading("application/xml"),
    "extract XML, in an element": inside("<a><b>", "</b></a>", "application/xml"),
    "extract plain text": reading("text/plain"),
    "extract an RFC": inside("Network Working Group\n\n", "", "text/plain"),
    "extract a notebook": lambda text: extract(
        response(
            json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": text}]}),
            "application/x-ipynb+json",
        )
    ),
    "extract a package": lambda text: extract(
        response(
            json.dumps(
                {
                    "info": {"name": "a", "version": "1", "description": text, "author": text},
                    "urls": [],
                }
            ),
            "application/json",
        )
    ),
    "decode": lambda text: decode(text.encode("utf-16", "replace"), "text/html"),
    "with_words, RST": lambda text: with_words(text, RST),
    "with_words, AsciiDoc": lambda text: with_words(text, ASCIIDOC),
    "shown_text": shown_text,
    "shown_on": shown_on,
    "pages of a PDF": lambda text: joined(without_furniture([text, text[::2], text[::3]])),
    "names_of": lambda text: names_of([text]),
    "date_in": lambda text: date_in("2026 " + text),
    "refresh_target": lambda text: refresh_target("text/html", text.encode("utf-8", "replace")),
    "directives of Cache-Control": lambda text: directives({"cache-control": text}),
    "robots.txt": _robots,
    # whether a page says it
    "normalize": normalize,
    "raw_span": _found_twice,
    "find in a page": lambda text: find(SENTENCE, text),
    "match in a page": lambda text: match(SENTENCE, page(text)),
    "match what begins a page": lambda text: match(text[:200], page(text)),
    "match one word of a page": lambda text: match(text[:14], page(text)),
    "match the end of a page": lambda text: match(text[-200:] + ".", page(text)),
    "match a long quote": lambda text: match(text, page(text[:-8] + " and more of it")),
    "match a long quote twice": lambda text: match(text, page(text + " and more " + text)),
    "near_kind of a long quote": lambda text: near_kind(text + " ending", text + "behind"),
    "nearest of a long quote": lambda text: nearest(text + " ending", text[7:]),
    "text_fragment": _fragment,
    "unsupported": lambda text: unsupported(text, [text[::-1]]),
    # documents
    "blocks_of": blocks_of,
    "blocks_of, in lines": lambda text: blocks_of(wrapped(text)),
    "markers_of": markers_of,
    "closing_of": closing_of,
    "synced": lambda text: synced(text, {}, date(2026, 11, 23), {}, always=True),
    "sentences_of": _sentences,
    "sentences_of, in lines": lambda text: _sentences(wrapped(text)),
    "split": lambda text: list(split(text)),
    "plain": plain,
    "signal_of": signal_of,
    "links_in and anchors_of": _links,
    "surveyed": lambda text: surveyed("a.md", text),
    "doc adopt": _adopted,
    "regions_of": regions.regions_of,
    "front matter": front_matter.read,
    "escaped and unescaped": lambda text: unescaped(escaped(text)),
    # what stands in code and in files
    "prose.line": prose.line,
    "prose.brief": prose.brief,
    "prose.paragraphs": prose.paragraphs,
    "prose.paragraphs, in lines": lambda text: prose.paragraphs(wrapped(text)),
    "escape.text": escape.text,
    "escape.prose": escape.prose,
    "escape.code": escape.code,
    "escape.url": lambda text: escape.url("https://example.org/" + text),
    "docstrings": lambda text: [
        docstrings.documented(x) for x in docstrings.sections(text).values()
    ],
    "code_prose.shown": code_prose.shown,
    "without_assigned": without_assigned,
    "without_secret_literals": without_secret_literals,
    "without_credentials": without_credentials,
    "literals": lambda text: (
        literals.shown(text),
        literals.label(text),
        literals.path(text),
        literals.words(text),
        literals.image(text),
    ),
    "interpolation": lambda text: (
        list(interpolation.uses(text)),
        interpolation.substituted(text, {"A": "b"}),
    ),
    "dotenv": lambda text: (dotenv.assignments(text), dotenv.values(text)),
    "Dockerfile": _dockerfile,
    "YAML": is_bounded,
    "BibTeX": lambda text: imported(text, "bibtex"),
    "CSL-JSON": lambda text: imported(text, "csl-json"),
    "RIS": lambda text: imported(text, "ris"),
}


def cpu(function, text):
    """Return the seconds of CPU that a function takes on a text that nobody has seen before."""
    salted = f"{next(_salt)} {text}" if next(_salt) % 2 else text + f" {next(_salt)}"
    began = time.process_time()
    with contextlib.suppress(
        FootnotaryError, TooComplex, TooHeavy, ValueError
    ):  # refused, which has to be as quick
        function(salted)
    return time.process_time() - began


def growth(function, shape):
    """Return how much more each of two times STEP as much text costs; nothing if it is too quick.

    The largest length is the first at which the work can be measured.
    """
    length = SMALLEST
    while (took := cpu(function, shape.text(length))) < MEASURABLE and length * STEP <= LARGEST:
        length *= STEP
    if took < MEASURABLE:
        return []
    if length == SMALLEST:
        length *= STEP
    costs = [cpu(function, shape.text(length // STEP)), cpu(function, shape.text(length))]
    if costs[1] <= MOST * max(costs[0], MEASURABLE / STEP):
        return []
    # Noise makes work longer, never shorter: the least of several runs is what it takes.
    sizes = [max(length // STEP**2, 500), length // STEP, length]
    costs = [min(cpu(function, shape.text(size)) for _ in range(4)) for size in sizes]
    return [later / max(earlier, MEASURABLE / STEP) for earlier, later in itertools.pairwise(costs)]


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_work_grows_with_the_length_of_the_text(name):
    """Four times the text is about four times the work, for every shape of text.

    Text in a certain place is read as elsewhere, so that fewer shapes are tried there.
    """
    function = FUNCTIONS[name]
    function("a first text, which loads what is loaded once " * 4)
    shapes = BLANKS | SIGNS | MARKUP if ", in " in name else SHAPES
    grown = {shape: growth(function, shapes[shape]) for shape in shapes}
    worse = {
        shape: [round(step, 1) for step in steps]
        for shape, steps in grown.items()
        if steps and steps[-1] > MOST
    }
    assert not worse, f"{name}: work for {STEP} times the text grows by {worse}"


def test_there_are_more_than_a_hundred_shapes():
    """Each shape is text of the length that is asked for."""
    assert len(SHAPES) >= 200
    assert len({shape.text(500) for shape in SHAPES.values()}) == len(SHAPES)
    for name, shape in SHAPES.items():
        assert 3_900 <= len(shape.text(4_000)) <= 4_200, name
