"""RIS (Research Information Systems, `TY - ELEC`); the quote is the abstract note `N1`."""

from typing import Any

import rispy

from footnotary.bibliography.entry import Reference, collapse_space, parse_reference_day
from footnotary.errors import UsageError

_CLAIM = "Claim: "


def write_ris(entries: tuple[Reference, ...]) -> str:
    """Return a .ris file."""
    return str(rispy.dumps([_reference(entry) for entry in entries])) if entries else ""


def read_ris(text: str) -> tuple[Reference, ...]:
    """Read a .ris file.

    Raises:
        UsageError: A line is out of place.
    """
    try:
        if "TY  - " not in text:
            raise ValueError("no reference begins in it")  # noqa: TRY301  one way to say it
        found = rispy.loads(text)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The RIS is broken: {collapse_space(str(error))}.",
            hint="Each reference begins with `TY  - ` and ends with `ER  - `.",
        ) from None
    return tuple(_entry(reference) for reference in found)


def _reference(entry: Reference) -> dict[str, Any]:
    """Return one reference; empty fields are left out, all text is on one line."""
    notes = [collapse_space(entry.quote)] if entry.quote else []
    notes += [_CLAIM + collapse_space(claim) for claim in entry.claims]
    reference: dict[str, Any] = {
        "type_of_reference": "ELEC",
        "id": entry.key,
        "title": collapse_space(entry.title),
        "authors": [collapse_space(name) for name in entry.authors],
        "publisher": collapse_space(entry.site),
        "date": entry.published.isoformat().replace("-", "/") if entry.published else "",
        "access_date": entry.accessed.isoformat().replace("-", "/") if entry.accessed else "",
        "urls": [entry.url] if entry.url else [],
        "notes": notes,
        "keywords": [collapse_space(tag) for tag in entry.tags],
        "file_attachments1": entry.archive_url,
    }
    return {name: value for name, value in reference.items() if value}


def _entry(found: dict[str, Any]) -> Reference:
    """Return what a reference says."""
    notes = [str(note) for note in found.get("notes", ())]
    claims = [note.removeprefix(_CLAIM) for note in notes if note.startswith(_CLAIM)]
    quotes = [note for note in notes if not note.startswith(_CLAIM)]
    urls = found.get("urls") or [found.get("url", "")]
    title = found.get("title") or found.get("primary_title") or ""
    return Reference(
        key=str(found.get("id", "")),
        url=str(urls[0]),
        title=str(title),
        site=str(found.get("publisher", "")),
        authors=tuple(map(str, found.get("authors") or found.get("first_authors") or ())),
        published=parse_reference_day(
            str(found.get("date") or found.get("publication_year") or "")
        ),
        accessed=parse_reference_day(str(found.get("access_date", ""))),
        quote=quotes[0] if quotes else "",
        claims=tuple(claims),
        tags=tuple(map(str, found.get("keywords", ()))),
        archive_url=str(found.get("file_attachments1", "")),
    )
