"""Every page and file that is made for the site, whichever engine renders it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from footnotary import clock
from footnotary.documents import prose
from footnotary.documents.escape import escape_text, write_link
from footnotary.files import read_inside
from footnotary.gating.quality import History, Quality, histories
from footnotary.models import Citation
from footnotary.project import repository_of
from footnotary.publishing.cards import render_day, source_label, state_badge
from footnotary.publishing.collection import Collection, Document
from footnotary.publishing.document_pages import document_pages
from footnotary.publishing.evidence import State, last_seen_on_page, state_of
from footnotary.publishing.feeds import feeds
from footnotary.publishing.markup import (
    Html,
    element,
    escape,
    join_markup,
    render_heads,
    render_row,
    render_table,
)
from footnotary.publishing.notebook import INDEX, note_page, notebook_pages, state_words
from footnotary.publishing.place import SiteFile, source_name
from footnotary.publishing.sources_pages import sources_pages, titled
from footnotary.writing.documents_on_disk import StoredDocument

ASSETS = "assets/footnotary"
STYLES = (f"{ASSETS}/footnotary.css",)
SCRIPTS = (f"{ASSETS}/diagrams.js", f"{ASSETS}/footnotary.js")
GROUPS = ("Documents", "Notebook", "Sources")
_MAX_BYTES = 200_000  # that are shown of it
MAX_README = 20_000_000
STATE = "<!-- footnotary:state -->"


def site_files(collection: Collection, name: str, site_url: str) -> tuple[SiteFile, ...]:
    """Return every file that is made, each place once.

    Args:
        collection: What the site shows.
        name: The site's name.
        site_url: Where it will be published; may be empty.
    """
    found: dict[str, SiteFile] = {}
    for file in (
        *document_pages(collection),
        *sources_pages(collection),
        *feeds(collection, name, site_url),
        *assets(swagger=any(one.prefix == "API" for one in collection.documents)),
    ):
        found.setdefault(file.uri, file)
    for file in state_pages(collection):
        known = found.pop(file.uri, None)  # in the order of the menu
        content = known.content if known else file.content
        origin = known.origin if known else file.origin
        found[file.uri] = replace(file, content=content, origin=origin)
    return tuple(replace(one, uri=collection.moved.get(uri, uri)) for uri, one in found.items())


def navigation(made: tuple[SiteFile, ...]) -> list[dict[str, list[dict[str, str]]]]:
    """Return the made pages as `nav` entries, a heading for each group; labels are HTML there."""
    groups: dict[str, list[dict[str, str]]] = {group: [] for group in GROUPS}
    for file in made:
        if file.group and file.label:
            groups[file.group].append({str(escape(file.label)): file.uri})
    return [{group: entries} for group, entries in groups.items() if entries]


def assets(*, swagger: bool) -> Iterator[SiteFile]:
    """Yield our scripts and styles, and the vendored ones with their licences.

    Args:
        swagger: Whether a page needs Swagger UI.
    """
    root = files("footnotary") / "assets"
    for folder in (root, root / "vendor"):
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            wanted = swagger or not file.name.startswith("swagger")
            if file.is_file() and wanted and file.name != "manifest.json":
                yield SiteFile(f"{ASSETS}/{file.name}", file.read_bytes())


def home_page(name: str, about: str, readme: Path, docs: Path, repository: str = "") -> str:
    """Return a home page: the README's own words up to its second heading, then the state.

    Where the repository is known, a link to it is between.

    Badges and HTML are left out. Links and pictures lead where they did if that is on the
    web or in the folder of pages; of others the words stay.
    """
    lead = prose.lead(
        readme_text(readme), lambda address: _place_in_docs(address, readme.parent, docs)
    )
    words = lead or [escape_text(about)]
    links = [write_link("Repository", repository)] if repository else []
    return "\n\n".join((f"# {escape_text(name)}", *words, *links, STATE)) + "\n"


def readme_text(readme: Path) -> str:
    """Return the beginning of a README; nothing where there is none."""
    try:
        words = read_inside(readme, repository_of(readme.parent), MAX_README)[:_MAX_BYTES]
    except OSError:
        return ""
    return words.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def _place_in_docs(address: str, root: Path, docs: Path) -> str:
    """Return where an address of the README leads in the folder of pages; nothing if out of it."""
    path, mark, anchor = address.partition("#")
    try:
        place = (root / path).resolve()
        inside = bool(path) and place.is_file() and place.is_relative_to(docs.resolve())
    except (OSError, ValueError):
        return ""
    return f"{place.relative_to(docs.resolve()).as_posix()}{mark}{anchor}" if inside else ""


_HEALTH = "sources/health.md"
STALE_DAYS = 180
STATE_MARK = re.compile(r"^<!--\s*footnotary:state\s*-->[ \t]*$", re.MULTILINE)


def state_pages(collection: Collection) -> Iterator[SiteFile]:
    """Yield the notebook, the health page and the quality page."""
    yield from notebook_pages(collection)
    yield SiteFile(_HEALTH, _health(collection), label="Health", group="Sources")
    yield from quality_page(collection)


def with_state(markdown: str, collection: Collection, uri: str) -> str:
    """Return a page with `<!-- footnotary:state -->` replaced by the project's state."""
    if "footnotary:state" not in markdown:
        return markdown
    block = str(_state(collection, uri))
    return STATE_MARK.sub(lambda _: block, markdown)


