"""The claims of a record: where they go, what is known of them, and that none is ever lost."""

import html
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from footnotary import keeping
from footnotary.cli.running import exit_code
from footnotary.documents.kinds import Region
from footnotary.documents.regions import regions_of, write_regions
from footnotary.documents.registry import KINDS
from footnotary.errors import UsageError
from footnotary.gating import GateOptions, check_project
from footnotary.keeping import DRIVER, Conflict, merge_record_files, merge_records
from footnotary.models import Check, CheckOutcome, Claim, Support
from footnotary.project import Project
from footnotary.publishing.cards import UNBORNE, UNDECIDED, render_recorded
from footnotary.publishing.evidence import evidence_in
from footnotary.publishing.initialising import initialise
from footnotary.publishing.markup import escape
from footnotary.record_files import dumped, parse_record, read_record
from footnotary.records import RecordStore
from footnotary.rules.edits import is_edited, restate_record
from footnotary.rules.registry import rule_named
from footnotary.writing.citing_into import _Target
from test_markers import citation

DAY = date(2026, 11, 23)
QUOTE = "The server takes at most 100 connections at once."
DATA = Path(__file__).parent / "data"
MARK = str(escape(UNBORNE))


def claims(*texts, **fields):
    """Claims of that day."""
    return tuple(Claim(text=text, added=DAY, **fields) for text in texts)


@pytest.fixture
def project(tmp_path, monkeypatch, today):
    """A project with a page that was saved by hand, as the current folder."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    filler = "Something else is here, so that the page has words enough. " * 12
    (tmp_path / "saved.html").write_text(f"<title>T</title><p>{QUOTE}</p><p>{filler}</p>")
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def cite(*words):
    """Cite the saved page."""
    url = "https://docs.example.org/pools"
    return exit_code("cite", [url, "--quote", QUOTE, "--file", "saved.html", *words])


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_claim_goes_under_the_section_of_its_kind(kind):
    """Before the region that follows, never into one nor behind the last: its author's part."""
    parts = []
    for number, prose in enumerate(kind.prose):
        parts += [prose, Region(f"table-{number}", "## Table\n\n- an item\n\nWords.")]
    parts.append(Region("changes", "## Changes\n\n- one"))

    def with_claim(text, claim, key, section=kind.section):
        return _Target(text, {}).with_claim(claim, key, section, is_named=False)

    marked = with_claim(write_regions(parts), "It is so.", "a-111111")
    lines = marked.split("\n")
    above = lines[: lines.index("- It is so.^[a-111111]")]
    assert [line for line in above if line.startswith("#")][-1] == f"## {kind.section}"
    begun, ended = (
        sum(line.startswith(f"<!-- footnotary:{mark}") for line in above)
        for mark in ("begin", "end")
    )
    assert begun == ended
    assert regions_of(marked) != ()
    assert not any(region.edited for region in regions_of(marked))
    again = with_claim(marked, "It is not.", "b-222222")
    assert "- It is so.^[a-111111]\n- It is not.^[b-222222]\n" in again
    assert "- It is so.^[a-111111]^[b-222222]\n" in with_claim(marked, "It is so.", "b-222222")
    gone = marked.replace(f"## {kind.section}\n", "")
    assert f"## {kind.section}\n\n- It is new.^[c-333333]" in with_claim(
        gone, "It is new.", "c-333333"
    )


def test_a_section_is_found_by_its_words_and_its_list_goes_on():
    """Emphasis, anchors, markers, a colon and letter case do not matter; numbers count on."""
    for heading in (
        "## Limits",
        "## Limits ##",
        "Limits\n------",
        "## **Limits**",
        "## `Limits`:",
        "### limits {#of-what}",
        "## Limits^[1]",
    ):
        for above, sign in (
            ("Words.\n\n", "-"),
            ("* one\n", "*"),
            ("- one\n    - two\n", "-"),
            ("1. one\n2. two\n", "3."),
            ("| a |\n| --- |\n| b |\n\n", "-"),
            ("", "-"),
        ):
            text = f"# A\n\n{heading}\n\n{above.rstrip()}\n\n# B\n" if above else f"{heading}\n"
            marked = _Target(text, {}).with_claim("It is.", "a-1", "limits", is_named=True)
            assert f"{above}{sign} It is.^[a-1]\n" in marked, (heading, above)
    for hidden in ("> ## Limits\n", "```\n## Limits\n```\n", "## Limits of it\n"):
        with pytest.raises(UsageError):
            _Target(hidden, {}).with_claim("It is.", "a-1", "Limits", is_named=True)


