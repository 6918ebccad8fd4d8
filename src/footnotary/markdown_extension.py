"""The Python-Markdown extension: markers become links, the Sources block their evidence.

It runs on every engine that uses Python-Markdown. A marker `^[1]` or `[^1]` becomes a link
to entry 1 of the Sources block; `^[key]` one to the record of that key, for which a block is
made where the page has none. Nothing here needs JavaScript.

Options: `citations` (folder of the records), `pages` (whether the site has a page for each
source although nobody names the page that is rendered, as under Zensical), `structured`
(whether schema.org data is added), `root` (the project whose reference is shown).
"""

import logging
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from footnotary.errors import DocumentError
from footnotary.facts.research import DECISION
from footnotary.markers import Block, SourceEntry, closing_of
from footnotary.markers.closing import SOURCES_TITLE
from footnotary.markers.entries import CITE
from footnotary.markers.structure import ADJACENT, FOOTNOTE, LABELS_OF_MARKER, MARKER
from footnotary.publishing import place
from footnotary.publishing.cards import card, citation_data, decision_card, unrecorded
from footnotary.publishing.evidence import EvidenceOfFolder, evidence_in
from footnotary.publishing.left_out import ReferenceOfCode
from footnotary.publishing.markup import reference

# Between backtick and escape (190, 180) and references (170): code keeps its carets, and
# `[1]` behind a caret is no reference link.
MARKER_PRIORITY = 176
# Before escape, which would take the brackets of `^\[1\]` apart.
ESCAPED_PRIORITY = 185
# Behind fenced code (25), before HTML (20), as which the paragraphs are taken.
REFERENCE_PRIORITY = 22
# Just under indented code (80): samples of the block stay samples.
SOURCES_PRIORITY = 78
# Behind `inline` (20), when all markers are known; before `toc` (5) reads the headings.
EVIDENCE_PRIORITY = 15

_BACK = reference("↩")
_log = logging.getLogger("mkdocs.plugins.footnotary")


class FootnotaryExtension(Extension):
    """Renders `^[n]` markers and Sources blocks."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "citations": ["citations", "Folder of the citation records"],
            "pages": [False, "Link pages of sources; the engine knows the page"],
            "structured": [True, "Add schema.org data"],
            "root": [
                "",
                "Project whose unparsable modules the reference leaves out",
            ],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  the base class's name
        """Register the processors."""
        page = _Page(md, Path(self.getConfig("citations")), bool(self.getConfig("structured")))
        if "^" not in md.ESCAPED_CHARS:
            md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "^"]
        md.registerExtension(page)  # type: ignore[arg-type]
        if self.getConfig("root"):
            reference = ReferenceOfCode(Path(self.getConfig("root")))
            processor = _ReferencePreprocessor(md, reference)
            md.preprocessors.register(processor, "footnotary_reference", REFERENCE_PRIORITY)
        if self.getConfig("pages"):
            md.preprocessors.register(_PlacePreprocessor(md), "footnotary_place", 0)
        md.parser.blockprocessors.register(
            _SourcesBlock(md.parser, page), "footnotary_sources", SOURCES_PRIORITY
        )
        shown = rf"{MARKER.pattern}(?:{ADJACENT.pattern})*|{FOOTNOTE.pattern}"
        escaped = rf"(?<!\\)(?=\^\\){MARKER.pattern}"
        for name, pattern, priority in (
            ("footnotary_marker", shown, MARKER_PRIORITY),
            ("footnotary_escaped_marker", escaped, ESCAPED_PRIORITY),
        ):
            md.inlinePatterns.register(_MarkerPattern(pattern, md, page), name, priority)
        md.treeprocessors.register(
            _EvidenceTree(md, page), "footnotary_evidence", EVIDENCE_PRIORITY
        )


class _ReferencePreprocessor(Preprocessor):
    """Leaves out directives of mkdocstrings that would end the build."""

    def __init__(self, md: Markdown, reference: ReferenceOfCode) -> None:
        super().__init__(md)
        self.reference = reference

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with paragraphs for what is left out."""
        return self.reference.leave_out("\n".join(lines)).split("\n")


class _PlacePreprocessor(Preprocessor):
    """Asks Zensical which page it renders; its extensions see that as a preprocessor."""

    def run(self, lines: list[str]) -> list[str]:
        """Name the page, change nothing."""
        for processor in self.md.preprocessors:
            page = getattr(processor, "page", None)
            if page is not None and hasattr(page, "url"):
                address = str(page.url).removeprefix("/")
                name = str(page.path)
                place.enter_page(name, address.removesuffix("index.html") or "./", start=name)
        return lines


