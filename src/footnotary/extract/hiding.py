"""What a page's own markup and style sheets keep from the reader's eye.

Hidden text is how pages feed words to programs that people never see, so it is no text.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.html_text import CLOSED, OPENED
from footnotary.extract.stylesheets import HIDING_STYLE, hidden_by_sheets

# Shown when the pointer rests on a drawing, if at all.
_NAMES_IN_DRAWINGS = "svg title, svg desc, svg metadata, svg defs"
# What fades in as it is scrolled to starts transparent, and is read by everybody.
_TRANSPARENT = re.compile(r"(?:^|;)\s*opacity\s*:\s*0(?:\.0+)?%?\s*(?:;|!|$)", re.IGNORECASE)
_FADES_IN = re.compile(r"transform|translate|transition|animation|will-change", re.IGNORECASE)
_CANDIDATES = "[hidden], [style], [popover], input[type=hidden], dialog:not([open])"


def remove_hidden(tree: LexborHTMLParser) -> None:
    """Take out of a tree what is not rendered.

    `hidden="until-found"`, closed `<details>` and the panels of tabs stay: a reader opens them
    with one act.

    Args:
        tree: The page; changed in place.
    """
    body = tree.body
    if body is None:
        return
    panels = _tab_panels(body)
    for node in hidden_by_sheets(tree):
        if node.mem_id in panels:
            _mark_closed(node)
        else:
            node.decompose(recursive=False)
    for node in body.css(_CANDIDATES):
        if not _is_hidden(node):
            continue
        if node.mem_id in panels:
            _mark_closed(node)
        else:
            node.decompose(recursive=False)
    if body.css_first("svg") is not None:
        for node in body.css(_NAMES_IN_DRAWINGS):
            node.decompose(recursive=False)


def _mark_closed(panel: LexborNode) -> None:
    """Put marks around the words of a panel that is closed as the page loads."""
    first = panel.first_child
    if first is not None and (first.raw_value if first.is_text_node else None) != OPENED:
        first.insert_before(OPENED)
        panel.insert_child(CLOSED)


def _tab_panels(body: LexborNode) -> frozenset[int]:
    """Return the panels that the tabs of a page open (WAI-ARIA 1.2, `tabpanel`)."""
    if body.css_first("[role=tab]") is None:
        return frozenset()
    return frozenset(node.mem_id for node in body.css("[role=tabpanel]"))


def _is_hidden(node: LexborNode) -> bool:
    """Return whether the element's own attributes hide it."""
    attributes = node.attributes
    if node.tag == "body":
        return False
    if "hidden" in attributes:
        return (attributes["hidden"] or "").lower() != "until-found"
    if node.tag in ("input", "dialog") or "popover" in attributes:
        return True
    style = attributes.get("style") or ""
    if _FADES_IN.search(style):
        style = _TRANSPARENT.sub(";", style)
    return bool(HIDING_STYLE.search(style)) or _in_its_own_colour(style)


def _in_its_own_colour(style: str) -> bool:
    """Return whether a style writes in the colour that it paints behind."""
    colours = {name.lower(): _plain(value) for name, value in _COLOUR.findall(style)}
    behind = colours.get("background-color") or colours.get("background")
    return "color" in colours and colours["color"] == behind


def _plain(colour: str) -> str:
    """Return a colour in one of its spellings."""
    colour = "".join(colour.lower().split())
    colour = _COLOUR_NAMES.get(colour, colour)
    if _SHORT_COLOUR.fullmatch(colour):
        return "#" + "".join(digit * 2 for digit in colour[1:])
    parts = _RGB.fullmatch(colour)
    return "#" + "".join(f"{int(part):02x}" for part in parts.groups()) if parts else colour


_COLOUR = re.compile(r"(?:^|;)\s*(color|background(?:-color)?)\s*:\s*([^;!]+)", re.IGNORECASE)
_COLOUR_NAMES = {"white": "#ffffff", "black": "#000000"}
_SHORT_COLOUR = re.compile(r"#[0-9a-f]{3}")
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,1)?\)")
