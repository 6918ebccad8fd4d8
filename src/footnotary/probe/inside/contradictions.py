"""What frameworks do of their own, and where an application differs from its OpenAPI document."""

from __future__ import annotations

import contextlib
import enum
import importlib
import os
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from . import sources, unsaid

_MODES = ("-Input", "-Output")


def set_up_django(settings: str) -> None:
    """Load a Django project, where there is one.

    Args:
        settings: Dotted name of its settings module; nothing is done where it is empty.
    """
    if not settings:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    importlib.import_module("django").setup()


def document_of(found: Any) -> dict[str, Any] | None:
    """Return the OpenAPI document of an application; None where it is of no such framework."""
    for base in type(found).__mro__:
        tell = _TELLING.get((base.__module__.partition(".")[0], base.__name__))
        if tell is not None:
            document = tell(found)
            return None if document is None else dict(document)
    return None


def _of_flask(found: Any) -> Any:
    """Return what Flask-Smorest, or APIFlask, tells of a Flask application."""
    with found.app_context():
        if hasattr(type(found), "spec"):  # APIFlask
            return found.spec
        known = found.extensions.get("flask-smorest", {})
        apis = [one.get("ext_obj") for one in known.get("apis", {}).values()]
        return apis[0].spec.to_dict() if len(apis) == 1 else None


def _of_connexion(found: Any) -> Any:
    """Return the document that a Connexion application was made from, if it is one."""
    kind = importlib.import_module("connexion.spec").Specification
    apis = list(found.middleware.apis)
    if len(apis) != 1:
        return None
    told = apis[0].specification
    if isinstance(told, kind):
        return told.raw
    with contextlib.suppress(AttributeError, TypeError):
        told = found.middleware.specification_dir / told
    return kind.load(told).raw


def _of_django(found: Any) -> Any:
    """Return what drf-spectacular tells of a Django project."""
    return found.get_schema(request=None, public=True)


# By the package and the name of a class among the bases of what is looked at.
_TELLING = {
    ("litestar", "Litestar"): lambda found: found.openapi_schema.to_schema(),
    ("flask", "Flask"): _of_flask,
    ("flask_smorest", "Api"): lambda found: found.spec.to_dict(),
    ("connexion", "AbstractApp"): _of_connexion,
    ("ninja", "NinjaAPI"): lambda found: found.get_openapi_schema(),
    ("drf_spectacular", "SchemaGenerator"): _of_django,
}


def name_schema_classes(document: Any, root: str) -> dict[str, dict[str, Any]]:
    """Return the class of each schema, where only one can be meant, and what it holds unsaid.

    FastAPI names a schema after its class; where two classes have one name it puts the module in
    front (`app__users__User`), and where a model reads and writes differently, `-Input` or
    `-Output` behind. A class of the right name that is not in the document may hide the right
    one: then neither is told.
    """
    components = document.get("components") if isinstance(document, dict) else None
    schemas: Any = components.get("schemas") if isinstance(components, dict) else None
    known = _named(_candidates())
    answered = unsaid.name_answered(document) if isinstance(schemas, dict) else set()
    found = {}
    for name in schemas if isinstance(schemas, dict) else ():
        bare = next((name[: -len(one)] for one in _MODES if name.endswith(one)), name)
        meant = known.get(bare, [])
        if len(meant) == 1:
            limits = unsaid.name_unsaid(meant[0], schemas[name], written=name in answered)
            found[name] = {**sources.told(meant[0], root), "unsaid": limits}
    return found


def _candidates() -> list[Any]:
    """Return every pydantic model and enum in memory."""
    try:
        from pydantic import BaseModel
    except ImportError:
        return []
    return sources.classes_in_memory(BaseModel, enum.Enum)


def _named(candidates: list[Any]) -> dict[str, list[Any]]:
    """Return classes by both names that FastAPI may give them."""
    found: dict[str, list[Any]] = {}
    for one in candidates:
        short = re.sub(r"[^a-zA-Z0-9.\-_]", "_", one.__name__)
        long = f"{one.__module__}.{one.__qualname__}".replace(".", "__")
        for name in {short, re.sub(r"[^a-zA-Z0-9.\-_]", "_", long)}:
            found.setdefault(name, []).append(one)
    return found


_PLACES = ("path", "query", "header", "cookie")
_UNLIKE = {"str": "any-text", "int": "70007", "float": "70007.5", "path": "any/text",
           "uuid": "6f1f4d5e-0000-4000-8000-000000000000"}  # fmt: skip
_LEAVES_OUT = ("unset", "defaults", "none")
_MOST_MODELS = 200
_MATCHING = ("starlette", "fastapi")
_LISTS = (Sequence, AbstractSet)
_MAPPINGS = (Mapping,)
_DECORATORS = ("validators", "field_validators", "root_validators", "model_validators")


def contradictions_of(route: Any) -> list[str]:
    """Return what the document says of a route and its code contradicts, as sentences."""
    try:
        return [
            *_unknown_places(route),
            *_shared_names(route),
            *_read_paths(route),
            *_find_unread(route),
            *_find_unsaid(route),
            *_other_models(route),
            *_list_answers(route),
        ]
    except Exception:  # noqa: BLE001  classes of a project may do anything when they are looked at
        return ["the document could not be compared with the code"]


