"""The environment variables of settings classes, as pydantic-settings itself reads them.

Each class's own sources are asked: which names they look up for a field is recorded, and a name
below a nested model counts if a value under it reaches the model.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import inspect
import os
import sys
import typing
import warnings
from collections.abc import Iterator
from typing import Any

from . import reasons, sources
from .loading import installed_extras, installed_versions, missing_settings, subclasses_below

_DEPTH = 8
_MOST = 3000  # names of one class
_VALUE = "1"  # a text, a number, a truth and valid JSON


def describe_settings(request: dict[str, Any]) -> dict[str, Any]:
    """Import the modules of settings, and describe the classes in them.

    Args:
        request: `modules`, `root`, and `restore`, to be called when they are imported.

    Returns:
        `classes`, `failed` (why a module cannot be imported, by its name), and `missing` settings.
    """
    failed: dict[str, Any] = {}
    missing: list[dict[str, Any]] = []
    kept = []  # classes of a module that fails halfway are known while its frames are
    for name in request["modules"]:
        try:
            importlib.import_module(name)
        except BaseException as error:  # noqa: BLE001  SystemExit too: it is theirs
            kept.append(error)
            failed[name] = reasons.as_told(error)
            missing += missing_settings(error)
    request["restore"]()
    root = request["root"]
    base = getattr(sys.modules.get("pydantic_settings"), "BaseSettings", None)
    found = []
    for made in dict.fromkeys(subclasses_below(base)) if base else ():
        place = sources.place(made, root)
        if place and not place["path"].startswith("../"):
            found.append(
                {"path": place["path"], "name": made.__name__, **_describe_class(made, root)}
            )
    return {
        "classes": found,
        "failed": failed,
        "missing": missing,
        "versions": installed_versions(("pydantic-settings", "pydantic")),
        "extras": installed_extras(request["extras"]),
    }


def _describe_class(made: Any, root: str) -> dict[str, Any]:
    """Describe one class: the variables of its fields; or why it cannot be asked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            readers, files = _sources(made)
            rows = [{**row, "files": files} for row in _fields(made, readers, root)]
            kept = _reaching(made, [str(row["name"]) for row in rows])
            for row in rows:
                row["others"] = [name for name in row["others"] if name in kept]
            return {"fields": [row for row in rows if row["name"] in kept], "failed": None}
    except Exception as error:  # noqa: BLE001  the class's own code runs
        return {"fields": [], "failed": reasons.as_told(error)}


def _sources(made: Any) -> tuple[list[Any], bool]:
    """Return the sources of a class that read variables, and whether it reads files, too."""
    from pydantic_settings import (
        DotEnvSettingsSource,
        EnvSettingsSource,
        InitSettingsSource,
        SecretsSettingsSource,
    )

    config = made.model_config
    given = made.settings_customise_sources(
        made,
        init_settings=InitSettingsSource(made, init_kwargs={}),
        env_settings=EnvSettingsSource(made),
        dotenv_settings=DotEnvSettingsSource(made, env_file=None),
        file_secret_settings=SecretsSettingsSource(made, secrets_dir=None),
    )
    readers = [one for one in given if isinstance(one, EnvSettingsSource)]
    variables = [one for one in readers if not isinstance(one, DotEnvSettingsSource)]
    files = bool(config.get("env_file") or config.get("secrets_dir")) and len(given) > 1
    # where files alone are read, a variable of such a file still sets the field
    return variables or readers, files


def _reaching(made: Any, names: list[str]) -> set[str]:
    """Return the variables that the sources of a class let through; its own may filter them."""
    before = dict(os.environ)
    try:
        for name in names:
            with contextlib.suppress(ValueError):  # no name of a variable
                os.environ[name] = _VALUE
        readers, _ = _sources(made)
        seen = {str(key).lower() for reader in readers for key in reader.env_vars}
    finally:
        os.environ.clear()
        os.environ.update(before)
    return {name for name in names if name.lower() in seen or not seen}


