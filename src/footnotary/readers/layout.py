"""Which packages a repository's projects define, how each is imported, and the ways in."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from footnotary.facts import basis
from footnotary.facts.impl import EntryPoint
from footnotary.readers import literals
from footnotary.readers.distributions import squashed
from footnotary.readers.identity import home, read_pyproject, table_in
from footnotary.readers.requirements import normalised, read_project_name
from footnotary.readers.setup_files import SCRIPTS, SetupOptions, read_scripts, read_setup_options
from footnotary.source import Tree
from footnotary.source.names import defined_names, last_name
from footnotary.source.package import Package, find_package_folders
from footnotary.source.parsing import Source

_FACTORIES = {
    "FastAPI": "FastAPI application",
    "Starlette": "Starlette application",
    "Typer": "Typer application",
    "Flask": "Flask application",
    "Celery": "Celery application",
    "FastMCP": "MCP server",
}


@dataclass(frozen=True)
class Home:
    """A project of a repository, by what its build backend is told.

    Attributes:
        folder: Its folder, relative to the root; empty for the root.
        name: Its normalised distribution name, or empty.
        roots: Folders from which its packages are imported, if it names some.
        mapped: Import name by folder, where it names both.
        modules: Full names that can be imported: packages, and the modules of entry points.
    """

    folder: str
    name: str
    roots: tuple[str, ...]
    mapped: Mapping[str, str]
    modules: tuple[str, ...]

    def import_name(self, folder: str) -> str:
        """Return the import name of a package's folder; empty where nothing says it."""
        for above, name in sorted(self.mapped.items(), key=lambda one: -len(one[0])):
            if folder == above or folder.startswith(f"{above}/"):
                return _dotted(f"{name.replace('.', '/')}/{folder[len(above) :]}")
        parts = PurePosixPath(folder.removeprefix(self.folder)).parts
        for first in range(len(parts)):
            name = ".".join(parts[first:]).strip("/.")
            if any(one == name or one.startswith(f"{name}.") for one in self.modules):
                return name
            if "." in name and squashed(name) == squashed(self.name):
                return name
        for root in sorted(self.roots, key=len, reverse=True):
            if not root or folder.startswith(f"{root}/"):
                return _dotted(folder[len(root) :])
        return ""


@dataclass(frozen=True)
class PackagePlace:
    """A package of a repository: its folder, its import name (empty: by its code), its project."""

    folder: str
    name: str
    home: Home

    def is_called(self, name: str) -> bool:
        """Tell whether an import name is the package's, or may be where nothing says it."""
        dotted = f".{self.folder.replace('/', '.')}"
        return self.name == name or (not self.name and dotted.endswith(f".{name}"))


def find_places(tree: Tree) -> list[PackagePlace]:
    """Return the packages of all projects of a repository, by their folders."""
    homes: dict[str, Home] = {}
    found = []
    for folder in sorted(find_package_folders(tree)):
        above = home(tree, folder)
        one = homes.setdefault(above, read_home(tree, above))
        found.append(PackagePlace(folder, one.import_name(folder), one))
    return found


def import_roots(tree: Tree) -> tuple[str, ...]:
    """Return the folders from which the packages of a repository are imported, without the root."""
    found = []
    for one in find_places(tree):
        inner = one.name.replace(".", "/")
        above, _, _ = one.folder.rpartition("/")
        if inner and one.folder.endswith(f"/{inner}"):
            above = one.folder.removesuffix(f"/{inner}")
        elif not inner and "/src/" in f"/{above}/":
            above = f"/{above}/".rpartition("/src/")[0].lstrip("/") + "/src"
            above = above.lstrip("/")
        found.append(above)
    return tuple(sorted({*found} - {""}))


def read_home(tree: Tree, folder: str) -> Home:
    """Read what a project's files say of its packages.

    Args:
        tree: The files of the repository.
        folder: The project's folder, relative to the root; empty for the root.
    """
    data = read_pyproject(tree, _at(folder, "pyproject.toml"))
    tool = table_in(data, "tool")
    options = read_setup_options(tree, folder)
    mapped = dict((*_hatch_packages(tool), *_poetry_packages(tool), *_package_dir(tool, options)))
    modules = (*_modules(data), *options.modules)
    started = [target for _, _, target, _ in read_scripts(tree, folder)]
    started += _texts(table_in(tool, "fastapi").get("entrypoint"))
    modules += tuple(one.partition(":")[0].strip() for one in started)
    return Home(
        folder,
        normalised(read_project_name(data) or options.name),
        tuple(_at(folder, one) for one in (*_source_roots(tool), *options.roots)),
        {_at(folder, path): name for path, name in mapped.items() if path and name},
        tuple(filter(None, modules)),
    )


