"""What of a page its readers do not see, and what they see only once a script has run.

Hidden text is how pages feed words to programs that people never see, so it is no text. It is
kept apart, with the reason, so that a quote of it can be refused by name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.deadline import check_deadline
from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.coloring import OWN_BACKGROUNDS
from footnotary.extract.css.colors import LINK
from footnotary.extract.css.flowing import Flow
from footnotary.extract.css.generating import Insertion, begins_line, is_preformatted
from footnotary.extract.css.ordering import around
from footnotary.extract.css.page_sheets import LINKING, PageSheets, page_sheets
from footnotary.extract.css.placing import Hidden
from footnotary.extract.css.suspects import (
    folds,
    has_color_of,
    like_colors,
    may_hide,
    recolors,
)
from footnotary.extract.formulas import mirror_text, shift_digits
from footnotary.extract.html_text import BLOCKS, NOT_TEXT, text_of_tree
from footnotary.extract.marks import CLOSED, DOUBTFUL, GAP, OPENED, SHIFTED, UNSURE
from footnotary.extract.opening import Opening, switch_on
from footnotary.extract.parsing import ANYTHING, Written
from footnotary.models import Unseen

# Shown when the pointer rests on a drawing, if at all.
_NAMES_IN_DRAWINGS = (
    "svg title, svg desc, svg metadata, svg defs, svg symbol, svg clipPath, svg mask, svg pattern,"
    " svg marker, svg[width='0'], svg[height='0'], foreignObject[width='0'],"
    " foreignObject[height='0']"
)
_IN_DRAWINGS = ", ".join(
    f"svg [{name}], svg[{name}]"
    for name in ("display", "visibility", "opacity", "font-size", "transform")
)
_BY_ATTRIBUTE = "[hidden], [popover], input[type=hidden i], dialog:not([open])"
_BY_COLOR = "[bgcolor], font[color], body[text], svg text, svg tspan"
_HEAD = frozenset(
    ("head", "title", "meta", "link", "base", "style", "script", "template", "noscript")
)
_MOST_UNSEEN = 1_000_000  # characters of hidden text that are kept
# Reasons that leave the place of the words empty.
_LEAVING_ROOM = (
    *("visibility", "opacity", "color", "filter", "mask", "transform", "clip-path", "z-index"),
    *("-webkit-text-security", "content-visibility", "backface-visibility", "text-decoration"),
)


_SELECTING = frozenset(("user-select", "-webkit-user-select", "-moz-user-select"))
_Judge = Callable[[LexborNode], Hidden | None]


@dataclass
class Removed:
    """What was taken out of a page.

    Attributes:
        unseen: Hidden words with the reason why nobody sees them.
        style_read: Whether all style sheets of the page were read.
    """

    unseen: list[Unseen] = field(default_factory=list)
    style_read: bool = True


@dataclass
class _Verdicts:
    """What was decided of a page's elements before it is changed.

    Attributes:
        boxes: Elements of which nothing is seen.
        texts: Texts that are not seen, though what is beside them may be.
        closed: Panels that a reader opens.
        unsure: Elements that are shown by a script.
        doubtful: Elements of which it is not known whether they are seen.
        shifted: Elements that are raised or lowered, and how.
        mirrored: Elements whose letters are drawn from right to left.
        insertions: What has to be put into the tree.
        numbers: Numbers of lines of code.
    """

    boxes: dict[int, tuple[LexborNode, str]] = field(default_factory=dict)
    texts: list[tuple[LexborNode, str]] = field(default_factory=list)
    closed: list[LexborNode] = field(default_factory=list)
    unsure: list[LexborNode] = field(default_factory=list)
    doubtful: list[LexborNode] = field(default_factory=list)
    shifted: list[tuple[LexborNode, str]] = field(default_factory=list)
    mirrored: list[LexborNode] = field(default_factory=list)
    insertions: list[Insertion] = field(default_factory=list)
    numbers: list[LexborNode] = field(default_factory=list)


def remove_hidden(
    tree: LexborHTMLParser,
    url: str = "",
    styles: Mapping[str, str] | None = None,
    written: Written = ANYTHING,
) -> Removed:
    """Take out of a tree what is not painted.

    `hidden="until-found"`, closed `<details>` and the panels of tabs stay: a reader opens them
    with one act. So does what a script shows as the page loads or is scrolled.

    Args:
        tree: The page; changed in place.
        url: Its address, to which those of its style sheets are relative.
        styles: The style sheets that it links, by address.
        written: What is in its markup.
    """
    removed = Removed()
    body = tree.body
    if body is None:
        return removed
    has_scripts = written.has("<script") and switch_on(tree)
    sheets = page_sheets(tree, url, styles or {}) if written.has(*LINKING) else PageSheets()
    removed.style_read = not sheets.missing
    cascade = Cascade(tree, sheets.sources, styles or {}, written)
    verdicts = _Judging(tree, cascade, has_scripts).verdicts(whole=removed.style_read)
    _apply(verdicts, removed)
    if written.has("<svg") and body.css_first("svg") is not None:
        for node in body.css(_NAMES_IN_DRAWINGS):
            node.decompose(recursive=False)
        for node in body.css("tspan[dy], tspan[y], tspan[rotate], [baseline-shift]"):
            node.insert_before(SHIFTED)
            node.insert_after(SHIFTED)
    return removed


class _Judging:
    """Decides what of a page is seen."""

    def __init__(self, tree: LexborHTMLParser, cascade: Cascade, has_scripts: bool) -> None:  # noqa: FBT001
        self._tree = tree
        self._written = cascade.written
        self._cascade = cascade
        self._painter = Flow(cascade, BLOCKS)
        self._opening = Opening(tree, self._painter, has_scripts, cascade.written)
        self._found = _Verdicts()
        self._gathered: set[int] = set()

    def verdicts(self, *, whole: bool) -> _Verdicts:
        """Return what is hidden, closed or not certain; `whole` if the style was read whole."""
        panels = self._opening.panels()
        hiding, coloring = self._candidates()
        for node in hiding.values():
            check_deadline()
            if node.tag not in _HEAD:
                self._judge_box(node, is_panel=node.mem_id in panels)
        for node in coloring.values():
            check_deadline()
            if node.tag not in _HEAD:
                is_panel = node.mem_id in panels
                self._judge_text(node, self._painter.color_reason, is_panel=is_panel)
        self._judge_places(whole=whole)
        self._found.closed += self._opening.closed()
        for node in self._written.find(self._tree, "body noscript", "<noscript"):
            if self._opening.is_most(node):
                self._found.unsure.append(node)  # the article, which a script shows otherwise
            else:
                self._take_out(node, "noscript")
        self._found.insertions += self._painter.insertions()
        self._found.shifted += self._painter.shifted.values()
        self._found.mirrored += self._painter.mirrored.values()
        self._found.numbers += self._line_numbers()
        return self._found

    def _line_numbers(self) -> Iterator[LexborNode]:
        """Yield the numbers before lines of code that are left out when the code is copied."""
        for node in self._cascade.declaring(
            lambda block: not _SELECTING.isdisjoint(block)
        ).values():
            won = self._cascade.winner(node, sorted(_SELECTING))
            words = (node.text(deep=True) or "").strip()
            unselected = won is not None and won.keyword == "none"
            kept = is_preformatted(node) or self._painter.keeps_spaces(node)
            if unselected and words.isdigit() and kept and begins_line(node):
                yield node

    def _judge_places(self, *, whole: bool) -> None:
        """Judge what is off its drawing, cut off or covered."""
        for node, hidden in self._painter.undrawn():
            if hidden.unsure:
                self._found.doubtful.append(node)
            else:
                self._take_out(node, hidden.reason)
        self._found.doubtful += self._painter.cut_off()
        self._found.doubtful += self._painter.covered(self._found.boxes, whole=whole)

    def _judge_box(self, node: LexborNode, *, is_panel: bool) -> None:
        """Judge an element with all that is in it, then the text that is its own."""
        hidden = self._painter.box_reason(node)
        if hidden is None:
            self._judge_text(node, self._painter.text_reason, is_panel=is_panel)
        elif is_panel:
            self._found.closed.append(node)
            self._found.insertions += around(node)  # nobody sees it with those beside it
        elif hidden.unsure:
            self._found.doubtful.append(node)
            self._judge_text(node, self._painter.text_reason, is_panel=is_panel)
        elif self._opening.shows_later(node, hidden):
            self._found.unsure.append(node)
        else:
            self._take_out(node, hidden.reason)

    def _take_out(self, node: LexborNode, reason: str) -> None:
        """Note an element of which nothing is seen; the root itself cannot be taken out."""
        body = self._tree.body
        if node.tag == "html" and body is not None:
            node = body
        self._found.boxes[node.mem_id] = (node, reason)

    def _judge_text(self, node: LexborNode, judge: _Judge, *, is_panel: bool) -> None:
        """Judge the text that is in an element, where a style that is inherited hides it."""
        hidden = judge(node)
        above = node.parent
        if hidden is None:
            return
        if above is not None and above.is_element_node:
            inherited = judge(above)
            if inherited is not None and inherited.reason == hidden.reason:
                return  # it is judged where it begins
        if is_panel:
            self._found.closed.append(node)
        elif hidden.unsure:
            self._found.doubtful.append(node)
        elif self._opening.shows_later(node, hidden):
            self._found.unsure.append(node)
        else:
            self._gather_texts(node, hidden, judge)

    def _gather_texts(self, node: LexborNode, hidden: Hidden, judge: _Judge) -> None:
        """Note the texts in an element but for those that an element inside shows again."""
        waiting: list[tuple[LexborNode, Hidden]] = [(node, hidden)]
        while waiting:
            place, reason = waiting.pop()
            if place.mem_id in self._gathered:
                continue
            self._gathered.add(place.mem_id)
            for child in place.iter(include_text=True):
                if child.is_text_node:
                    self._found.texts.append((child, reason.reason))
                elif child.is_element_node and child.tag not in _HEAD:
                    inner = judge(child)
                    if inner is not None:
                        waiting.append((child, inner))

    def _candidates(self) -> tuple[dict[int, LexborNode], dict[int, LexborNode]]:
        """Return the elements that may be hidden by their own rules, and those by their colour."""
        cascade = self._cascade
        like = like_colors(cascade)
        hiding = cascade.declaring(may_hide)
        coloring = cascade.declaring(
            lambda block: recolors(block) or has_color_of(block, like, cascade)
        )
        named = self._written.find(
            self._tree, _BY_ATTRIBUTE, "hidden", "popover", "<input", "<dialog"
        )
        hiding |= {node.mem_id: node for node in named}
        for grid in cascade.declaring(folds).values():
            hiding |= {node.mem_id: node for node in grid.iter()}
        if self._written.has("<svg") and self._tree.css_first("svg text") is not None:
            hiding |= {node.mem_id: node for node in self._tree.css(_IN_DRAWINGS)}
        if self._cascade.ends:
            coloring |= hiding
        own = [tag for tag, color in OWN_BACKGROUNDS.items() if color in like]
        body = self._tree.body
        stated = self._written.has("bgcolor", "<font", "<svg")
        stated = stated or (body is not None and "text" in body.attributes)
        written = [_BY_COLOR] if stated else []
        by_color = ", ".join([*written, *own, *(["a[href]"] if LINK in like else [])])
        if by_color:
            coloring |= {node.mem_id: node for node in self._tree.css(by_color)}
        return hiding, coloring


def _apply(verdicts: _Verdicts, removed: Removed) -> None:
    """Change a tree as was decided, and keep what is taken out of it."""
    for node, level in verdicts.shifted:
        shift_digits(node, level)
    for node in verdicts.mirrored:
        mirror_text(node)
    for insertion in verdicts.insertions:
        insertion.put()
    for node in verdicts.numbers:
        node.decompose(recursive=False)
    for panel in verdicts.closed:
        _mark(panel, OPENED)
    for node in verdicts.unsure:
        _mark(node, UNSURE)
    for node in verdicts.doubtful:
        _mark(node, DOUBTFUL)
    removed.unseen += _boxes_out(verdicts.boxes)
    removed.unseen += _texts_out(verdicts.texts)


def _boxes_out(boxes: Mapping[int, tuple[LexborNode, str]]) -> list[Unseen]:
    """Take elements out of a tree; return their words."""
    unseen: list[Unseen] = []
    kept = 0
    for node, reason in _outermost(boxes):
        text = _text_in(node, boxes) if kept < _MOST_UNSEEN else ""
        kept += len(text)
        if text:
            unseen.append(Unseen(text=text, reason=reason))
    for node, reason in boxes.values():
        if reason.startswith(_LEAVING_ROOM):
            node.insert_before(GAP)
        node.decompose(recursive=False)
    return unseen


def _texts_out(found: list[tuple[LexborNode, str]]) -> list[Unseen]:
    """Take texts out of a tree; return their words."""
    hidden: dict[str, list[str]] = {}
    for node, reason in found:
        hidden.setdefault(reason, []).append(node.text(deep=False) or "")
        if reason.startswith(_LEAVING_ROOM):
            node.insert_before(GAP)
        node.decompose(recursive=False)
    words = {reason: " ".join(" ".join(texts).split()) for reason, texts in hidden.items()}
    return [
        Unseen(text=text[:_MOST_UNSEEN], reason=reason) for reason, text in words.items() if text
    ]


def _text_in(node: LexborNode, boxes: Mapping[int, tuple[LexborNode, str]]) -> str:
    """Return the words in an element that is taken out."""
    if not (node.text() or "").strip():
        return ""
    for part in node.css(", ".join(NOT_TEXT)):
        if part.mem_id not in boxes:  # what is, is taken out later
            part.decompose(recursive=False)
    return text_of_tree(node.html or "").text


def _outermost(
    boxes: Mapping[int, tuple[LexborNode, str]],
) -> Iterable[tuple[LexborNode, str]]:
    """Yield the hidden elements that lie in no other hidden one."""
    inside: dict[int, bool] = {}
    for node, reason in boxes.values():
        passed: list[int] = []
        place, found = node.parent, False
        while place is not None:
            if place.mem_id in boxes:
                found = True
                break
            if place.mem_id in inside:
                found = inside[place.mem_id]
                break
            passed.append(place.mem_id)
            place = place.parent
        inside.update(dict.fromkeys(passed, found))
        if not found:
            yield node, reason


def _mark(node: LexborNode, mark: str) -> None:
    """Put marks around the words of an element that is not seen as the page loads."""
    first = node.first_child
    if node.tag == "details" and first is not None:  # its summary is seen
        summary = next((one for one in node.iter() if one.tag == "summary"), None)
        first = summary.next if summary is not None else first
    if first is None or (
        first.is_text_node and (first.text(deep=False) or "") in (OPENED, UNSURE, DOUBTFUL)
    ):
        return
    first.insert_before(mark)
    node.insert_child(CLOSED)
