"""Asking pydantic-settings, in the project's own interpreter, which variables it reads."""

from dataclasses import replace
from typing import Any

from footnotary.errors import ImportFailed, ProjectError
from footnotary.facts.basis import Place
from footnotary.facts.options import ReadOptions
from footnotary.probe.child import ask, told_reason
from footnotary.probe.discovery import import_folders, module_of
from footnotary.probe.interpreter import parser_of
from footnotary.probe.requests import request_import
from footnotary.project import Project
from footnotary.source import Tree
from footnotary.source.settings import ImportedSettings, find_settings_files
from footnotary.source.settings_fields import SettingsField


def import_settings(project: Project, options: ReadOptions) -> ImportedSettings | None:
    """Import a project's settings classes and ask the library for their variables.

    Args:
        project: The user's project.
        options: `python`, `env_file`, `mocks`, `timeout`, `source_only` are used.

    Returns:
        What it said; None where there is no settings class, or nothing may be imported.

    Raises:
        ProjectError: The interpreter that the user named cannot be started.
        UsageError: The file of settings cannot be read.
    """
    files = (
        ()
        if options.source_only
        else find_settings_files(Tree(project.root), parser_of(project, options.python))
    )
    if not files:
        return None
    found = [module_of(project.root / path, project.root) for path in files]
    folders = [*(folder for folder, _ in found), *import_folders(project.root)]
    request = request_import(project, options, "settings", map(str, folders))
    request = replace(request, modules=tuple(module for _, module in found))
    try:
        data = ask(request).data
    except ImportFailed as error:
        return ImportedSettings(caveats=(_from_source(error.message),))
    except ProjectError:
        if options.python:
            raise
        return ImportedSettings(caveats=(_from_source("No interpreter could be started."),))
    return _told(data, dict(zip((module for _, module in found), files, strict=True)))


def _from_source(reason: str) -> str:
    return f"Settings classes are read from their source alone: {reason}"


def _told(data: dict[str, Any], files: dict[str, str]) -> ImportedSettings:
    """Return what the child told."""
    known = [one for one in data["classes"] if not one["failed"]]
    fields = [_field(row, (one["path"], one["name"])) for one in known for row in one["fields"]]
    whole = {one["path"] for one in known}
    caveats = [
        _from_source(f"{files[module]} cannot be imported ({told_reason(why).rstrip('.')}).")
        for module, why in data["failed"].items()
        if files[module] not in whole
    ]
    caveats += [
        _from_source(f"{one['name']} cannot be asked ({told_reason(one['failed']).rstrip('.')}).")
        for one in data["classes"]
        if one["failed"]
    ]
    return ImportedSettings(
        fields=tuple(fields),
        classes=frozenset((one["path"], one["name"]) for one in known),
        caveats=tuple(caveats),
    )


def _field(row: dict[str, Any], owner: tuple[str, str]) -> SettingsField:
    """Return one variable; in capitals where letter case does not count."""
    written = str.upper if row["any_case"] else str
    return SettingsField(
        name=written(row["name"]),
        place=Place(**row["place"]),
        owner=owner,
        others=tuple(dict.fromkeys(map(written, row["others"]))),
        any_case=row["any_case"],
        begins=row["begins"],
        annotation=row["annotation"],
        required=row["required"],
        has_default=row["has_default"],
        default=row["default"],
        validated=row["validated"],
        files=row["files"],
        scope="imported",
    )
