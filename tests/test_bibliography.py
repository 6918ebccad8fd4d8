import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnotary.bibliography import (
    FORMATS,
    format_of,
    make_reference,
    read_bibliography,
    write_bibliography,
)
from footnotary.errors import UsageError
from footnotary.models import Claim
from tables import each_row
from test_records import citation

LINE = st.text(st.characters(exclude_categories=("C", "Z"))).map(lambda s: " ".join(s.split()))


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@given(
    title=LINE.filter(bool),
    quote=LINE.filter(bool),
    claims=st.lists(
        LINE.filter(lambda words: words and "||" not in words), max_size=3, unique=True
    ),
    author=LINE,
)
def test_what_is_exported_comes_back(name, title, quote, claims, author):
    """Every format holds quote, claims and source so that they can be read back whole."""
    record = citation(
        title=title,
        exact=quote,
        claims=tuple(Claim(text=text, added=date(2026, 11, 23)) for text in claims),
        authors=(author,) if author else (),
        tags=("db",),
    )
    assert read_bibliography(write_bibliography([record], name), name).references == (
        make_reference(record),
    )


@each_row(
    "author",
    [
        "Mara Lindqvist",
        "Guido van Rossum",
        "John Smith Jr.",
        "The A and B Team",
        "O'Hara",
        "{braced}",
        "50% & more",
    ],
)
@each_row("name", FORMATS)
def test_authors_are_one_each(name, author):
    """A name with `and`, commas or LaTeX in it stays one author."""
    record = citation(authors=(author, "Second"))
    assert read_bibliography(write_bibliography([record], name), name).references[0].authors == (
        author,
        "Second",
    )


@each_row(
    ("name", "text"),
    [
        ("bibtex", "@online{key, title = {never closed"),
        ("csl-json", "{"),
        ("csl-json", "[1]"),
        ("ris", "TI  - no beginning\nER  - \n"),
    ],
)
def test_a_broken_file_is_one_sentence(name, text):
    """A bibliography that cannot be read is an error with a hint, not a traceback."""
    with pytest.raises(UsageError) as broken:
        read_bibliography(text, name)
    assert "\n" not in broken.value.message


def test_a_foreign_bibtex_file_is_understood():
    """Entries by other programs: `@misc`, `annote`, quotes around values, year only."""
    (entry,) = read_bibliography(
        '@misc{a, author = "Ada Lovelace and {NASA and ESA}", title = "{On} Engines",'
        ' url = "https://example.org/a_b", year = 2020, annote = "Five \\% of it"}',
        "bibtex",
    ).references
    assert entry.authors == ("Ada Lovelace", "NASA and ESA")
    assert entry.title == "On Engines"
    assert entry.url == "https://example.org/a_b"
    assert entry.quote == "Five % of it"
    assert entry.published is None


def test_claims_stand_where_other_programs_keep_a_readers_own_words():
    """Quote and claims are one annotation; a `note` is printed by styles, and is nobody's claim."""
    claims = tuple(
        Claim(text=text, added=date(2026, 11, 23))
        for text in ("Keys live a day.", "DOI: 10.1000/1")
    )
    record = citation(exact="Keep keys for 24 hours", claims=claims)
    whole = "Keep keys for 24 hours || Claim: Keys live a day. || Claim: DOI: 10.1000/1"
    assert f"annote = {{{whole}}}" in write_bibliography([record], "bibtex")
    (item,) = json.loads(write_bibliography([record], "csl-json"))
    assert (item["annote"], "note" in item) == (whole, False)
    for name, text in (
        ("bibtex", "@misc{x, url = {https://e.org}, annote = {Keep keys}, note = {in press}}"),
        (
            "csl-json",
            '[{"id": "x", "URL": "https://e.org", "annote": "Keep keys", "note": "in press"}]',
        ),
    ):
        (entry,) = read_bibliography(text, name).references
        assert (entry.quote, entry.claims) == ("Keep keys", ())


def test_what_the_first_release_exported_is_read():
    """Its claim was the `note`, its quote in BibTeX the `annotation`."""
    key = "docs-example-org-pools-1a2b3c"
    for name, text in (
        (
            "bibtex",
            f"@online{{{key}, url = {{u:e}}, annotation = {{Q q}}, note = {{C.}}}}",
        ),
        ("csl-json", f'[{{"id": "{key}", "URL": "https://e.org", "annote": "Q q", "note": "C."}}]'),
    ):
        (entry,) = read_bibliography(text, name).references
        assert (entry.quote, entry.claims) == ("Q q", ("C.",))


