"""What a marker covers from elsewhere is held against its quote, too."""

from datetime import date

import pytest

from footnotary.gating import GateOptions, check_project
from footnotary.gating.quality import _figures
from footnotary.models import Claim, Support
from footnotary.project import Project
from footnotary.records import RecordStore
from test_markers import citation

QUOTE = "The server takes at most 100 connections at once."
REFUSED, UNDECIDED, UNCITED = "CLM002", "CLM009", "CLM001"
TABLE = "| what | limit{} | source |\n| --- | --- | --- |\n| connections | at most 900 | {} |\n"
COVERED = (
    ("### It takes 900 connections^[k]\n\nOk.\n", [(REFUSED, 1), (UNDECIDED, 3)]),
    ("# Limits^[k]\n\n## More\n\nIt takes at most 800.\n", [(UNDECIDED, 1), (REFUSED, 5)]),
    ("Title^[k]\n===\n\nIt takes at most 800.\n", [(UNDECIDED, 1), (REFUSED, 4)]),
    ("Limits:^[k]\n\n- at most 900\n", [(UNDECIDED, 1), (REFUSED, 3)]),
    ("Limits^[k]:\n\n1. at most 900\n2. ok\n", [(UNDECIDED, 1), (REFUSED, 3)]),
    ("> Limits:^[k]\n>\n> - at most 900\n", [(UNDECIDED, 1), (REFUSED, 3)]),
    ("- Limits:^[k]\n  - at most 900\n- at most 8\n", [(UNDECIDED, 1), (REFUSED, 2)]),
    (f"Limits:^[k]\n\n{TABLE.format('', '')}", [(UNDECIDED, 1), (REFUSED, 5)]),
    (TABLE.format("^[k]", ""), [(UNDECIDED, 1), (REFUSED, 3)]),
    (TABLE.format("", "^[k]"), [(UNDECIDED, 3), (REFUSED, 3)]),
    (TABLE.format("", "see the docs^[k]"), [(UNDECIDED, 3), (REFUSED, 3)]),
    # The marker of a cell with words of its own is perhaps not that of the row.
    (TABLE.format("", "it takes some^[k]"), [(UNDECIDED, 3)]),
    # What it does not cover: the next section, the text below a list, another's quotation.
    ("# It^[k]\n\n> It takes 900.\n", [(UNDECIDED, 1)]),
    ("## It^[k]\n\n## B\n\nIt takes at most 800 MB.\n", [(UNDECIDED, 1), (UNCITED, 5)]),
    ("It:^[k]\n\n- ok\n\nIt takes at most 800 MB.\n", [(UNDECIDED, 1), (UNCITED, 5)]),
    (f"# {QUOTE}^[k]\n\nBelow it:\n\n{QUOTE}\n", [(UNDECIDED, 3)]),
)


@pytest.fixture
def project(tmp_path):
    """A project with a record."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    insisted = Claim(
        text="It takes 777 of them.", added=date(2026, 11, 1), support=Support.INSISTED
    )
    record = citation("a-111111", quote=QUOTE, claims=(insisted,))
    RecordStore(Project(tmp_path).citations).new(record)
    return Project(tmp_path)


def found_in(project, text):
    """Codes and lines of what is found about the claims of a page."""
    page = project.root / "page.md"
    page.write_text(text.replace("^[k]", "^[a-111111]"))
    options = GateOptions(named=(str(page),), select=("CLM",))
    return [(one.code, one.line) for one in check_project(project, options).findings]


def test_what_a_marker_covers_is_judged_or_counted(project):
    """A heading's, lead-in's, caption's or column's marker: its own words and those below it."""
    for text, expected in COVERED:
        assert sorted(set(found_in(project, text))) == sorted(set(expected)), text


def test_an_insisted_claim_is_named_where_it_is(project):
    """A check of one file names it by its line, in prose and under a heading."""
    assert found_in(project, "Yes.\n\nIt takes 777 of them.^[k]\n") == [("CLM007", 3)]
    assert ("CLM007", 3) in found_in(project, "# It^[k]\n\nIt takes 777 of them.\n")
    pages = GateOptions(select=("CLM007",), pages=("page.md",))
    assert [(one.path, one.line) for one in check_project(project, pages).findings] == [
        ("page.md", 3)
    ]


def test_a_claim_below_a_marked_heading_counts_as_cited():
    """The figures of quality have what rests on a marker above it."""
    figures = _figures("# It^[a-111111]\n\nIt takes at most 800 MB.\n\nSo we do.\n")
    assert (len(figures.cited), figures.uncited) == (2, 0)