def _state(collection: Collection, uri: str) -> Html:
    """Return the project's state as cards: documents, then how its citations stand."""
    cards = [
        element(
            "li",
            element("a", one.title, href=collection.href(one.uri, uri)),
            element("span", f"{one.label} · {one.date}", class_="fn-facts"),
        )
        for one in collection.current
    ]
    if collection.notes:
        states = state_words(map(note_page, collection.notes))
        cards.append(
            element(
                "li",
                element("a", "Notebook", href=collection.href(INDEX, uri)),
                element("span", states, class_="fn-facts"),
            )
        )
    counts = Counter(state_of(one) for one in collection.evidence.citations.values())
    badges = [
        join_markup(element("strong", str(counts[state])), " ", state_badge(state))
        for state in State
        if counts[state]
    ]
    about = join_markup("Quotes: ", Html(" ".join(badges))) if badges else "Nothing is cited yet."
    links = element("a", "all sources", href=collection.href("sources/index.md", uri))
    return element(
        "div",
        element("ul", *cards, class_="fn-cards") if cards else "",
        element("p", about, " · ", links, class_="fn-summary"),
        class_="fn-page",
    )


def _source_href(collection: Collection, citation: Citation, uri: str) -> str:
    target = collection.href(f"sources/{source_name(citation.final_url)}.md", uri)
    return f"{target}#{citation.key}"


def _health(collection: Collection) -> str:
    """Return citations by state, what is stale, and what could not be read."""
    citations = sorted(collection.evidence.citations.values(), key=last_seen_on_page)
    parts: list[str] = [
        element("p", element("strong", "✕ "), error.message, class_="fn-banner")
        for error in collection.evidence.broken.values()
    ]
    counts = Counter(state_of(one) for one in citations)
    rows = [render_row(state_badge(state), str(counts[state])) for state in State if counts[state]]
    parts.append(render_table(render_heads("State", "Quotes"), rows))
    bad = [one for one in citations if state_of(one).tone != "good"]
    parts.append(
        _list(collection, "Needs a look", bad, "Every quote was on its page when last read.")
    )
    today = clock.today()
    stale = [one for one in citations if (today - last_seen_on_page(one)).days > STALE_DAYS]
    parts.append(
        _list(collection, f"Not read for {STALE_DAYS} days", stale, "Every source was read lately.")
    )
    uncited = [one for one in citations if one.key not in collection.citing]
    parts.append(_list(collection, "Cited by no page", uncited, "Every quote is cited somewhere."))
    return titled("Health", *parts, search=False)


def _list(collection: Collection, title: str, citations: list[Citation], none: str) -> Html:
    """Return a list of citations under a heading, or one sentence that there are none."""
    if not citations:
        return join_markup(element("h2", title), element("p", none))
    items = [
        element(
            "li",
            state_badge(state_of(one)),
            " ",
            element("a", source_label(one), href=_source_href(collection, one, _HEALTH)),
            " · last seen ",
            render_day(last_seen_on_page(one)),
        )
        for one in citations
    ]
    return join_markup(element("h2", title), element("ul", *items))


QUALITY = "documents/quality.md"
_HEAD = ("Document", "Date", "Citations", "Claims cited", "Tables")


def quality_page(collection: Collection) -> Iterator[SiteFile]:
    """Yield the quality page, where there is a document."""
    found = histories(collection.project)
    if found:
        content = _page(collection, found)
        yield SiteFile(QUALITY, content, label="Quality", group="Sources")


def _page(collection: Collection, found: tuple[History, ...]) -> str:
    """Return the page: current documents, then those with more than one date."""
    documents = {one.path: one for one in collection.documents}
    rows = [
        _row(collection, documents.get(stored.path), stored, quality)
        for history in found
        for stored, quality in history.versions
        if not stored.archived
    ]
    about = element(
        "p",
        "A claim is a sentence with a source, or one that needs one. “Recorded” is a source"
        " whose quote was on its page when it was cited and that was not checked again.",
    )
    trends = [
        _trend(collection, history, documents) for history in found if len(history.versions) > 1
    ]
    over_time = join_markup(element("h2", "Over time"), *trends) if trends else ""
    return titled(
        "Quality", about, render_table(render_heads(*_HEAD), rows), over_time, search=False
    )


def _row(
    collection: Collection, document: Document | None, stored: StoredDocument, quality: Quality
) -> Html:
    """Return one document's figures."""
    title = document.title if document else stored.stem
    name = element("a", title, href=collection.href(document.uri, QUALITY)) if document else title
    tables = "none" if stored.kind_name == "research" else _tables(quality)
    return render_row(name, render_day(stored.date), _citations(quality), _claims(quality), tables)


def _trend(collection: Collection, history: History, documents: dict[Path, Document]) -> Html:
    """Return the figures of one document, newest date first."""
    rows = []
    for stored, quality in reversed(history.versions):
        document = documents.get(stored.path)
        when = render_day(stored.date)
        link = element("a", when, href=collection.href(document.uri, QUALITY)) if document else when
        rows.append(render_row(link, _citations(quality), _claims(quality)))
    return join_markup(
        element("h3", f"{history.kind_name}: {history.name}"),
        render_table(render_heads("Date", "Citations", "Claims cited"), rows),
    )


def _citations(quality: Quality) -> str:
    """Return the citations by state."""
    if quality.unreadable:
        return quality.unreadable
    counts = [f"{count} {state}" for state, count in quality.citations.items()]
    return ", ".join(counts) or "none"


def _claims(quality: Quality) -> str:
    """Return the share of cited claims."""
    claims = quality.cited_claims + quality.uncited_claims
    if not claims:
        return "no claims"
    return f"{quality.cited_claims} of {claims} ({quality.coverage:.0%})"


def _tables(quality: Quality) -> str:
    """Return whether the tables are those of the code, as far as that is known."""
    words = "not compared"
    if quality.drift is not None:
        changes = len(quality.drift)
        words = f"{changes} changes in the code" if changes else "as the code"
    return f"{words}, {quality.edited_regions} edited" if quality.edited_regions else words
