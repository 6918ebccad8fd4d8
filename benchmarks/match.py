<<<<<<< HEAD
"""Quotes looked for on real pages, with other tools beside us on the same quotes.

    python benchmarks/match.py CORPORA [--list] [--alone]

CORPORA holds `pages.jsonl` (file, content_type) and `quotes.jsonl` (file, quote, expected:
found, not_found or near, policy). Rows of `near` and `policy` are counted apart: what becomes
of them is decided in docs/matching.md. `citations`, `apysource` (Python 3.12) and `buddie` run
where they are installed; each reads a page once and keeps it, as it would in a check.
=======
"""Quotes on cached pages: how many are right, and what each costs, beside other tools.

    python benchmarks/match.py CORPORA [--tools PYTHON]

CORPORA holds `quotes.jsonl` (file, quote, expected) and `pages.jsonl`. PYTHON is the
interpreter of an environment with `citations`, `apysource` and `buddie` installed; each tool
gets the text that footnotary extracted, so that only verifying is compared.
>>>>>>> main
"""

import argparse
import json
<<<<<<< HEAD
import time
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path

from footnotary import clock
from footnotary.extract import extract
from footnotary.match import find, match
from footnotary.models import Response

KEPT = 1_000


def footnotary_tool(root, types):
    """Return a function that says whether a page says a quote."""

    @lru_cache(maxsize=KEPT)
    def page(file):
        return extract(
            Response(
                url="https://page.example/",
                final_url="https://page.example/",
                headers={"content-type": types.get(file, "text/html")},
                body=(root / file).read_bytes(),
                retrieved_at=clock.now(),
            )
        )

    return lambda file, quote: match(quote, page(file)).found


def citations_tool(root, _types):
    """`citations`: its own reader of saved pages, its own match."""
    from citations.verify import check_one

    return lambda file, quote: check_one(quote, root / file).state in ("found", "ambiguous")


def apysource_tool(root, _types):
    """`apysource`: locate a snippet in a document body."""
    from apysource.formats import locate_snippet

    @lru_cache(maxsize=KEPT)
    def body(file):
        return (root / file).read_bytes().decode("utf-8", "replace")

    return lambda file, quote: locate_snippet(body(file), quote, "text/html") is not None


def buddie_tool(root, types):
    """`buddie`: locate a quote on a stored page."""
    from buddie.verbatim.check import Page

    @lru_cache(maxsize=KEPT)
    def page(file):
        return Page((root / file).read_bytes(), types.get(file, "text/html"))

    return lambda file, quote: page(file).locate(quote)["verdict"].startswith("FOUND")


TOOLS = (
    ("footnotary", footnotary_tool),
    ("citations", citations_tool),
    ("apysource", apysource_tool),
    ("buddie", buddie_tool),
)


def judged(says, rows):
    """Ask a tool about every row; errors count as "not found"."""
    counts, wrong = Counter(), defaultdict(list)
    start = time.process_time()
    for row in rows:
        try:
            found = says(row["file"], row["quote"])
        except Exception as error:  # noqa: BLE001  another tool's crash is its answer
            found = False
            counts[f"errors ({type(error).__name__})"] += 1
        apart = row["expected"] == "near" or row.get("policy", False)
        kind = "policy" if apart else row["expected"]
        counts[kind] += 1
        if found is not (row["expected"] == "found"):
            counts[f"{kind} wrong"] += 1
            wrong[row["category"]].append(row["quote"])
    return counts, wrong, time.process_time() - start


def cached_seconds(root, types, rows):
    """Return CPU seconds for 1,000 recorded quotes on pages whose text is kept."""
    says = footnotary_tool(root, types)
    known = [row for row in rows if row["expected"] == "found" and says(row["file"], row["quote"])]
    texts, wanted = {}, []
    for row in known:
        response = Response(
            url="https://page.example/",
            final_url="https://page.example/",
            headers={"content-type": types.get(row["file"], "text/html")},
            body=(root / row["file"]).read_bytes(),
            retrieved_at=clock.now(),
        )
        page = texts.setdefault(row["file"], extract(response))
        wanted.append((match(row["quote"], page).exact, page.text))
    wanted = (wanted * (1_000 // len(wanted) + 1))[:1_000]
    start = time.process_time()
    held = sum(find(quote, text) is not None for quote, text in wanted)
    return time.process_time() - start, held
=======
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from footnotary.inspecting import read_page
from footnotary.match import match

OTHERS = Path(__file__).with_name("match_others.py")
HEAD = "| tool | true quotes refused | false quotes accepted | near accepted | CPU ms a quote |"


def rows_of(corpora):
    """Return the quotes with the text of their pages."""
    lines = (corpora / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    types = {row["file"]: row["content_type"] for row in map(json.loads, lines)}
    pages = {}
    rows = []
    for line in (corpora / "quotes.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        file = row["file"]
        if file not in pages:
            pages[file] = read_page(corpora / file, row["url"], types.get(file, ""))
        rows.append((row["quote"], pages[file], row["expected"]))
    return rows


def table_row(name, accepted, rows, seconds):
    """Return one line of the table."""
    judged = list(zip(accepted, (expected for _, _, expected in rows), strict=True))
    cells = []
    for kind, wrong in (("found", False), ("not_found", True), ("near", True)):
        of_kind = [answer for answer, expected in judged if expected == kind]
        cells.append(f"{sum(answer is wrong for answer in of_kind)} of {len(of_kind)}")
    return f"| {name} | {' | '.join(cells)} | {seconds / len(rows) * 1000:.2f} |"


def others(python, rows):
    """Yield the answers of each other tool and its CPU seconds."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "rows.json"
        source.write_text(json.dumps([(quote, page.text) for quote, page, _ in rows]))
        for tool in ("citations", "apysource", "buddie"):
            done = subprocess.run(
                [python, str(OTHERS), tool, str(source)],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                print(f"{tool}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                continue
            answer = json.loads(done.stdout.splitlines()[-1])
            yield tool, answer["accepted"], answer["seconds"]
>>>>>>> main


def main():
    """Print the table."""
<<<<<<< HEAD
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--list", action="store_true", help="list every wrong answer of ours")
    parser.add_argument("--alone", action="store_true", help="leave the other tools out")
    arguments = parser.parse_args()
    root = arguments.corpora
    pages = [json.loads(line) for line in (root / "pages.jsonl").read_text().splitlines()]
    types = {row["file"]: row["content_type"] for row in pages}
    rows = [json.loads(line) for line in (root / "quotes.jsonl").read_text().splitlines()]
    print(
        "| tool | true quotes refused | false quotes accepted | near and policy rows accepted | CPU s |"
    )
    print("|---|---|---|---|---|")
    for name, tool in TOOLS[: 1 if arguments.alone else None]:
        try:
            says = tool(root, types)
        except ImportError:
            print(f"| {name} | not installed | | | |")
            continue
        counts, wrong, seconds = judged(says, rows)
        cells = (
            f"{counts[f'{kind} wrong']} of {counts[kind]}"
            for kind in ("found", "not_found", "policy")
        )
        print(f"| {name} | {' | '.join(cells)} | {seconds:.1f} |", flush=True)
        for category, quotes in wrong.items() if arguments.list and name == "footnotary" else ():
            for quote in quotes:
                print(f"    {category}: {quote!r}")
    seconds, held = cached_seconds(root, types, rows)
    print(f"\n{held:,} cached quotes verified in {seconds:.2f} s of CPU")
=======
    parser = argparse.ArgumentParser()
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--tools", help="Interpreter that has the other tools.")
    arguments = parser.parse_args()
    rows = rows_of(arguments.corpora)
    started = time.process_time()
    accepted = [match(quote, page).found for quote, page, _ in rows]
    seconds = time.process_time() - started
    print(HEAD)
    print("|---|---|---|---|---|")
    print(table_row("footnotary", accepted, rows, seconds))
    true = [(quote, page) for quote, page, expected in rows if expected == "found"]
    started = time.process_time()
    for quote, page in true:
        match(quote, page)
    each = (time.process_time() - started) / len(true) * 1000
    if arguments.tools:
        for name, answers, cost in others(arguments.tools, rows):
            print(table_row(name, answers, rows, cost))
    print(f"\n1,000 true quotes on cached pages: {each:.2f} s of CPU")
>>>>>>> main


if __name__ == "__main__":
    main()
