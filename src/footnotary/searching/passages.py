"""The line of a page that shows best why it was found, cut to a bearable length."""

import re

from footnotary.library import BEGIN, END

_LONGEST = 320  # characters
_MARKED = re.compile(f"{BEGIN}([^{END}]*){END}")


def best_line(text: str) -> tuple[str, int]:
    """Return the line with most different marked words, and its offset in the unmarked text.

    Args:
        text: A page's text with marks; its first line is returned if there is none.
    """
    best, best_offset, most = text.split("\n", 1)[0], 0, 0
    offset = 0
    for line in text.split("\n"):
        words = {word.casefold() for word in _MARKED.findall(line)}
        if len(words) > most:
            best, best_offset, most = line, offset, len(words)
        offset += len(_unmarked(line)) + 1
    return best, best_offset


def clipped(line: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a line of bearable length, and where its marked words stand in it.

    Args:
        line: A line with marks; the first of them is kept.

    Returns:
        The words, with `…` where they are cut, and beginning and end of each marked word.
    """
    plain = _unmarked(line)
    marks = [
        (found.start() - 2 * number, found.end() - 2 * number - 2)
        for number, found in enumerate(_MARKED.finditer(line))
    ]
    begin, end = _window(plain, marks[0][0] if marks else 0)
    before, after = "… " if begin else "", " …" if end < len(plain) else ""
    shift = len(before) - begin
    inside = ((a + shift, b + shift) for a, b in marks if begin <= a and b <= end)
    return before + plain[begin:end].rstrip() + after, tuple(inside)


def _window(plain: str, focus: int) -> tuple[int, int]:
    """Return where to cut a line so that what stands at an offset stays, words whole."""
    if len(plain) <= _LONGEST:
        return 0, len(plain)
    begin = max(0, min(focus - _LONGEST // 3, len(plain) - _LONGEST))
    end = min(len(plain), begin + _LONGEST)
    if begin:
        begin = plain.find(" ", begin, focus) + 1 or begin
    if end < len(plain):
        cut = plain.rfind(" ", focus + 1, end)
        end = cut if cut > 0 else end
    return begin, end


def _unmarked(text: str) -> str:
    """Return text without the marks."""
    return text.replace(BEGIN, "").replace(END, "")
