"""Keys that a service inherits in another form than its own (compose-spec, "extends").

`env_file: one` of a base and `env_file: [two]` of the service that extends it are joined by
Docker; the loader lets the second replace the first. Here they are joined after it.
"""

import posixpath
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Keys that take one value or a list, and keys that take a list or a mapping of the same names
# (compose-spec, services).
_LISTS = frozenset({"dns", "dns_search", "env_file", "label_file", "tmpfs"})
_MAPPINGS = frozenset({"networks", "models"})
MAX_DEPTH = 20

Services = dict[str, Any]
Load = Callable[[Path], Mapping[str, Any]]


@dataclass(frozen=True)
class _File:
    """The services of one file, `extends` resolved by the loader.

    Attributes:
        services: By name.
        folder: The folder that other files are named from.
        directed: Paths that carry `!reset` or `!override`; these inherit nothing.
    """

    services: Services
    folder: Path
    directed: Collection[str] = ()


def uniform(services: Mapping[str, Any]) -> Services:
    """Return services whose keys all have the form that merges.

    Args:
        services: Services by name, as the loader has them.
    """
    return {
        name: {key: _one_form(key, value) for key, value in config.items()}
        if isinstance(config, dict)
        else config
        for name, config in services.items()
    }


def inherited(
    services: Mapping[str, Any], directed: Collection[str], folder: Path, load: Load
) -> Services:
    """Return services with what the loader lost of those that they extend.

    Args:
        services: Services of one file, `extends` resolved by the loader.
        directed: Paths that carry `!reset` or `!override`; these inherit nothing.
        folder: The folder that files are named from.
        load: Returns the services of another file.
    """
    file = _File(dict(services), folder, directed)
    return {name: _completed(name, file, load, MAX_DEPTH) for name in services}


def _completed(name: str, file: _File, load: Load, depth: int) -> Any:
    """Return a service, its keys joined with those of what it extends."""
    config = file.services.get(name)
    extends = config.get("extends") if isinstance(config, dict) else None
    if not extends or not depth or not isinstance(config, dict):
        return config
    other, base_name = ("", extends) if isinstance(extends, str) else _named(extends)
    if other:
        path = file.folder / other
        base = _completed(base_name, _File(dict(load(path)), path.parent), load, depth - 1)
    else:
        base = _completed(base_name, file, load, depth - 1)
    if not isinstance(base, dict):
        return config
    joined = dict(config)
    for key in (_LISTS | _MAPPINGS) & base.keys() & config.keys():
        if f"services.{name}.{key}" not in file.directed:
            value = _rebased(key, base[key], posixpath.dirname(other))
            joined[key] = _joined(_one_form(key, value), _one_form(key, config[key]))
    return joined


def _named(extends: Mapping[str, Any]) -> tuple[str, str]:
    """Return the file and the service that the long form of `extends` names."""
    file = str(extends.get("file") or "")
    return ("" if "$" in file or "://" in file else file), str(extends.get("service") or "")


def _joined(base: Any, own: Any) -> Any:
    """Join two values of one form; of different forms the own one stands."""
    if isinstance(base, list) and isinstance(own, list):
        return [*base, *(one for one in own if one not in base)]
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **own}
    return own


def _one_form(key: str, value: Any) -> Any:
    """Return the form that merges: a list for one value, a mapping for a list of names."""
    if key in _LISTS and isinstance(value, str):
        return [value]
    if key in _MAPPINGS and isinstance(value, list):
        return dict.fromkeys(map(str, value))
    return value


def _rebased(key: str, value: Any, folder: str) -> Any:
    """Return `env_file` paths of another file as the extending one would write them."""
    if key != "env_file" or not folder:
        return value
    if isinstance(value, list):
        return [_rebased(key, one, folder) for one in value]
    if isinstance(value, dict):
        return {**value, "path": posixpath.join(folder, str(value.get("path", "")))}
    return posixpath.normpath(posixpath.join(folder, str(value)))
