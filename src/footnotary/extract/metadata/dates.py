"""The days on which a page was published and last changed: stated, or none.

A day counts as that of publication if structured data, a dated element, the address or a line
near the title with a word of publishing says so. What is in code, tables, asides or prose is
about something else, and a day of change is never one of publication.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from footnotary import clock
from footnotary.extract.metadata.dated_lines import (
    BEFORE,
    BEHIND,
    LONGEST_LINE,
    DatedLine,
    Kind,
    dated_lines,
    labelled_days,
)
from footnotary.extract.metadata.names import language_of
from footnotary.extract.metadata.signals import (
    ARTICLES,
    PAGES,
    OwnWords,
    Signals,
    ancestors,
    element_words,
    is_aside,
    naming,
    types_of,
    work_of,
)
from footnotary.extract.metadata.written_dates import date_in

_EARLIEST = date(1990, 1, 1)
_META: tuple[tuple[str, Kind, float], ...] = (
    ("citation_publication_date", "published", 3.0),
    ("citation_online_date", "published", 3.2),
    ("citation_date", "published", 3.0),
    ("article:published_time", "published", 4.0),
    ("og:article:published_time", "published", 3.5),
    ("og:published_time", "published", 3.5),
    ("datepublished", "published", 3.5),
    ("dc.date.issued", "published", 3.2),
    ("dcterms.issued", "published", 3.2),
    ("dcterms.created", "published", 3.0),
    ("dc.created", "published", 3.0),
    ("dc.date", "published", 2.8),
    ("dc.date.created", "published", 2.8),
    ("dcterms.date", "published", 2.8),
    ("parsely-pub-date", "published", 3.2),
    ("sailthru.date", "published", 2.8),
    ("pubdate", "published", 3.0),
    ("publishdate", "published", 3.0),
    ("publish-date", "published", 3.0),
    ("publish_date", "published", 3.0),
    ("published", "published", 2.6),
    ("date", "published", 2.6),
    ("originalpublicationdate", "published", 3.0),
    ("article:modified_time", "modified", 4.0),
    ("og:article:modified_time", "modified", 3.5),
    ("og:updated_time", "modified", 3.5),
    ("datemodified", "modified", 3.5),
    ("dcterms.modified", "modified", 3.2),
    ("dc.date.modified", "modified", 3.2),
    ("dc.modified", "modified", 3.2),
    ("docbuild:last-update", "modified", 3.2),
    ("revised", "modified", 2.6),
    ("last-modified", "modified", 2.6),
    ("lastmod", "modified", 2.6),
)
_LINKED_DATA: tuple[tuple[str, Kind, float], ...] = (
    ("datePublished", "published", 1.0),
    ("dateCreated", "published", 0.5),
    ("uploadDate", "published", 0.5),
    ("dateModified", "modified", 1.0),
)
_FAR = 0.3  # of an element's word, away from the title
_LEAST = 0.2  # a weight below which a day says too little
_MOST_WORDS_BESIDE = 8  # of a dated element's block; more are a sentence about something else
_SENTENCE = re.compile(r"[a-z]{2}[.!?]$|。$")
_MOST_IN_SENTENCE = 2
_FEWEST_LISTED = 3  # dated elements alike with days of their own: a list of other things
# Domains of countries that are used in every country.
_ANYWHERE = frozenset(
    ("ai", "cc", "co", "fm", "gg", "io", "is", "ly", "me", "rs", "sh", "so", "to", "tv")
)
_COUNTRY = 2  # letters of a country's domain
_DATED = (
    "time, [class~=time i], [itemprop*=date i], [class*=date i], [class*=datum i], [class*=published i],"
    " [class*=modified i], abbr[title]"
)
_SAMPLES = frozenset({"pre", "code", "samp", "kbd", "table", "figure", "blockquote", "aside"})
_IN_URL = re.compile(r"(?:^|[/_.-])((?:19|20)\d\d)[/_.-]?([01]\d)[/_.-]?([0-3]\d)(?=$|[/_.-])")
_NAMED_MODIFIED = re.compile(r"modif|updated|(?:^|[\s_-])(?:last-?)?update|lastmod|revis|changed")
_NAMED_PUBLISHED = re.compile(r"publish|pubdate|(?:entry|post|article)[_-]?date|created|issued")
_INLINE = frozenset({"-text", "a", "abbr", "b", "em", "i", "small", "span", "strong", "time"})


@dataclass(frozen=True)
class Days:
    """The days of a page, each with where it came from; None and "" where none is stated."""

    published: date | None = None
    published_from: str = ""
    modified: date | None = None
    modified_from: str = ""


@dataclass(frozen=True)
class _Stated:
    """One day that a source states, what it is, and how much that counts."""

    day: date
    kind: Kind
    weight: float
    origin: str


def days_of(signals: Signals, place: OwnWords) -> Days:
    """Return the days on which a page was published and last changed."""
    latest = clock.today() + timedelta(days=2)
    stated = [one for one in _stated(signals, place) if _EARLIEST <= one.day <= latest]
    lines = [
        one
        for one in dated_lines(signals, place, day_first=_day_first(signals))
        if _EARLIEST <= one.day <= latest
    ]
    published, published_from = _elected("published", stated, lines)
    modified, modified_from = _elected("modified", stated, lines)
    if published:
        published, published_from = _as_shown(published, published_from, signals.url, lines)
    if published and modified and modified < published:
        modified, modified_from = None, ""
    return Days(published, published_from, modified, modified_from)


def _elected(kind: Kind, stated: list[_Stated], lines: list[DatedLine]) -> tuple[date | None, str]:
    """Return the day of a kind that most weight speaks for, and where it came from.

    A line without a label supports a day that something else states; alone it states none.
    """
    scores: Counter[date] = Counter()
    origins: dict[date, str] = {}
    for one in stated:
        if one.kind == kind:
            scores[one.day] += one.weight  # type: ignore[assignment]
            origins.setdefault(one.day, one.origin)
    for line in lines:
        if line.kind == kind or (line.kind is None and line.day in scores):
            scores[line.day] += line.weight  # type: ignore[assignment]
            origins.setdefault(line.day, "text")
    if not scores:
        return None, ""
    best = max(scores, key=lambda day: (scores[day], -day.toordinal()))
    return best, origins[best]


def _as_shown(best: date, origin: str, url: str, lines: list[DatedLine]) -> tuple[date, str]:
    """Return the day as readers see it: timestamps are often in UTC, a day off."""
    if origin == "text":
        return best, origin
    shown = [(_in_url(url), "URL"), *((line.day, "text") for line in lines[:1])]
    for day, seen in shown:
        if day is not None and abs((day - best).days) == 1:
            return day, seen
    return best, origin


def _stated(signals: Signals, place: OwnWords) -> Iterator[_Stated]:
    """Yield the days that the page's data, address and elements state."""
    day_first = _day_first(signals)
    for name, kind, weight in _META:
        for content, origin in list(signals.meta(name))[:1]:
            day = date_in(content, day_first=day_first)
            if day:
                yield _Stated(day, kind, weight, origin)
    yield from _in_json_ld(signals)
    day = _in_url(signals.url)
    if day:
        yield _Stated(day, "published", 4.0, "URL")
    yield from _in_elements(signals, place, day_first=day_first)


