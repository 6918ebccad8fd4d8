"""What databases say of themselves, brought into one form, so that two can be compared."""

import contextlib
import json
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnotary.errors import ProjectError
from footnotary.probe.drift import Entry, stated_properties
from footnotary.probe.sqlite_catalog import sqlite_entries

_FOLDERS = (
    "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin", "/usr/local/pgsql/bin",
)  # fmt: skip
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
_LONGEST_START = 30.0
_NOBODY = ("postgres", "mysql", "nobody")
_ENVIRONMENT = {"PATH": _PATH, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Own:
    """A server of ours that runs.

    Attributes:
        url: Address without a host, as its owner.
        socket: Path of its socket.
    """

    url: str
    socket: str


def find_programs(flavour: str, version: tuple[int, ...]) -> Path | None:
    """Return the folder (or program) of an installed server of a kind; None without one.

    Args:
        flavour: `postgresql`, `mariadb` or `mysql`.
        version: Of the live server: of several PostgreSQLs, the one of the same major version.
    """
    if flavour == "mariadb":
        found = shutil.which("mariadbd", path=_PATH)
        return Path(found) if found and shutil.which("mariadb-install-db", path=_PATH) else None
    if flavour != "postgresql":
        return None
    folders = [one for pattern in _FOLDERS for one in Path("/").glob(pattern[1:])]
    if beside := shutil.which("initdb"):
        folders.append(Path(beside).resolve().parent)
    whole = [one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()]
    wanted = version[0] if version else 0
    return max(whole, key=lambda one: (_major(one) == wanted, _major(one)), default=None)


def _major(folder: Path) -> int:
    """Return the major version that a folder's path names; 0 where it names none."""
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


@contextlib.contextmanager
def running_server(flavour: str, programs: Path, settings: Mapping[str, str]) -> Iterator[Own]:
    """Start a server of our own, and end it.

    Args:
        flavour: `postgresql` or `mariadb`.
        programs: What `find_programs` returned.
        settings: Of the live server: PostgreSQL's extensions, with their schemas.

    Raises:
        ProjectError: It does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="footnotary-db-"))
    owner = _other_user()
    if owner:
        shutil.chown(folder, owner)
    start = _postgresql if flavour == "postgresql" else _mariadb
    try:
        make, command, own = start(programs, folder, owner)
        _run(make, folder, owner)
        if flavour == "postgresql":
            _prepare(command, folder, owner, settings)
        server = subprocess.Popen(  # noqa: S603  programs of the system
            command, cwd=folder, env=_ENVIRONMENT, user=owner, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            _wait(server, own.socket)
            yield own
        finally:
            server.kill()
            server.wait()
            with contextlib.suppress(OSError):
                os.killpg(server.pid, 9)
    except (OSError, subprocess.SubprocessError) as error:
        raise ProjectError(f"{programs} does not start: {error}.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> str | None:
    """Return whom a server runs as where we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return next((one for one in _NOBODY if one in names), None)


def _prepare(
    command: list[str], folder: Path, owner: str | None, extensions: Mapping[str, str]
) -> None:
    """Make a user without rights, a database of that user's, and the extensions in it.

    In single-user mode, where a line is a statement, and one that fails ends nothing.
    """
    alone = [command[0], "--single", *command[1:]]
    _run(
        [*alone, "postgres"],
        folder,
        owner,
        "CREATE ROLE models LOGIN\nCREATE DATABASE models OWNER models\n",
    )
    lines = []
    for name, schema in extensions.items():
        if "\n" not in name + schema:
            one, other = (text.replace('"', '""') for text in (name, schema))
            lines += [
                f'CREATE SCHEMA IF NOT EXISTS "{other}"',
                f'GRANT ALL ON SCHEMA "{other}" TO models',
                f'CREATE EXTENSION "{one}" SCHEMA "{other}" CASCADE',
            ]
    if lines:
        _run([*alone, "models"], folder, owner, "\n".join(lines) + "\n")


def _run(command: list[str], folder: Path, owner: str | None, told: str = "") -> None:
    done = subprocess.run(  # noqa: S603  programs of the system
        command, cwd=folder, env=_ENVIRONMENT, user=owner, input=told,
        capture_output=True, text=True, timeout=_LONGEST_START, check=False,
    )  # fmt: skip
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise OSError(said[0] if said else f"exit code {done.returncode}")


def _wait(server: subprocess.Popen[bytes], socket: str) -> None:
    until = time.monotonic() + _LONGEST_START
    while not Path(socket).exists():
        if server.poll() is not None or time.monotonic() > until:
            raise OSError("it ended" if server.poll() is not None else "it does not answer")
        time.sleep(0.02)


def _postgresql(
    programs: Path, folder: Path, _owner: str | None
) -> tuple[list[str], list[str], Own]:
    data = folder / "data"
    make = [str(programs / "initdb"), "-D", str(data), "-U", "owner", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync", "--no-instructions"]  # fmt: skip
    settings = (
        "listen_addresses=", f"unix_socket_directories={folder}", "unix_socket_permissions=0700",
        "fsync=off", "full_page_writes=off", "autovacuum=off",
        "max_locks_per_transaction=1024",
    )  # fmt: skip
    command = [str(programs / "postgres"), "-D", str(data)]
    command += [part for one in settings for part in ("-c", one)]
    return make, command, Own("postgresql://models@/models", f"{folder}/.s.PGSQL.5432")


def _mariadb(program: Path, folder: Path, owner: str | None) -> tuple[list[str], list[str], Own]:
    install = shutil.which("mariadb-install-db", path=_PATH) or ""
    own = ["--no-defaults", f"--datadir={folder}/data", f"--tmpdir={folder}"]
    make = [install, *own, "--skip-test-db", "--auth-root-authentication-method=normal"]
    make += [f"--user={owner}"] if owner else []
    command = [
        str(program), *own, "--skip-networking", "--skip-grant-tables", "--skip-log-bin",
        f"--socket={folder}/s", f"--pid-file={folder}/pid", f"--secure-file-priv={folder}",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M",
    ]  # fmt: skip
    return make, command, Own("mariadb://root@/information_schema", f"{folder}/s")


_RELATIONS = {
    "r": "table",
    "p": "table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
_CONSTRAINTS = {
    "p": "primary key", "u": "unique constraint", "f": "foreign key", "c": "check",
    "x": "exclusion constraint", "n": "not null",
}  # fmt: skip
_IDENTITY = {"a": "ALWAYS", "d": "BY DEFAULT"}
_GENERATED = {"s": "STORED", "v": "VIRTUAL"}
_USING = re.compile(r"\ACREATE (UNIQUE )?INDEX .*? ON (?:ONLY )?.*? (USING .*)\Z", re.DOTALL)


def postgresql_entries(
    catalog: Mapping[str, Any], default: str, renamed: Mapping[str, str]
) -> list[Entry]:
    """Return everything in PostgreSQL's catalogs as entries."""
    kept = {kind: [row for row in found if row["of"] in renamed] for kind, found in catalog.items()}
    rows = json.dumps(kept)
    for name, real in sorted(renamed.items(), key=lambda one: -len(one[0])):
        if name != real:  # a name of our own, with random letters, that nothing else is called
            rows = rows.replace(name, real)
    return _entries(json.loads(rows), default)


def _entries(catalog: Mapping[str, Any], default: str) -> list[Entry]:
    def full(row: Mapping[str, Any], name: str) -> str:
        return str(row[name]) if row["of"] == default else f"{row['of']}.{row[name]}"

    found = [
        Entry(full(row, "name"), _RELATIONS[row["kind"]], "", stated_properties(
            row, "definition", "persistence", "options", "partitioned", "bound", "parents",
            "row_security", "tablespace", "populated", "replica_identity", "access_method",
            "server", "toast_options", "of_type", "foreign_keys", "comment"))
        for row in catalog["relations"] if not row["partition"]
    ]  # fmt: skip
    found += [Entry(full(row, "tbl"), "column", row["name"], _column(row))
              for row in catalog["columns"]]  # fmt: skip
    for row in catalog["constraints"]:
        index = _USING.search(row["index"] or "")
        about = stated_properties(row, "definition", "state", "comment") | (
            {"index": index[2]} if index else {}
        )
        found.append(Entry(full(row, "tbl"), _CONSTRAINTS[row["kind"]], row["name"], about))
    for row in catalog["indexes"]:
        made = _USING.search(row["definition"])
        kind = "unique index" if made and made[1] else "index"
        about = {"definition": made[2] if made else row["definition"]}
        about |= stated_properties(row, "state", "comment")
        found.append(Entry(full(row, "tbl"), kind, row["name"], about))
    found += [
        Entry(
            full(row, "tbl"),
            row["kind"],
            row["name"],
            stated_properties(row, "definition", "comment"),
        )
        for row in catalog["triggers"]
    ]
    found += [
        Entry(
            full(row, "name"),
            row["kind"] if row["kind"] == "collation" else f"{row['kind']} type",
            "",
            stated_properties(row, "definition", "comment"),
        )
        for row in catalog["types"]
    ]
    found += [
        Entry(
            full(row, "name"),
            "sequence",
            "",
            stated_properties(row, "definition", "owned", "persistence", "comment"),
        )
        for row in catalog["sequences"]
    ]
    return found


def _column(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the properties of a column; a generated one has an expression, no default."""
    about = stated_properties(row, "type", "null")
    if generated := _GENERATED.get(row["generated"] or ""):
        about["generated"] = f"{row['value']} {generated}"
    elif row["value"]:
        about["default"] = row["value"]
    if identity := _IDENTITY.get(row["identity"] or ""):
        about["identity"] = f"{identity} {row['numbers'] or ''}".rstrip()
    return about | stated_properties(
        row, "collation", "storage", "compression", "statistics", "options", "comment"
    )


_NAME = r"`((?:[^`]|``)*)`"
_COLUMN = re.compile(rf"\A{_NAME} (.*)\Z", re.DOTALL)
_KEY = re.compile(rf"\A((?:UNIQUE |FULLTEXT |SPATIAL |VECTOR )?KEY) {_NAME} (.*)\Z", re.DOTALL)
_CONSTRAINT = re.compile(rf"\ACONSTRAINT {_NAME} (FOREIGN KEY|CHECK) ?(.*)\Z", re.DOTALL)
_OPTION = re.compile(r"((?:DEFAULT )?[A-Z_]+)=('(?:[^'\\]|''|\\.)*'|\S+)")
_VIEW = re.compile(
    r"\ACREATE (?:ALGORITHM=(?:UNDEFINED|(?P<algorithm>\w+)) )?.*?"
    r"(?:SQL SECURITY (?:DEFINER|(?P<security>\w+)) )?VIEW .*? AS (?=select|with|\()",
    re.DOTALL | re.IGNORECASE,
)
_KINDS = {"UNIQUE KEY": "unique", "KEY": "index"}


def mysql_entries(
    catalog: Mapping[str, Any], default: str, renamed: Mapping[str, str]
) -> list[Entry]:
    """Return everything that MySQL or MariaDB shows as entries.

    Args:
        catalog: `tables` with the statement of each, `triggers`, and `default`, the database.
        default: What the default database is called on the live side.
        renamed: By the name that a database has here, its real one.
    """
    here = str(catalog["default"])
    names = {**renamed, here: default}
    found = []
    for row in catalog["tables"]:
        of = names.get(row["of"], row["of"])
        table = row["name"] if of == default else f"{of}.{row['name']}"
        sql = _within(row["sql"], row["of"], names)
        if row["kind"] == "VIEW":
            how = _VIEW.match(sql)
            about = stated_properties(how.groupdict(), "algorithm", "security") if how else {}
            found.append(Entry(table, "view", "", {"definition": _VIEW.sub("", sql)} | about))
        elif row["kind"] == "SEQUENCE":
            found.append(Entry(table, "sequence", "", {"definition": sql.partition("` ")[2]}))
        else:
            found += _table(table, sql)
    for row in catalog["triggers"]:
        of = names.get(row["of"], row["of"])
        table = row["tbl"] if of == default else f"{of}.{row['tbl']}"
        about = {"definition": f"{row['timing']} {row['event']} {row['sql_text']}"}
        about |= {"runs as": f"number {row['place']}"} if row["place"] > 1 else {}
        found.append(Entry(table, "trigger", row["name"], about))
    return found


def _within(sql: str, here: str, names: Mapping[str, str]) -> str:
    """Return a statement without the name of its own database, others by their real names."""
    text = sql.replace(f"`{here}`.", "")
    for name, real in names.items():
        text = text.replace(f"`{name}`.", f"`{real}`.")
    return text


def _table(table: str, sql: str) -> Iterator[Entry]:
    """Yield a table, its columns, keys and constraints: each is a line."""
    lines = sql.split("\n")
    end = next((at for at, line in enumerate(lines) if at and line.startswith(")")), len(lines))
    rest = re.sub(r" AUTO_INCREMENT=\d+", "", " ".join(lines[end:]).removeprefix(")").strip())
    about = {name.lower(): value for name, value in _OPTION.findall(rest)}
    if other := _OPTION.sub("", rest).strip():
        about["more"] = " ".join(other.split())
    yield Entry(table, "table", "", about)
    for line in lines[1:end]:
        yield _part(table, line.strip().removesuffix(","))


def _part(table: str, line: str) -> Entry:
    if found := _COLUMN.match(line):
        return Entry(table, "column", _plain(found[1]), {"definition": found[2]})
    if line.startswith("PRIMARY KEY"):
        return Entry(table, "primary key", "", {"definition": line.removeprefix("PRIMARY KEY ")})
    if found := _KEY.match(line):
        kind = _KINDS.get(found[1], f"{found[1].removesuffix('KEY').lower()}index")
        return Entry(table, kind, _plain(found[2]), {"definition": found[3]})
    if found := _CONSTRAINT.match(line):
        return Entry(table, found[2].lower(), _plain(found[1]), {"definition": found[3]})
    return Entry(table, "part", "", {"definition": line})


def _plain(name: str) -> str:
    return name.replace("``", "`")


__all__ = ["Entry", "mysql_entries", "postgresql_entries", "sqlite_entries"]
