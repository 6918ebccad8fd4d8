"""The research notebook: what commands log, how trails merge, decisions and decision records."""

import json
from datetime import date

import pytest

from footnotary import noting, text_index
from footnotary.cache import Cache
from footnotary.cli.running import exit_code
from footnotary.derived import Derived
from footnotary.documents.decision_records import parse_decision, render_decision
from footnotary.errors import DocumentError, UsageError
from footnotary.facts.research import DecisionMade
from footnotary.gating import GateOptions, check_project
from footnotary.handing_over import render_handoff, write_handoff
from footnotary.noting.exchanging import (
    DecisionChoice,
    decide_note,
    export_decisions,
    import_decisions,
)
from footnotary.noting.recording import add_remark, log_reading, log_search, reject_source
from footnotary.project import Project
from footnotary.searching import Query, search_read_and_written
from footnotary.text_index import IndexEntry, TextIndex
from footnotary.writing.documents_on_disk import StoredDocument, read_document
from footnotary.writing.trails import parse_trail, standing_of
from tables import each_row

QUESTION = "Which pool size does the driver use?"
KEY = "which-pool-size-does-the-driver-use"
PAGE = (
    "<!doctype html><title>Pools</title><main><h1>Pools</h1><p>The default pool size is 5"
    " connections, which suits most small services that talk to one database.</p></main>"
)


