"""What the bibliography formats have in common."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from footnotary.bibliography.names import PersonName, recorded_name, split_person
from footnotary.models import Citation, Model

_CLAIM = " || Claim: "
_OWN_KEY = re.compile(r"[a-z0-9-]+-[0-9a-f]{6}")
_DOI = re.compile(r"10\.\d{4,9}/\S+|\b10/[a-z0-9]{3,}")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")


class Reference(Model):
    """One reference, between a citation record and a bibliography format.

    Attributes:
        key: The citation's key.
        url: The source.
        title: Title of the page.
        site: Name of the site.
        authors: Authors, in order, each name in its natural order.
        published: Day of publication.
        modified: Day of the last change.
        accessed: Day of the last reading.
        quote: The page's own words.
        claims: The sentences it supports.
        tags: The user's own words.
        archive_url: A snapshot, or empty.
    """

    key: str = ""
    url: str = ""
    title: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    accessed: date | None = None
    quote: str = ""
    claims: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    archive_url: str = ""

    def people(self) -> list[tuple[str, PersonName | None]]:
        """Return each author's name, and its parts where it has a person's form."""
        try:
            hosts = (urlsplit(self.url).hostname or "").split(".")
        except ValueError:
            hosts = []
        return [(name, split_person(name, self.site, *hosts)) for name in self.authors]


@dataclass(frozen=True)
class Bibliography:
    """What a file of references says.

    Attributes:
        references: Its entries, in order.
        broken: Why other entries could not be read, each with its place.
    """

    references: tuple[Reference, ...]
    broken: tuple[str, ...] = ()


def make_reference(citation: Citation) -> Reference:
    """Return what a bibliography says of a citation."""
    return Reference(
        key=citation.key,
        url=citation.final_url,
        title=collapse_space(citation.title),
        site=collapse_space(citation.site),
        authors=tuple(filter(None, map(recorded_name, citation.authors))),
        published=citation.published,
        modified=citation.modified,
        accessed=citation.accessed,
        quote=citation.quote.exact,
        claims=tuple(dict.fromkeys(claim.text for claim in citation.claims)),
        tags=split_tags(",".join(citation.tags)),
        archive_url=citation.archive_url,
    )


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a list with commas, each once."""
    return tuple(dict.fromkeys(filter(None, map(collapse_space, text.split(",")))))


def write_annotation(entry: Reference) -> str:
    """Return quote and claims as the one field of a format that is for the user's own words.

    Styles print a `note` in the bibliography, and reference managers read `Name: value` out of it;
    an annotation they import as a note of the user's.
    """
    claims = (f"{_CLAIM}{collapse_space(claim)}" for claim in entry.claims)
    return "".join((collapse_space(entry.quote), *claims))


def annotated(text: str, note: str, key: str) -> tuple[str, tuple[str, ...]]:
    """Return the quote and the claims of an annotation.

    Args:
        text: The annotation.
        note: The reference's note: releases before 0.2 put the claim there; of other programs it
            is no claim (`in press`).
        key: The reference's key, by which theirs are known.
    """
    quote, *claims = (collapse_space(part) for part in text.split(_CLAIM))
    if not claims and quote and is_own_key(key):
        claims = [collapse_space(note)]
    return quote, tuple(filter(None, claims))


def is_own_key(key: str) -> bool:
    """Return whether a reference's key has the form of a citation's: we have exported it."""
    return _OWN_KEY.fullmatch(key) is not None


_CHANGED = "Last changed "


def change_note(entry: Reference) -> str:
    """Return the note of a reference: the day of its last change, a field no format has."""
    return f"{_CHANGED}{entry.modified}" if entry.modified else ""


def changed_day(note: str) -> date | None:
    """Return the day of the last change in a note that `change_note` wrote, or None."""
    return parse_reference_day(note.removeprefix(_CHANGED)) if note.startswith(_CHANGED) else None


def read_doi(text: str) -> str:
    """Return the address of a DOI in a text, which may be short (`10/abc`); empty without one."""
    found = _DOI.search(text)
    return f"https://doi.org/{found[0].rstrip('}')}" if found else ""


def collapse_space(text: str) -> str:
    """Return text with every run of white space as one space; all three formats need it."""
    return " ".join(text.split())


def parse_reference_day(text: str) -> date | None:
    """Read the day that a text begins with, ISO or with slashes as RIS has it; else None."""
    found = _DAY.match(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
