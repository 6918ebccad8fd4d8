"""What a database says of itself in its own catalogs; imports nothing of the application.

Either a live one, which is only read; or one in which the statements of the models have been
executed: in a server of our own, in SQLite's memory, or, where the user allows it, in a scratch
schema of the live one, inside a transaction that is rolled back.
"""

from __future__ import annotations

import contextlib
import os
from typing import Any

from . import description
from .postgresql_catalog import QUERIES

_LONGEST = 200
DRIVERS = {
    "postgresql": ("psycopg", "psycopg2", "pg8000"),
    "mysql": ("pymysql", "MySQLdb"),
    "mariadb": ("pymysql", "MySQLdb"),
}
_SOCKETS = {"pg8000": "unix_sock", "pymysql": "unix_socket", "mysqldb": "unix_socket"}
_KEPT = ("sql_mode", "default_storage_engine", "explicit_defaults_for_timestamp")


def describe_catalogs(request: dict[str, Any]) -> dict[str, Any]:
    """Read the catalogs of a database, after executing statements if there are some.

    The task `reflect` reads tables and views as SQLAlchemy tells them, in the form of
    `metadata.describe`.

    Args:
        request: `database_url`; `statements` and `schemas` as `script` has them; `prepare`:
            statements before these; `socket` of a server of ours; `passing`, whether all is
            rolled back; `as_live`, settings of the live server.

    Returns:
        `dialect`, `version`, `flavour`, `default` (the default schema), `settings`, `failed`
        (statements, with the reason), and `catalog`: rows by kind; None of another database.
    """
    from sqlalchemy import create_engine

    if request["task"] == "reflect":
        return _reflected(create_engine(_synchronous(request["database_url"])))
    engine = create_engine(_synchronous(request["database_url"], request["socket"]))
    with contextlib.closing(engine.connect()) as connection:
        dialect = engine.dialect
        flavour = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
        reader = _READERS.get(dialect.name)
        answer: dict[str, Any] = {
            "dialect": dialect.name,
            "flavour": flavour,
            "version": [one for one in dialect.server_version_info or () if isinstance(one, int)],
            "default": dialect.default_schema_name or "",
            "settings": {},
            "catalog": None,
            "versions": {},
        }
        failed: list[dict[str, str]] = []
        if reader is not None:
            run = _Run(connection, request)
            failed = run.failed
            try:
                answer["settings"] = run.settings(dialect.name)
                run.make(dialect.name)
                answer["catalog"] = reader(connection, request)
            finally:
                run.undo(dialect.name)
    engine.dispose()
    return answer | {"failed": failed}


def _synchronous(url: str, socket: str = "") -> str:
    """Return the URL with a driver that needs no event loop and is installed."""
    import importlib.util

    scheme, separator, rest = url.partition("://")
    name = scheme.split("+")[0]
    name = "postgresql" if name == "postgres" else name
    driver = next((one for one in DRIVERS.get(name, ()) if importlib.util.find_spec(one)), "")
    if socket:
        word = _SOCKETS.get(driver.lower(), "host")
        rest += f"?{word}={socket if word != 'host' else socket.rpartition('/')[0]}"
    return f"{name}+{driver.lower()}{separator}{rest}" if driver else f"{name}{separator}{rest}"


def _reflected(engine: Any) -> dict[str, Any]:
    """Return the tables and views of a database by reflection."""
    from sqlalchemy import MetaData, inspect

    metadata, dialect = MetaData(), engine.dialect
    with contextlib.closing(engine.connect()) as connection:
        metadata.reflect(connection, views=True)
        about = inspect(connection)
        kept = set(about.get_view_names())
        if hasattr(about, "get_materialized_view_names") and dialect.name == "postgresql":
            kept |= set(about.get_materialized_view_names())
        for name in kept & metadata.tables.keys():
            said = {"is_view": True, "definition": about.get_view_definition(name) or ""}
            metadata.tables[name].info.update(said)
    engine.dispose()
    found = [metadata.tables[key] for key in sorted(metadata.tables)]
    real = [one for one in found if not description.is_view(one)]
    views = [one for one in found if description.is_view(one)]
    return {
        "tables": description.describe_tables(real, dialect, None, {}),
        "views": description.describe_views(views, dialect, None),
        "dialect": dialect.name,
        "versions": {},
        "server": ".".join(str(part) for part in dialect.server_version_info or ()),
    }


