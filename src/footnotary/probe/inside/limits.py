"""What imported code may not do: reach the network, start processes, write files."""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

_NETWORK = {
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
}
_PROCESSES = {
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "pty.spawn",
}
_CHANGES = {
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "shutil.rmtree",
    "shutil.move",
}
_SPECIAL_FILES = ("/dev/null", "/dev/tty", "/dev/shm", "/proc/self")  # noqa: S108  devices, not files


class Watch:
    """Denies and remembers side effects, from `start()` on.

    Attributes:
        denied: What was refused, once each, such as `write /srv/app/secret.key`.
    """

    def __init__(self, scratch: str) -> None:
        self.denied: list[str] = []
        self._scratch = os.path.realpath(scratch) + os.sep
        self._on = False

    def start(self) -> None:
        """Install the audit hook (PEP 578); it cannot be removed again."""
        sys.addaudithook(self._audit)
        self._on = True

    def stop(self) -> None:
        """Let everything through again: the answer must be written."""
        self._on = False

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._on:
            return
        if event == "open":
            self._opened(arguments)
        elif event in _NETWORK:
            if not _is_harmless(event, arguments):
                self._deny("network " + _address(event, arguments))
        elif event in _PROCESSES:
            if not _asks_version(event, arguments):
                self._deny("process " + _short(arguments[0] if arguments else event))
        elif event == "os.mkdir" and os.path.isdir(arguments[0]):
            return  # it fails by itself, and `exist_ok` expects that
        elif event in _CHANGES:
            path = arguments[1] if event == "os.rename" and len(arguments) > 1 else arguments[0]
            self._changed(path)

    def _opened(self, arguments: tuple[Any, ...]) -> None:
        path, mode, flags = (*arguments, None, None)[:3]
        writing = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        if isinstance(flags, int) and not isinstance(mode, str):
            writing = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
        if writing:
            self._changed(path)

    def _changed(self, path: Any) -> None:
        if isinstance(path, int):
            return
        try:
            name = os.path.realpath(os.fsdecode(path))
        except (TypeError, ValueError):
            return
        inside = (name + os.sep).startswith(self._scratch)
        if not inside and not name.startswith(_SPECIAL_FILES):
            self._deny("write " + name)

    def _deny(self, what: str) -> None:
        if what not in self.denied and len(self.denied) < 50:  # noqa: PLR2004  enough to read
            self.denied.append(what)
        raise PermissionError("footnotary does not let an imported project do this: " + what)


def confine(seconds: int, memory: int, processes: int) -> None:
    """Set resource limits on this process and its children.

    Args:
        seconds: CPU seconds.
        memory: Address space in bytes.
        processes: Processes of this user (a fork bomb stops there).
    """
    wanted = [(resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)]
    if sys.platform == "linux":
        wanted += [(resource.RLIMIT_AS, memory), (resource.RLIMIT_NPROC, processes)]
    for name, limit in wanted:
        _, hard = resource.getrlimit(name)
        ceiling = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(name, (ceiling, ceiling))


def _is_harmless(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether nothing leaves the machine: names of itself, and ports that nobody can know."""
    if event == "socket.bind":
        address = arguments[-1] if arguments else None
        return address == "" or (isinstance(address, tuple) and address[1:2] == (0,))
    if event in ("socket.getaddrinfo", "socket.gethostbyname") and arguments:
        return arguments[0] in (None, "", b"", "localhost", os.uname().nodename)
    return False


def _asks_version(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a process only says what the system is: `uname`, `file`, `x --version`."""
    if event not in ("subprocess.Popen", "os.posix_spawn") or len(arguments) < 2:  # noqa: PLR2004
        return False
    words = [os.fsdecode(one) for one in arguments[1] if isinstance(one, (str, bytes, os.PathLike))]
    if isinstance(arguments[1], (str, bytes)) or not words:
        return False
    program = os.path.basename(words[0])
    if program in ("uname", "file"):  # what `platform` asks
        return True
    return words[1:] in (["version"], ["--version"])


def _address(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the host (and port) that was wanted."""
    if not event.startswith("socket.get"):
        arguments = arguments[1:]
    first = arguments[0] if arguments else ""
    if isinstance(first, tuple) and len(first) > 1:
        return _short(first[0]) + ":" + str(first[1])
    port = arguments[1:2] if event == "socket.getaddrinfo" else ()
    return ":".join([_short(first), *(str(one) for one in port if one)])


def _short(value: Any) -> str:
    """Return a value on one line, without what might be secret in it."""
    if isinstance(value, tuple) and value:
        value = value[0]
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        value = os.fsdecode(value)
    return str(value).split("\n", 1)[0][:120]
