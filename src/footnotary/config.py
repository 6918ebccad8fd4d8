"""Settings: `[tool.footnotary]` in pyproject.toml, overridden by `FOOTNOTARY_*` variables.

Faces call `load()` and pass plain values on; nothing below the faces reads settings.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from footnotary import DOCUMENTATION
from footnotary.clock import MOST_DAYS
from footnotary.errors import SettingsError
from footnotary.extract.publishers import Publisher
from footnotary.files import is_linked
from footnotary.project import Project

CACHE_VARIABLE = "FOOTNOTARY_CACHE_DIR"


class Settings(BaseSettings):
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
    """

    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTARY_",
        extra="forbid",
        frozen=True,
    )

    cache_dir: Path = Path(".footnotary")
    allow_private: bool = False
    timeout: float = Field(default=30.0, gt=0, le=600)
    max_bytes: int = Field(default=20_000_000, ge=1000)
    delay: float = Field(default=0.25, ge=0, le=60)
    site_engine: Literal["auto", "mkdocs", "properdocs", "zensical"] = "auto"
    python: str = ""
    publishers: dict[str, Publisher] = Field(default_factory=dict)
    archive: str = "https://web.archive.org/save/{url}"
    searxng: str = ""
    pages: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    stale_after_days: int = Field(default=365, ge=1, le=MOST_DAYS)
    stale_after_days_by_tag: dict[str, Annotated[int, Field(ge=1, le=MOST_DAYS)]] = Field(
        default_factory=dict
    )
    baseline: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over pyproject.toml over defaults; a .env file belongs to the app."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (env_settings, init_settings)


def load(project: Project) -> Settings:
    """Read the settings of a project.

    Args:
        project: Whose pyproject.toml is read.

    Returns:
        The settings; `cache_dir` is absolute.

    Raises:
        SettingsError: A setting is unknown or of the wrong type; the message names it.
    """
    tools = project.pyproject().get("tool", {})
    table = tools.get("footnotary", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(
            "tool.footnotary in pyproject.toml is no table.",
            hint="Write it as [tool.footnotary] with one setting a line.",
        )
    try:
        settings = Settings(**{name.replace("-", "_"): value for name, value in table.items()})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"The setting {name!r} cannot be used: {first['msg']}.",
            hint="It stands in [tool.footnotary] of pyproject.toml or in"
            f" FOOTNOTARY_{name.upper()}; {DOCUMENTATION}settings/ lists all of them.",
        ) from None
    cache = _cache_folder(project.root, settings.cache_dir)
    return settings.model_copy(update={"cache_dir": cache})


def _cache_folder(root: Path, named: Path) -> Path:
    """Return the folder of the cache.

    Raises:
        SettingsError: It is the project's own word, which a stranger may have written, and it
            leads out of the project.
    """
    folder = root / named
    if any(name.upper() == CACHE_VARIABLE for name in os.environ):
        return folder
    if is_linked(folder, root):
        raise SettingsError(
            f"Invalid cache-dir {str(named)!r}: it lies outside of the project, or behind a"
            " symbolic link.",
            hint=f"Name a folder of the project, or set {CACHE_VARIABLE} to any folder.",
        )
    return folder
