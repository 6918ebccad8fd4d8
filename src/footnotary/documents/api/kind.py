"""The document kind `api`."""

import json
from collections.abc import Mapping

from footnotary.documents.across import shown_tables
from footnotary.documents.api.changes import render_api_changes
from footnotary.documents.api.coverage import measure_api_coverage
from footnotary.documents.api.links import places
from footnotary.documents.api.models import models
from footnotary.documents.api.operations import operation_index, operations
from footnotary.documents.api.overview import caveats, render_api_overview
from footnotary.documents.api.splitting import contents, is_large, pages
from footnotary.documents.api.unusual import unusual
from footnotary.documents.kinds import Context, Part, Prose, Region
from footnotary.facts.api import ApiFacts
from footnotary.facts.basis import Facts

_INTRODUCTION = """## For whom and what for

_Who calls this API, and what do they want from it? What must a caller know before the first
request (environments, credentials, limits)?_"""
_DECISIONS = """## Decisions

_Why is the API as it is: versioning, pagination, errors, idempotency? Write each claim with its
source: `cite URL --quote "…" --claim "…" --to` this file._"""
_DEFAULT_TITLE = "FastAPI"
_UNTITLED = (
    "The application has no title: its OpenAPI document is called FastAPI"
    " (`FastAPI(title=…, version=…)` names it)."
)


class ApiKind:
    """`doc new api`: from the application's OpenAPI document and its handlers."""

    name = "api"
    prefix = "API"
    folder = "api-specs"
    title = "API"
    section = "Decisions"
    options: frozenset[str] = frozenset(
        {"app", "openapi", "python", "env_file", "mocks", "timeout"}
    )
    prose: tuple[Prose, ...] = (Prose(_INTRODUCTION), Prose(_DECISIONS))
    facts: type[Facts] = ApiFacts

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the document's parts."""
        if not isinstance(facts, ApiFacts):
            raise TypeError(type(facts).__name__)
        facts = _titled(facts, context)
        split = is_large(facts)
        links = places(facts, context.stem, split=split, shown=shown_tables(context))
        introduction, decisions = self.prose
        return (
            Region("overview", render_api_overview(facts, links)),
            Region("caveats", caveats(facts)),
            introduction,
            Region("index", operation_index(facts, links)),
            Region("operations", (contents if split else operations)(facts, links)),
            Region("models", "" if split else models(facts, links)),
            Region("unusual", unusual(facts, links)),
            Region("coverage", measure_api_coverage(facts, links)),
            decisions,
            Region("changes", render_api_changes(facts, context)),
        )

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Return the OpenAPI document, and the pages of a document that is split."""
        if not isinstance(facts, ApiFacts):
            return {}
        facts = _titled(facts, context)
        found: dict[str, bytes] = {}
        if facts.document:
            found[".openapi.json"] = _json(facts.document)
        if is_large(facts):
            links = places(facts, context.stem, split=True, shown=shown_tables(context))
            found |= {suffix: text.encode() for suffix, text in pages(facts, links)}
        return found


def _titled(facts: ApiFacts, context: Context) -> ApiFacts:
    """Return the facts with the project's name where the application has FastAPI's own title."""
    if facts.read.how != "imported" or facts.title != _DEFAULT_TITLE:
        return facts
    facts = facts.told(caveats=(*facts.caveats, _UNTITLED))
    return facts.model_copy(update={"title": context.project})


def _json(document: Mapping[str, object]) -> bytes:
    """Return a document on one line."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    return text.encode("utf-8", "replace")


API = ApiKind()