def test_citing_five_times_is_citing_once(project):
    """Neither marker nor claim nor record is doubled; another claim is one more."""
    page = project.root / "page.md"
    page.write_text("# Pools\n\n## Limits\n\n## More\n\nWords.\n")
    said = ["--claim", "It takes 100 connections.", "--to", "page.md", "--section", "Limits"]
    for _ in range(5):
        assert cite(*said) == 0
    assert "## Limits\n\n- It takes 100 connections.^[1]\n\n## More" in page.read_text()
    assert cite("--claim", "At most 100 are taken.", "--to", "page.md", "--section", "limits") == 0
    (record,) = RecordStore(project.citations)
    assert [claim.text for claim in record.claims] == [
        "It takes 100 connections.",
        "At most 100 are taken.",
    ]
    assert {claim.document for claim in record.claims} == {"page.md"}
    assert page.read_text().count("^[1]") == 2


def test_a_section_that_is_not_there_leaves_nothing(project, capsys):
    """A typing error is one sentence with the sections that there are, before anything is read."""
    (project.root / "page.md").write_text("# Pools\n\n## Limits\n")
    assert cite("--claim", "x", "--to", "page.md", "--section", "Limit") == 2
    assert "Limits" in capsys.readouterr().err
    assert cite("--claim", "x", "--section", "Limits") == 2
    assert not project.citations.exists()


def test_a_false_claim_is_refused_whatever_was_claimed_before(project, capsys):
    """The record keeps what it had; `--as-claimed` records that its author insists."""
    assert cite("--claim", "It takes 100 connections.") == 0
    capsys.readouterr()
    assert cite("--claim", "It takes 900 connections.") == 1
    assert "the claim says “900”, the quote says “100”" in capsys.readouterr().err
    (record,) = RecordStore(project.citations)
    assert [claim.text for claim in record.claims] == ["It takes 100 connections."]
    assert cite("--claim", "It takes 900 connections.", "--as-claimed") == 0
    (record,) = RecordStore(project.citations)
    assert [claim.support for claim in record.claims] == [Support.UNDECIDED, Support.INSISTED]
    shown = str(render_recorded(evidence_in(project.citations), record))
    assert shown.count(MARK) == 1
    assert shown.index("900") < shown.index(MARK)


def test_what_no_machine_can_tell_is_never_called_supported(project, capsys):
    """The command, the record, the site and the gate say so; a quote's own words need no mark."""
    (project.root / "page.md").write_text("# Page\n\n## Findings\n\n")
    assert cite("--claim", "More than 100 clients have to wait.", "--to", "page.md") == 0
    assert "could not tell whether the quote says" in capsys.readouterr().err
    assert cite("--claim", QUOTE, "--to", "page.md") == 0
    assert "could not tell" not in capsys.readouterr().err
    (record,) = RecordStore(project.citations)
    assert [claim.support for claim in record.claims] == [Support.UNDECIDED, Support.SUPPORTED]
    shown = str(render_recorded(evidence_in(project.citations), record))
    assert shown.count(str(escape(UNDECIDED))) == 1
    (found,) = check_project(project, GateOptions(named=("page.md",), select=("CLM",))).findings
    assert (found.code, found.severity.value) == ("CLM009", "note")
    assert "1 of 2 cited sentences" in found.message


def test_what_two_quotes_say_together_is_insisted_on_no_more(project):
    """The last quote that was missing makes the claim one of both, as far as words can tell."""
    both = "It takes 100 connections and waits 30 seconds."
    assert cite("--claim", both, "--as-claimed") == 0
    page = (project.root / "saved.html").read_text()
    (project.root / "saved.html").write_text(page.replace(QUOTE, "It waits 30 seconds for one."))
    url = "https://docs.example.org/waiting"
    words = [url, "--quote", "It waits 30 seconds for one.", "--file", "saved.html"]
    assert exit_code("cite", [*words, "--claim", both]) == 0
    supports = {claim.support for one in RecordStore(project.citations) for claim in one.claims}
    assert supports == {Support.UNDECIDED}


