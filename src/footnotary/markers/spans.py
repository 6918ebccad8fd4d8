"""Spans of Markdown; foreign words on one line, which stay words and can be read back."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

_ALWAYS = r"[&<>\\`*\[\]{}|~^$@\"\t\n\r\x0c\u2028\u2029]"
_SOMETIMES = (
    r"(?<![^\W_])_|_(?![^\W_])"  # emphasis; inside a word it is none
    r"|:(?=//)|(?<=www)\.|:(?=[\w+-]+:)|(?<=\w):(?=$)"  # bare links, emoji
    r"|[#!?](?=\d)|\b[0-9a-f](?=[0-9a-f]{39}\b)"  # issues, requests, commits
    r"|==|\+\+|--"
    r"|\((?=(?:c|r|tm|p)\))"
)
_SPECIAL = re.compile(f"{_ALWAYS}|{_SOMETIMES}", re.IGNORECASE)
# White space that no character reference stands for (HTML Standard, 13.2.5.80).
_SPACES = re.compile("[\x0b\x1c-\x1f\x85]")
# Control characters no HTML can hold, and those that reorder what a reader sees (UAX #9).
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# What begins a list, heading, quotation, code or a thematic break (CommonMark 0.31.2, 4 and 5).
_OPENING = re.compile(
    r"\A\s*(\d{0,9})([.)](?=\s)|(?<!\d)(?:[-+*](?=\s)|#(?=#{0,5}\s)|>|[-_](?=[-_ ])|~(?=~~)|=))"
)
_URL_SAFE = ":/?#@!$&'()+,;=%~-._"


def escaped(words: str) -> str:
    """Return words as Markdown that shows exactly these words, on one line.

    Args:
        words: Any text. Control and bidirectional formatting characters are dropped; the
            matcher ignores them too. Line breaks that HTML cannot name become spaces.
    """
    return _SPECIAL.sub(_references, _SPACES.sub(" ", _DROPPED.sub("", words)))


def unescaped(markdown: str) -> str:
    """Return the words behind `escaped` Markdown.

    Args:
        markdown: What `escaped` returned, or text that somebody typed.
    """
    return html.unescape(markdown) if "&" in markdown else markdown


def escaped_opening(markdown: str) -> str:
    """Return a paragraph that stays one where a footnote begins with it: no list, no heading."""
    return _OPENING.sub(lambda found: found[1] + _references(found), markdown, count=1)


def escaped_url(address: str) -> str:
    """Return a URL that ends at the next space whoever reads the line."""
    return quote(_DROPPED.sub("", address).strip(), safe=_URL_SAFE)


def _references(found: re.Match[str]) -> str:
    """Return character references for what was found, in its last group."""
    return "".join(f"&#{ord(char)};" for char in found[found.lastindex or 0])


BACKTICKS = re.compile(r"`+")
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
    runs = [found.span() for found in BACKTICKS.finditer(text)] if "`" in text else []
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
