"""Keep the library: remove what nobody uses, bring in what others collected, migrate it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from footnotary import clock
from footnotary.bibliography import Reference, make_reference
from footnotary.citing import Cited, Overclaimed, Refused, Request, cite_quote
from footnotary.claiming import judge_claims
from footnotary.errors import FootnotaryError, RecordError
from footnotary.facts.basis import Place
from footnotary.fetch.fetches import Fetches
from footnotary.files import alone_in, read_inside, read_regular
from footnotary.models import RECORD_SCHEMA, Claim, StatedBy
from footnotary.project import Project
from footnotary.records import MAX_RECORD_BYTES, RecordStore
from footnotary.rules.claim_support import Unsupported

_SCHEMA = re.compile(rb"^schema: (\d{1,4})\s*$", re.MULTILINE)
MAX_BYTES = 50_000_000
_FOLDERS = (".claude/docs", "docs")


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

    Args:
        project: Whose documents are asked.
        store: The records.
        key: The citation's key, or the beginning of it.
        force: Delete it although a document uses it.

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

    Args:
        entries: What was imported.
        store: Where records go.
        fetcher: Reads the web.

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
    """Add what a bibliography states of a source to its record, which then says so.

    Raises:
        RecordError: The record cannot be written.
    """
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
    written = store.change(record.key, lambda current: current.model_copy(update=stated))
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
    """Write the records of older schemas in today's; a second run finds none.

    Args:
        store: The records.
        dry_run: Write nothing.
    """
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
                text = read_inside(path, project.root, MAX_BYTES).decode("utf-8", "replace")
            except OSError:
                continue
            if key in text:
                name = path.relative_to(project.root).as_posix()
                for number, line in enumerate(text.splitlines(), 1):
                    if key in line:
                        yield Place(path=name, line=number)
