"""Copies of the tree, and in each a process that judges one mutant after the other."""

import compileall
import json
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from queue import Queue
from typing import Any, Self

from mutation.making import Mutant
from mutation.selecting import Measured, Package
from mutation.serving import BROKEN, NOT_IMPORTED, OUT_OF_TIME

NOTHING_RUN = (4, 5)  # pytest's codes for a wrong call and for no tests
KILLED, SURVIVED, TIMED_OUT, NOT_VIABLE = "killed", "survived", "timed out", "not viable"


@dataclass(frozen=True)
class Judged:
    """What became of a mutant.

    Attributes:
        mutant: The mutant.
        outcome: KILLED, SURVIVED, TIMED_OUT or NOT_VIABLE.
        tests: How many tests could have noticed it.
    """

    mutant: Mutant
    outcome: str
    tests: int


@dataclass
class Copy:
    """A copy of the tree with a process in it.

    Attributes:
        folder: Where the copy is.
    """

    folder: Path
    _process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        paths = (self.folder / "src", self.folder / "scripts")  # the checkout may change
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mutation.serving"],
            cwd=self.folder,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join(map(str, paths)),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, **request: object) -> Any:
        """Send a request to the process and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def output(self) -> str:
        """Return the end of what the last run printed."""
        log = (self.folder / "mutant.log").read_text(encoding="utf-8", errors="replace")
        return log[-3000:]

    def judge(self, mutant: Mutant, measured: Measured) -> Judged:
        """Run the tests that may notice a mutant."""
        if not mutant.is_another_program:
            return Judged(mutant, NOT_VIABLE, 0)
        tests = measured.tests_for(mutant)
        if not tests:
            return Judged(mutant, SURVIVED, 0)
        path = self.folder / mutant.file
        original = path.read_bytes()
        path.write_text(mutant.text, encoding="utf-8")
        try:
            return Judged(mutant, self.run(tests, measured, mutant.file), len(tests))
        finally:
            path.write_bytes(original)

    def run(self, tests: list[str], measured: Measured, file: str) -> str:
        """Run tests in a fork and return the outcome.

        Args:
            tests: Their node ids.
            measured: How long they take without a mutant.
            file: What is imported first: what cannot be is not viable.

        Raises:
            RuntimeError: They could not be run at all.
        """
        cpu, seconds = measured.limits_of(tests)
        code = self.ask(
            do="judge",
            tests=tests,
            known=list(measured.seconds),
            module=module_of(file),
            cpu=cpu,
            seconds=seconds,
        )
        if code in (BROKEN, *NOTHING_RUN):
            raise RuntimeError(f"the tests could not be run:\n{self.output()}")
        outcomes = {0: SURVIVED, NOT_IMPORTED: NOT_VIABLE, OUT_OF_TIME: TIMED_OUT}
        return outcomes.get(code, KILLED)


def module_of(file: str) -> str:
    """Return the name under which a file of the package is imported."""
    parts = Path(file).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def copy_tree(root: Path, folder: Path) -> None:
    """Copy what git knows of a tree and what it would take, compiled for quick imports."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
    # Checked hashes: a changed file is never taken for its compiled form, whatever its date.
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    for part in ("src", "tests"):
        compileall.compile_dir(folder / part, quiet=2, invalidation_mode=mode)


def measure(copy: Copy, package: Package) -> Measured:
    """Run the tests of a package as they are.

    Raises:
        RuntimeError: They could not be run.
    """
    folder = copy.folder.parent
    code = copy.ask(
        do="measure", paths=list(package.tests), slow=list(package.slow), folder=str(folder)
    )
    if not (folder / "measured.json").is_file():
        raise RuntimeError(f"the tests could not be run ({code}):\n{copy.output()}")
    return Measured.read(folder / "measured.json")


def _refuse_a_false_alarm(copy: Copy, measured: Measured) -> None:
    """Run every test once as a mutant's run would, without a mutant.

    Raises:
        RuntimeError: One fails, so that the failures under mutants would say nothing.
    """
    tests = [test for test in measured.seconds if test not in measured.red]
    if copy.run(tests, measured, "src/footnotary/__init__.py") != SURVIVED:
        raise RuntimeError(f"the tests fail without a mutant:\n{copy.output()}")


def judged(
    copies: list[Copy], mutants: Iterable[Mutant], measured: Measured, sample: int
) -> Iterator[Judged]:
    """Judge mutants in order until so many are viable, in as many processes as there are copies."""
    free: Queue[Copy] = Queue()
    for copy in copies:
        copy.ask(do="load", modules=measured.modules)
        free.put(copy)
    _refuse_a_false_alarm(copies[0], measured)

    def judge(mutant: Mutant) -> Judged:
        copy = free.get()
        try:
            return copy.judge(mutant, measured)
        finally:
            free.put(copy)

    missing, waiting = sample, iter(mutants)
    with ThreadPoolExecutor(len(copies)) as pool:
        while missing and (batch := list(islice(waiting, missing))):
            for result in pool.map(judge, batch):
                missing -= result.outcome != NOT_VIABLE
                yield result
