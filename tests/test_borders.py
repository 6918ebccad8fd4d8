"""What leaves footnotary means the same to the programs that read it.

pandoc and pybtex come with `pip install -e ".[dev]"`, citation-js and markdown-it-footnote with
`npm ci --prefix tests/borders`; one that is missing is skipped by name.
"""

import json
import re
import subprocess
from datetime import date
from html import unescape
from pathlib import Path
from shutil import which
from urllib.parse import unquote

import pytest

from footnotary.bibliography import FORMATS, make_reference, read_bibliography, write_bibliography
from footnotary.models import Claim
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.exporting import export_document
from test_exporting import FIRST, SECOND, TEXT
from test_records import citation

pytestmark = pytest.mark.slow
BORDERS = Path(__file__).parent / "borders"
# Each title with an author of its own: given, family, suffix; or the whole of an organisation.
LIBRARY = {
    "Redis persistence demystified": ("Ada", "Lovelace", ""),
    "PostgreSQL 17: MVCC & 100% of pg_stat_activity": ("John", "Smith", "Jr."),
    "C# vs. F# {generics} in $HOME": "Redis Ltd",
    "redis-cli --no-cache ~/x, 5 < 6 | wc": "Mozilla Foundation",
    "The \\n escape, _FOO_ and __init__": "O'Hara & Sons",
    'Don\'t quote "me"': "\u738b\u5c0f\u660e",
    "INSERT INTO t VALUES (1) -- the NULL": "Python Software Foundation",
    "\u00dcber Gr\u00f6\u00dfe: \u00c9COLE": "Simon & Schuster and Friends",
    "A <tag> #1 for x == y && z": ("J. R. R.", "Tolkien", ""),
    "\u65e5\u672c\u8a9e Redis \u30bf\u30a4\u30c8\u30eb": "Redis, Inc.",
    "Key: value; DOI: 10.1000/1": ("Mara", "Lindqvist", ""),
    "f(x) is of O(n) in the worst case": ("Jean-Luc", "McCarthy", ""),
}
RECORDS = [
    citation(
        title=title,
        authors=(who if isinstance(who, str) else " ".join(filter(None, who)),),
        exact=f"Keep keys for {number} hours, at most",
        published=date(2024, 5, number + 1),
        claims=(Claim(text="Publisher: somebody else", added=date(2026, 11, 23)),),
        final_url=f"https://docs.example.org/a_b%20c/{number};v=1?q=1&z=~y#f",
        tags=("db",),
    )
    for number, (title, who) in enumerate(LIBRARY.items())
]


def pandoc(text, reader, *words):
    """Return what pandoc makes of a text."""
    pypandoc = pytest.importorskip("pypandoc", reason="pandoc is not installed")
    command = [pypandoc.get_pandoc_path(), "--from", reader, *words]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return done.stdout


def node(text, kind):
    """Return what a program of npm makes of a text."""
    if not which("node") or not (BORDERS / "node_modules").is_dir():
        pytest.skip("citation-js and markdown-it are missing: npm ci --prefix tests/borders")
    command = ["node", str(BORDERS / "read.mjs"), kind]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def typed(text):
    """Return words with the quotation marks that programs set as they are typed."""
    return re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d]", '"', text))


@pytest.mark.parametrize(
    ("tool", "name"),
    [
        ("pandoc", "bibtex"), ("pandoc", "biblatex"), ("pandoc", "csl-json"), ("pandoc", "ris"),
        ("citation-js", "bibtex"), ("citation-js", "csl-json"), ("citation-js", "ris"),
    ],
)  # fmt: skip
def test_reference_managers_read_titles_authors_days_and_addresses(tool, name):
    """Every field is in its place, letter by letter, and no claim is a part of the source."""
    text = write_bibliography(RECORDS, "bibtex" if name == "biblatex" else name)
    if tool == "pandoc":
        items = json.loads(pandoc(text, name.replace("-", ""), "--to", "csljson"))
    else:
        items = node(text, "csl")
    assert [item["id"] for item in items] == [record.key for record in RECORDS]
    for item, record, who in zip(items, RECORDS, LIBRARY.values(), strict=True):
        assert typed(re.sub(r"</?span[^>]*>", "", item["title"])) == record.title
        assert item["URL"] == record.final_url
        (days,) = item["issued"]["date-parts"]
        whole = [2024, 5, record.published.day]
        assert days == (whole[:1] if (tool, name) == ("pandoc", "ris") else whole)
        (author,) = item["author"]
        said = {part: typed(words) for part, words in author.items() if words}
        if isinstance(who, str):  # RIS has no way to say that a comma is of the name itself
            words = " ".join(said[part] for part in ("literal", "family", "suffix") if part in said)
            assert words.replace(",", "").replace("\u00a0", " ") == who.replace(",", "")
            assert "given" not in said
        else:
            given, family, suffix = who
            assert said["given"] == given
            assert (
                f"{said['family']} {said.get('suffix', '')}".strip() == f"{family} {suffix}".strip()
            )
        assert "somebody else" not in json.dumps(
            [item.get("publisher"), item.get("container-title")]
        )
        if name != "ris":
            assert "somebody else" not in str(item.get("note", ""))


