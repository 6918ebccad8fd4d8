"""What a rule is, and what it is given to judge."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from footnotary.documents.front_matter import FrontMatter, read_front_matter
from footnotary.documents.kinds import lines_asked
from footnotary.documents.regions import FoundRegion, regions_of
from footnotary.errors import DocumentError, FootnotaryError
from footnotary.facts.research import ResearchTrail, Standing
from footnotary.findings import Finding, Severity
from footnotary.markers import Block, Closing, Marker, blocks_of, bound, closing_of, markers_outside
from footnotary.markers.numbering import refuse_conflicts
from footnotary.markers.structure import Line, lines_of
from footnotary.models import Citation
from footnotary.rules.sentences import Sentence, sentences_of

T = TypeVar("T")

_POINTING = re.compile(
    r"(?>(?:\W|\b(?:see|the|docs?|documentation|sources?|manual|references?|guide|link|here|url)\b)*)",
    re.IGNORECASE,
)
UNREAD = "the code cannot be read here as it was read for this document"
"""How the message of a finding begins where nothing was compared."""


@dataclass(frozen=True)
class Compared:
    """What came of comparing a document's facts with the code.

    Attributes:
        summary: What differs, counted: `2 operations and 1 model`.
        changed: What the facts are not any more, in words.
        lost: Why the document's own facts do not read; nothing was compared then.
        unread: Why the code cannot be read here as it was for the document; nothing was
            compared then.
        hint: What to do about that.
        elsewhere: What differs though no file of the project does: other versions of
            libraries write it.
        versions: Libraries of which other versions were read with.
        same_files: Whether no file of the project differs; None where that is unknown.
        history: What is lost of its own history, as a clause; this is no matter of the code.
        unsteady: What two readings of the same code tell differently; it was not compared.
    """

    summary: str = ""
    changed: tuple[str, ...] = ()
    lost: str = ""
    unread: str = ""
    hint: str = ""
    elsewhere: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    same_files: bool | None = None
    unsteady: tuple[str, ...] = ()
    history: str = ""

    @property
    def holds(self) -> bool:
        """Whether the document's facts were found to be those of the code."""
        return not (self.changed or self.lost or self.unread)

    @property
    def is_outdated(self) -> bool:
        """Whether a refresh writes something because of what was found."""
        return bool(self.changed or self.lost or self.history)


@dataclass(frozen=True)
class CitationLibrary:
    """The citation records, as the rules see them."""

    citations: Mapping[str, Citation]
    broken: Mapping[str, FootnotaryError]
    today: date
    stale_after_days: int = 365
    stale_after_days_by_tag: Mapping[str, int] = field(default_factory=dict)
    decisions: Mapping[str, Standing] = field(default_factory=dict)
    marker: str = "^[1]"

    def is_broken(self, key: str) -> bool:
        """Return whether a record is there that was asked for and does not read."""
        return f"{key}.yaml" in self.broken


@dataclass(frozen=True)
class Surroundings:
    """What the use case found out about a document besides its text.

    Attributes:
        expected: What folder and file name say it is: kind, project, date; None for a page
            of the user's own.
        archived: Whether it lies in the archive.
        placeholders: Gives the questions of the skeleton that an author is to replace.
        compared: What came of comparing its facts with the code; None where it was not asked.
        exists: Whether a path, relative to the document, leads to a file.
        anchors: The anchors of a Markdown file that a path leads to; None where unknown.
        touched: What happened to a `path:line` since the document's commit, or an empty string.
        installed: Whether a module can be imported in the project's environment; None where
            that is unknown.
        own_file: What became of the lines of the project's own files that a record cites, by its
            key: nothing, or reading, detail and differing words on a line each.
        trail: What of a research note is not as its trail says: message, line and, where a refresh
            does not help, what does.
        trail_read: The trail of a research note; None where it does not read.
    """

    expected: tuple[str, str, date] | None = None
    archived: bool = False
    placeholders: Callable[[], frozenset[str]] = frozenset
    compared: Compared | None = None
    exists: Callable[[str], bool] = lambda path: True  # noqa: ARG005  asked of nothing
    anchors: Callable[[str], frozenset[str] | None] = lambda path: None  # noqa: ARG005
    touched: Callable[[str, int], str] = lambda path, line: ""  # noqa: ARG005
    installed: Callable[[str], bool | None] = lambda module: None  # noqa: ARG005
    own_file: Callable[[str], str] = lambda key: ""  # noqa: ARG005
    trail: Callable[[], tuple[tuple[str, int, str], ...]] = tuple
    trail_read: Callable[[], ResearchTrail | None] = ResearchTrail


