"""What setup.cfg and setup.py declare, which is read and never run (setuptools' own forms)."""

import ast
import configparser
import contextlib
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from footnotary.readers import literals
from footnotary.readers.identity import read_pyproject, table_in
from footnotary.readers.requirements import Declarations
from footnotary.source import Tree
from footnotary.source.names import keyword, last_name
from footnotary.source.parsing import parse_text

SCRIPTS = ("console_scripts", "gui_scripts")
_REQUIRES = ("install_requires", "tests_require")
_CHANGES = {"append", "extend", "insert", "remove", "update", "setdefault"}
_GROUPS = {"install_requires": "", "tests_require": "tests"}


def read_setup_files(found: Declarations) -> bool:
    """Read the requirements of setup.cfg and setup.py.

    Returns:
        Whether one of the files declares run-time dependencies.
    """
    _read_tox(found)
    return any([_read_cfg(found), _read_script(found)])


def read_setup_cfg(tree: Tree, path: str) -> configparser.RawConfigParser | None:
    """Parse a setup.cfg; None where it is missing or broken."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(tree.text(path) or "")
    except configparser.Error:
        return None
    return parser


def _read_cfg(found: Declarations) -> bool:
    """Read setup.cfg: `[options]` and `[options.extras_require]`."""
    path = found.at("setup.cfg")
    if not found.tree.has(path):
        return False
    parser = read_setup_cfg(found.tree, path)
    if parser is None or found.tree.text(path) is None:
        found.skip(path, "it is no valid configuration")
        return False
    found.files.append(path)
    for name in _REQUIRES:
        if parser.has_option("options", name):
            _add_value(found, parser.get("options", name), _GROUPS[name], path)
    if parser.has_section("options.extras_require"):
        for extra, value in parser.items("options.extras_require"):
            _add_value(found, value, literals.label(extra), path)
    return parser.has_option("options", "install_requires")


def _add_value(found: Declarations, value: str, group: str, path: str) -> None:
    """Add a list of setup.cfg: lines, `a; b` on one line is a marker, `file:` names files."""
    if value.strip().startswith("file:"):
        for name in value.strip().removeprefix("file:").split(","):
            found.read_file(found.at(name.strip()), group, path)
        return
    for line in value.splitlines():
        if line.strip() and not line.strip().startswith("#"):
            found.add(line, group, path)


def _read_tox(found: Declarations) -> None:
    """Read the `deps` of the environments in tox.ini; a factor may stand before each."""
    path = found.at("tox.ini")
    parser = read_setup_cfg(found.tree, path)
    for section in parser.sections() if parser else ():
        kind, _, name = section.partition(":")
        lines = parser.get(section, "deps", fallback="") if parser and kind == "testenv" else ""
        for line in lines.splitlines():
            plain = line.rpartition(": ")[2].strip().replace("{toxinidir}/", "")
            if plain.startswith("{["):
                continue  # the list of another section, which is read there
            if "{" in plain:
                found.skip(path, "a requirement of a setting")
            elif plain and not plain.startswith("#"):
                found.add_line(plain, literals.label(name or "tox"), path)


def _read_script(found: Declarations) -> bool:
    """Read the literals of `setup(…)`; what is computed is noted as unread."""
    path = found.at("setup.py")
    if not found.tree.has(path):
        return False
    call, values = _setup_call(found.tree, path)
    if call is None:
        found.skip(path, "it has no call of setup() that could be read")
        return False
    found.files.append(path)
    given = {one.arg: one.value for one in call.keywords if one.arg}
    if len(given) < len(call.keywords):
        found.skip(path, "setup() is given computed arguments")
    for name in _REQUIRES:
        if name in given:
            _add_node(found, given[name], values, _GROUPS[name], path)
    if "extras_require" in given:
        _add_extras(found, given["extras_require"], values, path)
    return "install_requires" in given


def _add_extras(
    found: Declarations, node: ast.expr, values: Mapping[str, ast.expr], path: str
) -> None:
    """Add the extras of a dictionary, each a list or the requirements file that is read."""
    named = values.get(node.id) if isinstance(node, ast.Name) else node
    pairs = zip(named.keys, named.values, strict=True) if isinstance(named, ast.Dict) else ()
    if not isinstance(named, ast.Dict):
        found.skip(path, "extras_require is computed")
    for key, lines in pairs:
        extra = _value(key, values)
        _add_node(found, lines, values, literals.label(str(extra).partition(":")[0]), path)


def _add_node(
    found: Declarations, node: ast.expr, values: Mapping[str, ast.expr], group: str, path: str
) -> None:
    """Add a list of requirements, or the requirements file that an expression reads."""
    lines = _value(node, values)
    if isinstance(lines, list | tuple | str):
        for line in lines.splitlines() if isinstance(lines, str) else lines:
            found.add(str(line), group, path)
        return
    named = [name for name in _file_names(node, values) if found.tree.has(found.at(name))]
    for name in named:
        found.read_file(found.at(name), group)
    if not named:
        found.skip(path, f"{f'the list of {group}' if group else 'install_requires'} is computed")


def _file_names(node: ast.expr, values: Mapping[str, ast.expr]) -> Iterator[str]:
    """Yield the names of text files in an expression, and in what its names stand for."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            if one.value.endswith((".txt", ".in")):
                yield one.value
        elif isinstance(one, ast.Name) and one.id in values and values[one.id] is not node:
            rest = {name: value for name, value in values.items() if name != one.id}
            yield from _file_names(values[one.id], rest)


