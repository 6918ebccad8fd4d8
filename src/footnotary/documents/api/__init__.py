"""The API document: overview, index, operations, models, what is missing, what changed."""

from footnotary.documents.api.kind import API

__all__ = ["API"]
