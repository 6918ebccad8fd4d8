"""A database schema read from the source of its models alone.

Used when the models cannot be imported. Types stand as the source writes them; what mixins
of libraries add, and tables that are made at run time, are not seen.
"""

import ast
import re
from pathlib import Path

from footnotary.facts.schema import Column, ForeignKey, Index, Key, Relationship, Table
from footnotary.probe.static_source import Source, classes, keyword, sources, text_of
from footnotary.probe.static_types import last_name

_COLUMNS = {"Column", "mapped_column"}
_NOT_TYPES = {"ForeignKey", "Sequence", "Identity", "Computed"}


def read_tables(root: Path) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Read the mapped classes and plain tables of a project without importing it.

    Args:
        root: The project's root.

    Returns:
        The tables by name, and the files that could not be parsed.
    """
    modules, failed = sources(root)
    found = {node.name: node for _, node in classes(modules)}
    tables = [_mapped(module, node, found) for module, node in classes(modules) if _name(node)]
    for module in modules:
        for node in module.tree.body:
            value = node.value if isinstance(node, ast.Assign) else None
            if isinstance(value, ast.Call) and last_name(value.func) == "Table" and value.args:
                name = text_of(value.args[0])
                if name:
                    columns = [one for one in value.args[1:] if _is_column(one)]
                    tables.append(_plain(name, module, node, columns))
    return tuple(sorted(tables, key=lambda one: one.full_name)), failed


def _name(node: ast.ClassDef) -> str:
    """Return a class's `__tablename__`, where it is literal."""
    for one in node.body:
        if isinstance(one, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__tablename__" for target in one.targets
        ):
            return text_of(one.value)
    return ""


def _mapped(module: Source, node: ast.ClassDef, found: dict[str, ast.ClassDef]) -> Table:
    """Describe a mapped class; columns of mixins in the project come first."""
    bodies = [found[last_name(base)].body for base in node.bases if last_name(base) in found]
    statements = [one for body in [*bodies, node.body] for one in body]
    columns, keys, indexes, uniques, relations = [], [], [], [], []
    for one in statements:
        target, value, hint = _assigned(one)
        if not target:
            continue
        if isinstance(value, ast.Call) and last_name(value.func) == "relationship":
            relations.append(_relationship(target, value, hint))
        elif _is_column(value) or (value is None and _mapped_type(hint) is not None):
            call = value if isinstance(value, ast.Call) else ast.Call(ast.Name("x"), [], [])
            columns.append(_column(target, call, hint))
            keys += _foreign_keys(columns[-1].name, call)
            unique = _is_true(keyword(call, "unique"))
            if _is_true(keyword(call, "index")):
                indexes.append(Index(columns=(columns[-1].name,), unique=unique))
            elif unique:
                uniques.append(Key(columns=(columns[-1].name,)))
    return Table(
        name=_name(node),
        class_name=node.name,
        module=module.name,
        place=module.place(node),
        doc=ast.get_docstring(node) or "",
        columns=tuple(columns),
        primary_key=Key(columns=tuple(one.name for one in columns if one.primary_key)),
        foreign_keys=tuple(keys),
        uniques=(*uniques, *_table_uniques(node)),
        indexes=tuple(indexes),
        relationships=tuple(relations),
        classes=(node.name,),
    )


def _plain(name: str, module: Source, node: ast.stmt, calls: list[ast.expr]) -> Table:
    """Describe `Table("name", metadata, Column(…), …)`."""
    given = [one for one in calls if isinstance(one, ast.Call)]
    columns = [_column("", one, None) for one in given]
    keys = [key for column, one in zip(columns, given, strict=True)
            for key in _foreign_keys(column.name, one)]  # fmt: skip
    return Table(
        name=name,
        module=module.name,
        place=module.place(node),
        columns=tuple(columns),
        primary_key=Key(columns=tuple(one.name for one in columns if one.primary_key)),
        foreign_keys=tuple(keys),
    )


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None, ast.expr | None]:
    """Return name, value and annotation of an assignment."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value, node.annotation
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value, None
    return "", None, None


def _is_column(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _COLUMNS


def _mapped_type(hint: ast.expr | None) -> ast.expr | None:
    """Return X of `Mapped[X]`."""
    if isinstance(hint, ast.Subscript) and last_name(hint.value) == "Mapped":
        return hint.slice
    return None


def _column(attribute: str, call: ast.Call, hint: ast.expr | None) -> Column:
    """Describe a column from its call and its annotation."""
    named = text_of(call.args[0]) if call.args else ""
    rest = [one for one in call.args if not text_of(one)]
    rest = [one for one in rest if last_name(getattr(one, "func", one)) not in _NOT_TYPES]
    mapped = _mapped_type(hint)
    words = ast.unparse(mapped) if mapped is not None else ""
    optional = bool(re.search(r"\bNone\b|Optional\[", words))
    plain = re.sub(r"^Optional\[(.*)\]$|\s*\|\s*None\b|None\s*\|\s*", r"\1", words)
    primary = _is_true(keyword(call, "primary_key"))
    nullable = keyword(call, "nullable")
    if isinstance(nullable, ast.Constant):
        optional = nullable.value is True
    elif mapped is None:
        optional = not primary
    default = keyword(call, "server_default")
    return Column(
        name=named or attribute,
        attribute=attribute if named and named != attribute else "",
        type=ast.unparse(rest[0]) if rest else plain,
        nullable=optional and not primary,
        primary_key=primary,
        default="a default" if keyword(call, "default") is not None else "",
        server_default="set by the database" if default is not None else "",
        comment=text_of(keyword(call, "comment")),
        doc=text_of(keyword(call, "doc")),
    )


def _foreign_keys(column: str, call: ast.Call) -> list[ForeignKey]:
    """Return the foreign keys among a column's arguments."""
    found = []
    for one in call.args:
        if isinstance(one, ast.Call) and last_name(one.func) == "ForeignKey" and one.args:
            table, _, target = text_of(one.args[0]).rpartition(".")
            if table:
                action = text_of(keyword(one, "ondelete"))
                found.append(ForeignKey(columns=(column,), table=table, target_columns=(target,),
                                        on_delete=action))  # fmt: skip
    return found


def _table_uniques(node: ast.ClassDef) -> list[Key]:
    """Return the unique constraints of `__table_args__`."""
    return [
        Key(name=text_of(keyword(one, "name")), columns=tuple(map(text_of, one.args)))
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and last_name(one.func) == "UniqueConstraint"
        and all(map(text_of, one.args))
    ]  # fmt: skip


def _relationship(name: str, call: ast.Call, hint: ast.expr | None) -> Relationship:
    """Describe a relationship; its class stands in the call or in the annotation."""
    words = ast.unparse(hint) if hint is not None else ""
    many = bool(re.search(r"\b(list|List|set|Set)\[", words))
    given = text_of(call.args[0]) if call.args else ""
    inner = re.findall(r"[A-Z]\w*", re.sub(r"Mapped|List|Set|Optional|None", "", words))
    return Relationship(name=name, table="", class_name=given or (inner[-1] if inner else ""),
                        direction="ONETOMANY" if many else "MANYTOONE", many=many)  # fmt: skip


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
