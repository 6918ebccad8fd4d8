"""Installing the user's project with its own tool: what a gate needs where nobody has worked yet.

A document is compared with what its code is when it is imported, so the project's own packages
must be there first. Which tool installs them is told by its lock file, else by pyproject.toml.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from footnotary.errors import ProjectError
from footnotary.project import Project, workspace_root

ENVIRONMENT = ".venv"
"""Where the packages go, relative to the project: where `probe.interpreter` looks first."""
PYTHON = f"{ENVIRONMENT}/{'Scripts/python.exe' if sys.platform == 'win32' else 'bin/python'}"
"""Its interpreter."""

# What pip is asked for where a tool is missing; `locked` is pdm's own list of pinned packages.
_FETCHED = {"uv": "uv", "poetry": "poetry", "pdm": "pdm[locked]"}

_Run = Callable[[Sequence[str], Path], int]


@dataclass(frozen=True)
class Installer:
    """How a project is installed.

    Attributes:
        tool: `uv`, `poetry`, `pdm` or `pip`; empty where there is nothing to install.
        reason: The file that says so, such as `uv.lock`.
        commands: The commands, run in the project's folder one after the other. The first word
            is `tool`, or `python`, which stands for the interpreter we run on, or a path.
    """

    tool: str
    reason: str
    commands: tuple[tuple[str, ...], ...]


def find_installer(project: Project, extras: Sequence[str] = ()) -> Installer:
    """Return how a project is installed, told by its files; nothing is run.

    Raises:
        ProjectError: pyproject.toml is not valid TOML.
    """
    table = project.pyproject()
    tools = table.get("tool", {})
    tools = tools if isinstance(tools, dict) else {}
    for tool in ("uv", "poetry", "pdm"):
        if (project.root / f"{tool}.lock").is_file():
            return _locked(tool, f"{tool}.lock", extras)
    workspace = workspace_root(project.root)
    if workspace:  # uv finds it by itself, and its environment is there
        there = os.path.relpath(workspace, project.root)
        lock = f"{there}/uv.lock" if (workspace / "uv.lock").is_file() else f"workspace in {there}"
        return _locked("uv", lock, extras)
    for tool in ("uv", "poetry", "pdm"):
        if tool in tools:
            return _locked(tool, f"tool.{tool} in pyproject.toml", extras)
    return _by_pip(project, table, extras)


def install_project(installer: Installer, project: Project, run: _Run) -> None:
    """Run the commands of an installer; a tool that is missing is fetched for this run alone.

    Args:
        installer: What `find_installer` returned.
        project: The user's project.
        run: Runs a command in a folder and returns its exit code.

    Raises:
        ProjectError: A command failed, or the tool cannot be had.
    """
    with _tool_at_hand(installer.tool, run) as program:
        words = {installer.tool: program, "python": sys.executable}
        for command in installer.commands:
            code = run([words.get(command[0], command[0]), *command[1:]], project.root)
            if code:
                raise ProjectError(
                    f"`{' '.join(command)}` exited with {code}.",
                    hint="Its own messages are above. Another way to install the project:"
                    f" make {ENVIRONMENT} with it, and leave this command out.",
                )


def _locked(tool: str, reason: str, extras: Sequence[str]) -> Installer:
    """Return how uv, poetry or pdm installs what its lock file says."""
    exact = reason.endswith(".lock")
    words = {
        "uv": ("uv", "sync", *["--frozen"] * exact, *_each("--extra", extras)),
        "poetry": ("poetry", "install", "--no-interaction", *_each("--extras", extras)),
        "pdm": ("pdm", "install", *["--frozen-lockfile"] * exact, *_each("--group", extras)),
    }
    before = {
        # Poetry keeps environments elsewhere unless it finds one here; pdm asks which Python.
        "poetry": (("python", "-m", "venv", ENVIRONMENT),),
        "pdm": (("python", "-m", "venv", ENVIRONMENT), ("pdm", "use", "-f", PYTHON)),
    }
    return Installer(tool, reason, (*before.get(tool, ()), words[tool]))


def _by_pip(project: Project, table: dict[str, object], extras: Sequence[str]) -> Installer:
    """Return how pip installs a project: its requirements, and itself where it can be built.

    Without `build-system` a project is an application that is run from its folder: its
    dependencies are installed and not itself, as uv does.
    """
    install = (PYTHON, "-m", "pip", "install", "--quiet")
    steps: list[tuple[str, ...]] = []
    reasons: list[str] = []
    if (project.root / "requirements.txt").is_file():
        steps.append((*install, "--requirement", "requirements.txt"))
        reasons.append("requirements.txt")
    builds = "build-system" in table or any(
        (project.root / name).is_file() for name in ("setup.py", "setup.cfg")
    )
    if builds:
        steps.append((*install, "--editable", f".[{','.join(extras)}]" if extras else "."))
        reasons.append("pyproject.toml" if "build-system" in table else "setup.py")
    elif wanted := _declared(table, extras):
        steps.append((*install, *wanted))
        reasons.append("pyproject.toml")
    if not steps:
        return Installer("", "", ())
    make = ("python", "-m", "venv", ENVIRONMENT)
    return Installer("pip", " and ".join(reasons), (make, *steps))


def _declared(table: dict[str, object], extras: Sequence[str]) -> list[str]:
    """Return the dependencies that the project table declares, those of some extras too."""
    project = table.get("project", {})
    project = project if isinstance(project, dict) else {}
    offered = project.get("optional-dependencies", {})
    offered = offered if isinstance(offered, dict) else {}
    for extra in extras:
        if extra not in offered:
            known = ", ".join(sorted(offered)) or "none"
            raise ProjectError(
                f"pyproject.toml has no optional dependencies {extra!r}.",
                hint=f"Known: {known}.",
            )
    found = project.get("dependencies", [])
    lists = [found, *(offered[extra] for extra in extras)]
    return [str(one) for some in lists if isinstance(some, list) for one in some]


def _each(option: str, values: Sequence[str]) -> Iterator[str]:
    """Yield an option before each value."""
    for value in values:
        yield option
        yield value


@contextmanager
def _tool_at_hand(tool: str, run: _Run) -> Iterator[str]:
    """Yield the path of a tool; one that is not on PATH is installed by pip for the time."""
    known = shutil.which(tool) if tool not in ("", "pip") else sys.executable
    if known:
        yield known
        return
    with tempfile.TemporaryDirectory(prefix=f"footnotary-{tool}-") as folder:
        scripts = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin")
        for command in (
            [sys.executable, "-m", "venv", folder],
            [str(scripts / "python"), "-m", "pip", "install", "--quiet", _FETCHED[tool]],
        ):
            if run(command, Path(folder)):
                raise ProjectError(
                    f"The project is kept with {tool}, which cannot be installed here.",
                    hint=f"Install {tool} and run again.",
                )
        yield str(scripts / tool)


def run_visibly(command: Sequence[str], folder: Path) -> int:
    """Run a command whose words go to stderr; an environment that a shell has active is not told.

    Returns:
        Its exit code; 127 where there is no such program.
    """
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        return subprocess.run(  # noqa: S603  the project's own tool, as its developer runs it
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            check=False,
        ).returncode
    except FileNotFoundError:
        return 127
