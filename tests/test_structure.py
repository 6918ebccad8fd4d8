"""Lines, blocks and markers: every place is the source's own."""

from footnotary.markers import blocks_of, escaped, escaped_url, markers_of, unescaped
from footnotary.markers.structure import MAX_BLOCK, front_matter_end, lines_of, text_spans
from tables import each_row


@each_row(
    ("markdown", "lines"),
    [
        ("", [(0, "", "")]),
        ("a", [(0, "a", "")]),
        ("a\n", [(0, "a", "\n")]),
        ("a\n\nb", [(0, "a", "\n"), (2, "", "\n"), (3, "b", "")]),
        ("a\r\nb\rc\n", [(0, "a", "\r\n"), (3, "b", "\r"), (5, "c", "\n")]),
        ("a\x0cb\u2028c\x85d", [(0, "a\x0cb\u2028c\x85d", "")]),
    ],
)
def test_lines_are_those_of_markdown(markdown, lines):
    """Three line ends and no other (CommonMark 2.1); what they are is kept."""
    assert [(line.offset, line.text, line.end) for line in lines_of(markdown)] == lines


@each_row(
    ("markdown", "front"),
    [
        ("---\na: 1\n---\ntext", "---\na: 1\n---"),
        ("---\na: 1\n...\ntext", "---\na: 1\n..."),
        ("---\n---\ntext", "---\n---"),
        ("\ufeff---  \r\na: 1\r\n---\t\r\ntext", "\ufeff---  \r\na: 1\r\n---\t"),
        ("---\na: 1\n---", "---\na: 1\n---"),
        ("---\na: |\n  ---- x\n---\ntext\n---\n", "---\na: |\n  ---- x\n---"),
        ("---\nno end of it\n", ""),
        ("\n---\na: 1\n---\n", ""),
        ("----\na: 1\n---\n", ""),
    ],
)
def test_front_matter_ends_where_it_is_closed(markdown, front):
    """Only at the very beginning, closed by `---` or `...`; else it is text."""
    assert markdown[: front_matter_end(markdown)] == front


def _blocks(markdown):
    return [
        (block.kind, block.first, block.last, block.content, block.info, block.containers)
        for block in blocks_of(markdown)
    ]


@each_row(
    ("markdown", "block"),
    [
        ("a\nb\n", ("paragraph", 1, 2, "a\nb", "", ())),
        ("---\nx: 1\n---\n\na\n", ("paragraph", 5, 5, "a", "", ())),
        ("### a ##\n", ("heading", 1, 1, "a", "h3", ())),
        ("a\n===\n", ("heading", 1, 1, "a", "h1", ())),
        ("```py title\na\n\nb\n```\n", ("code", 1, 5, "a\n\nb\n", "py title", ())),
        ("x\n\n    a\n    b\n", ("code", 3, 4, "a\nb\n", "", ())),
        ("<div>\na\n</div>\n", ("html", 1, 3, "<div>\na\n</div>", "", ())),
        ("> a\n", ("paragraph", 1, 1, "a", "", ("blockquote",))),
        ("1. a\n", ("paragraph", 1, 1, "a", "", ("list",))),
        ("- x\n\n  > - a\n", ("paragraph", 3, 3, "a", "", ("list", "blockquote", "list"))),
        ("- x\n\na\n", ("paragraph", 3, 3, "a", "", ())),
        ('!!! note "T"\n\n    a\n', ("paragraph", 3, 3, "a", "", ())),
        ('!!! note "T"\n    a\n', ("paragraph", 1, 2, '!!! note "T"\na', "", ())),
        ('=== "T"\n\n    ```\n    a\n    ```\n', ("code", 3, 5, "a\n", "", ())),
        ("??? note\n\n    !!! note\n\n        a\n\n    b\n", ("paragraph", 5, 5, "a", "", ())),
        ("???+ note\n\n    ===! x\n\n        a\n\n    b\n", ("paragraph", 7, 7, "b", "", ())),
        ("```\n!!! note\n    a\n```\n", ("code", 1, 4, "!!! note\n    a\n", "", ())),
    ],
)
def test_a_block_knows_its_lines_and_what_it_stands_in(markdown, block):
    """Kind, first and last line, content, info and containers, also inside Material's blocks."""
    assert block in _blocks(markdown)