def unreached(routes: list[Any]) -> dict[int, list[str]]:
    """Return which routes no request reaches, for an earlier one takes all of them.

    Returns:
        Sentences, by the identity of the route.
    """
    found: dict[int, list[str]] = {}
    for number, route in enumerate(routes):
        address = _address(route)
        for method in sorted(getattr(route, "methods", None) or ()) if address else ():
            first = next(
                (one for one in routes[:number] if _takes_parameter(one, method, address)), None
            )
            if first is not None:
                name = str(getattr(first, "path_format", None) or first.path)
                words = (
                    f"no {method} request reaches it: {_called(first)} serves {name}"
                    " and is declared first"
                )
                found.setdefault(id(route), []).append(words)
    return found


def _called(route: Any) -> str:
    endpoint = sources.unwrap(getattr(route, "endpoint", None))
    return str(getattr(endpoint, "__qualname__", "another route"))


def _address(route: Any) -> str:
    """Return a path that a route answers, of words that no other path has; empty if unknown."""
    template = getattr(route, "path_format", None)
    convertors = getattr(route, "param_convertors", None)
    if not isinstance(template, str) or convertors is None:
        return ""
    for name, convertor in convertors.items():
        kind = type(convertor).__name__.removesuffix("Convertor").lower()
        sample = _UNLIKE.get({"string": "str", "integer": "int"}.get(kind, kind))
        if sample is None:
            return ""
        template = template.replace("{" + name + "}", sample)
    return template


def _takes_parameter(route: Any, method: str, address: str) -> bool:
    """Whether a route answers a method at an address."""
    pattern = getattr(route, "path_regex", None)
    methods = getattr(route, "methods", None) or ()
    by = getattr(type(getattr(route, "original_route", route)), "matches", None)
    if getattr(by, "__module__", "").partition(".")[0] not in _MATCHING:
        return False  # a class of the project's, which may look at headers too
    return pattern is not None and method in methods and pattern.match(address) is not None


