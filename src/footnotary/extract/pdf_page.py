"""One page of a PDF as it is painted: its characters with their places, sizes and colours.

What PDFium draws is what a reader sees: text that changes no pixel when it is left out is hidden
(white, transparent, clipped, covered, off the page). Text of render mode 3 (ISO 32000-2, section
9.3.6) is text only over a picture of the page: there it is what a scanner has read.
"""

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from footnotary.deadline import check_deadline
from footnotary.extract.pdf_chars import Box, Char, Run, chars_of

_CLIPPING = 4  # the first render mode in which letters clip what follows
_STROKED = 1  # the render mode of outlines alone
_INVISIBLE = (3, 7)  # render modes that paint nothing
_SCALE = 2.0  # pixels a point
_LARGEST = 4_000  # pixels of a side that is drawn
_SEEN = 24  # levels of grey between two pixels that anybody tells apart
_PALE = 215  # levels of each colour of text that may be hidden on paper
_PICTURE = 0.4  # of the page, which a scan covers
_PATH, _IMAGE, _SHADING, _FORM = 2, 3, 4, 5  # kinds of page objects
_MOST_OBJECTS = 20_000
_FAINT, _HALF = 13, 128  # of 255
_SMALLEST = 1.5  # points of a font
_NARROWEST = 0.05  # of a font's height, which characters are wide on average
_HIDDEN_FLAGS = 2 | 32  # of an annotation: hidden, not to be viewed (ISO 32000-2, table 167)


def read_chars(page: Any) -> list[Char]:
    """Return the characters of a page in the order of PDFium, with what hides them."""
    from pypdfium2 import raw

    chars = chars_of(page, raw)
    runs = {one.run.address: one.run for one in chars if one.run is not None}
    _judge(page, chars, list(runs.values()), raw)
    return chars


def _judge(page: Any, chars: list[Char], runs: list[Run], raw: Any) -> None:
    """Note of each character why nobody sees it, where nobody does."""
    painted, order = _painted(page, raw)
    area = page.get_cropbox()
    first: dict[int, Box] = {}
    last: dict[int, Box] = {}
    counts: Counter[int] = Counter()
    for one in chars:
        if one.run is not None and one.text.strip():
            first.setdefault(one.run.address, one.box)
            last[one.run.address] = one.box
            counts[one.run.address] += 1
    boxes = {address: _around(box, last[address]) for address, box in first.items()}
    suspects = []
    clips = any(run.mode >= _CLIPPING for run in runs)  # of the letters before it
    for run in runs:
        box = boxes.get(run.address)
        if box is None:
            continue
        run.hidden = run.hidden or _reason(run, box, painted, area)
        if run.upright and box[2] - box[0] < counts[run.address] * run.size * _NARROWEST:
            run.hidden = run.hidden or "too narrow to be read"
        behind = order.get(run.address, 0)
        covering = [one for one in painted if one.place > behind or one.is_like(run.color)]
        if not run.hidden and (clips or _may_hide(run, box, covering, area)):
            suspects.append(run)
    for one in chars:
        if one.run is not None:
            one.hidden = one.run.hidden
    if suspects:
        check_deadline()
        _compare(page, chars, suspects, area, raw)


@dataclass(frozen=True, slots=True)
class _Painted:
    """What a page paints besides text."""

    place: int
    kind: int
    box: Box
    color: tuple[int, ...] = ()

    def is_like(self, color: tuple[int, ...]) -> bool:
        """Return whether it may be of some colour: a picture, or filled with nearly that."""
        if self.kind == _PATH:
            near = (abs(a - b) <= _SEEN * 2 for a, b in zip(self.color, color[:3], strict=False))
            return bool(self.color) and all(near)
        return self.kind in (_IMAGE, _SHADING)


def _reason(run: Run, box: Box, painted: list[_Painted], area: Box) -> str:
    """Return why text is hidden by what is stated of it, or nothing."""
    if run.mode in _INVISIBLE:
        return "" if _is_scan(painted, box, area) else "invisible text"
    if run.color[3] <= _FAINT:
        return "transparent"
    if run.size < _SMALLEST:
        return "too small to be read"
    return "" if _touches(box, area) else "off the page"


def _may_hide(run: Run, box: Box, covering: list[_Painted], area: Box) -> bool:
    """Return whether text has to be looked at: pale, clipped, or below something."""
    if run.mode in _INVISIBLE:
        return False
    if run.special or run.mode % _CLIPPING == _STROKED:
        return True
    pale = min(run.color[:3]) >= _PALE or run.color[3] < _HALF
    covered = any(_covers(one.box, box) for one in covering)
    return pale or run.clipped or covered or not _inside(box, area)


