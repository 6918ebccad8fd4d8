"""Measure `cite check`, the whole command, over pages of 200 hosts on loopback.

    python benchmarks/check.py [--size PAGES] [--hosts 200]

Each row is a run in a process of its own, start and records included. Beside it, in turn, runs what
the same work costs at least: httpx fetches each page, Lexbor parses it, and `in` looks for the
quote; nothing is verified, guarded, kept or polite. LinkChecker, where it is on PATH, asks for the
same pages and reads none of them for a quote. The server is a process of its own, so its CPU
is not in the figures. CPU is in milliseconds a page; `wall` is the time of the whole command at
50 ms a request, beside the time that its requests take one host after another.
"""

import argparse
import asyncio
import contextlib
import hashlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from rows import COMMAND, Row, grown, make_parser, print_rows, read_sizes, run_measured

LATENCY = 0.05  # seconds a request, in the row of the wall time
FLOOR_WORKERS = 8
CHECK = [*COMMAND, "cite", "check", "--allow-private", "--json"]
_BODY = "".join(
    f"<p>Paragraph {line}: the <code>limit</code> is {line * 7} items, <em>and</em> no more than"
    f" that, as is said at length <a href='/{line}'>there</a> and nowhere else.</p>\n"
    for line in range(220)
)


def quote(number: int) -> str:
    """Return the words that are cited from a page."""
    return f"The default timeout of service {number} is 30 seconds, after which it gives up."


def page(number: int, day: str) -> bytes:
    """Return a page of some 30 KB whose quote is the same on every day."""
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Page {number}</title>"
        f"</head><body><main><h1>Page {number}</h1><p>Read on {day}.</p>{_BODY}"
        f"<p>{quote(number)}</p></main></body></html>"
    ).encode()


