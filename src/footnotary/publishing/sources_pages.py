"""The Sources library: every source with its state, and a page for each."""

from collections.abc import Iterator, Sequence

from footnotary.counting import counted, cut_at_word
from footnotary.documents import escape
from footnotary.models import Citation
from footnotary.publishing.cards import card, render_day, source_label, state_badge
from footnotary.publishing.collection import Collection, PageRef
from footnotary.publishing.evidence import State, last_seen_on_page, state_of
from footnotary.publishing.markup import (
    Html,
    element,
    join_markup,
    plain_words,
    render_heads,
    render_link,
    render_row,
    render_table,
    titled_as,
)
from footnotary.publishing.place import Section, SiteFile, source_name

_GROUP = "Sources"
_INDEX = "sources/index.md"
_SHOWN = 240  # characters of a quote in the library
_WORST = (
    State.GONE,
    State.CHANGED,
    State.UNREACHABLE,
    State.MOVED,
    State.SUPERSEDED,
    State.RECORDED,
    State.HELD,
)


def sources_pages(collection: Collection) -> Iterator[SiteFile]:
    """Yield the library and the page of each source."""
    sources = collection.sources
    yield SiteFile(_INDEX, _index(collection, sources), label="Library", group=_GROUP)
    for url, citations in sources.items():
        uri = f"sources/{source_name(url)}.md"
        yield SiteFile(uri, _page(collection, uri, citations), sections=_sections(citations))


def _sections(citations: Sequence[Citation]) -> tuple[Section, ...]:
    """Return what a search finds on the page of a source: its name, and each quote."""
    quotes = (
        Section(
            one.key,
            _cut(one.quote.exact, 80),
            " ".join((one.quote.exact, *(claim.text for claim in one.claims))),
        )
        for one in citations
    )
    return (Section("", source_label(citations[0]), citations[0].site), *quotes)


def worst_state(citations: Sequence[Citation]) -> State:
    """Return the state of a source: that of its worst quote."""
    return min((state_of(one) for one in citations), key=_WORST.index)


def titled(title: str, *parts: str, search: bool = True) -> str:
    """Return a generated page: a heading, and one block of HTML.

    Args:
        title: Any words.
        parts: Text and HTML below the heading.
        search: Whether the site's search finds the page.
    """
    body = element("div", *parts, class_="fn-page")
    matter = titled_as(title) + ("" if search else "search:\n  exclude: true\n")
    return f"---\nhide:\n  - toc\n{matter}---\n\n# {escape.escape_text(title)}\n\n{body}\n"


def _index(collection: Collection, sources: dict[str, tuple[Citation, ...]]) -> str:
    """Return the library's page."""
    if not sources:
        return titled(
            "Sources",
            element(
                "p",
                "Nothing is cited yet. ",
                element("code", "cite URL --quote “…”"),
                " records the first source.",
            ),
        )
    count = sum(map(len, sources.values()))
    rows = [_row(collection, citations) for citations in sources.values()]
    heads = ("Source", "State", "Read", "Published", "Tags", "Cited by")
    sorts = ("text", "text", "text", "text", "text", "number")
    head = [
        element("th", name, scope="col", data_sort=sort)
        for name, sort in zip(heads, sorts, strict=True)
    ]
    table = render_table(head, rows, class_="fn-library")
    summary = f"{counted(count, 'quote')} from {counted(len(sources), 'source')}."
    return titled(
        "Sources",
        element("p", summary),
        _filters(sources),
        element(
            "div", table, class_="fn-scroll", tabindex="0", role="region", aria_label="Sources"
        ),
        search=False,  # a search should find the page of each source
    )


def _filters(sources: dict[str, tuple[Citation, ...]]) -> Html:
    """Return the controls over the table; they are shown where scripts run."""
    citations = [one for group in sources.values() for one in group]
    sites = sorted({plain_words(one.site) for one in citations if one.site}, key=str.casefold)
    tags = sorted({plain_words(tag) for one in citations for tag in one.tags}, key=str.casefold)
    states = [s.word for s in _WORST if any(worst_state(g) is s for g in sources.values())]
    return element(
        "form",
        element(
            "label",
            "Search",
            element("input", type="search", name="words", placeholder="Words of a quote or title"),
        ),
        _choice("State", "state", states),
        _choice("Site", "site", sites),
        _choice("Tag", "tag", tags),
        _choice("Read", "age", ["30 days", "90 days", "365 days"], every="At any time"),
        element("output", "", class_="fn-count", aria_live="polite"),
        class_="fn-filters",
        hidden="hidden",
        role="search",
        aria_label="Filter the sources",
    )