def test_tex_letters_doubled_keys_and_other_places_of_a_url_are_read():
    """What hand-written and merged .bib files have: TeX accents, URL macros, DOIs, keys twice."""
    text = r"""
@article{m, author = {M{\"u}ller, J\"org and P. Erd\H{o}s}, doi = {10.1000/xyz\_1},
  annote = {The caf\'e waits 30~seconds in {\v{C}}esko, stra{\ss}e \o re}}
@misc{w, howpublished = {\url{https://example.org/a\_b}}, annote = {first}}
@misc{w, url = {https://example.org/c\%20d}, annote = "second"}
"""
    article, first, second = read_bibliography(text, "bibtex").references
    assert article.authors == ("Jörg Müller", "P. Erdős")
    assert article.quote == "The café waits 30 seconds in Česko, straße øre"
    assert article.url == "https://doi.org/10.1000/xyz_1"
    assert (first.url, first.quote) == ("https://example.org/a_b", "first")
    assert (second.url, second.quote) == ("https://example.org/c%20d", "second")


def test_the_suffix_names_the_format():
    """`.bib`, `.json` and `.ris` need no --format; anything else is refused with a hint."""
    assert [format_of(suffix) for suffix in (".bib", ".json", ".RIS")] == [
        "bibtex",
        "csl-json",
        "ris",
    ]
    with pytest.raises(UsageError):
        format_of(".docx")


def test_the_day_of_the_last_change_is_a_note():
    """No format has a field for it: it comes back out of the note, not as a claim."""
    record = citation(claims=()).model_copy(update={"modified": date(2026, 5, 31)})
    for name in FORMATS:
        text = write_bibliography([record], name)
        assert "Last changed 2026-05-31" in text
        assert read_bibliography(text, name).references == (make_reference(record),)


PARTS = {
    "Ada Lovelace": ("Lovelace, Ada", "Lovelace, Ada"),
    "Guido van Rossum": ("van Rossum, Guido", "van Rossum, Guido"),
    "John Smith Jr.": ("Smith, Jr., John", "Smith Jr., John"),
    "Jane Doe, PhD": ("Doe, PhD, Jane", "Doe PhD, Jane"),
    "Jean-Luc McCarthy": ("McCarthy, Jean-Luc", "McCarthy, Jean-Luc"),
    "J. R. R. Tolkien": ("Tolkien, J. R. R.", "Tolkien, J. R. R."),
    "Mar\u00eda de los \u00c1ngeles Garc\u00eda": ("de los \u00c1ngeles Garc\u00eda, Mar\u00eda",)
    * 2,
    "Lindqvist, Mara": ("Lindqvist, Mara", "Lindqvist, Mara"),
    "Redis Ltd": ("{Redis Ltd}", "Redis Ltd,"),
    "Redis, Inc.": ("{Redis, Inc.}", "Redis\u00a0Inc.,"),
    "Python Software Foundation": ("{Python Software Foundation}", "Python Software Foundation,"),
    "NASA Goddard": ("{NASA Goddard}", "NASA Goddard,"),
    "GitHub Docs": ("{GitHub Docs}", "GitHub Docs,"),
    "Example": ("{Example}", "Example"),
    "Red Hat": ("{Red Hat}", "Red Hat,"),  # the page is at redhat.example.org
    "antirez": ("{antirez}", "antirez"),
    "\u738b\u5c0f\u660e": ("{\u738b\u5c0f\u660e}", "\u738b\u5c0f\u660e"),
}


