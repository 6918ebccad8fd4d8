"""What every kind of facts has in common."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Fact(BaseModel):
    """A frozen part of the facts; unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Fact):
    """Where something stands in the user's project.

    Attributes:
        path: File relative to the project's root, with `/`.
        line: 1-based line, or 0 for the whole file.
    """

    path: str
    line: int = 0

    def __str__(self) -> str:
        """Return `path:line`, or the path alone."""
        return f"{self.path}:{self.line}" if self.line else self.path


class Facts(Fact):
    """The facts of one document kind.

    Attributes:
        kind: The document kind they belong to, such as `api`.
        schema_version: Version of this kind's layout, raised when a field changes meaning.
        summary: The counts that scripts read, by name.
        read_from: Files that were read, relative to the project's root, sorted.
        versions: Libraries the project has installed that the document is about.
        caveats: What a reader must know about how the facts were had (placeholders given
            to missing settings, mocked modules, files that could not be parsed …).
    """

    KIND: ClassVar[str]
    SCHEMA_VERSION: ClassVar[int] = 1
    # Fields, at any depth, that change without the code meaning anything else; comparing facts
    # leaves them out.
    VOLATILE: ClassVar[frozenset[str]] = frozenset()
    # Fields, at any depth, whose texts name a line; comparing facts leaves the line out.
    PLACED: ClassVar[frozenset[str]] = frozenset()

    kind: str
    schema_version: int = 1
    summary: dict[str, int] = Field(default_factory=dict)
    read_from: tuple[str, ...] = ()
    versions: dict[str, str] = Field(default_factory=dict)
    caveats: tuple[str, ...] = ()
