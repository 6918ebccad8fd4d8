"""Days and months in words, put into figures before numbers are compared."""

import re

_NAMES = (
    "january jan januar janvier enero gennaio januari janeiro",
    "february feb februar février fevrier febrero febbraio februari fevereiro",
    "march mar märz mars marzo maart março",
    "april apr avril abril aprile",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct oktober octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre diciembre dicembre dezembro",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
"""Names of months, for a pattern that ignores case."""
_MONTH = rf"({MONTH})(?!\w)\.?"
_OF = r"(?: of| de| del)?"
_DAY_FIRST = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th|er|\.)?{_OF} {_MONTH},?{_OF} (\d{{4}})\b", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w){_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE
)
_DOTTED = re.compile(
    r"(?<![\w.])(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.((?:19|20)\d\d)(?![\w.]*\d)"
)
_MONTH_ALONE = re.compile(rf"(?<!\w){_MONTH}{_OF} (\d{{4}})\b", re.IGNORECASE)


def with_iso_days(text: str) -> str:
    """Return text whose days and months are written as ISO 8601 has them.

    Args:
        text: Folded text.
    """
    text = _DOTTED.sub(lambda found: f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}", text)
    text = _DAY_FIRST.sub(lambda found: _iso(found[3], found[2], found[1]), text)
    text = _MONTH_FIRST.sub(lambda found: _iso(found[3], found[1], found[2]), text)
    return _MONTH_ALONE.sub(lambda found: _iso(found[2], found[1]), text)


def _iso(year: str, month: str, day: str = "") -> str:
    """Return a day, or a month, as ISO 8601 has it."""
    in_month = f"-{int(day):02}" if day else ""
    return f"{year}-{_MONTHS[month.lower()]:02}{in_month}"
