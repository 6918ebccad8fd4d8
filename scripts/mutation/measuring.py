"""Pytest plugins: which test runs which lines, and a run of chosen tests only."""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Auditing events of a process that starts another: what that one runs is not seen.
STARTS = ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec", "os.system")


class Measuring:
    """Notes the lines that each test runs, how long it takes, and whether it starts processes.

    Lines that run while a fixture of a whole module or session is made count for every test
    that has the fixture.

    Args:
        root: The copy of the tree.
        slow: Paths of tests whose slow part runs too.
    """

    def __init__(self, root: Path, slow: list[str]) -> None:
        import coverage

        os.environ["COVERAGE_CORE"] = "ctrace"
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[f"{root}/src/*"], messages=False
        )
        self._root = root
        self._slow = tuple(slow)
        self._context = ""
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._cpu: dict[str, float] = {}
        self._fixtures: defaultdict[str, set[str]] = defaultdict(set)
        self._red: set[str] = set()
        self._starting: set[str] = set()
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in STARTS and not _runs_git(event, arguments):
            self._starting.add(self._context)

    def _turn_to(self, context: str) -> None:
        self._context = context
        self._coverage.switch_context(context)

    def pytest_sessionstart(self) -> None:
        """Begin before anything of the program is imported."""
        self._coverage.start()

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out the slow tests that are not asked for, and what was not imported from here."""
        items[:] = [
            item
            for item in items
            if item.get_closest_marker("slow") is None or item.nodeid.startswith(self._slow)
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Count for this test from here on."""
        self._turn_to(nodeid)
        self._cpu[nodeid] = -time.process_time()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Count a shared fixture for all tests that have it."""
        if fixturedef.scope == "function":
            return (yield)
        before, name = self._context, f"fixture {fixturedef.baseid} {fixturedef.argname}"
        self._turn_to(name)
        try:
            return (yield)
        finally:
            self._turn_to(before)

    def pytest_runtest_setup(self, item: Any) -> None:
        """Note which shared fixtures a test has."""
        for found in item._fixtureinfo.name2fixturedefs.values():  # noqa: SLF001  no public way
            for fixture in found:
                if fixture.scope != "function":
                    name = f"fixture {fixture.baseid} {fixture.argname}"
                    self._fixtures[name].add(item.nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note how long a test takes, and whether it passes."""
        self._seconds[report.nodeid] += report.duration
        if report.failed:
            self._red.add(report.nodeid)
        if report.when == "teardown":
            self._cpu[report.nodeid] += time.process_time()
            self._turn_to("")

    def result(self) -> dict[str, object]:
        """Return what was seen, ready for JSON."""
        self._coverage.stop()
        data = self._coverage.get_data()
        lines = {
            str(Path(file).relative_to(self._root)): {
                line: sorted(self._tests(contexts))
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        return {
            "seconds": self._seconds,
            "cpu": self._cpu,
            "red": sorted(self._red),
            "starting": sorted(self._tests(self._starting)),
            "lines": lines,
        }

    def _tests(self, contexts: Any) -> set[str]:
        """Return the tests that contexts stand for."""
        return {
            test
            for context in contexts
            for test in self._fixtures.get(context, {context})
            if test in self._seconds
        }


class Only:
    """Runs chosen tests, in the order in which they were chosen.

    A parameter may be called after what a mutant changes: a test of an unknown name runs too
    if others of its function were chosen.

    Args:
        tests: Their node ids.
        known: The node ids of all tests as they are without a mutant.
    """

    def __init__(self, tests: list[str], known: list[str]) -> None:
        self._order = {test: number for number, test in enumerate(tests)}
        for number, test in enumerate(tests):
            self._order.setdefault(_function(test), number)
        self._others = set(known) - set(tests)

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Keep the chosen ones."""
        placed = [(self._place(item.nodeid), item) for item in items]
        chosen = [(place, item) for place, item in placed if place is not None]
        items[:] = [item for _, item in sorted(chosen, key=lambda one: one[0])]

    def _place(self, test: str) -> int | None:
        if test in self._others:
            return None
        return self._order.get(test, self._order.get(_function(test)))


def _runs_git(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell whether a process is git, which runs nothing of ours."""
    if event != "subprocess.Popen":
        return False
    program = arguments[0] or (arguments[1] or [""])[0]
    return Path(os.fsdecode(program)).name == "git"


def _function(test: str) -> str:
    """Return the node id of a test without its parameters."""
    return test.partition("[")[0]
