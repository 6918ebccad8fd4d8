"""A database schema read from the source of its models alone.

Used where models cannot be imported. Types stand as the source writes them; what mixins of
libraries add, and tables that are made at run time, are not seen.
"""

import ast
import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from footnotary.counting import counted, first_few
from footnotary.facts.basis import Place
from footnotary.facts.schema import (
    CheckConstraint,
    Column,
    ForeignKey,
    Key,
    Numbering,
    Relationship,
    Table,
    TableIndex,
)
from footnotary.probe.discovery import module_of
from footnotary.probe.static_api import read_modules
from footnotary.probe.static_mapped import MappedClass, Mapping, assigned
from footnotary.source.names import keyword, last_name, text_of
from footnotary.source.parsing import ParseElsewhere, Source

_COLUMNS = {"Column", "mapped_column", "Field"}
_NO_COLUMNS = {"column_property", "composite", "synonym", "query_expression", "association_proxy"}
_RELATIONS = {"relationship", "Relationship"}
_NOT_TYPES = {"ForeignKey", "Sequence", "Identity", "Computed", "FetchedValue", "CheckConstraint"}
_DEFAULTS = ("default", "insert_default", "default_factory")
_NUMBERING = ("start", "increment", "minvalue", "maxvalue", "cycle", "cache")


def read_tables(
    root: Path, elsewhere: ParseElsewhere | None = None, only: Collection[str] = ()
) -> tuple[tuple[Table, ...], tuple[str, ...], tuple[str, ...]]:
    """Read the mapped classes and plain tables of a project without importing it.

    Args:
        root: The project's root.
        elsewhere: Parses what our own grammar cannot.
        only: Modules whose tables are wanted; all if empty.

    Returns:
        The tables by name, the files that could not be parsed, and what is known to be missing.
    """
    _, modules, failed = read_modules(root, elsewhere)
    mapping = Mapping(tuple(replace(m, name=module_of(root / m.path, root)[1]) for m in modules))
    reader = _Reader(mapping)
    tables = [
        reader.table_of(one)
        for one in mapping.mapped
        if not only or one.lineage[one.at][0].name in only
    ]
    tables += [
        reader.plain_table(module, call)
        for module, call in mapping.plain.values()
        if not only or module.name in only
    ]
    notes = []
    if mapping.unnamed and not only:
        what = counted(len(mapping.unnamed), "mapped class", "mapped classes")
        notes.append(
            f"{what} left out, whose table's name is computed: {first_few(mapping.unnamed, 4)}."
        )
    if mapping.made and not only:
        what = counted(len(mapping.made), "call that makes tables", "calls that make tables")
        notes.append(f"{what} left out (in functions, loops): {first_few(mapping.made, 4)}.")
    if reader.computed:
        what = counted(len(reader.computed), "foreign key")
        notes.append(f"{what} left out, whose target is computed: {first_few(reader.computed, 4)}.")
    if reader.made_by:
        count = counted(sum(map(len, reader.made_by.values())), "column")
        makers = first_few(sorted(reader.made_by), 4)
        notes.append(f"{count} made by functions ({makers}): the keys they bring are not known.")
    return tuple(sorted(tables, key=lambda one: one.full_name)), failed, tuple(notes)


