"""How packages hang together: their parts as a diagram, and how requests run through them."""

from footnotary.counting import first_few
from footnotary.documents.escape import code, escape_text, prose
from footnotary.documents.tables import table
from footnotary.documents.ways_of_reading import said_of_nothing
from footnotary.facts.impl import Architecture, ImplFacts, TraceStep

MAX_EDGES = 300
MAX_PARTS = 120


def architecture(facts: ImplFacts) -> str:
    """Render layers, cycles with the imports to cut, and contracts, of each package."""
    lines = [
        "## Architecture as it is",
        *_of(facts.identity.package, facts.architecture, facts.unparsed),
    ]
    for one in facts.packages[1:]:
        if len(one.architecture.parts) > 1:
            lines += [
                f"### Architecture of {code(one.name)}",
                *_of(one.name, one.architecture, facts.unparsed),
            ]
    return "\n\n".join(lines)


def _of(package: str, found: Architecture, unparsed: tuple[str, ...]) -> list[str]:
    """Render the architecture of one package."""
    if len(found.parts) < 2:  # noqa: PLR2004  one part has no architecture
        nothing = "The package has no parts that could import each other."
        return [said_of_nothing(nothing, unparsed)]
    lines = [_diagram(package, found)]
    if found.cycles:
        lines.append("Parts that import each other in a circle:")
        lines.append("\n".join(f"- {', '.join(map(code, cycle))}" for cycle in found.cycles))
    if found.breakers:
        lines.append("Cutting these imports leaves no cycle between the parts:")
        lines.append(
            table(
                ("Importer", "Imported", "At"),
                [
                    (code(one.importer), code(one.imported), code(str(one.place or "")))
                    for one in found.breakers
                ],
            )
        )
    if not found.cycles:
        lines.append(said_of_nothing("No parts import each other in a circle.", unparsed))
    if found.contracts:
        lines.append("Contracts that import-linter holds:")
        lines.append("\n".join(f"- {prose(one)}" for one in found.contracts))
    return lines


def _diagram(package: str, found: Architecture) -> str:
    """Draw the floors from high to low, within Mermaid's limits."""
    names = {part: f"m{index}" for index, part in enumerate(found.parts)}
    if len(names) > MAX_PARTS:
        return f"{len(names)} parts are too many for a diagram."
    edges = sorted(found.imports, key=lambda one: -one.count)
    lines = ["```mermaid", "flowchart TD"]
    for index, layer in enumerate(found.layers or (found.parts,)):
        title = f"floor {len(found.layers) - index}" if found.layers else "no floors: cycles"
        lines.append(f'  subgraph l{index}["{title}"]')
        lines += [f'    {names[part]}["{part.removeprefix(package + ".")}"]' for part in layer]
        lines.append("  end")
    cut = _cut(found)
    for one in edges[:MAX_EDGES]:
        arrow = "-.->" if (one.importer, one.imported) in cut else "-->"
        count = f"|{one.count}|" if one.count > 1 else ""
        lines.append(f"  {names[one.importer]} {arrow}{count} {names[one.imported]}")
    lines.append("```")
    legend = "An arrow is an import; its number, how many modules make it."
    if cut:
        legend += " Dotted arrows run against the floors."
    if len(edges) > MAX_EDGES:
        legend += f" The {len(edges) - MAX_EDGES} rarest are left out."
    return "\n".join(lines) + f"\n\n{legend}"


def _cut(found: Architecture) -> set[tuple[str, str]]:
    """Return the pairs of parts whose import runs upwards."""
    floor = {part: index for index, layer in enumerate(found.layers) for part in layer}
    return {
        (one.importer, one.imported)
        for one in found.imports
        if floor and floor[one.imported] <= floor[one.importer]
    }


def traces(facts: ImplFacts) -> str:
    """Render route, dependencies, services, models and tables, one route a row."""
    lines = ["## From route to table"]
    if not facts.traces:
        nothing = "The package defines no route that its source shows."
        lines.append(said_of_nothing(nothing, facts.unparsed))
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


def _steps(steps: tuple[TraceStep, ...]) -> str:
    """Render steps by their last two names, which are what a reader looks for."""
    return first_few([code(".".join(step.name.split(".")[-2:])) for step in steps], 8)


def telemetry(facts: ImplFacts) -> str:
    """Render what sets up logging, correlation, tracing and metrics, one place a row."""
    lines = ["## Logging and telemetry"]
    if not facts.telemetry:
        nothing = (
            "No set-up of logging, tracing or metrics was found in its modules by structlog,"
            " loguru, logging, OpenTelemetry, Sentry, Logfire, Datadog, Prometheus or a middleware"
            " of such a name; commands and other files were not looked at."
        )
        lines.append(said_of_nothing(nothing, facts.unparsed))
        return "\n\n".join(lines)
    rows = [
        (escape_text(one.kind), code(one.name), escape_text(one.detail), code(str(one.place)))
        for one in facts.telemetry
    ]
    lines.append(table(("Kind", "Set up by", "With", "At"), rows))
    return "\n\n".join(lines)
