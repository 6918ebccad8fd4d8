"""Quotes and pages of a corpus: `cite match --batch`, and the text of each page, whole processes.

    python benchmarks/corpora.py CORPORA

CORPORA holds `quotes.jsonl` (file, url, quote, expected) and `pages.jsonl` (file, url,
content_type). The floor parses each page once with Lexbor and looks for the quotes with `in`, which
is right for few of them. `citations` and `trafilatura` are measured where `python` of their
environment is beside a program of theirs on PATH; `citations` gets the text that footnotary read.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rows import COMMAND, Row, make_parser, print_rows, run_measured

OTHERS = Path(__file__).with_name("match_others.py")
FLOOR = """
import json
from pathlib import Path
from selectolax.lexbor import LexborHTMLParser
texts = {}
for row in map(json.loads, open('quotes.jsonl')):
    if row['file'] not in texts:
        body = LexborHTMLParser(Path(row['file']).read_bytes().decode('utf-8', 'replace')).body
        texts[row['file']] = body.text() if body else ''
    row['quote'] in texts[row['file']]
"""
LEXBOR = """
from pathlib import Path
from selectolax.lexbor import LexborHTMLParser
for name in FILES:
    body = LexborHTMLParser(Path(name).read_bytes().decode('utf-8', 'replace')).body
    body and body.text()
"""
OURS = """
import json
from pathlib import Path
from footnotary import clock
from footnotary.extract import extract
from footnotary.models import Response
types = {row['file']: row for row in map(json.loads, open('pages.jsonl'))}
for name in FILES:
    row = types[name]
    head, body = {'content-type': row['content_type']}, Path(name).read_bytes()
    extract(Response(url=row['url'], final_url=row['url'], body=body, headers=head,
                     retrieved_at=clock.now()), text_only=True)
"""
TRAFILATURA = """
from pathlib import Path
from trafilatura import bare_extraction
for name in FILES:
    bare_extraction(Path(name).read_bytes(), with_metadata=False)
"""


def peer_python(program: str) -> str | None:
    """Return the interpreter of the environment that a program is in."""
    found = shutil.which(program)
    return str(Path(found).parent / "python") if found else None


def quote_rows(corpora: Path) -> Iterator[Row]:
    """Yield what judging all quotes costs, beside the floor and `citations`."""
    command = [*COMMAND, "cite", "match", "--batch", "quotes.jsonl"]
    ours = run_measured(command, corpora, fails=True).cpu
    name = f"cite match --batch, {len(read_lines(corpora / 'quotes.jsonl'))} quotes"
    floor = run_measured([sys.executable, "-c", FLOOR], corpora).cpu
    yield Row(name, ours, "s CPU", floor, "Lexbor + find")
    python = peer_python("citations")
    if python is None:
        return
    from footnotary.inspecting import read_page

    texts = {}
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for row in read_lines(corpora / "quotes.jsonl"):
            if row["file"] not in texts:
                texts[row["file"]] = read_page(corpora / row["file"], row["url"]).text
            rows.append((row["quote"], texts[row["file"]]))
        Path(folder, "rows.json").write_text(json.dumps(rows))
        peer = run_measured([python, str(OTHERS), "citations", "rows.json"], Path(folder)).cpu
    yield Row(name, ours, "s CPU", peer, "citations, given our text")


def page_rows(corpora: Path) -> Iterator[Row]:
    """Yield what reading the text of all HTML pages costs, beside the floor and trafilatura."""
    rows = read_lines(corpora / "pages.jsonl")
    files = [row["file"] for row in rows if "html" in row["content_type"]]

    def measure(python: str, code: str) -> float:
        script = code.replace("FILES", repr(files))
        return run_measured([python, "-c", script], corpora).cpu / len(files) * 1000

    name, unit = f"text of {len(files)} pages", "ms CPU a page"
    ours = measure(sys.executable, OURS)
    yield Row(name, ours, unit, measure(sys.executable, LEXBOR), "Lexbor, all text")
    if python := peer_python("trafilatura"):
        yield Row(name, ours, unit, measure(python, TRAFILATURA), "trafilatura")


def read_lines(path: Path) -> list[dict[str, str]]:
    """Return a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Measure quotes, then pages."""
    parser = make_parser(__doc__, 1)
    parser.add_argument("corpora", type=Path)
    words = parser.parse_args()
    corpora = words.corpora.resolve()
    print_rows((*quote_rows(corpora), *page_rows(corpora)), as_json=words.json)


if __name__ == "__main__":
    main()
