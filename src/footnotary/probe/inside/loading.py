"""Importing what was asked for, and saying what is installed, and what was missing."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import inspect
import os
import re
import sys
import traceback
import types
from collections.abc import Iterable, Mapping
from typing import Any
from unittest.mock import MagicMock

from . import reasons

_DEEPEST = 4  # of models in models


class Mocks(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a stand-in for modules that cannot be installed here."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Claim the mocked names and all below them."""
        del path, target
        if any(name == mock or name.startswith(mock + ".") for mock in self._names):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> Any:
        """Return a module that has every attribute."""
        module = _MockModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: Any) -> None:
        """Do nothing: there is nothing to run."""


class _MockModule(types.ModuleType):
    """A module whose every attribute is a mock: a class by the usual spelling of its name."""

    __version__ = "99.0.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        whole = self.__name__ + "." + name
        made: Any = _Mock(name=whole)
        if name[:1].isupper() and (len(name) == 1 or not name.isupper()):
            kind: Any = Exception if name.endswith(_RAISED) else _Mocked
            made = type(kind)(name, (kind,), {"__module__": self.__name__, "_is_mocked": True})
        elif whole in sys.modules:
            made = sys.modules[whole]
        setattr(self, name, made)
        return made


_RAISED = ("Error", "Exception", "Warning", "Timeout", "Exit", "Interrupt", "NotFound", "Exists")


class _Mock(MagicMock):
    """A mock that leaves what it decorates as it is."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Return the function or class that is given alone, else a mock."""
        if (
            len(given) == 1
            and not named
            and (inspect.isroutine(given[0]) or inspect.isclass(given[0]))
        ):
            return given[0]
        return super().__call__(*given, **named)


class _MockedType(type):
    """The type of mocked classes: what one does not have is a mock."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Mock(name=cls.__name__ + "." + name)


class _Mocked(metaclass=_MockedType):
    """What mocked classes are derived from: they can be inherited, called and subscripted."""

    def __new__(cls, *_given: Any, **_named: Any) -> Any:
        """Return a mock; an object where the application has derived a class of its own."""
        return _Mock(name=cls.__name__) if "_is_mocked" in vars(cls) else object.__new__(cls)

    def __init__(self, *_given: Any, **_named: Any) -> None:
        """Take anything."""

    def __class_getitem__(cls, item: Any) -> Any:
        """Return the class itself."""
        return cls

    def __getattr__(self, name: str) -> Any:
        """Return a mock."""
        if name.startswith("__"):
            raise AttributeError(name)
        return _Mock(name=type(self).__name__ + "." + name)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Let pydantic take anything where a model has a field of the class."""
        from pydantic_core import core_schema

        return core_schema.any_schema()


class WrongTarget(Exception):
    """What was asked for is not there: a missing attribute, or arguments that are no literals."""


def load_value(target: str) -> Any:
    """Import what `module:expression` means.

    Args:
        target: `pkg.mod:app`, `pkg.mod:Base.metadata`, `pkg.mod:make_app(debug=True)` or
            `pkg.mod:Server({"a": 1}).app`; arguments must be literals.

    Raises:
        WrongTarget: It is no such expression, or an attribute is missing.
    """
    name, _, expression = target.partition(":")
    module = importlib.import_module(name)
    if not expression:
        return module
    try:
        return _evaluated(ast.parse(expression.strip(), mode="eval").body, module)
    except SyntaxError:
        raise WrongTarget("it is no attribute and no call") from None


def _evaluated(node: ast.AST, module: Any) -> Any:
    """Evaluate names, attributes and calls with literal arguments; nothing else."""
    if isinstance(node, ast.Name):
        return _mock_member(module, node.id)
    if isinstance(node, ast.Attribute):
        return _mock_member(_evaluated(node.value, module), node.attr)
    if not isinstance(node, ast.Call):
        raise WrongTarget("only names, attributes and calls with literals are read")
    try:
        arguments = [ast.literal_eval(one) for one in node.args]
        named = {str(one.arg): ast.literal_eval(one.value) for one in node.keywords}
    except ValueError:
        raise WrongTarget("the arguments of a factory must be literals") from None
    made = _evaluated(node.func, module)(*arguments, **named)
    return asyncio.run(made) if inspect.iscoroutine(made) else made


def _mock_member(holder: Any, name: str) -> Any:
    """Return an attribute; a submodule that is not imported yet counts as one."""
    try:
        return getattr(holder, name)
    except AttributeError:
        pass
    if hasattr(holder, "__path__"):
        with contextlib.suppress(ModuleNotFoundError):
            return importlib.import_module(holder.__name__ + "." + name)
    owner = getattr(holder, "__name__", type(holder).__name__)
    raise WrongTarget(str(owner) + " has no attribute " + repr(name)) from None


def failure(error: BaseException) -> dict[str, Any]:
    """Describe why an import failed.

    Returns:
        `error` in one line and `traceback`, both without values, `names` of the code in them,
        and `missing`: settings the code asked for.
    """
    words = reasons.reason(error)
    if isinstance(error, WrongTarget):
        words = f"{type(error).__name__}: {error}"
    if isinstance(error, SystemExit):
        words = f"it ends the process itself ({words})"
    if isinstance(error, MemoryError):
        words = f"it takes more memory than an import may ({words})"
    return {
        "error": words,
        "traceback": reasons.frames(error),
        "names": reasons.names_of_code(error),
        "missing": missing_settings(error),
        "wrong_target": isinstance(error, WrongTarget),
        "module": getattr(error, "name", None) if isinstance(error, ImportError) else None,
    }


