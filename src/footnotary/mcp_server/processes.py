"""Calls of commands, each in a process of its own: nothing of one reaches the next.

Where there is `fork`, a process is split off before anything else runs. It imports what commands
need and keeps one child ready, which serves one call and ends; it serves none itself. A call that
only reads and was answered leaves its child to the next such call. Elsewhere, and when that process
is gone, a call starts Python anew. Whoever gives up on a call ends its whole process group, and
when the server ends, so do all calls.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

import anyio
import anyio.abc

Report = Callable[[int, int], None]
"""Is told of progress: how much is done, and of how much."""

_Run = Callable[[Sequence[str], Report], int]
"""Runs a command, given its words, and returns its exit code."""

MOST_AT_ONCE = 8
_CRASHED = 3
_LONGEST_ANSWER = 64_000_000  # bytes
_TAKEN, _DONE = b"t", b"d"
_GRACE = 5.0  # seconds in which a call that is interrupted ends by itself
_PAUSE = 0.2  # seconds before another child is made where one ended before it took a call
_MOST_READINGS = 50  # calls that one child serves
_MOST_READY = 2  # children that wait for another call that reads
_ANSWERS = (0, 1)  # exit codes of a command that did what it was asked to


@dataclass(frozen=True)
class Ended:
    """How a call ended.

    Attributes:
        code: Its exit code; -1 where it took too long and was ended.
        out: What it printed.
        err: Its messages.
    """

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class _Child:
    """A process that serves calls, as the server knows it.

    Attributes:
        line: Leads to it.
        number: Its process number; 0 while it has not told it, and once it has ended.
    """

    line: socket.socket
    number: int = 0


class Processes:
    """The processes that serve calls of one project.

    Args:
        folder: The project's folder; calls run in it.
        control: Where the process that makes children takes calls; None without one.
    """

    def __init__(self, folder: Path, control: socket.socket | None = None) -> None:
        self._folder = folder
        self._control = control
        self._limit: anyio.CapacityLimiter | None = None
        self._ready: list[_Child] = []

    def close(self) -> None:
        """End the children that wait for calls."""
        while self._ready:
            self._ready.pop().line.close()

    async def call(
        self,
        words: Sequence[str],
        seconds: float,
        report: Callable[[int, int], Awaitable[None]] | None = None,
        *,
        reads: bool = False,
    ) -> Ended:
        """Run a command to its end; a call that is cancelled or takes too long is ended.

        Args:
            words: Words after `footnotary`.
            seconds: How long it may take.
            report: Is told of its progress.
            reads: It leaves nothing behind in its process, which may serve another such call.
        """
        self._limit = self._limit or anyio.CapacityLimiter(MOST_AT_ONCE)
        async with self._limit:
            with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
                code = -1
                with anyio.move_on_after(seconds):
                    child = self._send(words, out, err, reads=reads)
                    if child is None:
                        code = await self._start(words, out, err)
                    else:
                        code = await self._follow(child, report)
                return Ended(code, _text(out), _text(err))

    def _send(
        self, words: Sequence[str], out: IO[bytes], err: IO[bytes], *, reads: bool
    ) -> _Child | None:
        """Give a call to a child and return that; None where there is none."""
        asked = {"words": words, "folder": str(self._folder), "reads": reads}
        with tempfile.TemporaryFile() as request:
            request.write(json.dumps(asked).encode())
            request.flush()
            handles = [request.fileno(), out.fileno(), err.fileno()]
            while reads and self._ready:
                child = self._ready.pop()
                try:
                    socket.send_fds(child.line, [b"c"], handles)
                except OSError:  # it was ended meanwhile
                    child.line.close()
                else:
                    return child
            if self._control is None:
                return None
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    socket.send_fds(self._control, [b"c"], [theirs.fileno(), *handles])
                except OSError:  # the process that makes children is gone
                    self._control = None
                    ours.close()
                    return None
            ours.settimeout(0)
            return _Child(ours)

    async def _follow(
        self, child: _Child, report: Callable[[int, int], Awaitable[None]] | None
    ) -> int:
        """Wait for the end of a call that a child serves, and return its exit code."""
        said, code, is_ready = b"", _CRASHED, False
        try:
            while not is_ready and (received := await _received(child.line)):
                *lines, said = (said + received).split(b"\n")
                for line in lines:
                    match line.split():
                        case [b"child", number]:
                            child = _Child(child.line, int(number))
                        case [b"code", number, *rest]:
                            code, is_ready = int(number), bool(rest)
                        case [b"progress", done, whole] if report is not None:
                            await report(int(done), int(whole))
            if is_ready and len(self._ready) < _MOST_READY:
                self._ready.append(child)
                return code
            child = _Child(child.line)  # it has ended or will: the number may be another's by now
        finally:
            if child not in self._ready:
                if child.number:
                    await _end_call(child)
                child.line.close()
        return code

    async def _start(self, words: Sequence[str], out: IO[bytes], err: IO[bytes]) -> int:
        """Run a command in a new Python and return its exit code."""
        command = [sys.executable, "-m", "footnotary", *words]
        child = await anyio.open_process(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=self._folder,
            start_new_session=True,
        )
        try:
            return await child.wait()
        finally:
            with anyio.CancelScope(shield=True):
                await _end_child(child)


async def _end_child(child: anyio.abc.Process) -> None:
    """Interrupt a new Python that still runs, and end it if that takes long."""
    for number in (signal.SIGINT, signal.SIGKILL):
        if child.returncode is None:
            _signal_group(child.pid, number)
            with anyio.move_on_after(_GRACE):
                await child.wait()
    await child.aclose()


async def _received(call: socket.socket) -> bytes:
    """Return what comes next; nothing at the end."""
    await anyio.wait_readable(call)
    try:
        return call.recv(65_536)
    except ConnectionError:
        return b""


async def _end_call(child: _Child) -> None:
    """Interrupt a call, which ends what it started in its turn, and end it if that takes long."""
    _signal_group(child.number, signal.SIGINT)
    with anyio.move_on_after(_GRACE, shield=True):
        while await _received(child.line):
            pass
        return
    _signal_group(child.number, signal.SIGKILL)


def _signal_group(child: int, number: signal.Signals) -> None:
    """Send a signal to a process and those of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, number)


