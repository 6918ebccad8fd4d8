"""Rewriting a text takes time in proportion to its length, whatever its shape."""

import time

import pytest

from footnotary.documents import escape, html_tags, prose

# Each is repeated to a length; what comes behind ends it in a way that nothing waits for.
SHAPES = (
    "\n", " \n", " ", "\n ", "\t", "\u00a0", "\r", "\u2028", "[", "[a](", "![", "[]", "[a][b.c]",
    "[a.b][", "[a](((", "[a](<", '[a](b "', "*", "*a ", "**a ", "_", "_a ", "*a_b ", "`", "`a",
    "``a ", "~", "~~a ", ":", ":a", ":a:`", "<", "<a ", "<a href=x", "<a href='", "<li>", " <li> ",
    "<b>", "<b>x", "</b>", "<b>x</b>", "<i><b>", "<br>", "<p>", "<!--", "<![CDATA[", "&", "&#",
    "http://a ", "http://.", "a@", "-", "-\n", "- a\n", "1. a\n", ">", "> a\n", "=", "=\n", "#",
    "# a\n", "|", "|a|\n", "```\n", "~~~\n", "``` ", "~~~x ", "Args:\n", "Args:\n    a: b\n",
    "Returns:\n\n", "    a\n", "a ", "a", "1", "a1", ".", "A. ", "\\", "{", "$", ":+1:", "a_b", '"',
    "<http://a>", "a  \n", "---\n",
)  # fmt: skip
FORMS = {
    "paragraphs": prose.paragraphs,
    "docstring": prose.docstring,
    "lead": lambda words: prose.lead(words, lambda address: address),
    "line": prose.line.__wrapped__,
    "brief": prose.brief.__wrapped__,
    "as_markdown": html_tags.as_markdown,
    "text": escape.text.__wrapped__,
    "code": escape.code.__wrapped__,
    "fenced": escape.fenced,
}
SIZES = (3_000, 6_000, 12_000)  # characters
MEASURABLE = 0.02  # seconds


def cost(form, words):
    """The CPU time of one run, nothing remembered."""
    prose.line.cache_clear()
    escape.code.cache_clear()
    started = time.process_time()
    form(words)
    return time.process_time() - started


def grows_with_the_square(form, shape):
    """Whether the longest takes more than ten times as long as the shortest, three times over."""
    for _ in range(3):
        small, middle, large = (cost(form, shape * (size // len(shape)) + "x\n") for size in SIZES)
        if large < MEASURABLE or large < 10 * small or large < 3 * middle:
            return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_time_grows_with_the_length_not_with_its_square(name):
    """Four times the text takes less than ten times as long; the square would take sixteen."""
    assert [shape for shape in SHAPES if grows_with_the_square(FORMS[name], shape)] == []
