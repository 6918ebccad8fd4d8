"""Keep the library: remove what nobody uses, bring in what others collected, migrate, merge."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from footnotary import clock, git
from footnotary.bibliography import Reference, make_reference
from footnotary.citing import Cited, Overclaimed, Refused, Request, cite_quote
from footnotary.claiming import joined_claims, judge_claims
from footnotary.errors import FootnotaryError, RecordError
from footnotary.facts.basis import Place
from footnotary.fetch import Fetches
from footnotary.files import alone_in, read_inside, read_regular, write_atomically
from footnotary.models import RECORD_SCHEMA, Check, Citation, Claim, StatedBy, Support
from footnotary.project import Project
from footnotary.record_files import MAX_RECORD_BYTES, dumped, parse_record
from footnotary.records import RecordStore
from footnotary.rules.claim_support import Unsupported
from footnotary.rules.edits import is_edited, restate_record

_SCHEMA = re.compile(rb"^schema: (\d{1,4})\s*$", re.MULTILINE)
_MAX_BYTES = 50_000_000
_FOLDERS = (".claude/docs", "docs")
_SEEN = ("accessed", "evidence", "quote", "final_url", "title", "site", "authors", "published")
_SEEN_TOO = ("modified", "stated_by", "license")
ATTRIBUTES = (
    "citations/*.yaml merge=footnotary-record",
    "citations/.index merge=union",
    "*.trail.jsonl merge=union",
)
"""Lines of `.gitattributes`; git merges as always where the driver is not set."""
_COMMAND = "footnotary merge-record %O %A %B"
_AS_TEXT = "git merge-file -L ours -L base -L theirs %A %O %B"
DRIVER = (
    "merge.footnotary-record.driver",
    f"{_COMMAND}; code=$?; [ $code -gt 1 ] && {_AS_TEXT} && exit 0; exit $code",
)
"""Setting of git, and the command; where that is not installed, records are merged as text."""


@dataclass(frozen=True)
class Brought:
    """What became of one imported reference.

    Attributes:
        entry: What the bibliography says.
        result: The record, the refusal, the claim that goes beyond the quote, or why the page
            could not be read; None where the reference has no quote or no URL, so that there is
            nothing to verify.
    """

    entry: Reference
    result: Cited | Refused | Overclaimed | FootnotaryError | None


def find_citing_places(project: Project, key: str) -> tuple[Place, ...]:
    """Return where documents name a citation.

    Args:
        project: Its documents under `.claude/docs` and `docs` are looked at.
        key: The citation's whole key.

    Returns:
        File and line of every use, archived documents included.
    """
    return tuple(_uses(project, key))


def remove_citation(project: Project, store: RecordStore, key: str, *, force: bool = False) -> str:
    """Delete a citation that no document uses.

    Returns:
        The whole key of what was deleted.

    Raises:
        RecordError: There is no such citation, or a document uses it.
    """
    citation = store.get(key)
    used = [] if force else find_citing_places(project, citation.key)
    if used:
        raise RecordError(
            f"{citation.key} is used at {', '.join(map(str, used[:3]))}"
            + (f" and {len(used) - 3} more places." if len(used) > 3 else "."),  # noqa: PLR2004
            hint="Take its markers out first, or say --force.",
        )
    store.remove(citation.key)
    return citation.key


def bring_in(
    entries: Iterable[Reference], store: RecordStore, fetcher: Fetches
) -> Iterator[Brought]:
    """Verify imported references one by one and record those that hold.

    A bibliography is a promise: nothing in it counts before the page has been read.

    Yields:
        What became of each, in order.
    """
    for entry in entries:
        if not entry.quote.strip() or not entry.url:
            yield Brought(entry, None)
            continue
        request = Request(
            url=entry.url,
            quote=entry.quote,
            claims=tuple(Claim(text=text, added=clock.today()) for text in entry.claims),
            tags=entry.tags,
        )
        try:
            result = cite_quote(request, store, fetcher)
            if isinstance(result, Cited):
                result = _with_stated(result, entry, store)
            yield Brought(entry, result)
        except FootnotaryError as error:
            yield Brought(entry, error)


def _with_stated(cited: Cited, entry: Reference, store: RecordStore) -> Cited:
    """Add what a bibliography states of a source to its record, which then says so."""
    record, ours = cited.citation, make_reference(cited.citation)
    stated: dict[str, object] = {
        name: getattr(entry, name)
        for name in ("title", "authors", "published")
        if getattr(entry, name) not in ((), "", None, getattr(ours, name))
    }
    if stated:
        stated["stated_by"] = StatedBy.FILE
    if not record.archive_url and entry.archive_url.startswith(("https://", "http://")):
        stated["archive_url"] = entry.archive_url
    if not stated:
        return cited
    written = store.change(record.key, lambda current: restate_record(current, **stated))
    return replace(cited, citation=written)


@dataclass(frozen=True)
class Migrated:
    """What became of the records of older schemas.

    Attributes:
        keys: Those that were (or would be) written in today's schema.
        unsupported: Claims of them that the quote does not support, by key.
        broken: Records that do not read; they stay as they are.
    """

    keys: tuple[str, ...]
    unsupported: tuple[tuple[str, Claim, tuple[Unsupported, ...]], ...]
    broken: tuple[RecordError, ...]


def migrate_records(store: RecordStore, *, dry_run: bool = False) -> Migrated:
    """Write the records of older schemas in today's; a second run finds none."""
    keys: list[str] = []
    unsupported: list[tuple[str, Claim, tuple[Unsupported, ...]]] = []
    broken: list[RecordError] = []
    keys_on_disk = store.keys()
    for key in keys_on_disk:
        try:
            citation = store.get(key)
            if not _is_older(store.path(key)):
                continue
            if not dry_run:
                with alone_in(store.folder):
                    store.save(store.get(key))
        except RecordError as error:
            broken.append(error)
            continue
        keys.append(key)
        judged = judge_claims(citation.claims, citation, store)
        unsupported += [(key, claim, found) for claim, found in judged.beyond]
    return Migrated(tuple(keys), tuple(unsupported), tuple(broken))


