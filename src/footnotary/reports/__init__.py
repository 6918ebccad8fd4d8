"""Findings in the forms that people and other programs read. Pure: a report in, text out."""

from footnotary.reports.formats import FORMATS, formatted

__all__ = ["FORMATS", "formatted"]
