"""The statements that make tables in one dialect: to be shown, and to be executed one by one."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

_LONGEST = 160


def ddl(one: Any, dialect: Any, types: dict[str, str]) -> str:
    """Return CREATE TYPE, TABLE, INDEX and COMMENT ON; a comment where one cannot be compiled."""
    from sqlalchemy.schema import CreateIndex, CreateTable, SetColumnComment, SetTableComment

    parts: list[str] = []
    elements: list[Any] = []
    for name, element in _named_types(one, dialect):
        table = types.setdefault(name, one.fullname)
        if table == one.fullname:
            elements.append(element)
        else:
            parts.append(f"-- the type {name} is made with {table}")
    ordered = sorted(one.indexes, key=lambda index: str(index.name))
    comments: list[Any] = []
    if dialect.supports_comments and not dialect.inline_comments:
        comments = [SetTableComment(one)] if one.comment else []
        comments += [SetColumnComment(column) for column in one.columns if column.comment]
    parts += [
        _compile_statement(element, dialect, one)
        for element in (*elements, CreateTable(one), *map(CreateIndex, ordered), *comments)
    ]
    return "\n".join(parts)


def view(made: Any, dialect: Any) -> str:
    """Return CREATE VIEW.

    Args:
        made: SQLAlchemy's `CreateView`.
        dialect: What SQL is compiled for.
    """
    return _compile_statement(made, dialect, None)


def _compile_statement(element: Any, dialect: Any, table: Any) -> str:
    """Return a statement with its semicolon; a comment where there is none."""
    computed = [column.computed for column in table.columns] if table is not None else []
    if dialect.name == "postgresql" and dialect.server_version_info is None:
        # without a server, STORED is written where nothing is said: PostgreSQL 17 and before
        # demand it, and later ones take it (CREATE TABLE in the manual)
        virtual = any(one is not None and one.persisted is False for one in computed)
        dialect.supports_virtual_generated_columns = virtual
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = str(element.compile(dialect=dialect)).strip() + ";"
    except Exception as error:  # noqa: BLE001  an index without columns, a foreign type
        text = f"-- {(str(error).splitlines() or [''])[0][:_LONGEST]}"
    return "\n".join(line.rstrip() for line in text.splitlines())


def _named_types(one: Any, dialect: Any) -> Iterator[tuple[str, Any]]:
    """Yield PostgreSQL's enumerations and domains of a table, each once, with their statements."""
    if dialect.name != "postgresql":
        return
    from sqlalchemy.dialects import postgresql

    statements = {
        kind: getattr(postgresql, statement, None)
        for kind, statement in (("ENUM", "CreateEnumType"), ("DOMAIN", "CreateDomainType"))
    }
    seen = set()
    for column in one.columns:
        made = _compiled_type(column.type, dialect)
        statement = statements.get(type(made).__name__)
        name = ".".join(filter(None, (getattr(made, "schema", None), getattr(made, "name", None))))
        if statement is not None and name and name not in seen:
            seen.add(name)
            yield name, statement(made)


def _compiled_type(kind: Any, dialect: Any) -> Any:
    """Return the dialect's own type behind a column's; of an array that of its items."""
    try:
        while hasattr(kind, "item_type"):
            kind = kind.item_type
        if hasattr(kind, "load_dialect_impl"):  # a decorated type
            kind = kind.load_dialect_impl(dialect)
        return kind.dialect_impl(dialect)
    except Exception:  # noqa: BLE001  a project's own type, which may do anything
        return None


def script(
    metadatas: Iterable[Any], dialect: Any, version: list[int], prefix: str
) -> dict[str, Any]:
    """Return what `create_all` would execute.

    Args:
        metadatas: Whose tables are made.
        dialect: What SQL is compiled for.
        version: Of the server; empty where it is not known.
        prefix: What every schema is called by another name with; empty for their own names.

    Returns:
        `statements` (`sql`, `table`, `what`, and `told` for what a listener executes), `failed`
        (the same with `reason` in the place of `sql`), and `schemas`: by name (empty for the
        default one) what each is called in the statements.
    """
    ones = list(metadatas)
    if version:
        _suit(dialect, tuple(version))
    names = {table.schema for one in ones for table in one.tables.values()} | {None}
    translated = {name: f"{prefix}{name or ''}" for name in names} if prefix else {}
    writer = _StatementWriter(dialect, translated)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for one in ones:
            writer.write(one)
    schemas = {name or "": translated.get(name, name or "") for name in names}
    return {"statements": writer.statements, "failed": writer.failed, "schemas": schemas}


def _suit(dialect: Any, version: tuple[int, ...]) -> None:
    """Have a dialect write for a server of a version, as SQLAlchemy does when it connects."""
    dialect.server_version_info = version
    if dialect.name == "postgresql":
        dialect.supports_virtual_generated_columns = version >= (18,)
        dialect.supports_identity_columns = version >= (10,)
    if dialect.name == "mariadb":
        dialect.supports_sequences = version >= (10, 3)


class _StatementWriter:
    """Compiles what `create_all` executes."""

    def __init__(self, dialect: Any, translated: dict[Any, str]) -> None:
        self.statements: list[dict[str, Any]] = []
        self.failed: list[dict[str, Any]] = []
        self._dialect = dialect
        self._translated = translated

    def write(self, metadata: Any) -> None:
        """Write all of one metadata; table by table where they have no order."""
        from sqlalchemy.engine.mock import MockConnection

        connection = MockConnection(self._dialect, self._execute)
        try:
            list(metadata.sorted_tables)
            metadata.create_all(connection, checkfirst=False)
        except Exception as error:  # noqa: BLE001  a foreign key to nowhere, a listener's own error
            self.statements.clear()
            self._fail("", "all tables at once", error)
            for table in metadata.tables.values():
                try:
                    table.create(connection, checkfirst=False)
                except Exception as other:  # noqa: BLE001  as above
                    self._fail(table.fullname, "table", other)

    def _execute(self, element: Any, *_: Any, **__: Any) -> None:
        subject = getattr(element, "element", None)
        table = getattr(subject, "table", subject)
        about = {
            "table": str(getattr(table, "fullname", "") or ""),
            "what": _what(element, subject),
        }
        try:
            about["sql"] = self._compiled(element)
        except Exception as error:  # noqa: BLE001  an index without columns, a foreign type
            self._fail(about["table"], about["what"], error)
            return
        if not hasattr(element, "element"):  # `DDL`, or text
            about["told"] = "yes"
        self.statements.append(about)

    def _compiled(self, element: Any) -> str:
        if getattr(getattr(element, "element", None), "dialect_options", None):
            options = element.element.dialect_options.get(self._dialect.name)
            if options is not None and options.get("concurrently"):
                options["concurrently"] = False  # which is refused within a transaction
        if not self._translated:
            return str(element.compile(dialect=self._dialect))
        made = element.compile(dialect=self._dialect, schema_translate_map=self._translated)
        return str(made.preparer._render_schema_translates(str(made), self._translated))  # noqa: SLF001  as SQLAlchemy's own execution has it

    def _fail(self, table: str, what: str, error: BaseException) -> None:
        reason = (str(error).splitlines() or [""])[0][:_LONGEST]
        self.failed.append({"table": table, "what": what, "reason": reason})


def _what(element: Any, subject: Any) -> str:
    """Return what a statement makes, in words: `table`, `index ix_a`."""
    kind = getattr(element, "__visit_name__", "statement").removeprefix("create_")
    name = getattr(subject, "name", None)
    if kind in ("table", "view") or not isinstance(name, str):
        return str(kind).replace("_", " ")
    return f"{kind.replace('_', ' ')} {name}"
