"""Text of saved real pages, beside trafilatura on the same pages in the same run.

    python benchmarks/extract.py CORPORA

CORPORA holds `pages.jsonl` (file, url, content_type) and the files it names. Prints CPU
milliseconds a page and how many times trafilatura's pages per CPU second that is.
"""

import argparse
import json
import time
from pathlib import Path

from footnotary import clock
from footnotary.extract import extract
from footnotary.models import Response


def answers(corpora):
    """Return the saved pages as they would come from their sites."""
    lines = (corpora / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Response(
            url=row["url"],
            final_url=row["url"],
            headers={"content-type": row["content_type"]},
            body=(corpora / row["file"]).read_bytes(),
            retrieved_at=clock.now(),
        )
        for row in map(json.loads, lines)
    ]


def milliseconds(act, pages):
    """Return the CPU milliseconds that an act takes for one of the pages; best of three runs."""
    runs = []
    for _ in range(3):
        started = time.process_time()
        for page in pages:
            act(page)
        runs.append((time.process_time() - started) / len(pages) * 1000)
    return min(runs)


def main():
    """Print one row for each way of reading."""
    from trafilatura import bare_extraction

    parser = argparse.ArgumentParser()
    parser.add_argument("corpora", type=Path)
    pages = answers(parser.parse_args().corpora)
    ways = {
        "text (what `cite check` reads)": (lambda page: extract(page, text_only=True), False),
        "text and metadata (what `cite` reads)": (extract, True),
    }
    theirs = {
        with_metadata: milliseconds(
            lambda page, also=with_metadata: bare_extraction(page.body, with_metadata=also), pages
        )
        for with_metadata in (False, True)
    }
    print("| what is read | footnotary, ms | trafilatura, ms | ratio |")
    print("|---|---|---|---|")
    for name, (act, with_metadata) in ways.items():
        ours, other = milliseconds(act, pages), theirs[with_metadata]
        print(f"| {name} | {ours:.2f} | {other:.2f} | {other / ours:.1f} |")


if __name__ == "__main__":
    main()
