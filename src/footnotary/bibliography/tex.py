"""Text as TeX has it, and back: what BibTeX files hold.

What is written is what LaTeX, Pandoc, pybtex and citation-js read alike; what is read is what
Zotero, JabRef and people write.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from footnotary.bibliography.entry import collapse_space

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexMacroNode

# LaTeX's ten special characters, as the LaTeX Companion lists them.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
}
_ALONE = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
# Between two characters of which fonts make one: -- '' `` ?` << ,, (TeX's ligatures).
_LIGATURE = r"(?<=-)(?=-)|(?<=')(?=')|(?<=[`?!])(?=`)|(?<=<)(?=<)|(?<=>)(?=>)|(?<=,)(?=,)"
_WORD = r"(?:[^\W_]|[\u0300-\u036f])+"
_TO_ESCAPE = re.compile(rf"[\\{{}}~^&%$#_]|{_LIGATURE}|{_WORD}")
_SENTENCE = re.compile(r"(?:^|[:.?!]\s)[^\w]*\Z")
_MARKS = re.compile(r"[\\~$]|--|``|''|[?!]`|,,|<<|>>")
_SIMPLE = re.compile(r"\\([&%#$_{}])|[{}]")
# What people forget to escape: a comment would swallow the rest, a lone dollar is no formula.
_UNESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)([%&#])")
_DOLLAR = re.compile(r"(\\\\|\\\$)|(\$(?=\S)[^$]*?[^\s\\$]\$(?!\d))|\$")
_LINKED = re.compile(r"\\href\s*\{[^{}]*\}")  # the address in front of a link's words
# `--no-cache` is an option, and `~/.config` a path, though TeX would make other characters of them.
_OPTION = re.compile(r"(?<![\w-])--(?=[A-Za-z])")
_HOME = re.compile(r"(?<![^\s('\"`{])~(?=/)")
_SYMBOLS = {
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textbardbl": "‖",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciigrave": "`",
    "textquotesingle": "'",
    "textquotedbl": '"',
    "textunderscore": "_",
    "textdollar": "$",
    "slash": "/",
    "allowbreak": "",
    "lbrace": "{",
    "rbrace": "}",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "@": "",
    "/": "",
    "copyright": "\u00a9",
    "pounds": "\u00a3",
    "S": "\u00a7",
    "newline": " ",
    "par": " ",
    "\\": " ",
}
_WRAPPING = """emph textbf textit textsl textsc texttt textsf textrm textmd textup mbox hbox enquote
 em bf it tt sc rm sf sl url nolinkurl path mkbibquote mkbibemph uppercase underline ensuremath"""


def escape_tex(text: str, *, keep_case: bool = False) -> str:
    """Return text as TeX.

    Args:
        text: Plain text.
        keep_case: Put words in braces whose case styles of titles change: those with capitals, and
            the first of a sentence.
    """
    text = collapse_space(text)
    escapes = _ESCAPES if _is_balanced(text) else _ESCAPES | _ALONE

    def escaped(found: re.Match[str]) -> str:
        word = found[0]
        if not word:
            return "{}"
        if keep_case and (word != word.lower() or _SENTENCE.search(text[: found.start()])):
            return f"{{{word}}}" if word[0].isalnum() else escapes.get(word, word)
        return escapes.get(word, word)

    return _TO_ESCAPE.sub(escaped, text)


def read_tex(source: str) -> str:
    """Return TeX as text: escapes undone, letters and symbols read, formatting dropped.

    A macro that is not known stays as it is, so that no word goes missing unseen.
    """
    if not _MARKS.search(_SIMPLE.sub("", source)):  # most values, and a hundred times as fast
        return collapse_space(_SIMPLE.sub(lambda found: found[1] or "", source))
    source = _UNESCAPED.sub(r"\1\\\2", source)
    source = _DOLLAR.sub(lambda found: found[0] if found[1] or found[2] else r"\$", source)
    source = _LINKED.sub("", source)
    source = _HOME.sub(r"\\textasciitilde{}", _OPTION.sub("-{}-", source))
    return collapse_space(_reader().latex_to_text(source))


def _is_balanced(text: str) -> bool:
    """Return whether every brace has its other one; BibTeX counts escaped ones too."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


@cache
def _reader() -> "LatexNodes2Text":
    """Return the reader of TeX, with the symbols that pylatexenc lacks."""
    from pylatexenc.latex2text import (
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    known = get_default_latex_context_db()
    known.add_context_category(
        "bibliographies",
        prepend=True,
        macros=[MacroTextSpec(name, text) for name, text in _SYMBOLS.items()]
        + [MacroTextSpec(name, discard=False) for name in _WRAPPING.split()],
    )
    known.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_as_written))
    return LatexNodes2Text(latex_context=known, math_mode="text", keep_comments=True)


def _as_written(node: "LatexMacroNode") -> str:
    """Return a macro that is not known as it is in the file."""
    return str(node.latex_verbatim())
