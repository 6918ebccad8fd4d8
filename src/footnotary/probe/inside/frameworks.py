"""What frameworks tell of themselves: other OpenAPI documents, and the class behind each schema."""

from __future__ import annotations

import contextlib
import enum
import importlib
import os
import re
from typing import Any

from . import sources

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
    """Return name and place of the class of each schema, where only one can be meant.

    FastAPI names a schema after its class; where two classes have one name it puts the module in
    front (`app__users__User`), and where a model reads and writes differently, `-Input` or
    `-Output` behind. A class of the right name that is not in the document may hide the right
    one: then neither is told.
    """
    components = document.get("components") if isinstance(document, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    known = _named(_candidates())
    found = {}
    for name in schemas if isinstance(schemas, dict) else ():
        bare = next((name[: -len(one)] for one in _MODES if name.endswith(one)), name)
        meant = known.get(bare, [])
        if len(meant) == 1:
            found[name] = sources.told(meant[0], root)
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
