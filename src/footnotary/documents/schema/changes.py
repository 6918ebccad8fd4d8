"""What changed in the schema since the last document, breaking changes first."""

from collections.abc import Iterator

from footnotary.documents import escape
from footnotary.documents.kinds import Context
from footnotary.documents.schema.said import Said, said_of
from footnotary.documents.schema.widening import is_wider
from footnotary.documents.ways_of_reading import why_not_compared
from footnotary.facts.schema import Column, SchemaFacts, Table, View

Change = tuple[bool, str]


def render_schema_changes(facts: SchemaFacts, context: Context) -> str:
    """Return the section "Changes since", or nothing for a first document."""
    before = context.previous
    if not isinstance(before, SchemaFacts) or context.previous_date is None:
        return ""
    if why := why_not_compared(before, facts):
        return f"## Changes since {context.previous_date}\n\n{why}"
    breaking: list[str] = []
    others: list[str] = []
    for is_breaking, words in compare_schemas(before, facts):
        (breaking if is_breaking else others).append(f"- {words}")
    parts = [f"## Changes since {context.previous_date}"]
    if breaking:
        parts.append("**Breaking**\n\n" + "\n".join(breaking))
    if others:
        parts.append("**Compatible**\n\n" + "\n".join(others))
    return "\n\n".join(parts if len(parts) > 1 else [*parts, "None."])


def compare_schemas(before: SchemaFacts, after: SchemaFacts) -> Iterator[Change]:
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
    if before.dialect and after.dialect and before.dialect != after.dialect:
        # one type has two texts then, and so has an expression
        was, now = escape.escape_text(before.dialect), escape.escape_text(after.dialect)
        yield False, f"types are written for {now} instead of {was}: only names are compared"
        for name in sorted(old.keys() & new.keys()):
            columns = {one.name for one in old[name].columns}
            left = columns - {one.name for one in new[name].columns}
            yield from ((True, f"{escape.code(f'{name}.{one}')} is gone") for one in sorted(left))
        return
    for name in sorted(old.keys() & new.keys()):
        yield from _columns(old[name], new[name])
        yield from _primary_key(old[name], new[name])
        yield from _constraints(old[name], new[name])
        yield from _told(escape.code(name), old[name], new[name])
    yield from _views(before, after)


def _columns(old: Table | View, new: Table | View) -> Iterator[Change]:
    before = {one.name: one for one in old.columns}
    for column in new.columns:
        name = escape.code(f"{new.full_name}.{column.name}")
        previous = before.pop(column.name, None)
        if previous is None:
            bare = _must_be_given(column) and isinstance(new, Table)
            how = " and NOT NULL without a server default" if bare else ""
            yield bare, f"{name} is new{how}"
        else:
            yield from _column(name, previous, column)
    for gone in before:
        yield True, f"{escape.code(f'{new.full_name}.{gone}')} is gone"


def _must_be_given(column: Column) -> bool:
    """Return whether a row needs a value for a column: the database makes none."""
    is_made = column.server_default or column.computed or column.autoincrement
    identity = column.numbering is not None and column.numbering.kind != "sequence"
    return not (column.nullable or is_made or identity)


def _column(name: str, old: Column, new: Column) -> Iterator[Change]:
    """Compare one column."""
    if old.type != new.type and not (old.enum and new.enum):
        wider = is_wider(old.type, new.type)
        words = f"{name}: type {escape.code(old.type)} → {escape.code(new.type)}"
        yield not wider, f"{words}, wider" if wider else words
    if old.nullable and not new.nullable:
        bare = " without a server default" if _must_be_given(new) else ""
        yield True, f"{name} became NOT NULL{bare}"
    if new.nullable and not old.nullable:
        yield False, f"{name} became nullable"
    yield from _made(name, old, new)
    if gone := [value for value in old.enum if value not in new.enum]:
        yield True, f"{name} no longer has {', '.join(map(escape.code, gone))}"
    if added := [value for value in new.enum if value not in old.enum]:
        yield False, f"{name} may also be {', '.join(map(escape.code, added))}"
    if old.enum != new.enum and not gone and not added:
        yield False, f"{name}: values in another order: {', '.join(map(escape.code, new.enum))}"
    if old.enum_name != new.enum_name and old.enum and new.enum:
        yield True, f"{name}: type {_or_none(old.enum_name)} → {_or_none(new.enum_name)}"
    if old.collation != new.collation:
        words = f"{name}: collation {_or_none(old.collation)} → {_or_none(new.collation)}"
        yield True, f"{words}: order and equality of its values are others"
    yield from _told(name, old, new)


def _made(name: str, old: Column, new: Column) -> Iterator[Change]:
    """Compare what fills a column that a row leaves out, and what may not be given."""
    refuses = _must_be_given(new) and not _must_be_given(old) and not old.nullable
    if old.server_default != new.server_default:
        was, now = _or_none(old.server_default), _or_none(new.server_default)
        lost = refuses and not new.server_default
        bare = ", and it is NOT NULL" if lost else ""
        yield lost, f"{name}: server default {was} → {now}{bare}"
    if old.default != new.default:
        yield False, f"{name}: default {_or_none(old.default)} → {_or_none(new.default)}"
    if old.on_update != new.on_update:
        yield False, f"{name}: on update {_or_none(old.on_update)} → {_or_none(new.on_update)}"
    if old.computed != new.computed:
        words = f"{name}: generated {_or_none(old.computed)} → {_or_none(new.computed)}"
        yield bool(new.computed) or refuses, words
    elif old.generated != new.generated:
        yield False, f"{name}: generated {old.generated} → {new.generated}"
    yield from _numbered(name, old, new, refuses=refuses)


