"""What changed in the schema since the last document, breaking changes first."""

from collections.abc import Iterator

from footnotary.documents import escape
from footnotary.documents.kinds import Context
from footnotary.documents.schema.said import Said, holds_all, said_of
from footnotary.documents.what_changed import Change, gone_and_new, of_source, render_changes_since
from footnotary.facts.schema import Column, Relation, SchemaFacts, Table

_SCOPE = (
    "tables, columns (types, NULL, order, defaults; of functions their names), keys, constraints,"
    " indexes, comments, relationships and views"
)


def render_schema_changes(facts: SchemaFacts, context: Context) -> str:
    """Return the section "Changes since", or nothing for a first document."""
    return render_changes_since(facts, context, compare_schemas, _scope)


def _scope(before: SchemaFacts, after: SchemaFacts) -> str:
    """Return what was compared."""
    return _SCOPE + of_source(before, after)


def compare_schemas(before: SchemaFacts, after: SchemaFacts) -> Iterator[Change]:
    """Yield each change: whether it breaks writers or readers, and what it is in words."""
    old = {one.full_name: one for one in before.tables}
    new = {one.full_name: one for one in after.tables}
    yield from gone_and_new("table", old, new)
    same_dialect = not (before.dialect and after.dialect) or before.dialect == after.dialect
    if not same_dialect:  # one type has two texts then, and so has an expression
        was, now = escape.escape_text(before.dialect), escape.escape_text(after.dialect)
        told = "only names, NULL and the columns of keys are compared"
        yield None, f"types are written for {now} instead of {was}: {told}"
    for name in sorted(old.keys() & new.keys()):
        if not same_dialect:
            yield from _names(old[name], new[name])
            continue
        found = [*_table(old[name], new[name], after.dialect)]
        yield from found
        if not found and old[name].ddl != new[name].ddl:
            yield None, f"{escape.code(name)}: its DDL differs in what is not compared"
        yield from _relationships(old[name], new[name])
    yield from _views(before, after, same_dialect=same_dialect)


def _table(old: Table, new: Table, dialect: str) -> Iterator[Change]:
    """Compare one table."""
    yield from _columns(old, new, dialect)
    yield from _primary_key(old, new)
    yield from _constraints(old, new)
    yield from _told(escape.code(new.full_name), old, new)


def _names(old: Relation, new: Relation) -> Iterator[Change]:
    """Compare what is the same in every dialect: names of columns, NULL, and keys' columns."""
    yield from _each_column(old, new)
    before = {one.name: one for one in old.columns}
    for column in new.columns:
        if column.name in before:
            name = escape.code(f"{new.full_name}.{column.name}")
            yield from _null(name, before[column.name], column)
    if not (isinstance(old, Table) and isinstance(new, Table)):
        return
    if old.primary_key.columns != new.primary_key.columns:
        yield from _primary_key(old, new)
    for kind in ("foreign key", "unique", "index"):
        one, other = (
            {about: said for about, said in said_of(side, kind).items() if about.startswith("(")}
            for side in (old, new)
        )
        for about in sorted(one.keys() ^ other.keys()):
            words = f"{escape.code(new.full_name)}: {kind} {escape.code(about)}"
            is_new = about in other
            yield is_new and other[about].refuses, f"{words} is {'new' if is_new else 'gone'}"


def _columns(old: Relation, new: Relation, dialect: str) -> Iterator[Change]:
    """Compare the columns of a table or view, and their order."""
    yield from _each_column(old, new)
    before = {one.name: one for one in old.columns}
    shared = [one for one in new.columns if one.name in before]
    for column in shared:
        name = escape.code(f"{new.full_name}.{column.name}")
        yield from _column(name, before[column.name], column, dialect)
    order = [one.name for one in shared]
    kept = {*order}
    if [one.name for one in old.columns if one.name in kept] != order:
        listed = escape.list_codes(order)
        yield False, f"{escape.code(new.full_name)}: columns in another order: {listed}"


def _each_column(old: Relation, new: Relation) -> Iterator[Change]:
    """Yield which columns are new, and which are gone."""
    before = {one.name: one for one in old.columns}
    for column in new.columns:
        if before.pop(column.name, None) is None:
            name = escape.code(f"{new.full_name}.{column.name}")
            bare = _must_be_given(column) and isinstance(new, Table)
            how = " and NOT NULL without a server default" if bare else ""
            yield bare, f"{name} is new{how}"
    for gone in before:
        yield True, f"{escape.code(f'{new.full_name}.{gone}')} is gone"


def _must_be_given(column: Column) -> bool:
    """Return whether a row needs a value for a column: the database makes none."""
    is_made = column.server_default or column.computed or column.autoincrement
    identity = column.numbering is not None and column.numbering.kind != "sequence"
    return not (column.nullable or is_made or identity)


