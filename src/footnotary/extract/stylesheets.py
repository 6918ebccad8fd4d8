"""What a page's own `<style>` elements hide: `display` and `visibility`, by the cascade.

Only sheets inside the page count, only rules for a screen, and no selector that depends on
what a reader does (`:hover`). CSS Cascade 4 §6: important, then specificity, then order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.deadline import check_deadline
from footnotary.extract.limits import MAX_MATCHED, refuse_heavy
from footnotary.extract.selecting import Selecting

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_AT_RULE = re.compile(r"@([\w-]+)")
_CONDITION = re.compile(
    r"\(\s*(min|max)-width\s*:\s*(\d{1,6}(?:\.\d+)?)(px|em|rem)\s*\)", re.IGNORECASE
)
_SCREEN = 1280  # CSS pixels: a desktop's window, in which most people read
_PIXELS_AN_EM = 16
_MAIN_SHARE = 0.4  # of the page's text; an element with more is its main part
_DECLARATION = re.compile(
    r"(?:^|;)\s*(display|visibility)\s*:\s*([a-z-]+)\s*(!\s*important)?", re.IGNORECASE
)
_SIMPLE = re.compile(r"^[\w\s.#>+~*\[\]=\"'^$|-]+$")
_ID, _CLASS, _TYPE = (
    re.compile(r"#[\w-]+"),
    re.compile(r"\.[\w-]+|\[[^\]]*\]"),
    re.compile(r"(?:^|[\s>+~])[a-z]"),
)
# Declarations that keep words from the eye, in a sheet or in an element's `style`.
HIDING_STYLE = re.compile(
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
_TRANSPARENT = re.compile(r"(?:^|(?<=;))\s*opacity\s*:\s*0(?:\.0+)?%?\s*(?=;|!|$)", re.IGNORECASE)
# What fades in as it is scrolled to starts transparent, and is read by everybody.
_FADES_IN = re.compile(r"transform|translate|transition|animation|will-change", re.IGNORECASE)
_LOOK = re.compile(r"(?:^|;)\s*(?:opacity|font-size|left|right|top|text-indent|clip)\s*:")
_CONCERNED = re.compile(
    r"display|visibility|opacity|font-size|left|right|top|indent|clip", re.IGNORECASE
)
_MAY_HIDE = re.compile(r"none|hidden|collapse|opacity|font-size|indent|clip|-\d{3,}")
_MOST_CHARACTERS = 1_000_000
_DEPTH = 200  # ancestors that are looked at
_LAST_PART = re.compile(r"[^\s>+~]+$")
_KEY = re.compile(r"[.#][\w-]+")
_TAG_NAME = re.compile(r"[a-z][\w-]*", re.IGNORECASE)
_INLINE_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:", re.IGNORECASE)


def is_unseen(style: str, rule: str = "") -> bool:
    """Return whether declarations keep words from the eye for good.

    Args:
        style: The declarations that are judged.
        rule: All declarations of the rule, where those judged are a part of them.
    """
    if _FADES_IN.search(rule or style):
        style = _TRANSPARENT.sub("", style)
    return bool(HIDING_STYLE.search(style))


@dataclass(frozen=True)
class _Rule:
    """One selector that says whether its elements are shown."""

    selector: str
    name: str
    hides: bool
    rank: tuple[bool, int, int, int, int]


def hidden_by_sheets(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return the elements that the page's own style sheets hide.

    An element that holds the page's main part is never among them: it is hidden until a
    script has run, and its readers see it.

    Args:
        tree: The page, with its `<style>` elements.
    """
    rules = list(_rules(tree))
    hiding = dict.fromkeys(rule.selector for rule in rules if rule.hides)
    if not hiding:
        return []
    refuse_heavy(len(hiding) * len(tree.css("*")), MAX_MATCHED)
    selecting = Selecting(tree)
    candidates = selecting.ending(hiding)
    main = _holding_main(tree)
    cascade = _Cascade(selecting, rules)
    hidden = [
        node
        for identity, node in candidates.items()
        if identity not in main and cascade.hides(node)
    ]
    if not hidden or tree.body is None:
        return []
    most = len(tree.body.text()) * _MAIN_SHARE
    lengths = [_length(node) for node in hidden]
    return [
        node
        for node, length in zip(hidden, lengths, strict=True)
        # Formulas are drawn by other means; their words are in the element that is not.
        if length <= most and node.css_first("math") is None
    ]


def _length(node: LexborNode) -> int:
    """Return how long an element's text is."""
    check_deadline()
    return len(node.text())


def _holding_main(tree: LexborHTMLParser) -> set[int]:
    """Return the elements that hold the page's main part."""
    held: set[int] = set()
    for selector in ("article h1", "main h1", "h1", "article", "main"):
        node = tree.css_first(selector)
        for _ in range(_DEPTH):
            if node is None:
                break
            held.add(node.mem_id)
            node = node.parent
    return held


