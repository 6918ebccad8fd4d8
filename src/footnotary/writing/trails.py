"""The trails that lie beside research notes, and the notes' regions that are rendered from them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from footnotary.documents import front_matter
from footnotary.documents.front_matter import with_front_matter
from footnotary.documents.kinds import Context, Part, Region
from footnotary.documents.regions import checksum_of, refreshed, regions_of
from footnotary.documents.research import (
    RESEARCH,
    TRAIL_REGIONS,
    render_standing,
    written_section,
)
from footnotary.documents.skeleton import reworded, without_questions
from footnotary.errors import DocumentError, FootnotaryError
from footnotary.facts.research import (
    DECISION,
    DecisionMade,
    ResearchFacts,
    ResearchTrail,
    Standing,
    TrailEvent,
    parse_trail,
    with_events,
)
from footnotary.files import read_regular
from footnotary.markers import blocks_of
from footnotary.markers.numbering import refuse_conflicts
from footnotary.markers.structure import lines_of
from footnotary.project import Project
from footnotary.writing.documents_on_disk import StoredDocument, read_document, stored_documents
from footnotary.writing.transaction import apply, writing

MOST_BYTES = 20_000_000


def read_trail(path: Path) -> ResearchTrail:
    """Read a trail; an empty one where there is none.

    Raises:
        DocumentError: It does not read; the message names the line.
    """
    return parse_trail(read_raw_trail(path), path.name)


def read_note(stored: StoredDocument, text: str | None = None) -> ResearchTrail:
    """Read the trail of a note; a decision that is in its prose alone counts as one.

    Raises:
        DocumentError: Trail or note do not read.
    """
    trail = read_trail(stored.trail_path)
    if trail.question or trail.decision:
        return trail
    body = without_questions(read_document(stored.path) if text is None else text, RESEARCH.prose)
    words = written_section(body, "Decision")
    if not words:
        return trail
    begun = datetime.combine(stored.date, time(), UTC)
    made = DecisionMade(at=begun, state="decided", why=words, in_prose=True)
    return ResearchTrail((*trail.events, made))


def read_raw_trail(path: Path) -> bytes:
    """Read the file of a trail; nothing where there is none.

    Raises:
        DocumentError: It is a link, no regular file, or larger than a trail may be.
    """
    try:
        return read_regular(path, MOST_BYTES)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise DocumentError(
            f"{path.name} cannot be read: {error.strerror or error}.",
            hint="Restore it from git; it is the trail of a research note.",
        ) from error


def research_notes(project: Project) -> dict[str, StoredDocument]:
    """Return research notes by key: of each topic the newest, current ones first."""
    found: dict[str, StoredDocument] = {}
    for archived in (True, False):
        for stored in stored_documents(project, archived=archived):
            if stored.kind_name == RESEARCH.name:  # by date, so that later ones replace earlier
                found[stored.name] = stored
    return dict(sorted(found.items()))


def standing_of(stored: StoredDocument) -> Standing:
    """Return what a document has to know of a note's decision."""
    try:
        trail, problem = read_note(stored), ""
    except DocumentError as error:
        trail, problem = ResearchTrail(), error.message
    return Standing(
        key=stored.name,
        title=trail.question or stored.name.replace("-", " "),
        state=trail.state,
        day=trail.day if trail.events else stored.date,
        chosen=trail.decision.chosen if trail.decision else "",
        superseded_by=trail.superseded_by,
        problem=problem,
    )


def standings_in(project: Project, texts: Iterable[str]) -> dict[str, Standing]:
    """Return the decisions that documents may cite, by `decision:KEY`.

    Nothing is read where no document cites one.
    """
    if not any(DECISION in text for text in texts):
        return {}
    return {DECISION + key: standing_of(one) for key, one in research_notes(project).items()}


def decisions_in(project: Project, texts: Iterable[str]) -> dict[str, str]:
    """Return the entries of the decisions that documents may cite, by `decision:KEY`.

    One whose trail does not read is left out: its entry stays as it is.
    """
    found = standings_in(project, texts).items()
    return {key: render_standing(one) for key, one in found if not one.problem}


def log_events(
    project: Project, events: Mapping[StoredDocument, Iterable[TrailEvent]]
) -> dict[StoredDocument, str]:
    """Append events to the trails of notes, as one, and render the notes' regions anew.

    An event is never lost: where a note or its trail is in a state that must not be guessed at,
    the events are appended and the note stays as it is.

    Returns:
        Why a note was not rendered anew, by note; empty if it was.
    """
    problems = dict.fromkeys(events, "")
    with writing(project):
        changes: dict[Path, bytes | None] = {}
        for stored, happened in events.items():
            raw = with_events(read_raw_trail(stored.trail_path), happened)
            changes[stored.trail_path] = raw
            try:
                changes[stored.path] = _rendered(stored, read_document(stored.path), raw).encode()
            except FootnotaryError as error:
                problems[stored] = error.message
        apply(project, changes)
    return problems


def _rendered(stored: StoredDocument, text: str, raw: bytes) -> str:
    """Return a note with its regions as its trail says."""
    parts = _parts(stored, parse_trail(raw, stored.trail_path.name))
    try:
        refuse_conflicts(lines_of(text), blocks_of(text))
        matter = front_matter.read_front_matter(text)
        new = refreshed(reworded(text, parts), parts, known=matter.regions if matter else ())
        names = tuple(part.name for part in parts if isinstance(part, Region))
        return with_front_matter(new, replace(matter, regions=names)) if matter else new
    except DocumentError as error:
        error.message = f"{stored.path.name}, {error.message}"
        raise


def _parts(stored: StoredDocument, trail: ResearchTrail) -> tuple[Part, ...]:
    """Return a note as its kind renders it."""
    facts = ResearchFacts(topic=stored.name, events=trail.events)
    return RESEARCH.render(facts, Context(stored.name, stored.date, stored.stem))


def differing_regions(stored: StoredDocument, text: str) -> Iterator[tuple[str, int]]:
    """Yield the regions of a note that are not what its trail says, with their lines.

    Regions that were edited by hand are left out.

    Raises:
        DocumentError: Note or trail are in a state that must not be guessed at.
    """
    parts = _parts(stored, read_trail(stored.trail_path))
    wanted = {part.name: part.markdown for part in parts if isinstance(part, Region)}
    found = {region.name: region for region in regions_of(text)}
    for name in TRAIL_REGIONS:
        region = found.get(name)
        if region is None and name in wanted:
            yield name, 0
            continue
        rendered = checksum_of(wanted[name]) if name in wanted else ""
        if region and not region.edited and region.checksum != rendered:
            yield name, region.first
