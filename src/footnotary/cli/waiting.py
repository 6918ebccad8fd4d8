"""A line on the terminal while something takes longer than a second."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

_SILENT_SECONDS = 1.0
_STEP_SECONDS = 1.0


@contextlib.contextmanager
def waiting(words: str, *, hidden: bool = False) -> Iterator[None]:
    """Say on stderr what is being waited for, and how long already; gone at the end.

    Args:
        words: What is done, such as `importing the project`.
        hidden: Say nothing; so it is where stderr is no terminal.
    """
    if hidden or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(words, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell(words: str, done: threading.Event) -> None:
    """Rewrite one line each second until it is done, then clear it."""
    began = time.monotonic()
    if done.wait(_SILENT_SECONDS):
        return
    while True:
        sys.stderr.write(f"\r{words} … {time.monotonic() - began:.0f} s")
        sys.stderr.flush()
        if done.wait(_STEP_SECONDS):
            break
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()
