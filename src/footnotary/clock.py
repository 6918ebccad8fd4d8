"""The one place that decides what "now" is.

`FOOTNOTARY_NOW` (an ISO 8601 date or timestamp) fixes it, so that documents can be
reproduced byte for byte and tests need no patching.
"""

import os
from datetime import UTC, date, datetime

from footnotary.errors import SettingsError

NOW_VARIABLE = "FOOTNOTARY_NOW"
FIRST_YEAR, LAST_YEAR = 1970, 8999
"""Years that "now" may lie in: ages are taken from it and limits added, which must be days too."""
MOST_DAYS = 36_500
"""Longest span of time that a setting or an option may name."""


def now() -> datetime:
    """Return the current moment.

    Returns:
        An aware datetime in UTC, to the second.

    Raises:
        SettingsError: `FOOTNOTARY_NOW` is set and is no ISO 8601 date or timestamp of these years.
    """
    fixed = os.environ.get(NOW_VARIABLE, "").strip()
    if not fixed:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(fixed)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(moment.year)  # noqa: TRY301  one sentence for all that it cannot be
    except ValueError:
        raise SettingsError(
            f"Invalid {NOW_VARIABLE} {fixed!r}: not an ISO 8601 date or timestamp of the years"
            f" {FIRST_YEAR} to {LAST_YEAR}.",
            hint="Write it as 2026-11-23 or 2026-11-23T10:00:00+00:00, or unset it.",
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def today() -> date:
    """Return the current day in UTC, as it is written into records and file names."""
    return now().date()
