"""What a page with little text shows: its headlines, its main part, and what asks to be clicked.

Only for pages that may be a wall; a long text is none.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.charset import decode
from footnotary.extract.hiding import remove_hidden
from footnotary.extract.html_text import NOT_TEXT, text_of_tree
from footnotary.extract.marks import without_marks
from footnotary.extract.parsing import TooComplex, parse_html

_NO_MAIN_PART = (
    *NOT_TEXT,
    *("noscript", "svg", "nav", "footer", "aside"),
    *("[role=navigation]", "[role=contentinfo]"),
)
_SEPARATOR = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022\u00bb\u00ab:*-]+\s+|\s*[|\uff5c]\s*|:\s+")
_MOUNTS = (
    "#root, #app, #__next, #__nuxt, #___gatsby, #react-root, #svelte, #main-app, #application,"
    " #q-app, app-root, [ng-app], [data-reactroot], [ng-version]"
)
_BANNER_NAME = re.compile(
    r"cookie|consent|gdpr|\bcmp\b|onetrust|didomi|privacy-?(?:banner|notice|popup)"
)
_DATA = "pre, table, dl, li + li, code, math"
_CLIMB = 4
_MOST_BUTTONS = 60
_LONGEST_BUTTON = 60
_MOST_BANNERS = 3
_LONGEST_BANNER = 1_200
_PLACEHOLDER = 60  # characters: "Loading, please wait …" in an application that has not begun


@dataclass(frozen=True)
class Shown:
    """What is on a page.

    Attributes:
        headlines: The parts of its title and its first headings.
        main: Its text without menus, footers and what is for readers without scripts.
        beside_banner: The same without a banner that asks for consent.
        beside_forms: The same without forms.
        without_script: What `<noscript>` says.
        asks_consent: Whether there is a button to consent.
        asks_password: Whether there is a field for a password in the main part.
        asks_address: Whether there is a field for an address or a user's name there.
        mounts: Whether an application is to be put where hardly anything is.
        has_data: Whether it has code, a table or a list, which say much in few words.
        leads_on: Whether it sends the browser to another page.
    """

    headlines: tuple[str, ...] = ()
    main: str = ""
    beside_banner: str = ""
    beside_forms: str = ""
    without_script: str = ""
    asks_consent: bool = False
    asks_password: bool = False
    asks_address: bool = False
    mounts: bool = False
    has_data: bool = False
    leads_on: bool = False


def shown_on(source: str) -> Shown:
    """Return what a page shows."""
    tree = parse_html(source)
    remove_hidden(tree)
    leads_on = bool(refreshes_of(tree))
    title = tree.css_first("title")
    headings = [_words(node) for node in tree.css("h1, h2, [role=heading]")[:3]]
    parts = _SEPARATOR.split(_words(title)) if title is not None else []
    whole = [_words(title)] if title is not None else []
    mount = tree.css_first(_MOUNTS)
    if mount is not None:
        _without(mount, "script, style")
    mounts = mount is not None and len(_words(mount)) < _PLACEHOLDER
    without_script = " ".join(_words(node) for node in tree.css("noscript")[:5])
    _without(tree, ", ".join(_NO_MAIN_PART))
    for header in tree.css("header, [role=banner]"):
        if header.css_first("h1") is None:
            header.decompose(recursive=False)
    fields = [_kind(node) for node in tree.css("input")]
    has_data = any(len(_words(node)) > 1 for node in tree.css(_DATA)[:_MOST_BUTTONS])
    main = _text(tree)
    asks_consent = _without_banner(tree)
    beside_banner = _text(tree) if asks_consent else main
    _without(tree, "form, input, button, label")
    return Shown(
        headlines=tuple(dict.fromkeys(filter(None, (*whole, *parts, *headings)))),
        main=main,
        beside_banner=beside_banner,
        beside_forms=_text(tree),
        without_script=without_script,
        asks_consent=asks_consent,
        asks_password="password" in fields,
        asks_address="email" in fields or "user" in fields,
        mounts=mounts,
        has_data=has_data,
        leads_on=leads_on,
    )


def _words(node: LexborNode) -> str:
    """Return an element's words on one line."""
    return " ".join(without_marks(node.text(deep=True, separator=" ")).split())


def _text(tree: LexborHTMLParser) -> str:
    """Return the text of what is left of a page, a block a line."""
    body = tree.body
    return text_of_tree((body.html or "") if body is not None else "").text


