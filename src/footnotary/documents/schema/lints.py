"""What a schema reviewer would remark, each with the fix.

The rules are those of tbls' and SchemaCrawler's linters, and of a project's own naming
convention; without one, PostgreSQL's five patterns are proposed, not imposed.
"""

import re
from collections.abc import Iterator

from footnotary.documents import escape, prose
from footnotary.documents.tables import render_folded, write_table
from footnotary.facts.schema import SchemaFacts, Table, TableIndex

POSTGRESQL = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
_TOKEN = re.compile(r"%\((\w+)\)s")
# What SQLAlchemy gives every metadata: it names indexes only.
_BUILT_IN = {"ix": "ix_%(column_0_label)s"}


def has_own(facts: SchemaFacts) -> bool:
    """Return whether the metadata has a convention beyond SQLAlchemy's built-in one."""
    return bool(facts.convention) and facts.convention != _BUILT_IN


def deviations(facts: SchemaFacts) -> Iterator[tuple[str, str, str]]:
    """Yield table, name and what the convention would have called it.

    Args:
        facts: The schema; names that are empty are the database's to choose.
    """
    patterns = facts.convention if has_own(facts) else POSTGRESQL
    for table in facts.tables:
        for kind, name, columns, target in _named(table):
            pattern = patterns.get(kind)
            if not name or not pattern or name.startswith("_unnamed"):
                continue
            if not _follows(name, pattern, table, columns, target):
                yield table.full_name, name, _expand_pattern(pattern, table, columns, target)