def test_the_site_marks_what_the_record_says_is_supported(project):
    """A record that was edited by hand is judged by its words, not by what it says of itself."""
    store = RecordStore(project.citations)
    store.new(citation("a-111111", quote=QUOTE, claims=claims("It takes 900 connections.")))
    shown = str(render_recorded(evidence_in(project.citations), store.get("a-111111")))
    assert MARK in shown


@pytest.mark.parametrize("code", ["CLM002", "CLM003", "CLM004", "CLM005", "CLM008", "CLM009"])
def test_the_example_of_each_rule_is_found_and_its_correction_is_clean(project, code):
    """Number, bound, sense, strength and release, each by its own rule."""
    rule = rule_named(code)
    page = project.root / "page.md"
    for number, (example, found) in enumerate(((rule.wrong, [code]), (rule.right, []))):
        sentence, _, quote = example.partition('^[key]  quote: "')
        key = f"a-{number}11111"
        RecordStore(project.citations).new(citation(key, quote=quote.rstrip('"')))
        page.write_text(f"{sentence}^[{key}]\n")
        others = () if code == "CLM009" else ("CLM009",)
        report = check_project(
            project, GateOptions(named=(str(page),), select=("CLM",), ignore=others)
        )
        assert [finding.code for finding in report.findings] == found, example


def test_the_gate_holds_the_claims_of_records_against_their_quotes(project):
    """An error where nothing supports it, a note where its author insists, silence else."""
    store = RecordStore(project.citations)
    store.new(citation("a-111111", quote=QUOTE, claims=claims("It takes 900 connections.")))
    insisted = claims("It takes 800 connections.", support=Support.INSISTED)
    store.new(citation("b-222222", quote=QUOTE + " Really.", claims=insisted))
    both = claims("It takes 100 connections and waits 30 seconds.")
    store.new(citation("c-333333", quote=QUOTE + " Yes.", claims=both))
    store.new(citation("d-444444", quote="It waits 30 seconds for one.", claims=both))
    found = check_project(project, GateOptions(select=("CLM",))).findings
    assert [(one.code, one.severity.value, one.path) for one in found] == [
        ("CLM006", "error", "citations/a-111111.yaml"),
        ("CLM007", "note", "citations/b-222222.yaml"),
    ]


FALSE = (
    ("It has seven slots.", "It has seventy slots."),
    ("The service uses HTTP.", "The service uses HTTPS."),
    ("The queue takes jobs.", "The queue takes jobs \u2013 unless it is full."),
)


@pytest.mark.slow
def test_every_way_to_a_claim_asks_one_judgement(project, capsys):
    """Citing, new words, the gate, the site, show and list: none says supported."""
    store = RecordStore(project.citations)
    root = ["--root", str(project.root)]
    page, doc = project.root / "own.md", project.root / "page.md"
    library = GateOptions(select=("CLM006",))
    filler = "\n\nSomething else is here, so that the page has words enough.\n" * 9
    for claim, quote in FALSE:
        page.write_text(f"# Page\n\n{claim}{filler}")
        assert exit_code("cite", ["own.md", "--quote", claim, "--claim", claim, *root]) == 0
        (first,) = store
        assert first.claims[0].support is Support.SUPPORTED
        page.write_text(f"# Page\n\n{quote}{filler}")
        updated = exit_code("cite", ["update", first.key, "--accept", *root])
        if updated == 0:
            (new,) = (one for one in store if one.key != first.key)
            assert new.claims[0].support is Support.UNDECIDED, claim
            store.remove(new.key)
        store.remove(first.key)
        cited = exit_code("cite", ["own.md", "--quote", quote, "--claim", claim, *root])
        assert cited == updated, claim
        for one in list(store):
            assert one.claims[0].support is Support.UNDECIDED, claim
            store.remove(one.key)
        by_hand = citation("a-111111", quote=quote, claims=claims(claim, support="supported"))
        store.save(by_hand)
        doc.write_text(f"{claim}^[a-111111]\n")
        path = store.path("a-111111")
        for text in (path.read_text(), older(path.read_text())):
            path.write_text(text)
            named, unnamed = (
                {(one.code, one.severity.value) for one in check_project(project, options).findings}
                for options in (GateOptions(("page.md",), select=("CLM",)), library)
            )
            assert (("CLM009", "note") in named) is not bool(cited), claim
            said = "error" if cited else "note" if "support: supported" in text else ""
            assert unnamed == {("CLM006", said)} if said else not unnamed, claim
            evidence = evidence_in(project.citations)
            shown = html.unescape(str(render_recorded(evidence, store.get("a-111111"))))
            assert (UNBORNE if cited else UNDECIDED) in shown, claim
            for words in (["show", "a-111111"], ["list"]):
                capsys.readouterr()
                assert exit_code("cite", [*words, "--json", *root]) == 0
                assert '"support": "supported"' not in capsys.readouterr().out, claim
        store.remove("a-111111")