def _column(name: str, old: Column, new: Column, dialect: str) -> Iterator[Change]:
    """Compare one column."""
    yield from _type(name, old, new, dialect)
    yield from _null(name, old, new)
    if old.attribute != new.attribute:
        was, now = (escape.code(one.attribute or one.name) for one in (old, new))
        yield False, f"{name}: attribute of the class {was} → {now}"
    yield from _made(name, old, new)
    if old.enum and new.enum:
        yield from _values(name, old, new)
    elif old.enum != new.enum and old.type == new.type:
        words = f"only {escape.list_codes(new.enum)}" if new.enum else "any value"
        yield bool(new.enum), f"{name} may be {words} now"
    if old.collation != new.collation:
        words = f"{name}: collation {_or_none(old.collation)} → {_or_none(new.collation)}"
        yield True, f"{words}: order and equality of its values are others"
    yield from _told(name, old, new)


def _type(name: str, old: Column, new: Column, dialect: str) -> Iterator[Change]:
    """Compare the type, and the project's own class around it."""
    if old.decorator != new.decorator:
        was, now = _or_none(old.decorator), _or_none(new.decorator)
        yield None, f"{name}: values are written by {now}, no longer by {was}"
    if old.type == new.type:
        return
    words = f"{name}: type {escape.code(old.type)} → {escape.code(new.type)}"
    listed = [one.type.endswith("[]") for one in (old, new)]
    if old.enum and new.enum and listed[0] == listed[1]:
        texts = [_is_text(one) for one in (old, new)]
        if any(texts):  # else the values are the type, and are compared by themselves
            yield (False if all(texts) else None), words
    elif new.enum:
        yield True, words
    else:
        fits = holds_all(old.type, new.type, dialect)
        wider = fits and holds_all(new.type, old.type, dialect) is not True
        yield None if fits is None else not fits, f"{words}, wider" if wider else words


def _values(name: str, old: Column, new: Column) -> Iterator[Change]:
    """Compare the values of two enums, their order, and the name of a type of their own."""
    if gone := [value for value in old.enum if value not in new.enum]:
        yield True, f"{name} no longer has {escape.list_codes(gone)}"
    if added := [value for value in new.enum if value not in old.enum]:
        yield False, f"{name} may also be {escape.list_codes(added)}"
    if old.enum != new.enum and not gone and not added:
        yield False, f"{name}: values in another order: {escape.list_codes(new.enum)}"
    own = not (_is_text(old) or _is_text(new))  # else the name is that of a check
    if own and old.enum_name != new.enum_name:
        yield True, f"{name}: type {_or_none(old.enum_name)} → {_or_none(new.enum_name)}"


def _is_text(column: Column) -> bool:
    """Whether values of an enum are kept as text, not in a type of their own."""
    return holds_all(column.type, "TEXT", "postgresql") is True


def _null(name: str, old: Column, new: Column) -> Iterator[Change]:
    """Compare whether a column may be NULL."""
    if old.nullable and not new.nullable:
        bare = " without a server default" if _must_be_given(new) else ""
        yield True, f"{name} became NOT NULL{bare}"
    if new.nullable and not old.nullable:
        yield False, f"{name} became nullable"


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
            narrows = None if name == "domain" else name == "strict" and bool(now)
            yield narrows, f"{where}: {escape.escape_text(name)} {_or_none(was)} → {_or_none(now)}"


def _relationships(old: Table, new: Table) -> Iterator[Change]:
    """Compare the relationships of the mapped class."""
    before, after = ({one.name: one for one in side.relationships} for side in (old, new))
    for name in sorted(before.keys() | after.keys()):
        words = f"{escape.code(new.full_name)}: relationship {escape.code(name)}"
        if name not in before or name not in after:
            yield False, f"{words} is {'new' if name in after else 'gone'}"
        elif changed := [
            f"{field.replace('_', ' ')} {_or_none(str(was))} → {_or_none(str(now))}"
            for field, was in before[name]
            if was != (now := getattr(after[name], field))
        ]:
            yield False, f"{words}: {', '.join(changed)}"


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


def _views(before: SchemaFacts, after: SchemaFacts, *, same_dialect: bool) -> Iterator[Change]:
    """Compare views: their columns, and the SELECT that they are."""
    old = {one.full_name: one for one in before.views}
    new = {one.full_name: one for one in after.views}
    yield from gone_and_new("view", old, new)
    for name in sorted(old.keys() & new.keys()):
        was, now = old[name], new[name]
        if not same_dialect:
            yield from _names(was, now)
            continue
        yield from _columns(was, now, after.dialect)
        if was.definition != now.definition:
            words = f"{escape.code(was.definition)} → {escape.code(now.definition)}"
            yield True, f"view {escape.code(name)}: other rows: {words}"
        if was.materialized != now.materialized:
            how = "is materialized now" if now.materialized else "is no longer materialized"
            yield False, f"view {escape.code(name)} {how}"
        if was.comment != now.comment:
            words = f"comment {_or_none(was.comment)} → {_or_none(now.comment)}"
            yield False, f"view {escape.code(name)}: {words}"
