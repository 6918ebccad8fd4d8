"""Applications of other frameworks than FastAPI: what a project has, and what can be told of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Framework:
    """What makes the applications of a framework.

    Attributes:
        name: What people call it.
        package: What is imported for its OpenAPI document, by some file of the project.
        makers: Names of classes whose objects are applications.
        describes: Whether an application has an OpenAPI document of its own.
    """

    name: str
    package: str
    makers: frozenset[str]
    describes: bool = False


FASTAPI = Framework("FastAPI", "fastapi", frozenset({"FastAPI"}), describes=True)
OTHERS = (
    Framework("Litestar", "litestar", frozenset({"Litestar"}), describes=True),
    Framework("APIFlask", "apiflask", frozenset({"APIFlask"}), describes=True),
    Framework("Flask-Smorest", "flask_smorest", frozenset({"Flask"}), describes=True),
    Framework("Connexion", "connexion", frozenset({"FlaskApp", "AsyncApp", "App"}), describes=True),
    Framework("Django Ninja", "ninja", frozenset({"NinjaAPI", "NinjaExtraAPI"}), describes=True),
    Framework("Flask", "flask", frozenset({"Flask"})),
    Framework("Quart", "quart", frozenset({"Quart"})),
    Framework("Sanic", "sanic", frozenset({"Sanic"})),
    Framework("Starlette", "starlette", frozenset({"Starlette"})),
    Framework("aiohttp", "aiohttp", frozenset({"Application"})),
    Framework("BlackSheep", "blacksheep", frozenset({"Application"})),
    Framework("Falcon", "falcon", frozenset({"App", "API"})),
    Framework("Tornado", "tornado", frozenset({"Application"})),
    Framework("Bottle", "bottle", frozenset({"Bottle"})),
    Framework("Pyramid", "pyramid", frozenset({"Configurator"})),
)
SPECTACULAR = "drf_spectacular.generators:SchemaGenerator()"
"""What makes the OpenAPI document of a Django project with drf-spectacular."""
_SETTINGS = re.compile(r"DJANGO_SETTINGS_MODULE[\"']\s*,\s*[\"']([\w.]+)[\"']")


def uses(package: str, texts: Mapping[Path, str]) -> bool:
    """Tell whether a file imports a package.

    Args:
        package: Its import name.
        texts: Texts of Python files.
    """
    pattern = re.compile(rf"^\s*(?:from|import)\s+{re.escape(package)}\b", re.MULTILINE)
    return any(pattern.search(text) for text in texts.values())


def django_settings(texts: Mapping[Path, str]) -> tuple[Path, str] | None:
    """Return where a Django project is started and its settings module; None where it is none.

    Args:
        texts: Texts of the project's Python files.
    """
    found = [
        (len(path.parts), path, hit[1])
        for path, text in texts.items()
        if path.name == "manage.py" and (hit := _SETTINGS.search(text))
    ]
    return min(found)[1:] if found else None
