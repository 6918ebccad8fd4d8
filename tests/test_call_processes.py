"""Each call of an agent runs in a process of its own: isolated, bounded in time, and alone."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

from footnotary import derived, state
from footnotary.cli.running import run_call
from footnotary.mcp_server.processes import Processes, serve_calls

pytestmark = pytest.mark.slow

# The process that makes children must be split off from one without threads, as pytest's is not.
SCRIPT = """
import os, signal, sys, time
from pathlib import Path
import anyio
from footnotary.cli.running import run_call
from footnotary.mcp_server.processes import serve_calls

STATE = []

def run(words, report):
    STATE.append(words)
    match words:
        case ["count"]:
            print(len(STATE), os.getcwd(), end="")
        case ["who"]:
            print(os.getpid(), end="")
        case ["progress"]:
            report(1, 2), report(2, 2)
        case ["hang"]:
            time.sleep(600)
        case ["stubborn"]:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            print(os.getpid(), flush=True)
            time.sleep(600)
        case ["crash"]:
            os.abort()
        case ["raise"]:
            raise RuntimeError
        case ["long"]:
            print("x" * 1_000_000, end="")
        case ["fail"]:
            print("why", file=sys.stderr, end="")
            return 2
    return 0

def has_ended(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True

async def work(calls):
    told = []
    async def report(done, whole):
        told.append((done, whole))
    first = await calls.call(["count"], 20)
    second = await calls.call(["count"], 20)
    assert (first.code, first.out) == (second.code, second.out) == (0, f"1 {Path.cwd().resolve()}")
    assert (await calls.call(["progress"], 20, report)).code == 0
    assert told == [(1, 2), (2, 2)]
    ended = await calls.call(["fail"], 20)
    assert (ended.code, ended.out, ended.err) == (2, "", "why")
    assert len((await calls.call(["long"], 20)).out) == 1_000_000
    assert (await calls.call(["crash"], 20)).code == 3
    assert (await calls.call(["raise"], 20)).code == 3
    began = time.monotonic()
    assert (await calls.call(["hang"], 0.3)).code == -1
    assert time.monotonic() - began < 4
    stubborn = await calls.call(["stubborn"], 0.3)
    assert stubborn.code == -1
    for _ in range(50):
        if has_ended(stubborn.out):
            break
        await anyio.sleep(0.1)
    assert has_ended(stubborn.out)
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(calls.call, ["count"], 20)
    assert (await calls.call(["count"], 20)).out.startswith("1 ")
    await read(calls, told, report)

async def read(calls, told, report):
    reader = (await calls.call(["who"], 20, reads=True)).out
    assert (await calls.call(["who"], 20, reads=True)).out == reader
    told.clear()
    assert (await calls.call(["progress"], 20, report, reads=True)).code == 0
    assert told == [(1, 2), (2, 2)]
    assert len((await calls.call(["long"], 20, reads=True)).out) == 1_000_000
    assert (await calls.call(["who"], 20)).out != reader
    for words, code in (["fail"], 2), (["raise"], 3), (["crash"], 3), (["hang"], -1):
        assert (await calls.call(["who"], 20, reads=True)).out == reader
        seconds = 0.3 if words == ["hang"] else 20
        assert (await calls.call(words, seconds, reads=True)).code == code
        assert reader != (reader := (await calls.call(["who"], 20, reads=True)).out)
    os.kill(int(reader), signal.SIGKILL)
    while not has_ended(reader):
        await anyio.sleep(0.01)
    assert (await calls.call(["who"], 20, reads=True)).code == 0
    served = [(await calls.call(["who"], 20, reads=True)).out for _ in range(120)]
    assert 3 <= len(set(served)) <= 4
    found = []
    async def add():
        found.append((await calls.call(["who"], 20, reads=True)).code)
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(add)
    assert found == [0] * 20

def prepare():
    print("not to be seen by a call")

if __name__ == "__main__":
    with serve_calls(Path.cwd(), prepare, run) as calls:
        anyio.run(work, calls)
    print("done")
"""


def test_calls_are_isolated_bounded_and_beside_each_other(tmp_path):
    """State, streams, crashes and hangs of one call are its own; one that takes long is ended.

    A call that only reads shares its process with others that do, until one of them fails.
    """
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def run_apart(*words):
    """Run a coroutine in a thread of its own: tests with a browser leave a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, *words).result()


def test_without_a_process_that_is_ready_python_is_started(tmp_path):
    """Where there is no fork, a call answers all the same, and a long one is ended."""

    async def work():
        calls = Processes(tmp_path)
        ended = await calls.call(["--version"], 60)
        assert ended.code == 0
        assert "footnotary" in ended.out
        assert (await calls.call(["--version"], 0.001)).code == -1

    run_apart(work)


def test_a_process_that_is_gone_is_done_without(tmp_path, monkeypatch):
    """A call is answered by a new Python when nobody takes it."""
    monkeypatch.delattr(os, "fork")
    with serve_calls(tmp_path, lambda: None, lambda words, report: 0) as calls:
        assert run_apart(calls.call, ["--version"], 60).code == 0


def test_a_command_does_not_believe_what_git_said_to_the_one_before(tmp_path):
    """What a pull brought between two commands of one process was put there by somebody else."""
    (tmp_path / ".footnotary").mkdir()
    kept = tmp_path / ".footnotary" / "derived.db"
    kept.write_text("")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert state.is_believed(kept, tmp_path)
    subprocess.run(["git", "-C", str(tmp_path), "add", "-f", "."], check=True)
    run_call(["--version"], lambda done, whole: None)
    assert not state.is_believed(kept, tmp_path)


def test_a_command_waits_for_a_lock_though_the_one_before_has_waited(tmp_path, monkeypatch):
    """That another command had the index says nothing of the next call in the same process."""
    locked = {tmp_path: time.monotonic()}
    monkeypatch.setattr(derived, "_LOCKED", locked)
    run_call(["--version"], lambda done, whole: None)
    assert locked == {}