def _parameters(dependant: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield each parameter of a tree of dependencies: where it is, it, and who declares it."""
    waiting = [dependant]
    while waiting:
        one = waiting.pop(0)
        waiting += getattr(one, "dependencies", ())
        for place in _PLACES:
            for parameter in getattr(one, place + "_params", ()):
                yield place, parameter, one.call


def _annotation(parameter: Any) -> Any:
    return getattr(getattr(parameter, "field_info", None), "annotation", None)


def _shared_names(route: Any) -> Iterator[str]:
    """Yield the parameters of one name of which the document has one: all of them must hold."""
    declared: dict[tuple[str, str], dict[str, str]] = {}
    for place, parameter, call in _parameters(route.dependant):
        said = repr(getattr(parameter, "field_info", None)) + repr(getattr(parameter, "type_", ""))
        by = str(getattr(sources.unwrap(call), "__qualname__", "another"))
        declared.setdefault((place, str(parameter.alias)), {}).setdefault(said, by)
    for (place, name), found in declared.items():
        if len(found) > 1:
            by = ", ".join(found.values())
            yield (
                f"{place} parameter {name} is declared by {by}: each declaration must hold,"
                " and the document has one of them"
            )


def _unknown_places(route: Any) -> Iterator[str]:
    """Yield the path parameters whose alias is not in the path: no request has them."""
    convertors = getattr(route, "param_convertors", None)
    if convertors is None:
        return
    for place, parameter, _ in _parameters(route.dependant):
        if place == "path" and parameter.alias not in convertors:
            name = parameter.alias
            mounted = f", unless it is mounted below {{{name}}}" if name.isidentifier() else ""
            yield f"the path has no parameter {name}: every request is refused{mounted}"


def _find_unread(route: Any) -> Iterator[str]:
    """Yield the parameters that no request can give as described, or the code does not get so.

    FastAPI hands a cookie over as one text, and each value of a query, header or cookie model under
    its own name: a list of cookies and a mapping are refused, however they are written.
    """
    for place, parameter, _ in _parameters(route.dependant):
        info = getattr(parameter, "field_info", None)
        annotation = getattr(info, "annotation", None)
        if getattr(info, "default", None) is ...:
            yield f"{place} parameter {parameter.alias} is optional, and `...` where it is left out"
        if place == "cookie" and _only_takes(annotation, _LISTS) and not _converts(info):
            yield f"cookie parameter {parameter.alias} is a list: no request can give it"
        decorators = getattr(annotation, "__pydantic_decorators__", None)
        if any(getattr(decorators, one, None) for one in _DECORATORS):
            continue  # what makes another value of the text before it is validated
        for name, field in getattr(annotation, "model_fields", {}).items():
            if _converts(field):
                continue
            label = field.validation_alias or field.alias or name
            if _only_takes(field.annotation, _MAPPINGS) and isinstance(label, str):
                yield f"{place} parameter {label} is a mapping: no request can give it"
            elif place == "cookie" and _only_takes(field.annotation, _LISTS):
                yield f"cookie parameter {label} is a list: no request can give it"


def _converts(field: Any) -> bool:
    """Whether a field may read the text itself: `Json`, a validator or any schema of its own."""
    inside = unsaid.annotations_within(field.annotation, field.metadata)
    return any(hasattr(one, "__get_pydantic_core_schema__") for one in inside)


def _find_unsaid(route: Any) -> Iterator[str]:
    """Yield the limits of parameters that no document has: digits, and bounds of days and spans."""
    for place, parameter, _ in _parameters(route.dependant):
        info = getattr(parameter, "field_info", None)
        words = unsaid.describe_unsaid(info, {}) if info is not None else ""
        if words:
            name = f"{place} parameter {parameter.alias}"
            yield f"{name} is held to more than the document says: {words}"


def _only_takes(annotation: Any, kinds: tuple[type, ...]) -> bool:
    """Whether an annotation, beside None, has only kinds of collections of the library."""
    annotation = getattr(annotation, "__value__", annotation)  # of a `type` statement
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _only_takes(typing.get_args(annotation)[0], kinds)
    if origin in (typing.Union, types.UnionType):
        inner = [one for one in typing.get_args(annotation) if one is not type(None)]
        return bool(inner) and all(_only_takes(one, kinds) for one in inner)
    held = origin or annotation
    if not isinstance(held, type) or held.__module__ not in {"builtins", "collections.abc"}:
        return False
    return issubclass(held, kinds) and not issubclass(held, (str, bytes))


def _other_models(route: Any) -> Iterator[str]:
    """Yield the model that `responses` gives for the route's own status, where it sends another."""
    own, status = getattr(route, "response_model", None), getattr(route, "status_code", None) or 200
    declared = getattr(route, "responses", None) or {}
    given = declared.get(status, declared.get(str(status)))
    other = given.get("model") if isinstance(given, dict) else None
    own, other = (_strip_metadata(one) for one in (own, other))
    if own is not None and other is not None and other != own:
        yield (
            f"the document has {_name_type(other)} for status {status} (responses),"
            f" and the code answers with {_name_type(own)} (response_model)"
        )


def _strip_metadata(annotation: Any) -> Any:
    annotation = getattr(annotation, "__value__", annotation)  # of a `type` statement
    is_annotated = typing.get_origin(annotation) is typing.Annotated
    return typing.get_args(annotation)[0] if is_annotated else annotation


def _name_type(annotation: Any) -> str:
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return annotation.__name__
    return str(annotation).replace("typing.", "")


def _read_paths(route: Any) -> Iterator[str]:
    """Yield the fields that are read from inside another one, under their own names documented."""
    bodies = getattr(route.dependant, "body_params", ())
    taken = [one for _, one, _ in _parameters(route.dependant)] + list(bodies)
    annotations = [_annotation(one) for one in taken]
    for model in _models(annotations):
        for name, field in model.model_fields.items():
            alias = getattr(field, "validation_alias", None)
            choices = getattr(alias, "choices", None) or [alias]
            if all(type(one).__name__ == "AliasPath" for one in choices):
                way = " or ".join(".".join(map(str, one.path)) for one in choices)
                yield f"{model.__name__}.{name} is read from {way}, not from {name}"


def _list_answers(route: Any) -> Iterator[str]:
    """Yield what a response leaves out of its model, or sends by another name."""
    model = getattr(route, "response_model", None)
    models = _models([model]) if model is not None else []
    if not models:
        return
    for word in ("include", "exclude"):
        chosen = getattr(route, "response_model_" + word, None)
        if chosen is not None:
            names = ", ".join(sorted(unsaid.name_chosen(chosen)))
            yield (
                "the response has only " if word == "include" else "the response leaves out "
            ) + (f"{names} (response_model_{word})")
    for word in _LEAVES_OUT:
        if getattr(route, "response_model_exclude_" + word, False) and unsaid.may_miss(
            models, word
        ):
            yield f"the response leaves fields out (response_model_exclude_{word})"
    aliased = [name for model in models for name, one in model.model_fields.items()
               if (one.serialization_alias or one.alias or name) != name]  # fmt: skip
    if aliased and getattr(route, "response_model_by_alias", True) is False:
        yield "the response has the fields by their own names (response_model_by_alias=False)"


def _models(annotations: list[Any]) -> list[Any]:
    """Return the Pydantic models that annotations name, and those of their fields, each once."""
    waiting, seen = list(annotations), set()
    found: list[Any] = []
    while waiting and len(found) < _MOST_MODELS:
        one = waiting.pop(0)
        one = getattr(one, "__value__", one)  # of a `type` statement
        waiting += typing.get_args(one)
        fields = getattr(one, "model_fields", None)
        if isinstance(one, type) and isinstance(fields, dict) and one not in seen:
            seen.add(one)
            found.append(one)
            waiting += [getattr(field, "annotation", None) for field in fields.values()]
    return found