def _named(table: Table) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Yield kind, name, columns and referred table of everything that has a name."""
    yield "pk", table.primary_key.name, table.primary_key.columns, ""
    for key in table.foreign_keys:
        yield "fk", key.name, key.columns, key.table.rpartition(".")[2]
    for unique in table.uniques:
        yield "uq", unique.name, unique.columns, ""
    for check in table.checks:
        yield "ck", check.name, (), ""
    for index in table.indexes:
        if all(re.fullmatch(r"\w+", column) for column in index.columns):
            yield "ix", index.name, index.columns, ""


def _follows(name: str, pattern: str, table: Table, columns: tuple[str, ...], target: str) -> bool:
    """Whether a name is what a pattern makes; all columns may stand where it has the first.

    Names that are too long end in four hexadecimal digits of their hash, as SQLAlchemy cuts
    them.
    """
    wide = pattern.replace("column_0_name", "column_0_N_name")
    wide = wide.replace("column_0_label", "column_0_N_label")
    cut = re.sub(r"_[0-9a-f]{4}$", "", name)
    every = pattern.replace("%(column_0_label)s", "%(table_name)s_%(column_0_N_name)s")
    for one in (pattern, wide, every):
        if re.fullmatch(_expression(one, table, columns, target), name):
            return True
        if cut != name and _expand_pattern(one, table, columns, target).startswith(cut):
            return True
    return False


def _values(table: Table, columns: tuple[str, ...], target: str) -> dict[str, str]:
    """Return what the tokens stand for."""
    # as SQLAlchemy's `Column._label` has it: the schema is a part of it
    label = f"{table.schema_name.replace('.', '_')}_" if table.schema_name else ""
    labels = [f"{label}{table.name}_{column}" for column in columns]
    return {
        "table_name": table.name,
        "referred_table_name": target,
        "column_0_name": columns[0] if columns else "",
        "column_0_key": columns[0] if columns else "",
        "column_0_label": labels[0] if labels else "",
        "column_0_N_name": "_".join(columns),
        "column_0N_name": "".join(columns),
        "column_0_N_label": "_".join(labels),
        "column_0N_label": "".join(labels),
    }


def _expression(pattern: str, table: Table, columns: tuple[str, ...], target: str) -> str:
    """Return a regular expression; a token that is not known matches anything."""
    values = _values(table, columns, target)
    parts = _TOKEN.split(pattern)
    built = [
        re.escape(part) if at % 2 == 0 else re.escape(values[part]) if part in values else r".+"
        for at, part in enumerate(parts)
    ]
    return "".join(built)


def _expand_pattern(pattern: str, table: Table, columns: tuple[str, ...], target: str) -> str:
    """Return the name that a pattern makes; tokens that are not known stay in braces."""
    values = _values(table, columns, target)
    return _TOKEN.sub(lambda found: values.get(found[1], f"{{{found[1]}}}"), pattern)


Remark = tuple[str, str, str]
MAX_NAMES = 40
# InnoDB makes an index for each foreign key that has none (MySQL manual, 15.1.24.5).
_INDEXES_KEYS = {"mysql", "mariadb"}
# Where an index belongs to its table, and its name is no other table's business.
_NAMES_IN_TABLE = {"mysql", "mariadb", "mssql"}
# Where two rows with NULL in a unique key collide: SQL Server, and Oracle in several columns.
_NULLS_COLLIDE = {"mssql", "oracle"}
_NO_CONVENTION = (
    "The metadata has no naming convention: constraints get the database's names, which"
    " migrations cannot rely on. Give `MetaData(naming_convention={…})`, for example"
    " PostgreSQL's own:"
)


def render_lints(facts: SchemaFacts) -> str:
    """Return the remarks as a table; nothing where there are none."""
    ordered = sorted(facts.tables, key=lambda one: one.full_name)
    found = [remark for one in ordered for remark in remarks(one, facts.dialect)]
    found += list(_across(facts))
    grouped: dict[tuple[str, str], list[str]] = {}
    for place, what, fix in found:
        grouped.setdefault((what, fix), []).append(escape.code(place))
    rows = [
        [", ".join(dict.fromkeys(places)), prose.line(what), escape.escape_text(fix)]
        for (what, fix), places in grouped.items()
    ]
    parts = [write_table(["Where", "Remark", "Fix"], rows)] if rows else []
    parts += [part for part in (_silent(ordered), _names(facts)) if part]
    return "## Remarks\n\n" + "\n\n".join(parts) if parts else ""


def remarks(one: Table, dialect: str) -> Iterator[Remark]:
    """Yield place, remark and fix for one table.

    Args:
        one: The table.
        dialect: The database's, as SQLAlchemy calls it; may be empty.
    """
    name = one.full_name
    if one.scope == "source":
        return  # what a library adds, or is computed, could contradict each
    if not one.primary_key.columns:
        yield name, "no primary key", "add one: ORMs, replication and deduplication need it"
    yield from _foreign_keys(one, indexed=dialect in _INDEXES_KEYS)
    yield from _indexes(one)
    if dialect not in _NULLS_COLLIDE:
        yield from _uniques(one, dialect)


def _uniques(one: Table, dialect: str) -> Iterator[Remark]:
    """Unique constraints that NULLs get around."""
    has_clause = dialect in {"", "postgresql"}
    fix = "NOT NULL, or NULLS NOT DISTINCT (PostgreSQL 15)" if has_clause else "NOT NULL"
    nullable = {column.name for column in one.columns if column.nullable}
    for key in one.uniques:
        loose = [column for column in key.columns if column in nullable]
        if loose and len(key.columns) > 1:
            yield (
                f"{one.full_name} ({', '.join(key.columns)})",
                f"unique, but {', '.join(loose)} may be NULL, and NULLs never collide",
                fix,
            )


def _foreign_keys(one: Table, *, indexed: bool) -> Iterator[Remark]:
    """Foreign keys that no index covers, and the same one twice."""
    covered = [one.primary_key.columns, *(key.columns for key in one.uniques)]
    covered += [index.columns for index in one.indexes if _orders(index) or index.using == "hash"]
    seen = set()
    for key in one.foreign_keys:
        where = f"{one.full_name} ({', '.join(key.columns)})"
        if not indexed and not any(
            set(names[: len(key.columns)]) == set(key.columns) for names in covered
        ):
            yield (
                where,
                "foreign key without an index: deleting what it points to scans this table",
                "index=True, or an Index of its columns",
            )
        same = (key.columns, key.table)
        if same in seen:
            yield where, f"points to {key.table} twice", "drop one of the two"
        seen.add(same)


def _indexes(one: Table) -> Iterator[Remark]:
    """Indexes without columns, and those that another key of the table makes needless."""
    keys = [(one.primary_key.name or "PRIMARY KEY", one.primary_key.columns)]
    keys += [(key.name or "UNIQUE", key.columns) for key in one.uniques]
    keys += [(index.name, index.columns) for index in one.indexes if _orders(index)]
    for index in one.indexes:
        if not index.columns:
            yield f"{one.full_name}.{index.name}", "index without columns", "drop it"
            continue
        for other, names in keys:
            longer = (
                len(names) > len(index.columns) and names[: len(index.columns)] == index.columns
            )
            same = names == index.columns and other != index.name
            twin = same and any(other == two.name for two in one.indexes) and other < index.name
            if not index.unique and _orders(index) and (longer or (same and not twin)):
                yield f"{one.full_name}.{index.name}", f"covered by `{other}`", "drop the index"
                break


def _orders(index: TableIndex) -> bool:
    """Return whether an index orders all rows: a GIN or a partial one does another's work never."""
    return not index.where and index.using in ("", "btree")


