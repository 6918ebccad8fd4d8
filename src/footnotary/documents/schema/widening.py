"""Whether a SQL type holds everything that another one holds."""

import re

# Each family from the narrowest to the widest.
_FAMILIES = (
    ("TINYINT", "SMALLINT", "MEDIUMINT", "INTEGER", "BIGINT"),
    ("REAL", "FLOAT", "DOUBLE"),
    ("VARCHAR", "TEXT"),
    ("CHAR", "VARCHAR", "TEXT"),
    ("TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT"),
    ("BLOB", "MEDIUMBLOB", "LONGBLOB"),
)
_TYPE = re.compile(r"\s*([A-Z][A-Z ]*?)\s*(?:\((\d+)(?:\s*,\s*(\d+))?\))?\s*", re.IGNORECASE)
_SAME = {"INT": "INTEGER", "CHARACTER VARYING": "VARCHAR", "DECIMAL": "NUMERIC",
         "DOUBLE PRECISION": "DOUBLE"}  # fmt: skip


def is_wider(old: str, new: str) -> bool:
    """Return whether every value of a type fits another type.

    Args:
        old: A type as a dialect writes it, such as `VARCHAR(50)`.
        new: The type that takes its place.

    Returns:
        False also where it is not known.
    """
    before, after = _TYPE.fullmatch(old), _TYPE.fullmatch(new)
    if before is None or after is None:
        return False
    was, now = (_SAME.get(one[1].upper(), one[1].upper()) for one in (before, after))
    if was == now == "NUMERIC":
        return _wider_number(before, after)
    if was == now:
        return bool(before[2]) and (not after[2] or int(after[2]) >= int(before[2]))
    grows = any(
        was in family and now in family and family.index(now) > family.index(was)
        for family in _FAMILIES
    )
    return grows and not (after[2] and before[2] and int(after[2]) < int(before[2]))


def _wider_number(before: re.Match[str], after: re.Match[str]) -> bool:
    """Whether there are as many digits before and after the point, or more."""
    if not before[2]:
        return not after[2]
    if not after[2]:
        return True
    old, new = ((int(one[2]) - int(one[3] or 0), int(one[3] or 0)) for one in (before, after))
    return new[0] >= old[0] and new[1] >= old[1]
