"""Re-check 2,000 citations on loopback, beside plain httpx fetching the same pages.

Run it as `python benchmarks/check.py [PAGES]`. It prints CPU milliseconds a page of this
process (the server is another one) and the ratio to plain httpx, which verifies nothing.
"""

import asyncio
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

PAGES = 2000
WORKERS = 8


def page(number: int, day: str) -> bytes:
    """Return a page of some 30 KB whose quote is the same on every day."""
    lines = "".join(
        f"<p>Paragraph {line} of page {number}: the <code>limit</code> is {line * 7} items,"
        f" <em>and</em> no more than that &mdash; see <a href='/{line}'>there</a>.</p>\n"
        for line in range(220)
    )
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Page {number}</title>"
        f"</head><body><main><h1>Page {number}</h1><p>Read on {day}.</p>{lines}"
        f"<p>{quote(number)}</p></main></body></html>"
    ).encode()


def quote(number: int) -> str:
    """Return the words that are cited from a page."""
    return f"The default timeout of service {number} is 30 seconds, after which it gives up."


def serve() -> None:
    """Serve the pages: `/fresh/N` may be kept for an hour, `/N` not."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            while (await reader.readline()) not in (b"\r\n", b""):
                pass
            path = line.split()[1].decode()
            number = path.rpartition("/")[2]
            status, body = ("200 OK", page(int(number), "Monday")) if number.isdigit() else (
                "404 Not Found", b"",
            )  # fmt: skip
            control = "max-age=3600" if path.startswith("/fresh/") else "no-cache"
            head = (
                f"HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\n"
                f"cache-control: {control}\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


def measured(name: str, act: Callable[[], object], pages: int, base: float = 0.0) -> float:
    """Run, print and return CPU milliseconds a page."""
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    each = (time.process_time() - cpu) / pages * 1000
    ratio = f"{each / base:6.2f} x httpx" if base else ""
    seconds = time.perf_counter() - wall
    print(f"{name:<44}{each:8.3f} ms CPU a page  {seconds:6.2f} s in all  {ratio}")
    return each


def main(pages: int) -> None:
    """Run the benchmark."""
    server = subprocess.Popen(
        [sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            assert server.stdout is not None
            run(f"http://127.0.0.1:{int(server.stdout.readline())}", pages, Path(folder))
    finally:
        server.kill()
        server.wait()


def run(site: str, pages: int, folder: Path) -> None:
    """Measure against a running server."""
    import httpx

    from footnotary.cache import Cache
    from footnotary.checking import ReadingOutcome, check_citations
    from footnotary.fetch.fetcher import Fetcher
    from footnotary.models import Citation, Evidence, Quote

    def citation(path: str, number: int, body: bytes) -> Citation:
        url = f"{site}{path}{number}"
        evidence = Evidence(
            retrieved_at=datetime.now(UTC),
            body_sha256=hashlib.sha256(body).hexdigest(),
            text_sha256="",
            passage="",
        )
        return Citation(
            key=f"page-{number}",
            url=url,
            final_url=url,
            accessed=datetime.now(UTC).date(),
            quote=Quote(exact=quote(number)),
            evidence=evidence,
        )

    changed = [citation("/", number, page(number, "Sunday")) for number in range(pages)]
    same = [citation("/", number, page(number, "Monday")) for number in range(pages)]
    kept = [citation("/fresh/", number, page(number, "Monday")) for number in range(pages)]

    def plain() -> None:
        with httpx.Client() as client, ThreadPoolExecutor(WORKERS) as pool:
            for response in pool.map(lambda item: client.get(item.url), changed):
                assert response.is_success

    def check(citations: list[Citation], reading: ReadingOutcome, cache: Cache | None) -> None:
        with Fetcher(cache, allow_private=True, per_host=WORKERS) as fetcher:
            results = check_citations(citations, fetcher, workers=WORKERS)
            assert {result.reading for result in results} == {reading}, results[0]

    check(changed[:20], ReadingOutcome.INTACT, None)  # imports
    base = measured("plain httpx, nothing verified", plain, pages)
    measured(
        "check, every page changed, no cache",
        lambda: check(changed, ReadingOutcome.INTACT, None), pages, base,
    )  # fmt: skip
    measured(
        "check, every page changed, into the cache",
        lambda: check(changed, ReadingOutcome.INTACT, Cache(folder / "a")), pages, base,
    )  # fmt: skip
    measured(
        "check, every page unchanged, no cache",
        lambda: check(same, ReadingOutcome.UNCHANGED, None), pages, base,
    )  # fmt: skip
    check(kept, ReadingOutcome.UNCHANGED, Cache(folder / "b"))
    measured(
        "check, fresh in the cache and unchanged",
        lambda: check(kept, ReadingOutcome.UNCHANGED, Cache(folder / "b")), pages, base,
    )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else PAGES)