@pytest.fixture
def project(tmp_path, today):
    """An empty project."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    return Project(tmp_path)


def kinds(project, key=KEY):
    """Return what happened."""
    return [one.event for one in noting.find_note(project, key).trail.events]


@pytest.mark.slow
def test_commands_log_to_the_current_note_and_say_so_in_one_line(project, capsys):
    """Search, quote, refused quote and unreadable page each leave an event; `stop` ends that.

    What is no address is no source: nothing was read.
    """
    root = ["--root", str(project.root)]
    page = project.root / "page.html"
    page.write_text(PAGE)
    words = [["note", "start", QUESTION], ["search", "zebra"]]
    cite = ["cite", "https://example.org/pools", "--file", str(page)]
    words.append([*cite, "--quote", "The default pool size is 5 connections", "--search", "size"])
    words.append([*cite, "--quote", "The default pool size is 9 connections"])
    words.append(["cite", "https://example.org/gone", "--offline", "--quote", "some words here"])
    words.append(["cite", "/no/address", "--quote", "some words here"])
    words.append(["note", "reject", "https://example.org/old", "of 2019"])
    codes = [exit_code("footnotary", [*one, *root]) for one in words]
    assert codes == [0, 1, 0, 1, 2, 2, 0]
    assert capsys.readouterr().err.count(f"logged to note {KEY}\n") == 5
    happened = ["question", "search", "search", "quote", "refusal", "reading", "rejection"]
    assert kinds(project) == happened
    states = {one.url: one.state for one in noting.find_note(project).trail.sources}
    assert list(states.values()) == ["used", "not read", "left out"]
    assert exit_code("footnotary", ["note", "stop", *root]) == 0
    exit_code("footnotary", ["search", "zebra", *root])
    assert kinds(project) == happened


def test_the_regions_are_what_the_trail_says(project):
    """Each event is rendered at once; hostile words stay words; refreshing changes nothing."""
    note = noting.start_note(project, QUESTION).note
    log_search(project, "pages read", "<b>pool</b> | size", 10, 10)
    add_remark(project, note, "<script>x</script> ^[1] <!-- footnotary:end searches -->")
    reject_source(project, note, "https://example.org/|x", "a | b")
    text = read_document(note.stored.path)
    assert "10 or more" in text
    assert "<script>" not in text
    root = ["--root", str(project.root)]
    assert exit_code("doc", ["refresh", *root]) == 0
    assert read_document(note.stored.path) == text
    assert exit_code("doc", ["check", *root]) == 0


def test_what_must_not_be_written_down_is_masked(project):
    """A password in an address or a remark is not in the trail, nor in the note."""
    note = noting.start_note(project, QUESTION).note
    log_reading(project, "https://bob:hunter2secret@example.org/x", "")
    add_remark(project, note, "It wants password=Xk3v9QpL2mZ.")
    written = note.stored.trail_path.read_text() + read_document(note.stored.path)
    assert "hunter2secret" not in written
    assert "Xk3v9QpL2mZ" not in written


@each_row(
    ("before", "words"),
    [
        (b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n", "line 1: a merge conflict"),
        (b"=======\n", "line 1: a merge conflict"),
        (b"{}\n{}\n", "line 1: not an event"),
        (b"[]\n", "line 1: not an event"),
        (b'{"event": "search"', "line 1: not an event"),
        (b"\xff\n", "line 1: not an event"),
        (b'{"event": "later", "at": "2026-01-01T00:00:00Z"}\n', "line 1: not an event"),
        (b'{"event": "remark", "at": "2026-01-01T00:00:00", "text": "x"}\n', "timezone"),
    ],
)
def test_a_broken_trail_is_one_sentence_with_its_line(before, words):
    """Merge marks, other JSON and events of later versions are named, never skipped."""
    with pytest.raises(DocumentError, match=words):
        parse_trail(before, "x.trail.jsonl")


def test_no_event_is_lost_where_note_or_trail_are_broken(project):
    """Behind merge marks and beside an edited region events are appended, and it is said."""
    note = noting.start_note(project, QUESTION).note
    path, page = note.stored.trail_path, note.stored.path
    raw, text = path.read_bytes(), read_document(page)
    path.write_bytes(raw + b"<<<<<<< ours\n=======\n>>>>>>> theirs")
    logged = log_search(project, "pages read", "first", 0)
    assert "a merge conflict is not resolved" in logged.problem
    assert read_document(page) == text
    assert path.read_bytes().endswith(b'"terms": "first", "results": 0}\n')
    lines = [one for one in path.read_text().splitlines() if one.startswith("{")]
    path.write_text("\n".join(lines))  # as whoever resolves it, the last line end lost
    page.write_text(text.replace("No source is logged.", "My own words."))
    logged = log_search(project, "pages read", "second", 0)
    assert "edited by hand" in logged.problem
    assert [one.terms for one in noting.find_note(project).trail.searches] == ["first", "second"]


def test_two_branches_that_append_merge_by_keeping_all_lines(project):
    """Ids are of the event: the same ones stay one conflict-free file, a doubled line is named."""
    note = noting.start_note(project, QUESTION).note
    path = note.stored.trail_path
    begun = path.read_bytes()
    log_search(project, "pages read", "ours", 1)
    ours = path.read_bytes()
    path.write_bytes(begun)
    log_search(project, "pages read", "theirs", 2)
    merged = ours + path.read_bytes().removeprefix(begun)
    found = parse_trail(merged, "x").searches
    assert {one.terms for one in found} == {"ours", "theirs"}
    with pytest.raises(DocumentError, match=r"line 4: the event \w+ is on line 3 too"):
        parse_trail(merged + merged.splitlines(keepends=True)[2], "x")


@pytest.mark.slow
def test_a_question_names_its_note(project):
    """The same question is the same note; another one of the same words' beginning is not."""
    first = noting.start_note(project, QUESTION)
    assert (first.created, first.note.key) == (True, KEY)
    again = noting.start_note(project, "which pool size, does the driver use")
    assert (again.created, again.note.key, again.before) == (False, KEY, "")
    long = "Is it true that a connection pool of the default size suits a service "
    keys = [noting.start_note(project, long + end).note.key for end in ("of one", "of two", "x")]
    assert len(set(keys)) == 3
    cyrillic = noting.start_note(project, "Сколько соединений?")
    assert cyrillic.note.title == "Сколько соединений?"
    assert cyrillic.before == keys[-1]
    assert noting.start_note(project, "Сколько соединений").note.key == cyrillic.note.key
    for words in ("", " ?! ", "x" * 1_001):
        with pytest.raises(UsageError):
            noting.start_note(project, words)


def test_a_current_note_that_came_with_the_repository_is_not_believed(project, monkeypatch):
    """A committed `.footnotary/note.json` chooses no note; another form is no note either."""
    noting.start_note(project, QUESTION)
    assert noting.current_note(project).name == KEY
    path = project.root / ".footnotary" / "note.json"
    for text in ('{"key": "../x"}', "[]", "{", '{"key": "a", "more": 1}'):
        path.write_text(text)
        assert noting.current_note(project) is None
    path.write_text(f'{{"key": "{KEY}"}}')
    monkeypatch.setattr("footnotary.state._tracked", lambda top, first: frozenset({".footnotary"}))
    assert noting.current_note(project) is None


def test_a_note_of_another_branch_is_told(project):
    """Where the current note is not among the documents, nothing is logged, and that is said."""
    note = noting.start_note(project, QUESTION).note
    note.stored.path.unlink()
    with pytest.warns(Warning, match="Nothing is logged"):
        assert log_search(project, "pages read", "x", 0) is None


