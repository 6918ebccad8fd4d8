"""Links that open a page at the quote: text fragments (WICG Scroll to Text Fragment).

A link is only handed out after it was found, by the rules that Chromium, Firefox and WebKit share,
to lead to the passage it was made for and to no other. They look for each part of a link within
one block (a table cell is one), and not all of them across an image, a formula or a key drawn as a
box: so no part runs across markup where that is known. Where a border of a part is none in one of
them (`size` in `pool.size`), or `3` in `3.5` is one, the words beside it are given as well.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote as percent_encoded

from footnotary.match.boundaries import is_unspaced
from footnotary.match.near import SIZES
from footnotary.match.normalization import normal_text, normalize
from footnotary.models import APART, EDGE, Quote

_LONGEST = 300  # characters; longer ones are given by their first and last words
_FEW_WORDS = 3
_SHORT = 8  # characters of a script without spaces
_ENDS = (5, 16)  # words of a start or an end that are tried
_MANY = 16  # words of a start that cannot be looked for on its page
_SOLID = 40  # characters of a start that hardly stand on a page twice
_NONE = f"{EDGE}{APART}\ufffc"  # what no browser has there
_BORDER = re.compile(rf"[\n\t{_NONE}]+")
_PIECE = re.compile(rf"[^\s{_NONE}](?:[^\n\t{_NONE}]*[^\s{_NONE}])?")
_CONTEXT = (2, 4, 8)  # words of a prefix or suffix that are tried
_AROUND = 400  # characters in which they are looked for
_CUT = 16  # characters: shorter surroundings end where the page does
# What joins words for one browser or another (UAX #29, MidNumLet and its like).
_JOINING = frozenset(".,:;'\u2019\u2018\u00b7_-/@&+\u2010\u2011")
_DROPPED = frozenset(f"{_NONE}\u00ad\u200b\ufeff")
_NOTHING = str.maketrans(dict.fromkeys(_NONE))
_SMALL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-0123456789+-")


class _Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int


class _Parts(NamedTuple):
    """The parts of a link (`text=[prefix-,]start[,end][,-suffix]`) where they are in the text."""

    prefix: _Span | None
    first: _Span
    last: _Span | None
    suffix: _Span | None


def text_fragment(text: str, start: int, end: int, *, careful: bool = False) -> str:
    """Return the fragment directive for a passage, or nothing where none is certain.

    Args:
        text: The page's text, one block a line; it may have `EDGE` and `APART`.
        start: Where the passage begins.
        end: Where it ends.
        careful: Whether the text is a part of the page, and the words beside the passage are given
            where there are any.

    Returns:
        Such as `:~:text=Be%20cautious,untrusted%20sources`; append it to the URL behind `#`.
    """
    pieces = list(_pieces(text, start, end))
    found = (one for one in _candidates(text, pieces, careful=careful) if _leads_to(text, one))
    parts = next(found, None) if pieces else None
    return _directive(text, parts) if parts else ""


def find_marked(text: str, quote: Quote) -> tuple[int, int] | None:
    """Return where a quote is in the text of its page with `EDGE`; None where nobody can tell."""
    kept = [at for at, one in enumerate(text) if not one.isspace() and one not in _DROPPED]
    squeezed = "".join([text[at] for at in kept]).translate(_SMALL)
    lead, words, tail = map(_squeezed, (quote.prefix, quote.exact, quote.suffix))
    for before, behind in ((lead, tail), ("", "")):
        at = squeezed.find(before + words + behind) if words else -1
        if at >= 0 and squeezed.find(before + words + behind, at + 1) < 0:
            begin = at + len(before)
            return kept[begin], kept[begin + len(words) - 1] + 1
    return None


def recorded_link(url: str, quote: Quote, media_type: str = "") -> str:
    """Return a page's URL that opens at the quote of a record; without a fragment if uncertain.

    The record holds as much of the page as makes the passage the only one: where the words
    alone are, they are the link, and where they stand there twice, all that surrounds them. A
    link that markup on the page asks for is in the record as well.
    """
    page = _PDF_PAGE.match(quote.section) if media_type == "application/pdf" else None
    if page and "#" not in url:
        url = f"{url}#page={page[1]}"
    return _joined(url, quote.fragment or fragment_of_record(quote))


_PDF_PAGE = re.compile(r"p\. (\d+)")


def fragment_of_record(quote: Quote) -> str:
    """Return the fragment directive that a record's words alone give, or nothing."""
    # The outermost word is cut, unless the page begins or ends with it.
    before = re.sub(r"^\S+", "", quote.prefix) if len(quote.prefix) >= _CUT else quote.prefix
    behind = re.sub(r"\S+$", "", quote.suffix) if len(quote.suffix) >= _CUT else quote.suffix
    text, start = f"{before}{quote.exact}{behind}", len(before)
    alone = max(len(quote.prefix), len(quote.suffix)) not in SIZES
    if alone and quote.exact.strip() and not _is_short(quote.exact):
        certain = bool(before.strip()) or not quote.prefix.strip()
        return _of_long(text, start, start + len(quote.exact), certain=certain)
    if alone:
        return text_fragment(
            text, start, start + len(quote.exact), careful=quote.exact.strip()[-1:].isdigit()
        )
    pieces = list(_pieces(text, start, start + len(quote.exact)))
    prefix = next(_pieces_before(text, start), None) if before.strip() else None
    suffix = next(_pieces_behind(text, start + len(quote.exact)), None) if behind.strip() else None
    if (prefix or suffix) and len(pieces) == 1 and _is_short(quote.exact):
        return _directive(text, _Parts(prefix, pieces[0], None, suffix))
    return ""