def test_what_is_indented_below_a_material_block_is_text_and_behind_it_code():
    """Four columns belong to the block; once it has ended they are code again."""
    kinds = [(kind, first) for kind, first, *_ in _blocks("!!! note\n\n    a\n\nb\n\n    c\n")]
    assert kinds == [("paragraph", 1), ("paragraph", 3), ("paragraph", 5), ("code", 7)]


def test_cells_are_blocks_with_a_column():
    """Each cell has its own line and the column at which its text begins."""
    markdown = "| a | a |\n|---|---|\n|  b  | `x\\|y` |\n"
    cells = [(b.kind, b.first, b.last, b.content, b.column) for b in blocks_of(markdown)]
    assert cells == [
        ("cell", 1, 1, "a", 3),
        ("cell", 1, 1, "a", 7),
        ("cell", 3, 3, "b", 4),
        ("cell", 3, 3, "`x|y`", 9),
    ]


def test_how_long_a_text_may_be():
    """At the limit it is looked into, one character more and it is not."""
    for length, kind, found in ((MAX_BLOCK, "paragraph", 1), (MAX_BLOCK + 1, "long", 0)):
        markdown = "x" * (length - 4) + "^[1]"
        assert [block.kind for block in blocks_of(markdown)] == [kind]
        assert len(markers_of(markdown)) == found


# Markers


@each_row(
    ("markdown", "places"),
    [
        ("a^[1]", [(1, 2, "^[1]")]),
        ("a^[ 1 , b-2 ]", [(1, 2, "^[ 1 , b-2 ]")]),
        ("a^[1][2][key-1]", [(1, 2, "^[1][2][key-1]")]),
        ("a^[1][2][b]", [(1, 2, "^[1]")]),
        ("a^[1][2][3](b)", [(1, 2, "^[1][2]")]),
        ("a^[1][2](b)", [(1, 2, "^[1]")]),
        ("a^[1][2]: b", [(1, 2, "^[1]")]),
        ("a^[1][Word]", [(1, 2, "^[1]")]),
        ("a^[1][12345]", [(1, 2, "^[1]")]),
        ("a\nb^[1]\nc^[2]", [(2, 2, "^[1]"), (3, 2, "^[2]")]),
        ("> a\n> b^[1]", [(2, 4, "^[1]")]),
        ("> a\nb^[1]", [(2, 2, "^[1]")]),
        ("1.  a^[1]\n\n    b^[2]", [(1, 6, "^[1]"), (3, 6, "^[2]")]),
        ("- a\n  - b^[1]\n", [(2, 6, "^[1]")]),
        ("   a^[1]", [(1, 5, "^[1]")]),
        ("# a^[1] #", [(1, 4, "^[1]")]),
        ("a^[1]  \nb", [(1, 2, "^[1]")]),
        ("| a^[1] | a^[1] |\n|---|---|\n", [(1, 4, "^[1]"), (1, 12, "^[1]")]),
        ("| `^[1]` | ^[1] |\n|---|---|\n", [(1, 12, "^[1]")]),
        ("| a \\| b^[1] |\n|---|\n", [(1, 9, "^[1]")]),
        ("| a \\| b^[1] c^[1] |\n|---|\n", [(1, 9, "^[1]"), (1, 15, "^[1]")]),
        ("`^[1]` and ^[1]", [(1, 12, "^[1]")]),
        ("- `^[1]`\n  ^[1]", [(2, 3, "^[1]")]),
        ('!!! note "T"\n\n    a^[1]\n', [(3, 6, "^[1]")]),
        ('!!! note "T"\n\n    | a^[1] |\n    |---|\n', [(3, 8, "^[1]")]),
        ("```\n!!! note\n```\n\n!!! note\n\n    a^[1]\n", [(7, 6, "^[1]")]),
        ("````\n```\n!!! note\n````\n\n!!! note\n\n    a^[1]\n", [(8, 6, "^[1]")]),
        ("~~~\n```\n!!! x\n~~~ y\n~~~\n\n??? note\n\n    a^[1]\n", [(9, 6, "^[1]")]),
        ("```\n!!! note\n\n    a^[1]\n", []),
        ("\ufeffa^[1]", [(1, 3, "^[1]")]),
        ("a^[1]\r\nb^[2]\rc^[3]", [(1, 2, "^[1]"), (2, 2, "^[2]"), (3, 2, "^[3]")]),
        ("\ta^[1]", []),
        ("a\n\n\n## b^[1]\n\nc^[2]", [(4, 5, "^[1]"), (6, 2, "^[2]")]),
        ("$5 and^[1] $6", [(1, 7, "^[1]")]),
        ("[a](b)^[1]", [(1, 7, "^[1]")]),
        ("**a^[1]**", [(1, 4, "^[1]")]),
        (r"\\(a^[1]\\)", [(1, 5, "^[1]")]),
        (r"\[a^[1]\]", []),
        ("a^[" + "x" * 80 + "]", [(1, 2, "^[" + "x" * 80 + "]")]),
        ("a^[" + "x" * 81 + "]", []),
        ("a^[_x], b^[-x], c^[.x], d^[]", []),
    ],
)
def test_a_marker_is_where_it_stands(markdown, places):
    """Line, column, offset and end are those of the source, whatever is around it."""
    lines = lines_of(markdown)
    found = markers_of(markdown)
    assert [
        (marker.line, marker.column, markdown[marker.offset : marker.end]) for marker in found
    ] == places
    for marker in found:
        assert marker.offset == lines[marker.line - 1].offset + marker.column - 1
        assert [markdown[begin:end] for begin, end in marker.spans] == list(marker.labels)