class _Run:
    """The statements of one request, in one connection."""

    def __init__(self, connection: Any, request: dict[str, Any]) -> None:
        self.failed: list[dict[str, str]] = []
        self._connection = connection
        self._request = request
        self._made: list[str] = []
        self._mark = os.urandom(8).hex()

    def settings(self, dialect: str) -> dict[str, str]:
        """Return what a server of ours must be told to be as this one; tell it, if it is ours."""
        if dialect == "postgresql":
            rows = _rows(self._connection, QUERIES["extensions"])
            return {row["name"]: row["schema"] for row in rows}
        if dialect not in ("mysql", "mariadb"):
            return {}
        if given := self._request["as_live"]:
            for name in _KEPT:
                with contextlib.suppress(Exception):
                    value = given[name].replace("'", "''")
                    shown = value if value.isdigit() else f"'{value}'"
                    execute(self._connection, f"SET SESSION {name} = {shown}")
            return dict(given)
        found = {}
        for name in (*_KEPT, "character_set_database", "collation_database"):
            with contextlib.suppress(Exception):
                found[name] = str(_rows(self._connection, f"SELECT @@{name} AS told")[0]["told"])
        return found

    def make(self, dialect: str) -> None:
        """Execute what is to be made, each statement for itself: one that fails is noted."""
        request = self._request
        live = request["passing"] or not request["statements"]
        if live and dialect == "postgresql":
            execute(self._connection, "SET LOCAL lock_timeout = '2s'")
            execute(self._connection, "SET LOCAL statement_timeout = '60s'")
        if not request["statements"]:
            if dialect == "postgresql":
                execute(self._connection, "SET TRANSACTION READ ONLY")
            return
        self._schemas(dialect)
        wanted = []
        for one in request["statements"]:
            if one.get("told") and (request["passing"] or dialect != "postgresql"):
                self.failed.append(one | {"reason": "a listener's statement is not executed"})
            else:
                wanted.append(one)
        if not self._all(wanted, dialect):
            for one in wanted:
                self._try(one, dialect)

    def _all(self, wanted: list[dict[str, str]], dialect: str) -> bool:
        """Execute all statements, which is the usual case; tell whether none of them failed."""
        if dialect != "postgresql":  # where what was made before would stay
            return False
        try:
            with self._connection.begin_nested():
                for one in wanted:
                    execute(self._connection, self._safe(one["sql"]))
        except Exception:  # noqa: BLE001  which one it is, is asked one by one
            return False
        return True

    def _safe(self, sql: str) -> str:
        """Return a statement that is rolled back whatever it says: EXECUTE takes no COMMIT."""
        if not self._request["passing"] or self._connection.dialect.name != "postgresql":
            return sql
        one, other = f"$a{self._mark}$", f"$b{self._mark}$"  # which no text of the project's knows
        return f"DO {one} BEGIN EXECUTE {other}{sql}{other}; END {one}"

    def _schemas(self, dialect: str) -> None:
        """Make the schemas that the statements name, and work in the default one."""
        default = self._request["schemas"].get("", "")
        for name in filter(None, self._request["schemas"].values()):
            quoted = self._connection.dialect.identifier_preparer.quote(name)
            if dialect == "sqlite" and name != "main":
                execute(self._connection, f"ATTACH ':memory:' AS {quoted}")
            elif dialect != "sqlite":
                kind = "SCHEMA IF NOT EXISTS" if dialect == "postgresql" else "DATABASE"
                charset = self._request["as_live"].get("character_set_database")
                more = f" CHARACTER SET {charset}" if charset and dialect != "postgresql" else ""
                collation = self._request["as_live"].get("collation_database")
                more += f" COLLATE {collation}" if more and collation else ""
                execute(self._connection, f"CREATE {kind} {quoted}{more}")
                self._made.append(quoted)
        if default and dialect == "postgresql":
            quoted = self._connection.dialect.identifier_preparer.quote(default)
            path = _rows(self._connection, "SELECT current_setting('search_path') AS path")
            execute(self._connection, f"SET LOCAL search_path = {quoted}, {path[0]['path']}")
        elif default and dialect != "sqlite":
            execute(
                self._connection,
                f"USE {self._connection.dialect.identifier_preparer.quote(default)}",
            )

    def _try(self, one: dict[str, str], dialect: str) -> None:
        # where statements that make something are no transaction, there is no savepoint either
        nested = self._connection.begin_nested() if dialect == "postgresql" else None
        try:
            with nested or contextlib.nullcontext():
                execute(self._connection, self._safe(one["sql"]))
        except Exception as error:  # noqa: BLE001  a type, a function or a right that is not there
            said = str(getattr(error, "orig", None) or error).strip()
            reason = (said.splitlines() or [""])[0][:_LONGEST]
            self.failed.append({"table": one["table"], "what": one["what"], "reason": reason})

    def undo(self, dialect: str) -> None:
        """Leave nothing behind in a database that is not ours."""
        with contextlib.suppress(Exception):
            self._connection.rollback()
        if self._request["passing"] and dialect in ("mysql", "mariadb"):  # DDL is no transaction
            for name in self._made:
                execute(self._connection, f"DROP DATABASE {name}")


