"""Documents in both forms, and a library, in the hands of the programs that others use.

Each program runs once for all tests: those of npm in one process (`npm ci --prefix tests/borders`),
mdformat in this one, biber where Debian's is installed. One that is missing is skipped by name.
"""

import json
import re
import subprocess
from html import unescape
from shutil import which

import pytest

from footnotary.bibliography import FORMATS, write_bibliography
from footnotary.project import Project
from footnotary.publishing.engine import build_site
from footnotary.publishing.initialising import initialise
from footnotary.records import RecordStore
from test_borders import BORDERS, LIBRARY, RECORDS, node, pandoc, typed
from test_footnote_form import NOTES, OURS, meaning, sync
from test_formatted import CITATIONS, DOCUMENTS

pytestmark = pytest.mark.slow
FORMS = {"ours": OURS, "notes": NOTES}
TEXTS = {
    f"{name} {form}": sync(text, shown)
    for name, text in DOCUMENTS.items()
    for form, shown in FORMS.items()
} | {"colon ours": sync("A^[short-333333]: so. B^[dashes-222222].\n", OURS)}


def numbers(text):
    """Return the numbers of a document's markers in order."""
    said = re.split(r"\*\*Sources|## Sources", text)[0]
    labels = re.findall(r"\[\^?([\d,]+)\]", said)
    return [number for label in labels for number in label.split(",")]


@pytest.fixture(scope="module")
def bench():
    """Return what citation-js, remark, MyST and Prettier make of everything, in one process."""
    if not (BORDERS / "node_modules" / "myst-parser").is_dir():
        pytest.skip("remark, MyST and Prettier are missing: npm ci --prefix tests/borders")
    libraries = [write_bibliography(RECORDS, name) for name in FORMATS]
    return node(json.dumps({"libraries": libraries, "documents": TEXTS}), "bench")


@pytest.mark.parametrize("tool", ["citation-js", "pandoc"])
def test_styles_print_authors_days_titles_and_addresses_alike(bench, tool):
    """APA by citation-js, and Pandoc's own citeproc, from each format; no claim is printed."""
    for at, name in enumerate(FORMATS):
        if tool == "citation-js":
            lines = bench["printed"][at].splitlines()
        else:
            text = write_bibliography(RECORDS, name)
            reader = name.replace("-", "")
            lines = pandoc(text, reader, "--citeproc", "--to", "plain", "--wrap=none").split("\n\n")
        said = "\n".join(typed(line).replace("\u00a0", " ") for line in lines)
        assert "somebody else" not in said
        for record, who in zip(RECORDS, LIBRARY.values(), strict=True):
            (line,) = (one for one in said.splitlines() if record.final_url in one)
            title = record.title.replace('"me"', '"me')  # the full stop goes inside
            wanted, printed = (one.replace('"', "'").casefold() for one in (title, line))
            assert wanted in printed, (tool, name)  # Chicago capitalises titles
            family = who if isinstance(who, str) else who[1]
            assert line.replace(",", "").startswith(family.replace(",", "")), (tool, name)
            assert "2024" in line, (tool, name)


