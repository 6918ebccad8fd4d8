"""What leads to a table from outside: models of the API that show its rows, and migrations."""

from footnotary.counting import first_few
from footnotary.documents import escape
from footnotary.documents.across import model_of, path_across, revision_anchor
from footnotary.documents.api.links import Links, places
from footnotary.documents.api.splitting import is_large
from footnotary.documents.kinds import Context
from footnotary.facts.api import ApiFacts
from footnotary.facts.schema import Exposure, SchemaFacts, Table

MAX_OPERATIONS = 4
MAX_REVISIONS = 6


class Around:
    """The links of one SCHEMA document to what is around its tables.

    Args:
        facts: The schema.
        context: What is known besides; no API document where None.
    """

    def __init__(self, facts: SchemaFacts, context: Context | None) -> None:
        api = context.related.get("api") if context else None
        self._api = api if isinstance(api, ApiFacts) else None
        self._links = Links()
        if context and self._api:
            stem = path_across("api", context)
            self._links = places(self._api, stem, split=is_large(self._api)).on("")
        self._revisions: dict[str, list[str]] = {}
        for one in facts.revisions:
            for name in one.tables:
                self._revisions.setdefault(name, []).append(one.id)

    def exposed(self, one: Table) -> str:
        """Return the pydantic models that show a table's rows, and the operations that do."""
        found = [self._exposure(model) for model in one.exposed_by]
        return "Exposed by " + ", ".join(found) + "." if found else ""

    def migrated(self, one: Table) -> str:
        """Return the migrations that name a table, newest first."""
        names = self._revisions.get(one.full_name) or self._revisions.get(one.name, [])
        newest = list(reversed(names))
        shown = [f"[{escape.code(name)}](#{revision_anchor(name)})" for name in newest]
        return f"Migrations: {first_few(shown, MAX_REVISIONS)}." if shown else ""

    def _exposure(self, model: Exposure) -> str:
        """Return a model, linked where the API document has it, and its operations."""
        name = escape.code(f"{model.module}.{model.name}")
        place = f" at {escape.code(str(model.place).removeprefix('../'))}" if model.place else ""
        found = model_of(model, self._api) if self._api else None
        if found is None:
            return name + place
        uses = [(use, self._links.operation(use)) for use in found.used_by]
        shown = [f"[{escape.code(use)}]({target})" for use, target in uses if target]
        listed = first_few(shown, MAX_OPERATIONS)
        linked = f"[{name}]({self._links.model(found.name)}){place}"
        return f"{linked} ({listed})" if listed else linked
