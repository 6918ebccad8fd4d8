"""No extension that a site has switched on acts on foreign words, whatever entrance they take."""

import re

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.exceptions import PluginError
from selectolax.lexbor import LexborHTMLParser

from acting_markup import ACTS, EVERY, FILES, MARKDOWN, MORE, OPTIONS, SNIPPET
from footnotary.documents import escape, prose, tables
from footnotary.markers import escaped
from footnotary.project import Project
from footnotary.publishing.initialising import initialise
from tables import each_row

pytestmark = pytest.mark.slow

# What a developer's own rich text may become; `docs/security.md` says the same.
RICH = {
    "p", "em", "strong", "code", "a", "ul", "ol", "li", "pre", "span", "div", "table", "thead",
    "tbody", "tr", "th", "td", "br", "hr",
}  # fmt: skip
TYPOGRAPHY = (*MORE["smarty"], *MORE["pymdownx.smartsymbols"])
# One document with every place that foreign words take: the letters are those of the words.
PLACES = """\
# {0}

{0}

- {0}
- x
    - {0}

1. {0}

> {0}

| a | b |
| --- | --- |
| {0} | x |

## {0}

<details markdown="1">
<summary>x</summary>

{0}

- {0}

| a | b |
| --- | --- |
| {0} | x |

</details>

**x:** {0}
"""


@pytest.fixture(scope="module")
def configured(tmp_path_factory):
    """MkDocs' own configuration of a new project, as its plugins leave it."""
    from mkdocs.config import load_config

    root = tmp_path_factory.mktemp("configured")
    (root / "pyproject.toml").write_text('[project]\nname = "x"\n')
    initialise(Project(root))
    config = load_config(str(root / "mkdocs.yml"))
    config.plugins.on_startup(command="build", dirty=False)
    return config.plugins.on_config(config)


@pytest.fixture(scope="module")
def render(configured, tmp_path_factory):
    """A function that renders Markdown with all that is switched on, and all that could be."""
    folder = tmp_path_factory.mktemp("snippets")
    for name, content in FILES.items():
        (folder / name).write_text(content)
    on = configured.markdown_extensions
    converter = markdown.Markdown(
        extensions=[*on, *(name for name in MORE if name not in on)],
        extension_configs={
            **configured.mdx_configs,
            **OPTIONS,
            "pymdownx.snippets": {"base_path": [str(folder)]},
        },
    )
    return lambda text: converter.reset().convert(text)


@pytest.fixture(scope="module")
def plain(render):
    """The elements that plain words make in every place, by the form that they are given."""
    return {
        form: tags_of(render(PLACES.replace("{0}", form("plain"))))
        for form in (escape.escape_text, escape.code)
    }


def name_of(extension):
    """The name of an extension, or of the package that brings it."""
    return extension if isinstance(extension, str) else type(extension).__module__.split(".")[0]


def tags_of(html):
    """The elements of a page in their order."""
    body = LexborHTMLParser(html).body
    return [node.tag for node in body.traverse() if node.tag != "body"]


def words_of(html):
    """What a reader sees of a page, on one line."""
    return " ".join(LexborHTMLParser(html).body.text().split())


def test_every_extension_that_is_switched_on_has_its_row(configured):
    """Whoever switches one on says here what it acts on; the rest of this file holds it back."""
    on = {name_of(one) for one in configured.markdown_extensions}
    assert on - ACTS.keys() == set()
    assert ACTS.keys() <= on


@each_row("name", [name for name, rows in {**ACTS, **MORE}.items() if rows])
def test_each_row_holds_what_the_extension_acts_on(render, name):
    """A row that nothing acts on would hold nothing back."""
    assert any(acts(render, words) for words in {**ACTS, **MORE}[name])


def acts(render, words):
    """Whether words that are not escaped become anything but words."""
    try:
        html = render(f"words\n\n{words}\n")
    except PluginError:  # of mkdocstrings, which looked for a module
        return True
    return tags_of(html) != ["p", "p"] or " ".join(words.split()) not in words_of(html)


@each_row("words", EVERY)
def test_text_and_code_are_exactly_their_words_wherever_they_stand(render, plain, words):
    """As many elements as plain words make, and every letter as it was."""
    line = escape.one_line(words)
    for form in (escape.escape_text, escape.code):
        html = render(PLACES.replace("{0}", form(words)))
        assert tags_of(html) == plain[form], words
        assert words_of(html).count(line) == PLACES.count("{0}") or not line, words


@each_row("words", [words for words in EVERY if words not in TYPOGRAPHY])
def test_words_between_others_are_exactly_their_words(render, words):
    """A line of a Sources block, which is read back, shows them too; quotation marks may bend."""
    line = " ".join(words.split())
    html = render(f"x {escaped(line)} x")
    assert tags_of(html) == ["p"]
    assert line in words_of(html)


@each_row("words", EVERY)
def test_code_samples_are_exactly_their_lines(render, words):
    """A fence holds what it holds, alone and in a list."""
    block = escape.fenced(words, "text")
    inside = "\n".join(f"    {line}" for line in block.split("\n"))
    for html in (render(f"{block}\n\nx"), render(f"- x\n\n{inside}\n\n- x")):
        page = LexborHTMLParser(html)
        assert page.css_first("pre").text().strip("\n").split() == words.split()
        assert SNIPPET not in html
        assert set(tags_of(html)) <= {"p", "div", "pre", "code", "span", "ul", "li"}


@each_row("form", [prose.line, prose.brief, prose.paragraphs, escape.prose])
@each_row("words", [words for words in EVERY if words not in (*MARKDOWN, *TYPOGRAPHY)])
def test_rich_text_is_commonmark_and_nothing_else(render, form, words):
    """Of a developer's own text nothing but CommonMark acts, and no word is lost."""
    for before in ("", "x ", "x\n", "x\n\n", "- ", "1. x\n2. "):
        html = render(f"- x\n\n{form(before + words)}\n")
        assert set(tags_of(html)) <= RICH, (words, html)
        assert SNIPPET not in html
        assert "mkdocstrings" not in html
        if form is not prose.brief and "``` {" not in words:  # the first sentence; what a fence is
            wanted = re.findall(r"words|json|note", words.lower())
            assert re.findall(r"words|json|note", words_of(html).lower()) == wanted, html


_PIECES = st.sampled_from(
    [*EVERY, "`", "``", " ", "\n", "\n\n", "- ", "1. ", "> ", "[", "](x)", "](https://e.example/)",
     "**", "*", "_", "::", ":", "!!", "!", "??", "==", "+", "//", "--", "#", "[: x](y)", "` `",
     "<b>", "</b>", "<i>", "<li>", "<br>", "json", "    ", "| ", "\t", "\u2028", "\r"]
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(_PIECES, max_size=9))
def test_no_mixture_acts(render, plain, pieces):
    """Neither do words that act only where they touch others; `1st` may be raised in rich text."""
    words = "".join(pieces)
    for form in (prose.line, prose.brief, prose.paragraphs, escape.prose):
        html = render(f"x\n\n{form(words)}\n")
        assert set(tags_of(html)) <= RICH | {"sup"}, (words, html)
        assert SNIPPET not in html
        assert "mkdocstrings" not in html
    html = render(PLACES.replace("{0}", escape.escape_text(words) or "x"))
    assert tags_of(html) == plain[escape.escape_text]
    assert tables.write_table(["a"], [[escape.code(words)]]).count("\n") == 2
