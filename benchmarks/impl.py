"""Documenting a package: CPU and memory of the whole command, beside griffe loading it.

    python benchmarks/impl.py [--size MODULES]

The package is made: classes, functions, docstrings, imports and Pydantic models, some 110 lines a
module.
"""

import sys
import tempfile
from pathlib import Path

from rows import COMMAND, Row, grown, make_parser, print_rows, read_sizes, run_measured

GRIFFE = "import griffe; griffe.load('big', search_paths=['.'])"
FUNCTION = '''
def compute_{n}(first: int, second: str = "x", *, third: float = 1.0) -> dict[str, object]:
    """Compute number {n} of module {m}.

    Args:
        first: How many.
        second: Which one.
        third: How much.

    Returns:
        What was computed.

    Raises:
        ValueError: It cannot be computed.
    """
    if first < 0:
        raise ValueError("negative")
    result = {{"first": first, "second": second}}
    for index in range(first):
        result[str(index)] = helper(index) + third
    return result
'''
MODULE = '''"""Module {m} of the package: what it is for."""

from pydantic import BaseModel
from big.part{other}.module{target} import Model{target}


class Model{m}(BaseModel):
    """A model.

    Attributes:
        name: Its name.
    """

    name: str
    size: int = 0

    def describe(self) -> str:
        """Return it in words."""
        return f"{{self.name}} of {{self.size}}"


def helper(index: int) -> int:
    """Return twice the index."""
    return index * 2

'''


def make(folder: Path, count: int) -> None:
    """Write a package of many modules in parts of fifty."""
    for number in range(count):
        part = folder / "big" / f"part{number // 50}"
        part.mkdir(parents=True, exist_ok=True)
        (part / "__init__.py").touch()
        target = max(number - 7, 0)
        text = MODULE.format(m=number, other=target // 50, target=target)
        text += "".join(FUNCTION.format(n=index, m=number) for index in range(4))
        (part / f"module{number}.py").write_text(text)
    (folder / "big" / "__init__.py").touch()


def main() -> None:
    """Measure packages of three sizes."""
    words = make_parser(__doc__, 1000).parse_args()
    sizes, ours, beside = read_sizes(words), [], []
    for count in sizes:
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder), count)
            (Path(folder) / "pyproject.toml").write_text('[project]\nname = "big"\n')
            command = [*COMMAND, "doc", "new", "impl", "big", "--package", "big", "-q"]
            ours.append(run_measured(command, Path(folder)))
            beside.append(run_measured([sys.executable, "-c", GRIFFE], Path(folder)))
    cpu, peak = [used.cpu for used in ours], [used.peak for used in ours]
    rows = (
        Row("doc new impl", cpu[-1], "s CPU", beside[-1].cpu, "griffe load", grown(sizes, cpu)),
        Row("doc new impl", peak[-1], "MB", beside[-1].peak, "griffe load", grown(sizes, peak)),
    )
    print_rows(rows, as_json=words.json)


if __name__ == "__main__":
    main()
