"""Reading a database schema from the project's SQLAlchemy models."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from footnotary.counting import first_few
from footnotary.errors import ImportFailed, ProjectError
from footnotary.facts.options import ReadOptions
from footnotary.facts.schema import SchemaFacts, Table, View
from footnotary.files import read_regular
from footnotary.probe.child import ChildAnswer, ask, named_in_documents, told_reason
from footnotary.probe.discovery import (
    exposing_modules,
    import_folders,
    model_modules,
    parse_target,
    python_files,
    shown_target,
    text_of_file,
)
from footnotary.probe.interpreter import parser_of
from footnotary.probe.live import Live, ask_database, compare_with_live, read_live
from footnotary.probe.migrations import find_unmigrated, heads, revisions
from footnotary.probe.placeholders import (
    EXAMPLE_FILES,
)
from footnotary.probe.requests import ImportRequest, request_database, request_import
from footnotary.probe.static_schema import read_tables
from footnotary.project import Project

# What a project's files say of its database, most telling first.
_DIALECTS = (
    ("postgresql", r"postgres(ql)?(\+\w+)?://|\b(psycopg2?|asyncpg|pg8000)\b|postgres:\d"),
    ("mysql", r"(mysql|mariadb)(\+\w+)?://|\b(pymysql|mysqlclient|aiomysql|asyncmy)\b"),
    ("sqlite", r"sqlite(\+\w+)?://|\baiosqlite\b"),
)  # fmt: skip
_ORDER = ("postgresql", "mysql", "oracle", "mssql", "sqlite")
_URL = re.compile(rf"[\"'](postgres|mariadb|{'|'.join(_ORDER)})(?:\+\w+)?://")
_FROM_DIALECT = re.compile(
    rf"^\s*(?:from|import) sqlalchemy\.dialects(?:\.| import )({'|'.join(_ORDER)})\b", re.MULTILINE
)
_ALSO_CALLED = {"postgres": "postgresql", "mariadb": "mysql"}
_MAX_SETTINGS = 1_000_000
_TELLING = (
    "pyproject.toml", "requirements.txt", "alembic.ini", *EXAMPLE_FILES, "compose.yaml",
    "compose.yml", "docker-compose.yml", "docker-compose.yaml",
)  # fmt: skip
_WHOLE = ("tables", "columns")  # of the source alone nothing else is said to be none
_NOT_COMPARED = "The database was not compared: the models could not be imported."


def probe_schema(project: Project, options: ReadOptions) -> SchemaFacts:
    """Read the tables of a project, and compare them with a live database if one is named.

    Args:
        project: The user's project.
        options: `metadata`, `imports`, `dialect`, `database_url`, `python`, `env_file`, `mocks`,
            `timeout` are used.

    Returns:
        The facts. Without models in the project, those of the database alone.

    Raises:
        ProjectError: No tables were found, or the database cannot be read.
        UsageError: The file of settings cannot be read.
        ImportFailed: The models cannot be imported.
    """
    if options.source_only:
        return _of_source(project)
    found = () if options.imports else model_modules(project)
    live = read_live(project, options) if options.database_url else None
    if not (found or options.metadata or options.imports):
        if live:
            return _reflected(project, options)
        raise ProjectError(
            f"No SQLAlchemy models were found in {project.root.name}.",
            hint="Name their base or metadata: --metadata package.module:Base.",
        )
    dialect, reason = _dialect_of(project.root, options, live)
    request = _request(project, options, found, dialect)
    request = replace(request, server=live.written_for) if live else request
    try:
        answer = ask(request)
    except ImportFailed as error:
        read = _from_source(project, named_in_documents(error, request))
        return read.told(caveats=(*read.caveats, _NOT_COMPARED)) if live else read
    if not (answer.data["tables"] or answer.data["views"]):
        raise ProjectError(
            "The models were imported, but their metadata has no tables.",
            hint="Name the metadata: --metadata package.module:Base.",
        )
    facts = _facts(answer, project).told(
        left_out=answer.left_out, settings=answer.settings, mocks=answer.mocks
    )
    if answer.data["replayed"]:
        whole = not (options.imports or facts.read.failed)
        missing, skipped = find_unmigrated(facts, answer.data["replayed"], whole=whole)
        facts = facts.model_copy(
            update={"replayed": True, "unmigrated": missing, "unreplayed": skipped}
        )
    caveats = facts.caveats if reason is None else (reason, *facts.caveats)
    if live:
        script = answer.data["script"]
        facts = compare_with_live(facts, live, script, lambda: _reflected(project, options))
    target = shown_target(options.metadata) if options.metadata else ""
    return facts.model_copy(update={"target": target}).told(caveats=caveats)


def _from_source(project: Project, error: ImportFailed) -> SchemaFacts:
    """Read what the source says; where it says nothing, the import's own failure is."""
    facts = _of_source(project)
    if not facts.tables:
        raise error
    reason = f"The models could not be imported: {error.message} {error.hint}".strip()
    return facts.told(
        why=error.message, hint=error.hint, detail=error.detail, caveats=(reason, *facts.caveats)
    )


