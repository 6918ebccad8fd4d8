"""What the bibliography formats have in common."""

from datetime import date

from footnotary.models import Citation, Model

_BETWEEN = " || "  # claims of one reference


class Entry(Model):
    """One reference, between a citation record and a bibliography format.

    Attributes:
        key: The citation's key.
        url: The source.
        title: Title of the page.
        site: Name of the site.
        authors: Authors, in order.
        published: Day of publication.
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
    accessed: date | None = None
    quote: str = ""
    claims: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    archive_url: str = ""


def entry_of(citation: Citation) -> Entry:
    """Return what a bibliography says of a citation.

    Args:
        citation: The record.
    """
    return Entry(
        key=citation.key,
        url=citation.final_url,
        title=citation.title,
        site=citation.site,
        authors=citation.authors,
        published=citation.published,
        accessed=citation.accessed,
        quote=citation.quote.exact,
        claims=tuple(dict.fromkeys(claim.text for claim in citation.claims)),
        tags=citation.tags,
        archive_url=citation.archive_url,
    )


def claims_in(note: str) -> tuple[str, ...]:
    """Return the claims of a note, as `noted` has joined them."""
    return tuple(claim for part in note.split(_BETWEEN) if (claim := one_line(part)))


def noted(claims: tuple[str, ...]) -> str:
    """Return claims as one note: BibTeX and CSL have one field for them."""
    return _BETWEEN.join(map(one_line, claims))


def one_line(text: str) -> str:
    """Return text with every run of white space as one space; all three formats need it."""
    return " ".join(text.split())


def day(text: str) -> date | None:
    """Read an ISO date, or one with slashes as RIS has it; None for anything else."""
    try:
        return date.fromisoformat(text.strip().replace("/", "-").strip("-")[:10])
    except ValueError:
        return None
