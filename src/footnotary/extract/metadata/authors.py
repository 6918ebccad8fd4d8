"""Who wrote a page. An empty author beats a guess."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from footnotary.extract.metadata.names import letters_of, split_names, stated_names
from footnotary.extract.metadata.signals import (
    ARTICLES,
    PAGES,
    OwnWords,
    Signals,
    agents_in,
    element_words,
    is_article,
    is_aside,
    naming,
    tidy,
    types_of,
    work_of,
)

# How much a source's word counts, after how often it was right alone. Names below the
# threshold are not shown.
_THRESHOLD = 1.0
_STATED = (
    ("citation_author", 5.0),
    ("citation_authors", 5.0),
    ("bepress_citation_author", 5.0),
    ("eprints.creators_name", 5.0),
    ("dc.creator", 2.5),
    ("dcterms.creator", 2.5),
    ("parsely-author", 2.5),
    ("sailthru.author", 2.0),
    ("byl", 2.0),
    ("book:author", 2.0),
    ("article:author_name", 1.6),
    ("article:author", 1.2),
    ("author", 0.9),  # often the firm that made the site: others have to agree
)
_LAST_FIRST = (
    "citation_",
    "bepress_",
    "eprints.",
    "dc.",
    "dcterms.",
)  # fields in which "Doe, Jane" is the usual form
_JSON_LD = 2.4
_RELATED = 2.4
_ATTRIBUTED = 3.0
_MARKED = 2.2
_LINKED = 1.6
_BYLINE = 1.6
_CLASSED = 1.3
_ARTICLE_BONUS = 0.6  # for what an article's head states
_SITE_SHARE = 0.35  # of a head's word, when it names the site itself

_HANDLE_SHARE = 0.4  # of a word that names an account, where somebody else is named in full

_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|byline|autor|auteur|writer|redakteur|verfasser)(?:[\s_-]?(?:names?|link|info|meta))?(?:$|\s)"
    r"|(?:^|\s)(?:byline|by-?line|p-author|(?:post|entry|article|blog|story|news)[_-]?(?:author|byline))(?:$|[\s_-])"
    r"|author[_-]?name|byline[_-]?author"
)
_BYLINE_LINE = re.compile(
    r"^(?:(?:written |posted |published )?by|von|par|por|(?:blog-?\s?)?(?:beitrag|artikel|text) von"
    r"|(?:ein|eine) \w+ von|erstellt von)\s*:?\s+(?=[A-Z\u00c0-\u00de])",
    re.IGNORECASE,
)
_LONGEST = 160
# DocBook sets the name apart from where its owner works.
_NAME_INSIDE = "h2.author, h3.author, h4.author, .personname"
_NEAR = 1_500  # characters around the title in which a byline is


@dataclass(frozen=True)
class _Said:
    """What one source says: names, how much that counts, where, and whether readers see it."""

    names: tuple[str, ...]
    weight: float
    origin: str
    shown: bool


def authors_of(
    signals: Signals, site_keys: set[str], place: OwnWords
) -> tuple[tuple[str, ...], str]:
    """Return the authors' names in order, and where they came from.

    Args:
        signals: What the page says of itself.
        site_keys: Names of the site, letters and digits in lower case.
        place: Where the page's own words stand.
    """
    said = [source for source in _sources(signals, place, site_keys) if source.names]
    scored = [(_score(source, said, site_keys), source) for source in said]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best is None or best[0] < _THRESHOLD:
        return (), ""
    return best[1].names, best[1].origin


def _score(source: _Said, said: list[_Said], site_keys: set[str]) -> float:
    """Return how much all sources speak for one of them."""
    ours = {letters_of(name) for name in source.names}
    named = not all(_is_handle(other.names) for other in said)
    score = 0.0
    for other in said:
        theirs = {letters_of(name) for name in other.names}
        weight = other.weight * (_HANDLE_SHARE if named and _is_handle(other.names) else 1.0)
        if not other.shown and theirs <= site_keys:
            weight *= _SITE_SHARE
        if theirs == ours:
            score += weight
        elif theirs <= ours or ours <= theirs:
            score += weight / 2
    return score


def _is_handle(names: tuple[str, ...]) -> bool:
    """Return whether all names are those of accounts: one word without a capital."""
    return all(name.islower() and " " not in name for name in names)


def _agents(named: list[tuple[str, frozenset[str]]], site_keys: set[str]) -> tuple[str, ...]:
    """Return the names of JSON-LD agents: each is one name, and the site itself is no author."""
    found: dict[str, None] = {}
    for name, types in named:
        if "organization" in types and letters_of(name) in site_keys:
            continue
        whole = bool(types) and "person" not in types
        found.update(dict.fromkeys(stated_names([name], inverted="person" in types, whole=whole)))
    return tuple(found)


def _sources(signals: Signals, place: OwnWords, site_keys: set[str]) -> Iterator[_Said]:
    """Yield what each source says."""
    bonus = _ARTICLE_BONUS if is_article(signals) else 0.0
    for name, weight in _STATED:
        contents = [content for content, _ in signals.meta(name)]
        if contents:
            inverted = name.startswith(_LAST_FIRST)
            names = stated_names(contents, inverted=inverted)
            yield _Said(names, weight + bonus, name, shown=False)
    labels = " ".join(content for content, _ in signals.meta("twitter:label1")).lower()
    if any(word in labels for word in ("by", "von", "par", "verfasst")):
        contents = [content for content, _ in signals.meta("twitter:data1")][:1]
        yield _Said(split_names(contents), 1.4, "twitter:data1", shown=False)
    for value in signals.objects:
        if types_of(value) & (ARTICLES | PAGES):
            for field in ("author", "creator"):
                names = _agents(agents_in(value.get(field), signals.objects), site_keys)
                if names:
                    yield _Said(names, _JSON_LD, f"JSON-LD {field}", shown=False)
    yield from _elements(signals, place.spine)
    yield from _marked_elsewhere(signals)
    yield from _bylines(place)


def _elements(signals: Signals, spine: frozenset[int]) -> Iterator[_Said]:
    """Yield the names in elements that are marked as the author's."""
    for selector, weight, origin in (
        ('a[rel~="author"]', _RELATED, "rel=author"),
        ('[itemprop~="author"]', _MARKED, "itemprop=author"),
        (
            'a[href*="/author/"], a[href*="/authors/"], a[href*="/autor/"]',
            _LINKED,
            "link to author",
        ),
    ):
        names = _first_group(signals, selector, spine)
        if names:
            yield _Said(split_names(names), weight, origin, shown=True)
    for node in signals.tree.css(
        "[class*=author i], [class*=byline i], [class*=autor i], [class*=auteur i], .author .fn, .post-author .fn, .byline .fn,"
        " [class*=writer i], [id*=author i], [id*=byline i]"
    )[:60]:
        name = naming(node)
        if not (_CLASS.search(name) or "fn" in name.split()) or is_aside(node, spine):
            continue
        inner = node.css_first(_NAME_INSIDE)
        words = element_words(inner if inner is not None else node, separator=" ")
        people = split_names([words]) if 0 < len(words) <= _LONGEST else ()
        if people:
            yield _Said(people, _CLASSED, f"class {name.split()[0]}", shown=True)
            return


