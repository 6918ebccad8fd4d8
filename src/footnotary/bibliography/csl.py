"""CSL-JSON (citation-style-language/schema, csl-data.json); quote and claims are the `annote`."""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from footnotary.bibliography.entry import (
    Bibliography,
    PersonName,
    Reference,
    annotated,
    change_note,
    changed_day,
    is_own_key,
    parse_reference_day,
    read_doi,
    split_tags,
    write_annotation,
)
from footnotary.errors import UsageError

_TAG = re.compile(r"</?(?:i|b|sup|sub|sc|span)(?: [^<>]*)?>")  # rich text of titles (CSL-JSON)


def write_csl(entries: Iterable[Reference]) -> str:
    """Return a CSL-JSON file."""
    return json.dumps([_item(entry) for entry in entries], indent=2, ensure_ascii=False) + "\n"


def read_csl(text: str) -> Bibliography:
    """Read a CSL-JSON file; items that are none are named by their number.

    Raises:
        UsageError: It is no JSON list of items.
    """
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"Invalid CSL-JSON: {error}.", hint="Export it again from its program."
        ) from None
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list):
        raise UsageError("CSL-JSON is a list of items.", hint="Export it again from its program.")
    return Bibliography(
        tuple(_entry(item) for item in items if isinstance(item, dict)),
        tuple(
            f"item {number}: an object is expected, not {json.dumps(item)[:60]}."
            for number, item in enumerate(items, 1)
            if not isinstance(item, dict)
        ),
    )


def _item(entry: Reference) -> dict[str, Any]:
    """Return one item; empty fields are left out."""
    item: dict[str, Any] = {
        "id": entry.key,
        "type": "webpage",
        "title": entry.title,
        "author": [_author(name, person) for name, person in entry.people()],
        "container-title": entry.site,
        "issued": _parts(entry.published),
        "accessed": _parts(entry.accessed),
        "note": change_note(entry),
        "URL": entry.url,
        "annote": write_annotation(entry),
        "keyword": ", ".join(entry.tags),
        "archive_location": entry.archive_url,
    }
    return {name: value for name, value in item.items() if value}


def _author(name: str, person: PersonName | None) -> dict[str, str]:
    """Return an author's parts, or the whole name where it may be no person's."""
    if person is None:
        return {"literal": name}
    parts = {
        "family": person.family,
        "given": person.given,
        "non-dropping-particle": person.particle,
        "suffix": person.suffix,
    }
    return {part: words for part, words in parts.items() if words}


def _entry(item: dict[str, Any]) -> Reference:
    """Return what an item says."""

    def text(name: str) -> str:
        value = item.get(name, "")
        return value if isinstance(value, str) else ""

    modified = changed_day(text("note"))
    note = "" if modified else text("note")
    key = str(item.get("id", ""))
    quote, claims = annotated(text("annote"), note, key)
    authors = item.get("author")
    return Reference(
        key=key,
        url=text("URL") or read_doi(text("DOI")),
        title=text("title") if is_own_key(key) else _TAG.sub("", text("title")),
        site=text("container-title"),
        authors=tuple(filter(None, map(_name, authors if isinstance(authors, list) else ()))),
        published=_date(item.get("issued")),
        modified=modified,
        accessed=_date(item.get("accessed")),
        quote=quote,
        claims=claims,
        tags=split_tags(text("keyword")),
        archive_url=text("archive_location"),
    )


def _name(author: Any) -> str:
    """Return an author's whole name."""
    if not isinstance(author, dict):
        return ""
    whole = author.get("literal") or author.get("name")  # of an organisation, at Crossref
    if whole:
        return " ".join(str(whole).split())
    given, *family, suffix = (" ".join(str(author.get(part) or "").split()) for part in _PARTS)
    return str(PersonName(given, "", " ".join(filter(None, family)), suffix))


_PARTS = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")


def _parts(day: date | None) -> dict[str, Any] | None:
    """Return a CSL date."""
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def _date(value: Any) -> date | None:
    """Read a CSL date; a year alone is no day."""
    if not isinstance(value, dict):
        return None
    try:
        year, month, day = value["date-parts"][0]
        return date(int(year), int(month), int(day))
    except (KeyError, IndexError, TypeError, ValueError):
        return parse_reference_day(str(value.get("raw") or value.get("literal") or ""))