class _TableParts:
    """What the statements of one table add up to."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.columns: dict[str, Column] = {}
        self.foreign_keys: list[ForeignKey] = []
        self.indexes: list[TableIndex] = []
        self.checks: list[CheckConstraint] = []
        self.uniques: list[Key] = []
        self.relations: dict[str, Relationship] = {}
        self.primary: tuple[str, ...] = ()

    def table_of(self, **about: Any) -> Table:
        """Return the table, with what is known about it besides."""
        marked = tuple(one.name for one in self.columns.values() if one.primary_key)
        in_key = {"primary_key": True, "nullable": False}
        columns = [
            one.model_copy(update=in_key) if one.name in self.primary else one
            for one in self.columns.values()
        ]
        return Table(
            name=self.table,
            columns=tuple(columns),
            primary_key=Key(columns=self.primary or marked),
            foreign_keys=tuple(self.foreign_keys),
            uniques=tuple(self.uniques),
            checks=tuple(self.checks),
            indexes=tuple(self.indexes),
            **about,
        )


class _Reader:
    """Makes tables of classes and calls.

    Attributes:
        computed: Columns whose foreign key's target is not written down.
        made_by: Columns by the function of the project that makes them.
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self.computed: list[str] = []
        self.made_by: dict[str, list[str]] = {}

    def table_of(self, mapped: MappedClass) -> Table:
        """Describe a mapped class; columns of mixins come first, those of its heirs last."""
        parts = _TableParts(mapped.name)
        for module, node in mapped.lineage:
            for one in node.body:
                self._add(parts, module, one)
        module, node = mapped.lineage[mapped.at]
        return parts.table_of(
            schema_name=mapped.schema,
            comment=mapped.comment,
            class_name=node.name,
            module=module.name,
            place=module.place(node),
            doc=ast.get_docstring(node) or "",
            relationships=tuple(
                _directed(one, parts.foreign_keys) for one in parts.relations.values()
            ),
            classes=(node.name, *mapped.heirs),
        )

    def plain_table(self, module: Source, call: ast.Call) -> Table:
        """Describe `Table("name", metadata, Column(…), …)`."""
        name = text_of(call.args[0])
        parts = _TableParts(name)
        for one in call.args[1:]:
            if isinstance(one, ast.Call) and last_name(one.func) in _COLUMNS:
                self._add_column(parts, module, "", one, None)
            elif isinstance(one, ast.Call):
                self._add_constraint(parts, module, one)
        return parts.table_of(
            schema_name=text_of(keyword(call, "schema")),
            comment=text_of(keyword(call, "comment")),
            module=module.name,
            place=Place(path=module.path, line=call.lineno),
        )

    def _add(self, parts: _TableParts, module: Source, node: ast.stmt) -> None:
        """Add what a statement of a class's body says."""
        target, value, hint = assigned(node)
        if target == "__table_args__" and value is not None:
            for one in ast.walk(value):
                if isinstance(one, ast.Call):
                    self._add_constraint(parts, module, one)
            return
        if not target or target.startswith("__") or last_name(_outer(hint)) == "ClassVar":
            return
        if isinstance(value, ast.Call) and last_name(value.func) in _RELATIONS:
            parts.relations[target] = self._mapping.relationship(target, value, hint)
        elif _is_column(value) or (value is None and self._is_mapped_column(hint)):
            call = value if isinstance(value, ast.Call) else ast.Call(ast.Name("x"), [], [])
            self._add_column(parts, module, target, call, hint)
        elif hint is not None and self._may_be_column(parts.table, value, hint):
            if isinstance(value, ast.Call):
                self.made_by.setdefault(last_name(value.func), []).append(target)
            call = ast.Call(ast.Name("x"), [], [])
            self._add_column(parts, module, target, call, hint)

    def _is_mapped_column(self, hint: ast.expr | None) -> bool:
        """Whether a field is `Mapped[X]`, and X no mapped class: then it is a relationship."""
        inner = _mapped_type(hint)
        if inner is None:
            return False
        words = text_of(inner) or ast.unparse(inner)
        return not self._mapping.classes.intersection(re.findall(r"\w+", words))

    def _may_be_column(self, table: str, value: ast.expr | None, hint: ast.expr) -> bool:
        """Whether a field is a column that a function of the project makes, or SQLModel does."""
        if self._mapping.is_sqlmodel(table):
            return True
        made = isinstance(value, ast.Call) and last_name(value.func) not in _NO_COLUMNS
        return made and _mapped_type(hint) is not None

    def _add_column(
        self,
        parts: _TableParts,
        module: Source,
        target: str,
        call: ast.Call,
        hint: ast.expr | None,
    ) -> None:
        """Add a column with its keys."""
        inner = keyword(call, "sa_column")
        call = inner if isinstance(inner, ast.Call) else call
        hint, call = self._mapping.unaliased(hint, call)
        column = _column(target, call, hint)
        if not column.name:
            return
        parts.columns[column.name] = column
        given = [one for one in call.args if isinstance(one, ast.Call)]
        for one in given:
            if last_name(one.func) == "ForeignKey" and one.args:
                self._add_key(parts, module, (column.name,), one.args[:1], one)
            elif last_name(one.func) == "CheckConstraint":
                self._add_constraint(parts, module, one)
        field = keyword(call, "foreign_key")
        if field is not None and not (isinstance(field, ast.Constant) and not field.value):
            self._add_key(parts, module, (column.name,), [field], call)
        unique = _is_true(keyword(call, "unique"))
        if _is_true(keyword(call, "index")):
            parts.indexes.append(TableIndex(columns=(column.name,), unique=unique))
        elif unique:
            parts.uniques.append(Key(columns=(column.name,)))

    def _add_constraint(self, parts: _TableParts, module: Source, call: ast.Call) -> None:
        """Add what a constraint or an index of a table's arguments says."""
        kind, names = last_name(call.func), tuple(map(_written, call.args))
        if kind == "UniqueConstraint":
            parts.uniques.append(Key(columns=names, **_constraint(call)))
        elif kind == "PrimaryKeyConstraint":
            parts.primary = names
        elif kind == "CheckConstraint" and names:
            parts.checks.append(CheckConstraint(expression=names[0], **_constraint(call)))
        elif kind == "Index" and names:
            where = keyword(call, "postgresql_where") or keyword(call, "sqlite_where")
            index = TableIndex(
                name=text_of(call.args[0]),
                columns=names[1:],
                unique=_is_true(keyword(call, "unique")),
                where=_written(where) if where is not None else "",
                using=text_of(keyword(call, "postgresql_using")),
            )
            parts.indexes.append(index)
        elif kind == "ForeignKeyConstraint" and len(call.args) > 1:
            own, theirs = (getattr(one, "elts", []) for one in call.args[:2])
            columns = tuple(text_of(one) for one in own)
            if columns and all(columns):
                self._add_key(parts, module, columns, theirs, call)

    def _add_key(
        self,
        parts: _TableParts,
        module: Source,
        columns: tuple[str, ...],
        targets: list[ast.expr],
        call: ast.Call,
    ) -> None:
        """Add a foreign key; where its target is computed, note that one is left out."""
        found = [self._mapping.column_named(module, one) for one in targets]
        tables = {one[0] for one in found if one}
        if len(tables) != 1 or not all(found):
            self.computed.append(f"{parts.table}.{', '.join(columns)}")
            return
        parts.foreign_keys.append(
            ForeignKey(
                columns=columns,
                table=tables.pop(),
                target_columns=tuple(one[1] for one in found if one),
                on_delete=text_of(keyword(call, "ondelete")),
                on_update=text_of(keyword(call, "onupdate")),
                match=text_of(keyword(call, "match")),
                use_alter=_is_true(keyword(call, "use_alter")),
                **_constraint(call),
            )
        )