def execute(connection: Any, sql: str) -> Any:
    """Execute a statement as it is: `%` and `:` mean nothing in it."""
    return connection.execution_options(no_parameters=True).exec_driver_sql(sql)


def _rows(connection: Any, sql: str) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001  its public name
            for row in execute(connection, sql)]  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; drivers give texts of MySQL's catalogs as bytes."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def read_postgresql(connection: Any, _request: dict[str, Any]) -> dict[str, Any]:
    """Return the rows of PostgreSQL's catalogs, every name in them with its schema."""
    execute(connection, "SET LOCAL search_path = pg_catalog")
    version = connection.dialect.server_version_info
    generated = "a.attgenerated::text" if version >= (12,) else "''"
    compression = "a.attcompression::text" if version >= (14,) else "''"
    return {
        kind: _rows(
            connection,
            query.replace("{generated}", generated).replace("{compression}", compression),
        )
        for kind, query in QUERIES.items()
        if kind != "extensions"
    }


def read_mysql(connection: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Return what MySQL or MariaDB shows of every table of the default and the named databases."""
    default = _rows(connection, "SELECT DATABASE() AS name")[0]["name"]
    wanted = {default, *filter(None, request["schemas"].values())}
    listed = ", ".join("'" + str(name).replace("'", "''") + "'" for name in sorted(wanted))
    tables = _rows(
        connection,
        "SELECT table_schema AS `of`, table_name AS name, table_type AS kind"  # noqa: S608  quoted above
        f" FROM information_schema.tables WHERE table_schema IN ({listed}) ORDER BY 1, 2",
    )
    quote = connection.dialect.identifier_preparer.quote_identifier
    for one in tables:
        word = {"VIEW": "VIEW", "SEQUENCE": "SEQUENCE"}.get(one["kind"], "TABLE")
        try:
            shown = execute(
                connection, f"SHOW CREATE {word} {quote(one['of'])}.{quote(one['name'])}"
            )
            one["sql"] = _plain(shown.fetchone()[1])
        except Exception as error:  # noqa: BLE001  rights that the user lacks
            one["sql"], one["reason"] = "", str(getattr(error, "orig", error))[:_LONGEST]
    triggers = _rows(
        connection,
        "SELECT event_object_schema AS `of`, event_object_table AS tbl, trigger_name AS name,"  # noqa: S608  quoted above
        " action_timing AS timing, event_manipulation AS event, action_statement AS sql_text,"
        " action_order AS place"
        f" FROM information_schema.triggers WHERE trigger_schema IN ({listed}) ORDER BY 1, 2, 3",
    )
    return {"tables": tables, "triggers": triggers, "default": default}


def read_sqlite(connection: Any, _request: dict[str, Any]) -> dict[str, Any]:
    """Return what SQLite keeps of every statement that made something."""
    found = []
    for row in _rows(connection, "PRAGMA database_list"):
        name = str(row["name"])
        if name == "temp":
            continue
        quoted = '"' + name.replace('"', '""') + '"'
        found += [
            one | {"of": "" if name == "main" else name}
            for one in _rows(
                connection,
                f"SELECT type, name, tbl_name, sql FROM {quoted}.sqlite_master"  # noqa: S608  quoted above
                " WHERE sql IS NOT NULL ORDER BY type, name",
            )
        ]
    return {"made": found}


_READERS = {
    "postgresql": read_postgresql,
    "mysql": read_mysql,
    "mariadb": read_mysql,
    "sqlite": read_sqlite,
}
