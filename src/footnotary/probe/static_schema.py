"""A database schema read from the source of its models alone.

Used where models cannot be imported. Types stand as the source writes them; what mixins of
libraries add, and tables that are made at run time, are not seen.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
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
from footnotary.probe.discovery import is_migration, module_of
from footnotary.probe.static_api import read_modules
from footnotary.probe.static_columns import (
    constraint_options,
    describe_column,
    is_column,
    mapped_type,
    outer_type,
    says_false,
    turn_back,
    written_sql,
)
from footnotary.probe.static_mapped import MappedClass, Mapping, assigned
from footnotary.source.names import DefinitionIndex, keyword, last_name, says_true, text_of
from footnotary.source.parsing import ParseElsewhere, Source, statements_at_top

_NO_COLUMNS = {"column_property", "composite", "synonym", "query_expression", "association_proxy"}
_MAKES_CLASSES = re.compile(r"\btype\(|\bnew_class\(|\n[ \t]+class ")
_RELATIONS = {"relationship", "Relationship"}


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
    every, modules, failed = read_modules(root, elsewhere)
    modules = tuple(one for one in modules if not is_migration(one.text))
    modules = tuple(replace(m, name=module_of(root / m.path, root)[1]) for m in modules)
    mapping = Mapping(modules, DefinitionIndex(every))
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
    made = [*mapping.made, *sorted(_made_classes(modules, mapping))]
    if made and not only:
        what = counted(len(made), "call that makes tables", "calls that make tables")
        where = "in functions, loops, or with a computed name"
        notes.append(f"{what} left out ({where}): {first_few(made, 4)}.")
    if mapping.renaming:
        notes.append(f"Tables may have other names: {first_few(mapping.renaming, 4)} sets them.")
    if reader.computed:
        what = counted(len(reader.computed), "foreign key")
        notes.append(f"{what} left out, whose target is computed: {first_few(reader.computed, 4)}.")
    if reader.made_by:
        count = counted(sum(map(len, reader.made_by.values())), "column")
        makers = first_few(sorted(reader.made_by), 4)
        notes.append(f"{count} made by functions ({makers}): the keys they bring are not known.")
    tables = [reader.with_backrefs(one) for one in tables]
    return tuple(sorted(tables, key=lambda one: one.full_name)), failed, tuple(notes)


def _made_classes(modules: Iterable[Source], mapping: Mapping) -> Iterator[str]:
    """Yield where classes with tables are made at run time: by `type(…)`, and in functions."""
    bases = {defined.name for one in mapping.mapped for _, defined in one.lineage}
    for module in modules:
        at_top = {id(one) for one in statements_at_top(module.tree.body)}
        for node in ast.walk(module.tree) if _MAKES_CLASSES.search(module.text) else ():
            if isinstance(node, ast.ClassDef) and id(node) not in at_top:
                names = {name for name, _, _ in map(assigned, node.body)}
                made = "__tablename__" in names or says_true(keyword(node, "table"))
            elif isinstance(node, ast.Call) and last_name(node.func) in ("type", "new_class"):
                given = [one for each in node.args[1:2] for one in ast.walk(each)]
                names = {last_name(one) for one in given if isinstance(one, ast.expr)}
                made = bool(given) and ("__tablename__" in module.text or bool(names & bases))
            else:
                continue
            if made:
                yield f"{module.path}:{node.lineno}"


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
        self.keyed: set[str] = set()
        self.untyped: dict[str, bool] = {}
        self.backrefs: dict[str, ast.expr] = {}

    def table_of(self, **about: Any) -> Table:
        """Return the table, with what is known about it besides."""
        marked = tuple(one.name for one in self.columns.values() if one.primary_key)
        in_key = {"primary_key": True, "nullable": False}
        by_hand = {"autoincrement": False}
        columns = [
            one.model_copy(
                update=(in_key if one.name in self.primary else {})
                | (by_hand if len(self.primary or marked) > 1 or one.name in self.keyed else {})
            )
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
        backrefs: Tables by name, with the relationships that others give them.
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self.computed: list[str] = []
        self.made_by: dict[str, list[str]] = {}
        self.backrefs: dict[str, list[Relationship]] = {}

    def table_of(self, mapped: MappedClass) -> Table:
        """Describe a mapped class; columns of mixins come first, those of its heirs last."""
        parts = _TableParts(mapped.name)
        for module, node in mapped.lineage:
            for one in node.body:
                self._add(parts, module, one)
        module, node = mapped.lineage[mapped.at]
        relationships = [
            _directed(one, parts, mapped.full_name) for one in parts.relations.values()
        ]
        for at, rel in enumerate(relationships):
            if (call := parts.backrefs.get(rel.name)) is not None and rel.table:
                back = turn_back(rel, call, node.name, mapped.full_name)
                self.backrefs.setdefault(rel.table, []).append(back)
                relationships[at] = rel.model_copy(update={"back_populates": back.name})
        return parts.table_of(
            schema_name=mapped.schema,
            comment=mapped.comment,
            class_name=node.name,
            module=module.name,
            place=module.place(node),
            doc=ast.get_docstring(node) or "",
            relationships=tuple(relationships),
            classes=(node.name, *mapped.heirs),
        )

    def with_backrefs(self, table: Table) -> Table:
        """Return a table with the relationships that `backref` of other classes gives it."""
        given = self.backrefs.get(table.full_name, [])
        return table.model_copy(update={"relationships": (*table.relationships, *given)})

    def plain_table(self, module: Source, call: ast.Call) -> Table:
        """Describe `Table("name", metadata, Column(…), …)`."""
        name = text_of(call.args[0])
        parts = _TableParts(name)
        for one in call.args[1:]:
            if isinstance(one, ast.Call) and is_column(one):
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
        if not target or target.startswith("__") or last_name(outer_type(hint)) == "ClassVar":
            return
        if isinstance(value, ast.Call) and last_name(value.func) in _RELATIONS:
            self._relate(parts, target, value, hint)
        elif is_column(value) or (value is None and self._is_mapped_column(hint)):
            call = value if isinstance(value, ast.Call) else ast.Call(ast.Name("x"), [], [])
            self._add_column(parts, module, target, call, hint)
        elif hint is not None and self._may_be_column(parts.table, target, value, hint):
            if isinstance(value, ast.Call):
                self.made_by.setdefault(last_name(value.func), []).append(target)
            call = ast.Call(ast.Name("x"), [], [])
            self._add_column(parts, module, target, call, hint)

    def _relate(
        self, parts: _TableParts, target: str, value: ast.Call, hint: ast.expr | None
    ) -> None:
        """Add a relationship, with what its call leaves to the other side."""
        parts.relations[target] = self._mapping.relationship(target, value, hint)
        if (back := keyword(value, "backref")) is not None:
            parts.backrefs[target] = back
        if hint is None and not says_false(keyword(value, "uselist")):
            parts.untyped[target] = keyword(value, "remote_side") is not None

    def _is_mapped_column(self, hint: ast.expr | None) -> bool:
        """Whether a field is `Mapped[X]`, and X no mapped class: then it is a relationship."""
        inner = mapped_type(hint)
        if inner is None:
            return False
        words = text_of(inner) or ast.unparse(inner)
        return not self._mapping.classes.intersection(re.findall(r"\w+", words))

    def _may_be_column(self, table: str, target: str, value: ast.expr | None,
                       hint: ast.expr) -> bool:  # fmt: skip
        """Whether a field is a column that a function of the project makes, or SQLModel does.

        pydantic keeps names with an underscore private, and `model_config` for itself.
        """
        if self._mapping.is_sqlmodel(table):
            is_private = isinstance(value, ast.Call) and last_name(value.func) == "PrivateAttr"
            return not (target[0] == "_" or target == "model_config" or is_private)
        made = isinstance(value, ast.Call) and last_name(value.func) not in _NO_COLUMNS
        return made and mapped_type(hint) is not None

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
        hint, call = self._mapping.unaliased(module, hint, call)
        column = describe_column(target, call, hint)
        if not column.name:
            return
        parts.columns[column.name] = column
        # of SQLModel's Field, the first argument is a default, whatever it is
        given = [] if last_name(call.func) == "Field" else call.args
        for one in (each for each in given if isinstance(each, ast.Call)):
            if last_name(one.func) == "ForeignKey" and one.args:
                self._add_key(parts, module, (column.name,), one.args[:1], one)
            elif last_name(one.func) == "CheckConstraint":
                self._add_constraint(parts, module, one)
        field = keyword(call, "foreign_key")
        if field is not None and not (isinstance(field, ast.Constant) and not field.value):
            self._add_key(parts, module, (column.name,), [field], call)
        unique = says_true(keyword(call, "unique"))
        if says_true(keyword(call, "index")):
            parts.indexes.append(TableIndex(columns=(column.name,), unique=unique))
        elif unique:
            parts.uniques.append(Key(columns=(column.name,)))

    def _add_constraint(self, parts: _TableParts, module: Source, call: ast.Call) -> None:
        """Add what a constraint or an index of a table's arguments says."""
        kind, names = last_name(call.func), tuple(map(written_sql, call.args))
        if kind == "UniqueConstraint":
            parts.uniques.append(Key(columns=names, **constraint_options(call)))
        elif kind == "PrimaryKeyConstraint":
            parts.primary = names
        elif kind == "CheckConstraint" and names:
            parts.checks.append(CheckConstraint(expression=names[0], **constraint_options(call)))
        elif kind == "Index" and names:
            where = keyword(call, "postgresql_where") or keyword(call, "sqlite_where")
            index = TableIndex(
                name=text_of(call.args[0]),
                columns=names[1:],
                unique=says_true(keyword(call, "unique")),
                where=written_sql(where) if where is not None else "",
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
        parts.keyed.update(columns)
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
                on_delete=text_of(keyword(call, "ondelete")).upper(),
                on_update=text_of(keyword(call, "onupdate")).upper(),
                match=text_of(keyword(call, "match")),
                use_alter=says_true(keyword(call, "use_alter")),
                **constraint_options(call),
            )
        )


def _directed(one: Relationship, parts: _TableParts, table: str) -> Relationship:
    """Return a relationship; one to a table that no key of ours points to comes from its keys.

    Without an annotation it is a list then, and so is one to its own table without `remote_side`.
    """
    many = one.name in parts.untyped
    ours = any(key.table == one.table for key in parts.foreign_keys)
    ours = ours and not (one.table == table and many and not parts.untyped[one.name])
    if one.direction != "MANYTOONE" or not one.table or ours:
        return one
    return one.model_copy(update={"direction": "ONETOMANY", "many": many or one.many})
