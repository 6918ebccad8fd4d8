"""A developer's own rich text (a docstring, an OpenAPI description) as Markdown that is safe.

OpenAPI writes descriptions in CommonMark (OpenAPI Specification, "Rich Text Formatting"), and
FastAPI puts docstrings there, which the Google style divides into sections. Lists, code, tables,
emphasis and links to web pages stay; HTML, images, relative links and everything that another
Markdown dialect would make of the words are shown as words.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from footnotary.documents import escape
from footnotary.documents.sections import as_markdown, with_sections
from footnotary.documents.tables import write_table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.tree import SyntaxTreeNode

_RICH = re.compile(r"\]\(|\*[^\s*]|~~|https?://|\\[!-/]")
_BLOCKS = re.compile(
    r"^[ \t]*(?:[-+*]|\d{1,9}[.)])\s|^[ \t]*(?:```|~~~)|^ {4}|^\t|^#{1,6}\s|^[ \t]*>"
    r"|^[ \t]*\|.*\|"
    r"|^(?:=+|-+)\s*$",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"https?://[\w./~:%?#=&+,;@!-]*[\w/~%#=&+]")
# reStructuredText's :class:`X` and :py:meth:`~X.y`: what is meant is the name.
_ROLE = re.compile(r"(?<![\w:]):(?:\w+:)?\w+:(?=`[^`])")
# mkdocs-autorefs: `[words][package.name]` and `[package.name][]` lead to where a name is told of.
_REFERENCE = re.compile(r"\[((?:[^\W\d]\w*\.)+[^\W\d]\w*)?\]")
_DOTTED = re.compile(r"`?((?:[^\W\d]\w*\.)+[^\W\d]\w*)`?")
_IN_LEAD = ("paragraph", "bullet_list", "ordered_list")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_LANGUAGES = frozenset(
    (
        *("bash", "console", "css", "graphql", "html", "http", "javascript", "json", "jsonc"),
        *("python", "sh", "shell", "sql", "text", "toml", "typescript", "xml", "yaml"),
    )
)
# The same types, names and sentences are in thousands of cells.
_REMEMBERED = 4096
_BRIEF = 120  # characters


class _Markdown(str):
    """Text that is Markdown already; any other is words, to be escaped where it is put together.

    Words that touch are escaped as one: `::` and `: name` are nothing, `::: name` is a directive.
    """

    __slots__ = ()


@functools.lru_cache(maxsize=_REMEMBERED)
def line(words: str) -> str:
    """Return rich text on one line, which a table's cell can hold."""
    plain = _ROLE.sub("", escape.one_line(as_markdown(words)))
    if _RICH.search(plain):
        return _inline(_parsed(plain, inline=True).children)
    return escape.prose(plain)


@functools.lru_cache(maxsize=_REMEMBERED)
def brief(words: str) -> str:
    """Return the first sentence of rich text as plain words, cut where it is long."""
    one = escape.one_line(as_markdown(words))
    first = _SENTENCE_END.split(one, maxsplit=1)[0]
    if len(first) <= _BRIEF:
        return line(first)
    tokens = _parsed(one, inline=True)
    shown = "".join(node.content or " " for node in tokens.walk() if not node.children)
    first = _SENTENCE_END.split(shown, maxsplit=1)[0]
    return escape.prose(first if len(first) <= _BRIEF else first[:_BRIEF].rpartition(" ")[0] + " …")


def is_brief(words: str) -> bool:
    """Return whether rich text is one short sentence, fit for a title."""
    return len(words) <= _BRIEF and "\n" not in words.strip() and "**" not in words


def paragraphs(words: str) -> str:
    """Return rich text as blocks: paragraphs, lists, code, tables; headings are bold lines.

    Args:
        words: Text from the user's own code; Google-style sections become lists.
    """
    return _blocks(with_sections(words.replace("\r\n", "\n")))


def docstring(words: str) -> str:
    """Return a part of a docstring as blocks, as `paragraphs` does, with links to names.

    Args:
        words: The text of one section; mkdocstrings shows it in the reference.
    """
    return _blocks(words, references=True)


def lead(words: str, follow: Callable[[str], str]) -> list[str]:
    """Return what a README says before its second heading: its paragraphs and lists.

    Args:
        words: The README. Pictures of the web, such as badges, are left out.
        follow: Returns where one of its addresses leads in the site; nothing if nowhere.
    """
    found: list[str] = []
    for at, node in enumerate(_parsed(_without_comments(words), inline=False).children):
        if node.type == "heading" and (at or node.tag != "h1"):
            break
        if node.type in _IN_LEAD and not next(
            (inner.content for inner in node.walk() if inner.type == "inline"), ""
        ).startswith(("<", "|")):
            _lead_on(node, follow)
            found.append(_block(node))
    return [block for block in found if block]


def _without_comments(words: str) -> str:
    """Return a text without HTML comments."""
    before, *rest = words.split("<!--")
    return before + "".join(one.partition("-->")[2] for one in rest)


def _lead_on(block: "SyntaxTreeNode", follow: Callable[[str], str]) -> None:
    """Write down where the links and pictures of a block lead, and take out other pictures."""
    for node in block.walk():
        if node.type in ("link", "image"):
            address = str(node.attrs.get("href") or node.attrs.get("src") or "")
            place = quote(follow(unquote(address)), safe="/#.-_~")
            node.attrs["place"] = place
            for leaf in node.walk() if node.type == "image" and not place else ():
                if leaf.token and not leaf.children:
                    leaf.token.content = ""


