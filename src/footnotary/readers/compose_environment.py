"""What environment a stack gives its services: `environment` and `env_file`, names first."""

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from footnotary.facts.basis import Place
from footnotary.facts.stack import Setting
from footnotary.readers import dotenv, literals
from footnotary.readers.compose_written import Steps, Written
from footnotary.readers.interpolation import substituted, uses
from footnotary.source.tree import Tree


@dataclass(frozen=True)
class EnvFile:
    """One entry of `env_file`.

    Attributes:
        path: The file, relative to the root where it lies below it.
        shown: The path as a document may show it.
        place: Where the entry stands.
        missing: Whether there is no such file.
        local: Whether git ignores it: it is there on some machines.
        required: Whether compose stops without it.
    """

    path: str
    shown: str
    place: Place
    missing: bool
    local: bool
    required: bool


class Environment:
    """Reads the environment of a stack's services.

    Attributes:
        tree: The project's files.
        files_of_stack: The stack's own files, those it includes or extends left out.
        written: The stack as written.
        merged: The merged stack.
        given: What `.env` files give to interpolations.
        services: Names of its services, which may be shown as hosts.
    """

    def __init__(
        self, tree: Tree, files: tuple[str, ...], written: Written, services: Collection[str]
    ) -> None:
        self.tree = tree
        self.files_of_stack = files
        self.written = written
        self.merged = written.merged
        self.given = written.given
        self.services = frozenset(services)

    def settings(self, service: str, config: Mapping[str, Any]) -> tuple[Setting, ...]:
        """Return what a service is given, by name; `environment` wins over `env_file`."""
        found = self._from_files(service, config)
        for name, value, step in _entries(config.get("environment")):
            setting = self._setting(service, name, value, step)
            found[name] = setting
        return tuple(sorted(found.values(), key=lambda setting: setting.name))

    def _setting(self, service: str, name: str, value: object, step: str | int) -> Setting:
        """Describe one entry of `environment`."""
        place = self.merged.place("services", service, "environment", step)
        raw = self._raw(place, name, step)
        names = tuple(dict.fromkeys(use.name for use in uses(raw)))
        if value is None and not raw:
            return Setting(name=literals.identifier(name), how="passed", place=place)
        return Setting(
            name=literals.identifier(name),
            how="interpolated" if names else "literal",
            shown="" if names else literals.shown(_text(value), name=name, hosts=self.services),
            has_value=not names and bool(_text(value)),
            password_url=literals.has_password(raw),
            uses=names,
            place=place,
        )

    def _raw(self, place: Place, name: str, step: str | int) -> str:
        """Return the value as written."""
        text = self.written.texts.get(place.path)
        if text is None:
            return ""
        if isinstance(step, str):
            return next(iter(text.scalars.get((place.line, name), [])), "")
        items = text.scalars.get((place.line, ""), [])
        return next((item.partition("=")[2] for item in items if item.startswith(f"{name}=")), "")

    def files(self, service: str, config: Mapping[str, Any]) -> list[EnvFile]:
        """Return the `env_file` entries of a service, in order."""
        given = config.get("env_file")
        single = not isinstance(given, list)
        entries = [given] if single and given else given or []
        found = []
        for index, entry in enumerate(entries):
            steps: Steps = ("services", service, "env_file")
            steps = steps if single else (*steps, index)
            if isinstance(entry, dict):
                needed = entry.get("required") is not False
                found.append(self._file(entry.get("path"), (*steps, "path"), required=needed))
            else:
                found.append(self._file(entry, steps, required=True))
        return found

    def _file(self, given: object, steps: Steps, *, required: bool) -> EnvFile:
        """Find one file; a path that was interpolated is shown only if it is a file's."""
        name = str(given or "")
        place = self.merged.place(*steps)
        raw = self.written.raw(name, *steps)
        filled = substituted(
            raw if raw and place.path in self.files_of_stack else name, self.given.to(place.path)
        )
        joined = posixpath.normpath(posixpath.join(self._folder(), filled))
        root = PurePosixPath(self.merged.root.as_posix())
        absolute = PurePosixPath(joined)
        path = str(absolute.relative_to(root) if absolute.is_relative_to(root) else absolute)
        there = self.tree.has(path)
        local = not there and self.tree.is_local(path)
        shown = path if there or not raw else literals.collapsed(raw)
        return EnvFile(
            path, literals.path(shown), place, missing=not there, local=local, required=required
        )

    def _folder(self) -> str:
        """Return the folder of the stack's first file, relative to the root."""
        return next(iter(self.files_of_stack)).rpartition("/")[0]

    def described_files(self, service: str, config: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the `env_file` paths, with a word for those that are not there."""
        return tuple(
            one.shown + (" (local)" if one.local else " (missing)" if one.missing else "")
            for one in self.files(service, config)
        )

    def missing_files(self, service: str, config: Mapping[str, Any]) -> list[str]:
        """Return the `env_file` entries whose file is not there, optional ones left out."""
        return [
            f"{one.shown} (env_file, {one.place})"
            for one in self.files(service, config)
            if one.missing and one.required and not one.local
        ]

    def _from_files(self, service: str, config: Mapping[str, Any]) -> dict[str, Setting]:
        """Return what the files of `env_file` give; a later file wins."""
        found: dict[str, Setting] = {}
        for file in self.files(service, config):
            text = self.tree.text(file.path) or ""
            absent = dotenv.without_value(text) - self.given.project.keys()
            for name, (value, line) in dotenv.assignments(text).items():
                if name in absent:
                    continue
                found[name] = Setting(
                    name=literals.identifier(name),
                    how="env_file",
                    shown=literals.shown(value, name=name, hosts=self.services),
                    has_value=bool(value),
                    password_url=literals.has_password(value),
                    place=Place(path=literals.path(file.path), line=line),
                )
        return found


def _entries(given: object) -> list[tuple[str, object, str | int]]:
    """Return name, value (None if passed through) and step of each entry, in both forms."""
    if isinstance(given, dict):
        return [(str(name), value, str(name)) for name, value in given.items()]
    found: list[tuple[str, object, str | int]] = []
    for index, item in enumerate(given if isinstance(given, list) else []):
        name, sign, value = str(item).partition("=")
        found.append((name, value if sign else None, index))
    return found


def _text(value: object) -> str:
    """Write a YAML scalar as compose passes it on."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