def _in_json_ld(signals: Signals) -> Iterator[_Stated]:
    """Yield the days that JSON-LD states, as text or as typed values (JSON-LD 1.1 §9.5)."""
    for value in signals.objects:
        kinds = types_of(value)
        weight = 3.4 if kinds & ARTICLES else 1.6 if kinds & PAGES else 0.0
        if not weight:
            continue
        for name, kind, share in _LINKED_DATA:
            day = date_in(_literal(value.get(name)))
            if day:
                yield _Stated(day, kind, weight * share, f"JSON-LD {name}")


def _literal(value: Any) -> str:
    """Return the text of a JSON-LD value: itself, its `@value`, or that of a list's first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value")
    return value if isinstance(value, str) else ""


def _in_url(url: str) -> date | None:
    """Return the day in a URL's path."""
    found = _IN_URL.search(urlsplit(url).path)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _in_elements(signals: Signals, place: OwnWords, *, day_first: bool | None) -> Iterator[_Stated]:
    """Yield the days in elements that are marked as dates, the first ones counting most."""
    near = place.text[max(0, place.title_at - BEFORE) : place.title_at + BEHIND]
    found = []
    for node in signals.tree.css(_DATED)[:60]:
        if (
            is_aside(work_of(node), place.spine)
            or _is_sample(node, place.spine)
            or _dates_link(node, place.spine)
        ):
            continue
        stated, shown = _days_of_element(node, day_first=day_first)
        day = shown or stated
        if day is not None:
            found.append((node, day, _kind_of_element(node, day_first=day_first)))
    listed = _listed([(node, day) for node, day, kind in found if kind is None])
    rank = 1.0
    for node, day, kind in found:
        if kind is None and (node.mem_id in listed or not _stands_alone(node)):
            continue
        weight = 2.6 if kind and _named(node) else 1.8 if node.tag in ("time", "abbr") else 1.2
        if kind is None and element_words(node, separator=" ") not in near:
            weight *= _FAR
        yield _Stated(day, kind or "published", weight * rank, f"<{node.tag}>")
        rank *= 0.6
        if rank < _LEAST / 2:
            return


