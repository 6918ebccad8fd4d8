"""Stacks and Dockerfiles as sections of the DEPLOY document, with a diagram of each stack."""

from footnotary.counting import counted, first_few
from footnotary.documents.escape import code, escape_text, list_codes, prose
from footnotary.documents.tables import render_folded, write_rows, write_table
from footnotary.facts.deploy import DeployFacts, Dockerfile, image_is_checked
from footnotary.facts.stack import Interpolation, Mount, Port, Service, Stack

_ROLES = {
    "runs": "",
    "other": "Overrides and other stacks",
    "aside": "Samples, tests and stacks of others",
}


def render_stacks(facts: DeployFacts) -> str:
    """Render the stacks that run in full, the others folded.

    Returns:
        A section with a diagram and a services table for each stack.
    """
    if not facts.stacks:
        return "## Stacks\n\nNo file of this project is named like a compose file."
    parts = ["## Stacks"]
    for role, title in _ROLES.items():
        found = [stack for stack in facts.stacks if stack.role == role]
        if found and title:
            parts.append(f"### {title}")
        for stack in found:
            body = _render_stack(stack, facts)
            if title:
                services = counted(len(stack.services), "service")
                parts.append(render_folded(f"{prose(stack.name)}: {services}", body))
            else:
                parts += [f"### {prose(stack.name)}", body]
    return "\n\n".join(parts)


def _render_stack(stack: Stack, facts: DeployFacts) -> str:
    """Render one stack."""
    if stack.error:
        return f"Could not be read: {escape_text(stack.error)}."
    parts = []
    if stack.default:
        parts.append("This is what `docker compose up` runs in its folder.")
    elif stack.role == "runs":
        parts.append("A bare `docker compose up` does not run it: its files are named with `-f`.")
    parts += [f"Not there: {prose(one)}." for one in stack.missing]
    parts += [f"Refused by docker compose: {prose(one)}." for one in stack.refused]
    parts += [draw_stack(stack), _render_services(stack, facts.dockerfiles), _details(stack)]
    unread = {*facts.read.left_out, *(one.path for one in facts.dotenv_files if one.error)}
    is_read = f"{stack.folder}/.env".lstrip("/") not in unread
    parts += [
        _render_resources(stack),
        _render_interpolations(stack.interpolations, is_read=is_read),
    ]
    return "\n\n".join(part for part in parts if part)


def _render_services(stack: Stack, files: tuple[Dockerfile, ...]) -> str:
    """Render the table of services and profiles of a stack."""
    return write_rows(
        stack.services,
        {
            "Service": lambda one: code(one.name),
            "Image or build": _origin,
            "Profiles": lambda one: list_codes(one.profiles) or "always",
            "Ports": lambda one: list_codes(map(write_port, one.ports)),
            "Health": lambda one: _health(one, files),
            "Volumes": lambda one: list_codes(map(_render_mount, one.mounts)),
            "Limits": lambda one: escape_text(", ".join(one.limits)),
            "Restart": lambda one: escape_text(one.restart),
            "User": lambda one: code(one.user),
            "Waits for": _waits,
        },
    )


def _health(service: Service, files: tuple[Dockerfile, ...]) -> str:
    """Render what checks a service: compose, or else the image that it builds."""
    if service.healthcheck:
        return code(service.healthcheck)
    if not (service.image or service.build):
        return ""  # no container that could be healthy
    return "by its image" if image_is_checked(service, files) else "none here"


def _origin(service: Service) -> str:
    """Render what a service runs: an image, a build, or both."""
    build = service.dockerfile or service.build
    target = f" stage {code(service.build_target)}" if service.build_target else ""
    parts = [f"built from {code(build)}{target}"] if service.build else []
    if service.image:
        parts.append(f"as {code(service.image)}" if parts else code(service.image))
    if service.provider:
        parts.append(f"by the provider {code(service.provider)}")
    return ", ".join(parts) or "nothing"


def _render_mount(mount: Mount) -> str:
    """Write a mount as compose does."""
    source = f"{mount.source}:" if mount.source else ""
    return f"{source}{mount.target}{':ro' if mount.read_only else ''}"


def _waits(service: Service) -> str:
    """Render what a service waits for."""
    conditions = {
        "service_started": "",
        "service_healthy": " healthy",
        "service_completed_successfully": " done",
    }
    return ", ".join(
        code(one.service) + conditions.get(one.condition, f" {escape_text(one.condition)}")
        for one in service.depends_on
    )


def write_port(port: Port) -> str:
    """Write a published port as compose does."""
    address = f"[{port.address}]" if ":" in port.address else port.address
    outside = ":".join(part for part in (address, port.published) if part)
    suffix = "" if port.protocol == "tcp" else f"/{port.protocol}"
    return f"{outside}:{port.target}{suffix}" if outside else f"{port.target}{suffix}"


def _details(stack: Stack) -> str:
    """Render what only some services have: secrets, configs, files, privileges, watch."""
    return write_rows(
        stack.services,
        {
            "Service": lambda one: code(one.name),
            "Defined at": lambda one: code(str(one.place)),
            "Command": lambda one: code(one.command),
            "Networks": lambda one: list_codes(n for n in one.networks if n != "default"),
            "Secrets": lambda one: list_codes(one.secrets),
            "Configs": lambda one: list_codes(one.configs),
            "env_file": lambda one: list_codes(one.env_files),
            "More": lambda one: escape_text(", ".join(_count_more(one))),
        },
    )