def _of_long(text: str, start: int, end: int, *, certain: bool) -> str:
    """Return the directive for a passage of a record that is long, or of several blocks.

    Few words that begin a passage may stand elsewhere on the page, which a record does not
    hold; with those before them they hardly do.
    """
    pieces = list(_pieces(text, start, end))
    first = _first_words(text, pieces[0], _MANY)
    last = _last_words(text, pieces[-1], _ENDS[0])
    is_solid = first.end - first.start >= _SOLID
    if not is_solid and not certain:
        return ""
    before = None if is_solid else next(_pieces_before(text, start), None)
    prefix = _last_words(text, before, _CONTEXT[1]) if before else None
    return _directive(text, _Parts(prefix, first, last, None))


def _joined(url: str, fragment: str) -> str:
    """Return a URL with a fragment directive behind an anchor of its own."""
    if not fragment:
        return url
    base, hash_mark, anchor = url.partition("#")
    anchor = anchor.partition(":~:")[0] if hash_mark else ""
    return f"{base}#{anchor}{fragment}"


def _is_short(passage: str) -> bool:
    """Return whether a passage is given whole: it is not long, and in one block."""
    return len(passage) <= _LONGEST and not _BORDER.search(passage.strip())


def _squeezed(text: str) -> str:
    """Return a text without white space and what is drawn nowhere."""
    kept = "".join([one for one in text if not one.isspace() and one not in _DROPPED])
    return kept.translate(_SMALL)


def _pieces(text: str, start: int, end: int) -> Iterator[_Span]:
    """Yield the stretches of a passage without markup between that all browsers find."""
    for found in _PIECE.finditer(text, start, end):
        if text.count(APART, 0, found.start()) % 2 == 0:
            yield _Span(*found.span())


def _pieces_before(text: str, start: int) -> Iterator[_Span]:
    """Yield the stretches before a passage, the nearest first."""
    yield from reversed([*_pieces(text, max(0, start - _AROUND), start)])


def _pieces_behind(text: str, end: int) -> Iterator[_Span]:
    """Yield the stretches behind a passage."""
    yield from _pieces(text, end, min(len(text), end + _AROUND))


_WORD = re.compile(r"\S+")


def _first_words(text: str, piece: _Span, number: int) -> _Span:
    """Return the first words of a stretch, with the white space between them."""
    words = list(islice(_WORD.finditer(text, *piece), number))
    return _Span(piece.start, words[-1].end())


def _last_words(text: str, piece: _Span, number: int) -> _Span:
    """Return the last words of a stretch, with the white space between them."""
    words = [*_WORD.finditer(text, *piece)][-number:]
    return _Span(words[0].start(), piece.end)


