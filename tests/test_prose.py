"""Docstrings and OpenAPI descriptions: their form stays, and nothing in them is active."""

import html
import re

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnotary.documents import prose
from tables import each_row
from test_escape import EXTENSIONS, HOSTILE

_SAFE = re.compile(
    r"<(?:/?(?:p|em|strong|code|del|sup|sub|ul|ol|li|pre|span|a|table|thead|tbody|tr|t[hd])"
    r"|a href=\"https?://[^\"@]*\"|ol start=\"\d+\"|t[hd] style=\"text-align: \w+;\""
    r"|div class=\"(?:language-\w+ )?highlight\"|/div|span class=\"?\w*\"?|span|a id=\"[^\"]*\""
    r"|br|hr)\s*/?>"
)


def rendered(source):
    """HTML of Markdown, under the extensions the site has."""
    return markdown.markdown(source, extensions=EXTENSIONS)


def words_of(text):
    """Letters and digits in their order."""
    return "".join(filter(str.isalnum, text))


def shown(source):
    """What a reader of the rendered Markdown sees, without spaces and punctuation."""
    return words_of(html.unescape(re.sub(r"<[^>]*>", "", rendered(source))))


@pytest.mark.slow
@each_row("words", [*HOSTILE, "plain", "x" * 300, "[a](https://u:p@e.org/)"])
@each_row("form", [prose.line, prose.brief, prose.paragraphs])
def test_what_is_rendered_is_text_emphasis_and_links_to_web_pages(words, form):
    """No element, attribute or address of anybody's choosing comes out."""
    out = rendered("Words: " + form(words) + " end.")
    assert not [tag for tag in re.findall(r"<[^>]*>", out) if not _SAFE.fullmatch(tag)], out


_PIECES = st.sampled_from(
    [*HOSTILE, "**bold**", "*em*", "[t](https://e.org/a)", "`c`", "https://e.org/x.", "word",
     "\n", "\n\n", "- item\n", "1. one\n", "    four\n", "```python\nx = 1\n```\n", "| a | b |\n",
     "| - | - |\n", "# head\n", "> said\n", "Args:\n    name (int): what\n", "Returns:\n    it\n",
     "__init__", "2*3*4", "<br>", "&#60;", "\\*", "\u202e", "\t"]
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=12))
def test_any_text_is_safe(pieces):
    """The same for any mixture of Markdown, hostile or broken."""
    for form in (prose.line, prose.paragraphs):
        out = rendered("Words:\n\n" + form("".join(pieces)))
        assert not [tag for tag in re.findall(r"<[^>]*>", out) if not _SAFE.fullmatch(tag)], out


@pytest.mark.slow
@given(st.lists(st.sampled_from(
    ["word", " ", "**b**", "*e*", "`c d`", "(x)", "__init__", "2*3*4", "*args", "**kwargs", "a_b",
     "\n", "\n\n", "- i\n", "1. o\n", "# h\n", "x | y", "<t>", ":", "[no]", "!", "~~s~~", "=== "]
), max_size=14))  # fmt: skip
def test_no_word_is_lost(pieces):
    """Whatever the form, a reader sees every letter in its order; numbers of lists aside."""
    words = "".join(pieces)
    seen = shown("Q\n\n" + prose.paragraphs(words))
    assert re.sub(r"\d", "", seen) == re.sub(r"\d", "", "Q" + words_of(words))


@each_row(
    ("words", "out"),
    [
        ("See [docs](https://e.org/a_b) and `x`.", "See [docs](https://e.org/a_b) and `x`."),
        ("[a\n`b`](https://e.org/)", "[a `b`](https://e.org/)"),
        ("See https://e.org/a.", "See <https://e.org/a>."),
        ("**Note:** it is *so*.", "**Note:** it is _so_."),
        ("[here](/relative) and ![alt](https://e.org/p.png)", "here and alt"),
        ("__init__ and *args, **kwargs", "`__init__` and &#42;args, &#42;&#42;kwargs"),
        ("2*3*4", "2&#42;3&#42;4"),
        ("Gives :class:`Shop`.<br>Or not.", "Gives `Shop`. Or not."),
        ("[x](https://user:secret@e.org/)", "x"),
        (
            '<a class="x" href="https://e.org/" target="_blank">e</a> <b>so</b>',
            "[e](https://e.org/) **so**",
        ),
        (
            '<a href="javascript:alert(1)">x</a> `<b>raw</b>` List<Item>',
            "x <code>&#60;b&#62;raw&#60;/b&#62;</code> List&#60;Item&#62;",
        ),
    ],
)
def test_a_line_keeps_what_it_means(words, out):
    """Links to web pages, emphasis and code stay; names with underscores are names."""
    assert prose.line(words) == out


