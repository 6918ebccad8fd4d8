"""Traces of routes as a section of the IMPL document."""

from footnotary.documents.escape import code
from footnotary.documents.tables import table
from footnotary.facts.impl import ImplFacts, Step


def traces(facts: ImplFacts) -> str:
    """Render route, dependencies, services, models and tables, one route a row.

    Args:
        facts: The package's facts.
    """
    lines = ["## From route to table"]
    if not facts.traces:
        lines.append("The package defines no route that its source shows.")
        return "\n\n".join(lines)
    lines.append(
        "Followed by names alone: what an object of unknown type does is not shown, so a"
        " trace may be short, but is never guessed."
    )
    lines.append(
        table(
            ("Route", "At", "Depends on", "Calls", "Models", "Tables"),
            [
                (
                    code(one.route),
                    code(str(one.place)),
                    _steps(one.dependencies),
                    _steps(one.services),
                    _steps(one.models),
                    ", ".join(code(name) for name in one.tables),
                )
                for one in facts.traces
            ],
        )
    )
    return "\n\n".join(lines)


def _steps(steps: tuple[Step, ...]) -> str:
    """Render steps by their last two names, which are what a reader looks for."""
    shown = [code(".".join(step.name.split(".")[-2:])) for step in steps[:8]]
    more = len(steps) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
