"""What the gate knows besides the text: what is installed, records, the site, files."""

import pytest

from footnotary import writing
from footnotary.errors import UsageError
from footnotary.facts.options import ReadOptions
from footnotary.gating import GateOptions, check_project, collecting, own_files
from footnotary.gating.checking_all import site_findings
from footnotary.gating.collecting import collected, keys_in_pages
from footnotary.gating.freshness import remembered_fresh
from footnotary.gating.own_files import InstalledPackages
from footnotary.gating.quality import histories, qualities
from footnotary.project import Project
from footnotary.records import Records, RecordStore
from footnotary.rules.registry import RULES
from tables import each_row
from test_markers import citation


@pytest.fixture
def project(tmp_path, today):
    """A project with two records."""
    put(tmp_path, "pyproject.toml", '[project]\nname = "shop"\n')
    store = RecordStore(tmp_path / "citations")
    store.new(citation("a-111111", quote="Keep keys for 24 hours"))
    store.new(citation("b-222222", quote="Start with 5 connections"))
    return Project(tmp_path)


def put(root, name, text=""):
    """Write a file."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


SOURCES = {
    "pkg/__init__.py": """\
import os.path as p, sys, a.b
from c import d as e, f
__all__ = ["lazily"]
ONE: int = 1
for two in (): three, (four, *five) = two
def six(): seven = 7
class Eight: pass
async def nine(): pass
""",
    "pkg/mod.py": "",
    "pkg/sub/__init__.py": "",
    "pkg/native.cpython-311.so": "",
    "pkg/data/x.txt": "",
    "alone.py": "x = 1\n",
    "stars.py": "from pkg import *\n",
    "lazy/__init__.py": "def __getattr__(name): ...\n",
    "made.py": "globals()['x'] = 1\n",
    "broken.py": "def (\n",
    "whole.so/x": "",
    "json/__init__.py": "",
}


@each_row(
    ("answer", "names"),
    [
        (
            True,
            "pkg pkg.mod pkg.sub alone pkg:p pkg:sys pkg:a pkg:e pkg:f pkg:lazily pkg:ONE",
        ),
        (True, "pkg:three pkg:four pkg:five pkg:six pkg:Eight pkg:nine pkg:mod pkg:sub pkg:native"),
        (True, "pkg:data pkg:two alone:x"),
        (False, "pkg.gone pkg:gone pkg:os pkg:b pkg:d alone:y alone.x.y pkg.mod.x pkg.mod:x"),
        (
            None,
            "gone gone.x gone:x json json:gone pkg.native pkg.data pkg.six stars:x lazy:x",
        ),
        (None, "made:y broken:x lazy.x"),
    ],
)
def test_whether_a_name_can_be_imported(tmp_path, answer, names):
    """As files and their source tell it; where they cannot, and of what is not there, nothing."""
    python = put(tmp_path, "env/bin/python")
    python.chmod(0o755)
    for name, text in SOURCES.items():
        put(tmp_path, f"env/lib/python3.11/site-packages/{name}", text)
    known = InstalledPackages(Project(tmp_path, python=str(python)))
    assert {name: known.has(name) for name in names.split()} == dict.fromkeys(names.split(), answer)


def test_of_a_source_that_is_too_long_nothing_is_known(tmp_path, monkeypatch):
    """No more is parsed than a limit; and where there is no interpreter, nothing is known."""
    python = put(tmp_path, "env/bin/python")
    python.chmod(0o755)
    put(tmp_path, "env/lib/python3.11/site-packages/alone.py", "x = 1\n")
    monkeypatch.setattr(own_files, "MAX_SOURCE", 6)
    assert InstalledPackages(Project(tmp_path, python=str(python))).has("alone:y") is False
    monkeypatch.setattr(own_files, "MAX_SOURCE", 5)
    assert InstalledPackages(Project(tmp_path, python=str(python))).has("alone:y") is None
    assert InstalledPackages(Project(tmp_path, python="no/such/python")).has("alone") is None


def shown(found):
    """What of each document is printed."""
    return [each.shown for each in found]


def test_documents_pages_and_strays_are_checked_once_each(project, monkeypatch):
    """Current, archived, pages of a pattern, and what was renamed; or what is named alone."""
    ours = "---\nkind: research\ngenerator: footnotary 0.1.0\n---\n"
    folder = ".claude/docs/current/research"
    put(project.root, f"{folder}/RESEARCH-a-2026-11-23.md", ours)
    put(project.root, ".claude/docs/archive/research/RESEARCH-a-2026-11-01.md", ours)
    put(project.root, f"{folder}/renamed.md", ours)
    for name in ("docs/b.md", "docs/a.md", "docs/deep/c.md", "docs/x.txt"):
        put(project.root, name)
    (project.root / "docs" / "link.md").symlink_to("a.md")
    (project.root / "docs" / "folder.md").mkdir()
    found = collected(project, (), ("docs/*.md", ".claude/docs/*/*/*.md"))
    assert sorted(shown(found)) == [
        ".claude/docs/archive/research/RESEARCH-a-2026-11-01.md",
        f"{folder}/RESEARCH-a-2026-11-23.md", f"{folder}/renamed.md", "docs/a.md", "docs/b.md",
    ]  # fmt: skip
    assert {each.shown: each.stored.archived for each in found if each.stored} == {
        ".claude/docs/archive/research/RESEARCH-a-2026-11-01.md": True,
        f"{folder}/RESEARCH-a-2026-11-23.md": False,
    }
    monkeypatch.chdir(project.root / "docs")
    assert shown(collected(project, ("deep", "a.md"))) == ["docs/deep/c.md", "docs/a.md"]
    outside = put(project.root.parent / f"{project.root.name} too", "a.md")
    assert shown(collected(project, (str(outside.parent),))) == [outside.as_posix()]
    assert collected(project, ("RESEARCH-a-2026-11-23",))[0].stored.name == "a"
    (project.root / "empty").mkdir()
    for words, said in (("empty", "no Markdown in empty"), ("nope.md", "no document")):
        with pytest.raises(UsageError, match=said):
            collected(project, (words,))
    for pattern in ("../*.md", "docs/../../*.md", "/etc/*.md"):
        with pytest.raises(UsageError, match="leads out of the project"):
            collected(project, (), (pattern,))


def test_a_document_that_does_not_read_is_a_finding_with_its_line(project, monkeypatch):
    """Not UTF-8, too long: the line, what is wrong, and what to do."""
    monkeypatch.setattr(collecting, "MAX_LINES", 3)
    put(project.root, "docs/a.md", "1\n2\n3\n4")
    put(project.root, "docs/b.md", "1\n2\n3\n4\n")
    (project.root / "docs" / "c.md").write_bytes(b"1\n\xff")
    good, long, bad = collected(project, (), ("docs/*.md",))
    assert (good.text, long.text, bad.text) == ("1\n2\n3\n4", None, None)
    found = [(one.code, one.path, one.line) for one in (long.finding(), bad.finding())]
    assert found == [("DOC001", "docs/b.md", 3), ("DOC001", "docs/c.md", 2)]
    assert (bad.finding().message, bad.finding().severity) == ("not UTF-8.", "error")
    assert "longer" in long.finding().message
    assert "Split" in long.finding().fix
    report = check_project(project, GateOptions(pages=("docs/*.md",)))
    assert {(one.path, one.line) for one in report.findings if one.code == "DOC001"} == {
        ("docs/b.md", 3), ("docs/c.md", 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "findings: Field required."),
        (
            '{"findings": [{"code": "X", "path": "x", "message": "x", "count": -1}]}',
            "findings.0.count",
        ),
        ('{"findings": [{"code": "X"}]}', "findings.0.path: Field required."),
        ("[" * 101, "baseline.json: "),
    ],
)
def test_a_baseline_that_is_none_is_one_sentence(project, text, said):
    """The file, the place in it, and what writes one anew."""
    path = put(project.root, "baseline.json", text)
    with pytest.raises(UsageError, match=r"^Invalid baseline baseline\.json: ") as refused:
        check_project(project, GateOptions(baseline=path))
    assert said in refused.value.message
    assert ": :" not in refused.value.message
    assert "--write-baseline" in refused.value.hint


def test_anchors_are_those_of_pages_alone(project):
    """Of any other file that is there, nothing is said."""
    put(project.root, "docs/data.txt", "# Here\n")
    put(project.root, "docs/other.md", "# Here\n")
    links = (
        "[a](data.txt#there) [b](other.md#there) [c](other.md#here) [d](#nowhere) [e](gone.md#x)"
    )
    put(project.root, "docs/page.md", f"{links}\n")
    options = GateOptions(pages=("docs/page.md",), select=("DOC007",))
    found = [one.message for one in check_project(project, options).findings]
    assert len(found) == 3
    assert not any("data.txt" in message for message in found)


def test_which_records_the_pages_of_the_site_name(project):
    """Below docs and at the top, whole keys alone, whatever page does not read."""
    put(project.root, "docs/deep/a.md", "x^[a-111111]")
    put(project.root, "README.md", "cite:b-222222 xa-111111")
    put(project.root, "other/c.md", "c-333333")
    (project.root / "docs" / "bad.md").write_bytes(b"\xff c-333333")
    keys = ("a-111111", "b-222222", "c-333333")
    assert keys_in_pages(project, keys) == {"a-111111", "b-222222"}
    assert keys_in_pages(project, keys[:1]) == {"a-111111"}
    assert keys_in_pages(project, ()) == set()


def test_records_are_read_when_they_are_asked_for(project):
    """A broken one is none, and why is kept; each file counts; a name that is no key is none."""
    put(project.citations, "c-333333.yaml", "schema: 1\n")
    put(project.citations, "No Key.yaml")
    records = Records(project.citations)
    assert (len(records), records.broken) == (4, {})
    assert records["a-111111"].quote.exact == "Keep keys for 24 hours"
    assert records.get("c-333333") is None
    assert [*records.broken] == ["c-333333.yaml"]
    assert list(records) == ["a-111111", "b-222222"]
    assert [*records.broken] == ["c-333333.yaml", "No Key.yaml"]
    assert "z-999999" not in records
    assert (
        records.digest("a-111111") == records.digest("a-111111") != records.digest("b-222222") != ""
    )
    for key in ("z-999999", "No Key", "../pyproject", "a" * 300):
        assert records.digest(key) == ""
        assert key not in records


SITE = """\
site_name: x
theme:
  name: material
