"""Adopt: documents that people or agents wrote elsewhere, their sources read one by one.

claims_found  what a document cites, in the seed's form and its variants
judging       what became of each source
taking_over   the sources that hold become records; every other word stays
"""

from footnotary.adopting.claims_found import FoundSource, Survey, surveyed
from footnotary.adopting.judging import JudgedSource, Verdict, judge_sources
from footnotary.adopting.taking_over import taken_over

__all__ = [
    "FoundSource",
    "JudgedSource",
    "Survey",
    "Verdict",
    "judge_sources",
    "surveyed",
    "taken_over",
]
