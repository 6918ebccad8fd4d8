"""HTML and XHTML: text, metadata and whether either can be relied on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.charset import (
    decode,
    has_controls,
    without_control_references,
    without_controls,
)
from footnotary.extract.css.generating import begins_line
from footnotary.extract.formulas import write_formulas
from footnotary.extract.hiding import remove_hidden
from footnotary.extract.html_text import (
    BLOCKS,
    NOT_TEXT,
    RARELY_TEXT,
    SEAMLESS,
    PageText,
    mark_roles,
    text_of_tree,
    with_noscript_as_written,
)
from footnotary.extract.marks import GAP
from footnotary.extract.metadata import Metadata, metadata_of
from footnotary.extract.metadata.signals import gathered
from footnotary.extract.parsing import (
    ANYTHING,
    TooComplex,
    TooHeavy,
    Written,
    compose_shadow_roots,
    parse_html,
)
from footnotary.extract.plain import (
    MARKDOWN_SUFFIXES,
    UNSENT,
    UNTYPED,
    begins_as_html,
    is_binary,
)
from footnotary.extract.readability import unreadable_reason
from footnotary.models import APART, EDGE, Page, Response, UnreadableReason

_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_XML = frozenset({"application/xml", "text/xml"})
_NOTHING_KNOWN = Metadata()


def is_html(response: Response) -> bool:
    """Return whether an answer is HTML."""
    if response.media_type in _TYPES:
        return True
    if response.media_type in _XML:
        return b"<html" in response.body[:1024].lower()
    if response.media_type not in UNTYPED:
        return False
    is_markdown = response.path.endswith(MARKDOWN_SUFFIXES)
    whole = is_markdown or response.media_type not in UNSENT
    return begins_as_html(response.body, whole=whole)


class HtmlExtractor:
    """HTML by its type, or by its first bytes where the type says nothing."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is HTML."""
        return is_html(response)

    def page(self, response: Response, *, text_only: bool = False) -> Page:
        """Return the page."""
        if is_binary(response.body[:512], response.headers.get("content-type", "")):
            return _unread(response, UnreadableReason.UNSUPPORTED_TYPE)
        source = _source(response)
        try:
            text, found = _read(source, response, text_only=text_only)
            # The tree is gone by now: what comes next may need one of its own.
            reason = unreadable_reason(response, source, text.text)
        except TooComplex:
            return _unread(response, UnreadableReason.TOO_COMPLEX)
        return _page(response, text, reason, found)


def _source(response: Response) -> str:
    """Return a page's markup."""
    source = decode(response.body, response.headers.get("content-type", ""))
    if has_controls(response.body):
        source = without_controls(source)
    return without_control_references(with_noscript_as_written(source))


_EDGE_IN_WORD = re.compile(rf"(?<=\w){EDGE}+(?=\w)")


def marked_text(response: Response) -> str:
    """Return the words of a page with `EDGE` wherever markup begins or ends within a line.

    Args:
        response: The answer; where it is no HTML, or too much of it, the text is empty.
    """
    if not is_html(response):
        return ""
    try:
        return _marked(parse_html(_source(response)), response)
    except (TooComplex, TooHeavy):
        return ""


def _marked(tree: LexborHTMLParser, response: Response) -> str:
    """Return the words of a tree with its edges; it is changed."""
    for node in tree.css("body *"):
        if node.tag not in BLOCKS and node.tag not in SEAMLESS:
            node.insert_before(EDGE)  # what is taken out leaves its mark
    for node in tree.css("math, ruby, svg"):
        node.insert_before(APART)
        node.insert_after(APART + EDGE)
    write_formulas(tree)
    restore_code_lines(tree)
    remove_hidden(tree, response.final_url, response.styles)
    for node in tree.css(", ".join((*NOT_TEXT, *RARELY_TEXT))):
        node.decompose(recursive=False)
    return _EDGE_IN_WORD.sub("", text_of_tree(_markup_of_body(tree), marked=True).text)


def _read(source: str, response: Response, *, text_only: bool) -> tuple[PageText, Metadata]:
    """Return a page's text and metadata."""
    tree, written = parse_html(source), Written(source)
    url, styles = response.final_url, response.styles
    if text_only:
        return visible_text(tree, url, styles, written), _NOTHING_KNOWN
    signals = gathered(tree, url)
    text = visible_text(tree, url, styles, written)
    return text, metadata_of(signals, text.text, text.headings)


