""".env files: which variables they set; of the values only what may be shown."""

import re

from footnotary.compose.interpolation import read_assignments
from footnotary.facts.basis import Place
from footnotary.facts.deploy import DotenvEntry, DotenvFile
from footnotary.readers import literals
from footnotary.source.tree import Tree

_SAMPLE = re.compile(r"example|sample|template|dist|default|tmpl", re.IGNORECASE)


def find(tree: Tree) -> tuple[str, ...]:
    """Return the paths of the project's .env files."""
    return tree.named(".env", ".env.*", "*.env", "env.example", "*.env.*", ".envrc")


def read(tree: Tree, path: str, *, committed: bool | None) -> DotenvFile:
    """Read one .env file.

    Args:
        tree: The project's files.
        path: Relative to the root.
        committed: Whether git tracks it.

    Returns:
        Its names; values only where their form is allow-listed.
    """
    text = tree.text(path) or ""
    return DotenvFile(
        path=path,
        example=bool(_SAMPLE.search(path.rpartition("/")[2])),
        committed=committed,
        entries=tuple(
            DotenvEntry(
                name=literals.identifier(name),
                has_value=bool(one.value),
                shown=literals.shown(one.value, name=name),
                place=Place(path=path, line=one.line),
            )
            for name, one in read_assignments(text).items()
        ),
    )
