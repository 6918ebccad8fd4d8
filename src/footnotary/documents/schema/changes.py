"""What changed in the schema since the last document, breaking changes first."""

from collections.abc import Iterator

from footnotary.documents import escape
from footnotary.documents.kinds import Context
from footnotary.documents.schema.widening import is_wider
from footnotary.documents.ways_of_reading import why_not_compared
from footnotary.facts.schema import Column, ForeignKey, SchemaFacts, Table

# Kinds of constraints, and whether a new one refuses what was accepted before.
_KINDS = {"foreign key": True, "unique": True, "check": True, "index": False}


def changes(facts: SchemaFacts, context: Context) -> str:
    """Return the section "Changes since", or nothing for a first document."""
    before = context.previous
    if not isinstance(before, SchemaFacts) or context.previous_date is None:
        return ""
    if why := why_not_compared(before, facts):
        return f"## Changes since {context.previous_date}\n\n{why}"
    breaking: list[str] = []
    others: list[str] = []
    for is_breaking, words in differences(before, facts):
        (breaking if is_breaking else others).append(f"- {words}")
    parts = [f"## Changes since {context.previous_date}"]
    if breaking:
        parts.append("**Breaking**\n\n" + "\n".join(breaking))
    if others:
        parts.append("**Compatible**\n\n" + "\n".join(others))
    return "\n\n".join(parts if len(parts) > 1 else [*parts, "None."])


def differences(before: SchemaFacts, after: SchemaFacts) -> Iterator[tuple[bool, str]]:
    """Yield each change: whether it breaks writers or readers, and what it is in words.

    Args:
        before: The facts of the last document.
        after: The facts of today.
    """
    old = {one.full_name: one for one in before.tables}
    new = {one.full_name: one for one in after.tables}
    for name in sorted(old.keys() - new.keys()):
        yield True, f"table {escape.code(name)} is gone"
    for name in sorted(new.keys() - old.keys()):
        yield False, f"table {escape.code(name)} is new"
    for name in sorted(old.keys() & new.keys()):
        yield from _columns(old[name], new[name])
        yield from _primary_key(old[name], new[name])
        yield from _constraints(old[name], new[name])


def _columns(old: Table, new: Table) -> Iterator[tuple[bool, str]]:
    before = {one.name: one for one in old.columns}
    for column in new.columns:
        name = escape.code(f"{new.full_name}.{column.name}")
        previous = before.pop(column.name, None)
        if previous is None:
            bare = not column.nullable and not column.server_default and not column.identity
            how = " and NOT NULL without a server default" if bare else ""
            yield bare, f"{name} is new{how}"
        else:
            yield from _column(name, previous, column)
    for gone in before:
        yield True, f"{escape.code(f'{new.full_name}.{gone}')} is gone"


def _column(name: str, old: Column, new: Column) -> Iterator[tuple[bool, str]]:
    """Compare one column."""
    if old.type != new.type and not (old.enum and new.enum):
        wider = is_wider(old.type, new.type)
        words = f"{name}: type {escape.code(old.type)} → {escape.code(new.type)}"
        yield not wider, f"{words}, wider" if wider else words
    if old.nullable and not new.nullable:
        bare = "" if new.server_default else " without a server default"
        yield True, f"{name} became NOT NULL{bare}"
    if new.nullable and not old.nullable:
        yield False, f"{name} became nullable"
    for kind, was, now in (
        ("server default", old.server_default, new.server_default),
        ("default", old.default, new.default),
    ):
        if was != now:
            yield False, f"{name}: {kind} {_or_none(was)} → {_or_none(now)}"
    if old.computed != new.computed:
        words = f"{name}: generated {_or_none(old.computed)} → {_or_none(new.computed)}"
        yield bool(new.computed), words
    if gone := [value for value in old.enum if value not in new.enum]:
        yield True, f"{name} no longer has {', '.join(map(escape.code, gone))}"
    if added := [value for value in new.enum if value not in old.enum]:
        yield False, f"{name} may also be {', '.join(map(escape.code, added))}"


def _or_none(text: str) -> str:
    return escape.code(text) or "none"


def _primary_key(old: Table, new: Table) -> Iterator[tuple[bool, str]]:
    """Compare the columns of the primary key."""
    was, now = old.primary_key.columns, new.primary_key.columns
    if was != now:
        words = " → ".join(_or_none(", ".join(columns)) for columns in (was, now))
        yield True, f"{escape.code(new.full_name)}: primary key {words}"


def _constraints(old: Table, new: Table) -> Iterator[tuple[bool, str]]:
    """Compare keys, uniques, checks and indexes, by what they are about and not by their names."""
    for kind, narrows in _KINDS.items():
        before, after = _said(old, kind), _said(new, kind)
        for about in sorted(before.keys() | after.keys()):
            was, now = before.get(about), after.get(about)
            words = f"{escape.code(new.full_name)}: {kind} {escape.code(about)}"
            if was is None:
                yield narrows, f"{words} is new{_how(now)}"
            elif now is None:
                yield False, f"{words} is gone"
            elif was != now:
                yield narrows, f"{words}: {_or_none(was)} → {_or_none(now)}"


def _how(said: str | None) -> str:
    return f": {escape.code(said)}" if said else ""


def _said(table: Table, kind: str) -> dict[str, str]:
    """Return the constraints of a kind: what each is about, and what it says."""
    if kind == "foreign key":
        return {
            f"({', '.join(key.columns)}) → {key.table} ({', '.join(key.target_columns)})": _actions(
                key
            )
            for key in table.foreign_keys
        }
    if kind == "unique":
        unique = [key.columns for key in table.uniques]
        unique += [index.columns for index in table.indexes if index.unique and not index.where]
        return {f"({', '.join(columns)})": "" for columns in unique}
    if kind == "check":
        return {key.name or key.expression: key.expression if key.name else ""
                for key in table.checks}  # fmt: skip
    plain = [one for one in table.indexes if not one.unique or one.where]
    return {f"({', '.join(one.columns)})": one.where for one in plain}


def _actions(key: ForeignKey) -> str:
    """Return what a foreign key does on delete and on update."""
    found = [f"ON DELETE {key.on_delete}"] if key.on_delete else []
    found += [f"ON UPDATE {key.on_update}"] if key.on_update else []
    return " ".join(found)
