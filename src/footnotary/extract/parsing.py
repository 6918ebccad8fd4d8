"""Markup is parsed within bounds, so that no page costs minutes or gigabytes; and shadow roots.

Measured with Lexbor: 100,000 nested elements take ten seconds (the time grows with the square
of the depth), and an unclosed formatting element is opened again in every block behind it, so
that 40 KB can become millions of elements.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, count
from operator import sub

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.deadline import check_deadline

MAX_CHARACTERS = 12_000_000
"""Longest markup that is parsed; its tree takes some ten times that in bytes."""

MAX_DEPTH = 3_000
"""Deepest nesting that is parsed; browsers stop at 512."""

MAX_REOPENED = 2_000_000
"""Most formatting elements that parsing may have to open again."""

MAX_TAGS = 900_000
"""Most tags, which with their text take some 250 bytes each."""

MAX_COMPARED = 100_000_000
"""Most comparisons of attributes: each of a tag's is compared with all before it."""

MAX_NESTED = 10_000_000
"""Most levels in all, over all tags: what looks at an element's ancestors takes that many steps."""

# So many tags can neither nest too deeply nor, half of them formatting, reopen too much.
_FEW_OPENED = 2_800
_SPACE = r"[ \t\n\f\r]"
_NAME = r"[^ \t\n\f\r/<>=]"
# An attribute as the HTML standard's tokenizer reads one ("before attribute name state" and on),
# but that `<` begins another: an attribute more does no harm, one less would.
_ATTRIBUTE = (
    rf"[ \t\n\f\r/]*+<?(?:={_NAME}*+|{_NAME}++)"
    rf"(?>(?:{_SPACE}*+={_SPACE}*+"
    rf"(?>(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r<>\"'][^ \t\n\f\r<>]*+)?))?)"
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# Whatever a parser may take for a tag with many attributes, in scripts and comments too: what
# seems to be one must not hide another. Few pages have any.
_UNPARSED = re.compile(r"<script\b|<!--", re.IGNORECASE)
_CLOSING = (re.compile(r"</script", re.IGNORECASE), re.compile(r"-->"))
_LARGE_TAG = re.compile(rf"<[a-zA-Z][^ \t\n\f\r/<>]*+(?>(?:{_ATTRIBUTE}){{30,}})")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*")
# Their end is implied or they have none: their start tags say nothing of depth.
_UNNESTED = frozenset(
    (
        *("area", "base", "br", "circle", "col", "dd", "dt", "embed", "frame", "hr", "image"),
        *("img", "input", "li", "line", "link", "meta", "p", "param", "path"),
        *("polygon", "rect", "source", "td", "th", "tr", "track", "use", "wbr"),
    )
)
# HTML standard, "Reconstruct the active formatting elements".
_FORMATTING = frozenset(
    (
        *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong"),
        *("tt", "u"),
    )
)


MAX_OPENED = 20_000
"""Most elements that are parsed here: nested in each other, these take a second."""

MAX_MATCHED = 20_000_000
"""Most looks at an element that a page's own selectors may ask for here."""


class TooComplex(Exception):
    """A page cannot be read within bounds; it is unreadable, which says nothing of its words."""


class TooHeavy(Exception):
    """A page may take longer than it has: it is read in a process that can be ended."""


class _Process:
    """This process, of which one that reads a single page knows that it can be ended."""

    reads_one_page = False


def let_all_be_read() -> None:
    """Let this process read what takes long: somebody ends it in time."""
    _Process.reads_one_page = True


def refuse_heavy(work: int, most: int) -> None:
    """Refuse work that cannot be ended once it has begun.

    Raises:
        TooHeavy: It is more, and this process is not one that can be ended.
    """
    if work > most and not _Process.reads_one_page:
        raise TooHeavy


@lru_cache(maxsize=2)  # a short page is parsed for its words, then for what it shows
def is_too_complex(html: str) -> bool:
    """Say whether markup is too large or too deeply nested to be parsed."""
    tags = html.count("<")
    if len(html) > MAX_CHARACTERS or tags > MAX_TAGS or _compared(html) > MAX_COMPARED:
        return True
    return tags - html.count("</") > _FEW_OPENED and _is_deep(html)


def _compared(html: str) -> int:
    """Return how often attributes may be compared, scripts left out; more than enough is enough."""
    if len(html) ** 2 < 4 * MAX_COMPARED:  # an attribute takes two characters
        return 0
    compared = position = 0
    scripts: list[tuple[int, int]] | None = None
    while compared <= MAX_COMPARED and (tag := _LARGE_TAG.search(html, position)):
        cost = len(_ATTRIBUTES.findall(tag[0])) ** 2
        if scripts is None and compared + cost > MAX_COMPARED:
            scripts = _scripts_in(html)
            compared = position = 0  # once more, with what scripts hold told apart
            continue
        end = _end_around(scripts or (), tag.start())
        if end:
            refuse_heavy(compared + cost, 0)
            position = end
        else:
            compared += cost
            position = tag.start() + 1 if "<" in tag[0][1:] else tag.end()
    return compared


def _scripts_in(html: str) -> list[tuple[int, int]]:
    """Return where scripts and comments begin and end, as it seems without a parser."""
    found: list[tuple[int, int]] = []
    for opening in _UNPARSED.finditer(html):
        if not found or opening.start() >= found[-1][1]:
            closing = _CLOSING[opening[0][:2].lower() == "<!"].search(html, opening.end())
            found.append((opening.end(), closing.start() if closing else len(html)))
    return found


def _end_around(spans: Sequence[tuple[int, int]], place: int) -> int:
    """Return where the span ends that a place lies in, of spans in order; 0 without one."""
    before = bisect_right(spans, (place, MAX_CHARACTERS))
    return spans[before - 1][1] if before and place < spans[before - 1][1] else 0


def _is_deep(html: str) -> bool:
    """Say whether the tags nest too deeply, or reopen too much."""
    tags = _TAG.findall(html)
    heights = _heights(map(_NESTING.__getitem__, tags))
    unclosed = max(_heights(map(_FORMATTED.__getitem__, tags)))
    if max(heights) + unclosed > MAX_DEPTH or sum(heights) > MAX_NESTED:
        return True
    return unclosed * len(tags) > MAX_REOPENED and _reopened(tags) > MAX_REOPENED


def _heights(steps: Iterable[int]) -> list[int]:
    """Return the heights of a walk that never goes below the ground."""
    heights = list(accumulate(steps, initial=0))
    return list(map(sub, heights, accumulate(heights, min)))


def _reopened(tags: list[str]) -> int:
    """Return how many formatting elements the blocks open again, at most."""
    unclosed = reopened = 0
    for tag in tags:
        step = _FORMATTED[tag]
        if step:
            unclosed = max(0, unclosed + step)
        else:
            reopened += unclosed
    return reopened


class _Steps(dict[str, int]):
    """What a tag adds to the elements of one kind that are open; letter case is of no account."""

    def __init__(self, counted: Callable[[str], bool]) -> None:
        super().__init__()
        self._counted = counted
        for name in (*_UNNESTED, *_FORMATTING, "div", "h2", "h3", "section", "span", "ul"):
            self[f"<{name}"], self[f"</{name}"] = self[f"<{name}"], self[f"</{name}"]

    def __missing__(self, tag: str) -> int:
        name = tag.lstrip("</").lower()
        return (-1 if tag[1] == "/" else 1) if self._counted(name) else 0


_NESTING = _Steps(lambda name: name not in _UNNESTED and name not in _FORMATTING)
_FORMATTED = _Steps(lambda name: name in _FORMATTING)


def parse_html(source: str) -> LexborHTMLParser:
    """Parse a page's markup.

    Raises:
        TooComplex: It cannot be parsed within bounds.
        TooHeavy: It has more elements than are parsed in this process, whose parsing nothing
            can end.
        OutOfTime: There is no time left to parse it in.
    """
    check_deadline()
    for known, tree in _take_kept():
        if known == source:
            return tree
    if is_too_complex(source):
        raise TooComplex
    refuse_heavy(source.count("<") - source.count("</"), MAX_OPENED)
    check_deadline()
    return LexborHTMLParser(source)


_BEGUN = re.compile(rb"<[a-z][^ \t\n\r\f/>]*+")


class Written:
    """The names in the markup of a page: no element or attribute has a name that is not there.

    Args:
        source: The markup.
    """

    def __init__(self, source: str) -> None:
        self._markup = source.encode("utf-8", "surrogatepass").lower()
        self._elements = frozenset(_BEGUN.findall(self._markup))
        self._known: dict[str, bool] = {}

    def has(self, *names: str) -> bool:
        """Return whether one of some names is there: of attributes, or of elements behind `<`."""
        for name in names:
            if name not in self._known:
                places = self._elements if name[0] == "<" else self._markup
                self._known[name] = name.encode() in places
            if self._known[name]:
                return True
        return False

    def find(self, tree: LexborHTMLParser, selector: str, *names: str) -> list[LexborNode]:
        """Return the elements that a selector matches, for which one of some names is needed."""
        return tree.css(selector) if self.has(*names) else []


class _Anything(Written):
    """Markup that was not looked through."""

    def __init__(self) -> None:
        super().__init__("")

    def has(self, *names: str) -> bool:  # noqa: ARG002
        """Return that every name may be there."""
        return True


ANYTHING: Written = _Anything()
"""For a tree of which the markup is not known."""

_kept: list[tuple[str, LexborHTMLParser]] = []


def keep_tree(source: str, tree: LexborHTMLParser) -> None:
    """Keep a tree, which was not changed, for the next who parses the same markup."""
    _kept[:] = [(source, tree)]


def _take_kept() -> list[tuple[str, LexborHTMLParser]]:
    """Return the tree that is kept, if any; it is no longer."""
    try:
        return [_kept.pop()] if _kept else []
    except IndexError:  # another thread took it
        return []


_MODES = ("open", "closed")
# Elements that may be hosts, besides custom elements (DOM, "valid shadow host name").
_HOSTS = frozenset(
    ("article", "aside", "blockquote", "body", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
     "header", "main", "nav", "p", "section", "span")
)  # fmt: skip
# Names with a hyphen that are no custom elements' (HTML, "valid custom element name").
_RESERVED = frozenset(
    ("annotation-xml", "color-profile", "font-face", "font-face-format", "font-face-name",
     "font-face-src", "font-face-uri", "missing-glyph")
)  # fmt: skip
_MOST_NESTED = 20
HOST, SLOTTED, IN_SHADOW = "shadow-host", "shadow-slotted", "in-shadow"
"""Attributes of a host (its number), of what a slot took, and of a sheet in a shadow tree."""

PAGE = "page"
"""The tree of what is in no shadow tree."""


def shadow_tree_of(node: LexborNode, known: dict[int, str]) -> str:
    """Return which tree of a composed page an element is in: the number of its host, or `PAGE`.

    Args:
        node: The element.
        known: Answers that are kept.
    """
    if node.mem_id in known:
        return known[node.mem_id]
    slotted = int(SLOTTED in node.attributes)
    place, found = node.parent, PAGE
    while place is not None and place.is_element_node:
        attributes = place.attributes
        if HOST in attributes:
            if not slotted:
                found = attributes[HOST] or PAGE
                break
            slotted -= 1
        slotted += SLOTTED in attributes
        place = place.parent
    known[node.mem_id] = found
    return found


def compose_shadow_roots(tree: LexborHTMLParser, written: Written = ANYTHING) -> None:
    """Put the content of declarative shadow roots where a browser renders it."""
    if tree.root is not None and written.has("shadow"):
        _compose_in(tree.root, _MOST_NESTED, count(1))


def _compose_in(root: LexborNode, depth: int, numbers: Iterator[int]) -> None:
    """Compose the shadow roots below a node, the innermost first: copies have no templates."""
    for name in (HOST, SLOTTED, IN_SHADOW):
        for node in root.css(f"[{name}]"):
            del node.attrs[name]  # ours alone
    for host, template in reversed(_hosts_in(root)):
        fragments = template.template_fragments()
        if fragments and depth:
            _compose_in(fragments[0], depth - 1, numbers)
        shadow = list(fragments[0].iter(include_text=True)) if fragments else []
        _compose(host, template, shadow, str(next(numbers)))


def _hosts_in(root: LexborNode) -> list[tuple[LexborNode, LexborNode]]:
    """Return the hosts below a node, each with the template that is its root."""
    found: dict[int, tuple[LexborNode, LexborNode]] = {}
    for template in root.css("template[shadowrootmode]"):
        host = template.parent
        mode = (template.attributes.get("shadowrootmode") or "").lower()
        if mode not in _MODES or host is None or not _may_host(host.tag or ""):
            continue
        found.setdefault(host.mem_id, (host, template))
    return list(found.values())


def _may_host(tag: str) -> bool:
    """Return whether an element of this name may have a shadow root."""
    return tag in _HOSTS or ("-" in tag and tag not in _RESERVED)


def _compose(host: LexborNode, template: LexborNode, shadow: list[LexborNode], number: str) -> None:
    """Replace a host's children by its shadow tree, with those in it that slots take."""
    host.attrs[HOST] = number
    own = [child for child in host.iter(include_text=True) if child.mem_id != template.mem_id]
    for node in shadow:
        host.insert_child(node)
    copies = list(host.iter(include_text=True))[len(own) + 1 :]
    assigned = _by_slot(own)
    taken: set[str] = set()
    for copy in copies:
        for sheet in copy.css("style, link") if copy.is_element_node else ():
            if IN_SHADOW not in sheet.attributes:
                sheet.attrs[IN_SHADOW] = number
        for slot in _slots_in(copy):
            name = (slot.attributes.get("name") or "").strip()
            if name not in taken:  # the first of a name takes all
                taken.add(name)
                _fill(slot, assigned.get(name, []))
    for child in (template, *own):
        child.decompose()


def _slots_in(node: LexborNode) -> list[LexborNode]:
    """Return the slots in a subtree, itself included."""
    inside = node.css("slot") if node.is_element_node else []
    return [node, *inside] if node.tag == "slot" and node not in inside else inside


def _by_slot(children: list[LexborNode]) -> dict[str, list[LexborNode]]:
    """Return a host's children by the name of the slot that they are for."""
    named: dict[str, list[LexborNode]] = {}
    for child in children:
        if child.is_comment_node or child.tag == "template":
            continue
        name = (child.attributes.get("slot") or "").strip() if child.is_element_node else ""
        named.setdefault(name, []).append(child)
    return named


def _fill(slot: LexborNode, children: list[LexborNode]) -> None:
    """Put what is assigned to a slot into it; without any, what the slot itself holds stays."""
    if not any(
        child.is_element_node or (child.text(deep=False) or "").strip() for child in children
    ):
        return
    for fallback in list(slot.iter(include_text=True)):
        fallback.decompose()
    for child in children:
        if child.is_element_node:
            child.attrs[SLOTTED] = ""
        slot.insert_child(child)
