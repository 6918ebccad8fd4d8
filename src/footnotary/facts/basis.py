"""What every kind of facts has in common."""

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Scope = Literal["imported", "source", "document", "database", "not read"]
"""How a fact is known: from the imported code, from its text alone, from a document that somebody
published, from a live database; or that it is not known."""


class Fact(BaseModel):
    """A frozen part of the facts; unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class KnownFact(Fact):
    """A fact that stands for itself, with how it is known.

    Attributes:
        scope: How it is known. Two facts of one thing that are known in different ways are never
            compared.
    """

    scope: Scope = "source"


class Place(Fact):
    """Where something is in the user's project.

    Attributes:
        path: File relative to the project's root, with `/`.
        line: 1-based line, or 0 for the whole file.
    """

    path: str
    line: int = 0

    def __str__(self) -> str:
        """Return `path:line`, or the path alone."""
        return f"{self.path}:{self.line}" if self.line else self.path


class Read(Fact):
    """How facts were had, on which machine: told, and never compared.

    Attributes:
        how: How they are known as a whole.
        why: Why they are not known in the better way, such as a failed import; or empty.
        hint: What to do about that, as a command or a sentence; or empty.
        detail: Where an import failed, for `--verbose` on the machine that tried; never written.
        python: Version of the interpreter that imported the project; or empty.
        versions: Installed versions of the libraries that the document is about.
        extras: Extras and dependency groups of the project that were installed.
        failed: Parts of the project that could not be read, by name: what they define is missing.
        not_read: Fields of the facts that this way of reading cannot tell: nothing in them does
            not mean that there is nothing.
        settings: Names of the settings that an environment file gave; None where that was not
            noted.
        mocks: Modules that were replaced by mocks.
        left_out: Files of this machine alone, which git ignores and which were not read.
        files: Digest of the project's files, those that git ignores and our own left out.
        caveats: What a reader must know besides (placeholders given to missing settings,
            mocked modules, files that could not be parsed …).
    """

    how: Scope = "source"
    why: str = ""
    hint: str = ""
    detail: str = Field(default="", exclude=True)
    python: str = ""
    versions: dict[str, str] = Field(default_factory=dict)
    extras: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    settings: tuple[str, ...] | None = None
    mocks: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    files: str = ""
    caveats: tuple[str, ...] = ()


class Facts(Fact):
    """The facts of one document kind.

    Attributes:
        kind: The document kind they belong to, such as `api`.
        schema_version: Version of this kind's layout, raised when a field changes meaning.
        summary: The counts that scripts read, by name.
        read_from: Files that were read, relative to the project's root, sorted.
        read: How they were had.
    """

    KIND: ClassVar[str]
    SCHEMA_VERSION: ClassVar[int] = 2
    # Fields, at any depth, that change without the code meaning anything else; comparing facts
    # leaves them out.
    VOLATILE: ClassVar[frozenset[str]] = frozenset()
    # Fields, at any depth, whose texts name a line; comparing facts leaves the line out.
    PLACED: ClassVar[frozenset[str]] = frozenset()
    # Fields that a commit alone changes: no reason to write a document again.
    OF_COMMIT: ClassVar[frozenset[str]] = frozenset()
    # Fields whose facts are known as `read.how` says.
    SCOPED: ClassVar[tuple[str, ...]] = ()

    kind: str
    schema_version: int = 2
    summary: dict[str, int] = Field(default_factory=dict)
    read_from: tuple[str, ...] = ()
    read: Read = Read()

    @property
    def versions(self) -> dict[str, str]:
        """Installed versions of the libraries that the document is about."""
        return self.read.versions

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader must know about how the facts were had."""
        return self.read.caveats

    def lacking(self) -> frozenset[str]:
        """Return fields, at any depth, that facts of an older form do not have."""
        return frozenset()

    def leaves_out(self, kind: str) -> bool:
        """Whether a thing of a kind, such as `variable`, may be there without being told."""
        del kind
        return False

    def known_apart(self, other: "Facts") -> str:
        """Return what two facts know in different ways, and tell differently; nothing otherwise."""
        del other
        return ""

    def told(self, **update: Any) -> Self:
        """Return the same facts with more said about how they were had."""
        return self.model_copy(update={"read": self.read.model_copy(update=update)})

    def known_as(self, scope: Scope) -> Self:
        """Return the same facts, each of those that are known as a whole with its scope."""
        update: dict[str, Any] = {"read": self.read.model_copy(update={"how": scope})}
        for name in self.SCOPED:
            update[name] = tuple(
                one if one.scope == scope else one.model_copy(update={"scope": scope})
                for one in getattr(self, name)
            )
        return self.model_copy(update=update)
