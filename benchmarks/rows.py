"""What every benchmark has in common: words, measuring of whole commands, and rows.

`--json` prints a JSON object a line with the fields of `Row` and `ratio`; `--size N` sets the
largest of three growing sizes, `--small` takes a quarter of the usual one.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

COMMAND = [sys.executable, "-m", "footnotary"]


@dataclass(frozen=True)
class Row:
    """One measured figure.

    Attributes:
        row: What was measured.
        ours: The figure.
        unit: Of both figures.
        beside: The peer's or the floor's figure; None where nothing does the same.
        peer: What that is, with its version.
        growth: Sizes and our figure at each of them, smallest first.
    """

    row: str
    ours: float
    unit: str
    beside: float | None = None
    peer: str = ""
    growth: tuple[tuple[int, float], ...] = ()

    @property
    def ratio(self) -> float | None:
        """Ours by the other's figure: below 1 is less."""
        return self.ours / self.beside if self.beside else None


def print_rows(rows: Iterable[Row], *, as_json: bool) -> None:
    """Print rows, as JSON lines or aligned."""
    for row in rows:
        if as_json:
            print(json.dumps(asdict(row) | {"ratio": row.ratio}), flush=True)
            continue
        beside = f"{row.beside:10.3f} {row.peer} ({row.ratio:.2f})" if row.beside else ""
        growth = " ".join(f"{size}: {figure:.3f}" for size, figure in row.growth)
        print(f"{row.row:<44}{row.ours:10.3f} {row.unit:<14}{beside}   {growth}", flush=True)


def make_parser(about: str | None, size: int) -> argparse.ArgumentParser:
    """Return a parser for what all benchmarks take.

    Args:
        about: The script's docstring.
        size: Its usual largest size.
    """
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=size, help=f"the largest size [{size}]")
    parser.add_argument("--small", action="store_true", help="a quarter of the size")
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    return parser


def read_sizes(words: argparse.Namespace) -> list[int]:
    """Return three growing sizes."""
    size = words.size // 4 if words.small else words.size
    return [max(1, size // part) for part in (4, 2, 1)]


@dataclass(frozen=True)
class Used:
    """What a process has used.

    Attributes:
        cpu: Seconds of all its threads and of the children that it waited for.
        wall: Seconds of the clock.
        peak: Megabytes of memory.
    """

    cpu: float
    wall: float
    peak: float


def run_measured(command: list[str], folder: Path, *, fails: bool = False) -> Used:
    """Run a whole command, silently.

    Args:
        command: Program and words.
        folder: Where it runs.
        fails: Whether an exit code of 1 is expected.

    Raises:
        RuntimeError: It failed.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if fails else None,
        env=os.environ | {"PYTHONHASHSEED": "0", "NO_MKDOCS_2_WARNING": "1"},
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ((0, 1) if fails else (0,)):
        raise RuntimeError(f"{' '.join(command)} exited with {process.returncode}")
    return Used(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024)


def grown(sizes: Iterable[int], figures: Iterable[float]) -> tuple[tuple[int, float], ...]:
    """Return sizes with their figures, as `Row.growth` has them."""
    return tuple(zip(sizes, figures, strict=True))
