import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnotary.bibliography import FORMATS, exported, imported, make_reference
from footnotary.bibliography.formats import format_of
from footnotary.errors import UsageError
from footnotary.models import Claim
from test_records import citation

LINE = st.text(st.characters(exclude_categories=("C", "Z"))).map(lambda s: " ".join(s.split()))


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
    assert imported(exported([record], name), name) == (make_reference(record),)


@pytest.mark.parametrize(
    "author", ["Lindqvist, Mara", "The A and B Team", "O'Hara", "{braced}", "50% & more"]
)
@pytest.mark.parametrize("name", FORMATS)
def test_authors_are_one_each(name, author):
    """A name with `and`, commas or LaTeX in it stays one author."""
    record = citation(authors=(author, "Second"))
    assert imported(exported([record], name), name)[0].authors == (author, "Second")


@pytest.mark.parametrize(
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
        imported(text, name)
    assert "\n" not in broken.value.message


def test_a_foreign_bibtex_file_is_understood():
    """Entries by other programs: `@misc`, `annote`, quotes around values, year only."""
    entry = imported(
        '@misc{a, author = "Ada Lovelace and {NASA and ESA}", title = "{On} Engines",'
        ' url = "https://example.org/a_b", year = 2020, annote = "Five \\% of it"}',
        "bibtex",
    )[0]
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
    assert f"annote = {{{whole}}}" in exported([record], "bibtex")
    (item,) = json.loads(exported([record], "csl-json"))
    assert (item["annote"], "note" in item) == (whole, False)
    for name, text in (
        ("bibtex", "@misc{x, url = {https://e.org}, annote = {Keep keys}, note = {in press}}"),
        (
            "csl-json",
            '[{"id": "x", "URL": "https://e.org", "annote": "Keep keys", "note": "in press"}]',
        ),
    ):
        (entry,) = imported(text, name)
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
        (entry,) = imported(text, name)
        assert (entry.quote, entry.claims) == ("Q q", ("C.",))


def test_tex_letters_doubled_keys_and_other_places_of_a_url_are_read():
    """What hand-written and merged .bib files have: TeX accents, URL macros, DOIs, keys twice."""
    text = r"""
@article{m, author = {M{\"u}ller, J\"org and P. Erd\H{o}s}, doi = {10.1000/xyz\_1},
  annote = {The caf\'e waits 30~seconds in {\v{C}}esko, stra{\ss}e \o re}}
@misc{w, howpublished = {\url{https://example.org/a\_b}}, annote = {first}}
@misc{w, url = {https://example.org/c\%20d}, annote = "second"}
"""
    article, first, second = imported(text, "bibtex")
    assert article.authors == ("Müller, Jörg", "P. Erdős")
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
    """BibTeX and CSL-JSON have no field for it: it comes back out of the note, not as a claim."""
    record = citation(claims=()).model_copy(update={"modified": date(2026, 5, 31)})
    for name in ("bibtex", "csl-json"):
        text = exported([record], name)
        assert "Last changed 2026-05-31" in text
        assert imported(text, name) == (make_reference(record),)
