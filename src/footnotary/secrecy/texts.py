"""A text without what must not be written down, whatever it is: prose, code, SQL, a message."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import pairwise

from footnotary.secrecy.assignments import is_named, is_random, without_assigned
from footnotary.secrecy.credentials import MASK, without_forms, without_userinfo
from footnotary.secrecy.names import Secrecy, secrecy_of, split_name

# Shorter values (`true`, `8000`) are no secrets and stand everywhere.
SHORTEST = 6
_DELIMITER = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_EDGE = re.compile(r"(?<!\\)\|")
_ONE_WORD = re.compile(r"[\w.+=~!$%&*-]+")  # no path, no call
_VALUE = re.compile(r"[^\s*_`\"'](?:.*[^\s*_`\"'])?")
_PASSWORDS = frozenset(("password", "passwd", "passphrase", "passcode", "pwd", "pw", "secret"))
_MOST_WORDS = 4  # of a cell that is a name


def secret_cells_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the cells of Markdown tables hold a secret: begin and end of each."""
    if "|" not in text or "-" not in text:
        return
    header: list[str] = []
    line_before, at = "", 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if "-" in bare and "|" in line_before + bare and _DELIMITER.fullmatch(bare):
            header = [name for _, _, name in _cells(line_before)]
        elif "|" not in bare:
            header = []
        elif header:
            yield from ((at + begin, at + end) for begin, end in _of_row(bare, header))
        line_before, at = bare, at + len(line)


def without_secret_cells(text: str) -> str:
    """Return a text with `***` in the cells of its tables that hold a secret."""
    pieces, done = [], 0
    for begin, end in secret_cells_in(text):
        pieces += [text[done:begin], MASK]
        done = end
    return "".join([*pieces, text[done:]])


def _cells(line: str) -> list[tuple[int, int, str]]:
    """Return the cells of a row: begin, end and text of each, without emphasis and quotes."""
    begin = len(line) - len(line.lstrip(" \t>"))
    edges = [each.start() for each in _EDGE.finditer(line, begin)]
    if edges[:1] != [begin]:
        edges.insert(0, begin - 1)
    if line[edges[-1] + 1 :].strip():
        edges.append(len(line))
    found = []
    for first, last in pairwise(edges):
        cell = line[first + 1 : last]
        value = _VALUE.search(cell)
        at = first + 1 + (value.start() if value else 0)
        found.append((at, at + len(value[0]) if value else at, value[0] if value else ""))
    return found


def _of_row(line: str, header: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where a row holds a secret."""
    cells = _cells(line)
    first = cells[0][2] if cells else ""
    for at, (begin, end, value) in enumerate(cells):
        name = header[at] if at < len(header) else ""
        is_secret = _is_secret(value, name) or (
            at > 0
            and _is_name(first)
            and _ONE_WORD.fullmatch(value) is not None
            and is_random(value)
            and not is_named(value, first)
        )
        if is_secret:
            yield begin, end


def _is_secret(value: str, name: str) -> bool:
    """Return whether a cell is the secret that its column's name says it is."""
    if not _is_name(name) or " " in value or is_named(value, name):
        return False
    return not _PASSWORDS.isdisjoint(split_name(name)[-1:]) or is_random(value)


def _is_name(cell: str) -> bool:
    """Return whether a cell names a secret."""
    return 0 < len(cell.split()) <= _MOST_WORDS and secrecy_of(cell) is Secrecy.SECRET


def without_credentials(text: str, known: Collection[str] = ()) -> str:
    """Return a text with `***` for every credential in it.

    Args:
        text: Any text.
        known: Values that are secrets whatever their form, such as those of a `.env` file.
    """
    if len(text) < SHORTEST:
        return text
    for value in known:
        if value in text:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", MASK, text)
    return _masked(text)


@lru_cache(maxsize=65_536)
def _masked(text: str) -> str:
    """Return a text without credentials; what a document says comes again in its facts."""
    found = without_secret_cells(without_assigned(without_forms(without_userinfo(text))))
    return text if found == text else found
