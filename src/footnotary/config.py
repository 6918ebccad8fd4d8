"""Settings: `[tool.footnotary]` in pyproject.toml, overridden by `FOOTNOTARY_*` variables.

Faces call `load()` and pass plain values on; nothing below the faces reads settings.
"""

import copy
import difflib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from footnotary import DOCUMENTATION
from footnotary.clock import MOST_DAYS
from footnotary.errors import SettingsError
from footnotary.facts.options import ReadOptions
from footnotary.files import is_linked, read_regular, write_atomically
from footnotary.models import Publisher
from footnotary.project import MAX_PYPROJECT, Project, repository_of

_PREFIX = "FOOTNOTARY_"
CACHE_VARIABLE = "FOOTNOTARY_CACHE_DIR"
ENV_FILE_VARIABLE = "FOOTNOTARY_ENV_FILE"
# Of the clock, of the MkDocs plugin, and of the CI template.
_OTHER_VARIABLES = {
    "FOOTNOTARY_NOW", "FOOTNOTARY_ROOT", "FOOTNOTARY_VERSION", "FOOTNOTARY_EXTRAS",
    "FOOTNOTARY_ARGUMENTS", "FOOTNOTARY_EXAMPLES",
}  # fmt: skip
_LONGEST_PART, _LONGEST = 255, 4000  # bytes that file systems take in a name and in a path
_Named = TypeVar("_Named", str, Path)


def _usable_path(path: _Named) -> _Named:
    """Return a path or a pattern of paths that a file system can be asked for."""
    text = str(path)
    if "\0" in text:
        raise ValueError("it holds a null character, which no file name can")
    if any(len(os.fsencode(part)) > _LONGEST_PART for part in text.split("/")):
        raise ValueError(f"one of its parts is longer than {_LONGEST_PART} bytes")
    if len(os.fsencode(text)) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} bytes")
    return path


def _none_if_empty(value: object) -> object:
    """Return None for an empty text: the setting is off."""
    return None if value == "" else value


