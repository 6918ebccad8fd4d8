"""The home page, from what the project says of itself and how its evidence is."""

from pathlib import Path

from footnotary.documents import prose
from footnotary.documents.escape import escape_text
from footnotary.files import read_inside
from footnotary.project import repository_of

MAX_BYTES = 200_000  # that are shown of it
MAX_README = 20_000_000
STATE = "<!-- footnotary:state -->"


def home_page(name: str, about: str, readme: Path, docs: Path) -> str:
    """Return a home page: the README's own words up to its second heading, then the state.

    Badges and HTML are left out. Links and pictures lead where they did if that is on the
    web or in the folder of pages; of others the words stay.

    Args:
        name: The project's name.
        about: What is said where the README says nothing.
        readme: The README; it need not exist.
        docs: Folder of the author's pages.
    """
    lead = prose.lead(readme_text(readme), lambda address: _place(address, readme.parent, docs))
    return "\n\n".join((f"# {escape_text(name)}", *(lead or [escape_text(about)]), STATE)) + "\n"


def readme_text(readme: Path) -> str:
    """Return the beginning of a README; nothing where there is none.

    Args:
        readme: The file.
    """
    try:
        words = read_inside(readme, repository_of(readme.parent), MAX_README)[:MAX_BYTES]
    except OSError:
        return ""
    return words.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def _place(address: str, root: Path, docs: Path) -> str:
    """Return where an address of the README leads in the folder of pages; nothing if out of it."""
    path, mark, anchor = address.partition("#")
    try:
        place = (root / path).resolve()
        inside = bool(path) and place.is_file() and place.is_relative_to(docs.resolve())
    except (OSError, ValueError):
        return ""
    return f"{place.relative_to(docs.resolve()).as_posix()}{mark}{anchor}" if inside else ""
