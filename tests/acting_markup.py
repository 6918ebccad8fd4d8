"""What Markdown extensions act on, as foreign words may hold it: one row an extension.

All of it is harmless: an element, a link or another file's words appear where it acts. Files that
it would put in lie in `FILES`.
"""

SNIPPET = "words of another file"
FILES = {"snippet.md": f"{SNIPPET}\n"}
HASH = "abcdef0123456789abcdef0123456789abcdef01"

# Markdown itself, and what footnotary and mkdocstrings make of it.
MARKDOWN = (
    "# heading", "#heading", "words\n===", "words\n---", "***", "* * *", "- item", "+ item",
    "* item", "1. item", "> quoted", "    code", "\tcode", "`code`", "``co`de``", "*em*",
    "_em_", "**strong**", "__strong__", "***both***", "[words](https://e.example/)",
    "![words](https://e.example/p.png)", "[words]: https://e.example/", "[words][words]",
    "<https://e.example/>", "<a@e.example>", "&lt;b&gt;", "&#60;b&#62;", "\\# words", "\\<b\\>",
    "<b>words</b>", "<!-- words -->", "<?words?>", "<![CDATA[words]]>", "<!DOCTYPE words>",
    "</details>", "<script>words</script>", "<svg onload=words>", "words\\\nwords",
    "[words](javascript:words)", "![words](data:image/png;base64,AAAA)",
)  # fmt: skip
ACTS = {
    "toc": ("[TOC]", "# words {#words}"),
    "tables": ("| a | b |\n| - | - |\n| 1 | 2 |", "a | b", "|words|"),
    "fenced_code": ("```\nwords\n```", "~~~\nwords\n~~~", "``` { .python #words }\nx\n```"),
    "admonition": ("!!! note", '!!! warning "words"\n    words'),
    "attr_list": ("words\n{: .words #words }", "*words*{.words}", "words{.words}", "{ #words }"),
    "md_in_html": ("<div markdown>words</div>", '<div markdown="1">\n\n# words\n\n</div>'),
    "pymdownx.details": ("??? note", '???+ note "words"\n    words'),
    "pymdownx.superfences": ('```python title="x"\nx\n```', "```mermaid\ngraph LR\n```"),
    "footnotary": (
        "^[1]", "^[words]", "words^[1, 2][3]", "**Sources and Citations:**",
        "Sources and Citations", "## Sources and Citations", "sources  and\ncitations:",
        "<!-- footnotary:state -->", "<!-- footnotary:begin words -->",
    ),
    "mkdocstrings": (
        "::: json", "::: warning", ":::json", "#### ::: json", "words\n::: json\n    options: {}",
        "- ::: json", ":::: json", "::[: json](/x)", "::` `: json", ":**:: json**",
        "\u2028::: json", "words\r::: json",
    ),
    "mkdocs_autorefs": ("[words][json.loads]", "[json.loads][]", "[](){#words}"),
}  # fmt: skip
# What authors switch on besides.
MORE = {
    "abbr": ("words\n\n*[words]: other",),
    "def_list": ("words\n: other", "words\n\n:   other", ": other"),
    "footnotes": ("words[^1]\n\n[^1]: other", "[^1]: other"),
    "meta": (),  # reads the first lines of a page: those are never foreign words
    "sane_lists": ("2. item",),
    "smarty": ("'words' \"words\" -- --- ...",),
    "wikilinks": ("[[words]]",),
    "pymdownx.arithmatex": ("$x$", "$$\nx\n$$", "\\(x\\)", "\\[x\\]", "\\begin{x}y\\end{x}"),
    "pymdownx.betterem": ("*em*words", "_em_words_"),
    "pymdownx.blocks.admonition": ("/// note", "/// admonition | words\nwords\n///"),
    "pymdownx.blocks.details": ("/// details | words",),
    "pymdownx.blocks.html": ("/// html | div\nwords\n///",),
    "pymdownx.blocks.tab": ("/// tab | words",),
    "pymdownx.caret": ("^sup^", "^^ins^^"),
    "pymdownx.critic": ("{--words--}", "{++words++}", "{~~words~>other~~}", "{==words==}{>>x<<}"),
    "pymdownx.emoji": (":smile:", ":100:", "words:+1:words", ":material-account:"),
    "pymdownx.fancylists": ("a. item", "iv) item", "#. item", "1) item", "A) item"),
    "pymdownx.inlinehilite": ("`#!python x`", "`:::python x`"),
    "pymdownx.keys": ("++ctrl+alt++", "words ++enter++ words"),
    "pymdownx.magiclink": (
        "https://e.example/x", "ftp://e.example/x", "www.e.example", "WWW.e.example",
        "a@e.example", "@words", "@words/words", "words/words#1", "#12", "!12", "?12", HASH,
        f"words@{HASH}", f"words/words@{HASH}", "https://github.com/words/words/issues/1",
    ),
    "pymdownx.mark": ("==words==",),
    "pymdownx.progressbar": ('[=50% "words"]',),
    "pymdownx.quotes": ("> [!note]\n> words",),
    "pymdownx.saneheaders": ("# words",),
    "pymdownx.smartsymbols": ("(c) (tm) +/- --> <-> 1/2 1st 2nd 3rd 4th =/= c/o",),
    "pymdownx.snippets": (
        '--8<-- "snippet.md"', '-8<- "snippet.md"', ';--8<-- "snippet.md"',
        "--8<--\nsnippet.md\n--8<--",
    ),
    "pymdownx.tabbed": ('=== "words"', '===+ "words"\n    words', '===! "words"'),
    "pymdownx.tasklist": ("- [ ] words", "- [x] words"),
    "pymdownx.tilde": ("~sub~", "~~del~~"),
}  # fmt: skip
# Read by plugins before Markdown is: templates of mkdocs-macros, files of include-markdown.
TEMPLATES = ("{{ words }}", "{% words %}", "{# words #}", "{!words.md!}")
EVERY = tuple(
    dict.fromkeys(
        words for rows in (*ACTS.values(), *MORE.values(), MARKDOWN, TEMPLATES) for words in rows
    )
)
OPTIONS = {
    "pymdownx.magiclink": {
        "repo_url_shorthand": True, "social_url_shorthand": True, "provider": "github",
        "user": "words", "repo": "words",
    },
    "pymdownx.quotes": {"callouts": True},
    "pymdownx.tabbed": {"alternate_style": True},
}  # fmt: skip
