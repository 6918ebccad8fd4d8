"""BibTeX, as biblatex's `@online` entries; quote and claims are the `annote`.

It is biblatex's other name for `annotation`, and the one that other programs import as a note.
"""

import re
import unicodedata

from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.model import Block, DuplicateBlockKeyBlock, Field
from bibtexparser.model import Entry as BibEntry

from footnotary.bibliography.entry import (
    Reference,
    annotated,
    change_note,
    changed_day,
    collapse_space,
    parse_reference_day,
    write_annotation,
)
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
# Letters in TeX: \"o, {\'e}, \v{c}, \ss{}. Our own backslashes are escaped, and never look like it.
_LETTER = re.compile(
    r"""\\(?:["'`^~=.]\s*(?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|[uvHcdbrk](?:\{\\?[A-Za-z]\}|\s+[A-Za-z])"""
    r"""|(?:ss|o|O|l|L|ae|AE|oe|OE|aa|AA|i|j)(?![A-Za-z])(?:\{\}|\s+)?)"""
)
_URL = re.compile(r"\\url\{([^{}]+)\}")
_URL_ESCAPE = re.compile(r"\\([_%&#~$])")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_AND = re.compile(r"\s+and\s+(?![^{}]*\})")


def write_bibtex(entries: tuple[Reference, ...]) -> str:
    """Return a .bib file."""
    library = Library()
    for entry in entries:
        library.add(BibEntry("online", entry.key, _fields(entry)))
    return write_string(library)


def read_bibtex(text: str) -> tuple[Reference, ...]:
    """Read a .bib file.

    Raises:
        UsageError: A block is broken; the message has its line.
    """
    library = parse_string(text, append_middleware=[])
    broken = [block for block in library.failed_blocks if not _is_duplicate(block)]
    if broken:
        line = (broken[0].start_line or 0) + 1
        raise UsageError(
            f"The BibTeX is broken at line {line}.", hint="Fix the entry that begins there."
        )
    doubled = [block.ignore_error_block for block in library.failed_blocks]
    entries = [*library.entries, *(_bare(one) for one in doubled if isinstance(one, BibEntry))]
    return tuple(_entry(found) for found in sorted(entries, key=lambda one: one.start_line or 0))


def _bare(entry: BibEntry) -> BibEntry:
    """Return an entry whose values have no marks around them, as the parser leaves the others."""
    for field in entry.fields:
        field.value = re.sub(r'\A(?:"(.*)"|\{(.*)\})\Z', r"\1\2", str(field.value), flags=re.DOTALL)
    return entry


def _is_duplicate(block: Block) -> bool:
    """Return whether a block is whole and has a key that another has, as merged files do."""
    return isinstance(block, DuplicateBlockKeyBlock)


def _fields(entry: Reference) -> list[Field]:
    """Return an entry's fields; URLs are verbatim in biblatex, all else is escaped."""
    values = {
        "title": _escaped(entry.title),
        "author": " and ".join("{" + _escaped(name) + "}" for name in entry.authors),
        "organization": _escaped(entry.site),
        "date": entry.published.isoformat() if entry.published else "",
        "note": change_note(entry),
        "url": entry.url,
        "urldate": entry.accessed.isoformat() if entry.accessed else "",
        "annote": _escaped(write_annotation(entry)),
        "keywords": ", ".join(_escaped(tag) for tag in entry.tags),
        "archiveurl": entry.archive_url,
    }
    return [Field(name, value) for name, value in values.items() if value]


def _entry(found: BibEntry) -> Reference:
    """Return what a BibTeX entry says, under our names and biblatex's alternatives."""
    fields = {field.key.lower(): str(field.value) for field in found.fields}

    def text(*names: str) -> str:
        return next((_plain(fields[name]) for name in names if name in fields), "")

    modified = changed_day(text("note"))
    note = "" if modified else text("note")
    quote, claims = annotated(text("annote", "annotation"), note, found.key)
    authors = [_plain(name) for name in _AND.split(fields.get("author", "")) if name.strip()]
    return Reference(
        key=found.key,
        url=_address(fields),
        title=text("title"),
        site=text("organization", "publisher", "howpublished"),
        authors=tuple(authors),
        published=parse_reference_day(text("date", "year")),
        modified=modified,
        accessed=parse_reference_day(text("urldate")),
        quote=quote,
        claims=claims,
        tags=tuple(tag for tag in re.split(r"\s*,\s*", text("keywords")) if tag),
        archive_url=fields.get("archiveurl", ""),
    )


def _address(fields: dict[str, str]) -> str:
    """Return where an entry's source is: its URL, one in another field, or its DOI's."""
    if url := fields.get("url", "").strip("{} "):
        return _URL_ESCAPE.sub(r"\1", url)
    for name in ("howpublished", "note"):
        if found := _URL.search(fields.get(name, "")):
            return _URL_ESCAPE.sub(r"\1", found[1])
    doi = _DOI.search(_URL_ESCAPE.sub(r"\1", fields.get("doi", "")))
    return f"https://doi.org/{doi[0].rstrip('}')}" if doi else ""


def _escaped(text: str) -> str:
    """Return text as LaTeX."""
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], collapse_space(text))


def _plain(latex: str) -> str:
    """Return LaTeX as text: escapes undone, letters with accents read, grouping braces dropped."""
    letters = _LETTER.sub(_letter, latex).replace("~", " ")
    return collapse_space(_ESCAPED.sub(lambda found: _UNESCAPES.get(found[0], ""), letters))


def _letter(found: re.Match[str]) -> str:
    """Return the letter that TeX's macros make."""
    from pylatexenc.latex2text import LatexNodes2Text

    return unicodedata.normalize("NFC", LatexNodes2Text().latex_to_text(found[0].strip()))