def older(text):
    """A record as schema 1 had it: one claim, no days."""
    data = yaml.safe_load(text)
    first = data.pop("claims")
    data |= {"schema": 1, "claim": first[0]["text"] if first else ""}
    for name in ("modified", "stated_by"):
        data.pop(name, None)
    data["evidence"].pop("style_read", None)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


@pytest.fixture
def mixed(project):
    """Records of schema 1, 2 and 3, and one that does not read."""
    store = RecordStore(project.citations)
    for key in ("a-111111", "b-222222", "c-333333"):
        store.new(citation(key, quote=QUOTE, claims=claims(f"It takes 100 connections ({key}).")))
    for key in ("a-111111", "b-222222"):
        path = store.path(key)
        path.write_text(older(path.read_text()))
    newer = store.path("c-333333").read_text().replace("schema: 2", "schema: 3")
    (store.folder / "d-444444.yaml").write_text(newer.replace("c-333333", "d-444444"))
    conflict = f"<<<<<<< HEAD\n{newer}=======\n{newer}>>>>>>> branch\n"
    (store.folder / "e-555555.yaml").write_text(conflict)
    return store


def test_records_of_every_schema_are_read_or_named(mixed, capsys):
    """1 and 2 are read whole; 3 names the release; a conflict is named and never half-read."""
    readable, broken = mixed.readable()
    assert [one.key for one in readable] == ["a-111111", "b-222222", "c-333333"]
    assert all(len(one.claims) == 1 for one in readable)
    newer, conflict = sorted(map(str, (error.message for error in broken)), key=len, reverse=True)
    said = f"{newer} {conflict}"
    assert "schema 3" in said
    assert "conflict" in said
    root = ["--root", str(mixed.folder.parent)]
    assert exit_code("cite", ["list", *root]) in (0, 2)
    assert "a-111111" in capsys.readouterr().out


def test_migration_loses_nothing_and_a_second_run_finds_nothing(mixed):
    """A dry run writes nothing; what does not read stays byte for byte."""
    before = {path.name: path.read_bytes() for path in mixed.folder.glob("*.yaml")}
    planned = keeping.migrate_records(mixed, dry_run=True)
    assert {path.name: path.read_bytes() for path in mixed.folder.glob("*.yaml")} == before
    done = keeping.migrate_records(mixed)
    assert done.keys == planned.keys == ("a-111111", "b-222222")
    assert len(done.broken) == 2
    for name in ("c-333333.yaml", "d-444444.yaml", "e-555555.yaml"):
        assert (mixed.folder / name).read_bytes() == before[name]
    for key in done.keys:
        old = parse_record(before[f"{key}.yaml"], key)
        assert read_record(mixed.path(key)) == old
        assert b"schema: 2" in mixed.path(key).read_bytes()
        assert [claim.added for claim in old.claims] == [old.accessed]
    assert keeping.migrate_records(mixed).keys == ()


