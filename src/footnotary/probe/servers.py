"""A database server of our own, empty, for as long as the models' tables are in it.

It listens on a socket in a folder that nobody else may enter, and nowhere else. What it executes
comes from the project: with PostgreSQL, as a user who may do nothing but that.
"""

import contextlib
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

from footnotary.errors import ProjectError

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
