"""The notebook: its index, the decision log, the reading list, and each note's trail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from footnotary import clock
from footnotary.counting import counted, cut_at_word
from footnotary.documents.research import RESEARCH, written_section
from footnotary.errors import DocumentError
from footnotary.facts.research import (
    DECISION,
    STATES,
    DecisionMade,
    OptionWeighed,
    ResearchTrail,
    SourceOutcome,
)
from footnotary.models import Citation
from footnotary.publishing.cards import render_badge, render_day, render_note_state, source_label
from footnotary.publishing.collection import Collection, Document
from footnotary.publishing.markup import (
    DOT,
    Html,
    element,
    join_markup,
    plain_words,
    render_link,
)
from footnotary.publishing.place import SiteFile, source_name
from footnotary.publishing.sources_pages import titled
from footnotary.writing.documents_on_disk import StoredDocument
from footnotary.writing.trails import read_note

INDEX = "notebook/index.md"
LOG = "notebook/decisions.md"
READING = "notebook/reading.md"
_GROUP = "Notebook"
_UNKNOWN = "unknown"
_EXCERPT = 280
_LABEL = 60
_GROUPS = (
    ("open", "Open questions"),
    ("decided", "Decided"),
    ("superseded", "Superseded"),
    ("withdrawn", "Withdrawn"),
    (_UNKNOWN, "State not known"),
)
SOURCE_STATES = (
    ("used", "Used"),
    ("left out", "Left out"),
    ("not used", "Read and not used"),
    ("not read", "Could not be read"),
)


@dataclass(frozen=True)
class NotePage:
    """A research note with its trail; `problem` says why the trail does not read."""

    document: Document
    trail: ResearchTrail
    problem: str = ""

    @property
    def state(self) -> str:
        """What it is, in the words that are used everywhere."""
        return _UNKNOWN if self.problem else self.trail.state

    @property
    def day(self) -> str:
        """When it was decided, or asked; its document's day where that is not known."""
        return self.trail.day.isoformat() if self.trail.day else self.document.date


def note_page(document: Document) -> NotePage:
    """Return a research note with its trail."""
    day = date.fromisoformat(document.date)
    stored = StoredDocument(document.path, RESEARCH.name, document.name, day, document.archived)
    try:
        return NotePage(document, read_note(stored, document.text))
    except DocumentError as error:
        return NotePage(document, ResearchTrail(), error.message)


def notebook_pages(collection: Collection) -> Iterator[SiteFile]:
    """Yield the index, the decision log, the reading list, and the notes' places in the menu."""
    notes = sorted(map(note_page, collection.notes), key=_order)
    yield SiteFile(INDEX, _index(collection, notes), label="Notebook", group=_GROUP)
    if notes:
        yield SiteFile(LOG, _log(collection, notes), label="Decisions", group=_GROUP)
        yield SiteFile(READING, _reading(collection, notes), label="Reading list", group=_GROUP)
    for note in notes:
        label = cut_at_word(plain_words(note.document.title), _LABEL)
        yield SiteFile(note.document.uri, "", label=label, group=_GROUP)


def _order(note: NotePage) -> tuple[int, int, str]:
    """Return the place of a note: open questions first, oldest first; then the newest decision."""
    at = [state for state, _ in _GROUPS].index(note.state)
    day = date.fromisoformat(note.day).toordinal()
    return at, day if note.state == "open" else -day, note.document.stem


def state_words(notes: Iterable[NotePage]) -> str:
    """Return how many notes are in which state, in words."""
    states = [note.state for note in notes]
    found = ((states.count(state), state) for state in (*STATES, _UNKNOWN))
    return ", ".join(f"{count} {state}" for count, state in found if count)


def _index(collection: Collection, notes: Sequence[NotePage]) -> str:
    """Return the index: by state, then the search terms."""
    if not notes:
        return titled(
            "Notebook",
            element(
                "p",
                "There are no notes yet. ",
                element("code", "footnotary note start “Which …?”"),
                " begins one.",
            ),
        )
    ways = [
        element("a", "Decisions", href=collection.href(LOG, INDEX)),
        element("a", "Reading list", href=collection.href(READING, INDEX)),
        element("a", "Search terms", href="#search-terms"),
    ]
    tags = _tags(collection, notes)
    if tags:
        ways.append(element("a", "Tags", href="#tags"))
    summary = element("p", f"{state_words(notes)}. ", Html(DOT.join(ways)), class_="fn-summary")
    parts = [
        join_markup(
            element("h2", title),
            element("ol", *(_entry(collection, one) for one in group), class_="fn-notes"),
        )
        for state, title in _GROUPS
        if (group := [one for one in notes if one.state == state])
    ]
    return titled("Notebook", summary, *parts, _terms(collection, notes), tags)


