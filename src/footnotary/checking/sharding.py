"""A check in parts: hosts dealt to machines, and the outcomes of each as JSON lines.

The lines of a part are a head, an outcome a citation, and an end that counts them. Machines and
CI jobs send them back, so that they are read as what anybody may have written.
"""

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    model_validator,
)

from footnotary import __version__, clock
from footnotary.checking.outcomes import Checked, ReadingOutcome
from footnotary.checking.reading import asked_host
from footnotary.counting import counted
from footnotary.errors import UsageError
from footnotary.files import printable, read_regular
from footnotary.match.matching import Match, Outcome
from footnotary.models import Citation, Model
from footnotary.project import NAME_PATTERN

MOST_SHARDS = 10_000
_MOST_BYTES = 500_000_000
AGAIN = "Nothing was written. Run that part of the check again."
_CLOCKS = timedelta(days=1)  # that the clocks of two machines may differ
_SHARD = re.compile(r"(\d{1,6})/(\d{1,6})")
_Text = Annotated[str, StringConstraints(max_length=20_000)]
_Address = Annotated[str, StringConstraints(max_length=8_000)]


@dataclass(frozen=True)
class Shard:
    """One of several parts of all hosts.

    Attributes:
        number: Which one, from 1.
        of: How many there are.
    """

    number: int
    of: int

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.number}/{self.of}"

    def has(self, host: str) -> bool:
        """Tell whether a host belongs to it, the same on every machine and in every run."""
        digest = hashlib.sha256(host.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1

    def takes(self, citation: Citation) -> bool:
        """Tell whether a citation's host belongs to it."""
        return self.has(asked_host(citation))


def parse_shard(text: str) -> Shard:
    """Return a shard of its text, such as `2/8`.

    Raises:
        UsageError: It is none.
    """
    found = _SHARD.fullmatch(text.strip())
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of <= MOST_SHARDS:
        raise UsageError(
            f"Invalid shard {text!r}.",
            hint=f"Write it as K/N, K from 1 to N and N at most {MOST_SHARDS}: 2/8.",
        )
    return Shard(number, of)


def _named(value: Any) -> Any:
    """Return the reading that a name such as `intact` means."""
    found = ReadingOutcome.__members__.get(value.upper()) if isinstance(value, str) else None
    return found or value


class _Head(Model):
    """The first line.

    Attributes:
        schema_: Version of the layout.
        footnotary: Version of the program that has read the sources.
        shard: Which part of the hosts it was given.
        citations: How many citations were to be checked.
    """

    schema_: Literal[1] = Field(default=1, alias="schema")
    footnotary: Annotated[str, StringConstraints(max_length=60)]
    shard: Annotated[str, StringConstraints(pattern=r"^\d{1,6}/\d{1,6}$")]
    citations: Annotated[int, Field(ge=0)]


class OutcomeLine(Model):
    """What was found of one citation, as another machine tells it.

    Attributes:
        key: The citation's key.
        record: Digest of what the record said when its source was read.
        read_at: When that was, by the clock of that machine.
        heard: Day on which the source itself was heard: a kept answer is older.
        reading: What was found.
        detail: One line about it.
        final_url: Where the page is now.
        diff: The words that went and came.
        differences: What differs, in words.
        passage: The passage that is nearest to a changed quote.
        successor: URL of what replaced the source.
        hint: What to do about a source that could not be read.
    """

    key: Annotated[str, StringConstraints(pattern=f"^{NAME_PATTERN.pattern}$")]
    record: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    read_at: AwareDatetime
    heard: date
    reading: Annotated[
        ReadingOutcome, BeforeValidator(_named), PlainSerializer(lambda one: one.name.lower())
    ]
    detail: _Text = ""
    final_url: _Address = ""
    diff: _Text = ""
    differences: Annotated[tuple[_Text, ...], Field(max_length=100)] = ()
    passage: _Text = ""
    successor: _Address = ""
    hint: _Text = ""

    @model_validator(mode="after")
    def _is_in_order(self) -> "OutcomeLine":
        """Refuse a day that had not come."""
        if self.heard > self.read_at.date():
            raise ValueError("the source was heard after it was read")
        return self

    def checked(self, citation: Citation) -> Checked:
        """Return it as the result of a check of the citation."""
        near = Match(outcome=Outcome.ABSENT, passage=self.passage, differences=self.differences)
        return Checked(
            citation,
            self.reading,
            detail=self.detail,
            final_url=self.final_url,
            diff=self.diff,
            successor=self.successor,
            match=near if self.passage or self.differences else None,
            kept_since=self.heard,
            hint=self.hint,
        )


class _End(Model):
    """The last line.

    Attributes:
        end: How many outcomes stand above it.
    """

    end: Annotated[int, Field(ge=0)]


def write_head(shard: Shard, citations: int) -> str:
    """Return the first line of a part, of so many citations."""
    head = _Head(footnotary=__version__, shard=str(shard), citations=citations)
    return head.model_dump_json(by_alias=True)


def write_outcome(result: Checked) -> str:
    """Return the line of a result."""
    match = result.match
    line = OutcomeLine(
        key=result.citation.key,
        record=_digest(result.citation),
        read_at=clock.now(),
        heard=min(result.day, clock.today()),
        reading=result.reading,
        detail=_cut(result.detail),
        final_url=result.final_url,
        diff=_cut(result.diff),
        differences=tuple(map(_cut, match.differences[:100])) if match else (),
        passage=_cut(match.passage) if match else "",
        successor=result.successor,
        hint=_cut(result.hint),
    )
    return line.model_dump_json(exclude_defaults=True)


def write_end(outcomes: int) -> str:
    """Return the last line of a part with so many outcomes."""
    return _End(end=outcomes).model_dump_json()


def _cut(text: str) -> str:
    """Return a text within what `OutcomeLine` takes; half a surrogate pair is no UTF-8."""
    return text[:20_000].encode("utf-8", "replace").decode()


def _digest(citation: Citation) -> str:
    """Return what tells a record's evidence from that of every other."""
    seen = citation.evidence
    parts = (citation.url, citation.quote.exact, seen.body_sha256, seen.retrieved_at.isoformat())
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True)
class Part:
    """The outcomes of one part of a check.

    Attributes:
        name: Where they were read, for messages.
        shard: Which part it was.
        citations: How many citations it was to check.
        lines: What was found; fewer where the run was interrupted.
    """

    name: str
    shard: Shard
    citations: int
    lines: tuple[OutcomeLine, ...]


