import html
import re

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnotary.documents import escape, tables
from tables import each_row

EXTENSIONS = ["tables", "attr_list", "md_in_html", "pymdownx.superfences", "pymdownx.arithmatex",
              "pymdownx.caret", "pymdownx.tilde", "pymdownx.magiclink", "footnotes"]  # fmt: skip


def rendered(source):
    """The visible text of Markdown, under the extensions the site has."""
    return markdown.markdown(source, extensions=EXTENSIONS)


HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/p.png)",
    "| a | b |",
    "`code` *em* **b** __b__ ~~s~~",
    "# heading",
    "- item",
    "1. item",
    "::: module",
    "^[1] and [^1] and [1]: http://x",
    "\\(x\\) $x$ $$y$$",
    "{: .cls #id }",
    "{{ macro }} {% raw %}",
    "&lt;b&gt; &amp;",
    "a\nb\r\n\n# c",
    "user\u202egnp.exe",
    "http://auto.example/ me@example.org",
    "*[HTML]: x",
    "---",
    "===",
    "--8<-- 'file'",
]


@each_row("words", HOSTILE)
def test_text_renders_as_exactly_its_words(words):
    """Whatever a page's title says appears as text: no element, no link, nothing lost."""
    out = rendered(escape.escape_text(words))
    assert re.fullmatch(r"<p>[^<>]*</p>", out), out
    assert html.unescape(out[3:-4]) == escape.one_line(words)


@pytest.mark.slow
@given(st.text())
def test_any_text_renders_as_its_words(words):
    """The same for any text at all."""
    line = escape.one_line(words)
    out = rendered(escape.escape_text(words))
    assert html.unescape(re.sub(r"^<p>|</p>$", "", out)) == line or not line


@each_row("words", HOSTILE)
def test_code_does_not_break_out_even_in_a_table(words):
    """Inline code holds its words, and the table keeps its two columns."""
    out = rendered(tables.write_table(["a", "b"], [[escape.code(words), "x"]]))
    cells = re.findall(r"<td[^>]*>(.*?)</td>", out)
    assert len(cells) == 2
    inner = re.fullmatch(r"<code>([^<>]*)</code>", cells[0])
    assert inner, out
    assert html.unescape(inner[1]) == escape.one_line(words)


@each_row(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//host/x", "http://", "x", "http://[", ""],
)
def test_only_http_addresses_are_links(address):
    """A link leads to a web page or nowhere."""
    assert escape.url(address) == ""
    assert "](" not in escape.write_link("words", address)


def test_an_address_cannot_leave_its_parentheses():
    """Parentheses, spaces and angle brackets in a URL are encoded."""
    assert escape.url("https://e.org/a(b) <c>|d") == "https://e.org/a%28b%29%20%3Cc%3E%7Cd"


def test_a_column_without_content_is_left_out():
    """An empty column says nothing; the first column always stays."""
    assert tables.write_table(["a", "b", "c"], [["1", "", "3"], ["2", "", ""]]) == (
        "| a | c |\n| --- | --- |\n| 1 | 3 |\n| 2 |  |"
    )
