"""The IMPL document: how the system is built, on one page, or on several beside it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import cast

from footnotary.counting import counted
from footnotary.documents import (
    api_changes,
    architecture,
    impl_overview,
    reference,
)
from footnotary.documents.escape import escape_text
from footnotary.documents.kinds import Context, Part, Prose, Region
from footnotary.documents.tables import table
from footnotary.documents.ways_of_reading import said_of_nothing, why_not_compared
from footnotary.facts.basis import Facts
from footnotary.facts.impl import ImplFacts, Module

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


class Impl:
    """The document kind `impl`."""

    name = "impl"
    prefix = "IMPL"
    folder = "implementation"
    title = "Implementation"
    section = "Why it is built this way"
    options: frozenset[str] = frozenset({"package", "python"})
    prose: tuple[Prose, ...] = (
        Prose(_WHY, former=(_FORMER_WHY,)),
        Prose(_HAND_OFF, former=(_FORMER_HAND_OFF,)),
    )
    facts: type[Facts] = ImplFacts

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the whole document in order."""
        impl = cast("ImplFacts", facts)
        why, hand_off = self.prose
        modules, traces, docstrings, public_api = _of_modules(impl, context.stem)
        return (
            Region("overview", impl_overview.render_impl_overview(impl)),
            why,
            Region("dependencies", impl_overview.dependencies(impl)),
            Region("architecture", architecture.architecture(impl)),
            Region("modules", modules),
            Region("traces", traces),
            Region("telemetry", architecture.telemetry(impl)),
            Region("docstrings", docstrings),
            Region("pydantic", impl_overview.remnants(impl)),
            Region("changes", _changes(impl, context)),
            Region("hand-off", impl_overview.hand_off(impl)),
            hand_off,
            Region("reference", public_api),
        )

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Return the pages of a document that is split."""
        impl = cast("ImplFacts", facts)
        if not _is_large(impl):
            return {}
        return {suffix: said.encode() for suffix, said in _pages(impl, context.stem)}


def _of_modules(facts: ImplFacts, stem: str) -> tuple[str, str, str, str]:
    """Return what is told of modules, or where it is told: table, routes, docstrings, API."""
    if not _is_large(facts):
        return (
            impl_overview.modules(facts),
            architecture.traces(facts),
            impl_overview.docstrings(facts),
            reference.render_directives(facts),
        )
    public = sum(one.public for one in facts.modules)
    return (
        _contents(facts, stem),
        _elsewhere("From route to table", len(facts.traces), "route")
        if facts.traces
        else architecture.traces(facts),
        _counts_of_docstrings(facts),
        _elsewhere("Public API", public, "public module"),
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
    return sum(map(_weight, facts.modules)) > MAX_WEIGHT


def _weight(module: Module) -> int:
    """Return about how much a module fills."""
    return 1 + module.definitions * module.public


def _contents(facts: ImplFacts, stem: str) -> str:
    """Return where the modules are told of, for the first page."""
    rows = [
        (
            f"[{escape_text(_span(found))}]({stem}{page})",
            str(len(found)),
            str(sum(one.lines for one in found)),
            f"{sum(one.documented for one in found)} of {sum(one.definitions for one in found)}",
        )
        for page, found in _by_page(facts)
    ]
    words = "Each page has its modules, routes, docstrings and public API."
    headers = ("Page", "Modules", "Lines", "Documented")
    return "\n\n".join(["## Modules", words, table(headers, rows)])


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
    found = table(("Docstring", "Functions"), rows) or nothing
    return f"## Docstrings\n\n{words}\n\n{found}"


def _elsewhere(heading: str, count: int, what: str) -> str:
    """Return a section whose content is on the pages of the modules."""
    return f"## {heading}\n\n{counted(count, what)}, on the pages of the modules."


def _pages(facts: ImplFacts, stem: str) -> Iterator[tuple[str, str]]:
    """Yield suffix and Markdown of each page besides the first."""
    name = facts.identity.name
    for page, found in _by_page(facts):
        paths = {one.path for one in found}
        part = facts.model_copy(
            update={
                "modules": tuple(found),
                "docstrings": tuple(o for o in facts.docstrings if o.place.path in paths),
                "traces": tuple(o for o in facts.traces if o.place.path in paths),
            }
        )
        sections = [
            f"# {escape_text(name)}: {escape_text(_span(found))}",
            f"[← {escape_text(name)}]({stem}.md)",
        ]
        sections += [
            impl_overview.modules(part),
            *([architecture.traces(part)] if part.traces else []),
        ]
        sections += [
            *([impl_overview.docstrings(part)] if part.docstrings else []),
            reference.render_directives(facts, found),
        ]
        yield page, "\n\n".join(sections) + "\n"


def _by_page(facts: ImplFacts) -> list[tuple[str, list[Module]]]:
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
    for _, part in groupby(members, key=lambda one: one.name.split(".")[: _depth(members)]):
        whole = list(part)
        for unit in [whole] if sum(map(_weight, whole)) <= MAX_PAGE else [[one] for one in whole]:
            if pages[-1] and sum(map(_weight, (*pages[-1], *unit))) > MAX_PAGE:
                pages.append([])
            pages[-1] += unit
    return pages


def _depth(members: Sequence[Module]) -> int:
    """Return how many parts of their names name the parts of a package."""
    shortest = min(len(one.name.split(".")) for one in members)
    return shortest + 1


def _span(found: Sequence[Module]) -> str:
    """Return the first and the last name of a page."""
    first, last = found[0].name, found[-1].name
    return first if first == last else f"{first} to {last}"


IMPL = Impl()
