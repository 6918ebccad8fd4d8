"""Stand-ins in the text of a page while its tags are taken out: control characters.

No page has them. What style and elements say of a place is put into the tree, or in the place of a
tag, as one of them.
`html_text` turns them into white space, into U+FFFC, which no quote runs across, or into stretches.
"""

import re
from unicodedata import bidirectional

from footnotary.models import UNREADABLE

BREAK = "\v"
HEADING = "\x01"
KEPT_BREAK, KEPT_SPACE, KEPT_TAB = "\x02", "\x03", "\x04"
CELL = "\x05"
RAISED, LOWERED, LEVEL_END = "\x06", "\x07", "\x08"
# Around what a reader opens with one act.
OPENED, CLOSED = "\x0e", "\x0f"
# Before what a style reads in another place; it ends with `CLOSED`.
MOVED = "\x7f"
# Before what a script shows, and before what may be hidden; both end with `CLOSED`.
UNSURE, DOUBTFUL = "\x10", "\x11"
# Around the rows of tables, and around preformatted text.
ROW, ROW_END, KEPT, KEPT_END = "\x12", "\x13", "\x14", "\x15"
# Where something without meaning is drawn: no word goes on behind it.
DRAWN = "\x16"
# Where the level of the line, or the order of what is on it, changes: no number goes on behind it.
SHIFTED, PLACED = "\x17", "\x18"
GAP = DRAWN + SHIFTED
# A sign that is of a number which begins behind it.
SIGN = "\x1f"
# A space, except beside a digit, where a generated sign may be a part of the number.
PAD = "\x19"
# Around the words that a style generates.
GENERATED, GENERATED_END = "\x1a", "\x1b"
# Around captions and terms, which a quote may begin with and does not run into.
BORDER, BORDER_END = "\x1c", "\x1d"
# White space from here on is the text's own, or its line ends are, or none is; and the end of that.
KEEPS, KEEPS_LINES, COLLAPSES, AS_BEFORE = "\x1eP", "\x1eL", "\x1eN", "\x1eE"

KEEPING_ELEMENTS = frozenset({"listing", "plaintext", "pre", "xmp"})
_ENDS_AND_STARTS = KEEPING_ELEMENTS | {f"/{name}" for name in KEEPING_ELEMENTS}
_KEEPING = {
    KEEPS: str.maketrans({"\n": KEPT_BREAK, " ": KEPT_SPACE, "\t": KEPT_TAB}),
    KEEPS_LINES: str.maketrans({"\n": KEPT_BREAK}),
}
_KEEPING_MARK = re.compile("(\x1e.)")
_SIGHTLESS = "\x01\x0e\x0f\x10\x11\x12\x13\x14\x15\x1c\x1d\x7f"  # marks that draw nothing
_DRAWING = f"{DRAWN}{SHIFTED}{PLACED}{SIGN}"
_RUN = re.compile(f"[{_DRAWING}{_SIGHTLESS}]+")
_PADDED = re.compile(f"(?<=[^0-9\\s{_SIGHTLESS}]){PAD}(?=[^0-9\\s{_SIGHTLESS}])")
_MADE = re.compile(f"{GENERATED}([^{GENERATED_END}]*){GENERATED_END}")
_OVERRIDDEN = re.compile("[\u202d\u202e][^\u202c\n]*")
_PARTING = re.compile(f"[{BREAK}{CELL}{UNREADABLE}]+")
_MARK = re.compile("\x1e.|[\x01-\x08\x0b\x0e-\x1f\x7f]")
_ROOM = 16  # characters that are looked at beside a place


def keep_spaces(parts: list[str]) -> None:
    """Let the white space of preformatted text outlive the collapsing.

    Args:
        parts: Text and tag names, alternating; changed in place.
    """
    modes = [COLLAPSES]
    for index in range(0, len(parts), 2):
        name = parts[index - 1] if index else ""
        opening = ""
        if name not in _ENDS_AND_STARTS:
            if modes[-1] in _KEEPING or "\x1e" in parts[index]:
                parts[index] = _kept(parts[index], modes)
            continue
        if name in KEEPING_ELEMENTS:
            opening = AS_BEFORE[0] if parts[index].startswith(COLLAPSES) else KEEPS
            modes.append(COLLAPSES if opening != KEEPS else KEEPS)
        elif name.startswith("/") and name[1:] in KEEPING_ELEMENTS and len(modes) > 1:
            kept = modes.pop() in _KEEPING
            if kept and not _keeps(modes):
                parts[index - 2] += KEPT_END
        text = _kept(parts[index], modes)
        is_outermost = opening == KEEPS and not _keeps(modes[:-1])
        parts[index] = (KEPT if is_outermost else "") + text


def _keeps(modes: list[str]) -> bool:
    return any(mode in _KEEPING for mode in modes)