def _unread(response: Response, reason: UnreadableReason) -> Page:
    """Return the page of an answer that is not parsed."""
    return _page(response, PageText("", ()), reason)


def _page(
    response: Response,
    text: PageText,
    unreadable: UnreadableReason | None,
    found: Metadata = _NOTHING_KNOWN,
) -> Page:
    """Return the page in an answer."""
    return Page(
        url=response.url,
        final_url=response.final_url,
        canonical_url=found.canonical_url,
        title=found.title,
        site=found.site,
        authors=found.authors,
        published=found.published,
        modified=found.modified,
        language=found.language,
        license=found.license,
        media_type=response.media_type or "text/html",
        text=text.text,
        headings=text.headings,
        closed=text.closed,
        unsure=text.unsure,
        doubtful=text.doubtful,
        rows=text.rows,
        kept=text.kept,
        borders=text.borders,
        moved=text.moved,
        generated=text.generated,
        unseen=text.unseen,
        style_read=text.style_read if unreadable is None else None,
        origins=found.origins,
        unreadable=unreadable,
    )


def visible_text(
    tree: LexborHTMLParser,
    url: str = "",
    styles: Mapping[str, str] | None = None,
    written: Written = ANYTHING,
) -> PageText:
    """Return the words that a reader sees.

    Args:
        tree: The page; what is not text is taken out of it.
        url: Its address.
        styles: The style sheets that it links, by address.
        written: What is in its markup.
    """
    compose_shadow_roots(tree, written)
    write_formulas(tree, written)
    restore_code_lines(tree, written)
    removed = remove_hidden(tree, url, styles, written)
    mark_roles(tree, written)
    text = _text_of_body(tree, written)
    return replace(text, unseen=tuple(removed.unseen), style_read=removed.style_read)


# What is drawn, though it is no text: no number goes on behind it.
_LEAVING_ROOM = frozenset(
    (
        *("audio", "canvas", "del", "iframe", "meter", "object", "progress", "s", "select"),
        *("strike", "textarea", "video"),
    )
)


_RARE_TAG = re.compile(rf"<({'|'.join(sorted(RARELY_TEXT))})[ />]")


_RARELY_BEGUN = tuple(f"<{name}" for name in sorted(RARELY_TEXT))


def _text_of_body(tree: LexborHTMLParser, written: Written) -> PageText:
    """Return the text of a tree without the elements whose content is none."""
    _take_out(tree, [name for name in NOT_TEXT if name == "head" or written.has(f"<{name}")])
    markup = _markup_of_body(tree)
    rare = _RARE_TAG.finditer(markup) if written.has(*_RARELY_BEGUN) else ()
    names = {found[1] for found in rare}
    if names:
        # What no browser can load an object into shows what is written there.
        _take_out(tree, sorted((names - {"object"}) | {"object[data]", "object[type]"}))
        markup = _markup_of_body(tree)
    return text_of_tree(markup)


def _take_out(tree: LexborHTMLParser, elements: Iterable[str]) -> None:
    """Take elements out of a tree; what is drawn leaves its mark."""
    for node in tree.css(", ".join(elements)):
        if node.tag in _LEAVING_ROOM:
            node.insert_before(GAP)
        node.decompose(recursive=False)


def _markup_of_body(tree: LexborHTMLParser) -> str:
    return (tree.body.html or "") if tree.body is not None else ""


# Line numbers by the names that highlighters give them: Sphinx and Pygments, Chroma, Rouge,
# highlight.js, Prism, Prettify, GitHub, GitLab.
_GUTTER = re.compile(
    r"(?:^|[\s_-])(?:line-?nos?|line-?nr|line-?num(?:ber)?s?|linenodiv|lineno-cell|lnt?|hljs-ln-numbers|hljs-ln-n|blob-num"
    r"|rouge-gutter|gl|gutter|diff-line-num|line-numbers-rows|code-gutter|nums)(?:$|[\s_-])"
)
_NUMBERED = ", ".join(
    f'[class*="{name}" i]' for name in ("line", "ln", "gutter", "num", "blob", "gl", "nums")
)
_SAMPLES = frozenset(("fragment", "highlighttable", "rouge-table", "highlight", "hljs"))
_CODE = 'pre, code, [class*="code" i], [class~="pre" i]'
_MAYBE_LINES = '[class*="line" i], [class*="cl" i], [class*="row" i]'
_NUMBER_ALONE = re.compile(r">\s*\d+\s*</(?:span|a|i|b|em)>")
_NUMBERS = re.compile(r"[\s\d.:|\u2502]*\d[\s\d.:|\u2502]*\Z")
_LINE = re.compile(
    r"(?:^|[\s_-])(?:line|code-?line|token-line|view-line|cl|ec-line|row)(?:$|[\s_-])"
)
_NEAR = 3  # elements around one, in which its code may be beside it
_FEWEST_LINES = 3  # of a gutter that is known by its numbers alone


