"""The gate finds what is no longer so, says where and why, and fails when it saw nothing."""

import json
import subprocess
from dataclasses import replace
from datetime import date
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.errors import UsageError
from footnotary.facts.options import ReadOptions
from footnotary.gating import GateOptions, check_project
from footnotary.models import Check, CheckOutcome
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.reports import FORMATS, Result, formatted
from footnotary.rules.registry import RULES
from test_markers import citation

HELD = Check(date="2026-11-21", outcome=CheckOutcome.HELD)
SEED = """\
FastAPI dependency injection provides 40% faster validation than manual approaches^[1]

---

**Sources and Citations:**
[1] FastAPI Performance Benchmarks - https://fastapi.tiangolo.com/benchmarks/ - [Date Accessed: 2025-08-05] - "Dependency injection validation outperforms manual validation by 40% in production workloads"
[2] [Additional sources as needed...]
"""  # noqa: E501  the form that is judged


@pytest.fixture
def project(tmp_path, today):
    """A project with a compose file, a page of its own and two records."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    store = RecordStore(tmp_path / "citations")
    store.new(citation("a-111111", quote="Keep keys for at least 24 hours"))
    store.new(citation("b-222222", quote="Start with a pool of 5 connections"))
    return Project(tmp_path)


def found(project, text, **options):
    """The codes that the gate finds in a page, with their lines."""
    page = project.root / "docs" / "page.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(text)
    report = check_project(project, GateOptions(named=(str(page),), **options))
    return [(finding.code, finding.line) for finding in report.findings]


def test_the_seed_s_own_example_is_flagged(project):
    """A claim whose source no machine has read is an error, whatever quote is typed beside it."""
    assert ("CIT002", 1) in found(project, SEED)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("A claim.^[nobody-123456]\n", "CIT001", 1),
        ("\nA claim.^[7]\n", "CIT001", 2),
        ("A claim.^[a-111111]\n", "CIT003", 1),
        ('\n\nIt says "keep the keys for at least two days".\n', "CIT009", 3),
        ("\n> Keep them for as long as you possibly can.\n", "CIT009", 2),
        ("Argon2 is 40% faster than bcrypt.\n", "CLM001", 1),
        ("Keys are kept for 48 hours.^[a-111111]\n", "CLM002", 1),
        ("---\nkind: api\nkind: api\n---\n", "DOC001", 3),
        ("<!-- footnotary:begin x -->\n", "DOC001", 1),
        ("x\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> b\n", "DOC001", 2),
        ("See [that](gone.md).\n", "DOC007", 1),
        ("# Here\n\nSee [that](#there).\n", "DOC007", 3),
        ("```python\ndef total(:\n```\n", "SMP001", 2),
        ("```python\nfrom pydantic import validator\n```\n", "SMP002", 2),
        ("```python\nfrom typer import NoSuchThing\n```\n", "SMP003", 2),
        ("```bash\ngit reset --hard\n```\n", "SMP004", 2),
        ("key: AKIA" + "Q7WE2RTY8UIO3PAS\n", "SAF001", 1),
        ("| user | password |\n|--|--|\n| ann | hX7-qLm2zR |\n", "SAF001", 3),
        ("Text <script>alert(1)</script>\n", "SAF002", 1),
        ("![b](https://img.example.org/b.svg)\n", "SAF003", 1),
        ("Argon2 is 40% faster. <!-- footnotary:ignore CLM001 -->\n", "SUP001", 1),
        ("Argon2 is 40%\nfaster.\nMine. <!-- footnotary:ignore CLM001 x -->\n", "CLM001", 1),
        ("Mine.\n<!-- footnotary:ignore CLM001 x -->\n\nArgon2 is 40% faster.\n", "CLM001", 4),
    ],
)
def test_each_rule_finds_its_kind(project, text, code, line):
    """A page with one fault gets its finding on the right line."""
    assert (code, line) in found(project, text)


@pytest.mark.parametrize(
    "text",
    [
        "We keep keys for 30 days.\n",
        "# Here\n\nSee [that](#here) and [other](page.md#here).\n",
        "```python\nfrom pydantic import BaseModel\n```\n",
        "```python\n>>> 1 + 1\n2\n```\n",
        "```\nx^[1] <script>\n```\n",
        "Write `![b](https://img.example.org/b.svg)` or ``<img src='https://a.example/b'>``.\n",
        "| user | password |\n|--|--|\n| ann | $PASSWORD |\n| bob | example |\n",
        "Warning: this loses work.\n\n```bash\ngit reset --hard\n```\n",
        "Argon2 is 40% faster. <!-- footnotary:ignore CLM001 measured by us -->\n",
        "<!-- footnotary:ignore CLM001 measured by us -->\n\nArgon2 is 40% faster.\n",
        "Mine. Argon2\nis 40%\nfaster. <!-- footnotary:ignore CLM001 measured by us -->\n",
        "Mine. Argon2 is 40% faster.\n<!-- footnotary:ignore CLM001 measured by us -->\n\nMine.\n",
        "- Argon2 is 40% faster.\n  <!-- footnotary:ignore CLM001 measured\n  by us -->\n",
        "Argon2 is\n40% faster. <!-- footnotary:ignore CLM001\nmeasured by us --> Mine.\n",
        "> **Note:** the service listens on port 8000 in every stack.\n",
        'It is called the "shop".\n',
        "password: ${SHOP_PASSWORD}\n",
        '```mermaid\nerDiagram\n  "user" ||--o{ "api_key" : "service_account_id"\n```\n',
        "| `api_key`: hashed_with_argon | text |\n",
    ],
)
def test_what_is_right_is_left_alone(project, text):
    """A page without fault has no finding."""
    assert found(project, text) == []


def test_a_cited_claim_that_its_quote_bears_out_is_clean(project):
    """A claim, its quotation and its numbers as the record has them."""
    page = project.root / "page.md"
    page.write_text('The rule is "Keep keys for at least 24 hours".^[a-111111]\n')
    writing.sync_documents(project, [page])
    report = check_project(project, GateOptions(named=(str(page),), ignore=("CLM009",)))
    assert report.findings == ()


def test_records_are_judged(project):
    """Unused, contradicting, edited and broken records are found in their files."""
    store = RecordStore(project.citations)
    store.new(citation("c-333333", quote="Start with a pool of 10 connections"))
    edited = citation("d-444444")
    edited = edited.model_copy(
        update={"evidence": edited.evidence.model_copy(update={"passage": "Something else."})}
    )
    store.new(edited)
    (project.citations / "e-555555.yaml").write_text("schema: 1\nfoo: bar\n")
    report = check_project(project, GateOptions())
    codes = {(finding.code, finding.path) for finding in report.findings}
    assert ("CIT008", "citations/b-222222.yaml") in codes
    assert ("CIT005", "citations/d-444444.yaml") in codes
    assert ("CIT010", "citations/e-555555.yaml") in codes
    assert ("CIT004", "citations/a-111111.yaml") in codes


def test_a_record_that_was_edited_is_found(project):
    """A digest that does not fit, a day without a reading; without a digest the key must fit.

    A document that cites such a record says so where it is checked alone, too. Digests of earlier
    versions, which left out the title and then the address as well, are accepted.
    """
    store = RecordStore(project.citations)
    whole = citation("c-333333", quote="Take 5 of them", checks=(HELD,), accessed=HELD.date)
    later = whole.model_copy(update={"key": "d-444444", "accessed": date(2026, 11, 22)})
    older = whole.evidence.model_copy(update={"words_sha256": ""})
    unsealed = whole.model_copy(update={"key": "e-555555", "evidence": older})
    fits = sha256((whole.final_url + whole.quote.exact).encode()).hexdigest()[:6]
    edited = older.model_copy(update={"words_sha256": "0" * 64})
    parts = (whole.quote.exact, older.passage, older.retrieved_at.isoformat(), "0" * 64, "0" * 64)
    earlier = [
        older.model_copy(update={"words_sha256": sha256("\0".join(words).encode()).hexdigest()})
        for words in (parts, (*parts, whole.final_url))
    ]
    for record in (
        whole,
        later,
        unsealed,
        unsealed.model_copy(update={"key": f"f-{fits}"}),
        whole.model_copy(update={"key": "g-777777", "evidence": edited}),
        whole.model_copy(update={"key": "h-888888", "final_url": "https://evil.example/page"}),
        *(
            whole.model_copy(update={"key": f"i-99999{n}", "evidence": one, "title": "Another"})
            for n, one in enumerate(earlier)
        ),
        whole.model_copy(update={"key": "j-aaaaaa", "title": "Another"}),
    ):
        store.new(record)
    report = check_project(project, GateOptions(select=("CIT005",)))
    assert [(finding.path, finding.severity) for finding in report.findings] == [
        ("citations/d-444444.yaml", "error"),
        ("citations/e-555555.yaml", "warning"),
        ("citations/g-777777.yaml", "error"),
        ("citations/h-888888.yaml", "error"),
        ("citations/j-aaaaaa.yaml", "error"),
    ]
    page = project.root / "page.md"
    page.write_text("Take 5.^[c-333333] Take 5 of them.^[h-888888] Or 5.^[e-555555]\n")
    writing.sync_documents(project, [page])
    options = GateOptions(named=(str(page),), select=("CIT005",))
    found = [
        (one.line, one.severity, one.message[-12:])
        for one in check_project(project, options).findings
    ]
    assert found == [(1, "error", " (h-888888)."), (1, "warning", " (e-555555).")]


def test_a_source_that_no_longer_holds_is_an_error_where_it_is_cited(project):
    """The last check counts, and the fix is the command that fixes it."""
    store = RecordStore(project.citations)
    changed = Check(date="2026-11-22", outcome=CheckOutcome.CHANGED, detail="2 words differ")
    store.save(store.get("a-111111").model_copy(update={"checks": (changed,)}))
    page = project.root / "page.md"
    page.write_text("Keep keys for 24 hours.^[a-111111]\n")
    writing.sync_documents(project, [page])
    options = GateOptions(named=(str(page),), ignore=("CLM009",))
    (finding,) = check_project(project, options).findings
    assert (finding.code, finding.line, finding.fix) == ("CIT007", 1, "cite update a-111111")


@pytest.mark.slow
def test_facts_that_are_no_longer_the_code_are_one_line(project, capsys):
    """What has changed is counted; words come with --verbose, in JSON and SARIF; `--fix` fixes."""
    writing.write_document(project, "deploy", "shop", ReadOptions())
    assert not check_project(project, GateOptions()).failed
    (project.root / "docker-compose.yml").write_text(
        "services:\n  db:\n    image: postgres:17\n  mail:\n    image: mailpit:1\n"
    )
    (stale,) = [f for f in check_project(project, GateOptions()).findings if f.code == "DOC006"]
    assert stale.message == (
        "the code has changed: 1 stack and 3 hardening findings;"
        " `doc diff DEPLOY-shop-2026-11-23` shows the difference."
    )
    stack = "of stack `docker-compose.yml`"
    is_new = f"service `mail` {stack} is new"
    changed = f"image of service `db` {stack} was `postgres:16` and is now `postgres:17`"
    assert {is_new, changed} <= set(stale.details)
    words = ["check", "--root", str(project.root)]
    for more, told in (([], False), (["--verbose"], True), (["--format", "sarif"], True)):
        assert exit_code("doc", [*words, *more]) == 1
        assert (is_new in capsys.readouterr().out) == told
    stored = next(project.current.rglob("DEPLOY-*.md"))
    stored.with_suffix(".facts.json").unlink()
    (lost,) = [f for f in check_project(project, GateOptions()).findings if f.code == "DOC006"]
    assert "is missing or does not read; it was not compared with the code" in lost.message
    assert exit_code("doc", [*words, "--fix"]) == 0


@pytest.mark.slow
def test_code_that_cannot_be_read_is_not_said_to_have_changed(project, monkeypatch, capsys):
    """Nothing was compared, which is a finding of its own; `--fix` cannot fix it and says so."""
    app = 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef root(): ...\n'
    (project.root / "app.py").write_text(app)
    writing.write_document(project, "api", "shop", ReadOptions())
    elsewhere = replace(project, python="no/such/python")
    (finding,) = [f for f in check_project(elsewhere, GateOptions()).findings if f.code == "DOC006"]
    assert (
        "cannot be read here as it was read for this document: There is no inter" in finding.message
    )
    assert "--python" in finding.fix
    monkeypatch.setenv("FOOTNOTARY_PYTHON", "no/such/python")
    before = {path: path.read_bytes() for path in project.current.rglob("*") if path.is_file()}
    assert exit_code("doc", ["check", "--fix", "--root", str(project.root)]) == 2
    assert "no/such/python" in capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in before}


def test_a_quiet_check_names_what_fails_and_no_notes(project, capsys):
    """`--quiet` is for hooks: what does not count is not printed."""
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    words = ["check", str(path), "--root", str(project.root)]
    assert exit_code("doc", words) == 0
    assert "note DOC004: 2 questions not answered in 1 document" in capsys.readouterr().out
    (project.root / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:17\n")
    assert exit_code("doc", [*words, "--quiet"]) == 1
    shown = capsys.readouterr().out
    assert "DOC006" in shown
    assert "note" not in shown


def test_unanswered_questions_are_one_line_and_each_with_verbose(project, capsys):
    """However many documents ask; programs are told each question with its line."""
    for name in ("pools", "keys", "money"):
        writing.write_document(project, "research", name, ReadOptions())
    words = ["check", "--select", "DOC004", "--root", str(project.root)]
    for form in ("text", "github"):
        assert exit_code("doc", [*words, "--format", form]) == 0
        first, summary = capsys.readouterr().out.splitlines()
        assert first.startswith("note DOC004: 12 questions not answered in 3 documents")
        assert summary.endswith("3 notes (3 folded, --verbose)")
    assert exit_code("doc", [*words, "--verbose"]) == 0
    shown = capsys.readouterr().out
    assert shown.endswith("3 notes\n")
    assert shown.count("_What has to be known") == 6  # the line, and the list
    assert shown.count("  - line ") == 12
    for form in ("json", "sarif"):
        assert exit_code("doc", [*words, "--format", form]) == 0
        assert capsys.readouterr().out.count("_How were sources chosen") == 3


def test_a_diff_of_nothing_says_so(project, capsys):
    """Silence would leave open whether anything was compared."""
    words = ["diff", "--root", str(project.root)]
    assert exit_code("doc", words) == 0
    assert "No documents yet" in capsys.readouterr().err
    writing.write_document(project, "deploy", "shop", ReadOptions())
    assert exit_code("doc", words) == 0
    assert "Nothing would change." in capsys.readouterr().err


@pytest.mark.slow
def test_a_diff_shows_every_fix_and_writes_nothing(project, capsys):
    """Stale tables and numbers out of step, in one document and in another."""
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    page = project.root / "page.md"
    page.write_text("Keys are kept for 24 hours.^[a-111111]\n")
    (project.root / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:17\n")
    before = path.read_text()
    words = ["check", str(path), str(page), "--diff", "--root", str(project.root)]
    assert exit_code("doc", words) == 1
    shown = capsys.readouterr().out
    assert any(line.startswith("+") and "postgres:17" in line for line in shown.splitlines())
    assert "+Keys are kept for 24 hours.^[1]" in shown
    assert path.read_text() == before
    assert exit_code("doc", [*words[:3], "--fix", *words[4:]]) in (0, 1)
    capsys.readouterr()
    assert exit_code("doc", words) == 0
    assert capsys.readouterr().out == ""


def test_an_edited_region_and_a_wrong_place_are_errors(project):
    """A hand inside a region, and a superseded document among the current ones."""
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    text = path.read_text().replace("postgres:16", "postgres:99", 1)
    path.write_text(text.replace("status: current", "status: superseded"))
    codes = {finding.code for finding in check_project(project, GateOptions()).findings}
    assert {"DOC003", "DOC005"} <= codes


def test_a_fresh_document_is_clean_but_for_its_questions(project):
    """Placeholders are notes: they do not fail the check."""
    writing.write_document(project, "research", "pools", ReadOptions())
    report = check_project(project, GateOptions())
    assert {f.code for f in report.findings} == {"CIT004", "DOC004"}
    assert not report.failed


def test_a_run_that_looked_at_nothing_fails(tmp_path):
    """No document and no citation is not the same as nothing wrong."""
    with pytest.raises(UsageError, match="nothing to check"):
        check_project(Project(tmp_path), GateOptions())
    assert exit_code("doc", ["check", "--root", str(tmp_path)]) == 2


def test_a_rule_that_does_not_exist_is_refused(project):
    """A typing error in --select must not turn the gate off."""
    with pytest.raises(UsageError, match="Unknown rule"):
        check_project(project, GateOptions(select=("CTI001",)))


def test_rules_can_be_chosen_and_ignored_by_file(project):
    """Select, ignore and per-file ignores."""
    text = "Argon2 is 40% faster than bcrypt.\n"
    assert found(project, text, ignore=("CLM",)) == []
    assert found(project, text, select=("CIT",)) == []
    assert found(project, text, per_file_ignores={"docs/*": ["CLM001"]}) == []


def test_invalid_utf8_is_a_finding_with_its_line(project):
    """What does not read is reported, not raised, and not rewritten."""
    page = project.root / "page.md"
    page.write_bytes(b"one\ntwo \xff\n")
    (finding,) = check_project(project, GateOptions(named=(str(page),))).findings
    assert (finding.code, finding.line) == ("DOC001", 2)


def test_a_baseline_lets_old_findings_be(project):
    """Only findings that are not in the file count, wherever the text has moved."""
    page = project.root / "page.md"
    page.write_text("Argon2 is 40% faster than bcrypt.\n")
    baseline = str(project.root / "baseline.json")
    root = ["--root", str(project.root)]
    assert exit_code("doc", ["check", str(page), "--write-baseline", baseline, *root]) == 0
    page.write_text("# New\n\nArgon2 is 40% faster than bcrypt.\n")
    assert exit_code("doc", ["check", str(page), "--baseline", baseline, *root]) == 0
    page.write_text("Argon2 is 40% faster than bcrypt. X is 50% faster than Y.^[no-key]\n")
    assert exit_code("doc", ["check", str(page), "--baseline", baseline, *root]) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_carries_every_error(project, name):
    """The code and the file are in each report, and the machines' formats parse."""
    page = project.root / "page.md"
    page.write_text("A claim: <b>&\x0b%.^[nobody-123456]\n")
    report = check_project(project, GateOptions(named=(str(page),)))
    result = Result(report.findings, report.documents, report.citations)
    text = formatted(name, result)
    assert "CIT001" in text
    assert "page.md" in text
    if name in ("json", "sarif", "gitlab"):
        json.loads(text)
    if name == "junit":
        assert ET.fromstring(text).get("failures") == "1"


