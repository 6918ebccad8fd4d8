"""What a page's own markup and style sheets keep from the reader's eye.

Hidden text is how pages feed words to programs that people never see, so it is no text.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:"
    r"display\s*:\s*none"
    r"|visibility\s*:\s*(?:hidden|collapse)"
    r"|content-visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0(?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:;|!|$)"
    r"|(?:left|right|top|text-indent)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|em|rem|pt)"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r")",
    re.IGNORECASE,
)
_TRANSPARENT = re.compile(r"(?:^|;)\s*opacity\s*:\s*0(?:\.0+)?%?\s*(?:;|!|$)", re.IGNORECASE)
# What fades in as it is scrolled to starts transparent, and is read by everybody.
_FADES_IN = re.compile(r"transform|translate|transition|animation|will-change", re.IGNORECASE)
_CANDIDATES = (
    "[hidden], [style], [popover], input[type=hidden], dialog:not([open]),"
    " template:not([shadowrootmode])"
)


def remove_hidden(tree: LexborHTMLParser) -> None:
    """Take out of a tree what is not rendered.

    `hidden="until-found"` and closed `<details>` stay: a reader opens them with one act.

    Args:
        tree: The page; changed in place.
    """
    body = tree.body
    if body is None:
        return
    for node in body.css(_CANDIDATES):
        if _is_hidden(node):
            node.decompose()


def _is_hidden(node: LexborNode) -> bool:
    """Return whether the element's own attributes hide it."""
    attributes = node.attributes
    if node.tag == "body":
        return False
    if "hidden" in attributes:
        return (attributes["hidden"] or "").lower() != "until-found"
    if node.tag in ("input", "dialog", "template") or "popover" in attributes:
        return True
    style = attributes.get("style") or ""
    if _TRANSPARENT.search(style) and not _FADES_IN.search(style):
        return True
    return bool(_HIDING_STYLE.search(style))
