"""What a reader sees of one citation: in the Sources block, on the card, on its page."""

import json
import re
from collections.abc import Iterable
from datetime import date

from footnotary.facts.research import Standing
from footnotary.fetch.repositories import is_local
from footnotary.markers import SourceEntry
from footnotary.models import Citation, Claim, How, Support
from footnotary.publishing.evidence import (
    EvidenceOfFolder,
    State,
    last_seen_on_page,
    sentence_url,
    state_of,
)
from footnotary.publishing.markup import (
    DOT,
    Html,
    element,
    escape,
    join_markup,
    plain_words,
    reference,
    render_link,
    web_url,
)

PAGE_OF_SOURCE = "Checks and citing pages"
# A character that no escaped text holds, in the place of what differs from page to page.
_PAGE = Html("\x00")
_WAY_TO_PAGE = re.compile(f'(?:{DOT})?<a href="{_PAGE}">{PAGE_OF_SOURCE}</a>')
_READ = {
    How.WEB: "read ",
    How.FILE: "read in a saved copy ",
    How.ARCHIVE: "read in an archive ",
}
UNBORNE = "claim not supported by the quote's words"
UNDECIDED = "undecided: does not repeat a whole sentence of the quote"
"""What is shown of a claim on which its author insists, or that the gate has not seen."""
_NOTE_MARKS = {
    "open": ("○", "note"),
    "decided": ("✓", "good"),
    "superseded": ("↻", "note"),
    "withdrawn": ("✕", "bad"),
    "unknown": ("?", "bad"),
    "used": ("✓", "good"),
    "left out": ("◇", "note"),
    "not used": ("○", "note"),
    "not read": ("?", "note"),
    "refused": ("✕", "bad"),
}
"""Mark and tone of every state of a note, a source and a quote; each mark has its own shape."""
SURROUNDINGS = 160  # characters shown on each side of a quote


def state_badge(state: State) -> Html:
    """Return a state as a mark and a word."""
    return render_badge(state.word, state.mark, state.tone)


def render_badge(word: str, mark: str, tone: str) -> Html:
    """Return a mark and a word.

    Args:
        word: What the reader sees.
        mark: A sign of its own shape.
        tone: `good`, `note` or `bad`.
    """
    return element(
        "span",
        element("span", reference(mark), class_="fn-mark", aria_hidden="true"),
        " ",
        word,
        class_=f"fn-state fn-{tone}",
    )


def render_note_state(state: str) -> Html:
    """Return the state of a note, or of a source or quote in it, as a mark and a word."""
    mark, tone = _NOTE_MARKS[state]
    return render_badge(state, mark, tone)


def render_day(value: date) -> Html:
    """Return a day that machines read too."""
    return element("time", value.isoformat(), datetime=value.isoformat())


def source_label(citation: Citation) -> str:
    """Return the best name a source has."""
    return (
        plain_words(citation.title) or plain_words(citation.site) or plain_words(citation.final_url)
    )


def surrounded(citation: Citation) -> Html:
    """Return the quote in the words around it, as they stood on the page."""
    exact = citation.quote.exact
    before, behind = citation.quote.prefix, citation.quote.suffix
    at = citation.evidence.passage.find(exact)
    if at >= 0:
        before = citation.evidence.passage[:at]
        behind = citation.evidence.passage[at + len(exact) :]
    before, behind = before.replace("¶", " "), behind.replace("¶", " ")  # links of headings
    return element(
        "blockquote",
        element("span", _tail(before), class_="fn-around"),
        element("q", exact),
        element("span", _head(behind), class_="fn-around"),
        class_="fn-quote",
        cite=web_url(citation.final_url) or None,
    )


def _tail(text: str) -> str:
    """Return the end of the words before a quote, cut at a word."""
    if len(text) <= SURROUNDINGS:
        return text if text.strip() else ""
    return "… " + text[-SURROUNDINGS:].partition(" ")[2]


