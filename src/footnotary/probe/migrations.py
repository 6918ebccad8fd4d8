"""Alembic's migrations, read from their files: no database, nothing imported."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from footnotary.facts.basis import Place
from footnotary.facts.schema import Revision

_SKIPPED = {".git", ".venv", "venv", "node_modules", "site-packages", "__pycache__", ".tox"}
MAX_REVISIONS = 5000


def revisions(root: Path) -> tuple[Revision, ...]:
    """Return the migrations of a project, each after those it follows.

    Args:
        root: The project's root; `versions` folders beside an `env.py` are read.

    Returns:
        Every file that assigns `revision` and `down_revision`.
    """
    found: dict[str, Revision] = {}
    for path in _files(root):
        one = _revision(path, root)
        if one and len(found) < MAX_REVISIONS:
            found.setdefault(one.id, one)
    return _ordered(found)


def heads(found: tuple[Revision, ...]) -> tuple[str, ...]:
    """Return the revisions that no other follows; more than one needs a merge."""
    followed = {down for one in found for down in one.down}
    return tuple(one.id for one in found if one.id not in followed)


def _files(root: Path) -> Iterator[Path]:
    """Yield the Python files of version folders, in a fixed order."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if name not in _SKIPPED)
        here = Path(folder)
        within = [here, *list(here.parents)[:2]]
        if here.name == "versions" or any((one.parent / "env.py").exists() for one in within[:1]):
            yield from (here / name for name in sorted(names) if name.endswith(".py"))


def _revision(path: Path, root: Path) -> Revision | None:
    """Read one migration; None for a file that is none."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    values: dict[str, object] = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for target in targets:
            if isinstance(target, ast.Name) and value is not None:
                values[target.id] = _literal(value)
    name = values.get("revision")
    if not isinstance(name, str) or "down_revision" not in values:
        return None
    words = (ast.get_docstring(tree) or "").strip().splitlines()
    place = Place(path=path.relative_to(root).as_posix())
    return Revision(id=name, down=_names(values["down_revision"]), place=place,
                    message=words[0] if words else "")  # fmt: skip


def _literal(node: ast.expr) -> object:
    """Return a literal's value; None for anything else."""
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
    return value


def _names(value: object) -> tuple[str, ...]:
    """Return the revisions of `down_revision`: none, one, or a tuple."""
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()


def _ordered(found: dict[str, Revision]) -> tuple[Revision, ...]:
    """Return revisions so that each stands after those it follows."""
    waiting = {name: {down for down in one.down if down in found} for name, one in found.items()}
    following: dict[str, list[str]] = {}
    for name, downs in waiting.items():
        for down in downs:
            following.setdefault(down, []).append(name)
    ready = sorted(name for name, downs in waiting.items() if not downs)
    ordered: list[Revision] = []
    while ready:
        name = ready.pop(0)
        ordered.append(found[name])
        for after in following.get(name, ()):
            waiting[after].discard(name)
            if not waiting[after]:
                ready.append(after)
    done = {one.id for one in ordered}
    return (*ordered, *(one for name, one in found.items() if name not in done))