def _at(folder: str, path: str) -> str:
    """Return a path in a project, from the repository's root on."""
    plain = PurePosixPath(folder, path).as_posix()
    return "" if plain == "." else plain


def _dotted(path: str) -> str:
    """Return a path as a dotted name; empty where a part is no identifier."""
    parts = [part for part in path.split("/") if part]
    return ".".join(parts) if all(map(str.isidentifier, parts)) else ""


def _texts(value: object) -> Sequence[str]:
    """Return the strings of a list; one string is a list of itself."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and one]


def _hatch_packages(tool: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield folder and import name from Hatch's `packages` and `sources`."""
    for table in (
        table_in(tool, "hatch", "build", "targets", "wheel"),
        table_in(tool, "hatch", "build"),
    ):
        for path in _texts(table.get("packages")):
            yield path.strip("/"), path.strip("/").rpartition("/")[2]
        for path, name in table_in(table, "sources").items():
            yield path.strip("/"), str(name).strip("/").replace("/", ".")


def _poetry_packages(tool: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield folder and import name from Poetry's `packages`."""
    packages = table_in(tool, "poetry").get("packages")
    for one in packages if isinstance(packages, list) else ():
        path = str(table_in(one).get("include", "")).rstrip("/*")
        if path and "*" not in path:
            below = str(table_in(one).get("from", "")).strip("/")
            name = ".".join(filter(None, [str(table_in(one).get("to", "")).strip("/"), path]))
            yield f"{below}/{path}".strip("/"), name.replace("/", ".")


def _package_dir(tool: Mapping[str, Any], options: SetupOptions) -> Iterator[tuple[str, str]]:
    """Yield folder and import name from setuptools' `package-dir`."""
    for table in (table_in(tool, "setuptools", "package-dir"), options.package_dir):
        yield from ((str(path).strip("/"), name) for name, path in table.items() if name)


def _source_roots(tool: Mapping[str, Any]) -> Iterator[str]:
    """Yield the folders from which packages are imported."""
    yield from _texts(table_in(tool, "setuptools", "packages", "find").get("where"))
    yield from _texts(table_in(tool, "setuptools", "package-dir").get(""))
    yield from _texts(table_in(tool, "uv", "build-backend").get("module-root"))
    yield from _texts(table_in(tool, "pdm", "build").get("package-dir"))
    yield from _texts(table_in(tool, "maturin").get("python-source"))
    for table in (
        table_in(tool, "hatch", "build", "targets", "wheel"),
        table_in(tool, "hatch", "build"),
    ):
        yield from _texts(table.get("sources"))
        yield from (path for path, name in table_in(table, "sources").items() if not name)


def _modules(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names that a build backend or the metadata says can be imported."""
    tool = table_in(data, "tool")
    yield from _texts(table_in(tool, "uv", "build-backend").get("module-name"))
    yield from _texts(table_in(tool, "flit", "module").get("name"))
    yield from _texts(table_in(tool, "setuptools").get("packages"))
    for name in _texts(table_in(data, "project").get("import-names")):
        yield name.partition(";")[0].strip()


def read_entry_points(tree: Tree, package: Package, folder: str) -> tuple[EntryPoint, ...]:
    """Return a project's console scripts, entry points, `python -m`, and application objects.

    Args:
        tree: The files of the repository.
        package: The project's parsed modules.
        folder: The project's folder, relative to the root; empty for the root.
    """
    declared = (
        EntryPoint(
            kind="console script" if group in SCRIPTS else f"entry point {group}",
            name=name,
            target=literals.label(target),
            place=basis.Place(path=path),
        )
        for group, name, target, path in read_scripts(tree, folder)
    )
    return (*declared, *_found_in_code(package))


def _found_in_code(package: Package) -> Iterator[EntryPoint]:
    """Yield `__main__` modules and application objects at module level."""
    for source in package.sources:
        if source.name.rpartition(".")[2] == "__main__":
            name = source.name.removesuffix(".__main__")
            yield EntryPoint(
                kind="python -m",
                name=f"python -m {name}",
                target=source.name,
                place=basis.Place(path=source.path, line=1),
            )
        yield from _applications(source)


def _applications(source: Source) -> Iterator[EntryPoint]:
    """Yield the application objects of a module, and functions that are said to return one."""
    for node in source.tree.body:
        kind, name = "", ""
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            kind = _FACTORIES.get(last_name(node.value), "")
            name = next(iter(defined_names(node)), "")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            made = _FACTORIES.get(last_name(node.returns), "")
            kind, name = f"function that makes a {made}" if made else "", f"{node.name}()"
        if kind and name:
            yield EntryPoint(
                kind=kind,
                name=name,
                target=f"{source.name}:{name}",
                place=basis.Place(path=source.path, line=node.lineno),
            )
