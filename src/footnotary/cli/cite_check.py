"""`cite check` and `cite update`: read the cited pages again, and re-date what still holds."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.fetching import Rechecking, keep_snapshot, open_fetcher
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.errors import UsageError

if TYPE_CHECKING:
    from footnotary.checking import Checked
    from footnotary.errors import RecordError
    from footnotary.fetch import Fetches
    from footnotary.models import Citation
    from footnotary.project import Project
    from footnotary.records import RecordStore

DEFAULT_FAIL_ON = "changed,gone"
SLOW_AT = 2  # sources; fewer are done before a bar is seen

KeysArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Keys, or beginnings of them. [default: all]", metavar="KEY"),
]


def run_cite_check(
    keys: KeysArgument = None,
    since: Annotated[
        str,
        typer.Option("--since", help="Only those recorded since a day: 2026-11-01, or 30d."),
    ] = "",
    older_than: Annotated[
        str, typer.Option("--older-than", help="Only those last seen longer ago: 90d, 6m, 1y.")
    ] = "",
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
    fetching: Rechecking,
    printing: Printing,
    where: Where,
) -> None:
    """Read the cited pages again and say what became of each quote.

    Outcomes: held (unchanged; or page changed, quote intact), moved, superseded, changed
    (with the words that went and came), gone, unreadable, unreachable. Sites are asked
    politely, robots.txt is obeyed, and nothing is written unless --save is given.

    Example: cite check --older-than 90d --save

    Exit codes: 0 nothing in --fail-on was found, 1 something was, 2 nothing could be
    checked, or a record is broken.
    """
    from footnotary.checking import check_citations
    from footnotary.checking.renewing import save_outcomes
    from footnotary.cli.running import tell
    from footnotary.fetch.local import ProjectSources
    from footnotary.records import RecordStore

    failing = _failing(fail_on)
    project, settings = where.project_and_settings()
    wanted, broken = wanted_citations(project, tuple(keys or ()), since, older_than)
    found: list[Checked] = []
    try:
        with (
            open_fetcher(settings, **asdict(fetching), rechecking=True, create=save) as fetcher,
            progress_bar(len(wanted), hidden=printing.quiet or printing.as_json) as move,
        ):
            sources = ProjectSources(project.root, fetcher, max_bytes=settings.max_bytes)
            results = check_citations(wanted, sources, progress=_each(found.extend, move))
    finally:  # what was read before an interruption is kept
        saved = save_outcomes(found, RecordStore(project.citations)) if save else 0
    failed = [result for result in results if result.reading.name.lower() in failing]
    if printing.as_json:
        answer = _as_json(results, failed=len(failed), saved=saved)
        print_json(answer | {"broken": [error.message for error in broken]})
    else:
        _tell(results, quiet=printing.quiet, saved=saved)
    for error in broken:
        tell(error)
    if not any(result.is_judged for result in results):
        hints = {result.hint for result in results}
        raise UsageError(
            f"None of {len(results)} sources could be read, so nothing was checked.",
            hint=hints.pop()
            if len(hints) == 1 and all(hints)
            else "Check your connection; `cite check --json` has the reasons.",
        )
    if broken or failed:
        raise typer.Exit(2 if broken else 1)


def _each(
    *actions: Callable[[Sequence["Checked"]], None],
) -> Callable[[Sequence["Checked"]], None]:
    """Return what does several things with results."""

    def each(results: Sequence["Checked"]) -> None:
        for action in actions:
            action(results)

    return each


def wanted_citations(
    project: "Project", keys: tuple[str, ...], since: str, older_than: str
) -> tuple[list["Citation"], list["RecordError"]]:
    """Return the citations that are asked about, and the records that are none.

    A broken record does not keep the others from being checked.

    Raises:
        UsageError: None is chosen: a run that checks nothing must not look clean.
        RecordError: A record that was named is broken, or all are.
    """
    from footnotary.checking import choose_citations, days, parse_check_day
    from footnotary.records import RecordStore

    store = RecordStore(project.citations)
    named = {one.key: one for one in map(store.get, keys)}
    readable, broken = (tuple(named.values()), ()) if keys else store.readable()
    wanted = choose_citations(
        readable,
        keys=tuple(named),
        since=parse_check_day(since) if since else None,
        older_than=days(older_than) if older_than else None,
    )
    if not readable and broken:
        raise broken[0]
    if not wanted:
        recorded = len(readable)
        raise UsageError(
            f"Nothing was checked: none of {recorded} citations is chosen."
            if recorded
            else "Nothing was checked: there are no citations yet.",
            hint="--since and --older-than narrow the choice; superseded citations are checked"
            " when they are named."
            if recorded
            else "`cite URL --quote …` records one.",
        )
    return wanted, list(broken)


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


def _tell(results: list["Checked"], *, quiet: bool, saved: int) -> None:
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
    echo(f"{len(results)} checked: {line}." + (f" {saved} saved." if saved else ""))


def _as_json(results: list["Checked"], *, failed: int, saved: int) -> dict[str, object]:
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


def _counts(results: list["Checked"]) -> dict[str, int]:
    """Return how many citations had each reading, in the order of `Reading`."""
    from footnotary.checking import ReadingOutcome

    counts = Counter(result.reading for result in results)
    return {reading.name.lower(): counts[reading] for reading in ReadingOutcome if counts[reading]}


@contextmanager
def progress_bar(length: int, *, hidden: bool) -> Iterator[Callable[[Sequence["Checked"]], None]]:
    """Show a bar on stderr where that is a terminal; yield what moves it."""
    if hidden or length < SLOW_AT or not sys.stderr.isatty():
        yield lambda _results: None
        return
    with typer.progressbar(length=length, label="reading sources", file=sys.stderr) as bar:
        yield lambda results: bar.update(len(results))


def update(
    keys: KeysArgument = None,
    quote: Annotated[
        str, typer.Option("--quote", "-Q", help="New words for the one KEY that is given.")
    ] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Take the proposed words for the KEYs given.")
    ] = False,
    as_claimed: Annotated[
        bool,
        typer.Option("--as-claimed", help="Carry over claims that the new words do not support."),
    ] = False,
    archive: Annotated[
        bool, typer.Option("--archive", help="Have an archive keep a snapshot of each page.")
    ] = False,
    since: Annotated[
        str, typer.Option("--since", help="Only those recorded since a day: 2026-11-01, or 30d.")
    ] = "",
    older_than: Annotated[
        str, typer.Option("--older-than", help="Only those last seen longer ago: 90d, 6m, 1y.")
    ] = "",
    *,
    fetching: Rechecking,
    printing: Printing,
    where: Where,
) -> None:
    """Re-date citations whose source still says it; show what changed in the others.

    A changed quote is never replaced by itself: the page's nearest words are shown, and
    --accept or --quote records them as a new citation that supersedes the old one, unless
    they do not support its claims.

    Example: cite update --older-than 90d

    Exit codes: 0 all are up to date, 1 some sources do not say it any more, 2 nothing
    could be read, or a record is broken.
    """
    from footnotary.checking import check_citations
    from footnotary.cli.running import tell
    from footnotary.fetch.local import ProjectSources
    from footnotary.gating.mending import sync_citing
    from footnotary.records import RecordStore

    if ((quote or accept) and not keys) or (quote and len(keys or ()) != 1):
        raise UsageError(
            "New words are taken for named citations only.",
            hint="cite update KEY --accept, or cite update KEY --quote “…”.",
        )
    project, settings = where.project_and_settings()
    wanted, broken = wanted_citations(project, tuple(keys or ()), since, older_than)
    store = RecordStore(project.citations)
    with open_fetcher(settings, **asdict(fetching), rechecking=True) as fetcher:
        rows = []
        sources = ProjectSources(project.root, fetcher, max_bytes=settings.max_bytes)
        with progress_bar(len(wanted), hidden=printing.quiet or printing.as_json) as progress:
            results = check_citations(wanted, sources, keep_pages=True, progress=progress)
        for result in results:
            taking = _Taking(quote=quote, accept=accept, as_claimed=as_claimed)
            row = _update_one(result, store, sources, taking)
            rows.append(row)
    renewed = [row["new_key"] for row in rows if row["state"] in ("re-dated", "replaced")]
    synced = sync_citing(project, renewed, settings.pages)
    if archive:
        for row in rows:
            if row["state"] in ("re-dated", "replaced") and "://" in store.get(row["new_key"]).url:
                kept = keep_snapshot(
                    store.get(row["new_key"]), store, settings, allow_private=fetching.allow_private
                )
                row["snapshot"] = kept.archive_url
    if printing.as_json:
        print_json({"schema": 1, "results": rows, "synced": list(synced)})
    else:
        for row in rows:
            _tell_update(row, quiet=printing.quiet)
        for shown in () if printing.quiet else synced:
            echo(f"{'synced':<9} {shown}")
    for error in broken:
        tell(error)
    _leave({row["state"] for row in rows}, len(rows), is_broken=bool(broken))


def _leave(states: set[str], sources: int, *, is_broken: bool) -> None:
    """Leave with the exit code for what became of the citations."""
    if states == {"unread"}:
        raise UsageError(
            f"None of {sources} sources could be read, so nothing was updated.",
            hint="Check your connection and try again later.",
        )
    if is_broken or states & {"drifted", "refused", "unsupported-claim"}:
        raise typer.Exit(2 if is_broken else 1)


@dataclass(frozen=True)
class _Taking:
    """Which new words are taken, and with which claims."""

    quote: str
    accept: bool
    as_claimed: bool


def _update_one(
    result: "Checked", store: "RecordStore", fetcher: "Fetches", taking: _Taking
) -> dict[str, str]:
    """Bring one record up to date and return what was done."""
    from footnotary.checking.renewing import proposal, renew, replace_quote
    from footnotary.citing import Cited, Overclaimed

    row = {
        "key": result.citation.key,
        "new_key": result.citation.key,
        "state": "unread",
        "reading": result.reading.name.lower(),
        "detail": result.detail,
        "diff": result.diff,
        "proposal": proposal(result),
        "snapshot": result.citation.archive_url,
    }
    if result.holds and not taking.quote:
        renew(result, store)
        return row | {"state": "re-dated"}
    words = taking.quote or (row["proposal"] if taking.accept else "")
    if words and (result.holds or row["reading"] == "changed"):
        made = replace_quote(result, words, store, fetcher, as_claimed=taking.as_claimed)
        if isinstance(made, Overclaimed):
            differing = "; ".join(each.message for each in made.unsupported)
            detail = f"the new words do not support “{made.claim}”: {differing}"
            return row | {"state": "unsupported-claim", "detail": detail}
        if isinstance(made, Cited):
            key = made.citation.key
            return row | {"state": "re-dated" if key == row["key"] else "replaced", "new_key": key}
        return row | {"state": "refused", "detail": "the page does not say the new words either"}
    return row | {"state": "drifted" if row["reading"] in ("changed", "gone") else "unread"}


def _tell_update(row: dict[str, str], *, quiet: bool) -> None:
    """Print what became of one citation."""
    if quiet and row["state"] in ("re-dated", "replaced"):
        return
    echo(f"{row['state']:<9} {row['key']}  {row['detail']}".rstrip())
    if row["state"] == "unsupported-claim":
        echo(f"{'':<10}nothing was written; --as-claimed carries the claims over all the same")
    if row["state"] == "replaced":
        echo(f"{'':<10}by ^[{row['new_key']}]")
        echo(f"{'':<10}doc check --fix   cites it in the documents that have the old one")
    elif row["diff"]:
        echo(f"{'':<10}{row['diff']}")
    if row["state"] == "drifted" and row["proposal"]:
        echo(f"{'':<10}the page says: “{row['proposal']}”")
        echo(f"{'':<10}cite update {row['key']} --accept   takes these words")
    if row["snapshot"] and row["state"] in ("re-dated", "replaced"):
        echo(f"{'':<10}snapshot: {row['snapshot']}")