def _json(text: str) -> Any:
    """Return what a JSON text says; None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


_UsablePath = Annotated[Path, AfterValidator(_usable_path)]
_UsableText = Annotated[str, AfterValidator(_usable_path)]


def _read_value(name: str, value: str) -> Any:
    """Return the value of a variable; a list may be words with commas between them.

    Raises:
        SettingsError: It can be read neither as that nor as JSON.
    """
    kind = get_origin(Settings.model_fields[name].annotation)
    if kind not in (tuple, dict):
        return value
    expected = dict if kind is dict else list
    if not value.strip():
        return expected()
    read = _json(value)
    if isinstance(read, expected):
        return read
    if kind is dict or "".join(value.split())[:2] in ("['", '["'):
        raise SettingsError(
            f"{_PREFIX}{name.upper()} cannot be read: it is not a JSON"
            f" {'object' if kind is dict else 'list'}.",
            hint=f"{DOCUMENTATION}settings/ shows how lists and mappings are written.",
        )
    return [word.strip() for word in value.split(",") if word.strip()]


def _with_variables(table: dict[str, Any]) -> dict[str, Any]:
    """Return settings of a file with those of the environment over them, key by key of mappings."""
    named = {name.upper(): value for name, value in os.environ.items()}
    for name in Settings.model_fields:
        value = named.get(f"{_PREFIX}{name.upper()}")
        if value is not None:
            told, filed = _read_value(name, value), table.get(name)
            if isinstance(told, dict) and isinstance(filed, dict):
                told = {**filed, **told}
            table[name] = told
    return table


class Settings(BaseModel):
    """Every setting, with its default.

    Attributes:
        cache_dir: Where fetched pages are kept, relative to the project's root. A project may
            name a folder of its own; only the environment may name another.
        allow_private: Whether private and loopback addresses may be fetched.
        timeout: Seconds that one fetch may take in all, redirects included.
        max_bytes: Largest decoded body, in bytes.
        delay: Seconds between two requests to one host while citations are checked.
        site_engine: What builds the site: `mkdocs`, `properdocs`, `zensical`, or `auto` for
            the first of these that is installed.
        python: Interpreter that imports the project, found if empty.
        app: The application that is documented, as `--app` takes it; found if empty.
        env_file: File with settings that the application needs when it is imported, relative to
            the root. A project may name one of its repository; only the environment another.
        mocks: Modules that are replaced by mocks on import.
        package: Folder of the package that `doc new impl` documents; found if empty.
        metadata: `module:attribute` of the SQLAlchemy metadata or base; found if empty.
        imports: Modules whose tables are read, instead of every module that declares some.
        dialect: SQLAlchemy dialect the types are written for; found if empty.
        import_timeout: Seconds that importing the project may take.
        publishers: What your own hosts are: `github`, `gitlab`, `gitea`, `pypi`, `npm`, `doi`
            or `arxiv`, by host.
        archive: URL that makes a snapshot of a page; `{url}` stands for the page's URL.
        searxng: Address of a SearXNG instance that `footnotary search --web` asks.
        pages: Patterns of your own Markdown that the gate looks at too.
        select: Rules that run, by code or beginning of one; all if empty.
        ignore: Rules that do not run.
        per_file_ignores: Rules that do not run on files of a pattern.
        stale_after_days: Age in days from which a source is old.
        stale_after_days_by_tag: The same for citations with a tag.
        baseline: File with the findings that do not count, relative to the root.
        marker: How `sync` writes markers: as `^[1]`, or as footnotes that other programs read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cache_dir: _UsablePath = Path(".footnotary")
    allow_private: bool = False
    timeout: float = Field(default=30.0, gt=0, le=600)
    max_bytes: int = Field(default=20_000_000, ge=1000)
    delay: float = Field(default=0.25, ge=0, le=60)
    site_engine: Literal["auto", "mkdocs", "properdocs", "zensical"] = "auto"
    python: _UsableText = ""
    app: str = ""
    env_file: Annotated[_UsablePath | None, BeforeValidator(_none_if_empty)] = None
    mocks: tuple[str, ...] = ()
    package: _UsableText = ""
    metadata: str = ""
    imports: tuple[str, ...] = ()
    dialect: str = ""
    import_timeout: float = Field(default=ReadOptions.timeout, ge=1)
    publishers: dict[str, Publisher] = Field(default_factory=dict)
    archive: str = "https://web.archive.org/save/{url}"
    searxng: str = ""
    pages: tuple[_UsableText, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: dict[_UsableText, tuple[str, ...]] = Field(default_factory=dict)
    stale_after_days: int = Field(default=365, ge=1, le=MOST_DAYS)
    stale_after_days_by_tag: dict[str, Annotated[int, Field(ge=1, le=MOST_DAYS)]] = Field(
        default_factory=dict
    )
    baseline: Annotated[_UsablePath | None, BeforeValidator(_none_if_empty)] = None
    marker: Literal["^[1]", "[^1]"] = "^[1]"

    @property
    def reading(self) -> ReadOptions:
        """How the project is read."""
        return ReadOptions(
            app=self.app,
            env_file=self.env_file,
            mocks=self.mocks,
            package=self.package,
            metadata=self.metadata,
            imports=self.imports,
            dialect=self.dialect,
            timeout=self.import_timeout,
        )


def write_settings(project: Project, changed: Mapping[str, Any]) -> Path:
    """Add settings to `[tool.footnotary]` of pyproject.toml; everything else stays as it is.

    Args:
        project: The user's project.
        changed: Values by the name of the setting.

    Raises:
        SettingsError: There is no pyproject.toml, or it has another value, or such a table in
            another form; nothing is written then.
    """
    path = project.root / "pyproject.toml"
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in changed.items()]
    hint = f"Write it yourself, under [tool.footnotary]: {'; '.join(lines)}"
    try:
        text = read_regular(path, MAX_PYPROJECT).decode()
        before = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path.name} cannot be read: {error}.", hint=hint) from None
    end = "\r\n" if "\r\n" in text else "\n"
    head = re.search(r"^\[tool\.footnotary\][^\n]*\n?", text, re.MULTILINE)
    if head:
        at = head.end()
        gap = "" if head[0].endswith("\n") else end
        made = text[:at] + gap + "".join(line + end for line in lines) + text[at:]
    else:
        made = text.rstrip() + end.join(["", "", "[tool.footnotary]", *lines, ""])
    wanted = copy.deepcopy(before)
    wanted.setdefault("tool", {}).setdefault("footnotary", {}).update(changed)
    try:
        is_so = tomllib.loads(made) == wanted
    except ValueError:
        is_so = False
    if not is_so:
        raise SettingsError(f"{path.name} has other settings of that name.", hint=hint)
    write_atomically(path, made.encode())
    return path


