"""BibTeX, as biblatex's `@online` entries; quote and claims are the `annote`.

It is biblatex's other name for `annotation`, and the one that other programs import as a note.
Days are there twice: biblatex reads `date`, styles of BibTeX `year` and `month`.
Text is written as LaTeX, Pandoc, pybtex and citation-js read it alike, and read as Zotero, JabRef
and people write it.
"""

import logging
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.middlewares.enclosing import REMOVED_ENCLOSING_KEY
from bibtexparser.middlewares.names import split_multiple_persons_names
from bibtexparser.middlewares.parsestack import default_unparse_stack
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Field
from bibtexparser.model import Entry as BibEntry

from footnotary.bibliography.entry import (
    Bibliography,
    PersonName,
    Reference,
    annotated,
    change_note,
    changed_day,
    collapse_space,
    natural_name,
    parse_reference_day,
    read_doi,
    split_tags,
    write_annotation,
)

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexMacroNode

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
_ALONE = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
# Between two characters of which fonts make one: -- '' `` ?` << ,, (TeX's ligatures).
_LIGATURE = r"(?<=-)(?=-)|(?<=')(?=')|(?<=[`?!])(?=`)|(?<=<)(?=<)|(?<=>)(?=>)|(?<=,)(?=,)"
_WORD = r"(?:[^\W_]|[\u0300-\u036f])+"
_TO_ESCAPE = re.compile(rf"[\\{{}}~^&%$#_]|{_LIGATURE}|{_WORD}")
_SENTENCE = re.compile(r"(?:^|[:.?!]\s)[^\w]*\Z")
_MARKS = re.compile(r"[\\~$]|--|``|''|[?!]`|,,|<<|>>")
_SIMPLE = re.compile(r"\\([&%#$_{}])|[{}]")
# What people forget to escape: a comment would swallow the rest, a lone dollar is no formula.
_UNESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)([%&#])")
_DOLLAR = re.compile(r"(\\\\|\\\$)|(\$(?=\S)[^$]*?[^\s\\$]\$(?!\d))|\$")
_LINKED = re.compile(r"\\href\s*\{[^{}]*\}")  # the address in front of a link's words
# `--no-cache` is an option, and `~/.config` a path, though TeX would make other characters of them.
_OPTION = re.compile(r"(?<![\w-])--(?=[A-Za-z])")
_HOME = re.compile(r"(?<![^\s('\"`{])~(?=/)")
_SYMBOLS = {
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textbardbl": "‖",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciigrave": "`",
    "textquotesingle": "'",
    "textquotedbl": '"',
    "textunderscore": "_",
    "textdollar": "$",
    "slash": "/",
    "allowbreak": "",
    "hyphen": "-",
    "relax": "",
    "lbrace": "{",
    "rbrace": "}",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "@": "",
    "/": "",
    "copyright": "\u00a9",
    "pounds": "\u00a3",
    "S": "\u00a7",
    "newline": " ",
    "par": " ",
    "\\": " ",
}
_WRAPPING = """emph textbf textit textsl textsc texttt textsf textrm textmd textup mbox hbox enquote
 em bf it tt sc rm sf sl url nolinkurl path mkbibquote mkbibemph uppercase underline ensuremath
 textsuperscript textsubscript"""
# A page's `<sup>` behind a digit is read as raised digits, elsewhere as plain ones.
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_POWER = re.compile(r"(?<=\d)\\textsuperscript\s*\{([-+\d]+)\}")


def escape_tex(text: str, *, keep_case: bool = False) -> str:
    """Return text as TeX.

    Args:
        text: Plain text.
        keep_case: Put words in braces whose case styles of titles change: those with capitals, and
            the first of a sentence.
    """
    text = collapse_space(text)
    escapes = _ESCAPES if _is_balanced(text) else _ESCAPES | _ALONE

    def escaped(found: re.Match[str]) -> str:
        word = found[0]
        if not word:
            return "{}"
        if keep_case and (word != word.lower() or _SENTENCE.search(text[: found.start()])):
            return f"{{{word}}}" if word[0].isalnum() else escapes.get(word, word)
        return escapes.get(word, word)

    return _TO_ESCAPE.sub(escaped, text)


def read_tex(source: str) -> str:
    """Return TeX as text: escapes undone, letters and symbols read, formatting dropped.

    A macro that is not known stays as it is, so that no word goes missing unseen.
    """
    if not _MARKS.search(_SIMPLE.sub("", source)):  # most values, and a hundred times as fast
        return collapse_space(_SIMPLE.sub(lambda found: found[1] or "", source))
    source = _UNESCAPED.sub(r"\1\\\2", source)
    source = _DOLLAR.sub(lambda found: found[0] if found[1] or found[2] else r"\$", source)
    source = _POWER.sub(lambda found: found[1].translate(_RAISED), _LINKED.sub("", source))
    source = _HOME.sub(r"\\textasciitilde{}", _OPTION.sub("-{}-", source))
    return collapse_space(_reader().latex_to_text(source))


def _is_balanced(text: str) -> bool:
    """Return whether every brace has its other one; BibTeX counts escaped ones too."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


@cache
def _reader() -> "LatexNodes2Text":
    """Return the reader of TeX, with the symbols that pylatexenc lacks."""
    from pylatexenc.latex2text import (
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    known = get_default_latex_context_db()
    known.add_context_category(
        "bibliographies",
        prepend=True,
        macros=[MacroTextSpec(name, text) for name, text in _SYMBOLS.items()]
        + [MacroTextSpec(name, discard=False) for name in _WRAPPING.split()],
    )
    known.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_as_written))
    return LatexNodes2Text(latex_context=known, math_mode="text", keep_comments=True)


def _as_written(node: "LatexMacroNode") -> str:
    """Return a macro that is not known as it is in the file."""
    return str(node.latex_verbatim())


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_URL = re.compile(r"\\url\{([^{}]+)\}")
_URL_ESCAPE = re.compile(r"\\([_%&#~$])")
# Where the numbers of biblatex's `eprint` lead.
_EPRINTS = {
    "arxiv": "https://arxiv.org/abs/",
    "jstor": "https://www.jstor.org/stable/",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/",
    "hdl": "https://hdl.handle.net/",
    "googlebooks": "https://books.google.com/books?id=",
}
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
    """Return whether a block is whole, but has a key or field twice, as in merged files."""
    return isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock)


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
    """Return what a BibTeX entry says, under our names and biblatex's alternatives.

    Of a field that is there twice the first counts, as in BibTeX; keywords are collected.
    """
    fields: dict[str, str] = {}
    for field in found.fields:
        name = field.key.lower()
        if name == "keywords" and name in fields:
            fields[name] += f", {field.value}"
        fields.setdefault(name, str(field.value))

    def text(*names: str) -> str:
        return next((read_tex(fields[name]) for name in names if fields.get(name)), "")

    modified = changed_day(text("note"))
    note = "" if modified else text("note")
    quote, claims = annotated(text("annote", "annotation"), note, found.key)
    return Reference(
        key=found.key,
        url=_address(fields),
        title=_title(text("title"), text("subtitle")),
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


def _title(title: str, subtitle: str) -> str:
    """Return a title with its subtitle, which biblatex keeps apart."""
    between = " " if title.endswith(("?", "!", ":", ".")) else ": "
    return f"{title}{between}{subtitle}" if title and subtitle else title or subtitle


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
    """Return where the source is: its first URL, one in another field, its DOI, its eprint."""
    if url := fields.get("url", "").strip("{} \n").split():
        return _URL_ESCAPE.sub(r"\1", url[0].rstrip(";,"))
    for name in ("howpublished", "note"):
        if found := _URL.search(fields.get(name, "")):
            return _URL_ESCAPE.sub(r"\1", found[1])
    number = _URL_ESCAPE.sub(r"\1", fields.get("eprint", "")).strip("{} ")
    archive = fields.get("eprinttype") or fields.get("archiveprefix") or ""
    begin = _EPRINTS.get(archive.strip("{} ").lower(), "") if number else ""
    doi = read_doi(_URL_ESCAPE.sub(r"\1", fields.get("doi", "")))
    return doi or (begin and begin + number)
