"""Mounts of a service in the short and the long form (compose-spec, "volumes", "tmpfs")."""

import re
from collections.abc import Mapping
from typing import Any

from footnotary.facts.stack import Mount
from footnotary.readers import literals
from footnotary.readers.compose_written import Item, Steps, Written

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def read_mounts(written: Written, name: str, config: Mapping[str, Any]) -> tuple[Mount, ...]:
    """Read the mounts of a service.

    Args:
        written: The stack as written.
        name: The service.
        config: What the merged stack says about it.

    Returns:
        Its mounts in order, those of `tmpfs` last.
    """
    declared = written.declared("volumes")
    found = []
    for item in written.items(name, "volumes", config):
        mount = _long(item, declared) if isinstance(item.raw, dict) else _short(item, declared)
        found.append(_relative(written.merged.root.as_posix(), mount))
    given = config.get("tmpfs")
    for index, target in enumerate(given if isinstance(given, list) else [given] if given else []):
        steps: Steps = ("services", name, "tmpfs")
        steps = (*steps, index) if isinstance(given, list) else steps
        raw = written.raw(target, *steps) or str(target)
        path = literals.path(literals.collapsed(raw).partition(":")[0])
        found.append(Mount(kind="tmpfs", target=path, place=written.merged.place(*steps)))
    return tuple(found)


def _relative(root: str, mount: Mount) -> Mount:
    """Write the source of a bind below the root relative to it: the loader made it absolute."""
    root = root.rstrip("/")
    if mount.source == root or mount.source.startswith(f"{root}/"):
        rest = mount.source[len(root) :].strip("/")
        return mount.model_copy(update={"source": f"./{rest}"})
    return mount


def _long(item: Item, declared: frozenset[str]) -> Mount:
    """Read a mount in its long form."""
    kind = literals.label(item.value.get("type", "volume"))
    return Mount(
        kind=kind,
        source=_source(
            kind, str(item.raw.get("source", "")), str(item.value.get("source", "")), declared
        ),
        target=_target(str(item.raw.get("target", ""))),
        read_only=str(item.value.get("read_only")).casefold() == "true",
        place=item.place,
    )


def _short(item: Item, declared: frozenset[str]) -> Mount:
    """Read `[source:]target[:options]`."""
    parts, raws = _split(str(item.value)), _split(literals.collapsed(str(item.raw)))
    if len(parts) != len(raws):  # a variable holds several parts: its name is all there is
        return Mount(kind=_kind(parts), target=literals.path(":".join(raws)), place=item.place)
    if len(parts) == 1:
        return Mount(kind="volume", target=_target(raws[0]), place=item.place)
    kind = _kind(parts)
    return Mount(
        kind=kind,
        source=_source(kind, raws[0], parts[0], declared),
        target=_target(raws[1]),
        read_only="ro" in ",".join(parts[2:]).split(","),
        place=item.place,
    )


def _target(path: str) -> str:
    """Return a path in the container, without a slash at its end."""
    return literals.path(path.rstrip("/") or path[:1])


def _split(text: str) -> list[str]:
    """Cut a mount at its colons; a drive letter's colon is none."""
    drive = text[:2] if _DRIVE.match(text) else ""
    parts = text[len(drive) :].split(":")
    return [drive + parts[0], *parts[1:]]


def _kind(parts: list[str]) -> str:
    """Tell a path of the host from the name of a volume."""
    source = parts[0] if len(parts) > 1 else ""
    is_path = source.startswith((".", "/", "~", "\\", "${")) or "/" in source
    return "bind" if is_path or _DRIVE.match(source) else "volume"


def _source(kind: str, raw: str, value: str, declared: frozenset[str]) -> str:
    """Return a source as written; of an interpolated volume the name the stack declares."""
    return value if kind == "volume" and value in declared else literals.path(raw)