def read_part(path: Path) -> Part:
    """Return the outcomes that a file holds.

    Raises:
        UsageError: It cannot be read, is none, of another version, or cut short.
    """
    name = printable(str(path))
    try:
        data = read_regular(path, _MOST_BYTES, follow=True)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror or error}.") from None
    return parse_part(data.removeprefix(codecs.BOM_UTF8).strip().splitlines(), name)


def parse_part(lines: Sequence[str | bytes], name: str) -> Part:
    """Return the outcomes that lines hold.

    Args:
        lines: What `write_head`, `write_outcome` and `write_end` have made.
        name: Where they come from, for messages.

    Raises:
        UsageError: They are none, of another version, or cut short.
    """
    try:
        head = _Head.model_validate_json(lines[0] if lines else b"")
        shard = parse_shard(head.shard)
    except (ValidationError, UsageError):
        raise UsageError(
            f"{name} holds no outcomes of a check.",
            hint="`cite check --shard K/N --json` prints them.",
        ) from None
    if head.footnotary != __version__:
        raise UsageError(
            f"{name} was written by footnotary {head.footnotary}, and this is {__version__}.",
            hint=f"Use one version on all machines. {AGAIN}",
        )
    try:
        end = _End.model_validate_json(lines[-1]).end
    except ValidationError:
        end = -1
    if end != len(lines) - 2:  # the head and the end
        raise UsageError(f"{name} is cut short after line {len(lines)}.", hint=AGAIN)
    found = tuple(_parse_line(line, name, 2 + place) for place, line in enumerate(lines[1:-1]))
    return Part(name, shard, head.citations, found)


