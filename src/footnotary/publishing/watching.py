"""Following the author's files while they are edited."""

import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

TOGETHER = 0.005  # seconds: an editor's save is several events
QUIET = 1.0  # seconds without a change, then everything that depends on it is made anew
_CHANGES = frozenset(("created", "modified", "moved", "deleted", "closed"))


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