def _entry(collection: Collection, note: NotePage) -> Html:
    """Return a note in the index: question, age and author, what was done, what was decided."""
    document, made = note.document, note.trail.decision
    parts = [
        element(
            "h3",
            element("a", document.title, href=collection.href(document.uri, INDEX)),
            " ",
            render_note_state(note.state),
        ),
        element("p", Html(DOT.join(note_facts(note))), class_="fn-facts"),
    ]
    question = cut_at_word(plain_words(written_section(document.body, "Question")), _EXCERPT)
    if question:
        parts.append(element("p", element("strong", "Question: "), question))
    if made and (made.chosen or made.why) and note.state != "open":
        parts.append(element("p", element("strong", "Decision: "), render_chosen(made)))
    if made and made.withdrawn:
        parts.append(element("p", element("strong", "Withdrawn: "), made.withdrawn))
    if note.trail.superseded_by:
        new = link_notes(collection, [note.trail.superseded_by], INDEX)
        parts.append(element("p", element("strong", "Superseded by: "), new))
    if note.problem:
        parts.append(element("p", note.problem, class_="fn-banner"))
    return element("li", *parts)


def note_facts(note: NotePage) -> list[Html]:
    """Return the age of a note, who asked, and how much was done, each a piece of HTML."""
    trail, day = note.trail, date.fromisoformat(note.day)
    facts = []
    if note.state == "open":
        days = (clock.today() - day).days
        age = f"{counted(days, 'day')} ago" if days > 0 else "today"
        facts.append(join_markup("asked ", render_day(day), f", {age}"))
    else:
        facts.append(join_markup("" if trail.day else "written ", render_day(day)))
    if trail.author:
        facts.append(join_markup("by ", trail.author))
    read = [one for one in trail.sources if one.state != "not read"]
    quotes = sum(len(one.quotes) for one in trail.sources)
    for count, noun in ((len(trail.searches), "search"), (len(read), "source"), (quotes, "quote")):
        if count:
            facts.append(join_markup(counted(count, noun, "searches" if noun == "search" else "")))
    return facts


def render_chosen(made: DecisionMade) -> Html:
    """Return what was chosen and why, on one line."""
    why = cut_at_word(plain_words(made.why), _EXCERPT)
    if not made.chosen:
        return join_markup(why)
    chosen = element("strong", made.chosen)
    return join_markup(chosen, f": {why}" if why else "")


def _terms(collection: Collection, notes: Sequence[NotePage]) -> Html:
    """Return the search terms as an index to the notes that used them and what they found."""
    found: dict[str, dict[str, Html]] = {}
    for note in notes:
        link = element("a", note.document.title, href=collection.href(note.document.uri, INDEX))
        for one in note.trail.searches:
            shown = join_markup(link, f": {one.found_results}" if one.results is not None else "")
            found.setdefault(plain_words(one.terms), {})[note.document.uri] = shown
    for citation in collection.evidence.citations.values():
        for term in citation.search_terms:
            link = _link_record(collection, citation)
            found.setdefault(plain_words(term), {})[citation.final_url] = link
    heading = element("h2", "Search terms", id="search-terms")
    unread = _unread(collection, notes, INDEX)
    if not found:
        return join_markup(heading, unread or element("p", "No search is logged."))
    quoted = {f"“{term}”": links for term, links in found.items()}
    return join_markup(heading, unread, _listing(quoted))


def _tags(collection: Collection, notes: Sequence[NotePage]) -> Html:
    """Return the tags as an index to the notes that quote what has them, and to the sources."""
    found: dict[str, dict[str, Html]] = {}
    tags = {
        citation.key: list(filter(None, map(plain_words, citation.tags)))
        for citation in collection.evidence.citations.values()
    }
    for note in notes:
        link = element("a", note.document.title, href=collection.href(note.document.uri, INDEX))
        quoted = [quote.key for one in note.trail.sources for quote in one.quotes]
        for key in (*quoted, *note.document.cited_keys):
            for tag in tags.get(key, ()):
                found.setdefault(tag, {})[note.document.uri] = link
    for key, of_record in tags.items():
        for tag in of_record:
            citation = collection.evidence.citations[key]
            found.setdefault(tag, {})[citation.final_url] = _link_record(collection, citation)
    if not found:
        return Html("")
    return join_markup(element("h2", "Tags", id="tags"), _listing(found))


def _link_record(collection: Collection, citation: Citation) -> Html:
    """Return a link to a record on the page of its source."""
    return link_source(collection, citation.final_url, source_label(citation), INDEX, citation.key)


def _listing(found: Mapping[str, Mapping[str, Html]]) -> Html:
    """Return words with the links that belong to each, by the words."""
    rows = [
        join_markup(
            element("dt", words),
            element("dd", element("ul", *(element("li", one) for one in found[words].values()))),
        )
        for words in sorted(found, key=str.casefold)
    ]
    return element("dl", *rows)


def _log(collection: Collection, notes: Sequence[NotePage]) -> str:
    """Return the decision log, newest first."""
    made = [one for one in notes if one.trail.decision and one.trail.state != "open"]
    made.sort(key=lambda one: (one.day, one.document.stem), reverse=True)
    items = [_decided(collection, one) for one in made]
    log = element("ol", *items, class_="fn-notes fn-log")
    nothing = element("p", "Nothing is decided yet.")
    unread = _unread(collection, notes, LOG)
    return titled("Decisions", unread, log if made else "" if unread else nothing)


