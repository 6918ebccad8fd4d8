"""The characters of a page of a PDF, as PDFium reads them: each with its place, size and colour."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from unicodedata import category, normalize

_SURROGATES = range(0xD800, 0xE000)
_HYPHENS = "-\u00ad\u2010\u0002"
_UNKNOWN = "\ufffd"
_ACTUAL = b"ActualText"
Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""


@dataclass(slots=True)
class Run:
    """Characters that the page draws with one operator.

    Attributes:
        address: What tells it apart on its page.
        handle: PDFium's own.
        size: Height of its font in points.
        y: The line it is on.
        upright: Whether it is written from left to right.
        mode: Its render mode.
        color: Red, green, blue and alpha, 0 to 255.
        clipped: Whether something clips it.
        special: Whether a layer, a mask, a blend or a drawn font may leave nothing of it.
        hidden: Why nobody sees it; empty if it is seen, or may be.
    """

    address: int
    handle: Any
    size: float
    y: float
    upright: bool
    mode: int
    color: tuple[int, int, int, int]
    clipped: bool
    special: bool = False
    hidden: str = ""


@dataclass(slots=True)
class Char:
    """A character.

    Attributes:
        text: It.
        box: What it covers.
        run: What it was drawn with; None where PDFium made it up: a space, a line's end.
        hidden: Why nobody sees it, or nothing.
    """

    text: str
    box: Box = (0.0, 0.0, 0.0, 0.0)
    run: Run | None = None
    hidden: str = ""


def chars_of(page: Any, raw: Any) -> list[Char]:
    """Return the characters of a page in the order of PDFium, as they are drawn."""
    return _as_drawn(page, _read(page, raw), raw)


def _read(page: Any, raw: Any) -> list[Char]:
    """Return the characters of a page as PDFium reads them."""
    words = page.get_textpage()
    try:
        return list(_chars(words, raw))
    finally:
        words.close()


def _chars(words: Any, raw: Any) -> Iterator[Char]:
    """Yield the characters of a text page."""
    runs: dict[int, Run] = {}
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    edges = (left, right, bottom, top)
    text_page, unicode_of, box_of = words.raw, raw.FPDFText_GetUnicode, raw.FPDFText_GetCharBox
    object_of = ctypes.cast(raw.FPDFText_GetTextObject, _OBJECT_OF)
    page = ctypes.cast(text_page, ctypes.c_void_p)
    for place in range(raw.FPDFText_CountChars(text_page)):
        code = unicode_of(text_page, place)
        address = object_of(page, place)
        if not address:
            yield Char(chr(code))
            continue
        run = runs.get(address)
        if run is None:
            run = runs[address] = _run(text_page, place, address, raw)
        box_of(text_page, place, *edges)
        text = _UNKNOWN if not code or code in _SURROGATES else chr(code)
        yield Char(text, (left.value, bottom.value, right.value, top.value), run)


_OBJECT_OF = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)


def _run(text_page: Any, place: int, address: int, raw: Any) -> Run:
    """Return what a character is drawn with."""
    handle = ctypes.cast(address, raw.FPDF_PAGEOBJECT)
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page, place, matrix)
    colors = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFText_GetFillColor(text_page, place, *colors)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, place, x, y)
    clip = raw.FPDFPageObj_GetClipPath(handle)
    red, green, blue, alpha = (one.value for one in colors)
    return Run(
        address,
        handle,
        abs(raw.FPDFText_GetFontSize(text_page, place) * (matrix.d or matrix.b)),
        y.value,
        abs(matrix.b) < abs(matrix.a) / 10 and matrix.a > 0,
        raw.FPDFTextObj_GetTextRenderMode(handle),
        (red, green, blue, alpha),
        bool(clip) and raw.FPDFClipPath_CountPaths(clip) > 0,
        _is_special(handle, raw),
    )


def _is_special(handle: Any, raw: Any) -> bool:
    """Return whether a run is in a layer, transparent, or in a font whose glyphs are drawings."""
    if raw.FPDFPageObj_HasTransparency(handle):
        return True
    if not raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(handle), None, 0) > 1:
        return True
    return any("OC" in _name_of(mark, raw) for mark in _marks_of(handle, raw))


def _marks_of(handle: Any, raw: Any) -> Iterator[Any]:
    """Yield the marks of a run's content (ISO 32000-2, section 14.6)."""
    for place in range(raw.FPDFPageObj_CountMarks(handle)):
        yield raw.FPDFPageObj_GetMark(handle, place)


def _name_of(mark: Any, raw: Any) -> str:
    length, name = ctypes.c_ulong(), ctypes.create_string_buffer(64)
    raw.FPDFPageObjMark_GetName(mark, ctypes.cast(name, ctypes.POINTER(raw.FPDF_WCHAR)), 64, length)
    return name.raw[: length.value].decode("utf-16-le", "ignore").rstrip("\0")


def _as_drawn(page: Any, chars: list[Char], raw: Any) -> list[Char]:
    """Return the characters of a page, those that a mark states in the place of others aside.

    `ActualText` (ISO 32000-2, section 14.9.4) says what letters are that a font leaves unnamed, or
    how a word is spelled that a line's end parts. Where the letters drawn have names and are
    others, they are what a reader sees.
    """
    runs = {one.run.address: one.run for one in chars if one.run is not None}
    marked = {run.address for run in runs.values() if _state_none(run.handle, raw)}
    if not marked:
        return chars
    stated, drawn = (_groups(some, marked) for some in (chars, _read(page, raw)))
    if len(stated) != len(drawn):  # all of some letters is another's
        return [one for _, some in drawn for one in some]
    return [
        one
        for (replaced, some), (_, others) in zip(stated, drawn, strict=True)
        for one in (some if not replaced or _says_same(some, others) else others)
    ]


def _state_none(handle: Any, raw: Any) -> bool:
    """Take what is stated in the place of a run's letters away; return whether there was any."""
    removed = [
        raw.FPDFPageObjMark_RemoveParam(handle, mark, _ACTUAL)
        for mark in _marks_of(handle, raw)
        if raw.FPDFPageObjMark_GetParamValueType(mark, _ACTUAL)
    ]
    return bool(removed)


def _groups(chars: list[Char], marked: set[int]) -> list[tuple[bool, list[Char]]]:
    """Return characters in groups, each with whether marks state what it is."""
    grouped = groupby(chars, lambda one: one.run is not None and one.run.address in marked)
    return [(replaced, list(some)) for replaced, some in grouped]


def _says_same(stated: list[Char], drawn: list[Char]) -> bool:
    """Return whether letters say what is stated of them, as far as they have names."""
    said, seen = (_spelled(some) for some in (stated, drawn))
    return said == seen or any(
        category(one) in ("Cn", "Co", "Cc") or one == _UNKNOWN for one in seen
    )


def _spelled(chars: list[Char]) -> str:
    """Return the letters of characters, ligatures resolved, without blanks and hyphens."""
    text = normalize("NFKC", "".join(one.text for one in chars))
    return "".join(one for one in text if not one.isspace() and one not in _HYPHENS)
