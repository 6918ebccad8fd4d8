"""Units of measure: their names in several languages, and which amounts are the same."""

import re
from fractions import Fraction

_NAMES = {
    "%": "% percent prozent",
    "x": "x × times fold",
    "ns": "ns nanosecond nanoseconds",
    "us": "us µs μs microsecond microseconds",
    "ms": "ms msec millisecond milliseconds millisekunde millisekunden milliseconde"
    " millisecondes milisegundo milisegundos millisecondi milliseconden",
    "s": "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo"
    " secondi seconden",
    "min": "min mins minute minutes minuten minuto minutos minuti minuut",
    "h": "h hr hrs hour hours stunde stunden heure heures hora horas ora ore uur uren",
    "d": "d day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen",
    "week": "week weeks woche wochen semaine semaines semana semanas settimana settimane weken",
    "month": "month months monat monate monaten mois mes meses mês mese mesi maand maanden",
    "year": "year years jahr jahre jahren ans année années año años ano anos anno anni jaar",
    "bit": "bit bits",
    "b": "b byte bytes octet octets",
    **{
        f"{letter}b": f"{letter}b {letter}o {prefix}byte {prefix}bytes {prefix}octets"
        for letter, prefix in (("k", "kilo"), ("m", "mega"), ("g", "giga"))
    },
    "tb": "tb terabyte terabytes",
    **{
        f"{letter}ib": f"{letter}ib {prefix}bibyte {prefix}bibytes"
        for letter, prefix in (("k", "ki"), ("m", "me"), ("g", "gi"), ("t", "te"))
    },
    **{f"{m}bps": f"{m}bps {m}bit {m}bits" for m in "kmg"},
    **{f"{m}hz": f"{m}hz" for m in ("", "k", "m", "g")},
    "$": "$ usd dollar dollars",
    "\u20ac": "\u20ac eur euro euros",
    "\u00a3": "\u00a3 gbp",
}
_HAN = {"秒": "s", "分": "min", "分钟": "min", "小时": "h", "時間": "h", "天": "d", "日": "d"}
UNITS = {name: unit for unit, names in _NAMES.items() for name in names.split()} | _HAN
UNIT = "|".join(sorted((u for u in UNITS if u.isalpha() and u not in _HAN), key=len, reverse=True))
HAN_UNIT = "|".join(sorted(_HAN, key=len, reverse=True))
# Named without a number they say what a number nearby counts: `in milliseconds (default 5000)`.
_BARE = re.compile(
    r"(?<![^\W_])(?<!-)(?<!\d )(?P<unit>seconds|milliseconds|microseconds|minutes|hours|days|weeks"
    r"|months|years|bytes|(?:kilo|mega|giga)bytes|[kmg]i?b|ms)(?![\w-])",
    re.IGNORECASE,
)
_DAY = 86_400
_SIZES = {
    f"{letter}{binary}b": (1024**power,) if binary else (1000**power, 1024**power)
    for power, letter in enumerate("kmgt", 1)
    for binary in ("", "i")
}
# What a unit is of, and how much of it; some are of no certain length.
_SCALES: dict[str, tuple[tuple[str, Fraction], ...]] = {
    "ns": (("time", Fraction(1, 10**9)),),
    "us": (("time", Fraction(1, 10**6)),),
    "ms": (("time", Fraction(1, 1000)),),
    "s": (("time", Fraction(1)),),
    "min": (("time", Fraction(60)),),
    "h": (("time", Fraction(3600)),),
    "d": (("time", Fraction(_DAY)),),
    "week": (("time", Fraction(7 * _DAY)),),
    "month": (*(("time", Fraction(days * _DAY)) for days in (30, 31)), ("months", Fraction(1))),
    "year": (*(("time", Fraction(days * _DAY)) for days in (365, 366)), ("months", Fraction(12))),
    "bit": (("size", Fraction(1, 8)),),
    "b": (("size", Fraction(1)),),
    **{unit: tuple(("size", Fraction(size)) for size in sizes) for unit, sizes in _SIZES.items()},
    **{
        f"{m}bps": (("rate", Fraction(1000**n)), ("size", Fraction(1000**n, 8)))
        for n, m in enumerate("kmg", 1)
    },
    **{f"{m}hz": (("frequency", Fraction(1000**n)),) for n, m in enumerate(("", "k", "m", "g"))},
}
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")


def dimension(unit: str) -> str:
    """Return what a unit measures, such as `time`; itself where it is alone of its kind."""
    return _SCALES[unit][0][0] if unit in _SCALES else unit


def is_same_amount(value: str, unit: str, other: str, other_unit: str) -> bool:
    """Return whether two values with their units are one amount: 60 min and 1 h.

    Args:
        value: A value in digits.
        unit: Its unit's one name.
        other: Another value.
        other_unit: Its unit; `MB` and `MiB` are two, though either may be a kilobyte's thousand.
    """
    if unit == other_unit:
        return value == other
    if not (_PLAIN.fullmatch(value) and _PLAIN.fullmatch(other)):
        return False
    return any(
        kind == other_kind and Fraction(value) * scale == Fraction(other) * other_scale
        for kind, scale in _scales(unit, other_unit)
        for other_kind, other_scale in _scales(other_unit, unit)
    )


def converted_sizes(value: str, unit: str, other: str) -> list[float]:
    """Return what a value may be in another unit of size, but where the two share a name.

    Args:
        value: A value in digits.
        unit: Its unit's one name.
        other: The other unit: `MB` and `MiB` are two, and no rounding makes one of the other.
    """
    if not _PLAIN.fullmatch(value) or unit[:1] == other[:1]:
        return []
    return [
        float(Fraction(value) * scale / other_scale)
        for kind, scale in _scales(unit, other)
        for other_kind, other_scale in _scales(other, unit)
        if kind == other_kind == "size"
    ]


def _scales(unit: str, other: str) -> tuple[tuple[str, Fraction], ...]:
    """Return how much a unit may be beside another: a MB beside a MiB is a million bytes."""
    found = _SCALES.get(unit, ())
    beside_binary = other == f"{unit[:1]}ib" and unit != other
    return found[:1] if beside_binary else found


def bare_units(text: str) -> tuple[str, ...]:
    """Return the units that a text names without a number."""
    return tuple(UNITS[found["unit"].lower()] for found in _BARE.finditer(text))