def _is_older(path: Path) -> bool:
    """Return whether a record's file says an older schema than today's."""
    found = _SCHEMA.search(read_regular(path, MAX_RECORD_BYTES))
    return found is not None and int(found[1]) < RECORD_SCHEMA


def _uses(project: Project, key: str) -> Iterator[Place]:
    """Yield each line that names a key."""
    for folder in _FOLDERS:
        for path in sorted((project.root / folder).rglob("*.md")):
            try:
                text = read_inside(path, project.root, _MAX_BYTES).decode("utf-8", "replace")
            except OSError:
                continue
            if key in text:
                name = path.relative_to(project.root).as_posix()
                for number, line in enumerate(text.splitlines(), 1):
                    if key in line:
                        yield Place(path=name, line=number)


class Conflict(Exception):
    """Both sides have changed one field differently; the message names it."""


def merge_record_files(base: Path, ours: Path, theirs: Path) -> str:
    """Merge three versions of a record, as git's merge driver does (gitattributes, "merge").

    Args:
        base: The common ancestor; empty where both sides have added the record.
        ours: Our version; the result is written there.
        theirs: The other version.

    Returns:
        Why they cannot be merged, or an empty string. Then `ours` holds both versions with
        git's conflict markers.
    """
    try:
        mine, other = _record(ours), _record(theirs)
        before = _record(base) if _data(base).strip() else None
        merged = merge_records(before, mine, other)
    except (RecordError, Conflict) as problem:
        git.merge_text(ours, base, theirs)
        return str(problem) or type(problem).__name__
    write_atomically(ours, dumped(merged))
    return ""


def _record(path: Path) -> Citation:
    """Read one version; git gives it a name of its own."""
    return parse_record(_data(path), path.name)