def _compare(page: Any, chars: list[Char], suspects: list[Run], area: Box, raw: Any) -> None:
    """Draw a page with some of its text and without; hide what makes no difference."""
    scale = min(_SCALE, _LARGEST / max(1.0, area[2] - area[0], area[3] - area[1]))
    whole = _drawn(page, scale)
    for run in suspects:
        raw.FPDFPageObj_SetIsActive(run.handle, False)  # noqa: FBT003  PDFium's own
    without = _drawn(page, scale)
    for run in suspects:
        raw.FPDFPageObj_SetIsActive(run.handle, True)  # noqa: FBT003  as above
    looked_at = {run.address for run in suspects}
    hidden = ""
    for one in chars:
        if one.run is not None and one.run.address in looked_at:
            if one.text.strip():  # blanks are as what is before them
                drawn = whole.differs(without, one.box, area, scale)
                hidden = "" if drawn else "of the colour behind it, clipped or covered"
            one.hidden = hidden


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A page drawn in levels of grey."""

    pixels: bytes
    stride: int
    width: int
    height: int

    def differs(self, other: "_Drawing", box: Box, area: Box, scale: float) -> bool:
        """Return whether somebody sees a difference in a part of two drawings."""
        left = max(0, int((box[0] - area[0]) * scale) - 1)
        right = min(self.width, int((box[2] - area[0]) * scale) + 2)
        top = max(0, int((area[3] - box[3]) * scale) - 1)
        bottom = min(self.height, int((area[3] - box[1]) * scale) + 2)
        for row in range(top, bottom):
            start = row * self.stride
            one = self.pixels[start + left : start + right]
            two = other.pixels[start + left : start + right]
            if one != two and any(abs(a - b) > _SEEN for a, b in zip(one, two, strict=True)):
                return True
        return False


def _drawn(page: Any, scale: float) -> _Drawing:
    """Return a page as PDFium draws it, in levels of grey, as it lies without being turned."""
    turned = page.get_rotation()
    page.set_rotation(0)
    try:
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    finally:
        page.set_rotation(turned)
    drawing = _Drawing(bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height)
    bitmap.close()
    return drawing


def _painted(page: Any, raw: Any) -> tuple[list[_Painted], dict[int, int]]:
    """Return what else a page paints, and the place of each of its objects in their order."""
    found: list[_Painted] = []
    order: dict[int, int] = {}
    edges = [ctypes.c_float() for _ in range(4)]
    for place in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        handle = raw.FPDFPage_GetObject(page, place)
        order[ctypes.cast(handle, ctypes.c_void_p).value or 0] = place
        kind = raw.FPDFPageObj_GetType(handle)
        if kind in (_PATH, _IMAGE, _SHADING, _FORM) and raw.FPDFPageObj_GetBounds(handle, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            color = _fill_of(handle, raw) if kind == _PATH else ()
            found.append(_Painted(place, kind, (left, bottom, right, top), color))
    found += _annotations(page, raw)
    return found, order


def _fill_of(handle: Any, raw: Any) -> tuple[int, ...]:
    """Return the colour that a path is filled with; nothing where it is not filled."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(handle, mode, stroke)
    colors = [ctypes.c_uint() for _ in range(4)]
    filled = mode.value and raw.FPDFPageObj_GetFillColor(handle, *colors)
    return tuple(one.value for one in colors[:3]) if filled else ()


def _annotations(page: Any, raw: Any) -> Iterator[_Painted]:
    """Yield the annotations that lie over a page, links and highlights aside."""
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_OBJECTS)):
        annotation, box = raw.FPDFPage_GetAnnot(page, place), raw.FS_RECTF()
        plain = raw.FPDFAnnot_GetSubtype(annotation) in (
            raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_POPUP
        )  # fmt: skip
        shown = not plain and not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN_FLAGS
        if shown and raw.FPDFAnnot_GetRect(annotation, box):
            edges = (box.left, box.bottom, box.right, box.top)
            yield _Painted(_MOST_OBJECTS + place, 0, edges)
        raw.FPDFPage_CloseAnnot(annotation)


def _is_scan(painted: list[_Painted], box: Box, area: Box) -> bool:
    """Return whether text lies over a picture of the page."""
    size = _size(area) * _PICTURE
    return any(
        one.kind in (_IMAGE, _FORM)
        and _size(_common(one.box, area)) >= size
        and _covers(one.box, box)
        for one in painted
    )


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
    )  # fmt: skip


def _common(one: Box, other: Box) -> Box:
    return (
        max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    )  # fmt: skip


def _size(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _inside(box: Box, area: Box) -> bool:
    return _common(box, area) == box


def _touches(box: Box, area: Box) -> bool:
    return _size(_common(box, area)) > 0


def _covers(other: Box, box: Box) -> bool:
    """Return whether a box covers a good part of another."""
    return _size(_common(other, box)) > _size(box) / 10
