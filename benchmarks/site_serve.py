"""How soon `serve` shows an edited document, against the engine's own rebuild of a page.

    python benchmarks/site_serve.py [PAGES] [CITATIONS] [ENGINE]…

Serves the same pages with the engine alone (native footnotes) and with footnotary, edits one
file in each and asks for its page every 10 ms until the words are there. Prints seconds, the
median of five edits.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from site_build import EXTENSIONS, cite, native_notes, our_block, write

EDITS = 5
LONGEST = 300  # seconds until an edit counts as lost
DOCUMENT = "API-shop-2026-11-20"


def main() -> None:
    """Measure and print."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    records = int(sys.argv[2]) if len(sys.argv) > 2 else 500  # noqa: PLR2004  argv
    print(f"{pages} pages, {records} records")
    for engine in sys.argv[3:] or ("mkdocs", "properdocs", "zensical"):
        with tempfile.TemporaryDirectory() as folder:
            native, ours = Path(folder) / "native", Path(folder) / "ours"
            plugins = f"plugins: [search]\n{EXTENSIONS}  - footnotes\n"
            write(native, pages, plugins, lambda n: f"[^{n}]", native_notes)
            write(
                ours,
                pages,
                f"plugins: [search, footnotary]\n{EXTENSIONS}",
                lambda n: f"^[{n}]",
                lambda page: our_block(page, records),
            )
            cite(ours, records)
            document = ours / f".claude/docs/current/api-specs/{DOCUMENT}.md"
            document.parent.mkdir(parents=True)
            document.write_text("# API: shop\n\nWords.^[source-000001]\n")
            own = seconds(
                [sys.executable, "-m", engine, "serve", "-f", str(native / "mkdocs.yml")],
                native,
                native / "docs/page-7.md",
                "page-7/",
            )
            mine = seconds(
                [sys.executable, "-m", "footnotary", "site", "serve", "--engine", engine],
                ours,
                document,
                f"documents/api-specs/{DOCUMENT}/",
            )
            print(
                f"{engine:10s} a page by the engine alone {own:5.2f} s, a document by footnotary "
                f"{mine:5.2f} s, {mine / own:.2f} times",
                flush=True,
            )


def seconds(words: list[str], root: Path, file: Path, page: str) -> float:
    """Return the median time from an edit to its words on the page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/{page}"
    with serving([*words, "-a", f"127.0.0.1:{port}"], root):
        until(address, "<body")
        before = file.read_text()
        taken = []
        for edit in range(EDITS):
            time.sleep(2)  # until the engine rests
            started = time.perf_counter()
            file.write_text(f"{before}\nEdit number {edit} of them.\n")
            until(address, f"Edit number {edit} of them.")
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


@contextmanager
def serving(words: list[str], root: Path):
    """Run a server and end it."""
    server = subprocess.Popen(
        words,
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"},
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def until(address: str, words: str) -> None:
    """Wait until a page shows words."""
    ends = time.monotonic() + LONGEST
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(address, timeout=LONGEST) as answer:
                if words in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.01)
    raise SystemExit(f"{address} never showed {words!r}")


if __name__ == "__main__":
    main()
