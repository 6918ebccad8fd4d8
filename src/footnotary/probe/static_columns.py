"""What the calls of a mapped class say in the source: of columns, keys and cascades."""

import ast
import re
from typing import Any

from footnotary.facts.schema import Column, Numbering, Relationship
from footnotary.source.names import (
    defined_names,
    imported_names,
    keyword,
    last_name,
    says_true,
    text_of,
)
from footnotary.source.parsing import statements_at_top

# What may be imported under another name and is looked for by its own.
_LIBRARY = ("sqlalchemy.", "sqlmodel.")
_SAID = frozenset(
    (
        *("CheckConstraint", "Column", "Computed", "Field", "ForeignKey", "ForeignKeyConstraint"),
        *("Identity", "Index", "Mapped", "PrimaryKeyConstraint", "Relationship", "Sequence"),
        *("Table", "UniqueConstraint", "mapped_column", "relationship"),
    )
)
_COLUMNS = {"Column", "mapped_column", "Field"}
_NOT_TYPES = {"ForeignKey", "Sequence", "Identity", "Computed", "FetchedValue", "CheckConstraint"}
_DEFAULTS = ("insert_default", "default", "default_factory")
_ALL = ("delete", "expunge", "merge", "refresh-expire", "save-update")
_INTEGERS = {"int", "Integer", "BigInteger", "SmallInteger", "INTEGER", "BIGINT", "SMALLINT"}
_NUMBERING = ("start", "increment", "minvalue", "maxvalue", "cycle", "cache")


def outer_type(hint: ast.expr | None) -> ast.expr:
    """Return X of `X[…]`."""
    return hint.value if isinstance(hint, ast.Subscript) else hint or ast.Name("")


def is_column(node: ast.expr | None) -> bool:
    """Tell whether an expression makes a column."""
    return isinstance(node, ast.Call) and last_name(node.func) in _COLUMNS


def mapped_type(hint: ast.expr | None) -> ast.expr | None:
    """Return X of `Mapped[X]`."""
    if isinstance(hint, ast.Subscript) and last_name(hint.value) == "Mapped":
        return hint.slice
    return None


def describe_column(attribute: str, call: ast.Call, hint: ast.expr | None) -> Column:
    """Describe a column from its call and its annotation."""
    named = (text_of(call.args[0]) if call.args else "") or text_of(keyword(call, "name"))
    rest = [one for one in call.args if not text_of(one)]
    rest = [one for one in rest if last_name(getattr(one, "func", one)) not in _NOT_TYPES]
    mapped = mapped_type(hint) or (hint if last_name(outer_type(hint)) != "Mapped" else None)
    words = text_of(mapped) or (ast.unparse(mapped) if mapped is not None else "")
    optional = bool(re.search(r"\bNone\b|Optional\[", words))
    plain = re.sub(r"^Optional\[(.*)\]$|\s*\|\s*None\b|None\s*\|\s*", r"\1", words)
    primary = says_true(keyword(call, "primary_key"))
    nullable = keyword(call, "nullable")
    if isinstance(nullable, ast.Constant):
        optional = nullable.value is True
    elif mapped is None:
        optional = not primary
    default = keyword(call, "server_default")
    told = keyword(call, "type_") or keyword(call, "sa_type") or (rest[0] if rest else None)
    generated = _generated([one for one in call.args if isinstance(one, ast.Call)])
    python_side = _default(call) or generated.pop("default", "")
    kind = last_name(told) if told is not None else plain
    is_set = bool(python_side or default is not None or generated)
    return Column(
        name=named or attribute,
        attribute=attribute if named and named != attribute else "",
        type=ast.unparse(told) if told is not None else plain,
        nullable=optional and not primary,
        primary_key=primary,
        autoincrement=primary
        and kind in _INTEGERS
        and not (is_set or says_false(keyword(call, "autoincrement"))),
        default=python_side,
        on_update="a value" if keyword(call, "onupdate") is not None else "",
        server_default="set by the database" if default is not None else "",
        comment=text_of(keyword(call, "comment")),
        doc=text_of(keyword(call, "doc")),
        **generated,
    )


