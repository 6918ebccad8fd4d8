"""What a document's page has beyond its text: links between documents, and a note's trail.

The documents link models, tables and operations to each other where they stand. What only the
site knows is added here: where the reference of a handler or a class is, and which operation
and which table a line of the IMPL document is about.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from footnotary.documents.regions import regions_of
from footnotary.errors import DocumentError
from footnotary.facts.research import (
    DecisionMade,
    LeftOut,
    OfSource,
    QuestionAsked,
    Quoted,
    QuoteRefused,
    Remarked,
    Replaced,
    Searched,
    SourceRead,
    TrailEvent,
)
from footnotary.publishing.cards import render_note_state
from footnotary.publishing.collection import Collection, Document
from footnotary.publishing.markup import Html, element, join_markup
from footnotary.publishing.notebook import (
    SOURCE_STATES,
    NotePage,
    link_notes,
    link_source,
    render_chosen,
    render_decision_parts,
    render_source,
)
from footnotary.publishing.place import relative_address

_REFUSALS = {
    "absent": "the page does not say it",
    "near": "the page says it in other words",
    "not_shown": "the page does not show it",
    "unsupported-claim": "the quote does not support the claim",
}


def with_trail(collection: Collection, note: NotePage, body: str) -> str:
    """Return a note's Markdown with what is rendered from its trail as it is shown on a site.

    Args:
        collection: What the site shows.
        note: The note.
        body: Its Markdown; a region that was edited by hand stays as it is.
    """
    if not note.trail.events or note.problem:
        return body
    uri = note.document.uri
    blocks = {
        "remarks": Html(""),
        "searches": _timeline(collection, note),
        "sources-read": _sources(collection, note),
        "decision": element(
            "div", *render_decision_parts(collection, note, uri), class_="fn-page fn-decision"
        ),
    }
    try:
        regions = [one for one in regions_of(body) if one.name in blocks and not one.edited]
    except DocumentError:
        return body
    lines = body.split("\n")
    for region in reversed(regions):
        lines[region.first - 1 : region.last] = ["", str(blocks[region.name]), ""]
    return "\n".join(lines)


def _sources(collection: Collection, note: NotePage) -> Html:
    """Return the sources of a note by what became of them."""
    items = [
        render_source(collection, one, note.document.uri)
        for state, _ in SOURCE_STATES
        for one in note.trail.sources
        if one.state == state
    ]
    listed = element("ul", *items, class_="fn-notes") if items else element("p", "None is logged.")
    return element("div", element("h3", "Sources read and left out"), listed, class_="fn-page")


def _timeline(collection: Collection, note: NotePage) -> Html:
    """Return the trail of a note, oldest event first."""
    items = [
        element("li", _moment(one.at), " ", *_told(collection, one, note))
        for one in note.trail.events
        if not (isinstance(one, DecisionMade) and one.in_prose)
    ]
    steps = element("ol", *items, class_="fn-timeline fn-trail")
    return element("div", element("h3", "Trail"), steps, class_="fn-page")


def _moment(at: datetime) -> Html:
    """Return a moment, to the minute."""
    return element("time", f"{at:%Y-%m-%d %H:%M}", datetime=at.isoformat())


def _told(collection: Collection, event: TrailEvent, note: NotePage) -> Iterator[Html]:
    """Yield what an event says."""
    match event:
        case OfSource():
            yield from _of_source(collection, event, note)
        case QuestionAsked():
            yield join_markup(element("strong", "Asked"), f" by {event.by}" if event.by else "")
            yield element("p", event.question)
        case Searched():
            yield element("strong", "Searched")
            where = join_markup(f" {event.engine} for ", element("q", event.terms))
            yield join_markup(where, f": {event.found_results}")
        case Remarked():
            yield join_markup(element("strong", "Remark"), f" by {event.by}" if event.by else "")
            yield element("p", event.text)
        case DecisionMade():
            yield join_markup(element("strong", "Decision"), " ", render_note_state(event.state))
            yield element("p", event.withdrawn or render_chosen(event))
        case Replaced():
            yield join_markup(element("strong", "Superseded"), " by ")
            yield link_notes(collection, [event.key], note.document.uri)


def _of_source(
    collection: Collection, event: SourceRead | Quoted | QuoteRefused | LeftOut, note: NotePage
) -> Iterator[Html]:
    """Yield what an event says of a source."""
    uri = note.document.uri
    key = event.key if isinstance(event, Quoted) else ""
    title = join_markup(" ", link_source(collection, event.url, event.title, uri, key))
    match event:
        case SourceRead():
            yield element("strong", "Could not read" if event.problem else "Read")
            yield title
            yield element("p", event.problem) if event.problem else _became(event.url, note)
        case Quoted():
            yield element("strong", "Quoted")
            yield title
            yield element("blockquote", element("q", event.quote), class_="fn-quote")
        case QuoteRefused():
            yield join_markup(element("strong", "Refused"), " ", render_note_state("refused"))
            yield join_markup(title, ": ", _REFUSALS.get(event.outcome, event.outcome))
            yield element("blockquote", event.quote)
            yield element("p", "Claim: ", event.claim) if event.claim else Html("")
        case LeftOut():
            yield element("strong", "Left out")
            yield title
            yield element("p", event.why)


def _became(url: str, note: NotePage) -> Html:
    """Return what became of a source that was read."""
    states = [one.state for one in note.trail.sources if one.url.rstrip("/") == url.rstrip("/")]
    return join_markup(" ", render_note_state(states[0])) if states else Html("")


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
