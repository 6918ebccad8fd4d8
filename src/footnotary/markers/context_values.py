"""What footnotary says in the Research Context; what its author says there stays.

Of a value under one of our labels only what has our form is renewed: the day, the counts, the
versions of libraries that were read, the search terms of records. Other words are kept.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from footnotary.facts.research import ResearchTrail
from footnotary.markers.entries import on_one_line
from footnotary.markers.spans import escaped, unescaped
from footnotary.models import Citation

DAY, TERMS, RECENCY, VERSIONS = LABELS = (
    "Analysis Date",
    "Search Terms Used",
    "Data Recency",
    "Versions",
)
_NO_TERMS = "none recorded"
_NO_TRAIL = ResearchTrail()
_DAY = re.compile(r"\d{4}-\d\d-\d\d|[A-Z]\w+ \d{1,2},? \d{4}|\d{1,2} [A-Z]\w+ \d{4}")
_RECENCY = re.compile(
    r"no sources|oldest source [\d-]{10}, newest [\d-]{10}; \d+ of \d+ older than \d+ days"
)
_TERM = re.compile(r'"([^"]*)"')
_TERM_LIST = re.compile(r'"[^"]*"(?:, "[^"]*")*')
_PLACEHOLDER = re.compile(r"(?:\[[^\]]*\])?")


@dataclass(frozen=True)
class ContextFacts:
    """What the Research Context of a document is made of.

    Attributes:
        day: The day of the analysis.
        cited: The records that the document cites, and those that the trail of a note quotes.
        known: All records, which tell whose a search term is.
        versions: Installed versions of the libraries that the document is about.
        former: Libraries that were named when it was last written.
        stale_after_days: Age in days from which a source counts as old.
        trail: The trail of a research note; None where it does not read.
    """

    day: date
    cited: Sequence[Citation]
    known: Collection[Citation]
    versions: Mapping[str, str]
    former: Collection[str]
    stale_after_days: int
    trail: ResearchTrail | None = _NO_TRAIL

    def value(self, label: str, before: str) -> str:
        """Return what is under a label from now on; empty where nothing is known."""
        is_blank = _PLACEHOLDER.fullmatch(before) is not None
        if self.trail is None and label in (TERMS, RECENCY):
            return before
        if label == DAY:
            day = self.day.isoformat()
            return day if is_blank else _DAY.sub(day, before, count=1)
        if label == RECENCY:
            found = _RECENCY.match(before)
            behind = before[found.end() :] if found else ""
            return self._recency() + behind if found or is_blank else before
        return self._terms("" if is_blank else before) if label == TERMS else self._listed(before)

    def _terms(self, before: str) -> str:
        """Return the search terms: of the records, of the trail, and what the author named."""
        of_records = (term for each in self.cited for term in each.search_terms)
        own = dict.fromkeys((*of_records, *(self.trail.terms if self.trail else ())))
        if before and before != _NO_TERMS and not _TERM_LIST.fullmatch(before):
            said = _words(before)
            return ", ".join([before, *(f'"{escaped(t)}"' for t in own if t not in said)])
        named = [term for term in map(_words, _TERM.findall(before)) if term not in own]
        recorded = {term for each in self.known for term in each.search_terms} if named else ()
        own |= dict.fromkeys(term for term in named if term not in recorded)
        return ", ".join(f'"{escaped(term)}"' for term in own) or _NO_TERMS

    def _recency(self) -> str:
        """Say how old the sources are: by their own date, else by the day they were read."""
        days = sorted(each.published or each.accessed for each in self.cited)
        if not days:
            return "no sources"
        limit = self.day - timedelta(days=self.stale_after_days)
        old = sum(1 for each in days if each < limit)
        return (
            f"oldest source {days[0].isoformat()}, newest {days[-1].isoformat()};"
            f" {old} of {len(days)} older than {self.stale_after_days} days"
        )

    def _listed(self, before: str) -> str:
        """Return the versions: those that were read, and those that the author named."""
        own = dict(self.versions)
        for each in self.cited:
            own = {name: it for name, it in each.versions.items() if name != "commit"} | own
        remarks: dict[str, str] = {}
        others: list[str] = []
        for piece in filter(None, before.split(", ")):
            name, _, said = piece.partition(" ")
            name = _words(name)
            if name in own:
                remarks[name] = said.partition(" ")[2]
            elif name not in self.former and all(name not in each.versions for each in self.known):
                others.append(piece)
        listed = (f"{escaped(name)} {escaped(own[name])}" for name in sorted(own))
        with_remarks = (
            f"{one} {remarks[name]}" if remarks.get(name) else one
            for name, one in zip(sorted(own), listed, strict=True)
        )
        return ", ".join([*with_remarks, *others])


def _words(markdown: str) -> str:
    """Return the words behind Markdown that `escaped` wrote and a formatter may have rewritten."""
    return unescaped(on_one_line(markdown))


def analysis_date(before: str) -> date | None:
    """Return the day that an Analysis Date states, if it states one."""
    found = _DAY.search(before)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
