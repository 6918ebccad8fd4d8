"""Each table in full, and the enumerated types."""

from footnotary.documents import escape, prose
from footnotary.documents.across import table_anchor
from footnotary.documents.headings import heading
from footnotary.documents.kinds import Context
from footnotary.documents.schema.around import Around
from footnotary.documents.schema.diagrams import neighbourhood
from footnotary.documents.tables import folded
from footnotary.documents.tables import table as markdown_table
from footnotary.facts.schema import Column, ForeignKey, Index, Relationship, SchemaFacts, Table

_KINDS = {"MANYTOONE": "one", "ONETOMANY": "many", "MANYTOMANY": "many to many"}


def tables(facts: SchemaFacts, context: Context | None = None) -> str:
    """Return every table by name.

    Args:
        facts: The schema.
        context: What is known besides, for links to the API document and to migrations.
    """
    pointing: dict[str, list[Table]] = {}
    for one in facts.tables:
        for target in targets(one):
            pointing.setdefault(target, []).append(one)
    known = {one.full_name: one for one in facts.tables}
    ordered = sorted(facts.tables, key=lambda one: one.full_name)
    around = Around(facts, context)
    each = []
    for one in ordered:
        parts = _table(one, known, pointing.get(one.full_name, []), around)
        parts.append(_ddl(one, facts.dialect))
        each.append("\n\n".join(part for part in parts if part))
    enums = _enums(facts)
    return "\n\n".join(["## Tables", *each, *([enums] if enums else [])])


def anchor(table: Table) -> str:
    """Return the anchor of a table."""
    return table_anchor(table.full_name)


def targets(one: Table) -> list[str]:
    """Return the tables that a table's foreign keys point to."""
    return sorted({key.table for key in one.foreign_keys})


def about(one: Table) -> str:
    """Return what is said about a table: its comment, else its class's docstring."""
    return (one.comment or one.doc).strip()


def _table(one: Table, known: dict[str, Table], pointing: list[Table], around: Around) -> list[str]:
    """Return the parts of one table, without its DDL."""
    parts = [heading(3, escape.code(one.full_name), anchor(one)), _source(one)]
    if one.comment and one.doc and one.comment.strip() != one.doc.strip():
        parts.append(prose.paragraphs(one.comment))
    parts.append(prose.paragraphs(one.doc or one.comment))
    parts += [_columns(one, known), _constraints(one, known), _relationships(one, known)]
    if pointing:
        names = [f"[{escape.code(other.full_name)}](#{anchor(other)})" for other in pointing]
        parts.append("Pointed to by " + ", ".join(dict.fromkeys(names)) + ".")
    parts += [around.exposed(one), around.migrated(one)]
    if one.foreign_keys or pointing:
        parts.append(folded("Neighbours", neighbourhood(one, pointing, known)))
    return parts


def _ddl(one: Table, dialect: str) -> str:
    """Return the statements that make a table, folded."""
    if not one.ddl:
        return ""
    name = escape.text(dialect if dialect != "default" else "SQL")
    return folded(f"DDL ({name})", escape.fenced(one.ddl, "sql"))


def _source(one: Table) -> str:
    """Return the class (or module) and where it stands."""
    where = f" at {escape.code(str(one.place).removeprefix('../'))}" if one.place else ""
    if one.class_name:
        others = [name for name in one.classes if name != one.class_name]
        more = f"; holds {', '.join(map(escape.code, others))} too" if others else ""
        return f"Class {escape.code(f'{one.module}.{one.class_name}')}{where}{more}."
    return f"Declared in {escape.code(one.module)}{where}." if one.module else ""


def _columns(one: Table, known: dict[str, Table]) -> str:
    foreign = {key.columns[0]: key for key in one.foreign_keys if len(key.columns) == 1}
    rows = []
    for column in one.columns:
        keys = ["PK"] if column.primary_key else []
        if column.name in foreign:
            keys.append("→ " + _reference(foreign[column.name], known))
        rows.append(
            [
                escape.code(column.name)
                + (f" as {escape.code(column.attribute)}" if column.attribute else ""),
                escape.code(column.type)
                + (f" by {escape.code(column.decorator)}" if column.decorator else ""),
                "NULL" if column.nullable else "NOT NULL",
                ", ".join(keys),
                _default(column),
                prose.line(column.comment or column.doc),
            ]
        )
    return markdown_table(["Column", "Type", "Null", "Key", "Default", "About"], rows)


def _default(column: Column) -> str:
    """Return what fills a column that the statement leaves out."""
    found = [escape.code(column.default)] if column.default else []
    if column.server_default:
        found.append(f"server {escape.code(column.server_default)}")
    if column.computed:
        found.append(f"generated {escape.code(column.computed)}")
    if column.identity:
        found.append("identity")
    elif column.autoincrement and not column.default:
        found.append("numbered")
    if column.on_update:
        found.append(f"on update {escape.code(column.on_update)}")
    return ", ".join(found)


def _reference(key: ForeignKey, known: dict[str, Table]) -> str:
    target = escape.code(f"{key.table}.{', '.join(key.target_columns)}")
    found = known.get(key.table)
    link = f"[{target}](#{anchor(found)})" if found else f"{target} (not in these models)"
    actions = [f"ON DELETE {key.on_delete}"] if key.on_delete else []
    actions += [f"ON UPDATE {key.on_update}"] if key.on_update else []
    actions += ["DEFERRABLE"] if key.deferrable else []
    return " ".join([link, *map(escape.text, actions)])


def _constraints(one: Table, known: dict[str, Table]) -> str:
    """Return keys of several columns, uniques, checks and indexes as one table."""
    rows = []
    if len(one.primary_key.columns) > 1:
        rows.append(["primary key", one.primary_key.name, _list(one.primary_key.columns), ""])
    wide = [key for key in one.foreign_keys if len(key.columns) > 1]
    rows += [["foreign key", k.name, _list(k.columns), "→ " + _reference(k, known)] for k in wide]
    rows += [["unique", key.name, _list(key.columns), ""] for key in one.uniques]
    rows += [["check", key.name, "", escape.code(key.expression)] for key in one.checks]
    rows += [_index(index) for index in one.indexes]
    named = [[kind, escape.code(name), columns, rest] for kind, name, columns, rest in rows]
    return markdown_table(["Constraint", "Name", "Columns", "Expression"], named)


def _index(index: Index) -> list[str]:
    extra = [f"using {escape.code(index.using)}"] if index.using else []
    extra += [f"where {escape.code(index.where)}"] if index.where else []
    kind = "unique index" if index.unique else "index"
    return [kind, index.name, _list(index.columns), " ".join(extra)]


def _relationships(one: Table, known: dict[str, Table]) -> str:
    found = [_relationship(rel, known) for rel in one.relationships]
    return "Relationships: " + ", ".join(found) + "." if found else ""


def _relationship(rel: Relationship, known: dict[str, Table]) -> str:
    """Return one relationship: attribute, how many, class, and what it does besides."""
    kind = _KINDS.get(rel.direction, rel.direction)
    if kind == "many" and not rel.many:
        kind = "one"
    target = escape.code(rel.class_name)
    if rel.table in known:
        target = f"[{target}](#{anchor(known[rel.table])})"
    words = f"{escape.code(rel.name)} ({kind} {target}"
    words += f" through {escape.code(rel.secondary)}" if rel.secondary else ""
    if "delete-orphan" in rel.cascade:
        words += ", deletes orphans"
    elif "delete" in rel.cascade:
        words += ", deletes with it"
    return words + (", read-only)" if rel.viewonly else ")")


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


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(map(escape.code, names))
