"""Whether a name can be imported in the project's environment, told without importing it.

Modules are looked for as files, names as what a module's source binds. Where that cannot
be known (extension modules, star imports, a module's `__getattr__`), the answer is None.
"""

import ast
import sys
from functools import cached_property
from pathlib import Path

from footnotary.errors import FootnotaryError
from footnotary.files import is_file, is_folder, read_regular
from footnotary.probe.interpreter import environment_folders, find_interpreter
from footnotary.project import Project

MAX_SOURCE = 2_000_000


class InstalledPackages:
    """What is installed beside a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._names: dict[str, bool | None] = {}

    def has(self, name: str) -> bool | None:
        """Return whether something can be imported.

        Args:
            name: `package.module`, or `package.module:name`.

        Returns:
            None where the package is not installed at all, or it cannot be known.
        """
        if name not in self._names:
            self._names[name] = self._look(name)
        return self._names[name]

    @cached_property
    def _folders(self) -> tuple[Path, ...]:
        """The folders from which the project's interpreter imports packages."""
        try:
            return environment_folders(find_interpreter(self.project))
        except FootnotaryError:
            return ()

    def _look(self, name: str) -> bool | None:
        """Look for a module, and for a name in it."""
        module, _, attribute = name.partition(":")
        parts = module.split(".")
        if parts[0] in sys.stdlib_module_names:
            return None
        for folder in self._folders:
            if not is_folder(folder / parts[0]) and not is_file(folder / f"{parts[0]}.py"):
                continue
            source = _source_of(folder, parts)
            if source is None:
                return None if _is_native(folder, parts) else False
            return _binds(source, attribute) if attribute else True
        return None


def _source_of(folder: Path, parts: list[str]) -> Path | None:
    """Return the source file of a module; None where there is none."""
    path = folder.joinpath(*parts)
    candidates = (path / "__init__.py", path.with_name(f"{path.name}.py"))
    return next((each for each in candidates if is_file(each)), None)


def _is_native(folder: Path, parts: list[str]) -> bool:
    """Return whether a module may be there in another form than source."""
    path = folder.joinpath(*parts)
    if is_folder(path) or any(path.parent.glob(f"{path.name}.*")):
        return True
    above = _source_of(folder, parts[:-1]) if len(parts) > 1 else None
    return above is not None and _binds(above, parts[-1]) is not False


def _binds(source: Path, name: str) -> bool | None:
    """Return whether a module binds a name; None where its source cannot tell."""
    if is_folder(source.parent / name) or any(source.parent.glob(f"{name}.*")):
        return True
    try:
        data = read_regular(source, MAX_SOURCE, follow=True)
        tree = ast.parse(data)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Name(id=bound, ctx=ast.Store()):
                names.add(bound)
            case ast.alias(name=full, asname=short):
                names.add(short or full.partition(".")[0])
            case ast.Constant(value=str(text)) if text == name:
                names.add(text)  # `__all__`, a lazy table, a call that makes the name
            case _:
                pass
    if name in names:
        return True
    return None if {"*", "__getattr__"} & names or b"globals" in data else False
