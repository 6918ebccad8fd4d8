"""What `docker compose` refuses in files that could be read (compose-go, "consistency")."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from footnotary.compose.interpolation import find_uses
from footnotary.compose.loading import Loaded
from footnotary.compose.merging import as_dependencies
from footnotary.compose.nodes import MapNode, Node, find_below, get_entries, get_members, get_text
from footnotary.facts.basis import Place

# What a service runs: one of these is needed (compose-spec, "services").
_RUNS = ("image", "build", "provider")
_REFERENCES = (("networks", "network"), ("secrets", "secret"), ("configs", "config"))
# Two keys for one limit: where both are given they must agree.
_TWICE = (
    (("mem_limit",), ("deploy", "resources", "limits", "memory")),
    (("cpus",), ("deploy", "resources", "limits", "cpus")),
    (("pids_limit",), ("deploy", "resources", "limits", "pids")),
    (("mem_reservation",), ("deploy", "resources", "reservations", "memory")),
    (("scale",), ("deploy", "replicas")),
)


@dataclass(frozen=True)
class Refusal:
    """One thing that `docker compose` refuses.

    Attributes:
        subject: The service it is about; empty for the files themselves.
        message: What is wrong; `{}` stands for the name.
        place: Where.
        name: A name from the file, or empty.
    """

    subject: str
    message: str
    place: Place
    name: str = ""


def find_refusals(loaded: Loaded) -> Iterator[Refusal]:
    """Yield what makes `docker compose` refuse a stack."""
    for name, node in loaded.section("services").items():
        if not isinstance(node, MapNode):
            yield Refusal(name, "has no body", node.place)
            continue
        if not any(_is_set(node.items.get(key)) for key in _RUNS):
            yield Refusal(name, "has neither an image nor a build", node.place)
        yield from _undeclared(loaded, name, node)
        yield from _find_contradictions(name, node)
    yield from _shared_names(loaded)
    yield from _circles(loaded)
    for scalar in loaded.interpolated:
        if not all(use.is_valid for use in find_uses(scalar.raw)):
            yield Refusal("", "an interpolation has an invalid form", scalar.place)
    for scalar in loaded.times:
        yield Refusal("", "a day or time needs quotes", scalar.place)


def _circles(loaded: Loaded) -> Iterator[Refusal]:
    """Yield a circle in which services wait for each other."""
    services = loaded.section("services")
    needed = {
        name: [
            *(as_dependencies(waits).items if (waits := find_below(node, "depends_on")) else ()),
            *(get_text(one).partition(":")[0] for one in get_members(find_below(node, "links"))),
        ]
        for name, node in services.items()
    }
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        name, *others = error.args[1][1:]
        if name in services:
            message = "waits in a circle that begins with {}"
            yield Refusal(name, message, services[name].place, others[0] if others else name)


def _shared_names(loaded: Loaded) -> Iterator[Refusal]:
    """Yield the services that have the container name of another one."""
    owners: dict[str, str] = {}
    for name, node in loaded.section("services").items():
        own = find_below(node, "container_name")
        text = get_text(own)
        if own and text and "$" not in text and owners.setdefault(text, name) != name:
            yield Refusal(name, "has the container name of {}", own.place, owners[text])


def _is_set(node: Node | None) -> bool:
    """Tell whether a key has a value that is not empty."""
    return bool(get_text(node) or get_members(node) or get_entries(node))


def _undeclared(loaded: Loaded, name: str, service: MapNode) -> Iterator[Refusal]:
    """Yield the references of a service to what the stack does not declare."""
    for key, noun in _REFERENCES:
        yield from _lost(name, service.items.get(key), noun, loaded.section(key))
    services = loaded.section("services")
    for key in ("depends_on", "links"):
        yield from _lost(name, service.items.get(key), "service", services.keys())
    for entry in get_members(service.items.get("volumes")):
        source = volume_name(entry)
        if source and source not in loaded.section("volumes"):
            yield _undeclared_one(name, "volume", source, entry)


def _lost(name: str, node: Node | None, noun: str, known: Collection[str]) -> Iterator[Refusal]:
    """Yield the names in a list, or the keys of a mapping, that are not known."""
    if node is None:
        return
    given = {*get_entries(node)} or {
        get_text(find_below(one, "source")) or get_text(one).partition(":")[0]
        for one in get_members(node)
    }
    for lost in sorted(given - {""}):
        is_implied = noun == "network" and lost == "default"
        if "$" not in lost and lost not in known and not is_implied:
            yield _undeclared_one(name, noun, lost, node)


def _undeclared_one(name: str, noun: str, lost: str, node: Node) -> Refusal:
    """Return the refusal of a reference."""
    return Refusal(name, f"refers to the {noun} {{}}, which is not declared", node.place, lost)


def volume_name(entry: Node) -> str:
    """Return the volume that an entry of `volumes` names; empty for binds and the rest."""
    if isinstance(entry, MapNode):
        kind = get_text(entry.items.get("type"))
        return get_text(entry.items.get("source")) if kind == "volume" else ""
    source, colon, _ = get_text(entry).partition(":")
    is_plain = colon and len(source) > 1 and not any(sign in source for sign in "/\\~$.")
    return source if is_plain else ""


def _find_contradictions(name: str, service: MapNode) -> Iterator[Refusal]:
    """Yield keys of a service that exclude each other."""
    mounted = {get_text(one) for one in get_members(service.items.get("tmpfs"))}
    targets = [one.partition(":")[0] for one in mounted]
    if doubled := {one for one in targets if targets.count(one) > 1}:
        place = service.items["tmpfs"].place
        yield Refusal(name, "mounts {} twice", place, min(doubled))
    if "network_mode" in service.items and _is_set(service.items.get("networks")):
        place = service.items["network_mode"].place
        yield Refusal(name, "has both network_mode and networks", place)
    build = service.items.get("build")
    if build and {"dockerfile", "dockerfile_inline"} <= get_entries(build).keys():
        yield Refusal(name, "has both dockerfile and dockerfile_inline", build.place)
    for short, long in _TWICE:
        first, second = find_below(service, *short), find_below(service, *long)
        if first and second and _read_amount(get_text(first)) != _read_amount(get_text(second)):
            message = f"has different values for {'.'.join(short)} and {'.'.join(long)}"
            yield Refusal(name, message, first.place)


def _read_amount(text: str) -> float | str:
    """Return a number of bytes or CPUs, so that `1g` and `1024m` are equal."""
    plain = text.casefold().removesuffix("b").removesuffix("i")
    power = "kmgt".find(plain[-1:]) + 1 if plain else 0
    try:
        return float(plain[:-1] if power else plain) * float(1024**power)
    except ValueError:
        return text
