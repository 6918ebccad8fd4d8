"""What our share of a build costs, against the same pages with Python-Markdown's footnotes.

    python benchmarks/site_build.py [--size PAGES]

Builds pages with five citations each, each a record of its own, with plain MkDocs: with native
footnotes and with footnotary, in turns; the least CPU time of two builds counts.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from rows import Row, grown, make_parser, print_rows, read_sizes, run_measured

from footnotary.models import Citation, Evidence, Quote
from footnotary.record_files import dumped
from footnotary.records import RecordStore

MARKERS = 5
RUNS = 2
EXTENSIONS = """\
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables
  - pymdownx.details
  - pymdownx.superfences
"""
THEME = "theme: {name: material, font: false, features: [navigation.prune]}\n"


def main() -> None:
    """Measure sites of three sizes."""
    words = make_parser(__doc__, 1000).parse_args()
    sizes, ours, beside = read_sizes(words), [], []
    for pages in sizes:
        with tempfile.TemporaryDirectory() as folder:
            native, cited = Path(folder) / "native", Path(folder) / "ours"
            plugins = f"plugins: [search]\n{EXTENSIONS}  - footnotes\n"
            write(native, pages, plugins, lambda n: f"[^{n}]", native_notes)
            write_ours(cited, pages, pages * MARKERS)
            runs = [(cpu(native), cpu(cited)) for _ in range(RUNS)]
            beside.append(min(each for each, _ in runs))
            ours.append(min(each for _, each in runs))
    more = [(a - b) / pages * 1000 for a, b, pages in zip(ours, beside, sizes, strict=True)]
    rows = (
        Row("mkdocs build", ours[-1], "s CPU", beside[-1], "native footnotes", grown(sizes, ours)),
        Row("mkdocs build, our share", more[-1], "ms CPU a page", growth=grown(sizes, more)),
    )
    print_rows(rows, as_json=words.json)


def write_ours(root: Path, pages: int, records: int) -> None:
    """Write a site that footnotary builds."""
    settings = f"plugins: [search, footnotary]\n{EXTENSIONS}"
    write(root, pages, settings, lambda n: f"^[{n}]", lambda page: our_block(page, records))
    cite(root, records)


def write(
    root: Path,
    pages: int,
    settings: str,
    marker: Callable[[int], str],
    notes: Callable[[int], str],
) -> None:
    """Write a site's sources."""
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(f"site_name: x\n{THEME}{settings}")
    for page in range(pages):
        body = "\n\n".join(
            f"## Part {n}\n\nA claim of page {page}{marker(n)} in a paragraph of some words, with "
            "`code` and **weight**."
            for n in range(1, MARKERS + 1)
        )
        text = f"# Page {page}\n\n{body}\n\n{notes(page)}\n"
        (root / "docs" / f"{'index' if page == 0 else f'page-{page}'}.md").write_text(text)


def native_notes(page: int) -> str:
    """Return footnotes with the same words."""
    return "\n".join(
        f'[^{n}]: Title {n} - https://example.org/{page}/{n} - 2026-11-20 - "Words of quote {n}"'
        for n in range(1, MARKERS + 1)
    )


def our_block(page: int, records: int) -> str:
    """Return a Sources block that cites five of so many records."""
    lines = [
        f"[{n}] Title {n} - https://example.org/{page}/{n} - [Date Accessed: 2026-11-20] - "
        f'"Words of quote {n}" <!-- cite:source-{(page * MARKERS + n) % records:06x} -->'
        for n in range(1, MARKERS + 1)
    ]
    return "---\n\n**Sources and Citations:**\n\n" + "\n\n".join(lines)


def cite(root: Path, records: int) -> None:
    """Write the records: ten quotes a source."""
    store = RecordStore(root / "citations")
    store.folder.mkdir()
    for n in range(records):
        url = f"https://example.org/{n // 10}"
        one = Citation(
            key=f"source-{n:06x}",
            url=url,
            final_url=url,
            title=f"Title {n // 10}",
            accessed=date(2026, 11, 20),
            quote=Quote(exact=f"Words of quote {n} on the page"),
            evidence=Evidence(
                retrieved_at=datetime(2026, 11, 20, tzinfo=UTC),
                body_sha256="0" * 64,
                text_sha256="0" * 64,
                passage=f"Before. Words of quote {n} on the page. Behind.",
            ),
        )
        (store.folder / f"{one.key}.yaml").write_bytes(dumped(one))


def cpu(root: Path) -> float:
    """Return the CPU seconds of one build."""
    return run_measured([sys.executable, "-m", "mkdocs", "-q", "build"], root).cpu


if __name__ == "__main__":
    main()
