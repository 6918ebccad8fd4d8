"""The DEPLOY document: how the system runs."""

from collections.abc import Callable, Iterable
from functools import partial

from footnotary.counting import counted, first_few
from footnotary.documents import deploy_stacks
from footnotary.documents.escape import code, escape_text, list_codes, prose, write_link
from footnotary.documents.kinds import Context, DocumentKind, Part, Prose, Region
from footnotary.documents.tables import render_folded, write_rows, write_table
from footnotary.documents.what_changed import changes_between, render_changes_since
from footnotary.facts.deploy import (
    Command,
    DeployFacts,
    Hardening,
    Variable,
    VariableReading,
    Workflow,
)
from footnotary.facts.stack import Stack

MAX_COLUMNS = 4
MAX_PLACES = 3


def render_matrix(facts: DeployFacts) -> str:
    """Render each variable with its readers, its setters and what it is.

    Values are never shown. Variables of which no reading was found and about which there is
    nothing to know (the settings of other people's images) are folded.
    """
    lines = ["## Environment", _INTRODUCTION]
    if not facts.matrix:
        unread = facts.read.failed or facts.dynamic_readings or facts.unread_files
        where = " in what could be read" if unread else ""
        lines.append(f"No variable is read or set{where}.")
    stacks = [stack for stack in facts.stacks if not stack.error]
    noted = [variable for variable in facts.matrix if variable.verdicts]
    if noted:
        lines.append("### Remarks")
        lines.append("\n".join(f"- {code(v.name)}: {prose('; '.join(v.verdicts))}." for v in noted))
    main = [variable for variable in facts.matrix if _matters(variable)]
    rest = [variable for variable in facts.matrix if not _matters(variable)]
    if main:
        lines += ["### Who reads, who sets", _table(main, stacks)]
    if rest:
        title = f"{counted(len(rest), 'variable')} for which no reading was found"
        lines.append(render_folded(title, _table(rest, stacks)))
    if facts.dynamic_readings:
        places = ", ".join(code(str(place)) for place in facts.dynamic_readings[:20])
        lines.append(
            f"Names are computed, or the whole environment is handed on, at {places}; which"
            " variables no code reads is not known."
        )
    return "\n\n".join(lines)


_INTRODUCTION = (
    "Values that are set are never copied here, only names and the defaults of the code. What is in"
    " `.env` is interpolated into compose files; it reaches a container only where a stack says so."
)


def _matters(variable: Variable) -> bool:
    """Tell whether a variable belongs in the open table."""
    return bool(
        variable.readings
        or variable.verdicts
        or variable.required
        or variable.secret
        or variable.examples
    )


def _table(variables: list[Variable], stacks: list[Stack]) -> str:
    """Render rows; one column a stack while there are few, else one for all."""
    given: dict[str, Callable[[Variable], str]] = {"Given to": _list_services}
    if len(stacks) <= MAX_COLUMNS:
        given = {prose(stack.name): partial(_list_services, name=stack.name) for stack in stacks}
    return write_rows(
        variables,
        {
            "Variable": lambda one: code(one.name),
            "Read at": lambda one: _places(reading.place for reading in one.readings),
            "Type": _types,
            "Default": lambda one: _default(one.readings),
            "Required": show_required,
            "Secret": lambda one: escape_text(one.secret),
            **given,
            ".env": lambda one: _places(one.dotenv),
            "Sample": lambda one: _places(one.examples),
            "Dockerfile": lambda one: _places(one.dockerfiles),
        },
    )


def _types(variable: Variable) -> str:
    """Render the types that the code reads a variable as."""
    types = dict.fromkeys(reading.type for reading in variable.readings if reading.type)
    is_validated = any(reading.validated for reading in variable.readings)
    return list_codes(types) + " validated" * is_validated


def _list_services(variable: Variable, name: str = "") -> str:
    """Render the services that a stack, or any, gives a variable to."""
    if name:
        return list_codes(variable.stacks.get(name, ()))
    return list_codes(sorted({one for services in variable.stacks.values() for one in services}))


def show_required(variable: Variable) -> str:
    """Render whether something stops without a variable.

    Returns:
        `yes`, `this or ...` where any of several names sets the field, or an empty string.
    """
    stopping = [reading for reading in variable.readings if reading.required]
    if not variable.required or not stopping or variable.interpolated:
        return "yes" if variable.required else ""
    if not all(reading.others for reading in stopping):
        return "yes"
    fields = dict.fromkeys(reading.others for reading in stopping)
    return "; ".join(
        f"this or {first_few(list(map(code, others)), MAX_PLACES)}" for others in fields
    )


def _default(readings: tuple[VariableReading, ...]) -> str:
    """Render the code's default: the value where it may be shown, else that there is one."""
    shown = [reading.shown_default for reading in readings if reading.shown_default]
    if shown:
        return code(shown[0])
    return "yes" if any(reading.has_default for reading in readings) else ""


def _places(places: Iterable[object]) -> str:
    """Render some places and how many more there are."""
    return first_few(list(map(code, dict.fromkeys(map(str, places)))), MAX_PLACES)


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