def _default(call: ast.Call) -> str:
    """Return what the program fills a column with; that `None` is given says nothing."""
    given = [value for name in _DEFAULTS if (value := keyword(call, name)) is not None]
    said = given[0].value if given and isinstance(given[0], ast.Constant) else ""
    return (
        repr(said)
        if isinstance(said, bool | int | float)
        else "a default" * (said is not None and bool(given))
    )


def written_sql(node: ast.expr) -> str:
    """Return a text, that of `text("…")` too, and anything else as the source has it."""
    inner = node.args[0] if isinstance(node, ast.Call) and last_name(node) == "text" else node
    return text_of(inner) or ast.unparse(node)


def constraint_options(call: ast.Call) -> dict[str, Any]:
    """Return what a call says that every kind of constraint has."""
    is_late = text_of(keyword(call, "initially")).upper() == "DEFERRED"
    return {
        "name": text_of(keyword(call, "name")),
        "deferrable": says_true(keyword(call, "deferrable")),
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
            where = "stored" if says_true(persisted) else "virtual" if persisted else ""
            found |= {"computed": written_sql(one.args[0]), "generated": where}
        elif kind in ("Identity", "Sequence"):
            name = text_of(one.args[0]) if kind == "Sequence" and one.args else ""
            if name:
                found["default"] = f"sequence {name}"
            always = "always" if says_true(keyword(one, "always")) else "by default"
            options = {word.arg: ast.unparse(word.value) for word in one.keywords
                       if word.arg in _NUMBERING}  # fmt: skip
            found["numbering"] = Numbering(
                kind=always if kind == "Identity" else "sequence",
                name=name,
                options=options,
            )
    return found


def says_false(node: ast.expr | None) -> bool:
    """Tell whether an expression is `False`."""
    return isinstance(node, ast.Constant) and node.value is False


def read_cascade(given: ast.expr | None) -> str:
    """Return what a relationship hands on, each by its own name."""
    if given is None:
        return "merge, save-update"  # what SQLAlchemy takes where nothing is said
    named = {word.strip() for word in text_of(given).split(",")} - {""}
    return ", ".join(sorted(named - {"all"} | set(_ALL if "all" in named else ())))


def turn_back(one: Relationship, given: ast.expr, owner: str, table: str) -> Relationship:
    """Return the relationship that `backref="name"` or `backref=backref("name", …)` makes.

    Args:
        one: The relationship that has it.
        given: The argument.
        owner: The class that `one` is an attribute of.
        table: That class's table.
    """
    call = given if isinstance(given, ast.Call) else ast.Call(given, [given], [])
    turned = {"MANYTOONE": "ONETOMANY", "ONETOMANY": "MANYTOONE"}.get(one.direction, one.direction)
    return Relationship(
        name=text_of(call.args[0]) if call.args else "",
        table=table,
        class_name=owner,
        direction=turned,
        many=turned != "MANYTOONE" and not says_false(keyword(call, "uselist")),
        back_populates=one.name,
        secondary=one.secondary,
        cascade=read_cascade(keyword(call, "cascade")),
    )


def use_library_names(tree: ast.Module) -> None:
    """Give what a module imports from a library under another name, or calls so, its own name."""
    imported = imported_names(tree)
    found = {
        name: full.rpartition(".")[2]
        for name, full in imported.items()
        if full.startswith(_LIBRARY)
    }
    for node in statements_at_top(tree.body):
        value = node.value if isinstance(node, ast.Assign) else None
        if isinstance(value, ast.Name) and value.id in found:
            found |= dict.fromkeys(defined_names(node), found[value.id])
    found = {name: own for name, own in found.items() if name != own and own in _SAID}
    for one in ast.walk(tree) if found else ():
        if isinstance(one, ast.Name):
            one.id = found.get(one.id, one.id)
