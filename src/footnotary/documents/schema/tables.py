"""The overview, and each table in full."""

from footnotary.documents import escape
from footnotary.documents.api.overview import paragraphs
from footnotary.documents.tables import table as markdown_table
from footnotary.facts.schema import ForeignKey, SchemaFacts, Table


def overview(facts: SchemaFacts) -> str:
    """Return the counts, how it was read, and an index of the tables."""
    counts = facts.summary
    dialect = facts.dialect if facts.dialect not in ("", "default") else "SQLAlchemy's default"
    parts = [
        f"**{counts['tables']} tables**, {_counted(counts)}. Types: {escape.text(dialect)}.",
    ]
    if facts.caveats:
        listed = "\n".join(f"- {escape.text(one)}" for one in facts.caveats)
        parts.append(f"**How this was read**\n\n{listed}")
    rows = [
        [
            f"[{escape.code(one.full_name)}](#{anchor(one)})",
            escape.code(one.class_name),
            str(len(one.columns)),
            ", ".join(f"{escape.code(name)}" for name in _targets(one)),
            escape.prose(_first_line(one)),
        ]
        for one in sorted(facts.tables, key=lambda one: one.full_name)
    ]
    parts.append(markdown_table(["Table", "Class", "Columns", "Points to", "About"], rows))
    return "\n\n".join(parts)


def tables(facts: SchemaFacts) -> str:
    """Return every table by name."""
    pointing: dict[str, list[Table]] = {}
    for one in facts.tables:
        for target in _targets(one):
            pointing.setdefault(target, []).append(one)
    known = {one.full_name: anchor(one) for one in facts.tables}
    ordered = sorted(facts.tables, key=lambda one: one.full_name)
    each = [_table(one, known, pointing.get(one.full_name, [])) for one in ordered]
    enums = _enums(facts)
    return "\n\n".join(["## Tables", *each, *([enums] if enums else [])])


def anchor(table: Table) -> str:
    """Return the anchor of a table."""
    return f"table-{escape.slug(table.full_name)}"


def _counted(counts: dict[str, int]) -> str:
    """Return the counts below the tables, as words."""
    names = {"columns": "columns", "fks": "foreign keys", "indexes": "indexes",
             "uniques": "unique constraints", "checks": "check constraints"}  # fmt: skip
    return ", ".join(f"{counts[key]} {name}" for key, name in names.items())


def _table(one: Table, known: dict[str, str], pointing: list[Table]) -> str:
    """Return one table."""
    parts = [f"### {escape.code(one.full_name)} {{#{anchor(one)}}}"]
    if one.class_name:
        where = f" at {escape.code(str(one.place))}" if one.place else ""
        parts.append(f"Class {escape.code(f'{one.module}.{one.class_name}')}{where}")
    if about := one.comment or one.doc:
        parts.append(paragraphs(about))
    parts += [_columns(one, known), _constraints(one), _relationships(one)]
    if pointing:
        names = [f"[{escape.code(other.full_name)}](#{anchor(other)})" for other in pointing]
        parts.append("Pointed to by " + ", ".join(dict.fromkeys(names)) + ".")
    return "\n\n".join(part for part in parts if part)


def _columns(one: Table, known: dict[str, str]) -> str:
    foreign = {key.columns[0]: key for key in one.foreign_keys if len(key.columns) == 1}
    rows = []
    for column in one.columns:
        keys = ["PK"] if column.primary_key else []
        if column.name in foreign:
            keys.append("→ " + _reference(foreign[column.name], known))
        default = [escape.code(column.default)] if column.default else []
        if column.server_default:
            default.append(f"server {escape.code(column.server_default)}")
        if column.computed:
            default.append(f"generated {escape.code(column.computed)}")
        if column.identity:
            default.append("identity")
        rows.append(
            [
                escape.code(column.name),
                escape.code(column.type),
                "NULL" if column.nullable else "NOT NULL",
                ", ".join(keys),
                ", ".join(default),
                escape.prose(column.comment),
            ]
        )
    return markdown_table(["Column", "Type", "Null", "Key", "Default", "About"], rows)


def _reference(key: ForeignKey, known: dict[str, str]) -> str:
    target = escape.code(f"{key.table}.{', '.join(key.target_columns)}")
    link = f"[{target}](#{known[key.table]})" if key.table in known else target
    actions = [f"ON DELETE {key.on_delete}"] if key.on_delete else []
    actions += [f"ON UPDATE {key.on_update}"] if key.on_update else []
    return " ".join([link, *map(escape.text, actions)])


def _constraints(one: Table) -> str:
    """Return keys of several columns, uniques, checks and indexes as one table."""
    rows = []
    if len(one.primary_key.columns) > 1:
        rows.append(["primary key", one.primary_key.name, _list(one.primary_key.columns), ""])
    for key in one.foreign_keys:
        if len(key.columns) > 1:
            target = f"→ {key.table} ({', '.join(key.target_columns)})"
            rows.append(["foreign key", key.name, _list(key.columns), escape.text(target)])
    rows += [["unique", key.name, _list(key.columns), ""] for key in one.uniques]
    rows += [["check", key.name, "", escape.code(key.expression)] for key in one.checks]
    rows += [
        ["unique index" if index.unique else "index", index.name, _list(index.columns),
         f"where {escape.code(index.where)}" if index.where else ""]
        for index in one.indexes
    ]  # fmt: skip
    named = [[kind, escape.code(name), columns, rest] for kind, name, columns, rest in rows]
    return markdown_table(["Constraint", "Name", "Columns", "Expression"], named)


def _relationships(one: Table) -> str:
    arrows = {"MANYTOONE": "one", "ONETOMANY": "many", "MANYTOMANY": "many to many"}
    found = [
        f"{escape.code(rel.name)} ({arrows.get(rel.direction, rel.direction)}"
        f" {escape.code(rel.class_name)})"
        for rel in one.relationships
    ]
    return "Relationships: " + ", ".join(found) + "." if found else ""


def _enums(facts: SchemaFacts) -> str:
    """Return each enum type once, with the columns that have it."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in facts.tables:
        for column in one.columns:
            if column.enum:
                key = (column.enum_name or column.type, column.enum)
                found.setdefault(key, []).append(f"{one.full_name}.{column.name}")
    rows = [
        [escape.code(name), ", ".join(map(escape.code, values)), ", ".join(map(escape.code, used))]
        for (name, values), used in sorted(found.items())
    ]
    text = markdown_table(["Enum", "Values", "Columns"], rows)
    return f"## Enums\n\n{text}" if text else ""


def _targets(one: Table) -> list[str]:
    return sorted({key.table for key in one.foreign_keys})


def _first_line(one: Table) -> str:
    return (one.comment or one.doc).strip().split("\n", 1)[0]


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(map(escape.code, names))
