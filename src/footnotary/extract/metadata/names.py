"""Names of authors, as data states them and as bylines write them.

A name that data states is one name, whatever commas it holds. A byline is a sentence: what is
around its names goes, and what is no name goes too.
"""

import re
from collections.abc import Iterator

from footnotary.extract.metadata.signals import tidy
from footnotary.extract.metadata.written_dates import MONTH

_BY = re.compile(
    r"^\s*(?:"
    r"(?:view all posts|posts|all articles|more) (?:by|from)|(?:zeige )?alle (?:beitr\u00e4ge|artikel) von"
    r"|voir (?:tous les|toutes les) (?:articles|publications) (?:de|par)|ver todas las entradas de"
    r"|(?:written|posted|published|created|reported|reviewed|contributed|story|text|words|article|review|report)\s*(?:by\b|:)"
    r"|by\b\s*:?|(?:(?:blog-?\s?)?beitrag|artikel|text|kommentar|ein \w+|eingestellt|gepostet|geschrieben|verfasst|ver\u00f6ffentlicht|erstellt)\s+von\b"
    r"|von\b|par\b|por\b|di\b|door\b|av\b|autore\b|publi\u00e9 par|escrito por|publicado por|post\u00e9 par|inserito da|autor(?:in|en)?\b|authors?\b|auteurs?\b|redaktion"
    r")\s*:?\s*|^\s*(?:本文)?(?:作者|撰文|撰稿|文|著者|執筆者?|筆者|記者|记者|编辑|글쓴이|글|기자|작성자|저자)\s*[:\uff1a/]\s*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\s+(?:{MONTH})\.?\s+\d.*$|"
    r"\s+[-\u2013\u2014|\u2022\u00b7/]\s.*$|\s*[|\u2022\u00b7].*$"
    r"|\s+(?:edited by|on|am|le|vom|published|updated|posted|in|follow|@\w+|\d{1,2}[.:]|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d)\b.*$"
    r"|\s+\d.*$"
    r"|\s+(?:(?:staff|senior|contributing|guest|associate|chief|managing)\s+)*(?:writer|reporter|editor|correspondent|contributor)s?$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:(?:staff|senior|contributing|guest|associate|chief|managing|deputy|political|tech|science|news|the|our)\s+)*"
    r"(?:writer|reporter|editor|correspondent|author|redakteur(?:in)?|redaktion|freelancer|contributor|journalist\w*"
    r"|(?:\w+ )?(?:engineer|manager|director|developer|analyst|scientist|producer|professor|founder|president)|staff|team|agencies|agency|md|phd|ph\.d\.?|m\.d\.?|dr|esq)s?\.?$",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,;\u3001\uff0c\uff1b]\s*")
_AND = re.compile(r"\s+(?:&|and|und|et|y|e|og|och|en)\s+")
_ADDRESS = re.compile(r"https?:|www\.|@\w|\w\.(?:com|org|net|de|fr|uk|info|io)\b", re.IGNORECASE)
_DOTTED_END = re.compile(r"\b(?:jr|sr|[A-Z])\.$", re.IGNORECASE)
# What may follow a comma inside one name: of a person, a degree, a firm.
_SUFFIX = re.compile(
    r"^(?:jr|sr|ii|iii|iv|esq|ph\.?d|m\.?d|d\.?d\.?s|mba|msc|bsc|rn|cpa|facp|inc|incorporated|ltd|limited|llc|llp|plc|corp"
    r"|corporation|co|gmbh|ag|kg|se|s\.?a|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|oy|ab|as|a/s|e\.?\s?v|pty|k\.?k)\.?$",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "de",
        "der",
        "den",
        "da",
        "di",
        "del",
        "della",
        "la",
        "le",
        "du",
        "des",
        "dos",
        "das",
        "bin",
        "ibn",
        "al",
        "el",
        "ten",
        "ter",
        "zu",
        "zum",
        "y",
        "e",
        "af",
        "av",
    ]
)
_FEWEST_WORDS, _MOST_IN_PERSON = 2, 5
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


def split_names(values: list[str]) -> tuple[str, ...]:
    """Return the names in texts such as `By Ann Lee and Bo Chen | 4 May`, in order, once each."""
    found = dict.fromkeys(name for value in values[:_MOST_NAMES] for name in _names(tidy(value)))
    return tuple(found)[:_MOST_NAMES]


