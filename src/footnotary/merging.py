"""Records that two branches have changed, made one: what `git merge` calls for each of them.

Claims, tags, search terms, versions and checks of both are kept. What only one side has changed is
taken; what both have changed differently is a conflict, which nobody but a person can decide.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from footnotary import git
from footnotary.claiming import joined_claims
from footnotary.errors import RecordError
from footnotary.files import read_regular, write_atomically
from footnotary.models import Check, Citation, Claim, Support
from footnotary.records import MAX_RECORD_BYTES, dumped, parse_record

_SEEN = ("accessed", "evidence", "quote", "final_url", "title", "site", "authors", "published")
_SEEN_TOO = ("modified", "stated_by", "license")
ATTRIBUTES = (
    "citations/*.yaml merge=footnotary-record",
    "citations/.index merge=union",
)
"""Lines of `.gitattributes`; git merges as always where the driver is not set."""
_COMMAND = "footnotary merge-record %O %A %B"
_AS_TEXT = "git merge-file -L ours -L base -L theirs %A %O %B"
DRIVER = (
    "merge.footnotary-record.driver",
    f"{_COMMAND}; code=$?; [ $code -gt 1 ] && {_AS_TEXT} && exit 0; exit $code",
)
"""Setting of git, and the command; where that is not installed, records are merged as text."""


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
    return newer.model_copy(update=changed)


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
    """Return the checks of both sides by day.

    Raises:
        Conflict: Both have checked on one day, and found different things.
    """
    by_day = {check.date: check for check in theirs.checks}
    for check in ours.checks:
        other = by_day.get(check.date)
        if other is not None and other.outcome is not check.outcome:
            raise Conflict(f"on {check.date} one side found {check.outcome}, one {other.outcome}")
        by_day[check.date] = check
    return tuple(by_day[day] for day in sorted(by_day))
