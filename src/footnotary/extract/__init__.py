"""Extract: an answer becomes a page, by its media type. Pure; never raises on bad bytes."""

from footnotary.extract.registry import extract

__all__ = ["extract"]
