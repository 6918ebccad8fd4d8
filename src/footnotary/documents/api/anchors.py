"""Anchors of operations and models within the document."""

from collections.abc import Callable

from footnotary.documents import escape
from footnotary.facts.api import ApiFacts, Operation


def operation_anchor(operation: Operation) -> str:
    """Return the anchor of an operation, from its method and path."""
    kind = "webhook-" if operation.webhook else ""
    return f"{kind}{operation.method.lower()}-{escape.slug(operation.path)}"


def model_anchor(name: str) -> str:
    """Return the anchor of a model."""
    return f"model-{escape.slug(name)}"


def model_links(facts: ApiFacts) -> Callable[[str], str]:
    """Return a function from a model's name to its link target."""
    known = {one.name: f"#{model_anchor(one.name)}" for one in facts.models}
    return lambda name: known.get(name, "")


def operation_links(facts: ApiFacts) -> dict[str, str]:
    """Return the link target of each operation, by `METHOD /path`."""
    return {f"{one.method} {one.path}": f"#{operation_anchor(one)}" for one in facts.operations}
