"""Rules about documents: what they say of themselves is so, and they say what the code is."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from footnotary.findings import Severity
from footnotary.markers import ANY_MARKER, Block
from footnotary.markers.spans import code_spans, with_spans
from footnotary.markers.structure import Line, links_of
from footnotary.rules.basis import (
    UNREAD,
    CheckedDocument,
    CitationLibrary,
    Compared,
    FindingPlace,
    document_rule,
)
from footnotary.rules.citations import place_of

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/|\{")
_EXPLICIT = re.compile(r"\{:?[^}]*#([\w:.-]+)[^}]*\}\s*$")
_HTML_ID = re.compile(r"<[^<>]+\b(?:id|name)=[\"']([^\"']+)[\"']")


@dataclass(frozen=True)
class Link:
    """A link to something inside the project.

    Attributes:
        target: Path relative to the document, with its anchor, percent decoded.
        line: Its line.
        column: Its column.
    """

    target: str
    line: int
    column: int


def links_in(blocks: Iterable[Block], lines: Sequence[Line]) -> Iterator[Link]:
    """Yield the relative links of a document."""
    for block in blocks:
        if block.kind in ("code", "html", "long") or "](" not in block.content:
            continue
        for begin, target in links_of(block.content):
            if not target or _SCHEME.match(target):
                continue
            line = block.first + block.content.count("\n", 0, begin)
            written = block.content[begin:].split("\n", 1)[0].rstrip()
            yield Link(unquote(target), line, lines[line - 1].text.find(written) + 1)


def anchors_of(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the anchors of a page: of its headings as sites make them, and of its HTML."""
    anchors: set[str] = set()
    seen: Counter[str] = Counter()
    for block in blocks:
        if block.kind != "code":
            shown = with_spans(block.content, code_spans(block.content), lambda _: "")
            anchors.update(_HTML_ID.findall(shown) if "<" in shown else ())
        if block.kind != "heading":
            continue
        explicit = _EXPLICIT.search(block.content)
        if explicit:
            anchors.add(explicit[1])
        words = re.sub(rf"{ANY_MARKER}|<[^>]*>|[`*]|\{{[^}}]*\}}\s*$", "", block.content)
        words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", words)
        github = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
        ascii_only = words.encode("ascii", "ignore").decode()
        python = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_only).strip().lower())
        for base in {github, python}:
            doubled = seen[base]
            seen[base] += 1
            anchors.update({base, f"{base}-{doubled}", f"{base}_{doubled}"} if doubled else {base})
    return frozenset(anchors)


_FILE_LINE = re.compile(r"(?<![\w/.])((?:[\w.-]+/)*[\w.-]+\.[A-Za-z]{1,6}):(\d{1,6})(?![\w.])")
_MOST_VERSIONS = 3
BROKEN = "DOC001"
UNANSWERED = "DOC004"
"""The rule about questions that nobody has answered: people are told how many there are."""
STALE = "DOC006"
"""The rule about tables that are no longer what the code is."""