def _days_of_element(
    node: LexborNode, *, day_first: bool | None
) -> tuple[date | None, date | None]:
    """Return the day that an element states in an attribute, and the one that it shows."""
    attributes = node.attributes
    stated = attributes.get("datetime") or attributes.get("content") or ""
    if not stated and node.tag == "abbr":
        stated = attributes.get("title") or ""
    shown = element_words(node, separator=" ")
    return (
        date_in(stated) if stated else None,
        date_in(shown, day_first=day_first) if len(shown) <= LONGEST_LINE else None,
    )


def _named(node: LexborNode) -> str:
    """Return what an element's own names say a day is: `published`, `modified` or nothing."""
    attributes = node.attributes
    names = f"{attributes.get('itemprop') or ''} {naming(node)}".lower()
    if "pubdate" in attributes or _NAMED_PUBLISHED.search(names):
        return "published"  # hAtom asks for the class `updated` beside it
    return "modified" if _NAMED_MODIFIED.search(names) else ""


def _kind_of_element(node: LexborNode, *, day_first: bool | None) -> Kind | None:
    """Return what an element's day is, by its names, else by the words around it."""
    named = _named(node)
    if named:
        return "modified" if named == "modified" else "published"
    block = _block_of(node)
    if len(block) > LONGEST_LINE:
        return None
    labelled = [kind for _, kind in labelled_days(block, day_first=day_first) if kind]
    return labelled[0] if labelled else None


def _block_of(node: LexborNode) -> str:
    """Return the words of the line that an element is in: its own and those beside it."""
    if node.tag not in _INLINE:
        return element_words(node, separator=" ")
    words = [element_words(node, separator=" ")]
    for step in ("prev", "next"):
        beside = getattr(node, step)
        while beside is not None and beside.tag in _INLINE:
            near = element_words(beside, separator=" ")
            words = [near, *words] if step == "prev" else [*words, near]
            beside = getattr(beside, step)
    return " ".join(filter(None, words))


def _stands_alone(node: LexborNode) -> bool:
    """Return whether hardly any words stand around a dated element: it is no part of a sentence."""
    block = _block_of(node)
    beside = len(block.split()) - len(element_words(node, separator=" ").split())
    return beside <= (_MOST_IN_SENTENCE if _SENTENCE.search(block) else _MOST_WORDS_BESIDE)


def _dates_link(node: LexborNode, spine: frozenset[int]) -> bool:
    """Return whether an element is in an item of a list, or an article, that links another page.

    Nothing is in the item but the day and the links: the day is that of the other page.
    """
    for around in ancestors(node):
        if around.mem_id in spine:
            return False
        if around.tag in ("li", "article"):
            links = around.css("a[href]:not([rel~=author])")
            linked = "".join(element_words(link, separator=" ") for link in links)
            day = element_words(node, separator=" ")
            rest = element_words(around, separator=" ").replace(day, "", 1)
            return bool(linked) and linked.split() == rest.split()
    return False


def _listed(found: list[tuple[LexborNode, date]]) -> frozenset[int]:
    """Return the elements that are in a list of dated things: none of them dates the page."""
    homes: dict[str, list[tuple[LexborNode, date]]] = {}
    for node, day in found:
        parent = node.parent
        home = f"{node.tag} {naming(node)} {parent.tag if parent else ''} {naming(parent) if parent else ''}"
        homes.setdefault(home, []).append((node, day))
    return frozenset(
        node.mem_id
        for alike in homes.values()
        if len({day for _, day in alike}) >= _FEWEST_LISTED
        for node, _ in alike
    )


def _is_sample(node: LexborNode, spine: frozenset[int]) -> bool:
    """Return whether an element is in code, a table or a quotation, the title not in it."""
    for around in ancestors(node):
        if around.mem_id in spine:
            return False
        if around.tag in _SAMPLES:
            return True
    return False


def _day_first(signals: Signals) -> bool | None:
    """Return whether `5/4/2020` is in April: not in the United States; None if that is open."""
    language = language_of(signals)[0].lower()
    host = urlsplit(signals.url).hostname or ""
    if language == "en-us" or host.endswith((".gov", ".edu", ".mil", ".us")):
        return False
    if language not in ("", "en"):
        return True
    domain = host.rpartition(".")[2]
    if len(domain) != _COUNTRY or (domain in _ANYWHERE):
        return None
    return True
