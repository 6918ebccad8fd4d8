"""The tour: an example backend, the pages it cites, and the commands a user would type.

What is here needs no network: the pages are served on loopback.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from footnotary.errors import FootnotaryError, ProjectError, UsageError

USUAL_PORT = 8765
NEEDED = ("fastapi", "sqlalchemy")
MAKES = ("__pycache__", "*.pyc", ".claude", ".footnotary", ".venv", "citations", "site")
# A whole sentence of the page: what it says is what the claim says.
_KEPT = "Keep keys for at least 24 hours: mobile clients retry after a night without network."


@dataclass(frozen=True)
class TourStep:
    """One command of the tour.

    Attributes:
        about: One sentence that says what it shows.
        program: `cite`, `doc` or `footnotary`.
        words: Its arguments.
        expected: The exit code it must end with.
    """

    about: str
    program: str
    words: tuple[str, ...]
    expected: int = 0


def lay_out(folder: Path) -> None:
    """Copy the example backend into a fresh folder.

    Args:
        folder: Must not exist, or be empty.

    Raises:
        UsageError: The folder has something in it.
        ProjectError: The example's libraries are not installed.
        FootnotaryError: The folder cannot be written.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ProjectError(
            f"The tour's example needs {' and '.join(missing)}.",
            hint="Install them beside footnotary: pip install 'footnotary[tour]'.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is not empty.",
            hint="Name a folder that does not exist: `footnotary tour DIR`.",
        )
    try:
        shutil.copytree(
            _example(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*MAKES)
        )
    except (OSError, shutil.Error) as error:
        raise FootnotaryError(
            f"{folder} cannot be written: {error}.", hint="Choose a folder that you may write to."
        ) from None


def _example() -> Path:
    """Return the example's folder: in the wheel, or in the checkout of an editable install."""
    package = Path(str(files("footnotary")))
    for folder in (package / "example_shop", package.parent.parent / "examples" / "shop"):
        if folder.is_dir():
            return folder
    raise FootnotaryError("The example is not part of this installation.", hint="Reinstall it.")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback while the context is open.

    Yields:
        The address, such as `http://127.0.0.1:8765`.
    """
    handler = partial(_QuietHandler, directory=str(folder))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", USUAL_PORT), handler)
    except OSError:  # taken: any other port does
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing."""


def steps(address: str, note: str) -> tuple[TourStep, ...]:
    """Return the tour's commands in order."""
    return (
        TourStep("Four documents, each read from the code:", "doc", ("new", "api", "shop")),
        TourStep("", "doc", ("new", "schema", "shop", "--dialect", "postgresql")),
        TourStep("", "doc", ("new", "deploy", "shop")),
        TourStep("", "doc", ("new", "impl", "shop")),
        TourStep(
            "A page of the research notebook:", "doc", ("new", "research", "connection-pools")
        ),
        TourStep(
            "A claim with its source; the quote is looked for on the page before it is recorded:",
            "cite",
            (
                f"{address}/pooling.html",
                "--quote",
                "Start with a pool of 5 connections a worker and max_overflow=0",
                "--claim",
                "We start with a pool of 5 connections a worker.",
                "--search",
                "postgres connection pool size",
                "--tag",
                "database",
                "--to",
                note,
            ),
        ),
        TourStep(
            "Another, from another page:",
            "cite",
            (
                f"{address}/idempotency.html",
                "--quote",
                _KEPT,
                "--claim",
                _KEPT,
                "--search",
                "idempotency key retention",
                "--to",
                note,
            ),
        ),
        TourStep(
            "A false quote (2 is not 24): it is refused, and nothing is written:",
            "cite",
            (f"{address}/idempotency.html", "--quote", "Keep keys for at least 2 hours"),
            expected=1,
        ),
        TourStep("The gate, as CI would run it:", "doc", ("check",)),
        TourStep("The site's configuration, added to what there is:", "footnotary", ("init",)),
        TourStep("The site:", "footnotary", ("site", "build", "--strict")),
    )
