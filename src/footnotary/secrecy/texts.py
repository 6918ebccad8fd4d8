"""A text without what must not be written down, whatever it is: prose, code, SQL, a message."""

import re
from collections.abc import Collection
from functools import lru_cache

from footnotary.secrecy.assignments import without_assigned
from footnotary.secrecy.cells import without_secret_cells
from footnotary.secrecy.credentials import MASK, without_forms
from footnotary.secrecy.urls import without_userinfo

# Shorter values (`true`, `8000`) are no secrets and stand everywhere.
SHORTEST = 6


def without_credentials(text: str, known: Collection[str] = ()) -> str:
    """Return a text with `***` for every credential in it.

    Args:
        text: Any text.
        known: Values that are secrets whatever their form, such as those of a `.env` file.
    """
    if len(text) < SHORTEST:
        return text
    for value in known:
        if value in text:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", MASK, text)
    return _masked(text)


@lru_cache(maxsize=65_536)
def _masked(text: str) -> str:
    """Return a text without credentials; what a document says comes again in its facts."""
    found = without_secret_cells(without_assigned(without_forms(without_userinfo(text))))
    return text if found == text else found
