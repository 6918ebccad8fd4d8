"""Redirects that a page makes with `<meta http-equiv="refresh">`, as static sites do.

The HTML standard's "shared declarative refresh steps". Only pages that are nothing else are
redirects: a short wait, a small body, another address.
"""

import re

from selectolax.lexbor import LexborHTMLParser

from footnotary.extract.charset import decode
from footnotary.extract.parsing import TooComplex, parse_html

LONGEST_WAIT = 5  # seconds; a page that may be read for longer is a page
LARGEST = 8_000  # bytes; redirect stubs of static site generators are under two thousand
_STEPS = re.compile(
    r"""\s*(\d+)(?:\.[\d.]*)?\s*[;,\s]\s*(?:url\s*=\s*)?(?:"([^"]*)"?|'([^']*)'?|(.*))""",
    re.IGNORECASE | re.DOTALL,
)


def refreshes_of(tree: LexborHTMLParser) -> list[tuple[int, str]]:
    """Return where a page sends its reader, each with the seconds after which it does.

    Args:
        tree: The page.
    """
    found = []
    for node in tree.css("meta[http-equiv][content]"):
        attributes = node.attributes
        steps = _STEPS.fullmatch((attributes.get("content") or "")[:LARGEST])
        if steps and (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            target = (steps[2] or steps[3] or steps[4] or "").strip()
            found.append((int(steps[1][:6]), target))
    return [(seconds, target) for seconds, target in found if target]


def refresh_target(content_type: str, body: bytes) -> str:
    """Return where a page sends its reader at once, or an empty string.

    Args:
        content_type: The page's Content-Type.
        body: The page.
    """
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
