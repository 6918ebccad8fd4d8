"""Which classes of a project are mapped to which tables, by their source alone."""

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from footnotary.facts.schema import Relationship
from footnotary.probe.static_columns import read_cascade, says_false, use_library_names
from footnotary.source.names import DefinitionIndex, keyword, last_name, says_true, text_of
from footnotary.source.parsing import Source, statements_at_top

_Defined = tuple[Source, ast.ClassDef]
_OPTIONS = ("schema", "comment")
_DEEPEST = 30  # of bases of bases: a circle ends, too


@dataclass
class MappedClass:
    """A class with a table of its own.

    Attributes:
        name: The table's.
        schema: The table's schema, or empty.
        lineage: Where its columns come from: mixins, the class itself, and those that inherit it
            without a table of their own.
        at: Where in these the class itself is.
        heirs: The names of the last.
        comment: The table's comment, or empty.
    """

    name: str
    schema: str
    lineage: list[_Defined]
    at: int
    heirs: list[str] = field(default_factory=list)
    comment: str = ""

    @property
    def full_name(self) -> str:
        """The table's name with its schema."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


class Mapping:
    """The classes and plain tables of a project's modules.

    Attributes:
        mapped: The classes with tables.
        plain: Tables that are called for, by module and the name they are assigned to.
        unnamed: Classes with columns whose table's name is computed.
        made: Where other tables are called for: in functions and loops, or by a computed name.
        renaming: Where a base class or a metaclass gives its classes other tables' names.
        classes: Names of the classes with tables.
    """

    def __init__(self, modules: tuple[Source, ...], index: DefinitionIndex) -> None:
        self._index = index
        self._classes: dict[str, list[_Defined]] = {}
        self.plain: dict[tuple[str, str], tuple[Source, ast.Call]] = {}
        self.unnamed: list[str] = []
        self._sqlmodels: set[str] = set()
        for module in modules:
            use_library_names(module.tree)
            for node in statements_at_top(module.tree.body):
                self._note(module, node)
        known = {id(call) for _, call in self.plain.values()}
        self.made = [
            f"{module.path}:{call.lineno}"
            for module in modules
            for call in (ast.walk(module.tree) if "Table(" in module.text else ())
            if isinstance(call, ast.Call) and _is_table(call) and id(call) not in known
        ]
        self.renaming = [
            f"{module.path}:{one.lineno}"
            for every in self._classes.values()
            for module, node in every
            for one in _naming_in(node)
        ]
        self.mapped = self._find_mapped()
        self.classes = {one.lineage[one.at][1].name for one in self.mapped}

    def _note(self, module: Source, node: ast.stmt) -> None:
        """Note a class, a table, or what a name is assigned."""
        if isinstance(node, ast.ClassDef):
            self._classes.setdefault(node.name, []).append((module, node))
            for target, value, _ in map(assigned, node.body):
                if target == "__table__":
                    self._note_table(module, f"{node.name}.__table__", value)
        target, value, _ = assigned(node)
        if isinstance(node, ast.Expr):
            target, value = f"line {node.lineno}", node.value
        elif isinstance(node, ast.Assign) and not target:
            target, value = ast.unparse(node.targets[0]), node.value  # `Item.table = Table(…)`
        if target:
            self._note_table(module, target, value)

    def _note_table(self, module: Source, target: str, value: ast.expr | None) -> None:
        """Note a table that is called for."""
        is_table = isinstance(value, ast.Call) and last_name(value.func) == "Table"
        if isinstance(value, ast.Call) and is_table and value.args and text_of(value.args[0]):
            self.plain[module.name, target] = (module, value)

    def is_sqlmodel(self, table: str) -> bool:
        """Tell whether every annotated field of a table's class is a column."""
        return table in self._sqlmodels

    def unaliased(
        self, module: Source, hint: ast.expr | None, call: ast.Call
    ) -> tuple[ast.expr | None, ast.Call]:
        """Return a column's annotation and call with those of `Annotated[X, mapped_column(…)]`."""
        for one in ast.walk(hint) if hint else ():
            value = self._index.follow_value(one, module)[0] if isinstance(one, ast.Name) else None
            if not isinstance(value, ast.Subscript) or last_name(value) != "Annotated":
                continue
            inner = value.slice.elts if isinstance(value.slice, ast.Tuple) else []
            for made in [each for each in inner[1:] if isinstance(each, ast.Call)][:1]:
                given, words = [*call.args, *made.args], [*call.keywords, *made.keywords]
                name = re.compile(rf"\b{getattr(one, 'id', '')}\b")
                text = name.sub(ast.unparse(inner[0]), ast.unparse(hint or inner[0]))
                return ast.parse(text, mode="eval").body, ast.Call(call.func, given, words)
        return hint, call

    def relationship(self, name: str, call: ast.Call, hint: ast.expr | None) -> Relationship:
        """Return a relationship; its class is in the call or in the annotation."""
        words = ast.unparse(hint) if hint is not None else ""
        secondary = keyword(call, "secondary")
        is_viewonly = says_true(keyword(call, "viewonly"))
        is_one = says_false(keyword(call, "uselist"))
        many = bool(re.search(r"\b(list|List|set|Set)\[", words))
        many = many or (secondary is not None and hint is None and not is_one)
        first = call.args[0] if call.args else keyword(call, "argument")
        given = text_of(first) or (last_name(first) if first is not None else "")
        inner = re.findall(r"[A-Z]\w*", re.sub(r"Mapped|List|Set|Optional|None", "", words))
        class_name = given.rpartition(".")[2] or (inner[-1] if inner else "")
        of_class = [one for one in self.mapped if one.lineage[one.at][1].name == class_name]
        usual = "ONETOMANY" if many else "MANYTOONE"
        return Relationship(
            name=name,
            table=of_class[0].full_name if len(of_class) == 1 else "",
            class_name=class_name,
            direction=usual if secondary is None else "MANYTOMANY",
            many=many,
            back_populates=text_of(keyword(call, "back_populates")),
            secondary=self._table_behind(secondary) if secondary is not None else "",
            cascade="merge" if is_viewonly else read_cascade(keyword(call, "cascade")),
            viewonly=is_viewonly,
        )

    def _table_behind(self, node: ast.expr) -> str:
        """Return the name of the table that an expression means, else the expression."""
        name = last_name(node)
        calls = [call for (_, target), (_, call) in self.plain.items() if target == name]
        return text_of(calls[0].args[0]) if len(calls) == 1 else text_of(node) or ast.unparse(node)

    def column_named(self, module: Source, node: ast.expr) -> tuple[str, str] | None:
        """Return the table and the column that a foreign key's argument means; None if computed.

        Args:
            module: Where it is.
            node: A text, `Item.id`, `items.c.id`, or the name of a text.
        """
        node = self._index.follow_value(node, module)[0] if isinstance(node, ast.Name) else node
        table, _, column = text_of(node).rpartition(".")
        if table:
            return table, column
        if not isinstance(node, ast.Attribute):
            return None
        owner = node.value
        if isinstance(owner, ast.Attribute) and owner.attr in ("c", "columns"):
            return self._column_of_table(module, owner.value, node.attr)
        found = self._resolved(module, owner)
        for one in self.mapped if found else ():
            if found in one.lineage[one.at :]:
                return one.full_name, self._column_name(one, node.attr)
        return None

    def _column_of_table(
        self, module: Source, owner: ast.expr, column: str
    ) -> tuple[str, str] | None:
        """Return the table and column of `items.c.id`, or of `Item.__table__.c.id`."""
        if isinstance(owner, ast.Attribute) and owner.attr == "__table__":
            return self.column_named(module, ast.Attribute(owner.value, column))
        name = last_name(owner)
        own = self.plain.get((module.name, name))
        others = [call for (_, target), (_, call) in self.plain.items() if target == name]
        call = own[1] if own else others[0] if len(others) == 1 else None
        if call is None:
            return None
        schema = text_of(keyword(call, "schema"))
        return ".".join(filter(None, (schema, text_of(call.args[0])))), column

    def _column_name(self, mapped: MappedClass, attribute: str) -> str:
        """Return the name of the column behind an attribute: `id = Column("item_id", …)`."""
        for _, node in mapped.lineage:
            for one in node.body:
                target, value, _ = assigned(one)
                if target == attribute and isinstance(value, ast.Call) and value.args:
                    return text_of(value.args[0]) or attribute
        return attribute

    def _resolved(self, module: Source, base: ast.expr) -> _Defined | None:
        """Return the project's class that an expression names: here, imported, or the only one."""
        base = base.value if isinstance(base, ast.Subscript) else base
        found = self._index.define(base, module)
        known = self._classes.get(getattr(found[0], "name", "") if found else last_name(base), [])
        same = [one for one in known if found and one[1] is found[0]] or known
        return same[0] if len(same) == 1 else None

    def _bases(self, one: _Defined) -> list[_Defined]:
        """Return the bases of a class that are the project's."""
        module, node = one
        found = [self._resolved(module, base) for base in node.bases]
        return [base for base in found if base is not None and base is not one]

    def _find_mapped(self) -> list[MappedClass]:
        """Return the classes with tables; columns of heirs without one are put to them."""
        every = [one for found in self._classes.values() for one in found]
        names = {id(one[1]): self._table_name(one) for one in every}
        mapped = {
            id(one[1]): self._mapped(one, names[id(one[1])], names)
            for one in every
            if names[id(one[1])]
        }
        for one in every:
            if names[id(one[1])] or _is_abstract(one[1]):
                continue
            above = (mapped.get(id(up[1])) for up in self._ancestors(one))
            owner = next(filter(None, above), None)
            if owner is not None:
                owner.lineage.append(one)
                owner.heirs.append(one[1].name)
            elif self._computes_name(one):
                self.unnamed.append(one[1].name)
        return list(mapped.values())

    def _mapped(self, one: _Defined, name: str, names: dict[int, str]) -> MappedClass:
        """Return a class with where its columns come from: no base that has a table itself."""
        mapped = {key for key, name in names.items() if name}
        above = [up for up in self._ancestors(one, mapped) if id(up[1]) not in mapped]
        lineage = [*reversed(above), one]
        args = [
            value for _, node in reversed(lineage) for each in node.body
            for target, value, _ in [assigned(each)] if target == "__table_args__" and value
        ]  # fmt: skip
        if _is_table_model(one[1]):
            self._sqlmodels.add(name)
        schema, comment = (_option_in(args[0], word) if args else "" for word in _OPTIONS)
        return MappedClass(name, schema, lineage, len(above), comment=comment)

    def _ancestors(self, one: _Defined, ends: Collection[int] = ()) -> list[_Defined]:
        """Return the project's classes that a class inherits from, nearest first."""
        found: list[_Defined] = []
        waiting = self._bases(one)
        while waiting and len(found) < _DEEPEST:
            up = waiting.pop(0)
            if up not in found and up is not one:
                found.append(up)
                waiting += [] if id(up[1]) in ends else self._bases(up)
        return found

    def _table_name(self, one: _Defined) -> str:
        """Return the name of a class's own table, where its source says it; else nothing."""
        module, node = one
        if _is_abstract(node):
            return ""
        for each in node.body:
            target, value, _ = assigned(each)
            if target == "__tablename__":
                named = self._index.literal(value, module)
                return named if isinstance(named, str) else ""
        if _is_table_model(node):
            return node.name.lower()
        family = [one, *self._ancestors(one)]
        if any(ast.unparse(base) == "db.Model" for _, each in family for base in each.bases):
            has_key = "primary_key=True" in ast.unparse(node)
            return _snake_case(node.name) if has_key else ""
        makers = [_named_by(each) for _, up in family[1:] for each in up.body]
        return next((make(node.name) for make in makers if make is not None), "")

    def _computes_name(self, one: _Defined) -> bool:
        """Whether a class has columns, and a base or itself makes up its table's name."""
        own = any(_makes_column(each) for each in one[1].body)
        named = [
            each for _, up in (one, *self._ancestors(one)) for each in up.body
            if assigned(each)[0] == "__tablename__"
        ]  # fmt: skip
        return own and bool(named)


