"""What our share of a build costs, against the same pages with Python-Markdown's footnotes.

    python benchmarks/site.py [PAGES] [CITATIONS]

Builds a site of PAGES pages with five citations each, out of CITATIONS records, twice with
plain MkDocs: once with native footnotes and once with the plugin. Prints CPU seconds.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from footnotary.models import Citation, Evidence, Quote
from footnotary.records import RecordStore

MARKERS = 5
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
    """Measure and print."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    records = int(sys.argv[2]) if len(sys.argv) > 2 else 500  # noqa: PLR2004  argv
    with tempfile.TemporaryDirectory() as folder:
        native, ours = Path(folder) / "native", Path(folder) / "ours"
        plugins = f"plugins: [search]\n{EXTENSIONS}  - footnotes\n"
        write(native, pages, plugins, lambda n: f"[^{n}]", native_notes)
        write(
            ours,
            pages,
            f"plugins: [search, footnotary]\n{EXTENSIONS}",
            lambda n: f"^[{n}]",
            our_block,
        )
        cite(ours, records)
        base, mine = cpu(native), cpu(ours)
        made = sum(1 for _ in ours.rglob("*.html")) - sum(1 for _ in native.rglob("*.html"))
    share = mine - base
    print(f"{pages} pages, {MARKERS} citations each, {records} records")
    print(f"native footnotes {base:.1f} CPU s, footnotary {mine:.1f} CPU s")
    print(f"{share:.1f} s more, {100 * share / base:.1f} %, {1000 * share / pages:.2f} ms a page,")
    print(f"of which some {made * base / pages:.1f} s for the engine's part of {made} made pages")


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


def our_block(page: int) -> str:
    """Return a Sources block."""
    lines = [
        f"[{n}] Title {n} - https://example.org/{page}/{n} - [Date Accessed: 2026-11-20] - "
        f'"Words of quote {n}" <!-- cite:source-{(page * MARKERS + n) % RECORDS:06x} -->'
        for n in range(1, MARKERS + 1)
    ]
    return "---\n\n**Sources and Citations:**\n\n" + "\n\n".join(lines)


RECORDS = int(sys.argv[2]) if len(sys.argv) > 2 else 500  # noqa: PLR2004  argv


def cite(root: Path, records: int) -> None:
    """Write the records: ten quotes a source."""
    store = RecordStore(root / "citations")
    store.folder.mkdir()
    from footnotary.records import dumped

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
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "-q", "build", "-f", str(root / "mkdocs.yml")], check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{root.name}: {time.perf_counter() - started:.1f} s")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