def _of_source(project: Project) -> SchemaFacts:
    """Read what the source says of the tables."""
    tables, failed, missing = read_tables(project.root, parser_of(project))
    migrations = revisions(project.root)
    facts = SchemaFacts(
        tables=tables,
        read_from=tuple(sorted({one.place.path for one in tables if one.place})),
        revisions=migrations,
        heads=heads(migrations),
    )
    facts = facts.known_as("source")
    told = {name: n for name, n in count_tables(facts.tables).items() if n or name in _WHOLE}
    facts = facts.model_copy(update={"summary": told})
    return facts.told(
        not_read=("convention",),
        failed=failed,
        caveats=(*([f"{first_few(failed)} could not be parsed."] if failed else ()), *missing),
    )


def _request(
    project: Project,
    options: ReadOptions,
    found: tuple[tuple[str, str], ...],
    dialect: str,
) -> ImportRequest:
    """Return what the child is asked to do."""
    folders = [str(folder) for folder in import_folders(project.root)]
    exposing = exposing_modules(project)
    paths = (*(folder for folder, _ in (*found, *exposing)), *folders)
    return replace(
        request_import(project, options, "schema", paths),
        target=parse_target(options.metadata, project).name if options.metadata else "",
        modules=options.imports or tuple(module for _, module in found),
        exposing=tuple(module for _, module in exposing),
        only=bool(options.imports),
        dialect=dialect,
        migrations=_migrations(project.root, dialect),
    )


def _migrations(root: Path, dialect: str) -> tuple[tuple[str, str], ...]:
    """Return revision and path of the migrations; of several databases', those of this one."""
    found = revisions(root)
    own = [one for one in found if one.history.rpartition("/")[2] == dialect]
    return tuple((one.id, str(root / one.place.path)) for one in own or found)


def _reflected(project: Project, options: ReadOptions) -> SchemaFacts:
    """Return the facts of the live database."""
    answer = ask_database(request_database(project, options, "reflect"))
    data = answer.data | {"failed": {}, "convention": {}, "adding": []}
    facts = _facts(replace(answer, data=data, caveats=()), project)
    server = f"{facts.dialect} {answer.data['server']}".strip()
    return facts.model_copy(update={"server": server}).known_as("database")


def _facts(answer: ChildAnswer, project: Project) -> SchemaFacts:
    """Put the facts together."""
    data = answer.data
    tables = tuple(Table.model_validate(raw) for raw in data["tables"])
    views = tuple(View.model_validate(raw) for raw in data["views"])
    failed = _reasons(data["failed"])
    more, missing = _not_imported(tables, set(data["failed"]), project.root)
    placed = (*(one.place for one in tables), *(one.place for one in views))
    places = {place.path for place in placed if place}
    migrations = revisions(project.root)
    if data.get("package") and not migrations:
        migrations = revisions(Path(data["package"]), shown="../" + Path(data["package"]).name)
    facts = SchemaFacts(
        dialect=data["dialect"],
        convention=data["convention"],
        tables=tables,
        views=views,
        read_from=tuple(sorted(one for one in places if not one.startswith(".."))),
        revisions=migrations,
        heads=heads(migrations),
    )
    facts = facts.known_as("imported")
    every = (*facts.tables, *more)
    every = tuple(sorted(every, key=lambda one: one.full_name)) if more else every
    summary = count_tables(every, views) | ({"not_imported": len(more)} if more else {})
    facts = facts.model_copy(update={"tables": every, "summary": summary})
    return facts.told(
        why=" ".join(failed.values()),
        python=answer.python,
        extras=tuple(data.get("extras", ())),
        failed=tuple(sorted(data["failed"])),
        versions=dict(answer.versions),
        caveats=(*answer.caveats, *_failures(failed), *missing, *_brought(data["adding"])),
    )