class _Cascade:
    """Which rules apply to an element, and which of them wins."""

    def __init__(self, selecting: Selecting, rules: list[_Rule]) -> None:
        self._selecting = selecting
        self._by_key: dict[str, list[_Rule]] = {}
        for rule in rules:
            self._by_key.setdefault(_key_of(rule.selector), []).append(rule)

    def hides(self, node: LexborNode) -> bool:
        """Return whether the strongest rule for an element hides it."""
        attributes = node.attributes
        if _INLINE_DISPLAY.search(attributes.get("style") or ""):
            return False  # judged by its own attribute
        keys = {f".{name}" for name in (attributes.get("class") or "").split()}
        keys |= {f"#{attributes.get('id')}", node.tag or "", "*"}
        likely = [rule for key in keys for rule in self._by_key.get(key, ())]
        for name in ("display", "visibility", "look"):
            matching = [
                rule
                for rule in likely
                if rule.name == name and node.mem_id in self._selecting.matching(rule.selector)
            ]
            if matching and max(matching, key=lambda rule: rule.rank).hides:
                return True
        return False


def _key_of(selector: str) -> str:
    """Return what the last part of a selector asks of an element: a class, an id or a tag."""
    last = _LAST_PART.search(selector)
    part = last[0] if last else ""
    named = _KEY.search(part)
    if named:
        return named[0]
    tag = _TAG_NAME.match(part)
    return tag[0].lower() if tag else "*"


def _rules(tree: LexborHTMLParser) -> Iterator[_Rule]:
    """Yield the rules of all sheets in order."""
    order = 0
    for style in tree.css("style"):
        parent = style.parent
        source = style.text()
        if (parent is not None and parent.tag == "noscript") or len(source) > _MOST_CHARACTERS:
            continue
        if not _MAY_HIDE.search(source):
            continue
        if not _on_screen(style.attributes.get("media") or ""):
            continue
        for prelude, body in _blocks(_COMMENT.sub("", source)):
            if not _CONCERNED.search(body):
                continue
            for name, value, important in _DECLARATION.findall(body):
                order += 1
                hides = value.lower() in ("none", "hidden", "collapse")
                yield from _split(
                    prelude, name.lower(), order, hides=hides, important=bool(important)
                )
            order += 1
            if is_unseen(_DECLARATION.sub(";", body), body):
                yield from _split(prelude, "look", order, hides=True)
            elif _LOOK.search(body):
                yield from _split(prelude, "look", order, hides=False)


def _split(
    prelude: str, name: str, order: int, *, hides: bool, important: bool = False
) -> Iterator[_Rule]:
    """Yield one rule a selector."""
    for selector in map(str.strip, prelude.split(",")):
        if selector and _SIMPLE.match(selector):
            yield _Rule(
                selector,
                name,
                hides,
                (
                    important,
                    len(_ID.findall(selector)),
                    len(_CLASS.findall(selector)),
                    len(_TYPE.findall(selector)),
                    order,
                ),
            )


def _blocks(source: str) -> Iterator[tuple[str, str]]:
    """Yield prelude and body of each style rule that applies on a screen."""
    position = 0
    applies = [True]
    prelude = ""
    for brace in _BRACE.finditer(source):
        chunk = source[position : brace.start()]
        position = brace.end()
        if brace[0] == "{":
            prelude = chunk.rpartition(";")[2].strip()
            applies.append(applies[-1] and _opens(prelude))
        else:
            applied = len(applies) > 1 and applies.pop()
            if applied and prelude and not prelude.startswith("@"):
                yield prelude, chunk
            prelude = ""


def _opens(prelude: str) -> bool:
    """Return whether what stands in a block applies on a screen."""
    if not prelude.startswith("@"):
        return True
    rule = _AT_RULE.match(prelude)
    name = rule[1].lower() if rule else ""
    if rule and name == "media":
        return _on_screen(prelude[rule.end() :])
    return name in ("layer", "supports")


def _on_screen(media: str) -> bool:
    """Return whether a media query list holds for a desktop's window (Media Queries 4)."""
    return any(map(_holds, media.lower().split(",")))


def _holds(query: str) -> bool:
    """Return whether one media query holds; one with an unknown feature does not."""
    for part in query.split(" and "):
        condition = part.strip().removeprefix("only ").strip()
        if condition in ("", "all", "screen"):
            continue
        width = _CONDITION.fullmatch(condition)
        if not width:
            return False
        pixels = float(width[2]) * (1 if width[3] == "px" else _PIXELS_AN_EM)
        if pixels > _SCREEN if width[1] == "min" else pixels < _SCREEN:
            return False
    return True