def test_every_rule_is_explained(capsys):
    """Code, name, reason, examples and what fixes it, for each rule."""
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert (rule.document is not None) or (rule.library is not None)
        assert exit_code("doc", ["check", "--explain", rule.name]) == 0
        assert rule.why in capsys.readouterr().out


def test_the_pages_of_the_rules_are_up_to_date():
    """docs/rules is what `python -m footnotary.rules.registry docs/rules` writes."""
    from pathlib import Path

    from footnotary.rules.registry import index_page, render_rule_page

    folder = Path(__file__).parent.parent / "docs" / "rules"
    assert (folder / "index.md").read_text("utf-8") == index_page()
    for rule in RULES:
        assert (folder / f"{rule.code}.md").read_text("utf-8") == render_rule_page(rule)


@pytest.mark.slow
def test_code_that_commits_have_changed_since_is_found(project):
    """A `file:line` in the prose is compared with what git knows."""

    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words],
            cwd=project.root,
            check=True,
            capture_output=True,
        )

    (project.root / "app.py").write_text("one = 1\ntwo = 2\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    path = writing.write_document(project, "research", "pools", ReadOptions()).path
    path.write_text(path.read_text().replace("## Decision", "See app.py:2 here.\n\n## Decision"))
    assert not [f for f in check_project(project, GateOptions()).findings if f.code == "DOC008"]
    (project.root / "app.py").write_text("one = 1\ntwo = 3\n")
    git("commit", "-qam", "second")
    assert [f for f in check_project(project, GateOptions()).findings if f.code == "DOC008"]
    (stored,) = writing.stored_documents(project)
    writing.refresh_document(project, stored, ReadOptions(), force=True)
    assert not [f for f in check_project(project, GateOptions()).findings if f.code == "DOC008"]


@pytest.mark.slow
def test_commit_takes_documents_and_citations_alone(project):
    """What else is changed stays uncommitted; the gate is in front."""

    def git(*words):
        done = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words],
            cwd=project.root,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    root = ["--root", str(project.root)]
    git("init", "-q")
    git("config", "user.name", "a")
    git("config", "user.email", "a@example.org")
    writing.write_document(project, "research", "pools", ReadOptions())
    (project.root / "other.txt").write_text("mine\n")
    registry = project.current / "registry.md"
    registry.write_text("# Kept by somebody else^[1]\n")
    manifest = project.archive / "2025-08-04" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}\n")
    git("add", "other.txt")
    assert exit_code("doc", ["commit", *root]) == 0
    assert exit_code("doc", ["diff", *root]) == 0  # a new commit alone is no change
    assert "registry.md" not in git("show", "--name-only", "--format=")
    assert (registry.read_text(), manifest.read_text()) == (
        "# Kept by somebody else^[1]\n",
        "{}\n",
    )
    assert git("log", "--format=%s").strip() == "docs(research): add RESEARCH-pools-2026-11-23"
    assert "other.txt" not in git("show", "--name-only", "--format=")
    assert "A  other.txt" in git("status", "--porcelain")
    path = writing.stored_documents(project)[0].path
    path.write_text(path.read_text().replace("## Decision", "So.^[nobody-1]\n\n## Decision"))
    assert exit_code("doc", ["commit", *root]) == 1
    assert exit_code("doc", ["commit", "--no-check", *root]) == 0
    assert exit_code("doc", ["commit", *root]) == 2


