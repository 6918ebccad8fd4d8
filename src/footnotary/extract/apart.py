"""Pages that may take long, read in a process of their own, which ends with the deadline.

Nothing ends a parser in C that has begun, and a PDF of ten kilobytes can hold gigabytes. Pages of
very many elements and PDFs are rare, and cost more than the start of a process.
"""

import subprocess
import sys

from pydantic import ValidationError

from footnotary.deadline import check_deadline, current_deadline
from footnotary.extract import extract
from footnotary.extract.parsing import let_all_be_read
from footnotary.models import Page, Response, UnreadableReason

LONGEST = 60.0  # seconds, where no deadline runs
MOST_MEMORY = 1_500_000_000  # bytes that the process may have, of which it starts with a third
_TEXT_ONLY = "--text-only"


def extract_apart(response: Response, *, text_only: bool = False) -> Page:
    """Read a page out of an answer, in a process that is ended when the deadline passes.

    Returns:
        The page; too complex if the process ended by itself, or where no deadline runs after a
        minute.

    Raises:
        OutOfTime: The deadline passed.
    """
    deadline = current_deadline()
    seconds = max(0.0, deadline.remaining()) if deadline else LONGEST
    head = response.model_copy(update={"body": b""}).model_dump_json().encode()
    options = [_TEXT_ONLY] if text_only else []
    try:
        done = subprocess.run(  # noqa: S603  our own module, in our own interpreter
            [sys.executable, "-P", "-m", "footnotary.extract.apart", *options],
            input=head + b"\n" + response.body,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        return Page.model_validate_json(done.stdout)
    except (subprocess.TimeoutExpired, ValidationError):
        check_deadline()
        return Page(
            url=response.url,
            final_url=response.final_url,
            media_type=response.media_type,
            unreadable=UnreadableReason.TOO_COMPLEX,
        )


def run_extraction() -> None:
    """Read the answer on standard input and write its page to standard output."""
    let_all_be_read()
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    head, _, body = sys.stdin.buffer.read().partition(b"\n")
    response = Response.model_validate_json(head).model_copy(update={"body": body})
    page = extract(response, text_only=_TEXT_ONLY in sys.argv)
    sys.stdout.buffer.write(page.model_dump_json().encode())


if __name__ == "__main__":
    run_extraction()