def test_markers_come_in_the_order_of_the_text():
    """Whatever kind of block they stand in."""
    markdown = "a^[1]\n\n| b^[2] | c^[3] |\n|---|---|\n| d^[4] | e^[5] |\n\n# f^[6]\n"
    assert [marker.labels for marker in markers_of(markdown)] == [(str(n),) for n in range(1, 7)]


def test_text_spans_include_the_brackets_that_follow():
    """What a sentence is without its markers needs all of them."""
    content = "A^[1][2] and `^[3]` and^[b-1]."
    assert [content[a:b] for a, b in text_spans(content)] == ["^[1][2]", "^[b-1]"]


# Foreign words


@each_row("char", '&<>\\`*[]{}|~^$@"\t\n\r\x0c\u2028\u2029')
def test_what_may_be_markup_is_a_reference(char):
    """Each of them, wherever it is, and it comes back as itself."""
    shown = escaped(f"a{char}b")
    assert shown == f"a&#{ord(char)};b"
    assert unescaped(shown) == f"a{char}b"


@each_row(
    ("words", "shown"),
    [
        ("snake_case", "snake_case"),
        ("_emphasis_", "&#95;emphasis&#95;"),
        ("a _ b", "a &#95; b"),
        ("http://x.org", "http&#58;//x.org"),
        ("www.x.org", "www&#46;x.org"),
        ("x.www.", "x.www&#46;"),
        ("a.b", "a.b"),
        (":smile: 10:30", "&#58;smile: 10:30"),
        ("a\x0bb\x1cc\x1dd\x1ee\x1ff\x85g", "a b c d e f g"),
        ("at 10:30", "at 10:30"),
        ("Note:", "Note&#58;"),
        ("#12 and #a", "&#35;12 and #a"),
        ("a == b ++ c -- d = e", "a &#61;&#61; b &#43;&#43; c &#45;&#45; d = e"),
        ("(c) (TM) (x)", "&#40;c) &#40;TM) (x)"),
        ("a\u202eb\u200fc\ufeffd\x00e\x7ff\u061cg\u2066h", "abcdefgh"),
        ("“é” – ü", "“é” – ü"),
    ],
)
def test_ordinary_words_stay_readable(words, shown):
    """Only what could act is a reference; what reorders or cannot be shown is dropped."""
    assert escaped(words) == shown


@each_row(
    ("address", "shown"),
    [
        ("https://x.org/a?b=c&d=e#f", "https://x.org/a?b=c&d=e#f"),
        ("https://x.org/a b", "https://x.org/a%20b"),
        (' https://x.org/<"> ', "https://x.org/%3C%22%3E"),
        ("https://x.org/[a]|`", "https://x.org/%5Ba%5D%7C%60"),
        ("https://x.org/a%20b", "https://x.org/a%20b"),
        ("https://x.org/\u202ea", "https://x.org/a"),
        ("https://x.org/é", "https://x.org/%C3%A9"),
        ("https://x.org/$!'()+,;=~-._:@*", "https://x.org/$!'()+,;=~-._:@%2A"),
    ],
)
def test_an_address_ends_at_the_next_space(address, shown):
    """What would end or open something is percent-encoded (RFC 3986), what is encoded stays."""
    assert escaped_url(address) == shown


def test_what_somebody_typed_is_read_as_html_reads_it():
    """Named references count too; words without any are themselves."""
    assert unescaped("a &amp; b &lt;") == "a & b <"
    assert unescaped("plain") == "plain"
