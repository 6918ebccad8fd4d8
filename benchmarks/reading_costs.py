"""What reading an application costs, beside its own import and `openapi()`, in one run.

    python benchmarks/reading_costs.py ENVIRONMENTS [--runs 3]

ENVIRONMENTS gets a virtual environment for each of five applications of PyPI, where it has none
(`uv` makes them). Each is imported by itself, which calls `openapi()`, and read with
`doc facts api`, in turns; a row has the medians. Processor time is that of all processes. Memory is
the most that the largest of them had, and the most that all had at one moment (resident; what they
share counts for each). The bound is 1.5 times the application's own, and 0.6 s of processor time.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_OF_ITS_SERVER = (
    "fastapi uvicorn python-multipart opentelemetry-instrumentation-fastapi"
    " opentelemetry-exporter-otlp-proto-grpc"
)
APPLICATIONS = (
    ("optimade[server]==1.5.0", "optimade.server.main:app"),
    ("titiler.application==2.4.0", "titiler.application.main:app"),
    ("tipg", "tipg.main:app"),
    ("argilla-server==2.8.0", "argilla_server.api.routes:api_v1"),
    (f"chromadb {_OF_ITS_SERVER}", "chromadb.app:app"),
)  # fmt: skip
FACTOR, SECONDS = 1.5, 0.6
IMPORT = "import json, {0} as one; print(len(json.dumps(one.{1}.openapi())))"


def measure(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Run a command; return s of processor time, MB of its largest process, MB of all."""
    started = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    largest = most = 0.0
    while True:
        ended, status, used = os.wait4(started.pid, os.WNOHANG)
        if ended:
            break
        now = [*map(resident, descendants(started.pid))]
        largest, most = max(largest, *now), max(most, sum(now))
        time.sleep(0.02)
    if status:
        said = started.stderr.read().decode(errors="replace") if started.stderr else ""
        raise SystemExit(f"{' '.join(command)} failed: {said[-800:]}")
    return used.ru_utime + used.ru_stime, largest, most


def descendants(top: int) -> list[int]:
    """Return a process and all that it started."""
    found, waiting = [], [top]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def resident(process: int) -> float:
    """Return the memory of a process in MB; 0 of one that has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def make_environment(folder: Path, requirement: str) -> Path:
    """Return the Python of an environment with a distribution, made where it is not there."""
    python = folder / re.split(r"[\[= ]", requirement)[0] / "bin" / "python"
    if not python.exists():
        subprocess.run(["uv", "venv", "-q", str(python.parents[1])], check=True)
        subprocess.run(
            ["uv", "pip", "install", "-q", "-p", str(python), *requirement.split()], check=True
        )
    return python


def main() -> None:
    """Print a row for each application."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environments", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    words = parser.parse_args()
    print("| application | import: s, MB | reading: s, MB, MB of all | bound: s, MB | within |")
    print("|---|---|---|---|---|")
    for requirement, target in APPLICATIONS:
        python = make_environment(words.environments.resolve(), requirement)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "pyproject.toml").write_text('[project]\nname = "bench"\n')
            module, _, attribute = target.partition(":")
            plain = [str(python), "-c", IMPORT.format(module, attribute)]
            ours = [sys.executable, "-m", "footnotary", "doc", "facts", "api", "--json", "--app",
                    target, "--python", str(python)]  # fmt: skip
            measure(plain, folder)  # writes compiled files
            check(ours, folder)
            turns = [(measure(plain, folder), measure(ours, folder)) for _ in range(words.runs)]
        own, reading = ([statistics.median(column) for column in zip(*side, strict=True)]
                        for side in zip(*turns, strict=True))  # fmt: skip
        bound = FACTOR * own[0] + SECONDS, FACTOR * own[1], FACTOR * own[1]
        names = ("time", "largest process", "all processes")
        within = [
            name for name, one, most in zip(names, reading, bound, strict=True) if one <= most
        ]
        cells = (f"{own[0]:.2f}, {own[1]:.0f}",
                 f"{reading[0]:.2f}, {reading[1]:.0f}, {reading[2]:.0f}",
                 f"{bound[0]:.2f}, {bound[1]:.0f}", ", ".join(within) or "none")  # fmt: skip
        print(f"| {requirement.partition(' ')[0]} | {' | '.join(cells)} |", flush=True)


def check(command: list[str], folder: Path) -> None:
    """Read once, and insist on that the application was imported."""
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    read = json.loads(done.stdout)["read"]
    if read["how"] != "imported":
        raise SystemExit(f"{command[-3]} was not imported: {read['why']}")


if __name__ == "__main__":
    main()
