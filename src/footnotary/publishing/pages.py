"""Every page and file that is made for the site, whichever engine renders it."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable

from footnotary.publishing.collection import Collection
from footnotary.publishing.document_pages import document_pages
from footnotary.publishing.feeds import feeds
from footnotary.publishing.files import SiteFile
from footnotary.publishing.markup import escape
from footnotary.publishing.sources_pages import sources_pages
from footnotary.publishing.state_pages import state_pages

ASSETS = "assets/footnotary"
STYLES = (f"{ASSETS}/footnotary.css",)
SCRIPTS = (f"{ASSETS}/mermaid-loader.js", f"{ASSETS}/footnotary.js")
GROUPS = ("Documents", "Notebook", "Sources")


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
        known = found.get(file.uri)
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
                yield SiteFile(f"{ASSETS}/{file.name}", _content(file))


def _content(file: Traversable) -> bytes:
    return file.read_bytes()