def _deploy_parts(deploy: DeployFacts, context: Context) -> tuple[Part, ...]:
    """Return the whole document in order."""
    where, operations = DEPLOY.prose
    return (
        Region("overview", _overview(deploy)),
        where,
        Region("stacks", deploy_stacks.render_stacks(deploy)),
        Region("dockerfiles", deploy_stacks.render_dockerfiles(deploy)),
        Region("environment", render_matrix(deploy)),
        Region("hardening", _hardening(deploy)),
        Region("commands", _commands(deploy)),
        operations,
        Region("workflows", _workflows(deploy)),
        Region(
            "changes", render_changes_since(deploy, context, changes_between, _scope, judged=False)
        ),
    )


DEPLOY = DocumentKind(
    name="deploy",
    title="Deployment",
    section="What runs where",
    facts=DeployFacts,
    prose=(
        Prose(_WHERE, former=(_FORMER_WHERE,)),
        Prose(_OPERATIONS, former=(_FORMER_OPERATIONS,)),
    ),
    parts=_deploy_parts,
    options=frozenset({"compose_files", "profiles", "python", "env_file", "mocks", "timeout"}),
)


def _overview(facts: DeployFacts) -> str:
    """Render the counts and the caveats."""
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
        f" remarks; {counted(weighty, 'hardening finding')}, notes not counted."
    )
    if facts.caveats:
        lines.append("What is missing or could not be read:")
        lines.append("\n".join(f"- {prose(caveat)}" for caveat in facts.caveats))
    return "\n\n".join(lines)


_SCOPE = (
    "compose stacks and their services (images, ports, volumes, variables …), Dockerfiles, `.env`"
    " files, the variables that code reads, hardening, commands and workflows; of values those"
    " that are shown"
)


def _scope(before: DeployFacts, after: DeployFacts) -> str:
    """Return what was compared."""
    unread = before.unread_files or after.unread_files
    return _SCOPE + ("; some files could not be read, and were not compared" if unread else "")


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


def _hardening(facts: DeployFacts) -> str:
    """Render what could be harder, notes folded, each with what it rests on."""
    lines = ["## Hardening"]
    weighty = [one for one in facts.hardening if one.severity != "note"]
    notes = [one for one in facts.hardening if one.severity == "note"]
    if not facts.hardening:
        where = " in the files that could be read" if facts.unread_files else ""
        lines.append(f"Nothing was found by these rules{where}.")
    if weighty:
        lines.append(_breaches(weighty))
    if notes:
        lines.append(render_folded(counted(len(notes), "note"), _breaches(notes)))
    return "\n\n".join(lines)


def _breaches(found: list[Hardening]) -> str:
    """Render breaches, those of one rule as one row."""
    groups: dict[tuple[str, str], list[Hardening]] = {}
    for one in found:
        groups.setdefault((one.severity, one.code), []).append(one)
    return write_table(
        ("Severity", "Rule", "Where", "What", "Rests on"),
        [
            (
                severity,
                code(rule),
                first_few([f"{code(o.subject)} at {code(str(o.place))}" for o in members], 6),
                _messages(members),
                write_link(members[0].reference, members[0].url),
            )
            for (severity, rule), members in groups.items()
        ],
    )


def _messages(members: list[Hardening]) -> str:
    """Render what the breaches of a rule say, each thing once."""
    unique = list(dict.fromkeys(one.message for one in members))
    more = f" and {len(unique) - MAX_MESSAGES} more" if len(unique) > MAX_MESSAGES else ""
    return "; ".join(prose(message) for message in unique[:MAX_MESSAGES]) + more


def _commands(facts: DeployFacts) -> str:
    """Render the derived commands by purpose."""
    lines = ["## Commands"]
    if not facts.commands:
        return "## Commands\n\nNo command could be derived from the project's files."
    for purpose, title in _TITLES.items():
        found = [command for command in facts.commands if command.purpose == purpose]
        if found:
            lines += [f"### {title}", _command_table(found)]
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


def _command_table(found: list[Command]) -> str:
    """Render commands with their origin."""
    return write_table(
        ("Command", "From", "Note"),
        [(code(one.words), code(str(one.origin)), prose(one.note)) for one in found],
    )


def _workflows(facts: DeployFacts) -> str:
    """Render the CI workflows."""
    lines = ["## Continuous integration"]
    if not facts.workflows:
        lines.append("No GitHub Actions workflow or GitLab pipeline was found in its folder.")
        return "\n\n".join(lines)
    lines.append(
        write_table(
            ("Workflow", "Starts on", "Jobs", "Secrets", "Variables", "Actions"),
            [_workflow(one) for one in facts.workflows],
        )
    )
    return "\n\n".join(lines)


def _workflow(one: Workflow) -> tuple[str, ...]:
    """Render one workflow as a row."""
    name = f"{code(one.path)} {escape_text(one.name)}".strip()
    if one.error:
        return (name, f"could not be read: {escape_text(one.error)}", "", "", "", "")
    actions = dict.fromkeys(action for job in one.jobs for action in job.uses)
    return (
        name,
        list_codes(one.triggers),
        "; ".join(
            code(job.name)
            + (f" on {escape_text(job.runs_on)}" if job.runs_on else "")
            + f" ({job.steps} steps)"
            + (f" after {escape_text(', '.join(job.needs))}" if job.needs else "")
            for job in one.jobs
        ),
        list_codes(one.secrets),
        list_codes(one.variables),
        list_codes(actions),
    )
