"""Names out of bylines: what stands around them goes, what is no name goes too."""

import re
from collections.abc import Iterator

from footnotary.extract.metadata.signals import tidy

_BY = re.compile(
    r"^\s*(?:"
    r"(?:view all posts|posts|all articles|more) (?:by|from)|(?:zeige )?alle (?:beitr\u00e4ge|artikel) von"
    r"|voir (?:tous les|toutes les) (?:articles|publications) (?:de|par)|ver todas las entradas de"
    r"|(?:written|posted|published|created|reported|reviewed|contributed|story|text|words|article|review|report)\s*(?:by\b|:)"
    r"|by\b\s*:?|(?:(?:blog-?\s?)?beitrag|artikel|text|kommentar|ein \w+|eingestellt|gepostet|geschrieben|verfasst|ver\u00f6ffentlicht|erstellt)\s+von\b"
    r"|von\b|par\b|por\b|di\b|door\b|av\b|autore\b|publi\u00e9 par|escrito por|publicado por|post\u00e9 par|inserito da|autor(?:in|en)?\b|authors?\b|auteurs?\b|redaktion"
    r")\s*:?\s*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s+[-\u2013\u2014|\u2022\u00b7/]\s.*$|\s*[|\u2022\u00b7].*$"
    r"|\s+(?:edited by|on|am|le|vom|published|updated|posted|in|follow|@\w+|\d{1,2}[.:]|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d)\b.*$"
    r"|\s+\d.*$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:(?:staff|senior|contributing|guest|associate|chief|managing|deputy|political|tech|science|news|the|our)\s+)*"
    r"(?:writer|reporter|editor|correspondent|author|redakteur(?:in)?|redaktion|freelancer|contributor|journalist\w*"
    r"|(?:\w+ )?(?:engineer|manager|director|developer|analyst|scientist|producer|professor|founder|president)|staff|team|agencies|agency|md|phd|ph\.d\.?|m\.d\.?|dr|esq)s?\.?$",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,;\u3001]\s*")
_AND = re.compile(r"\s+(?:&|and|und|et|y|e|og|och|en)\s+")
_ADDRESS = re.compile(r"https?:|www\.|@\w|\w\.(?:com|org|net|de|fr|uk|info|io)\b", re.IGNORECASE)
_SUFFIX = re.compile(r"\b(?:jr|sr|[A-Z])\.$", re.IGNORECASE)
_NOBODY = frozenset(
    {
        "about", "admin", "administrator", "anonym", "anonymous", "author", "authors", "autor", "by",
        "contact", "default", "editor", "editorial", "follow", "gast", "guest", "home", "info", "more",
        "name", "none", "null", "profile", "read more", "redaktion", "root", "share", "shares", "staff",
        "super user", "superuser", "team", "the author", "undefined", "unknown", "user", "webmaster",
        "website", "all posts", "about the author", "view all posts", "view profile", "see more",
    }
)  # fmt: skip
_LONGEST = 60
_MOST_WORDS = 6
_MOST_NAMES = 40
_FEWEST_LETTERS = 2


def names_of(values: list[str]) -> tuple[str, ...]:
    """Return the names in texts such as `By Ann Lee and Bo Chen | 4 May`, in order, once each.

    Args:
        values: Texts that name authors.
    """
    found = dict.fromkeys(name for value in values[:_MOST_NAMES] for name in _names(tidy(value)))
    return tuple(found)[:_MOST_NAMES]


def _names(text: str) -> Iterator[str]:
    """Yield the names in one text."""
    if _ADDRESS.search(text):
        return
    shorter = _BY.sub("", text)
    while shorter != text:
        text, shorter = shorter, _BY.sub("", shorter)
    if "(" in text:
        yield from _checked(text)
        return
    text = _BEHIND.sub("", text)
    for part in _COMMA.split(text):
        halves = _AND.split(_AND.sub(" & ", part))
        if all(len(half.split()) > 1 for half in halves):
            for half in halves:
                yield from _checked(half)
        else:
            yield from _checked(part)


def _checked(text: str) -> Iterator[str]:
    """Yield a text if it can be somebody's name."""
    name = _BY.sub("", text).strip(" ,;|:-\u2013\u2014\u00b7\u2022\"'")
    if not _SUFFIX.search(name):
        name = name.rstrip(".")
    if not sum(map(str.isalpha, name)) >= _FEWEST_LETTERS or len(name) > _LONGEST:
        return
    if len(name.split()) > _MOST_WORDS or name.casefold() in _NOBODY or _ROLE.match(name):
        return
    yield name