def _parse_line(line: str | bytes, name: str, number: int) -> OutcomeLine:
    """Return the outcome of a line.

    Raises:
        UsageError: It is none.
    """
    try:
        outcome = OutcomeLine.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "line"
        raise UsageError(
            f"{name}, line {number}: Invalid outcome ({place}: {first['msg']}).", hint=AGAIN
        ) from None
    if outcome.read_at > clock.now() + _CLOCKS:
        raise UsageError(
            f"{name}, line {number}: {outcome.key} was read on {outcome.read_at.date()}, which is"
            f" after today ({clock.today()}).",
            hint=f"The clock of one machine is wrong. {AGAIN}",
        )
    return outcome


@dataclass(frozen=True)
class Merged:
    """The outcomes of several parts as one check.

    Attributes:
        results: Them, in the order of the keys.
        missing: The parts without outcomes, or without all of them, such as `3/8`.
    """

    results: tuple[Checked, ...]
    missing: tuple[str, ...]


def merge_parts(parts: Iterable[Part], citations: Mapping[str, Citation]) -> Merged:
    """Return the outcomes of several parts as one check; of two of a citation the newer one.

    Args:
        parts: What was read, of one library.
        citations: Its records by key.

    Raises:
        UsageError: One of the parts is of another library, or older than a record.
    """
    known = list(parts)
    newest: dict[str, OutcomeLine] = {}
    for part in known:
        _refuse_foreign(part, citations)
        for line in part.lines:
            other = newest.get(line.key)
            if other is None or other.read_at <= line.read_at:
                newest[line.key] = line
    results = [newest[key].checked(citations[key]) for key in sorted(newest)]
    return Merged(tuple(results), tuple(_missing(known)))


def _refuse_foreign(part: Part, citations: Mapping[str, Citation]) -> None:
    """Refuse outcomes that are not of these records as they are now.

    Raises:
        UsageError: The first of them, in one sentence.
    """
    unknown = [line.key for line in part.lines if line.key not in citations]
    if unknown and len(unknown) == len(part.lines):
        raise UsageError(
            f"{part.name} is of another library: none of its {counted(len(unknown), 'citation')}"
            " is recorded here.",
            hint="Nothing was written.",
        )
    if unknown:
        raise UsageError(
            f"{part.name} has {counted(len(unknown), 'citation')} of no record here that reads,"
            f" such as {', '.join(unknown[:3])}.",
            hint=AGAIN,
        )
    for line in part.lines:
        _refuse_stale(line, citations[line.key], part.name)


def _refuse_stale(line: OutcomeLine, citation: Citation, name: str) -> None:
    """Refuse an outcome that is not of the record as it is now.

    Raises:
        UsageError: It is of another one, or older than it.
    """
    seen = citation.evidence.retrieved_at
    is_other = line.record != _digest(citation)
    newer = max([check.date for check in citation.checks if check.date > line.heard], default=None)
    if newer or seen > line.read_at + (timedelta() if is_other else _CLOCKS):
        raise UsageError(
            f"{name} is older than the record of {line.key}: {line.read_at.date()} against"
            f" {newer or seen.date()}.",
            hint=AGAIN,
        )
    if is_other:
        raise UsageError(
            f"{name} is of another record of {line.key} than the one that is here.", hint=AGAIN
        )


def _missing(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the shards of which outcomes are missing."""
    whole: dict[int, set[int]] = {}
    for part in parts:
        numbers = whole.setdefault(part.shard.of, set())
        if len(part.lines) >= part.citations:
            numbers.add(part.shard.number)
    for of, numbers in sorted(whole.items()):
        yield from (str(Shard(one, of)) for one in range(1, of + 1) if one not in numbers)
