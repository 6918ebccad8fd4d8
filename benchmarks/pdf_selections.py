"""Words of PDF pages as `pdftotext -bbox-layout` has them, against the text that is read here.

    python benchmarks/pdf_selections.py [--pages 100] [--selections 10] [--seed 1] [--list]

Reads the PDFs of the documentation packages that are installed. Poppler tells the blocks of a page;
runs of words inside one block, mostly letters and without a hyphen at the end of a line, must be
found, and the same edited so that they mean something else refused. Prints counts.
"""

import argparse
import gzip
import random
import re
import subprocess
import tempfile
from collections import Counter
from itertools import islice

from selections import DOCUMENTATION, edits, judged

from footnotary import clock
from footnotary.extract import extract
from footnotary.match.normalization import normalize
from footnotary.models import Response

LEAST_BYTES = 60_000  # smaller ones are drawings
PROSE = 0.6  # of the words of a run: Poppler writes an exponent on the line (`x 2`)
BLOCK = re.compile(r"<block\b.*?</block>", re.DOTALL)
WORD = re.compile(r"<word [^>]*>([^<]*)</word>|(</line>)")
ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


def documents():
    """Yield the bytes of each PDF with its name."""
    for path in sorted(DOCUMENTATION.rglob("*.pdf*")):
        if path.is_file() and not path.is_symlink():
            body = path.read_bytes()
            body = gzip.decompress(body) if path.suffix == ".gz" else body
            if len(body) >= LEAST_BYTES and "html" not in path.parts:
                yield path.name, body


def blocks_of(file, number):
    """Return the blocks of a page, as lists of words with None at the ends of lines."""
    command = ["pdftotext", "-bbox-layout", "-f", str(number), "-l", str(number), file, "-"]
    layout = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for escaped, character in ESCAPED:
        layout = layout.replace(escaped, character) if escaped != "&lt;" else layout
    return [
        [None if end else word.replace("&lt;", "<") for word, end in WORD.findall(block)]
        for block in BLOCK.findall(layout)
    ]


def runs_of(block, chance):
    """Yield runs of words of a block, joined by blanks."""
    words = [word for word in block if word is not None]
    broken = {
        sum(one is not None for one in block[:place])
        for place, word in enumerate(block)
        if word is None and place and (block[place - 1] or "").endswith("-")
    }
    for _ in range(4):
        if len(words) > 8:  # noqa: PLR2004
            start = chance.randrange(len(words) - 7)
            end = min(len(words), start + chance.randint(7, 30))
            run = words[start:end]
            is_prose = sum(map(str.isalpha, run)) >= PROSE * len(run)
            if is_prose and not any(start <= place <= end for place in broken):
                yield " ".join(run)


def main():
    """Print the counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--selections", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    found = list(documents())
    each = -(-arguments.pages // len(found))
    outcomes, changed, pages = Counter(), Counter(), 0
    for name, body in found:
        url = f"https://docs.example/{name.removesuffix('.gz')}"
        page = extract(
            Response(
                url=url,
                final_url=url,
                headers={"content-type": "application/pdf"},
                body=body,
                retrieved_at=clock.now(),
            )
        )
        text = normalize(page.text)
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(body)
            file.flush()
            count = len(page.page_starts)
            for number in chance.sample(range(1, count + 1), min(each, count)):
                pages += 1
                runs = [
                    run for block in blocks_of(file.name, number) for run in runs_of(block, chance)
                ]
                for words in chance.sample(runs, min(arguments.selections, len(runs))):
                    outcome = judged(words, page)
                    outcomes[outcome] += 1
                    if arguments.list and outcome != "found":
                        print(outcome, name, number, repr(words))
                    for edited in islice(edits(words, chance), 1):
                        if normalize(edited) not in text:
                            verdict = judged(edited, page)
                            changed["found" if verdict == "found" else "refused"] += 1
                            if arguments.list and verdict == "found":
                                print("EDITED AND FOUND", name, number, repr(edited))
    print(f"{pages} pages of {len(found)} documents; {dict(outcomes.most_common())}")
    print(f"edits: {dict(changed)}")


if __name__ == "__main__":
    main()