def _without(node: LexborNode | LexborHTMLParser, selector: str) -> None:
    """Take what a selector matches out of a tree."""
    for part in node.css(selector):
        part.decompose(recursive=False)


def _kind(node: LexborNode) -> str:
    """Return what a field asks for."""
    attributes = node.attributes
    kind = (attributes.get("type") or "").lower()
    if kind in ("password", "email"):
        return kind
    named = f"{attributes.get('name') or ''} {attributes.get('id') or ''}".lower()
    return "user" if re.search(r"user|login|e-?mail|account", named) else kind


def _without_banner(tree: LexborHTMLParser) -> bool:
    """Take banners that ask for consent out of a page; return whether there was one."""
    answers = words("consent", "buttons")
    labelled = (
        (node, _words(node) or (node.attributes.get("value") or ""))
        for node in tree.css(_BUTTONS)[:_MOST_BUTTONS]
    )
    asking = (
        node
        for node, label in labelled
        if len(label) <= _LONGEST_BUTTON and answers.fullmatch(label.strip(_AROUND_LABEL))
    )
    banners = [_banner_around(node) for node in islice(asking, _MOST_BANNERS)]
    for banner in banners:
        banner.decompose(recursive=False)
    return bool(banners)


_BUTTONS = "button, a, input[type=submit], input[type=button], [role=button]"
_AROUND_LABEL = " .!\u2192>"


def _banner_around(button: LexborNode) -> LexborNode:
    """Return the element that asks what a button answers: the smallest that has a question."""
    place = button
    for _ in range(_CLIMB):
        parent = place.parent
        if parent is None or parent.tag in ("body", "html", "main", "article"):
            break
        if len(_words(parent)) > _LONGEST_BANNER:
            break
        place = parent
        naming = f"{place.attributes.get('class') or ''} {place.attributes.get('id') or ''}"
        if _BANNER_NAME.search(naming.lower()):
            break
    return place


# What is before a headline and does no harm.
_APOLOGY = r"(?:(?:oh no|oops|ups|hoppla|uh[- ]?oh|whoops|sorry|error|erreur|fehler|http)\W+)*"


def headline(wall: str) -> re.Pattern[str]:
    """Return the pattern that a whole headline of a wall matches.

    Args:
        wall: `challenge`, `missing`, `failing`, `login` or `consent`.
    """
    return _compiled(wall, "headlines", _APOLOGY)


def words(wall: str, kind: str) -> re.Pattern[str]:
    """Return the pattern of one of a wall's other lists."""
    return _compiled(wall, kind)


@cache
def _compiled(wall: str, kind: str, before: str = "") -> re.Pattern[str]:
    """Return one pattern of all in a list."""
    alternatives = "|".join(_table()[wall][kind])
    return re.compile(f"{before}(?:{alternatives})", re.IGNORECASE)


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    """Return the lists."""
    return tomllib.loads(files(__package__).joinpath("walls.toml").read_text(encoding="utf-8"))


LONGEST_WAIT = 5  # seconds; a page that may be read for longer is a page
LARGEST = 8_000  # bytes; redirect stubs of static site generators are under two thousand
_STEPS = re.compile(
    r"""\s*(\d+)(?:\.[\d.]*)?\s*[;,\s]\s*(?:url\s*=\s*)?(?:"([^"]*)"?|'([^']*)'?|(.*))""",
    re.IGNORECASE | re.DOTALL,
)


def refreshes_of(tree: LexborHTMLParser) -> list[tuple[int, str]]:
    """Return where a page sends its reader, each with the seconds after which it does."""
    found = []
    for node in tree.css("meta[http-equiv][content]"):
        attributes = node.attributes
        steps = _STEPS.fullmatch((attributes.get("content") or "")[:LARGEST])
        if steps and (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            target = (steps[2] or steps[3] or steps[4] or "").strip()
            found.append((int(steps[1][:6]), target))
    return [(seconds, target) for seconds, target in found if target]


def refresh_target(content_type: str, body: bytes) -> str:
    """Return where a page sends its reader at once, or an empty string."""
    media_type = content_type.partition(";")[0].strip().lower()
    if len(body) > LARGEST or media_type not in ("text/html", "application/xhtml+xml"):
        return ""
    if b"refresh" not in body.lower():
        return ""
    try:
        tree = parse_html(decode(body, content_type))
    except TooComplex:
        return ""
    soon = (target for seconds, target in refreshes_of(tree) if seconds <= LONGEST_WAIT)
    return next(soon, "")
