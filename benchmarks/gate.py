"""How long the gate takes: cold, unchanged, and on one document.

    python benchmarks/gate.py [DOCUMENTS…]      (each document has ten citations)

Prints CPU seconds of whole processes; the first run of each size is cold, the second finds
everything unchanged. A linear gate takes ten times as long for ten times as many.
"""

import os
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from footnotary.markers import synced
from footnotary.models import Citation, Evidence, Quote
from footnotary.record_files import dumped
from footnotary.records import make_key

CITATIONS = 10
WORDS = (
    "The worker reads an order from the queue, writes it to the table and tells the customer."
    " Payments are made once, whatever happens between the two steps, because each carries a key."
)


def record(number: int) -> Citation:
    """Return a record with a quote of its own."""
    quote = f"Rule {number}: keep connections of pool {number} open for {number % 60 + 1} seconds"
    url = f"https://docs.example.org/pools/{number}"
    return Citation(
        key=make_key(url, quote, "example", f"Pools {number}"),
        url=url,
        final_url=url,
        title=f"Pools {number}",
        site="Example",
        accessed=date.today(),  # noqa: DTZ011  only its year matters
        quote=Quote(exact=quote),
        evidence=Evidence(
            retrieved_at=datetime.now(UTC).replace(microsecond=0),
            body_sha256="0" * 64,
            text_sha256="0" * 64,
            passage=f"{WORDS} {quote}. {WORDS}",
        ),
    )


def laid_out(root: Path, documents: int) -> None:
    """Write a project with documents and records."""
    (root / "pyproject.toml").write_text('[project]\nname = "bench"\n')
    (root / "citations").mkdir()
    folder = root / ".claude" / "docs" / "current" / "research"
    folder.mkdir(parents=True)
    today = date.today()  # noqa: DTZ011  the file's name
    for number in range(documents):
        records = [record(number * CITATIONS + each) for each in range(CITATIONS)]
        for each in records:
            (root / "citations" / f"{each.key}.yaml").write_bytes(dumped(each))
        claims = "\n\n".join(
            f"{WORDS} Connections of pool {number * CITATIONS + at} stay open.^[{each.key}]"
            for at, each in enumerate(records)
        )
        text = (
            f"---\nkind: research\nproject: t{number}\ndate: {today}\nstatus: current\n---\n\n"
            f"# Topic {number}\n\n## Findings\n\n{claims}\n\n```python\nprint({number})\n```\n"
        )
        text = synced(text, {each.key: each for each in records}, today, {})
        (folder / f"RESEARCH-t{number}-{today}.md").write_text(text)


def seconds(*words: str) -> float:
    """Return the CPU seconds of `doc check`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", "from footnotary.cli import doc; doc()", "check", "-q", *words],
        check=False,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    if done.returncode != 0:
        sys.exit(f"doc check left with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure each size that is asked for."""
    print("documents  citations  cold s  unchanged s  one document s")
    for documents in map(int, sys.argv[1:] or ("10", "100", "1000")):
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            laid_out(root, documents)
            one = next((root / ".claude").rglob("*.md"))
            cold, warm = seconds("--root", name), seconds("--root", name)
            single = seconds(str(one), "--root", name)
            count = documents * CITATIONS
            print(f"{documents:9}  {count:9}  {cold:6.2f}  {warm:11.2f}  {single:14.2f}")


if __name__ == "__main__":
    main()