def test_a_note_that_is_written_on_a_later_day_keeps_its_trail(project, monkeypatch, capsys):
    """The successor goes on with the trail; the archived note keeps what it had."""
    first = noting.start_note(project, QUESTION).note
    raw = first.stored.trail_path.read_bytes()
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-25")
    assert exit_code("doc", ["new", "research", KEY, "--root", str(project.root)]) == 0
    log_search(project, "pages read", "later", 0)
    now = noting.find_note(project)
    assert now.stored.date.isoformat() == "2026-11-25"
    assert now.stored.trail_path.read_bytes().startswith(raw)
    assert (project.archive / "research" / first.stored.trail_path.name).read_bytes() == raw
    assert now.day == first.stored.date


def test_a_decision_is_made_changed_superseded_and_withdrawn(project):
    """The last word counts, options stay, and what it replaces says so."""
    old = noting.start_note(project, "How was it before?").note
    with pytest.raises(UsageError, match="names what was chosen"):
        decide_note(project, old, DecisionChoice())
    decide_note(project, old, DecisionChoice(chosen="a", options=("a", "b")))
    new = noting.start_note(project, QUESTION).note
    assert new.state == "open"
    choice = DecisionChoice(chosen="five", why="it fits", supersedes=("how-was",))
    assert [one.key for one in decide_note(project, new, choice)] == [KEY, old.key]
    found = {one.key: one for one in noting.list_notes(project)}
    assert (found[old.key].state, found[old.key].trail.superseded_by) == ("superseded", KEY)
    assert "**State:** superseded by `which-" in read_document(old.stored.path)
    decide_note(project, found[KEY], DecisionChoice(state="withdrawn", why="it leaks"))
    made = noting.find_note(project, KEY).trail.decision
    assert (made.state, made.chosen, made.supersedes) == ("withdrawn", "five", (old.key,))
    assert (made.why, made.withdrawn) == ("it fits", "it leaks")
    bad = [DecisionChoice(chosen="x", supersedes=(KEY,)), DecisionChoice(state="withdrawn")]
    bad.append(DecisionChoice(state="withdrawn", why="x", supersedes=(old.key,)))
    for choice in bad:
        with pytest.raises(UsageError):
            decide_note(project, found[KEY], choice)


def test_what_was_superseded_and_decided_anew_stays_decided(project):
    """Deciding again supersedes nothing by itself: neither what came back, nor what is gone."""
    old = noting.start_note(project, "How was it before?").note
    new = noting.start_note(project, QUESTION).note
    decide_note(project, new, DecisionChoice(chosen="five", supersedes=(old.key,)))
    decide_note(project, noting.find_note(project, old.key), DecisionChoice(chosen="as before"))
    again = DecisionChoice(state="withdrawn", why="it leaks")
    assert [one.key for one in decide_note(project, noting.find_note(project, KEY), again)] == [KEY]
    assert noting.find_note(project, old.key).state == "decided"
    assert noting.find_note(project, KEY).trail.decision.supersedes == ()
    decide_note(project, new, DecisionChoice(chosen="six", supersedes=(old.key,)))
    old.stored.path.unlink()
    decide_note(project, noting.find_note(project, KEY), DecisionChoice(chosen="seven"))
    assert noting.find_note(project, KEY).trail.decision.supersedes == (old.key,)


def test_an_export_numbers_decisions_alone_and_leaves_out_no_trail_that_does_not_read(project):
    """The first decision is number 1; a trail that does not read is told, and nothing written."""
    other = noting.start_note(project, "Another question?").note
    decide_note(project, other, DecisionChoice(chosen="x"))
    noting.start_note(project, "An open question?")
    note = noting.start_note(project, QUESTION).note
    decide_note(project, note, DecisionChoice(chosen="five", why="It fits"))
    folder = project.root / "out"
    assert export_decisions(project, [KEY], folder)[KEY].name == f"0001-{KEY}.md"
    import_decisions(project, export_decisions(project, [other.key], folder).values())
    assert kinds(project, other.key) == ["question", "decision", "decision"]
    assert "**Chosen:** five\n\n**Why:** It fits\n" in read_document(note.stored.path)
    note.stored.trail_path.write_text("{}\n")
    with pytest.raises(UsageError, match="not an event"):
        export_decisions(project, (), project.root / "all")
    assert not (project.root / "all").exists()
    handed = render_handoff(write_handoff(project))
    assert "its trail does not read" in handed
    report = check_project(project, GateOptions())
    assert [one.fix[:12] for one in report.findings if one.code == "DOC009"] == ["Restore the "]


