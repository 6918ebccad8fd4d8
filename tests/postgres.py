"""A real PostgreSQL from the system's packages, on a free loopback port, for one session."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def as_somebody(command):
    """A command as the user `postgres` where we are root: the server refuses root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def run(*command, **options):
    """Run a program of PostgreSQL; its output is only shown when it fails."""
    words = as_somebody([str(word) for word in command])
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", **options)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def postgres():
    """The URL of an empty server's database, without a driver; skips where there is no server."""
    if not FOLDERS:
        pytest.skip("PostgreSQL is not installed")
    programs = FOLDERS[0]
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    run(programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    run(programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql://tester:not-a-secret@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)