def missing_settings(error: BaseException | None) -> list[dict[str, Any]]:
    """Return the settings whose absence made an import fail.

    Args:
        error: What was raised; its causes are looked at as well.

    Returns:
        One `{"name": …, "type": …, "choices": […], "length": …, "invalid": …}` each.
    """
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004  a chain, not a loop
        found = _environ_key(error) or _starlette_key(error) or _pydantic_fields(error)
        if found:
            return found
        error, seen = error.__cause__ or error.__context__, seen + 1
    return []


def _environ_key(error: BaseException) -> list[dict[str, Any]]:
    """`os.environ["NAME"]`: a KeyError raised inside `os`."""
    if not isinstance(error, KeyError):
        return []
    frames = traceback.extract_tb(error.__traceback__)
    inside = (frames and frames[-1].filename == os.__file__) or "frozen os" in str(frames[-1:])
    return [{"name": str(error.args[0]), "type": "str"}] if inside else []


def _starlette_key(error: BaseException) -> list[dict[str, Any]]:
    """Starlette's `Config`: "Config 'NAME' is missing, and has no default."."""
    found = re.search(r"Config '([A-Za-z_]\w*)' is missing", reasons.first_line(error))
    return [{"name": found.group(1), "type": "str"}] if found else []


def _pydantic_fields(error: BaseException) -> list[dict[str, Any]]:
    """pydantic-settings: a ValidationError whose model is a settings class."""
    module = sys.modules.get("pydantic_settings")
    if type(error).__name__ != "ValidationError" or module is None or not hasattr(error, "errors"):
        return []
    model = next(
        (
            one
            for one in subclasses_below(module.BaseSettings)
            if one.__name__ == getattr(error, "title", "")
        ),
        None,
    )
    if model is None:
        return []
    found = []
    for problem in error.errors(include_url=False, include_context=False):
        if problem["loc"]:
            field = str(problem["loc"][0])
            found.append(_mock_field(model, field, invalid=problem["type"] != "missing"))
    return [one for one in found if one]


def _mock_field(model: Any, name: str, *, invalid: bool) -> dict[str, Any] | None:
    """Return the environment variable behind a settings field, with what it must look like."""
    fields, config = model.model_fields, model.model_config
    info = fields.get(name)
    if info is None:  # the location is an alias
        info = next((one for one in fields.values() if name in _aliases(one)), None)
        if info is None:
            return None
    aliases = _aliases(info)
    variable = aliases[0] if aliases else (config.get("env_prefix") or "") + name
    lower = [getattr(one, "ge", None) or getattr(one, "gt", None) for one in info.metadata]
    return {
        "name": variable if config.get("case_sensitive") else variable.upper(),
        "type": _type_name(info.annotation),
        "choices": _choices(info.annotation),
        "length": _least_length(info),
        "least": next((one for one in lower if isinstance(one, (int, float))), None),
        "invalid": invalid,
        "inner": _inner_fields(info.annotation),
    }


def _least_length(info: Any) -> int:
    """Return how long the value of a field must be."""
    lengths = [getattr(one, "min_length", None) for one in info.metadata]
    return next((one for one in lengths if one), 0)


def _inner_fields(annotation: Any, depth: int = 0) -> list[dict[str, Any]] | None:
    """Return the required fields of a model that is where a value does; None of no model."""
    members = [one for one in getattr(annotation, "__args__", ()) if one is not type(None)]
    model = members[0] if len(members) == 1 else annotation
    fields = getattr(model, "model_fields", None)
    if fields is None or depth > _DEEPEST:
        return None
    return [
        {
            "key": (_aliases(info) or [name])[0],
            "name": name,
            "type": _type_name(info.annotation),
            "choices": _choices(info.annotation),
            "length": _least_length(info),
            "inner": _inner_fields(info.annotation, depth + 1),
        }
        for name, info in fields.items()
        if info.is_required()
    ]


def _aliases(info: Any) -> list[str]:
    alias = info.validation_alias or info.alias
    choices = getattr(alias, "choices", [alias])
    return [one for one in choices if isinstance(one, str)]


def _type_name(annotation: Any) -> str:
    """Return the name of the type a value is parsed to; of a union, its first real member."""
    members = [one for one in getattr(annotation, "__args__", ()) if one is not type(None)]
    origin = getattr(annotation, "__origin__", None)
    if members and (origin is None or "Union" in str(origin)):
        annotation = members[0]
        origin = getattr(annotation, "__origin__", None)
    named = origin or annotation
    return getattr(named, "__name__", None) or str(named)


def _choices(annotation: Any) -> list[str]:
    """Return the values of a Literal or an Enum, as text."""
    members = getattr(annotation, "__members__", None)
    if members:
        return [str(one.value) for one in members.values()]
    if "Literal" in str(getattr(annotation, "__origin__", "")):
        return [str(one) for one in annotation.__args__]
    return []


def subclasses_below(cls: Any) -> list[Any]:
    """Return every subclass, however deep."""
    return [one for direct in cls.__subclasses__() for one in (direct, *subclasses_below(direct))]


def installed_versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of those distributions that are installed, by name in lower case."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in names:
        try:
            found[name.lower()] = version(name)
        except PackageNotFoundError:
            continue
    return found


def installed_extras(extras: Mapping[str, list[str]]) -> list[str]:
    """Return the extras of a project all of whose distributions are installed."""
    return [
        name
        for name, wanted in extras.items()
        if len(installed_versions(set(wanted))) == len(set(wanted))
    ]
