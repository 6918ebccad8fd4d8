"""The documents as pages: header, banner, Swagger UI, and the index with its timeline."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnotary.counting import counted
from footnotary.documents.escape import escape_text, make_anchor
from footnotary.documents.what_changed import HEADING, ChangeLog
from footnotary.facts.research import DECISION
from footnotary.files import read_regular
from footnotary.markers.entries import on_one_line
from footnotary.publishing.cards import render_note_state
from footnotary.publishing.collection import MAX_BYTES, Collection, Document
from footnotary.publishing.crosslinks import places_of, with_links, with_trail
from footnotary.publishing.evidence import state_of
from footnotary.publishing.markup import DOT, Html, element, join_markup, titled_as
from footnotary.publishing.notebook import NotePage, note_facts, note_page
from footnotary.publishing.place import SiteFile
from footnotary.publishing.policy import Trusted, apply_policy
from footnotary.publishing.sources_pages import titled
from footnotary.writing.documents_on_disk import log_at

_GROUP = "Documents"
_INDEX = "documents/index.md"
OPENAPI = ".openapi.json"
_SCRIPTS = "assets/footnotary"
_ORDER = {"API": 0, "SCHEMA": 1, "DEPLOY": 2, "IMPL": 3}
_LINKED = ("API", "SCHEMA", "IMPL")
_SECTION_END = re.compile(r"^(?:#{1,2} |---\s*$)", re.MULTILINE)
# A reference that mkdocstrings would render from today's code, with its options.
_DIRECTIVE = re.compile(r"^::: ([\w.]+)\n(?: {4}[^\n]*(?:\n|\Z))*", re.MULTILINE)
# The same after a formatter has taken its lines for a paragraph.
_WRAPPED_DIRECTIVE = re.compile(r"^:::\s+([\w.]+)\s+options:\s+(\{[^{}]*\})", re.MULTILINE)
_VALUES = frozenset(("example", "examples", "default", "enum", "const", "value"))
_LOG = ".changes.json"
_CHANGES = re.compile(r"^## Changes since (\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_NOT_COMPARED = ("Not compared:", "Could not be compared:")


@dataclass(frozen=True)
class Happening:
    """One event of a document.

    Attributes:
        day: When, as `YYYY-MM-DD`.
        document: The document.
        words: What changed, such as `3 changes since 2026-11-23`; empty where that is not told.
        anchor: Where that is in the document; empty where it does not.
        refreshed: Whether it was refreshed, rather than written.
    """

    day: str
    document: Document
    words: str = ""
    anchor: str = ""
    refreshed: bool = False


def happenings(documents: Iterable[Document]) -> tuple[Happening, ...]:
    """Return the events of documents, newest first, those of one day by name."""
    found = [one for document in documents for one in _of(document)]
    found.sort(key=lambda one: (one.document.stem, one.refreshed))
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def _of(document: Document) -> Iterator[Happening]:
    """Yield the events of one document."""
    found = _CHANGES.search(document.body)
    words = anchor = ""
    if found:
        part = _SECTION_END.split(document.body[found.end() :], maxsplit=1)[0]
        count = sum(line.startswith("- ") for line in part.splitlines())
        words = f"{counted(count, 'change') if count else 'no changes'} since {found[1]}"
        anchor = f"changes-since-{found[1]}"
        if any(words in part for words in _NOT_COMPARED):
            words = f"not compared with {found[1]}"
    yield Happening(document.date, document, words, anchor)
    place = make_anchor(HEADING) if f"## {HEADING}\n" in document.body else ""
    for one in _log_of(document).refreshes:
        words = f"refreshed: {counted(one.count, 'change')}" if one.count else "refreshed"
        words += "; facts of its date are lost" if one.lost else ""
        yield Happening(one.day.isoformat(), document, words, place, refreshed=True)


def _log_of(document: Document) -> ChangeLog:
    """Return a document's own change log; an empty one where there is none."""
    path = next((path for suffix, path in document.attachments if suffix == _LOG), None)
    return log_at(path) if path else ChangeLog()


def document_pages(collection: Collection) -> Iterator[SiteFile]:
    """Yield the index, every document, and what lies beside each."""
    yield SiteFile(_INDEX, _index(collection), label="Overview", group=_GROUP)
    shown = sorted(
        collection.documents, key=lambda one: (_ORDER.get(one.prefix, 9), one.name, one.stem)
    )
    for document in shown:
        apart = document.superseded or document.is_part or document.prefix == "RESEARCH"
        in_nav = not apart
        yield SiteFile(
            document.uri,
            render_document_page(collection, document),
            label=_label(collection, document) if in_nav else "",
            group=_GROUP if in_nav else "",
            origin=document.path,
        )
        base = document.uri.removesuffix(".md")
        for suffix, path in document.attachments:
            yield SiteFile(f"{base}{suffix}", path)
            if suffix == OPENAPI:
                yield from _swagger(document, base, path, directories=collection.directories)