def serve(hosts: int, latency: float) -> None:
    """Serve pages at one port of many loopback addresses; robots.txt is absent."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            while (await reader.readline()) not in (b"\r\n", b""):
                pass
            folder, _, number = line.split()[1].decode().rpartition("/")
            found = number.isdigit()
            body = page(int(number), "Monday") if found else b""
            if folder == "/index":
                body = make_index(writer.get_extra_info("sockname")[1], hosts, int(number))
            head = (
                f"HTTP/1.1 {200 if found else 404} X\r\ncontent-type: text/html; charset=utf-8\r\n"
                f"cache-control: no-cache\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            await asyncio.sleep(latency)
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):  # some clients hang up
            await converse(reader, writer)

    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        names = [host(number) for number in range(hosts)]
        server = await asyncio.start_server(answer, names, port, backlog=1024)
        print(port, flush=True)
        await server.serve_forever()

    asyncio.run(run())


def make_index(port: int, hosts: int, pages: int) -> bytes:
    """Return a page that links all others."""
    urls = (f"http://{host(number % hosts)}:{port}/{number}" for number in range(pages))
    return "".join(f"<a href={url}>x</a>\n" for url in urls).encode()


def host(number: int) -> str:
    """Return a loopback address."""
    return f"127.0.{number // 250 + 1}.{number % 250 + 1}"


def floor(port: int, hosts: int, pages: int) -> None:
    """Fetch, parse and find, and nothing else."""
    import httpx
    from selectolax.lexbor import LexborHTMLParser

    def work(number: int) -> bool:
        body = client.get(f"http://{host(number % hosts)}:{port}/{number}").content
        tree = LexborHTMLParser(body.decode())
        return tree.body is not None and quote(number) in tree.body.text()

    with httpx.Client() as client, ThreadPoolExecutor(FLOOR_WORKERS) as pool:
        assert all(pool.map(work, range(pages)))


@contextlib.contextmanager
def running_server(hosts: int, latency: float = 0.0) -> Iterator[int]:
    """Run the server and yield its port."""
    command = [sys.executable, __file__, "--serve", str(latency), "--hosts", str(hosts)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


def write_project(root: Path, port: int, hosts: int, pages: int, day: str) -> None:
    """Write a project whose citations were recorded on a day."""
    from footnotary.models import Citation, Evidence, Quote
    from footnotary.records import dumped

    (root / "citations").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.footnotary]\ndelay = 0\n")
    now = datetime.now(UTC)
    for number in range(pages):
        digest = hashlib.sha256(page(number, day)).hexdigest()
        url = f"http://{host(number % hosts)}:{port}/{number}"
        citation = Citation(
            key=f"page-{number:06d}",
            url=url,
            final_url=url,
            accessed=now.date(),
            quote=Quote(exact=quote(number)),
            evidence=Evidence(retrieved_at=now, body_sha256=digest, text_sha256="", passage=""),
        )
        (root / "citations" / f"{citation.key}.yaml").write_bytes(dumped(citation))
    (root / ".footnotary").mkdir()
    time.sleep(2.1)  # what was written just now is not kept in the index of the records
    run_measured([*COMMAND, "cite", "list"], root)


def linkchecker_row(hosts: int, pages: int) -> Iterator[Row]:
    """Yield what LinkChecker takes for the pages of the first row."""
    program = shutil.which("linkchecker")
    if program is None:
        return
    with running_server(hosts) as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index = f"http://{host(0)}:{port}/index/{pages}"
        words = ["--no-robots", "--check-extern", "--no-status", "-o", "none", "-r", "1", index]
        other = run_measured([program, *words], folder).cpu
        write_project(folder, port, hosts, pages, "Sunday")
        ours = run_measured(CHECK, folder).cpu
    yield Row(
        "cite check, changed pages", ours / pages * 1000, "ms CPU a page", other / pages * 1000,
        "LinkChecker, which reads no quote",
    )  # fmt: skip


def cpu_row(name: str, day: str, hosts: int, sizes: list[int]) -> Row:
    """Return the CPU a page of a check and of the floor, at growing numbers of pages."""
    ours, beside = [], []
    with running_server(hosts) as port:
        for pages in sizes:
            with tempfile.TemporaryDirectory() as folder:
                write_project(Path(folder), port, hosts, pages, day)
                ours.append(run_measured(CHECK, Path(folder)).cpu / pages * 1000)
                command = [sys.executable, __file__, "--floor", str(port), "--size", str(pages)]
                used = run_measured([*command, "--hosts", str(hosts)], Path(folder))
                beside.append(used.cpu / pages * 1000)
    peer = "httpx + Lexbor + find"
    return Row(name, ours[-1], "ms CPU a page", beside[-1], peer, grown(sizes, ours))


def wall_row(hosts: int, sizes: list[int]) -> Row:
    """Return the time of a check of unchanged pages where each request takes 50 ms."""
    ours = []
    with running_server(hosts, LATENCY) as port:
        for pages in sizes:
            with tempfile.TemporaryDirectory() as folder:
                write_project(Path(folder), port, hosts, pages, "Monday")
                ours.append(run_measured(CHECK, Path(folder)).wall)
    one_by_one = (hosts + sizes[-1]) * LATENCY
    name = "cite check, 50 ms a request"
    return Row(name, ours[-1], "s", one_by_one, "its requests in turn", grown(sizes, ours))


def main() -> None:
    """Measure, or be the server or the floor of a measurement."""
    parser = make_parser(__doc__, 2000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--floor", type=int, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.serve is not None:
        serve(words.hosts, words.serve)
    elif words.floor:
        floor(words.floor, words.hosts, words.size)
    else:
        sizes = read_sizes(words)
        rows = (
            cpu_row("cite check, changed pages", "Sunday", words.hosts, sizes),
            cpu_row("cite check, unchanged pages", "Monday", words.hosts, sizes),
            *linkchecker_row(words.hosts, sizes[-1]),
            wall_row(words.hosts, sizes),
        )
        print_rows(rows, as_json=words.json)


if __name__ == "__main__":
    main()
