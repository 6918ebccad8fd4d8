"""JSON-LD in a page: schema.org objects, flattened, whatever shape they came in."""

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

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
    """Yield the JSON-LD objects of a page; broken scripts are skipped.

    Args:
        tree: The page.
    """
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
    """Return an object's types, without the vocabulary's address, in lower case.

    Args:
        value: A JSON-LD object.
    """
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
