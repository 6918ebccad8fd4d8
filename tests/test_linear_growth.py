"""Work over foreign text grows with its length, whatever its shape.

Each function is run over the shapes of what it reads. What takes long enough to be measured is
run over a quarter of the text as well, and the CPU times are compared. Nothing depends on how
fast the machine is: only that four times the text takes about four times the work, with a wide
margin. Work that grows with the square takes sixteen times.

To hold a function of your own: add it to `FUNCTIONS`, with what it reads. To look closer, at
every shape and at larger lengths, set `GROWTH_LENGTH=32000`; it takes an hour.
"""

import contextlib
import gc
import itertools
import json
import os
import time
from datetime import UTC, date, datetime

import pytest

from footnotary.adopting.claims_found import surveyed
from footnotary.adopting.taking_over import JudgedSource, Verdict, name_records
from footnotary.bibliography import read_bibliography
from footnotary.compose import interpolation
from footnotary.documents import escape, front_matter, prose, regions, sections
from footnotary.documents.sections import parse_sections
from footnotary.errors import FootnotaryError
from footnotary.extract import extract
from footnotary.extract.charset import decode
from footnotary.extract.marks import HEADING, resolve_places
from footnotary.extract.markup import ASCIIDOC, RST, shown_text, with_words
from footnotary.extract.metadata.names import split_names
from footnotary.extract.metadata.written_dates import date_in
from footnotary.extract.parsing import TooComplex, TooHeavy
from footnotary.extract.pdf import join_broken_words, without_furniture
from footnotary.extract.shown import refresh_target, shown_on
from footnotary.fetch.robots import _text
from footnotary.fetch.semantics import read_cache_control
from footnotary.markers import blocks_of, closing_of, markers_of
from footnotary.markers.closing import read_source_entry
from footnotary.markers.numbering import synced
from footnotary.markers.spans import escaped, unescaped
from footnotary.markers.structure import lines_of
from footnotary.match import match_quote
from footnotary.match.edges import find_edge
from footnotary.match.fragment import text_fragment
from footnotary.match.matching import find_quote
from footnotary.match.near import near_kind, nearest
from footnotary.match.normalization import normal_text, normalize
from footnotary.models import Page, Response
from footnotary.readers import literals
from footnotary.rules.claim_signals import signal_of
from footnotary.rules.claim_support import unsupported
from footnotary.rules.documents import anchors_of, links_in
from footnotary.rules.sentences import plain_sentence, sentences_of, split
from footnotary.secrecy import prose as code_prose
from footnotary.secrecy.texts import without_assigned, without_credentials, without_secret_cells
from footnotary.secrecy.values import without_secret_literals
from footnotary.yaml_text import is_bounded
from text_shapes import (
    ADDRESSES,
    BEGUN,
    BLANKS,
    CREDENTIALS,
    FORMATS,
    LETTERS,
    MARKDOWN,
    MARKUP,
    NESTED,
    NUMBERS,
    SHAPES,
    SIGNS,
)

pytestmark = pytest.mark.slow

USUAL = 4_000
LENGTH = int(os.environ.get("GROWTH_LENGTH", USUAL))
STEP = 4
MEASURABLE = 0.002  # seconds of CPU, below which no square of `LENGTH` can be
MOST = 2.5 * STEP  # growth of the work for a text that is STEP times as long

# What a function reads, by the shapes that such text may have.
PLAIN = BLANKS | SIGNS
HTML = PLAIN | MARKUP | NESTED
MARKS = PLAIN | MARKDOWN | BEGUN
WORDS = PLAIN | LETTERS | NUMBERS | ADDRESSES
FEW = {name: SHAPES[name] for name in ("words", "ranges", "decimals", "versions", "claims", "kana")}
CODE = PLAIN | FORMATS | ADDRESSES

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
    """Return what extracts a text that is between two others."""
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

    dockerfile.read_dockerfile(_OneFile(text), "Dockerfile")


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
    holding = [JudgedSource(source, Verdict.HELD) for source in survey.sources]
    name_records(text, [(one, f"key-{place}") for place, one in enumerate(holding)])


