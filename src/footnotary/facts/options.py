"""What the user may say about how the project is to be read."""

from dataclasses import dataclass
from pathlib import Path

ADDRESSES = ("http:", "https:")
"""How an OpenAPI document begins that is on the web."""


@dataclass(frozen=True)
class ReadOptions:
    """Options of `doc new` and `doc facts`; each reader takes what concerns it.

    Attributes:
        app: `module:attribute` of the application, or a factory call with literals.
        former_app: The application that a document was made from: it is chosen, without being
            named, while the project has it.
        python: Interpreter that imports the project; found if empty.
        env_file: File with the settings the application needs on import.
        mocks: Names of modules that are replaced by mocks on import.
        openapi: File or URL of an OpenAPI document to read instead of an application.
        metadata: `module:attribute` of the SQLAlchemy metadata or base, found if empty.
        imports: Modules whose tables are read, instead of every module that declares some.
        dialect: SQLAlchemy dialect the types are compiled for; found if empty.
        database_url: Live database to compare with.
        scratch: Whether the models' tables may be made in a scratch schema of that database,
            which is rolled back (or dropped, where making tables is no transaction).
        compose_files: Compose files to merge, in order; found if empty.
        profiles: Compose profiles taken as active.
        package: Folder of the package that `impl` documents; found if empty.
        timeout: Seconds that importing the project may take.
        source_only: Whether nothing is imported: what the source alone says is read.
        elsewhere: Whether it is imported as if on another machine, on another day: what differs
            then is not the code's.
    """

    app: str = ""
    former_app: str = ""
    python: str = ""
    env_file: Path | None = None
    mocks: tuple[str, ...] = ()
    openapi: str = ""
    metadata: str = ""
    imports: tuple[str, ...] = ()
    dialect: str = ""
    database_url: str = ""
    scratch: bool = False
    compose_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    package: str = ""
    timeout: float = 120.0
    source_only: bool = False
    elsewhere: bool = False

    @property
    def reads_address(self) -> bool:
        """Whether the OpenAPI document is on the web rather than in the project."""
        return self.openapi.lower().startswith(ADDRESSES)
