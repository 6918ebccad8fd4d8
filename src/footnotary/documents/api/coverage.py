"""How much of the API is documented, as a score with the list of gaps."""

from collections.abc import Callable

from footnotary.documents import escape
from footnotary.documents.tables import folded, table
from footnotary.facts.api import ApiFacts, Operation

MAX_GAPS = 50


def _has_error(one: Operation) -> bool:
    """Whether a client error other than FastAPI's own 422 is declared, or none is possible."""
    declared = any(a.status.startswith("4") and a.status != "422" for a in one.responses)
    return declared or not (one.parameters or one.body or any(one.security))


_ASKED: tuple[tuple[str, Callable[[Operation], bool]], ...] = (
    ("summary", lambda one: bool(one.summary)),
    ("description", lambda one: bool(one.description)),
    ("error responses", _has_error),
    ("parameter descriptions", lambda one: all(p.description for p in one.parameters)),
    ("no undeclared statuses", lambda one: not one.undeclared),
)


def score(facts: ApiFacts) -> int:
    """Return the share of answered questions, in percent; 100 for an empty API."""
    answers = [ask(one) for one in facts.operations if not one.webhook for _, ask in _ASKED]
    return round(100 * sum(answers) / len(answers)) if answers else 100


def coverage(facts: ApiFacts) -> str:
    """Return the score, a row a question, and the gaps folded."""
    operations = [one for one in facts.operations if not one.webhook]
    if not operations:
        return ""
    rows, gaps = [], []
    for name, ask in _ASKED:
        missing = [one for one in operations if not ask(one)]
        done = len(operations) - len(missing)
        rows.append([name, f"{done} of {len(operations)}"])
        gaps += [f"- {escape.code(f'{one.method} {one.path}')}: {name}" for one in missing]
    parts = [
        f"## Documentation coverage\n\n**{score(facts)} %** of what a reader asks is answered.",
        table(["Operations with", "Count"], rows),
    ]
    if gaps:
        more = [f"- … and {len(gaps) - MAX_GAPS} more"] if len(gaps) > MAX_GAPS else []
        parts.append(folded(f"{len(gaps)} gaps", "\n".join(gaps[:MAX_GAPS] + more)))
    return "\n\n".join(parts)
