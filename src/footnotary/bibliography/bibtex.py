"""BibTeX, as biblatex's `@online` entries; quote and claims are the `annote`.

It is biblatex's other name for `annotation`, and the one that other programs import as a note.
Days are there twice: biblatex reads `date`, styles of BibTeX `year` and `month`.
"""

import logging
import re
from collections.abc import Iterable
from datetime import date

from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.middlewares.enclosing import REMOVED_ENCLOSING_KEY
from bibtexparser.middlewares.names import split_multiple_persons_names
from bibtexparser.middlewares.parsestack import default_unparse_stack
from bibtexparser.model import Block, DuplicateBlockKeyBlock, Field
from bibtexparser.model import Entry as BibEntry

from footnotary.bibliography.entry import (
    Bibliography,
    Reference,
    annotated,
    change_note,
    changed_day,
    parse_reference_day,
    split_tags,
    write_annotation,
)
from footnotary.bibliography.names import PersonName, natural_name
from footnotary.bibliography.tex import escape_tex, read_tex

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_URL = re.compile(r"\\url\{([^{}]+)\}")
_URL_ESCAPE = re.compile(r"\\([_%&#~$])")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_OPERAND = re.compile(r'\{(?:[^{}]|\{[^{}]*\})*\}|"[^"]*"|[^\s#{}"]+')
_WHOLE = re.compile(r"\{.*\}", re.DOTALL)
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # we name broken entries ourselves


def write_bibtex(entries: Iterable[Reference]) -> str:
    """Return a .bib file."""
    stack = default_unparse_stack(allow_inplace_modification=True)
    libraries = (Library([BibEntry("online", one.key, _fields(one))]) for one in entries)
    return "\n\n".join(write_string(library, unparse_stack=stack) for library in libraries)


def read_bibtex(text: str) -> Bibliography:
    """Read a .bib file; broken entries are named by their lines."""
    library = parse_string(text, append_middleware=[])
    for entry in library.entries:
        _concatenate(entry, library)
    doubled = [block.ignore_error_block for block in library.failed_blocks if _is_doubled(block)]
    entries = [*library.entries, *(_bare(one) for one in doubled if isinstance(one, BibEntry))]
    return Bibliography(
        tuple(_entry(found) for found in sorted(entries, key=lambda one: one.start_line or 0)),
        tuple(_problem(block) for block in library.failed_blocks if not _is_doubled(block)),
    )


def _problem(block: Block) -> str:
    """Return where a block is broken, and how it begins."""
    begins = " ".join((block.raw or "").split())[:60]
    return f"line {(block.start_line or 0) + 1}: the entry is not closed or lacks a sign: {begins}"


def _concatenate(entry: BibEntry, library: Library) -> None:
    """Put the value of `a # " and " # b` in its place, which the parser leaves as it is."""
    bare = entry.parser_metadata[REMOVED_ENCLOSING_KEY]
    known = {name.lower(): str(one.value) for name, one in library.strings_dict.items()}
    for field in entry.fields:
        if "#" in str(field.value) and bare.get(field.key) == "no-enclosing":
            parts = _OPERAND.findall(str(field.value))
            field.value = "".join(
                one[1:-1] if one[0] in '{"' else known.get(one.lower(), one) for one in parts
            )


def _bare(entry: BibEntry) -> BibEntry:
    """Return an entry whose values have no marks around them, as the parser leaves the others."""
    for field in entry.fields:
        field.value = re.sub(r'\A(?:"(.*)"|\{(.*)\})\Z', r"\1\2", str(field.value), flags=re.DOTALL)
    return entry


def _is_doubled(block: Block) -> bool:
    """Return whether a block is whole and has a key that another has, as merged files do."""
    return isinstance(block, DuplicateBlockKeyBlock)


def _fields(entry: Reference) -> list[Field]:
    """Return an entry's fields; URLs are verbatim in biblatex, all else is escaped."""
    day = entry.published
    values = {
        "title": escape_tex(entry.title, keep_case=True),
        "author": " and ".join(_author(name, person) for name, person in entry.people()),
        "organization": escape_tex(entry.site),
        "date": day.isoformat() if day else "",
        "year": str(day.year) if day else "",
        "month": _MONTHS[day.month - 1] if day else "",
        "note": change_note(entry),
        "url": _verbatim(entry.url),
        "urldate": entry.accessed.isoformat() if entry.accessed else "",
        "annote": escape_tex(write_annotation(entry)),
        "keywords": ", ".join(escape_tex(tag) for tag in entry.tags),
        "archiveurl": _verbatim(entry.archive_url),
    }
    return [
        Field(name, value, enclosing="no-enclosing" if name == "month" else None)
        for name, value in values.items()
        if value
    ]


def _author(name: str, person: PersonName | None) -> str:
    """Return an author as `Last, First`; whole and in braces where it may be no person."""
    if person is None:
        return "{" + escape_tex(name) + "}"
    return ", ".join(escape_tex(one) for one in (person.last, person.suffix, person.given) if one)


def _verbatim(url: str) -> str:
    """Return a URL whose braces, which BibTeX counts, are percent-encoded."""
    return url.replace("{", "%7B").replace("}", "%7D")


def _entry(found: BibEntry) -> Reference:
    """Return what a BibTeX entry says, under our names and biblatex's alternatives."""
    fields = {field.key.lower(): str(field.value) for field in found.fields}

    def text(*names: str) -> str:
        return next((read_tex(fields[name]) for name in names if fields.get(name)), "")

    modified = changed_day(text("note"))
    note = "" if modified else text("note")
    quote, claims = annotated(text("annote", "annotation"), note, found.key)
    return Reference(
        key=found.key,
        url=_address(fields),
        title=text("title"),
        site=text("organization", "publisher", "howpublished"),
        authors=tuple(
            filter(None, map(_name, split_multiple_persons_names(fields.get("author", ""))))
        ),
        published=_day(text("date"), text("year"), text("month"), text("day")),
        modified=modified,
        accessed=parse_reference_day(text("urldate")),
        quote=quote,
        claims=claims,
        tags=split_tags(text("keywords")),
        archive_url=fields.get("archiveurl", ""),
    )


def _name(written: str) -> str:
    """Return an author's name in its natural order; one in braces is whole."""
    written = written.strip()
    if written == "others":
        return ""
    name = read_tex(written)
    return name if _WHOLE.fullmatch(written) else natural_name(name)


def _day(whole: str, year: str, month: str, day: str) -> date | None:
    """Return the day of publication; a year or a month alone is none."""
    number = _MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in _MONTHS else month
    return parse_reference_day(whole or f"{year}-{number}-{day}") or parse_reference_day(year)


def _address(fields: dict[str, str]) -> str:
    """Return where an entry's source is: its URL, one in another field, or its DOI's."""
    if url := fields.get("url", "").strip("{} "):
        return _URL_ESCAPE.sub(r"\1", url)
    for name in ("howpublished", "note"):
        if found := _URL.search(fields.get(name, "")):
            return _URL_ESCAPE.sub(r"\1", found[1])
    doi = _DOI.search(_URL_ESCAPE.sub(r"\1", fields.get("doi", "")))
    return f"https://doi.org/{doi[0].rstrip('}')}" if doi else ""
