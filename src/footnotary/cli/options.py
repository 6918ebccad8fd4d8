"""Options that every command has, and what they share: project, settings, printing."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from footnotary.config import Settings
    from footnotary.project import Project


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

        Returns:
            The project and its settings.

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
        )
        return project, settings
