"""A developer's own rich text (a docstring, an OpenAPI description) as Markdown that is safe.

OpenAPI writes descriptions in CommonMark (OpenAPI Specification, "Rich Text Formatting"), and
FastAPI puts docstrings there, which the Google style divides into sections. Lists, code, tables,
emphasis and links to web pages stay; HTML, images, relative links and everything that another
Markdown dialect would make of the words are shown as words.
"""

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from footnotary.documents import escape
from footnotary.documents.html_tags import as_markdown
from footnotary.documents.sections import with_sections
from footnotary.documents.tables import table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_RICH = re.compile(r"\]\(|\*[^\s*]|~~|https?://|\\[!-/]")
_BLOCKS = re.compile(
    r"^\s*(?:[-+*]|\d{1,9}[.)])\s|^\s*(?:```|~~~)|^ {4}|^\t|^#{1,6}\s|^\s*>|^\s*\|.*\|"
    r"|^(?:=+|-+)\s*$",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"https?://[\w./~:%?#=&+,;@!-]*[\w/~%#=&+]")
# reStructuredText's :class:`X` and :py:meth:`~X.y`: what is meant is the name.
_ROLE = re.compile(r"(?<![\w:]):(?:\w+:)?\w+:(?=`[^`])")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_LANGUAGES = frozenset(
    (
        *("bash", "console", "css", "graphql", "html", "http", "javascript", "json", "jsonc"),
        *("python", "sh", "shell", "sql", "text", "toml", "typescript", "xml", "yaml"),
    )
)
# The same types, names and sentences stand in thousands of cells.
_REMEMBERED = 4096
_BRIEF = 120  # characters


@functools.lru_cache(maxsize=_REMEMBERED)
def line(words: str) -> str:
    """Return rich text on one line, which a table's cell can hold.

    Args:
        words: Text from the user's own code.
    """
    plain = _ROLE.sub("", escape.one_line(as_markdown(words)))
    if _RICH.search(plain):
        return _inline(_parsed(plain, inline=True).children)
    return escape.prose(plain)


@functools.lru_cache(maxsize=_REMEMBERED)
def brief(words: str) -> str:
    """Return the first sentence of rich text as plain words, cut where it is long.

    Args:
        words: Text from the user's own code.
    """
    one = escape.one_line(as_markdown(words))
    first = _SENTENCE_END.split(one, maxsplit=1)[0]
    if len(first) <= _BRIEF:
        return line(first)
    tokens = _parsed(one, inline=True)
    shown = "".join(node.content or " " for node in tokens.walk() if not node.children)
    first = _SENTENCE_END.split(shown, maxsplit=1)[0]
    return escape.prose(first if len(first) <= _BRIEF else first[:_BRIEF].rpartition(" ")[0] + " …")


def is_brief(words: str) -> bool:
    """Return whether rich text is one short sentence, fit for a title.

    Args:
        words: Text from the user's own code.
    """
    return len(words) <= _BRIEF and "\n" not in words.strip() and "**" not in words


def paragraphs(words: str) -> str:
    """Return rich text as blocks: paragraphs, lists, code, tables; headings are bold lines.

    Args:
        words: Text from the user's own code; Google-style sections become lists.
    """
    text = _ROLE.sub("", as_markdown(with_sections(words.replace("\r\n", "\n"))))
    if not _BLOCKS.search(text):
        blocks: Iterable[str] = map(line, re.split(r"\n\s*\n", text))
    else:
        blocks = map(_block, _parsed(text, inline=False).children)
    return "\n\n".join(block for block in blocks if block)


def ends_in_list(blocks: str) -> bool:
    """Return whether a list that follows would become part of one that is there.

    Args:
        blocks: What `paragraphs` returned.
    """
    last = blocks.rpartition("\n\n")[2]
    return re.match(r" *(?:- |\d+\. )", last) is not None


@functools.cache
def _parser() -> "MarkdownIt":
    """Return a parser that sees HTML and link definitions as words."""
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return made.disable(["reference", "html_block", "html_inline", "entity"])


def _parsed(words: str, *, inline: bool) -> "SyntaxTreeNode":
    """Return the tree of a text."""
    from markdown_it.tree import SyntaxTreeNode

    parser = _parser()
    tokens = parser.parseInline(words)[0].children if inline else parser.parse(words)
    return SyntaxTreeNode(tokens or [])


