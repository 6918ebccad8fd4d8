"""The SCHEMA document: diagrams, tables, naming, lints, what changed."""

from footnotary.documents.schema.kind import SCHEMA

__all__ = ["SCHEMA"]