def _text(file: IO[bytes]) -> str:
    """Return what a command wrote."""
    file.seek(0)
    return file.read(_LONGEST_ANSWER).decode("utf-8", "replace").strip()


@contextlib.contextmanager
def serve_calls(folder: Path, prepare: Callable[[], None], run: _Run) -> Iterator[Processes]:
    """Split off the process that makes children; it ends with the block.

    Nothing may run beside: no thread is copied by a fork.

    Args:
        folder: The project's folder.
        prepare: Imports what commands need.
        run: Runs a command.
    """
    if not hasattr(os, "fork"):
        yield Processes(folder)
        return
    ours, theirs = socket.socketpair()
    server = os.fork()
    if not server:
        ours.close()
        _serve(theirs, prepare, run)
    theirs.close()
    processes = Processes(folder, ours)
    try:
        yield processes
    finally:
        processes.close()
        ours.close()
        os.waitpid(server, 0)


def _serve(control: socket.socket, prepare: Callable[[], None], run: _Run) -> NoReturn:
    """Keep a child ready until the server is gone; then end those that still run."""
    children: set[int] = set()
    try:
        os.setsid()  # an interruption at the terminal is the server's to deal with
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        prepare()
        _flush()
        gc.collect()
        gc.freeze()  # what is there already is neither traversed nor copied
        while True:
            child, said = _serve_next(control, run)
            children = {one for one in (*children, child) if os.waitpid(one, os.WNOHANG) == (0, 0)}
            if said == _DONE:
                break
            if said != _TAKEN:
                time.sleep(_PAUSE)
    finally:
        _end_all(children)
        os._exit(0)


def _end_all(children: set[int]) -> None:
    """Interrupt children, and end those that do not end soon."""
    for child in children:
        _signal_group(child, signal.SIGINT)
    until = time.monotonic() + _GRACE
    while children and time.monotonic() < until:
        children = {one for one in children if os.waitpid(one, os.WNOHANG) == (0, 0)}
        time.sleep(_PAUSE / 10)
    for child in children:
        _signal_group(child, signal.SIGKILL)


def _flush() -> None:
    """Write out what was printed: a child would print it once more."""
    for printed in (sys.stdout, sys.stderr):
        printed.flush()


def _serve_next(control: socket.socket, run: _Run) -> tuple[int, bytes]:
    """Make a child and return its number when it has taken a call, or why it has not."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _serve_call(control, writing, run)
    os.close(writing)
    said = os.read(reading, 1)
    os.close(reading)
    return child, said


def _serve_call(control: socket.socket, taken: int, run: _Run) -> NoReturn:
    """Wait for a call, run it, and end without the cleaning up that a process does at its end."""
    code = _CRASHED
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        received, handles, _, _ = socket.recv_fds(control, 1, 4)
        os.write(taken, _TAKEN if received else _DONE)
        os.close(taken)
        if not received:
            os._exit(0)
        control.close()
        call = socket.socket(fileno=handles[0])
        call.sendall(b"child %d\n" % os.getpid())
        code = _serve_readings(call, handles[1:], run)
    finally:
        os._exit(code)


def _serve_readings(call: socket.socket, handles: list[int], run: _Run) -> int:
    """Run a call, and those that follow on one that only read; return the last exit code."""

    def report(done: int, whole: int) -> None:
        call.sendall(b"progress %d %d\n" % (done, whole))

    code = _CRASHED
    for left in reversed(range(_MOST_READINGS)):
        with open(handles[0], "rb") as file:  # noqa: PTH123  a handle, no path
            file.seek(0)
            request = json.loads(file.read())
        for stream, handle in ((1, handles[1]), (2, handles[2])):
            os.dup2(handle, stream)
            os.close(handle)
        os.chdir(request["folder"])
        code = run(request["words"], report)
        _flush()
        if not (left and request["reads"] and code in _ANSWERS):
            break
        call.sendall(b"code %d ready\n" % code)
        received, handles, _, _ = socket.recv_fds(call, 1, 3)
        if not received:
            return code
    call.sendall(b"code %d\n" % code)
    return code
