"""What Markdown renders, whatever its white space, line wraps and choice of marks.

Two texts of which formatters make the other are alike here; a changed word, number, link or
level is not.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Longer blocks are compared as they are written: inline Markdown takes quadratic time on them.
_MAX_INLINE = 100_000
# Between these no space is written, and formatters wrap lines there (Unicode: Han, kana, Hangul
# and their punctuation).
_UNSPACED = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_BY_THEM = re.compile(rf"(?<=[{_UNSPACED}]) +| +(?=[{_UNSPACED}])")
_SILENT = ("paragraph_open", "paragraph_close", "tbody_open", "tbody_close")
# What `rendered_form` says of blocks and inlines, and not of their words.
_MARKS = re.compile(
    r"^\w+_(?:open|close)\b.*$|\0(?:code )?|\w+_(?:open|close) (?:\{.*?\})?(?=\0)", re.MULTILINE
)
_KINDS = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "list_item_open": "item",
    "html_block": "html",
}
_SIGNS = re.compile(r"[\\`*_\[\]<>&!\n]")
_ALL_CODE = re.compile(r"`([^`\s](?:[^`\n]*[^`\s])?)`")
_CODE = ("fence", "code_block")
# Formatters write code in these anew: white space, quotation marks, commas and semicolons differ.
_FORMATTED = re.compile(
    r"(?:css|scss|less|jsx?|tsx?|javascript|typescript|json5?|ya?ml|html|vue)\b"
)
_FORMATTING = str.maketrans("", "", " \t\r\n'\";,")


def rendered_form(markdown: str) -> str:
    """Return a text that is the same for all Markdown that renders the same.

    Returns:
        One line for each block: what it is and its words, in order.
    """
    environment: dict[str, Any] = {}
    tokens = _parser().parse(markdown, environment)
    lines = [line for token in tokens for line in _lines(token, environment)]
    defined: dict[str, Any] = environment.get("references", {})
    targets = (f"{label} {one['href']} {one['title']}" for label, one in sorted(defined.items()))
    return "\n".join([*lines, *targets])


def rendered_words(markdown: str) -> list[str]:
    """Return what Markdown says block by block, without what the blocks are."""
    said = _MARKS.sub("", rendered_form(markdown)).split("\n")
    return [line for line in said if line.strip()]


@dataclass(frozen=True)
class TopBlock:
    """A block that is in no other, or an item of a list that is in none.

    Attributes:
        kind: `paragraph`, `heading`, `item`, `html`, or `other`.
        first: Its first line, counted from 1.
        last: Its last line that is not blank.
        number: Number of an ordered list's item, as it is rendered.
    """

    kind: str
    first: int
    last: int
    number: int | None = None


def top_blocks(markdown: str) -> Iterator[TopBlock]:
    """Yield the outermost blocks of a text in order, lists item by item."""
    lines = markdown.split("\n")
    number: int | None = None
    for token in _parser().parse(markdown):
        if token.level == 0 and token.type in ("bullet_list_open", "ordered_list_open"):
            number = int(token.attrs.get("start", 1)) if token.type[0] == "o" else None
        elif token.map and token.nesting >= 0 and token.level == (token.type == "list_item_open"):
            first, last = token.map
            while last > first + 1 and not lines[last - 1].strip():
                last -= 1
            kind = _KINDS.get(token.type, "other")
            yield TopBlock(kind, first + 1, last, number if kind == "item" else None)
            if number is not None and kind == "item":
                number += 1


@cache
def _parser() -> "MarkdownIt":
    """Return a parser of CommonMark and tables; inlines are parsed block by block."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable("inline")


def _lines(token: "Token", environment: dict[str, Any]) -> Iterator[str]:
    """Yield what a block says."""
    if token.type == "inline":
        is_short = len(token.content) < _MAX_INLINE
        yield _unwrapped(_inline(token.content, environment) if is_short else token.content)
    elif token.type in _CODE:
        yield f"code {token.info.strip()}\n{_code(token.content, token.info.strip())}"
    elif token.type == "html_block":
        yield _unwrapped(token.content)
    elif token.type not in _SILENT:
        attributes = " ".join(f"{name}={value}" for name, value in sorted(token.attrs.items()))
        yield f"{token.type} {token.tag} {attributes}".rstrip()


def _unwrapped(words: str) -> str:
    """Return words with one space for each stretch of white space."""
    return _BY_THEM.sub("", " ".join(words.split()))


def _inline(content: str, environment: dict[str, Any]) -> str:
    """Return the words of a block, and what they are in."""
    if not _SIGNS.search(content):
        return content
    if code := _ALL_CODE.fullmatch(content):  # most cells of our tables
        return f"\0code {code[1]}\0"
    tokens: list[Token] = []
    parser = _parser()
    parser.inline.parse(content, parser, environment, tokens)
    return "".join(_words(tokens))


def _words(tokens: "Iterable[Token]") -> Iterator[str]:
    """Yield the words of inline tokens."""
    for token in tokens:
        if token.type in ("text", "text_special", "html_inline"):
            yield token.content
        elif token.type == "softbreak":
            yield " "
        elif token.type == "code_inline":
            yield f"\0code {token.content}\0"
        elif token.type == "image":
            yield f"\0{token.attrs} {token.content}\0"
        else:
            yield f"\0{token.type} {token.attrs or ''}\0"


def _code(content: str, info: str) -> str:
    """Return code; that which formatters write anew without what they change."""
    if _FORMATTED.match(info):
        return content.translate(_FORMATTING)
    return "\n".join(line.rstrip() for line in content.strip("\n").split("\n"))