def assigned(node: ast.stmt) -> tuple[str, ast.expr | None, ast.expr | None]:
    """Return name, value and annotation of an assignment, or of what `declared_attr` returns."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value, node.annotation
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value, None
    if isinstance(node, ast.FunctionDef) and any(
        "declared_attr" in ast.unparse(one) for one in node.decorator_list
    ):
        returned = [one.value for one in node.body if isinstance(one, ast.Return)]
        return node.name, returned[0] if returned else None, node.returns
    return "", None, None


def _naming_in(node: ast.ClassDef) -> Iterator[ast.expr]:
    """Yield what sets `__tablename__` of other classes: in `__init_subclass__`, in a metaclass."""
    for method in node.body:
        if getattr(method, "name", "") in ("__init_subclass__", "__new__", "__init__"):
            for one in ast.walk(method):
                name = getattr(one, "attr", None) or text_of(getattr(one, "slice", None))
                is_set = isinstance(getattr(one, "ctx", None), ast.Store)
                if isinstance(one, ast.expr) and is_set and name == "__tablename__":
                    yield one


def _makes_column(node: ast.stmt) -> bool:
    """Whether a statement of a class makes a column."""
    _, value, hint = assigned(node)
    made = isinstance(value, ast.Call) and last_name(value.func) in ("Column", "mapped_column")
    return made or (isinstance(hint, ast.Subscript) and last_name(hint.value) == "Mapped")


def _is_abstract(node: ast.ClassDef) -> bool:
    """Whether a class says `__abstract__ = True`."""
    members = map(assigned, node.body)
    return any(name == "__abstract__" and says_true(value) for name, value, _ in members)


def _is_table_model(node: ast.ClassDef) -> bool:
    """Whether a class is `class X(SQLModel, table=True)`."""
    return says_true(keyword(node, "table"))


def _named_by(node: ast.stmt) -> Callable[[str], str] | None:
    """Return what makes a table's name of a class's, for the plainest of `declared_attr`."""
    target, value, _ = assigned(node)
    if target != "__tablename__" or not isinstance(node, ast.FunctionDef) or value is None:
        return None
    found = re.fullmatch(r"\w+\.__name__(\.lower\(\))?(?: \+ '(\w*)')?", ast.unparse(value))
    if found is None:
        return None
    return lambda name: (name.lower() if found[1] else name) + (found[2] or "")


def _snake_case(name: str) -> str:
    """Return a class's name as Flask-SQLAlchemy makes a table's of it."""
    words = re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", name)
    return words.lower().lstrip("_")


def _option_in(node: ast.expr, name: str) -> str:
    """Return an option in the arguments of a table."""
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            for key, value in zip(one.keys, one.values, strict=True):
                if text_of(key) == name:
                    return text_of(value)
    return ""


def _is_table(call: ast.Call) -> bool:
    """Return whether a call makes a table of a database, not one of a terminal."""
    if last_name(call.func) != "Table":
        return False
    inside = (last_name(one.func) for one in call.args if isinstance(one, ast.Call))
    return "Column" in inside or keyword(call, "autoload_with") is not None
