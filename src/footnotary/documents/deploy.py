"""The DEPLOY document: how the system runs."""

from collections.abc import Mapping
from typing import cast

from footnotary.documents import topology
from footnotary.documents.escape import code, text
from footnotary.documents.kinds import Context, Part, Prose, Region
from footnotary.documents.tables import table
from footnotary.facts.basis import Facts
from footnotary.facts.deploy import DeployFacts, Dockerfile, Port, Service, Stack


class Deploy:
    """The document kind `deploy`."""

    name = "deploy"
    prefix = "DEPLOY"
    folder = "deployment"
    title = "Deployment"
    facts: type[Facts] = DeployFacts

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the whole document in order."""
        del context
        deploy = cast("DeployFacts", facts)
        return (
            Region("overview", _overview(deploy)),
            Prose(_WHAT),
            Region("stacks", _stacks(deploy)),
            Region("dockerfiles", _dockerfiles(deploy)),
        )

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Nothing lies beside this document but its facts."""
        del facts, context
        return {}


DEPLOY = Deploy()

_WHAT = """## What runs where

<!-- Which of these stacks runs in production, on which machine, and who may reach it? -->"""


def _overview(facts: DeployFacts) -> str:
    """Render the counts and the caveats."""
    count = facts.summary
    files = count["dockerfiles"] + count["containerfiles"]
    parts = (
        f"{count['services']} services",
        f"{count['ports']} published ports",
        f"{count['volumes']} named volumes",
        f"{count['networks']} networks",
        f"{files} Dockerfiles",
        f"{count['stacks']} stacks",
    )
    lines = [", ".join(parts) + "."]
    if facts.caveats:
        lines.append("\n".join(f"- {text(caveat)}" for caveat in facts.caveats))
    return "## At a glance\n\n" + "\n\n".join(lines)


def _stacks(facts: DeployFacts) -> str:
    """Render every stack."""
    return "## Stacks\n\n" + "\n\n".join(_stack(stack) for stack in facts.stacks)


def _stack(stack: Stack) -> str:
    """Render one stack."""
    heading = f"### {text(stack.name)}"
    if stack.error:
        return f"{heading}\n\nCould not be read: {text(stack.error)}."
    return f"{heading}\n\n{topology.diagram(stack)}\n\n{_services(stack)}"


def _services(stack: Stack) -> str:
    """Render the services of a stack as a table."""
    return table(
        ("Service", "Image or build", "Profiles", "Ports", "Health", "Volumes", "Waits for"),
        [
            (
                code(service.name),
                code(service.image) if service.image else f"build {code(service.build)}",
                ", ".join(code(profile) for profile in service.profiles) or "always",
                ", ".join(code(port_text(port)) for port in service.ports),
                text(service.healthcheck),
                ", ".join(code(mount.source or mount.target) for mount in service.mounts),
                _waits(service),
            )
            for service in stack.services
        ],
    )


def _waits(service: Service) -> str:
    """Render what a service waits for."""
    return ", ".join(
        code(one.service)
        + ("" if one.condition == "service_started" else f" ({text(one.condition)})")
        for one in service.depends_on
    )


def port_text(port: Port) -> str:
    """Write a published port as compose does."""
    outside = ":".join(part for part in (port.address, port.published) if part)
    suffix = "" if port.protocol == "tcp" else f"/{port.protocol}"
    return f"{outside}:{port.target}{suffix}" if outside else f"{port.target}{suffix}"


def _dockerfiles(facts: DeployFacts) -> str:
    """Render every Dockerfile."""
    if not facts.dockerfiles:
        return "## Dockerfiles\n\nThere is none."
    return "## Dockerfiles\n\n" + "\n\n".join(_dockerfile(one) for one in facts.dockerfiles)


def _dockerfile(one: Dockerfile) -> str:
    """Render one Dockerfile."""
    heading = f"### {text(one.path)}"
    if one.error:
        return f"{heading}\n\nCould not be read: {text(one.error)}."
    return (
        heading
        + "\n\n"
        + table(
            ("Stage", "From", "Pinned by", "User", "Exposes", "Entry point", "Command"),
            [
                (
                    text(stage.name or str(stage.index)),
                    code(stage.base),
                    text(stage.pinned or stage.kind),
                    code(stage.user),
                    ", ".join(code(port) for port in stage.exposed),
                    code(stage.entrypoint),
                    code(stage.command),
                )
                for stage in one.stages
            ],
        )
    )