def test_blocks_keep_their_form():
    """Lists, nested ones too, code, tables and headings are what their author wrote."""
    words = (
        "# Orders\n\nAn order is:\n\n* `paid` or\n* not:\n    1. yet\n    2. ever\n\n"
        '```json\n{"a": [1]}\n```\n\n| code | means |\n| --- | --- |\n| `1` | **one** |\n'
    )
    assert prose.paragraphs(words) == (
        "**Orders**\n\nAn order is:\n\n- `paid` or\n- not:\n    1. yet\n    2. ever\n\n"
        '```json\n{"a": [1]}\n```\n\n| code | means |\n| --- | --- |\n| `1` | **one** |'
    )
    out = rendered(prose.paragraphs(words))
    assert out.count("<li>") == 4
    assert "<table>" in out


def test_lists_and_paragraphs_of_html_are_lists_and_paragraphs():
    """Descriptions may hold HTML, as CommonMark does; what it means stays, as Markdown."""
    words = (
        "<p>One of:</p><ul><li>a</li> <li class='x'><i>b</i></li></ul><p>and <code>c</code>.</p>"
    )
    assert prose.paragraphs(words) == "One of:\n\n- a\n- _b_\n\nand `c`."


def test_items_of_several_blocks_stay_items_of_one_list():
    """Behind code in a list, the next item is an item."""
    out = rendered(prose.paragraphs("- a\n\n  ```\n  x\n  ```\n- b\n- c\n"))
    assert out.count("<li>") == 3
    assert out.count("<ul>") == 1


def test_references_to_names_are_links_in_docstrings_alone():
    """mkdocs-autorefs resolves them; elsewhere, and to what is no dotted name, they are words."""
    words = "[the shop][shop.models.Shop], [`shop.Order`][], [x][1] and [shop.models.Shop]."
    assert prose.docstring(words) == (
        '<autoref optional identifier="shop.models.Shop">the shop</autoref>, '
        '<autoref optional identifier="shop.Order">`shop.Order`</autoref>, '
        "&#91;x&#93;&#91;1&#93; and &#91;shop.models.Shop&#93;."
    )
    assert "autoref" not in prose.paragraphs(words)


def test_the_sections_of_a_google_docstring_are_lists():
    """What FastAPI hands over as one run of words is read as it was written."""
    words = (
        "Log in.\n\nArgs:\n    request: The request\n        as it came.\n    form (Form): What"
        " was sent.\n\nReturns:\n    A token\n    or a redirect.\n\nRaises:\n    ValueError: If the"
        " grant is unknown.\n\nExample:\n    Call it::\n\n        login()\n\nMore."
    )
    assert prose.paragraphs(words) == (
        "Log in.\n\n**Args:**\n\n- `request`: The request as it came.\n- `form` (Form): What was"
        " sent.\n\n**Returns:** A token or a redirect.\n\n**Raises:**\n\n- `ValueError`: If the"
        " grant is unknown.\n\n**Example:**\n\nCall it::\n\n```\nlogin()\n```\n\nMore."
    )


def test_what_only_looks_like_a_section_is_left_alone():
    """Without indented lines below it, a word with a colon is a word with a colon."""
    assert prose.paragraphs("Returns:\nnothing") == "Returns: nothing"
    assert prose.paragraphs("Note: this.") == "Note: this."
    listed = "Do.\n\nReturns:\n- a thing that goes on\n  on the next line"
    assert "Returns:" in prose.paragraphs(listed)
    assert "a thing that goes on" in prose.paragraphs(listed)


def test_the_index_has_the_first_sentence():
    """A row of the index is a line, whatever was written as the summary."""
    long = "**New?** See [Responses](/docs). " + "Then more of it, and on. " * 20
    assert prose.brief(long) == "**New?** See Responses."
    assert prose.brief("x " * 200).endswith(" …")
    assert prose.brief("Short, with `code`.") == "Short, with `code`."


def test_a_list_that_follows_does_not_become_part_of_the_last():
    """Markdown joins two lists that nothing is between."""
    assert prose.ends_in_list(prose.paragraphs("Either:\n\n- a\n- b"))
    assert prose.ends_in_list(prose.paragraphs("Raises:\n    KeyError: Never."))
    assert not prose.ends_in_list(prose.paragraphs("- a\n- b\n\nSo."))
    assert rendered("- a\n\n<!-- -->\n\n- b").count("<ul>") == 2
