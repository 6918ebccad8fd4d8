"""pydantic models and enums as JSON Schema, read from their source."""

import ast
from typing import Any

from footnotary.probe.static_source import Source, classes, keyword
from footnotary.probe.static_types import bounds_of, last_name, schema_of

_MODELS = {"BaseModel", "SQLModel", "RootModel"}
_ENUMS = {"Enum", "StrEnum", "IntEnum"}
_NOT_MODELS = {"BaseSettings"}


def models_of(modules: tuple[Source, ...]) -> dict[str, Any]:
    """Return the schemas of a project's models and enums, by class name.

    Args:
        modules: The project's modules.
    """
    found = {node.name: node for _, node in classes(modules)}
    models = {name for name, node in found.items() if _is_a(node, _MODELS, found)}
    enums = {name for name, node in found.items() if _is_a(node, _ENUMS, found)}
    known = models | enums
    built = {name: _model(found[name], found, known) for name in sorted(models)}
    return built | {name: _enum(found[name]) for name in sorted(enums)}


def _is_a(node: ast.ClassDef, wanted: set[str], found: dict[str, ast.ClassDef]) -> bool:
    """Whether a class comes from one of these bases, by names alone."""
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        for base in waiting.pop().bases:
            plain = base.value if isinstance(base, ast.Subscript) else base
            name = last_name(plain)
            if name in wanted:
                return True
            if name in found and name not in seen and name not in _NOT_MODELS:
                seen.add(name)
                waiting.append(found[name])
    return False


def _model(node: ast.ClassDef, found: dict[str, ast.ClassDef], known: set[str]) -> dict[str, Any]:
    """Return the schema of a model, with the fields of its bases."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for one in _lineage(node, found):
        for field in one.body:
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                name = field.target.id
                if name.startswith("_") or name == "model_config":
                    continue
                properties[name] = schema_of(field.annotation, known) | bounds_of(field.value)
                if _is_required(field.value):
                    required.append(name)
    doc = ast.get_docstring(node) or ""
    return {
        "type": "object",
        "properties": properties,
        "required": list(dict.fromkeys(required)),
        **({"description": doc} if doc else {}),
    }


def _lineage(node: ast.ClassDef, found: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """Return a class after its bases in the project."""
    ordered: list[ast.ClassDef] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one not in ordered:
            ordered.insert(0, one)
            waiting += [found[last_name(base)] for base in one.bases if last_name(base) in found]
    return ordered


def _is_required(value: ast.expr | None) -> bool:
    """Whether a field has no default."""
    if value is None:
        return True
    if not isinstance(value, ast.Call) or last_name(value.func) != "Field":
        return False
    given = value.args[0] if value.args else keyword(value, "default")
    if keyword(value, "default_factory") is not None:
        return False
    return given is None or (isinstance(given, ast.Constant) and given.value is Ellipsis)


def _enum(node: ast.ClassDef) -> dict[str, Any]:
    """Return the schema of an enum; members that are computed are left out."""
    values = [
        one.value.value
        for one in node.body
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)
    ]
    doc = ast.get_docstring(node) or ""
    return {"enum": values, **({"description": doc} if doc else {})}
