"""`cite update`: re-date what still holds, and record the new words of what changed."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.cite_check import KeysArgument, OlderThan, Since, progress_bar, wanted_citations
from footnotary.cli.fetching import Rechecking, keep_snapshot, open_fetcher
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.errors import UsageError

_DONE = ("held", "moved", "replaced")  # outcomes of citations that are up to date now

if TYPE_CHECKING:
    from footnotary.checking import Checked
    from footnotary.fetch import Fetches
    from footnotary.records import RecordStore


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
    since: Since = "",
    older_than: OlderThan = "",
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
    from footnotary.fetch.repositories import ProjectSources
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
    with open_fetcher(settings, project.root, **asdict(fetching), rechecking=True) as fetcher:
        rows = []
        sources = ProjectSources(project.root, fetcher, max_bytes=settings.max_bytes)
        with progress_bar(len(wanted), hidden=printing.quiet or printing.as_json) as progress:
            results = check_citations(wanted, sources, keep_pages=True, progress=progress)
        for result in results:
            taking = _Taking(quote=quote, accept=accept, as_claimed=as_claimed)
            row = _update_one(result, store, sources, taking)
            rows.append(row)
    renewed = [row["new_key"] for row in rows if row["outcome"] in _DONE]
    synced = sync_citing(project, renewed, settings.pages)
    if archive:
        for row in rows:
            if row["outcome"] in _DONE and "://" in store.get(row["new_key"]).url:
                kept = keep_snapshot(
                    store.get(row["new_key"]), store, settings, allow_private=fetching.allow_private
                )
                row["snapshot"] = kept.archive_url
    if printing.as_json:
        print_json({"schema": 2, "results": rows, "synced": list(synced)})
    else:
        for row in rows:
            _tell_update(row, quiet=printing.quiet)
        for shown in () if printing.quiet else synced:
            echo(f"{'synced':<11} {shown}")
    for error in broken:
        tell(error)
    _leave({row["outcome"] for row in rows}, len(rows), is_broken=bool(broken))


def _leave(states: set[str], sources: int, *, is_broken: bool) -> None:
    """Leave with the exit code for what became of the citations."""
    if states == {"unreachable"}:
        raise UsageError(
            f"None of {sources} sources could be read, so nothing was updated.",
            hint="Check your connection and try again later.",
        )
    if is_broken or states & {"changed", "gone", "refused", "unsupported-claim"}:
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
        "outcome": result.outcome.value,
        "reading": result.reading.name.lower(),
        "detail": result.detail,
        "diff": result.diff,
        "proposal": proposal(result),
        "snapshot": result.citation.archive_url,
    }
    if result.holds and not taking.quote:
        renew(result, store)
        return row
    words = taking.quote or (row["proposal"] if taking.accept else "")
    if words and (result.holds or row["reading"] == "changed"):
        made = replace_quote(result, words, store, fetcher, as_claimed=taking.as_claimed)
        if isinstance(made, Overclaimed):
            differing = "; ".join(each.message for each in made.unsupported)
            detail = f"the new words do not support “{made.claim}”: {differing}"
            return row | {"outcome": "unsupported-claim", "detail": detail}
        if isinstance(made, Cited):
            key = made.citation.key
            outcome = "held" if key == row["key"] else "replaced"
            return row | {"outcome": outcome, "new_key": key}
        return row | {"outcome": "refused", "detail": "the page does not say the new words either"}
    return row


def _tell_update(row: dict[str, str], *, quiet: bool) -> None:
    """Print what became of one citation."""
    if quiet and row["outcome"] in _DONE:
        return
    dated = "re-dated" if row["outcome"] in ("held", "moved") else ""
    detail = "; ".join(filter(None, (dated, row["detail"])))
    said = row["reading"] if row["outcome"] == "unreachable" else row["outcome"]
    echo(f"{said:<11} {row['key']}  {detail}".rstrip())
    if row["outcome"] == "unsupported-claim":
        echo(f"{'':<12}nothing was written; --as-claimed carries the claims over all the same")
    if row["outcome"] == "replaced":
        echo(f"{'':<12}by {row['new_key']}")
        echo(f"{'':<12}doc check --fix   cites it in the documents that have the old one")
    elif row["diff"]:
        echo(f"{'':<12}{row['diff']}")
    if row["outcome"] == "changed" and row["proposal"]:
        echo(f"{'':<12}the page says: “{row['proposal']}”")
        echo(f"{'':<12}cite update {row['key']} --accept   takes these words")
    if row["snapshot"] and row["outcome"] in _DONE:
        echo(f"{'':<12}snapshot: {row['snapshot']}")
