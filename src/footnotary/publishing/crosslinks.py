"""Links between a project's documents: from route to operation, from name to reference.

The documents link models, tables and operations to each other where they stand. What only the
site knows is added here: where the reference of a handler or a class is, and which operation
and which table a line of the IMPL document is about.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from footnotary.publishing.collection import Collection, Document
from footnotary.publishing.markup import element
from footnotary.publishing.place import relative_address

_ANCHOR = re.compile(r'^#+ <a id="((?:operation|table)-[^"]+)"></a>`([^`\n]+)`', re.MULTILINE)
_DIRECTIVE = re.compile(r"^::: ([A-Za-z_][\w.]*)", re.MULTILINE)
# Code that may be linked, behind what holds code that may not: fences, headings, links, HTML.
_CODE = re.compile(
    r"^(?P<fence> {0,3}(?:`{3,}|~{3,})).*?^(?P=fence)[`~]*[ \t]*$"
    r"|^#{1,6} [^\n]*$|^:::[^\n]*(?:\n +[^\n]+)*|\[(?:[^\]\\\n]|\\.)*\]\([^)\n]*\)"
    r"|<a\b.*?</a>|<!--.*?-->|``+[^\n]*?``+|(?P<code>`(?P<words>[^`\n]+)`)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Places:
    """Where a project's things are told of.

    Attributes:
        told: Place and anchor of operations (`GET /orders`) and tables, by name.
        modules: Modules that the reference of the IMPL document shows.
    """

    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    modules: frozenset[str] = frozenset()


def places_of(collection: Collection, project: str) -> Places:
    """Return where the current documents of a project tell of what."""
    told: dict[str, tuple[str, str]] = {}
    modules: set[str] = set()
    for document in collection.documents:
        prefix, name = document.whole
        if document.superseded or name != project:
            continue
        if prefix in ("API", "SCHEMA"):
            for anchor, words in _ANCHOR.findall(document.body):
                told.setdefault(words, (document.uri, anchor))
        elif prefix == "IMPL":
            modules.update(_DIRECTIVE.findall(document.body))
    return Places(told, frozenset(modules))


def with_links(body: str, document: Document, places: Places) -> str:
    """Return a document's text with its code linked to where that is told of."""
    if not (places.told or places.modules):
        return body

    def linked(found: re.Match[str]) -> str:
        words = found["words"]
        if words is None:
            return found[0]
        if re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", words):
            return _referred(words, places) or found[0]
        # Elsewhere a bare word may be a column, and documents link their own things themselves.
        told = places.told.get(words) if document.whole[0] == "IMPL" else None
        if told is None:
            return found[0]
        return f"[{found[0]}]({relative_address(told[0], document.uri)}#{told[1]})"

    return _CODE.sub(linked, body)


def _referred(name: str, places: Places) -> str:
    """Return a name as a reference to where mkdocstrings shows it; nothing if it does not.

    Source: mkdocs-autorefs, optional references: what is not found stays words.
    """
    if not any(module in places.modules for module in _outwards(name)):
        return ""
    return f'<autoref optional identifier="{name}">{element("code", name)}</autoref>'


def _outwards(name: str) -> Iterator[str]:
    """Yield a dotted name and the names around it."""
    while name:
        yield name
        name = name.rpartition(".")[0]
