"""Names of people, and names of sites."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from footnotary.extract.metadata.signals import (
    Signals,
    element_words,
    is_aside,
    naming,
    person_names,
    tidy,
    types_of,
)
from footnotary.extract.metadata.written_dates import MONTH

SEPARATOR = re.compile(
    r"\s+[|\u2013\u2014\u00b7\u2022\u00bb\u00ab\u203a\u2039\u2192*~-]+\s+|\s*(?:\||::|\u2503|\uff5c)\s*"
)
SHORT_NAME = 3
"""A host's label with more characters than that may name the site."""

_HOME = "h1, h2, a[rel~=home], [class*=site-title], [class*=site-name], [id*=site-title]"
_SITE_NAME = re.compile(r"\b(?:web)?site[-_]?(?:title|name|logo|branding|header)")
_INDEX = re.compile(r"(?:index|default|home)\.[a-z]{3,5}$")
_LONGEST_NAME = 80
_MOST_HEADINGS = 30
_MARKS = " \u00b6\u00a7#"


def site_keys_of(signals: Signals, site: str) -> set[str]:
    """Return the names that the site goes by, as they are compared."""
    host = (urlsplit(signals.url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    keys = {comparison_key(site), comparison_key(host)}
    if len(labels) > 1:
        keys |= {comparison_key(label) for label in labels[:-1] if len(label) > SHORT_NAME}
    keys.update(map(comparison_key, names_on_page(signals)))
    keys.update(_tails(signals))
    return {key for key in keys if key}


def names_on_page(signals: Signals) -> Iterator[str]:
    """Yield the words that lead to the front page, or stand where the site's name does."""
    for node in signals.tree.css(_HOME)[:_MOST_HEADINGS]:
        if node.tag == "h2" and is_aside(node):
            continue  # the part of the site that a side bar lists
        name = element_words(node)
        named = node.tag != "a" and _SITE_NAME.search(naming(node)) is not None
        if (
            comparison_key(name)
            and len(name) <= _LONGEST_NAME
            and (named or leads_home(node, signals.url))
        ):
            yield name


def _tails(signals: Signals) -> Iterator[str]:
    """Yield the last part of the title where it and what is before it both head something.

    `Readline | Node.js Documentation` over a heading for each: the latter is on every page.
    """
    parts = SEPARATOR.split(signals.title)
    if len(parts) < 2:  # noqa: PLR2004  one part is the whole
        return
    headings = {
        comparison_key(element_words(node).rstrip(_MARKS))
        for node in signals.tree.css("h1, h2")[:_MOST_HEADINGS]
    }
    if comparison_key(parts[-1]) in headings and comparison_key("".join(parts[:-1])) in headings:
        yield comparison_key(parts[-1])


def comparison_key(text: str) -> str:
    """Return what is compared of a title or a name: letters and digits, without case."""
    return _NO_LETTER.sub("", text.casefold())


_NO_LETTER = re.compile(r"[\W_]+")


def leads_home(node: LexborNode, url: str) -> bool:
    """Return whether a heading is the site's name: a link to its front page or an index above."""
    link = node.css_first("a[href]")
    if link is not None and element_words(link) != element_words(node):
        return False
    target = (link.attributes.get("href") or "") if link is not None else ""
    if link is None and node.parent is not None and node.parent.tag == "a":
        target = node.parent.attributes.get("href") or ""
    try:
        there, here = urlsplit(urljoin(url, target)), urlsplit(url)
    except ValueError:
        return False
    if not target or there.query or there.fragment or here.path in ("", "/", there.path):
        return False
    above = _INDEX.sub("", there.path)
    if above in ("", "/"):
        return True
    named = above != there.path or target.startswith("../")
    return named and above.endswith("/") and here.path.startswith(above)


_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*$", re.IGNORECASE)
_LONGEST_SITE = 80


def canonical_of(signals: Signals) -> tuple[str, str]:
    """Return the address that the page calls its own, and where it says so."""
    named = [(link, "link rel=canonical") for link in signals.links.get("canonical", ())]
    named += [(content, "og:url") for content, _ in signals.meta("og:url")]
    for address, origin in named:
        try:
            absolute = urljoin(signals.base, address)
            parts = urlsplit(absolute)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            return absolute, origin
    return "", ""


def site_of(signals: Signals) -> tuple[str, str]:
    """Return the site's name, and where it says so; empty rather than guessed."""
    for name, origin in _site_names(signals):
        if 0 < len(name) <= _LONGEST_SITE and "://" not in name:
            return name, origin
    return "", ""


def _site_names(signals: Signals) -> Iterator[tuple[str, str]]:
    """Yield what may be the site's name, the surest first."""
    yield from signals.meta("og:site_name", "citation_journal_title")
    for value in signals.objects:
        if "website" in types_of(value):
            for name in person_names(value.get("name")):
                yield tidy(name), "JSON-LD WebSite"
    for value in signals.objects:
        for name in person_names(value.get("publisher"), signals.objects):
            yield tidy(name), "JSON-LD publisher"
    yield from signals.meta("application-name", "apple-mobile-web-app-title")
    for name in names_on_page(signals):
        yield name, "link to the front page"


def language_of(signals: Signals) -> tuple[str, str]:
    """Return the page's language as a BCP 47 tag, and where it says so."""
    named = [(signals.html.get("lang") or signals.html.get("xml:lang") or "", "html lang")]
    named += signals.meta("content-language", "dc.language", "dcterms.language", "language")
    named += signals.meta("og:locale")
    for value, origin in named:
        tag = value.strip().replace("_", "-")
        if _LANGUAGE.match(tag):
            return tag, origin
    return "", ""


def license_of(signals: Signals) -> tuple[str, str]:
    """Return the licence that the page states, and where it says so."""
    for link in signals.links.get("license", ()):
        return urljoin(signals.base, link), "link rel=license"
    for value in signals.objects:
        stated = value.get("license")
        for name in person_names(stated) or [_address_of(stated)]:
            if name:
                return tidy(name), "JSON-LD license"
    for content, name in signals.meta("dc.rights", "dcterms.license", "dcterms.rights"):
        return content, name
    node = signals.tree.css_first('a[rel~="license"][href]')
    if node is not None:
        return urljoin(signals.base, node.attributes.get("href") or ""), "a rel=license"
    return "", ""


def _address_of(value: object) -> str:
    """Return the address of a JSON-LD value, or nothing."""
    if not isinstance(value, dict):
        return ""
    address = value.get("url") or value.get("@id")
    return address if isinstance(address, str) else ""


_AUTHOR_EAST = "(?:本文)?(?:作者|撰文|撰稿|文字?|著者|執筆者?|筆者|記者|记者|글쓴이|글|기자|작성자|저자|지은이)"
_BY = re.compile(
    r"^\s*(?:"
    r"(?:view all posts|posts|all articles|more) (?:by|from)|(?:zeige )?alle (?:beitr\u00e4ge|artikel) von"
    r"|voir (?:tous les|toutes les) (?:articles|publications) (?:de|par)|ver todas las entradas de"
    r"|(?:written|posted|published|created|reported|reviewed|contributed|story|text|words|article|review|report)\s*(?:by\b|:)"
    r"|by\b\s*:?|(?:(?:blog-?\s?)?beitrag|artikel|text|kommentar|ein \w+|eingestellt|gepostet|geschrieben|verfasst|ver\u00f6ffentlicht|erstellt)\s+von\b"
    r"|von\b|par\b|por\b|di\b|door\b|av\b|autor[ei]\b|publi\u00e9 par|escrito por|publicado por|post\u00e9 par|inserito da|autor(?:in|en|as?|es)?\b|authors?\b|auteure?s?\b|redaktion"
    rf")\s*:?\s*|^\s*[\u3010\[](?:{_AUTHOR_EAST})[\u3011\]]\s*|^\s*(?:{_AUTHOR_EAST})\s*[:\uff1a/・]\s*"
    r"|^\s*(?:авторы?|автори|текст|yazan|yazar(?:lar)?|الكاتب|المؤلف|بقلم|كتب[هت]?|نویسنده|نوشته|מאת|penulis|oleh|tác giả|szerzők?|írta|kirjoittaja|författare"
    r"|text(?:o|e)?|forfattere?|συγγραφέας|लेखक|ผู้เขียน|autorzy|auteur·e|auteur\(e\)|autor\(a\)|autoři|napsala?)\s*[:\uff1a]\s*|^\s*بقلم\s+",
    re.IGNORECASE,
)
# What stands before a colon in a byline and is no word for an author: who edited, where it is from.
_OTHER_LABEL = re.compile(r"\w[\w\s./()]{0,30}[:\uff1a]\s*\S")
_BEHIND = re.compile(
    rf"\s+(?:{MONTH})\.?\s+\d.*$|"
    r"\s+[-\u2013\u2014|\u2022\u00b7/]\s.*$|\s*[|\u2022\u00b7].*$"
    r"|\s+(?:edited by|on|am|le|vom|published|updated|posted|in|follow|@\w+|\d{1,2}[.:]|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d)\b.*$"
    r"|\s+\d.*$|\s+(?:来源|來源|责任编辑|責任編輯|编辑|編輯|校对|出典|摄影|攝影|撮影|출처|사진)\s*[:\uff1a/].*$"
    r"|\s+(?:(?:staff|senior|contributing|guest|associate|chief|managing)\s+)*(?:writer|reporter|editor|correspondent|contributor)s?$",
    re.IGNORECASE,
)
# The day before a name in one byline, or alone: `Published on 5 March 2024 by Ann Lee`.
_DAY_FIRST = re.compile(
    rf"^\s*(?:[^\W\d]+:?\s+)?(?:(?:on|am|vom|le|el|il|op)\s+)?(?:(?:{MONTH})\.?\s+\d{{1,2}},?|\d{{1,2}}\.?\s+(?:de\s+)?(?:{MONTH})\.?(?:\s+de)?)"
    r"\s+\d{4}\s*[,|\u00b7\u2013-]?\s*(?=(?:by|von|par|por|di|door|av)\b|$)",
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


def stated_names(
    values: list[str], *, inverted: bool = False, whole: bool = False
) -> tuple[str, ...]:
    """Return names that data states: one each, unless a value is plainly a list of people.

    Args:
        values: What was stated, such as the contents of `<meta name="author">`.
        inverted: Whether `Last, First` is the form of the field, as for `citation_author`
            (Google Scholar, "Indexing guidelines") and Dublin Core.
        whole: Whether each value is one name, whatever is in it.
    """
    found: dict[str, None] = {}
    for value in values[:_MOST_NAMES]:
        text = tidy(value) if whole else _BY.sub("", tidy(value))
        for part in [text] if whole else _SEMICOLON.split(text):
            one = _turned(part) if inverted else part
            people = () if whole else _listed_people(one)
            for name in people or (one,):
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
        suffix, *others = _AND.split(part, 1)
        if parts and _SUFFIX.match(suffix):
            parts[-1] = f"{parts[-1]}, {suffix}"
            parts += others
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
    text = _DAY_FIRST.sub("", text)
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
    if not _OTHER_LABEL.match(name):
        yield name