def _head(text: str) -> str:
    """Return the beginning of the words behind a quote, cut at a word."""
    if len(text) <= SURROUNDINGS:
        return text if text.strip() else ""
    return text[:SURROUNDINGS].rpartition(" ")[0] + " …"


def title_link(citation: Citation) -> Html:
    """Return the title as a link with Robust Links attributes.

    Source: Robust Links, https://robustlinks.mementoweb.org/spec/ (originalurl, versiondate
    and versionurl as data attributes).
    """
    archive = web_url(citation.archive_url)
    return render_link(
        source_label(citation),
        citation.final_url,
        class_="fn-title",
        data_originalurl=web_url(citation.url) or None,
        data_versiondate=citation.accessed.isoformat(),
        data_versionurl=archive or None,
    )


def card(evidence: EvidenceOfFolder, citation: Citation, page: str = "") -> Html:
    """Return what `recorded` returns, rendered once until a record changes.

    Args:
        evidence: The records, which keep it.
        citation: The record.
        page: As for `recorded`: only this differs from page to page.
    """
    kept = evidence.rendered.get(("card", citation.key))
    if kept is None:
        kept = evidence.rendered["card", citation.key] = render_recorded(evidence, citation, _PAGE)
    return Html(kept.replace(_PAGE, page) if page else _WAY_TO_PAGE.sub("", kept))


def render_recorded(evidence: EvidenceOfFolder, citation: Citation, page: str = "") -> Html:
    """Return all a reader needs of a citation that has a record.

    Args:
        evidence: The records: a claim may rest on several.
        citation: The record.
        page: Relative address of the source's own page; none is linked if empty.
    """
    byline = [plain_words(citation.site), ", ".join(plain_words(name) for name in citation.authors)]
    facts = [escape(words) for words in byline if words]
    if citation.published:
        facts.append(join_markup("published ", render_day(citation.published)))
    if citation.modified and citation.modified != citation.published:
        facts.append(join_markup("changed ", render_day(citation.modified)))
    read = "read " if is_local(citation.url) else _READ[citation.evidence.how]
    facts.append(join_markup(read, render_day(citation.accessed)))
    if last_seen_on_page(citation) != citation.accessed:
        facts.append(join_markup("last held ", render_day(last_seen_on_page(citation))))
    section = citation.quote.section.rstrip("¶# ")  # the sign of a heading's own link
    if section:
        facts.append(join_markup("in “", section, "”"))
    return element(
        "div",
        element("p", title_link(citation), " ", state_badge(state_of(citation)), class_="fn-head"),
        surrounded(citation),
        *_claims(evidence, citation),
        element("p", Html(DOT.join(facts)), class_="fn-facts"),
        element("p", Html(DOT.join(_ways(citation, page))), class_="fn-ways"),
        class_="fn-source",
        data_key=citation.key,
    )


def _claims(evidence: EvidenceOfFolder, citation: Citation) -> list[Html]:
    """Return what is claimed by a quote, with a mark on what its words do not support."""
    shown: dict[str, Html] = {}
    for claim in citation.claims:
        mark = _mark(evidence, citation, claim)
        shown.setdefault(claim.folded, element("li", claim.text, mark))
    if not shown:
        return []
    head = element("p", element("strong", "Claims" if len(shown) > 1 else "Claim"))
    return [element("div", head, element("ul", *shown.values()), class_="fn-claims")]


def _mark(evidence: EvidenceOfFolder, citation: Citation, claim: Claim) -> Html | str:
    """Return the mark of what is known of a claim's support, none where the quote says it."""
    from footnotary.rules.claim_support import known_support

    support = known_support(claim, citation, evidence.citations.values())
    if support is Support.SUPPORTED:
        return ""
    words, tone = (UNBORNE, "bad") if support is Support.INSISTED else (UNDECIDED, "note")
    return join_markup(" ", element("span", words, class_=f"fn-state fn-{tone}"))


