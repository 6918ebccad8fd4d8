"""Links inside a project: what they lead to, and the anchors that pages have."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from footnotary.markers import Block
from footnotary.markers.spans import blanked, code_spans
from footnotary.markers.structure import Line

_LINK = re.compile(
    r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^\s<>()]+(?:\([^\s()]*\))?)>?(?:\s+[\"'][^)]*)?\s*\)"
)
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
        hidden = blanked(block.content, code_spans(block.content))
        for found in _LINK.finditer(hidden, 0, hidden.rfind(")") + 1):
            target = found[1]
            if _SCHEME.match(target):
                continue
            line = block.first + hidden.count("\n", 0, found.start())
            column = lines[line - 1].text.find(found[0].split("\n", 1)[0]) + 1
            yield Link(unquote(target), line, max(column, 0))


def anchors_of(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the anchors of a page: of its headings as sites make them, and of its HTML."""
    anchors: set[str] = set()
    seen: Counter[str] = Counter()
    for block in blocks:
        anchors.update(_HTML_ID.findall(block.content))
        if block.kind != "heading":
            continue
        explicit = _EXPLICIT.search(block.content)
        if explicit:
            anchors.add(explicit[1])
        words = re.sub(r"\^\[[^\]]*\]|<[^>]*>|[`*]|\{[^}]*\}\s*$", "", block.content)
        words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", words)
        github = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
        ascii_only = words.encode("ascii", "ignore").decode()
        python = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_only).strip().lower())
        for base in {github, python}:
            doubled = seen[base]
            seen[base] += 1
            anchors.update({base, f"{base}-{doubled}", f"{base}_{doubled}"} if doubled else {base})
    return frozenset(anchors)
