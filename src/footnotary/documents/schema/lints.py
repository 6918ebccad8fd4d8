"""What a schema reviewer would remark, each with the fix.

The rules are those of tbls' and SchemaCrawler's linters, and of a project's own naming
convention; without one, the five patterns that SQLAlchemy's documentation recommends for
PostgreSQL are not imposed.
"""

from collections.abc import Iterator

from footnotary.documents import escape
from footnotary.documents.tables import table
from footnotary.facts.schema import SchemaFacts, Table

_NO_CONVENTION = (
    "The metadata has no naming convention: constraints get the database's names, which"
    " migrations cannot rely on. Give `MetaData(naming_convention={…})`."
)


def lints(facts: SchemaFacts) -> str:
    """Return the remarks as a table; nothing where there are none."""
    rows = [
        [escape.code(place), escape.text(remark), escape.text(fix)]
        for one in sorted(facts.tables, key=lambda one: one.full_name)
        for place, remark, fix in remarks(one)
    ]
    parts = [table(["Where", "Remark", "Fix"], rows)] if rows else []
    if not facts.convention or set(facts.convention) <= {"ix"}:
        parts.insert(0, _NO_CONVENTION)
    return "## Remarks\n\n" + "\n\n".join(parts) if parts else ""


def remarks(one: Table) -> Iterator[tuple[str, str, str]]:
    """Yield place, remark and fix for one table.

    Args:
        one: The table.
    """
    name = one.full_name
    if not one.primary_key.columns:
        yield name, "no primary key", "add one: ORMs, replication and deduplication need it"
    yield from _foreign_keys(one)
    yield from _indexes(one)
    nullable = {column.name for column in one.columns if column.nullable}
    for key in one.uniques:
        loose = [column for column in key.columns if column in nullable]
        if loose and len(key.columns) > 1:
            yield (
                f"{name} ({', '.join(key.columns)})",
                f"unique, but {', '.join(loose)} may be NULL, and NULLs never collide",
                "NOT NULL, or NULLS NOT DISTINCT (PostgreSQL 15)",
            )
    if not (one.comment or one.doc) and not any(column.comment for column in one.columns):
        yield name, "says nothing about itself", "a docstring on the class, or comment="


def _foreign_keys(one: Table) -> Iterator[tuple[str, str, str]]:
    """Foreign keys that no index covers, and the same one twice."""
    covered = [one.primary_key.columns, *(key.columns for key in one.uniques)]
    covered += [index.columns for index in one.indexes if not index.where]
    seen = set()
    for key in one.foreign_keys:
        where = f"{one.full_name} ({', '.join(key.columns)})"
        if not any(names[: len(key.columns)] == key.columns for names in covered):
            yield (
                where,
                f"foreign key without an index: deleting in {key.table} scans this table",
                "index=True",
            )
        same = (key.columns, key.table)
        if same in seen:
            yield where, f"points to {key.table} twice", "drop one of the two"
        seen.add(same)


def _indexes(one: Table) -> Iterator[tuple[str, str, str]]:
    """Indexes that another key of the table makes needless."""
    keys = [(one.primary_key.name or "the primary key", one.primary_key.columns)]
    keys += [(key.name or "a unique constraint", key.columns) for key in one.uniques]
    keys += [(index.name, index.columns) for index in one.indexes if not index.where]
    for index in one.indexes:
        for other, names in keys:
            longer = (
                len(names) > len(index.columns) and names[: len(index.columns)] == index.columns
            )
            same = names == index.columns and other != index.name and other > index.name
            if index.columns and not index.unique and not index.where and (longer or same):
                yield f"{one.full_name}.{index.name}", f"covered by {other}", "drop the index"
                break
