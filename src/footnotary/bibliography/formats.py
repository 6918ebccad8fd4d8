"""The formats by name; each is imported when it is asked for."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from footnotary.bibliography.entry import Reference, make_reference
from footnotary.errors import UsageError
from footnotary.models import Citation

FORMATS = {"bibtex": "bibtex", "csl-json": "csl", "ris": "ris"}
_SUFFIXES = {".bib": "bibtex", ".json": "csl-json", ".ris": "ris"}


def exported(citations: Iterable[Citation], format_name: str) -> str:
    """Return citations in a bibliography format.

    Args:
        citations: The records.
        format_name: One of `FORMATS`.

    Raises:
        UsageError: There is no such format.
    """
    entries = tuple(make_reference(citation) for citation in citations)
    return str(_function("write", format_name)(entries))


def imported(text: str, format_name: str) -> tuple[Reference, ...]:
    """Read a bibliography; what it says is a promise, nothing of it has been checked.

    Args:
        text: The file's content.
        format_name: One of `FORMATS`.

    Raises:
        UsageError: There is no such format, or the text is none of it.
    """
    return tuple(_function("read", format_name)(text))


def format_of(suffix: str) -> str:
    """Return the format a file's suffix stands for.

    Args:
        suffix: Such as `.bib`.

    Raises:
        UsageError: It stands for none.
    """
    try:
        return _SUFFIXES[suffix.lower()]
    except KeyError:
        raise UsageError(
            f"A file that ends in {suffix!r} is of no known bibliography format.",
            hint="Name it .bib, .json (CSL-JSON) or .ris, or say --format.",
        ) from None


def _function(verb: str, format_name: str) -> Callable[[Any], Any]:
    """Return a format's own `read_…` or `write_…`."""
    if format_name not in FORMATS:
        raise UsageError(
            f"There is no format {format_name!r}.", hint="One of: " + ", ".join(FORMATS) + "."
        )
    name = FORMATS[format_name]
    found: Callable[[Any], Any] = getattr(
        import_module(f"footnotary.bibliography.{name}"), f"{verb}_{name}"
    )
    return found
