"""`footnotary handoff`: what the next person or agent has to know, and what could not be told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from footnotary import clock, git
from footnotary.counting import counted, cut_at_word, in_words
from footnotary.documents.kinds import without_questions
from footnotary.documents.research import RESEARCH, written_section
from footnotary.errors import DocumentError, FootnotaryError
from footnotary.findings import Finding, Severity
from footnotary.gating import GateOptions, Report, check_project
from footnotary.gating.quality import Quality, qualities
from footnotary.markers import escaped
from footnotary.noting import Note, list_notes
from footnotary.project import Project
from footnotary.rules.basis import UNREAD
from footnotary.rules.documents import BROKEN, STALE, UNANSWERED
from footnotary.writing import StoredDocument, stored_documents
from footnotary.writing.documents_on_disk import read_document

COMMITS = 10
_FINDINGS = 20
_CHANGES = 30
_WORDS = 300
_OPEN = ("open", "unknown")
_FOR_AGENTS = ("AGENTS.md", "CLAUDE.md", "CONTRIBUTING.md", "README.md")


@dataclass(frozen=True)
class ResearchState:
    """What a research note asked and what was decided.

    Attributes:
        path: The note.
        date: When it was decided, or else asked; empty where that is not known.
        question: Its question; empty where nobody wrote one.
        state: `open`, `decided`, `superseded`, `withdrawn`; `unknown` where its trail does not
            read.
        decision: What was decided, as its trail or its text has it; empty while it is open.
    """

    path: str
    date: str
    question: str
    state: str
    decision: str


@dataclass(frozen=True)
class DocumentState:
    """How a document is.

    Attributes:
        path: The document.
        kind: Its kind.
        date: Its day.
        citations: How many records it cites, by state.
        uncited: Claims without a source.
        questions: Questions of its skeleton that nobody has answered; None where not counted.
        code: Whether its tables are those of the code: `unchanged`, `changed`, or `unknown`.
        problem: Why it could not be read; empty where it could.
    """

    path: str
    kind: str
    date: str
    citations: Mapping[str, int]
    uncited: int
    questions: int | None
    code: str
    problem: str = ""


@dataclass(frozen=True)
class GateOutcome:
    """What the gate said.

    Attributes:
        outcome: `passed`, `failed`, `incomplete` (the code of a document could not be read),
            `impossible` (it could not run) or `skipped`.
        counts: Findings by severity.
        findings: The first errors and warnings.
        problem: Why it could not run; empty where it could.
    """

    outcome: str
    counts: Mapping[str, int]
    findings: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class HandOff:
    """What is handed over.

    Attributes:
        made: When, in ISO 8601.
        project: The project's name.
        branch: The branch; empty when none is checked out or there is no repository.
        commits: The last commits, newest first.
        pending: How many files are not committed.
        changes: The first of them: status and path.
        message: The suggested message for that.
        research: Questions and decisions of research notes, open ones first.
        documents: The current documents.
        gate: What the gate said.
        read_first: What to read first, in that order, with the reason.
        unknown: What could not be told.
    """

    made: str
    project: str
    branch: str
    commits: tuple[git.Commit, ...]
    pending: int
    changes: tuple[git.Change, ...]
    message: str
    research: tuple[ResearchState, ...]
    documents: tuple[DocumentState, ...]
    gate: GateOutcome
    read_first: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it for programs; the schema is in docs/agents.md."""
        return {"schema": 1, **asdict(self)}


def write_handoff(project: Project, options: GateOptions | None = None) -> HandOff:
    """Gather what is handed over; nothing is written but the caches."""
    unknown: list[str] = []
    repository = git.read_repository(project.root)
    if repository is None:
        reason = escaped(git.refusal(project.root)[0]) or "there is no git repository"
        unknown.append(f"Branch, commits and uncommitted changes: {reason}.")
    stored = stored_documents(project)
    report, gate = _gate(project, options)
    if gate.outcome in ("impossible", "incomplete", "skipped"):
        unknown.append(_why_gate_is_unknown(gate))
    documents = tuple(_documents(project, stored, report))
    unknown += [
        f"{one.path} could not be read: {escaped(one.problem)}" for one in documents if one.problem
    ]
    unread = [one for one in documents if one.code == "unknown" and not one.problem]
    unknown += [f"Whether {one.path} is still what the code is." for one in unread]
    unknown += _sources_unread(documents)
    research = tuple(_research(project, unknown))
    changes = repository.changes if repository else ()
    return HandOff(
        clock.now().isoformat(timespec="seconds"),
        project.name,
        repository.branch if repository else "",
        git.last_commits(repository.root, COMMITS) if repository else (),
        len(changes),
        changes[:_CHANGES],
        git.suggested_message(changes),
        research,
        documents,
        gate,
        tuple(_read_first(project, research, documents, report)),
        tuple(unknown),
    )


