"""A Content-Security-Policy for each page, without `unsafe-inline` for scripts.

The theme's few inline scripts are allowed by their hashes (CSP Level 3, section 2.3.1). They are
taken from empty pages that the engine renders with the same theme and configuration: what is
in a page of words can never allow itself. Nothing but the site itself is asked for scripts, styles,
data or frames. Styles may stand inline, because diagrams are drawn with them; images may come
from https, for badges.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_POLICY = (
    "default-src 'self'; base-uri 'self'; object-src 'none'; form-action 'self'; "
    "img-src 'self' data:{images}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'; script-src 'self'"
)
# What a browser runs (HTML Standard, "prepare the script element"); all else is data.
_RUN = re.compile(
    r"(?:(?:text|application)/(?:x-)?(?:java|ecma|j|live)script(?:1\.[0-5])?|module|importmap"
    r"|speculationrules)?",
    re.IGNORECASE,
)
_HANDLER = re.compile(r"[\s/\"']on[a-z]+\s*=", re.IGNORECASE)
_FRAMES = "iframe, frame, object, embed"
# Addresses that may be no web pages: attributes as the parser reads them, references and all.
_ADDRESSES = ", ".join(
    f'[{name}*=":"]:not([{name}^="http"]):not([{name}^="#"])'
    for name in ("href", "xlink\\:href", "src", "action", "formaction", "data")
)
_IGNORED = dict.fromkeys(range(0x21))  # by browsers, in front of an address and in its scheme
_SHOWN = 60  # characters of a script in a message


@dataclass(frozen=True)
class Trusted:
    """What the theme itself runs, taken from pages without words."""

    inline: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()

    def __or__(self, other: "Trusted") -> "Trusted":
        """Return what either trusts."""
        return Trusted(self.inline | other.inline, self.addresses | other.addresses)


@dataclass
class Blocked:
    """What the policies of a site block."""

    pages: dict[str, list[str]] = field(default_factory=dict)

    def add(self, things: tuple[str, ...], page: str) -> None:
        """Add what a page holds."""
        for thing in things:
            self.pages.setdefault(thing, []).append(page)

    def sentences(self) -> Iterator[str]:
        """Yield a sentence for each thing, with the first page that holds it."""
        for thing, pages in self.pages.items():
            more = f" and {len(pages) - 1} more" if len(pages) > 1 else ""
            yield (
                f"{pages[0]}{more}: the page's Content-Security-Policy blocks {thing}. Scripts of"
                " the site's own go into `extra_javascript`; others need `policy: false` under"
                " the plugin footnotary."
            )


def trust(page: str) -> Trusted:
    """Return the scripts of a page without words.

    Args:
        page: A page that the engine made with the site's theme and configuration, of nothing.
    """
    scripts = _scripts(parse_built_page(page))
    return Trusted(
        frozenset(_text(one) for one in scripts if not _is_elsewhere(one)),
        frozenset(_address(one) for one in scripts if _is_elsewhere(one)),
    )


def apply_policy(
    page: str, trusted: Trusted, *, web_images: bool = True
) -> tuple[str, tuple[str, ...]]:
    """Return a page with its policy in the head, and what that blocks of it.

    Args:
        page: A whole HTML page; one without a head is returned as it is.
        trusted: What may run.
        web_images: Whether images may come from other hosts.
    """
    head = re.search(r"<head\b[^>]*>(?:\s*<meta charset=[^>]*>)?", page)
    if head is None:
        return page, ()
    tree = parse_built_page(page)
    inline = [_text(one) for one in _scripts(tree) if not _is_elsewhere(one)]
    hashes = sorted({_hash(script) for script in inline if script in trusted.inline})
    policy = _POLICY.format(images=" https:" if web_images else "")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{" ".join([policy, *hashes])}">'
    guarded = "".join((page[: head.end()], meta, page[head.end() :]))
    return guarded, tuple(dict.fromkeys(_blocked(tree, page, trusted)))


def _blocked(tree: "LexborHTMLParser", page: str, trusted: Trusted) -> Iterator[str]:
    """Yield what the policy blocks, in words."""
    for script in _scripts(tree):
        if not _is_elsewhere(script):
            if _text(script) not in trusted.inline:
                yield f"an inline script, {_excerpt(_text(script))}"
        elif "//" in _address(script) and _address(script) not in trusted.addresses:
            yield f"a script from elsewhere, {_excerpt(_address(script))}"
    for frame in tree.css(_FRAMES):
        yield f"an element of another page, <{frame.tag}>"
    for node in tree.css(_ADDRESSES):
        for name, value in node.attributes.items():
            if (value or "").translate(_IGNORED).lower().startswith(("javascript:", "vbscript:")):
                yield f"an address that is a script, {name}={_excerpt(value or '')}"
    if _HANDLER.search(page):
        yield from _handlers(tree)


def _handlers(tree: "LexborHTMLParser") -> Iterator[str]:
    """Yield the attributes that are scripts."""
    for node in tree.root.traverse() if tree.root else ():
        for name, value in node.attributes.items():
            if name.startswith("on"):
                yield f"an attribute that is a script, {name}={_excerpt(value or '')}"


def parse_built_page(page: str) -> "LexborHTMLParser":
    """Return a page of a built site as a browser reads it."""
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(page)


def _scripts(tree: "LexborHTMLParser") -> "list[LexborNode]":
    """Return the scripts that a browser would run."""
    return [
        node
        for node in tree.css("script")
        if _RUN.fullmatch((node.attributes.get("type") or "").strip())
    ]


def _is_elsewhere(script: "LexborNode") -> bool:
    """Return whether a script lies in a file: only that would run, not what is in it."""
    return "src" in script.attributes or not _text(script)


def _address(script: "LexborNode") -> str:
    """Return where a script lies; those of drawings have their addresses elsewhere."""
    found = (script.attributes.get(name) for name in ("src", "href", "xlink:href"))
    return next((one for one in found if one), "")


def _text(script: "LexborNode") -> str:
    """Return the text of a script, every character of it: its hash is made of that."""
    return script.text(deep=True, strip=False)


def _excerpt(words: str) -> str:
    """Return the beginning of foreign words for a message, as one quoted line."""
    line = " ".join(words.split())
    return repr(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…")


@lru_cache(maxsize=256)
def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"