def _choice(label: str, name: str, values: Sequence[str], every: str = "All") -> Html:
    """Return a menu; nothing where there is nothing to choose."""
    if not values:
        return Html("")
    options = [element("option", value, value=value) for value in values]
    return element(
        "label", label, element("select", element("option", every, value=""), *options, name=name)
    )


def _row(collection: Collection, citations: Sequence[Citation]) -> Html:
    """Return the library's row of one source."""
    first = citations[0]
    state = worst_state(citations)
    read = max(last_seen_on_page(one) for one in citations)
    tags = sorted({plain_words(tag) for one in citations for tag in one.tags})
    pages = {page.uri for one in citations for page in collection.citing.get(one.key, ())}
    page = f"sources/{source_name(first.final_url)}.md"
    quotes = [element("li", element("q", _cut(one.quote.exact))) for one in citations]
    return element(
        "tr",
        element(
            "td",
            element(
                "a", source_label(first), href=collection.href(page, _INDEX), class_="fn-title"
            ),
            element("div", first.site or "", class_="fn-facts"),
            element("ul", *quotes, class_="fn-quotes"),
        ),
        element("td", state_badge(state)),
        element("td", render_day(read)),
        element("td", render_day(first.published) if first.published else "not stated"),
        element("td", *(element("span", tag, class_="fn-tag") for tag in tags)),
        element("td", str(len(pages))),
        data_state=state.word,
        data_site=plain_words(first.site),
        data_tags="\t".join(tags).replace("\t", " | ") if tags else "",
        data_read=read.isoformat(),
    )


def _page(collection: Collection, uri: str, citations: Sequence[Citation]) -> str:
    """Return the page of one source."""
    first = citations[0]
    facts = [render_link(first.final_url, first.final_url)]
    if first.license:
        facts.append(join_markup("licence: ", first.license))
    parts: list[str] = [element("p", Html(" · ".join(facts)), class_="fn-facts")]
    newest_first = sorted(citations, key=lambda one: one.accessed, reverse=True)
    parts.extend(_quote(collection, uri, citation) for citation in newest_first)
    back = element("a", "All sources", href=collection.href(_INDEX, uri))
    return titled(source_label(first), *parts, element("p", back))


def _quote(collection: Collection, uri: str, citation: Citation) -> Html:
    """Return one quote with its claims, who cites it, and its history."""
    shown = card(collection.evidence, citation)
    parts: list[str] = [element("h2", _cut(citation.quote.exact, 80)), shown]
    if citation.search_terms:
        terms = ", ".join(f"“{plain_words(term)}”" for term in citation.search_terms)
        parts.append(element("p", element("strong", "Found by searching: "), terms))
    if citation.superseded_by:
        parts.append(_successor(collection, uri, citation))
    parts.append(_citing(collection, uri, collection.citing.get(citation.key, ())))
    parts.append(_history(citation))
    return element("section", *parts, id=citation.key)


def _successor(collection: Collection, uri: str, citation: Citation) -> Html:
    """Return a link to the record that replaced this one."""
    new = collection.evidence.citations.get(citation.superseded_by)
    if new is None:
        return element("p", "Superseded by ", element("code", citation.superseded_by), ".")
    target = collection.href(f"sources/{source_name(new.final_url)}.md", uri)
    return element(
        "p", "Superseded by ", element("a", source_label(new), href=f"{target}#{new.key}"), "."
    )


def _citing(collection: Collection, uri: str, pages: Sequence[PageRef]) -> Html:
    """Return the pages that rest on a quote."""
    if not pages:
        return element("p", "No page cites it.", class_="fn-facts")
    items = [
        element(
            "li",
            element("a", page.title, href=collection.href(page.uri, uri)),
            " (superseded)" if page.superseded else "",
        )
        for page in pages
    ]
    return join_markup(element("h3", "Cited by"), element("ul", *items))


def _history(citation: Citation) -> Html:
    """Return every reading of the source, oldest first."""
    match = "word for word" if citation.quote.match == "exact" else "up to typography"
    first = f"The quote was on the page {match}."
    rows = [render_row(render_day(citation.accessed), state_badge(State.RECORDED), first)]
    rows += [
        render_row(render_day(check.date), state_badge(State[check.outcome.name]), check.detail)
        for check in citation.checks
    ]
    table = render_table(render_heads("Day", "Found", "Detail"), rows)
    return join_markup(
        element("h3", "History of checks"),
        element("div", table, class_="fn-scroll", tabindex="0", role="region", aria_label="Checks"),
    )


def _cut(text: str, length: int = _SHOWN) -> str:
    """Return the beginning of a text, cut at a word."""
    return cut_at_word(plain_words(text), length)
