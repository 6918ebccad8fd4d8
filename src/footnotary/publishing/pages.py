"""Every page and file that is made for the site, whichever engine renders it."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from footnotary.documents import prose
from footnotary.documents.escape import escape_text, write_link
from footnotary.files import read_inside
from footnotary.project import repository_of
from footnotary.publishing.collection import Collection
from footnotary.publishing.document_pages import document_pages
from footnotary.publishing.feeds import feeds
from footnotary.publishing.markup import escape
from footnotary.publishing.place import SiteFile
from footnotary.publishing.sources_pages import sources_pages
from footnotary.publishing.state_pages import state_pages

ASSETS = "assets/footnotary"
STYLES = (f"{ASSETS}/footnotary.css",)
SCRIPTS = (f"{ASSETS}/diagrams.js", f"{ASSETS}/footnotary.js")
GROUPS = ("Documents", "Notebook", "Sources")
MAX_BYTES = 200_000  # that are shown of it
MAX_README = 20_000_000
STATE = "<!-- footnotary:state -->"


def site_files(collection: Collection, name: str, site_url: str) -> tuple[SiteFile, ...]:
    """Return every file that is made, each place once.

    Args:
        collection: What the site shows.
        name: The site's name.
        site_url: Where it will be published; may be empty.
    """
    found: dict[str, SiteFile] = {}
    for file in (
        *document_pages(collection),
        *sources_pages(collection),
        *feeds(collection, name, site_url),
        *assets(swagger=any(one.prefix == "API" for one in collection.documents)),
    ):
        found.setdefault(file.uri, file)
    for file in state_pages(collection):
        known = found.pop(file.uri, None)  # in the order of the menu
        content = known.content if known else file.content
        origin = known.origin if known else file.origin
        found[file.uri] = replace(file, content=content, origin=origin)
    return tuple(replace(one, uri=collection.moved.get(uri, uri)) for uri, one in found.items())


def navigation(made: tuple[SiteFile, ...]) -> list[dict[str, list[dict[str, str]]]]:
    """Return the made pages as `nav` entries, a heading for each group; labels are HTML there."""
    groups: dict[str, list[dict[str, str]]] = {group: [] for group in GROUPS}
    for file in made:
        if file.group and file.label:
            groups[file.group].append({str(escape(file.label)): file.uri})
    return [{group: entries} for group, entries in groups.items() if entries]


def assets(*, swagger: bool) -> Iterator[SiteFile]:
    """Yield our scripts and styles, and the vendored ones with their licences.

    Args:
        swagger: Whether a page needs Swagger UI.
    """
    root = files("footnotary") / "assets"
    for folder in (root, root / "vendor"):
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            wanted = swagger or not file.name.startswith("swagger")
            if file.is_file() and wanted and file.name != "manifest.json":
                yield SiteFile(f"{ASSETS}/{file.name}", file.read_bytes())


def home_page(name: str, about: str, readme: Path, docs: Path, repository: str = "") -> str:
    """Return a home page: the README's own words up to its second heading, then the state.

    Where the repository is known, a link to it is between.

    Badges and HTML are left out. Links and pictures lead where they did if that is on the
    web or in the folder of pages; of others the words stay.
    """
    lead = prose.lead(
        readme_text(readme), lambda address: _place_in_docs(address, readme.parent, docs)
    )
    words = lead or [escape_text(about)]
    links = [write_link("Repository", repository)] if repository else []
    return "\n\n".join((f"# {escape_text(name)}", *words, *links, STATE)) + "\n"


def readme_text(readme: Path) -> str:
    """Return the beginning of a README; nothing where there is none."""
    try:
        words = read_inside(readme, repository_of(readme.parent), MAX_README)[:MAX_BYTES]
    except OSError:
        return ""
    return words.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def _place_in_docs(address: str, root: Path, docs: Path) -> str:
    """Return where an address of the README leads in the folder of pages; nothing if out of it."""
    path, mark, anchor = address.partition("#")
    try:
        place = (root / path).resolve()
        inside = bool(path) and place.is_file() and place.is_relative_to(docs.resolve())
    except (OSError, ValueError):
        return ""
    return f"{place.relative_to(docs.resolve()).as_posix()}{mark}{anchor}" if inside else ""
