"""Links between the documents of one project: the anchors that others may rely on.

What is here is a promise (docs/api-document.md): a table, a migration, a model or an
operation keeps its anchor as long as it keeps its name.
"""

from dataclasses import dataclass, field

from footnotary.documents import escape
from footnotary.documents.kinds import Context
from footnotary.facts.api import ApiFacts, ApiModel
from footnotary.facts.schema import Exposure, SchemaFacts

FOLDERS = {"api": "api-specs", "schema": "database-schemas"}


def table_anchor(full_name: str) -> str:
    """Return the anchor of a table, by its name with the schema in front."""
    return f"table-{escape.make_anchor(full_name)}"


def revision_anchor(revision: str) -> str:
    """Return the anchor of a migration."""
    return f"revision-{escape.make_anchor(revision)}"


def path_across(kind_name: str, context: Context) -> str:
    """Return the path of another current document, from this one's folder, without `.md`.

    Args:
        kind_name: Its kind.
        context: What this document may know; empty where there is no such document.
    """
    stem = context.links.get(kind_name, "")
    return f"../{FOLDERS[kind_name]}/{stem}" if stem else ""


@dataclass(frozen=True)
class ShownTables:
    """Which models of an API show the rows of which tables.

    Attributes:
        stem: Path of the SCHEMA document without `.md`.
        tables: Full name of a table by a model's class, and by its bare name.
    """

    stem: str = ""
    tables: dict[str, str] = field(default_factory=dict)

    def of(self, model: ApiModel) -> str:
        """Return a link to the table that a model shows; empty where it shows none."""
        key = model.class_name or model.name
        name = self.tables.get(key, "") if self.stem else ""
        return f"[{escape.code(name)}]({self.stem}.md#{table_anchor(name)})" if name else ""


def shown_tables(context: Context) -> ShownTables:
    """Return what the project's current SCHEMA document knows of the API's models."""
    schema = context.related.get("schema")
    if not isinstance(schema, SchemaFacts):
        return ShownTables()
    found: dict[str, str] = {}
    for table in schema.tables:
        for model in table.exposed_by:
            found.setdefault(model.name, table.full_name)
            found[f"{model.module}.{model.name}"] = table.full_name
    return ShownTables(path_across("schema", context), found)


def model_of(exposure: Exposure, api: ApiFacts) -> ApiModel | None:
    """Return the API's model that is made of a class; by name where classes are not known."""
    full = f"{exposure.module}.{exposure.name}"
    for one in api.models:
        if one.class_name == full or (not one.class_name and one.name == exposure.name):
            return one
    return None
