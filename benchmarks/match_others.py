"""Another tool on the same quotes: run by benchmarks/match.py in the tools' own environment.

    python match_others.py {citations,apysource,buddie} ROWS.json

ROWS.json is a list of [quote, text]. The last line printed is JSON: accepted, seconds.
"""

import contextlib
import json
import sys
import tempfile
import time
from pathlib import Path


def by_citations(folder):
    """Return a judge that reads the text from a file, as citations does."""
    from citations import check_one

    files = {}

    def judge(quote, text):
        if text not in files:
            files[text] = folder / f"{len(files)}.txt"
            files[text].write_text(text, encoding="utf-8")
        return check_one(quote, files[text]).state in ("found", "ambiguous")

    return judge


def by_apysource(folder):
    """Return a judge that compares white-space-normalised text, as apysource's checks do."""
    from apysource.formats import normalize_ws

    del folder

    def judge(quote, text):
        return normalize_ws(quote) in normalize_ws(text)

    return judge


def by_buddie(folder):
    """Return a judge that accepts what buddie calls found."""
    from buddie.verbatim.check import Page

    pages = {}
    del folder

    def judge(quote, text):
        if text not in pages:
            pages[text] = Page(text.encode(), "text/plain; charset=utf-8")
        return pages[text].locate(quote)["verdict"].startswith("FOUND")

    return judge


JUDGES = {"citations": by_citations, "apysource": by_apysource, "buddie": by_buddie}


def main():
    """Judge every row."""
    rows = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name:
        judge = JUDGES[sys.argv[1]](Path(name))
        started = time.process_time()
        accepted = []
        for quote, text in rows:
            answer = False
            with contextlib.suppress(ValueError, KeyError, IndexError):
                answer = bool(judge(quote, text))
            accepted.append(answer)
        seconds = time.process_time() - started
    print(json.dumps({"accepted": accepted, "seconds": seconds}))


if __name__ == "__main__":
    main()