def stated_names(values: list[str], *, inverted: bool = False) -> tuple[str, ...]:
    """Return names that data states: one each, unless a value is plainly a list of people.

    Args:
        values: What was stated, such as the contents of `<meta name="author">`.
        inverted: Whether `Last, First` is the form of the field, as for `citation_author`
            (Google Scholar, "Indexing guidelines") and Dublin Core.
    """
    found: dict[str, None] = {}
    for value in values[:_MOST_NAMES]:
        text = _BY.sub("", tidy(value))
        for part in _SEMICOLON.split(text):
            whole = _turned(part) if inverted else part
            people = _listed_people(whole)
            for name in people or (whole,):
                found.update(dict.fromkeys(_kept(name)))
    return tuple(found)[:_MOST_NAMES]


_SEMICOLON = re.compile(r"\s*[;\uff1b]\s*")
_LONGEST_STATED = 120


def _turned(name: str) -> str:
    """Return `Jane Doe` for `Doe, Jane`; a name whose comma sets off a suffix as it is."""
    parts = _COMMA.split(name)
    if len(parts) == 2 and all(parts) and not _SUFFIX.match(parts[1]):  # noqa: PLR2004  last, first
        return f"{parts[1]} {parts[0]}"
    return name


def _listed_people(text: str) -> tuple[str, ...]:
    """Return the people of a text that is a list of them and of nothing else."""
    parts = [half for part in _with_suffixes(text) for half in _AND.split(part)]
    return tuple(parts) if len(parts) > 1 and all(map(is_person, parts)) else ()


def _with_suffixes(text: str) -> list[str]:
    """Return the parts between commas, `Jr.` and `Inc.` left with what they belong to."""
    parts: list[str] = []
    for part in _COMMA.split(text):
        if parts and _SUFFIX.match(part):
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return parts


def letters_of(name: str) -> str:
    """Return what names are compared by: letters and digits, case folded."""
    return "".join(filter(str.isalnum, name.casefold()))


def is_person(name: str) -> bool:
    """Return whether a text has the form of a person's name: two to five words with capitals."""
    words = name.partition(",")[0].split()
    named = [word for word in words if word.lower() not in _PARTICLES]
    return (
        _FEWEST_WORDS <= len(words) <= _MOST_IN_PERSON
        and bool(named)
        and all(word[0].isupper() and not word.isdigit() for word in named)
        and name.casefold() not in _NOBODY
        and not _ROLE.match(name)
    )


def _kept(name: str) -> Iterator[str]:
    """Yield a stated name unless it is an address, nobody or a role."""
    name = name.strip(" ,;|:-\u2013\u2014\u00b7\u2022\"'")
    if not _DOTTED_END.search(name) and not _SUFFIX.match(name.rpartition(" ")[2]):
        name = name.rstrip(".")
    letters = sum(map(str.isalpha, name))
    if letters < _FEWEST_LETTERS or len(name) > _LONGEST_STATED or _ADDRESS.search(name):
        return
    if name.casefold() not in _NOBODY and not _ROLE.match(name):
        yield name


def _names(text: str) -> Iterator[str]:
    """Yield the names in one byline."""
    if _ADDRESS.search(text):
        return
    shorter = _BY.sub("", text)
    while shorter != text:
        text, shorter = shorter, _BY.sub("", shorter)
    if "(" in text:
        yield from _checked(text)
        return
    text = _BEHIND.sub("", text)
    for part in _with_suffixes(text):
        halves = _AND.split(_AND.sub(" & ", part))
        if len(halves) > 1 and all(map(is_person, halves)):
            for half in halves:
                yield from _checked(half)
        else:
            yield from _checked(part)


def _checked(text: str) -> Iterator[str]:
    """Yield a text if it can be somebody's name."""
    name = _BY.sub("", text).strip(" ,;|:-\u2013\u2014\u00b7\u2022\"'")
    if not _DOTTED_END.search(name):
        name = name.rstrip(".")
    if not sum(map(str.isalpha, name)) >= _FEWEST_LETTERS or len(name) > _LONGEST:
        return
    if len(name.split()) > _MOST_WORDS or name.casefold() in _NOBODY or _ROLE.match(name):
        return
    yield name
