"""The DEPLOY document: how the system runs."""

from collections.abc import Mapping
from typing import cast

from footnotary.counting import counted
from footnotary.documents import deploy_operations, deploy_stacks, environment_matrix
from footnotary.documents.escape import prose
from footnotary.documents.kinds import Context, Part, Prose, Region
from footnotary.facts.basis import Facts
from footnotary.facts.deploy import DeployFacts

_WHERE = """## What runs where

_Which of these stacks runs in production, on which machine, behind which name? Who may log in
there, and where do its secrets come from?_"""

_OPERATIONS = """## Rolling back, restoring, being called at night

_To which version do you roll back, and how do you know that it worked? When was a backup last
restored, and how long did it take? What fails first, who notices, and what do they do?_"""

# Earlier versions put the questions into comments, which no site shows.
_FORMER_WHERE = """\
<!-- Which of these stacks runs in production, on which machine, behind which name?
Who may log in there, and where do its secrets come from? -->"""
_FORMER_OPERATIONS = """\
<!-- To which version do you roll back, and how do you know that it worked?
When was a backup last restored, and how long did it take?
What fails first, who notices, and what do they do? -->"""


class Deploy:
    """The document kind `deploy`."""

    name = "deploy"
    prefix = "DEPLOY"
    folder = "deployment"
    title = "Deployment"
    section = "What runs where"
    options: frozenset[str] = frozenset({"compose_files", "profiles"})
    prose: tuple[Prose, ...] = (
        Prose(_WHERE, former=(_FORMER_WHERE,)),
        Prose(_OPERATIONS, former=(_FORMER_OPERATIONS,)),
    )
    facts: type[Facts] = DeployFacts

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the whole document in order."""
        deploy = cast("DeployFacts", facts)
        where, operations = self.prose
        return (
            Region("overview", _overview(deploy, context)),
            where,
            Region("stacks", deploy_stacks.stacks(deploy)),
            Region("dockerfiles", deploy_stacks.dockerfiles(deploy)),
            Region("environment", environment_matrix.matrix(deploy)),
            Region("hardening", deploy_operations.hardening(deploy)),
            Region("commands", deploy_operations.commands(deploy)),
            operations,
            Region("workflows", deploy_operations.workflows(deploy)),
        )

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Nothing lies beside this document but its facts."""
        del facts, context
        return {}


DEPLOY = Deploy()


def _overview(facts: DeployFacts, context: Context) -> str:
    """Render the counts, what changed since the last document, and the caveats."""
    count = facts.summary
    kinds = ("dockerfiles", "containerfiles", "inline_dockerfiles")
    files = sum(count.get(kind, 0) for kind in kinds)
    parts = (
        counted(count.get("services", 0), "service"),
        counted(count.get("ports", 0), "published port"),
        counted(count.get("volumes", 0), "named volume"),
        counted(count.get("networks", 0), "network"),
        counted(files, "Dockerfile"),
        counted(count.get("stacks", 0), "compose stack"),
    )
    lines = ["## At a glance", ", ".join(parts) + "."]
    if others := count.get("services_of_others", 0):
        lines.append(
            f"Counted is the stack that runs; {counted(others, 'more service')} in other folders"
            " stand under the other stacks."
        )
    verdicts = sum(bool(variable.verdicts) for variable in facts.matrix)
    weighty = sum(one.severity != "note" for one in facts.hardening)
    lines.append(
        f"{counted(len(facts.matrix), 'environment variable')}, {verdicts} of them with"
        f" something to know; {counted(weighty, 'hardening finding')} above a note."
    )
    if facts.caveats:
        lines.append("What is missing or could not be read:")
        lines.append("\n".join(f"- {prose(caveat)}" for caveat in facts.caveats))
    lines += _changes(facts, context)
    return "\n\n".join(lines)


def _changes(facts: DeployFacts, context: Context) -> list[str]:
    """Say which services and variables came and went since the last document."""
    previous = context.previous
    if not isinstance(previous, DeployFacts):
        return []
    lines = []
    for noun, before, now in (
        ("Services", _services(previous), _services(facts)),
        ("Variables", {v.name for v in previous.matrix}, {v.name for v in facts.matrix}),
    ):
        added, gone = sorted(now - before), sorted(before - now)
        if added:
            lines.append(f"- {noun} that are new: {prose(', '.join(added))}")
        if gone:
            lines.append(f"- {noun} that are gone: {prose(', '.join(gone))}")
    when = f" of {context.previous_date}" if context.previous_date else ""
    return [f"Since the last document{when}:", "\n".join(lines)] if lines else []


def _services(facts: DeployFacts) -> set[str]:
    """Return the names of all services."""
    return {service.name for stack in facts.stacks for service in stack.services}
