"""The IMPL document: how the system is built."""

from collections.abc import Mapping
from typing import cast

from footnotary.documents import reference
from footnotary.documents.escape import code, prose, text
from footnotary.documents.kinds import Context, Part, Prose, Region
from footnotary.documents.tables import table
from footnotary.facts.basis import Facts
from footnotary.facts.impl import ImplFacts


class Impl:
    """The document kind `impl`."""

    name = "impl"
    prefix = "IMPL"
    folder = "implementation"
    title = "Implementation"
    facts: type[Facts] = ImplFacts

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the whole document in order."""
        del context
        impl = cast("ImplFacts", facts)
        return (
            Region("overview", _overview(impl)),
            Prose(_WHY),
            Region("modules", _modules(impl)),
            Region("reference", reference.directives(impl)),
        )

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Nothing lies beside this document but its facts."""
        del facts, context
        return {}


IMPL = Impl()

_WHY = """## Why it is built this way

<!-- Which decisions would a new maintainer undo by mistake, and why were they taken? -->"""


def _overview(facts: ImplFacts) -> str:
    """Render the counts."""
    count = facts.summary
    names = ("modules", "classes", "functions", "methods")
    lines = [", ".join(f"{count[name]} {name}" for name in names) + "."]
    if facts.unparsed:
        lines.append("Modules that could not be parsed, and so are missing below:")
        lines.append("\n".join(f"- {text(one)}" for one in facts.unparsed))
    return "## What it is\n\n" + "\n\n".join(lines)


def _modules(facts: ImplFacts) -> str:
    """Render the modules as a table."""
    rows = [
        (
            code(one.name),
            prose(one.purpose),
            str(one.lines),
            f"{one.documented} of {one.definitions}" if one.definitions else "",
            "" if one.coverage is None else f"{one.coverage:.0f} %",
        )
        for one in facts.modules
    ]
    return "## Modules\n\n" + table(("Module", "Purpose", "Lines", "Documented", "Tested"), rows)