extra_javascript:
  - https://cdn.example/a.js
  - path: //other.example/b.js
    defer: true
  - local.js
extra_css:
  - "http://cdn.example/c.css"
nav:
  - https://example.org/
"""


def test_what_a_site_loads_from_others_is_found(project):
    """Scripts, styles and the theme's fonts, with the line and the host; links are not loaded."""

    def found(text):
        put(project.root, "mkdocs.yml", text)
        found = site_findings(project, RULES)
        return [(one.code, one.path, one.line, one.message.split()[-5]) for one in found]

    where = ("SAF003", "mkdocs.yml")
    remote = [
        (*where, 5, "cdn.example"), (*where, 6, "other.example"), (*where, 10, "cdn.example"),
    ]  # fmt: skip
    assert found(SITE) == [*remote, (*where, 0, "fonts")]
    assert found(SITE.replace("material\n", "material\n  font: false\n"))[-1] != (
        *where,
        0,
        "fonts",
    )
    assert found(SITE.replace("material", "readthedocs")) == remote
    put(project.root, "mkdocs.yml", SITE)
    toml = '[project]\nsite_name = "x"\nextra_css = [\n  "https://cdn.example/a.css",\n]\n'
    put(project.root, "zensical.toml", toml)
    ours = [one for one in site_findings(project, RULES) if one.path == "zensical.toml"]
    assert [one.line for one in ours] == [4, 0]
    put(project.root, "zensical.toml", f"{toml}[project.theme]\nfont = false\n")
    ours = [one for one in site_findings(project, RULES) if one.path == "zensical.toml"]
    assert [one.line for one in ours] == [4]
    (project.root / "zensical.toml").unlink()
    assert list(site_findings(project, [rule for rule in RULES if rule.code != "SAF003"])) == []
    (project.root / "mkdocs.yml").unlink()
    assert list(site_findings(project, RULES)) == []


