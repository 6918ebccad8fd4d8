"""The options that say how the user's project is read, shared by several `doc` commands."""

from pathlib import Path
from typing import Annotated

import typer

from footnotary.facts.options import ReadOptions

KindArgument = Annotated[
    str, typer.Argument(metavar="KIND", help="api, schema, deploy, impl or research.")
]
AppOption = Annotated[
    str, typer.Option("--app", help="The application, as module:attribute. [default: found]")
]
PythonOption = Annotated[
    str, typer.Option("--python", help="Interpreter that imports the project. [default: found]")
]
EnvFileOption = Annotated[
    Path | None,
    typer.Option("--env-file", help="Settings the application needs when it is imported."),
]
MockOption = Annotated[
    list[str] | None,
    typer.Option("--mock", help="Module to replace by a mock on import; repeatable."),
]
OpenapiOption = Annotated[
    str, typer.Option("--openapi", help="Read this OpenAPI document instead of an application.")
]
MetadataOption = Annotated[
    str, typer.Option("--metadata", help="SQLAlchemy metadata or base. [default: found]")
]
DialectOption = Annotated[
    str, typer.Option("--dialect", help="SQLAlchemy dialect, such as postgresql. [default: found]")
]
DatabaseOption = Annotated[
    str, typer.Option("--database-url", help="A live database to compare the models with.")
]
ComposeOption = Annotated[
    list[str] | None,
    typer.Option("--compose-file", help="Compose file; repeatable, in order. [default: found]"),
]
ProfileOption = Annotated[
    list[str] | None, typer.Option("--profile", help="Compose profile taken as active; repeatable.")
]
PackageOption = Annotated[
    str,
    typer.Option("--package", "--path", help="Folder of the package to document. [default: found]"),
]
TimeoutOption = Annotated[
    float, typer.Option("--timeout", min=1, help="Seconds that importing the project may take.")
]


def read_options(
    app: str,
    python: str,
    env_file: Path | None,
    mock: list[str] | None,
    openapi: str,
    metadata: str,
    dialect: str,
    database_url: str,
    compose_file: list[str] | None,
    profile: list[str] | None,
    package: str,
    timeout: float,
) -> ReadOptions:
    """Return the options as one value."""
    return ReadOptions(
        app=app,
        python=python,
        env_file=env_file,
        mocks=tuple(mock or ()),
        openapi=openapi,
        metadata=metadata,
        dialect=dialect,
        database_url=database_url,
        compose_files=tuple(compose_file or ()),
        profiles=tuple(profile or ()),
        package=package,
        timeout=timeout,
    )
