"""What a page's own markup and style sheets keep from the reader's eye.

Hidden text is how pages feed words to programs that people never see, so it is no text.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.stylesheets import hidden_by_sheets

_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:"
    r"display\s*:\s*none"
    r"|visibility\s*:\s*(?:hidden|collapse)"
    r"|content-visibility\s*:\s*hidden"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0(?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:;|!|$)"
    r"|(?:left|right|top|text-indent)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|em|rem|pt)"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r")",
    re.IGNORECASE,
)
# Shown when the pointer rests on a drawing, if at all.
_NAMES_IN_DRAWINGS = "svg title, svg desc, svg metadata, svg defs"
_CANDIDATES = "[hidden], [style], input[type=hidden], dialog:not([open])"


def remove_hidden(tree: LexborHTMLParser) -> None:
    """Take out of a tree what is not rendered.

    `hidden="until-found"` and closed `<details>` stay: a reader opens them with one act.

    Args:
        tree: The page; changed in place.
    """
    body = tree.body
    if body is None:
        return
    for node in hidden_by_sheets(tree):
        node.decompose()
    for node in body.css(_CANDIDATES):
        if _is_hidden(node):
            node.decompose()
    for node in body.css(_NAMES_IN_DRAWINGS):
        node.decompose()


def _is_hidden(node: LexborNode) -> bool:
    """Return whether the element's own attributes hide it."""
    attributes = node.attributes
    if node.tag == "body":
        return False
    if "hidden" in attributes:
        return (attributes["hidden"] or "").lower() != "until-found"
    if node.tag in ("input", "dialog"):
        return True
    return bool(_HIDING_STYLE.search(attributes.get("style") or ""))
