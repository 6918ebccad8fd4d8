"""The IMPL document: how the system is built, on one page, or on several beside it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from footnotary.counting import counted, first_few
from footnotary.documents import api_changes, impl_overview, reference
from footnotary.documents.escape import code, escape_text, list_codes, prose
from footnotary.documents.kinds import Context, DocumentKind, Part, Prose, Region
from footnotary.documents.tables import name_span, write_table
from footnotary.documents.what_changed import said_of_nothing, why_not_compared
from footnotary.facts.impl import Architecture, ImplFacts, Module, TraceStep

_MAX_EDGES = 300
_MAX_PARTS = 120


def render_architecture(facts: ImplFacts) -> str:
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
        lines.append("Import cycles between parts:")
        lines.append("\n".join(f"- {list_codes(cycle)}" for cycle in found.cycles))
    if found.breakers:
        lines.append("Cutting these imports leaves no cycle between the parts:")
        lines.append(
            write_table(
                ("Importer", "Imported", "At"),
                [
                    (code(one.importer), code(one.imported), code(str(one.place or "")))
                    for one in found.breakers
                ],
            )
        )
    if not found.cycles:
        lines.append(said_of_nothing("No import cycles between the parts.", unparsed))
    if found.contracts:
        lines.append("Contracts that import-linter holds:")
        lines.append("\n".join(f"- {prose(one)}" for one in found.contracts))
    return lines


def _diagram(package: str, found: Architecture) -> str:
    """Draw the floors from high to low, within Mermaid's limits."""
    names = {part: f"m{index}" for index, part in enumerate(found.parts)}
    if len(names) > _MAX_PARTS:
        return f"{len(names)} parts are too many for a diagram."
    edges = sorted(found.imports, key=lambda one: -one.count)
    lines = ["```mermaid", "flowchart TD"]
    for index, layer in enumerate(found.layers or (found.parts,)):
        title = f"layer {len(found.layers) - index}" if found.layers else "no layers: cycles"
        lines.append(f'  subgraph l{index}["{title}"]')
        lines += [f'    {names[part]}["{part.removeprefix(package + ".")}"]' for part in layer]
        lines.append("  end")
    cut = _cut(found)
    for one in edges[:_MAX_EDGES]:
        arrow = "-.->" if (one.importer, one.imported) in cut else "-->"
        count = f"|{one.count}|" if one.count > 1 else ""
        lines.append(f"  {names[one.importer]} {arrow}{count} {names[one.imported]}")
    lines.append("```")
    legend = "An arrow is an import; its number, how many modules make it."
    if cut:
        legend += " Dotted arrows point to a higher layer."
    if len(edges) > _MAX_EDGES:
        legend += f" The {len(edges) - _MAX_EDGES} rarest are left out."
    return "\n".join(lines) + f"\n\n{legend}"


def _cut(found: Architecture) -> set[tuple[str, str]]:
    """Return the pairs of parts whose import runs upwards."""
    floor = {part: index for index, layer in enumerate(found.layers) for part in layer}
    return {
        (one.importer, one.imported)
        for one in found.imports
        if floor and floor[one.imported] <= floor[one.importer]
    }


def render_traces(facts: ImplFacts) -> str:
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
        write_table(
            ("Route", "At", "Depends on", "Calls", "Models", "Tables"),
            [
                (
                    code(one.route),
                    code(str(one.place)),
                    _render_steps(one.dependencies),
                    _render_steps(one.services),
                    _render_steps(one.models),
                    list_codes(one.tables),
                )
                for one in facts.traces
            ],
        )
    )
    return "\n\n".join(lines)


def _render_steps(steps: tuple[TraceStep, ...]) -> str:
    """Render steps by their last two names, which are what a reader looks for."""
    return first_few([code(".".join(step.name.split(".")[-2:])) for step in steps], 8)


def render_telemetry(facts: ImplFacts) -> str:
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
    lines.append(write_table(("Kind", "Set up by", "With", "At"), rows))
    return "\n\n".join(lines)


