"""What a formatter makes of a document is the same document: other tools may be hooks as well.

The texts below `data/formatted` were written by Prettier 3 (`--prose-wrap always`) and mdformat 1.0
(`--wrap 80`, with mdformat-frontmatter), out of those in `synced`; `both` by one after the other.
"""

from datetime import date
from pathlib import Path

from markdown import markdown

from footnotary.markers import closing_of, synced
from footnotary.markers.closing import sources_at_end
from footnotary.publishing.document_pages import with_directives
from footnotary.records import RecordStore
from tables import each_row
from test_markers import citation

FOLDER = Path(__file__).parent / "data" / "formatted"
RECORDS = {
    "snake-case-111111": (
        "The snake_case __init__ and *stars* page",
        "https://example.org/a_b/__init__.html?x=1&y=_z_#frag_ment",
        """The `server_side_cursors` option of __init__ takes at most 100 connections [2] at once, \
and *nothing* more than that is ever said by this rather long sentence.""",
    ),
    "dashes-222222": (
        "Page - with - dashes -- and --- more",
        "https://example.org/p(a)/q",
        'He said "never - ever" use <b>bold</b> & $5 or $6; 1. first 2) second',
    ),
    "short-333333": ("T", "https://x.org/", "# Heading-like quote + plus - minus"),
    "brackets-444444": (
        "Émile’s “page” | pipes",
        "https://example.org/%20%C3%A9",
        "[1] A quote that begins like an entry, ends with a colon:",
    ),
    "list-555555": (
        "2. Numbered title",
        "https://example.org/very/long/path/that/is/longer/than/eighty/characters/for/certain/on",
        "1) One 2) two ~~three~~ ==four== ++five++ https://bare.example.org/x_y www.example.org",
    ),
}
CITATIONS = {
    key: citation(key, quote, title=title, search_terms=("snake_case *terms*", "two")).model_copy(
        update={"final_url": address}
    )
    for key, (title, address, quote) in RECORDS.items()
}
HAND = """\
[1] By hand, https://hand.example.org/a_b - Accessed: 2025-01-02 - "words of a hand"
  and my remark about it that is rather long so that it needs wrapping by any formatter

**Research Context:**

- Analysis Date: 2026-11-01
- Scope: all of it, and some_more_words that are rather long so that it needs wrapping by any
- Mine
  - sub one
  - sub two
"""
DOCUMENTS = {
    "all.md": "# One\n\nText^[snake-case-111111] and^[dashes-222222].\n\n- a^[short-333333]\n\n"
    "## Decisions\n\nB^[brackets-444444][list-555555].\n",
    "hand.md": "# Two\n\nA^[list-555555].\n\nB^[brackets-444444].\n\n"
    "**Sources and Citations:**\n\n" + HAND,
    "bare.md": "Short^[short-333333].\n",
    "remark.md": "# Five\n\nA^[snake-case-111111,short-333333].\n\n**Sources and Citations:**\n\n"
    "[1] x - https://x.org <!-- cite:snake-case-111111 --> my own remark, a long one, behind the\n"
    "key of the entry, which must stay\nand a second line of it\n",
    "list.md": "---\ntitle: x\n---\n\nA^[1]. B^[2].\n\n## Sources and Citations\n\n"
    '1. One of my own, https://hand.example.org/a_b - Accessed: 2025-01-02 - "words of a hand"\n'
    "2. Another, https://hand.example.org/c - Accessed: 2025-01-02 - which I have only looked at\n",
}
FORMATTERS = ("prettier", "mdformat", "both")


def sync(markdown, day=date(2026, 11, 25)):
    """Synced, with the versions that the documents are about."""
    return synced(markdown, CITATIONS, day, {"fastapi": "0.115", "snake_lib": "1.0"})


def entries(markdown):
    """Number and key of each entry, and what the entries without a key say."""
    found = closing_of(markdown).sources.entries
    return [(one.number, one.key, "" if one.key else (one.url, one.quote)) for one in found]


@each_row("name", DOCUMENTS)
def test_sync_has_nothing_to_do_behind_a_formatter(name):
    """No record and no word is lost, and the two undo nothing of each other."""
    before = (FOLDER / "synced" / name).read_text()
    assert sync(DOCUMENTS[name], date(2026, 11, 23)) == before
    for formatter in FORMATTERS:
        text = (FOLDER / formatter / name).read_text()
        assert sync(text) == text, formatter
        assert entries(text) == entries(before), formatter
        keys = [key for _, key, _ in entries(before) if key]
        assert [one.key for one in sources_at_end(text) if one.key] == keys


def test_what_changes_behind_a_formatter_changes_alone():
    """Another source: the entries that stay are kept as they are, remarks with them."""
    for formatter in FORMATTERS:
        text = (FOLDER / formatter / "remark.md").read_text()
        more = sync(text.replace("A^[1,2].", "A^[1,2] B^[list-555555]."))
        (remarked, *_) = closing_of(text).sources.entries
        assert f"[1] {remarked.written}\n" in more
        assert [key for _, key, _ in entries(more)] == [
            "snake-case-111111", "short-333333", "list-555555",
        ]  # fmt: skip
        turned = sync(text.replace("A^[1,2].", "A^[2,1]."))
        assert "my own remark, a long one, behind the" in " ".join(turned.split())
        assert sync(turned) == turned


def test_a_word_that_was_changed_in_a_wrapped_quote_is_put_right():
    """The quote is the record's: only how its lines are wrapped is a formatter's."""
    for formatter in FORMATTERS:
        text = (FOLDER / formatter / "all.md").read_text()
        false = text.replace("100", "900").replace("rather long", "rather short")
        (entry, *_) = closing_of(sync(false)).sources.entries
        assert "100 connections" in entry.quote
        assert "rather long" in entry.quote
        assert "900" not in sync(false)


def test_a_directive_that_a_formatter_took_for_a_paragraph_is_one_on_the_site():
    """Options of mkdocstrings go on an indented line of their own: each is put back there."""
    options = '{heading_level: 4, filters: ["!^_[^_]", "!^_a_b$"], show_source: false}'
    escaped = options.replace("[", "\\[").replace("_a", "\\_a")
    written = f"::: shop.cli\n    options: {options}\n"
    for text in (
        written,
        f"::: shop.cli options: {options}\n".replace('", "', '",\n"'),
        f":::\nshop.cli\noptions: {escaped}\n".replace("show_source: ", "show_source:\n"),
    ):
        assert with_directives(f"# x\n\n{text}\nBehind.\n") == f"# x\n\n{written}\nBehind.\n"


@each_row("name", DOCUMENTS)
def test_the_site_shows_the_same_sources_behind_a_formatter(name, tmp_path):
    """Each entry with its record, also where its key begins a line, which is a block of HTML."""
    store = RecordStore(tmp_path)
    for record in CITATIONS.values():
        store.new(record)
    options = {"footnotary.markdown_extension": {"citations": str(tmp_path)}}

    def shown(folder):
        text = (FOLDER / folder / name).read_text().removeprefix("---\ntitle: x\n---\n")
        html = markdown(text, extensions=[*options], extension_configs=options)
        section = html.partition("<section")[2].partition("</section>")[0]
        return " ".join(section.split())

    expected = shown("synced")
    assert expected.count("<li id=") == len(entries((FOLDER / "synced" / name).read_text()))
    for formatter in FORMATTERS:
        assert shown(formatter) == expected, formatter
