"""Dated outcomes into the records: one a day, newest last."""

from footnotary.checking.outcomes import Checked
from footnotary.errors import RecordError
from footnotary.models import Check, Citation
from footnotary.records import RecordStore

LONGEST_DETAIL = 300


def save_outcomes(results: list[Checked], store: RecordStore) -> int:
    """Append the dated outcome to each record that was checked.

    A second check on one day replaces the first. The record is read again before it is
    written, so that what another process put there meanwhile is kept. One that is gone or
    broken by now does not keep the others from theirs.

    Args:
        results: What was found.
        store: Where the records are.

    Returns:
        How many records were written; one that has its outcome of today already is not.

    Raises:
        RecordError: A record is gone or broken by now; the first of them is named.
    """
    written, problems = 0, []
    for result in results:
        try:
            written += _is_saved(result, store)
        except RecordError as error:
            problems.append(error)
    if problems:
        raise problems[0]
    return written


def _is_saved(result: Checked, store: RecordStore) -> bool:
    """Append an outcome to its record; return whether that changed it."""
    before: list[Citation] = []

    def appended(current: Citation) -> Citation:
        before.append(current)
        return with_outcome(current, result)

    return store.change(result.citation.key, appended) != before[0]


def with_outcome(citation: Citation, result: Checked) -> Citation:
    """Return a record with an outcome as its last check, dated the day the source was heard.

    A kept answer that is older than the record's last check says nothing new.
    """
    detail = " ".join(result.detail.split())
    if len(detail) > LONGEST_DETAIL:
        detail = detail[: LONGEST_DETAIL - 1] + "…"
    day = result.day
    if any(past.date > day for past in citation.checks):
        return citation
    check = Check(date=day, outcome=result.outcome, detail=detail)
    earlier = tuple(past for past in citation.checks if past.date != day)
    return citation.model_copy(update={"checks": (*earlier, check)})