def restore_code_lines(tree: LexborHTMLParser, written: Written = ANYTHING) -> None:
    """Take line numbers out of a page's code, and part the lines that are elements."""
    if written.has("class", "<pre"):
        _remove_gutters(tree)
    if not written.has("<pre"):
        return
    for sample in _outermost(tree, "pre"):
        _remove_counting(sample)
        if sample.css_first(_MAYBE_LINES) is not None:
            _part_lines(sample)


def _remove_gutters(tree: LexborHTMLParser) -> None:
    """Take out the elements that hold the numbers of lines."""
    found = {node.mem_id: node for node in tree.css(f"{_NUMBERED}, pre + pre, pre:has(+ pre)")}
    groups: dict[tuple[str | None, str, int], list[LexborNode]] = {}
    for node in found.values():
        named = _GUTTER.search(_named(node))
        if not (named or node.tag == "pre") or not _NUMBERS.match(node.text(deep=True) or ""):
            continue
        if named and _is_in_sample(node):
            groups[None, "", node.mem_id] = [node]
        elif _is_beside_code(node):
            before = _place_in_row(node) if node.tag in ("td", "th") else 0
            groups.setdefault((node.tag, _named(node), before), []).append(node)
    gone: set[int] = set()
    for (tag, names, _), nodes in groups.items():
        left = [node for node in nodes if node.mem_id not in gone]
        words = [word for node in left for word in node.text(deep=True, separator=" ").split()]
        few = 1 if "line" in names else _FEWEST_LINES
        if tag is None or _count_up(words, few):
            for node in left:
                gone.update(one.mem_id for one in node.css("*"))
                node.decompose(recursive=False)


def _place_in_row(cell: LexborNode) -> int:
    """Return how many cells are before one."""
    place, before = cell.prev, 0
    while place is not None:
        before += place.is_element_node
        place = place.prev
    return before


def _is_in_sample(node: LexborNode) -> bool:
    """Return whether an element is in a sample of code."""
    place = node.parent
    while place is not None:
        if place.tag in ("pre", "code") or not _SAMPLES.isdisjoint(_named(place).split()):
            return True
        place = place.parent
    return False


def _is_beside_code(node: LexborNode) -> bool:
    """Return whether code is beside an element, or beside what it is in."""
    place = node
    for _ in range(_NEAR):
        above = place.parent
        if above is None or above.tag == "body":
            return False
        if any(one.mem_id != place.mem_id and _has_code(one) for one in above.iter()):
            return True
        place = above
    return False


def _has_code(node: LexborNode) -> bool:
    """Return whether an element is code, or has some in it."""
    return node.css_first(_CODE) is not None


def _count_up(words: list[str], few: int = _FEWEST_LINES) -> bool:
    """Return whether words are numbers, each by one more than that before it."""
    if len(words) < few or not all(word[:9].isdecimal() for word in words):
        return False
    first = int(words[0][:9])
    return [int(word[:9]) for word in words] == list(range(first, first + len(words)))


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
    if len(_NUMBER_ALONE.findall(sample.html or "")) < _FEWEST_LINES:
        return
    counting: dict[str, list[LexborNode]] = {}
    for node in sample.css("span[class], a[class], a[id], i[class], b[class], em[class]"):
        words = (node.text(deep=True) or "").strip()
        if words.isdigit() and begins_line(node):
            counting.setdefault(f"{node.tag} {_named(node)}", []).append(node)
    for nodes in counting.values():
        if _count_up([(node.text(deep=True) or "").strip() for node in nodes]):
            for node in nodes:
                node.decompose()


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
