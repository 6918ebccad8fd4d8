"""The research note: prose of its author, and what its trail says."""

import re
from collections.abc import Iterator

from footnotary.counting import counted, cut_at_word
from footnotary.documents.escape import code, escape_text, list_codes, prose, write_link
from footnotary.documents.kinds import Context, DocumentKind, Part, Prose, Region
from footnotary.documents.tables import write_table
from footnotary.facts.research import (
    DecisionMade,
    OptionWeighed,
    ResearchFacts,
    ResearchTrail,
    SourceOutcome,
    Standing,
)
from footnotary.markers import ANY_MARKER, escaped

SEARCHES = "searches"
"""The region of what was searched; it is not searched itself."""
NOT_LOGGED = ("No search is logged.", "No source is logged.", "**State:** open")
"""What regions say while nothing is logged; nobody looks for it."""
TRAIL_REGIONS = ("remarks", SEARCHES, "sources-read", "decision")
"""What is rendered from a note's trail."""
_MOST_QUOTE = 200
_QUESTION = re.compile(r"_[^_]+_|\*[^*]+\*")  # of the skeleton, not answered yet


def _research_parts(facts: ResearchFacts, context: Context) -> tuple[Part, ...]:
    """Return the note: prose for its author to write, and what its trail says."""
    del context
    trail = facts.trail
    question, findings, sources, decision = RESEARCH.prose
    title = trail.question or f"Research: {facts.topic.replace('-', ' ')}"
    heading = Prose(f"# {escape_text(title)}")
    if not trail.events:  # all of it is its author's
        return (heading, question, findings, sources, decision)
    searches = Region(SEARCHES, f"### Searches\n\n{_searches(trail)}")
    read = Region("sources-read", f"### Sources read and left out\n\n{_sources(trail)}")
    remarks = (Region("remarks", _remarks(trail)),) if trail.remarks else ()
    is_logged = trail.question or trail.decision  # else the decision is in prose, if anywhere
    made = (Region("decision", _decision(trail)),) if is_logged else ()
    return (heading, question, findings, *remarks, sources, searches, read, decision, *made)


def _remarks(trail: ResearchTrail) -> str:
    """Return the author's remarks, oldest first."""
    items = (f"- {one.at.date()}: {prose(one.text)}" for one in trail.remarks)
    return "### Remarks\n\n" + "\n".join(items)


def _searches(trail: ResearchTrail) -> str:
    """Return the searches as a table."""
    rows = [
        (
            one.at.date().isoformat(),
            escape_text(one.engine),
            code(one.terms),
            one.found,
        )
        for one in trail.searches
    ]
    return write_table(("Date", "Searched", "Terms", "Results"), rows) or NOT_LOGGED[0]


def _sources(trail: ResearchTrail) -> str:
    """Return the sources as a table: what was used, what was not and why."""
    rows = [
        (write_link(one.title, one.url), one.state, _used_for(one), prose(one.why))
        for one in trail.sources
    ]
    heads = ("Source", "State", "Quotes", "Why")
    return write_table(heads, rows) or NOT_LOGGED[1]


def _used_for(source: SourceOutcome) -> str:
    """Return what was quoted from a source, and how many quotes it was found not to support."""
    said = [
        f"“{escape_text(cut_at_word(' '.join(quote.split()), _MOST_QUOTE))}” ({code(key)})"
        for quote, key in dict.fromkeys((one.quote, one.key) for one in source.quotes)
    ]
    if source.refused:
        said.append(f"{counted(len(source.refused), 'quote')} refused")
    return "; ".join(said)


def _decision(trail: ResearchTrail) -> str:
    """Return the decision: its state, what was considered, what was chosen and why."""
    made = trail.decision
    day = f", {trail.day}" if trail.day and trail.state in ("decided", "withdrawn") else ""
    by = f" by {code(trail.superseded_by)}" if trail.superseded_by else ""
    parts = [f"**State:** {trail.state}{day}{by}"]
    if made is not None:
        parts += _choice(made)
    return "\n\n".join(parts)


def _choice(made: DecisionMade) -> Iterator[str]:
    """Yield what was considered and chosen."""
    if made.chosen:
        yield f"**Chosen:** {prose(made.chosen)}"
    if made.why:
        yield f"**Why:** {prose(made.why)}"
    if made.withdrawn:
        yield f"**Withdrawn:** {prose(made.withdrawn)}"
    if [one for one in made.options if one.title != made.chosen or one.arguments]:
        yield "**Options:**"
        yield "\n".join(line for one in made.options for line in _option(one, made.chosen))
    if made.consequences:
        yield "**Consequences:**"
        yield "\n".join(f"- {prose(one)}" for one in made.consequences)
    if made.supersedes:
        yield f"**Supersedes:** {list_codes(made.supersedes)}"


def _option(one: OptionWeighed, chosen: str) -> Iterator[str]:
    """Yield an option and what speaks for and against it, as items of a list."""
    yield f"- {prose(one.title)}" + (" (chosen)" if one.title == chosen else "")
    yield from (f"    - {prose(each)}" for each in one.arguments)


def written_section(body: str, heading: str) -> str:
    """Return the first paragraph that an author wrote under a heading, as plain words.

    Args:
        body: A note; a question of its skeleton is no answer.
        heading: The heading's words.
    """
    found = re.search(rf"^#+\s+{heading}\s*$(.*?)(?=^#|^---+$|\Z)", body, re.MULTILINE | re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", found[1] if found else "", flags=re.DOTALL)
    paragraphs = (" ".join(one.split()) for one in re.split(r"\n\s*\n", text))
    answers = (one for one in paragraphs if one and not _QUESTION.fullmatch(one))
    return " ".join(re.sub(rf"{ANY_MARKER}|[`*]", "", next(answers, "")).split())


def render_standing(one: Standing) -> str:
    """Return the entry of a Sources block for a decision, without its number and key."""
    asked = "Asked" if one.state == "open" else "Decided"
    day = f" - [{asked}: {one.day.isoformat()}]" if one.day else ""
    by = f" by {one.superseded_by}" if one.superseded_by else ""
    chosen = f': "{escaped(one.chosen)}"' if one.chosen and one.state == "decided" else ""
    return f"Decision: {escaped(one.title)}{day} - {one.state}{by}{chosen}"


RESEARCH = DocumentKind(
    name="research",
    title="Research",
    section="Findings",
    facts=ResearchFacts,
    prose=(
        Prose("## Question\n\n_What has to be known, by when, and what depends on it?_"),
        Prose(
            "## Findings\n\n_One claim a line, each with its source:"
            " `cite URL --quote … --claim … --to` this file._"
        ),
        Prose(
            "## Sources\n\n_How were sources chosen, and what could not be found?_",
            former=("_What was searched, what was left out, and why?_",),
        ),
        Prose(
            "## Decision\n\n_What would change it, and who is told?_",
            former=("_What was decided, what would change it, and who is told?_",),
        ),
    ),
    parts=_research_parts,
)
