"""What a history of Alembic's migrations builds up: each `upgrade()` run, and written down.

Nothing is executed and no database is reached: `alembic.op` is stood in for by what writes tables
down as plain data (https://alembic.sqlalchemy.org/en/latest/ops.html). What it cannot know, such as
SQL of a migration's own, is told by the names in it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import signal
import sys
import types
from collections.abc import Iterator
from typing import Any

from . import constraints, description, reasons
from .constraints import sql

_SECONDS = 15.0  # for all of them; from then on, one for each
# How a statement begins that makes something, behind comments.
_MAKES = re.compile(
    r"(?:\A|;)(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:create|alter|drop|rename|do|call|exec\w*)\b",
    re.IGNORECASE | re.DOTALL,
)
_LISTS = ("foreign_keys", "uniques", "checks", "exclusions", "indexes")
# How PostgreSQL names what it is not told a name for.
_ENDINGS = {"foreign_keys": "fkey", "uniques": "key", "checks": "check", "exclusions": "excl"}


def replay(migrations: list[dict[str, str]], dialect: Any) -> dict[str, Any]:
    """Run the `upgrade()` of migrations, each after those that it follows.

    Returns:
        `tables`, as `description` has them but for their statements, and `unjudged`: `revision`,
        `reason`, and `text`, in which the names of the tables stand that cannot be judged. Nothing
        where they do not end.
    """
    operations = Operations(dialect)
    with contextlib.suppress(TimeoutError), _standing_in(operations), _ending():
        for one in migrations:
            operations.revision = one["id"]
            try:
                _upgrade(one["path"], len(operations.unjudged))
            except (Exception, SystemExit) as error:  # noqa: BLE001  it is theirs
                with open(one["path"], encoding="utf-8", errors="replace") as stream:
                    text = stream.read()
                told = reasons.as_told(error)
                operations.unjudged.append({"revision": one["id"], "text": text, **told})
        return {"tables": list(operations.tables.values()), "unjudged": operations.unjudged}
    return {}


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """End what never ends: a migration that waits for a database to answer."""

    def end(*_: Any) -> None:
        raise TimeoutError("it does not end")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, _SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _upgrade(path: str, number: int) -> None:
    spec = importlib.util.spec_from_file_location(f"_footnotary_migration_{number}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.upgrade()


@contextlib.contextmanager
def _standing_in(operations: Operations) -> Iterator[None]:
    """Stand in for `alembic.op` and `alembic.context`, whether Alembic is installed or not."""
    names = ("alembic", "alembic.op", "alembic.context")
    kept = {name: sys.modules.get(name) for name in names}
    with contextlib.suppress(Exception):
        import alembic  # type: ignore[import-not-found, unused-ignore]  # noqa: F401  the project's
    package = sys.modules.get("alembic") or types.ModuleType("alembic")
    told = {name: getattr(package, name, None) for name in ("op", "context")}
    context = types.SimpleNamespace(
        is_offline_mode=lambda: False, get_context=operations.get_context,
        get_bind=operations.get_bind, get_x_argument=lambda **_: {}, config=None,
    )  # fmt: skip
    stand_in: Any = package
    stand_in.op, stand_in.context = operations, context
    sys.modules |= {"alembic": package, "alembic.op": operations, "alembic.context": context}  # type: ignore[dict-item]
    try:
        yield
    finally:
        for name, value in told.items():
            setattr(package, name, value)
        for name, module in kept.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module


class Operations:
    """What `alembic.op` can do, done to plain data."""

    def __init__(self, dialect: Any) -> None:
        self.tables: dict[str, dict[str, Any]] = {}
        self.unjudged: list[dict[str, Any]] = []
        self.revision = ""
        self._dialect = dialect
        self._implicit: dict[int, str] = {}  # names that PostgreSQL gave, by the constraint's id

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def unknown(*given: Any, **named: Any) -> None:
            self._skip(f"op.{name}", f"{given} {named}")

        return unknown

    def f(self, name: str) -> str:
        """Return a name as it is."""
        return name

    def get_bind(self) -> Any:
        """Return a connection that takes statements and answers nothing."""
        from sqlalchemy.engine.mock import MockConnection

        return MockConnection(self._dialect, self._executed)

    def get_context(self) -> Any:
        """Return what tells the dialect."""
        bind = self.get_bind()
        return types.SimpleNamespace(
            bind=bind, connection=bind, dialect=self._dialect, as_sql=False, impl=None,
            autocommit_block=contextlib.nullcontext,
        )  # fmt: skip

    def execute(self, statement: Any, **_: Any) -> None:
        """Look at a statement: one that makes something cannot be followed."""
        self._executed(statement)

    def bulk_insert(self, *_: Any, **__: Any) -> None:
        """Rows are nothing here, nor are comments and exclusion constraints."""

    create_table_comment = drop_table_comment = create_exclude_constraint = bulk_insert

    def create_table(self, name: str, *items: Any, schema: Any = None, **options: Any) -> Any:
        """Write down a table, and return it."""
        from sqlalchemy import MetaData, Table

        options.pop("if_not_exists", None)
        table = Table(name, MetaData(), *items, schema=schema, **options)
        self.tables[str(table.fullname)] = {
            "name": name,
            "schema": schema or "",
            "columns": description.columns(table, self._dialect, None),
            **constraints.describe_constraints(table, self._dialect),
        }
        self._name(self.tables[str(table.fullname)], name)
        return table

    def drop_table(self, name: str, *, schema: Any = None, **_: Any) -> None:
        """Forget a table."""
        self.tables.pop(_full(name, schema), None)

    def rename_table(self, old: str, new: str, schema: Any = None, **_: Any) -> None:
        """Call a table by another name, in foreign keys as well."""
        table = self._table(old, schema)
        self.tables.pop(_full(old, schema), None)
        self.tables[_full(new, schema)] = table | {"name": new}
        for each in self.tables.values():
            for key in each["foreign_keys"]:
                if key["table"] == _full(old, schema):
                    key["table"] = _full(new, schema)

    def add_column(self, name: str, column: Any, *, schema: Any = None, **_: Any) -> None:
        """Write down a column, with the keys that it brings."""
        from sqlalchemy import MetaData, Table

        table = self._table(name, schema)
        alone = Table(name, MetaData(), column, schema=schema)
        table["columns"] += description.columns(alone, self._dialect, None)
        found = constraints.describe_constraints(alone, self._dialect)
        for kind in _LISTS:
            table[kind] += found[kind]
        self._name(table, name)

    def drop_column(self, name: str, column: str, *, schema: Any = None, **_: Any) -> None:
        """Forget a column, and the keys that it is in."""
        table = self._table(name, schema)
        table["columns"] = [one for one in table["columns"] if one["name"] != column]
        for kind in _LISTS:
            table[kind] = [one for one in table[kind] if column not in one.get("columns", ())]

    def alter_column(  # noqa: PLR0913  as Alembic has it
        self, name: str, column: str, *, schema: Any = None, nullable: Any = None,
        new_column_name: Any = None, type_: Any = None, **_: Any,
    ) -> None:  # fmt: skip
        """Change what is compared of a column: its name, its type, whether it may be NULL."""
        from sqlalchemy import Column, MetaData, Table

        table = self._table(name, schema)
        one = next(each for each in table["columns"] if each["name"] == column)
        if nullable is not None:
            one["nullable"] = bool(nullable)
        if type_ is not None:
            alone = Table(name, MetaData(), Column(column, type_))
            (made,) = description.columns(alone, self._dialect, None)
            one |= {key: made[key] for key in ("type", "collation", "enum", "enum_name")}
        if new_column_name:
            one["name"] = new_column_name
            for keys in (*(table[kind] for kind in _LISTS), [table["primary_key"]]):
                for key in keys:
                    named = key.get("columns", ())
                    key["columns"] = [new_column_name if each == column else each for each in named]

    def create_index(
        self, name: Any, table_name: str, columns: Any, *, schema: Any = None, unique: bool = False,
        **options: Any,
    ) -> None:  # fmt: skip
        """Write down an index."""
        from sqlalchemy import Column, Index, MetaData, Table
        from sqlalchemy.types import NULLTYPE

        options.pop("if_not_exists", None)
        names = [one for one in columns if isinstance(one, str)]
        alone = Table(
            table_name, MetaData(), *(Column(one, NULLTYPE) for one in names), schema=schema
        )
        parts = [alone.c[one] if isinstance(one, str) else one for one in columns]
        index = Index(name, *parts, unique=unique, _table=alone, **options)
        made = constraints.index(index, self._dialect)
        self._table(table_name, schema)["indexes"].append(made)

    def drop_index(self, name: Any, table_name: Any = None, schema: Any = None, **_: Any) -> None:
        """Forget an index, whose table need not be told."""
        for table in [self._table(table_name, schema)] if table_name else self.tables.values():
            table["indexes"] = [one for one in table["indexes"] if one["name"] != str(name)]

    def create_unique_constraint(
        self, name: Any, table_name: str, columns: Any, schema: Any = None, **_: Any
    ) -> None:
        """Write down a unique constraint."""
        made = {"name": str(name or ""), "columns": list(columns)}
        self._table(table_name, schema)["uniques"].append(made)

    def create_primary_key(
        self, name: Any, table_name: str, columns: Any, schema: Any = None, **_: Any
    ) -> None:
        """Write down a primary key."""
        table = self._table(table_name, schema)
        table["primary_key"] = {"name": str(name or ""), "columns": list(columns)}

    def create_check_constraint(
        self, name: Any, table_name: str, condition: Any, schema: Any = None, **_: Any
    ) -> None:
        """Write down a check."""
        said = condition if isinstance(condition, str) else sql(condition, self._dialect)
        made = {"name": str(name or ""), "expression": said}
        self._table(table_name, schema)["checks"].append(made)

    def create_foreign_key(  # noqa: PLR0913  as Alembic has it
        self, name: Any, source: str, target: str, local: Any, remote: Any, *, ondelete: Any = None,
        onupdate: Any = None, source_schema: Any = None, referent_schema: Any = None, **_: Any,
    ) -> None:  # fmt: skip
        """Write down a foreign key."""
        made = {
            "name": str(name or ""),
            "columns": list(local),
            "table": _full(target, referent_schema),
            "target_columns": list(remote),
            "on_delete": str(ondelete or "").upper(),
            "on_update": str(onupdate or "").upper(),
        }
        self._table(source, source_schema)["foreign_keys"].append(made)

    def drop_constraint(
        self, name: Any, table_name: str, type_: Any = None, *, schema: Any = None, **_: Any
    ) -> None:
        """Forget a constraint: by the name it was given, or the one that PostgreSQL gives it."""
        table = self._table(table_name, schema)
        if type_ == "primary" or self._is_called(table["primary_key"], name):
            table["primary_key"] = {"columns": []}
            return
        for kind in _LISTS:
            left = [one for one in table[kind] if not self._is_called(one, name)]
            if len(left) != len(table[kind]):
                table[kind] = left
                return
        self._skip(f"op.drop_constraint({str(name)!r})", table_name)

    @contextlib.contextmanager
    def batch_alter_table(self, name: str, schema: Any = None, **_: Any) -> Iterator[Any]:
        """Yield the same operations without the table's name."""
        yield _Batch(self, name, schema)

    def _table(self, name: str, schema: Any) -> dict[str, Any]:
        if _full(name, schema) not in self.tables:
            raise LookupError(f"no migration creates the table {_full(name, schema)}")
        return self.tables[_full(name, schema)]

    def _name(self, table: dict[str, Any], name: str) -> None:
        """Keep the names that PostgreSQL gives: another name of the table does not change them."""
        self._implicit.setdefault(id(table["primary_key"]), f"{name}_pkey")
        for kind, ending in _ENDINGS.items():
            for one in table[kind]:
                made = "_".join([name, *one.get("columns", ()), ending])
                self._implicit.setdefault(id(one), made)

    def _is_called(self, one: dict[str, Any], name: Any) -> bool:
        return str(name) == (one.get("name") or self._implicit.get(id(one)))

    def _executed(self, statement: Any, *_: Any, **__: Any) -> None:
        if getattr(statement, "element", None) is not None:
            return  # a type, by `create(bind)`
        text = str(statement)
        if _MAKES.search(text):
            self._skip("SQL of its own", text)

    def _skip(self, what: str, text: str) -> None:
        reason = {"revision": self.revision, "text": text, "reason": what, "names": []}
        self.unjudged.append(reason)


# Of these the first argument is a name, and the table is the second.
_NAMED_FIRST = frozenset({
    "create_index", "drop_index", "create_unique_constraint", "create_primary_key",
    "create_check_constraint", "create_foreign_key", "drop_constraint",
})  # fmt: skip


class _Batch:
    """The operations of one table."""

    def __init__(self, operations: Operations, name: str, schema: Any) -> None:
        self._operations, self._name, self._schema = operations, name, schema

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._operations, name)
        if name in ("f", "get_bind", "get_context", "execute"):
            return found
        at = int(name in _NAMED_FIRST)
        word = "source_schema" if name == "create_foreign_key" else "schema"

        def call(*given: Any, **named: Any) -> Any:
            rest = {key.replace("constraint_name", "name"): value for key, value in named.items()}
            return found(*given[:at], self._name, *given[at:], **{word: self._schema}, **rest)

        return call


def _full(name: str, schema: Any) -> str:
    return f"{schema}.{name}" if schema else str(name)
