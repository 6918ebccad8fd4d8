"""The literal value of something that has a name: a default, an example, one of an enum."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from footnotary.secrecy.credentials import MASK, NAMED, Secrecy, secrecy_of, split_name
from footnotary.secrecy.texts import without_credentials

# One word, or several joined: what members of an enumeration look like.
_PLAIN = re.compile(r"[A-Za-z]{1,20}(?:[ _.:/-][A-Za-z]{1,20}){0,5}")
# A run that mixes letters and digits, or is longer than a word: a key may look so.
_MIXED = re.compile(r"(?=[^\W_]*\d)(?=[^\W_]*[A-Za-z])[^\W_]{6,}|[^\W_]{25,}|[!@#$%^&*]")
_CAMEL = re.compile(r"[a-z]*(?:[A-Z][a-z]+|[A-Z]{2,5})+")
_AMOUNTS = re.compile(r"v?\d{1,6}(?:[.:-]\d{1,6})*[a-z]{0,3}")
# Numbers are shown, but for these: a PIN is a number.
_NUMBERS = frozenset(
    "password passwd pwd passcode pin otp cvv cvc ssn secret code".split()  # noqa: SIM905
)
_SMALL = 1000
# What is where no value is given, such as the example that Swagger writes for a text.
_NOTHING = frozenset(
    """
    string str text none null nil undefined n/a required optional redacted hidden masked true false
    yes no on off xxx xxxx xxxxx xxxxxx xxxxxxxx
    """.split()  # noqa: SIM905  a list of one word a line would bury the code
)
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
# Where what was said of one column ends and the next begins.
_CLAUSE = re.compile(r"\n|\b(?:AND|OR)\b", re.IGNORECASE)
# Behind these a literal is no value of the column: words about it, a collation.
_SAID = re.compile(r"\b(?:COMMENT|COLLATE)[\s=]*(?:IS\s*)?\Z", re.IGNORECASE)
_AMONG = re.compile(r"\b(?:IN|ANY|ENUM)\b", re.IGNORECASE)


def shown_value(
    value: Any,
    name: str,
    *,
    choices: Sequence[Any] = (),
    secrecy: Secrecy | None = None,
    known: Collection[str] = (),
) -> Any:
    """Return a value as it may be shown; objects and lists keep their form."""
    level = secrecy or secrecy_of(name)
    if isinstance(value, dict):
        return {
            without_credentials(key, known) if isinstance(key, str) else key: shown_value(
                below, str(key), secrecy=_within(level, str(key)), known=known
            )
            for key, below in value.items()
        }
    if isinstance(value, list | tuple):
        found = [
            shown_value(one, name, choices=choices, secrecy=level, known=known) for one in value
        ]
        return found if isinstance(value, list) else tuple(found)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return MASK if level is Secrecy.SECRET and _is_secret_number(value, name) else value
    if not isinstance(value, str):
        return value
    return _shown_text(value, level, enumerated=value in choices, known=known)


def _shown_text(value: str, level: Secrecy, *, enumerated: bool, known: Collection[str]) -> str:
    """Return a text as it may be shown."""
    plain = _PLAIN.fullmatch(value) is not None
    if level is Secrecy.SECRET and not (enumerated and plain) and not _is_nothing(value):
        return MASK
    if level is Secrecy.GUARDED and "://" not in value and not plain and _may_be_a_key(value):
        return MASK
    return without_credentials(value, known)


def _is_nothing(value: str) -> bool:
    """Tell whether a text gives nothing away: it is empty, or says what should stand there."""
    plain = value.strip().casefold()
    return not plain or plain in _NOTHING or NAMED.fullmatch(value.strip()) is not None


def _within(level: Secrecy, name: str) -> Secrecy:
    """Return what is known of a member of an object: `secrets` holds names of secrets too."""
    own = secrecy_of(name)
    return Secrecy.GUARDED if level is Secrecy.SECRET and own is Secrecy.OPEN else own


def _may_be_a_key(value: str) -> bool:
    """Tell whether a text has the form of something made at random."""
    parts = re.split(r"[\s/,;._-]+", value)
    return any(
        _MIXED.search(part) and not _AMOUNTS.fullmatch(part) and not _CAMEL.fullmatch(part)
        for part in parts
    )


def _is_secret_number(value: float, name: str) -> bool:
    """Tell whether a number is somebody's: a PIN, not a count of tokens."""
    return abs(value) >= _SMALL and not _NUMBERS.isdisjoint(split_name(name)[-1:])


def without_secret_literals(sql: str) -> str:
    """Return SQL with `***` in the literals of what is named like a secret.

    Args:
        sql: Statements or an expression. A literal belongs to the names that stand before it
            on its line: `password VARCHAR(80) DEFAULT '…'`, `CHECK (token <> '…')`.
    """
    if "'" not in sql:
        return sql
    return "".join(_pieces(sql))


def _pieces(sql: str) -> Iterator[str]:
    """Yield SQL piece by piece, literals as they may be shown."""
    end, clause = 0, ""
    for found in _LITERAL.finditer(sql):
        between = sql[end : found.start()]
        clause = _CLAUSE.split(clause + between)[-1]
        name = _secret_in(clause)
        end = found.end()
        yield between
        if not name or _SAID.search(between):
            yield found[0]
            continue
        choices = (found[1],) if _AMONG.search(clause) else ()
        yield f"'{shown_value(found[1], name, choices=choices)}'"
    yield sql[end:]


def _secret_in(clause: str) -> str:
    """Return the last name in a clause that speaks of a secret; empty where none does."""
    names = [one for one in _IDENTIFIER.findall(clause) if secrecy_of(one) is Secrecy.SECRET]
    return names[-1] if names else ""


def literals_in(text: str) -> tuple[str, ...]:
    """Return the literals in a text of SQL or Python.

    Args:
        text: Such as `ENUM('draft', 'sent')`.
    """
    return tuple(_LITERAL.findall(text))


def shown_literals(text: str, name: str, choices: Sequence[str] = ()) -> str:
    """Return a value as Python or SQL writes it, its literals as they may be shown.

    Args:
        text: Such as `'draft'`, `now()` or `'draft'::text`.
        name: What it is the value of.
        choices: The values it may have, where it is one of an enumeration.
    """
    return _LITERAL.sub(lambda one: f"'{shown_value(one[1], name, choices=choices)}'", text)