@dataclass(frozen=True)
class CheckedDocument:
    """A document, read as far as it can be.

    Attributes:
        path: Where it lies, relative to the project's root, with `/`.
        text: Its text.
        around: What else is known of it.
    """

    path: str
    text: str
    around: Surroundings = field(default_factory=Surroundings)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Its lines."""
        return lines_of(self.text)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Its blocks."""
        return blocks_of(self.text)

    @cached_property
    def broken(self) -> tuple[DocumentError, ...]:
        """What is in a state that cannot be read: conflicts, blocks, regions, front matter."""
        return tuple(
            each
            for each in (self._conflict, self._closing, self._regions, self._matter)
            if isinstance(each, DocumentError)
        )

    @property
    def closing(self) -> Closing:
        """Its closing blocks; none where they do not read."""
        return Closing() if isinstance(self._closing, DocumentError) else self._closing

    @property
    def regions(self) -> tuple[FoundRegion, ...]:
        """Its regions; none where they do not read."""
        return () if isinstance(self._regions, DocumentError) else self._regions

    @property
    def matter(self) -> FrontMatter | None:
        """Its front matter; None where it does not read."""
        return None if isinstance(self._matter, DocumentError) else self._matter

    @cached_property
    def _conflict(self) -> DocumentError | None:
        """A merge conflict, if there is one."""
        return _or_error(lambda: refuse_conflicts(self.lines, self.blocks))

    @cached_property
    def _closing(self) -> Closing | DocumentError:
        """Its closing blocks, or why they do not read."""
        return _or_error(lambda: closing_of(self.text, self.blocks))

    @cached_property
    def _regions(self) -> tuple[FoundRegion, ...] | DocumentError:
        """Its regions, or why they do not read."""
        return _or_error(lambda: regions_of(self.text, self.blocks))

    @cached_property
    def _matter(self) -> FrontMatter | DocumentError | None:
        """Its front matter, or why it does not read."""
        return _or_error(lambda: read_front_matter(self.text))

    @cached_property
    def asked_lines(self) -> frozenset[int]:
        """The lines, counted from 0, that are questions which nobody has answered."""
        return lines_asked([line.text for line in self.lines], self.around.placeholders())

    @cached_property
    def markers(self) -> tuple[Marker, ...]:
        """Its markers, those in the closing blocks left out."""
        return markers_outside(self.text, self.closing)

    @cached_property
    def own_markers(self) -> tuple[Marker, ...]:
        """The markers of its author: those in regions left out."""
        regions = self.regions
        return tuple(
            marker
            for marker in self.markers
            if not any(region.first <= marker.line <= region.last for region in regions)
        )

    @cached_property
    def prose(self) -> tuple[Block, ...]:
        """Its blocks outside of regions and closing blocks."""
        owned = {n for region in self.regions for n in range(region.first, region.last + 1)}
        return tuple(
            block
            for block in self.blocks
            if block.first not in owned and not self.closing.covers(block.first)
        )

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of its prose."""
        return sentences_of(self.prose, self.lines, self.markers)

    @cached_property
    def pointing(self) -> frozenset[Marker]:
        """The markers whose sentence says nothing, or only where to look: `docs`, `see source`."""
        return frozenset(
            marker
            for sentence in self.sentences
            if _POINTING.fullmatch(sentence.text)
            for marker in sentence.markers
        )

    def bound(self, library: CitationLibrary) -> dict[Marker, tuple[str, ...]]:
        """Return the keys of the records that each marker stands for."""
        return bound(self.markers, self.closing, library.citations)


def _or_error(read: Callable[[], T]) -> T | DocumentError:
    """Return what is read, or the error."""
    try:
        return read()
    except DocumentError as error:
        return error


@dataclass(frozen=True)
class FindingPlace:
    """Where a document rule found something, and what.

    Attributes:
        message: One sentence.
        line: 1-based line, or 0 for the whole document.
        column: 1-based column, or 0.
        fix: What fixes it, where that differs from the rule's own advice.
        severity: Where it differs from the rule's own.
        details: What the message sums up.
    """

    message: str
    line: int = 0
    column: int = 0
    fix: str = ""
    severity: Severity | None = None
    details: tuple[str, ...] = ()


JudgeOfDocument: TypeAlias = Callable[[CheckedDocument, CitationLibrary], Iterable[FindingPlace]]
JudgeOfLibrary: TypeAlias = Callable[
    [CitationLibrary, AbstractSet[str]], Iterable[tuple[str, FindingPlace]]
]


@dataclass(frozen=True)
class Rule:
    """One rule of the gate.

    Attributes:
        code: Such as `CIT001`; never used for another rule.
        name: A few words with hyphens.
        severity: How much a finding weighs.
        about: One sentence that says what it finds.
        why: Why that matters.
        wrong: An example that it finds.
        right: The same, fixed.
        fix: The one command or edit that fixes it.
        fixable: Whether `doc check --fix` fixes it.
        document: What judges a document.
        library: What judges the library; paths are given with each finding.
    """

    code: str
    name: str
    severity: Severity
    about: str
    why: str
    wrong: str
    right: str
    fix: str
    fixable: bool = False
    document: JudgeOfDocument | None = None
    library: JudgeOfLibrary | None = None

    def finding(self, path: str, place: FindingPlace) -> Finding:
        """Return a finding of this rule."""
        return Finding(
            code=self.code,
            severity=place.severity or self.severity,
            path=path,
            line=place.line,
            column=place.column,
            message=place.message,
            fix=place.fix or self.fix,
            details=place.details,
        )


def document_rule(
    named: str, severity: Severity, *, about: str = "", **told: Any
) -> Callable[[JudgeOfDocument], Rule]:
    """Make what judges a document a rule: `named` has code and name.

    Its docstring says what it finds, where `about` does not.
    """
    code, _, name = named.partition(" ")
    return lambda judge: Rule(
        code, name, severity, about or str(judge.__doc__), **told, document=judge
    )


def library_rule(named: str, severity: Severity, **told: Any) -> Callable[[JudgeOfLibrary], Rule]:
    """Make what judges the library a rule, as `document_rule` does."""
    code, _, name = named.partition(" ")
    return lambda judge: Rule(code, name, severity, str(judge.__doc__), **told, library=judge)