@document_rule(
    f"{BROKEN} broken-document",
    Severity.ERROR,
    about="Front matter, a region or a closing block in a state that cannot be read; a page too"
    " many, or missing, of a document that is split.",
    why="The tool rewrites nothing that it would have to guess at.",
    wrong="<!-- footnotary:begin tables --> without an end",
    right="<!-- footnotary:begin tables --> … <!-- footnotary:end tables sha256=… -->",
    fix="Restore the document from git, or fix the line.",
)
def _find_broken(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Documents in a state that must not be guessed at."""
    for error in document.broken:
        yield place_of(error)
    for block in document.blocks:
        if block.kind == "long":
            yield FindingPlace(
                "a paragraph too long to be read; no marker in it is found.", block.first
            )


@document_rule(
    "DOC002 front-matter-differs",
    Severity.ERROR,
    why="Readers, the site and `doc new` find documents by both.",
    wrong="date: 2026-11-01 in API-shop-2026-11-20.md",
    right="date: 2026-11-20 in API-shop-2026-11-20.md",
    fix="Correct the one that is wrong.",
)
def _named(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Front matter that differs from the document's folder and file name."""
    expected, matter = document.around.expected, document.matter
    if document.broken:
        return
    if expected is None:
        if matter is not None and document.path.startswith(".claude/docs/"):
            yield FindingPlace(
                "folder and file name are not those of a document, such as"
                " api-specs/API-shop-2026-11-23.md; nothing finds it here.",
                1,
            )
        return
    kind, project, day = expected
    if matter is None:
        yield FindingPlace("there is no front matter that names a document kind.", 1)
        return
    for name, said, wanted in (
        ("kind", matter.kind, kind),
        ("project", matter.project, project),
        ("date", matter.date.isoformat() if matter.date else "", day.isoformat()),
    ):
        if said != wanted:
            yield FindingPlace(
                f"{name} is {said or 'missing'}; folder and file name say {wanted}.", 1
            )
    if day > library.today:
        yield FindingPlace(f"the document is dated {day}, in the future.", 1)


@document_rule(
    "DOC003 wrong-status",
    Severity.ERROR,
    why="A reader takes what lies among the current documents for true.",
    wrong="status: superseded under .claude/docs/current",
    right="the same file under .claude/docs/archive",
    fix="`doc new KIND` moves the old one when it writes the new one; or correct the status.",
)
def _find_status(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A superseded document among the current ones, or a current one in the archive."""
    matter = document.matter
    if document.around.expected is None or matter is None:
        return
    if document.around.archived and matter.status != "superseded":
        yield FindingPlace("it lies in the archive, but its status is not superseded.", 1)
    if not document.around.archived and (matter.status == "superseded" or matter.superseded_by):
        yield FindingPlace(
            "it is superseded"
            + (f" by {matter.superseded_by}" if matter.superseded_by else "")
            + ", but still lies among the current documents.",
            1,
        )


@document_rule(
    f"{UNANSWERED} unanswered-question",
    Severity.NOTE,
    why="The code cannot say why it is as it is; only the author can.",
    wrong="_Why is the API as it is?_",
    right="Versions are in the path, because two clients cannot send headers.",
    fix="Answer it, or take the section out.",
)
def _placeholders(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A section that still has the question it began with."""
    if document.around.archived:
        return
    asked = {
        at + 1: document.lines[at].text.strip()
        for at in sorted(document.asked_lines)
        if at - 1 not in document.asked_lines
    }
    if asked:
        lines = ", ".join(str(number) for number in asked)
        many = f"{len(asked)} questions of the skeleton are" if len(asked) > 1 else "a question is"
        yield FindingPlace(
            f"{many} not answered yet (line{'s' if len(asked) > 1 else ''} {lines}).",
            min(asked),
            details=tuple(f"line {number}: {words}" for number, words in asked.items()),
        )


@document_rule(
    "DOC005 edited-region",
    Severity.ERROR,
    why="The next refresh would stop at it, and until then it may not be what the code is.",
    wrong="a row added to a table between the region's markers",
    right="the same words outside of the region",
    fix="Move your words out of the region, then `doc refresh --force`.",
)
def _edited(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A region that was edited by hand."""
    if document.around.archived:
        return
    for region in document.regions:
        if region.edited:
            yield FindingPlace(f"the region {region.name} was edited by hand.", region.first, 1)


@document_rule(
    f"{STALE} stale-facts",
    Severity.ERROR,
    why="This is what the tables are for.",
    wrong="`users.email` is NOT NULL in the document and nullable in the code",
    right="the document after `doc refresh`",
    fix="doc refresh",
    fixable=True,
)
def _stale(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A document whose tables are no longer what the code is."""
    found = document.around.compared or Compared()
    name = PurePosixPath(document.path).stem
    fix = f"doc refresh {document.path}"
    if found.unread:
        way_out = found.hint or f"See why: {fix}; --python names an interpreter."
        yield FindingPlace(f"{UNREAD}: {found.unread}.", 0, 0, way_out)
    if found.lost:
        yield FindingPlace(
            f"{found.lost}; it was not compared with the code.", 0, 0, _RESTORE + fix
        )
    elif found.history:
        message = f"its history is not whole: {found.history}."
        yield FindingPlace(message, 0, 0, _RESTORE + fix)
    shows = f"`doc diff {name}` shows the difference"
    versions = _listed(found.versions)
    if found.changed:
        what = "the code has changed"
        if found.same_files or (found.same_files is None and versions):
            what = "the facts are not those of the code"
        elif versions:
            what = f"the code has changed or reads otherwise with other libraries ({versions})"
        message = f"{what}: {found.summary}; {shows}."
        yield FindingPlace(message, 0, 0, fix, details=found.changed)
    if found.unsteady:
        message = (
            f"two readings of the same code differ, so this was not compared: {_first(found)}."
        )
        yield FindingPlace(message, 0, 0, _UNSTEADY, Severity.NOTE, found.unsteady)
    if found.elsewhere:
        message = f"no file has changed, but {versions}: {found.summary}; {shows}."
        yield FindingPlace(message, 0, 0, fix, Severity.NOTE, found.elsewhere)


_RESTORE = "Restore it from git; or have the document say that it is lost: "
_UNSTEADY = "Make it the same at every start, such as a list in the place of a set."


def _first(found: Compared) -> str:
    """Return the first thing that two readings tell differently, and how many more there are."""
    rest = len(found.unsteady) - 1
    return found.unsteady[0] + (f", and {rest} more" if rest else "")


def _listed(versions: tuple[str, ...]) -> str:
    """Return the first of the libraries that have other versions, and how many more have."""
    rest = len(versions) - _MOST_VERSIONS
    return ", ".join((*versions[:_MOST_VERSIONS], *((f"{rest} more",) if rest > 0 else ())))


@document_rule(
    "DOC007 dead-link",
    Severity.ERROR,
    why="The reader is sent nowhere.",
    wrong="[the schema](SCHEMA-shop.md)",
    right="[the schema](../database-schemas/SCHEMA-shop-2026-11-23.md)",
    fix="Correct the link.",
)
def _dead_links(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A relative link to a file or anchor that is not there."""
    if document.around.archived:
        return
    for link in links_in(document.prose, document.lines):
        target, _, anchor = link.target.partition("#")
        if target and not document.around.exists(target):
            yield FindingPlace(f"the link to {target} leads to no file.", link.line, link.column)
            continue
        anchors = document.around.anchors(target) if anchor else None
        if anchors is not None and anchor not in anchors:
            where = target or "this page"
            yield FindingPlace(f"#{anchor} is no anchor of {where}.", link.line, link.column)


@document_rule(
    "DOC008 cited-code-changed",
    Severity.WARNING,
    why="The line may no longer be the one that was meant.",
    wrong="see `src/app.py:40`, changed in a later commit",
    right="the same, looked at again, and the document refreshed",
    fix="Look at the line, correct the text, then `doc refresh --force` (renews the commit).",
)
def _find_touched(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A `file:line` in the prose that commits have touched since the document's commit."""
    if document.around.archived:
        return
    for block in document.prose:
        if block.kind not in ("paragraph", "heading", "cell"):
            continue
        for found in _FILE_LINE.finditer(block.content):
            words = document.around.touched(found[1], int(found[2]))
            if words:
                line = block.first + block.content.count("\n", 0, found.start())
                yield FindingPlace(f"{found[0]} was changed since: {words}.", line)


DOCUMENT_RULES = (
    _find_broken,
    _named,
    _find_status,
    _placeholders,
    _edited,
    _stale,
    _dead_links,
    _find_touched,
)
