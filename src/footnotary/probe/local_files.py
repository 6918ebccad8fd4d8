"""Files of this machine alone: git ignores them, no other copy of the project has them.

What they decide is no fact of the code, so an import does not see them. Modules, and what is
in ignored folders without looking like settings, may be made when the project is built, and stay.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from footnotary import git

_MOST = 2_000
_DEEPEST = 3
_CODE = {".py", ".pyi", ".so", ".pyd", ".pyx", ".c", ".pth"}
_SETTINGS = {".toml", ".ini", ".cfg", ".conf", ".yaml", ".yml", ".json", ".properties"}
_PERSONAL = {"secret", "secrets", "credentials", "instance", "env", "envs", "local", "private"}
_MADE = {"node_modules", "__pycache__", "dist", "build", ".git", ".footnotary", "site-packages"}
# Modules of settings that are one developer's: `local_settings.py`, `settings_local.py`.
_LOCAL = re.compile(r"(?i)(\w*local\w*|secrets?|credentials|(my|user|dev)_?(settings|config))\.py")


def find_local_files(root: Path) -> tuple[str, ...]:
    """Return the files of this machine alone that may decide what an application is.

    Args:
        root: The project's root.

    Returns:
        Their paths relative to the root, sorted; at most some thousands.
    """
    found: set[str] = set()
    for one in sorted(git.ignored(root)):
        if not one.endswith("/"):
            found |= {one} if is_personal(one) or Path(one).suffix not in _CODE else set()
        elif PurePosixPath(one).name not in _MADE:
            inner = _files_in(root, one.rstrip("/"), _DEEPEST)
            found |= set(filter(is_settings, inner))
        if len(found) > _MOST:
            break
    return tuple(sorted(found))


def is_personal(path: str) -> bool:
    """Tell whether a file that git ignores holds one developer's settings, and is not made.

    Args:
        path: Relative to the root.
    """
    *folders, name = PurePosixPath(path).parts
    in_folder = any(each.strip(".").lower() in _PERSONAL for each in folders)
    return in_folder or ".env" in name or _LOCAL.fullmatch(name) is not None


def is_settings(path: str) -> bool:
    """Tell whether a file that git ignores looks like settings, by its name.

    Args:
        path: Relative to the root.
    """
    return is_personal(path) or PurePosixPath(path).suffix in _SETTINGS


def _files_in(root: Path, folder: str, depth: int) -> Iterator[str]:
    """Yield the files in an ignored folder; none of an environment or a cache."""
    try:
        with os.scandir(root / folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError:
        return
    if len(entries) > _MOST or any(entry.name == "pyvenv.cfg" for entry in entries):
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if not entry.is_dir(follow_symlinks=False):
            yield path
        elif depth > 1 and entry.name not in _MADE:
            yield from _files_in(root, path, depth - 1)
