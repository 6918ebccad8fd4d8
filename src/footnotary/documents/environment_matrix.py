"""The environment matrix as a section of the DEPLOY document."""

from footnotary.counting import counted, first_few
from footnotary.documents.escape import code, escape_text, prose
from footnotary.documents.tables import render_folded, table
from footnotary.facts.deploy import DeployFacts, Variable, VariableReading
from footnotary.facts.stack import Stack

MAX_COLUMNS = 4
MAX_PLACES = 3


def matrix(facts: DeployFacts) -> str:
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
        lines.append("### To know")
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
    "Names only: no value is ever copied here. What is in `.env` is interpolated into"
    " compose files; it reaches a container only where a stack says so."
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
    few = len(stacks) <= MAX_COLUMNS
    columns = [prose(stack.name) for stack in stacks] if few else ["Given to"]
    return table(
        (
            "Variable",
            "Read at",
            "Type",
            "Default",
            "Required",
            "Secret",
            *columns,
            ".env",
            "Sample",
            "Dockerfile",
        ),
        [_row(variable, stacks, few=few) for variable in variables],
    )


def _row(variable: Variable, stacks: list[Stack], *, few: bool) -> tuple[str, ...]:
    """Render one variable."""
    given = (
        [", ".join(code(s) for s in variable.stacks.get(stack.name, ())) for stack in stacks]
        if few
        else [", ".join(code(name) for name in _services(variable))]
    )
    types = dict.fromkeys(reading.type for reading in variable.readings if reading.type)
    return (
        code(variable.name),
        _places([f"{reading.place}" for reading in variable.readings]),
        ", ".join(code(name) for name in types)
        + (" validated" if any(reading.validated for reading in variable.readings) else ""),
        _default(variable.readings),
        "yes" if variable.required else "",
        escape_text(variable.secret),
        *given,
        _places(list(variable.dotenv)),
        _places(list(variable.examples)),
        _places([str(place) for place in variable.dockerfiles]),
    )


def _services(variable: Variable) -> list[str]:
    """Return the services that any stack gives the variable to."""
    return sorted({service for services in variable.stacks.values() for service in services})


def _default(readings: tuple[VariableReading, ...]) -> str:
    """Render the code's default: the value where it may be shown, else that there is one."""
    shown = [reading.shown_default for reading in readings if reading.shown_default]
    if shown:
        return code(shown[0])
    return "yes" if any(reading.has_default for reading in readings) else ""


def _places(places: list[str]) -> str:
    """Render some places and how many more there are."""
    return first_few(list(map(code, dict.fromkeys(places))), MAX_PLACES)