class _Page:
    """What is known of the page that is converted.

    Attributes:
        entries: Entries of the Sources block by number.
        numbers: Numbers by key.
        uses: Ids of the markers by number, in order.
        block: The list element of the Sources block, once there is one.
    """

    def __init__(self, md: Markdown, folder: Path, structured: bool) -> None:  # noqa: FBT001  private
        self.md = md
        self.folder = folder
        self.structured = structured
        self.reset()

    def reset(self) -> None:
        """Forget the last page."""
        self.entries: dict[int, SourceEntry | None] = {}
        self.keys: dict[int, str] = {}
        self.numbers: dict[str, int] = {}
        self.uses: dict[int, list[str]] = {}
        self.block: ET.Element | None = None

    @property
    def evidence(self) -> EvidenceOfFolder:
        """The records, up to date within a second."""
        return evidence_in(self.folder)

    def take(self, entries: tuple[SourceEntry, ...]) -> None:
        """Take the entries of a Sources block."""
        for entry in entries:
            self.entries[entry.number] = entry
            self.keys[entry.number] = entry.key
            if entry.key:
                self.numbers.setdefault(entry.key, entry.number)

    def leaves(self, label: str) -> bool:
        """Tell whether a footnote is the author's: it is defined elsewhere, or nowhere."""
        patterns = self.md.inlinePatterns
        pattern = patterns["footnote"] if "footnote" in patterns else None  # noqa: SIM401  no mapping
        notes = getattr(getattr(pattern, "footnotes", None), "footnotes", ())
        return label in notes or (label.isdigit() and self.block is None)

    def number_of(self, label: str) -> int:
        """Return the number behind a label, 0 for a label that leads nowhere."""
        if label.isdigit():
            return int(label) if int(label) in self.entries else 0
        is_decision = label.startswith(DECISION) and label in self.evidence.decisions
        if label not in self.numbers and (is_decision or label in self.evidence.citations):
            number = max(self.entries, default=0) + 1
            self.entries[number] = None
            self.keys[number] = label
            self.numbers[label] = number
        return self.numbers.get(label, 0)

    def use(self, number: int) -> str:
        """Return the id of one more marker of a number.

        The ids begin with `fnref`: the table of contents leaves such out of its labels.
        """
        uses = self.uses.setdefault(number, [])
        uses.append(f"fnref:{number}" if not uses else f"fnref{len(uses) + 1}:{number}")
        return uses[-1]


class _MarkerPattern(InlineProcessor):
    """`^[1]`, `^[key]`, `^[1, 2]`, `^[1][2]`; the footnotes `[^1]` and `[^key]`."""

    def __init__(self, pattern: str, md: Markdown, page: _Page) -> None:
        super().__init__(pattern, md)
        self.page = page

    def handleMatch(  # type: ignore[override]  # noqa: N802  the base class's name
        self, m: Any, data: str
    ) -> tuple[ET.Element | None, int | None, int | None]:
        """Return the links of one marker; nothing for a footnote of the author's."""
        del data
        labels = LABELS_OF_MARKER.findall(m[0])
        if m[0].startswith("[") and self.page.leaves(labels[0]):
            return None, None, None
        group = ET.Element("span", {"class": "fn-refs"})
        for label in labels:
            number = self.page.number_of(label)
            group.append(_reference(self.page, number) if number else _dangling(label))
        if len(group) == 1:
            return group[0], m.start(0), m.end(0)
        return group, m.start(0), m.end(0)


def _reference(page: _Page, number: int) -> ET.Element:
    """Return the superscript link to one entry."""
    sup = ET.Element("sup", {"id": page.use(number), "class": "fn-sup"})
    attributes = {"class": "footnote-ref fn-ref", "href": f"#fn:{number}", "role": "doc-noteref"}
    anchor = ET.SubElement(sup, "a", attributes)
    anchor.set("aria-label", f"Source {number}")
    anchor.text = AtomicString(str(number))
    return sup


def _dangling(label: str) -> ET.Element:
    """Return a marker that leads nowhere; no link, because there is nothing to link to."""
    sup = ET.Element("sup", {"id": f"fnref-none:{label}", "class": "fn-sup"})
    span = ET.SubElement(
        sup, "span", {"class": "fn-dangling", "title": "No source is recorded for this marker"}
    )
    span.text = AtomicString(f"{label}?")
    return sup


