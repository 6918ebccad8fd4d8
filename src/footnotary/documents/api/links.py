"""Where each operation, model and tag of an API document is, and how to link to it.

Small documents are one page. Past a size they are split: the document itself keeps the
overview and the index, each tag and the models get a page beside it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from footnotary.documents import escape
from footnotary.documents.across import ShownTables
from footnotary.facts.api import ApiFacts, ApiModel, Operation

MAIN = ".md"
MODELS = ".models.md"
# Characters that a model takes on its page, without its fields and for each of them.
MODEL_WEIGHT = 300
FIELD_WEIGHT = 200
_MAX_PAGE = 300_000
UNTAGGED = ""
WEBHOOKS = "Webhooks"


@dataclass(frozen=True)
class Links:
    """The places of one document.

    Attributes:
        stem: The document's file name without `.md`; what other pages' names begin with.
        here: Suffix of the page that is being written.
        operations: Page and anchor by `METHOD /path`.
        models: Page and anchor by name.
        tags: Page and anchor by name.
        shown: Which models show the rows of which tables of the SCHEMA document.
    """

    stem: str = ""
    here: str = MAIN
    operations: dict[str, tuple[str, str]] = field(default_factory=dict)
    models: dict[str, tuple[str, str]] = field(default_factory=dict)
    tags: dict[str, tuple[str, str]] = field(default_factory=dict)
    shown: ShownTables = field(default_factory=ShownTables)

    def on(self, page: str) -> "Links":
        """Return the same places, seen from another page."""
        return replace(self, here=page)

    def operation(self, key: str) -> str:
        """Return the target of `METHOD /path`; empty where there is none."""
        return self._target(self.operations.get(key))

    def model(self, name: str) -> str:
        """Return the target of a model; empty where there is none."""
        return self._target(self.models.get(name))

    def tag(self, name: str) -> str:
        """Return the target of a tag; empty where there is none."""
        return self._target(self.tags.get(name))

    def section(self, anchor: str) -> str:
        """Return the target of a section of the first page."""
        return self._target((MAIN, anchor))

    def _target(self, place: tuple[str, str] | None) -> str:
        if place is None:
            return ""
        page, anchor = place
        return f"#{anchor}" if page == self.here else f"{self.stem}{page}#{anchor}"


def group_of(one: Operation) -> str:
    """Return the tag under which an operation is listed: its first."""
    if one.webhook:
        return WEBHOOKS
    return one.tags[0] if one.tags else UNTAGGED


def operation_key(one: Operation) -> str:
    """Return `METHOD /path`, with a word in front for webhooks."""
    return f"webhook {one.method} {one.path}" if one.webhook else f"{one.method} {one.path}"


def places(facts: ApiFacts, stem: str, *, split: bool, shown: ShownTables | None = None) -> Links:
    """Give everything that can be linked to a page and an anchor of its own.

    Args:
        facts: The API.
        stem: The document's file name without `.md`.
        split: Whether tags and models have pages of their own.
        shown: Which models show rows; none if None.
    """
    tags = list(dict.fromkeys(map(group_of, facts.operations)))
    names = _unique(f"tag-{escape.make_anchor(tag or 'untagged')}" for tag in tags)
    pages = [f".{name}.md" if split else MAIN for name in names]
    on_tag = dict(zip(tags, zip(pages, names, strict=True), strict=True))
    anchors = _unique(
        f"{'webhook' if one.webhook else 'operation'}-{one.method.lower()}"
        f"-{escape.make_anchor(one.path)}"
        for one in facts.operations
    )
    models = _unique(f"model-{escape.make_anchor(one.name)}" for one in facts.models)
    return Links(
        stem=stem,
        operations={
            operation_key(one): (on_tag[group_of(one)][0], anchor)
            for one, anchor in zip(facts.operations, anchors, strict=True)
        },
        models={
            one.name: (page if split else MAIN, anchor)
            for one, anchor, page in zip(
                facts.models, models, _model_pages(facts.models), strict=True
            )
        },
        tags=on_tag,
        shown=shown or ShownTables(),
    )


def weight_of(one: ApiModel) -> int:
    """Return about how many characters a model takes."""
    return MODEL_WEIGHT + FIELD_WEIGHT * len(one.fields)


def _model_pages(models: Iterable[ApiModel]) -> Iterator[str]:
    """Yield the page of each model, in their order; a page that is full leads to the next."""
    number, filled = 1, 0
    for one in models:
        if filled > _MAX_PAGE:
            number, filled = number + 1, 0
        filled += weight_of(one)
        yield MODELS if number == 1 else f".models-{number}.md"


def _unique(wanted: Iterable[str]) -> list[str]:
    """Return anchors in order; one that is taken gets the next free number."""
    taken: dict[str, int] = {}
    found = []
    for name in wanted:
        taken[name] = taken.get(name, 0) + 1
        anchor = name if taken[name] == 1 else f"{name}-{taken[name]}"
        while taken[name] > 1 and anchor in taken:
            taken[name] += 1
            anchor = f"{name}-{taken[name]}"
        taken.setdefault(anchor, 1)
        found.append(anchor)
    return found
