"""What selectors are made of (Selectors 4), and what pseudo-classes and elements there are."""

from dataclasses import dataclass
from typing import Literal

from footnotary.extract.css.values import Token

COUNTING = frozenset(
    (
        *("first-of-type", "last-of-type", "only-of-type", "last-child", "only-child"),
        *("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"),
    )
)
PLAIN = frozenset(("first-child", "root", "empty"))
# True of no element as a page loads, before its reader has done anything.
NEVER = frozenset(
    (
        *("active", "active-view-transition", "autofill", "current", "focus", "focus-visible"),
        *("focus-within", "fullscreen", "future", "host", "host-context", "hover", "modal", "past"),
        *("picture-in-picture", "popover-open", "state", "target", "target-current"),
        *("user-invalid", "user-valid", "visited", "-webkit-autofill", "-webkit-full-screen"),
        *("-webkit-drag", "interest-source", "interest-target"),
    )
)
# What it depends on is not read here.
UNSURE = frozenset(
    (
        *("default", "in-range", "indeterminate", "invalid", "optional"),
        *("out-of-range", "placeholder-shown", "required", "valid"),
        *("active-view-transition-type", "future", "past"),
    )
)
_EDITED = "input, textarea, [contenteditable], [contenteditable] *"
AS_ATTRIBUTES = {
    "any-link": "a[href], area[href]",
    "-webkit-any-link": "a[href], area[href]",
    "link": "a[href], area[href]",
    "checked": "input[checked], option[selected]",
    "disabled": "button[disabled], input[disabled], select[disabled], textarea[disabled],"
    " fieldset[disabled], option[disabled], optgroup[disabled], fieldset[disabled] input,"
    " fieldset[disabled] button, fieldset[disabled] select, fieldset[disabled] textarea",
    "enabled": "button:not([disabled]), input:not([disabled]), select:not([disabled]),"
    " textarea:not([disabled]), fieldset:not([disabled]), option:not([disabled])",
    "open": "details[open], dialog[open]",
    "scope": ":root",
    "defined": "*",  # what is not is so by a script
    "read-write": _EDITED,
    "read-only": f":not({_EDITED})",
}
LEFT_TO_RIGHT = ":not([dir=rtl i], [dir=rtl i] *)"
STATED = {"dir": "[dir={0} i], [dir={0} i] *", "lang": "[lang|={0} i], [lang|={0} i] *:not([lang])"}
DRAWING = ("after", "before", "marker")
"""Pseudo-elements with words of their own."""
OLD_PSEUDO_ELEMENTS = ("after", "before", "first-letter", "first-line")
PSEUDO_ELEMENTS = frozenset(
    (
        *OLD_PSEUDO_ELEMENTS,
        *("backdrop", "checkmark", "column", "cue", "details-content", "file-selector-button"),
        *("grammar-error", "highlight", "marker", "part", "picker", "picker-icon", "placeholder"),
        *("scroll-button", "scroll-marker", "scroll-marker-group", "search-text", "selection"),
        *("slotted", "spelling-error", "target-text", "view-transition", "view-transition-group"),
        *("view-transition-image-pair", "view-transition-new", "view-transition-old"),
    )
)
Kind = Literal["any", "none", "has"]
Specificity = tuple[int, int, int]


class InvalidSelectorError(Exception):
    """A selector that browsers do not take; its whole rule is ignored."""


@dataclass(frozen=True, slots=True)
class Count:
    """`:nth-child()` and its like: the places `step * n + first`, for n from 0.

    Attributes:
        step: Between two places.
        first: The place for n = 0.
        last: Whether they are counted from the end.
        typed: Whether elements of the same name are counted alone.
        among: What is counted, where it is not every element.
    """

    step: int
    first: int
    last: bool
    typed: bool
    among: "tuple[Selector, ...] | None" = None

    def has(self, place: int) -> bool:
        """Return whether a place, from 1, is one of them."""
        over = place - self.first
        return over == 0 if self.step == 0 else over % self.step == 0 and over // self.step >= 0


@dataclass(frozen=True, slots=True, eq=False)
class CompoundSelector:
    """One compound selector.

    Attributes:
        plain: What Lexbor is asked for.
        key: The class, id or type by which its elements are looked up; `*` for any.
        filters: What else has to be true: some, none of other selectors, or that something
            matched by them lies below or behind.
        counts: The places that it has to stand at.
        never: Whether it matches nothing as a page loads.
    """

    plain: str
    key: str = "*"
    filters: "tuple[tuple[Kind, tuple[Selector, ...]], ...]" = ()
    counts: tuple[Count, ...] = ()
    never: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """One complex selector.

    Attributes:
        parts: Its compounds, each with the combinator before it.
        specificity: How specific it is.
        pseudo: The pseudo-element it is about; empty for the element itself.
        unsure: Whether it depends on what is not read here.
        words: Classes and ids without which it matches nothing.
    """

    parts: tuple[tuple[str, CompoundSelector], ...]
    specificity: Specificity = (0, 0, 0)
    pseudo: str = ""
    unsure: bool = False
    words: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the elements it matches are looked up by."""
        return self.parts[-1][1].key


Selectors = tuple[Selector, ...]


def counts_of(name: str) -> tuple[Count, ...]:
    """Return the places that a name without arguments means."""
    typed = name.endswith("of-type")
    ends = {"first": (False,), "last": (True,), "only": (False, True)}[name.partition("-")[0]]
    return tuple(Count(0, 1, last, typed) for last in ends)


def most_specific(selectors: Selectors) -> Specificity:
    """Return the specificity of the most specific selector of a list."""
    return max((one.specificity for one in selectors), default=(0, 0, 0))


def is_attribute(inner: list[Token]) -> bool:
    """Return whether brackets hold an attribute selector (Selectors 4, section 6)."""
    if not inner or inner[0].type != "ident":
        return False
    if len(inner) == 1:
        return True
    sign = inner[1].value if inner[1].type == "literal" else ""
    rest = inner[2:]
    if sign not in ("=", "~=", "|=", "^=", "$=", "*=") or not rest:
        return False
    case = [token.lower_value for token in rest[1:] if token.type == "ident"]
    known = len(rest) == 1 or (len(rest) == 2 and case in (["i"], ["s"]))  # noqa: PLR2004
    return rest[0].type in ("ident", "string") and known
