"""The OpenAPI documents that other frameworks than FastAPI make of themselves."""

from __future__ import annotations

import contextlib
import importlib
import os
from typing import Any


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
    """Return the OpenAPI document of an application; None where it is of no such framework.

    Args:
        found: An application, or what makes documents of one.
    """
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
