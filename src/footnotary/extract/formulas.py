"""Formulas as one line of text each: raised, lowered and stacked parts are told from plain ones.

A browser draws MathML (MathML Core) in two dimensions. Its text alone would make 106 of ten to the
sixth, 12 of a half and 16 of the root of sixteen. And libraries write a formula twice, for the eye
and for a screen reader: it counts once.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.marks import runs_leftwards
from footnotary.extract.parsing import ANYTHING, Written
from footnotary.models import UNREADABLE

# Elements of formula libraries, each with what holds its MathML.
_LIBRARIES = (
    (".katex", ".katex-mathml math"),
    ("mjx-container", "mjx-assistive-mml math"),
    (".MathJax, .MathJax_SVG, .MathJax_CHTML, .MathJax_SVG_Display", ".MJX_Assistive_MathML math"),
    (".mwe-math-element", "math"),
    (".mjx-chtml", ".MJX_Assistive_MathML math"),
)
# What MathJax reads, and removes once it has written the formula before it.
_SOURCES = "script[type^='math/tex' i], script[type^='math/mml' i], script[type^='math/ascii' i]"
_ANY = f"math, {_SOURCES}, {', '.join(selector for selector, _ in _LIBRARIES)}"
_DIGITS_AND_SIGNS = "0123456789+-\u2212()"
_RAISED = str.maketrans(_DIGITS_AND_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_LOWERED = str.maketrans(_DIGITS_AND_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_SMALL = frozenset(_DIGITS_AND_SIGNS)
_DROPPED = frozenset({"annotation", "annotation-xml", "mphantom", "mspace", "none", "mprescripts"})
_UNLIKE = {
    "mathbackground": re.compile(r"\s*(?:black|#0{3,8})\s*$", re.IGNORECASE),
    "mathcolor": re.compile(r"\s*(?:white|transparent|#f{3,8})\s*$", re.IGNORECASE),
    "mathsize": re.compile(r"\s*0?\.?0"),
    "scriptlevel": re.compile(r"\s*\+?[1-9]"),
    "voffset": re.compile(r"\s*[-+]?[.\d]*[1-9]"),
}
_FIRST_CHILD = frozenset({"semantics", "maction"})
_DEPTH = 60


def write_formulas(tree: LexborHTMLParser, written: Written = ANYTHING) -> None:
    """Replace the content of each formula of a page by its line of text."""
    may_be = written.has("<math", "<mjx-container", "<script", "class")
    if may_be and tree.css_first(_ANY) is not None:
        for preview in tree.css(".MathJax_Preview"):
            preview.decompose()
        for selector, inside in _LIBRARIES:
            for node in tree.css(selector):
                if node.parent is not None and not _is_written(node):
                    math = node.css_first(f"{inside}, .katex > math")
                    _write(node, formula_text(math) if math is not None else _on_one_line(node))
        for source in tree.css(_SOURCES):
            before = source.prev
            if before is None or not (before.attributes.get("class") or "").startswith("MathJax"):
                source.insert_before(UNREADABLE)
        for math in tree.css("math"):
            _write(math, formula_text(math))


def _on_one_line(formula: LexborNode) -> str:
    """Return the words of a formula that KaTeX wrote as HTML alone, nothing of it stacked."""
    drawn = formula.css_first(".katex-html:has(.mord)")
    if drawn is None or drawn.css_first("svg, .vlist, [style*=top], .sout, .cancel-pad"):
        return UNREADABLE
    return " ".join((drawn.text(deep=True) or "").split())


def formula_text(math: LexborNode) -> str:
    """Return the line of text that stands for a MathML element."""
    return _line(math, _DEPTH)


def raised_digits(text: str) -> str | None:
    """Return digits and signs as raised ones; None for any other text."""
    return text.translate(_RAISED) if _SMALL.issuperset(text) else None


def lowered_digits(text: str) -> str | None:
    """Return digits and signs as lowered ones; None for any other text."""
    return text.translate(_LOWERED) if _SMALL.issuperset(text) else None


def _is_written(node: LexborNode) -> bool:
    """Return whether an element has nothing but text in it: it was written already."""
    return all(child.is_text_node for child in node.iter(include_text=True))


def _write(node: LexborNode, text: str) -> None:
    """Replace an element's content by text; the element itself stays, with what hides it."""
    for child in list(node.iter(include_text=True)):
        child.decompose()
    node.insert_child(text)