# Counted in modules and public definitions, each of which is some 40 lines of a page.
MAX_WEIGHT = 600
MAX_PAGE = 300

_WHY = """## Why it is built this way

_Which decisions would a new maintainer undo by mistake, and why were they taken? What was tried
and given up?_"""

_HAND_OFF = """### What the next maintainer should know

_What is half done, and where does it stand? What would you do next, and what would you leave
alone? Whom, or which document, can be asked?_"""

# Earlier versions put the questions into comments, which no site shows.
_FORMER_WHY = """\
<!-- Which decisions would a new maintainer undo by mistake, and why were they taken?
What was tried and given up? -->"""
_FORMER_HAND_OFF = """<!-- What is half done, and where does it stand?
What would you do next, and what would you leave alone?
Whom, or which document, can be asked? -->"""


def _impl_parts(impl: ImplFacts, context: Context) -> tuple[Part, ...]:
    """Return the whole document in order."""
    why, hand_off = IMPL.prose
    modules, traces, docstrings, public_api = _of_modules(impl, context.stem)
    return (
        Region("overview", impl_overview.render_impl_overview(impl)),
        why,
        Region("dependencies", impl_overview.dependencies(impl)),
        Region("architecture", render_architecture(impl)),
        Region("modules", modules),
        Region("traces", traces),
        Region("telemetry", render_telemetry(impl)),
        Region("docstrings", docstrings),
        Region("pydantic", impl_overview.remnants(impl)),
        Region("changes", _changes(impl, context)),
        Region("hand-off", impl_overview.hand_off(impl)),
        hand_off,
        Region("reference", public_api),
    )


def _attach_pages(impl: ImplFacts, context: Context) -> Mapping[str, bytes]:
    """Return the pages of a document that is split."""
    pages = _render_pages(impl, context.stem) if _is_large(impl) else ()
    return {suffix: said.encode() for suffix, said in pages}


def _of_modules(facts: ImplFacts, stem: str) -> tuple[str, str, str, str]:
    """Return what is told of modules, or where it is told: table, routes, docstrings, API."""
    if not _is_large(facts):
        return (
            impl_overview.modules(facts),
            render_traces(facts),
            impl_overview.docstrings(facts),
            reference.render_directives(facts),
        )
    public = sum(one.public for one in facts.modules)
    return (
        _contents(facts, stem),
        _link_elsewhere("From route to table", len(facts.traces), "route")
        if facts.traces
        else render_traces(facts),
        _counts_of_docstrings(facts),
        _link_elsewhere("Public API", public, "public module"),
    )


def _changes(facts: ImplFacts, context: Context) -> str:
    """Render what changed in the public API since the last document."""
    heading = "## API changes"
    previous = context.previous
    if context.lost:
        return f"{heading}\n\n{context.lost}"
    if not isinstance(previous, ImplFacts):
        return f"{heading}\n\nThis is the first document: there is nothing to compare with."
    if why := why_not_compared(previous, facts):
        return f"{heading}\n\n{escape_text(why)}"
    when = f" of {context.previous_date}" if context.previous_date else ""
    body = api_changes.compare_public_api(facts, previous)
    said = f"Against the document{when}, by griffe's breakage check and name by name."
    return f"{heading}\n\n{said}\n\n{body}"


def _is_large(facts: ImplFacts) -> bool:
    """Tell whether a document would be too long for one page."""
    return sum(map(_weigh_section, facts.modules)) > MAX_WEIGHT


def _weigh_section(module: Module) -> int:
    """Return about how much a module fills."""
    return 1 + module.definitions * module.public


def _contents(facts: ImplFacts, stem: str) -> str:
    """Return where the modules are told of, for the first page."""
    rows = [
        (
            f"[{escape_text(name_span(found[0].name, found[-1].name))}]({stem}{page})",
            str(len(found)),
            str(sum(one.lines for one in found)),
            f"{sum(one.documented for one in found)} of {sum(one.definitions for one in found)}",
        )
        for page, found in _sections_by_page(facts)
    ]
    words = "Each page has its modules, routes, docstrings and public API."
    headers = ("Page", "Modules", "Lines", "Documented")
    return "\n\n".join(["## Modules", words, write_table(headers, rows)])


