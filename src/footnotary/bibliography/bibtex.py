"""BibTeX, as biblatex's `@online` entries; the quote is the `annotation`."""

import re

from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry as BibEntry
from bibtexparser.model import Field

from footnotary.bibliography.entry import Entry, day, one_line
from footnotary.errors import UsageError

# LaTeX's ten special characters, as the LaTeX Companion lists them.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
}
_SPECIAL = re.compile(r"[\\{}~^&%$#_]")
_ESCAPED = re.compile(
    r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\[{}&%$#_]|[{}]"
)
_UNESCAPES = {latex: plain for plain, latex in _ESCAPES.items()}
_AND = re.compile(r"\s+and\s+(?![^{}]*\})")


def dumps(entries: tuple[Entry, ...]) -> str:
    """Return a .bib file."""
    library = Library()
    for entry in entries:
        library.add(BibEntry("online", entry.key, _fields(entry)))
    return write_string(library)


def loads(text: str) -> tuple[Entry, ...]:
    """Read a .bib file.

    Raises:
        UsageError: A block is broken; the message has its line.
    """
    library = parse_string(text, append_middleware=[])
    if library.failed_blocks:
        line = (library.failed_blocks[0].start_line or 0) + 1
        raise UsageError(
            f"The BibTeX is broken at line {line}.", hint="Mend the entry that begins there."
        )
    return tuple(_entry(found) for found in library.entries)


def _fields(entry: Entry) -> list[Field]:
    """Return an entry's fields; URLs are verbatim in biblatex, all else is escaped."""
    values = {
        "title": _escaped(entry.title),
        "author": " and ".join("{" + _escaped(name) + "}" for name in entry.authors),
        "organization": _escaped(entry.site),
        "date": entry.published.isoformat() if entry.published else "",
        "url": entry.url,
        "urldate": entry.accessed.isoformat() if entry.accessed else "",
        "annotation": _escaped(entry.quote),
        "note": _escaped(entry.claim),
        "keywords": ", ".join(_escaped(tag) for tag in entry.tags),
        "archiveurl": entry.archive_url,
    }
    return [Field(name, value) for name, value in values.items() if value]


def _entry(found: BibEntry) -> Entry:
    """Return what a BibTeX entry says, under our names and biblatex's alternatives."""
    fields = {field.key.lower(): str(field.value) for field in found.fields}

    def text(*names: str) -> str:
        return next((_plain(fields[name]) for name in names if name in fields), "")

    authors = [_plain(name) for name in _AND.split(fields.get("author", "")) if name.strip()]
    return Entry(
        key=found.key,
        url=fields.get("url", "").strip("{} "),
        title=text("title"),
        site=text("organization", "publisher", "howpublished"),
        authors=tuple(authors),
        published=day(text("date", "year")),
        accessed=day(text("urldate")),
        quote=text("annotation", "annote"),
        claim=text("note"),
        tags=tuple(tag for tag in re.split(r"\s*,\s*", text("keywords")) if tag),
        archive_url=fields.get("archiveurl", ""),
    )


def _escaped(text: str) -> str:
    """Return text as LaTeX."""
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], one_line(text))


def _plain(latex: str) -> str:
    """Return LaTeX as text: our escapes undone, grouping braces dropped."""
    return one_line(_ESCAPED.sub(lambda found: _UNESCAPES.get(found[0], ""), latex))
