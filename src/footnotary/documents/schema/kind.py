"""The document kind `schema`."""

from collections.abc import Mapping

from footnotary.documents.kinds import Context, Part, Prose, Region
from footnotary.documents.schema.changes import render_schema_changes
from footnotary.documents.schema.diagrams import diagrams
from footnotary.documents.schema.lints import lints
from footnotary.documents.schema.overview import drifted, migrations, render_schema_overview
from footnotary.documents.schema.tables import render_tables, render_views
from footnotary.documents.schema.tbls import tbls_json
from footnotary.facts.basis import Facts
from footnotary.facts.schema import SchemaFacts

_INTRODUCTION = """## What is kept here

_Which part of the business does this schema hold? Who writes to it, who only reads? How long is
what kept?_"""
_DECISIONS = """## Decisions

_Why is it so: keys, deletion, history, time zones, money? Write each claim with its source:
`cite URL --quote "…" --claim "…" --to` this file._"""


class SchemaKind:
    """`doc new schema`: from the metadata of the project's SQLAlchemy models."""

    name = "schema"
    prefix = "SCHEMA"
    folder = "database-schemas"
    title = "Database schema"
    section = "Decisions"
    options: frozenset[str] = frozenset(
        {
            "metadata", "imports", "dialect", "database_url", "scratch", "python", "env_file",
            "mocks", "timeout",
        }
    )  # fmt: skip
    prose: tuple[Prose, ...] = (Prose(_INTRODUCTION), Prose(_DECISIONS))
    facts: type[Facts] = SchemaFacts

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the document's parts."""
        if not isinstance(facts, SchemaFacts):
            raise TypeError(type(facts).__name__)
        introduction, decisions = self.prose
        return (
            Region("overview", render_schema_overview(facts)),
            introduction,
            Region("diagrams", diagrams(facts)),
            Region("tables", render_tables(facts, context)),
            Region("views", render_views(facts)),
            Region("lints", lints(facts)),
            Region("migrations", migrations(facts)),
            Region("drift", drifted(facts)),
            decisions,
            Region("changes", render_schema_changes(facts, context)),
        )

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Return the schema as tbls' JSON."""
        if not isinstance(facts, SchemaFacts):
            return {}
        return {".tbls.json": tbls_json(facts, context.project)}


SCHEMA = SchemaKind()
