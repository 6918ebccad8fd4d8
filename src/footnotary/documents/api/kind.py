"""The document kind `api`."""

import json
from collections.abc import Mapping

from footnotary.documents.api.changes import changes
from footnotary.documents.api.coverage import coverage
from footnotary.documents.api.models import models
from footnotary.documents.api.operations import operation_index, operations
from footnotary.documents.api.overview import caveats, overview, unusual
from footnotary.documents.kinds import Context, Part, Prose, Region
from footnotary.facts.api import ApiFacts
from footnotary.facts.basis import Facts

_INTRODUCTION = """## For whom and what for

_Who calls this API, and what do they want from it? What must a caller know before the first
request (environments, credentials, limits)?_"""
_DECISIONS = """## Decisions

_Why is the API as it is: versioning, pagination, errors, idempotency? Write each claim with its
source: `cite URL --quote "…" --claim "…" --to` this file._"""


class ApiKind:
    """`doc new api`: from the application's OpenAPI document and its handlers."""

    name = "api"
    prefix = "API"
    folder = "api-specs"
    title = "API"
    facts: type[Facts] = ApiFacts

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the document's parts."""
        if not isinstance(facts, ApiFacts):
            raise TypeError(type(facts).__name__)
        return (
            Region("overview", overview(facts)),
            Region("caveats", caveats(facts)),
            Prose(_INTRODUCTION),
            Region("index", operation_index(facts)),
            Region("operations", operations(facts)),
            Region("models", models(facts)),
            Region("unusual", unusual(facts)),
            Region("coverage", coverage(facts)),
            Prose(_DECISIONS),
            Region("changes", changes(facts, context)),
        )

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Return the OpenAPI document, for Swagger UI and for other tools."""
        del context
        if not isinstance(facts, ApiFacts) or not facts.document:
            return {}
        text = json.dumps(facts.document, ensure_ascii=False, separators=(",", ":"))
        return {".openapi.json": text.encode() + b"\n"}


API = ApiKind()