def load_settings(project: Project) -> Settings:
    """Read the settings of a project.

    Returns:
        The settings; `cache_dir` is absolute.

    Raises:
        SettingsError: A setting is unknown or of the wrong type; the message names it.
    """
    tools = project.pyproject().get("tool", {})
    table = tools.get("footnotary", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(
            "tool.footnotary in pyproject.toml is not a table.",
            hint="Write it as [tool.footnotary] with one setting a line.",
        )
    _refuse_unknown_variables()
    try:
        filed = {name.replace("-", "_"): value for name, value in table.items()}
        settings = Settings(**_with_variables(filed))
    except ValidationError as error:
        raise _unusable(error) from None
    cache = _cache_folder(project.root, settings.cache_dir)
    file = settings.env_file and _environment_file(project.root, settings.env_file)
    return settings.model_copy(update={"cache_dir": cache, "env_file": file})


def _refuse_unknown_variables() -> None:
    """Refuse a variable that looks like a setting and is none, as pyproject.toml does."""
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields} | _OTHER_VARIABLES
    for name in sorted(os.environ):
        if name.upper().startswith(_PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), sorted(known), 1, cutoff=0.8)
            raise SettingsError(
                f"Unknown setting {name} in the environment.",
                hint=(f"Did you mean {near[0]}? " if near else "")
                + f"Unset it; {DOCUMENTATION}settings/ lists all of them.",
            )


def _unusable(error: ValidationError) -> SettingsError:
    """Return the error for a setting of the wrong type or value; it names setting and variable."""
    first = error.errors()[0]
    name, *within = (str(part) for part in first["loc"])
    variable = f"{_PREFIX}{name.upper()}"
    shown = f"The setting {'.'.join((name, *within))!r}"
    if any(one.upper() == variable for one in os.environ):
        shown += f" ({variable})"
    return SettingsError(
        f"{shown} cannot be used: {first['msg'].removeprefix('Value error, ')}.",
        hint=f"It is in [tool.footnotary] of pyproject.toml or in {variable};"
        f" {DOCUMENTATION}settings/ lists all of them.",
    )


def _cache_folder(root: Path, named: Path) -> Path:
    """Return the folder of the cache."""
    folder = root / named
    if any(name.upper() == CACHE_VARIABLE for name in os.environ):
        return folder
    if not is_linked(folder, root):
        return folder
    hint = f"Name a folder of the project, or set {CACHE_VARIABLE} to any folder."
    if not folder.is_relative_to(root) or ".." in named.parts:
        raise SettingsError(
            f"Invalid cache-dir {str(named)!r}: it lies outside of the project.", hint=hint
        )
    link = next(
        root / each for each in (*reversed(named.parents), named) if (root / each).is_symlink()
    )
    raise SettingsError(
        f"{link.relative_to(root)} is a symbolic link; what is fetched is not kept behind one.",
        hint=f"Remove the link. {hint}",
    )


def _environment_file(root: Path, named: Path) -> Path:
    """Return the file of settings that the project is imported with."""
    file = root / named
    is_told = any(name.upper() == ENV_FILE_VARIABLE for name in os.environ)
    if is_told or file.resolve().is_relative_to(repository_of(root).resolve()):
        return file
    raise SettingsError(
        f"Invalid env-file {str(named)!r}: it lies outside of the project's repository.",
        hint=f"Name a file of the repository, or set {ENV_FILE_VARIABLE} to any file.",
    )
