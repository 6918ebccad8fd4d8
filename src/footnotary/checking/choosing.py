"""Which citations a check is about."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from footnotary import clock
from footnotary.errors import UsageError
from footnotary.models import CheckOutcome, Citation

UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
HELD = (CheckOutcome.HELD, CheckOutcome.MOVED)


def days(text: str) -> timedelta:
    """Return a span of time.

    Args:
        text: A number and a unit: `90d`, `12w`, `6m` (30 days each), `1y`; bare numbers
            are days.

    Raises:
        UsageError: It is none.
    """
    found = re.fullmatch(r"(\d{1,5})\s*([dwmy]?)", text.strip().lower())
    count = int(found[1]) * UNITS[found[2] or "d"] if found else 0
    if not found or count > clock.MOST_DAYS:
        raise UsageError(
            f"Invalid span of time {text!r}.",
            hint="Write it as 90d, 12w, 6m or 1y, a hundred years at most.",
        )
    return timedelta(days=count)


def parse_check_day(text: str) -> date:
    """Return a day: `2026-11-01`, or a span of time before today.

    Raises:
        UsageError: It is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return clock.today() - days(text)
    except UsageError:
        raise UsageError(
            f"{text!r} is no day.", hint="Write it as 2026-11-01, or as a span such as 30d."
        ) from None


def last_confirmed(citation: Citation) -> date:
    """Return the day on which the source was last seen to say it."""
    held = [check.date for check in citation.checks if check.outcome in HELD]
    return max([citation.accessed, *held])


def choose_citations(
    citations: Iterable[Citation],
    *,
    keys: tuple[str, ...] = (),
    since: date | None = None,
    older_than: timedelta | None = None,
) -> list[Citation]:
    """Return the citations that a check is about, in their order.

    Args:
        citations: All records.
        keys: Only these; else every record that none supersedes.
        since: Only those recorded or re-dated on that day or later.
        older_than: Only those whose source was last seen to say it longer ago.
    """
    today = clock.today()
    return [
        citation
        for citation in citations
        if (citation.key in keys if keys else not citation.superseded_by)
        and (since is None or citation.accessed >= since)
        and (older_than is None or today - last_confirmed(citation) > older_than)
    ]