def _setup_call(tree: Tree, path: str) -> tuple[ast.Call | None, dict[str, ast.expr]]:
    """Return the call of `setup`, and what the module's names are assigned once."""
    try:
        module = parse_text(tree.data(path) or b"")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None, {}
    calls = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and last_name(node.func) == "setup"
    ]
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign | ast.AugAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            assigned.setdefault(_root(target), []).append(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _CHANGES:
            assigned.setdefault(_root(node.func), []).append(node)
    once = {name: nodes[0] for name, nodes in assigned.items() if len(nodes) == 1}
    return (calls[0] if len(calls) == 1 else None), once


def _root(node: ast.expr) -> str:
    """Return the name that an attribute, an item or a name begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _value(node: ast.expr | None, values: Mapping[str, ast.expr]) -> Any:
    """Return the value of literals, names that stand for some, and lists that are joined."""
    if isinstance(node, ast.Name) and node.id in values:
        rest = {name: value for name, value in values.items() if name != node.id}
        return _value(values[node.id], rest)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _value(node.left, values), _value(node.right, values)
        both = isinstance(left, list) and isinstance(right, list)
        return left + right if both else None
    if isinstance(node, ast.Dict):
        pairs = [
            (_value(k, values), _value(v, values))
            for k, v in zip(node.keys, node.values, strict=True)
        ]
        whole = all(isinstance(key, str) and value is not None for key, value in pairs)
        return dict(pairs) if whole else None
    if isinstance(node, ast.List | ast.Tuple):
        inner = [
            _value(one.value if isinstance(one, ast.Starred) else one, values) for one in node.elts
        ]
        flat = [p for one in inner for p in (one if isinstance(one, list) else [one])]
        return flat if None not in flat else None
    return node.value if isinstance(node, ast.Constant) else None


@dataclass(frozen=True)
class SetupOptions:
    """What setup.cfg and setup.py say of a project's packages.

    Attributes:
        name: Distribution name, or empty.
        roots: Folders from which packages are imported.
        package_dir: Folder by package.
        modules: Packages by name.
    """

    name: str = ""
    roots: tuple[str, ...] = ()
    package_dir: Mapping[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = ()


def read_setup_options(tree: Tree, folder: str) -> SetupOptions:
    """Read what setup.cfg and setup.py say of a project's packages.

    Args:
        tree: The files of the repository.
        folder: The project's folder, relative to the root; empty for the root.
    """
    parser = read_setup_cfg(tree, f"{folder}/setup.cfg".lstrip("/"))
    call, values = _setup_call(tree, f"{folder}/setup.py".lstrip("/"))
    given = {one.arg: one.value for one in call.keywords} if call else {}
    script = {key: _value(node, values) for key, node in given.items() if key}
    found = given.get("packages")
    where = _value(_argument(found, "where"), values) if isinstance(found, ast.Call) else None
    lines = parser.get("options", "package_dir", fallback="").splitlines() if parser else []
    pairs = [line.partition("=") for line in lines if "=" in line]
    folders = {key.strip(): value.strip() for key, _, value in pairs}
    told = script.get("package_dir")
    folders |= told if isinstance(told, dict) else {}
    roots = [where, folders.get("")]
    roots += [parser.get("options.packages.find", "where", fallback="")] if parser else []
    named = script.get("packages")
    name = script.get("name") or (parser.get("metadata", "name", fallback="") if parser else "")
    return SetupOptions(
        name=name if isinstance(name, str) else "",
        roots=tuple(one for one in roots if isinstance(one, str) and one),
        package_dir=folders,
        modules=tuple(map(str, named)) if isinstance(named, list) else (),
    )


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    """Return an argument of a call: by name, else its first."""
    return keyword(call, name) or (call.args[0] if call.args else None)


def read_scripts(tree: Tree, folder: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the scripts and entry points that a project declares.

    Args:
        tree: The files of the repository.
        folder: The project's folder, relative to the root; empty for the root.

    Yields:
        Group, name, target and file; the groups of commands are `SCRIPTS`.
    """
    yield from _toml_scripts(tree, f"{folder}/pyproject.toml".lstrip("/"))
    path = f"{folder}/setup.cfg".lstrip("/")
    parser = read_setup_cfg(tree, path)
    if parser is not None:
        yield from _scripts_named(parser.get("options", "scripts", fallback="").split(), path)
        yield from _grouped(parser, "options.entry_points", path)
    path = f"{folder}/setup.py".lstrip("/")
    call, values = _setup_call(tree, path) if tree.has(path) else (None, {})
    yield from _scripts_named(_value(keyword(call, "scripts"), values) if call else None, path)
    found = _value(keyword(call, "entry_points"), values) if call else None
    if isinstance(found, str):  # as the text of an INI file
        parser = configparser.RawConfigParser(strict=False)
        with contextlib.suppress(configparser.Error):
            parser.read_string(found)
        found = {
            group: [f"{n} = {to}" for n, to in parser.items(group)] for group in parser.sections()
        }
    for group, lines in found.items() if isinstance(found, dict) else ():
        for line in lines if isinstance(lines, list) else str(lines).splitlines():
            yield from _entry(str(group), str(line), path)


def find_computed_scripts(tree: Tree, folder: str) -> list[str]:
    """Return the files that declare scripts or entry points in ways that are not read.

    Args:
        tree: The files of the repository.
        folder: The project's folder, relative to the root; empty for the root.
    """
    path = f"{folder}/setup.py".lstrip("/")
    call, values = _setup_call(tree, path) if tree.has(path) else (None, {})
    given = {word.arg: word.value for word in call.keywords} if call else {}
    names = [name for name in ("scripts", "entry_points") if name in given]
    is_computed = None in given or any(_value(given[name], values) is None for name in names)
    found = [path] if is_computed or (call is None and tree.has(path)) else []
    path = f"{folder}/pyproject.toml".lstrip("/")
    dynamic = table_in(read_pyproject(tree, path), "project").get("dynamic")
    named = {"scripts", "gui-scripts", "entry-points"} & set(map(str, dynamic or ()))
    return found or ([path] if named and not any(read_scripts(tree, folder)) else [])


def _toml_scripts(tree: Tree, path: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a pyproject.toml declares: PEP 621, Poetry, Flit, setuptools."""
    data = read_pyproject(tree, path)
    tool = table_in(data, "tool")
    groups = [("console_scripts", table_in(data, "project", "scripts"))]
    groups += [("gui_scripts", table_in(data, "project", "gui-scripts"))]
    groups += [*table_in(data, "project", "entry-points").items()]
    groups += [("console_scripts", table_in(tool, "poetry", "scripts"))]
    groups += [("console_scripts", table_in(tool, "flit", "scripts"))]
    groups += [*table_in(tool, "poetry", "plugins").items()]
    for group, table in groups:
        for name, target in table_in(table).items():
            told = target.get("reference", "") if isinstance(target, dict) else target
            yield from _entry(group, f"{name} = {told}", path)
    yield from _scripts_named(table_in(tool, "setuptools").get("script-files"), path)


def _scripts_named(files: object, path: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the scripts that a list of files declares."""
    for one in files if isinstance(files, list) else ():
        yield from _entry("console_scripts", f"{posixpath.basename(str(one))} = {one}", path)


def _grouped(
    parser: configparser.RawConfigParser, section: str, path: str
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the entry points of a section, each group a list of lines."""
    for group, text in parser.items(section) if parser.has_section(section) else ():
        for line in text.splitlines():
            yield from _entry(group, line, path)


def _entry(group: str, line: str, path: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield one `name = target`, if a line is one."""
    name, equals, target = line.partition("=")
    if equals and name.strip() and not name.lstrip().startswith("#"):
        yield literals.label(group), literals.label(name.strip()), target.strip(), path
