"""What 100 calls of an agent over MCP cost, beside a new Python for each, which is what 0.1 did.

python benchmarks/session.py [--server PYTHON]

`--server` names the Python that serves, such as one with another release, and leaves out the rest.
"""

import functools
import resource
import sys
import tempfile
from pathlib import Path

import anyio
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from rows import COMMAND, Row, make_parser, print_rows, run_measured

RECORDS = 15
SENTENCE = "The pool of worker {} starts with {} connections and grows to twice as many."
CALLS = (
    (40, "list_citations", {}, ("cite", "list", "--json")),
    (30, "search", {"terms": "pool connections"}, ("search", "pool connections", "--json")),
    (20, "list_documents", {}, ("doc", "list", "--json")),
    (10, "check_documents", {}, ("doc", "check", "--json")),
)


def write_project(root: Path, command: list[str]) -> None:
    """Write a project with records and a note, as the server that will read it does."""
    (root / "pyproject.toml").write_text('[project]\nname = "bench"\n')
    said = [SENTENCE.format(name, at + 2) for at, name in enumerate("abcdefghijklmno")]
    (root / "page.html").write_text(f"<title>Pools</title><p>{'</p><p>'.join(said)}</p>")
    page = ["https://pools.example/", "--file", "page.html"]
    for quote in said[:RECORDS]:
        run_measured([*command, "cite", "add", *page, "--quote", quote, "--quiet"], root)
    run_measured([*command, "doc", "new", "research", "pools"], root)


async def ask(root: Path, python: str) -> int:
    """Ask all questions of one server and return how many bytes of text it answered."""
    words = ["-m", "footnotary", "mcp", "--root", str(root)]
    size = 0
    async with Client(stdio_client(StdioServerParameters(command=python, args=words))) as client:
        for times, name, arguments, _ in CALLS:
            for _ in range(times):
                result = await client.call_tool(name, arguments)
                if result.is_error:
                    raise RuntimeError(f"{name}: {result.content}")
                size += sum(len(one.text.encode()) for one in result.content)
    return size


def main() -> None:
    """Measure a whole session, the server's start included."""
    parser = make_parser(__doc__, 1)
    parser.add_argument("--server", default="", help="the Python that serves")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        python = words.server or sys.executable
        write_project(root, [python, "-m", "footnotary"])
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = anyio.run(functools.partial(ask, root, python))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        anew = None
        if not words.server:
            each = (
                (times, run_measured([*COMMAND, *command], root, fails=True).cpu)
                for times, _, _, command in CALLS
            )
            anew = sum(times * one for times, one in each)
    rows = (
        Row("100 calls over MCP", cpu, "s CPU", anew, "a new Python for each" if anew else ""),
        Row("their answers", size / 1000, "kB"),
    )
    print_rows(rows, as_json=words.json)


if __name__ == "__main__":
    main()