def _numbered(name: str, old: Column, new: Column, *, refuses: bool) -> Iterator[Change]:
    """Compare identities and sequences: GENERATED ALWAYS refuses rows with a value."""
    was, now = old.numbering, new.numbering
    if was != now:
        words = f"{name}: {numbered(old) or 'no identity'} → {numbered(new) or 'no identity'}"
        always = now is not None and now.kind == "always"
        narrows = always and (was is None or was.kind != "always")
        lost = refuses and (was is not None and (now is None or now.kind == "sequence"))
        yield narrows or lost, words
    elif old.autoincrement != new.autoincrement and not old.server_default:
        how = "numbered by the database" if new.autoincrement else "no longer numbered"
        yield refuses, f"{name}: {how}"


def numbered(column: Column) -> str:
    """Return how a column is numbered by an identity or a sequence, as Markdown.

    Args:
        column: The column.

    Returns:
        Such as `identity ALWAYS (start 100)`; empty where it is not.
    """
    found = column.numbering
    if found is None:
        return ""
    words = f"identity {found.kind.upper()}"
    if found.kind == "sequence":
        words = f"sequence {escape.code(found.name)}"
    told = ", ".join(f"{name} {value}" for name, value in found.options.items())
    return f"{words} ({escape.escape_text(told)})" if told else words


def _told(where: str, old: Table | Column, new: Table | Column) -> Iterator[Change]:
    """Compare the comment, and what only the dialect knows."""
    if old.comment != new.comment:
        yield False, f"{where}: comment {_or_none(old.comment)} → {_or_none(new.comment)}"
    for name in sorted(old.options.keys() | new.options.keys()):
        was, now = old.options.get(name, ""), new.options.get(name, "")
        if was != now:
            # SQLite: https://www.sqlite.org/stricttables.html
            narrows = name == "strict" and bool(now)
            yield narrows, f"{where}: {escape.escape_text(name)} {_or_none(was)} → {_or_none(now)}"


def _or_none(text: str) -> str:
    return escape.code(text) or "none"


def _primary_key(old: Table, new: Table) -> Iterator[Change]:
    """Compare the columns of the primary key, and what is said of it."""
    was, now = old.primary_key.columns, new.primary_key.columns
    if was != now:
        words = " → ".join(_or_none(", ".join(columns)) for columns in (was, now))
        yield True, f"{escape.code(new.full_name)}: primary key {words}"
        return
    yield from _compared(new, said_of(old, "primary key"), said_of(new, "primary key"))


def _constraints(old: Table, new: Table) -> Iterator[Change]:
    """Compare keys, uniques, checks, exclusions and indexes by what they are about."""
    for kind in ("foreign key", "unique", "check", "exclusion", "index"):
        yield from _compared(new, said_of(old, kind), said_of(new, kind))


def _compared(table: Table, before: dict[str, Said], after: dict[str, Said]) -> Iterator[Change]:
    """Compare the constraints of one kind, each with all that is said of it."""
    for about in sorted(before.keys() | after.keys()):
        was, now = before.get(about), after.get(about)
        found = now or was
        words = (
            f"{escape.code(table.full_name)}: {found.kind if found else ''} {escape.code(about)}"
        )
        if was is None and now is not None:
            yield now.refuses, f"{words} is new{_how(now.words)}"
        elif now is None and was is not None:
            yield False, f"{words} is gone"
        elif was is not None and now is not None:
            if was.name != now.name:
                yield False, f"{words}: name {_or_none(was.name)} → {_or_none(now.name)}"
            for name in sorted(was.properties.keys() | now.properties.keys()):
                one, two = was.properties.get(name, ""), now.properties.get(name, "")
                if one != two:
                    label = f" {name}" if name else ""
                    changed = f"{words}:{label} {_or_none(one)} → {_or_none(two)}"
                    yield now.narrows(name, one, two), changed


def _how(words: str) -> str:
    return f": {escape.code(words)}" if words else ""


def _views(before: SchemaFacts, after: SchemaFacts) -> Iterator[Change]:
    """Compare views: their columns, and the SELECT that they are."""
    old = {one.full_name: one for one in before.views}
    new = {one.full_name: one for one in after.views}
    for name in sorted(old.keys() - new.keys()):
        yield True, f"view {escape.code(name)} is gone"
    for name in sorted(new.keys() - old.keys()):
        yield False, f"view {escape.code(name)} is new"
    for name in sorted(old.keys() & new.keys()):
        was, now = old[name], new[name]
        yield from _columns(was, now)
        if was.definition != now.definition:
            words = f"{escape.code(was.definition)} → {escape.code(now.definition)}"
            yield True, f"view {escape.code(name)}: other rows: {words}"
        if was.materialized != now.materialized:
            how = "is materialized now" if now.materialized else "is no longer materialized"
            yield False, f"view {escape.code(name)} {how}"
        if was.comment != now.comment:
            words = f"comment {_or_none(was.comment)} → {_or_none(now.comment)}"
            yield False, f"view {escape.code(name)}: {words}"
