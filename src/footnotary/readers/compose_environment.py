"""What environment a stack gives its services: `environment` and `env_file`, names first."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from footnotary.facts.basis import Place
from footnotary.facts.stack import Setting
from footnotary.readers import compose_text, dotenv, literals
from footnotary.readers.compose import Merged
from footnotary.readers.tree import Tree


class Environment:
    """Reads the environment of a stack's services.

    Attributes:
        tree: The project's files.
        merged: The merged stack.
        texts: Its files as written, by path.
        services: Names of its services, which may be shown as hosts.
        given: What the .env beside the stack gives; never shown.
    """

    def __init__(
        self,
        tree: Tree,
        merged: Merged,
        texts: Mapping[str, compose_text.Text],
        services: Mapping[str, Any],
    ) -> None:
        self.tree = tree
        self.merged = merged
        self.texts = texts
        self.services = frozenset(services)
        path = str(PurePosixPath(self._folder()) / ".env")
        given = dotenv.assignments(tree.text(path) or "")
        self.given = {name: value for name, (value, _) in given.items()}

    def settings(self, service: str, config: Mapping[str, Any]) -> tuple[Setting, ...]:
        """Return what a service is given, by name; `environment` wins over `env_file`."""
        found = self._from_files(config)
        for name, value, step in _entries(config.get("environment")):
            setting = self._setting(service, name, value, step)
            found[name] = setting
        return tuple(sorted(found.values(), key=lambda setting: setting.name))

    def _setting(self, service: str, name: str, value: object, step: str | int) -> Setting:
        """Describe one entry of `environment`."""
        place = self.merged.place("services", service, "environment", step)
        raw = self._raw(place, name, step)
        uses = tuple(dict.fromkeys(use.name for use in compose_text.uses(raw)))
        if value is None and not raw:
            return Setting(name=literals.identifier(name), how="passed", place=place)
        return Setting(
            name=literals.identifier(name),
            how="interpolated" if uses else "literal",
            shown="" if uses else literals.shown(_text(value), name=name, hosts=self.services),
            has_value=not uses and bool(_text(value)),
            password_url=literals.has_password(raw),
            uses=uses,
            place=place,
        )

    def _raw(self, place: Place, name: str, step: str | int) -> str:
        """Return the value as written."""
        text = self.texts.get(place.path)
        if text is None:
            return ""
        if isinstance(step, str):
            return next(iter(text.scalars.get((place.line, name), [])), "")
        items = text.scalars.get((place.line, ""), [])
        return next((item.partition("=")[2] for item in items if item.startswith(f"{name}=")), "")

    def files(self, config: Mapping[str, Any]) -> list[str]:
        """Return the `env_file` paths of a service, relative to the root, in order."""
        given = config.get("env_file")
        entries = given if isinstance(given, list) else [given] if given else []
        names = [entry.get("path") if isinstance(entry, dict) else entry for entry in entries]
        folder = self._folder()
        root = PurePosixPath(self.merged.root.as_posix())
        found = []
        for name in names:
            path = PurePosixPath(folder) / str(name)
            found.append(str(path.relative_to(root) if path.is_relative_to(root) else path))
        return found

    def _folder(self) -> str:
        """Return the folder of the stack's first file, relative to the root."""
        return next(iter(self.texts), "").rpartition("/")[0]

    def described_files(self, config: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the `env_file` paths, with a word for those that are not there."""
        return tuple(
            literals.path(path) + ("" if self.tree.has(path) else " (missing)")
            for path in self.files(config)
        )

    def missing_files(self, service: str, config: Mapping[str, Any]) -> list[str]:
        """Return the `env_file` entries whose file is not there, optional ones left out."""
        given = config.get("env_file")
        entries = given if isinstance(given, list) else [given] if given else []
        place = self.merged.place("services", service, "env_file")
        return [
            f"{literals.path(path)} (env_file, {place})"
            for path, entry in zip(self.files(config), entries, strict=True)
            if not self.tree.has(path)
            and not (isinstance(entry, dict) and entry.get("required") is False)
        ]

    def _from_files(self, config: Mapping[str, Any]) -> dict[str, Setting]:
        """Return what the files of `env_file` give; a later file wins."""
        found: dict[str, Setting] = {}
        for path in self.files(config):
            for name, (value, line) in dotenv.assignments(self.tree.text(path) or "").items():
                found[name] = Setting(
                    name=literals.identifier(name),
                    how="env_file",
                    shown=literals.shown(value, name=name, hosts=self.services),
                    has_value=bool(value),
                    password_url=literals.has_password(value),
                    place=Place(path=literals.path(path), line=line),
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
