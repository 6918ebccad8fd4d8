"""How much of the API is documented, as a score with the list of gaps."""

from collections.abc import Callable

from footnotary.counting import counted
from footnotary.documents import escape
from footnotary.documents.api.links import Links
from footnotary.documents.tables import render_folded, table
from footnotary.facts.api import ApiFacts, Operation

MAX_GAPS = 50


def _has_error(one: Operation) -> bool:
    """Whether a client error other than FastAPI's own 422 is declared, or none is possible."""
    declared = any(a.status.startswith("4") and a.status != "422" for a in one.responses)
    return declared or not (one.parameters or one.body or any(one.security))


def _has_example(one: Operation) -> bool:
    """Whether the author gave an example of the body, or there is none to give."""
    return one.has_example or not one.body


_ASKED: tuple[tuple[str, Callable[[Operation], bool]], ...] = (
    ("summary", lambda one: bool(one.summary)),
    ("description", lambda one: bool(one.description)),
    ("examples", _has_example),
    ("error responses", _has_error),
    ("parameter descriptions", lambda one: all(p.description for p in one.parameters)),
    ("no undeclared statuses", lambda one: not (one.undeclared or one.unfollowed)),
)

_LACKS = {"no undeclared statuses": "undeclared statuses"}


def _asked(facts: ApiFacts) -> tuple[tuple[str, Callable[[Operation], bool]], ...]:
    """Return the questions; what is raised is known where every handler was read."""
    served = (one.handler for one in facts.operations if not one.webhook)
    return _ASKED if facts.read.how == "imported" and all(served) else _ASKED[:-1]


def score(facts: ApiFacts) -> int:
    """Return the share of answered questions, in percent; 100 for an empty API."""
    asked = _asked(facts)
    answers = [ask(one) for one in facts.operations if not one.webhook for _, ask in asked]
    return round(100 * sum(answers) / len(answers)) if answers else 100


def measure_api_coverage(facts: ApiFacts, links: Links) -> str:
    """Return the score, a row a question, and the gaps folded."""
    operations = [one for one in facts.operations if not one.webhook]
    if not operations:
        return ""
    rows = []
    gaps: dict[str, list[str]] = {}
    for name, ask in _asked(facts):
        missing = [one for one in operations if not ask(one)]
        rows.append([name, f"{len(operations) - len(missing)} of {len(operations)}"])
        for one in missing:
            gaps.setdefault(f"{one.method} {one.path}", []).append(_LACKS.get(name, name))
    parts = [
        f"## Documentation coverage\n\n**{score(facts)} %** of what a reader asks is answered.",
        table(["Operations with", "Count"], rows),
    ]
    if gaps:
        lines = [
            f"- [{escape.code(key)}]({links.operation(key)}): {', '.join(lacks)}"
            for key, lacks in gaps.items()
        ]
        more = [f"- … and {len(lines) - MAX_GAPS} more"] if len(lines) > MAX_GAPS else []
        named = f"{counted(len(gaps), 'operation')} with gaps"
        parts.append(render_folded(named, "\n".join(lines[:MAX_GAPS] + more)))
    return "\n\n".join(parts)
