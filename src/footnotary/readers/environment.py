"""Where the code reads environment variables: pydantic-settings, os, starlette, click.

By syntax tree, with the names followed to the modules they were imported from; nothing is
imported or run. Places that compute the variable's name are kept apart. What the probe learned of
settings classes from the library itself is before what their source says.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from footnotary.facts.basis import Place
from footnotary.facts.deploy import VariableReading
from footnotary.readers import literals
from footnotary.source.names import UNKNOWN, DefinitionIndex, full_name, last_name
from footnotary.source.parsing import Modules, ParseElsewhere, Source, parse_expression
from footnotary.source.settings import (
    ImportedSettings,
    is_test,
    read_settings,
    read_texts,
)
from footnotary.source.settings_fields import FoundSettings, SettingsField
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
_HINTS = ("environ", "getenv", "envvar", "decouple", "starlette.config")
_SECRETS = {"SecretStr", "SecretBytes", "Secret"}


@dataclass
class FoundEnvironment:
    """What was found in a project.

    Attributes:
        readings: Places that read a variable by its name.
        dynamic: Places that read one whose name is computed.
        unparsed: Files with syntax that this Python cannot read.
    """

    readings: list[VariableReading] = field(default_factory=list)
    dynamic: list[Place] = field(default_factory=list)
    unparsed: list[str] = field(default_factory=list)


def read_environment(
    tree: Tree,
    imported: ImportedSettings | None = None,
    elsewhere: ParseElsewhere | None = None,
) -> FoundEnvironment:
    """Find every reading in the project's Python files, tests left out.

    Args:
        tree: The project's files.
        imported: What the probe was told of settings classes; None where it was not asked.
        elsewhere: Parses what our own grammar cannot.

    Returns:
        What was found, by file and line.
    """
    found = FoundEnvironment()
    modules = Modules(tree, elsewhere)
    index = DefinitionIndex(modules)
    texts = read_texts(tree)
    hinted = [path for path, text in texts.items() if any(hint in text for hint in _HINTS)]
    for source in modules.parse_all(hinted):
        _Visitor(source, index, found).visit(source.tree)
    settings = read_settings(modules, texts, index)
    for one in _best_known(settings, imported or ImportedSettings()):
        found.readings.append(_reading(one))
    if imported is None or settings.classes - imported.classes:
        found.dynamic += settings.computed
    found.unparsed = sorted(modules.unparsed)
    found.dynamic.sort(key=str)
    found.readings.sort(key=lambda one: (one.place.path, one.place.line, one.name))
    return found


def _best_known(settings: FoundSettings, imported: ImportedSettings) -> Iterator[SettingsField]:
    """Yield each variable of a settings class once: as the library told it, else as written."""
    told = (one for one in imported.fields if one.owner not in settings.unused)
    written = (one for one in settings.fields if one.owner not in imported.classes)
    seen = set[tuple[str, Place]]()
    for one in (*told, *written):
        if not is_test(one.place.path) and (one.name, one.place) not in seen:
            seen.add((one.name, one.place))
            yield one


def _reading(one: SettingsField) -> VariableReading:
    """Describe a variable of a settings class; of its default what may be shown."""
    declared = parse_expression(one.annotation) if one.annotation else None
    kind = annotation(declared) if declared is not None else ""
    return VariableReading(
        name=literals.identifier(one.name),
        how="pydantic-settings",
        place=one.place,
        type=kind,
        required=one.required,
        has_default=one.has_default,
        shown_default=literals.display_value(one.default, name=one.name) if one.has_default else "",
        validated=one.validated,
        secret_type=any(secret in kind for secret in _SECRETS),
        others=tuple(map(literals.identifier, one.others)),
        any_case=one.any_case,
        begins=one.begins,
        files=one.files,
        scope=one.scope,
    )


class _Visitor(ast.NodeVisitor):
    """Walks one module."""

    def __init__(self, source: Source, index: DefinitionIndex, found: FoundEnvironment) -> None:
        self.source = source
        self.index = index
        self.found = found
        self.names: Mapping[str, str] = index.imports(source)
        self.readers = dict(self._reader_objects())

    def _reader_objects(self) -> Iterator[tuple[str, str]]:
        """Yield names bound to an object whose call reads a variable."""
        for node in ast.walk(self.source.tree):
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
        place = self.source.place(node)
        known = self.index.literal(name, self.source)
        if known is UNKNOWN or not isinstance(known, str):
            self.found.dynamic.append(place)
            return
        given, shown = read_default(default, known)
        kind = full_name(cast, self.names).rpartition(".")[2] if cast is not None else ""
        self.found.readings.append(
            VariableReading(
                name=literals.identifier(known),
                how=how,
                place=place,
                type=kind,
                required=required,
                has_default=given,
                shown_default=shown,
                secret_type=kind in {"Secret", "SecretStr"},
            )
        )


def read_default(node: ast.expr | None, name: str) -> tuple[bool, str]:
    """Return whether a default is a value of its own, and what may be shown of it."""
    if node is None or (isinstance(node, ast.Constant) and node.value in (None, "", ...)):
        return False, ""
    if not isinstance(node, ast.Constant):
        return not isinstance(node, ast.Name), ""
    return True, literals.display_value(str(node.value), name=name)


def annotation(node: ast.expr) -> str:
    """Write a type without what could hold a value.

    Args:
        node: The annotation.

    Returns:
        Of `Annotated` the type alone; of literals only those that may be shown.
    """
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if last_name(node.value) == "Annotated":
            return annotation(parts[0])
        return f"{last_name(node.value)}[{', '.join(annotation(part) for part in parts)}]"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return f"{annotation(node.left)} | {annotation(node.right)}"
    if isinstance(node, ast.List):
        return f"[{', '.join(annotation(part) for part in node.elts)}]"
    if isinstance(node, ast.Constant):
        return "None" if node.value is None else literals.display_value(str(node.value)) or "…"
    return last_name(node) or "…"
