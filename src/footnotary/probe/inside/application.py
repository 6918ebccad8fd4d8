"""What an application says of itself: its OpenAPI document, and where its handlers stand."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
from collections.abc import Iterator
from typing import Any

from . import contradictions, raising, reasons, sources
from .answers import settled
from .loading import (
    WrongTarget,
    installed_extras,
    installed_versions,
    load_value,
)

_DEPTH = 8
_NAMES = ("app", "api", "application", "asgi_app", "server")
_FACTORIES = ("create_app", "get_app", "make_app", "build_app", "app_factory", "create_application",
              "get_application", "make_application", "factory")  # fmt: skip
_WRAPPED = ("app", "_app", "other_asgi_app", "application", "asgi_app", "fastapi_app")

_LIBRARIES = ("fastapi", "starlette", "pydantic", "pydantic-settings", "uvicorn")
_OTHERS = {"litestar": "litestar", "flask": "flask", "apiflask": "apiflask",
           "flask_smorest": "flask-smorest", "connexion": "connexion", "django": "django",
           "ninja": "django-ninja",
           "drf_spectacular": "drf-spectacular"}  # fmt: skip
_ADDING = frozenset({"include_router", "add_api_route", "add_route", "add_api_websocket_route"})
_MERGED = 50  # routers within routers; deeper is a circle


def describe_application(request: dict[str, Any]) -> dict[str, Any]:
    """Import the application and describe it.

    Args:
        request: `target` (`module:expression`, or a module to look inside), `root`, and
            `restore`, to be called when the project's code is imported.

    Returns:
        `document` (OpenAPI), `classes` (of its schemas), `routes`, `hidden`, `websockets`,
        `mounts`, `middleware`, `handlers`, `lifespan`, `versions`.
    """
    target = request["target"]
    contradictions.set_up_django(request["django"])
    module = importlib.import_module(target.partition(":")[0])
    request["restore"]()
    found = load_value(target) if ":" in target else _inside(module)
    application = _find_application(found)
    request["restore"]()
    if isinstance(application, dict):
        document = settled(application, request["root"])
        return {"document": document, **_environment(request)}
    root = request["root"]
    outer, application = application, _list_mounted(application)
    routes = _routes(application)
    scanner = raising.Scanner(raising.handled(application), root)
    most = getattr(application, "max_body_size", None)
    described = [_route(one, root, scanner) | {"max_body": getattr(one, "max_body_size", most)}
                 for one in routes if hasattr(one, "dependant")]  # fmt: skip
    _add_unreached(described, routes)
    described_itself = _document_of(application, root)
    document = described_itself["document"] or {}
    _settle_ids(document, routes)
    _add_root_path(document, application)
    return {
        "document": document,
        "undescribed": described_itself.get("failed"),
        "classes": contradictions.name_schema_classes(document, root),
        "routes": settled(described, root),
        "cut_short": scanner.cut_short,
        "hidden": [_name(one) for one in routes if _is_hidden_route(one)],
        "websockets": [
            {"path": one.path, **sources.told(one.endpoint, root)}
            for one in routes
            if "WebSocket" in type(getattr(one, "original_route", one)).__name__
        ],
        "mounts": _mounts(routes, root)
        + (_mounts(_routes(outer), root) if outer is not application else [])
        + [*frontends(getattr(application, "router", None))],
        "middleware": [_middleware(one, root) for one in application.user_middleware],
        "handlers": _handlers(application, root),
        "lifespan": _lifespan(application, root),
        "starting": sources.find_callers(_list_lifespan(application), _ADDING),
        **_environment(request),
    }


def _inside(module: Any) -> Any:
    """Return the application of a module: by its usual names, any instance, or a factory."""
    named = [getattr(module, name) for name in _NAMES if hasattr(module, name)]
    for value in [*named, *vars(module).values()]:
        if callable(getattr(type(value), "openapi", None)) and hasattr(value, "routes"):
            return value
    for name in _FACTORIES:
        if callable(getattr(module, name, None)):
            return getattr(module, name)
    raise WrongTarget(module.__name__ + " holds no FastAPI application")


def _find_application(found: Any) -> Any:
    """Return the FastAPI application behind an object: itself, a wrapped one, or a factory's."""
    first = found
    for _ in range(_DEPTH):
        found = asyncio.run(found) if inspect.iscoroutine(found) else found
        if (document := contradictions.document_of(found)) is not None:
            return document
        if isinstance(found, dict) or _describes(found):
            return found
        if inspect.isroutine(found) or inspect.isclass(found):
            found = _called(found)
            continue
        inner = [getattr(found, name, None) for name in _WRAPPED]
        inner += [getattr(one, "app", None) for one in getattr(found, "routes", None) or ()]
        following = next((one for one in inner if one is not None and one is not found), None)
        if following is None:
            break
        found = following
    raise WrongTarget("it is a " + type(first).__name__ + ", not a FastAPI application")


