"""Publishing: from documents and citations to a site that shows its evidence.

One renderer, several engines: `footnotary.markdown_extension` renders markers and Sources
blocks wherever Python-Markdown runs; `pages` makes the documents, the Sources library, the
notebook and the health page as plain files; `footnotary.mkdocs_plugin` hands these to
MkDocs or ProperDocs, and `staging` writes them to a folder for Zensical.
"""
