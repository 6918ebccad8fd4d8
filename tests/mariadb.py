"""A real MariaDB from the system's packages, on a free loopback port, for one session."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

SERVER = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SETUP = shutil.which("mariadb-install-db")


def answers(port):
    """Whether something listens on a port."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def mariadb():
    """The URL of an empty database, without a driver; skips where there is no server."""
    if not (SERVER and SETUP):
        pytest.skip("MariaDB is not installed")
    folder = Path(tempfile.mkdtemp(prefix="my"))
    owner = ["--user=mysql"] if os.geteuid() == 0 else []
    if owner:
        shutil.chown(folder, "mysql", "mysql")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = f"--datadir={folder}/data"
    scratch = f"--tmpdir={folder}"  # two servers that share one take away each other's tables
    done = subprocess.run([SETUP, "--no-defaults", data, scratch, "--skip-test-db", *owner],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    log = folder / "log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [SERVER, "--no-defaults", data, scratch, *owner, f"--port={port}",
             "--bind-address=127.0.0.1", f"--socket={folder}/s", f"--pid-file={folder}/pid",
             "--skip-grant-tables", "--innodb-flush-log-at-trx-commit=0",
             "--innodb-buffer-pool-size=32M"],
            stdout=stream, stderr=stream,
        )  # fmt: skip
    try:
        until = time.monotonic() + 30
        while not answers(port):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield f"mysql://tester:not-a-secret@127.0.0.1:{port}/mysql"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