def test_people_have_parts_and_organisations_are_whole():
    """`Last, First` for what has a person's form, suffixes kept; all else is one name."""
    record = citation(authors=tuple(PARTS), final_url="https://redhat.example.org/a")
    bibtex, ris = (write_bibliography([record], name) for name in ("bibtex", "ris"))
    assert f"author = {{{' and '.join(one for one, _ in PARTS.values())}}}" in bibtex
    assert [line[6:] for line in ris.splitlines() if line[:2] == "AU"] == [
        two for _, two in PARTS.values()
    ]
    (item,) = json.loads(write_bibliography([record], "csl-json"))
    assert item["author"][1] == {
        "family": "Rossum",
        "given": "Guido",
        "non-dropping-particle": "van",
    }
    assert item["author"][2] == {"family": "Smith", "given": "John", "suffix": "Jr."}
    assert item["author"][8] == {"literal": "Redis Ltd"}
    for name in FORMATS:
        text = write_bibliography([record], name)
        (back,) = read_bibliography(text, name).references
        assert back.authors == make_reference(record).authors


def test_titles_keep_their_letters_in_every_reader_of_tex():
    """Capitals and the first word are braced, ligatures parted, braces never left alone."""
    for title, written in {
        "Redis and PostgreSQL persistence": "{Redis} and {PostgreSQL} persistence",
        "redis-cli: how to": "{redis}-cli: {how} to",
        "C# & F# at 100% for $5 in a_b": r"{C}\# \& {F}\# at 100\% for \$5 in a\_b",
        "Use --no-cache '' ~ ^ \\": r"{Use} -{}-no-cache '{}' \textasciitilde{} \textasciicircum{}"
        r" \textbackslash{}",
        "Two {braces}": r"{Two} \{braces\}",
        "One { brace": r"{One} \textbraceleft{} brace",
        "A < B | C": "{A} < {B} | {C}",
    }.items():
        assert f"title = {{{written}}},\n" in write_bibliography([citation(title=title)], "bibtex")


def test_days_are_in_every_field_that_readers_look_for():
    """BibTeX styles read `year` and `month`, biblatex `date`; Pandoc reads RIS's `PY` alone."""
    record = citation(published=date(2024, 5, 6))
    bibtex = write_bibliography([record], "bibtex")
    assert "date = {2024-05-06},\n\tyear = {2024},\n\tmonth = may,\n" in bibtex
    ris = write_bibliography([record, record], "ris")
    assert "PY  - 2024\nDA  - 2024/05/06\n" in ris
    assert [line[:2] for line in ris.splitlines() if line.startswith(("T", "1", "2"))] == [
        "TY", "TI", "TY", "TI",
    ]  # fmt: skip
    assert ris.startswith("TY  - ELEC\n")


def test_a_quote_may_begin_as_our_own_notes_do():
    """What stands first is the quote, though it says `Claim:` or names a day of change."""
    for quote in ("Claim: keys live a day", "Last changed 2026-05-31 by the team"):
        record = citation(exact=quote)
        for name in FORMATS:
            (back,) = read_bibliography(write_bibliography([record], name), name).references
            assert back == make_reference(record)


def test_addresses_with_semicolons_and_braces_are_whole():
    """A semicolon parts no addresses in RIS, and an open brace does not break a .bib file."""
    url = "https://example.org/a;b=1?q={x"
    record = citation(final_url=url)
    for name in FORMATS:
        (back,) = read_bibliography(write_bibliography([record], name), name).references
        assert back.url.replace("%7B", "{") == url


def test_what_other_programs_write_in_tex_is_read():
    """Symbols, dashes, quotes, formulas and formatting; what is not known stays as it is."""
    for tex, text in {
        r"10\textsuperscript{6} m\textsuperscript{2}": "10⁶ m2",
        r"pool\_size {\textgreater}= 5 {\textbar} {\textless} 10": "pool_size >= 5 | < 10",
        r"100\% \& 10{\textasciicircum}6 in {\textasciitilde}/.config": "100% & 10^6 in ~/.config",
        "``never'' -- not even 4--5 times": "\u201cnever\u201d \u2013 not even 4\u20135 times",
        r"each \emph{worker} opens \textbf{4}": "each worker opens 4",
        r"see \href{https://example.org/a\_b}{this page} or \url{https://example.org}":
            "see this page or https://example.org",
        r"costs $5 and $6, in $O(n)$": "costs $5 and $6, in O(n)",
        r"100% of x & y #1": "100% of x & y #1",
        r"--no-cache and ~/x \textbackslash{}n": "--no-cache and ~/x \\n",
        r"10\mystery{6} rows": r"10\mystery6 rows",
        r"\LaTeX{} na\"ive \c{c} {\ss}": "LaTeX na\u00efve \u00e7 \u00df",
    }.items():  # fmt: skip
        (entry,) = read_bibliography(f"@misc{{k, annote = {{{tex}}}}}", "bibtex").references
        assert entry.quote == text


