"""Look for the quotes of this repository's citations in the saved pages they were taken from.

    python scripts/saved_sources.py

The pages are those of Debian 12's documentation packages, which are downloaded (apt-get) and
unpacked into a scratch folder; nothing is installed. Exit code 1 if a quote is not in its page.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from footnotary.inspecting import read_page
from footnotary.match import match_quote
from footnotary.models import Citation, How
from footnotary.records import RecordStore

ROOT = Path(__file__).parent.parent
DOC = Path("usr/share/doc")
# The start of an address, the package that carries its pages, and where.
PACKAGES = (
    ("https://docs.python.org/3.11/", "python3.11-doc", DOC / "python3.11/html"),
    ("https://www.postgresql.org/docs/15/", "postgresql-doc-15", DOC / "postgresql-doc-15/html"),
    ("https://www.sqlite.org/", "sqlite3-doc", DOC / "sqlite3"),
    ("https://git-scm.com/docs/", "git-doc", DOC / "git-doc"),
    (
        "https://requests.readthedocs.io/en/v2.28.1/",
        "python-requests-doc",
        DOC / "python-requests-doc/html",
    ),
)


def main() -> int:
    """Print what became of each quote."""
    missing = 0
    with tempfile.TemporaryDirectory() as folder:
        unpack(Path(folder))
        for citation in RecordStore(ROOT / "citations").all():
            if citation.evidence.how is not How.FILE:
                continue
            said = outcome(citation, Path(folder))
            missing += said != "found"
            print(f"{said:8s} {citation.key}")
    return bool(missing)


def unpack(folder: Path) -> None:
    """Download the packages and unpack them."""
    for _, package, _ in PACKAGES:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True)
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)


def outcome(citation: Citation, folder: Path) -> str:
    """Return whether a citation's quote is in its saved page."""
    for start, _, pages in PACKAGES:
        if citation.final_url.startswith(start):
            name = citation.final_url.removeprefix(start)
            file = folder / pages / (name if name.endswith(".html") else f"{name}.html")
            if not file.is_file():
                return "no page"
            page = read_page(file, citation.final_url)
            return "found" if match_quote(citation.quote.exact, page).found else "ABSENT"
    return "no package"


if __name__ == "__main__":
    sys.exit(main())