FOURTH = """---
# kept: a comment
status: "accepted"
date: 2024-09-17
decision-makers: Ann, Bob
nav_order: 4
---

# Use `five` connections

## Context and Problem Statement

How many, see [the other](0002-other.md)?

```markdown
## Considered Options

* not an option
```

<!-- This is an optional element. -->
## Decision Drivers

* speed

## Considered Options

* Five connections
* [One a request](#one-a-request)

## Decision Outcome

Chosen option: "Five connections", because it is the "default" (see below).

### Consequences

* Good, because simple
* Bad, because small

### Confirmation

A test.

## Pros and Cons of the Options

### Five connections

Described.

* Good, because it fits
* Neutral, because usual
* an aside

### One a request

* Bad, because slow

## More Information

More.
"""
SECOND = """# Use ten connections

* Status: superseded by [ADR-0004](0004-five.md) <!-- optional -->
* Deciders: Ann
* Date: 2019-02-17

Technical Story: a ticket

## Context and Problem Statement

How many?

## Considered Options <!-- optional -->

* ten
* twenty

## Decision Outcome

Chosen option: "ten", because round.

### Positive Consequences <!-- optional -->

* easy to remember

### Negative Consequences

* too many

## Links

* [Refined by](0009-x.md)
"""


def record(text, file="0004-five.md"):
    """Read a decision record."""
    empty = DecisionMade(at="2026-11-23T12:00:00Z", state="open")
    return parse_decision(text, file, empty)


def test_decision_records_of_all_versions_are_read():
    """Front matter or list, optional comments, links, code: what each says of the decision."""
    fourth = record(FOURTH)
    made = fourth.made
    assert (fourth.title, made.state, str(made.day)) == (
        "Use `five` connections",
        "decided",
        "2024-09-17",
    )
    assert (made.chosen, made.why) == (
        "Five connections",
        'it is the "default" (see below).',
    )
    assert [one.title for one in made.options] == ["Five connections", "One a request"]
    assert made.options[0].arguments == ("Good, because it fits", "Neutral, because usual")
    assert made.options[0].text == "Described.\n\nan aside"
    assert made.consequences == ("Good, because simple", "Bad, because small")
    assert fourth.context.startswith("How many, see the other?")
    second = record(SECOND)
    assert (second.superseded_by, str(second.made.day)) == ("0004-five.md", "2019-02-17")
    assert second.made.consequences == ("Good: easy to remember", "Bad: too many")
    for status, state in (
        ("proposed", "open"), ("rejected", "withdrawn"), ("Deprecated", "withdrawn"),
        ("'superseded by ADR-0004'", "withdrawn"), ("on hold", "open"), ("{x}", "open"),
    ):  # fmt: skip
        again = record(FOURTH.replace('"accepted"', status))
        assert again.made.state == state, status
    assert "'on hold'" in record(FOURTH.replace('"accepted"', "on hold")).warning
    for text in ("", "words", "# Title\n", "## Decision Outcome\n", "---\na: [\n---\n# x\n"):
        with pytest.raises(DocumentError):
            record(text)


OUTCOMES = {
    'Chosen option: "a", because x.': ("decided", "a", "x."),
    "Chosen option: **b c**, because\n\n* one\n* two": ("decided", "b c", "one; two"),
    "Chosen option: [a](#a), because y": ("decided", "a", "y"),
    'Chosen options: "a" and "b c", because z': ("decided", "a and b c", "z"),
    'Chosen option: "b c"': ("decided", "b c", ""),
    'Chosen option: b c because it is "so", because of q': (
        "decided",
        "b c",
        'it is "so", because of q',
    ),
    'Chosen option: "a", since it is best.': ("decided", "a", "it is best."),
    "Chosen option: `a`; because x": ("decided", "a", "x"),
    "We chose a.": ("open", "", "We chose a."),
    "": ("open", "", ""),
}


