"""Writing documents: from facts to files, prose carried over, nothing ever half-written.

    documents_on_disk  finds what is there
    reading            asks the project for its facts
    composing          makes the new text: `write_document`, `refresh_document`
    drafts             a document before it is written, and what it changes in others
    exporting          numbers markers: `sync_documents`; writes for other programs
    citing_into        puts a claim into a document: `cite_into`
    transaction        puts several files on disk as one

Each name is loaded when it is first used: the gate needs to find documents, not to write them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from footnotary.writing.citing_into import cite_into
    from footnotary.writing.composing import WrittenDocument, refresh_document, write_document
    from footnotary.writing.documents_on_disk import StoredDocument, located, stored_documents
    from footnotary.writing.exporting import sync_documents
    from footnotary.writing.reading import read_facts

__all__ = [
    "StoredDocument",
    "WrittenDocument",
    "cite_into",
    "located",
    "read_facts",
    "refresh_document",
    "stored_documents",
    "sync_documents",
    "write_document",
]

_HOMES = {
    "StoredDocument": "documents_on_disk",
    "WrittenDocument": "composing",
    "cite_into": "citing_into",
    "located": "documents_on_disk",
    "write_document": "composing",
    "read_facts": "reading",
    "refresh_document": "composing",
    "stored_documents": "documents_on_disk",
    "sync_documents": "exporting",
}


def __getattr__(name: str) -> Any:
    """Load a name of this package from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
