"""What imported code may not do: reach the network, start programs, signal others, write outside.

Two kinds of guard: an audit hook (PEP 578) hears of most that changes something; what raises no
audit event, or tells it too little, is judged by `guards`, which asks `Watch.judge` the same.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable, Collection
from typing import Any

from . import paths

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
# By event, each path that it changes: where the argument is, where that of its folder's descriptor
# is (-1: there is none), and whether a link is followed.
_CHANGES = {
    "os.chflags": ((0, -1, True),),
    "os.chmod": ((0, 2, True),),
    "os.chown": ((0, 3, True),),
    "os.link": ((0, 2, True), (1, 3, False)),
    "os.mkdir": ((0, 2, False),),
    "os.mkfifo": ((0, 2, False),),
    "os.mknod": ((0, 2, False),),
    "os.open": ((0, 2, True),),
    "os.remove": ((0, 1, False),),
    "os.removexattr": ((0, -1, True),),
    "os.rename": ((0, 2, False), (1, 3, False)),
    "os.rmdir": ((0, 1, False),),
    "os.setxattr": ((0, -1, True),),
    "os.symlink": ((1, 2, False),),
    "os.truncate": ((0, -1, True),),
    "os.utime": ((0, 3, True),),
    "dbm.open": ((0, -1, True),),
}
# These are made of the above; only what they begin on is told sooner.
_WHOLE = {"shutil.rmtree": (0,), "shutil.move": (0, 1)}
_DENIED = {
    "os.chroot": "other root",
    "socket.sethostname": "other host name",
    "time.clock_settime": "other time",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx")
_OPEN_FOLDERS = ("/dev/shm", "/dev/pts", "/proc/self")  # noqa: S108  devices, not files
_MOST = 50  # enough to read
# To tell in that memory, or open files, ran out.
_SPARE, _SPARE_FILES = 256 * 2**20, 64


class Watch:
    """Denies and remembers side effects, from `start()` on; it cannot be stopped again.

    Attributes:
        denied: What was refused, once each, such as `write /srv/app/secret.key`.
        read_only: Databases that were opened, but not for writing.
        seen: Tells the path behind which the import finds a name.
    """

    def __init__(self, root: str, writable: Collection[str], *, import_only: bool = False) -> None:
        """Watch an import."""
        self.denied: list[str] = []
        self.read_only: list[str] = []
        self.seen: Callable[[str], str] = str
        self._root = paths.resolve(root)
        self._writable = [paths.resolve(one) for one in writable]
        self._own = f"/proc/{os.getpid()}"
        self._installed = _installed() if import_only else []
        self._import_only = import_only
        self._judges: dict[str, Callable[[str, Any], None]] = dict.fromkeys(_CHANGES, self._changed)
        self._judges |= dict.fromkeys(_WHOLE, self._begun)
        self._judges |= dict.fromkeys(_PROCESSES, self._started)
        self._judges |= dict.fromkeys(_DENIED, self._refused)
        self._judges |= {
            "open": self._opened,
            "os.kill": self._signalled,
            "os.killpg": self._signalled_group,
            "resource.prlimit": self._limited,
            "signal.pidfd_send_signal": self._signalled_group,
            "sqlite3.connect": self._connected,
        }
        if import_only:
            self._judges |= {"exec": self._executed, "import": self._loaded}
        else:
            self._judges |= dict.fromkeys(_NETWORK, self._reached)

    def start(self) -> None:
        """Install the audit hook."""
        sys.addaudithook(self.judge)

    def judge(self, event: str, arguments: Any) -> None:
        """Refuse an act that an import may not do.

        Raises:
            PermissionError: It may not.
        """
        judge = self._judges.get(event)
        if judge is not None:
            judge(event, arguments)

    def may_write(self, path: str) -> bool:
        """Tell whether a path, absolute and without links, may be written to."""
        open_folders = (*_OPEN_FOLDERS, self._own, *self._writable)
        return path in _DEVICES or any(paths.is_below(path, one) for one in open_folders)

    def _opened(self, _event: str, arguments: Any) -> None:
        path, mode, flags = (*arguments, None, None)[:3]
        if isinstance(mode, str):
            writing = any(letter in mode for letter in "wax+")
        else:
            writing = isinstance(flags, int) and bool(flags & _WRITING)
        if writing and not isinstance(path, int):
            self._written(path)

    def _changed(self, event: str, arguments: Any) -> None:
        if event == "os.mkdir" and paths.is_directory(self._named(arguments[0], *arguments[2:3])):
            return  # it fails by itself, and `exist_ok` expects that
        if event == "os.truncate" and isinstance(arguments[0], int):
            return  # it was opened for writing before
        if event == "os.open" and not arguments[1] & _WRITING:
            return
        for at, folder, follow in _CHANGES[event]:
            beside = arguments[folder] if 0 <= folder < len(arguments) else None
            self._written(arguments[at], beside, follow=follow)

    def _begun(self, event: str, arguments: Any) -> None:
        for at in _WHOLE[event]:
            path = self._named(arguments[at])
            if path and not paths.is_below(path, self._root):
                self._written(arguments[at])

    def _written(self, path: Any, folder: Any = None, *, follow: bool = True) -> None:
        name = self._named(path, folder, follow=follow)
        if name and not self.may_write(name):
            self.deny("write " + name)

    def _named(self, path: Any, folder: Any = None, *, follow: bool = True) -> str:
        """Return the absolute path of an argument; an empty one where it is no path."""
        try:
            told = paths.name_path(path, folder)
        except (TypeError, ValueError):
            return ""
        if not told:
            return ""
        # the last part of `a/..` and `a/.` is no name that could be taken away
        return paths.resolve(told, follow=follow or told.rpartition("/")[2] in ("", ".", ".."))

    def _connected(self, _event: str, arguments: Any) -> None:
        for path in paths.written_files(arguments[0]):
            name = paths.resolve(path)
            if not self.may_write(name) and not (self._import_only and paths.is_regular_file(name)):
                self.deny("write " + name)

    def _reached(self, event: str, arguments: Any) -> None:
        if not _is_harmless(event, arguments):
            self.deny("network " + _address(event, arguments))

    def _started(self, event: str, arguments: Any) -> None:
        if event == "subprocess.Popen":
            program, words, folder, environment = arguments
        elif event == "os.posix_spawn":
            (program, words, environment), folder = arguments, None
        else:
            self.deny("process " + _short(arguments[0] if arguments else event))
            return
        if not paths.may_start(
            program, words, environment, folder, root=self._root, seen=self.seen
        ):
            self.deny("process " + _short(program))

    def _signalled(self, event: str, arguments: Any) -> None:
        if arguments[0] != os.getpid():
            self._signalled_group(event, arguments)

    def _signalled_group(self, _event: str, arguments: Any) -> None:
        if arguments[1] == 0:
            return  # which asks whether a process is there
        try:
            name = signal.Signals(arguments[1]).name
        except ValueError:
            name = str(arguments[1])
        self.deny("signal " + name)

    def _limited(self, _event: str, arguments: Any) -> None:
        if arguments[0] not in (0, os.getpid()) and arguments[2] is not None:
            self.deny("limit of another process")

    def _refused(self, event: str, _arguments: Any) -> None:
        self.deny(_DENIED[event])

    def _executed(self, _event: str, arguments: Any) -> None:
        self._from_project(getattr(arguments[0], "co_filename", ""))

    def _loaded(self, _event: str, arguments: Any) -> None:
        self._from_project(arguments[1] or "")

    def _from_project(self, file: str) -> None:
        """Refuse code of the project; the environment that lies in its folder is not its code."""
        name = paths.resolve(file) if file.startswith("/") else ""
        if paths.is_below(name, self._root) and not any(
            paths.is_below(name, one) for one in self._installed
        ):
            self.deny("import " + name)

    def deny(self, what: str) -> None:
        """Refuse, and remember it."""
        if what not in self.denied and len(self.denied) < _MOST:
            self.denied.append(what)
        raise PermissionError("footnotary does not let an imported project do this: " + what)

    def note_read_only(self, path: str) -> None:
        """Remember a database of somebody else's."""
        if path not in self.read_only and len(self.read_only) < _MOST:
            self.read_only.append(path)


