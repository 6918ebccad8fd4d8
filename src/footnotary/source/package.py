"""Which package is documented, and its modules by their import names."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from footnotary.errors import ProjectError
from footnotary.source import Tree, read_text_file
from footnotary.source.parsing import (
    Asked,
    Modules,
    ParseElsewhere,
    Source,
    Unparsed,
    parse_files,
    statements_at_top,
)

_NOT_PACKAGES = frozenset(
    """
    tests test integration_tests e2e docs doc docs_src examples example samples sample demos demo
    tutorials tutorial notebooks benchmarks scripts alembic
    """.split()  # noqa: SIM905  a list of one word a line would bury the code
)
_IMPORT_ROOTS = {"src", "lib", "python", "site-packages", "dist-packages"}
_TOOLS = {"conftest.py", "fabfile.py", "noxfile.py", "setup.py", "tasks.py"}
_OF_NAMESPACE = ("extend_path(__path__", "declare_namespace(__name__")
MAX_NAMESPACES = 3
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Package:
    """A package.

    Attributes:
        name: Import name, such as `shop` or `google.adk`.
        path: Its folder relative to the root, or its file for a single module.
        sources: Its modules, by name.
        unparsed: Modules that could not be parsed.
        legacy: Import names of modules of an older version that it carries.
        modules: All modules of the project that it lies in.
    """

    name: str
    path: str
    sources: tuple[Source, ...]
    unparsed: tuple[Unparsed, ...] = ()
    legacy: tuple[str, ...] = ()
    modules: Modules = field(kw_only=True, repr=False)


def find_package(tree: Tree, wanted: str, project_name: str) -> str:
    """Find the folder of the package to document.

    Args:
        tree: The project's files.
        wanted: What the user named: a folder (or file) below the root, or an import name;
            empty to look for it.
        project_name: The project's name as a slug.

    Returns:
        The folder relative to the root; `.` where the root itself is the package.

    Raises:
        ProjectError: There is none, or what was named does not exist.
    """
    if wanted:
        return _named(tree, wanted)
    folders = find_package_folders(tree)
    if not folders:
        raise ProjectError(
            "No Python package was found.", hint="Name its folder with --path PACKAGE."
        )
    word = project_name.replace("-", "_")
    return min(folders, key=lambda folder: _rank_package(tree, folder, word))


def _named(tree: Tree, wanted: str) -> str:
    """Resolve what the user named."""
    dotted = wanted.replace(".", "/") if "/" not in wanted else wanted
    for name in (wanted, dotted, f"src/{wanted}", f"src/{dotted}"):
        path = tree.root / name
        if path.is_dir() or (path.suffix == ".py" and path.is_file()):
            resolved = path.resolve()
            if not resolved.is_relative_to(tree.root.resolve()):
                return str(resolved)
            return resolved.relative_to(tree.root.resolve()).as_posix()
    raise ProjectError(
        f"There is no package {wanted!r}.",
        hint="Name a folder below the project's root or an import name.",
    )


def find_package_folders(tree: Tree) -> list[str]:
    """Return the topmost folders that hold Python modules and may be a package."""
    folders = {path.rpartition("/")[0] for path in tree.files if path.endswith(".py")}
    packages = {folder for folder in folders if folder and _is_package(tree, folder)}
    tops = [f for f in packages if f.rpartition("/")[0] not in packages]
    kept = [f for f in tops if not is_beside(f)]
    if kept:
        return _topmost(kept)
    plain = [f for f in folders if f and not is_beside(f)]
    if any("/" not in path and path not in _TOOLS for path in tree.named("*.py")):
        return ["."]  # what lies beside `main.py` is imported by its own name
    return _topmost(plain) or tops or (["."] if "" in folders else [])


def _topmost(folders: list[str]) -> list[str]:
    """Return the folders that lie in no other one of them."""
    return [f for f in folders if not any(f.startswith(f"{one}/") for one in folders)]


def _is_package(tree: Tree, folder: str) -> bool:
    """Tell whether a folder has an `__init__.py` that makes it more than a namespace.

    Before PEP 420 each distribution of a namespace brought the same one, by pkgutil or
    pkg_resources.
    """
    path = f"{folder}/__init__.py"
    return tree.has(path) and not any(sign in (tree.text(path) or "") for sign in _OF_NAMESPACE)


def is_beside(folder: str) -> bool:
    """Tell whether a folder is one of tests, documentation or tools, by a name on its way."""
    return bool(_NOT_PACKAGES & set(PurePosixPath(folder).parts))


def _rank_package(tree: Tree, folder: str, word: str) -> tuple[bool, bool, int, int, str]:
    """Order candidates: the project's own name, below src, not deep, most modules."""
    name = folder.rpartition("/")[2]
    size = sum(path.startswith(f"{folder}/") and path.endswith(".py") for path in tree.files)
    return (name != word, not folder.startswith("src/"), folder.count("/"), -size, folder)


