"""Annotations and classes as JSON Schema: what can be said without importing anything.

A class becomes a component when an annotation names it, as FastAPI does it.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import alias_generators
from pydantic_core import to_jsonable_python

from footnotary.source.names import UNKNOWN, DefinitionIndex, keyword, last_name
from footnotary.source.parsing import Source
from footnotary.source.settings_config import read_config

_PLAIN: Mapping[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "SecretStr": {"type": "string", "format": "password", "writeOnly": True},
    "EmailStr": {"type": "string", "format": "email"},
    "HttpUrl": {"type": "string", "format": "uri", "minLength": 1, "maxLength": 2083},
    "AnyUrl": {"type": "string", "format": "uri", "minLength": 1},
    "bytes": {"type": "string", "format": "binary"},
    "UploadFile": {"type": "string", "format": "binary"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "Decimal": {"type": "string"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "timedelta": {"type": "string", "format": "duration"},
    "UUID": {"type": "string", "format": "uuid"},
    "UUID4": {"type": "string", "format": "uuid4"},
    "Path": {"type": "string", "format": "path"},
    "dict": {"type": "object", "additionalProperties": True},
    "list": {"type": "array", "items": {}},
    "None": {"type": "null"},
}
_ARRAYS = {"list", "List", "set", "Set", "tuple", "Tuple", "Sequence", "Iterable", "frozenset"}
_UNIQUE = {"set", "Set", "frozenset"}
_MAPS = {"dict", "Dict", "Mapping", "MutableMapping"}
_TRANSPARENT = {"Annotated", "Mapped", "Required", "NotRequired", "Final"}
_BOUNDS = {
    "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum",
    "min_length": "minLength", "max_length": "maxLength", "pattern": "pattern",
    "description": "description", "title": "title", "deprecated": "deprecated",
}  # fmt: skip
_MODELS = {"BaseModel", "SQLModel", "RootModel", "TypedDict"}
_ENUMS = {"Enum", "StrEnum", "IntEnum"}
_REFERENCE = "#/components/schemas/"
_DEPTH = 8


@dataclass(frozen=True)
class ModelProperty:
    """One field of a model: its name in documents, schema, whether it is required."""

    name: str
    schema: dict[str, Any]
    required: bool


@dataclass
class Schemas:
    """Makes schemas, and keeps those of classes.

    Attributes:
        index: What names mean.
        components: Schemas of models and enums by their names in the document.
        renamed: Models whose field names a function makes that is not known.
    """

    index: DefinitionIndex
    components: dict[str, dict[str, Any]] = field(default_factory=dict)
    renamed: set[str] = field(default_factory=set)
    _named: dict[str, str] = field(default_factory=dict)

    def schema_of(self, node: ast.expr | None, source: Source, depth: int = 0) -> dict[str, Any]:
        """Return the schema that an annotation means, `{}` where that is not known."""
        node = self.index.annotation(node)
        if node is None or depth > _DEPTH or isinstance(node, ast.Constant):
            is_none = isinstance(node, ast.Constant) and node.value is None
            return {"type": "null"} if is_none else {}
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union([node.left, node.right], source, depth)
        if isinstance(node, ast.Subscript):
            return self._generic(node, source, depth)
        if (name := self._component(node, source)) is not None:
            return {"$ref": _REFERENCE + name}
        value, origin = self.index.follow_value(node, source)
        if value is not node:
            return self.schema_of(value, origin, depth + 1)
        return dict(_PLAIN.get(last_name(node), {}))

    def model_of(self, node: ast.expr | None, source: Source) -> tuple[ast.ClassDef, Source] | None:
        """Return the model that an annotation means, an optional one too; None for other types."""
        node = self.index.annotation(node)
        if isinstance(node, ast.BinOp):
            sides = (self.model_of(one, source) for one in (node.left, node.right))
            return next(filter(None, sides), None)
        if isinstance(node, ast.Subscript) and last_name(node) in {"Optional", *_TRANSPARENT}:
            inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
            return self.model_of(inner, source)
        found = self.index.define(node, source) if node is not None else None
        if found and isinstance(found[0], ast.ClassDef):
            return (found[0], found[1]) if self._kind(found[0], found[1]) == "model" else None
        value, origin = (
            self.index.follow_value(node, source) if node is not None else (node, source)
        )
        return self.model_of(value, origin) if value is not node else None

    def properties_of(self, node: ast.ClassDef, source: Source) -> Iterator[ModelProperty]:
        """Yield the fields of a model, those of its bases first."""
        rename = self._renaming(node, source)
        for name, (each, origin) in annotated_fields(self.index, node, source).items():
            yield self._property(rename(name), each, origin)

    def _renaming(self, node: ast.ClassDef, source: Source) -> Callable[[str], str]:
        """Return the `alias_generator` of a model; names stay as they are without a known one."""
        given = read_config(node, source, self.index).values.get("alias_generator", "")
        module, _, name = str(given).rpartition(".")
        if module == alias_generators.__name__:
            return getattr(alias_generators, name, str)
        if given not in ("", None):
            self.renamed.add(f"{source.name}.{node.name}")
        return str

    def _property(self, name: str, node: ast.AnnAssign, source: Source) -> ModelProperty:
        schema = self.schema_of(node.annotation, source) | bounds_of(node.value)
        calls = [node.value, *annotated_with(node.annotation)]
        fields = [one for one in calls if isinstance(one, ast.Call) and last_name(one) == "Field"]
        given = [keyword(one, word) for one in fields
                 for word in ("serialization_alias", "validation_alias", "alias")]  # fmt: skip
        told = [self.index.literal(one, source) for one in given if one is not None]
        aliases = [one for one in told if isinstance(one, str)]
        default, required = literal_default(node.value)
        if isinstance(node.value, ast.Name | ast.Attribute):
            known = self.index.literal(node.value, source)
            default = None if known is UNKNOWN else known
        schema = with_default(schema, default)
        return ModelProperty(next(filter(None, aliases), name), schema, required)

    def _component(self, node: ast.expr, source: Source) -> str | None:
        """Return the name of the component that a class is; None for other names."""
        found = self.index.define(node, source)
        if found is None or not isinstance(found[0], ast.ClassDef):
            return None
        made, origin = found[0], found[1]
        kind, full = self._kind(made, origin), f"{origin.name}.{made.name}"
        if not kind:
            return None
        if full not in self._named:
            taken = made.name in self.components
            name = full.replace(".", "__") if taken else made.name
            self._named[full] = name
            self.components[name] = {}  # for a model that holds itself
            is_model = kind == "model"
            made_of = self._model(made, origin) if is_model else self._enum(made, origin)
            self.components[name].update(made_of)
        return self._named[full]

    def _kind(self, node: ast.ClassDef, source: Source) -> str:
        """Return `model` or `enum` of a class; else nothing."""
        roots = {one.rpartition(".")[2] for one in self.index.roots(node, source)}
        if roots & _ENUMS:
            return "enum"
        decorated = any(last_name(one) == "dataclass" for one in node.decorator_list)
        return "model" if (decorated or roots & _MODELS) and "BaseSettings" not in roots else ""

    def _model(self, node: ast.ClassDef, source: Source) -> dict[str, Any]:
        """Return the schema of a model."""
        every = list(self.properties_of(node, source))
        doc = ast.get_docstring(node) or ""
        return {
            "type": "object",
            "title": node.name,
            "properties": {one.name: one.schema for one in every},
            "required": [one.name for one in every if one.required],
            **({"description": doc} if doc else {}),
        }

    def _enum(self, node: ast.ClassDef, source: Source) -> dict[str, Any]:
        """Return the schema of an enum; members that are computed are left out."""
        given = [self.index.literal(one.value, source) for one in node.body
                 if isinstance(one, ast.Assign)]  # fmt: skip
        values = [one for one in given if isinstance(one, str | int | float)]
        doc = ast.get_docstring(node) or ""
        kinds = {"string" if isinstance(one, str) else "integer" for one in values
                 if not isinstance(one, float)}  # fmt: skip
        return {
            "enum": values,
            "title": node.name,
            **({"type": kinds.pop()} if len(kinds) == 1 else {}),
            **({"description": doc} if doc else {}),
        }

    def _generic(self, node: ast.Subscript, source: Source, depth: int) -> dict[str, Any]:
        """Return the schema of `list[X]`, `X | None` in its older spellings, and `Annotated`."""
        name = last_name(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name in _TRANSPARENT and inner:
            found = self.schema_of(inner[0], source, depth + 1)
            for extra in inner[1:]:
                found = found | bounds_of(extra)
            return found
        if name in {"Optional", "Union"}:
            none: list[ast.expr] = [ast.Constant(value=None)] if name == "Optional" else []
            return self._union([*inner, *none], source, depth)
        if name == "Literal":
            return _choices([self.index.literal(one, source) for one in inner])
        if name in _ARRAYS:
            return self._array(name, inner, source, depth)
        if name in _MAPS:
            values_of = self.schema_of(inner[1], source, depth + 1) if len(inner) > 1 else {}
            return {"type": "object", "additionalProperties": values_of or True}
        component = self._component(node.value, source)
        return {"$ref": _REFERENCE + component} if component else {}

    def _array(
        self, name: str, inner: list[ast.expr], source: Source, depth: int
    ) -> dict[str, Any]:
        """Return the schema of a list, a set, or a tuple, whose members may each have a type."""
        members = [self.schema_of(one, source, depth + 1) for one in inner]
        if name in {"tuple", "Tuple"} and ast.unparse(inner[-1]) != "...":
            many = len(members)
            return {"type": "array", "prefixItems": members, "minItems": many, "maxItems": many}
        found = {"type": "array", "items": members[0]}
        return found | ({"uniqueItems": True} if name in _UNIQUE else {})

    def _union(self, parts: list[ast.expr], source: Source, depth: int) -> dict[str, Any]:
        """Return the schema of alternatives."""
        found: list[dict[str, Any]] = []
        for part in parts:
            one = self.schema_of(part, source, depth + 1)
            found += one["anyOf"] if one.keys() == {"anyOf"} else [one]
        return {"anyOf": found}


def _choices(values: list[object]) -> dict[str, Any]:
    """Return the schema of a `Literal`; of one with a computed value nothing is known."""
    if UNKNOWN in values:
        return {}
    kinds = {type(one) for one in values}
    name = {str: "string", int: "integer", bool: "boolean"}.get(kinds.pop(), "")
    typed = {"type": name} if name and not kinds else {}
    return typed | ({"const": values[0]} if len(values) == 1 else {"enum": values})


def annotated_fields(
    index: DefinitionIndex, node: ast.ClassDef, source: Source
) -> dict[str, tuple[ast.AnnAssign, Source]]:
    """Return the public fields of a class by name, those of its bases first; no ClassVar."""
    found: dict[str, tuple[ast.AnnAssign, Source]] = {}
    for one, origin in reversed(index.lineage(node, source)):
        for each in one.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                name = each.target.id
                is_class_variable = last_name(index.annotation(each.annotation)) == "ClassVar"
                if name[0] != "_" and name != "model_config" and not is_class_variable:
                    found[name] = (each, origin)
    return found


def annotated_with(node: ast.expr | None) -> list[ast.expr]:
    """Return what `Annotated[X, …]` says besides the type."""
    if isinstance(node, ast.Subscript) and last_name(node.value) == "Annotated":
        return node.slice.elts[1:] if isinstance(node.slice, ast.Tuple) else []
    return []


def bounds_of(call: ast.expr | None) -> dict[str, Any]:
    """Return what `Field(…)`, `Query(…)` and their like say with literals."""
    if not isinstance(call, ast.Call):
        return {}
    found = {}
    for word in call.keywords:
        value = _literal(word.value)
        if word.arg in _BOUNDS and value is not UNKNOWN:
            found[_BOUNDS[word.arg]] = value
    return found


def _literal(node: ast.expr) -> Any:
    """Return the value of a literal as JSON has it; `UNKNOWN` for others."""
    try:
        found = ast.literal_eval(node)
        return list(found) if isinstance(found, tuple | set) else found
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN


def with_default(schema: dict[str, Any], plain: object) -> dict[str, Any]:
    """Return a schema with a default as pydantic writes it: bytes as text, none that JSON lacks."""
    try:
        return schema if plain is None else {**schema, "default": to_jsonable_python(plain)}
    except ValueError:  # bytes that are not UTF-8, complex numbers
        return schema


def literal_default(value: ast.expr | None) -> tuple[Any, bool]:
    """Return a literal default, and whether there is no default at all.

    Args:
        value: What is behind `=`, a call such as `Field(…)` or `Query(…)` too.
    """
    if isinstance(value, ast.Call):
        if last_name(value) not in {"Field", "field"}:
            return None, False
        if keyword(value, "default_factory") is not None:
            return None, False
        value = value.args[0] if value.args else keyword(value, "default")
    if value is None or (isinstance(value, ast.Constant) and value.value is ...):
        return None, True
    found = _literal(value)
    return (None if found is UNKNOWN else found), False
