"""Links between the documents of one project: the anchors that others may rely on.

What is here is a promise (docs/api-document.md): a table, a migration, a model or an
operation keeps its anchor as long as it keeps its name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from footnotary.documents import escape
from footnotary.documents.kinds import Context, folder_named
from footnotary.documents.regions import checksum_of, regions_of
from footnotary.facts.api import ApiFacts, ApiModel
from footnotary.facts.schema import Exposure, SchemaFacts
from footnotary.markers.structure import lines_of

_ANCHOR = re.compile(r'<a id="([\w-]+)">')


class Relinking:
    """Moves links from a superseded document to its successor.

    A link is moved where the successor has its anchor, on whatever page; else it stays: the
    superseded document keeps its address on the site.

    Args:
        old: Stem of the superseded document.
        pages: The successor's pages by file name, the first one among them.
    """

    def __init__(self, old: str, pages: Mapping[str, str]) -> None:
        self._link = re.compile(
            rf"\]\((\.\./[\w-]+/){re.escape(old)}((?:\.[\w-]+)*\.md)#([\w-]+)\)"
        )
        self._homes: dict[str, str] = {}
        for name, text in pages.items():
            for anchor in _ANCHOR.findall(text):
                self._homes.setdefault(anchor, name)

    def document(self, markdown: str) -> str:
        """Return a document or page with the links in its regions moved; all else stays.

        Raises:
            DocumentError: The document's regions are in a broken state.
        """
        if not self._link.search(markdown):
            return markdown
        lines = [line.text + line.end for line in lines_of(markdown)]
        for region in reversed(regions_of(markdown)):
            content = self._link.sub(self._moved, region.content)
            if region.edited or content == region.content:
                continue
            end = lines[region.last - 1].replace(region.checksum, checksum_of(content))
            lines[region.first : region.last] = [content, end]
        return "".join(lines)

    def _moved(self, found: re.Match[str]) -> str:
        """Return a link to where its anchor is now."""
        home = self._homes.get(found[3])
        return f"]({found[1]}{home}#{found[3]})" if home else found[0]


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
    return f"../{folder_named(kind_name).folder}/{stem}" if stem else ""


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
