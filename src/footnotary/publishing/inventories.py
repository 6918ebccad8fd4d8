"""Inventories of other projects' references (`objects.inv`), so that types link out.

mkdocstrings would fetch them while the site is built, and complain where it cannot. So they
are fetched before, into `.footnotary/inventories`, and the engines are given the kept files:
a build asks nobody, and without the network links to what was never kept are left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, RootModel, StringConstraints

from footnotary import clock
from footnotary.errors import FetchError, SiteError, Unreachable
from footnotary.files import write_atomically
from footnotary.models import Response
from footnotary.probe.interpreter import environment_folders, find_interpreter, has_environment
from footnotary.project import Project
from footnotary.publishing.configuration import find_configuration, read_mkdocs_yml
from footnotary.readers.layout import import_roots
from footnotary.source import Tree
from footnotary.state import is_believed, make_state_folder, read_state, write_state

FOLDER = ".footnotary/inventories"
# What a backend's types come from; an author's own list replaces it.
USUAL = (
    "https://docs.python.org/3/objects.inv",
    "https://fastapi.tiangolo.com/objects.inv",
    "https://docs.sqlalchemy.org/en/20/objects.inv",
    "https://docs.pydantic.dev/latest/objects.inv",
)
MAX_AGE = timedelta(days=7)
_NAME = "inventories"
_INDEX = f"{_NAME}/index.json"
# The first line of every inventory (Sphinx, "Inventory files").
_MAGIC = b"# Sphinx inventory version"
_GUARD = "footnotary.griffe_extension"


@dataclass(frozen=True)
class Kept:
    """One inventory on disk.

    Attributes:
        file: Its name in the folder.
        base: The address that its entries are relative to.
        fetched: When it was fetched.
    """

    file: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}\.inv$")]
    base: Annotated[str, StringConstraints(pattern=r"^https?://")]
    fetched: AwareDatetime


class _Index(RootModel[dict[str, Kept]]):
    """What is kept, by address."""


def stale_inventories(project: Project) -> tuple[str, ...]:
    """Return the inventories that were never fetched, or not for a week.

    Args:
        project: The project; without mkdocstrings in its mkdocs.yml it needs none.
    """
    handlers = _handlers(find_configuration(project.root) or project.root / "mkdocs.yml")
    index = _index(project.root) if handlers else {}
    now = clock.now()
    return tuple(
        url for url in _wanted(handlers) if url not in index or now - index[url].fetched > MAX_AGE
    )


def refresh_inventories(
    project: Project, urls: Iterable[str], get: Callable[[str], Response]
) -> tuple[str, ...]:
    """Fetch inventories; what cannot be had stays as it was kept.

    Returns:
        A sentence for each that is neither fetched nor kept.
    """
    root = project.root
    notes: list[tuple[str, str]] = []
    unasked: list[tuple[str, str]] = []
    index = _index(root)
    offline = False
    for url in urls:
        reason = "not a Sphinx inventory"
        try:
            answer = None if offline else get(url)
        except FetchError as error:
            answer, reason = None, error.message.rstrip(".")
            offline = isinstance(error, Unreachable)
        if answer is not None and answer.body.startswith(_MAGIC):
            index[url] = _keep(root, url, answer)
        elif url not in index:
            (unasked if offline else notes).append((url, reason))
    _write_index(root, index)
    if unasked:  # the first one was asked, and says why
        others = f" and {len(unasked) - 1} more" if len(unasked) > 1 else ""
        notes.append((unasked[0][0] + others, unasked[0][1]))
    return tuple(f"Types are not linked to {name}: {reason}." for name, reason in notes)


def localise(handlers: Any, root: Path) -> tuple[str, ...]:
    """Put the kept files in the place of the addresses that mkdocstrings would ask.

    Args:
        handlers: The `handlers` option of mkdocstrings; changed in place.
        root: The project's root.

    Returns:
        The addresses that were left out, because nothing is kept of them.
    """
    python = handlers.get("python") if isinstance(handlers, dict) else None
    if not isinstance(python, dict):
        return ()
    index = _index(root)
    found, left_out = [], []
    for entry in _entries(handlers):
        options = dict(entry) if isinstance(entry, dict) else {"url": str(entry)}
        kept = index.get(str(options.get("url")))
        if kept:
            file = (root / FOLDER / kept.file).absolute()
            found.append({"base_url": kept.base, **options, "url": file.as_uri()})
        elif _is_remote(options):
            left_out.append(str(options["url"]))
        else:
            found.append(entry)
    python["inventories"] = found
    return tuple(left_out)


def _handlers(configuration: Path) -> dict[str, Any]:
    """Return the `handlers` of mkdocstrings; nothing where it is not switched on."""
    try:
        settings = read_mkdocs_yml(configuration)
    except SiteError:
        return {}  # whoever builds the site says why
    plugins = settings.get("plugins") if isinstance(settings, dict) else None
    for entry in plugins if isinstance(plugins, list) else ():
        if entry == "mkdocstrings":
            return {"python": {}}
        if isinstance(entry, dict) and "mkdocstrings" in entry:
            options = entry["mkdocstrings"] or {}
            return {"python": {}, **(options.get("handlers") or {})}
    return {}


def _entries(handlers: Any) -> list[Any]:
    """Return the inventories that a configuration names, or the usual ones."""
    python = handlers.get("python") if isinstance(handlers, dict) else None
    if not isinstance(python, dict):
        return []
    named = python.get("inventories")
    return list(USUAL) if named is None else list(named)


def _wanted(handlers: Any) -> list[str]:
    """Return the addresses of the inventories that are fetched."""
    entries = [e if isinstance(e, dict) else {"url": str(e)} for e in _entries(handlers)]
    return [str(entry["url"]) for entry in entries if _is_remote(entry)]


def _is_remote(entry: Any) -> bool:
    """Tell whether an entry names an address of the web."""
    return str(entry.get("url", "")).startswith(("https://", "http://"))


def _keep(root: Path, url: str, answer: Response) -> Kept:
    """Write an inventory."""
    import hashlib

    name = f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.inv"
    write_atomically(make_state_folder(root, _NAME) / name, answer.body)
    return Kept(name, answer.final_url.rpartition("/")[0] + "/", clock.now())


def _index(root: Path) -> dict[str, Kept]:
    """Return what is kept, by address; nothing where the index cannot be read."""
    index = read_state(root, _INDEX, _Index)
    if index is None:
        return {}
    folder = root / FOLDER
    return {url: one for url, one in index.root.items() if is_believed(folder / one.file, root)}


def _write_index(root: Path, index: dict[str, Kept]) -> None:
    """Write what is kept."""
    if index:
        write_state(root, _INDEX, _Index(dict(sorted(index.items()))))


def _package_paths(root: Path) -> list[str]:
    """Return from where a project's packages, and those it has installed, are imported.

    They are read as text by mkdocstrings (griffe), never imported.
    """
    project = Project(root)
    folders = [root / one for one in import_roots(Tree(root))]
    if has_environment(project):
        folders += environment_folders(find_interpreter(project))
    return [str(folder) for folder in folders]


def add_paths(handlers: Any, root: Path) -> None:
    """Let mkdocstrings' Python handler find the project's packages and what is installed for it.

    Args:
        handlers: The plugin's `handlers` option; changed in place. Paths are added only
            where the author names some: without any, mkdocstrings looks where it likes.
        root: The project's root.
    """
    python = handlers.get("python") if isinstance(handlers, dict) else None
    if isinstance(python, dict) and python.get("paths"):
        python["paths"] = [*python["paths"], *_package_paths(root)]


def guard_docstrings(handlers: Any) -> None:
    """Let nothing but CommonMark act in docstrings (`footnotary.griffe_extension`).

    Args:
        handlers: The plugin's `handlers` option; changed in place.
    """
    if not isinstance(handlers, dict):
        return
    python = handlers["python"] = handlers.get("python") or {}
    options = python["options"] = python.get("options") or {}
    extensions = options.get("extensions") or []
    # The last one: what others add to a docstring is foreign too.
    options["extensions"] = [*(one for one in extensions if one != _GUARD), _GUARD]
