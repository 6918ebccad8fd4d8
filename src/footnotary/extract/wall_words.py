"""What walls say: the patterns of `walls.toml`, compiled when the first one is needed.

A wall names itself in its headline and speaks to its reader about this visit ("the page you
were looking for"). An article on walls has another headline, or speaks of pages in general.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

# What stands before a headline and does no harm.
_APOLOGY = r"(?:(?:oh no|oops|ups|hoppla|uh[- ]?oh|whoops|sorry|error|erreur|fehler|http)\W+)*"


def headline(wall: str) -> re.Pattern[str]:
    """Return the pattern that a whole headline of a wall matches.

    Args:
        wall: `challenge`, `missing`, `failing`, `login` or `consent`.
    """
    return _compiled(wall, "headlines", _APOLOGY)


def words(wall: str, kind: str) -> re.Pattern[str]:
    """Return the pattern of one of a wall's other lists.

    Args:
        wall: The wall, or `addresses`.
        kind: The list's name in `walls.toml`.
    """
    return _compiled(wall, kind)


@cache
def _compiled(wall: str, kind: str, before: str = "") -> re.Pattern[str]:
    """Return one pattern of all in a list."""
    alternatives = "|".join(_table()[wall][kind])
    return re.compile(f"{before}(?:{alternatives})", re.IGNORECASE)


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    """Return the lists."""
    return tomllib.loads(files(__package__).joinpath("walls.toml").read_text(encoding="utf-8"))