def _outer(hint: ast.expr | None) -> ast.expr:
    """Return X of `X[…]`."""
    return hint.value if isinstance(hint, ast.Subscript) else hint or ast.Name("")


def _is_column(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _COLUMNS


def _mapped_type(hint: ast.expr | None) -> ast.expr | None:
    """Return X of `Mapped[X]`."""
    if isinstance(hint, ast.Subscript) and last_name(hint.value) == "Mapped":
        return hint.slice
    return None


def _column(attribute: str, call: ast.Call, hint: ast.expr | None) -> Column:
    """Describe a column from its call and its annotation."""
    named = (text_of(call.args[0]) if call.args else "") or text_of(keyword(call, "name"))
    rest = [one for one in call.args if not text_of(one)]
    rest = [one for one in rest if last_name(getattr(one, "func", one)) not in _NOT_TYPES]
    mapped = _mapped_type(hint) or (hint if last_name(_outer(hint)) != "Mapped" else None)
    words = text_of(mapped) or (ast.unparse(mapped) if mapped is not None else "")
    optional = bool(re.search(r"\bNone\b|Optional\[", words))
    plain = re.sub(r"^Optional\[(.*)\]$|\s*\|\s*None\b|None\s*\|\s*", r"\1", words)
    primary = _is_true(keyword(call, "primary_key"))
    nullable = keyword(call, "nullable")
    if isinstance(nullable, ast.Constant):
        optional = nullable.value is True
    elif mapped is None:
        optional = not primary
    default = keyword(call, "server_default")
    told = keyword(call, "type_") or keyword(call, "sa_type") or (rest[0] if rest else None)
    python_side = "a default" if _names_any(call, _DEFAULTS) else ""
    generated = _generated([one for one in call.args if isinstance(one, ast.Call)])
    sequence = generated.pop("default", "")
    return Column(
        name=named or attribute,
        attribute=attribute if named and named != attribute else "",
        type=ast.unparse(told) if told is not None else plain,
        nullable=optional and not primary,
        primary_key=primary,
        default=python_side or sequence,
        on_update="a value" if keyword(call, "onupdate") is not None else "",
        server_default="set by the database" if default is not None else "",
        comment=text_of(keyword(call, "comment")),
        doc=text_of(keyword(call, "doc")),
        **generated,
    )


def _names_any(call: ast.Call, names: Collection[str]) -> bool:
    """Whether a call has one of these arguments."""
    return any(word.arg in names for word in call.keywords)


def _written(node: ast.expr) -> str:
    """Return a text, that of `text("…")` too, and anything else as the source has it."""
    inner = node.args[0] if isinstance(node, ast.Call) and last_name(node) == "text" else node
    return text_of(inner) or ast.unparse(node)


def _constraint(call: ast.Call) -> dict[str, Any]:
    """Return what a call says that every kind of constraint has."""
    is_late = text_of(keyword(call, "initially")).upper() == "DEFERRED"
    return {
        "name": text_of(keyword(call, "name")),
        "deferrable": _is_true(keyword(call, "deferrable")),
        "initially": "DEFERRED" if is_late else "",
        "comment": text_of(keyword(call, "comment")),
    }


def _generated(calls: list[ast.Call]) -> dict[str, Any]:
    """Return what `Computed(…)`, `Identity(…)` and `Sequence(…)` say of a column."""
    found: dict[str, Any] = {}
    for one in calls:
        kind = last_name(one.func)
        if kind == "Computed" and one.args:
            persisted = keyword(one, "persisted")
            where = "stored" if _is_true(persisted) else "virtual" if persisted else ""
            found |= {"computed": _written(one.args[0]), "generated": where}
        elif kind in ("Identity", "Sequence"):
            name = text_of(one.args[0]) if kind == "Sequence" and one.args else ""
            if name:
                found["default"] = f"sequence {name}"
            always = "always" if _is_true(keyword(one, "always")) else "by default"
            options = {word.arg: ast.unparse(word.value) for word in one.keywords
                       if word.arg in _NUMBERING}  # fmt: skip
            found["numbering"] = Numbering(
                kind=always if kind == "Identity" else "sequence",
                name=name,
                options=options,
            )
    return found


def _directed(one: Relationship, keys: list[ForeignKey]) -> Relationship:
    """Return a relationship; one to a table that no key of ours points to comes from its keys."""
    ours = any(key.table == one.table for key in keys)
    if one.direction != "MANYTOONE" or not one.table or ours:
        return one
    return one.model_copy(update={"direction": "ONETOMANY"})


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
