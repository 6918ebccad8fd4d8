"""Redirects that a page makes with `<meta http-equiv="refresh">`, as static sites do.

The HTML standard's "shared declarative refresh steps", for pages that are nothing else: a
short wait, a small body, another address.
"""

import re

LONGEST_WAIT = 5  # seconds; a page that may be read for longer is a page
LARGEST = 8_000  # bytes; redirect stubs of static site generators are under two thousand
# What stands there is no element of the page: comments, code, and what is only shown.
NO_ELEMENTS = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|template|xmp)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
META = re.compile(rb"<meta\b[^>]*>", re.IGNORECASE)
IS_REFRESH = re.compile(rb"""http-equiv\s*=\s*["']?\s*refresh\b""", re.IGNORECASE)
CONTENT = re.compile(
    rb"""(?<![\w-])content\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE
)
STEPS = re.compile(
    r"""\s*(\d+)(?:\.[\d.]*)?\s*[;,\s]\s*(?:url\s*=\s*)?(?:"([^"]*)"?|'([^']*)'?|(.*))""",
    re.IGNORECASE | re.DOTALL,
)


def refresh_target(media_type: str, body: bytes) -> str:
    """Return where a page sends its reader at once, or an empty string.

    Args:
        media_type: The page's media type.
        body: The page.
    """
    if len(body) > LARGEST or media_type not in ("text/html", "application/xhtml+xml"):
        return ""
    for tag in META.findall(NO_ELEMENTS.sub(b"", body)):
        content = CONTENT.search(tag) if IS_REFRESH.search(tag) else None
        if content is None:
            continue
        text = next(filter(None, content.groups()), b"").decode("utf-8", "replace")
        steps = STEPS.fullmatch(text.replace("&amp;", "&"))
        if steps and int(steps[1][:6]) <= LONGEST_WAIT:
            return (steps[2] or steps[3] or steps[4] or "").strip()
    return ""
