"""CSL-JSON (citation-style-language/schema, csl-data.json); the quote is the `annote`."""

import html
import json
import re
from datetime import date
from typing import Any

from footnotary.bibliography.entry import Entry
from footnotary.errors import UsageError


def dumps(entries: tuple[Entry, ...]) -> str:
    """Return a CSL-JSON file."""
    return json.dumps([_item(entry) for entry in entries], indent=2, ensure_ascii=False) + "\n"


def loads(text: str) -> tuple[Entry, ...]:
    """Read a CSL-JSON file.

    Raises:
        UsageError: It is no JSON list of items.
    """
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"This is no CSL-JSON: {error}.", hint="Export it again from its program."
        ) from None
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UsageError("CSL-JSON is a list of items.", hint="Export it again from its program.")
    return tuple(_entry(item) for item in items)


MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
_TAG = re.compile(r"</?(?:[a-z]{1,12}:)?[a-z]{1,12}(?: [^<>]{0,200})?/?>", re.IGNORECASE)


def registered(body: bytes, doi: str) -> dict[str, Any]:
    """Read what a DOI's registry says of a source.

    Args:
        body: Its answer, CSL-JSON of one item as Crossref and DataCite give it.
        doi: What was asked for; an item of another one says nothing.

    Returns:
        Those of `title`, `authors`, `site` and `published` (a whole day only) that it states.
    """
    try:
        item = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(item, dict) or str(item.get("DOI", "")).lower() != doi.lower():
        return {}
    entry = _entry(item)
    said = {
        "title": _untagged(entry.title),
        "authors": tuple(filter(None, map(_untagged, entry.authors))),
        "site": _untagged(entry.site),
        "published": entry.published,
    }
    return {name: value for name, value in said.items() if value}


def _untagged(text: str) -> str:
    """Return text without the markup that registries leave in titles, on one line."""
    text = _TAG.sub("", html.unescape(_TAG.sub("", text)))
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _item(entry: Entry) -> dict[str, Any]:
    """Return one item; empty fields are left out."""
    item: dict[str, Any] = {
        "id": entry.key,
        "type": "webpage",
        "title": entry.title,
        "author": [{"literal": name} for name in entry.authors],
        "container-title": entry.site,
        "issued": _parts(entry.published),
        "accessed": _parts(entry.accessed),
        "URL": entry.url,
        "annote": entry.quote,
        "note": entry.claim,
        "keyword": ", ".join(entry.tags),
        "archive_location": entry.archive_url,
    }
    return {name: value for name, value in item.items() if value}


def _entry(item: dict[str, Any]) -> Entry:
    """Return what an item says."""

    def text(name: str) -> str:
        value = item.get(name, "")
        return value if isinstance(value, str) else ""

    authors = item.get("author")
    return Entry(
        key=str(item.get("id", "")),
        url=text("URL"),
        title=text("title"),
        site=text("container-title"),
        authors=tuple(filter(None, map(_name, authors if isinstance(authors, list) else ()))),
        published=_date(item.get("issued")),
        accessed=_date(item.get("accessed")),
        quote=text("annote"),
        claim=text("note"),
        tags=tuple(tag.strip() for tag in text("keyword").split(",") if tag.strip()),
        archive_url=text("archive_location"),
    )


def _name(author: Any) -> str:
    """Return an author's whole name."""
    if not isinstance(author, dict):
        return ""
    whole = author.get("literal") or author.get("name")  # of an organisation, at Crossref
    return str(whole or f"{author.get('given', '')} {author.get('family', '')}").strip()


def _parts(day: date | None) -> dict[str, Any] | None:
    """Return a CSL date."""
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def _date(value: Any) -> date | None:
    """Read a CSL date; a year alone is no day."""
    try:
        year, month, day = value["date-parts"][0]
        return date(int(year), int(month), int(day))
    except (KeyError, IndexError, TypeError, ValueError):
        return None
