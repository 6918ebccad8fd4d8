"""One thing in a database, in the database's own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A table, a column, a constraint, an index … of one side.

    Attributes:
        table: Full name of the table that it belongs to; without the default schema.
        kind: What it is, such as `column` or `foreign key`.
        name: Its name; empty where the database gave it none.
        properties: All that the database says of it, by property; empty ones left out. The first
            one is what it is in short.
    """

    table: str
    kind: str
    name: str
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Kind, name and the first property."""
        first = next(iter(self.properties.values()), "")
        return " ".join(filter(None, (self.kind, self.name, first)))


def stated_properties(row: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Return the properties of a row of a catalog that say something.

    Args:
        row: The row.
        names: Its columns that are properties; an underscore is shown as a space.
    """
    return {
        name.replace("_", " "): str(row[name]) for name in names if row.get(name) not in (None, "")
    }
