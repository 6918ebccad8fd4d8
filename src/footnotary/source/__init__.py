"""The user's Python source: parsed once, names resolved once; nothing is imported."""

import contextlib
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

from footnotary import git
from footnotary.files import is_file, read_inside, read_regular
from footnotary.project import repository_of

# ruff: noqa: SIM905  a list of one word a line would bury the code


_MAX_FILES = 50_000
MAX_BYTES = 4_000_000
# What others made or keep: dependencies, builds, caches, and our own output.
SKIPPED = frozenset(
    """
    .git .hg .svn .venv venv node_modules __pycache__ .tox .nox .mypy_cache .ruff_cache
    .pytest_cache .idea .vscode .eggs site-packages bower_components .terraform .footnotary
    .claude htmlcov .next .cache
    """.split()
)

_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")  # each is in the folder of one
_BESIDE_SETTINGS = (
    ".gitignore", ".env*", "*compose*.y*ml", "*dockerfile*", "pyproject.toml", "requirements*.txt",
    "setup.*", "manage.py", "main.py", "app.py",
)  # fmt: skip
_SHEBANG = re.compile(rb"#![^\n]*\b(?:python|pypy|uv run)")


class Tree:
    """The files below a project's root, found once, as a clone has them.

    Symbolic links to folders are not followed, so a loop cannot hold the walk; folders that
    hold other people's code are left out, and what git ignores: it is on this machine alone.

    Attributes:
        root: The project's root.
        truncated: Whether the walk stopped at `MAX_FILES`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.truncated = False

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Paths relative to the root, with `/`, sorted."""
        found = []
        files, others = self._ignored
        for path in self._walk():
            if path in files or path.startswith(others):
                continue
            found.append(path)
            if len(found) >= _MAX_FILES:
                self.truncated = True
                break
        return tuple(sorted(found))

    @cached_property
    def python(self) -> tuple[str, ...]:
        """The paths of Python code: modules, and scripts that name Python in their first line."""
        return tuple(path for path in self.files if self._is_python(path))

    def _is_python(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        if "." in name.lstrip("."):
            return name.endswith((".py", ".pyw"))
        return bool(_SHEBANG.match(self.data(path) or b""))

    @cached_property
    def _ignored(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """The files that git ignores, and the folders, each with `/` at its end."""
        found = git.ignored(self.root)
        folders = tuple(one for one in found if one.endswith("/"))
        return found.difference(folders), folders

    def is_local(self, path: str) -> bool:
        """Tell whether a path is one that git ignores, whether it is there or not."""
        files, folders = self._ignored
        return path in files or path.startswith(folders) or bool(git.would_ignore(self.root, path))

    @cached_property
    def local_settings(self) -> tuple[str, ...]:
        """The `.env` files that git would ignore, there or not: the same on every machine.

        That of the root stands for all; else those beside what a service is made of.
        """
        if self.is_local(".env"):
            return (".env",)
        beside = {path.rpartition("/")[0] for path in self.named(*_BESIDE_SETTINGS)} | {""}
        names = [f"{one}/{name}".lstrip("/") for one in beside for name in (".env", ".env.local")]
        return tuple(sorted(git.would_ignore(self.root, *names) - set(self.files)))

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """The `.env` files of this machine alone, which are not read."""
        return tuple(sorted(one for one in self._ignored[0] if ".env" in one.rpartition("/")[2]))

    def _walk(self) -> Iterator[str]:
        """Yield every file outside the skipped folders, in a stable order."""
        for folder, folders, names in os.walk(self.root, followlinks=False):
            folders[:] = sorted(
                name
                for name in folders
                if name not in SKIPPED
                and not name.endswith(".egg-info")
                and not any((Path(folder) / name / one).exists() for one in _ENVIRONMENTS)
            )
            below = Path(folder).relative_to(self.root).as_posix()
            prefix = "" if below == "." else f"{below}/"
            yield from (prefix + name for name in sorted(names) if name.isprintable())

    def named(self, *patterns: str) -> tuple[str, ...]:
        """Return the files whose own name matches one of the shell patterns, any case."""
        wanted = [pattern.casefold() for pattern in patterns]
        return tuple(
            path
            for path in self.files
            if any(fnmatch(path.rpartition("/")[2].casefold(), pattern) for pattern in wanted)
        )

    def has(self, path: str) -> bool:
        """Tell whether a path relative to the root is a file."""
        files, folders = self._ignored
        left_out = path in files or path.startswith(folders)
        return not left_out and is_file(self.root / path)

    def text(self, path: str) -> str | None:
        """Read a text file.

        Returns:
            Its text; None where it is missing, ignored by git, no regular file, binary, not
            UTF-8, or larger than `MAX_BYTES`.
        """
        data = self.data(path) if self.has(path) else None
        return None if data is None else _decoded(data)

    def data(self, path: str | Path) -> bytes | None:
        """Read a file; None for what `files.read_inside` refuses."""
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            return read_inside(self.root / path, self._repository, MAX_BYTES)
        return None

    @cached_property
    def _repository(self) -> Path:
        """The folder that the project's links may not lead out of."""
        return repository_of(self.root)


def read_text_file(path: Path) -> str | None:
    """Read a text file of an environment, wherever its links lead; None as for `Tree.text`."""
    with contextlib.suppress(OSError, ValueError):
        return _decoded(read_regular(path, MAX_BYTES, follow=True))
    return None


def _decoded(data: bytes) -> str | None:
    """Return a file's text; None where it is binary or not UTF-8."""
    if b"\0" in data[:8192]:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
