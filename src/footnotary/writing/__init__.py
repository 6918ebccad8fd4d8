"""Writing documents: from facts to files, prose carried over, nothing ever half-written.

    documents_on_disk  finds what is there
    reading            asks the project for its facts
    composing          makes the new text: `new`, `refresh`
    superseding        what a new document changes in others
    syncing            numbers markers: `sync`
    citing_into        puts a claim into a document: `cite_into`
    transaction        puts several files on disk as one

Each name is loaded when it is first used: the gate needs to find documents, not to write them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from footnotary.writing.citing_into import cite_into
    from footnotary.writing.composing import Written, new, refresh
    from footnotary.writing.documents_on_disk import Stored, located, stored_documents
    from footnotary.writing.reading import read_facts
    from footnotary.writing.syncing import sync

__all__ = [
    "Stored",
    "Written",
    "cite_into",
    "located",
    "new",
    "read_facts",
    "refresh",
    "stored_documents",
    "sync",
]

_HOMES = {
    "Stored": "documents_on_disk",
    "Written": "composing",
    "cite_into": "citing_into",
    "located": "documents_on_disk",
    "new": "composing",
    "read_facts": "reading",
    "refresh": "composing",
    "stored_documents": "documents_on_disk",
    "sync": "syncing",
}


def __getattr__(name: str) -> Any:
    """Load a name of this package from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