def test_biber_reads_every_field_and_warns_of_none(tmp_path):
    """Biblatex's own program checks the fields against its data model, and writes them anew."""
    if not which("biber"):
        pytest.skip("biber is not installed")
    (tmp_path / "in.bib").write_text(write_bibliography(RECORDS, "bibtex"))
    command = ["biber", "--tool", "--validate-datamodel", "--output-file=out.bib", "in.bib"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert not re.search("WARN|ERROR", done.stdout + done.stderr)
    written = pandoc((tmp_path / "out.bib").read_text(), "biblatex", "--to", "csljson")
    ours = pandoc((tmp_path / "in.bib").read_text(), "biblatex", "--to", "csljson")
    said = {item["id"]: item for item in json.loads(written)}
    assert said == {item["id"]: item for item in json.loads(ours)}


@pytest.mark.parametrize("reader", ["remark", "MyST", "pandoc"])
def test_readers_of_footnotes_know_each_mark_and_its_source(bench, reader):
    """`[^1]` is a footnote with title, quote and address of its source; `^[1]` stays as it is."""
    for name, text in TEXTS.items():
        if reader == "pandoc":
            html = pandoc(text, "gfm", "--to", "html")
            marks = re.findall(r'<a\s+href="#fn\d+"\s+class="footnote-ref"[^>]*><sup>(\d+)', html)
            definitions = [
                unescape(re.sub("<[^>]+>", "", one))
                for one in re.findall(r'<li id="fn\d+">.*?</li>', html, re.DOTALL)
            ]
            words = unescape(re.sub("<[^>]+>", "", html))
        else:
            read = bench["read"][name][reader]
            marks, definitions = read["marks"], list(read["definitions"].values())
            words = read["words"]
        if name.endswith("ours"):
            assert not marks, (reader, name)
            assert all(one in words for one in re.findall(r"\^\[[\d,]+\]", text)), (reader, name)
            continue
        assert len(marks) == len(numbers(text)), (reader, name)
        if reader != "pandoc":  # which numbers a second mark of one note anew
            assert marks == numbers(text), (reader, name)
        for key in {key for key in meaning(text)[0] if key}:
            record = CITATIONS[key]
            quote, title = (" ".join(one.split()) for one in (record.quote.exact, record.title))
            assert any(
                typed(quote) in typed(" ".join(one.split()))
                and typed(title) in typed(" ".join(one.split()))
                for one in definitions
            ), (reader, name, key)


@pytest.mark.parametrize("order", ["Prettier", "mdformat", "Prettier, mdformat"])
def test_a_real_formatter_loses_no_source(bench, order):
    """Every marker keeps its record, `doc sync` has nothing to do, in both forms."""
    mdformat = pytest.importorskip("mdformat", reason="mdformat is not installed")
    for name, text in TEXTS.items():
        made = bench["formatted"][name] if order.startswith("Prettier") else text
        if order.endswith("mdformat"):
            made = mdformat.text(made, options={"wrap": 80}, extensions={"frontmatter"})
            assert made == mdformat.text(made, options={"wrap": 80}, extensions={"frontmatter"})
        form = FORMS[name.rpartition(" ")[2]]
        assert sync(made, form) == made, (order, name)
        marks, said = meaning(made)
        before, entries = meaning(text)
        assert marks == before, (order, name)
        assert [one[:4] for one in said] == [one[:4] for one in entries], (order, name)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a project whose pages are the documents, in both forms."""
    root = tmp_path_factory.mktemp("borders")
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    initialise(Project(root))
    store = RecordStore(root / "citations")
    for record in CITATIONS.values():
        store.new(record)
    for name, text in TEXTS.items():
        (root / "docs" / f"{name.replace('.md', '').replace(' ', '-')}.md").write_text(text)
    return root


def test_engines_show_the_same_sources_in_both_forms(site):
    """The number of each marker and the words of each entry, on MkDocs, ProperDocs and Zensical."""
    shown = {}
    for engine in ("mkdocs", "properdocs", "zensical"):
        pytest.importorskip(engine)
        built = build_site(Project(site), engine=engine).site
        for name, text in TEXTS.items():
            page = built / name.replace(".md", "").replace(" ", "-") / "index.html"
            html = page.read_text()
            marks = re.findall(r'class="footnote-ref fn-ref" href="#fn:(\d+)"', html)
            assert marks == numbers(text), (engine, name)
            entries = re.findall(r'<li id="fn:\d+".*?</li>', html, re.DOTALL)
            said = [" ".join(unescape(re.sub("<[^>]+>", " ", one)).split()) for one in entries]
            shown.setdefault(name.split()[0], []).append(said)
    for name, pages in shown.items():
        assert all(page == pages[0] for page in pages), name