def _candidates(text: str, pieces: list[_Span], *, careful: bool) -> Iterator[_Parts]:
    """Yield links to a passage, the plainest first."""
    start, end = pieces[0].start, pieces[-1].end
    if len(pieces) == 1 and _is_short(text[start:end]):
        ends: list[tuple[_Span, _Span | None]] = [(pieces[0], None)]
    else:
        ends = [
            (_first_words(text, pieces[0], size), _last_words(text, pieces[-1], size))
            for size in _ENDS
        ]
    words = text[start:end]
    few = len(words.split()) <= _FEW_WORDS and not (is_unspaced(words) and len(words) > _SHORT)
    before = next(_pieces_before(text, start), None)
    behind = next(_pieces_behind(text, end), None)
    beside = [
        (
            _last_words(text, before, size) if before else None,
            _first_words(text, behind, size) if behind else None,
        )
        for size in (_CONTEXT if before or behind else ())
    ]
    alone: list[tuple[_Span | None, _Span | None]] = [(None, None)]
    for prefix, suffix in [*beside, *alone] if few or careful else [*alone, *beside]:
        for first, last in ends:
            yield _Parts(prefix, first, last, suffix)


def _leads_to(text: str, parts: _Parts) -> bool:
    """Return whether the first place that any browser would go to is the passage, in all of them.

    Where the passage is, every border has to be one in every browser; elsewhere, what is one in
    any of them may be taken for the passage, ignoring case.
    """
    prefix, first, last, suffix = parts
    behind = suffix or last or first
    if not (_is_border(text, (prefix or first).start) and _is_border(text, behind.end)):
        return False
    if last and last.start < first.end:
        return False
    lead = _Span((prefix or first).start, first.end if last else behind.end)
    places = [_Span(lead.start, lead.end)] + ([_Span(last.start, behind.end)] if last else [])
    plain = text.translate(_NOTHING)
    page = normal_text(plain)
    haystack, at = page.text.lower(), 0
    if len(haystack) != len(page.text):
        return False
    for place in places:
        needle = normalize(_plain(text, place)).lower()
        begin = _first_place(needle, haystack, at)
        if begin < 0 or page.raw_span(begin, begin + 1)[0] != len(_plain(text, (0, place.start))):
            return False
        at = begin + len(needle)
    return True


def _plain(text: str, place: tuple[int, int]) -> str:
    """Return a stretch of a text without the marks of markup."""
    return text[slice(*place)].translate(_NOTHING)


def _first_place(needle: str, haystack: str, start: int) -> int:
    """Return where words are that a browser may take for whole ones; -1 if nowhere."""
    at = haystack.find(needle, start) if needle else -1
    while at >= 0 and (_is_inside(haystack, at) or _is_inside(haystack, at + len(needle))):
        at = haystack.find(needle, at + 1)
    return at


def _is_inside(text: str, place: int) -> bool:
    """Return whether a place is within a word, for every browser."""
    around = text[place - 1 : place + 1] if place else ""
    return around.replace("_", "a").isalnum() and len(around) > 1 and not is_unspaced(around)


def _is_border(text: str, place: int) -> bool:
    """Return whether a word begins or ends at a place, for every browser."""
    before = _plain(text, (max(0, place - 4), place))[-2:]
    behind = _plain(text, (place, place + 4))[:2]
    if not before or not behind or before[-1].isspace() or behind[0].isspace():
        return True
    sides = before[-1], behind[0]
    if all(side.isalnum() for side in sides):
        return False
    if sides[0] in _JOINING and sides[1].isalnum():
        return not before[:-1].isalnum()
    if sides[1] in _JOINING and sides[0].isalnum():
        return not behind[1:].isalnum()
    return True


def _directive(text: str, parts: _Parts) -> str:
    """Return the directive: `text=[prefix-,]start[,end][,-suffix]`."""
    prefix, first, last, suffix = (_encoded(text, part) for part in parts)
    written = [f"{prefix}-" if prefix else "", first, last, f"-{suffix}" if suffix else ""]
    return ":~:text=" + ",".join(filter(None, written))


def _encoded(text: str, part: _Span | None) -> str:
    """Percent-encode a part; `&`, `-` and `,` have a meaning in the directive."""
    words = _plain(text, part) if part else ""
    return percent_encoded(words, safe="").replace("-", "%2D")
