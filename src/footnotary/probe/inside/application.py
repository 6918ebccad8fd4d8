"""What an application says of itself: its OpenAPI document, and where its handlers stand."""

from __future__ import annotations

import inspect
import os
from typing import Any

from .loading import attribute

_DEPTH = 8


def describe(request: dict[str, Any]) -> dict[str, Any]:
    """Import the application and describe it.

    Args:
        request: `target`, `arguments` (or None) and `root`.

    Returns:
        `document` (OpenAPI), `routes`, `mounts`, `websockets`, `middleware`, `versions`.
    """
    found = attribute(request["target"], request["arguments"])
    application = _application(found)
    if isinstance(application, dict):
        return {"document": application, "versions": _versions()}
    routes = _routes(application)
    return {
        "document": application.openapi(),
        "routes": [_route(one, request["root"]) for one in routes if hasattr(one, "dependant")],
        "hidden": [
            _name(one) for one in routes if getattr(one, "include_in_schema", True) is False
        ],
        "websockets": [
            {"path": one.path, "place": _place(one.endpoint, request["root"])}
            for one in routes
            if "WebSocket" in type(getattr(one, "original_route", one)).__name__
        ],
        "mounts": _mounts(application),
        "middleware": [
            getattr(one.cls, "__name__", str(one.cls)) for one in application.user_middleware
        ],
        "lifespan": _lifespan(application, request["root"]),
        "versions": _versions(),
    }


def _application(found: Any) -> Any:
    """Return the FastAPI application behind an object: itself, a wrapped one, or a factory's."""
    for _ in range(_DEPTH):
        if isinstance(found, dict) or callable(getattr(found, "openapi", None)):
            return found
        inner = getattr(found, "app", None)
        if inner is not None:
            found = inner
        elif callable(found):
            found = found()
        else:
            break
    raise TypeError("it is a " + type(found).__name__ + ", not a FastAPI application")


def _routes(application: Any) -> list[Any]:
    """Return every route, flat: FastAPI 0.137 on keeps a tree and offers a walk over it."""
    from fastapi import routing

    walk = getattr(routing, "iter_route_contexts", None)
    return list(walk(application.routes)) if walk else list(application.routes)


def _name(route: Any) -> str:
    methods = ",".join(sorted(getattr(route, "methods", None) or ()))
    return (methods + " " + str(getattr(route, "path", ""))).strip()


def _route(route: Any, root: str) -> dict[str, Any]:
    endpoint = inspect.unwrap(route.endpoint)
    return {
        "path": route.path_format if hasattr(route, "path_format") else route.path,
        "methods": sorted(getattr(route, "methods", None) or ()),
        "name": endpoint.__module__
        + "."
        + getattr(endpoint, "__qualname__", type(endpoint).__name__),
        "place": _place(endpoint, root),
        "doc": inspect.getdoc(endpoint) or "",
        "dependencies": _dependencies(route.dependant, root, 0),
    }


def _dependencies(dependant: Any, root: str, depth: int) -> list[dict[str, Any]]:
    found = []
    for one in getattr(dependant, "dependencies", ()):
        call = inspect.unwrap(one.call) if callable(one.call) else one.call
        name = getattr(call, "__qualname__", None) or type(call).__name__
        module = getattr(call, "__module__", "") or ""
        below = _dependencies(one, root, depth + 1) if depth < _DEPTH else []
        found.append(
            {"name": module + "." + name, "place": _place(call, root), "dependencies": below}
        )
    return found


def _mounts(application: Any) -> list[dict[str, Any]]:
    found = []
    for one in application.routes:
        inner = getattr(one, "app", None)
        if type(one).__name__ == "Mount" and inner is not None:
            document = inner.openapi() if callable(getattr(inner, "openapi", None)) else None
            found.append({"path": one.path, "app": type(inner).__name__, "document": document})
    return found


def _lifespan(application: Any, root: str) -> dict[str, Any] | None:
    context = getattr(application.router, "lifespan_context", None)
    function = inspect.unwrap(context) if callable(context) else None
    place = _place(function, root)
    return place if place and not place["path"].startswith("..") else None


def _place(thing: Any, root: str) -> dict[str, Any] | None:
    """Return file (relative to the root where it is inside) and line; None where there is none."""
    try:
        path = inspect.getsourcefile(thing)
        line = inspect.getsourcelines(thing)[1]
    except (TypeError, OSError):
        return None
    if not path:
        return None
    real, base = os.path.realpath(path), os.path.realpath(root)
    if real.startswith(base + os.sep) and "site-packages" not in real[len(base) :]:
        return {"path": os.path.relpath(real, base).replace(os.sep, "/"), "line": line}
    parts = real.replace(os.sep, "/").split("site-packages/")
    return {
        "path": "../" + (parts[-1] if len(parts) > 1 else real.rsplit(os.sep, 1)[-1]),
        "line": line,
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ("fastapi", "starlette", "pydantic", "pydantic-settings", "uvicorn"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
