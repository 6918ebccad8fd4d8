"""Published ports and mounts of a service, in their short and long forms (compose-spec)."""

import posixpath
import re
from collections.abc import Collection

from footnotary.compose.interpolation import reduce_variables
from footnotary.compose.nodes import MapNode, Node, ScalarNode, get_members, get_text, is_true
from footnotary.facts.basis import Place
from footnotary.facts.stack import Mount, Port
from footnotary.readers import literals

MAX_RANGE = 1000
_ADDRESS = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}|localhost"
)
_PROTOCOLS = {"tcp", "udp", "sctp"}
_MOUNT_TYPES = {"volume", "bind", "tmpfs", "npipe", "cluster", "image"}
_PORT = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def show_written(node: Node | None, declared: Collection[str] = ()) -> str:
    """Return a scalar as its author wrote it: a variable as `${NAME}`, whatever its value.

    Args:
        node: The value; anything but a scalar is empty.
        declared: Names that the stack declares: a variable that becomes one is shown as it.
    """
    if not isinstance(node, ScalarNode):
        return ""
    text = node.text
    if not node.is_interpolated or text in declared:
        return text
    return reduce_variables(node.raw).replace("$$", "$")


def read_ports(node: Node | None) -> tuple[Port, ...]:
    """Read `ports`, each range as the single ports that compose makes of it.

    Returns:
        The ports in order, each once. To Docker a long form without quotes around its published
        port is another port than the same one in quotes.
    """
    found: dict[tuple[str, ...], Port] = {}
    for item in get_members(node):
        is_number = False
        if isinstance(item, MapNode):
            published = item.items.get("published")
            is_number = isinstance(published, ScalarNode) and published.plain
            parts = [get_text(item.items.get(key)) for key in ("host_ip", "published", "target")]
            protocol = get_text(item.items.get("protocol"))
        else:
            plain, _, protocol = get_text(item).partition("/")
            parts = plain.rsplit(":", 2)
            parts = [*[""] * (3 - len(parts)), *parts]
        parts[0] = parts[0].strip("[]")
        for port in _expanded(parts, protocol or "tcp", item.place):
            key = port.address or "0.0.0.0", port.published, port.target, port.protocol  # noqa: S104
            found[(*key, str(is_number))] = port
    return tuple(found.values())


def _expanded(parts: list[str], protocol: str, place: Place) -> list[Port]:
    """Make single ports of ranges of the same length; keep any other range whole."""
    address, published, target = parts
    inside, outside = _numbers(target), _numbers(published)
    if not inside or (published and len(inside) != len(outside)):
        pairs = [(published, target)]
    else:
        pairs = [(str(outside[n]) if outside else "", str(port)) for n, port in enumerate(inside)]
    return [
        Port(
            address=literals.one_of(_ADDRESS, address),
            published=literals.one_of(_PORT, outer),
            target=literals.one_of(_PORT, inner),
            protocol=literals.one_of(_PROTOCOLS, protocol),
            place=place,
        )
        for outer, inner in pairs
    ]


def _numbers(text: str) -> list[int]:
    """Return the numbers of a port or range; empty where it is neither, or too long."""
    if text.isdigit():
        return [int(text)]
    found = _PORT.fullmatch(text)
    if not found or not found[2] or not 0 <= int(found[2]) - int(found[1]) < MAX_RANGE:
        return []
    return list(range(int(found[1]), int(found[2]) + 1))


def read_mounts(service: MapNode, declared: Collection[str], folder: str) -> tuple[Mount, ...]:
    """Read `volumes` and `tmpfs` of a service.

    Args:
        service: The service.
        declared: The volumes that the stack declares.
        folder: The stack's folder; sources below others are written relative to it.

    Returns:
        Its mounts in order, those of `tmpfs` last; of two with one target the later one.
    """
    found: dict[str, Mount] = {}
    for item in get_members(service.items.get("volumes")):
        if isinstance(item, MapNode):
            mount = _long_mount(item, declared)
        else:
            mount = _short_mount(item, declared)
        if mount.kind == "bind" and item.source.folder != folder:
            mount = mount.model_copy(update={"source": rebase_path(mount.source, item, folder)})
        is_told = mount.target != literals.NOT_SHOWN
        found[mount.target if is_told else f"{mount.target} {id(item)}"] = mount
    for item in get_members(service.items.get("tmpfs")):
        target = literals.path(show_written(item).partition(":")[0])
        found[f"tmpfs {target}"] = Mount(kind="tmpfs", target=target, place=item.place)
    return tuple(found.values())


def rebase_path(path: str, node: Node, folder: str) -> str:
    """Write a relative path that another file names as one relative to the stack's folder."""
    if node.source.folder == folder or path.startswith(("/", "~", "$")) or "\\" in path:
        return path
    joined = posixpath.join(node.source.folder, path)
    below = posixpath.relpath(joined, folder or ".")
    return below if below.startswith("..") else f"./{below}"


def _long_mount(item: MapNode, declared: Collection[str]) -> Mount:
    """Read a mount in its long form."""
    kind = literals.one_of(_MOUNT_TYPES, get_text(item.items.get("type")) or "volume")
    source = item.items.get("source")
    return Mount(
        kind=kind,
        source=literals.path(show_written(source, declared if kind == "volume" else ())),
        target=_target(show_written(item.items.get("target"))),
        read_only=is_true(item.items.get("read_only")),
        place=item.place,
    )


def _short_mount(item: Node, declared: Collection[str]) -> Mount:
    """Read `[source:]target[:options]`."""
    parts, raws = _split(get_text(item)), _split(show_written(item))
    if literals.holds_userinfo(get_text(item)):  # a password may hold the colons it is cut at
        parts, raws = [literals.NOT_SHOWN] * len(parts), [literals.NOT_SHOWN] * len(raws)
    if len(parts) != len(raws):  # a variable holds several parts: its name is all there is
        return Mount(kind=_kind(parts), target=literals.path(":".join(raws)), place=item.place)
    if len(parts) == 1:
        return Mount(kind="volume", target=_target(raws[0]), place=item.place)
    kind = _kind(parts)
    is_declared = kind == "volume" and parts[0] in declared
    return Mount(
        kind=kind,
        source=parts[0] if is_declared else literals.path(raws[0]),
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
