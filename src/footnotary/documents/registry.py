"""The document kinds, in the order in which they are listed."""

from footnotary.documents.api import API
from footnotary.documents.deploy import DEPLOY
from footnotary.documents.impl import IMPL
from footnotary.documents.kinds import DocumentKind
from footnotary.documents.research import RESEARCH
from footnotary.documents.schema import SCHEMA
from footnotary.errors import UsageError

KINDS: tuple[DocumentKind, ...] = (API, SCHEMA, DEPLOY, IMPL, RESEARCH)


def kind_named(name: str) -> DocumentKind:
    """Return the kind that a user names.

    Raises:
        UsageError: There is none of that name.
    """
    for kind in KINDS:
        if kind.name == name:
            return kind
    known = ", ".join(kind.name for kind in KINDS)
    raise UsageError(f"Invalid kind {name!r}.", hint=f"The kinds are {known}.")
