"""Where the code reads environment variables: pydantic-settings, os, starlette, click.

By syntax tree, with the names followed to the modules they were imported from; nothing is
imported or run. Places that compute the variable's name are kept apart.
"""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from footnotary.facts.basis import Place
from footnotary.facts.deploy import Reading
from footnotary.readers import literals
from footnotary.readers.settings_classes import settings_readings
from footnotary.source.names import full_name, imported_names
from footnotary.source.tree import Tree

# Objects whose call reads a variable: full name of the class, how the document calls it.
_READERS = {
    "starlette.config.Config": "starlette Config",
    "decouple.Config": "python-decouple",
    "decouple.AutoConfig": "python-decouple",
    "environs.Env": "environs",
    "environ.Env": "django-environ",
}
_READER_FUNCTIONS = {"decouple.config": "python-decouple"}
_HINTS = ("environ", "getenv", "envvar", "BaseSettings", "decouple", "starlette.config")


@dataclass
class Found:
    """What was found in a project.

    Attributes:
        readings: Places that read a variable by its name.
        dynamic: Places that read one whose name is computed.
        unparsed: Files with syntax that this Python cannot read.
    """

    readings: list[Reading] = field(default_factory=list)
    dynamic: list[Place] = field(default_factory=list)
    unparsed: list[str] = field(default_factory=list)


def read(tree: Tree) -> Found:
    """Find every reading in the project's Python files, tests left out.

    Args:
        tree: The project's files.

    Returns:
        What was found, by file and line.
    """
    found = Found()
    parsed: dict[str, ast.Module] = {}
    for path in tree.files:
        if not path.endswith(".py") or _is_test(path):
            continue
        text = tree.text(path)
        if text is None or not any(hint in text for hint in _HINTS):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                parsed[path] = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            found.unparsed.append(path)
    for path, module in parsed.items():
        _Visitor(path, module, found).visit(module)
    found.readings += settings_readings(parsed)
    found.readings.sort(key=lambda one: (one.place.path, one.place.line, one.name))
    return found


def _is_test(path: str) -> bool:
    """Tell whether a file belongs to the tests, which set variables of their own."""
    parts = path.split("/")
    return bool({"tests", "test"} & set(parts[:-1])) or parts[-1].startswith(("test_", "conftest"))


class _Visitor(ast.NodeVisitor):
    """Walks one module."""

    def __init__(self, path: str, module: ast.Module, found: Found) -> None:
        self.path = path
        self.found = found
        self.names = imported_names(module)
        self.readers = dict(self._reader_objects(module))

    def _reader_objects(self, module: ast.Module) -> Iterator[tuple[str, str]]:
        """Yield names bound to an object whose call reads a variable."""
        for node in ast.walk(module):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                how = _READERS.get(full_name(node.value.func, self.names))
                for target in node.targets:
                    if how and isinstance(target, ast.Name):
                        yield target.id, how

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """`os.environ["NAME"]`, where it is read."""
        if full_name(node.value, self.names) == "os.environ" and isinstance(node.ctx, ast.Load):
            self._add("os.environ", node, node.slice, None, required=True)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """`"NAME" in os.environ`."""
        if (
            isinstance(node.ops[0], ast.In | ast.NotIn)
            and full_name(node.comparators[0], self.names) == "os.environ"
        ):
            self._add("os.environ", node, node.left, None, required=False)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Calls that read a variable, and options that take one."""
        name = full_name(node.func, self.names)
        if name in {"os.getenv", "os.environ.get", "os.environ.pop"} and node.args:
            self._call("os.environ" if "environ" in name else "os.getenv", node, position=1)
        elif name in _READER_FUNCTIONS and node.args:
            self._call(_READER_FUNCTIONS[name], node, strict=True)
        elif (how := self.readers.get(name.partition(".")[0])) and node.args:
            self._call(how, node, strict=True)
        for keyword in node.keywords:
            if keyword.arg == "envvar":
                self._options(node, keyword.value)
        self.generic_visit(node)

    def _call(self, how: str, node: ast.Call, *, position: int = 0, strict: bool = False) -> None:
        """Take in a call; `strict` readers stop where there is no default."""
        default = next((k.value for k in node.keywords if k.arg == "default"), None)
        if default is None and position and len(node.args) > position:
            default = node.args[position]
        cast = next((k.value for k in node.keywords if k.arg in {"cast", "type"}), None)
        required = strict and default is None
        self._add(how, node, node.args[0], default, required=required, cast=cast)

    def _options(self, node: ast.Call, value: ast.expr) -> None:
        """Take in `envvar=` of a click or Typer option."""
        for one in value.elts if isinstance(value, ast.List | ast.Tuple) else [value]:
            self._add("command option", node, one, None, required=False)

    def _add(  # noqa: PLR0913  the parts of a reading
        self,
        how: str,
        node: ast.expr,
        name: ast.expr,
        default: ast.expr | None,
        *,
        required: bool,
        cast: ast.expr | None = None,
    ) -> None:
        """Keep a reading, or the place of one whose name is computed."""
        place = Place(path=self.path, line=node.lineno)
        if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
            self.found.dynamic.append(place)
            return
        given, shown = default_of(default, name.value)
        kind = full_name(cast, self.names).rpartition(".")[2] if cast is not None else ""
        self.found.readings.append(
            Reading(
                name=literals.identifier(name.value),
                how=how,
                place=place,
                type=kind,
                required=required,
                has_default=given,
                shown_default=shown,
                secret_type=kind in {"Secret", "SecretStr"},
            )
        )


def default_of(node: ast.expr | None, name: str) -> tuple[bool, str]:
    """Return whether a default is a value of its own, and what may be shown of it."""
    if node is None or (isinstance(node, ast.Constant) and node.value in (None, "", ...)):
        return False, ""
    if not isinstance(node, ast.Constant):
        return not isinstance(node, ast.Name), ""
    return True, literals.shown(str(node.value), name=name)
