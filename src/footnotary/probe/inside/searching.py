"""Finding the modules of an installed package that declare tables, by their text."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator

_DECLARES = re.compile(rb"__tablename__|table\s*=\s*True|mapped_column\(|\bTable\(|\bColumn\(")
_SPEAKS = re.compile(rb"sqlalchemy|sqlmodel|__tablename__", re.IGNORECASE)
_SKIPPED = {
    "tests", "test", "testing", "versions", "migrations", "alembic", "node_modules", "docs",
    "examples", "benchmarks", "scripts", "__pycache__",
}  # fmt: skip
_MODULES = 300
_BYTES = 2_000_000


def declaring_modules(module: str) -> list[str]:
    """Return modules that declare tables, in the package that a module belongs to.

    A metadata is empty until its modules are imported; nothing but their text tells which.

    Args:
        module: An imported module.

    Returns:
        At most 300 names, by path.
    """
    package = module.split(".", maxsplit=1)[0]
    folders = list(getattr(sys.modules.get(package), "__path__", ()))
    found: list[str] = []
    for folder in folders[:1]:
        found += _declaring(folder, package)
    return found[:_MODULES]


def _declaring(folder: str, package: str) -> Iterator[str]:
    """Yield the modules below a package's folder whose text declares tables."""
    for where, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if name not in _SKIPPED and name.isidentifier())
        inner = os.path.relpath(where, folder)
        prefix = package if inner == "." else ".".join([package, *inner.split(os.sep)])
        for name in sorted(names):
            if _is_read(name) and _declares(os.path.join(where, name)):
                yield prefix if name == "__init__.py" else prefix + "." + name[:-3]


def _is_read(name: str) -> bool:
    """Whether a file is a module that can be imported for its tables."""
    return name.endswith(".py") and not name.startswith(("test_", "conftest", "__main__"))


def _declares(path: str) -> bool:
    """Whether a file's text looks as if it declared tables."""
    try:
        with open(path, "rb") as stream:
            text = stream.read(_BYTES)
    except OSError:
        return False
    return bool(_SPEAKS.search(text) and _DECLARES.search(text))
