"""Hardening, commands and workflows as sections of the DEPLOY document."""

from footnotary.counting import counted
from footnotary.documents.escape import code, link, prose, text
from footnotary.documents.tables import folded, table
from footnotary.facts.deploy import Command, DeployFacts, Hardening, Workflow

MAX_MESSAGES = 5
_TITLES = {
    "start": "Start",
    "develop": "Develop",
    "build": "Build",
    "stop": "Stop",
    "migrate": "Migrate",
    "rollback": "Roll back a migration",
    "back-up": "Back up",
    "task": "Other tasks",
}


def hardening(facts: DeployFacts) -> str:
    """Render what could be harder, notes folded, each with what it rests on."""
    lines = ["## Hardening"]
    weighty = [one for one in facts.hardening if one.severity != "note"]
    notes = [one for one in facts.hardening if one.severity == "note"]
    if not facts.hardening:
        lines.append("Nothing was found by these rules.")
    if weighty:
        lines.append(_table(weighty))
    if notes:
        lines.append(folded(counted(len(notes), "note"), _table(notes)))
    return "\n\n".join(lines)


def _table(found: list[Hardening]) -> str:
    """Render breaches, those of one rule as one row."""
    groups: dict[tuple[str, str], list[Hardening]] = {}
    for one in found:
        groups.setdefault((one.severity, one.code), []).append(one)
    return table(
        ("Severity", "Rule", "Where", "What", "Rests on"),
        [
            (
                severity,
                code(rule),
                ", ".join(f"{code(one.subject)} at {code(str(one.place))}" for one in members[:6])
                + (f" and {len(members) - 6} more" if len(members) > 6 else ""),  # noqa: PLR2004  six fit a cell
                _messages(members),
                link(members[0].reference, members[0].url),
            )
            for (severity, rule), members in groups.items()
        ],
    )


def _messages(members: list[Hardening]) -> str:
    """Render what the breaches of a rule say, each thing once."""
    unique = list(dict.fromkeys(one.message for one in members))
    more = f" and {len(unique) - MAX_MESSAGES} more" if len(unique) > MAX_MESSAGES else ""
    return "; ".join(prose(message) for message in unique[:MAX_MESSAGES]) + more


def commands(facts: DeployFacts) -> str:
    """Render the derived commands by purpose."""
    lines = ["## Commands"]
    if not facts.commands:
        return "## Commands\n\nNo command could be derived from the project's files."
    for purpose, title in _TITLES.items():
        found = [command for command in facts.commands if command.purpose == purpose]
        if found:
            lines += [f"### {title}", _commands(found)]
    missing = [
        words
        for purpose, words in (
            ("migrate", "migrate the database"),
            ("back-up", "back up"),
            ("rollback", "roll back a migration"),
        )
        if not any(command.purpose == purpose for command in facts.commands)
    ]
    if missing:
        lines.append(f"No command to {', or to '.join(missing)} could be derived.")
    return "\n\n".join(lines)


def _commands(found: list[Command]) -> str:
    """Render commands with their origin."""
    return table(
        ("Command", "From", "Note"),
        [(code(one.words), code(str(one.origin)), prose(one.note)) for one in found],
    )


def workflows(facts: DeployFacts) -> str:
    """Render the CI workflows."""
    lines = ["## Continuous integration"]
    if not facts.workflows:
        lines.append("There is no GitHub Actions workflow and no GitLab pipeline.")
        return "\n\n".join(lines)
    lines.append(
        table(
            ("Workflow", "Starts on", "Jobs", "Secrets", "Variables", "Actions"),
            [_workflow(one) for one in facts.workflows],
        )
    )
    return "\n\n".join(lines)


def _workflow(one: Workflow) -> tuple[str, ...]:
    """Render one workflow as a row."""
    name = f"{code(one.path)} {text(one.name)}".strip()
    if one.error:
        return (name, f"could not be read: {text(one.error)}", "", "", "", "")
    actions = dict.fromkeys(action for job in one.jobs for action in job.uses)
    return (
        name,
        ", ".join(map(code, one.triggers)),
        "; ".join(
            code(job.name)
            + (f" on {text(job.runs_on)}" if job.runs_on else "")
            + f" ({job.steps} steps)"
            + (f" after {text(', '.join(job.needs))}" if job.needs else "")
            for job in one.jobs
        ),
        ", ".join(code(secret) for secret in one.secrets),
        ", ".join(code(variable) for variable in one.variables),
        ", ".join(code(action) for action in actions),
    )
