"""What does reading an application cost, beside its own import and `openapi()`?

    python benchmarks/own_import.py NAME=PYTHON=MODULE:ATTRIBUTE…

Each application lies in an environment of its own (PYTHON) and is read twice in one run: by
`PYTHON -c "import …; ….openapi()"`, and by `footnotary doc new api` in a new repository that
imports it, three times; the lowest counts. CPU is user and system time of a process and all that it
started; memory is the peak of their proportional share (PSS), looked at every 20 ms. The goal: 1.5
times, and 0.6 s of CPU.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FACTOR, EXTRA = 1.5, 0.6
ROUNDS = 3


def measure(command: list[str], root: Path) -> tuple[float, float]:
    """Run a command; return CPU in s and peak memory in MB of it and what it started."""
    log = (root / "log").open("w")
    process = subprocess.Popen(command, cwd=root, stdout=log, stderr=log)
    peak = 0
    while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
        peak = max(peak, sum(map(share, family(process.pid))))
        time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    if process.returncode:
        sys.exit(f"{command} exits with {process.returncode}:\n{(root / 'log').read_text()}")
    return ended[2].ru_utime + ended[2].ru_stime, peak / 1024


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    try:
        lists = [one.read_text() for one in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return [pid]
    return [pid, *(one for words in lists for child in words.split() for one in family(int(child)))]


def share(pid: int) -> int:
    """Return the proportional share of a process in KB; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def compare(name: str, python: str, target: str) -> None:
    """Print what both cost, the lowest of the rounds."""
    module, attribute = target.split(":")
    plain, ours = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "pyproject.toml").write_text('[project]\nname = "reader"\nversion = "1"\n')
            (root / "main.py").write_text(f"from {module} import {attribute} as app\n")
            for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "feat: one"]):
                subprocess.run(["git", *words], cwd=root, check=True)
            own = [python, "-c", "import main; main.app.openapi()"]
            measure(own, root)  # files and bytecode are cold the first time
            plain.append(measure(own, root))
            footnotary = [sys.executable, "-m", "footnotary", "doc", "new", "api"]
            ours.append(measure([*footnotary, "--app", "main:app", "--python", python], root))
            if "read from the source" in (note := (root / "log").read_text().lower()):
                sys.exit(f"{name} was not imported:\n{note}")
    cpu, memory = (min(one[at] for one in plain) for at in (0, 1))
    our_cpu, our_memory = (min(one[at] for one in ours) for at in (0, 1))
    fits = our_cpu <= FACTOR * cpu + EXTRA and our_memory <= FACTOR * memory
    ratios = f"{our_cpu / cpu:.2f}", f"{our_memory / memory:.2f}", "within" if fits else "over"
    print(f"| {name} | {cpu:.2f} | {our_cpu:.2f} | {ratios[0]} | {memory:.0f} | {our_memory:.0f} "
          f"| {ratios[1]} | {ratios[2]} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    print(
        "| application | its CPU, s | ours, s | times | its memory, MB | ours, MB | times | goal |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for words in sys.argv[1:]:
        compare(*words.split("="))
