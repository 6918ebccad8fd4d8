"""The structure of a Markdown document: its blocks, and the markers in its text.

CommonMark decides what is code, a link or HTML (markdown-it-py); front matter, mathematics
and Material's indented blocks (`!!!`, `???`, `===`) are known besides. Positions are those
of the source: lines and columns count from 1, offsets from 0.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

# Longer ones are no prose, and inline Markdown takes quadratic time on what somebody made up.
MAX_BLOCK = 10_000
LABEL = r"(?:decision:[^\s,<>\"&\[\]\\`]{0,80}|[A-Za-z0-9][A-Za-z0-9._-]{0,79})"
LABELS_OF_MARKER = re.compile(LABEL)
# mdformat escapes the brackets of a marker in front of a colon.
MARKER = re.compile(rf"\^\\?\[\s*({LABEL}(?:\s*,\s*{LABEL})*)\s*\\?\](?!\()")
# A footnote: `[^0-9]`, `[^1](…)`, `[^1][words]` and names of their author's are none.
FOOTNOTE = re.compile(
    r"\[\^(\d{1,4}|decision:[^\s,<>\"&\[\]\\`]{0,80}|[a-z0-9-]{1,73}-[0-9a-f]{6})\](?!\(|\[(?!\^))"
)
DEFINITION = re.compile(r"[\s>]*\[\^([^\]\s]+)\]:")
FORMS = ("^[1]", "[^1]")
"""How markers may be written: our own form, and footnotes as GitHub and Pandoc read them."""
ANY_MARKER = r"(?:\^\\?\[[^\[\]\n]*\](?:\[[^\[\]\n]*\])*|\[\^[^\[\]\s]+\])"
"""Pattern of whatever looks like a marker, in either form."""
_ADJACENT_LABEL = r"\d{1,4}|(?:decision:)?[a-z0-9]+-[a-z0-9-]+"
# A bracket pair behind a marker, but for links: `[2](…)`, `[2]: …` and `[2][of words]`.
ADJACENT = re.compile(rf"\[({_ADJACENT_LABEL})\](?![(:])(?!\[(?!(?:{_ADJACENT_LABEL})\]))")
WHOLE_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|$)")
_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*(?:\r\n?|\n)(?:.*?(?:\r\n?|\n))??(?:---|\.\.\.)[ \t]*(?=\r|\n|$)", re.DOTALL
)
_INDENTED_BLOCK = re.compile(r"(\s*)(?:!!!|\?\?\?\+?|===[!+]?)\s+\S")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_INLINE_MATH = re.compile(r"\$(?![\s$])(?:\\.|[^\\$])+?(?<!\s)\$(?!\d)", re.DOTALL)
_MATH_CLOSING = {"$$": "$$", r"\(": r"\)", r"\[": r"\]"}


@dataclass(frozen=True)
class Line:
    r"""One line of the source.

    Attributes:
        offset: Where it begins.
        text: Its characters without the line end.
        end: Its line end: `\n`, `\r\n`, `\r` or nothing.
    """

    offset: int
    text: str
    end: str


@dataclass(frozen=True)
class Marker:
    """`^[1]`, `^[key]`, `^[1,2]` or `^[1][2]` in the text; or the footnote `[^1]`, `[^key]`.

    Attributes:
        labels: Numbers and keys as they are written.
        spans: Offsets of each label in the source, begin and end.
        line: Where it begins, as `column` and `offset`.
        end: Offset behind the last bracket.
        form: One of `FORMS`.
    """

    labels: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    line: int
    column: int
    offset: int
    end: int
    form: str = FORMS[0]

    def show(self, label: str) -> str:
        """Return one of its labels as it is written."""
        return write_marker([label], self.form)


@dataclass(frozen=True)
class Block:
    """One block of text, code or HTML.

    Attributes:
        kind: `paragraph`, `heading`, `cell`, `code`, `html`, or `long` for a paragraph, heading
            or cell that is too long to be looked into.
        first: Its first line.
        last: Its last line.
        content: Its Markdown, or its code.
        info: The info string of a fenced code block; the tag (`h2`) of a heading.
        containers: What it is in, outermost first: `blockquote`, `list`.
        column: Column at which a cell begins, 0 for whole lines.
    """

    kind: str
    first: int
    last: int
    content: str
    info: str = ""
    containers: tuple[str, ...] = ()
    column: int = 0


@lru_cache(maxsize=8)
def lines_of(markdown: str) -> tuple[Line, ...]:
    """Return the lines of a text, as Markdown counts them."""
    found: list[Line] = []
    for match in WHOLE_LINE.finditer(markdown):
        whole = match[0]
        if not whole and found:
            break
        text = whole.rstrip("\r\n")
        found.append(Line(match.start(), text, whole[len(text) :]))
    return tuple(found)


def first_line_end(lines: Sequence[Line]) -> str:
    """Return the line end that a document uses first; LF for a single line."""
    return next((line.end for line in lines if line.end), "\n")


def front_matter_end(markdown: str) -> int:
    """Return the offset behind the front matter, 0 where there is none.

    Args:
        markdown: A document, with or without a byte order mark.
    """
    found = _FRONT_MATTER.match(markdown)
    return found.end() if found else 0


@lru_cache(maxsize=8)
def blocks_of(markdown: str) -> tuple[Block, ...]:
    """Return the leaf blocks of a document in order, front matter left out."""
    lines = lines_of(markdown)
    return tuple(_leaves(_parser().parse(_parsed_text(markdown, lines), {}), lines))


@lru_cache(maxsize=8)
def markers_of(markdown: str) -> tuple[Marker, ...]:
    """Return the markers of a document in order.

    None is found in code, links, HTML, mathematics or front matter, nor behind a backslash.
    """
    if "^" not in markdown:
        return ()
    lines = lines_of(markdown)
    found: list[Marker] = []
    for block in blocks_of(markdown):
        if block.kind in ("paragraph", "heading", "cell") and "^" in block.content:
            found.extend(_block_markers(markdown, lines, block))
    return tuple(sorted(found, key=lambda marker: marker.offset))


def write_marker(labels: Sequence[str], form: str) -> str:
    """Return a marker of some labels in one of the `FORMS`."""
    if form == FORMS[0]:
        return f"^[{','.join(labels)}]"
    return " ".join(f"[^{label}]" for label in labels)  # side by side 1 and 3 were read as 13


def is_footnote(label: str) -> bool:
    """Tell whether a label can be that of a footnote: a number, a record's key or a decision."""
    return FOOTNOTE.fullmatch(f"[^{label}]") is not None


