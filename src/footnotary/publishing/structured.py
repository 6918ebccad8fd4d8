"""Citations as schema.org data, for programs that read pages."""

import json
from collections.abc import Iterable

from footnotary.models import Citation
from footnotary.publishing.cards import name_of
from footnotary.publishing.evidence import Evidence
from footnotary.publishing.markup import Html, plain, web_url

_HEAD = '{"@context": "https://schema.org", "@type": "TechArticle", "citation": ['


def citation_data(evidence: Evidence, citations: Iterable[Citation]) -> Html:
    """Return a page's citations as JSON-LD.

    Source: schema.org `citation` (https://schema.org/citation), `Quotation` and `WebPage`.

    Args:
        evidence: The records, which keep what was made of each.
        citations: What the page cites.

    Returns:
        A `script` element of data, which no browser runs; no `<` or `{{` can end it early.
    """
    works = ", ".join(_written(evidence, citation) for citation in citations)
    return Html(f'<script type="application/ld+json">{_HEAD}{works}]}}</script>')


def _written(evidence: Evidence, citation: Citation) -> str:
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
    page: dict[str, object] = {"@type": "WebPage", "name": name_of(citation)}
    if web_url(citation.final_url):
        page["url"] = web_url(citation.final_url)
    if citation.authors:
        page["author"] = [{"@type": "Person", "name": plain(name)} for name in citation.authors]
    if citation.published:
        page["datePublished"] = citation.published.isoformat()
    if citation.modified:
        page["dateModified"] = citation.modified.isoformat()
    if web_url(citation.archive_url):
        page["archivedAt"] = web_url(citation.archive_url)
    page["hasPart"] = {"@type": "Quotation", "text": plain(citation.quote.exact)}
    return page