class _Recorder(dict):  # type: ignore[type-arg]  # of texts
    """Variables that remember which of them were looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        """Note a name; nothing has a value."""
        self.asked.append(key)
        return super().get(key, default)


def _fields(made: Any, readers: list[Any], root: str) -> Iterator[dict[str, Any]]:
    """Yield one row a variable."""
    count = 0
    for name, field in made.model_fields.items():
        own, below = [], []
        for reader in readers:
            asked = _own_names(reader, field, name)
            own += asked
            below += list(_nested(reader, field, asked))
        sensitive = any(getattr(one, "case_sensitive", False) for one in readers)
        own = list(dict.fromkeys(own))
        shared = {"any_case": not sensitive}
        needed = field.is_required() and not any(row["required"] for row in below)
        about = _about(made, name, field, root)
        for each in own:
            others = [n for n in (*own, *(row["name"] for row in below)) if n != each]
            yield {**about, **shared, "name": each, "others": others, "required": needed}
        for row in below:
            others = [n for n in (*row["others"], *own) if n != row["name"]]
            yield {**about, **row, **shared, "others": others}
        count += len(own) + len(below)
        if count > _MOST:
            return


def _own_names(reader: Any, field: Any, name: str) -> list[str]:
    """Return the variables that a source looks up for a field."""
    recorder = _Recorder()
    kept, reader.env_vars = reader.env_vars, recorder
    try:
        reader.get_field_value(field, name)
    finally:
        reader.env_vars = kept
    return recorder.asked


def _nested(reader: Any, field: Any, own: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the variables below a field that reach what it holds."""
    delimiter = getattr(reader, "env_nested_delimiter", None)
    if not delimiter:
        return
    waiting: list[tuple[Any, list[str], bool]] = [(field.annotation, [], field.is_required())]
    while waiting:
        annotation, keys, needed = waiting.pop(0)
        if _takes_mapping(annotation):
            for one in own:
                begin = delimiter.join([one, *keys, ""])
                if _reaches(reader, begin + "x", [*keys, "x"]):
                    yield {"name": begin, "begins": True, "others": [], "required": False}
        for key, inner, inner_required, default in _members(annotation):
            path = [*keys, key]
            names = [delimiter.join([one, *path]) for one in own]
            read = [one for one in names if _reaches(reader, one, path)]
            for one in read:
                row = {"name": one, "others": [n for n in read if n != one]}
                row["required"] = inner_required and needed
                row |= _type_of(inner) | _told_default(default)
                yield row
            if len(path) < _DEPTH and (read or len(path) == 1):
                waiting.append((inner, path, inner_required and needed))


def _reaches(reader: Any, variable: str, path: list[str]) -> bool:
    """Tell whether a variable ends up below a field under these keys."""
    shown = variable if reader.case_sensitive else variable.lower()
    kept, reader.env_vars = reader.env_vars, {shown: _VALUE}
    try:
        values = list(reader().values())
    except Exception:  # noqa: BLE001  its own words do not matter here
        return False
    finally:
        reader.env_vars = kept
    for key in path:
        values = [one[key] for one in values if isinstance(one, dict) and key in one]
    return bool(values)


def _members(annotation: Any) -> Iterator[tuple[str, Any, bool, Any]]:
    """Yield key, type, whether it is required, and default of each field of the models in it."""
    for made in _models(annotation):
        config = getattr(made, "model_config", getattr(made, "__pydantic_config__", None)) or {}
        known = getattr(made, "model_fields", None) or getattr(made, "__pydantic_fields__", None)
        if known is not None:
            for name, field in known.items():
                for key in _field_keys(name, field, config):
                    yield key, field.annotation, field.is_required(), _default_of(field)
        elif dataclasses.is_dataclass(made):
            hints = _hints(made)
            for one in dataclasses.fields(made):
                required = one.default is dataclasses.MISSING is one.default_factory
                default = None if one.default is dataclasses.MISSING else one.default
                made_so = default if one.default_factory is dataclasses.MISSING else ...
                yield one.name, hints.get(one.name, one.type), required, made_so
        else:
            needed = getattr(made, "__required_keys__", ())
            for name, hint in _hints(made).items():
                yield name, hint, name in needed, None


