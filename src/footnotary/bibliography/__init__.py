"""Citations as BibTeX, CSL-JSON and RIS, and back: pure, no file is read or written.

What is exported holds the quote and the access date, so that what comes back can be
checked against its source again. Nothing that is imported counts as verified before
that: `keeping.bring_in` reads every page anew.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from footnotary.bibliography.entry import Bibliography, Reference, make_reference
from footnotary.errors import UsageError
from footnotary.models import Citation

__all__ = [
    "FORMATS",
    "Bibliography",
    "Reference",
    "format_of",
    "make_reference",
    "read_bibliography",
    "write_bibliography",
]

FORMATS = {"bibtex": "bibtex", "csl-json": "csl", "ris": "ris"}
"""Name of each format, and the module that is imported when it is asked for."""
_SUFFIXES = {".bib": "bibtex", ".json": "csl-json", ".ris": "ris"}


def write_bibliography(citations: Iterable[Citation], format_name: str) -> str:
    """Return citations in a bibliography format.

    Raises:
        UsageError: Unknown format.
    """
    return str(_function("write", format_name)(map(make_reference, citations)))


def read_bibliography(text: str, format_name: str) -> Bibliography:
    """Read a bibliography; what it says is a promise, nothing of it has been checked.

    Returns:
        The references, and why entries that are broken could not be read.

    Raises:
        UsageError: Unknown format, or the text has no entry that can be read.
    """
    found: Bibliography = _function("read", format_name)(text)
    if found.broken and not found.references:
        raise UsageError(
            f"The {format_name} is broken: {found.broken[0]}",
            hint="Fix the entry, or export the file again from its program.",
        )
    return found


def format_of(suffix: str) -> str:
    """Return the format a file's suffix stands for.

    Raises:
        UsageError: It stands for none.
    """
    try:
        return _SUFFIXES[suffix.lower()]
    except KeyError:
        raise UsageError(
            f"Unknown bibliography format: a file that ends in {suffix!r}.",
            hint="Name it .bib, .json (CSL-JSON) or .ris, or give --format.",
        ) from None


def _function(verb: str, format_name: str) -> Callable[[Any], Any]:
    """Return a format's own `read_…` or `write_…`."""
    if format_name not in FORMATS:
        raise UsageError(
            f"Unknown format {format_name!r}.", hint="Supported: " + ", ".join(FORMATS) + "."
        )
    name = FORMATS[format_name]
    found: Callable[[Any], Any] = getattr(
        import_module(f"footnotary.bibliography.{name}"), f"{verb}_{name}"
    )
    return found
