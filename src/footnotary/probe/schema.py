"""Reading a database schema from the project's SQLAlchemy models."""

import re
from pathlib import Path
from typing import Any

from footnotary.errors import ProjectError
from footnotary.facts.options import ReadOptions
from footnotary.facts.schema import SchemaFacts, Table
from footnotary.probe.child import Import, ask
from footnotary.probe.discovery import import_folders, model_modules, parse_target
from footnotary.probe.interpreter import find_interpreter
from footnotary.probe.placeholders import EXAMPLE_FILES, example_settings, read_environment_file
from footnotary.project import Project

# What a project's files say of its database, most telling first.
_DIALECTS = (
    ("postgresql", re.compile(r"postgres(ql)?(\+\w+)?://|\b(psycopg2?|asyncpg|pg8000)\b|postgres:\d")),
    ("mysql", re.compile(r"(mysql|mariadb)(\+\w+)?://|\b(pymysql|mysqlclient|aiomysql|asyncmy)\b")),
    ("sqlite", re.compile(r"sqlite(\+\w+)?://|\baiosqlite\b")),
)  # fmt: skip
_TELLING = (
    "pyproject.toml", "requirements.txt", "alembic.ini", *EXAMPLE_FILES, "compose.yaml",
    "compose.yml", "docker-compose.yml", "docker-compose.yaml",
)  # fmt: skip


def read(project: Project, options: ReadOptions) -> SchemaFacts:
    """Read the tables of a project.

    Args:
        project: The user's project.
        options: `metadata`, `dialect`, `python`, `env_file`, `mocks`, `timeout` are used.

    Returns:
        The facts.

    Raises:
        ProjectError: No tables were found.
        ImportFailed: The models cannot be imported.
    """
    interpreter = find_interpreter(project, options.python)
    settings = read_environment_file(options.env_file) if options.env_file else {}
    found = model_modules(project)
    if not found and not options.metadata:
        raise ProjectError(
            f"No SQLAlchemy models were found in {project.root.name}.",
            hint="Name their base or metadata: --metadata package.module:Base.",
        )
    folders = [str(folder) for folder in import_folders(project.root)]
    answer = ask(
        Import(
            task="schema",
            interpreter=interpreter,
            root=project.root,
            paths=tuple(dict.fromkeys((*(folder for folder, _ in found), *folders))),
            target=parse_target(options.metadata, project).name if options.metadata else "",
            modules=tuple(module for _, module in found),
            dialect=options.dialect or _dialect_of(project.root),
            mocks=options.mocks,
            settings=settings,
            examples=example_settings(project.root),
            timeout=options.timeout,
        )
    )
    tables = tuple(Table.model_validate(_cleaned(raw)) for raw in answer.data["tables"])
    if not tables:
        raise ProjectError(
            "The models were imported, but their metadata has no tables.",
            hint="Name the metadata: --metadata package.module:Base.",
        )
    return _facts(tables, answer.data, answer.caveats)


def _facts(
    tables: tuple[Table, ...], data: dict[str, Any], caveats: tuple[str, ...]
) -> SchemaFacts:
    """Put the facts together."""
    failed = tuple(f"{name} could not be imported." for name in sorted(data["failed"]))
    places = {table.place.path for table in tables if table.place}
    return SchemaFacts(
        dialect=data["dialect"],
        convention=data["convention"],
        tables=tables,
        summary={
            "tables": len(tables),
            "columns": sum(len(one.columns) for one in tables),
            "fks": sum(len(one.foreign_keys) for one in tables),
            "composite_pks": sum(len(one.primary_key.columns) > 1 for one in tables),
            "no_pk": sum(not one.primary_key.columns for one in tables),
            "indexes": sum(len(one.indexes) for one in tables),
            "uniques": sum(len(one.uniques) for one in tables),
            "checks": sum(len(one.checks) for one in tables),
        },
        versions=data["versions"] | {"python": data["python"]},
        read_from=tuple(sorted(one for one in places if not one.startswith(".."))),
        caveats=(*caveats, *failed),
    )


def _cleaned(raw: dict[str, Any]) -> dict[str, Any]:
    """Drop what the facts do not keep: an inherited docstring says nothing of the table."""
    return raw if raw["class_name"] else {**raw, "doc": ""}


def _dialect_of(root: Path) -> str:
    """Return the dialect that a project's own files speak of; empty where none does."""
    for name in _TELLING:
        path = root / name
        if not path.is_file() or path.stat().st_size > 1_000_000:  # noqa: PLR2004  no settings file is
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for dialect, pattern in _DIALECTS:
            if pattern.search(text):
                return dialect
    return ""