def _called(factory: Any) -> Any:
    """Call a factory without arguments; say so where it needs some."""
    try:
        inspect.signature(factory).bind()
    except TypeError as error:
        name = getattr(factory, "__name__", "it")
        raise WrongTarget(name + " needs arguments (" + str(error) + ")") from None
    except ValueError:
        pass  # no signature to be had
    return factory()


def _describes(value: Any) -> bool:
    """Whether an object (a lazy proxy included) has an OpenAPI document."""
    return not inspect.isclass(value) and callable(getattr(value, "openapi", None))


def _list_mounted(application: Any) -> Any:
    """Return the application, or the one mounted in it where it has no operation of its own."""
    own = _document_of(application)
    if own.get("failed") or (own["document"] or {}).get("paths"):
        return application
    inner: list[Any] = [getattr(one, "app", None) for one in application.routes]
    described = [one for one in inner if (_document_of(one)["document"] or {}).get("paths")]
    return described[0] if len(described) == 1 else application


def _settle_ids(document: Any, routes: list[Any]) -> None:
    """Give the operations of a route with several methods an id that is the same everywhere.

    FastAPI makes it of any one of them, whichever comes first in a set: another one in the next
    process.
    """
    paths = document.get("paths") if isinstance(document, dict) else None
    for route in routes:
        methods = sorted(str(one).lower() for one in getattr(route, "methods", None) or ())
        made = getattr(route, "unique_id", None)
        if len(methods) < 2 or getattr(route, "operation_id", None) or not isinstance(made, str):  # noqa: PLR2004
            continue
        stem, _, last = made.rpartition("_")
        item = (paths or {}).get(getattr(route, "path_format", None)) or {}
        for method in methods if last in methods else ():
            operation = item.get(method)
            if isinstance(operation, dict) and operation.get("operationId") == made:
                operation["operationId"] = stem + "_" + methods[0]


def _add_root_path(document: Any, application: Any) -> None:
    """Put the root path in front of the servers, as FastAPI does where it serves the document."""
    path = str(getattr(application, "root_path", None) or "").rstrip("/")
    if not path or not getattr(application, "root_path_in_servers", True):
        return
    servers = document.get("servers") or []
    if path not in [one.get("url") for one in servers if isinstance(one, dict)]:
        document["servers"] = [{"url": path}, *servers]


def _routes(application: Any) -> list[Any]:
    """Return every route, flat: FastAPI 0.137 on keeps a tree, and offers a walk from 0.137.2."""
    try:
        from fastapi import routing
    except ImportError:
        return list(application.routes)
    walk = getattr(routing, "iter_route_contexts", None)
    return list(walk(application.routes) if walk else _walked(application.routes))


def _walked(routes: Any) -> Iterator[Any]:
    """Yield every route: FastAPI 0.137.0 and 0.137.1 have the tree, and no walk over it."""
    for one in routes:
        inner = getattr(one, "effective_route_contexts", None)
        for context in inner() if callable(inner) else (one,):
            is_bare = context is not one and getattr(context, "dependant", None) is None
            yield (context.starlette_route or context.original_route) if is_bare else context


