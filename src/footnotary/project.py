"""The user's project: where its root is, and where footnotary keeps things in it."""

import os
import re
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from footnotary.errors import ProjectError, UsageError
from footnotary.facts.options import ReadOptions
from footnotary.files import read_regular, resolve_path

ROOT_MARKS = ("pyproject.toml", ".git", ".footnotary", "mkdocs.yml")
MAX_PYPROJECT = 5_000_000
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True)
class Project:
    """A project on disk. Paths are absolute; nothing is read until it is asked for.

    Attributes:
        root: The project's root folder.
        stale_after_days: Age in days from which a source counts as old.
        python: Interpreter that imports the project; found if empty.
        usual_reading: How the project's settings say it is read.
        marker: How markers are written: `^[1]` or `[^1]`.
    """

    root: Path
    stale_after_days: int = 365
    python: str = ""
    usual_reading: ReadOptions = field(default_factory=ReadOptions)
    marker: str = "^[1]"

    @property
    def citations(self) -> Path:
        """Folder of the citation records."""
        return self.inside("citations")

    @property
    def current(self) -> Path:
        """Folder of the current documents."""
        return self.inside(".claude", "docs", "current")

    @property
    def archive(self) -> Path:
        """Folder of the superseded documents."""
        return self.inside(".claude", "docs", "archive")

    def inside(self, *parts: str) -> Path:
        """Return a folder of the project, which need not exist.

        Raises:
            ProjectError: A link that may have come with the project leads out of it.
        """
        path = self.root.joinpath(*parts)
        try:
            if resolve_path(path).is_relative_to(self.root.resolve()):
                return path
        except OSError:
            pass
        raise ProjectError(
            f"{path} leads out of the project in {self.root}.",
            hint="Replace the symbolic link by a folder.",
        )

    @property
    def name(self) -> str:
        """The project's name as a slug: from pyproject.toml, else the folder's name."""
        return self.declared_name or make_slug(self.root.name) or "project"

    @property
    def declared_name(self) -> str:
        """The name in pyproject.toml as a slug; empty without one: a folder's name is no fact."""
        table = self.pyproject().get("project", {})
        return make_slug(str(table.get("name", ""))) if isinstance(table, dict) else ""

    def pyproject(self) -> dict[str, object]:
        """Read pyproject.toml.

        Returns:
            Its content; empty where there is none.

        Raises:
            ProjectError: It is no valid TOML.
        """
        path = self.root / "pyproject.toml"
        try:
            return tomllib.loads(read_regular(path, MAX_PYPROJECT, follow=True).decode())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ProjectError(
                f"{path} cannot be read: {error.strerror or error}.",
                hint="Correct the file and run again.",
            ) from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise ProjectError(
                f"{path} is not valid TOML: {error}.", hint=_toml_hint(path)
            ) from error


def _toml_hint(path: Path) -> str:
    """Return what to do with a file that is no TOML, which is UTF-8 without a mark (TOML 1.0)."""
    data = read_regular(path, MAX_PYPROJECT, follow=True)
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return "Save the file as UTF-8 without a byte order mark and run again."
    try:
        data.decode()
    except UnicodeDecodeError:
        return "Save the file as UTF-8 and run again."
    return "Correct the file and run again."


def workspace_root(root: Path) -> Path | None:
    """Return the root of the uv workspace that a project is a member of; None without one.

    Its lock file and its environment are there (uv documentation, "Using workspaces").
    """
    for folder in root.parents:
        if not (folder / "pyproject.toml").is_file():
            continue
        try:
            tools = Project(folder).pyproject().get("tool", {})
        except ProjectError:
            continue
        uv = tools.get("uv", {}) if isinstance(tools, dict) else {}
        workspace = uv.get("workspace", {}) if isinstance(uv, dict) else {}
        if isinstance(workspace, dict) and workspace:
            inner = root.relative_to(folder).parts
            members, excluded = (_patterns(workspace.get(key)) for key in ("members", "exclude"))
            is_member = any(_fits(inner, one) for one in members)
            return folder if is_member and not any(_fits(inner, one) for one in excluded) else None
    return None


def _patterns(value: object) -> list[str]:
    """Return the patterns of a list in pyproject.toml."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _fits(parts: tuple[str, ...], pattern: str) -> bool:
    """Return whether a path, part for part, is one of a pattern of folders."""
    wanted = PurePosixPath(pattern).parts
    if "**" in wanted:
        return fnmatch("/".join(parts), "/".join(wanted))
    return len(wanted) == len(parts) and all(map(fnmatch, parts, wanted))


def repository_of(root: Path) -> Path:
    """Return what came in one piece with a project, whose links may lead to each other.

    Returns:
        The nearest folder at or above it that has a `.git`, but for the user's home; else itself.
    """
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  Path.home() raises where there is none
    found = next((one for one in (root, *root.parents) if (one / ".git").exists()), root)
    return root if found.resolve() == home.resolve() else found


def record_names(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the record files in a folder.

    Returns:
        The keys, and the names of files that no record can have; both sorted.
    """
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(".yaml"))
    except OSError:
        return (), ()
    keys = tuple(name.removesuffix(".yaml") for name in names)
    good = tuple(key for key in keys if NAME_PATTERN.fullmatch(key))
    known = frozenset(good)
    return good, tuple(f"{key}.yaml" for key in keys if key not in known)


def discover(start: Path) -> Project:
    """Find the project a folder belongs to.

    Returns:
        The nearest folder at or above `start` that has a pyproject.toml, a .git, a
        .footnotary or an mkdocs.yml; `start` itself where no folder has.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if any((folder / mark).exists() for mark in ROOT_MARKS):
            return Project(folder)
    return Project(start)


def make_slug(text: str) -> str:
    """Return text as lower-case ASCII words joined by hyphens, 60 characters at most."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:60].rstrip("-")


def checked_name(name: str) -> str:
    """Return a name that is safe in a file name, unchanged.

    Raises:
        UsageError: It has other characters than a-z, 0-9 and `-`, or more than 60.
    """
    if NAME_PATTERN.fullmatch(name):
        return name
    suggestion = make_slug(name)
    raise UsageError(
        f"{name!r} cannot be a project or topic name.",
        hint="Use a-z, 0-9 and hyphens, 60 at most"
        + (f": {suggestion}" if suggestion else "")
        + ".",
    )
