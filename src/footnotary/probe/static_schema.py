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
_NOT_TYPES = {"ForeignKey", "Sequence", "Identity", "Computed", "FetchedValue"}


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
    if reader.computed:
        what = counted(len(reader.computed), "foreign key")
        notes.append(f"{what} left out, whose target is computed: {first_few(reader.computed, 4)}.")
    if reader.made_by:
        count = counted(sum(map(len, reader.made_by.values())), "column")
        makers = first_few(sorted(reader.made_by), 4)
        notes.append(f"{count} made by functions ({makers}): the keys they bring are not known.")
    return tuple(sorted(tables, key=lambda one: one.full_name)), failed, tuple(notes)


class _Parts:
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
        return Table(
            name=self.table,
            columns=tuple(self.columns.values()),
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
        parts = _Parts(mapped.name)
        for module, node in mapped.lineage:
            for one in node.body:
                self._add(parts, module, one)
        module, node = mapped.lineage[mapped.at]
        return parts.table_of(
            schema_name=mapped.schema,
            class_name=node.name,
            module=module.name,
            place=module.place(node),
            doc=ast.get_docstring(node) or "",
            relationships=tuple(parts.relations.values()),
            classes=(node.name, *mapped.heirs),
        )

    def plain_table(self, module: Source, call: ast.Call) -> Table:
        """Describe `Table("name", metadata, Column(…), …)`."""
        name = text_of(call.args[0])
        parts = _Parts(name)
        for one in call.args[1:]:
            if isinstance(one, ast.Call) and last_name(one.func) in _COLUMNS:
                self._add_column(parts, module, "", one, None)
            elif isinstance(one, ast.Call):
                self._add_constraint(parts, module, one)
        return parts.table_of(
            schema_name=text_of(keyword(call, "schema")),
            module=module.name,
            place=Place(path=module.path, line=call.lineno),
        )

    def _add(self, parts: _Parts, module: Source, node: ast.stmt) -> None:
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
            parts.relations[target] = _relationship(target, value, hint)
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
        parts: _Parts,
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
                action = text_of(keyword(one, "ondelete"))
                self._add_key(parts, module, (column.name,), one.args[:1], action)
        field = keyword(call, "foreign_key")
        if field is not None and not (isinstance(field, ast.Constant) and not field.value):
            action = text_of(keyword(call, "ondelete"))
            self._add_key(parts, module, (column.name,), [field], action)
        unique = _is_true(keyword(call, "unique"))
        if _is_true(keyword(call, "index")):
            parts.indexes.append(TableIndex(columns=(column.name,), unique=unique))
        elif unique:
            parts.uniques.append(Key(columns=(column.name,)))

    def _add_constraint(self, parts: _Parts, module: Source, call: ast.Call) -> None:
        """Add what a constraint or an index of a table's arguments says."""
        kind, names = last_name(call.func), tuple(text_of(one) for one in call.args)
        called = text_of(keyword(call, "name"))
        if kind == "UniqueConstraint" and all(names):
            parts.uniques.append(Key(name=called, columns=names))
        elif kind == "PrimaryKeyConstraint" and all(names):
            parts.primary = names
        elif kind == "CheckConstraint" and names[:1] != ("",) and names:
            parts.checks.append(CheckConstraint(name=called, expression=names[0]))
        elif kind == "Index" and names and all(names):
            unique = _is_true(keyword(call, "unique"))
            parts.indexes.append(TableIndex(name=names[0], columns=names[1:], unique=unique))
        elif kind == "ForeignKeyConstraint" and len(call.args) > 1:
            own, theirs = (getattr(one, "elts", []) for one in call.args[:2])
            columns = tuple(text_of(one) for one in own)
            if columns and all(columns):
                action = text_of(keyword(call, "ondelete"))
                self._add_key(parts, module, columns, theirs, action)

    def _add_key(
        self,
        parts: _Parts,
        module: Source,
        columns: tuple[str, ...],
        targets: list[ast.expr],
        action: str,
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
                on_delete=action,
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
    return Column(
        name=named or attribute,
        attribute=attribute if named and named != attribute else "",
        type=ast.unparse(told) if told is not None else plain,
        nullable=optional and not primary,
        primary_key=primary,
        default="a default" if keyword(call, "default") is not None else "",
        server_default="set by the database" if default is not None else "",
        comment=text_of(keyword(call, "comment")),
        doc=text_of(keyword(call, "doc")),
    )


def _relationship(name: str, call: ast.Call, hint: ast.expr | None) -> Relationship:
    """Describe a relationship; its class is in the call or in the annotation."""
    words = ast.unparse(hint) if hint is not None else ""
    many = bool(re.search(r"\b(list|List|set|Set)\[", words))
    given = text_of(call.args[0]) if call.args else ""
    inner = re.findall(r"[A-Z]\w*", re.sub(r"Mapped|List|Set|Optional|None", "", words))
    return Relationship(name=name, table="", class_name=given or (inner[-1] if inner else ""),
                        direction="ONETOMANY" if many else "MANYTOONE", many=many)  # fmt: skip


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
