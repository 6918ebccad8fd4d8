"""The title of a page, without the name of its site."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from footnotary.extract.metadata.names import SEPARATOR, SHORT_NAME, comparison_key, leads_home
from footnotary.extract.metadata.signals import (
    ARTICLES,
    PAGES,
    Signals,
    ancestors,
    element_words,
    is_aside,
    naming,
    tidy,
    types_of,
)

# How much a source's word counts, after how often it was right alone.
_HEADING_IN_ARTICLE = 4.0
_HEADING_ALONE = 3.2
_HEADING_AMONG = 1.0
_NAMED_HEADING = 2.6
_CITATION = 5.0
_HEADLINE = 3.2
_DUBLIN_CORE = 4.2
_OPEN_GRAPH = 2.6
_TWITTER = 1.4
_TITLE = 1.6
_WHOLE_TITLE = 0.3  # of a source's weight
_GUESSED_TAIL = 0.7
_TAIL_WORDS = 3
_PAGE_NAME = 1.0
_SHARED = 0.5  # of the weight of a candidate that holds another whole

_HEADING_MARKS = re.compile(r"\s*(?:¶|\u00a7|#|\U0001f517|[\ue000-\uf8ff]|Permalink|\[edit\])+$")
_TITLE_CLASS = re.compile(
    r"\b(?:entry|post|article|story|page|content|news|blog|thread|headline)[-_]*(?:title|headline|heading|header)"
    r"|\bheadline\b|\btitle\b|\bp-name\b"
)
_EDGE = re.compile(r"^\W*[|:\u2013\u2014\u00bb\u00b7,-]|[|:\u2013\u2014\u00bb\u00b7-]\W*$")
_SHORTEST_PART = 12
_SHORTEST_NAME = 5
_MOST_HEADINGS = 30
_LEAST_SHARED = 0.4
_LONGEST = 400
_FEWEST = 2  # characters


def title_of(signals: Signals, site_keys: set[str]) -> tuple[str, str]:
    """Return the title and where it came from.

    Args:
        signals: What the page says of itself.
        site_keys: Names of the site, as `key_of` makes them.
    """
    candidates = [
        (text, weight, origin)
        for text, weight, origin in _candidates(signals, site_keys)
        if _FEWEST <= len(text) <= _LONGEST
    ]
    if not candidates:
        return signals.title[:_LONGEST], "title" if signals.title else ""
    keyed = [(comparison_key(text), weight) for text, weight, _ in candidates]
    best = max(range(len(keyed)), key=lambda index: _score(keyed[index][0], keyed))
    return candidates[best][0], candidates[best][2]


def _score(key: str, keyed: list[tuple[str, float]]) -> float:
    """Return how much the candidates speak for one of them."""
    score = 0.0
    for other, weight in keyed:
        if other == key:
            score += weight
        elif len(key) > 8 and key in other:  # noqa: PLR2004  shorter ones stand everywhere
            score += weight * _SHARED
    return score


def _candidates(signals: Signals, site_keys: set[str]) -> Iterator[tuple[str, float, str]]:
    """Yield possible titles, their weight and origin."""
    stated = list(_stated(signals))
    shorts = [without_site(text, site_keys) for text, _, _ in stated]
    keys = [comparison_key(part) for text in shorts for part in (text, *SEPARATOR.split(text))]
    keys = [key for key in keys if len(key) >= _SHORTEST_NAME]
    for text, weight, origin in _headings(signals):
        yield text, weight * _trust(comparison_key(text), keys, site_keys, signals.url), origin
    for (text, weight, origin), short in zip(stated, shorts, strict=True):
        yield short, weight, origin
        if short != text:
            yield text, weight * _WHOLE_TITLE, origin
        elif origin == "title" and _without_tail(text) != text:
            yield _without_tail(text), weight * _GUESSED_TAIL, origin
    yield from _headed(signals, shorts)


def _trust(heading: str, stated: list[str], site_keys: set[str], url: str) -> float:
    """Return how far a heading can be trusted, given the titles stated in the head."""
    if heading in site_keys:
        return 0.1
    if len(heading) >= _SHORTEST_PART and heading in _names_in_address(url):
        return 1.0
    if not stated or any(heading in title or title in heading for title in stated if title):
        return 1.0
    shared = max(_overlap(heading, title) for title in stated)
    return 0.35 if shared < _LEAST_SHARED else 0.8


def _names_in_address(url: str) -> set[str]:
    """Return the parts of an address, as they are compared: `/x/essen-west.htm` names Essen-West."""
    return {comparison_key(part.split(".")[0]) for part in unquote(urlsplit(url).path).split("/")}


def _overlap(left: str, right: str) -> float:
    """Return the share of the shorter text's triples of letters that the other has too."""
    ours = {left[index : index + 3] for index in range(len(left) - 2)}
    theirs = {right[index : index + 3] for index in range(len(right) - 2)}
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _headed(signals: Signals, shorts: list[str]) -> Iterator[tuple[str, float, str]]:
    """Yield the first heading that a stated title is, or begins or ends with behind a separator."""
    keys = {comparison_key(title) for title in shorts}
    keys |= {comparison_key(SEPARATOR.split(title)[0]) for title in shorts}
    if any(content.lower() == "makeinfo" for content, _ in signals.meta("generator")):
        first = signals.tree.css_first("h1, h2, h3, h4")
        if first is not None:  # the head has the name of a node, which is not its title
            yield _HEADING_MARKS.sub("", element_words(first)), _CITATION, "heading"
        return
    for node in signals.tree.css("h1, h2, h3")[:_MOST_HEADINGS]:
        text = _HEADING_MARKS.sub("", element_words(node))
        if leads_home(node, signals.url):
            continue
        if text and comparison_key(text) in keys and not _is_boxed(node):
            yield text, _OPEN_GRAPH, "heading in title"
            return
        if len(text) < _SHORTEST_PART:
            continue
        for title in shorts:
            rest = _without_part(title, text)
            is_part = rest and len(rest) <= len(title) and rest != title
            if is_part and _EDGE.search(rest) and not _is_boxed(node):
                yield text, _OPEN_GRAPH, "heading in title"
                return


