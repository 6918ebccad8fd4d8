"""Run the benchmarks of speed and write docs/performance.md.

    python benchmarks/all.py [--small] [--corpora FOLDER] [--only NAME…]

Each is a script of its own that prints its rows with `--json`. Peers are run where their programs
are on PATH: `pip install "footnotary[bench]"` in an environment of their own. Scripts that read a
corpus run where one is named. `--only` prints the rows of some scripts and writes nothing.
"""

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import requires, version
from pathlib import Path

from footnotary import __version__

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
SCRIPTS = ("start", "check", "records", "gate", "render", "impl", "compose", "session")
SCRIPTS += ("site_build",)
OF_CORPORA = ("corpora",)
PACKAGES = ("httpx", "selectolax", "griffelib", "pyyaml", "mkdocs", "typer")


def run_script(name: str, words: list[str]) -> list[dict[str, object]]:
    """Return the rows of a script."""
    command = [sys.executable, str(HERE / f"{name}.py"), "--json", *words]
    print(f"{datetime.now(UTC):%H:%M:%S} {' '.join(command[1:])}", file=sys.stderr)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def write_section(name: str, rows: list[dict[str, object]]) -> str:
    """Return a script's rows as a table under what it says of itself."""
    about = ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text())) or ""
    lines = [
        f"## {about.partition(chr(10))[0].rstrip('.')}",
        f"`python benchmarks/{name}.py`",
        "| | footnotary | beside it | ratio | at three sizes |\n|---|---|---|---|---|\n"
        + "\n".join(map(write_row, rows)),
    ]
    return "\n\n".join(lines)


def write_row(row: dict[str, object]) -> str:
    """Return a row of a table."""
    ratio = row["ratio"]
    cells = (
        str(row["row"]),
        f"{write_figure(row['ours'])} {row['unit']}",
        f"{write_figure(row['beside'])}, {row['peer']}" if row["beside"] else "",
        f"{ratio:.2f}" if isinstance(ratio, float) else "",
        "; ".join(f"{size:,}: {write_figure(one)}" for size, one in row["growth"]),  # type: ignore[attr-defined]
    )
    return f"| {' | '.join(cells)} |"


def write_figure(figure: object) -> str:
    """Return a figure with three digits that count."""
    assert isinstance(figure, int | float)
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"  # noqa: PLR2004


def write_page(sections: list[str], *, small: bool, loads: tuple[float, float]) -> str:
    """Return the page."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    peers = ", ".join(
        one.partition(";")[0].replace("==", " ").replace("[full]", "").strip()
        for one in requires("footnotary") or ()
        if "bench" in one.partition(";")[2]
    )
    sizes = " Sizes are a quarter of the usual ones." if small else ""
    busy = (
        f" Other work ran beside it (load {loads[0]:.0f} to {loads[1]:.0f}), so that figures are"
        " higher than on a quiet machine; ratios are what counts."
        if max(loads) > (os.cpu_count() or 1)
        else ""
    )
    about = f"""# Performance

Written by `python benchmarks/all.py` on {datetime.now(UTC):%Y-%m-%d}: footnotary {__version__},
{platform.python_implementation()} {platform.python_version()}, {platform.system()},
{os.cpu_count()} cores; {versions}; peers: {peers}.{sizes}{busy}

Whole commands are measured as users run them, start-up included; CPU is of all threads and child
processes. What stands beside a figure was run in turn with it: a program that does the same, or the
least that the work costs at all. A ratio below 1 is less than that."""
    return "\n\n".join([about, *sections]) + "\n"


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="a quarter of the sizes")
    parser.add_argument("--corpora", type=Path, help="a folder with pages.jsonl and quotes.jsonl")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="print the rows of these")
    words = parser.parse_args()
    small = ["--small"] if words.small else []
    corpora = [str(words.corpora.resolve())] if words.corpora else []
    before = os.getloadavg()[0]
    sections = []
    for name in words.only or (*SCRIPTS, *(OF_CORPORA if corpora else ())):
        rows = run_script(name, corpora if name in OF_CORPORA else small)
        sections.append(write_section(name, rows))
        print(sections[-1], file=sys.stderr, flush=True)
    if not words.only:
        loads = (before, os.getloadavg()[0])
        PAGE.write_text(write_page(sections, small=words.small, loads=loads), encoding="utf-8")


if __name__ == "__main__":
    main()