def text_spans(content: str) -> tuple[tuple[int, int], ...]:
    """Return where markers are in the Markdown of one block.

    Returns:
        Begin and end of each, bracket pairs that follow a marker included.
    """
    return tuple(token.meta["span"] for token in _inlines(content) if token.type == "marker")


def links_of(content: str) -> tuple[tuple[int, str], ...]:
    """Return where links and images are in the Markdown of one block, and where each leads.

    Those by reference, whose address is in another block, are left out.
    """
    found = (token for token in _inlines(content) if "begin" in token.meta)
    return tuple(
        (token.meta["begin"], str(token.attrs.get("href") or token.attrs.get("src") or ""))
        for token in found
    )


def _inlines(content: str) -> "list[Token]":
    """Return what the Markdown of one block is made of."""
    tokens: list[Token] = []
    parser = _parser()
    parser.inline.parse(content, parser, {}, tokens)
    return tokens


@cache
def _parser() -> "MarkdownIt":
    """Return the parser: CommonMark, tables, and rules for mathematics and markers."""
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import image, link

    parser = MarkdownIt("commonmark").enable("table")
    parser.disable(["inline", "text_join"])  # inlines are parsed where a marker may be
    parser.inline.ruler.before("escape", "mathematics", _mathematics)
    parser.inline.ruler.before("link", "marker", _marker)
    for rule in ("mathematics", "marker"):
        parser.inline.ruler.enable(rule)
    parser.inline.ruler.at("link", partial(_placed, link))
    parser.inline.ruler.at("image", partial(_placed, image))
    return parser


def _placed(
    rule: "Callable[[StateInline, bool], bool]",
    state: "StateInline",
    silent: bool,  # noqa: FBT001  markdown-it's signature
) -> bool:
    """Read a link or an image, and note where it begins."""
    begin, before = state.pos, len(state.tokens)
    is_read = rule(state, silent)
    if is_read and not silent:
        opened = next(one for one in state.tokens[before:] if one.type in ("link_open", "image"))
        opened.meta = {"begin": begin}
    return is_read


