"""The formats by name; each is imported when it is asked for."""

from collections.abc import Iterable
from importlib import import_module

from footnotary.bibliography.entry import Entry, entry_of
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
    entries = tuple(entry_of(citation) for citation in citations)
    return str(_module(format_name).dumps(entries))


def imported(text: str, format_name: str) -> tuple[Entry, ...]:
    """Read a bibliography; what it says is a promise, nothing of it has been checked.

    Args:
        text: The file's content.
        format_name: One of `FORMATS`.

    Raises:
        UsageError: There is no such format, or the text is none of it.
    """
    return tuple(_module(format_name).loads(text))


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


def _module(format_name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  a module
    """Import a format's module."""
    if format_name not in FORMATS:
        raise UsageError(
            f"There is no format {format_name!r}.", hint="One of: " + ", ".join(FORMATS) + "."
        )
    return import_module(f"footnotary.bibliography.{FORMATS[format_name]}")