def load_package(
    tree: Tree, folder: str, elsewhere: ParseElsewhere | None = None, name: str = ""
) -> Package:
    """Parse every module of a package.

    Args:
        tree: The project's files.
        folder: From `find`.
        elsewhere: Parses what our own grammar cannot.
        name: Its import name, if the project's files say it; else its code does.

    Returns:
        The package, with or without `__init__.py` anywhere in it.
    """
    base = tree.root / folder
    if base.is_file():
        prefix = above = name or base.stem
        files = [base]
    else:
        files = [base / name for name in Tree(base).files if name.endswith(".py")]
        if base == tree.root:
            files = [f for f in files if not is_beside(f.relative_to(base).parent.as_posix())]
        prefix = name or _import_name(base, tree.root, files)
        # modules beside each other in the project's folder are imported by their own names
        above = "" if base == tree.root and not (base / "__init__.py").is_file() else prefix
    own = tree if base.is_relative_to(tree.root) else Tree(base if base.is_dir() else base.parent)
    asked = []
    for file in files:
        relative = PurePosixPath(file.relative_to(base).as_posix()) if base.is_dir() else None
        asked.append(Asked(file, _module_name(above, relative), _shown_path(tree, base, file)))
    parsed = parse_files(own, asked, elsewhere)
    sources = [one for one in parsed if isinstance(one, Source)]
    unparsed = [one for one in parsed if isinstance(one, Unparsed)]
    legacy = _legacy(prefix, [source.name for source in sources])
    kept = [source for source in sources if not _definitions_below(source.name, legacy)]
    return Package(
        name=prefix,
        path=_shown_path(tree, base, base),
        sources=tuple(sorted(kept, key=lambda source: source.name)),
        unparsed=tuple(unparsed),
        legacy=tuple(sorted(s.name for s in sources if _definitions_below(s.name, legacy))),
        modules=Modules(tree, elsewhere),
    )


def _shown_path(tree: Tree, base: Path, file: Path) -> str:
    """Return a path relative to the root; from the package on where it lies outside."""
    for root in (tree.root, tree.root.resolve()):
        if file.is_relative_to(root):
            return file.relative_to(root).as_posix()
    above = base.parent if base.is_dir() else base.parent.parent
    return file.relative_to(above).as_posix()


def _import_name(folder: Path, root: Path, files: list[Path]) -> str:
    """Return the dotted name of a package folder.

    Through the packages above it; above those, folders without `__init__.py` may be
    namespace portions (PEP 420) or mere folders: the name by which the package's own
    modules import it most decides.
    """
    parts = [folder.name]
    parent = folder.parent
    while parent != root and (parent / "__init__.py").is_file():
        parts.insert(0, parent.name)
        parent = parent.parent
    names = [".".join(parts)]
    if parent == root and root.name.isidentifier() and (root / "__init__.py").is_file():
        names.append(".".join([root.name, *parts]))
    is_below_root = False
    for _ in range(MAX_NAMESPACES):
        is_below_root = parent.name in _IMPORT_ROOTS
        if parent in {root, parent.parent} or is_below_root:
            break
        parts.insert(0, parent.name)
        names.append(".".join(parts))
        parent = parent.parent
    if len(names) == 1:
        return names[0]
    texts = [read_text_file(file) or "" for file in files[:200]]
    order = 1 if is_below_root else -1  # below `src` a mere folder is a namespace portion
    return max(names, key=lambda name: (_imports_of(name, texts), order * len(name)))


def _imports_of(name: str, texts: list[str]) -> int:
    """Count the import statements that begin with a package's name."""
    statement = re.compile(rf"^\s*(?:from|import)\s+{re.escape(name)}(?![\w])", re.MULTILINE)
    return sum(len(statement.findall(text)) for text in texts)


def _module_name(prefix: str, relative: PurePosixPath | None) -> str:
    """Return a module's import name."""
    if relative is None:
        return prefix
    parts = [*relative.parts[:-1], relative.stem]
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(filter(None, [prefix, *parts]))


def _legacy(prefix: str, names: list[str]) -> set[str]:
    """Find copies of an older version: `PACKAGE.vN` that repeats the modules beside it.

    Not every `v1` is one (routers of an API version are not): most of its modules must
    bear the names of modules of the package itself.
    """
    own = {name.removeprefix(f"{prefix}.") for name in names}
    found = set()
    for version in {name for name in own if name[:1] == "v" and name[1:].isdigit()}:
        inner = {n.removeprefix(f"{version}.") for n in own if n.startswith(f"{version}.")}
        if len(inner) > 1 and 2 * len(inner & own) > len(inner):
            found.add(f"{prefix}.{version}")
    return found


def _definitions_below(name: str, packages: set[str]) -> bool:
    """Tell whether a module is one of the packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def definitions(
    source: Source, *, variants: bool = False
) -> Iterator[tuple[str, Definition, bool]]:
    """Yield what a module defines: classes, functions, methods, nested classes.

    Definitions directly in a module's or a class's body count; those inside functions are
    not reachable, and those under `if` or `try` are variants, of a name or of none.

    Args:
        source: The module.
        variants: Whether variants are wanted too; of one name there may be several.

    Yields:
        Dotted path below the module, node, and whether it is in a class.
    """
    yield from _definitions(source.tree.body, "", in_class=False, variants=variants)


def _definitions(
    body: list[ast.stmt], prefix: str, *, in_class: bool, variants: bool
) -> Iterator[tuple[str, Definition, bool]]:
    """Walk one body."""
    for node in statements_at_top(body) if variants else body:
        if isinstance(node, Definition):
            path = f"{prefix}{node.name}"
            yield path, node, in_class
            if isinstance(node, ast.ClassDef):
                below = f"{path}."
                yield from _definitions(node.body, below, in_class=True, variants=variants)


def is_public_path(path: str) -> bool:
    """Tell whether each part of a dotted path can be imported and begins with no underscore.

    Migrations are often called `01a8342c_add_users.py`, which no import statement can name.
    """
    return all(part.isidentifier() and part[0] != "_" for part in path.split("."))
