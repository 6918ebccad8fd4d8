"""Everything on a page that may speak for its metadata, gathered once."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.marks import without_marks

_MOST_OBJECTS = 300
_MOST_CHARACTERS = 1_000_000
_DEPTH = 8
_OPENING_MARK = re.compile(r"<!--|(?:(?://|/\*)\s*)?<!\[CDATA\[\s*(?:\*/)?")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_CONTROL = re.compile(r"[\x00-\x1f]+")

ARTICLES = frozenset(
    {
        "advertisercontentarticle",
        "analysisnewsarticle",
        "apireference",
        "article",
        "blogposting",
        "discussionforumposting",
        "howto",
        "liveblogposting",
        "medicalscholarlyarticle",
        "newsarticle",
        "opinionnewsarticle",
        "recipe",
        "report",
        "reportagenewsarticle",
        "review",
        "reviewnewsarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "socialmediaposting",
        "techarticle",
        "question",
        "videoobject",
    }
)
PAGES = frozenset({"webpage", "itempage", "aboutpage", "faqpage", "qapage", "collectionpage"})


def objects_in(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects of a page; broken scripts are skipped."""
    left = _MOST_OBJECTS
    for script in tree.css('script[type*="ld+json" i]'):
        for found in _flattened(_parsed(script.text()), _DEPTH):
            if left == 0:
                return
            left -= 1
            yield found


