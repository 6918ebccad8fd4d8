"""Stretches of Markdown that are no text, each found in one pass over what may be anything.

A pattern such as "a comment, up to its end" looks to the end of the text for every beginning
that has none: the time grows with the square. These functions look once.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_RUN = re.compile(r"`+")
_TAG = re.compile(r"<!--|</?[A-Za-z][^<>]*>")


@dataclass(frozen=True)
class Span:
    """A stretch of a text.

    Attributes:
        start: Where it begins, its mark included.
        end: Offset behind it, its mark included.
        inner_start: Where its content begins.
        inner_end: Offset behind its content.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int


def code_spans(text: str) -> Iterator[Span]:
    """Yield the code spans of a text: between two runs of as many backticks.

    CommonMark 0.31.2, section 6.1; backslashes escape nothing in front of a run here.
    """
    runs = [found.span() for found in _RUN.finditer(text)] if "`" in text else []
    closing = [-1] * len(runs)  # the next run of the same length
    latest: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        start, end = runs[number]
        closing[number] = latest.get(end - start, -1)
        latest[end - start] = number
    number = 0
    while number < len(runs):
        if closing[number] < 0:
            number += 1
            continue
        (start, inner_start), (inner_end, end) = runs[number], runs[closing[number]]
        yield Span(start, end, inner_start, inner_end)
        number = closing[number] + 1


def html_spans(text: str) -> Iterator[Span]:
    """Yield the comments and tags of a text; a comment that never ends is none."""
    at, endless = 0, False
    for found in _TAG.finditer(text) if "<" in text else ():
        if found.start() < at:
            continue
        if found[0] != "<!--":
            at = found.end()
            yield Span(found.start(), at, at, at)
        elif not endless:
            inner_end = text.find("-->", found.end())
            endless = inner_end < 0
            if not endless:
                at = inner_end + 3
                yield Span(found.start(), at, found.end(), inner_end)


def comments(text: str) -> Iterator[Span]:
    """Yield the HTML comments of a text; one that never ends is none."""
    at = text.find("<!--")
    while at >= 0:
        inner_end = text.find("-->", at + 4)
        if inner_end < 0:
            return
        yield Span(at, inner_end + 3, at + 4, inner_end)
        at = text.find("<!--", inner_end + 3)


def with_spans(text: str, spans: Iterator[Span], shown: Callable[[Span], str]) -> str:
    """Return a text with other words in the place of some stretches."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], shown(span)]
        at = span.end
    return "".join([*parts, text[at:]]) if parts else text


def blanked(text: str, spans: Iterator[Span], mark: str = " ") -> str:
    """Return a text of the same length without some stretches."""
    return with_spans(text, spans, lambda span: mark * (span.end - span.start))