def test_a_migration_that_was_killed_is_finished_by_the_next(mixed, monkeypatch):
    """Each record is written whole or not at all; half of a library is read as ever."""
    saved = RecordStore.save

    def killed(store, record):
        if record.key == "b-222222":
            raise KeyboardInterrupt
        return saved(store, record)

    monkeypatch.setattr(RecordStore, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        keeping.migrate_records(mixed)
    monkeypatch.undo()
    assert [len(one.claims) for one in mixed.readable()[0]] == [1, 1, 1]
    assert keeping.migrate_records(mixed).keys == ("b-222222",)


def test_a_migration_names_the_claims_that_their_quotes_do_not_support(project, capsys):
    """They are kept: a person decides what becomes of them."""
    store = RecordStore(project.citations)
    store.new(citation("a-111111", quote=QUOTE, claims=claims("It takes 900 connections.")))
    path = store.path("a-111111")
    path.write_text(older(path.read_text()))
    assert exit_code("cite", ["migrate", "--root", str(project.root)]) == 0
    said = capsys.readouterr().err
    assert "the claim says “900”, the quote says “100”" in said
    assert "1 record migrated." in said
    assert store.get("a-111111").claims[0].text == "It takes 900 connections."


def version(record, **fields):
    """A record with other fields."""
    return record.model_copy(update=fields)


def test_records_of_two_branches_are_merged_field_by_field():
    """Claims, tags and checks of both; what one side has taken out is gone; a conflict is named."""
    base = citation("a-111111", quote=QUOTE, claims=claims("One."), tags=("x", "y"))
    held = Check(date=DAY, outcome=CheckOutcome.HELD)
    changed = Check(date=DAY, outcome=CheckOutcome.CHANGED)
    ours = version(base, claims=claims("One.", "Two."), tags=("x", "y", "a"), checks=(held,))
    theirs = version(
        base, claims=claims("Three."), tags=("y", "b"), archive_url="https://a.example/"
    )
    merged = merge_records(base, ours, theirs)
    assert [claim.text for claim in merged.claims] == ["Two.", "Three."]
    assert merged.tags == ("y", "a", "b")
    assert (merged.checks, merged.archive_url) == ((held,), "https://a.example/")
    assert {claim.text for claim in merge_records(base, theirs, ours).claims} == {"Two.", "Three."}
    assert is_edited(merged)  # a snapshot that no command has written
    restated = restate_record(base, archive_url="https://a.example/")
    assert not is_edited(merge_records(base, ours, restated))
    assert merge_records(base, base, base) == base
    assert merge_records(base, ours, base) == merge_records(base, base, ours) == ours
    added = merge_records(
        None, version(base, claims=claims("A.")), version(base, claims=claims("B."))
    )
    assert [claim.text for claim in added.claims] == ["A.", "B."]
    for one, other in (
        ({"checks": (held,)}, {"checks": (changed,)}),
        ({"archive_url": "https://a.example/"}, {"archive_url": "https://b.example/"}),
        ({"superseded_by": "b-222222"}, {"superseded_by": "c-333333"}),
        ({}, {"quote": base.quote.model_copy(update={"exact": "It takes 900."})}),
    ):
        with pytest.raises(Conflict):
            merge_records(base, version(base, **one), version(base, **other))


def test_what_is_known_of_a_claims_support_is_that_of_the_side_that_has_changed_it():
    """A claim that one side has confirmed stays so; where the two differ, nobody has seen it."""
    supported, insisted = Support.SUPPORTED, Support.INSISTED

    def one(support):
        return citation("a-111111", quote=QUOTE, claims=claims("One.", support=support))

    for before, mine, other, is_now in (
        (insisted, supported, insisted, supported),
        (insisted, insisted, supported, supported),
        (supported, insisted, supported, insisted),
        (supported, supported, supported, supported),
        (None, supported, insisted, insisted),
    ):
        merged = merge_records(before and one(before), one(mine), one(other))
        assert [claim.support for claim in merged.claims] == [is_now]


def test_a_merge_of_files_that_cannot_be_merged_shows_both(tmp_path):
    """Git's conflict markers, the command's exit code 1, and a gate that names them."""
    base = citation("a-111111", quote=QUOTE)
    paths = [tmp_path / name for name in ("base", "ours", "theirs")]
    urls = ("", "https://a.example/", "https://b.example/")
    for path, url in zip(paths, urls, strict=True):
        path.write_bytes(dumped(version(base, archive_url=url)))
    assert "archive_url" in merge_record_files(*paths)
    text = paths[1].read_text()
    assert "<<<<<<< ours" in text
    assert "https://a.example/" in text
    assert "https://b.example/" in text
    (tmp_path / "citations").mkdir()
    (tmp_path / "citations" / "a-111111.yaml").write_text(text)
    found = check_project(Project(tmp_path), GateOptions(select=("CIT010",))).findings
    assert [one.code for one in found] == ["CIT010"]
    assert "conflict" in found[0].message


@pytest.mark.slow
def test_git_merges_records_of_two_branches_once_init_has_set_it_up(project, today):
    """Two branches add claims to one record; without the program git merges as always."""
    root = project.root
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def run(*words):
        names = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        return subprocess.run(
            ["git", "-C", root, *names, *words],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | path,
        )

    run("init", "-q", "-b", "main")
    notes = " ".join(initialise(project).notes)
    assert "merge-record" in notes
    assert DRIVER[1] == run("config", "--get", DRIVER[0]).stdout.rstrip("\n")
    assert "citations/*.yaml merge=footnotary-record" in (root / ".gitattributes").read_text()
    assert "merge-record" not in " ".join(initialise(project).notes)
    store = RecordStore(project.citations)
    store.new(citation("a-111111", quote=QUOTE, claims=claims("It takes 100 connections.")))
    run("add", ".")
    run("commit", "-qm", "base")
    for branch, text in (("one", "100 connections are taken."), ("two", "At most 100 are taken.")):
        run("checkout", "-q", "main")
        run("checkout", "-qb", branch)
        before = store.get("a-111111")
        store.save(version(before, claims=(*before.claims, *claims(text))))
        run("commit", "-qam", branch)
    done = run("merge", "--no-edit", "one")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {claim.text for claim in store.get("a-111111").claims} == {
        "It takes 100 connections.",
        "100 connections are taken.",
        "At most 100 are taken.",
    }


@pytest.mark.slow
def test_a_project_of_the_first_release_is_opened_migrated_refreshed_and_published(
    tmp_path, monkeypatch
):
    """One command migrates; no claim, quote, check, prose or document is lost on the way."""
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-23T12:00:00+00:00")
    root = tmp_path / "shop"
    shutil.copytree(DATA / "project-0.1", root)
    at = ["--root", str(root)]
    records = {p.stem: yaml.safe_load(p.read_text()) for p in (root / "citations").glob("*.yaml")}
    documents = {p.name: p.read_text() for p in (root / ".claude").rglob("*.md")}
    assert exit_code("cite", ["list", *at]) == 0
    assert exit_code("doc", ["list", *at]) == 0
    assert exit_code("doc", ["check", "--no-code", *at]) in (0, 1)
    assert exit_code("cite", ["migrate", *at]) == 0
    for key, old in records.items():
        new = read_record(root / "citations" / f"{key}.yaml")
        assert [claim.text for claim in new.claims] == ([old["claim"]] if old["claim"] else [])
        assert (new.quote.exact, new.url, str(new.accessed)) == (
            old["quote"]["exact"],
            old["url"],
            str(old["accessed"]),
        )
        assert [check.detail for check in new.checks] == [one["detail"] for one in old["checks"]]
        assert new.superseded_by == old["superseded_by"]
    assert exit_code("doc", ["refresh", *at]) == 0
    after = {p.name: p.read_text() for p in (root / ".claude").rglob("*.md")}
    assert documents.keys() <= after.keys()
    for name, text in documents.items():
        inside = False
        body = text.split("\n---\n", 1)[1].partition("**Sources and Citations:**")[0]
        for line in body.split("\n"):
            inside = (inside or "footnotary:begin" in line) and "footnotary:end" not in line
            is_prose = not inside and len(line) > 40 and not line.startswith(("<!--", "_"))
            assert not is_prose or line in after[name], (name, line)
    assert exit_code("footnotary", ["site", "build", *at]) == 0
    site = "".join(p.read_text("utf-8") for p in (root / "site" / "sources").rglob("*.html"))
    assert UNBORNE in html.unescape(site)  # five connections over POOL_SIZE = 8
    feed = json.loads((root / "site" / "feeds" / "citations.json").read_text())
    assert {one["key"] for one in feed["citations"]} == records.keys()