def _name(route: Any) -> str:
    methods = ",".join(sorted(getattr(route, "methods", None) or ()))
    return (methods + " " + str(getattr(route, "path", ""))).strip()


def _is_hidden_route(route: Any) -> bool:
    """Whether a route is left out of the document; the documentation's own pages do not count."""
    endpoint = getattr(route, "endpoint", None)
    if getattr(route, "include_in_schema", True) is not False or endpoint is None:
        return False
    return getattr(sources.unwrap(endpoint), "__module__", "") != "fastapi.applications"


def _route(route: Any, root: str, scanner: raising.Scanner) -> dict[str, Any]:
    calls = [route.endpoint, *_calls(route.dependant)]
    return {
        "path": getattr(route, "path_format", None) or route.path,
        "methods": sorted(getattr(route, "methods", None) or ()),
        **sources.told(route.endpoint, root),
        "doc": inspect.getdoc(sources.unwrap(route.endpoint)) or "",
        "dependencies": _dependencies(route.dependant, root, 0),
        "schemes": _schemes(route.dependant),
        "closed": _close_application(route.dependant),
        "contradictions": contradictions.contradictions_of(route),
        "raised": scanner.scan(calls),
        "unfollowed": list(scanner.unfollowed),
    }


def _add_unreached(described: list[dict[str, Any]], routes: list[Any]) -> None:
    """Say of each route that no request reaches why that is."""
    unreached = contradictions.unreached(routes)
    serving = [one for one in routes if hasattr(one, "dependant")]
    for one, route in zip(described, serving, strict=True):
        one["contradictions"] += unreached.get(id(route), [])


def _calls(dependant: Any) -> list[Any]:
    """Return every callable of a dependency tree, each once."""
    found: dict[int, Any] = {}
    waiting = list(getattr(dependant, "dependencies", ()))
    while waiting:
        one = waiting.pop(0)
        if one.call is not None and id(one.call) not in found:
            found[id(one.call)] = one.call
            waiting.extend(one.dependencies)
    return list(found.values())


def _schemes(dependant: Any) -> list[dict[str, Any]]:
    """Return the security schemes that a handler depends on, each once.

    FastAPI calls each of them, and each refuses by itself: all are wanted. One that has
    `auto_error=False` refuses nobody.
    """
    found: dict[int, dict[str, Any]] = {}
    for call in _calls(dependant):
        scheme = sources.unwrap(call)
        name, model = getattr(scheme, "scheme_name", None), getattr(scheme, "model", None)
        if isinstance(name, str) and model is not None:
            where = getattr(model, "in_", "")
            found[id(scheme)] = {
                "name": name,
                "optional": getattr(scheme, "auto_error", True) is False,
                "in": str(getattr(where, "value", where)),
                "parameter": str(getattr(model, "name", "")),
            }
    return list(found.values())


def _close_application(dependant: Any) -> list[str]:
    """Return where parameters that are not declared are refused.

    A model of parameters with `extra="forbid"` refuses others, of which the document says nothing.
    """
    waiting, found = [dependant], set()
    while waiting:
        one = waiting.pop()
        waiting += getattr(one, "dependencies", ())
        for where in ("query", "header", "cookie"):
            for parameter in getattr(one, where + "_params", ()):
                annotation = getattr(getattr(parameter, "field_info", None), "annotation", None)
                config = getattr(annotation, "model_config", None)
                if isinstance(config, dict) and config.get("extra") == "forbid":
                    found.add(where)
    return sorted(found)


def _dependencies(dependant: Any, root: str, depth: int) -> list[dict[str, Any]]:
    return [
        {
            **sources.told(one.call, root),
            "scopes": list(
                getattr(one, "own_oauth_scopes", None)
                or getattr(one, "security_scopes", None)
                or ()
            ),
            "dependencies": _dependencies(one, root, depth + 1) if depth < _DEPTH else [],
        }
        for one in getattr(dependant, "dependencies", ())
    ]


