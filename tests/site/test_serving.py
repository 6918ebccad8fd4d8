"""Serving ends with its engine and frees its port; a port in use is one sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing

import pytest

from footnotary.cli.running import exit_code
from footnotary.project import Project
from footnotary.publishing.initialising import initialise

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
# Signals that a shell has the tests ignore (`&`, `nohup`) are not ignored by what they start.
INTERRUPTED = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    " signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
)
COMMAND = "import runpy; runpy.run_module('footnotary', run_name='__main__', alter_sys=True)"
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(1, flush=True)
time.sleep(60)
"""
RUN = """
import sys
from pathlib import Path
from footnotary.publishing import serving
serving.GRACE = 0.5
try:
    print(serving.run_until_ended([sys.executable, "-c", sys.argv[1]], Path("."), {}))
except KeyboardInterrupt:
    print("told")
"""


@pytest.fixture
def small(tmp_path):
    """A project of one page, which every engine has built at once."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    initialise(Project(tmp_path))
    return tmp_path


def a_port():
    """A port that is free now."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def listening():
    """Return a socket that has a port."""
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen()
    return one


def started(code, *words, **options):
    """Start a program that every signal reaches, even where the tests run in the background."""
    return subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED + code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def answers(port):
    """Wait until somebody serves at a port; return whether anybody does within a minute."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20):
                return True
        except OSError:
            time.sleep(0.25)
    return False


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "number"),
    [
        ("mkdocs", signal.SIGTERM),
        ("mkdocs", signal.SIGINT),
        ("mkdocs", signal.SIGHUP),
        ("properdocs", signal.SIGTERM),
        ("zensical", signal.SIGTERM),
    ],
)
def test_a_signal_ends_the_engine_too(small, engine, number):
    """Whoever ends `site serve`, and it alone, finds the port free and no process left."""
    pytest.importorskip(engine)
    port = a_port()
    words = ["site", "serve", "--port", str(port), "--engine", engine]
    server = started(COMMAND, *words, cwd=small)
    try:
        assert answers(port)
        server.send_signal(number)
        said, _ = server.communicate(timeout=30)
        assert server.returncode == 130, said
        assert "Traceback" not in said
        with closing(socket.socket()) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", port))
    finally:
        server.kill()


@pytest.mark.slow
def test_an_engine_that_will_not_end_is_killed():
    """After a while it gets the signal that nothing can ignore."""
    server = started(RUN, STUBBORN)
    assert server.stdout.readline().strip() == "1"
    server.send_signal(signal.SIGTERM)
    assert server.communicate(timeout=20)[0].strip() == "told"


@pytest.mark.slow
def test_an_engine_that_ends_by_itself_gives_its_exit_code():
    """What it failed with is passed on."""
    server = started(RUN, "raise SystemExit(7)")
    assert server.communicate(timeout=20)[0].strip() == "7"


def test_a_port_in_use_is_one_sentence_and_another_is_named(tmp_path, capsys):
    """Exit 2 before anything is built, and the option that chooses another."""
    with closing(listening()) as other:
        port = other.getsockname()[1]
        words = ["site", "serve", "--root", str(tmp_path), "--address", f"127.0.0.1:{port}"]
        assert exit_code("footnotary", words) == 2
    said = capsys.readouterr().err
    assert said.splitlines()[0] == f"error: Port {port} of 127.0.0.1 is in use."
    assert f"--port {port + 1}" in said
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("nowhere", "Invalid address 'nowhere'."),
        ("127.0.0.1:", "Invalid address '127.0.0.1:'."),
        ("127.0.0.1:x", "Invalid address '127.0.0.1:x'."),
        ("127.0.0.1:65536", "Invalid address '127.0.0.1:65536'."),
        ("192.0.2.1:8001", "192.0.2.1 is not an address of this machine."),
    ],
)
def test_what_is_no_address_is_one_sentence(tmp_path, capsys, address, sentence):
    """Exit 2, and how an address is written."""
    words = ["site", "serve", "--root", str(tmp_path), "--address", address]
    assert exit_code("footnotary", words) == 2
    assert capsys.readouterr().err.splitlines()[0] == f"error: {sentence}"
