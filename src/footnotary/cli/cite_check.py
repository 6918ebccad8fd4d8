"""`cite check`: read the cited pages again, here, in parts or on a cluster."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.cite_sharding import CheckOutcomes, Sharding, ShardLines, merge_files
from footnotary.cli.fetching import Rechecking, open_fetcher
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json, tell_progress
from footnotary.errors import ClusterLost, FootnotaryError, UsageError

if TYPE_CHECKING:
    from footnotary.checking import Checked
    from footnotary.config import Settings
    from footnotary.errors import RecordError
    from footnotary.models import Citation
    from footnotary.project import Project

DEFAULT_FAIL_ON = "changed,gone"
SLOW_AT = 2  # sources; fewer are done before a bar is seen

KeysArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Keys, or beginnings of them. [default: all]", metavar="KEY"),
]
Since = Annotated[
    str, typer.Option("--since", help="Only those recorded since a day: 2026-11-01, or 30d.")
]
OlderThan = Annotated[
    str, typer.Option("--older-than", help="Only those last seen longer ago: 90d, 6m, 1y.")
]


def run_cite_check(
    keys: KeysArgument = None,
    since: Since = "",
    older_than: OlderThan = "",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            help="Outcomes that fail the check, with commas: moved, superseded, changed, gone,"
            " unreadable, unreachable; `any`, or `none`.",
        ),
    ] = DEFAULT_FAIL_ON,
    save: Annotated[
        bool, typer.Option("--save", help="Append today's outcome to each record.")
    ] = False,
    *,
    sharding: Sharding,
    fetching: Rechecking,
    printing: Printing,
    where: Where,
) -> None:
    """Read the cited pages again and report whether each quote is still there.

    Outcomes: held (unchanged; or page changed, quote intact), moved, superseded, changed
    (with the words that went and came), gone, unreadable, unreachable. Sites are asked
    politely, robots.txt is obeyed, and nothing is written unless --save is given.

    Example: cite check --older-than 90d --save

    Exit codes: 0 nothing in --fail-on was found, 1 something was, 2 nothing could be
    checked, or a record is broken.
    """
    failing = _failing(fail_on)
    project, settings = where.project_and_settings()
    if sharding.merge:
        found = merge_files(keys or [], project)
    else:
        named = tuple(keys or ())
        wanted, broken = wanted_citations(project, named, since, older_than, sharding.shard)
        reading = _Reading(project, settings, fetching, sharding)
        found = reading.check(wanted, broken, printing, save=save)
    _leave(found, failing, printing, sharding)


@dataclass(frozen=True)
class _Reading:
    """How sources are read: here, a part of them, or on a cluster."""

    project: "Project"
    settings: "Settings"
    fetching: Rechecking
    sharding: Sharding

    def check(
        self,
        wanted: "list[Citation]",
        broken: "Sequence[FootnotaryError]",
        printing: Printing,
        *,
        save: bool,
    ) -> CheckOutcomes:
        """Check citations; what was read before the cluster was lost counts too."""
        from footnotary.checking.renewing import refuse_future, save_outcomes
        from footnotary.records import RecordStore

        found: list[Checked] = []
        lines = ShardLines(self.sharding.shard if printing.as_json else "")
        hidden = printing.quiet or printing.as_json
        results: Sequence[Checked] = found
        try:
            with progress_bar(len(wanted), hidden=hidden) as move, lines.of(len(wanted)):
                results = self._read(wanted, create=save, progress=_each(found.extend, move, lines))
        except ClusterLost as error:
            if not found:
                raise
            broken = [*broken, error]
        finally:  # what was read before an interruption is kept
            saved = save_outcomes(found, RecordStore(self.project.citations)) if save else 0
        return CheckOutcomes(results, [*broken, *refuse_future(found if save else ())], saved)

    def _read(
        self,
        wanted: "list[Citation]",
        *,
        create: bool,
        progress: Callable[[Sequence["Checked"]], None],
    ) -> "list[Checked]":
        from footnotary.checking import check_citations
        from footnotary.fetch.repositories import ProjectSources

        settings, fetching = self.settings, self.fetching
        root, how = self.project.root, asdict(fetching)
        with open_fetcher(settings, root, **how, rechecking=True, create=create) as fetcher:
            sources = ProjectSources(root, fetcher, max_bytes=settings.max_bytes)
            if not self.sharding.cluster:
                return check_citations(wanted, sources, progress=progress)
            from footnotary.checking.cluster import RemoteReading, check_on_cluster

            if fetching.offline or fetching.refresh:
                raise UsageError("--offline and --refresh are about the cache of this machine.")
            reading = RemoteReading(
                allow_private=fetching.allow_private or settings.allow_private,
                timeout=settings.timeout,
                max_bytes=settings.max_bytes,
                delay=settings.delay,
                publishers=settings.publishers,
            )
            return check_on_cluster(
                wanted, self.sharding.cluster, reading, sources, progress=progress
            )


def _each(
    *actions: Callable[[Sequence["Checked"]], None],
) -> Callable[[Sequence["Checked"]], None]:
    """Return what does several things with results."""

    def each(results: Sequence["Checked"]) -> None:
        for action in actions:
            action(results)

    return each


def _leave(
    found: CheckOutcomes, failing: frozenset[str], printing: Printing, sharding: Sharding
) -> None:
    """Print what a check has found and leave with the exit code for it."""
    from footnotary.cli.running import tell

    results, broken = found.results, found.broken
    failed = [result for result in results if result.reading.name.lower() in failing]
    is_part = bool(sharding.shard)
    if printing.as_json and not is_part:
        answer = _as_json(results, failed=len(failed), saved=found.saved)
        print_json(answer | {"broken": [error.message for error in broken]})
    elif not printing.as_json:
        _tell(results, quiet=printing.quiet, saved=found.saved)
    for error in broken:
        tell(error)
    if not is_part and not any(result.is_judged for result in results):
        hints = {result.hint for result in results}
        raise UsageError(
            f"None of {len(results)} sources could be read, so nothing was checked.",
            hint=hints.pop()
            if len(hints) == 1 and all(hints)
            else "Check your connection; `cite check --json` has the reasons.",
        )
    if broken or failed:
        raise typer.Exit(2 if broken else 1)


def wanted_citations(
    project: "Project", keys: tuple[str, ...], since: str, older_than: str, shard: str = ""
) -> tuple[list["Citation"], list["RecordError"]]:
    """Return the citations that are asked about, and the records that are none.

    A broken record does not keep the others from being checked, and those of other shards are not
    held in memory.

    Raises:
        UsageError: None is chosen: a run that checks nothing must not look clean.
        RecordError: A record that was named is broken, or all are.
    """
    from footnotary.checking import choose_citations, days, parse_check_day
    from footnotary.records import Records, RecordStore

    limits: dict[str, Any] = {
        "since": parse_check_day(since) if since else None,
        "older_than": days(older_than) if older_than else None,
    }
    if shard:
        from footnotary.checking.sharding import parse_shard

        limits["among"] = parse_shard(shard).takes
    records = Records(project.citations)
    named = {one.key: one for one in map(RecordStore(project.citations).get, keys)}
    source = named.values() if keys else records.stream()
    wanted = choose_citations(source, keys=tuple(named), **limits)
    broken = list(records.broken.values())
    recorded = len(named) if keys else len(records) - len(broken)
    if not recorded and broken:
        raise broken[0]
    if not wanted and not (shard and recorded):
        raise UsageError(
            f"Nothing was checked: none of {recorded} citations is chosen."
            if recorded
            else "Nothing was checked: there are no citations yet.",
            hint="--since and --older-than narrow the choice; superseded citations are checked"
            " when they are named."
            if recorded
            else "`cite URL --quote …` records one.",
        )
    return wanted, broken


def _failing(text: str) -> frozenset[str]:
    """Return the readings that fail the check.

    Raises:
        UsageError: A word is none of them.
    """
    from footnotary.checking import ReadingOutcome

    names = {reading.name.lower() for reading in ReadingOutcome}
    bad = names - {"unchanged", "intact"}
    words = {word.strip().lower() for word in text.split(",") if word.strip()}
    if words == {"any"}:
        return frozenset(bad)
    if words == {"none"}:
        return frozenset()
    if unknown := sorted(words - bad):
        raise UsageError(
            f"--fail-on knows no outcome {unknown[0]!r}.",
            hint="It knows " + ", ".join(sorted(bad)) + ", any and none.",
        )
    return frozenset(words)


def _tell(results: Sequence["Checked"], *, quiet: bool, saved: int) -> None:
    """Print a line for each citation that is not simply unchanged, then the counts."""
    for result in results:
        name = result.reading.name
        if name == "UNCHANGED" or (quiet and result.holds):
            continue
        label = "held" if name == "INTACT" else name.lower()
        echo(f"{label:<12}{result.citation.key}  {result.detail}".rstrip())
        if result.diff:
            echo(f"{'':<12}{result.diff}\n{'':<12}{result.final_url}")
    if quiet:
        return
    line = ", ".join(f"{number} {name}" for name, number in _counts(results).items())
    echo(
        f"{len(results)} checked{': ' * bool(line)}{line}." + (f" {saved} saved." if saved else "")
    )


def _as_json(results: Sequence["Checked"], *, failed: int, saved: int) -> dict[str, object]:
    """Return the results for scripts; the schema is documented in docs/rechecking.md."""
    return {
        "schema": 1,
        "checked": len(results),
        "failed": failed,
        "saved": saved,
        "counts": _counts(results),
        "results": [
            {
                "key": result.citation.key,
                "url": result.citation.url,
                "outcome": result.outcome.value,
                "reading": result.reading.name.lower(),
                "detail": result.detail,
                "final_url": result.final_url,
                "diff": result.diff,
                "differences": list(result.match.differences) if result.match else [],
                "passage": result.match.passage if result.match else "",
                "successor": result.successor,
                "archive_url": result.citation.archive_url,
            }
            for result in results
        ],
    }


def _counts(results: Sequence["Checked"]) -> dict[str, int]:
    """Return how many citations had each reading, in the order of `Reading`."""
    from footnotary.checking import ReadingOutcome

    counts = Counter(result.reading for result in results)
    return {reading.name.lower(): counts[reading] for reading in ReadingOutcome if counts[reading]}


@contextmanager
def progress_bar(length: int, *, hidden: bool) -> Iterator[Callable[[Sequence["Checked"]], None]]:
    """Show a bar on stderr where that is a terminal; yield what moves it."""
    if hidden or length < SLOW_AT or not sys.stderr.isatty():
        done = 0

        def tell(results: Sequence["Checked"]) -> None:
            nonlocal done
            done += len(results)
            tell_progress(done, length)

        yield tell
        return
    with typer.progressbar(length=length, label="reading sources", file=sys.stderr) as bar:
        yield lambda results: bar.update(len(results))