def _count_more(service: Service) -> list[str]:
    """Say what else is set, in words."""
    found = [*service.privileges, *service.hardening]
    found += [f"model {name}" for name in service.models]
    found += service.extras
    if service.watch:
        found.append(counted(service.watch, "watch rule"))
    if service.replicas != 1:
        found.append(f"{service.replicas} replicas")
    return found


def _render_resources(stack: Stack) -> str:
    """Render the declared volumes, networks, secrets and configs by the names Docker has."""
    rows = [
        (
            one.kind,
            code(one.name),
            code(one.real) or ("" if one.kind in {"secret", "config"} else "after the project"),
            "must be there before" if one.external else escape_text(one.origin),
            code(str(one.place)),
        )
        for one in stack.resources
    ]
    if not rows:
        return ""
    return render_folded(
        f"{counted(len(rows), 'resource')} declared",
        write_table(("Kind", "Key", "Docker's name", "From", "Declared at"), rows),
    )


def _render_interpolations(found: tuple[Interpolation, ...], *, is_read: bool) -> str:
    """Render what the files interpolate."""
    if not found:
        return ""
    rows = [
        (
            code(one.name),
            "stops without it" if one.required else ("default" if one.has_default else "empty"),
            code(one.shown_default),
            "yes" if one.in_dotenv else "no" if is_read else "unknown",
            first_few([code(str(place)) for place in one.places], 3),
        )
        for one in found
    ]
    return render_folded(
        f"{counted(len(rows), 'variable')} interpolated into these files",
        write_table(("Variable", "If unset", "Default", "In .env", "Used at"), rows),
    )


def render_dockerfiles(facts: DeployFacts) -> str:
    """Render every Dockerfile with its stages and variables."""
    if not facts.dockerfiles:
        return (
            "## Dockerfiles\n\nNo file of this project is named like a Dockerfile, and none that a"
            " compose file names is here."
        )
    return "## Dockerfiles\n\n" + "\n\n".join(_dockerfile(one) for one in facts.dockerfiles)


def _dockerfile(one: Dockerfile) -> str:
    """Render one Dockerfile."""
    heading = f"### {prose(one.path)}"
    if one.error:
        return f"{heading}\n\nCould not be read: {escape_text(one.error)}."
    arguments = dict.fromkeys(v.name for v in one.variables if v.kind == "ARG")
    settings = dict.fromkeys(v.name for v in one.variables if v.kind == "ENV")
    lines = [heading, _render_stages(one) or "It has no stage: there is no `FROM`."]
    if arguments:
        lines.append("Build arguments: " + list_codes(arguments) + ".")
    if settings:
        lines.append("Environment: " + list_codes(settings) + ".")
    lines += [f"The build stops: a `FROM` names {escape_text(name)}." for name in one.undefined]
    if not one.inline:
        lines.append(f"Ignore file: {code(one.ignore_file) if one.ignore_file else 'none'}.")
    return "\n\n".join(lines)


def _render_stages(one: Dockerfile) -> str:
    """Render the stages of a Dockerfile as a table."""
    pins = {"stage": "a stage above", "argument": "build argument"}
    return write_rows(
        one.stages,
        {
            "Stage": lambda stage: code(stage.name) or str(stage.index),
            "From": lambda stage: code(stage.base),
            "Pinned by": lambda stage: pins.get(stage.kind, stage.pinned or stage.kind),
            "User": lambda stage: code(stage.user),
            "Exposes": lambda stage: list_codes(stage.exposed),
            "Health": lambda stage: "checked" if stage.healthcheck else "",
            "Entry point": lambda stage: code(stage.entrypoint),
            "Command": lambda stage: code(stage.command),
            "Cache mounts": lambda stage: list_codes(stage.cache_mounts),
            "Secret mounts": lambda stage: list_codes(stage.secret_mounts),
        },
    )


_MAX_EDGES = 400
_MAX_CHARACTERS = 45_000


def draw_stack(stack: Stack) -> str:
    """Draw services, published ports, named volumes and dependencies.

    Returns:
        A fenced `mermaid` block. Mermaid refuses more than 500 edges or 50,000 characters:
        of a larger stack the volumes, then the ports are left out, and a line says so.
    """
    parts = [_service_nodes(stack), _port_nodes(stack), _volume_nodes(stack)]
    for kept in (3, 2, 1):
        lines = [line for part in parts[:kept] for line in part]
        edges = sum("--" in line or "-." in line for line in lines)
        body = "\n".join(f"  {line}" for line in lines)
        if edges <= _MAX_EDGES and len(body) <= _MAX_CHARACTERS:
            left_out = ("", "The volumes", "The ports and volumes")[3 - kept]
            note = (
                f"\n\n{left_out} are left out: the diagram would be too large." if left_out else ""
            )
            return f"```mermaid\nflowchart LR\n{body}\n```{note}"
    return "The stack is too large for a diagram."


def _identifiers(stack: Stack) -> dict[str, str]:
    """Give every service a node's name that Mermaid cannot misread."""
    return {service.name: f"s{index}" for index, service in enumerate(stack.services)}


def _service_nodes(stack: Stack) -> list[str]:
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
    if service.networks[1:]:  # a node is in one box; its other networks are named in it
        more += f"<br/>also in {_label(', '.join(service.networks[1:]))}"
    return f'{names[service.name]}["{_label(service.name)}{more}"]'


def _port_nodes(stack: Stack) -> list[str]:
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


def _volume_nodes(stack: Stack) -> list[str]:
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
