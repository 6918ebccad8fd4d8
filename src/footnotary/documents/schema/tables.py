"""Each table in full, and the enumerated types."""

import re

from footnotary.counting import first_few
from footnotary.documents import escape, prose
from footnotary.documents.across import model_of, path_across, revision_anchor, table_anchor
from footnotary.documents.api import is_large
from footnotary.documents.api.links import Links, places
from footnotary.documents.kinds import Context
from footnotary.documents.schema.changes import numbered
from footnotary.documents.schema.diagrams import neighbourhood
from footnotary.documents.schema.said import constraint_words, index_words
from footnotary.documents.tables import render_folded, write_heading
from footnotary.documents.tables import write_table as markdown_table
from footnotary.facts.api import ApiFacts
from footnotary.facts.schema import (
    Column,
    Constraint,
    Exposure,
    ForeignKey,
    Key,
    Relationship,
    SchemaFacts,
    Table,
    View,
)

MAX_OPERATIONS = 4
_MAX_REVISIONS = 6


class Around:
    """The links of one SCHEMA document to what is around its tables.

    Args:
        facts: The schema.
        context: What is known besides; no API document where None.
    """

    def __init__(self, facts: SchemaFacts, context: Context | None) -> None:
        api = context.related.get("api") if context else None
        self._api = api if isinstance(api, ApiFacts) else None
        self._links = Links()
        if context and self._api:
            stem = path_across("api", context)
            self._links = places(self._api, stem, split=is_large(self._api)).on("")
        self._revisions: dict[str, list[str]] = {}
        for one in facts.revisions:
            for name in one.tables:
                self._revisions.setdefault(name, []).append(one.id)

    def exposed(self, one: Table) -> str:
        """Return the pydantic models that show a table's rows, and the operations that do."""
        found = [self._exposure(model) for model in one.exposed_by]
        return "Exposed by " + ", ".join(found) + "." if found else ""

    def migrated(self, one: Table) -> str:
        """Return the migrations that name a table, newest first."""
        names = self._revisions.get(one.full_name) or self._revisions.get(one.name, [])
        newest = list(reversed(names))
        shown = [f"[{escape.code(name)}](#{revision_anchor(name)})" for name in newest]
        return f"Migrations: {first_few(shown, _MAX_REVISIONS)}." if shown else ""

    def _exposure(self, model: Exposure) -> str:
        """Return a model, linked where the API document has it, and its operations."""
        name = escape.code(f"{model.module}.{model.name}")
        place = f" at {escape.code(str(model.place).removeprefix('../'))}" if model.place else ""
        found = model_of(model, self._api) if self._api else None
        if found is None:
            return name + place
        uses = [(use, self._links.operation(use)) for use in found.used_by]
        shown = [f"[{escape.code(use)}]({target})" for use, target in uses if target]
        listed = first_few(shown, MAX_OPERATIONS)
        linked = f"[{name}]({self._links.model(found.name)}){place}"
        return f"{linked} ({listed})" if listed else linked


_WORD = re.compile(r"\w+")
_KINDS = {"MANYTOONE": "one", "ONETOMANY": "many", "MANYTOMANY": "many to many"}


def render_tables(facts: SchemaFacts, context: Context | None = None) -> str:
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


def render_views(facts: SchemaFacts) -> str:
    """Return every view by name: what it reads, its columns, its SELECT."""
    known = {one.full_name: one for one in facts.tables}
    parts = ["## Views"]
    for one in sorted(facts.views, key=lambda one: one.full_name):
        kind = "Materialized view" if one.materialized else "View"
        read = ", ".join(
            f"[{escape.code(name)}](#{table_anchor(name)})" if name in known else escape.code(name)
            for name in one.depends_on
        )
        said = f"{kind} of {read}." if read else f"{kind}; what it reads is not known."
        parts += [
            write_heading(3, escape.code(one.full_name), table_anchor(one.full_name)),
            " ".join(filter(None, (said, _source(one)))),
            prose.paragraphs(one.doc or one.comment),
            _columns(one, known),
            _ddl(one, facts.dialect),
        ]
    return "\n\n".join(filter(None, parts)) if facts.views else ""


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
    parts = [write_heading(3, escape.code(one.full_name), anchor(one)), _source(one)]
    if one.comment and one.doc and one.comment.strip() != one.doc.strip():
        parts.append(prose.paragraphs(one.comment))
    parts.append(prose.paragraphs(one.doc or one.comment))
    parts += [_columns(one, known), _constraints(one, known), _relationships(one, known)]
    if pointing:
        names = [f"[{escape.code(other.full_name)}](#{anchor(other)})" for other in pointing]
        parts.append("Pointed to by " + ", ".join(dict.fromkeys(names)) + ".")
    parts += [around.exposed(one), around.migrated(one)]
    if one.foreign_keys or pointing:
        parts.append(render_folded("Neighbours", neighbourhood(one, pointing, known)))
    return parts


def _ddl(one: Table | View, dialect: str) -> str:
    """Return the statements that make a table, folded."""
    if not one.ddl:
        return ""
    name = escape.escape_text(dialect if dialect != "default" else "SQL")
    return render_folded(f"DDL ({name})", escape.fenced(one.ddl, "sql"))