def test_notes_that_are_html_are_read_as_their_words():
    """Zotero writes HTML into RIS; what we have written ourselves is taken as it is."""
    note = "<p>Use <code>pool_size</code> &gt;= 5</p>\n<p>or more</p>"
    for key, quote in {"x": "Use pool_size >= 5 or more", "docs-example-org-1a2b3c": None}.items():
        text = f"TY  - ELEC\nID  - {key}\nN1  - {note}\nER  - \n"
        (entry,) = read_bibliography(text, "ris").references
        assert entry.quote == (quote or " ".join(note.split()))


def test_a_thousand_entries_are_read_around_the_broken_ones():
    """The time grows with the file, whatever is broken in it."""
    entries = [
        f"@misc{{k{number}, title = {{T {number}" + ("" if number % 100 == 0 else "}}")
        for number in range(1_000)
    ]
    found = read_bibliography("\n".join(entries), "bibtex")
    assert (len(found.references), len(found.broken)) == (990, 10)
    assert found.broken[1].startswith("line 101:")


def test_what_other_programs_write_between_values_is_read():
    """Concatenated strings of BibTeX; RIS with one space, empty suffixes and both kinds of AU."""
    text = """@string{bo = {Roe, Bo}}
@misc{k, author = "Doe, Jane" # " and " # bo, title = {A # B}, year = 2024, month = may, day = 6}"""
    (entry,) = read_bibliography(text, "bibtex").references
    assert (entry.authors, entry.title) == (("Jane Doe", "Bo Roe"), "A # B")
    assert entry.published == date(2024, 5, 6)
    text = (
        "TY - JOUR\nTI - Words that\ngo on\nA1 - Doe,Jane,\nAU - Roe, Bo\nAU - Acme Ltd,\n"
        "DA - 2024/5/6/\nUR - https://e.org/a;b; https://e.org/c\nER -\n"
    )
    (entry,) = read_bibliography(text, "ris").references
    assert entry.authors == ("Jane Doe", "Bo Roe", "Acme Ltd")
    assert (entry.title, entry.published) == ("Words that go on", date(2024, 5, 6))
    assert entry.url == "https://e.org/a;b"


def test_fields_of_biblatex_and_doubled_fields_are_read():
    """Subtitles, eprints, DOIs, several addresses; of a doubled field the first counts."""
    text = r"""
@article{a, title = {Twice-born}, subtitle = {Meaning}, doi = {10/fg6rf9}, author = {X\relax}}
@book{b, title = {Why?}, subtitle = {Methodology\hyphen independent}, eprinttype = {jstor},
  eprint = {10\_2}}
@misc{c, title = {C}, title = {D}, keywords = {x}, keywords = {y}, archivePrefix = {arXiv},
  eprint = {math/0307200v3}}
@misc{d, url = {https://example.org/1;
     https://example.org/2}}
"""
    a, b, c, d = read_bibliography(text, "bibtex").references
    assert (a.title, a.url, a.authors) == (
        "Twice-born: Meaning",
        "https://doi.org/10/fg6rf9",
        ("X",),
    )
    assert b.title == "Why? Methodology-independent"
    assert b.url == "https://www.jstor.org/stable/10_2"
    assert (c.title, c.tags, c.url) == ("C", ("x", "y"), "https://arxiv.org/abs/math/0307200v3")
    assert d.url == "https://example.org/1"
    (item,) = read_bibliography('[{"id": "e", "DOI": "10.1000/x(1)"}]', "csl-json").references
    (ris,) = read_bibliography("TY  - JOUR\nDO  - 10.1000/x(1)\nER  - \n", "ris").references
    assert item.url == ris.url == "https://doi.org/10.1000/x(1)"


def test_initials_that_read_as_a_degree_or_a_club_come_back():
    """`M.D.` and `E.V.` behind a comma are no first names to a reader: such a name stays whole."""
    record = citation(authors=("E.V. Clark", "M.D. Sadek", "Ada Lovelace"))
    for name in FORMATS:
        (back,) = read_bibliography(write_bibliography([record], name), name).references
        assert back.authors == record.authors