def _mounts(routes: list[Any], root: str) -> list[dict[str, Any]]:
    found = []
    for one in routes:
        inner = getattr(one, "app", None)
        if type(getattr(one, "original_route", one)).__name__ != "Mount" or inner is None:
            continue
        found.append(
            {"path": one.path, "app": sources.qualified(inner), **_document_of(inner, root)}
        )
    return found


def frontends(router: Any, prefix: str = "", depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the folders of built files that are served where no route matches (FastAPI 0.165)."""
    for group in getattr(router, "_low_priority_routes", None) or ():
        for one in getattr(group, "routes", ()):
            path = (prefix + str(getattr(one, "path", ""))).rstrip("/") or "/"
            yield {
                "path": path,
                "app": sources.qualified(getattr(one, "app", None)),
                "document": None,
            }
    for one in getattr(router, "routes", ()) if depth < _DEPTH else ():
        inner = getattr(one, "original_router", None)
        below = str(getattr(getattr(one, "include_context", None), "prefix", ""))
        yield from frontends(inner, prefix + below, depth + 1) if inner is not None else ()


def _document_of(inner: Any, root: str = "") -> dict[str, Any]:
    """Return a mounted application's document, or why it cannot make one: the outer one stays."""
    try:
        return {"document": settled(inner.openapi(), root) if _describes(inner) else None}
    except Exception as error:  # noqa: BLE001  models of somebody else's making
        return {"document": None, "failed": reasons.as_told(error)}


def _middleware(entry: Any, root: str) -> dict[str, Any]:
    """Describe a middleware by its class and the names, never the values, of its options."""
    options = getattr(entry, "kwargs", None) or getattr(entry, "options", None) or {}
    made = options.get("dispatch") or entry.cls
    return {
        **sources.told(made, root),
        "detail": ", ".join(sorted(str(name) for name in options if name != "dispatch")),
    }


def _handlers(application: Any, root: str) -> list[dict[str, Any]]:
    """Describe the exception handlers, without those that FastAPI brings."""
    return [
        {**sources.told(handler, root), "detail": getattr(key, "__name__", str(key))}
        for key, handler in getattr(application, "exception_handlers", {}).items()
        if not sources.qualified(handler).startswith(("fastapi.", "starlette."))
    ]


def _list_lifespan(application: Any) -> list[Any]:
    """Return what runs at start and end."""
    router = getattr(application, "router", None)
    own = list(_merge_documents(getattr(router, "lifespan_context", None)))
    own += [*getattr(router, "on_startup", ()), *getattr(router, "on_shutdown", ())]
    return [one for one in own if one is not None]


def _lifespan(application: Any, root: str) -> list[dict[str, Any]]:
    """Describe what runs at start and end."""
    found = [
        {
            **sources.told(one, root),
            "detail": (inspect.getdoc(sources.unwrap(one)) or "").split("\n\n")[0],
        }
        for one in _list_lifespan(application)
    ]
    ours = ("starlette.", "fastapi.", "contextlib.")
    return [one for one in found if not str(one["name"]).startswith(ours)]


def _merge_documents(context: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the lifespans that FastAPI merged into one for an application and its routers."""
    bare = sources.unwrap(context)
    names = getattr(getattr(bare, "__code__", None), "co_freevars", ())
    cells = dict(zip(names, getattr(bare, "__closure__", None) or (), strict=False))
    inner = [cells[name] for name in ("original_context", "nested_context") if name in cells]
    if not sources.qualified(bare).startswith("fastapi.") or not inner or depth > _MERGED:
        yield context
        return
    for cell in inner:
        yield from _merge_documents(cell.cell_contents, depth + 1)


def _environment(request: dict[str, Any]) -> dict[str, Any]:
    """Return the versions of the libraries that make the document, and the extras installed."""
    others = [name for module, name in _OTHERS.items() if module in sys.modules]
    return {
        "versions": installed_versions((*_LIBRARIES, *others)),
        "extras": installed_extras(request["extras"]),
    }
