"""The IMPL document: how the system is built."""

from collections.abc import Mapping
from typing import cast

from footnotary.documents import (
    api_changes,
    architecture,
    impl_overview,
    impl_quality,
    impl_traces,
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
        return (
            Region("overview", impl_overview.overview(impl)),
            why,
            Region("dependencies", impl_overview.dependencies(impl)),
            Region("architecture", architecture.architecture(impl)),
            Region("modules", impl_overview.modules(impl)),
            Region("traces", impl_traces.traces(impl)),
            Region("docstrings", impl_quality.docstrings(impl)),
            Region("pydantic", impl_quality.remnants(impl)),
            Region("changes", _changes(impl, context)),
            Region("hand-off", impl_overview.hand_off(impl)),
            hand_off,
            Region("reference", reference.directives(impl)),
        )

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Nothing lies beside this document but its facts."""
        del facts, context
        return {}


IMPL = Impl()


def _changes(facts: ImplFacts, context: Context) -> str:
    """Render what changed in the public API since the last document."""
    heading = "## API changes"
    previous = context.previous
    if not isinstance(previous, ImplFacts):
        return f"{heading}\n\nThis is the first document: there is nothing to compare with."
    when = f" of {context.previous_date}" if context.previous_date else ""
    body = api_changes.changes(facts, previous)
    return f"{heading}\n\nAgainst the document{when}, by griffe's breakage check.\n\n{body}"
