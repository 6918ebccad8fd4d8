"""Large documents on several pages: one a tag, one for the models."""

from collections.abc import Iterator

from footnotary.documents import escape
from footnotary.documents.api.links import MAIN, MODELS, Links
from footnotary.documents.api.models import models
from footnotary.documents.api.operations import grouped, tag_section, validation_note
from footnotary.documents.tables import table
from footnotary.facts.api import ApiFacts

# Counted before anything is rendered: an operation is some 2,000 characters, a model 500.
MAX_WEIGHT = 300_000
OPERATION_WEIGHT = 2_000
MODEL_WEIGHT = 500


def is_large(facts: ApiFacts) -> bool:
    """Return whether a document would be too long for one page."""
    weight = len(facts.operations) * OPERATION_WEIGHT + len(facts.models) * MODEL_WEIGHT
    return weight > MAX_WEIGHT


def contents(facts: ApiFacts, links: Links) -> str:
    """Return where the operations and models are, for the first page of a split document."""
    rows = [
        [f"[{escape.text(tag) or 'Without a tag'}]({links.tag(tag)})", str(len(members))]
        for tag, members in grouped(facts).items()
    ]
    parts = ["## Operations", validation_note(facts, links), table(["Page", "Operations"], rows)]
    if facts.models:
        name = f"[{len(facts.models)} models]({links.stem}{MODELS})"
        parts.append(f"All models are on a page of their own: {name}.")
    return "\n\n".join(part for part in parts if part)


def pages(facts: ApiFacts, links: Links) -> Iterator[tuple[str, str]]:
    """Yield suffix and Markdown of each page besides the first.

    Args:
        facts: The API.
        links: Its places, split.
    """
    back = f"[← {escape.text(facts.title or 'The API')}]({links.stem}{MAIN})"
    for tag, (page, _) in links.tags.items():
        seen = links.on(page)
        title = escape.text(tag) or "Operations without a tag"
        section = tag_section(tag, facts, seen)
        yield page, f"# {escape.text(facts.title)}: {title}\n\n{back}\n\n{section}\n"
    if facts.models:
        section = models(facts, links.on(MODELS))
        yield MODELS, f"# {escape.text(facts.title)}: models\n\n{back}\n\n{section}\n"
