"""What an import changed in the project, by the layer that took the changes."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from posix import listdir, lstat

_MOST = 20
# Names that are another on every run: of `tempfile`, and those with a time or a process in them.
PASSING = re.compile(
    r"tmp[a-z0-9_]{8}|(?<![A-Za-z0-9])(?=[a-z_]*\d)(?=[\d_]*[a-z])[a-z0-9_]{8}(?![A-Za-z0-9])"
    r"|[0-9a-f]{8}(-[0-9a-f]{4,12}){4}|[0-9a-f]{16,}|\d{4,}"
)


def listed(
    lower: str, upper: str, names: Callable[[str], list[str]], hidden: frozenset[str] = frozenset()
) -> tuple[list[str], list[str]]:
    """Return what was written and what was removed, each relative to the project.

    Args:
        lower: The project as it is.
        upper: What was copied or made.
        names: Tells the names in a folder, relative to the project, as the import sees it.
        hidden: Files that were kept from the import, which did not remove them.
    """
    written: list[str] = []
    removed: list[str] = []
    for folder in _shared(lower, upper, names, ""):
        shown = set(names(folder))
        mine, theirs = (_names(one, folder) for one in (upper, lower))
        removed += {_joined(folder, one) for one in theirs - shown} - hidden
        for one in (mine & shown) - _both(lower, upper, folder, mine & theirs):
            name = _joined(folder, one)
            mode = lstat(_joined(upper, name)).st_mode
            written.append(name + "/" * stat.S_ISDIR(mode))
        written += [one + "/" for one in _altered(lower, upper, folder, mine & theirs & shown)]
    return _short(written), _short(removed)


def _shared(
    lower: str, upper: str, names: Callable[[str], list[str]], folder: str
) -> Iterator[str]:
    """Yield the folders that are in both, from the outermost on."""
    yield folder
    mine, theirs = (_names(one, folder) for one in (upper, lower))
    for one in _both(lower, upper, folder, mine & theirs & set(names(folder))):
        yield from _shared(lower, upper, names, _joined(folder, one))


def _names(base: str, folder: str) -> set[str]:
    try:
        return set(listdir(_joined(base, folder)))
    except OSError:
        return set()  # which the application has closed to itself


def _both(lower: str, upper: str, folder: str, names: set[str]) -> set[str]:
    """Return those names that are folders on both sides."""
    found = set()
    for one in names:
        modes = (lstat(_joined(base, folder, one)).st_mode for base in (lower, upper))
        if all(map(stat.S_ISDIR, modes)):
            found.add(one)
    return found


def _altered(lower: str, upper: str, folder: str, names: set[str]) -> Iterator[str]:
    """Yield the folders whose rights were changed."""
    for one in _both(lower, upper, folder, names):
        # the layer may always enter and read what it copied
        here, there = (
            stat.S_IMODE(lstat(_joined(base, folder, one)).st_mode) | 0o600
            for base in (lower, upper)
        )
        if here != there:
            yield _joined(folder, one)


def _joined(*parts: str) -> str:
    return "/".join(filter(None, parts))


def _short(names: list[str]) -> list[str]:
    """Return names in order, each once, as they are on the next run too."""
    found = sorted({PASSING.sub("…", one) for one in names})
    more = len(found) - _MOST
    return found if more <= 0 else [*found[:_MOST], f"{more} more"]
