"""Which distributions the extras and dependency groups of a project want (PEP 621, PEP 735)."""

import re
from collections.abc import Mapping
from typing import Any

from footnotary.errors import ProjectError
from footnotary.files import read_regular
from footnotary.project import Project

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?=$|[\[(<>=!~@#\\])")
_MAX_REQUIREMENTS = 1_000_000


def wanted_by_extras(project: Project) -> dict[str, tuple[str, ...]]:
    """Return the distributions that each extra or group of a project wants.

    Args:
        project: The user's project.

    Returns:
        Names by extra, those of the project itself under an empty one; requirements with a
        marker, which need not apply, and extras that want nothing else are left out.
    """
    try:
        data = project.pyproject()
    except ProjectError:
        return {}
    table = _mapping(data.get("project"))
    poetry = _mapping(_mapping(data.get("tool")).get("poetry"))
    listed = {
        "": [*_list(table.get("dependencies")), *_requirements(project)],
        **_mapping(table.get("optional-dependencies")),
        **_mapping(data.get("dependency-groups")),
    }
    found = {str(name): _names(rows) for name, rows in listed.items()}
    for name, group in _mapping(poetry.get("group")).items():
        found[str(name)] = tuple(_mapping(_mapping(group).get("dependencies")))
    own = str(table.get("name", "")).casefold()
    named = {
        name: tuple(one for one in names if one.casefold() != own) for name, names in found.items()
    }
    return {name: names for name, names in sorted(named.items()) if names}


def _names(rows: object) -> tuple[str, ...]:
    """Return the names of requirements that have no marker."""
    texts = [row for row in _list(rows) if isinstance(row, str)]
    matched = (_NAME.match(row) for row in texts if ";" not in row)
    return tuple(one[1] for one in matched if one)


def _requirements(project: Project) -> list[str]:
    """Return the lines of requirements.txt; what is an option or an address there has no name."""
    try:
        raw = read_regular(project.root / "requirements.txt", _MAX_REQUIREMENTS, follow=True)
    except OSError:
        return []
    return raw.decode("utf-8", "replace").splitlines()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
