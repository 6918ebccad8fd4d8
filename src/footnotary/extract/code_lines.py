"""Code samples as their author wrote them: without a gutter, and with their line ends."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Line numbers by the names that highlighters give them: Sphinx and Pygments, Chroma, Rouge,
# highlight.js, Prism, Prettify, GitHub, GitLab.
_GUTTER = re.compile(
    r"(?:^|[\s_-])(?:line-?nos?|line-?num(?:ber)?s?|linenodiv|lineno-cell|lnt?|hljs-ln-numbers|hljs-ln-n|blob-num"
    r"|rouge-gutter|gl|gutter|diff-line-num|line-numbers-rows|code-gutter|nums)(?:$|[\s_-])"
)
_NUMBERED = ", ".join(
    f'[class*="{name}" i]' for name in ("line", "ln", "gutter", "num", "blob", "gl", "nums")
)
_SAMPLES = "pre, code, table.highlighttable, table.rouge-table, .highlight, .hljs"
_NUMBERS = re.compile(r"[\s\d.:|\u2502]*\d[\s\d.:|\u2502]*\Z")
_LINE = re.compile(
    r"(?:^|[\s_-])(?:line|code-?line|token-line|view-line|cl|ec-line|row)(?:$|[\s_-])"
)
_FEWEST_LINES = 3  # of a gutter that is known by its numbers alone


def restore_code_lines(tree: LexborHTMLParser) -> None:
    """Take line numbers out of a page's code, and part the lines that are elements.

    Args:
        tree: The page; changed in place.
    """
    for sample in _outermost(tree, _SAMPLES):
        for node in sample.css(_NUMBERED):
            if _GUTTER.search(_named(node)) and _NUMBERS.match(node.text(deep=True) or ""):
                node.decompose()
    for sample in _outermost(tree, "pre"):
        _remove_counting(sample)
        _part_lines(sample)


def _outermost(tree: LexborHTMLParser, selector: str) -> Iterator[LexborNode]:
    """Yield the elements that a selector finds, but for those inside of one."""
    inside: set[int] = set()
    for node in tree.css(selector):
        if node.mem_id not in inside:
            inside.update(one.mem_id for one in node.css(selector))
            yield node


def _named(node: LexborNode) -> str:
    """Return an element's classes in lower case."""
    return (node.attributes.get("class") or "").lower()


def _remove_counting(sample: LexborNode) -> None:
    """Take out elements of one class that begin the lines and count them."""
    counting: dict[str, list[LexborNode]] = {}
    for node in sample.css("span[class], a[class], i[class], b[class], em[class]"):
        words = (node.text(deep=True) or "").strip()
        if words.isdigit() and _begins_line(node):
            counting.setdefault(f"{node.tag} {_named(node)}", []).append(node)
    for nodes in counting.values():
        numbers = [int((node.text(deep=True) or "").strip()[:9]) for node in nodes]
        first = numbers[0]
        if len(numbers) >= _FEWEST_LINES and numbers == list(range(first, first + len(numbers))):
            for node in nodes:
                node.decompose()


def _begins_line(node: LexborNode) -> bool:
    """Return whether an element is the first of its line, or of the element that is its line."""
    before = node.prev
    if before is None:
        return True
    if before.is_text_node:
        text = before.text(deep=False) or ""
        return text.endswith("\n") or (not text.strip() and before.prev is None)
    return (before.text(deep=True) or "").endswith("\n")


def _part_lines(sample: LexborNode) -> None:
    """Put a line end between neighbours that are a line each: style sheets make them blocks."""
    for node in sample.css("[class]"):
        following = node.next
        if following is None or not following.is_element_node:
            continue
        are_lines = _LINE.search(_named(node)) and _LINE.search(_named(following))
        if (
            are_lines
            and not (node.text(deep=True) or "").endswith("\n")
            and node.css_first("br") is None
        ):
            node.insert_after("\n")