def _without_part(title: str, part: str) -> str:
    """Return what is left of a title without a beginning or end, or nothing."""
    if title.startswith(part):
        return title[len(part) :]
    return title[: -len(part)] if title.endswith(part) else ""


def _headings(signals: Signals) -> Iterator[tuple[str, float, str]]:
    """Yield the headings that may be the title."""
    nodes = [
        node
        for node in signals.tree.css("h1")[:20]
        if not _is_boxed(node) and not leads_home(node, signals.url)
    ]
    texts = [_heading_text(node) for node in nodes]
    shown = [(node, text) for node, text in zip(nodes, texts, strict=True) if text]
    inside = [
        text
        for node, text in shown
        if any(place.tag in ("article", "main") for place in ancestors(node))
    ]
    if len(set(inside)) == 1:
        yield inside[0], _HEADING_IN_ARTICLE, "h1 in article"
    elif len({text for _, text in shown}) == 1:
        yield shown[0][1], _HEADING_ALONE, "h1"
    else:
        for _, text in shown:
            yield text, _HEADING_AMONG, "h1"
    for node in signals.tree.css("h1[class], h2[class], h3[class], [itemprop~=headline]")[:40]:
        itemprop = node.attributes.get("itemprop") or ""
        named = "headline" in itemprop or _TITLE_CLASS.search(naming(node))
        if (
            named
            and not _is_boxed(node)
            and not is_aside(node)
            and not leads_home(node, signals.url)
        ):
            origin = "itemprop=headline" if "headline" in itemprop else "heading"
            yield _heading_text(node), _NAMED_HEADING, origin
            return


# What is set apart from the text, with a heading of its own.
_BOX = re.compile(
    r"(?:^|[\s_-])(?:admonition|alert|callout|note|warning|tip|caution|danger|hint|important|attention"
    r"|error)(?:$|[\s_-])"
)


def _is_boxed(node: LexborNode) -> bool:
    """Return whether a heading is that of an admonition or another box beside the text."""
    return any(
        place.tag == "aside"
        or (place.attributes.get("role") or "") in ("alert", "note")
        or _BOX.search((place.attributes.get("class") or "").lower())
        for place in ancestors(node)
        if place.tag not in ("html", "body", "main", "article")
    )


def _heading_text(node: LexborNode) -> str:
    """Return a heading's words without permalinks and without a label such as "Solved"."""
    text = _HEADING_MARKS.sub("", element_words(node))
    label = node.css_first(_LABEL)
    if label is None:
        return text
    rest = text.removeprefix(element_words(label)).strip()
    return rest if len(rest) >= _SHORTEST_PART else text


_LABEL = "span.label, span.badge, span.prefix, [class*=thread-prefix], [class*=threadPrefix]"


def _stated(signals: Signals) -> Iterator[tuple[str, float, str]]:
    """Yield the titles that the page states in its head and its JSON-LD."""
    for name, weight in (
        ("citation_title", _CITATION),
        ("dc.title", _DUBLIN_CORE),
        ("dcterm.title", _DUBLIN_CORE),
        ("dcterms.title", _DUBLIN_CORE),
        ("og:title", _OPEN_GRAPH),
        ("twitter:title", _TWITTER),
        ("title", _PAGE_NAME),
        ("headline", _PAGE_NAME),
    ):
        for content, origin in list(signals.meta(name))[:1]:
            yield content, weight, origin
    if signals.title:
        yield signals.title, _TITLE, "title"
    for value in signals.objects:
        kinds = types_of(value)
        if kinds & ARTICLES:
            for name in ("headline", "name"):
                if isinstance(value.get(name), str):
                    yield _plain(value[name]), _HEADLINE, f"JSON-LD {name}"
                    return
        if kinds & PAGES and isinstance(value.get("name"), str):
            yield _plain(value["name"]), _PAGE_NAME, "JSON-LD name"


def _plain(text: str) -> str:
    """Return text of a JSON-LD value, where references are often escaped twice."""
    from html import unescape

    return tidy(unescape(text))


def _without_tail(title: str) -> str:
    """Return a title without a short last part, which is mostly the site's name."""
    separators = list(SEPARATOR.finditer(title))
    if not separators:
        return title
    head, tail = title[: separators[-1].start()], title[separators[-1].end() :]
    return head if len(tail.split()) <= _TAIL_WORDS and len(head) > 2 * len(tail) else title


def without_site(title: str, site_keys: set[str]) -> str:
    """Return a title without the site's name at its end or beginning."""
    separators = list(SEPARATOR.finditer(title))
    begin, end = 0, len(title)
    while separators and _names_site(title[separators[-1].end() : end], site_keys):
        end = separators.pop().start()
    for separator in separators:
        if comparison_key(title[begin : separator.start()]) not in site_keys:
            break
        begin = separator.end()
    return title[begin:end]


def _names_site(segment: str, site_keys: set[str]) -> bool:
    """Return whether a part of a title is a name of the site."""
    key = comparison_key(segment)
    if not key or key in site_keys:
        return True
    return len(key) > SHORT_NAME and any(
        key in site or (site in key and len(site) > SHORT_NAME and len(key) < 2 * len(site) + 8)
        for site in site_keys
    )