def _parsed(source: str) -> Any:
    """Return a script's value, mending what sites commonly break."""
    if len(source) > _MOST_CHARACTERS:
        return None
    source = _without_comment_marks(source).strip().rstrip(";")
    try:
        return json.loads(source, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", source)), strict=False)
    except (ValueError, RecursionError):
        return None


def _without_comment_marks(source: str) -> str:
    """Return a script without the marks that hid it from old readers: a comment's, or CDATA's."""
    text = source.strip()
    opening = _OPENING_MARK.match(text)
    text = text[opening.end() :] if opening else text
    if text.endswith("-->"):
        return text.removesuffix("-->")
    closed = text.removesuffix("*/").rstrip()
    if not closed.endswith("]]>"):
        return text
    return closed.removesuffix("]]>").rstrip().removesuffix("//").removesuffix("/*")


def _flattened(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of a value: lists, `@graph` and `mainEntity` opened."""
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flattened(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(name), list | dict):
                yield from _flattened(value[name], depth - 1)


def types_of(value: dict[str, Any]) -> set[str]:
    """Return an object's types, without the vocabulary's address, in lower case."""
    types = value.get("@type")
    names = types if isinstance(types, list) else [types]
    return {
        name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
        for name in names
        if isinstance(name, str)
    }


def person_names(value: Any, objects: tuple[dict[str, Any], ...] = ()) -> list[str]:
    """Return the names in a value that is a name, a person, or a list of either.

    Args:
        value: Such as the `author` of an article.
        objects: Where a bare `@id` is looked up.
    """
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        name = value.get("name")
        if name is None and "@id" in value:
            named = (found for found in objects if found.get("@id") == value["@id"])
            name = next((found["name"] for found in named if "name" in found), None)
        if name is None and isinstance(value.get("familyName"), str):
            given = value.get("givenName")
            name = f"{given} {value['familyName']}" if isinstance(given, str) else None
        if name is None or (isinstance(name, dict) and "@value" in name):
            name = name["@value"] if name else value.get("@value")
        return person_names(name) if isinstance(name, str | list) else []
    if isinstance(value, list):
        return [name for item in value[:50] for name in person_names(item, objects)]
    return []


def agents_in(
    value: Any, objects: tuple[dict[str, Any], ...] = ()
) -> list[tuple[str, frozenset[str]]]:
    """Return the names of people and organisations in a value, each with its types.

    Args:
        value: Such as the `author` of an article.
        objects: Where a bare `@id` is looked up.
    """
    found = []
    for item in value[:50] if isinstance(value, list) else [value]:
        whole = item
        if isinstance(item, dict) and "name" not in item and "@id" in item:
            named = (one for one in objects if one.get("@id") == item["@id"] and "name" in one)
            whole = next(named, item)
        types = frozenset(types_of(whole)) if isinstance(whole, dict) else frozenset()
        found += [(name, types) for name in person_names(whole)]
    return found


_MOST_NODES = 200  # of one kind; what speaks for the page is near its top
_MOST_ANCESTORS = 60  # ancestors that are looked at

# Parts of a page that speak of other things than the page: by element, or by a word of
# their class or id.
_ASIDE_TAGS = frozenset({"nav", "aside", "blockquote"})
_ASIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|comment-\d+|side-?(?:bar|panel)|related|recommend\w*|widget\w*|popular"
    r"|teasers?|newsletter|promo|menu|trending|kommentare?|repl(?:y|ies)|respond|(?:site|page|main|global)?-?footer"
    r"|colophon|instagram-media|twitter-tweet|carousel|most-read|more-from|read-more|upnext)(?:$|[\s_-])"
)
_OWN_FOOTER = re.compile(r"(?:post|entry|article|content|story)[_-]?(?:footer|meta)")


@dataclass(frozen=True)
class Signals:
    """What a page has to say about itself.

    Attributes:
        url: Where the page was found.
        base: What its relative addresses are relative to.
        tree: The page.
        metas: Contents of `<meta>` by name, property or itemprop, in lower case.
        links: Targets of `<link>` by relation.
        objects: JSON-LD objects, flattened, in order.
        html: Attributes of `<html>`.
        title: The text of `<title>`.
    """

    url: str
    base: str
    tree: LexborHTMLParser
    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    objects: tuple[dict[str, Any], ...] = ()
    html: dict[str, str | None] = field(default_factory=dict)
    title: str = ""

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield contents with the name they stand under, in the order of the names."""
        for name in names:
            for content in self.metas.get(name, ()):
                yield content, name


@dataclass(frozen=True)
class OwnWords:
    """Where the page's own words stand, as opposed to those about other pages.

    Attributes:
        spine: The elements that hold the title's heading.
        text: The page's visible text.
        title_at: Where the title is in it.
    """

    spine: frozenset[int]
    text: str
    title_at: int


_META_PREFIX = re.compile(r"^(dc|dcterms?):")


def gathered(tree: LexborHTMLParser, url: str) -> Signals:
    """Return what a page has to say about itself."""
    metas = _metas_of(tree)
    links: dict[str, list[str]] = {}
    for node in tree.css("link[rel][href]")[:_MOST_NODES]:
        for relation in (node.attributes.get("rel") or "").lower().split():
            links.setdefault(relation, []).append((node.attributes.get("href") or "").strip())
    root = tree.root
    title = tree.css_first("title")
    return Signals(
        url=url,
        base=_base_of(tree, url),
        tree=tree,
        metas=metas,
        links=links,
        objects=tuple(objects_in(tree)),
        html=dict(root.attributes) if root is not None else {},
        title=tidy(title.text()) if title is not None else "",
    )


def _base_of(tree: LexborHTMLParser, url: str) -> str:
    """Return the page's base URL (HTML Living Standard, "The base element")."""
    node = tree.css_first("base[href]")
    if node is None:
        return url
    try:
        base = urljoin(url, (node.attributes.get("href") or "").strip())
        scheme = urlsplit(base).scheme
    except ValueError:
        return url
    return base if scheme in ("http", "https") else url


def _metas_of(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """Return the contents of `<meta>` by name.

    Dublin Core stated twice, as RDFa properties and as plain names, is not stated of two
    things: the properties stand.
    """
    metas: dict[str, list[str]] = {}
    stated: dict[str, list[str]] = {}
    for node in tree.css("meta[content]")[:_MOST_NODES]:
        attributes = node.attributes
        content = tidy(attributes.get("content") or "")
        for kind in ("property", "name", "itemprop", "http-equiv"):
            name = (attributes.get(kind) or "").strip().lower()
            if name and content:
                dublin_core = kind == "property" and _META_PREFIX.match(name)
                home = stated if dublin_core else metas
                home.setdefault(_META_PREFIX.sub(r"\1.", name), []).append(content)
    return {**metas, **stated}


def is_article(signals: Signals) -> bool:
    """Return whether a page calls itself an article."""
    kinds = " ".join(content for content, _ in signals.meta("og:type")).lower()
    return (
        "article" in kinds
        or "article:published_time" in signals.metas
        or any(types_of(value) & ARTICLES for value in signals.objects)
    )


def spine_of(tree: LexborHTMLParser, title: str) -> frozenset[int]:
    """Return the elements that hold the heading with the page's title: none is an aside."""
    wanted = title.casefold()
    for node in tree.css("h1, h2, h3")[:_MOST_NODES]:
        if wanted and element_words(node).casefold().startswith(wanted):
            return frozenset(place.mem_id for place in ancestors(node))
    heading = tree.css_first("article h1") or tree.css_first("main h1") or tree.css_first("h1")
    return frozenset(place.mem_id for place in ancestors(heading)) if heading else frozenset()


def tidy(text: str) -> str:
    """Return text on one line without the marks that documentation tools add to headings."""
    if "\u00ad" in text or "\u200b" in text:
        text = text.replace("\u00ad", "").replace("\u200b", "")
    return " ".join(text.split())


def element_words(node: LexborNode, *, separator: str = "") -> str:
    """Return an element's words on one line."""
    for line_end in node.css("br") if not separator else ():
        line_end.insert_after(" ")
    return tidy(without_marks(node.text(deep=True, separator=separator)))


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the element's ancestors, nearest first, up to a bound."""
    parent = node.parent
    for _ in range(_MOST_ANCESTORS):
        if parent is None or parent.tag in ("html", "body"):
            return
        yield parent
        parent = parent.parent


def naming(node: LexborNode) -> str:
    """Return an element's class and id in lower case."""
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()


def work_of(node: LexborNode) -> LexborNode:
    """Return the microdata item of an article that an element belongs to, or the element itself.

    An article's own `<aside>` often holds its author and day; what is marked as a property of
    the article speaks for it (HTML Living Standard, section 5.2, "Encoding microdata").
    """
    for place in ancestors(node):
        kind = place.attributes.get("itemtype") or ""
        if "itemscope" in place.attributes:
            return place if kind.endswith(_WORKS) else node
    return node


_WORKS = ("Article", "BlogPosting", "Posting", "Report", "WebPage", "CreativeWork")


def is_aside(node: LexborNode, spine: frozenset[int] = frozenset()) -> bool:
    """Return whether an element is in a part that speaks of other things than the page.

    Args:
        node: The element.
        spine: Elements that hold the page's main heading.
    """
    for place in (node, *ancestors(node)):
        if place.mem_id in spine:
            return False
        if place.tag in _ASIDE_TAGS and place is not node:
            return True
        name = naming(place)
        if _ASIDE_NAME.search(name) and not _OWN_FOOTER.search(name):
            return True
    return False
