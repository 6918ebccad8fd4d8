"""The one place that decides what "now" is.

`FOOTNOTARY_NOW` (an ISO 8601 date or timestamp) fixes it, so that documents can be
reproduced byte for byte and tests need no patching.
"""

import os
from datetime import UTC, date, datetime

from footnotary.errors import SettingsError

NOW_VARIABLE = "FOOTNOTARY_NOW"


def now() -> datetime:
    """Return the current moment.

    Returns:
        An aware datetime in UTC, to the second.

    Raises:
        SettingsError: `FOOTNOTARY_NOW` is set and is no ISO 8601 date or timestamp.
    """
    fixed = os.environ.get(NOW_VARIABLE, "").strip()
    if not fixed:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError:
        raise SettingsError(
            f"{NOW_VARIABLE} is {fixed!r}, which is no ISO 8601 date or timestamp.",
            hint="Write it as 2026-11-23 or 2026-11-23T10:00:00+00:00, or unset it.",
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def today() -> date:
    """Return the current day in UTC, as it is written into records and file names."""
    return now().date()
