"""`footnotary install-project`: the project's own packages, where nobody has worked yet."""

import shlex
from typing import Annotated

import typer

from footnotary.cli.options import Where
from footnotary.cli.printing import echo


def run_install_project(
    extra: Annotated[
        list[str] | None,
        typer.Option("--extra", help="Optional dependencies to install too; repeatable."),
    ] = None,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing where the project has an environment.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the commands and run nothing.")
    ] = False,
    *,
    where: Where,
) -> None:
    """Install the project into its .venv with its own tool: uv, poetry, pdm or pip.

    For CI, before `doc check`: a document is compared with the code as it is imported, and so
    needs the packages of the project. The lock file tells the tool; a tool that is not on PATH
    is installed for this run.

    Example: footnotary install-project --extra postgres

    Exit codes: 0 installed, or there was nothing to install, 2 a command failed.
    """
    from footnotary import installing
    from footnotary.probe.interpreter import has_environment

    project, _ = where.project_and_settings()
    if if_missing and has_environment(project):
        return
    installer = installing.find_installer(project, tuple(extra or ()))
    if not installer.commands:
        echo("Nothing to install: no lock file, pyproject.toml or requirements.txt.", err=True)
        return
    echo(f"{installer.reason}: installing with {installer.tool}", err=True)
    if dry_run:
        for command in installer.commands:
            echo(shlex.join(command))
        return
    installing.install_project(installer, project, installing.run_visibly)
