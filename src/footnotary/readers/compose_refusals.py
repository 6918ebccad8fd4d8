"""What docker compose refuses in a stack that could be read (compose-go, "consistency")."""

from collections.abc import Iterator, Mapping
from typing import Any

from footnotary.readers import literals
from footnotary.readers.compose import Merged

_REFERENCES = (("networks", "network"), ("secrets", "secret"), ("configs", "config"))
# What a service runs: one of these is needed (compose-spec, "services").
_RUNS = ("image", "build", "provider")


def refusals(merged: Merged) -> Iterator[str]:
    """Yield what makes `docker compose` refuse a stack, each with its place.

    Args:
        merged: The merged stack.
    """
    services = merged.data.get("services")
    for name, config in (services if isinstance(services, dict) else {}).items():
        if config is None:
            yield f"the service {literals.label(name)} has no body ({_place(merged, name)})"
        elif isinstance(config, dict):
            if not any(config.get(key) for key in _RUNS):
                place = _place(merged, name)
                yield f"{literals.label(name)} has neither an image nor a build ({place})"
            yield from _undeclared(merged, str(name), config)


def _undeclared(merged: Merged, name: str, config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the references of a service to what the stack does not declare."""
    for key, noun in _REFERENCES:
        known = _names(merged.data.get(key)) | ({"default"} if key == "networks" else set())
        for one in sorted(_referred(config.get(key)) - known):
            yield _refusal(merged, name, key, f"the {noun} {literals.label(one)}")
    known = _names(merged.data.get("services"))
    for one in sorted(_needed(config) - known):
        yield _refusal(merged, name, "depends_on", f"the service {literals.label(one)}")
    for entry in config.get("volumes") or ():
        source = _volume(entry)
        if source and source not in _names(merged.data.get("volumes")):
            yield _refusal(merged, name, "volumes", f"the volume {literals.label(source)}")


def _refusal(merged: Merged, name: str, key: str, what: str) -> str:
    """Say that a service refers to something that is not declared."""
    place = merged.place("services", name, key)
    return f"{literals.label(name)} refers to {what}, which is not declared ({place})"


def _place(merged: Merged, name: object) -> str:
    """Return where a service stands."""
    return str(merged.place("services", str(name)))


def _names(value: object) -> set[str]:
    """Return the keys of a mapping."""
    return {str(name) for name in value} if isinstance(value, dict) else set()


def _referred(value: object) -> set[str]:
    """Return the names in a list or the keys of a mapping; interpolated ones are left out."""
    entries = value if isinstance(value, list | dict) else ()
    names = {str(e.get("source", "") if isinstance(e, dict) else e) for e in entries}
    return {name for name in names if name and "$" not in name}


def _needed(config: Mapping[str, Any]) -> set[str]:
    """Return the services that a service waits for or links to."""
    links = {name.partition(":")[0] for name in _referred(config.get("links"))}
    return _referred(config.get("depends_on")) | links


def _volume(entry: object) -> str:
    """Return the volume that an entry of `volumes` names; empty for binds and the rest."""
    if isinstance(entry, dict):
        source = entry.get("source") if entry.get("type") == "volume" else ""
        return "" if "$" in str(source) else str(source or "")
    source, colon, _ = str(entry).partition(":")
    plain = colon and len(source) > 1 and not any(sign in source for sign in "/\\~$.")
    return source if plain else ""
