"""Where each kind of document lies, known without loading what renders it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KindFolder:
    """The place of one kind.

    Attributes:
        name: Name of the kind.
        prefix: First part of the file names.
        folder: Folder under the current or the archived documents.
    """

    name: str
    prefix: str
    folder: str


FOLDERS: tuple[KindFolder, ...] = (
    KindFolder("api", "API", "api-specs"),
    KindFolder("schema", "SCHEMA", "database-schemas"),
    KindFolder("deploy", "DEPLOY", "deployment"),
    KindFolder("impl", "IMPL", "implementation"),
    KindFolder("research", "RESEARCH", "research"),
)


def folder_named(name: str) -> KindFolder:
    """Return the place of the kind of a name."""
    return next(kind for kind in FOLDERS if kind.name == name)
