"""Markdown, reStructuredText and AsciiDoc: their marks are no part of the text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from footnotary.extract.charset import decode, without_controls
from footnotary.extract.html import visible_text
from footnotary.extract.html_text import PageText
from footnotary.extract.parsing import TooComplex, parse_html
from footnotary.extract.plain import APART, MARKDOWN_SUFFIXES, TOLD_BY_NAME, text_page
from footnotary.models import Page, Response

_LONGEST_LINE = 5_000
_LARGEST = 3_000_000  # characters

_CODE = "code|code-block|sourcecode|parsed-literal|literalinclude|math|prompt|console|doctest"
_OPENS = re.compile(rf"(?!\.\. [\w:-]+::).*::|\.\. (?:{_CODE})::.*")
_FENCE = re.compile(r"-{4,}|\.{4,}|`{3,}\w*|\+{4,}")

Replacement = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Markup:
    """A language of marks.

    Attributes:
        types: Its media types.
        suffixes: How the names of its files end.
        verbatim: Which lines are of blocks that are shown as they are written, such as code.
        unseen: Lines that show nothing.
        before: What is before the words of a paragraph's first line.
        literal: Marks whose words hold no marks, and what they leave.
        marks: Other marks within a paragraph, which may run over its lines, and what they leave.
    """

    types: frozenset[str]
    suffixes: tuple[str, ...]
    verbatim: Callable[[list[str]], list[bool]]
    unseen: re.Pattern[str]
    before: re.Pattern[str]
    literal: tuple[tuple[re.Pattern[str], Replacement], ...]
    marks: tuple[tuple[re.Pattern[str], Replacement], ...]


# What literal words have of marks, while marks are looked for; text holds no control characters.
_PUT_ASIDE = str.maketrans("_*#\\", "\x01\x02\x03\x04")
_PUT_BACK = str.maketrans("\x01\x02\x03\x04", "_*#\\")


def _indented(lines: list[str]) -> list[bool]:
    """Return which lines are of reStructuredText's literal blocks: indented, behind `::`."""
    flags, base = [], -1
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if base >= 0 and line.strip() and depth <= base:
            base = -1
        flags.append(base >= 0)
        if base < 0 and _OPENS.fullmatch(line.strip()):
            base = depth
    return flags


def _fenced(lines: list[str]) -> list[bool]:
    """Return which lines are of AsciiDoc's listing and literal blocks: between two fences."""
    flags, fence = [], ""
    for line in lines:
        mark = line.rstrip()
        opens = not fence and _FENCE.fullmatch(mark) is not None
        flags.append(bool(fence) or opens)
        fence = mark if opens else "" if mark == fence else fence
    return flags


def _of_role(found: re.Match[str]) -> str:
    """Return what Sphinx shows of `:role:`text <target>``."""
    role, words = found[1].rpartition(":")[2], found[2]
    named = re.fullmatch(r"(.+?)\s*<[^<>]*>", words, re.DOTALL)
    if named:
        return named[1]
    if role in ("pep", "rfc"):
        return f"{role.upper()} {words.partition('#')[0]}"
    words = words.rpartition(".")[2] if words.startswith("~") else words.lstrip("!")
    is_call = role in ("func", "meth") and not words.endswith(")")
    return f"{words}()" if is_call else words


def _within(mark: str) -> re.Pattern[str]:
    """Return a pattern of words between two equal marks that stand against them."""
    edge = re.escape(mark)
    return re.compile(
        rf"(?<![\w{edge}]){edge}(?=\S)((?:[^{edge}\n]|\n(?!\s*\n)){{1,800}}?)(?<=\S){edge}(?![\w{edge}])"
    )


RST = Markup(
    types=frozenset({"text/x-rst", "text/prs.fallenstein.rst"}),
    suffixes=(".rst", ".rest"),
    verbatim=_indented,
    unseen=re.compile(r"(?:([=~^\"'`#*+\-_])\1{2,}|::|\.\. (?:_.*:.*|\|.*|[\w:-]*code[\w-]*::.*))"),
    before=re.compile(r"^\s*(?:\.\. [\w:-]+:: ?|[-*+•] |(?:#|\d{1,3})\. )"),
    literal=(
        (re.compile(r":([\w:.+-]{1,40}):`([^`]{1,800})`"), _of_role),
        (re.compile(r"``(?=\S)(.{1,800}?)(?<=\S)``", re.DOTALL), r"\1"),
        (re.compile(r"`([^`<>]{1,800}?)\s*<[^`<>]{1,800}>`_{1,2}(?!\w)"), r"\1"),
        (re.compile(r"`([^`]{1,800})`_{0,2}(?!\w)"), r"\1"),
    ),
    marks=(
        (re.compile(r"(?<!\w)\*\*(?=\S)(.{1,800}?)(?<=\S)\*\*(?!\w)", re.DOTALL), r"\1"),
        (_within("*"), r"\1"),
        (re.compile(r"(\[[^\[\]\n]{1,80}\])_(?!\w)"), r"\1"),
        (re.compile(r"::(?=\s*$)", re.MULTILINE), ":"),
        (re.compile(r"\\(?: |(?=\n))"), ""),
        (re.compile(r"\\([^\w\s])"), r"\1"),
    ),
)
ASCIIDOC = Markup(
    types=frozenset({"text/asciidoc", "text/x-asciidoc"}),
    suffixes=(".adoc", ".asciidoc", ".asc"),
    verbatim=_fenced,
    unseen=re.compile(
        r"(?:([=\-*_/+])\1{3,}|\|===|\[[^\[\]]*\]|:!?[\w-]+!?:.*|//.*|(?:image|include)::.*)"
    ),
    before=re.compile(r"^\s*(?:={1,6} |(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION): |[*.]{1,5} |- |\|)"),
    literal=((re.compile(r"`\+?(?=\S)([^`]{1,800}?)(?<=\S)\+?`"), r"\1"),),
    marks=(
        (re.compile(r"<<[^<>,]{1,200},\s*([^<>]{1,800})>>"), r"\1"),
        (re.compile(r"<<([^<>,]{1,200})>>"), r"\1"),
        (
            re.compile(
                r"(?:\b(?:xref|link|mailto):|(?=https?://))[^\s\[\]]{1,800}\[([^\[\]]{1,800})\]"
            ),
            r"\1",
        ),
        (re.compile(r"\*\*([^*]{1,800})\*\*"), r"\1"),
        (re.compile(r"__([^_]{1,800})__"), r"\1"),
        *((_within(mark), r"\1") for mark in "*_#"),
    ),
)


