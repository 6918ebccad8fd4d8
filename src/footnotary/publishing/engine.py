"""Running the engine that builds the site: MkDocs, ProperDocs or Zensical.

It runs as a child of our own interpreter, because footnotary may be installed as a tool and
the project's environment need not have it; the project's code is read, never imported.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from footnotary.counting import counted
from footnotary.errors import SiteError
from footnotary.project import Project
from footnotary.publishing import staging
from footnotary.publishing.configuration import read_mkdocs_yml
from footnotary.publishing.dead_links import DeadLink, find_dead_links
from footnotary.publishing.serving import run_until_ended

ENGINES = ("mkdocs", "properdocs", "zensical")
SHOWN_WARNINGS = 12
_QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
_WARNING = re.compile(r"^(?:\x1b\[[0-9;]*m)*(WARNING|ERROR)\b[ :-]*", re.MULTILINE)
_NO_PLUGIN = re.compile(r'The "([\w./-]+)" plugin is not installed')
_NO_THEME = re.compile(r"Unrecognised theme name: '([\w-]+)'")
_NO_MODULE = re.compile(r"No module named '([\w.]+)'")


@dataclass(frozen=True)
class Built:
    """A built site.

    Attributes:
        site: Its folder.
        engine: What built it.
        pages: How many pages it has.
        seconds: How long it took.
        warnings: What the engine warned of, a line each.
    """

    site: Path
    engine: str
    pages: int
    seconds: float
    warnings: tuple[str, ...]


class StrictFailure(SiteError):
    """A strict build with warnings: a finding, not a failure of ours."""

    exit_code = 1


def build_site(
    project: Project, *, strict: bool = False, site_dir: Path | None = None, engine: str = "auto"
) -> Built:
    """Build the site.

    Args:
        project: The project; it needs an mkdocs.yml.
        strict: Whether warnings fail it.
        site_dir: Where the site goes; `site` in the project if None.
        engine: `mkdocs`, `properdocs`, `zensical`, or `auto` for the first installed.

    Raises:
        StrictFailure: It is strict and there were warnings.
        SiteError: There is no mkdocs.yml, the engine is missing, or it failed.
    """
    name = choose_engine(engine)
    configuration = _configuration(project)
    site = (site_dir or project.root / "site").absolute()
    started = time.perf_counter()
    if name == "zensical":
        output, code = staging.build_staged(project, configuration, site, run=_captured)
    else:
        words = [*_engine(name, configuration, "build"), "-d", str(site)]
        output, code = _captured([*words, *["--strict"] * strict], project.root)
    warnings = warnings_of(output)
    if code and not (strict and warnings):
        raise failure_of(name, output)
    docs = configuration.parent / str(read_mkdocs_yml(configuration).get("docs_dir") or "docs")
    warnings += _not_yet_told(find_dead_links(site, docs), warnings)
    if strict and warnings:
        raise StrictFailure(
            f"The site has {counted(len(warnings), 'warning')}:"
            f" {'; '.join(warnings[:SHOWN_WARNINGS])}",
            hint="Fix them, or build without --strict.",
            detail=output.strip(),
        )
    return Built(
        site, name, len(list(site.rglob("*.html"))), time.perf_counter() - started, warnings
    )


def serve_site(
    project: Project, address: str = "127.0.0.1:8001", *, engine: str = "auto", browse: bool = False
) -> int:
    """Serve the site and rebuild it when a document, a citation or a page changes.

    Args:
        project: The project; it needs an mkdocs.yml.
        address: Host and port, from `free_address`.
        engine: As for `build`.
        browse: Open a browser.

    Returns:
        The engine's exit code, once it has ended.

    Raises:
        KeyboardInterrupt: We were told to end, and the engine has.
        SiteError: There is no mkdocs.yml, or the engine is missing.
    """
    name = choose_engine(engine)
    configuration = _configuration(project)
    options = ["-a", address, *["--open"] * browse]
    if name == "zensical":
        return staging.serve_staged(project, configuration, options, environment())
    words = [*_engine(name, configuration, "serve"), *options]
    return run_until_ended(words, project.root, environment())


def choose_engine(engine: str) -> str:
    """Return the engine to use.

    Raises:
        SiteError: It is unknown or not installed.
    """
    if engine == "auto":
        engine = next((name for name in ENGINES if find_spec(name)), "mkdocs")
    if engine not in ENGINES:
        raise SiteError(f"There is no engine {engine!r}.", hint=f"There are {', '.join(ENGINES)}.")
    if not find_spec(engine):
        raise SiteError(f"{engine} is not installed.", hint=f"Install it: {install(engine)}.")
    return engine


def install(package: str) -> str:
    """Return the command that installs a package beside footnotary."""
    parts = Path(sys.prefix).parts
    if "pipx" in parts:
        return f"pipx inject footnotary {package}"
    if "uv" in parts and "tools" in parts:
        return f"uv tool install footnotary --with {package}"
    return f"{Path(sys.executable).name} -m pip install {package}"


def environment() -> dict[str, str]:
    """Return the engine's environment: ours, without the engines' banners."""
    return {**os.environ, **_QUIET}


def warnings_of(output: str) -> tuple[str, ...]:
    """Return the warnings and errors in an engine's output, a line each."""
    lines = output.splitlines()
    return tuple(_WARNING.sub("", line).strip() for line in lines if _WARNING.match(line))


def _not_yet_told(found: Iterable[DeadLink], warnings: tuple[str, ...]) -> tuple[str, ...]:
    """Return dead links in words, without those that the engine warned of as `'address'`."""
    said = "\n".join(warnings)
    return tuple(str(one) for one in found if f"'{one.address}'" not in said)


def _engine(name: str, configuration: Path, command: str) -> list[str]:
    """Return the command line of an engine; `-P` keeps the project's folder out of its path."""
    return [sys.executable, "-P", "-m", name, command, "-f", str(configuration)]


def _configuration(project: Project) -> Path:
    """Return the project's mkdocs.yml.

    Raises:
        SiteError: There is none.
    """
    for name in ("mkdocs.yml", "mkdocs.yaml"):
        if (project.root / name).is_file():
            return project.root / name
    raise SiteError(f"{project.root} has no mkdocs.yml.", hint="`footnotary init` writes one.")


def _captured(words: Sequence[str], folder: Path) -> tuple[str, int]:
    """Run a command; return what it said and its exit code."""
    result = subprocess.run(  # noqa: S603  our own interpreter and options
        words,
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return result.stdout.decode(errors="replace"), result.returncode


def failure_of(name: str, output: str) -> SiteError:
    """Return why an engine failed, and what to do about it."""
    for pattern in (_NO_PLUGIN, _NO_THEME):
        if found := pattern.search(output):
            return SiteError(
                f"The site needs {found[1]!r}, which is not installed beside footnotary.",
                hint=f"Install what provides it, often: {install(f'mkdocs-{found[1]}')}.",
                detail=output.strip(),
            )
    if found := _NO_MODULE.search(output):
        # Nobody knows the distribution: one that is called like a module may be a stranger's.
        return SiteError(
            f"The site needs the module {found[1]!r}, which was not found.",
            hint="If it is the project's own, name the folder above it in mkdocs.yml: plugins,"
            " mkdocstrings, handlers, python, paths. Else install the distribution that has it.",
            detail=output.strip(),
        )
    said = warnings_of(output) or tuple(line for line in output.strip().splitlines()[-1:])
    return SiteError(
        f"{name} could not build the site: {said[0] if said else 'it said nothing'}",
        hint="--verbose shows all that it said.",
        detail=output.strip(),
    )