def _source(one: Table | View) -> str:
    """Return the class (or module) and where it is."""
    where = f" at {escape.code(str(one.place).removeprefix('../'))}" if one.place else ""
    if one.class_name:
        classes = one.classes if isinstance(one, Table) else ()
        others = [name for name in classes if name != one.class_name]
        more = f"; holds {escape.list_codes(others)} too" if others else ""
        return f"Class {escape.code(f'{one.module}.{one.class_name}')}{where}{more}."
    return f"Declared in {escape.code(one.module)}{where}." if one.module else ""


def _columns(one: Table | View, known: dict[str, Table]) -> str:
    keys = one.foreign_keys if isinstance(one, Table) else ()
    foreign = {key.columns[0]: key for key in keys if len(key.columns) == 1}
    rows = []
    for column in one.columns:
        marks = ["PK"] if column.primary_key else []
        if column.name in foreign:
            marks.append("→ " + _reference(foreign[column.name], known))
        rows.append(
            [
                escape.code(column.name)
                + (f" as {escape.code(column.attribute)}" if column.attribute else ""),
                escape.code(column.type)
                + (f" by {escape.code(column.decorator)}" if column.decorator else "")
                + (f" COLLATE {escape.code(column.collation)}" if column.collation else ""),
                "NULL" if column.nullable else "NOT NULL",
                ", ".join(marks),
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
        found.append(f"generated {escape.code(column.computed)} {column.generated}".rstrip())
    if column.numbering:
        found.append(numbered(column))
    elif column.autoincrement and not column.default:
        found.append("numbered by the database")
    if column.on_update:
        found.append(f"on update {escape.code(column.on_update)}")
    found += [
        f"{escape.escape_text(name)} {escape.code(value)}" for name, value in column.options.items()
    ]
    return ", ".join(found)


def _reference(key: ForeignKey, known: dict[str, Table]) -> str:
    target = escape.code(f"{key.table}.{', '.join(key.target_columns)}")
    found = known.get(key.table)
    link = f"[{target}](#{anchor(found)})" if found else f"{target} (not in these models)"
    return " ".join([link, escape.escape_text(constraint_words(key))]).rstrip()


def _constraints(one: Table, known: dict[str, Table]) -> str:
    """Return keys, uniques, checks, exclusions and indexes as one table."""
    rows = []
    if len(one.primary_key.columns) > 1 or constraint_words(one.primary_key):
        rows.append(_key("primary key", one.primary_key))
    wide = [key for key in one.foreign_keys if len(key.columns) > 1]
    rows += [
        ["foreign key", k.name, escape.list_codes(k.columns), "→ " + _reference(k, known)]
        for k in wide
    ]
    rows += [_key("unique", key) for key in one.uniques]
    rows += [["check", key.name, "", _said(key.expression, _rest(key))] for key in one.checks]
    rows += [
        ["exclusion", key.name, escape.list_codes(key.elements), _said("", _rest(key))]
        for key in one.exclusions
    ]
    rows += [
        ["unique index" if index.unique else "index", index.name, escape.list_codes(index.columns),
         _said("", index_words(index))]
        for index in one.indexes
    ]  # fmt: skip
    named = [[kind, escape.code(name), columns, rest] for kind, name, columns, rest in rows]
    shown = markdown_table(["Constraint", "Name", "Columns", "Expression"], named)
    told = [
        f"{escape.escape_text(name)} {escape.code(value)}" for name, value in one.options.items()
    ]
    return "\n\n".join(filter(None, (shown, f"Options: {', '.join(told)}." if told else "")))


def _rest(one: Constraint) -> str:
    """Return what is said of a constraint besides its name and what it is about."""
    return constraint_words(one.model_copy(update={"name": "", "elements": ()}))


def _key(kind: str, key: Key) -> list[str]:
    return [kind, key.name, escape.list_codes(key.columns), _said("", constraint_words(key))]


def _said(expression: str, words: str) -> str:
    """Return an expression, and what is said besides."""
    return " ".join(map(escape.code, filter(None, (expression, words))))


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
    """Return each enum once, with the columns that have it and what refuses other values."""
    found: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for one in facts.tables:
        for column in one.columns:
            if column.enum:
                key = (column.enum_name or column.type, column.enum, _held_by(one, column))
                found.setdefault(key, []).append(f"{one.full_name}.{column.name}")
    rows = [
        [escape.code(name), escape.list_codes(values), escape.list_codes(tuple(used)), held]
        for (name, values, held), used in sorted(found.items())
    ]
    text = markdown_table(["Enum", "Values", "Columns", "Held by"], rows)
    return f"## Enums\n\n{text}" if text else ""


def _held_by(one: Table, column: Column) -> str:
    """Return what in the database refuses a value that the enum lacks."""
    kind = column.type.removesuffix("[]").rpartition(".")[2].strip('"`')
    if kind.upper().startswith("ENUM(") or (column.enum_name and kind == column.enum_name):
        return "its type"
    if one.scope == "source":
        return "not known"
    for check in one.checks:
        name, _, rest = check.expression.partition(" IN (")
        for value in column.enum:
            rest = rest.replace("'" + value.replace("'", "''") + "'", "")
        if name.strip('"`[]') == column.name and rest.endswith(")") and not rest.strip(" ,)"):
            return "a check constraint"
    named = {word for check in one.checks for word in _WORD.findall(check.expression)}
    is_referring = any(column.name in key.columns for key in one.foreign_keys)
    return "not known" if column.name in named or is_referring else "nothing in the database"