def test_outcomes_in_the_words_that_people_use():
    """Quoted or not, several, with another conjunction, a list of reasons; else as it is."""
    for words, (state, chosen, why) in OUTCOMES.items():
        text = f"# T\n\n## Considered Options\n\n* a\n* b c\n\n## Decision Outcome\n\n{words}\n"
        made = record(text).made
        assert (made.state, made.chosen, made.why) == (state, chosen, why), words
    accepted = "* Status: accepted\n\n## Decision Outcome\n\nWe chose a.\n"
    assert record(f"# T\n\n{accepted}").made.state == "decided"
    weighed = "## Pros and Cons of the Options\n\n### Option 2: b\n\n+ Good, because z\n"
    text = f"T\n=\n\nConsidered Options\n---\n\n1. a\n2. b\n\n{weighed}"
    assert [(one.title, len(one.arguments)) for one in record(text).made.options] == [
        ("a", 0),
        ("b", 1),
    ]


@pytest.mark.slow
def test_decision_records_come_back_word_for_word(project, tmp_path, capsys):
    """Imported, linked, exported: the same bytes; twice is once; a broken file is named."""
    folder = tmp_path / "adrs"
    folder.mkdir()
    texts = {
        "0002-ten.md": SECOND,
        "0004-five.md": FOURTH.replace("\n", "\r\n"),
        "0005-same.md": FOURTH.replace("accepted", "proposed"),
        "0006-bare.md": "# Bare\n\n## Decision Outcome",
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    (folder / "0007-broken.md").write_bytes(b"\xff")
    files = sorted(folder.iterdir())
    brought = import_decisions(project, files)
    assert [bool(one.problem) for one in brought] == [False, False, False, False, True]
    assert len({one.key for one in brought}) == 5
    assert not any(one.new for one in import_decisions(project, files))
    notes = {one.key: one for one in noting.list_notes(project)}
    ten, five = notes["use-ten-connections"], notes["use-five-connections"]
    assert (ten.state, ten.trail.superseded_by) == ("superseded", five.key)
    assert "decided, 2024-09-17" in read_document(five.stored.path)
    assert "**State:** open" in read_document(notes["bare"].stored.path)
    days = {one.path.rpartition("/")[2]: one.date for one in write_handoff(project).research}
    assert days[five.stored.path.name] == "2024-09-17"
    assert days[notes["bare"].stored.path.name] == ""
    capsys.readouterr()
    exit_code("footnotary", ["note", "list", "--root", str(project.root)])
    listed = capsys.readouterr().out
    assert f"{five.title}\n  2024-09-17, 797 days old" in listed
    assert "Bare\n  day not stated\n" in listed
    written = export_decisions(project, (), tmp_path / "out")
    assert {path.name: path.read_bytes().decode() for path in written.values()} == texts
    assert exit_code("doc", ["check", "--root", str(project.root), "--select", "DOC"]) == 0


def test_a_record_that_changed_keeps_what_the_note_does_not_know(project, tmp_path):
    """Other sections, comments and fields stay; decision, status and date are the new ones."""
    path = tmp_path / "0004-five.md"
    path.write_text(FOURTH)
    (imported,) = import_decisions(project, [path])
    note = noting.find_note(project, imported.key)
    decide_note(project, note, DecisionChoice(chosen="Six <b>", why="it grew"))
    trail = noting.find_note(project, imported.key).trail
    text = render_decision(trail, note.title, "")
    again = record(text)
    assert (again.made.chosen, again.made.why) == ("Six <b>", "it grew")
    assert [one.title for one in again.made.options][-1] == "Six <b>"
    assert again.made.options[0] == record(FOURTH).made.options[0]
    for kept in ("# kept: a comment", "nav_order: 4", "* not an option", "## More Information"):
        assert kept in text
    assert "date: 2026-11-23" in text
    other = noting.start_note(project, QUESTION).note
    choice = DecisionChoice(chosen="x", supersedes=(imported.key,))
    decide_note(project, other, choice)
    written = export_decisions(project, (), tmp_path / "out")
    assert f"superseded by {written[other.key].stem}" in written[imported.key].read_text()
    import_decisions(project, [written[imported.key]])
    assert noting.find_note(project, imported.key).state == "superseded"


def test_a_note_s_decision_goes_through_a_record_and_back(project, tmp_path):
    """What `note decide` logged is what is read out of its record, quotation marks and all."""
    note = noting.start_note(project, 'Is "five" enough & <why>?').note
    choice = DecisionChoice(
        chosen='the "five" one', why="because | `x` # 1", options=("# a", "1. b"),
        consequences=("Good, because *small*",),
    )  # fmt: skip
    decide_note(project, note, choice)
    made = noting.find_note(project).trail.decision
    (path,) = export_decisions(project, [note.key], tmp_path / "out").values()
    again = record(path.read_text(), path.name)
    assert again.title == note.title
    for name in ("state", "day", "options", "chosen", "why", "consequences"):
        assert getattr(again.made, name) == getattr(made, name), name
    shown = json.dumps(
        [one.model_dump(mode="json") for one in noting.find_note(project).trail.events]
    )
    assert 'the \\"five\\" one' in shown


def found(project, *codes):
    """Return the findings of rules: code and message."""
    options = GateOptions(select=codes, code=False, pages=("docs/*.md",))
    return [(one.code, one.message) for one in check_project(project, options).findings]


def test_a_document_cites_a_decision_as_it_cites_a_source(project, capsys):
    """It is numbered, its entry shows title, day and state, follows it, and keeps remarks."""
    note = noting.start_note(project, QUESTION).note
    page = project.root / "docs" / "page.md"
    page.parent.mkdir()
    page.write_text(f"We keep five connections.^[decision:{KEY}]\n\n`^[decision:x]` in code\n")
    root = ["--root", str(project.root)]
    assert exit_code("doc", ["sync", str(page), *root]) == 0
    entry = f"[1] Decision: {QUESTION} - [Asked: 2026-11-23] - open <!-- cite:decision:{KEY} -->"
    assert f"{entry}\n" in page.read_text()
    assert "connections.^[1]\n" in page.read_text()
    assert found(project, "DEC", "CIT", "CLM") == [
        ("DEC003", f"The question {KEY!r} is still open.")
    ]
    page.write_text(page.read_text().replace(entry, f"{entry} Ask Ann."))
    (project.root / "pyproject.toml").write_text(
        '[project]\nname = "shop"\n[tool.footnotary]\npages = ["docs/*.md"]\n'
    )
    decide = ["note", "decide", "--chosen", 'the "five"', "--why", "it fits", *root]
    assert exit_code("footnotary", decide) == 0
    assert "synced: docs/page.md" in capsys.readouterr().err
    text = page.read_text()
    assert '[Decided: 2026-11-23] - decided: "the &#34;five&#34;" <!-- cite:' in text
    assert "--> Ask Ann." in text
    assert found(project, "DEC", "CIT") == []
    assert exit_code("doc", ["sync", str(page), "--check", *root]) == 0
    new = noting.start_note(project, "And now?").note
    decide_note(project, new, DecisionChoice(chosen="ten", supersedes=(KEY,)))
    assert {code for code, _ in found(project, "DEC", "CIT")} == {"CIT003", "DEC002"}
    assert exit_code("doc", ["sync", str(page), *root]) == 0
    assert "superseded by and-now <!-- cite:" in page.read_text()
    assert found(project, "DEC", "CIT") == [
        ("DEC002", f"The decision {KEY!r} was superseded by 'and-now'.")
    ]
    text = page.read_text()
    note.stored.trail_path.write_text("<<<<<<< a\n")
    ((code, message),) = found(project, "DEC", "CIT")
    assert (code, "state of the decision" in message) == ("DEC001", True)
    note.stored.path.unlink()
    assert found(project, "DEC", "CIT") == [("DEC001", f"There is no research note {KEY!r}.")]
    assert exit_code("doc", ["sync", str(page), *root]) == 0
    assert page.read_text() == text
    odd = ("^[decision: words of it]", "^[ Decision:x]", "^[decision:a b]", "^[decision: a, b]")
    page.write_text("\n\n".join(f"It is so{one}." for one in odd))
    page.write_text(
        page.read_text() + "\n\n`^[decision: a b]` \\^[decision: a b] ^[decision: x](y)\n\n"
        "```\n^[decision: a b]\n```\n\n<!-- ^[decision: a b] -->\n"
    )
    assert [message.partition(" is not")[0] for _, message in found(project, "DEC")] == list(odd)
    assert exit_code("doc", ["sync", str(page), *root]) == 0
    page.write_text(text)
    for form, shown in (("notes", "[^1]: Decision: Which pool size"), ("html", "Decision: Which")):
        capsys.readouterr()
        assert exit_code("doc", ["export", str(page), "--to", form, *root]) == 0
        assert shown in capsys.readouterr().out


def test_the_gate_sees_a_note_that_is_not_what_its_trail_says(project, capsys):
    """After a merge of trails, a lost trail and merge marks; `--fix` renders the note anew."""
    note = noting.start_note(project, QUESTION).note
    log_search(project, "pages read", "first", 1)
    path, page = note.stored.trail_path, note.stored.path
    before, raw = read_document(page), path.read_bytes()
    log_search(project, "pages read", "second", 2)
    page.write_text(before)
    assert found(project, "DOC009") == [
        ("DOC009", "the region searches is not what the trail says.")
    ]
    assert exit_code("doc", ["check", "--fix", "--root", str(project.root), "--quiet"]) == 0
    assert "`second`" in read_document(page)
    assert found(project, "DOC009") == []
    path.unlink()
    codes = [code for code, _ in found(project, "DOC")]
    assert sorted(codes) == ["DOC004", "DOC009"]
    path.write_bytes(raw + b"<<<<<<< ours\n")
    ((_, message),) = found(project, "DOC009")
    assert "line 3: a merge conflict is not resolved" in message
    assert exit_code("doc", ["refresh", "--root", str(project.root)]) == 2
    assert "Every line is an event" in capsys.readouterr().err


def test_a_source_is_one_however_it_is_named(project):
    """An address, what it led to, its last slash and its fragment are one source."""
    note = noting.start_note(project, QUESTION).note
    log_reading(project, "https://example.org/new/", "New", asked="https://example.org/old")
    reject_source(project, note, "https://example.org/old#part", "too old")
    log_reading(project, "https://example.org/gone", "", "It answers 404.")
    log_reading(project, "https://example.org/gone", "Back")
    old, gone = noting.find_note(project).trail.sources
    assert (old.state, old.why, old.title) == ("left out", "too old", "New")
    assert (gone.state, gone.title) == ("not used", "Back")


def test_what_cannot_be_logged_is_refused_in_one_sentence(project, capsys):
    """Bytes that are not UTF-8, nothing, too much, and notes that are not there."""
    root = ["--root", str(project.root)]
    noting.start_note(project, QUESTION)
    before = kinds(project)
    for words in (["add", "\udcff"], ["add", " "], ["add", "x" * 20_001], ["reject", "u", ""],
                  ["add", "x", "--note", "none"], ["decide", "--open", "--withdrawn"],
                  ["show", "w" * 300], ["export"], ["decide", "--chosen", "\udcff"],
                  ["import", "/nowhere/x.md", "--quiet"]):  # fmt: skip
        assert exit_code("footnotary", ["note", *words, *root]) in (1, 2), words
        assert "Traceback" not in capsys.readouterr().err
    assert kinds(project) == before


def test_an_export_overwrites_no_words_of_others(project, tmp_path):
    """A record of that name by hand stays; what was exported or imported may be replaced."""
    note = noting.start_note(project, QUESTION).note
    decide_note(project, note, DecisionChoice(chosen="five"))
    folder = project.root / "docs" / "decisions"
    (path,) = export_decisions(project, (), folder).values()
    assert path.name == f"0001-{KEY}.md"
    export_decisions(project, (), folder)
    path.write_text("# by hand\n")
    with pytest.raises(UsageError, match="is there and differs"):
        export_decisions(project, (), folder)
    assert path.read_text() == "# by hand\n"
    export_decisions(project, (), folder, force=True)
    assert "five" in path.read_text()


def test_a_note_whose_trail_is_gone_keeps_what_was_made_of_it(project, capsys):
    """Its state is not known, nothing is logged, and neither refresh nor fix takes its regions."""
    note = noting.start_note(project, QUESTION).note
    decide_note(project, note, DecisionChoice(chosen="five"))
    text = read_document(note.stored.path)
    note.stored.trail_path.write_text("\n")
    assert "is missing or empty" in noting.find_note(project, KEY).problem
    note.stored.trail_path.unlink()
    with pytest.raises(DocumentError, match="is missing"):
        add_remark(project, note, "words")
    root = ["--root", str(project.root)]
    assert exit_code("doc", ["refresh", str(note.stored.path), *root]) == 2
    assert exit_code("doc", ["check", "--fix", *root]) == 1
    assert "Restore it from git" in capsys.readouterr().out
    assert (read_document(note.stored.path), note.stored.trail_path.exists()) == (text, False)


def test_a_search_finds_what_was_written_and_not_itself(project, capsys):
    """Logged searches, unanswered questions, marks and empty regions are none; `&` is `&`."""
    root = ["--root", str(project.root)]
    note = noting.start_note(project, "Is <this> & that a zebra?").note
    assert exit_code("footnotary", ["search", "zebra", *root]) == 1
    add_remark(project, note, "Stripes <b>matter</b>")
    assert [exit_code("footnotary", ["search", words, *root]) for words in ("lion", "lion")] == [
        1,
        1,
    ]
    capsys.readouterr()
    assert exit_code("footnotary", ["search", "zebra", "--json", *root]) == 0
    found = [(one["title"], one["passage"]) for one in json.loads(capsys.readouterr().out)]
    title = "Is <this> & that a zebra?: "
    assert (f"{title}Findings: Remarks", "- 2026-11-23: Stripes <b>matter</b>") in found
    assert not [words for _, words in found if "footnotary:" in words or "_What" in words]


def test_a_record_is_found_by_its_passage_and_shown_by_its_quote(project):
    """Words beside the quote find it, and are not shown as what its marker cites."""
    page = project.root / "page.html"
    page.write_text(PAGE.replace("<p>", "<p>Ask your zebra first.</p><p>"))
    quote = "The default pool size is 5 connections"
    words = ["https://example.org/pools", "--file", str(page), "--quote", quote]
    assert exit_code("cite", [*words, "--root", str(project.root)]) == 0
    query = Query("zebra kind:quote")
    (found,) = search_read_and_written(query, project, Cache(project.root / ".footnotary")).results
    assert quote in found.passage
    assert "zebra" not in found.passage


def test_the_research_context_has_the_terms_of_the_trail(project, capsys):
    """After each search, on paper as in the gate; a trail that does not read changes nothing."""
    root = ["--root", str(project.root)]
    note = noting.start_note(project, QUESTION).note
    path = note.stored.path
    assert "Search Terms Used: none recorded" in read_document(path)
    terms = ("pool size", 'the "exact"  words', "*stars* | pipes", "pool size")
    for one in terms:
        log_search(project, "elsewhere", one, None)
    said = '"pool size", "the &#34;exact&#34; words", "&#42;stars&#42; &#124; pipes"'
    said = f"Search Terms Used: {said}"
    text = read_document(path)
    assert said in text
    assert exit_code("doc", ["check", "--select", "CIT003,DOC009", *root]) == 0
    assert exit_code("doc", ["sync", str(path), *root]) == 0
    assert read_document(path) == text
    path.write_text(text.replace(said, "Search Terms Used: none recorded"))
    assert exit_code("doc", ["check", "--select", "CIT003", *root]) == 1
    assert exit_code("doc", ["check", "--fix", *root]) in {0, 1}
    assert read_document(path) == text
    page = project.root / "page.html"
    page.write_text(PAGE)
    quote = ["--file", str(page), "--quote", "The default pool size is 5 connections"]
    assert exit_code("cite", ["https://example.org/pools", *quote, *root]) == 0
    text = read_document(path)
    assert "Data Recency: oldest source 2026-11-23, newest 2026-11-23; 0 of 1" in text
    assert exit_code("doc", ["check", "--select", "CIT003,CIT004", *root]) == 0
    assert "no document cites" not in capsys.readouterr().out
    with note.stored.trail_path.open("a") as trail:
        trail.write("<<<<<<< ours\n")
    assert exit_code("doc", ["sync", str(path), *root]) == 0
    assert read_document(path) == text


def test_of_very_many_entries_the_latest_are_ranked_and_that_is_said(project, capsys, monkeypatch):
    """What matches more than can be ranked is found among what was indexed last, newest or not."""
    index = TextIndex(Derived(project.root, create=True))
    for number in range(6):
        title = "zebra" if number in {0, 4} else "other"
        site = "a.org" if number < 3 else "b.org"
        url = f"https://{site}/{number}"
        index.put([IndexEntry("page", url, url, title, site, "zebra", date(2026, 11, 1), "x")])
    monkeypatch.setattr(text_index, "MOST_RANKED", 4)
    for words, numbers, said in (
        ("zebra", "4", 1),
        ("zebra site:a.org", "0", 0),
        ("other", "1", 0),
    ):
        root = ["--limit", "1", "--json", "--root", str(project.root)]
        assert exit_code("footnotary", ["search", words, *root]) == 0
        out, err = capsys.readouterr()
        assert [one["url"][-1] for one in json.loads(out)][:1] == [numbers], words
        assert ("were ranked alone" in err) is bool(said), words


def test_a_note_without_a_trail_is_called_by_its_name(tmp_path):
    """A document that cites its decision still has words for it."""
    path = tmp_path / "RESEARCH-pool-size-2026-11-23.md"
    standing = standing_of(StoredDocument(path, "research", "pool-size", date(2026, 11, 23)))
    assert (standing.key, standing.title) == ("pool-size", "pool size")
