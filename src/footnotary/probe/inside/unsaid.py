"""What classes of Pydantic hold, or routes leave out of them, that no JSON Schema says."""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

_DEPTH = 5
_DIGITS = ("max_digits", "decimal_places")
_PLAIN = (str, int, float, bool)
_BOUNDS = ("gt", "ge", "lt", "le")
_KINDS = {
    "PastDate": "in the past", "FutureDate": "in the future",
    "PastDatetime": "in the past", "FutureDatetime": "in the future",
    "AwareDatetime": "with a time zone", "NaiveDatetime": "without a time zone",
}  # fmt: skip
_UNTYPED = "is written by a serializer without a return type, so answers may hold another type"
_MASKED = "is sent masked, as **********"


def name_unsaid(model: Any, schema: Any, *, written: bool) -> dict[str, str]:
    """Return what a model does with its fields and its schema does not say, by the field's key.

    Args:
        model: The class.
        schema: What the document has for it.
        written: Whether answers may hold it: then what serializers change counts too. What the
            serializer of the whole model changes has the key `""`.
    """
    told: Any = schema.get("properties") if isinstance(schema, dict) else None
    fields = getattr(model, "model_fields", None)
    found: dict[str, str] = {}
    if not isinstance(told, dict) or not isinstance(fields, dict):
        return found
    serializers: dict[str, bool] = {}
    try:
        serializers = _read_serializers(model) if written else {}
    except Exception:  # noqa: BLE001  decorators of a project may be anything
        found[""] = "has serializers that could not be read"
    if serializers.get("") is False:
        found[""] = _UNTYPED
    for name, field in fields.items():
        aliases = (field.validation_alias, field.serialization_alias, field.alias, name)
        for key in [one for one in aliases if isinstance(one, str) and one in told][:1]:
            try:
                words = describe_unsaid(field, told[key])
                if written and "" not in serializers:
                    typed = serializers.get(name, serializers.get("*"))
                    words = ", ".join(filter(None, (words, _describe_written(field, typed=typed))))
            except Exception:  # noqa: BLE001  annotations of a project may do anything
                words = "its limits could not be read"
            found |= {key: words} if words else {}
    return found


def describe_unsaid(field: Any, schema: Any) -> str:
    """Return the limits of a field that its schema does not have, as words.

    Args:
        field: The library's own record of the field or the parameter.
        schema: What the document has for it.
    """
    said, found = repr(schema), []
    for one in annotations_within(
        getattr(field, "annotation", None), getattr(field, "metadata", ())
    ):
        if isinstance(one, type) and one.__module__ == "pydantic.types":
            found.append(_KINDS.get(one.__name__, ""))
        for key in _DIGITS:
            value = getattr(one, key, None)
            if isinstance(value, int) and "'pattern'" not in said:
                found.append(f"{key}={value}")
        for key in _BOUNDS:
            value = getattr(one, key, None)
            if type(value).__module__ == "datetime" and "inimum'" not in said:
                found.append(f"{key}={value}")
    return ", ".join(dict.fromkeys(filter(None, found)))


def name_answered(document: Any) -> set[str]:
    """Return the schemas of an OpenAPI document that its answers hold, however deep.

    Args:
        document: The document, in which answers refer to `#/components/schemas/NAME`.
    """
    paths, schemas = document.get("paths"), document["components"]["schemas"]
    items = [
        one for one in (paths.values() if isinstance(paths, dict) else ()) if isinstance(one, dict)
    ]
    operations = [one for item in items for one in item.values() if isinstance(one, dict)]
    left, found = [one.get("responses") for one in operations], set[str]()
    while left:
        value = left.pop()
        if isinstance(value, list):
            left += value
        elif isinstance(value, dict):
            left += value.values()
            name = str(value.get("$ref")).rpartition("#/components/schemas/")[2]
            if name in schemas and name not in found:
                found.add(name)
                left.append(schemas[name])
    return found


def _read_serializers(model: Any) -> dict[str, bool]:
    """Return whether a return type is stated of each serializer, by field, `*` or `""` (model)."""
    kept: Any = getattr(model, "__pydantic_decorators__", None)
    found = {}
    for one in getattr(kept, "model_serializers", {}).values():
        found[""] = _has_return_type(one.func, one.info)
    for one in getattr(kept, "field_serializers", {}).values():
        found |= dict.fromkeys(one.info.fields, _has_return_type(one.func, one.info))
    return found


def _describe_written(field: Any, *, typed: bool | None) -> str:
    """Return what an answer holds of a field that its schema does not say.

    Args:
        field: The library's own record of the field.
        typed: Whether its serializer in the class states a return type; None without one.
    """
    if typed is not None:
        return "" if typed else _UNTYPED
    inside = [*annotations_within(field.annotation, field.metadata)]
    given = [one for one in inside if type(one).__name__ in {"PlainSerializer", "WrapSerializer"}]
    if given:
        return "" if all(_has_return_type(one.func, one) for one in given) else _UNTYPED
    secret = any(
        base.__name__ == "_SecretBase" and base.__module__ == "pydantic.types"
        for one in inside
        if isinstance(one, type)
        for base in one.__mro__
    )
    return _MASKED if secret else ""


def _has_return_type(function: Any, info: Any) -> bool:
    """Whether a serializer says what it returns: by a keyword, an annotation or as a class."""
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    if repr(info.return_type) != "PydanticUndefined":
        return True
    own = getattr(function, "__annotations__", None)
    called = getattr(type(function).__call__, "__annotations__", None) or {}
    return isinstance(function, type) or "return" in (own or called)


def annotations_within(annotation: Any, metadata: Any, depth: int = 0) -> Iterator[Any]:
    """Yield what an annotation and those inside it are annotated with, and the classes named."""
    yield from metadata
    annotation = getattr(annotation, "__value__", annotation)  # of a `type` statement
    if typing.get_origin(annotation) is typing.Annotated:
        for one in annotation.__metadata__:
            yield one
            yield from getattr(one, "metadata", ())  # of a `Field()` inside
    if isinstance(annotation, type):
        yield annotation
    for one in typing.get_args(annotation) if depth < _DEPTH else ():
        yield from annotations_within(one, (), depth + 1)


def name_chosen(chosen: Any, above: str = "") -> Iterator[str]:
    """Yield the fields that `include` or `exclude` choose: `profile.name` of one inside another."""
    for name in chosen:
        inner = chosen[name] if isinstance(chosen, Mapping) else None
        path = above if name == "__all__" else f"{above}.{name}".strip(".")
        if isinstance(inner, (Mapping, AbstractSet)):
            yield from name_chosen(inner, path)
        elif path:
            yield path


def may_miss(models: list[Any], word: str) -> bool:
    """Whether a model may have a field that is left out as unset, as its default or as None."""
    fields = [one for model in models for one in model.model_fields.values()]
    kinds = [*_PLAIN, *models]
    if any(one.annotation not in kinds for one in fields):
        return True
    computed = any(getattr(model, "model_computed_fields", None) for model in models)
    return computed or (word != "none" and not all(one.is_required() for one in fields))