def test_the_list_has_figures(project, capsys):
    """Citations by state and the share of cited claims, for people and for scripts."""
    path = writing.write_document(project, "research", "pools", ReadOptions()).path
    writing.cite_into(project, path, "a-111111", "Keys are kept for 24 hours.")
    text = path.read_text().replace("## Decision", "Argon2 is 40% slower than MD5.\n\n## Decision")
    path.write_text(text)
    assert exit_code("doc", ["list", "--json", "--root", str(project.root)]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["citations"] == {"recorded": 1}
    assert (row["cited_claims"], row["uncited_claims"], row["coverage"]) == (1, 1, 0.5)


def test_a_record_that_a_page_of_the_site_cites_is_used(project):
    """Pages that take part in the check, and those that do not: neither is nobody."""
    (project.root / "docs").mkdir()
    page = project.root / "docs" / "page.md"
    page.write_text("Keys are kept for 24 hours.^[a-111111]\n")

    def unused(**options):
        report = check_project(project, GateOptions(**options))
        return [each.path for each in report.findings if each.code == "CIT004"]

    assert unused() == ["citations/b-222222.yaml"]
    assert unused(pages=("docs/**/*.md",)) == ["citations/b-222222.yaml"]
    page.unlink()
    assert len(unused()) == 2


def test_sync_and_check_agree_whatever_the_limit(project):
    """Pages of the author's are synced by pattern; the recency line follows the setting."""
    (project.root / "pyproject.toml").write_text(
        '[tool.footnotary]\npages = ["docs/*.md"]\nstale-after-days = 90\n'
    )
    (project.root / "docs").mkdir()
    page = project.root / "docs" / "page.md"
    page.write_text("Keys are kept for 24 hours.^[a-111111]\n")
    root = ["--root", str(project.root)]
    assert exit_code("doc", ["check", *root]) == 1
    assert exit_code("doc", ["sync", *root]) == 0
    assert "older than 90 days" in page.read_text()
    assert exit_code("doc", ["check", *root]) == 0