def _reasons(failed: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """Return why modules could not be imported: each reason once, by the modules it is that of."""
    found: dict[str, list[str]] = {}
    for name, raw in sorted(failed.items()):
        found.setdefault(told_reason(raw).rstrip("."), []).append(name)
    return {tuple(names): reason for reason, names in found.items()}


def _failures(reasons: dict[tuple[str, ...], str]) -> Iterator[str]:
    """Say what could not be imported, and why."""
    for names, reason in reasons.items():
        many = f" ({len(names)} modules)" if len(names) > 1 else ""
        yield f"{first_few(names, 4)} could not be read{many}: {reason}."


def _not_imported(
    tables: tuple[Table, ...], failed: set[str], root: Path
) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Return what the source says of the tables of modules that could not be imported."""
    if not failed:
        return (), ()
    known = {one.full_name for one in tables} | {(one.module, one.class_name) for one in tables}
    found, _, missing = read_tables(root, only=failed)
    fresh = (one for one in found if not known & {one.full_name, (one.module, one.class_name)})
    return tuple(one.model_copy(update={"scope": "source"}) for one in fresh), missing


def _brought(modules: list[str]) -> tuple[str, ...]:
    """Say which modules brought tables besides the one that was named."""
    if not modules:
        return ()
    named = first_few(modules, 4)
    return (f"Also imported, for their tables: {named}. With --import, named modules alone are.",)


def count_tables(tables: tuple[Table, ...], views: tuple[View, ...] = ()) -> dict[str, int]:
    """Return the counts of a schema by name; tables without a primary key, of those imported."""
    return {
        "tables": len(tables),
        "columns": sum(len(one.columns) for one in tables),
        "fks": sum(len(one.foreign_keys) for one in tables),
        "composite_pks": sum(len(one.primary_key.columns) > 1 for one in tables),
        "no_pk": sum(not one.primary_key.columns for one in tables if one.scope != "source"),
        "indexes": sum(len(one.indexes) for one in tables),
        "uniques": sum(len(one.uniques) for one in tables),
        "checks": sum(len(one.checks) for one in tables),
        "exclusions": sum(len(one.exclusions) for one in tables),
        "views": len(views),
    }


def _dialect_of(root: Path, options: ReadOptions, live: Live | None) -> tuple[str, str | None]:
    """Return the dialect to compile for, and what must be said about how it was chosen."""
    if options.dialect or live:
        return options.dialect or (live.flavour if live else ""), None
    if told := _told_dialect(root):
        return told, None
    guessed = "No file of the project names its database: types are written for PostgreSQL"
    return "postgresql", guessed + " (--dialect changes that)."


def _told_dialect(root: Path) -> str:
    """Return the dialect that a project's own files speak of; empty where none does."""
    for name in _TELLING:
        try:
            text = read_regular(root / name, _MAX_SETTINGS, follow=True).decode("utf-8", "replace")
        except OSError:
            continue
        for dialect, pattern in _DIALECTS:
            if re.search(pattern, text):
                return dialect
    return _dialect_in_code(root)


def _dialect_in_code(root: Path) -> str:
    """Return the dialect of the URLs in a project's code; else the only one it imports from."""
    texts = [text_of_file(path) for path in python_files(root)]
    for pattern in (_URL, _FROM_DIALECT):
        found = {name for text in texts for name in pattern.findall(text)}
        named = [_ALSO_CALLED.get(name, name) for name in found]
        if len(set(named)) == 1 or (named and pattern is _URL):
            return str(min(named, key=_ORDER.index))
    return ""
