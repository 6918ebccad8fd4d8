"""Annotations in source code as JSON Schema: what can be said without importing anything."""

import ast
from collections.abc import Iterable, Mapping
from typing import Any

_PLAIN: Mapping[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "SecretStr": {"type": "string", "format": "password"},
    "EmailStr": {"type": "string", "format": "email"},
    "HttpUrl": {"type": "string", "format": "uri"},
    "AnyUrl": {"type": "string", "format": "uri"},
    "bytes": {"type": "string", "format": "binary"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "Decimal": {"type": "string"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "timedelta": {"type": "string", "format": "duration"},
    "UUID": {"type": "string", "format": "uuid"},
    "UUID4": {"type": "string", "format": "uuid"},
    "Path": {"type": "string"},
    "dict": {"type": "object"},
    "list": {"type": "array"},
    "None": {"type": "null"},
}
_ARRAYS = {"list", "List", "set", "Set", "tuple", "Tuple", "Sequence", "Iterable", "frozenset"}
_MAPS = {"dict", "Dict", "Mapping", "MutableMapping"}
_BOUNDS = {
    "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum",
    "min_length": "minLength", "max_length": "maxLength", "pattern": "pattern",
    "description": "description", "title": "title", "deprecated": "deprecated",
}  # fmt: skip
DEPTH = 8


def schema_of(node: ast.expr | None, models: Iterable[str], depth: int = 0) -> dict[str, Any]:
    """Return the schema that an annotation means, `{}` where that is not known.

    Args:
        node: The annotation.
        models: Names of the project's models and enums, which become references.
        depth: How deep it stands.
    """
    node = _parsed(node)
    if node is None or depth > DEPTH:
        return {}
    if isinstance(node, ast.Constant):
        return {"type": "null"} if node.value is None else {}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([node.left, node.right], models, depth)
    if isinstance(node, ast.Subscript):
        return _generic(node, models, depth)
    name = last_name(node)
    if name in models:
        return {"$ref": f"#/components/schemas/{name}"}
    return dict(_PLAIN.get(name, {}))


def _parsed(node: ast.expr | None) -> ast.expr | None:
    """Return what an annotation in quotes says; anything else unchanged."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return node
    try:
        return ast.parse(node.value, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def bounds_of(call: ast.expr | None) -> dict[str, Any]:
    """Return what `Field(…)`, `Query(…)` and their like say with literals.

    Args:
        call: The call; anything else says nothing.
    """
    if not isinstance(call, ast.Call):
        return {}
    found = {}
    for word in call.keywords:
        if word.arg in _BOUNDS and isinstance(word.value, ast.Constant):
            found[_BOUNDS[word.arg]] = word.value.value
    return found


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name; nothing for other expressions."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _generic(node: ast.Subscript, models: Iterable[str], depth: int) -> dict[str, Any]:
    """Return the schema of `list[X]`, `X | None` in its older spellings, and `Annotated`."""
    name = last_name(node.value)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name in ("Annotated", "Mapped", "Required", "NotRequired") and inner:
        found = schema_of(inner[0], models, depth + 1)
        for extra in inner[1:]:
            found |= bounds_of(extra)
        return found
    if name in ("Optional", "Union"):
        none: list[ast.expr] = [ast.Constant(value=None)] if name == "Optional" else []
        return _union([*inner, *none], models, depth)
    if name == "Literal":
        return {"enum": [one.value for one in inner if isinstance(one, ast.Constant)]}
    found = {}
    if name in _ARRAYS:
        found = {"type": "array", "items": schema_of(inner[0], models, depth + 1)}
    elif name in _MAPS:
        values = schema_of(inner[1], models, depth + 1) if len(inner) > 1 else {}
        found = {"type": "object", "additionalProperties": values or True}
    return found


def _union(parts: list[ast.expr], models: Iterable[str], depth: int) -> dict[str, Any]:
    """Return the schema of alternatives."""
    found = [schema_of(part, models, depth + 1) for part in parts]
    return {"anyOf": found}