def test_what_was_found_to_hold_is_known_until_something_changes(project):
    """The code, or the facts of the document; without a comparison nothing is known."""
    compose = "services:\n  db:\n    image: postgres:16\n"
    put(project.root, "compose.yml", compose)
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    documents = list(writing.stored_documents(project))
    assert remembered_fresh(project, documents) == {}
    check_project(project, GateOptions())
    assert [*remembered_fresh(project, documents)] == [path]
    facts = path.with_suffix(".facts.json")
    kept = facts.read_bytes()
    facts.write_bytes(kept + b"\n")
    assert remembered_fresh(project, documents) == {}
    facts.write_bytes(kept)
    assert [*remembered_fresh(project, documents)] == [path]
    put(project.root, "compose.yml", compose.replace("16", "17"))
    assert remembered_fresh(project, documents) == {}
    assert {one.code for one in check_project(project, GateOptions()).findings} >= {"DOC006"}
    assert remembered_fresh(project, documents) == {}


def test_figures_count_regions_claims_and_states(project):
    """Of each version; those of a name and kind stand together, oldest first, the current last."""
    store = RecordStore(project.citations)
    store.save(store.get("b-222222").model_copy(update={"superseded_by": "a-111111"}))
    path = writing.write_document(project, "research", "pools", ReadOptions()).path
    assert (
        next(iter(qualities(project, writing.stored_documents(project)).values())).coverage == 1.0
    )
    said = "So.^[a-111111] And so.^[b-222222] Nobody says so.^[c-333333]\n\n## Decision"
    path.write_text(path.read_text().replace("## Decision", said))
    region = "<!-- footnotary:begin x -->\nBy hand.\n<!-- footnotary:end x sha256={} -->\n"
    path.write_text(path.read_text() + "\n" + region.format("0" * 64))
    old = path.with_name("RESEARCH-pools-2026-11-23.md").read_text()
    put(project.archive, "research/RESEARCH-pools-2026-11-01.md", old)
    put(project.archive, "research/RESEARCH-pools-2026-11-23.md", "# Empty\n")
    put(project.root, ".claude/docs/current/research/RESEARCH-a-2026-11-23.md", "# Empty\n")
    pools, other = sorted(histories(project), key=lambda one: one.name, reverse=True)
    assert [(one.kind_name, one.name) for one in (pools, other)] == [
        ("research", "pools"),
        ("research", "a"),
    ]
    assert [(stored.date.day, stored.archived) for stored, _ in pools.versions] == [
        (1, True), (23, True), (23, False),
    ]  # fmt: skip
    figures = pools.versions[-1][1]
    assert figures.citations == {"no record": 1, "recorded": 1, "superseded": 1}
    assert (figures.cited_claims, figures.edited_regions, figures.drift) == (2, 1, None)
    assert pools.versions[1][1].citations == {}