class LightweightExtractor:
    """Files of a language of marks, by their type or, as plain text, by their name.

    Args:
        markup: The language.
    """

    def __init__(self, markup: Markup) -> None:
        self._markup = markup

    def reads(self, response: Response) -> bool:
        """Return whether the answer is in that language."""
        if response.media_type in self._markup.types:
            return True
        return response.media_type in TOLD_BY_NAME and response.path.endswith(self._markup.suffixes)

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the source, then its words."""
        page = text_page(response, response.media_type or "text/plain")
        return page.model_copy(update={"text": with_words(page.text, self._markup)})


def with_words(source: str, markup: Markup) -> str:
    """Return a source followed by its words without marks; as it is where it has none."""
    if len(source) > _LARGEST or max(map(len, source.split("\n"))) > _LONGEST_LINE:
        return source
    lines = source.split("\n")
    parts = []
    for verbatim, block in groupby(zip(markup.verbatim(lines), lines, strict=True), itemgetter(0)):
        text = [line for _, line in block]
        parts.append("\n".join(text) if verbatim else _words(text, markup))
    words = "\n".join(parts)
    return source if words == source else f"{source}{APART}{words}"


def _words(lines: list[str], markup: Markup) -> str:
    """Return what the marks of some lines leave."""
    shown, previous = [], ""
    for line in lines:
        seen = "" if markup.unseen.fullmatch(line.strip()) else line
        shown.append(seen if previous.strip() else markup.before.sub("", seen, count=1))
        previous = seen
    words = "\n".join(shown)
    for mark, left in markup.literal:
        words = mark.sub(_aside(left), words)
    for mark, left in markup.marks:
        words = mark.sub(left, words)
    return words.translate(_PUT_BACK)


def _aside(left: Replacement) -> Callable[[re.Match[str]], str]:
    """Return a replacement that puts what could be marks aside."""

    def replaced(found: re.Match[str]) -> str:
        words = found.expand(left) if isinstance(left, str) else left(found)
        return words.translate(_PUT_ASIDE)

    return replaced


_TYPES = frozenset({"text/markdown", "text/x-markdown"})
_LONGEST = 2_000_000  # characters; longer ones are read as plain text
# A parser of inline Markdown takes quadratic time over a line; nobody writes such lines.
_LONGEST_LINE_MARKDOWN = 20_000
_FRONT_MATTER = "---\n"


class MarkdownExtractor:
    """Markdown by its type, or plain text at an address that ends like a Markdown file's."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is Markdown."""
        if response.media_type in _TYPES:
            return True
        return response.media_type in TOLD_BY_NAME and response.path.endswith(MARKDOWN_SUFFIXES)

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text as it is shown, CommonMark with tables and strike-through."""
        page = text_page(response, "text/markdown")
        if page.unreadable is not None or _is_too_much(page.text):
            return page
        source = decode(response.body, response.headers.get("content-type", ""), markup=False)
        shown = shown_text(source)
        title = next((heading.text for heading in shown.headings if heading.level == 1), "")
        return page.model_copy(
            update={
                "text": shown.text,
                "headings": shown.headings,
                "rows": shown.rows,
                "kept": shown.kept,
                "title": title,
                "origins": {"title": "first heading"} if title else {},
            }
        )


def shown_text(source: str) -> PageText:
    """Return the words of Markdown as a reader sees them; of what is too much, as they stand."""
    if _is_too_much(source):
        return PageText(source, ())
    markup = _html(_without_front_matter(without_controls(source)))
    try:
        return visible_text(parse_html(markup))
    except TooComplex:
        return PageText(source, ())


def _is_too_much(text: str) -> bool:
    """Whether a text is none that anybody wrote as Markdown."""
    return len(text) > _LONGEST or max(map(len, text.split("\n"))) > _LONGEST_LINE_MARKDOWN


def _html(source: str) -> str:
    """Return Markdown as HTML."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source))


def _without_front_matter(source: str) -> str:
    """Return Markdown without the YAML at its beginning."""
    source = source.replace("\r\n", "\n")
    if not source.startswith(_FRONT_MATTER):
        return source
    end = source.find("\n" + _FRONT_MATTER, len(_FRONT_MATTER) - 1)
    return source[end + len(_FRONT_MATTER) + 1 :] if end >= 0 else source