def _line(node: LexborNode, depth: int) -> str:
    """Return the text of an element of a formula."""
    tag = (node.tag or "").rpartition(":")[2]
    if tag in _DROPPED:
        return ""
    if tag == "menclose":
        return UNREADABLE  # a root, a bar or a stroke
    attributes = node.attributes
    if depth == 0 or any(
        found.match(attributes.get(name) or "") for name, found in _UNLIKE.items()
    ):
        return UNREADABLE  # on a level of its own, or in the colour of the page
    kept = _DROPPED - {"mspace"} if tag not in _TWO_DIMENSIONAL else _DROPPED
    parts = [child for child in node.iter() if (child.tag or "") not in kept]
    if not parts:
        texts = (one for one in node.iter(include_text=True) if one.is_text_node)
        return " ".join("".join(one.text(deep=False) or "" for one in texts).split())
    lines = [_line(child, depth - 1) for child in parts]
    if tag in _TWO_DIMENSIONAL:
        stacked = tag == "mfrac" and (attributes.get("linethickness") or "1").startswith("0")
        return _table(lines) if stacked else _TWO_DIMENSIONAL[tag](lines)
    return lines[0] if tag in _FIRST_CHILD else _joined(list(zip(parts, lines, strict=True)))


def _joined(parts: list[tuple[LexborNode, str]]) -> str:
    """Return a row: a fraction or a root is parted from a number beside it."""
    row, stacked = "", False
    for node, line in parts:
        if node.tag == "mspace":
            row += " "
            continue
        apart = stacked or node.tag in ("mfrac", "msqrt", "mroot")
        touching = row[-1:].isalnum() and line[:1].isalnum()
        row += f" {line}" if apart and (touching or row[-1:].isdigit()) else line
        stacked = node.tag in ("mfrac", "msqrt", "mroot")
    return row


def _grouped(line: str) -> str:
    """Return a part in brackets unless it is one number or name."""
    return line if line.replace(".", "").isalnum() else f"({line})"


def _fraction(lines: list[str]) -> str:
    return "/".join(map(_grouped, lines[:2]))


def _root(lines: list[str]) -> str:
    return "\u221a" + _grouped("".join(lines))


def _nth_root(lines: list[str]) -> str:
    return _raised(lines[1]) + "\u221a" + _grouped(lines[0]) if len(lines) > 1 else _root(lines)


def _raised(line: str) -> str:
    """Return a raised part."""
    if line and _SMALL.issuperset(line):
        return line.translate(_RAISED)
    return f"^{_grouped(line)}" if line else ""


def _lowered(line: str) -> str:
    """Return a lowered part; letters stand as they do in the text of `<sub>`."""
    if line and _SMALL.issuperset(line):
        return line.translate(_LOWERED)
    return line if line.isalpha() or not line else f"_{_grouped(line)}"


def _power(lines: list[str]) -> str:
    return _based(lines[0]) + _raised("".join(lines[1:]))


def _index(lines: list[str]) -> str:
    return lines[0] + _lowered("".join(lines[1:]))


def _both(lines: list[str]) -> str:
    lowered, raised = (*lines[1:], "", "")[:2]
    return lines[0] + _lowered(lowered) + _raised(raised)


def _based(line: str) -> str:
    """Return the base of a power, in brackets where it is more than one thing."""
    plain = (
        line.isalnum() or len(line) == 1 or line[-1:] in ")]|" or line.replace(".", "").isdigit()
    )
    return line if plain else f"({line})"


def _scripts(lines: list[str]) -> str:
    return lines[0] + "".join(f"_{_grouped(line)}" for line in lines[1:] if line)


def _table(lines: list[str]) -> str:
    return "; ".join(lines)


def _table_row(lines: list[str]) -> str:
    return ", ".join(lines)


_TWO_DIMENSIONAL = {
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _nth_root,
    "msup": _power,
    "msub": _index,
    "msubsup": _both,
    "munder": _index,
    "mover": _power,
    "munderover": _both,
    "mmultiscripts": _scripts,
    "mtable": _table,
    "mtr": _table_row,
}


def shift_digits(node: LexborNode, level: str) -> None:
    """Write digits that a style raises or lowers as the characters for them.

    Args:
        node: The element; one that holds anything but digits and signs stays as it is.
        level: `super` or `sub`.
    """
    text = " ".join((node.text(deep=True) or "").split())
    if not text or not _SMALL.issuperset(text) or not any(map(str.isdigit, text)):
        return
    _write(node, text.translate(_RAISED if level == "super" else _LOWERED))


def mirror_text(node: LexborNode) -> None:
    """Write the letters of an element as they are drawn from right to left."""
    text = " ".join((node.text(deep=True) or "").split())
    if not runs_leftwards(text):
        _write(node, text[::-1] if _is_written(node) else UNREADABLE)
