"""The IMPL document: how the system is built."""

from collections.abc import Mapping
from typing import cast

from footnotary.documents import (
    api_changes,
    architecture,
    impl_overview,
    impl_pages,
    reference,
)
from footnotary.documents.kinds import Context, Part, Prose, Region
from footnotary.facts.basis import Facts
from footnotary.facts.impl import ImplFacts

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
            Region("overview", impl_overview.overview(impl)),
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
        if not impl_pages.is_large(impl):
            return {}
        return {suffix: said.encode() for suffix, said in impl_pages.pages(impl, context.stem)}


IMPL = Impl()


def _of_modules(facts: ImplFacts, stem: str) -> tuple[str, str, str, str]:
    """Return what is told of modules, or where it is told: table, routes, docstrings, API."""
    if not impl_pages.is_large(facts):
        return (
            impl_overview.modules(facts),
            architecture.traces(facts),
            impl_overview.docstrings(facts),
            reference.directives(facts),
        )
    public = sum(one.public for one in facts.modules)
    return (
        impl_pages.contents(facts, stem),
        impl_pages.elsewhere("From route to table", len(facts.traces), "route")
        if facts.traces
        else architecture.traces(facts),
        impl_pages.counts_of_docstrings(facts),
        impl_pages.elsewhere("Public API", public, "public module"),
    )


def _changes(facts: ImplFacts, context: Context) -> str:
    """Render what changed in the public API since the last document."""
    heading = "## API changes"
    previous = context.previous
    if not isinstance(previous, ImplFacts):
        return f"{heading}\n\nThis is the first document: there is nothing to compare with."
    when = f" of {context.previous_date}" if context.previous_date else ""
    body = api_changes.changes(facts, previous)
    return f"{heading}\n\nAgainst the document{when}, by griffe's breakage check.\n\n{body}"