def _unread(collection: Collection, notes: Iterable[NotePage], uri: str) -> Html:
    """Return which notes have a trail that does not read; empty where all are read."""
    keys = [one.document.name for one in notes if one.problem]
    if not keys:
        return Html("")
    links = link_notes(collection, keys, uri)
    return element("p", "Left out, as their trails do not read: ", links, ".", class_="fn-banner")


def _decided(collection: Collection, note: NotePage) -> Html:
    """Return a decision in the log, with who cites it."""
    document = note.document
    link = element("a", document.title, href=collection.href(document.uri, LOG))
    day = render_day(date.fromisoformat(note.day)) if note.trail.day else "day not stated"
    by = join_markup(DOT, note.trail.author) if note.trail.author else ""
    return element(
        "li",
        element("h2", link, " ", render_note_state(note.state)),
        element("p", day, by, class_="fn-facts"),
        *render_decision_parts(collection, note, LOG),
        id=document.name,
    )


def render_decision_parts(collection: Collection, note: NotePage, uri: str) -> Iterator[Html]:
    """Yield what was chosen, considered and superseded, and who cites it."""
    made = note.trail.decision
    if made is not None:
        if made.chosen or made.why:
            yield element("p", element("strong", "Decision: "), render_chosen(made))
        if made.withdrawn:
            yield element("p", element("strong", "Withdrawn: "), made.withdrawn)
        if [one for one in made.options if one.title != made.chosen or one.arguments or one.text]:
            items = [_option(one, made.chosen) for one in made.options]
            yield join_markup(element("p", "Options:"), element("ul", *items, class_="fn-options"))
        if made.consequences:
            listed = [element("li", one) for one in made.consequences]
            yield join_markup(element("p", "Consequences:"), element("ul", *listed))
        if made.supersedes:
            yield element("p", "Supersedes ", link_notes(collection, made.supersedes, uri), ".")
    if note.trail.superseded_by:
        new = link_notes(collection, [note.trail.superseded_by], uri)
        yield element("p", "Superseded by ", new, ".")
    citing = collection.citing.get(DECISION + note.document.name, ())
    if citing:
        pages = [element("a", one.title, href=collection.href(one.uri, uri)) for one in citing]
        yield element("p", "Cited by ", Html(", ".join(pages)), ".", class_="fn-facts")


def _option(one: OptionWeighed, chosen: str) -> Html:
    """Return an option with what speaks for and against it."""
    is_chosen = one.title == chosen
    arguments = [element("li", words) for words in one.arguments]
    return element(
        "li",
        element("strong" if is_chosen else "span", one.title),
        join_markup(" ", render_badge("chosen", "✓", "good")) if is_chosen else "",
        element("p", one.text) if one.text else "",
        element("ul", *arguments) if arguments else "",
    )


def link_notes(collection: Collection, keys: Iterable[str], uri: str) -> Html:
    """Return links to notes by their keys; the key alone where there is no such note."""
    known = {one.name: one for one in collection.notes}
    return Html(
        ", ".join(
            element("a", known[key].title, href=collection.href(known[key].uri, uri))
            if key in known
            else element("code", key)
            for key in keys
        )
    )


def _reading(collection: Collection, notes: Sequence[NotePage]) -> str:
    """Return every source that was read, by what became of it, with its note."""
    named = [(one, note) for note in notes for one in note.trail.sources]
    parts = [_unread(collection, notes, READING)]
    if not (named or any(parts)):
        return titled("Reading list", element("p", "No reading is logged."))
    for state, title in SOURCE_STATES:
        group = [pair for pair in named if pair[0].state == state]
        group.sort(key=lambda pair: pair[0].first, reverse=True)
        if group:
            items = [render_source(collection, one, READING, note) for one, note in group]
            parts += [element("h2", title), element("ul", *items, class_="fn-notes")]
    return titled("Reading list", *parts)


def render_source(
    collection: Collection, one: SourceOutcome, uri: str, note: NotePage | None = None
) -> Html:
    """Return a source with what became of it."""
    facts = [render_day(one.first.date())]
    if note is not None:
        link = element("a", note.document.title, href=collection.href(note.document.uri, uri))
        facts.append(join_markup("for ", link))
    if one.quotes:
        facts.append(join_markup(counted(len(one.quotes), "quote")))
    if one.refused:
        facts.append(join_markup(counted(len(one.refused), "quote"), " refused"))
    return element(
        "li",
        link_source(collection, one.url, one.title, uri),
        " ",
        render_note_state(one.state),
        element("p", one.why) if one.why else "",
        element("p", Html(DOT.join(facts)), class_="fn-facts"),
    )


def link_source(collection: Collection, url: str, title: str, uri: str, key: str = "") -> Html:
    """Return a source's title: a link to its page here, or else to where it is."""
    citation = collection.evidence.citations.get(key)
    final = citation.final_url if citation else url
    if final in collection.sources:
        target = collection.href(f"sources/{source_name(final)}.md", uri)
        return element("a", title or url, href=f"{target}#{key}" if key else target)
    return render_link(title or url, url)
