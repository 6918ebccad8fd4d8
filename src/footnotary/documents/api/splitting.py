"""Large documents on several pages: one a tag, and as many for the models as they fill."""

from collections.abc import Iterator

from footnotary.documents import escape
from footnotary.documents.api.links import MAIN, Links, weight_of
from footnotary.documents.api.models import each_model
from footnotary.documents.api.operations import group_operations, tag_section, validation_note
from footnotary.documents.tables import table
from footnotary.facts.api import ApiFacts, ApiModel

# Counted before anything is rendered: an operation is some 2,000 characters.
MAX_WEIGHT = 300_000
OPERATION_WEIGHT = 2_000


def is_large(facts: ApiFacts) -> bool:
    """Return whether a document would be too long for one page."""
    operations = len(facts.operations) * OPERATION_WEIGHT
    return operations + sum(map(weight_of, facts.models)) > MAX_WEIGHT


def contents(facts: ApiFacts, links: Links) -> str:
    """Return where the operations and models are, for the first page of a split document."""
    rows = [
        [f"[{escape.escape_text(tag) or 'Without a tag'}]({links.tag(tag)})", str(len(members))]
        for tag, members in group_operations(facts).items()
    ]
    parts = ["## Operations", validation_note(facts, links), table(["Page", "Operations"], rows)]
    rows = [
        [f"[{escape.escape_text(_span(found))}]({links.stem}{page})", str(len(found))]
        for page, found in _by_page(facts, links).items()
    ]
    if rows:
        parts += ["## Models", table(["Page", "Models"], rows)]
    return "\n\n".join(part for part in parts if part)


def _by_page(facts: ApiFacts, links: Links) -> dict[str, list[ApiModel]]:
    """Return the models of each page."""
    found: dict[str, list[ApiModel]] = {}
    for one in facts.models:
        found.setdefault(links.models[one.name][0], []).append(one)
    return found


def _span(found: list[ApiModel]) -> str:
    """Return the first and the last name of a page."""
    first, last = found[0].name, found[-1].name
    return first if first == last else f"{first} to {last}"


def pages(facts: ApiFacts, links: Links) -> Iterator[tuple[str, str]]:
    """Yield suffix and Markdown of each page besides the first."""
    back = f"[← {escape.escape_text(facts.title or 'The API')}]({links.stem}{MAIN})"
    for tag, (page, _) in links.tags.items():
        seen = links.on(page)
        title = escape.escape_text(tag) or "Operations without a tag"
        section = tag_section(tag, facts, seen)
        yield page, f"# {escape.escape_text(facts.title)}: {title}\n\n{back}\n\n{section}\n"
    for page, found in _by_page(facts, links).items():
        title = f"# {escape.escape_text(facts.title)}: models, {escape.escape_text(_span(found))}"
        yield (
            page,
            "\n\n".join([title, back, "## Models", *each_model(facts, found, links.on(page))])
            + "\n",
        )