def _data(path: Path) -> bytes:
    try:
        return read_regular(path, MAX_RECORD_BYTES)
    except OSError as error:
        raise RecordError(f"{path.name} cannot be read: {error.strerror or error}.") from None


def merge_records(base: Citation | None, ours: Citation, theirs: Citation) -> Citation:
    """Return one record of two that come from the same one.

    Args:
        base: The common ancestor, None where both sides have added the record.
        ours: Our version.
        theirs: The other version.

    Raises:
        Conflict: Both sides have changed one field differently.
    """
    if ours.quote.exact.split() != theirs.quote.exact.split():
        raise Conflict("the quote is another one on each side")
    newer = max(ours, theirs, key=lambda one: one.evidence.retrieved_at)
    changed: dict[str, Any] = {name: getattr(newer, name) for name in (*_SEEN, *_SEEN_TOO)}
    for name in ("key", "url", "archive_url", "superseded_by"):
        changed[name] = _one_of(name, base, ours, theirs)
    for name in ("tags", "search_terms"):
        changed[name] = _joined(name, base, ours, theirs)
    changed["claims"] = _claims(base, ours, theirs)
    changed["versions"] = ours.versions | theirs.versions
    changed["checks"] = _checks(ours, theirs)
    if is_edited(ours) or is_edited(theirs):
        return newer.model_copy(update=changed)
    return restate_record(newer, **changed)


def _one_of(name: str, base: Citation | None, ours: Citation, theirs: Citation) -> object:
    """Return the value of the side that has changed a field."""
    mine, other = getattr(ours, name), getattr(theirs, name)
    before = getattr(base, name) if base else ""
    if other in (mine, before):
        return mine
    if mine == before:
        return other
    raise Conflict(f"{name} is {mine!r} on one side and {other!r} on the other")


def _removed(of: Callable[[Citation], set[str]], base: Citation | None, one: Citation) -> set[str]:
    """Return what a side has taken out."""
    return of(base) - of(one) if base else set()


def _joined(name: str, base: Citation | None, ours: Citation, theirs: Citation) -> tuple[str, ...]:
    """Return the words of both sides in order, without what one of them has taken out."""

    def words(record: Citation) -> set[str]:
        return set(getattr(record, name))

    gone = _removed(words, base, ours) | _removed(words, base, theirs)
    both = dict.fromkeys((*getattr(ours, name), *getattr(theirs, name)))
    return tuple(word for word in both if word not in gone)


def _claims(base: Citation | None, ours: Citation, theirs: Citation) -> tuple[Any, ...]:
    """Return the claims of both sides, without what one of them has taken out."""

    def texts(record: Citation) -> set[str]:
        return {claim.folded for claim in record.claims}

    gone = _removed(texts, base, ours) | _removed(texts, base, theirs)
    kept = [one for one in joined_claims(ours.claims, theirs.claims) if one.folded not in gone]
    return tuple(
        claim.model_copy(update={"support": _support(claim, base, ours, theirs)}) for claim in kept
    )


def _support(claim: Claim, *versions: Citation | None) -> Support:
    """Return the support of a claim on the side that has changed it; the least one if both have."""
    said = [
        next((one.support for one in version.claims if one.is_of(claim.text)), None)
        if version
        else None
        for version in versions
    ]
    before, *sides = said
    changed = {one for one in sides if one not in (None, before)}
    found = changed or {one for one in sides if one}
    least_first = (Support.INSISTED, Support.UNDECIDED, Support.SUPPORTED)
    return next(each for each in least_first if each in found)


def _checks(ours: Citation, theirs: Citation) -> tuple[Check, ...]:
    """Return the checks of both sides by day."""
    by_day = {check.date: check for check in theirs.checks}
    for check in ours.checks:
        other = by_day.get(check.date)
        if other is not None and other.outcome is not check.outcome:
            raise Conflict(f"on {check.date} one side found {check.outcome}, one {other.outcome}")
        by_day[check.date] = check
    return tuple(by_day[day] for day in sorted(by_day))