def test_bibtex_styles_print_titles_authors_and_the_year():
    """It reads as BibTeX does, and formats what a style prints."""
    database = pytest.importorskip("pybtex.database", reason="pybtex is not installed")
    from pybtex.plugin import find_plugin
    from pybtex.richtext import Text

    data = database.parse_string(write_bibliography(RECORDS, "bibtex"), "bibtex")
    style = find_plugin("pybtex.style.formatting", "unsrt")()
    printed = [
        entry.text.render_as("text") for entry in style.format_entries(data.entries.values())
    ]
    for line, record, who in zip(printed, RECORDS, LIBRARY.values(), strict=True):
        entry = data.entries[record.key]
        title = Text.from_latex(entry.fields["title"]).render_as("text")
        # what pybtex leaves as it is in the file
        assert title.replace("\\$", "$").replace("\\gen", "{gen").replace("ics\\", "ics}") == (
            record.title
        )
        assert "May 2024" in line
        assert "somebody else" not in line
        (person,) = entry.persons["author"]
        if isinstance(who, str):
            assert (person.first_names, len(person.last_names)) == ([], 1)
        else:
            given = " ".join([*person.first_names, *person.middle_names])
            assert (given, person.last_names[-1]) == who[:2]


def test_a_library_comes_back_whole():
    """What is exported is imported as it was, in every format."""
    for name in FORMATS:
        back = read_bibliography(write_bibliography(RECORDS, name), name)
        assert back.references == tuple(map(make_reference, RECORDS))


@pytest.fixture
def notes(tmp_path, today):
    """Return what a document is exported as."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "d.md").write_text(TEXT.replace(" Not mine.^[ibid]", ""))
    store = RecordStore(tmp_path / "citations")
    for record in (FIRST, SECOND):
        store.new(record)
    return lambda form: export_document(Project(tmp_path), tmp_path / "d.md", form)


def said_by(words):
    """Return which source a note is about, by its title, quote and link."""
    words = unquote(unescape(re.sub("<[^>]+>", "", words)))
    for number, record in enumerate((FIRST, SECOND), 1):
        if record.title in words:
            assert f"\u201c{record.quote.exact}\u201d" in words
            assert f"{record.final_url}#:~:text={record.quote.exact}" in words
            return number
    raise AssertionError(words)


ORDER = [1, 2, 1, 2, 1, 2]


@pytest.mark.parametrize("reader", ["gfm", "markdown", "commonmark_x"])
def test_pandoc_knows_the_source_of_every_footnote(notes, reader):
    """Every mark has its own source's title, quote and link, in the order of the text."""

    def notes_in(one):
        for part in one.values() if isinstance(one, dict) else one:
            if isinstance(part, dict | list):
                yield from (
                    [part["c"]]
                    if isinstance(part, dict) and part.get("t") == "Note"
                    else (notes_in(part))
                )

    document = json.loads(pandoc(notes("notes"), reader, "--to", "json"))
    said = [
        pandoc(json.dumps(document | {"blocks": note}), "json", "--to", "plain", "--wrap=none")
        for note in notes_in(document["blocks"])
    ]
    assert [said_by(words) for words in said] == ORDER


def test_word_prints_the_numbers_of_the_document(notes, tmp_path):
    """A source's second mark is its number again, where Pandoc would count on."""
    path = tmp_path / "d.docx"
    pandoc(notes("docx-ready"), "markdown", "--to", "docx", "--output", str(path))
    pypandoc = pytest.importorskip("pypandoc")
    plain = pypandoc.convert_file(str(path), "plain", extra_args=["--wrap=none"])
    body, _, said = plain.partition("\n[1] ")
    marks = re.findall(r"(?<=\[)\d(?=\])|[\u00b9\u00b2]", body.replace("^[1]", ""))
    assert [int(one.translate({0xB9: "1", 0xB2: "2"})) for one in marks] == ORDER
    first, _, second = said.partition("\n[2] ")
    assert (said_by(first), said_by(second)) == (1, 2)


@pytest.mark.parametrize("tool", ["Python-Markdown", "markdown-it-footnote"])
def test_renderers_give_a_footnote_the_number_of_its_source(notes, tool):
    """Marks of one source have one number, and its definition is what that number leads to."""
    if tool == "Python-Markdown":
        page = notes("html")
        marks = re.findall(r'<a class="footnote-ref" href="#fn:\d+">(\d+)</a>', page)
    else:
        page = node(notes("notes"), "notes")
        marks = re.findall(r'<a href="#fn\d+" id="fnref[\d:]+">\[(\d+)(?::\d+)?\]</a>', page)
    assert list(map(int, marks)) == ORDER
    definitions = re.findall(r'<li id="fn:?\d+".*?</li>', page, re.DOTALL)
    assert [said_by(one) for one in definitions] == [1, 2]
