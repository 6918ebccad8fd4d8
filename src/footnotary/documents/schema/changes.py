"""What changed in the schema since the last document, breaking changes first."""

from collections.abc import Iterator

from footnotary.documents import escape
from footnotary.documents.kinds import Context
from footnotary.facts.schema import Column, SchemaFacts, Table


def changes(facts: SchemaFacts, context: Context) -> str:
    """Return the section "Changes since", or nothing for a first document."""
    before = context.previous
    if not isinstance(before, SchemaFacts) or context.previous_date is None:
        return ""
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
    if old.type != new.type:
        yield True, f"{name}: type {escape.code(old.type)} → {escape.code(new.type)}"
    if old.nullable and not new.nullable:
        yield True, f"{name} became NOT NULL"
    if new.nullable and not old.nullable:
        yield False, f"{name} became nullable"
    if old.server_default != new.server_default:
        was, now = (
            escape.code(text) or "none" for text in (old.server_default, new.server_default)
        )
        yield False, f"{name}: server default {was} → {now}"
    if gone := [value for value in old.enum if value not in new.enum]:
        yield True, f"{name} no longer has {', '.join(map(escape.code, gone))}"
    if added := [value for value in new.enum if value not in old.enum]:
        yield False, f"{name} may also be {', '.join(map(escape.code, added))}"


def _constraints(old: Table, new: Table) -> Iterator[tuple[bool, str]]:
    """Compare keys, uniques, checks and indexes, by what they say and not by their names."""
    for kind, narrows in (
        ("foreign key", True),
        ("unique", True),
        ("check", True),
        ("index", False),
    ):
        before, after = _said(old, kind), _said(new, kind)
        for words in sorted(after - before):
            yield narrows, f"{escape.code(new.full_name)}: {kind} {escape.code(words)} is new"
        for words in sorted(before - after):
            yield False, f"{escape.code(new.full_name)}: {kind} {escape.code(words)} is gone"


def _said(table: Table, kind: str) -> set[str]:
    if kind == "foreign key":
        return {
            f"({', '.join(key.columns)}) → {key.table} ({', '.join(key.target_columns)})"
            + (f" ON DELETE {key.on_delete}" if key.on_delete else "")
            for key in table.foreign_keys
        }
    if kind == "unique":
        return {f"({', '.join(key.columns)})" for key in table.uniques}
    if kind == "check":
        return {key.expression for key in table.checks}
    return {
        f"({', '.join(index.columns)})" + (" unique" if index.unique else "")
        for index in table.indexes
    }
