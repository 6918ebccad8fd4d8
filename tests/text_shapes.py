"""Shapes of foreign text that make careless code take the square of its length.

Each is a piece that is repeated, between a beginning and an end: none of them does harm in the
length that the tests use. What is added here is run against every function of
`test_linear_growth`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Text of one shape.

    Attributes:
        piece: What is repeated.
        head: What is before it.
        tail: What is behind it.
    """

    piece: str
    head: str = ""
    tail: str = ""

    def text(self, length: int) -> str:
        """Return text of about such a length."""
        return self.head + self.piece * max(1, length // len(self.piece)) + self.tail


def _repeated(**pieces: str) -> dict[str, Shape]:
    """Return shapes that are one piece over and over."""
    return {name: Shape(piece) for name, piece in pieces.items()}


BLANKS = _repeated(
    spaces=" ",
    tabs="\t",
    newlines="\n",
    carriage_returns="\r",
    crlf="\r\n",
    form_feeds="\f",
    no_break_spaces="\u00a0",
    line_separators="\u2028",
    zero_width_spaces="\u200b",
    blank_lines="  \n",
    words="word ",
    words_and_blanks="word" + " " * 40,
    lines="a line of words\n",
    paragraphs="a line of words\n\n",
    indented="    code\n",
) | {
    "one_word": Shape("word"),
    "capitals": Shape("WORD"),
    "spaces_then_word": Shape(" ", tail="x"),
    "word_spaces_word": Shape(" ", "word", "word"),
    "newlines_then_word": Shape("\n", "word", "word"),
    "spaces_in_line": Shape(" ", "# a", "b\n"),
    "blanks_before_hash": Shape(" ", "a: b", "#"),
    "words_behind_a_quote": Shape("word ", '"'),
    "words_behind_a_bracket": Shape("word ", "[a]("),
    "words_behind_a_backtick": Shape("word ", "`"),
}

SIGNS = _repeated(
    angles="<",
    closing_angles=">",
    ampersands="&",
    backticks="`",
    backtick_pairs="`` ",
    backtick_triples="``` ",
    backtick_runs="` `` ",
    backtick_words="`a",
    brackets="[",
    closing_brackets="]",
    bracket_pairs="[]",
    parentheses="(",
    closing_parentheses=")",
    braces="{",
    closing_braces="}",
    brace_pairs="{}",
    quotes='"',
    apostrophes="'",
    typographic_quotes="\u201c",
    quoted_words='"a ',
    stars="*",
    star_words="*a",
    star_ends="a* ",
    strong_words="**a ",
    underscores="_",
    underscore_words="_a",
    tildes="~",
    tilde_words="~~a ",
    dashes="-",
    dash_words="a--b ",
    equal_signs="=",
    hashes="#",
    hash_words="# a\n",
    pipes="|",
    colons=":",
    colon_words="a: ",
    commas=",",
    comma_words="a, ",
    full_stops=".",
    ellipses="\u2026 ",
    dotted_ellipses="... ",
    bracketed_ellipses="[...] ",
    exclamations="! ",
    dollars="$",
    dollar_words="$a ",
    backslashes="\\",
    escapes="\\a",
    escaped_brackets="\\[",
    escaped_parentheses="\\(a ",
    slashes="/",
    percents="%",
    carets="^",
    caret_brackets="^[",
    at_signs="@",
    a_at_signs="a@",
    question_marks="?",
    semicolons=";",
    bullets="\u2022",
    pilcrows="\u00b6",
    replacement="\ufffd",
)

LETTERS = _repeated(
    combining_marks="a\u0301",
    fullwidth="\uff21",
    han="\u4e2d",
    hangul="\uac00",
    kana="\u30ab\u3099",
    thai="\u0e01\u0e33",
    devanagari="\u0915\u093f",
    emoji="\U0001f469\u200d\U0001f4bb",
    flags="\U0001f1e9\U0001f1ea",
    soft_hyphens="a\u00ad",
    hyphenated="a-\n",
    right_to_left="\u05d0\u202e",
    ligatures="\ufb01",
    fractions="\u00bd",
    subscripts="a\u2082",
    superscripts="\u00b2",
    accents="\u00b4e",
    dotted_letters="a.",
    negations="not ",
    camel_case="aB",
    snake_case="a_b_",
) | {
    "marks_on_one_letter": Shape("\u0301", "a"),
    "accented_words": Shape("e\u0301te\u0301 "),
}

NUMBERS = _repeated(
    digits="1",
    zeros="0",
    numbers="10 ",
    grouped="1,000",
    spaced_groups="100 ",
    decimals="1.5",
    versions="1.2.",
    percentages="10 % ",
    times="12:30:",
    dates="2026-11-23 ",
    months="May 2026 ",
    ranges="1-2-",
    hex_digits="0x1f ",
    exponents="1e5",
    units="10 MB/s ",
)

ADDRESSES = _repeated(
    addresses="https://example.org/a ",
    glued_addresses="https://example.org/a",
    schemes="http://",
    hosts="a.example.",
    addresses_in_angles="<https://example.org/a>",
    mail_addresses="a@example.org ",
    users="http://a:b@",
    queries="?a=b&",
    escaped_octets="%20",
    dois="10.1000/a ",
)

MARKUP = _repeated(
    comment_starts="<!--",
    comment_ends="-->",
    comments="<!-- a -->",
    half_tags="<a ",
    tags="<a>",
    ends="</a>",
    void_tags="<br>",
    attributes=' a="b"',
    half_attributes='<a b="',
    attribute_pieces='<a b="c" ',
    declarations="<!a ",
    instructions="<?a ",
    cdata="<![CDATA[",
    entities="&amp;",
    half_entities="&amp",
    numeric_entities="&#65;",
    half_numeric_entities="&#6",
    scripts="<script>",
    styles="<style>a{",
    titles="<title>a - ",
    headings="<h1>a</h1>",
    paragraphs_of_html="<p>a",
    tables_of_html="<table><tr><td>a",
    cells="<td>a</td>",
    empty_cells="<td></td>",
    breaks_between_spaces=" <br> ",
    half_roots="<html ",
    list_items="<li>a",
    links="<a href=#>a</a>",
    anchors='<a id="a"></a>',
    sups="1<sup>2</sup>",
    noted="1<sup><a>1</a></sup>",
    metas="<meta name=a content=b>",
    meta_refreshes="<meta http-equiv=refresh content=5>",
    templates="<template shadowrootmode=open>",
    noscripts="<noscript>&lt;",
    hidden="<p hidden>a",
    styled='<p style="a:b;">a',
    classes='<p class="a b">a',
    times_of_html="<time datetime=2026-11-23>",
    bylines="<p class=author>by Ann Lee</p>",
    buttons="<button>Accept",
    fields="<input name=a>",
    pres="<pre>\nx</pre>",
    forms="<form>",
    images='<img src=a alt="b">',
)  # fmt: skip

MARKDOWN = _repeated(
    links_of_markdown="[a](b) ",
    half_links="[a](",
    half_references="[a][",
    images_of_markdown="![a](b)",
    half_images="![",
    definitions="[a]: b\n",
    footnotes="a[^1] ",
    footnote_definitions="[^1]: https://example.org/a\n",
    markers="a^[1] ",
    half_markers="a^[1",
    glued_markers="^[1][2]",
    source_lines='[1] Title - https://example.org/a - [Date Accessed: 2026-11-23] - "a b c d e"\n',
    numbered_lines="1. a https://example.org/a\n",
    list_lines="- a\n",
    block_quotes="> a\n",
    table_rows="| a | b |\n",
    table_pipes="a|",
    fences="```\n",
    tilde_fences="~~~\n",
    rules="---\n",
    setext="a\n=\n",
    headings_of_markdown="# a\n\n",
    code_spans="`a` ",
    half_code="a` b ",
    emphasis="*a* ",
    half_emphasis="*a **b ",
    escaped="\\* ",
    html_lines="<div>\n\na\n\n",
    hard_breaks="a  \n",
    admonitions="!!! note\n    a\n",
    snippets="--8<-- a\n",
    blocks="::: a\n",
    front_matters="---\na: b\n",
    maths="$a$ ",
    regions="<!-- footnotary:begin a -->\n",
    comment_lines="<!-- cite:a -->\n",
    sentences="This is a sentence. ",
    abbreviations="e.g. ",
    quoted_sentences='"one two three four five six" https://example.org/a. ',
    claims="It is 10 % faster than before. ",
) | {
    "nested_lists": Shape("- "),
    "nested_items": Shape("1. "),
    "table": Shape("| a | b |\n", "| a | b |\n|---|---|\n"),
    "table_cells": Shape("a | ", "| a |\n|---|\n| "),
    "table_head": Shape("---|", "| a |\n|"),
    "fenced": Shape("a `b` <!-- c\n", "```\n"),
    "sources": Shape("[1] Title - https://example.org/a\n", "**Sources and Citations:**\n\n"),
    "context": Shape("- Label: value\n", "**Research Context:**\n\n"),
    "open_front_matter": Shape("a: b\n", "---\n"),
    "front_matter": Shape("a: b\n", "---\n", "---\n"),
    "cited_list": Shape("- a ^[a-1]\n", "These hold:\n\n"),
}

FORMATS = _repeated(
    json_objects='{"a":',
    json_strings='"a",',
    json_escapes='"\\u00e9",',
    yaml_maps="a:\n  b: c\n",
    yaml_flow="{a: [",
    yaml_anchors="- &a [a]\n",
    assignments="A=b\n",
    quoted_assignments='A="b\n',
    interpolations="${A:-",
    interpolated="${A}",
    copies="COPY a b\n",
    stages="FROM a AS b\n",
    continuations="RUN a \\\n",
    here_documents="RUN <<A\n",
    sections_of_docstrings="Args:\n    a: b\n",
    entries_of_docstrings="a (b): c\n",
    half_entries="a (b",
    sessions=">>> a\n",
    directives=".. note::\n   a\n",
    roles=":class:`a` ",
    literals="``a`` ",
    underlines="a\n===\n",
    adoc_headings="== a\n",
    adoc_fences="----\n",
    adoc_links="https://example.org/a[b] ",
    bibtex_entries="@a{b, c = {d}}\n",
    half_bibtex="@a{b, c = {",
    ris_entries="TY  - JOUR\nTI  - a\nER  - \n",
    robots_lines="User-agent: a\nDisallow: /*a\n",
    robots_stars="Disallow: /*",
    rfc_lines="RFC 1234 a\n[Page 1]\n\f",
    rfc_leaders="1. A . . .\n",
    overstruck="a\b",
    terminal_marks="\x1b[0m",
    half_terminal_marks="\x1b]8;",
    css_rules="a{display:none}",
    css_comments="/*",
    css_selectors="a b>c,",
    certificates="-----BEGIN ",
    tokens="token: abc ",
    dsn="postgres://a:b@c/",
)  # fmt: skip

# Nested in each other, as deep as the text is long; `limits` refuses what is deeper than 3,000.
NESTED = _repeated(
    nested_pres="<pre>\nx",
    nested_samples='<div class="highlight"><pre>1\n',
    nested_lines='<pre><span class="line">1\n',
    nested_formulas="<math><mrow><mi>x",
    nested_hosts="<div><template shadowrootmode=open><slot></slot></template>",
    nested_tables="<table><tr><td>",
    nested_divisions="<div>x",
)

# What people begin in a description and do not end.
BEGUN = {
    repr(piece): Shape(piece, tail="x\n")
    for piece in (
        " \n", "\n ", "[a][b.c]", "[a.b][", "[a](((", "[a](<", '[a](b "', "*a ", "_a ",
        "*a_b ", "``a ", ":a", ":a:`", "<a href=x", "<a href='", "<li>", " <li> ",
        "<b>", "<b>x", "</b>", "<b>x</b>", "<i><b>", "<p>", "&#", "http://a ",
        "http://.", "-\n", "1. a\n", "=\n", "|a|\n", "~~~x ", "Args:\n", "Returns:\n\n",
        "    a\n", "a ", "a", "a1", "A. ", ":+1:", "a_b", "<http://a>"
    )
}  # fmt: skip

# Beginnings of credentials, and of words about them.
CREDENTIALS = {
    repr(piece): Shape(piece, tail=" @ postgresql://u:p@h password='x'")
    for piece in (
        "'", "a=", "://", "a@b:", "password ", "password=", "--password ", "://<a> ", "://u:\n",
        "aGVsbG8rd29ybGQ", 'password="', "<password>", "password is ", '\\"',
        "Authorization: a;b=", "-----BEGIN PRIVATE KEY-----", "eyJ", "$2b$", "password.a-b",
        "%3A%2F%2F", "password: [[[",
    )
}  # fmt: skip

SHAPES: dict[str, Shape] = (
    BLANKS | SIGNS | LETTERS | NUMBERS | ADDRESSES | MARKUP | MARKDOWN | FORMATS | NESTED | BEGUN
    | CREDENTIALS
)  # fmt: skip
