"""Publishing: from documents and citations to a site that shows its evidence.

One renderer, several engines: `footnotary.markdown_extension` renders markers and Sources
blocks wherever Python-Markdown runs; `pages` makes the documents, the Sources library, the
notebook and the health page as plain files; `footnotary.mkdocs_plugin` hands these to
MkDocs or ProperDocs, and `staging` writes them to a folder for Zensical.
"""

from footnotary.publishing.engine import Built, build_site, serve_site
from footnotary.publishing.initialising import Plan, PlannedFile, initialise
from footnotary.publishing.inventories import refresh_inventories, stale_inventories
from footnotary.publishing.serving import free_address

__all__ = [
    "Built",
    "Plan",
    "PlannedFile",
    "build_site",
    "free_address",
    "initialise",
    "refresh_inventories",
    "serve_site",
    "stale_inventories",
]