def _ways(citation: Citation, page: str) -> list[Html]:
    """Return the links of a citation: to the sentence, the snapshot, its page."""
    ways = []
    sentence = sentence_url(citation)
    if sentence:
        beside = citation.evidence.text_url
        ways.append(render_link("Go to the page" if beside else "Go to the sentence", sentence))
    if web_url(citation.evidence.text_url):
        ways.append(render_link("The text that was read", citation.evidence.text_url))
    if web_url(citation.archive_url):
        ways.append(render_link("Snapshot", citation.archive_url))
    if page:
        ways.append(element("a", PAGE_OF_SOURCE, href=page))
    return ways


def decision_card(one: Standing, page: str) -> Html:
    """Return what a reader sees of a decision that is cited.

    Args:
        one: The decision.
        page: Relative address of the note; nothing is linked if empty.
    """
    title = element("a", one.title, href=page, class_="fn-title") if page else escape(one.title)
    state = render_note_state("unknown" if one.problem else one.state)
    facts = [escape("decision")]
    if one.day:
        said = "asked " if one.state == "open" else "decided "
        facts.append(join_markup(said, render_day(one.day)))
    if one.superseded_by:
        facts.append(join_markup("superseded by ", element("code", one.superseded_by)))
    chosen = element("p", element("strong", one.chosen)) if one.chosen else ""
    head = element("p", title, " ", state, class_="fn-head")
    return element(
        "div",
        head,
        chosen,
        element("p", Html(DOT.join(facts)), class_="fn-facts"),
        class_="fn-source",
    )


def unrecorded(entry: SourceEntry) -> Html:
    """Return a line of a Sources block that names no record we have."""
    facts = []
    if entry.accessed:
        facts.append(join_markup("said to be read ", render_day(entry.accessed)))
    if entry.note:
        facts.append(escape(entry.note))
    head = [
        render_link(entry.title or entry.url or "No source", entry.url, class_="fn-title"),
        Html(" "),
    ]
    parts = [element("p", *head, state_badge(State.UNRECORDED), class_="fn-head")]
    if entry.quote:
        parts.append(element("blockquote", element("q", entry.quote), class_="fn-quote"))
    if facts:
        parts.append(element("p", Html(DOT.join(facts)), class_="fn-facts"))
    return element("div", *parts, class_="fn-source")


_HEAD = '{"@context": "https://schema.org", "@type": "TechArticle", "citation": ['


def citation_data(evidence: EvidenceOfFolder, citations: Iterable[Citation]) -> Html:
    """Return a page's citations as JSON-LD.

    Source: schema.org `citation` (https://schema.org/citation), `Quotation` and `WebPage`.

    Returns:
        A `script` element of data, which no browser runs; no `<` or `{{` can end it early.
    """
    works = ", ".join(_written(evidence, citation) for citation in citations)
    return Html(f'<script type="application/ld+json">{_HEAD}{works}]}}</script>')


def _written(evidence: EvidenceOfFolder, citation: Citation) -> str:
    """Return one citation as JSON."""
    text = evidence.rendered.get(("data", citation.key))
    if text is None:
        text = json.dumps(_work(citation), ensure_ascii=True)
        for char in "<>&":
            text = text.replace(char, f"\\u{ord(char):04x}")
        evidence.rendered["data", citation.key] = text
    return text


def _work(citation: Citation) -> dict[str, object]:
    """Return one citation as a web page that holds a quotation."""
    page: dict[str, object] = {"@type": "WebPage", "name": source_label(citation)}
    if web_url(citation.final_url):
        page["url"] = web_url(citation.final_url)
    if citation.authors:
        page["author"] = [
            {"@type": "Person", "name": plain_words(name)} for name in citation.authors
        ]
    if citation.published:
        page["datePublished"] = citation.published.isoformat()
    if citation.modified:
        page["dateModified"] = citation.modified.isoformat()
    if web_url(citation.archive_url):
        page["archivedAt"] = web_url(citation.archive_url)
    page["hasPart"] = {"@type": "Quotation", "text": plain_words(citation.quote.exact)}
    return page