def _across(facts: SchemaFacts) -> Iterator[Remark]:
    """What shows only when tables are seen together."""
    known = {one.full_name: one for one in facts.tables}
    pointed = {key.table for one in facts.tables for key in one.foreign_keys}
    is_whole = facts.read.how != "source" and not facts.read.failed
    for one in facts.tables:
        for key in one.foreign_keys:
            where = f"{one.full_name} ({', '.join(key.columns)})"
            target = known.get(key.table)
            if one.scope == "source" or (target is None and not is_whole):
                continue
            if target is None:
                yield where, f"points to {key.table}, which is not declared", "import its model"
                continue
            types = {column.name: column.type for column in target.columns}
            mine = {column.name: column.type for column in one.columns}
            for ours, theirs in zip(key.columns, key.target_columns, strict=False):
                if types.get(theirs, "") != mine.get(ours, "") and types.get(theirs):
                    yield where, f"is {mine.get(ours)}, its target {types[theirs]}", "one type"
        if is_whole and len(known) > 1 and not one.foreign_keys and one.full_name not in pointed:
            yield one.full_name, "related to no other table", "a foreign key, or say why not"
    for names in circles(facts.tables):
        yield (
            " → ".join([*names, names[0]]),
            "foreign keys in a circle: no order to insert or delete without NULLs",
            "use_alter=True on one, or break it by a table of its own",
        )
    if facts.dialect not in _NAMES_IN_TABLE:
        yield from _same_names(facts)


def circles(tables: tuple[Table, ...]) -> list[list[str]]:
    """Return the circles between tables, each once, by name; a table to itself is none.

    Args:
        tables: All tables; foreign keys that are added later (`use_alter`) break a circle.
    """
    edges = {
        one.full_name: [
            key.table
            for key in one.foreign_keys
            if not key.use_alter and key.table != one.full_name
        ]
        for one in tables
    }
    reach = {name: _reached(name, edges) for name in edges}
    found: list[list[str]] = []
    done: set[str] = set()
    for name in sorted(edges):
        if name in done or name not in reach[name]:
            continue
        members = sorted(other for other in reach[name] if name in reach.get(other, ()))
        done.update(members)
        found.append(members)
    return found


def _reached(start: str, edges: dict[str, list[str]]) -> set[str]:
    """Return every table that foreign keys lead to, however far."""
    found: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        name = waiting.pop()
        if name not in found and name in edges:
            found.add(name)
            waiting += edges[name]
    return found


def _same_names(facts: SchemaFacts) -> Iterator[Remark]:
    """Names of indexes that a database takes only once a schema, of constraints once a table."""
    seen: dict[tuple[str, str], str] = {}
    for one in facts.tables:
        named = [each.name for each in (*one.checks, *one.uniques, *one.foreign_keys)]
        doubled = (each for each in named if each and named.count(each) > 1)
        for name in dict.fromkeys(doubled) if facts.dialect != "sqlite" else ():
            yield f"{one.full_name}.{name}", "several constraints have this name", "name each"
        for index in one.indexes:
            key = (one.schema_name, index.name)
            if index.name and key in seen and seen[key] != one.full_name:
                where = f"{one.full_name}.{index.name}"
                yield where, f"index of the same name on {seen[key]}", "rename one"
            seen.setdefault(key, one.full_name)


def _silent(ordered: list[Table]) -> str:
    """Return the tables that say nothing about themselves, in one line: they are often many."""
    ordered = [one for one in ordered if one.scope != "source"]  # where not all words are read
    silent = [
        one.full_name
        for one in ordered
        if not (one.comment or one.doc) and not any(c.comment or c.doc for c in one.columns)
    ]
    if not silent:
        return ""
    listed = escape.list_codes(silent)
    return (
        f"**{len(silent)} of {len(ordered)} tables say nothing about themselves** (a docstring on"
        f" the class, or `comment=`): {listed}."
    )


def _names(facts: SchemaFacts) -> str:
    """Return what deviates from the convention, or the proposal of one."""
    if not has_own(facts) and "convention" in facts.read.not_read:
        return ""
    if not has_own(facts):
        lines = "\n".join(f'    "{kind}": "{pattern}",' for kind, pattern in POSTGRESQL.items())
        return f"{_NO_CONVENTION}\n\n```python\nnaming_convention = {{\n{lines}\n}}\n```"
    rows = [
        [escape.code(place), escape.code(name), escape.code(wanted)]
        for place, name, wanted in deviations(facts)
    ]
    if not rows:
        return ""
    listed = write_table(["Table", "Name", "By the convention"], rows, MAX_NAMES)
    deviate = "1 name deviates" if len(rows) == 1 else f"{len(rows)} names deviate"
    return render_folded(f"{deviate} from the naming convention", listed)
