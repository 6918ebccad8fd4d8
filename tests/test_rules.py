"""What each rule finds that needs more around it than one page."""

import json
from datetime import date

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.facts.options import ReadOptions
from footnotary.gating import GateOptions, check_project
from footnotary.gating.mending import fixed
from footnotary.markers.structure import blocks_of, lines_of
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.rules.documents import anchors_of, links_in
from footnotary.rules.sources import contradictions
from tables import each_row
from test_markers import citation


@pytest.fixture
def project(tmp_path, today):
    """A project with a compose file."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    return Project(tmp_path)


def found(project, *named, **options):
    """What the gate finds: code, path, message."""
    report = check_project(project, GateOptions(named=tuple(map(str, named)), **options))
    return [(each.code, each.path, each.message) for each in report.findings]


def cited(project, **fields):
    """A page that cites one record."""
    record = citation("a-111111", quote="Keys are kept for 24 hours.")
    RecordStore(project.citations).new(record.model_copy(update=fields))
    page = project.root / "page.md"
    page.write_text("Keys are kept for 24 hours.^[a-111111]\n")
    writing.sync_documents(project, [page])
    return page


def test_a_source_is_old_by_the_limit_of_its_tag(project):
    """The shortest limit of its tags counts, whatever the general one is."""
    page = cited(project, accessed=date(2026, 8, 1), tags=("security", "pools"))
    assert found(project, page) == []
    by_tag = {"security": 90, "pools": 400}
    ((code, _, message),) = found(project, page, stale_after_days_by_tag=by_tag)
    assert code == "CIT006"
    assert "more than 90 days ago" in message
    assert found(project, page, stale_after_days_by_tag={"other": 1}) == []
    assert "CIT006" in [code for code, *_ in found(project, page, stale_after_days=30)]


def test_a_superseded_source_is_replaced_by_its_last_successor(project):
    """The finding names the command; it cites what reads, through two successors, and no circle."""
    page = cited(project, superseded_by="b-222222")
    store = RecordStore(project.citations)
    assert [row[0] for row in found(project, page, select=("CIT",))] == ["CIT007"]
    options = GateOptions(named=(str(page),), select=("CIT",))
    assert list(fixed(project, options, write=True)) == []  # there is no record of that key yet
    words = "Keys are kept for 24 hours."
    store.save(citation("b-222222", quote=words, superseded_by="c-333333"))
    store.save(citation("c-333333", quote=words, superseded_by="b-222222"))
    ((code, _, message),) = found(project, page, select=("CIT",))
    assert (code, message) == ("CIT007", "a-111111 was superseded by b-222222.")
    store.save(citation("c-333333", quote=words))
    shown = "\n".join(fixed(project, options, write=False))
    assert "+[1] " in shown
    assert "<!-- cite:c-333333 -->" in shown
    done = list(fixed(project, options, write=True))
    assert done == ["replaced superseded citations in page.md", "synced page.md"]
    assert page.read_text().startswith("Keys are kept for 24 hours.^[1]\n")
    assert "cite:c-333333" in page.read_text()
    assert "a-111111" not in page.read_text()
    assert found(project, page, select=("CIT",)) == []


def test_a_broken_record_is_one_finding(project):
    """In its own file where all is checked, at its marker where one page is."""
    page = cited(project)
    (project.citations / "a-111111.yaml").write_text("schema: 2\nfoo: bar\n")
    ((code, path, at_marker),) = found(project, page, select=("CIT",))
    assert (code, path) == ("CIT010", "page.md")
    ((code, path, message),) = found(project, select=("CIT",), pages=("*.md",))
    assert (code, path, message) == ("CIT010", "citations/a-111111.yaml", at_marker)


@each_row(
    ("one", "other", "contradicts"),
    [
        ("The default pool size is 5 connections", "The default pool size is 10 connections", True),
        ("Sessions are safe for concurrent use", "Sessions are not safe for concurrent use", True),
        ("Sessions aren't safe to share here", "Sessions are safe to share here", True),
        ("The default pool size is 5 connections", "The default pool size is 5 connections", False),
        ("Row 1 has 5 entries in all", "Row 2 has 7 entries in all", False),
        ("Limit is 5", "Limit is 6", False),  # too short to say of what
    ],
)
def test_records_contradict_by_one_number_or_a_negation(one, other, contradicts):
    """The same words with one other number, or denied; tables of numbers do not."""
    records = [citation("a-111111", quote=one), citation("b-222222", quote=other)]
    assert bool(list(contradictions(records))) is contradicts


def test_a_document_that_was_renamed_or_moved_is_found(project):
    """Nothing would refresh or publish it any more; what others keep there is not looked at."""
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    (project.current / "registry.md").write_text("# A registry\n\n| generator: footnotary | |\n")
    assert not [row for row in found(project) if row[0] == "DOC002"]
    moved = project.current / "DEPLOY-shop.md"
    path.rename(moved)
    ((_, where, message),) = [row for row in found(project) if row[0] == "DOC002"]
    assert where == ".claude/docs/current/DEPLOY-shop.md"
    assert "folder and file name" in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: deploy", "kind: api", "kind is api"),
        ("project: shop", "project: other", "project is other"),
        ("date: 2026-11-23", "date: 2026-11-22", "date is 2026-11-22"),
        ("date: 2026-11-23\n", "", "date is missing"),
    ],
)
def test_front_matter_says_what_folder_and_name_say(project, old, new, words):
    """Kind, project and date stand in two places and are the same."""
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    path.write_text(path.read_text().replace(old, new, 1))
    messages = [message for code, _, message in found(project) if code == "DOC002"]
    assert any(words in message for message in messages)


def test_the_site_s_configuration_is_looked_at(project):
    """Scripts, styles and fonts that the reader's browser would ask third parties for."""
    writing.write_document(project, "research", "pools", ReadOptions())
    (project.root / "mkdocs.yml").write_text(
        "theme:\n  name: material\nextra_javascript:\n  - https://cdn.example.org/x.js\n"
        "  - local.js\nextra_css:\n  - //fonts.example.org/a.css\n"
    )
    messages = [message for code, _, message in found(project) if code == "SAF003"]
    assert len(messages) == 3
    assert any("cdn.example.org" in message for message in messages)
    assert any("fonts from a third party" in message for message in messages)
    (project.root / "mkdocs.yml").write_text("theme:\n  name: material\n  font: false\n")
    assert not [row for row in found(project) if row[0] == "SAF003"]


