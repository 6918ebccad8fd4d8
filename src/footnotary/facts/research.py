"""The facts of a research note: its topic. All else in it is written by its author."""

from typing import ClassVar

from footnotary.facts.basis import Facts


class ResearchFacts(Facts):
    """What is known of a research note before it is written."""

    KIND: ClassVar[str] = "research"

    kind: str = "research"
    topic: str
