"""The research note: a page of the notebook, with question, findings, sources, decision."""

from collections.abc import Mapping

from footnotary.documents.kinds import Context, Part, Prose
from footnotary.errors import DocumentError
from footnotary.facts.basis import Facts
from footnotary.facts.research import ResearchFacts


class Research:
    """`doc new research TOPIC`."""

    name = "research"
    prefix = "RESEARCH"
    folder = "research"
    title = "Research"
    section = "Findings"
    options: frozenset[str] = frozenset()
    prose: tuple[Prose, ...] = (
        Prose("## Question\n\n_What has to be known, by when, and what depends on it?_"),
        Prose(
            "## Findings\n\n_One claim a line, each with its source:"
            " `cite URL --quote … --claim … --to` this file._"
        ),
        Prose("## Sources\n\n_What was searched, what was left out, and why?_"),
        Prose("## Decision\n\n_What was decided, what would change it, and who is told?_"),
    )
    facts: type[Facts] = ResearchFacts

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the note: prose alone, for its author to write."""
        if not isinstance(facts, ResearchFacts):
            raise DocumentError(f"A research note cannot be made from {facts.kind} facts.")
        del context
        topic = facts.topic.replace("-", " ")
        return (Prose(f"# Research: {topic}"), *self.prose)

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Return nothing: a note has no attachments."""
        del facts, context
        return {}


RESEARCH = Research()