def _counts_of_docstrings(facts: ImplFacts) -> str:
    """Return how many docstrings lack or contradict what, for the first page."""
    kinds: dict[str, int] = {}
    for one in facts.docstrings:
        wrong = "contradicts the signature" if one.contradicts or one.needless else ""
        lacking = {f"lacks {words.partition(':')[0]}" for words in one.missing}
        for kind in filter(None, (wrong, *sorted(lacking))):
            kinds[kind] = kinds.get(kind, 0) + 1
    rows = [(kind, str(count)) for kind, count in sorted(kinds.items())]
    words = "Measured against the Google style; which they are is on the pages of the modules."
    nothing = said_of_nothing("No docstring lacks or contradicts anything.", facts.unparsed)
    found = write_table(("Docstring", "Functions"), rows) or nothing
    return f"## Docstrings\n\n{words}\n\n{found}"


def _link_elsewhere(heading: str, count: int, what: str) -> str:
    """Return a section whose content is on the pages of the modules."""
    return f"## {heading}\n\n{counted(count, what)}, on the pages of the modules."


def _render_pages(facts: ImplFacts, stem: str) -> Iterator[tuple[str, str]]:
    """Yield suffix and Markdown of each page besides the first."""
    name = facts.identity.name
    for page, found in _sections_by_page(facts):
        paths = {one.path for one in found}
        part = facts.model_copy(
            update={
                "modules": tuple(found),
                "docstrings": tuple(o for o in facts.docstrings if o.place.path in paths),
                "traces": tuple(o for o in facts.traces if o.place.path in paths),
            }
        )
        sections = [
            f"# {escape_text(name)}: {escape_text(name_span(found[0].name, found[-1].name))}",
            f"[← {escape_text(name)}]({stem}.md)",
        ]
        sections += [
            impl_overview.modules(part),
            *([render_traces(part)] if part.traces else []),
        ]
        sections += [
            *([impl_overview.docstrings(part)] if part.docstrings else []),
            reference.render_directives(facts, found),
        ]
        yield page, "\n\n".join(sections) + "\n"


def _sections_by_page(facts: ImplFacts) -> list[tuple[str, list[Module]]]:
    """Return the modules of each page: no page has two packages, few cut a part in two."""
    found: list[list[Module]] = []
    for _, members in groupby(facts.modules, key=lambda one: _package_of(one, facts)):
        found += _pages_of(list(members))
    return [(f".modules-{at}.md" if at else ".modules.md", one) for at, one in enumerate(found)]


def _package_of(module: Module, facts: ImplFacts) -> str:
    """Return the folder of the package that a module is in."""
    inside = (one.path for one in facts.packages if module.path.startswith(f"{one.path}/"))
    return max(inside, key=len, default="")


def _pages_of(members: Sequence[Module]) -> list[list[Module]]:
    """Fill pages with the modules of one package, part by part."""
    pages: list[list[Module]] = [[]]
    for _, part in groupby(members, key=lambda one: one.name.split(".")[: _measure_depth(members)]):
        whole = list(part)
        for unit in (
            [whole] if sum(map(_weigh_section, whole)) <= MAX_PAGE else [[one] for one in whole]
        ):
            if pages[-1] and sum(map(_weigh_section, (*pages[-1], *unit))) > MAX_PAGE:
                pages.append([])
            pages[-1] += unit
    return pages


def _measure_depth(members: Sequence[Module]) -> int:
    """Return how many parts of their names name the parts of a package."""
    shortest = min(len(one.name.split(".")) for one in members)
    return shortest + 1


IMPL = DocumentKind(
    name="impl",
    title="Implementation",
    section="Why it is built this way",
    facts=ImplFacts,
    prose=(
        Prose(_WHY, former=(_FORMER_WHY,)),
        Prose(_HAND_OFF, former=(_FORMER_HAND_OFF,)),
    ),
    parts=_impl_parts,
    options=frozenset({"package", "python"}),
    attached=_attach_pages,
)