def _gate(project: Project, options: GateOptions | None) -> tuple[Report | None, GateOutcome]:
    """Run the gate and sum it up."""
    if options is None:
        return None, GateOutcome("skipped", {})
    try:
        report = check_project(project, options)
    except FootnotaryError as error:
        return None, GateOutcome("impossible", {}, problem=error.message)
    counts = {
        severity.value: sum(1 for one in report.findings if one.severity is severity)
        for severity in Severity
    }
    shown = tuple(
        f"{one.path}{f':{one.line}' if one.line else ''}: {one.code}: {one.message}"
        for one in report.weighty[:_FINDINGS]
    )
    outcome = "incomplete" if report.incomplete else "failed" if report.failed else "passed"
    return report, GateOutcome(outcome, counts, shown)


def _why_gate_is_unknown(gate: GateOutcome) -> str:
    """Say what is not known of the gate, and why."""
    return {
        "skipped": "Whether the gate passes: it was not run.",
        "impossible": f"Whether the gate passes: {escaped(gate.problem)}",
        "incomplete": "Whether every document is still what the code is: some of it was not read.",
    }[gate.outcome]


def _documents(
    project: Project, stored: tuple[StoredDocument, ...], report: Report | None
) -> Iterator[DocumentState]:
    """Yield how each document is."""
    figures = qualities(project, stored)
    for each in stored:
        path = each.path.relative_to(project.root).as_posix()
        found = figures[each.path]
        said = [one for one in (report.findings if report else ()) if one.path == path]
        asked = [one for one in said if one.code == UNANSWERED]
        yield DocumentState(
            path,
            each.kind_name,
            each.date.isoformat(),
            found.citations,
            found.uncited_claims,
            sum(max(1, len(one.details)) for one in asked) if report else None,
            ""
            if each.kind_name == "research"
            else _state_of_code(found, said, held=report is not None and path in report.held),
            found.unreadable or next((one.message for one in said if one.code == BROKEN), ""),
        )


def _state_of_code(found: Quality, said: Iterable[Finding], *, held: bool) -> str:
    """Return whether a document is known to be what the code is."""
    if found.drift is not None or held:
        return "changed" if found.drift else "unchanged"
    stale = [one for one in said if one.code == STALE]
    return "changed" if stale and not stale[0].message.startswith(UNREAD) else "unknown"


def _sources_unread(documents: Iterable[DocumentState]) -> Iterator[str]:
    """Yield how many cited sources nobody has read again, or could."""
    counts = Counter(state for one in documents for state in Counter(one.citations).elements())
    for state, why in (
        ("recorded", "`cite check --save` has not read them again"),
        ("unreachable", "they could not be reached when they were last read"),
    ):
        if counts[state]:
            ending = "s" if counts[state] == 1 else ""
            sources = counted(counts[state], "cited source")
            yield f"Whether {sources} still say{ending} it: {why}."


def _research(project: Project, unknown: list[str]) -> Iterator[ResearchState]:
    """Yield question and decision of each research note."""
    for note in list_notes(project):
        path = note.stored.path.relative_to(project.root).as_posix()
        if note.problem:
            unknown.append(f"The trail of {path}: {escaped(note.problem)}")
        made = note.trail.decision
        said = ": ".join(filter(None, (made.chosen, made.why))) if made else ""
        said = made.withdrawn if made and made.withdrawn else said
        yield ResearchState(
            path,
            note.day.isoformat() if note.day else "",
            cut_at_word(note.trail.question or _written_question(note), _WORDS),
            "unknown" if note.problem else note.state,
            cut_at_word(said, _WORDS) if note.state != "open" else "",
        )


def _written_question(note: Note) -> str:
    """Return the question of a note whose trail has none, as its text has it."""
    try:
        text = read_document(note.stored.path)
    except DocumentError:
        return ""  # it is among the documents that could not be read
    return written_section(without_questions(text, RESEARCH.prose), "Question")


