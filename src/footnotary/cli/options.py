"""Options that several commands have, and what they share: project, settings, printing.

Settings say how a project is read where that does not vary from call to call; they are taken as
options too, and not listed.
"""

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.errors import UsageError
from footnotary.facts.options import ReadOptions

if TYPE_CHECKING:
    from footnotary.config import Settings
    from footnotary.project import Project

_FLAGS = {"mocks": "--mock", "imports": "--import", "compose_files": "--compose-file",
          "profiles": "--profile"}  # fmt: skip
KindArgument = Annotated[
    str, typer.Argument(metavar="KIND", help="api, schema, deploy, impl or research.")
]


@dataclass(frozen=True)
class Printing:
    """What a command prints, and for whom."""

    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON on stdout and nothing else there.")
    ] = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False


@dataclass(frozen=True)
class Where:
    """The project that a command works on."""

    root: Annotated[
        Path | None,
        typer.Option("--root", exists=True, file_okay=False),
    ] = None

    def project_and_settings(self) -> "tuple[Project, Settings]":
        """Find the project and read its settings.

        Raises:
            SettingsError: A setting cannot be used.
            ProjectError: pyproject.toml cannot be read.
        """
        from footnotary.config import load_settings
        from footnotary.project import Project, discover

        project = Project(self.root.resolve()) if self.root else discover(Path.cwd())
        settings = load_settings(project)
        project = replace(
            project,
            stale_after_days=settings.stale_after_days,
            python=settings.python,
            usual_reading=settings.reading,
            marker=settings.marker,
        )
        return project, settings


@dataclass(frozen=True)
class ReadingGroup:
    """How the user's project is read."""

    allow_private: Annotated[bool, typer.Option("--allow-private", hidden=True)] = False
    app: Annotated[
        str, typer.Option("--app", help="The application, as module:attribute. [default: found]")
    ] = ""
    python: Annotated[str, typer.Option("--python", hidden=True)] = ""
    env_file: Annotated[Path | None, typer.Option("--env-file", hidden=True)] = None
    mocks: Annotated[list[str] | None, typer.Option("--mock", hidden=True)] = None
    openapi: Annotated[
        str,
        typer.Option("--openapi", help="OpenAPI document, a file or an address, to read instead."),
    ] = ""
    metadata: Annotated[str, typer.Option("--metadata", hidden=True)] = ""
    imports: Annotated[list[str] | None, typer.Option("--import", hidden=True)] = None
    dialect: Annotated[str, typer.Option("--dialect", hidden=True)] = ""
    database_url: Annotated[
        str, typer.Option("--database-url", help="A live database to compare the models with.")
    ] = ""
    scratch: Annotated[
        bool,
        typer.Option(
            "--scratch",
            help="Make the models' tables in a scratch schema of that database, to compare them"
            " there; it is rolled back. [default: in a server of our own, where one is installed]",
        ),
    ] = False
    compose_files: Annotated[
        list[str] | None,
        typer.Option("--compose-file", help="Compose file; repeatable, in order. [default: found]"),
    ] = None
    profiles: Annotated[
        list[str] | None,
        typer.Option("--profile", help="Compose profile taken as active; repeatable."),
    ] = None
    package: Annotated[str, typer.Option("--package", "--path", hidden=True)] = ""
    timeout: Annotated[float, typer.Option("--timeout", min=1, hidden=True)] = ReadOptions.timeout

    def options(self, *kinds: str) -> ReadOptions:
        """Return the options as `writing` takes them.

        Raises:
            UsageError: There is no such kind, or an option is none of these kinds'.
        """
        from footnotary.documents.registry import KINDS, kind_named

        chosen = [kind_named(each) for each in kinds]
        values = {name: value for name, value in vars(self).items() if name != "allow_private"}
        repeated = {name: tuple(values[name] or ()) for name in _FLAGS}
        options = ReadOptions(**values | repeated)
        known = {name for each in KINDS for name in each.options}
        for name in sorted(known.difference(*(each.options for each in chosen))):
            value = getattr(options, name)
            if chosen and value != getattr(ReadOptions(), name):
                takers = [each.name for each in KINDS if name in each.options]
                flag = _FLAGS.get(name, f"--{name.replace('_', '-')}")
                given = value if isinstance(value, tuple) else [value] if value is not True else []
                words = [str(one) for one in given]
                shown = "URL" if name == "database_url" else shlex.join(words)
                raise UsageError(
                    f"{flag} is not an option of {' or '.join(kinds)}, but of"
                    f" {' and '.join(takers)}.",
                    hint=f"doc new {takers[0]} {flag} {shown}",
                )
        return options
