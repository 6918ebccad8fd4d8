"""Serving: the engine as a child that ends when we do, and the files that are edited meanwhile."""

import errno
import queue
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from footnotary.errors import SiteError, UsageError

GRACE = 5.0  # seconds that an engine has to end by itself
_LAST_PORT = 65535
# SIGHUP is none of Windows'; what a shell or `nohup` has us ignore stays ignored.
_ENDINGS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
TOGETHER = 0.005  # seconds: an editor's save is several events
QUIET = 1.0  # seconds without a change, then everything that depends on it is made anew
_CHANGES = frozenset(("created", "modified", "moved", "deleted", "closed"))


def free_address(address: str, port: int | None = None) -> str:
    """Return an address to serve at, which nobody serves at yet.

    Raises:
        UsageError: It is no address.
        SiteError: Another program has the port, or the host is not this machine.
    """
    host, _, written = address.rpartition(":")
    number = port if port is not None else int(written) if written.isdecimal() else 0
    if not host or not 0 < number <= _LAST_PORT:
        raise UsageError(
            f"Invalid address {address if port is None else f'{host}:{port}'!r}.",
            hint="Write it as HOST:PORT, such as 127.0.0.1:8001.",
        )
    _try(host.strip("[]"), number)
    return f"{host}:{number}"


def _try(host: str, port: int) -> None:
    """Take a port as an engine will, and give it back."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, place in found[:1]:
            with socket.socket(family, kind, protocol) as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SiteError(
                f"Port {port} of {host} is in use.",
                hint=f"Choose another: `footnotary site serve --port {port % _LAST_PORT + 1}`.",
            ) from None
        if error.errno == errno.EACCES:
            raise SiteError(
                f"Port {port} may not be used without more rights.",
                hint="Choose one above 1023 with --port.",
            ) from None
        raise SiteError(
            f"{host} is not an address of this machine.", hint="127.0.0.1 always is."
        ) from None


def run_until_ended(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run a server until it ends, or until we are told to: then it ends first.

    Raises:
        KeyboardInterrupt: We were told to end (SIGINT, SIGTERM, SIGHUP).
    """
    ending = _Ending()
    with _told(ending.begin):
        child = subprocess.Popen(words, cwd=folder, env=dict(environment))  # noqa: S603  our own
        ending.follow(child)
        code = child.wait()
    ending.done()
    if ending.told:
        raise KeyboardInterrupt
    return code


class _Ending:
    """Ends a child when told to, which may be before there is one."""

    def __init__(self) -> None:
        self.told = False
        self._child: subprocess.Popen[bytes] | None = None
        self._kill: threading.Timer | None = None

    def begin(self) -> None:
        """End the child: politely, then not."""
        first, self.told = not self.told, True
        if first and self._child is not None:
            self._child.terminate()
            self._kill = threading.Timer(GRACE, self._child.kill)
            self._kill.start()

    def follow(self, child: "subprocess.Popen[bytes]") -> None:
        """Take the child, and end it if that was asked for while it was started."""
        self._child = child
        if self.told:
            self.told = False
            self.begin()

    def done(self) -> None:
        """Wait for nothing more."""
        if self._kill is not None:
            self._kill.cancel()


@contextmanager
def _told(act: Callable[[], None]) -> Iterator[None]:
    """Act when a signal tells us to end, in the place of what would happen."""
    kept = {one: signal.getsignal(one) for one in _ENDINGS}
    for one, handler in kept.items():
        if handler is not signal.SIG_IGN:
            signal.signal(one, lambda *_: act())
    try:
        yield
    finally:
        for one, handler in kept.items():
            signal.signal(one, handler)


@contextmanager
def watching(
    folders: Sequence[Path], follow: Callable[[Path], None], finish: Callable[[], None]
) -> Iterator[None]:
    """Follow the files of some folders, in a thread, until the block ends.

    Args:
        folders: The folders, with all below them; one that does not exist is left out.
        follow: Told of each changed file at once.
        finish: Called when nothing has changed for a while since.
    """
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    changed: queue.Queue[Path | None] = queue.Queue()

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if event.event_type in _CHANGES and not event.is_directory:
                for path in (event.src_path, event.dest_path):
                    if path:
                        changed.put(Path(str(path)))

    observer = Observer()
    for folder in folders:
        if folder.is_dir():
            observer.schedule(Handler(), str(folder), recursive=True)
    worker = Thread(target=_work, args=(changed, follow, finish), daemon=True)
    observer.start()
    worker.start()
    try:
        yield
    finally:
        observer.stop()
        changed.put(None)
        observer.join()
        worker.join()


def _work(
    changed: "queue.Queue[Path | None]",
    follow: Callable[[Path], None],
    finish: Callable[[], None],
) -> None:
    """Tell of changed files in bundles until a None comes."""
    unfinished = False
    while True:
        try:
            first = changed.get(timeout=QUIET if unfinished else None)
        except queue.Empty:
            unfinished = False
            _survive(finish)
            continue
        bundle = {first, *_more(changed)}
        for path in bundle - {None}:
            _survive(lambda path=path: follow(path))  # type: ignore[misc]
        if None in bundle:
            return
        unfinished = True


def _more(changed: "queue.Queue[Path | None]") -> Iterator[Path | None]:
    """Yield what comes right behind a change."""
    try:
        while True:
            yield changed.get(timeout=TOGETHER)
    except queue.Empty:
        return


def _survive(act: Callable[[], None]) -> None:
    """Act; a file that cannot be read now is looked at again when it changes."""
    import logging

    try:
        act()
    except Exception as error:  # noqa: BLE001  serving goes on whatever is being edited
        logging.getLogger("footnotary").warning("%s", error)
