"""The site for programs: JSON feeds, Atom, llms.txt."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from footnotary import clock
from footnotary.counting import counted
from footnotary.documents.escape import escape_text
from footnotary.files import write_atomically
from footnotary.publishing.cards import source_label
from footnotary.publishing.collection import Collection
from footnotary.publishing.document_pages import happenings
from footnotary.publishing.evidence import last_seen_on_page, sentence_url, state_of
from footnotary.publishing.markup import plain_words
from footnotary.publishing.place import SiteFile, source_name

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50


def feeds(collection: Collection, name: str, site_url: str) -> Iterator[SiteFile]:
    """Yield the feeds.

    Args:
        collection: What the site shows.
        name: The site's name.
        site_url: Where it will be published; may be empty.
    """
    yield SiteFile("feeds/citations.json", _json(_citations(collection)))
    yield SiteFile("feeds/documents.json", _json(_documents(collection)))
    yield SiteFile("feeds/atom.xml", _atom(collection, name, site_url))


def llms_text(
    collection: Collection, name: str, about: str, pages: Iterable[tuple[str, str]]
) -> str:
    """Return llms.txt: what agents should read, as Markdown.

    Source: https://llmstxt.org/

    Args:
        collection: What the site shows.
        name: The site's name.
        about: One sentence about it; may be empty.
        pages: Title, in words, and address of the Markdown of every page.
    """
    lines = [f"# {escape_text(name)}", ""]
    if about:
        lines += [f"> {escape_text(about)}", ""]
    lines += ["## Pages", ""]
    lines += [f"- [{escape_text(title)}]({quote(address)})" for title, address in pages]
    count = len(collection.evidence.citations)
    lines += [
        "",
        "## Data",
        "",
        f"- [Citations](feeds/citations.json): {counted(count, 'quote')} with source, day, state",
        "- [Documents](feeds/documents.json): every document, current and superseded",
    ]
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _citations(collection: Collection) -> dict[str, Any]:
    """Return the citations for programs; the shape is in docs/site.md."""
    from footnotary.rules.claim_support import known_support

    records = collection.evidence.citations.values()
    return {
        "schema": 2,
        "citations": [
            {
                "key": one.key,
                "title": plain_words(one.title),
                "site": plain_words(one.site),
                "url": one.final_url,
                "quote": one.quote.exact,
                "claims": [
                    {
                        "text": claim.text,
                        "document": claim.document,
                        "support": known_support(claim, one, records).value,
                    }
                    for claim in one.claims
                ],
                "published": one.published.isoformat() if one.published else None,
                "accessed": one.accessed.isoformat(),
                "last_seen": last_seen_on_page(one).isoformat(),
                "state": state_of(one).name.lower(),
                "tags": list(one.tags),
                "search_terms": list(one.search_terms),
                "sentence": sentence_url(one),
                "page": collection.address(f"sources/{source_name(one.final_url)}.md"),
                "cited_by": [
                    collection.address(page.uri) for page in collection.citing.get(one.key, ())
                ],
                "checks": [check.model_dump(mode="json") for check in one.checks],
            }
            for one in records
        ],
    }


def _documents(collection: Collection) -> dict[str, Any]:
    """Return the documents for programs."""
    return {
        "schema": 1,
        "documents": [
            {
                "title": one.title,
                "kind": one.prefix.lower() or None,
                "name": one.name,
                "date": one.date or None,
                "status": "superseded" if one.superseded else "current",
                "page": collection.address(one.uri),
                "citations": list(one.cited_keys),
            }
            for one in collection.documents
        ],
    }


def _atom(collection: Collection, name: str, site_url: str) -> bytes:
    """Return an Atom feed of documents and citations, newest first (RFC 4287)."""
    ET.register_namespace("", ATOM)
    base = site_url.rstrip("/") + "/" if site_url else ""
    feed = ET.Element(f"{{{ATOM}}}feed")
    events = sorted(_events(collection), reverse=True)[:ENTRIES]
    updated = events[0][0] if events else clock.today().isoformat()
    _fields(feed, base or f"urn:footnotary:{collection.project.name}", name, updated)
    links = (
        ("self", f"{base}feeds/atom.xml" if base else "atom.xml"),
        ("alternate", base or "../"),
    )
    for relation, address in links:
        ET.SubElement(feed, f"{{{ATOM}}}link", rel=relation, href=address)
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    ET.SubElement(author, f"{{{ATOM}}}name").text = plain_words(name)
    for date, title, address, summary, mark in events:
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        identity = f"{base or 'urn:footnotary:'}{address}" + (f"-{mark}" if mark else "")
        _fields(entry, identity, title, date)
        ET.SubElement(entry, f"{{{ATOM}}}link", href=f"{base or '../'}{address}")
        if summary:
            ET.SubElement(entry, f"{{{ATOM}}}summary").text = summary
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _fields(parent: ET.Element, identity: str, title: str, date: str) -> None:
    """Add what every feed and entry has."""
    for tag, words in (
        ("id", identity),
        ("title", plain_words(title)),
        ("updated", f"{date}T00:00:00Z"),
    ):
        ET.SubElement(parent, f"{{{ATOM}}}{tag}").text = words


def _events(collection: Collection) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield date, title, address and summary of what happened, and what tells it from others."""
    for event in happenings(collection.documents):
        address, title = collection.address(event.document.uri), event.document.title
        if event.refreshed:
            yield (
                event.day,
                f"{title}: refreshed",
                f"{address}#{event.anchor}",
                event.words,
                event.day,
            )
        elif event.day:
            yield event.day, title, address, event.words, ""
    for one in collection.evidence.citations.values():
        address = collection.address(f"sources/{source_name(one.final_url)}.md") + f"#{one.key}"
        yield (
            one.accessed.isoformat(),
            source_label(one),
            address,
            f"“{plain_words(one.quote.exact)}”",
            "",
        )


@dataclass(frozen=True)
class MarkdownPage:
    """A page's source.

    Attributes:
        title: Its title.
        address: Its URL under the site's root.
        markdown: What was rendered.
    """

    title: str
    address: str
    markdown: str

    @property
    def markdown_address(self) -> str:
        """Where its Markdown lies: `index.md` in its folder, or beside its file."""
        if not self.address or self.address.endswith("/"):
            return f"{self.address.removeprefix('./')}index.md"
        return self.address.removesuffix(".html") + ".md"


def write_beside(
    site: Path, collection: Collection, name: str, about: str, pages: Iterable[MarkdownPage]
) -> None:
    """Write what agents read.

    Args:
        site: The folder of the built site.
        collection: What the site shows.
        name: The site's name.
        about: One sentence about it; may be empty.
        pages: Every page that was rendered.
    """
    listed = []
    for page in pages:
        _write_quickly(
            f"{site}/{page.markdown_address}", (page.markdown.strip("\n") + "\n").encode()
        )
        if not page.address.startswith("sources/"):
            listed.append((page.title, page.markdown_address))
    write_atomically(site / "llms.txt", llms_text(collection, name, about, listed).encode())


def _write_quickly(path: str, data: bytes) -> None:
    """Write one of very many files, into a folder that is nearly always there."""
    try:
        stream = open(path, "wb", buffering=0)  # noqa: SIM115, PTH123  half the cost of a Path's
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        stream = open(path, "wb", buffering=0)  # noqa: SIM115, PTH123  as above
    with stream:
        stream.write(data)
