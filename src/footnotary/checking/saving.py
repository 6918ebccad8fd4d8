"""Dated outcomes into the records: one a day, newest last."""

from footnotary import clock
from footnotary.checking.reading import Checked
from footnotary.models import Check, Citation
from footnotary.records import RecordStore

LONGEST_DETAIL = 300


def save_outcomes(results: list[Checked], store: RecordStore) -> int:
    """Append today's outcome to each record that was checked.

    A second check on one day replaces the first. The record is read again before it is
    written, so that what another process put there meanwhile is kept.

    Args:
        results: What was found.
        store: Where the records are.

    Returns:
        How many records were written; one that has its outcome of today already is not.

    Raises:
        RecordError: A record is gone or broken by now.
    """
    written = 0
    for result in results:
        current = store.get(result.citation.key)
        updated = with_outcome(current, result)
        if updated != current:
            store.save(updated)
            written += 1
    return written


def with_outcome(citation: Citation, result: Checked) -> Citation:
    """Return a record with today's outcome as its last check."""
    detail = " ".join(result.detail.split())
    if len(detail) > LONGEST_DETAIL:
        detail = detail[: LONGEST_DETAIL - 1] + "…"
    today = clock.today()
    check = Check(date=today, outcome=result.outcome, detail=detail)
    earlier = tuple(past for past in citation.checks if past.date != today)
    return citation.model_copy(update={"checks": (*earlier, check)})