def _kept(text: str, modes: list[str]) -> str:
    """Return one text with its white space as the modes say; marks in it change them."""
    if "\x1e" not in text:
        return text.translate(_KEEPING[modes[-1]]) if modes[-1] in _KEEPING else text
    pieces = _KEEPING_MARK.split(text)
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            pieces[place] = piece.translate(_KEEPING.get(modes[-1], {}))
            continue
        before = _keeps(modes)
        if piece == AS_BEFORE:
            del modes[max(1, len(modes) - 1) :]
        else:
            modes.append(piece)
        after = _keeps(modes)
        pieces[place] = "" if before == after else KEPT_END if before else KEPT
    return "".join(pieces)


def in_rows(joined: str) -> str:
    """Return text in which a cell of blocks begins and ends on the line of its row."""
    # Cells without words at the ends of a row, and line breaks beside the border of a cell.
    first, *starts = joined.split(ROW)
    joined = ROW.join([first, *(part.lstrip(_BORDERING) for part in starts)])
    *ends, last = joined.split(ROW_END)
    joined = ROW_END.join([*(part.rstrip(_BORDERING) for part in ends), last])
    cells = joined.split(CELL)
    if len(cells) > 1:
        inner = (cell.strip(_BORDERING) for cell in cells[1:-1])
        joined = CELL.join([cells[0].rstrip(_BORDERING), *inner, cells[-1].lstrip(_BORDERING)])
    return joined.replace(ROW + ROW_END, "")


_BORDERING = f" {BREAK}{CELL}"
_KEPT_STARTS = re.compile(f"{KEPT}{KEPT_BREAK}+")


def without_blank_ends(joined: str) -> str:
    """Return text without the blank lines at the ends of what is preformatted."""
    # Where spaces are the text's own, they are marks.
    joined = joined.replace(f" {KEPT_BREAK}", KEPT_BREAK).replace(f"{KEPT_BREAK} ", KEPT_BREAK)
    *ends, last = _KEPT_STARTS.sub(KEPT, joined).split(KEPT_END)
    joined = KEPT_END.join([*(part.rstrip(KEPT_BREAK) for part in ends), last])
    return joined.replace(KEPT + KEPT_END, "")


def resolve_places(text: str) -> tuple[str, list[str]]:
    """Return text with U+FFFC where it goes on behind what is drawn, raised or put elsewhere.

    Returns:
        The text, in which `GENERATED` stands for words that a style generates, and these words.
    """
    made: list[str] = []

    def noted(found: re.Match[str]) -> str:
        made.append(found[1])
        return GENERATED

    if GENERATED in text:
        text = _MADE.sub(noted, text)
        text = _PADDED.sub(" ", text).replace(PAD, "")
    if any(mark in text for mark in _DRAWING):
        text = _RUN.sub(_parted, text)
    return text, made


def without_marks(text: str) -> str:
    """Return what is directly in a tree without marks, and without what a style writes."""
    if not _MARK.search(text):
        return text
    return _MARK.sub("", _PARTING.sub(" ", _MADE.sub("", text)))


def without_overridden(text: str) -> str:
    """Return text, of the same length, without what is drawn against the order of its letters.

    Args:
        text: Any text, which U+202D and U+202E may turn round (UAX #9, section 2.2).
    """
    if "\u202e" in text or "\u202d" in text:
        return _OVERRIDDEN.sub(_unread, text)
    return text


def runs_leftwards(text: str) -> bool:
    """Return whether a text has letters of a script that is written from right to left."""
    return any(bidirectional(character) in ("R", "AL") for character in text)


def _unread(found: re.Match[str]) -> str:
    """Return U+FFFC for letters of an override unless they run so by themselves."""
    as_they_run = runs_leftwards(found[0]) == (found[0][0] == "\u202e")
    return found[0] if as_they_run else UNREADABLE * len(found[0])


def _parted(found: re.Match[str]) -> str:
    """Return what is left of marks at a place: those that draw nothing, and maybe U+FFFC."""
    marks = found[0].rstrip(_SIGHTLESS)
    behind = found[0][len(marks) :]
    left = found.string[max(0, found.start() - _ROOM) : found.start()].rstrip(_SIGHTLESS)
    right = found.string[found.end() : found.end() + _ROOM].lstrip(_SIGHTLESS)
    parts = (DRAWN in marks or PLACED in marks) and left[-1:].isalnum() and right[:1].isalnum()
    parts = parts or (SIGN in marks and right[:1].isdigit())
    if not parts and (SHIFTED in marks or PLACED in marks):
        parts = _joins_number(left, right)
    if not parts and PLACED in marks:
        parts = _joins_number(left.rstrip(" "), right.lstrip(" "))
    kept = "".join(mark for mark in marks if mark in _SIGHTLESS)
    return f"{kept}{UNREADABLE if parts else ''}{behind}"


def _joins_number(left: str, right: str) -> bool:
    """Return whether what touches on both sides has a digit: signs belong to numbers."""
    before, after = left[-1:], right[:1]
    if not before.strip() or not after.strip():
        return False
    return before.isdigit() or after.isdigit()