def _marked_elsewhere(signals: Signals) -> Iterator[_Said]:
    """Yield the author where blogs name nobody beside the text.

    WordPress marks the comments of a post's own author with `bypostauthor`; a licence names
    whom to attribute the work to (ccREL, section 5, `cc:attributionName`).
    """
    for selector, weight, origin in (
        (".bypostauthor .fn", _CLASSED, "comment of the author"),
        (
            '[property~="cc:attributionName"], [rel~="cc:attributionURL"]',
            _ATTRIBUTED,
            "cc:attributionName",
        ),
    ):
        node = signals.tree.css_first(selector)
        if node is not None:
            yield _Said(
                split_names([element_words(node, separator=" ")]), weight, origin, shown=True
            )


def _first_group(signals: Signals, selector: str, spine: frozenset[int]) -> list[str]:
    """Return the names in the first such elements, as long as they are in one parent.

    Lists of articles name many authors; the page's own come first.
    """
    names: list[str] = []
    home: int | None = None
    for node in signals.tree.css(selector)[:20]:
        if is_aside(work_of(node), spine):
            continue
        name = _item_name(node)
        if not split_names([name]):
            continue
        parent = node.parent.mem_id if node.parent is not None else 0
        if home is None:
            home = parent
        if parent == home:
            names.append(name)
    return list(dict.fromkeys(names))


def _item_name(node: LexborNode) -> str:
    """Return the name in an element of the author's."""
    inner = node.css_first('[itemprop~="name"]')
    chosen = inner if inner is not None else node
    return tidy(chosen.attributes.get("content") or "") or element_words(chosen, separator=" ")


def _bylines(place: OwnWords) -> Iterator[_Said]:
    """Yield the name in a line that begins with "By" near the title."""
    near = place.text[max(0, place.title_at - _NEAR // 5) : place.title_at + _NEAR]
    for line in map(str.strip, near.split("\n")):
        if len(line) <= _LONGEST and _BYLINE_LINE.match(line):
            names = split_names([line])
            if names and all(name[0].isupper() for name in names):
                yield _Said(names, _BYLINE, "byline", shown=True)
                return
