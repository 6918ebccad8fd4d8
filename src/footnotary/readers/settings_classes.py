"""Fields of pydantic-settings classes as environment variables.

Names follow pydantic-settings: the alias where there is one, else the prefix and the
field's name; upper case by convention, unless the class is case-sensitive.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from footnotary.facts.basis import Place
from footnotary.facts.deploy import Reading
from footnotary.readers import literals
from footnotary.source.names import last_name

_ROOTS = {"BaseSettings"}
_SECRETS = {"SecretStr", "SecretBytes", "Secret"}
_CHECKS = {"gt", "ge", "lt", "le", "pattern", "regex", "min_length", "max_length", "multiple_of"}


@dataclass(frozen=True)
class _Config:
    """What `model_config` or `class Config` says about names."""

    prefix: str = ""
    case_sensitive: bool = False


def settings_readings(parsed: Mapping[str, ast.Module]) -> list[Reading]:
    """Return every field of every settings class of a project.

    Args:
        parsed: Modules by path.

    Returns:
        One reading for each name a field can be set by; inherited fields count where
        they are written.
    """
    classes = [
        (path, node)
        for path, module in parsed.items()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    ]
    known = set(_ROOTS)
    while True:  # classes of classes, whatever the order of the files
        more = {node.name for _, node in classes if known & _bases(node)} - known
        if not more:
            break
        known |= more
    return [
        reading
        for path, node in classes
        if node.name in known - _ROOTS
        for reading in _fields(path, node)
    ]


def _bases(node: ast.ClassDef) -> set[str]:
    """Return the last names of a class's bases."""
    return {last_name(base) for base in node.bases}


def _config(node: ast.ClassDef) -> _Config:
    """Read `model_config = SettingsConfigDict(…)`, or a v1 `class Config`."""
    values: dict[str, object] = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(
            statement.value, ast.Call
        ):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Name) and target.id == "model_config":
                values |= {k.arg: _constant(k.value) for k in statement.value.keywords if k.arg}
        elif isinstance(statement, ast.ClassDef) and statement.name == "Config":
            values |= {
                target.id: _constant(inner.value)
                for inner in statement.body
                if isinstance(inner, ast.Assign)
                for target in inner.targets
                if isinstance(target, ast.Name)
            }
    return _Config(str(values.get("env_prefix") or ""), values.get("case_sensitive") is True)


def _constant(node: ast.expr) -> object:
    """Return a literal's value, or None."""
    return node.value if isinstance(node, ast.Constant) else None


def _fields(path: str, node: ast.ClassDef) -> list[Reading]:
    """Return the readings of one settings class."""
    config = _config(node)
    validated = _validated(node)
    found: list[Reading] = []
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        name = statement.target.id
        if (
            name.startswith("_")
            or name == "model_config"
            or last_name(statement.annotation) == "ClassVar"
        ):
            continue
        found.extend(
            _reading(path, variable, name, statement, validated)
            for variable in _variables(name, statement, config)
        )
    return found


def _calls(statement: ast.AnnAssign) -> list[ast.Call]:
    """Return the `Field(…)` calls of a field: its value, and inside `Annotated`."""
    nodes = [statement.annotation, *([statement.value] if statement.value else [])]
    return [
        inner
        for node in nodes
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and last_name(inner.func) == "Field"
    ]


def _variables(name: str, statement: ast.AnnAssign, config: _Config) -> list[str]:
    """Return the names that set a field."""
    for call in _calls(statement):
        for keyword in call.keywords:
            if keyword.arg in {"validation_alias", "alias", "env"}:
                aliases = [
                    inner.value
                    for inner in ast.walk(keyword.value)
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
                ]
                if aliases:
                    return aliases
    full = config.prefix + name
    return [full if config.case_sensitive else full.upper()]


def _reading(
    path: str, variable: str, name: str, statement: ast.AnnAssign, validated: set[str]
) -> Reading:
    """Describe one field under one of its names."""
    calls = _calls(statement)
    default, required = _default(statement, calls)
    given = default is not None and not (
        isinstance(default, ast.Constant) and default.value in (None, "", ...)
    )
    shown = ""
    if given and isinstance(default, ast.Constant):
        shown = literals.shown(str(default.value), name=variable)
    kind = annotation(statement.annotation)
    return Reading(
        name=literals.identifier(variable),
        how="pydantic-settings",
        place=Place(path=path, line=statement.lineno),
        type=kind,
        required=required,
        has_default=given,
        shown_default=shown,
        validated=name in validated
        or "*" in validated
        or any(k.arg in _CHECKS for call in calls for k in call.keywords),
        secret_type=any(secret in kind for secret in _SECRETS),
    )


def _default(statement: ast.AnnAssign, calls: list[ast.Call]) -> tuple[ast.expr | None, bool]:
    """Return a field's default and whether it has none."""
    for call in calls:
        for keyword in call.keywords:
            if keyword.arg in {"default", "default_factory"}:
                return keyword.value, False
        if call.args and statement.value is call:
            ellipsis = _constant(call.args[0]) is ...
            return (None, True) if ellipsis else (call.args[0], False)
    if statement.value is None or statement.value in calls:
        return None, True
    if isinstance(statement.value, ast.Constant) and statement.value.value is ...:
        return None, True
    return statement.value, False


def _validated(node: ast.ClassDef) -> set[str]:
    """Return the fields that a validator of the class names."""
    return {
        argument.value
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        for decorator in method.decorator_list
        if isinstance(decorator, ast.Call)
        and last_name(decorator) in {"field_validator", "validator"}
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


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
        return "None" if node.value is None else literals.shown(str(node.value)) or "…"
    return last_name(node) or "…"
