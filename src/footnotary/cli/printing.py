"""Printing: what comes out of pages and projects can neither steer a terminal nor mislead an eye.

Control characters move the cursor, set titles and paint over lines (ECMA-48); bidirectional
overrides show words in another order than they have (Unicode Technical Report 36, section 3.6).
"""

import contextlib
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from footnotary.facts.basis import Facts


_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_OVERRIDES = r"\u202a-\u202e\u2066-\u2069"
_STEERING = re.compile(f"[{_CONTROLS}{_OVERRIDES}]")
_HALVES = r"\ud800-\udfff"  # of surrogate pairs: no encoding can print them
_UNPRINTABLE = re.compile(f"[{_CONTROLS}{_OVERRIDES}{_HALVES}]")
_HALF = re.compile(f"[{_HALVES}]")


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text without the characters that steer a terminal.

    Args:
        text: Lines; tabs and line feeds stay.
        err: Print on stderr.
        nl: Add a line feed.
    """
    typer.echo(_HALF.sub("\ufffd", _STEERING.sub("", text)), err=err, nl=nl)


def print_json(value: object) -> None:
    """Print a JSON value on stdout, UTF-8, two spaces, keys in their order.

    Args:
        value: It; what would steer a terminal is escaped, which reads as the same value.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    sys.stdout.write(_UNPRINTABLE.sub(_escaped, text) + "\n")


def json_line(value: object) -> str:
    """Return a JSON value on one line; what would steer a terminal is escaped."""
    return _UNPRINTABLE.sub(_escaped, json.dumps(value, ensure_ascii=False))


def print_json_line(text: str) -> None:
    """Print a line that is JSON already on stdout; what would steer a terminal is escaped."""
    sys.stdout.write(_UNPRINTABLE.sub(_escaped, text) + "\n")


def print_facts(facts: "Facts") -> None:
    """Print facts on stdout as `print_json` would; those of a large API are not copied first."""
    import pydantic_core

    text = pydantic_core.to_json(facts, indent=2).decode()
    sys.stdout.write(_STEERING.sub(_escaped, text) + "\n")


def _escaped(found: re.Match[str]) -> str:
    """Return a character as JSON escapes it (RFC 8259, section 7)."""
    return f"\\u{ord(found[0]):04x}"


class _Progress:
    """Who is told of progress besides the terminal."""

    listener: Callable[[int, int], None] | None = None


def tell_progress_to(listener: Callable[[int, int], None]) -> None:
    """Have somebody told of the progress of long commands, for the rest of this process."""
    _Progress.listener = listener


def tell_progress(done: int, whole: int) -> None:
    """Tell whoever wants to know how much of a long command is done."""
    if _Progress.listener is not None:
        _Progress.listener(done, whole)


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
    teller = threading.Thread(target=_show_waiting, args=(words, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _show_waiting(words: str, done: threading.Event) -> None:
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