def _blocks(words: str, *, references: bool = False) -> str:
    """Return rich text as blocks."""
    text = _ROLE.sub("", as_markdown(words))
    if not (references or _BLOCKS.search(text)):
        blocks: Iterable[str] = map(line, re.split(r"\n\s*\n", text))
    else:
        blocks = map(_block, _parsed(text, inline=False, references=references).children)
    return "\n\n".join(block for block in blocks if block)


def ends_in_list(blocks: str) -> bool:
    """Return whether a list that follows would become part of one that is there."""
    last = blocks.rpartition("\n\n")[2]
    return re.match(r" *(?:- |\d+\. )", last) is not None


@functools.cache
def _parser(*, references: bool) -> "MarkdownIt":
    """Return a parser that sees HTML and link definitions as words."""
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    if references:
        made.inline.ruler.before("link", "name", _read_reference)
    return made.disable(["reference", "html_block", "html_inline", "entity"])


def _read_reference(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001  a rule's form
    """Read a reference to a name as a link without an address."""
    if state.src[state.pos] != "[":
        return False
    start, end, last = (
        state.pos + 1,
        state.md.helpers.parseLinkLabel(state, state.pos),
        state.posMax,
    )
    found = _REFERENCE.match(state.src, end + 1) if end >= 0 else None
    named = _DOTTED.fullmatch(found[1] or state.src[start:end]) if found else None
    if found is None or named is None:
        return False
    if not silent:
        state.pos, state.posMax = start, end
        state.push("link_open", "a", 1).attrs = {"name": named[1]}
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
    state.pos, state.posMax = found.end(), last
    return True


def _parsed(words: str, *, inline: bool, references: bool = False) -> "SyntaxTreeNode":
    """Return the tree of a text."""
    from markdown_it.tree import SyntaxTreeNode

    parser = _parser(references=references)
    tokens = parser.parseInline(words)[0].children if inline else parser.parse(words)
    return SyntaxTreeNode(tokens or [])


def _block(node: "SyntaxTreeNode") -> str:
    """Return one block."""
    if node.type == "heading":
        words = _inline(node.children[0].children, bold=True)
        return f"**{words}**" if words else ""
    if node.type in ("fence", "code_block"):
        info = node.info.split() if node.type == "fence" else []
        language = info[0].lower() if info else ""
        return escape.fenced(node.content.rstrip(), language if language in _LANGUAGES else "")
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
    # Behind an item of several blocks, Python-Markdown wants an empty line.
    return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)


def _table(node: "SyntaxTreeNode") -> str:
    """Return a table."""
    rows = [
        [_inline(cell.children[0].children) if cell.children else "" for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    return write_table(rows[0], rows[1:])


def _inline(nodes: Iterable["SyntaxTreeNode"], *, bold: bool = False) -> str:
    """Return inline nodes on one line."""
    return escape.guard_start(_joined(_parts(nodes, bold=bold)).strip())


def _joined(parts: Iterable[str], *, links: bool = True) -> str:
    """Return words and Markdown one behind the other; links are not put into others."""
    return "".join(
        "".join(found) if is_markdown else (_with_addresses if links else _soft)("".join(found))
        for is_markdown, found in groupby(parts, key=lambda one: isinstance(one, _Markdown))
    )


def _parts(nodes: Iterable["SyntaxTreeNode"], *, bold: bool) -> Iterator[str]:
    """Yield inline nodes as words and Markdown."""
    for node in nodes:
        if not node.children:
            yield _leaf(node)
        elif node.type == "image" and node.attrs.get("place"):
            yield _Markdown(f"![{_soft(node.content)}]({node.attrs['place']})")
        elif node.type == "link":
            yield from _link(node)
        else:
            yield from _span(node, bold=bold)


def _span(node: "SyntaxTreeNode", *, bold: bool) -> Iterator[str]:
    """Yield a node that has others inside."""
    strong = node.type == "strong" and node.markup == "**"
    parts = [*_parts(node.children, bold=bold or strong)]
    inner = _joined(parts)
    if strong and (bold or not inner.strip()):
        yield from parts
    elif strong:
        yield _Markdown(f"**{inner}**")
    elif node.type == "em" and node.markup == "*" and inner == inner.strip() and _is_alone(node):
        yield _Markdown(f"_{inner}_")
    elif node.markup == "__" and inner.isidentifier():
        yield _Markdown(escape.code(f"__{inner}__"))  # `__init__` is a name, no emphasised word
    else:
        mark = "" if node.type == "s" else node.markup
        yield from (mark, *parts, mark)


def _link(node: "SyntaxTreeNode") -> Iterator[str]:
    """Yield a link to a web page or a name; of any other, its words."""
    leaves = [inner for inner in node.walk() if not inner.children]
    name = node.attrs.get("name")
    target = str(node.attrs.get("place") or "") or _target(str(node.attrs.get("href", "")))
    words = _joined((_leaf(leaf) for leaf in leaves), links=False)
    if not words.strip() or not (name or target):
        yield from (_leaf(leaf) for leaf in leaves)
    elif name:
        yield _Markdown(f'<autoref optional identifier="{name}">{words}</autoref>')
    elif "".join(leaf.content for leaf in leaves) == target:
        yield _Markdown(f"<{target}>")
    else:
        yield _Markdown(f"[{words}]({target})")


def _leaf(node: "SyntaxTreeNode") -> str:
    """Return an inline node that has none inside."""
    if node.type == "code_inline" and node.content.strip():
        return _Markdown(escape.code(node.content))
    return " " if node.type in ("softbreak", "hardbreak") else node.content


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
