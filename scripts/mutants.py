"""Break a package's code in small ways, one at a time, and see which of them its tests notice.

    python scripts/mutants.py PACKAGE [--sample 40] [--seed 1] [--jobs 2] [--within TEXT]

The changes are drawn by the seed: the same code gives the same ones. Each is judged in a copy of
the tree by the tests that run the changed line (`mutation/packages.toml` says which tests concern
a package). What survives is printed as a difference; what is equal to the original is listed in
`mutation/equal.toml` with its reason and is not counted. Exits with 1 below 90 %.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from mutation.making import mutants_of
from mutation.running import (
    KILLED,
    NOT_VIABLE,
    SURVIVED,
    TIMED_OUT,
    Copy,
    Judged,
    copy_tree,
    judged,
    measure,
)
from mutation.selecting import Equal, Measured, Package, read_equal, read_packages
from mutation.viability import counted

ROOT = Path(__file__).parent.parent
WANTED = 0.9


def main() -> int:
    """Print the score of a package and its survivors."""
    packages = read_packages()
    asked = _arguments(sorted(packages))
    package = packages[asked.package]
    made = [mutant for file in package.files(ROOT) for mutant in mutants_of(ROOT, file)]
    made = [mutant for mutant in made if asked.within in f"{mutant.file}:{mutant.place.within}"]
    left_out = counted(m.place.not_viable for m in made if m.place.not_viable)
    print(f"{package.name}: {len(made)} mutants; not viable by their place: {left_out or 'none'}")
    viable = sorted(
        (mutant for mutant in made if not mutant.place.not_viable),
        key=lambda mutant: mutant.rank(asked.seed),
    )
    known = read_equal()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ExitStack() as stack:
        copies = []
        for number in range(asked.jobs):
            tree = Path(folder, str(number), "tree")
            copy_tree(ROOT, tree)
            copies.append(stack.enter_context(Copy(tree)))
        measured = measure(copies[0], package)
        _print_measured(measured)
        results = list(_told(judged(copies, viable, measured, asked.sample), known))
    return report(package, results, known, asked.seed)


def _arguments(packages: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("package", choices=packages)
    parser.add_argument("--sample", type=int, default=40, help="how many viable mutants to judge")
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn")
    parser.add_argument("--jobs", type=int, default=2, help="how many are judged at a time")
    parser.add_argument("--within", default="", help="only in files and functions of this name")
    return parser.parse_args()


def _print_measured(measured: Measured) -> None:
    """Say what the tests are before any mutant."""
    print(f"{len(measured.seconds)} tests, {sum(measured.seconds.values()):.0f} s", flush=True)
    for test in sorted(measured.red):
        print(f"  fails without a mutant, judges nothing: {test}")


def _told(results: Iterable[Judged], known: list[Equal]) -> Iterator[Judged]:
    """Print each survivor at once, and how far it is where somebody looks."""
    began = time.monotonic()
    for number, result in enumerate(results, start=1):
        if result.outcome == SURVIVED and not is_equal(result, known):
            print_survivor(result)
        line = f"{number} judged, {time.monotonic() - began:.0f} s, the last: {result.outcome}"
        if sys.stderr.isatty():
            print(f"\r{line:<60}", end="", file=sys.stderr)
        yield result
    if sys.stderr.isatty():
        print(file=sys.stderr)


def is_equal(result: Judged, known: list[Equal]) -> bool:
    """Return whether what was judged is listed as equal."""
    return any(entry.is_of(result.mutant) for entry in known)


def report(package: Package, results: list[Judged], known: list[Equal], seed: int) -> int:
    """Print the score; return 1 if it is too low."""
    equal = [result for result in results if is_equal(result, known)]
    for result in equal:
        if result.outcome in (KILLED, TIMED_OUT):
            print(f"listed as equal, but noticed: {result.mutant.file}:{result.mutant.place.line}")
    numbers = Counter(r.outcome for r in results if r not in equal)
    noticed = numbers[KILLED] + numbers[TIMED_OUT]
    viable = noticed + numbers[SURVIVED]
    score = noticed / viable if viable else 1.0
    print(
        f"{package.name}: seed {seed}, {len(results)} drawn, {numbers[NOT_VIABLE]} not viable,"
        f" {len(equal)} equal; of {viable} viable {numbers[KILLED]} killed,"
        f" {numbers[TIMED_OUT]} timed out, {numbers[SURVIVED]} survived: {score:.0%}"
    )
    return 0 if score >= WANTED else 1


def print_survivor(result: Judged) -> None:
    """Print what survived, in the form in which `equal.toml` would list it."""
    mutant = result.mutant
    was, becomes = mutant.difference
    print(f"\n# {mutant.file}:{mutant.place.line}: survived {result.tests} tests")
    print("[[equal]]")
    print(f'file = "{mutant.file}"\nwithin = "{mutant.place.within}"')
    print(f"was = {_quoted(was)}\nbecomes = {_quoted(becomes)}")
    print('reason = ""', flush=True)


def _quoted(text: str) -> str:
    """Return a text as TOML."""
    if "\n" not in text and "'" not in text:
        return f"'{text}'"
    if "'''" not in text:
        return f"'''\n{text}'''"
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
