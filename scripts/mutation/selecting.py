"""Which tests judge a mutant, and which survivors are known to be equal."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from mutation.making import Mutant

TABLES = Path(__file__).parent


@dataclass(frozen=True)
class Package:
    """A package whose rules are held by tests.

    Attributes:
        name: Its name.
        sources: Its files, below the repository.
        tests: The tests that hold its rules.
        slow: Those of them whose slow part runs too.
    """

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]
    slow: tuple[str, ...]

    def files(self, root: Path) -> list[str]:
        """Return the files of the package, sorted."""
        found = {
            str(path.relative_to(root))
            for source in self.sources
            for path in (
                [root / source] if source.endswith(".py") else (root / source).rglob("*.py")
            )
        }
        return sorted(found)


@dataclass(frozen=True)
class Equal:
    """A mutant that no test can notice, and why."""

    file: str
    within: str
    was: str
    becomes: str
    reason: str

    def is_of(self, mutant: "Mutant") -> bool:
        """Return whether a mutant is this one."""
        at = (mutant.file, mutant.place.within, *mutant.difference)
        return at == (self.file, self.within, self.was, self.becomes)


@dataclass(frozen=True)
class Measured:
    """What the tests of a package run.

    Attributes:
        seconds: How long each test takes.
        cpu: How much processor time each test takes.
        red: Tests that fail without any mutant; they judge nothing.
        starting: Tests that start processes: what those run is not seen, so these judge all.
        lines: For each file and line, the tests that run it.
        modules: What the tests import that is not of this repository.
    """

    seconds: dict[str, float]
    cpu: dict[str, float]
    red: frozenset[str]
    starting: frozenset[str]
    lines: dict[str, dict[int, list[str]]]
    modules: list[str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what a measuring run wrote."""
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        lines = {
            file: {int(line): tests for line, tests in of_file.items()}
            for file, of_file in data["lines"].items()
        }
        return cls(
            data["seconds"],
            data["cpu"],
            frozenset(data["red"]),
            frozenset(data["starting"]),
            lines,
            data["modules"],
        )

    def tests_for(self, mutant: "Mutant") -> list[str]:
        """Return the tests that may notice a mutant, quick ones first, grouped by file."""
        of_file = self.lines.get(mutant.file, {})
        numbers = of_file if mutant.place.imported else mutant.place.lines
        found = {test for number in numbers for test in of_file.get(number, ())}
        if mutant.place.imported and not found:
            found = set(self.seconds)
        found = (found | self.starting) - self.red
        cost: dict[str, list[float]] = {}
        for test in found:
            cost.setdefault(test.partition("::")[0], []).append(self.seconds[test])
        known = {test: number for number, test in enumerate(self.seconds)}

        def place(test: str) -> tuple[bool, float, int]:
            of_its_file = cost[test.partition("::")[0]]
            return test in self.starting, sum(of_its_file) / len(of_its_file), known[test]

        return sorted(found, key=place)

    def limits_of(self, tests: list[str]) -> tuple[float, float]:
        """Return after how much processor time and how much time a run of tests is too long."""
        cpu = sum(self.cpu[test] for test in tests)
        return cpu * 2 + 10, sum(self.seconds[test] for test in tests) * 3 + 60


def read_packages() -> dict[str, Package]:
    """Return the packages that have a mutation score, by name."""
    table = tomllib.loads((TABLES / "packages.toml").read_text(encoding="utf-8"))
    return {
        name: Package(name, tuple(of["sources"]), tuple(of["tests"]), tuple(of.get("slow", ())))
        for name, of in table.items()
    }


def read_equal() -> list[Equal]:
    """Return the survivors that are known to be equal to the original."""
    table = tomllib.loads((TABLES / "equal.toml").read_text(encoding="utf-8"))
    return [Equal(**entry) for entry in table.get("equal", [])]