def _read_first(
    project: Project,
    research: tuple[ResearchState, ...],
    documents: tuple[DocumentState, ...],
    report: Report | None,
) -> Iterator[tuple[str, str]]:
    """Yield what to read first, and why: rules, what is broken, what is open, what is there."""
    for name in _FOR_AGENTS:
        if (project.root / name).is_file():
            yield name, "how work is done here"
            break
    weighty = [one.path for one in report.weighty] if report else []
    broken = {path: weighty.count(path) for path in weighty}
    yield from ((path, counted(count, "finding")) for path, count in broken.items())
    seen = set(broken)
    for note in research:
        if note.state in _OPEN and note.path not in seen:
            yield note.path, "an open question"
            seen.add(note.path)
    yield from ((one.path, f"the {one.kind} document") for one in documents if one.path not in seen)


def render_handoff(found: HandOff) -> str:
    """Return a hand-off as Markdown; foreign words are escaped."""
    questions = [_question_line(one) for one in found.research if one.state in _OPEN]
    decisions = [_question_line(one) for one in found.research if one.state not in _OPEN]
    is_read = all(one.state != "unknown" for one in found.research)
    no_decision = f"No current research note {'has one' if is_read else 'that reads has one'}."
    sections = (
        (f"# Hand-off: {found.project}", [f"Made {found.made} by `footnotary handoff`."], ""),
        ("## Read first", [f"- `{path}`: {why}" for path, why in found.read_first], "Nothing."),
        ("## Git", list(_git_lines(found)), "No repository was read."),
        ("## Open questions", questions, "No current research note has one."),
        ("## Decisions", decisions, no_decision),
        ("## Documents", [_document_line(one) for one in found.documents], "No current document."),
        ("## Gate", list(_gate_lines(found.gate)), ""),
        (
            "## What could not be told",
            [f"- {one}" for one in found.unknown],
            "Nothing of the above.",
        ),
    )
    return "\n".join(
        f"{title}\n\n" + "\n".join(lines or [none]) + "\n" for title, lines, none in sections
    )


def _git_lines(found: HandOff) -> Iterator[str]:
    """Yield branch, commits and changes."""
    if not (found.branch or found.commits or found.changes):
        return
    yield f"- Branch: {f'`{found.branch}`' if found.branch else 'none is checked out'}"
    yield from (f"- {one.date} `{one.short}` {_code(one.subject)}" for one in found.commits)
    if not found.commits:
        yield "- Nothing is committed yet."
    yield f"- Not committed: {counted(found.pending, 'file') if found.pending else 'nothing'}"
    yield from (f"    - {one.status} {_code(one.path)}" for one in found.changes)
    if found.pending > len(found.changes):
        yield f"    - {found.pending - len(found.changes)} more"
    if found.message:
        yield f"- Suggested message: {_code(found.message)}"


def _code(words: str) -> str:
    """Return foreign words as a code span, in which nothing acts (CommonMark, section 6.1)."""
    plain = " ".join(words.replace("`", "'").split())
    return f"`{plain}`"


def _question_line(note: ResearchState) -> str:
    """Return a research note as one item."""
    none = "its trail does not read" if note.state == "unknown" else "no question was written"
    question = escaped(note.question) or none
    told = f" {escaped(note.decision)}" if note.decision else ""
    state = f" **{note.state.capitalize()}:**" if note.state not in _OPEN else ""
    return f"- {note.date or 'Day not stated:'} {question}{state}{told} (`{note.path}`)"


def _document_line(one: DocumentState) -> str:
    """Return a document as one item."""
    if one.problem:
        return f"- `{one.path}`: could not be read: {escaped(one.problem)}"
    citations = ", ".join(f"{count} {state}" for state, count in one.citations.items()) or "none"
    said = {
        "unchanged": "its tables match the code",
        "changed": "the code has changed: `doc refresh`",
        "unknown": "whether its tables match the code is not known",
    }
    words = [f"records cited: {citations}", f"{counted(one.uncited, 'claim')} without a source"]
    words += [f"{counted(one.questions, 'question')} not answered"] if one.questions else []
    words += [said[one.code]] if one.code else []
    return f"- `{one.path}`: {'; '.join(words)}"


def _gate_lines(gate: GateOutcome) -> Iterator[str]:
    """Yield what the gate said."""
    yield {
        "passed": "`doc check` passes",
        "failed": "`doc check` fails",
        "incomplete": "`doc check` could not compare every document with the code",
        "impossible": "`doc check` could not run",
        "skipped": "`doc check` was not run",
    }[gate.outcome] + (f": {counts}." if (counts := in_words(gate.counts)) else ".")
    if gate.findings:
        yield ""
    yield from (f"- {escaped(one)}" for one in gate.findings)
    left_out = gate.counts.get("error", 0) + gate.counts.get("warning", 0) - len(gate.findings)
    if left_out > 0:
        yield f"- {left_out} more"
