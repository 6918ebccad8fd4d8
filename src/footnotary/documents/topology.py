"""The topology of a stack as a Mermaid diagram within Mermaid's limits."""

from footnotary.facts.stack import Service, Stack

MAX_EDGES = 400
MAX_CHARACTERS = 45_000


def diagram(stack: Stack) -> str:
    """Draw services, published ports, named volumes and dependencies.

    Args:
        stack: The stack.

    Returns:
        A fenced `mermaid` block. Mermaid refuses more than 500 edges or 50,000 characters:
        of a larger stack the volumes, then the ports are left out, and a line says so.
    """
    parts = [_services(stack), _ports(stack), _volumes(stack)]
    for kept in (3, 2, 1):
        lines = [line for part in parts[:kept] for line in part]
        edges = sum("--" in line or "-." in line for line in lines)
        body = "\n".join(f"  {line}" for line in lines)
        if edges <= MAX_EDGES and len(body) <= MAX_CHARACTERS:
            left_out = ("", "The volumes", "The ports and volumes")[3 - kept]
            note = (
                f"\n\n{left_out} are left out: the diagram would be too large." if left_out else ""
            )
            return f"```mermaid\nflowchart LR\n{body}\n```{note}"
    return "The stack is too large for a diagram."


def _identifiers(stack: Stack) -> dict[str, str]:
    """Give every service a node's name that Mermaid cannot misread."""
    return {service.name: f"s{index}" for index, service in enumerate(stack.services)}


def _services(stack: Stack) -> list[str]:
    """Draw the services, grouped by network, and what they wait for."""
    names = _identifiers(stack)
    lines = []
    for index, network in enumerate(stack.networks):
        members = [s for s in stack.services if s.networks[:1] == (network,)]
        if members:
            lines.append(f'subgraph n{index}["network {_label(network)}"]')
            lines += [f"  {_node(names, service)}" for service in members]
            lines.append("end")
    lines += [_node(names, service) for service in stack.services if not service.networks]
    for service in stack.services:
        for one in service.depends_on:
            if one.service in names:
                label = (
                    "" if one.condition == "service_started" else f"|{_condition(one.condition)}|"
                )
                lines.append(f"{names[service.name]} -->{label} {names[one.service]}")
    return lines


def _node(names: dict[str, str], service: Service) -> str:
    """Draw one service."""
    runs = service.image or (service.build and f"build {service.build}")
    more = f"<br/>{_label(runs)}" if runs else ""
    if service.networks[1:]:  # a node stands in one box; its other networks are named in it
        more += f"<br/>also in {_label(', '.join(service.networks[1:]))}"
    return f'{names[service.name]}["{_label(service.name)}{more}"]'


def _ports(stack: Stack) -> list[str]:
    """Draw the published ports."""
    names = _identifiers(stack)
    lines = []
    for service in stack.services:
        published = [port.published or "any" for port in service.ports]
        if published:
            shown = ", ".join(published[:6]) + (" …" if len(published) > 6 else "")  # noqa: PLR2004  six fit a node
            node = f"p{names[service.name]}"
            lines.append(f'{node}(["{_label(shown)}"]) --- {names[service.name]}')
    return lines


def _volumes(stack: Stack) -> list[str]:
    """Draw the named volumes."""
    names = _identifiers(stack)
    volumes = {name: f"v{index}" for index, name in enumerate(stack.volumes)}
    lines = [f'{node}[("{_label(name)}")]' for name, node in volumes.items()]
    edges = {
        (names[service.name], volumes[mount.source])
        for service in stack.services
        for mount in service.mounts
        if mount.kind == "volume" and mount.source in volumes
    }
    return lines + [f"{service} -.- {volume}" for service, volume in sorted(edges)]


def _condition(condition: str) -> str:
    """Return the word of a condition."""
    return _label(condition.removeprefix("service_").replace("_", " "))


def _label(words: str) -> str:
    """Return words that are safe in a quoted Mermaid label."""
    kept = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "`": "#96;", "|": "#124;"}
    return "".join(kept.get(character, character) for character in " ".join(words.split()))
