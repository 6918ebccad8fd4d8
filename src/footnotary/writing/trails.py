"""The trails that lie beside research notes, and the notes' regions that are rendered from them."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from footnotary import clock
from footnotary.documents import front_matter
from footnotary.documents.front_matter import with_front_matter
from footnotary.documents.kinds import Context, Part, Region, reworded, without_questions
from footnotary.documents.regions import checksum_of, refreshed, regions_of
from footnotary.documents.research import (
    RESEARCH,
    TRAIL_REGIONS,
    render_standing,
    written_section,
)
from footnotary.errors import DocumentError, FootnotaryError
from footnotary.facts.research import (
    DECISION,
    DecisionMade,
    ResearchFacts,
    ResearchTrail,
    Standing,
    TrailEvent,
)
from footnotary.files import read_regular
from footnotary.markers import blocks_of, closing_of, synced
from footnotary.markers.numbering import refuse_conflicts
from footnotary.markers.structure import lines_of
from footnotary.project import Project
from footnotary.records import Records
from footnotary.writing.documents_on_disk import (
    TRAIL,
    StoredDocument,
    read_document,
    stored_documents,
)
from footnotary.writing.transaction import apply, writing

_MOST_BYTES = 20_000_000
_ADAPTER: TypeAdapter[TrailEvent] = TypeAdapter(Annotated[TrailEvent, Field(discriminator="event")])
_CONFLICT = re.compile(rb"<{7} |={7}\s*$|>{7} |\|{7} ")


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
    text = read_document(stored.path) if text is None else text
    refuse_lost_trail(stored)
    body = without_questions(text, RESEARCH.prose)
    words = written_section(body, "Decision")
    if not words:
        return trail
    begun = datetime.combine(stored.date, time(), UTC)
    made = DecisionMade(at=begun, state="decided", why=words, in_prose=True)
    return ResearchTrail((*trail.events, made))


def parse_trail(raw: bytes, name: str) -> ResearchTrail:
    """Read a trail.

    Args:
        raw: The file; empty for a note that has none.
        name: Its name, for messages.

    Raises:
        DocumentError: A merge conflict is not resolved, a line is no event, or two events have
            one id; the message names the lines.
    """
    found: list[TrailEvent] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if _CONFLICT.match(line):
            raise DocumentError(
                f"{name}, line {number}: a merge conflict is not resolved.",
                hint="Every line is an event: keep those of both sides and delete the marks.",
            )
        if not line.strip():
            continue
        event = _event(line, f"{name}, line {number}")
        if event.id in lines:
            raise DocumentError(
                f"{name}, line {number}: the event {event.id} is on line {lines[event.id]} too.",
                hint="Delete one of the lines if they are the same; otherwise change one id.",
            )
        lines[event.id] = number
        found.append(event)
    return ResearchTrail(tuple(sorted(found, key=lambda one: one.at)))


def _event(line: bytes, where: str) -> TrailEvent:
    """Read one line of a trail."""
    try:
        return _ADAPTER.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:] or first["loc"])
        raise DocumentError(
            f"{where}: not an event of a trail ({field + ': ' if field else ''}{first['msg']}).",
            hint="Restore the line from git, or delete it; a newer footnotary may have written it.",
        ) from None


def with_events(raw: bytes, events: Iterable[TrailEvent]) -> bytes:
    """Return a trail with events behind it; what it has stays byte for byte.

    Args:
        raw: The file; empty for a new one.
        events: What has happened since; their ids are made here.
    """
    lines = [line for line in raw.split(b"\n") if line.strip()]
    before = hashlib.sha256(lines[-1] if lines else b"").hexdigest()
    joint = b"" if not raw or raw.endswith(b"\n") else b"\n"
    return raw + joint + b"".join(_lines(before, events))


def _lines(before: str, events: Iterable[TrailEvent]) -> Iterator[bytes]:
    """Yield events as lines, each with an id that the one before it has a part in."""
    for event in events:
        values: dict[str, Any] = event.model_dump(mode="json", exclude_defaults=True)
        values |= {"event": event.event, "at": event.at.astimezone(UTC).isoformat()}
        values.pop("id", None)
        text = json.dumps(values, ensure_ascii=False, sort_keys=True)
        before = hashlib.sha256(f"{before}\0{text}".encode()).hexdigest()
        named = {"id": before[:12], "at": values.pop("at"), "event": values.pop("event")}
        yield json.dumps(named | values, ensure_ascii=False).encode() + b"\n"


def read_raw_trail(path: Path) -> bytes:
    """Read the file of a trail; nothing where there is none.

    Raises:
        DocumentError: It is a link, no regular file, or larger than a trail may be.
    """
    try:
        return read_regular(path, _MOST_BYTES)
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

    Raises:
        DocumentError: A trail is gone; nothing is written.
    """
    problems = dict.fromkeys(events, "")
    with writing(project):
        changes: dict[Path, bytes | None] = {}
        for stored, happened in events.items():
            refuse_lost_trail(stored)
            raw = with_events(read_raw_trail(stored.trail_path), happened)
            changes[stored.trail_path] = raw
            try:
                text = _rendered(stored, read_document(stored.path), raw)
                changes[stored.path] = _with_context(project, stored, text, raw).encode()
            except FootnotaryError as error:
                problems[stored] = error.message
        apply(project, changes)
    return problems


def refuse_lost_trail(stored: StoredDocument) -> None:
    """Refuse to render a note whose trail is gone: what its regions say would go, too.

    Raises:
        DocumentError: There is no event, and the note has regions that were made of some.
    """
    if read_raw_trail(stored.trail_path).strip() or not stored.path.exists():
        return
    if any(one.name in TRAIL_REGIONS for one in regions_of(read_document(stored.path))):
        raise DocumentError(
            f"{stored.trail_path.name} is missing or empty; regions of the note were made of it.",
            hint="Restore it from git; to do without it, delete the regions and their marks.",
        )


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


def _with_context(project: Project, stored: StoredDocument, text: str, raw: bytes) -> str:
    """Return a note whose Research Context has the terms and the sources of its trail."""
    trail = parse_trail(raw, stored.trail_path.name)
    context = closing_of(text, blocks_of(text)).context
    if not (trail.terms or trail.quoted) or context is None:
        return text
    matter = front_matter.read_front_matter(text)
    records = Records(project.citations)  # those alone are read that the note needs
    new = synced(
        text,
        records,
        clock.today(),
        matter.versions if matter else {},
        stale_after_days=project.stale_after_days,
        form=project.marker,
        always=matter is not None,
        decisions=decisions_in(project, [text]),
        trail=trail,
    )
    records.close()
    for name, error in records.broken.items():
        raise DocumentError(f"{name} cannot be read: {error.message}", hint=error.hint)
    return new


def trail_beside(path: Path) -> ResearchTrail | None:
    """Return the trail beside a note; None if it does not read.

    Args:
        path: A document; one without a trail has an empty one.
    """
    try:
        return read_trail(path.with_name(path.name.removesuffix(".md") + TRAIL))
    except DocumentError:
        return None


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
    refuse_lost_trail(stored)
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
