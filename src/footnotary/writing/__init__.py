"""Writing documents: from facts to files, prose carried over, nothing ever half-written.

`documents_on_disk` finds what is there, `reading` asks the project for its facts,
`composing` makes the new text, `transaction` puts several files on disk as one.
"""

from footnotary.writing.citing_into import cite_into
from footnotary.writing.composing import Written, new, refresh
from footnotary.writing.documents_on_disk import Stored, stored_documents
from footnotary.writing.reading import read_facts
from footnotary.writing.syncing import sync

__all__ = [
    "Stored",
    "Written",
    "cite_into",
    "new",
    "read_facts",
    "refresh",
    "stored_documents",
    "sync",
]