def _block(node: "SyntaxTreeNode") -> str:
    """Return one block."""
    if node.type == "heading":
        return f"**{_inline(node.children[0].children, bold=True)}**"
    if node.type in ("fence", "code_block"):
        return _code(node)
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node)
    if node.type == "table":
        return _table(node)
    if node.type == "inline":
        return _inline(node.children)
    return "\n\n".join(filter(None, map(_block, node.children)))


def _list(node: "SyntaxTreeNode") -> str:
    """Return a list; what belongs to an item is indented as Python-Markdown wants it."""
    items = []
    first = int(node.attrs.get("start") or 1) if node.type == "ordered_list" else 0
    for number, item in enumerate(node.children):
        mark = f"{first + number}. " if node.type == "ordered_list" else "- "
        tight = all(child.type != "paragraph" or child.hidden for child in item.children)
        body = ("\n" if tight else "\n\n").join(filter(None, map(_block, item.children)))
        lines = (mark + body).split("\n")
        items.append("\n".join([lines[0], *(f"    {one}" if one else "" for one in lines[1:])]))
    return "\n".join(items)


def _table(node: "SyntaxTreeNode") -> str:
    """Return a table."""
    rows = [
        [_inline(cell.children[0].children) if cell.children else "" for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    return table(rows[0], rows[1:])


def _code(node: "SyntaxTreeNode") -> str:
    """Return a code sample, highlighted where its language is a usual one."""
    content = "\n".join(escape.shown(one) for one in node.content.rstrip().split("\n"))
    longest = max((len(run) for run in re.findall(r"`+", content)), default=0)
    fence = "`" * max(3, longest + 1)
    language = (node.info.split() or [""])[0].lower() if node.type == "fence" else ""
    return f"{fence}{language if language in _LANGUAGES else ''}\n{content}\n{fence}"


def _inline(nodes: Iterable["SyntaxTreeNode"], *, bold: bool = False) -> str:
    """Return inline nodes on one line.

    Args:
        nodes: What the parser made of it.
        bold: Whether it stands in bold already.
    """
    return "".join(_span(node, bold=bold) for node in nodes).strip()


def _span(node: "SyntaxTreeNode", *, bold: bool) -> str:
    """Return one inline node."""
    if not node.children:
        return _leaf(node)
    if node.type == "link":
        return _link(node)
    inner = "".join(_span(child, bold=bold) for child in node.children)
    if node.type == "strong" and node.markup == "**":
        return inner if bold or not inner.strip() else f"**{inner}**"
    if node.type == "em" and node.markup == "*" and inner == inner.strip() and _is_alone(node):
        return f"_{inner}_"
    if node.markup == "__" and inner.isidentifier():
        return escape.code(f"__{inner}__")  # `__init__` is a name, no emphasised word
    mark = "" if node.type == "s" else node.markup
    return "".join((escape.text(mark), inner, escape.text(mark)))


def _link(node: "SyntaxTreeNode") -> str:
    """Return a link to a web page, or its words."""
    leaves = [inner for inner in node.walk() if not inner.children]
    target = _target(str(node.attrs.get("href", "")))
    if target and "".join(leaf.content for leaf in leaves) == target:
        return f"<{target}>"
    words = "".join(_leaf(leaf, links=False) for leaf in leaves)
    return f"[{words}]({target})" if target and words.strip() else words


def _leaf(node: "SyntaxTreeNode", *, links: bool = True) -> str:
    """Return an inline node that has none inside; links are not put into others."""
    if node.type == "code_inline":
        return escape.code(node.content)
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return _with_addresses(node.content) if links else _soft(node.content)


def _is_alone(node: "SyntaxTreeNode") -> bool:
    """Return whether no letter or digit touches a node: `2*3*4` is no emphasis."""
    before, after = node.previous_sibling, node.next_sibling
    touching = (before.content[-1:] if before else "") + (after.content[:1] if after else "")
    return not any(map(str.isalnum, touching))


def _with_addresses(words: str) -> str:
    """Return plain text, with the web addresses in it as links."""
    parts = []
    position = 0
    for found in _ADDRESS.finditer(words):
        if _target(found[0]) == found[0]:
            parts += [_soft(words[position : found.start()]), f"<{found[0]}>"]
            position = found.end()
    return "".join([*parts, _soft(words[position:])])


def _soft(words: str) -> str:
    """Return text without active characters; the spaces at its ends stay."""
    inner = escape.softly(escape.one_line(words))
    before = " " if words[:1].isspace() else ""
    after = " " if inner and words[-1:].isspace() else ""
    return before + inner + after


def _target(address: str) -> str:
    """Return where a link leads; nothing for what is no web page or names a user."""
    target = escape.url(address)
    return "" if "@" in urlsplit(target).netloc else target