FUNCTIONS = {
    # what the web brings
    "extract HTML": (reading("text/html"), HTML),
    "extract HTML, in a paragraph": (
        inside("<title>a</title><p>", "</p>", "text/html"),
        PLAIN | MARKUP,
    ),
    "extract HTML, in an attribute": (inside('<p title="', '">a</p>', "text/html"), PLAIN | MARKUP),
    "extract HTML, in a style sheet": (
        inside("<style>", "</style><p>a</p>", "text/html"),
        PLAIN | FORMATS,
    ),
    "extract HTML, in a title": (inside("<title>", "</title><h1>a</h1>", "text/html"), WORDS),
    "extract HTML, in JSON-LD": (
        inside('<script type="application/ld+json">', "</script>", "text/html"),
        PLAIN | FORMATS,
    ),
    "extract Markdown": (reading("text/markdown"), MARKS),
    "extract Markdown, in lines": (
        lambda text: extract(response(wrapped(text), "text/markdown")),
        PLAIN,
    ),
    "extract reStructuredText": (reading("text/x-rst"), CODE),
    "extract AsciiDoc": (reading("text/asciidoc"), CODE),
    "extract JSON": (reading("application/json"), WORDS),
    "extract XML": (reading("application/xml"), PLAIN | MARKUP),
    "extract XML, in an element": (inside("<a><b>", "</b></a>", "application/xml"), PLAIN | MARKUP),
    "extract plain text": (reading("text/plain"), WORDS),
    "extract an RFC": (inside("Network Working Group\n\n", "", "text/plain"), WORDS),
    "extract a notebook": (
        lambda text: extract(
            response(
                json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": text}]}),
                "application/x-ipynb+json",
            )
        ),
        PLAIN,
    ),
    "extract a package": (
        lambda text: extract(
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
        WORDS,
    ),
    "decode": (lambda text: decode(text.encode("utf-16", "replace"), "text/html"), WORDS),
    "with_words, RST": (lambda text: with_words(text, RST), CODE),
    "with_words, AsciiDoc": (lambda text: with_words(text, ASCIIDOC), CODE),
    "shown_text": (shown_text, MARKS),
    "shown_on": (shown_on, HTML),
    "pages of a PDF": (
        lambda text: join_broken_words(without_furniture([text, text[::2], text[::3]])),
        WORDS,
    ),
    "names_of": (lambda text: split_names([text]), WORDS),
    "date_in": (lambda text: date_in("2026 " + text), WORDS),
    "refresh_target": (
        lambda text: refresh_target("text/html", text.encode("utf-8", "replace")),
        HTML,
    ),
    "directives of Cache-Control": (lambda text: read_cache_control({"cache-control": text}), CODE),
    "robots.txt": (_robots, CODE),
    # whether a page says it
    "normalize": (normalize, WORDS),
    "raw_span": (_found_twice, WORDS),
    "find in a page": (lambda text: find_quote(SENTENCE, text), WORDS),
    "match in a page": (lambda text: match_quote(SENTENCE, page(text)), WORDS),
    "match what begins a page": (lambda text: match_quote(text[:200], page(text)), WORDS),
    "match one word of a page": (lambda text: match_quote(text[:14], page(text)), FEW),
    "match the end of a page": (lambda text: match_quote(text[-200:] + ".", page(text)), WORDS),
    "match a long quote": (
        lambda text: match_quote(text, page(text[:-8] + " and more of it")),
        WORDS,
    ),
    "match a long quote twice": (
        lambda text: match_quote(text, page(text + " and more " + text)),
        WORDS,
    ),
    "near_kind of a long quote": (lambda text: near_kind(text + " ending", text + "behind"), WORDS),
    "nearest of a long quote": (lambda text: nearest(text + " ending", text[7:]), WORDS),
    "text_fragment": (_fragment, WORDS),
    # documents
    "blocks_of": (blocks_of, MARKS),
    "blocks_of, in lines": (lambda text: blocks_of(wrapped(text)), PLAIN),
    "markers_of": (markers_of, MARKS),
    "closing_of": (closing_of, MARKS),
    "entry_of": (
        lambda text: [
            read_source_entry(1, f"T - https://e.org/x - {text} accessed {text}]x"),
            read_source_entry(
                1, "T - https://e.org/x - " + "accessed on " * (len(text) // 12) + "]x"
            ),
        ],
        MARKS,
    ),
    "synced": (lambda text: synced(text, {}, date(2026, 11, 23), {}, always=True), MARKS),
    "sentences_of": (_sentences, MARKS),
    "sentences_of, in lines": (lambda text: _sentences(wrapped(text)), PLAIN),
    "split": (lambda text: list(split(text)), WORDS),
    "plain": (plain_sentence, WORDS),
    "signal_of": (signal_of, WORDS),
    "links_in and anchors_of": (_links, MARKS),
    "surveyed": (lambda text: surveyed("a.md", text), MARKS),
    "doc adopt": (_adopted, MARKS),
    "regions_of": (regions.regions_of, MARKS),
    "front matter": (front_matter.read_front_matter, MARKS),
    "escaped and unescaped": (lambda text: unescaped(escaped(text)), MARKS),
    # what is in code and in files
    "prose.line": (prose.line, MARKS),
    "prose.brief": (prose.brief, MARKS),
    "prose.paragraphs": (prose.paragraphs, MARKS),
    "prose.paragraphs, in lines": (lambda text: prose.paragraphs(wrapped(text)), PLAIN),
    "escape.text": (escape.escape_text, MARKS),
    "escape.prose": (escape.prose, MARKS),
    "escape.code": (escape.code, MARKS),
    "escape.url": (lambda text: escape.url("https://example.org/" + text), MARKS),
    "docstrings": (
        parse_sections,
        CODE,
    ),
    "code_prose.shown": (code_prose.display_prose, CODE),
    "without_assigned": (without_assigned, CODE),
    "without_secret_cells": (
        lambda text: without_secret_cells("| a | password |\n|--|--|\n| b |" + text),
        CODE,
    ),
    "unsupported in its own words": (
        lambda text: unsupported(f"{text} unless 3 are kept by it", [f"3 are kept by it {text}"]),
        FEW,
    ),
    "without_secret_literals": (without_secret_literals, CODE),
    "without_credentials": (without_credentials, CODE | CREDENTIALS),
    "literals": (
        lambda text: (
            literals.display_value(text),
            literals.label(text),
            literals.path(text),
            literals.command_words(text),
            literals.image(text),
        ),
        CODE,
    ),
    "interpolation": (
        lambda text: (
            list(interpolation.find_uses(text)),
            interpolation.fill_variables(text, {"A": "b"}),
        ),
        CODE,
    ),
    "dotenv": (
        lambda text: (interpolation.read_assignments(text), interpolation.read_values(text)),
        CODE,
    ),
    "Dockerfile": (_dockerfile, CODE),
    "YAML": (is_bounded, CODE),
    "BibTeX": (lambda text: read_bibliography(text, "bibtex"), CODE),
    "CSL-JSON": (lambda text: read_bibliography(text, "csl-json"), CODE),
    "RIS": (lambda text: read_bibliography(text, "ris"), CODE),
    # claims against quotes, and what is around a quote
    # a page of empty headings: a mark for each, and nothing between them
    "resolve_places": (lambda text: resolve_places(HEADING * len(text)), FEW),
    "find_edge": (lambda text: find_edge(text + "it" + text, len(text), len(text) + 2), WORDS),
    "unsupported by a long quote": (
        lambda text: unsupported("It is not 10 % faster than 2.1 in at most 3 of 4 cases", [text]),
        FEW,
    ),
    "unsupported, a long claim": (
        lambda text: unsupported(text, ["It is 12 % faster than 2.0 in at least 3 of 4 cases"]),
        FEW,
    ),
    # pages whose code, formulas and components are put in order
    "extract HTML, in code": (inside("<pre><code>", "</code></pre>", "text/html"), HTML),
    "extract HTML, in a host": (
        inside("<div><template shadowrootmode=open><slot></slot></template>", "", "text/html"),
        PLAIN | NESTED,
    ),
    "extract HTML, in a formula": (inside("<math><mrow>", "</mrow></math>", "text/html"), HTML),
    # documents and descriptions, written anew
    "prose.docstring": (prose.docstring, MARKS | FORMATS),
    "prose.lead": (lambda text: prose.lead(text, lambda address: address), MARKS),
    "as_markdown": (sections.as_markdown, PLAIN | MARKUP | BEGUN),
    "escape.fenced": (escape.fenced, PLAIN | MARKDOWN),
    "footnotes of doc adopt": (lambda text: _adopted(f"a[^1]\n\n[^1]: {text}"), MARKS),
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
    """Return how much more STEP times as much text costs; 0 if it is too quick to be measured."""
    cost = cpu(function, shape.text(LENGTH))
    if cost < MEASURABLE or cost <= MOST * cpu(function, shape.text(LENGTH // STEP)):
        return 0
    # Noise makes work longer, never shorter: the least of several runs is what it takes.
    costs = [
        min(cpu(function, shape.text(length)) for _ in range(4))
        for length in (LENGTH // STEP, LENGTH, LENGTH * 2)
    ]
    if costs[2] <= 3 * costs[1]:  # what is refused from some length on, or ends there
        return 0
    return costs[1] / max(costs[0], MEASURABLE / STEP)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_work_grows_with_the_length_of_the_text(name):
    """Four times the text is about four times the work, for every shape that it may have."""
    function, shapes = FUNCTIONS[name]
    cpu(function, "a first text, which loads what is loaded once " * 4)
    gc.collect()
    gc.disable()  # what it costs depends on what other tests have left
    try:
        grown = {
            name: round(growth(function, shape), 1)
            for name, shape in (shapes if LENGTH == USUAL else SHAPES).items()
        }
    finally:
        gc.enable()
    assert {shape: step for shape, step in grown.items() if step > MOST} == {}


def test_there_are_more_than_a_hundred_shapes():
    """Each shape is text of the length that is asked for."""
    assert len(SHAPES) >= 200
    assert len({shape.text(500) for shape in SHAPES.values()}) == len(SHAPES)
    for name, shape in SHAPES.items():
        assert 3_900 <= len(shape.text(4_000)) <= 4_200, name
