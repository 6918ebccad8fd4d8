"""The trail of a research note: what was asked, searched, read, quoted, left out and decided.

A trail is a file of JSON lines beside its note (`….trail.jsonl`), an event a line, which only
grows: two branches that both append to it merge by keeping the lines of both.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from footnotary.counting import counted
from footnotary.facts.basis import Fact, Facts

MOST_CHARACTERS = 20_000
"""The longest text of an event; a decision record that is imported may be longer."""

DECISION = "decision:"
"""How a marker begins that cites a decision: `^[decision:KEY]`."""

NoteState = Literal["open", "decided", "superseded", "withdrawn"]
STATES: tuple[NoteState, ...] = ("open", "decided", "superseded", "withdrawn")
"""What a note can be, in the order in which they are listed; the words are the same everywhere."""

_Text = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
_ID = r"^[0-9a-f]{12}$"


class Happened(Fact):
    """What every event has.

    Attributes:
        id: Made of the event and of the one before it, so that it stays the same for ever.
        at: When it happened (UTC).
        by: Who did it, as git names its user; empty for what commands log by themselves.
    """

    id: Annotated[str, StringConstraints(pattern=_ID)] = "0" * 12
    at: AwareDatetime
    by: _Text = ""


class QuestionAsked(Happened):
    """The question with which a note begins."""

    event: Literal["question"] = "question"
    question: _Text


class Searched(Happened):
    """A search.

    Attributes:
        engine: What was asked: `what was read and written` (here), the address of an engine, or
            `elsewhere` for terms that the author names.
        terms: What was searched for.
        results: How many results there were; None where that is not known.
        is_cut: Whether there may have been more: as many were found as were asked for.
    """

    event: Literal["search"] = "search"
    engine: _Text
    terms: _Text
    results: int | None = None
    is_cut: bool = False

    @property
    def found(self) -> str:
        """How many results there were, in words."""
        if self.results is None:
            return "not known"
        return f"{self.results} or more" if self.is_cut else str(self.results)

    @property
    def found_results(self) -> str:
        """The same with its noun: `1 result`."""
        if self.results is None:
            return "number of results unknown"
        return f"{self.found} results" if self.is_cut else counted(self.results, "result")


class OfSource(Happened):
    """An event about a source.

    Attributes:
        url: The source, as it was named or where its redirects ended.
        title: Its title, where it was read.
        asked: As it was named, where that led elsewhere.
    """

    url: _Text
    title: _Text = ""
    asked: _Text = ""


class SourceRead(OfSource):
    """A source that was looked at.

    Attributes:
        problem: Why it could not be read; empty where it could.
    """

    event: Literal["reading"] = "reading"
    problem: _Text = ""


class Quoted(OfSource):
    """A quote that was found on its page and recorded."""

    event: Literal["quote"] = "quote"
    key: _Text
    quote: _Text


class QuoteRefused(OfSource):
    """A quote that was not recorded.

    Attributes:
        quote: The words.
        outcome: `absent`, `near`, `not_shown`, or `unsupported-claim`.
        claim: What the quote does not support, where that is the outcome.
    """

    event: Literal["refusal"] = "refusal"
    quote: _Text
    outcome: _Text
    claim: _Text = ""


class LeftOut(OfSource):
    """A source that its reader decided not to use."""

    event: Literal["rejection"] = "rejection"
    why: _Text


class Remarked(Happened):
    """Words of the author."""

    event: Literal["remark"] = "remark"
    text: _Text


class OptionWeighed(Fact):
    """An option that was considered.

    Attributes:
        title: What it is called.
        text: What is said of it, as Markdown.
        arguments: For and against it, each with its beginning: `Good, because …`.
    """

    title: _Text
    text: str = ""
    arguments: tuple[str, ...] = ()


class DecisionMade(Happened):
    """A decision, or what is known of it while it is open; a later one takes its place.

    Attributes:
        state: `open`, `decided`, or `withdrawn` (rejected, or no longer in force).
        day: When it was decided.
        options: What was considered.
        chosen: Title of the chosen option.
        why: The reason.
        withdrawn: Why it is no longer in force.
        consequences: What follows from it.
        supersedes: Keys of the notes whose decisions it replaces.
        file: Name of the decision record that it was read from.
        record: That record, as it was.
        in_prose: Whether nothing was logged, and it is what the author has written; its day is
            not known then.
    """

    event: Literal["decision"] = "decision"
    state: Literal["open", "decided", "withdrawn"]
    day: date | None = None
    options: tuple[OptionWeighed, ...] = ()
    chosen: _Text = ""
    why: str = ""
    withdrawn: _Text = ""
    consequences: tuple[str, ...] = ()
    supersedes: tuple[_Key, ...] = ()
    file: _Text = ""
    record: str = ""
    in_prose: bool = Field(default=False, exclude=True)


class Replaced(Happened):
    """That the decision of another note has taken this one's place."""

    event: Literal["superseded"] = "superseded"
    key: _Key


TrailEvent = (
    QuestionAsked
    | Searched
    | SourceRead
    | Quoted
    | QuoteRefused
    | LeftOut
    | Remarked
    | DecisionMade
    | Replaced
)


