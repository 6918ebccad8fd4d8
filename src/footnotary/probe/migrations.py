"""Alembic's migrations: their files, and what they build up beside the models."""

import ast
import os
import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any

from footnotary.facts.basis import Place
from footnotary.facts.schema import Drift, Revision, SchemaFacts, Table
from footnotary.files import read_inside
from footnotary.probe.child import told_reason
from footnotary.probe.drift import find_drift, reflected_entries, without_unjudged
from footnotary.project import repository_of

_SKIPPED = {".git", ".venv", "venv", "node_modules", "site-packages", "__pycache__", ".tox"}
_MAX_REVISIONS = 5000
_MAX_FILES = 20_000
_MAX_BYTES = 2_000_000
# Where the operations of Alembic's `op` have the name of the table.
_TABLE_AT = {
    "create_table": 0, "drop_table": 0, "rename_table": 0, "add_column": 0, "drop_column": 0,
    "alter_column": 0, "batch_alter_table": 0, "create_table_comment": 0, "bulk_insert": 0,
    "create_index": 1, "drop_index": 1, "create_unique_constraint": 1, "drop_constraint": 1,
    "create_check_constraint": 1, "create_primary_key": 1, "create_foreign_key": 1,
    "create_exclude_constraint": 1,
}  # fmt: skip


def revisions(root: Path, shown: str = "") -> tuple[Revision, ...]:
    """Return the migrations of a project, each after those it follows.

    Args:
        root: The project's root; `versions` folders beside an `env.py` are read.
        shown: What the root is called in the places; nothing for the project's own.

    Returns:
        Every file that assigns `revision` and `down_revision`.
    """
    top = repository_of(root)
    read = [
        one
        for path in islice(_files(root), _MAX_FILES)
        if (one := _revision(path, top, PurePosixPath(shown, path.relative_to(root).as_posix())))
    ]
    histories: dict[str, dict[str, Revision]] = {}
    for one in _with_histories(read[:_MAX_REVISIONS]):
        histories.setdefault(one.history, {}).setdefault(one.id, one)
    return tuple(chain.from_iterable(map(_ordered, histories.values())))


def heads(found: tuple[Revision, ...]) -> tuple[str, ...]:
    """Return the revisions that no other of their history follows; several need a merge."""
    followed = {(one.history, down) for one in found for down in one.down}
    return tuple(one.id for one in found if (one.history, one.id) not in followed)


def _with_histories(found: list[Revision]) -> list[Revision]:
    """Return revisions with the folder of their history.

    Folders below `versions` are years, teams, or whatever else sorts one history's files; or
    each is the history of another database, which shows in its following no other folder.
    """
    folders: dict[str, dict[str, list[Revision]]] = {}
    for one in found:
        environment, below = _folders(one.place.path)
        folders.setdefault(environment, {}).setdefault(below, []).append(one)
    return [
        one.model_copy(update={"history": f"{environment}/{below}" if apart else environment})
        for environment, parts in folders.items()
        for apart in [len(parts) > 1 and all(map(_is_whole, parts.values()))]
        for below, members in parts.items()
        for one in members
    ]


def _folders(path: str) -> tuple[str, str]:
    """Return the folder of a migration's `env.py`, and the one from `versions` to below it."""
    folder, found, below = f"/{path}".rpartition("/versions/")
    if not found:
        return path.rpartition("/")[0], ""
    return folder.removeprefix("/"), "versions/" + below.split("/")[
        0
    ] if "/" in below else "versions"


def _is_whole(members: list[Revision]) -> bool:
    """Return whether revisions follow nothing but each other."""
    known = {one.id for one in members}
    return all(known.issuperset(one.down) for one in members)


def _files(root: Path) -> Iterator[Path]:
    """Yield the Python files of version folders, in a fixed order."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if name not in _SKIPPED)
        here = Path(folder)
        in_versions = "versions" in here.relative_to(root).parts  # by year, for many, below it
        if in_versions or (here.parent / "env.py").exists():
            yield from (here / name for name in sorted(names) if name.endswith(".py"))


def _revision(path: Path, top: Path, name_shown: PurePosixPath) -> Revision | None:
    """Read one migration; None for a file that is none."""
    try:
        tree = ast.parse(read_inside(path, top, _MAX_BYTES))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
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
    place = Place(path=str(name_shown))
    return Revision(
        id=name,
        down=_names(values["down_revision"]),
        place=place,
        message=words[0] if words else "",
        tables=tuple(sorted(set(_tables(tree)))),
    )


def _tables(tree: ast.Module) -> Iterator[str]:
    """Yield the tables that a migration's `op.…("table", …)` calls name as literals."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value  # of a batch operation, the table is in its `with`
        position = _TABLE_AT.get(node.func.attr)
        if position is None or not (isinstance(owner, ast.Name) and owner.id == "op"):
            continue
        named = {one.arg: one.value for one in node.keywords}
        given = named.get("table_name") or named.get("source_table")
        if given is None and len(node.args) > position:
            given = node.args[position]
        name, schema = _literal(given) if given else None, named.get("schema")
        prefix = _literal(schema) if schema else None
        if isinstance(name, str) and name:
            yield f"{prefix}.{name}" if isinstance(prefix, str) and prefix else name


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
    """Return revisions so that each is after those it follows."""
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


def find_unmigrated(
    facts: SchemaFacts, replayed: Mapping[str, Any], *, whole: bool
) -> tuple[tuple[Drift, ...], tuple[str, ...]]:
    """Compare the models with what their migrations build up.

    Args:
        facts: Of the models.
        replayed: What the child told of the migrations.
        whole: Whether all models were read: a table that only migrations know is gone then.

    Returns:
        The differences, and what could not be followed.
    """
    built = tuple(Table.model_validate(raw) for raw in replayed["tables"])
    known = {one.full_name for one in (*facts.tables, *built)}
    failed = [{"table": one.full_name, "what": "table"} for one in facts.tables
              if one.scope != "imported"]  # fmt: skip
    said: dict[str, None] = {}
    for one in replayed["unjudged"]:
        names = sorted(
            name
            for name in known
            if re.search(rf"(?<!\w){re.escape(name.rpartition('.')[2])}(?!\w)", one["text"])
        )
        failed += [{"table": name, "what": "table"} for name in names]
        about = ", ".join(names) if names else "no table of the models"
        said[f"revision {one['revision']}: {told_reason(one).rstrip('.')} ({about})"] = None
    models, migrations = (
        without_unjudged(reflected_entries(side, facts.dialect), failed, "")
        for side in (facts.tables, built)
    )
    found = [
        _of_migrations(one)
        for one in find_drift(models, migrations, ())
        if whole or one.what != "only in the database" or one.detail != "the table"
    ]
    return tuple(found), tuple(said)


def _of_migrations(one: Drift) -> Drift:
    """Return a difference whose other side is what migrations build up."""
    update: dict[str, str] = {"detail": one.detail.replace("database ", "migrations ")}
    if one.what == "only in the database":
        update["what"] = "only in the migrations"
    return one.model_copy(update=update | {"scope": "imported"})
