"""The quality page: how each document stands, and how it went over its dates."""

from collections.abc import Iterator
from pathlib import Path

from footnotary.gating.quality import History, Quality, histories
from footnotary.publishing.cards import day
from footnotary.publishing.collection import Collection, Document
from footnotary.publishing.files import SiteFile
from footnotary.publishing.markup import Html, element, joined
from footnotary.publishing.sources_pages import titled
from footnotary.writing.documents_on_disk import Stored

QUALITY = "documents/quality.md"
_HEAD = ("Document", "Date", "Citations", "Claims cited", "Tables")


def quality_page(collection: Collection) -> Iterator[SiteFile]:
    """Yield the quality page, where there is a document.

    Args:
        collection: What the site shows.
    """
    found = histories(collection.project)
    if found:
        content = _page(collection, found)
        yield SiteFile(QUALITY, content, label="Quality", group="Sources")


def _page(collection: Collection, found: tuple[History, ...]) -> str:
    """Return the page: current documents, then those with more than one date."""
    documents = {one.path: one for one in collection.documents}
    rows = [
        _row(collection, documents.get(stored.path), stored, quality)
        for history in found
        for stored, quality in history.versions
        if not stored.archived
    ]
    about = element(
        "p",
        "A claim is a sentence with a source, or one that needs one. “Read” is a source whose"
        " quote was on its page when it was cited and that was not checked again.",
    )
    trends = [
        _trend(collection, history, documents) for history in found if len(history.versions) > 1
    ]
    over_time = joined(element("h2", "Over time"), *trends) if trends else ""
    return titled("Quality", about, _table(_HEAD, rows), over_time, search=False)


def _table(head: tuple[str, ...], rows: list[Html]) -> Html:
    """Return a table."""
    cells = [element("th", words, scope="col") for words in head]
    return element("table", element("thead", element("tr", *cells)), element("tbody", *rows))


def _row(
    collection: Collection, document: Document | None, stored: Stored, quality: Quality
) -> Html:
    """Return one document's figures."""
    title = document.title if document else stored.stem
    name = element("a", title, href=collection.href(document.uri, QUALITY)) if document else title
    tables = "none" if stored.kind_name == "research" else _tables(quality)
    cells = [name, day(stored.date), _citations(quality), _claims(quality), tables]
    return element("tr", *(element("td", cell) for cell in cells))


def _trend(collection: Collection, history: History, documents: dict[Path, Document]) -> Html:
    """Return the figures of one document, newest date first."""
    rows = []
    for stored, quality in reversed(history.versions):
        document = documents.get(stored.path)
        when = day(stored.date)
        link = element("a", when, href=collection.href(document.uri, QUALITY)) if document else when
        cells = [link, _citations(quality), _claims(quality)]
        rows.append(element("tr", *(element("td", cell) for cell in cells)))
    return joined(
        element("h3", f"{history.kind_name}: {history.name}"),
        _table(("Date", "Citations", "Claims cited"), rows),
    )


def _citations(quality: Quality) -> str:
    """Return the citations by state."""
    if quality.unreadable:
        return quality.unreadable
    return ", ".join(f"{count} {state}" for state, count in quality.citations.items()) or "none"


def _claims(quality: Quality) -> str:
    """Return the share of cited claims."""
    claims = quality.cited_claims + quality.uncited_claims
    if not claims:
        return "no claims"
    return f"{quality.cited_claims} of {claims} ({quality.coverage:.0%})"


def _tables(quality: Quality) -> str:
    """Return whether the tables are those of the code, as far as that is known."""
    words = "not compared"
    if quality.drift is not None:
        changes = len(quality.drift)
        words = f"{changes} changes in the code" if changes else "as the code"
    return f"{words}, {quality.edited_regions} edited" if quality.edited_regions else words
