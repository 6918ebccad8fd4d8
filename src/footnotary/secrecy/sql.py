"""SQL, and words about it, without the literals that are values of a secret."""

import re
from collections.abc import Iterator, Sequence

from footnotary.secrecy.names import Secrecy, secrecy_of
from footnotary.secrecy.values import shown_value

_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
# Where what was said of one column ends and the next begins.
_CLAUSE = re.compile(r"\n|\b(?:AND|OR)\b", re.IGNORECASE)
# Behind these a literal is no value of the column: words about it, a collation.
_SAID = re.compile(r"\b(?:COMMENT|COLLATE)[\s=]*(?:IS\s*)?\Z", re.IGNORECASE)
_AMONG = re.compile(r"\b(?:IN|ANY|ENUM)\b", re.IGNORECASE)


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
