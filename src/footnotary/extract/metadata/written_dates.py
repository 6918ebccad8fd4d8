"""Days as people write them, in the languages of the web's larger sites."""

import re
from datetime import date

_MONTHS = {
    1: "january januar jänner janvier enero gennaio januari janeiro styczeń stycznia января январь leden ledna ocak tammikuuta",
    2: "february februar feber février febrero febbraio februari fevereiro luty lutego февраля únor února şubat helmikuuta",
    3: "march märz maerz mars marzo maart março marzec marca марта březen března mart maaliskuuta",
    4: "april avril abril aprile kwiecień kwietnia апреля duben dubna nisan huhtikuuta",
    5: "may mai mayo maggio mei maio maj maja мая květen května mayıs toukokuuta",
    6: "june juni juin junio giugno junho czerwiec czerwca июня červen června haziran kesäkuuta",
    7: "july juli juillet julio luglio julho lipiec lipca июля červenec července temmuz heinäkuuta",
    8: "august août aout agosto augustus augusti sierpień sierpnia августа srpen srpna ağustos elokuuta",
    9: "september septembre septiembre setiembre settembre setembro wrzesień września сентября září eylül syyskuuta",
    10: "october oktober octobre octubre ottobre outubro październik października октября říjen října ekim lokakuuta",
    11: "november novembre noviembre novembro listopad listopada ноября listopadu kasım marraskuuta",
    12: "december dezember décembre diciembre dicembre dezembro grudzień grudnia декабря prosinec prosince aralık joulukuuta",
}
_SHORT = {
    1: "jan jän janv ene gen sty янв oca",
    2: "feb febr fév févr fev lut фев şub",
    3: "mar mär mrz мар",
    4: "apr avr abr kwi апр nis",
    5: "mag май",
    6: "jun giu cze июн haz",
    7: "jul juil lug lip июл tem",
    8: "aug ago sie авг ağu",
    9: "sep sept set wrz сен eyl",
    10: "oct okt ott out paź окт eki",
    11: "nov lis ноя kas",
    12: "dec dez déc dic gru дек ara",
}
_NUMBER = {
    name: number
    for table in (_MONTHS, _SHORT)
    for number, names in table.items()
    for name in names.split()
}
MONTH = "|".join(sorted(_NUMBER, key=len, reverse=True))
HAS_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR = r"((?:19|20)\d\d)"
_ISO = re.compile(rf"(?<!\d){_YEAR}[-/.]([01]?\d)[-/.]([0-3]?\d)(?!\d)")
_COMPACT = re.compile(rf"(?<!\d){_YEAR}([01]\d)([0-3]\d)(?!\d)")
_EAST_ASIAN = re.compile(rf"{_YEAR}\s*[年년]\s*([01]?\d)\s*[月월]\s*([0-3]?\d)\s*[日일]")
_DAY_FIRST = re.compile(
    rf"(?<!\d)([0-3]?\d)(?:st|nd|rd|th|er|\.|º|°|ª)?\s*(?:de\s+|of\s+)?[-\s]?({MONTH})\.?,?\s*[-\s]?(?:de[l]?\s+)?{_YEAR}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)({MONTH})\.?\s+([0-3]?\d)(?:st|nd|rd|th)?,?\s+{_YEAR}", re.IGNORECASE
)
_DOTTED = re.compile(rf"(?<!\d)([0-3]?\d)\.\s?([01]?\d)\.\s?{_YEAR}(?!\d)")
_SLASHED = re.compile(rf"(?<!\d)([0-3]?\d)[/-]([0-3]?\d)[/-]{_YEAR}(?!\d)")


def date_in(text: str, *, day_first: bool | None = None) -> date | None:
    """Return the first day that a text states, or None.

    Args:
        text: A date or timestamp in any common form; a few words around it do no harm.
        day_first: What `5/4/2020` means; None leaves it open, which gives no day.
    """
    if not HAS_YEAR.search(text):
        return None
    text = text[:300]
    for pattern, order in _FORMS:
        found = pattern.search(text)
        day = _day(found, order, day_first=day_first) if found else None
        if day:
            return day
    return None


def dates_in(text: str, *, day_first: bool | None = None) -> list[tuple[int, int, date]]:
    """Return every day that a line states, with where each begins and ends, in order."""
    found: list[tuple[int, int, date]] = []
    for pattern, order in _FORMS:
        for match in pattern.finditer(text):
            day = _day(match, order, day_first=day_first)
            if day and all(match.end() <= start or match.start() >= end for start, end, _ in found):
                found.append((match.start(), match.end(), day))
    return sorted(found)


def _day(found: re.Match[str], order: str, *, day_first: bool | None) -> date | None:
    """Return the day of a match whose groups stand in the given order."""
    if order == "??y":
        return _slashed(int(found[1]), int(found[2]), int(found[3]), day_first=day_first)
    parts = dict(zip(order, found.groups(), strict=True))
    month = parts["m"]
    number = int(month) if month.isdigit() else _NUMBER.get(month.lower(), 0)
    return _valid(int(parts["y"]), number, int(parts["d"]))


def _slashed(first: int, second: int, year: int, *, day_first: bool | None) -> date | None:
    """Return the day of `5/4/2020`, or None where it may be two."""
    if first > 12 or first == second:  # noqa: PLR2004  months
        return _valid(year, second, first)
    if second > 12:  # noqa: PLR2004  months
        return _valid(year, first, second)
    if day_first is None:
        return None
    return _valid(year, second, first) if day_first else _valid(year, first, second)


def _valid(year: int, month: int, day: int) -> date | None:
    """Return the day if there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


_FORMS = (
    (_ISO, "ymd"),
    (_EAST_ASIAN, "ymd"),
    (_DAY_FIRST, "dmy"),
    (_MONTH_FIRST, "mdy"),
    (_DOTTED, "dmy"),
    (_COMPACT, "ymd"),
    (_SLASHED, "??y"),
)