@pytest.mark.slow
def test_every_state_that_a_hand_can_leave_is_a_finding_with_its_line(project, capsys):
    """Never a traceback, never a rewrite: broken in each way, the file stays byte for byte."""
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    good = path.read_bytes()
    broken = {
        "no front matter end": good.replace(b"\n---\n", b"\n", 1),
        "doubled field": good.replace(b"kind: deploy", b"kind: deploy\nkind: deploy", 1),
        "no yaml": good.replace(b"kind: deploy", b"kind: [deploy", 1),
        "half a marker": good.replace(b"<!-- footnotary:end", b"<!-- footnotary:en", 1),
        "nested": good.replace(b"<!-- footnotary:end", b"<!-- footnotary:begin x -->\n<!--", 1),
        "conflict": good + b"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n",
        "not utf-8": good + b"\xff\xfe",
        "nul": good.replace(b"# ", b"# \x00", 1),
        "doubled block": good + b"\n**Sources and Citations:**\n",
        "one line of a megabyte": good + b"x^[" * 400_000,
    }
    for name, content in broken.items():
        path.write_bytes(content)
        root = ["--root", str(project.root), "--json"]
        assert exit_code("doc", ["check", str(path), "--no-code", *root]) in (0, 1), name
        findings = json.loads(capsys.readouterr().out)["findings"]
        if name != "nul":
            assert any(each["code"].startswith(("DOC", "CIT")) for each in findings), name
        exit_code("doc", ["sync", str(path), "--root", str(project.root)])
        capsys.readouterr()
        if name not in ("nul", "no front matter end", "one line of a megabyte"):
            assert path.read_bytes() == content, name


def test_links_are_those_of_commonmark():
    """What leads somewhere is a link or a picture as CommonMark reads it; code and HTML are none.

    An anchor is an `id` or `name` of a tag, not of a sample.
    """
    text = (
        '# Head `<a id="sample">` <a id="tag"></a>\n\n'
        "[![a picture](a.png)](b.md#x) `[code](code.md)` [brackets \\[x\\]](<with space.md>)\n"
        "and [brackets](c(1).md), <https://example.org/> $[x](y)$\n\n"
        "| [cell](cell.md) | a \\| b |\n| - | - |\n\n"
        '```\n[no](no.md) <a id="code">\n```\n\n<div id="block"></div>\n'
    )
    blocks = blocks_of(text)
    found = [(one.target, one.line, one.column) for one in links_in(blocks, lines_of(text))]
    assert found == [
        ("b.md#x", 3, 1),
        ("a.png", 3, 2),
        ("with space.md", 3, 49),
        ("c(1).md", 4, 5),
        ("cell.md", 6, 3),
    ]
    assert anchors_of(blocks) >= {"tag", "block"}
    assert not anchors_of(blocks) & {"sample", "code"}