def _mathematics(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    r"""Step over `$…$`, `$$…$$`, `\(…\)` and `\[…\]`."""
    end = _math_end(state.src, state.pos, state.env)
    if not end:
        return False
    if not silent:
        state.push("mathematics", "", 0)
    state.pos = end
    return True


def _math_end(source: str, start: int, environment: Any) -> int:
    """Return where mathematics that begins at a place ends; 0 where none begins.

    That a sign which ends it does not come again is remembered: it is looked for once.
    """
    closing = _MATH_CLOSING.get(source[start : start + 2])
    if closing and (source, closing) not in environment:
        end = source.find(closing, start + 3)
        if end >= 0:
            return end + 2
        environment[source, closing] = True
    found = _INLINE_MATH.match(source, start) if source[start] == "$" else None
    return found.end() if found else 0


def _marker(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    """Read a marker, and the bracket pairs glued to it."""
    if silent and state.src[state.pos] == "[":
        return False  # the text of a link stays its text, and may hold a footnote
    spans, end = _labels(state.src, state.pos)
    begin = state.src.rfind("\n", 0, state.pos) + 1
    if not spans or DEFINITION.fullmatch(state.src, begin, end + 1):
        return False
    if not silent and not state.linkLevel:
        state.push("marker", "", 0).meta = {"span": (state.pos, end)}
    state.pos = end
    return True


def _parsed_text(markdown: str, lines: tuple[Line, ...]) -> str:
    """Return the text for the parser: same lines, front matter blank, Material's blocks dedented.

    Only the beginnings of lines differ from the source, so that a line of the parser's is
    still the end of the source's line.
    """
    hidden = front_matter_end(markdown)
    texts = ["" if line.offset < hidden else line.text.lstrip("\ufeff") for line in lines]
    openings: list[int] = []
    fence = ""
    for at, text in enumerate(texts):
        if not text.strip():
            continue
        indent = len(text) - len(text.lstrip(" "))
        while openings and indent < openings[-1] + 4:
            openings.pop()
        texts[at] = text[4 * len(openings) :] if openings else text
        fence = _fence_after(fence, texts[at])
        opening = None if fence else _INDENTED_BLOCK.match(text)
        if opening:
            openings.append(len(opening[1]))
    return "\n".join(texts)


def _fence_after(fence: str, text: str) -> str:
    """Return the fence that is open behind a line, or an empty string."""
    found = _FENCE.match(text)
    if not found:
        return fence
    if not fence:
        return found[1]
    closes = found[1].startswith(fence) and not text.strip().strip(fence[0])
    return "" if closes else fence


_CONTAINERS = {
    "blockquote_open": "blockquote",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
}


def _leaves(tokens: "list[Token]", lines: tuple[Line, ...]) -> Iterator[Block]:
    """Turn the parser's block tokens into leaf blocks."""
    containers: list[str] = []
    opened: Token | None = None
    column = 0
    row = -1
    for token in tokens:
        if token.type in _CONTAINERS:
            containers.append(_CONTAINERS[token.type])
        elif token.type.replace("_close", "_open") in _CONTAINERS:
            containers.pop()
        elif token.type in ("fence", "code_block", "html_block") and token.map:
            kind = "html" if token.type == "html_block" else "code"
            yield Block(
                kind, token.map[0] + 1, token.map[1], token.content, token.info, tuple(containers)
            )
        elif token.type in ("paragraph_open", "heading_open", "th_open", "td_open"):
            opened = token
        elif token.type == "inline" and opened is not None and token.map:
            first = token.map[0]
            cell = opened.type in ("th_open", "td_open")
            if cell:
                column = _cell_column(
                    lines[first].text, token.content, column if row == first else 0
                )
                row = first
            kind = "cell" if cell else opened.type.removesuffix("_open")
            kind = kind if len(token.content) <= MAX_BLOCK else "long"
            yield Block(
                kind,
                first + 1,
                first + 1 if cell else max(token.map[1], first + 1),
                token.content,
                opened.tag if kind == "heading" else "",
                tuple(containers),
                column + 1 if cell else 0,
            )
            column += len(token.content) if cell else 0
            opened = None


def _cell_column(line: str, content: str, start: int) -> int:
    """Return where a table cell's text begins in its line."""
    found = line.find(content, start)
    if found >= 0:
        return found
    pattern = re.escape(content).replace(r"\|", r"\\?\|")
    match = re.compile(pattern).search(line, start)
    return match.start() if match else start


def _block_markers(markdown: str, lines: tuple[Line, ...], block: Block) -> Iterator[Marker]:
    """Find the markers of one block and give them their place in the source."""
    starts = _content_starts(lines, block)
    for begin, _ in text_spans(block.content):
        before = block.content[:begin]
        row = before.count("\n")
        line_at = block.first - 1 + row
        column = begin - (before.rfind("\n") + 1)
        source = lines[line_at]
        at = _place(source.text, starts[row] + column, block.content[begin:])
        if at < 0:
            continue
        offset = source.offset + at
        spans, end = _labels(markdown, offset)
        if spans:
            yield Marker(
                tuple(markdown[a:b] for a, b in spans),
                spans,
                line_at + 1,
                at + 1,
                offset,
                end,
                FORMS[markdown[offset] == "["],
            )


def _place(text: str, at: int, rest: str) -> int:
    """Return the column of a marker: the expected one, else the next that reads the same."""
    wanted = rest[: rest.index("]") + 1]
    if text.startswith(wanted, at):
        return at
    return text.find(wanted, max(0, at))


def _content_starts(lines: tuple[Line, ...], block: Block) -> list[int]:
    """Return the column at which each line of a block's content begins in the source."""
    if block.kind == "cell":
        return [block.column - 1]
    starts = []
    for at, content in enumerate(block.content.split("\n")):
        text = lines[block.first - 1 + at].text
        stripped = content.rstrip()
        tail = len(text.rstrip()) - len(stripped)
        starts.append(
            tail if tail >= 0 and text.startswith(stripped, tail) else max(0, text.find(stripped))
        )
    return starts


def _labels(markdown: str, offset: int) -> tuple[tuple[tuple[int, int], ...], int]:
    """Return where the labels of a marker are, and where it ends."""
    if markdown.startswith("[", offset):
        note = FOOTNOTE.match(markdown, offset)
        return ((note.span(1),), note.end()) if note else ((), offset)
    found = MARKER.match(markdown, offset)
    if found is None:
        return (), offset
    spans = [
        (found.start(1) + item.start(), found.start(1) + item.end())
        for item in LABELS_OF_MARKER.finditer(found[1])
    ]
    end = found.end()
    while more := ADJACENT.match(markdown, end):
        spans.append(more.span(1))
        end = more.end()
    return tuple(spans), end