def swagger_uri(document: Document) -> str:
    """Return the place of an API document's Swagger UI page; empty where there is none."""
    has = any(suffix == OPENAPI for suffix, _ in document.attachments)
    return f"{document.uri.removesuffix('.md')}.swagger.html" if has else ""


def _label(collection: Collection, document: Document) -> str:
    """Return a label for the navigation; names only where there are several of a kind."""
    same = [one for one in collection.current if one.prefix == document.prefix]
    return document.label if len(same) == 1 else f"{document.label}: {document.name}"


def render_document_page(collection: Collection, document: Document) -> str:
    """Return a document as a page: its own text under a header of what it is."""
    body = document.body
    prefix, project = document.whole
    if not document.superseded and prefix in _LINKED:
        body = with_links(body, document, places_of(collection, project))
    note = note_page(document) if document.prefix == "RESEARCH" else None
    ended = note.state if note and note.state in ("superseded", "withdrawn") else ""
    ended = "superseded" if document.superseded else ended
    matter = titled_as(f"{document.title} ({ended})" if ended else document.title)
    if document.superseded:  # a search finds the newest one
        matter += "search:\n  exclude: true\n"
    matter = f"---\n{matter}---"
    body = with_directives(body)
    body = with_trail(collection, note, body) if note else body
    if document.superseded:  # the code is no longer what this document describes
        body = _DIRECTIVE.sub(r"`\1`\n", body)
    if document.is_part:
        return f"{matter}\n\n{body}"
    heading = re.match(r"\A#[ \t]+[^\n]*(?:\n|\Z)", body)
    title = (
        heading[0].strip() if heading else f"# {escape_text(f'{document.label}: {document.name}')}"
    )
    if ended and not document.superseded and not title.endswith("}"):
        title += f" ({ended})"  # what a search shows
    body = body[heading.end() :] if heading else body
    parts = [matter, title, str(_header(collection, document, note)), body.lstrip("\n")]
    return "\n\n".join(parts)


def with_directives(markdown: str) -> str:
    """Return Markdown in which directives of mkdocstrings are such, whatever a formatter did."""
    return _WRAPPED_DIRECTIVE.sub(
        lambda found: f"::: {found[1]}\n    options: {on_one_line(found[2])}", markdown
    )


def _header(collection: Collection, document: Document, note: NotePage | None) -> Html:
    """Return what a document is, where it comes from, and what it rests on."""
    facts: list[str] = [element("span", document.label, class_="fn-tag"), f" {document.name}"]
    if document.date:
        facts.append(join_markup(" · ", element("time", document.date, datetime=document.date)))
    matter = document.matter
    if matter and matter.commit:
        at = f" on {matter.branch}" if matter.branch else ""
        facts.append(join_markup(" · read at ", element("code", matter.commit[:10]), at))
    keys = [key for key in document.cited_keys if not key.startswith(DECISION)]
    known = [collection.evidence.citations[k] for k in keys if k in collection.evidence.citations]
    if keys:
        holding = sum(state_of(one).holds for one in known)
        facts.append(f" · quotes found in {holding} of {counted(len(keys), 'source')}")
    about = [render_note_state(note.state), *note_facts(note)] if note else []
    return element(
        "div",
        _banner(collection, document),
        element("p", Html(DOT.join(about)), class_="fn-facts") if about else "",
        element("p", *facts, class_="fn-facts"),
        element("p", Html(" · ".join(_describe_ways(collection, document))), class_="fn-ways"),
        class_="fn-document",
        data_search_exclude="",
    )


def _banner(collection: Collection, document: Document) -> Html:
    """Return the notice on a superseded document, with a link to the newest one."""
    if not document.superseded:
        return Html("")
    new = newest(collection, document)
    if new is None:
        words: Html = join_markup("This document has been superseded.")
    else:
        target = collection.href(new.uri, document.uri)
        words = join_markup(
            "This document has been superseded by ",
            element("a", new.title, href=target),
            f" of {new.date}." if new.date else ".",
        )
    return element("p", element("strong", "↻ Superseded. "), words, class_="fn-banner", role="note")


def newest(collection: Collection, document: Document) -> Document | None:
    """Follow a superseded document's successors to the last one that is there."""
    stems = {one.stem: one for one in collection.documents}
    seen = {document.stem}
    at, found = document, None
    while at.matter and at.matter.superseded_by in stems and at.matter.superseded_by not in seen:
        found = at = stems[at.matter.superseded_by]
        seen.add(at.stem)
    return found


