"""From the characters of a PDF's page to its text: lines, columns, raised and lowered digits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from footnotary.extract.formulas import lowered_digits, raised_digits
from footnotary.extract.pdf_chars import Char, Run
from footnotary.models import UNREADABLE

_GAP = 1.8  # of a font's size, between words of one line that belong together
_SMALLER = 0.87  # of the size of the text around it, for a raised digit
_SHIFT = 0.05  # of that size, by which a smaller one is raised or lowered
_LARGE_SHIFT = 0.2  # the same for one as large
_MOST_SHIFT = 0.95
_NEXT = 1.0  # of the size, between a number and its exponent
_ALIGNED = 4.0  # points between the beginnings of one column's lines
_FEWEST_ROWS = 3
_FEWEST_WORDS = 3  # of a line of a column, mostly
_SHORTEST = 14  # characters of a line of a column, on average
_MOST_COLUMNS = 6


@dataclass
class _Piece:
    """A stretch of one line without a large gap."""

    left: float
    right: float
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(self.parts)

    @property
    def is_prose(self) -> bool:
        """Whether it may be a line of a column of prose, rather than a cell."""
        words = self.text.split()
        return len(words) >= _FEWEST_WORDS and len(self.text) >= _SHORTEST


_Line = list[_Piece]


def page_text(chars: list[Char]) -> str:
    """Return the text of a page, one line a line, one column after the other."""
    lines = [line for line in _lines(_leveled(chars)) if line]
    return "\n".join(_written(lines, _MOST_COLUMNS))


def _leveled(chars: list[Char]) -> list[tuple[Char, str]]:
    """Return the characters with what stands for each: raised digits are told from plain ones."""
    levels = _levels(chars)
    out = [(one, one.text) for one in chars]
    _join_levels(out, levels)
    place = 0
    while place < len(chars):
        level = levels[place]
        end = place + 1
        while end < len(chars) and levels[end] == level and chars[end].run is not None:
            end += 1
        if level and chars[place].run is not None:
            _write_level(out, place, end, level)
        place = end
    for before, here in pairwise(range(len(out))):
        if _are_joined_wrongly(out[before], out[here]):
            out[here] = (out[here][0], UNREADABLE + out[here][1])
    return out


def _join_levels(out: list[tuple[Char, str]], levels: list[int]) -> None:
    """Take out the line ends that PDFium makes up between a number and its exponent."""
    last = -1
    for place, (one, _) in enumerate(out):
        if one.run is None:
            continue
        before = out[last][0] if last >= 0 else None
        if before is not None and before.run is not None and place > last + 1:
            size = max(before.run.size, one.run.size)
            beside = abs(one.box[0] - before.box[2]) < size * _NEXT
            if beside and (levels[last] or levels[place]) and abs(before.run.y - one.run.y) < size:
                for made_up in range(last + 1, place):
                    char, text = out[made_up]
                    out[made_up] = (char, text if text == " " else "")
        last = place


def _write_level(out: list[tuple[Char, str]], start: int, end: int, level: int) -> None:
    """Write digits and signs beside a number as raised or lowered ones."""
    text = "".join(part for _, part in out[start:end])
    small = raised_digits(text) if level > 0 else lowered_digits(text)
    if small is None:
        return
    before = "".join(part for _, part in out[max(0, start - 4) : start]).rstrip(".,;:")
    behind = "".join(part for _, part in out[end : end + 1])
    if before[-1:].isdigit() or before[-1:] == ")" or behind[:1].isdigit():
        out[start:end] = [(out[start + n][0], part) for n, part in enumerate(small)]


def _are_joined_wrongly(one: tuple[Char, str], other: tuple[Char, str]) -> bool:
    """Return whether two plain digits that touch stand on different lines: a stacked fraction."""
    (first, left), (second, right) = one, other
    if first.run is None or second.run is None or first.run is second.run:
        return False
    if not (left[-1:].isdecimal() and right[:1].isdecimal()):
        return False
    return abs(first.run.y - second.run.y) > max(first.run.size, second.run.size) * _SHIFT


def _levels(chars: list[Char]) -> list[int]:
    """Return of each character whether it is raised (1), lowered (-1) or neither."""
    levels: list[int] = []
    base: Run | None = None  # the last that is on its line
    last: Char | None = None
    before = 0
    for one in chars:
        run = one.run
        if run is None or not run.upright:
            levels.append(0)
            continue
        if base is None or last is None:
            level = 0
        elif run is last.run:
            level = before
        else:
            level = _level(one, run, base, last)
        levels.append(level)
        last, before = one, level
        if level == 0:
            base = run
    return levels


def _level(one: Char, run: Run, base_run: Run, last: Char) -> int:
    """Return the level of a character beside the last that is on its line."""
    size = base_run.size
    shift = run.y - base_run.y
    beside = -size * _NEXT < one.box[0] - last.box[2] < size * _NEXT
    least = _SHIFT if run.size < size * _SMALLER else _LARGE_SHIFT
    if not beside or run.size > size * 1.1 or not size * least < abs(shift) < size * _MOST_SHIFT:
        return 0
    return 1 if shift > 0 else -1


def _lines(leveled: list[tuple[Char, str]]) -> Iterator[_Line]:
    """Yield the lines of a page, each in pieces between large gaps."""
    line: _Line = []
    last: Char | None = None
    blanks = 0  # that are drawn since then
    for one, text in leveled:
        if one.run is None and text in ("\r", "\n"):
            if text == "\n":
                yield line
                line, last = [], None
            continue
        if one.run is None:
            if line:
                line[-1].parts.append(text)
            continue
        if last is not None and _is_below(last, one):  # behind a hyphen there is no line's end
            yield line
            line, last = [], None
        if not line or last is None or _is_apart(last, one, blanks):
            line.append(_Piece(one.box[0], one.box[2]))
        line[-1].parts.append(text)
        line[-1].right = max(line[-1].right, one.box[2])
        blanks = 0 if one.text.strip() else blanks + 1
        if not blanks:
            last = one
    yield line


def _is_below(last: Char, one: Char) -> bool:
    """Return whether a character begins another line."""
    if last.run is None or one.run is None or not one.run.upright:
        return False
    return abs(one.run.y - last.run.y) > one.run.size / 2 and one.box[0] < last.box[0]


def _is_apart(last: Char, one: Char, blanks: int) -> bool:
    """Return whether a character begins behind a gap larger than its blanks, or further back."""
    size = max(last.run.size if last.run else 0.0, one.run.size if one.run else 0.0)
    upright = one.run is None or one.run.upright
    gap = one.box[0] - last.box[2]
    return upright and one.text.strip() != "" and (gap > size * (_GAP + blanks) or gap < -size * 3)


def _written(lines: list[_Line], most: int) -> Iterator[str]:
    """Yield the lines of a page; those that run across a gutter column by column."""
    gutter = _gutter(lines) if most > 1 else None
    if gutter is None:
        yield from map(_one_line, lines)
        return
    first, last, x = gutter
    yield from _written(lines[:first], most - 1)
    block = lines[first : last + 1]
    yield from _written(_side(block, x, left=True), most - 1)
    yield from _written(_side(block, x, left=False), most - 1)
    yield from _written(lines[last + 1 :], most - 1)


def _side(block: list[_Line], x: float, *, left: bool) -> list[_Line]:
    """Return what of some lines is on one side of a gutter."""
    sides = ([piece for piece in line if (piece.left < x) == left] for line in block)
    return [line for line in sides if line]


def _one_line(line: _Line) -> str:
    """Return a line; two stretches of prose in it are not said to go on from one another."""
    text = ""
    for before, piece in zip((None, *line), line, strict=False):
        if before is not None and before.is_prose and piece.is_prose:
            text += f" {UNREADABLE} "
        elif text and not text[-1].isspace():
            text += " "
        text += piece.text
    return text


def _gutter(lines: list[_Line]) -> tuple[int, int, float] | None:
    """Return first and last line of a block of columns, and where its gutter ends; or None."""
    rows: dict[int, list[tuple[int, _Piece, _Piece]]] = {}
    for number, line in enumerate(lines):
        for left, right in pairwise(line):
            if right.left > left.right:
                rows.setdefault(round(right.left / _ALIGNED), []).append((number, left, right))
    for cell in sorted(rows):
        found = sorted(rows[cell] + rows.get(cell + 1, []), key=lambda row: row[0])
        if len(found) >= _FEWEST_ROWS and _are_columns(found):
            x = min(right.left for _, _, right in found) - 0.5
            return found[0][0], _last_row(lines, found, x), x
    return None


def _are_columns(rows: list[tuple[int, _Piece, _Piece]]) -> bool:
    """Return whether rows of two pieces are lines of prose side by side, not cells of a table."""
    most = len(rows) * 0.6
    left = sum(one.is_prose for _, one, _ in rows)
    return min(left, sum(other.is_prose for _, _, other in rows)) >= most


def _last_row(lines: list[_Line], rows: list[tuple[int, _Piece, _Piece]], x: float) -> int:
    """Return the last line of a block: no line between crosses the gutter."""
    last = rows[0][0]
    for number in range(rows[0][0], rows[-1][0] + 1):
        if any(piece.left < x < piece.right for piece in lines[number]):
            break
        last = number
    return last