@dataclass(frozen=True)
class SourceOutcome:
    """What became of one source.

    Attributes:
        url: Its address.
        title: Its title; its address where none is known.
        quotes: What was quoted from it.
        refused: What it was said to have.
        why: Why it was left out or could not be read; empty otherwise.
        state: `used`, `left out`, `not used` (no reason was given) or `not read`.
        first: When it was first named.
    """

    url: str
    title: str
    quotes: tuple[Quoted, ...]
    refused: tuple[QuoteRefused, ...]
    why: str
    state: Literal["used", "left out", "not used", "not read"]
    first: datetime


@dataclass(frozen=True)
class ResearchTrail:
    """The events of a note."""

    events: tuple[TrailEvent, ...] = ()

    @property
    def question(self) -> str:
        """The question; empty where none was logged."""
        return next((one.question for one in self.events if isinstance(one, QuestionAsked)), "")

    @property
    def author(self) -> str:
        """Who asked; empty where that is not known."""
        return next((one.by for one in self.events if isinstance(one, QuestionAsked)), "")

    @property
    def searches(self) -> tuple[Searched, ...]:
        """The searches."""
        return tuple(one for one in self.events if isinstance(one, Searched))

    @property
    def terms(self) -> tuple[str, ...]:
        """What was searched for, each once, on one line."""
        return tuple(dict.fromkeys(" ".join(one.terms.split()) for one in self.searches))

    @property
    def quoted(self) -> tuple[str, ...]:
        """The keys of the records that were made, each once."""
        return tuple(dict.fromkeys(one.key for one in self.events if isinstance(one, Quoted)))

    @property
    def remarks(self) -> tuple[Remarked, ...]:
        """The author's remarks."""
        return tuple(one for one in self.events if isinstance(one, Remarked))

    @property
    def decision(self) -> DecisionMade | None:
        """The decision as it was last written; None where there is none."""
        found = [one for one in self.events if isinstance(one, DecisionMade)]
        return found[-1] if found else None

    @property
    def superseded_by(self) -> str:
        """Key of the note whose decision has replaced this one's; empty where none has."""
        later = [one for one in self.events if isinstance(one, DecisionMade | Replaced)]
        return later[-1].key if later and isinstance(later[-1], Replaced) else ""

    @property
    def state(self) -> NoteState:
        """What the note is."""
        if self.superseded_by:
            return "superseded"
        return self.decision.state if self.decision else "open"

    @property
    def day(self) -> date | None:
        """When the decision was made, or else the question asked; None where that is not known."""
        made = self.decision
        if made and (made.state != "open" or made.record):
            return made.day
        return self.events[0].at.date() if self.events else None

    @cached_property
    def sources(self) -> tuple[SourceOutcome, ...]:
        """Every source that was named, in the order in which they were."""
        named = [one for one in self.events if isinstance(one, OfSource)]
        led = {_address(one.asked): _address(one.url) for one in named if one.asked}
        groups: dict[str, list[OfSource]] = {}
        for one in named:
            address = _address(one.url)
            groups.setdefault(led.get(address, address), []).append(one)
        return tuple(_source(group) for group in groups.values())


def _address(url: str) -> str:
    """Return an address as its sources are told apart: without fragment and last slash."""
    return url.strip().partition("#")[0].removesuffix("/")


def _source(group: list[OfSource]) -> SourceOutcome:
    """Return what the events about one source say."""
    quotes = tuple(one for one in group if isinstance(one, Quoted))
    last = group[-1]
    judged = next((one for one in reversed(group) if isinstance(one, Quoted | LeftOut)), last)
    state: Literal["used", "left out", "not used", "not read"] = "not used"
    why = ""
    if isinstance(judged, LeftOut):
        state, why = "left out", judged.why
    elif isinstance(judged, Quoted):
        state = "used"
    elif all(isinstance(one, SourceRead) and one.problem for one in group):
        state, why = (
            "not read",
            next(one.problem for one in reversed(group) if isinstance(one, SourceRead)),
        )
    title = next((one.title for one in reversed(group) if one.title), "")
    refused = tuple(one for one in group if isinstance(one, QuoteRefused))
    return SourceOutcome(last.url, title or last.url, quotes, refused, why, state, group[0].at)


class ResearchFacts(Facts):
    """What a research note is written from."""

    KIND: ClassVar[str] = "research"

    kind: str = "research"
    topic: str
    events: tuple[TrailEvent, ...] = Field(default=(), exclude=True)

    @property
    def trail(self) -> ResearchTrail:
        """Its trail."""
        return ResearchTrail(self.events)


class Standing(Fact):
    """What a document has to know of a decision that it cites.

    Attributes:
        key: Key of the note.
        title: The note's question or title.
        state: What the note is.
        day: When it was decided or, while it is open, asked.
        chosen: Title of the chosen option.
        superseded_by: Key of the note that has taken its place.
        problem: Why its trail does not read, so that its state is not known; empty if it does.
    """

    key: str
    title: str
    state: NoteState
    day: date | None = None
    chosen: str = ""
    superseded_by: str = ""
    problem: str = ""
