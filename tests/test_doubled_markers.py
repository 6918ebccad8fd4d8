"""One citation, one marker: what repeats it is found and removed."""

import pytest

from footnotary.gating import GateOptions, check_project
from footnotary.gating.mending import fixed
from footnotary.markers import find_doubled, without_doubled
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.rules.basis import CheckedDocument
from test_markers import citation

DOUBLED = [
    ("Keys.^[1]^[1]\n", "Keys.^[1]\n"),
    ("Keys.^[1]^[1]^[1]^[1]^[1]\n", "Keys.^[1]\n"),
    ("Keys.^[1] ^[1]\n", "Keys.^[1]\n"),
    ("Keys.^[1]\t \u00a0^[1] More.\n", "Keys.^[1] More.\n"),
    ("Keys.^[1,1]\n", "Keys.^[1]\n"),
    ("Keys.^[1, 2, 1]\n", "Keys.^[1,2]\n"),
    ("Keys.^[1][1]\n", "Keys.^[1]\n"),
    ("Keys.^[1]^[2]^[1]\n", "Keys.^[1]^[2]\n"),
    ("Keys.^[1,2]^[2,1]\n", "Keys.^[1,2]\n"),
    ("Keys.^[1]^[1,2]\n", "Keys.^[1]^[2]\n"),
    ("Keys.^[1]^[a-111111]\n", "Keys.^[1]\n"),
    ("Keys.^[a-111111]^[1]^[b-222222]\n", "Keys.^[a-111111]^[b-222222]\n"),
    ("Keys^[1].^[1] More.\n", "Keys^[1]. More.\n"),
    ("**Keys^[1]**^[1]\n", "**Keys^[1]**\n"),
    ("Keys.^[1]\n^[1] More.\n", "Keys.^[1]\nMore.\n"),
    ("Keys.^[1]\r\n^[1] More.\r\n", "Keys.^[1]\r\nMore.\r\n"),
    ("> Keys.^[1]\n> ^[1] More.\n", "> Keys.^[1]\n> More.\n"),
    ("- Keys.^[1]^[1]\n- Keys.^[1]\n", "- Keys.^[1]\n- Keys.^[1]\n"),
    ("| a |\n| --- |\n| Keys.^[1] ^[1] |\n", "| a |\n| --- |\n| Keys.^[1] |\n"),
    ("# Keys^[1]^[1]\n", "# Keys^[1]\n"),
    ("Keys.^[1]<!-- x -->^[1]\n", "Keys.^[1]<!-- x -->\n"),
    ("Keys.^[1]&nbsp;^[1]\n", "Keys.^[1]&nbsp;\n"),
    ("Keys.^[1]\\\n^[1] More.\n", "Keys.^[1]\\\nMore.\n"),
    ("- a\n    - Keys.^[1]^[1]\n", "- a\n    - Keys.^[1]\n"),
    ("| Keys^[1]^[1] |\n| --- |\n| a |\n", "| Keys^[1] |\n| --- |\n| a |\n"),
    ("!!! note\n    Keys.^[1]^[1]\n", "!!! note\n    Keys.^[1]\n"),
    ("> > Keys.^[1] ^[1]\n", "> > Keys.^[1]\n"),
    ("Keys^[1]: ^[1] two.\n", "Keys^[1]: two.\n"),
    ("*Keys*^[1]\u2014^[1] two.\n", "*Keys*^[1]\u2014 two.\n"),
    ("Keys (all^[1])^[1]^[1].\n", "Keys (all^[1]).\n"),
    ("Caf\u00e9 \u2013 keys\u2026^[1]^[1] \u2713\n", "Caf\u00e9 \u2013 keys\u2026^[1] \u2713\n"),
]
BLOCK = """
---

**Sources and Citations:**

[1] A - https://example.org/ - [Date Accessed: 2026-11-20] - "x" <!-- cite:a-111111 -->

[2] B - https://example.org/ - [Date Accessed: 2026-11-20] - "x" <!-- cite:b-222222 -->
"""


def undoubled(text):
    """A page without its doubled markers, and how many were found."""
    page = CheckedDocument("page.md", text)
    parts = (page.text, page.own_markers, page.blocks, page.closing)
    return without_doubled(*parts), len(list(find_doubled(*parts)))


def test_a_doubled_marker_is_removed_and_no_other_byte_is_moved():
    """Whatever spaces and punctuation stand between two notes of one citation, it is one."""
    for before, after in DOUBLED:
        block = BLOCK.replace("\n", "\r\n") if "\r" in before else BLOCK
        written, count = undoubled(before + block)
        assert count, before
        assert written == after + block
        assert undoubled(written) == (written, 0)


def test_markers_that_stand_apart_are_not_doubled():
    """Another sentence, cell, item or block; code; a region of the tool's."""
    region = (
        "<!-- footnotary:begin a -->\nKeys.^[1]^[1]\n<!-- footnotary:end a sha256="
        + "0" * 64
        + " -->\n"
    )
    for text in (
        "Keys.^[1] More.^[1]\n",
        "| a | b |\n| --- | --- |\n| x^[1] | ^[1] |\n",
        "- Keys.^[1]\n- ^[1]\n",
        "Keys.^[1]\n\n^[1] More.\n",
        "# Keys^[1]\n^[1] More.\n",
        "`^[1]^[1]` and \\^[1]\\^[1]\n",
        "```\nx^[1]^[1]\n```\n",
        "Keys.^[1]^[2]\n",
        "Keys^[1] + ^[1]\n",
        "Keys^[1] = ^[1]\n",
        "Keys^[1] \u2713 ^[1]\n",
        "Keys^[1] `x` ^[1]\n",
        "Keys^[1] <b>x</b> ^[1]\n",
        "[a^[1]](b) c ^[1]\n",
        region,
    ):
        assert undoubled(text + BLOCK) == (text + BLOCK, 0), text


@pytest.fixture
def project(tmp_path, today):
    """A project with two records."""
    store = RecordStore(tmp_path / "citations")
    store.new(citation("a-111111", quote="Keep keys for at least 24 hours"))
    store.new(citation("b-222222", quote="Start with a pool of 5 connections"))
    return Project(tmp_path)


def test_the_gate_finds_a_doubled_marker_and_fixes_it(project):
    """A warning with its place; `--diff` shows the fix, `--fix` makes it with the numbers."""
    page = project.root / "page.md"
    page.write_text("Keys are kept for 24 hours.^[a-111111]^[a-111111] ^[b-222222]\n")
    options = GateOptions(named=(str(page),), select=("CIT011", "CIT003"))
    places = {(f.code, f.line, f.column) for f in check_project(project, options).findings}
    assert ("CIT011", 1, 39) in places
    assert "+Keys are kept for 24 hours.^[1] ^[2]" in list(fixed(project, options, write=False))
    list(fixed(project, options, write=True))
    assert page.read_text().startswith("Keys are kept for 24 hours.^[1] ^[2]\n")
    assert check_project(project, options).findings == ()