class _SourcesBlock(BlockProcessor):
    """The block under `**Sources and Citations:**`."""

    def __init__(self, parser: BlockParser, page: _Page) -> None:
        super().__init__(parser)
        self.page = page

    def test(self, parent: ET.Element, block: str) -> bool:
        """Return whether a block of the document itself begins with the title."""
        del parent
        return (
            self.page.block is None
            and not self.parser.state.isstate("list")
            and "ources" in block[:40]
            and SOURCES_TITLE.fullmatch(block.lstrip("\n").split("\n", 1)[0]) is not None
        )

    def run(self, parent: ET.Element, blocks: list[str]) -> bool:
        """Take the entries, put back what follows them."""
        text = HTML_PLACEHOLDER_RE.sub(self._unstashed, "\n\n".join(blocks)).lstrip("\n")
        try:
            # The title is known to be one: nothing needs to be parsed to find it.
            title = Block("paragraph", 1, 1, text.split("\n", 1)[0])
            sources = closing_of(text, (title,)).sources
        except DocumentError as error:
            _log.warning("%s: %s", place.current_page() or "a page", error.message)
            return False
        if sources is None or sources.has_others:
            return False
        lines = text.split("\n")
        moved = {n for first, last in sources.moved for n in range(first, last + 1)}
        kept = [text for n, text in enumerate(lines, 1) if n > sources.last and n not in moved]
        rest = "\n".join(kept).strip("\n")
        blocks[:] = rest.split("\n\n") if rest else []
        self.page.take(sources.entries)
        self.page.block = _source_list(parent)
        return True

    def _unstashed(self, placeholder: re.Match[str]) -> str:
        """Return the key that was taken for a block of HTML, as it begins a line; else as it is."""
        raw = self.parser.md.htmlStash.rawHtmlBlocks[int(placeholder[1])]
        return raw if isinstance(raw, str) and CITE.match(raw.strip()) else placeholder[0]


def _source_list(parent: ET.Element) -> ET.Element:
    """Return the empty list of a new Sources section."""
    # A search finds a quote on its source's page. Material counts open elements by their tag:
    # what it is to leave out must hold no second element of the same name.
    attributes = {"class": "footnote fn-sources", "data-search-exclude": ""}
    section = ET.SubElement(parent, "section", attributes)
    heading = ET.SubElement(section, "h2", {"id": "sources-and-citations"})
    heading.text = "Sources and Citations"
    return ET.SubElement(section, "ol")


class _EvidenceTree(Treeprocessor):
    """Fills the Sources list when every marker of the page is known."""

    def __init__(self, md: Markdown, page: _Page) -> None:
        super().__init__(md)
        self.page = page

    def run(self, root: ET.Element) -> None:
        """Write the entries, with links back to each claim."""
        page = self.page
        if not page.entries:
            if page.block is not None:
                note = ET.SubElement(page.block, "li")
                note.text = "None yet."
            return
        if page.block is None:
            page.block = _source_list(root)
        for number in sorted(page.entries):
            self._write_entry(page.block, number)
        if page.structured:
            self._add_data(root)

    def _write_entry(self, block: ET.Element, number: int) -> None:
        """Write one entry."""
        page = self.page
        entry, key = page.entries[number], page.keys[number]
        citation = page.evidence.citations.get(key)
        decided = page.evidence.decisions.get(key) if key.startswith(DECISION) else None
        if decided is not None:
            html = decision_card(decided[0], place.page_address(decided[1]))
        elif citation is not None:
            html = card(page.evidence, citation, place.source_page(citation.final_url))
        elif entry is not None:
            html = unrecorded(entry)
        else:
            return
        item = ET.SubElement(block, "li", {"id": f"fn:{number}", "value": str(number)})
        uses = page.uses.get(number, [])
        # Behind placeholders, of which the tree's other processors ask nothing.
        item.text = self.md.htmlStash.store(html + _back_links(uses, number))

    def _add_data(self, root: ET.Element) -> None:
        """Add what search engines read: the citations as schema.org data."""
        evidence = self.page.evidence
        found = (evidence.citations.get(key) for key in self.page.numbers)
        known = [citation for citation in found if citation is not None]
        if known:
            data = ET.SubElement(root, "div", {"hidden": "hidden"})
            data.text = self.md.htmlStash.store(citation_data(evidence, known))


def _back_links(uses: list[str], number: int) -> str:
    """Return links to every claim that rests on an entry; nothing where none does."""
    links = " ".join(
        f'<a class="fn-backref" href="#{identifier}" role="doc-backlink" '
        f'aria-label="Back to claim {at} of source {number}">'
        f"{_BACK} {at if len(uses) > 1 else 'the claim'}</a>"
        for at, identifier in enumerate(uses, start=1)
    )
    return f'<p class="fn-back">Cited at {links}</p>' if links else ""


def makeExtension(**options: Any) -> FootnotaryExtension:  # noqa: N802  Python-Markdown's name
    """Return the extension, for Python-Markdown."""
    return FootnotaryExtension(**options)
