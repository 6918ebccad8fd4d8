"""Which compose files belong together: the stacks of a project."""

import re

from footnotary.errors import ProjectError
from footnotary.source.tree import Tree

# The names that `docker compose` looks for, in its order (compose-spec, "Compose file").
DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
OVERRIDE_NAMES = tuple(re.sub(r"\.(ya?ml)$", r".override.\1", name) for name in DEFAULT_NAMES)
_ANY = ("compose.yaml", "compose.yml", "compose*.y*ml", "docker-compose*.y*ml", "*.compose.y*ml")
_SAMPLE = re.compile(r"\.(?:example|sample|template)\.")


def named(tree: Tree, files: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the one stack that the user names.

    Raises:
        ProjectError: A file is not there.
    """
    for name in files:
        if not tree.has(name):
            raise ProjectError(
                f"The compose file {name} does not exist.",
                hint="Paths are relative to the project's root.",
            )
    return [files]


def stacks(tree: Tree) -> list[tuple[str, ...]]:
    """Group the project's compose files into stacks.

    Args:
        tree: The project's files.

    Returns:
        Groups of paths, the root's first, and in each folder first what a bare
        `docker compose up` runs (the base file and its override); then the base alone
        where there is an override; then the base with each other file (`compose.X.yml`).
    """
    found = [path for path in tree.named(*_ANY) if path.endswith((".yml", ".yaml"))]
    folders: dict[str, list[str]] = {}
    for path in found:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    ordered = sorted(folders, key=lambda folder: (folder.count("/") + bool(folder), folder))
    return [group for folder in ordered for group in _groups(folder, folders[folder])]


def _groups(folder: str, paths: list[str]) -> list[tuple[str, ...]]:
    """Group the compose files of one folder."""
    prefix = f"{folder}/" if folder else ""
    base = next((prefix + name for name in DEFAULT_NAMES if prefix + name in paths), None)
    override = next((prefix + name for name in OVERRIDE_NAMES if prefix + name in paths), None)
    others = [path for path in paths if path not in {base, override} and not _SAMPLE.search(path)]
    if base is None:
        return [(path,) for path in (*([override] if override else []), *others)]
    groups = [(base, override), (base,)] if override else [(base,)]
    return [*groups, *((base, path) for path in others if not _other_default(path, prefix))]


def _other_default(path: str, prefix: str) -> bool:
    """Tell whether a file has a default name too, which `docker compose` passes over."""
    return path.removeprefix(prefix) in {*DEFAULT_NAMES, *OVERRIDE_NAMES}
