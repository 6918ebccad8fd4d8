"""All that is said of a table's constraints and indexes, by what each is about."""

from dataclasses import dataclass, field, replace

from footnotary.facts.schema import (
    CheckConstraint,
    Constraint,
    Exclusion,
    ForeignKey,
    Key,
    Table,
    TableIndex,
)

# Properties whose every change may refuse what was accepted; of the others, only some do.
_STRICT = frozenset({"", "ON DELETE", "ON UPDATE", "MATCH", "expression"})


@dataclass(frozen=True)
class Said:
    """What is said of one constraint or index.

    Attributes:
        kind: What it is, in words.
        properties: What is said, by name; an empty name where the value says it.
        refuses: Whether it refuses rows; an index that is not unique does not.
        name: Its name, where that is not what it is about.
    """

    kind: str
    properties: dict[str, str] = field(default_factory=dict)
    refuses: bool = True
    name: str = ""

    @property
    def words(self) -> str:
        """All properties on one line."""
        return " ".join(f"{name} {value}".strip() for name, value in self.properties.items())

    def narrows(self, name: str, was: str, now: str) -> bool:
        """Return whether another value of a property refuses what was accepted before."""
        if not self.refuses:
            return False
        if name == "WHERE":  # of a partial unique index: fewer rows are held to it
            return not (now and not was)
        if name == "DEFERRABLE":
            return bool(was) and not now
        if name == "nulls_not_distinct":
            return bool(now)
        return name in _STRICT


def said_of(table: Table, kind: str) -> dict[str, Said]:
    """Return the constraints of one kind: what each is about, and what is said of it.

    Args:
        table: The table.
        kind: `primary key`, `foreign key`, `unique`, `check`, `exclusion` or `index`. A unique
            index of all rows is the same promise as a unique constraint.
    """
    found: dict[str, Said] = {}
    for about, name, one in _said(table, kind):
        key = f"{about} {name}" if about in found else about
        found[key] = replace(one, name="" if about == name else name)
    return found


def index_words(index: TableIndex) -> str:
    """Return what is said of an index besides its columns, on one line."""
    return _index(index).words


def constraint_words(one: Constraint) -> str:
    """Return what is said of a key, a check or an exclusion besides its columns, on one line."""
    return " ".join(f"{name} {value}".strip() for name, value in _properties(one).items())


def _said(table: Table, kind: str) -> list[tuple[str, str, Said]]:
    """Return what each constraint of a kind is about, its name, and what is said of it."""
    if kind == "foreign key":
        return [
            (
                f"{_list(key.columns)} → {key.table} {_list(key.target_columns)}",
                key.name,
                Said(kind, _properties(key)),
            )
            for key in table.foreign_keys
        ]
    if kind == "index":
        rest = [one for one in table.indexes if not one.unique or one.where]
        return [(_list(one.columns), one.name, _index(one)) for one in rest]
    whole = [one for one in table.indexes if one.unique and not one.where]
    found = [(_list(one.columns), one.name, _index(one)) for one in whole if kind == "unique"]
    keys = {
        "primary key": [table.primary_key] * bool(table.primary_key.columns),
        "unique": table.uniques,
        "check": table.checks,
        "exclusion": table.exclusions,
    }[kind]
    return found + [(_about(one), one.name, Said(kind, _properties(one))) for one in keys]


def _about(one: Constraint) -> str:
    """Return what a constraint is about: its columns, else its name, else what it says."""
    if isinstance(one, Key):
        return _list(one.columns)
    if isinstance(one, Exclusion):
        return one.name or _list(one.elements)
    return one.name or (one.expression if isinstance(one, CheckConstraint) else "")


def _index(one: TableIndex) -> Said:
    found = {
        "USING": one.using if one.using != "btree" else "",
        "WHERE": one.where,
        "INCLUDE": ", ".join(one.include),
        **one.options,
    }
    kind = ("partial unique index" if one.where else "unique") if one.unique else "index"
    return Said(kind, {name: value for name, value in found.items() if value}, one.unique)


def _properties(one: Constraint) -> dict[str, str]:
    """Return what is said of a constraint besides what it is about."""
    found: dict[str, str] = {}
    if isinstance(one, CheckConstraint) and one.name:
        found[""] = one.expression
    if isinstance(one, Exclusion):
        found[""] = _list(one.elements) if one.name else ""
        found |= {"USING": one.using, "WHERE": one.where}
    if isinstance(one, ForeignKey):
        found |= {"ON DELETE": one.on_delete, "ON UPDATE": one.on_update, "MATCH": one.match}
    if isinstance(one, Key):
        found["INCLUDE"] = ", ".join(one.include)
    if one.deferrable:
        found["DEFERRABLE"] = f"INITIALLY {one.initially or 'IMMEDIATE'}"
    found |= {"comment": one.comment, **one.options}
    return {name: value for name, value in found.items() if value}


def _list(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)})"