def _hints(made: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(made)
    except Exception:  # noqa: BLE001  names that are there for type checkers alone
        return dict(getattr(made, "__annotations__", {}))


def _field_keys(name: str, field: Any, config: Any) -> list[str]:
    """Return the keys under which a model takes a field."""
    alias = field.validation_alias
    if config.get("validate_by_alias") is False:
        alias = None
    choices = getattr(alias, "choices", [alias])
    found = [getattr(one, "path", [one])[0] for one in choices if one is not None]
    if not found or config.get("populate_by_name") or config.get("validate_by_name"):
        found.append(name)
    return [str(one) for one in dict.fromkeys(found)]


def _models(annotation: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the classes with fields that an annotation holds; of lists and mappings, none."""
    annotation = getattr(annotation, "__value__", annotation)  # of a `type` statement
    if inspect.isclass(annotation) and not typing.get_args(annotation):
        is_typed = hasattr(annotation, "__required_keys__")
        if hasattr(annotation, "model_fields") or dataclasses.is_dataclass(annotation) or is_typed:
            yield annotation
        return
    origin = typing.get_origin(annotation)
    if hasattr(origin, "model_fields"):
        yield origin
    elif depth < _DEPTH and (origin is typing.Union or "Union" in type(annotation).__name__):
        for one in typing.get_args(annotation):
            yield from _models(one, depth + 1)
    elif hasattr(annotation, "__metadata__"):
        yield from _models(typing.get_args(annotation)[0], depth + 1)


def _takes_mapping(annotation: Any) -> bool:
    """Tell whether an annotation is a mapping, an optional one too."""
    origin = typing.get_origin(annotation) or annotation
    if origin is typing.Union or "Union" in type(annotation).__name__:
        return any(map(_takes_mapping, typing.get_args(annotation)))
    return inspect.isclass(origin) and issubclass(origin, dict) and not hasattr(
        origin, "__required_keys__"
    )  # fmt: skip


def _type_of(annotation: Any) -> dict[str, Any]:
    """Describe what a nested field takes."""
    shown = annotation.__name__ if inspect.isclass(annotation) else str(annotation)
    return {"annotation": shown.replace("typing.", "")}


def _default_of(field: Any) -> Any:
    """Return a field's default; None if it has none, and an ellipsis if it is made anew."""
    if getattr(field, "default_factory", None) is not None:
        return ...
    return None if field.is_required() else field.default


def _told_default(default: Any) -> dict[str, Any]:
    """Describe a default: whether there is one with something in it, and it if it is plain."""
    plain = default if isinstance(default, (str, int, float, bool)) else ""
    return {"has_default": default is not None and default != "", "default": str(plain)}


def _about(made: Any, name: str, field: Any, root: str) -> dict[str, Any]:
    """Describe a field: where it is written, its type and default."""
    decorators = getattr(made, "__pydantic_decorators__", None)
    checks = getattr(decorators, "field_validators", {}).values()
    checked = {each for one in checks for each in one.info.fields}
    bounds = [one for one in field.metadata if not type(one).__module__.startswith("pydantic_s")]
    written = _written(made, name, root)
    return {
        "place": written["place"],
        "annotation": written["annotation"] or _type_of(field.annotation)["annotation"],
        **_told_default(_default_of(field)),
        "validated": bool(bounds) or bool(checked & {name, "*"}),
        "begins": False,
    }


def _written(made: Any, name: str, root: str) -> dict[str, Any]:
    """Return where a field is written, in the class or one of its bases, and its type as source."""
    for one in made.__mro__:
        found = sources.annotated_attributes(one).get(name)
        place = sources.place(one, root) if found else None
        if found and place:
            return {"place": {"path": place["path"], "line": found[0]}, "annotation": found[1]}
    return {"place": sources.place(made, root), "annotation": ""}
