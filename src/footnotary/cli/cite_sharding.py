"""How `cite check` is spread over machines: in shards, whose outcomes are merged, or a cluster."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.printing import print_json_line
from footnotary.errors import FootnotaryError, UsageError

if TYPE_CHECKING:
    from footnotary.checking import Checked
    from footnotary.project import Project

_SHOWN = 5  # shards that a message names


@dataclass(frozen=True)
class Sharding:
    """How a check is spread over machines."""

    shard: Annotated[
        str,
        typer.Option(
            "--shard",
            metavar="K/N",
            help="Only part K of N, by host; --json prints JSON lines for --merge.",
        ),
    ] = ""
    merge: Annotated[
        bool,
        typer.Option("--merge", help="Save the outcomes in files of --shard --json: FILE for KEY."),
    ] = False
    cluster: Annotated[
        str,
        typer.Option(
            "--cluster", metavar="ADDRESS", help="Read on the workers of a Dask scheduler."
        ),
    ] = ""

    def __post_init__(self) -> None:
        """Refuse two ways at once."""
        given = [f"--{name}" for name, value in asdict(self).items() if value]
        if len(given) > 1:
            raise UsageError(f"{' and '.join(given)} exclude one another.")


@dataclass(frozen=True)
class CheckOutcomes:
    """What a check has found.

    Attributes:
        results: What became of each citation.
        broken: Records that cannot be read, and whatever else is missing.
        saved: Records that were written.
    """

    results: "Sequence[Checked]"
    broken: "Sequence[FootnotaryError]"
    saved: int = 0


def merge_files(files: list[str], project: "Project") -> CheckOutcomes:
    """Save what other runs have found.

    Args:
        files: What `cite check --shard K/N --json` has printed.
        project: Whose records are written.

    Raises:
        UsageError: One of the files is not as it must be; nothing was written.
    """
    from footnotary.checking.renewing import save_outcomes
    from footnotary.checking.sharding import merge_parts, read_part
    from footnotary.records import Records, RecordStore

    if not files:
        raise UsageError(
            "--merge needs the files of a check in parts.", hint="cite check --merge shard-*.jsonl"
        )
    parts = [read_part(Path(name)) for name in files]
    records = Records(project.citations)
    merged = merge_parts(parts, records)
    problems: list[FootnotaryError] = []
    if merged.missing:
        more = len(merged.missing) - _SHOWN
        names = ", ".join(merged.missing[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
        hint = "Run it again and merge its file as well."
        problems.append(UsageError(f"Outcomes are missing of shard {names}.", hint=hint))
    saved = save_outcomes(list(merged.results), RecordStore(project.citations))
    return CheckOutcomes(merged.results, problems, saved)


class ShardLines:
    """The outcomes of a shard on stdout, each as it comes; an interrupted run ends them too."""

    def __init__(self, shard: str) -> None:
        self._shard = shard
        self._printed = 0

    @contextmanager
    def of(self, citations: int) -> Iterator[None]:
        """Print the head before the block, and the end behind it."""
        if not self._shard:
            yield
            return
        from footnotary.checking.sharding import parse_shard, write_end, write_head

        print_json_line(write_head(parse_shard(self._shard), citations))
        try:
            yield
        finally:
            print_json_line(write_end(self._printed))

    def __call__(self, results: Sequence["Checked"]) -> None:
        """Print results."""
        if self._shard:
            from footnotary.checking.sharding import write_outcome

            for result in results:
                print_json_line(write_outcome(result))
            self._printed += len(results)
