"""Published ports in the short and the long form (compose-spec, "ports")."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from footnotary.facts.stack import Port
from footnotary.readers import literals
from footnotary.readers.compose_written import Item

MAX_RANGE = 1000
_VARIABLE = re.compile(r"\$\{[^{}]*\}")
_RANGE = re.compile(r"(\d{1,5})-(\d{1,5})")


def read_ports(items: Iterable[Item]) -> tuple[Port, ...]:
    """Read `ports`, each range as the single ports that compose makes of it.

    Args:
        items: The list, as written and interpolated.

    Returns:
        The ports, in order, each once; to Docker the short form has the mode `ingress`, and
        the long form the one it names, so that both forms of one port are two.
    """
    found: dict[tuple[Port, str], Port] = {}
    for item in items:
        is_long = isinstance(item.value, dict)
        mode = str(item.value.get("mode", "")) if is_long else "ingress"
        for port in _long(item.value) if is_long else _short(str(item.value)):
            found.setdefault((port, mode), port.model_copy(update={"place": item.place}))
    return tuple(found.values())


def _long(entry: Mapping[str, Any]) -> list[Port]:
    """Read the long form."""
    return _expanded(
        literals.collapsed(str(entry.get("host_ip", ""))),
        literals.collapsed(str(entry.get("published", ""))),
        literals.collapsed(str(entry.get("target", ""))),
        str(entry.get("protocol", "tcp")),
    )


def _short(text: str) -> list[Port]:
    """Read `[[address:]published:]target[/protocol]`; the address may be IPv6."""
    plain, _, protocol = literals.collapsed(text).partition("/")
    parts = plain.rsplit(":", 2)
    target = parts[-1]
    published = parts[-2] if len(parts) > 1 else ""
    address = parts[0] if len(parts) > 2 else ""  # noqa: PLR2004  address, published, target
    return _expanded(address.strip("[]"), published, target, protocol or "tcp")


def _expanded(address: str, published: str, target: str, protocol: str) -> list[Port]:
    """Make single ports of ranges of the same length; keep any other range whole."""
    inside, outside = _numbers(target), _numbers(published)
    if not inside or (published and len(inside) != len(outside)):
        return [_port(address, published, target, protocol)]
    return [
        _port(address, str(outside[index]) if outside else "", str(number), protocol)
        for index, number in enumerate(inside)
    ]


def _numbers(text: str) -> list[int]:
    """Return the numbers of a port or range; empty where it is neither, or too long."""
    if text.isdigit():
        return [int(text)]
    found = _RANGE.fullmatch(text)
    if found is None or not 0 <= int(found[2]) - int(found[1]) < MAX_RANGE:
        return []
    return list(range(int(found[1]), int(found[2]) + 1))


def _port(address: str, published: str, target: str, protocol: str) -> Port:
    """Make a port of texts that may be shown: numbers, ranges, addresses, `${NAME}`."""
    return Port(
        address=_shown(address),
        published=_shown(published),
        target=_shown(target),
        protocol=protocol if protocol in {"tcp", "udp", "sctp"} else literals.NOT_SHOWN,
    )


def _shown(text: str) -> str:
    """Return a port, range, address or interpolation; nothing else is shown."""
    bare = _VARIABLE.sub("", text)
    if re.fullmatch(r"[0-9a-fA-F.:-]{0,45}", bare) or bare == "localhost":
        return text
    return literals.NOT_SHOWN
