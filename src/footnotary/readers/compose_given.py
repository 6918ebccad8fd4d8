"""What `.env` files give to each file of a stack for its interpolations; never shown."""

import posixpath
from collections.abc import Mapping

from footnotary.readers import dotenv
from footnotary.readers.compose_text import Include, Text
from footnotary.source.tree import Tree

Values = Mapping[str, str]


class Given:
    """Values for interpolation, by compose file.

    An included file has the `.env` of its own folder, or the `env_file` that its entry
    names; where both know a name, the including project's value wins (compose-spec,
    "Include"). Any other file has the `.env` beside the stack's first file.

    Attributes:
        tree: The project's files.
        project: What the `.env` beside the stack gives.
    """

    def __init__(self, tree: Tree, files: tuple[str, ...], texts: Mapping[str, Text]) -> None:
        self.tree = tree
        folder = posixpath.dirname(files[0])
        self.project = self._values(posixpath.join(folder, ".env"))
        self._by_file: dict[str, Values] = {}
        waiting = [(path, folder, self.project) for path in files]
        while waiting:
            path, base, above = waiting.pop()
            for include in texts[path].includes if path in texts else ():
                below, values = self._included(include, base, above)
                for name in include.paths:
                    joined = posixpath.normpath(posixpath.join(base, name))
                    if joined not in self._by_file:
                        self._by_file[joined] = values
                        waiting.append((joined, below, values))

    def to(self, path: str) -> Values:
        """Return what a file's interpolations are given."""
        return self._by_file.get(path, self.project)

    def _included(self, include: Include, base: str, above: Values) -> tuple[str, Values]:
        """Return the folder of an included project, and its values."""
        first = posixpath.dirname(next(iter(include.paths), ""))
        folder = posixpath.normpath(posixpath.join(base, include.folder or first))
        own: dict[str, str] = {}
        for name in include.env_files:
            own |= self._values(posixpath.join(base, name))
        if not include.env_files:
            own |= self._values(posixpath.join(folder, ".env"))
        return folder, own | dict(above)

    def _values(self, path: str) -> Values:
        """Read one `.env` file."""
        return dotenv.values(self.tree.text(path) or "")
