"""How long the gate takes: cold, unchanged, after a checkout, and on one document.

    python benchmarks/gate.py [--size DOCUMENTS]      (each document has ten citations)

CPU seconds of whole processes. After a checkout every file has a new time stamp, and what the gate
knew was restored with the cache.
"""

import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from rows import COMMAND, Row, grown, make_parser, print_rows, read_sizes, run_measured

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


def run_checks(root: Path) -> list[float]:
    """Return the CPU seconds of each kind of check."""
    check = [*COMMAND, "doc", "check", "-q"]
    one = next((root / ".claude").rglob("*.md"))
    (root / ".footnotary").mkdir()
    cold, warm = (run_measured(check, root).cpu for _ in range(2))
    for path in root.rglob("*"):
        if ".footnotary" not in path.parts:
            os.utime(path)
    restored = run_measured(check, root).cpu
    return [cold, warm, restored, run_measured([*check, str(one)], root).cpu]


def main() -> None:
    """Measure each size."""
    words = make_parser(__doc__, 1000).parse_args()
    sizes, figures = read_sizes(words), []
    for documents in sizes:
        with tempfile.TemporaryDirectory() as name:
            laid_out(Path(name), documents)
            figures.append(run_checks(Path(name)))
    names = ("cold", "unchanged", "after a checkout", "one document")
    rows = (
        Row(f"doc check, {name}", each[-1], "s CPU", growth=grown(sizes, each))
        for name, each in zip(names, zip(*figures, strict=True), strict=True)
    )
    print_rows(rows, as_json=words.json)


if __name__ == "__main__":
    main()
