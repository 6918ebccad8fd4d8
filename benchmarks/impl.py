"""CPU seconds and peak memory of documenting a package of 1,000 modules.

    python benchmarks/impl.py [MODULES] [FOLDER]

Without a folder a package is made: classes, functions, docstrings, imports, Pydantic models
and routes, some 120 lines a module. The budget is 10 CPU seconds for 1,000 modules.
"""

import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from footnotary.documents.impl import IMPL
from footnotary.documents.kinds import Context
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import impl

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


def measure(folder: Path, package: str) -> None:
    """Read and render, and print what it took."""
    began = time.process_time()
    facts = impl.read_impl(Project(folder.resolve()), ReadOptions(package=package))
    read = time.process_time()
    parts = IMPL.render(facts, Context("big", date(2026, 11, 23), "S", previous=facts))
    done = time.process_time()
    size = sum(len(part.markdown) for part in parts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = sum(module.lines for module in facts.modules)
    print(f"{facts.summary['modules']} modules, {lines} lines")
    print(f"read {read - began:.2f} CPU s, render {done - read:.2f} CPU s, peak {peak:.0f} MB")
    print(f"document {size / 1e6:.2f} MB, facts {len(facts.model_dump_json()) / 1e6:.2f} MB")


def main() -> None:
    """Measure the package that is named, or a made one."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    if len(sys.argv) == 3:  # noqa: PLR2004  the program, a count, a folder
        folder = Path(sys.argv[2])
        measure(folder.parent, folder.name)
        return
    with tempfile.TemporaryDirectory() as made:
        make(Path(made), count)
        measure(Path(made), "big")


if __name__ == "__main__":
    main()
