"""What our share of a build costs, against the same pages with Python-Markdown's footnotes.

    python benchmarks/site_build.py [PAGES] [CITATIONS]…

Builds PAGES pages with five citations each with plain MkDocs: with native footnotes, with
footnotary out of that many records (for each number given), and with mkdocs-bibtex where it is
installed. Each is built three times, in turns; the least CPU time counts.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

from footnotary.models import Citation, Evidence, Quote
from footnotary.record_files import dumped
from footnotary.records import RecordStore

MARKERS = 5
RUNS = 3
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
    numbers = [int(one) for one in sys.argv[2:]] or [100, 1000, 10_000]
    with tempfile.TemporaryDirectory() as folder:
        roots = {"native footnotes": Path(folder) / "native"}
        plugins = f"plugins: [search]\n{EXTENSIONS}  - footnotes\n"
        write(roots["native footnotes"], pages, plugins, lambda n: f"[^{n}]", native_notes)
        for records in numbers:
            root = roots[f"footnotary, {records} citations"] = Path(folder) / f"ours-{records}"
            write_ours(root, pages, records)
        if find_spec("mkdocs_bibtex"):
            roots["mkdocs-bibtex"] = Path(folder) / "bibtex"
            write_bibtex(roots["mkdocs-bibtex"], pages)
        best = dict.fromkeys(roots, float("inf"))
        for _ in range(RUNS):
            for name, root in roots.items():
                best[name] = min(best[name], cpu(root))
    base = best["native footnotes"]
    print(f"{pages} pages with {MARKERS} citations each, least CPU time of {RUNS} builds")
    for name, taken in best.items():
        more = taken - base
        share = f"{100 * more / base:+6.1f} % {1000 * more / pages:+7.2f} ms a page" if more else ""
        print(f"{name:30s} {taken:7.2f} s {share}", flush=True)


def write_ours(root: Path, pages: int, records: int) -> None:
    """Write a site that footnotary builds."""
    settings = f"plugins: [search, footnotary]\n{EXTENSIONS}"
    write(root, pages, settings, lambda n: f"^[{n}]", lambda page: our_block(page, records))
    cite(root, records)


def write_bibtex(root: Path, pages: int) -> None:
    """Write a site that mkdocs-bibtex builds, out of 500 entries."""
    settings = f"plugins: [search, {{bibtex: {{bib_file: x.bib}}}}]\n{EXTENSIONS}  - footnotes\n"
    write(root, pages, settings, lambda n: f" [@source{n}]", lambda _: "\\bibliography")
    entries = (
        f"@misc{{source{n},\n author = {{Somebody}},\n title = {{Title {n}}},\n"
        f" year = {{2026}},\n url = {{https://example.org/{n}}}\n}}\n"
        for n in range(500)
    )
    (root / "x.bib").write_text("\n".join(entries))


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
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "-q", "build", "-f", str(root / "mkdocs.yml")],
        check=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