def _describe_ways(collection: Collection, document: Document) -> list[Html]:
    """Return links to the other forms of a document."""
    base = document.uri.removesuffix(".md")
    ways = []
    if swagger := swagger_uri(document):
        target = collection.href(swagger, document.uri)
        ways.append(element("a", "Swagger UI", href=target, class_="fn-swagger-link"))
    names = {
        OPENAPI: "OpenAPI",
        ".facts.json": "Facts (JSON)",
        ".dated.facts.json": "Facts at first writing (JSON)",
        _LOG: "Changes (JSON)",
        ".tbls.json": "tbls (JSON)",
    }
    for suffix, _ in document.attachments:
        target = collection.href(f"{base}{suffix}", document.uri)
        ways.append(element("a", names.get(suffix, suffix), href=target))
    matter = document.matter
    if matter and matter.supersedes:
        before = next((d for d in collection.documents if d.stem == matter.supersedes), None)
        if before is not None:
            target = collection.href(before.uri, document.uri)
            ways.append(element("a", f"The one before ({before.date})", href=target))
    return ways


def _swagger(document: Document, base: str, path: Path, *, directories: bool) -> Iterator[SiteFile]:
    """Yield the Swagger UI page of an API document: local files, no inline script."""
    up = "../" * base.count("/")
    name = base.rpartition("/")[2]
    head = join_markup(
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{document.title} · Swagger UI"),
        element("link", rel="icon", href="data:,"),
        element("link", rel="stylesheet", href=f"{up}{_SCRIPTS}/swagger-ui.css"),
        element("link", rel="stylesheet", href=f"{up}{_SCRIPTS}/swagger.css"),
    )
    page = element("a", f"← {document.title}", href=f"{name}/" if directories else f"{name}.html")
    scripts = (
        f"{up}{_SCRIPTS}/swagger-ui-bundle.js",
        f"{name}.openapi.js",
        f"{up}{_SCRIPTS}/swagger.js",
    )
    body = join_markup(
        element("header", page),
        element("main", element("div", "", id="swagger-ui")),
        *(element("script", "", src=one) for one in scripts),
    )
    html = f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'
    guarded, _ = apply_policy(html, Trusted(), web_images=False)
    yield SiteFile(f"{base}.swagger.html", guarded)
    yield SiteFile(f"{base}.openapi.js", _as_script(path))


def _as_script(path: Path) -> str:
    """Return an OpenAPI document as a script: pages opened as files may not fetch."""
    try:
        text = json.dumps(_describe_page(json.loads(read_regular(path, MAX_BYTES, follow=True))))
    except (OSError, ValueError, RecursionError):  # collected: no link of it leads out
        text = "null"
    return f"window.footnotaryOpenapi = {text};\n"


def _describe_page(value: Any) -> Any:
    """Return a part of an OpenAPI document whose descriptions hold no HTML.

    Swagger UI renders them as Markdown and lets elements pass that do not run, pictures too;
    in our own documents they are words. Values, which it shows as they are, stay.
    """
    if isinstance(value, list):
        return [_describe_page(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _strip_html(one)
        if key == "description" and isinstance(one, str)
        else one
        if key in _VALUES
        and not (isinstance(one, dict) and not one.keys().isdisjoint(("type", "$ref")))
        else _describe_page(one)
        for key, one in value.items()
    }


def _strip_html(markdown: str) -> str:
    """Return Markdown with its tags as words; code is words already."""
    parts = re.split(r"(```[^`]*```|`[^`\n]+`)", markdown)
    parts[::2] = (part.replace("<", "&lt;") for part in parts[::2])
    return "".join(parts)


def _index(collection: Collection) -> str:
    """Return the overview: what is current, then everything by date."""
    if not collection.documents:
        return titled(
            "Documents",
            element("p", "There are none yet. ", element("code", "doc new api"), " writes one."),
        )
    cards = [_card(collection, one) for one in collection.current]
    events = happenings(collection.documents)
    return titled(
        "Documents",
        element("ul", *cards, class_="fn-cards"),
        element("h2", "Timeline", id="timeline"),
        element("ol", *(_event(collection, one) for one in events), class_="fn-timeline"),
    )


def _card(collection: Collection, document: Document) -> Html:
    """Return a current document as a card."""
    count = len(document.cited_keys)
    return element(
        "li",
        element("a", document.title, href=collection.href(document.uri, _INDEX)),
        element(
            "span",
            document.date,
            f" · {counted(count, 'source')}" if count else "",
            class_="fn-facts",
        ),
    )


def _event(collection: Collection, one: Happening) -> Html:
    """Return one line of the timeline, with what changed since the document before."""
    address = collection.href(one.document.uri, _INDEX)
    changed: Html = Html("")
    if one.words:
        changed = join_markup(" · ", element("a", one.words, href=f"{address}#{one.anchor}"))
    superseded = join_markup(" · ", element("span", "↻ superseded", class_="fn-state fn-note"))
    return element(
        "li",
        element("time", one.day, datetime=one.day or None),
        " ",
        element("a", one.document.title, href=address),
        changed,
        superseded if one.document.superseded and not one.refreshed else "",
    )