def _installed() -> list[str]:
    """Return the folders of Python's library and of what is installed beside it."""
    import sysconfig

    library = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    beside = [one for one in sys.path if one.endswith("-packages")]
    ours = __file__.rpartition("/")[0]
    return [paths.resolve(one) for one in (*library, *beside, ours) if one]


def confine(seconds: int, memory: int, space: int, disk: int, processes: int) -> None:
    """Set resource limits on this process and its children."""
    wanted = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, disk),
    ]
    if sys.platform == "linux":
        wanted += [
            (resource.RLIMIT_DATA, memory),
            (resource.RLIMIT_AS, space),
            (resource.RLIMIT_NPROC, processes),
        ]
        _offer_to_end()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, hard - _SPARE_FILES), hard))
    for name, limit in wanted:
        _, hard = resource.getrlimit(name)
        ceiling = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        spare = _SPARE if name == resource.RLIMIT_DATA and hard == resource.RLIM_INFINITY else 0
        resource.setrlimit(name, (ceiling, ceiling + spare))


def _offer_to_end() -> None:
    """Be the process that Linux ends first where memory runs out (man 5 proc)."""
    try:
        with open("/proc/self/oom_score_adj", "w") as stream:
            stream.write("1000")
    except OSError:
        pass


def _is_harmless(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether nothing leaves the machine: names of itself, and ports that nobody can know."""
    if event == "socket.bind":
        address = arguments[-1] if arguments else None
        return address == "" or (isinstance(address, tuple) and address[1:2] == (0,))
    if event in ("socket.getaddrinfo", "socket.gethostbyname") and arguments:
        return arguments[0] in (None, "", b"", "localhost", os.uname().nodename)
    return False


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
