"""The day on which a page was published."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from footnotary import clock
from footnotary.extract.metadata.identity import language_of
from footnotary.extract.metadata.json_ld import ARTICLES, PAGES, types_of
from footnotary.extract.metadata.signals import Place, Signals, is_aside, naming, words_of, work_of
from footnotary.extract.metadata.written_dates import HAS_YEAR, date_in

_EARLIEST = date(1990, 1, 1)
_STATED = (
    ("citation_publication_date", 3.0),
    ("citation_online_date", 3.2),
    ("citation_date", 3.0),
    ("article:published_time", 4.0),
    ("og:article:published_time", 3.5),
    ("og:published_time", 3.5),
    ("datepublished", 3.5),
    ("dc.date.issued", 3.2),
    ("dcterms.issued", 3.2),
    ("dcterms.created", 3.0),
    ("dc.date", 2.8),
    ("dc.date.created", 2.8),
    ("dcterms.date", 2.8),
    ("parsely-pub-date", 3.2),
    ("sailthru.date", 2.8),
    ("pubdate", 3.0),
    ("publishdate", 3.0),
    ("publish-date", 3.0),
    ("publish_date", 3.0),
    ("published", 2.6),
    ("date", 2.6),
    ("originalpublicationdate", 3.0),
    ("last-modified", 0.3),
    ("article:modified_time", 0.4),
    ("og:updated_time", 0.4),
)
_WRITTEN = 1.5
_BEFORE, _BEHIND, _LATER = 400, 1_500, 50_000  # characters around the title
_LONGEST_LINE = 200
_ANYWHERE = (".com", ".org", ".net", ".io", ".dev")  # hosts of every country
_CHANGED = re.compile(
    r"last (?:edited|modified|change)|updated|published|posted|ge\u00e4ndert|aktualisiert|stand:"
    r"|ver\u00f6ffentlicht|modifi\u00e9|actualizado|^(?:von|by|par|por)\s\w+\s|^\W*\d",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"(?:^|[/_.-])((?:19|20)\d\d)[/_.-]?([01]\d)[/_.-]?([0-3]\d)(?=$|[/_.-])")


def published_of(signals: Signals, place: Place) -> tuple[date | None, str]:
    """Return the day of publication, and where it came from.

    Args:
        signals: What the page says of itself.
        place: Where the page's own words stand.
    """
    latest = clock.today() + timedelta(days=2)
    scores: dict[date, float] = {}
    origins: dict[date, str] = {}
    for day, weight, origin in _candidates(signals, place.spine):
        if _EARLIEST <= day <= latest:
            scores[day] = scores.get(day, 0.0) + weight
            origins.setdefault(day, origin)
    written = [(day, weight) for day, weight in _written(signals, place) if day <= latest]
    if not scores and not written:
        later = _written_later(place.text[place.title_at :], day_first=_day_first(signals))
        written = [(later, _WRITTEN)] if later and _EARLIEST <= later <= latest else []
    for day, weight in written:
        scores[day] = scores.get(day, 0.0) + weight
        origins.setdefault(day, "text")
    if not scores:
        return None, ""
    best = max(scores, key=lambda day: (scores[day], -day.toordinal()))
    return _local(best, signals.url, written, origins)


def _local(
    best: date, url: str, written: list[tuple[date, float]], origins: dict[date, str]
) -> tuple[date, str]:
    """Return the day as readers see it: timestamps are often in UTC, a day off."""
    if origins[best] == "text":
        return best, "text"
    shown = [_in_url(url), *(day for day, _ in written[:1])]
    for day in shown:
        if day is not None and abs((day - best).days) == 1:
            return day, origins[day]
    return best, origins[best]


def _written(signals: Signals, place: Place) -> Iterator[tuple[date, float]]:
    """Yield the days that readers see near the title, the nearest counting most."""
    day_first = _day_first(signals)
    text, title_at = place.text, place.title_at
    before = text[max(0, title_at - _BEFORE) : title_at]
    behind = text[title_at : title_at + _BEHIND]
    weight = _WRITTEN
    for line in (*behind.split("\n"), *reversed(before.split("\n"))):
        if not HAS_YEAR.search(line):
            continue
        day = date_in(line[:_LONGEST_LINE], day_first=day_first)
        if day and day >= _EARLIEST:
            yield day, weight
            weight *= 0.4
            if weight < 0.2:  # noqa: PLR2004  too little to tell
                return


def _written_later(text: str, *, day_first: bool | None) -> date | None:
    """Return the day in a short line that says when the page was published or changed."""
    for line in text[:_LATER].split("\n"):
        if len(line) <= _LONGEST_LINE and HAS_YEAR.search(line) and _CHANGED.search(line):
            day = date_in(line, day_first=day_first)
            if day:
                return day
    return None


def _day_first(signals: Signals) -> bool | None:
    """Return whether `5/4/2020` is in April: not in the United States; None if that is open."""
    language = language_of(signals)[0].lower()
    host = urlsplit(signals.url).hostname or ""
    if language == "en-us" or host.endswith((".gov", ".edu", ".us")):
        return False
    if language not in ("", "en"):
        return True
    return None if host.endswith(_ANYWHERE) else True


def _candidates(signals: Signals, spine: frozenset[int]) -> Iterator[tuple[date, float, str]]:
    """Yield days, how much they count, and where they stand."""
    for name, weight in _STATED:
        for content, origin in list(signals.meta(name))[:1]:
            day = date_in(content)
            if day:
                yield day, weight, origin
    yield from _in_json_ld(signals)
    day = _in_url(signals.url)
    if day:
        yield day, 4.0, "URL"
    yield from _in_elements(signals, spine)


def _in_json_ld(signals: Signals) -> Iterator[tuple[date, float, str]]:
    """Yield the days that JSON-LD states."""
    for value in signals.objects:
        kinds = types_of(value)
        weight = 3.4 if kinds & ARTICLES else 1.6 if kinds & PAGES else 0.0
        if not weight:
            continue
        for field, share in (("datePublished", 1.0), ("dateCreated", 0.5), ("uploadDate", 0.5)):
            stated = value.get(field)
            day = date_in(stated) if isinstance(stated, str) else None
            if day:
                yield day, weight * share, f"JSON-LD {field}"


def _in_url(url: str) -> date | None:
    """Return the day in a URL's path."""
    found = _IN_URL.search(urlsplit(url).path)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _in_elements(signals: Signals, spine: frozenset[int]) -> Iterator[tuple[date, float, str]]:
    """Yield the days in elements that are marked as dates, the first ones counting most."""
    rank = 1.0
    day_first = _day_first(signals)
    for node in signals.tree.css(_DATED)[:60]:
        if is_aside(work_of(node), spine):
            continue
        stated, shown = _days_of(node, day_first=day_first)
        day = shown or stated
        if day is None:
            continue
        name = f"{node.attributes.get('itemprop') or ''} {naming(node)}".lower()
        yield day, _element_weight(node.tag or "", name) * rank, f"<{node.tag}>"
        rank *= 0.6
        if rank < 0.1:  # noqa: PLR2004  too little to tell
            return


_DATED = (
    "time, [itemprop*=date i], [class*=date i], [class*=datum i], [class*=published i], abbr[title]"
)


def _days_of(node: LexborNode, *, day_first: bool | None) -> tuple[date | None, date | None]:
    """Return the day that an element states in an attribute, and the one that it shows."""
    attributes = node.attributes
    stated = attributes.get("datetime") or attributes.get("content") or ""
    if not stated and node.tag == "abbr":
        stated = attributes.get("title") or ""
    shown = words_of(node, separator=" ")
    return (
        date_in(stated) if stated else None,
        date_in(shown, day_first=day_first) if len(shown) <= _LONGEST_LINE else None,
    )


def _element_weight(tag: str, name: str) -> float:
    """Return how much a dated element counts."""
    if "modified" in name or "updated" in name:
        return 0.6
    if "datepublished" in name or "published" in name or "entry-date" in name:
        return 2.6
    return 1.8 if tag in ("time", "abbr") else 1.2
