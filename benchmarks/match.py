"""Quotes on cached pages: how many are right, and what each costs, beside other tools.

    python benchmarks/match.py CORPORA [--tools PYTHON]

CORPORA holds `quotes.jsonl` (file, quote, expected) and `pages.jsonl`. PYTHON is the
interpreter of an environment with `citations`, `apysource` and `buddie` installed; each tool
gets the text that footnotary extracted, so that only verifying is compared.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from footnotary.inspecting import read_page
from footnotary.match import match_quote

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


def main():
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--tools", help="Interpreter that has the other tools.")
    arguments = parser.parse_args()
    rows = rows_of(arguments.corpora)
    started = time.process_time()
    accepted = [match_quote(quote, page).found for quote, page, _ in rows]
    seconds = time.process_time() - started
    print(HEAD)
    print("|---|---|---|---|---|")
    print(table_row("footnotary", accepted, rows, seconds))
    true = [(quote, page) for quote, page, expected in rows if expected == "found"]
    started = time.process_time()
    for quote, page in true:
        match_quote(quote, page)
    each = (time.process_time() - started) / len(true) * 1000
    if arguments.tools:
        for name, answers, cost in others(arguments.tools, rows):
            print(table_row(name, answers, rows, cost))
    print(f"\n1,000 true quotes on cached pages: {each:.2f} s of CPU")


if __name__ == "__main__":
    main()
