"""Comparing the models with a live database, in the database's own words where that can be done."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from footnotary.errors import FootnotaryError, ImportFailed, ProjectError
from footnotary.facts.options import ReadOptions
from footnotary.facts.schema import SchemaFacts
from footnotary.probe.catalogs import (
    Entry,
    Own,
    find_programs,
    mysql_entries,
    postgresql_entries,
    running_server,
    sqlite_entries,
)
from footnotary.probe.child import ChildAnswer, ask
from footnotary.probe.drift import NOT_COMPARED, find_drift, reflected_entries, without_unjudged
from footnotary.probe.requests import ImportRequest, request_database
from footnotary.project import Project
from footnotary.secrecy.credentials import passwords_in
from footnotary.secrecy.texts import without_credentials

_ENTRIES: Mapping[str, Callable[[Mapping[str, Any], str, Mapping[str, str]], list[Entry]]] = {
    "postgresql": postgresql_entries, "mysql": mysql_entries, "mariadb": mysql_entries,
    "sqlite": sqlite_entries,
}  # fmt: skip
_WORDS = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB", "sqlite": "SQLite"}
_SCOPE = {
    "postgresql": "tables, columns, constraints, indexes, statistics, views, triggers, rules, row"
    " security, types, collations and sequences; not the order of columns, current values of"
    " sequences, functions, procedures, aggregates, operators, casts, conversions, languages, text"
    " search, access methods, extensions, publications, subscriptions, event triggers, foreign"
    " servers, options of foreign tables, empty schemas, comments on schemas, functions, attributes"
    " of types and identity sequences, names and comments of domains' constraints and of NOT NULL,"
    " settings, encoding and collation of the database, labels, owners and privileges",
    "mysql": "tables, columns, keys, checks, sequences, views and triggers; not the order of"
    " columns, the character set, collation and comment of the database itself, counters and the"
    " next value of sequences, definers, the sql_mode that triggers keep, statistics, routines,"
    " packages, events, servers and privileges",
    "sqlite": "tables, columns, constraints, indexes, views and triggers; not the order of columns,"
    " counters, statistics, user_version, application_id, encoding and other settings of the file,"
    " nor what each connection sets, such as foreign_keys",
}
_UNTRIED = "footnotary is tested with MariaDB, not with MySQL itself."
_BY_LISTENERS = ("trigger", "rule", "policy", "sequence", "statistics", "collation",
                 "composite type", "range type")  # fmt: skip
_MOST_FAILED = 20


@dataclass(frozen=True)
class Live:
    """A live database.

    Attributes:
        request: What was asked of the child to read it.
        flavour: `postgresql`, `mysql`, `mariadb`, `sqlite` or another dialect.
        version: Of the server.
        default: The schema (or database) that names without one are in.
        answer: What the child told.
        prefix: What the models' schemas are called by in it; empty where that is not allowed.
        programs: An installed server of its kind; None without one.
    """

    request: ImportRequest = field(repr=False)
    flavour: str
    version: tuple[int, ...]
    default: str
    answer: Mapping[str, Any] = field(repr=False)
    prefix: str
    programs: Path | None

    @property
    def server(self) -> str:
        """Its name and version, as documents tell it."""
        return f"{self.flavour} {'.'.join(map(str, self.version))}".strip()

    @property
    def written_for(self) -> dict[str, Any]:
        """What the child is told, so that it writes the models' statements for this server."""
        return {"flavour": self.flavour, "version": self.version, "prefix": self.prefix}


def read_live(project: Project, options: ReadOptions) -> Live:
    """Read the catalogs of the live database that the options name.

    Args:
        project: The user's project.
        options: `database_url`, `scratch` and `timeout` are used.

    Raises:
        ProjectError: It cannot be read.
    """
    request = request_database(project, options, "catalog")
    answer = ask_database(request).data
    flavour, version = answer["flavour"], tuple(answer["version"])
    scratch = options.scratch and flavour != "sqlite"
    prefix = f"footnotary_{secrets.token_hex(4)}_" if scratch else ""
    programs = None if scratch else find_programs(flavour, version)
    return Live(request, flavour, version, answer["default"], answer, prefix, programs)


def ask_database(request: ImportRequest) -> ChildAnswer:
    """Ask a child that connects to a database.

    Raises:
        ProjectError: It cannot; no password is in the message.
    """
    try:
        return ask(request)
    except ImportFailed as error:
        known = passwords_in(request.database_url)
        reason = without_credentials(error.message.partition(": ")[2], known)
        raise ProjectError(
            f"The database cannot be read: {reason}",
            hint="--database-url takes a SQLAlchemy URL; its driver must be installed beside"
            " SQLAlchemy in the project's environment.",
            detail=without_credentials(error.detail, known),
        ) from None


def compare_with_live(
    facts: SchemaFacts,
    live: Live,
    script: Mapping[str, Any] | None,
    reflect: Callable[[], SchemaFacts],
) -> SchemaFacts:
    """Return the facts with how the live database differs from them.

    Args:
        facts: Of the models.
        live: The database.
        script: The statements that make the models' tables in it.
        reflect: Reads the database by reflection, where its catalog cannot be asked for both.
    """
    why = "this kind of database is compared by reflection"
    if script is not None and live.answer["catalog"] is not None:
        if live.flavour == "sqlite" or live.prefix or live.programs:
            try:
                return _by_catalog(facts, live, script)
            except FootnotaryError as error:
                why = without_credentials(error.message, passwords_in(live.request.database_url))
        else:
            why = f"{_WORDS[live.flavour]} is not installed here, and --scratch was not given"
    known, unread = reflect(), _unread(facts)
    models, database = (
        without_unjudged(reflected_entries(one.tables, known.dialect), unread, live.default)
        for one in (facts, known)
    )
    names = _named(facts)
    database = [one for one in database if one.kind != "check" or one.name in names]
    scope = "tables, columns with type and NULL, keys, names of checks and plain indexes"
    return facts.model_copy(update={
        "server": live.server,
        "compared": f"By reflection, as {why.rstrip('.')}: {scope}."
        + (f" {_UNTRIED}" if live.flavour == "mysql" else ""),
        "drift": find_drift(models, database, ()),
        "not_compared": (*NOT_COMPARED, *_failed(unread))})  # fmt: skip


def _by_catalog(facts: SchemaFacts, live: Live, script: Mapping[str, Any]) -> SchemaFacts:
    """Build the models' tables by the same kind of server, and compare two catalogs."""
    schemas = dict(script["schemas"])
    if not live.prefix and live.flavour != "sqlite":
        schemas[""] = live.default
    own: AbstractContextManager[Own | None] = nullcontext()
    if live.programs and live.flavour != "sqlite":
        own = running_server(live.flavour, live.programs, live.answer["settings"])
    with own as server:
        built = ask_database(_building(live, script, schemas, server)).data
    real = {made: name or live.default for name, made in schemas.items()}
    catalog = _live_catalog(live, schemas)
    failed = [
        *script["failed"],
        *built["failed"],
        *_unread(facts),
        *refused_parts(catalog, live.default),
    ]
    entries_of = _ENTRIES[live.flavour]
    sides = [
        entries_of(built["catalog"], live.default, real),
        entries_of(catalog, live.default, {one: one for one in real.values()}),
    ]
    if any(one.get("told") for one in failed):  # what a listener makes, only the database has
        sides = [[one for one in side if one.kind not in _BY_LISTENERS] for side in sides]
    models, database = (without_unjudged(side, failed, live.default) for side in sides)
    return facts.model_copy(update={
        "server": live.server,
        "compared": _said(live, built, set(real.values())),
        "drift": find_drift(models, database, _named(facts)),
        "not_compared": _failed(failed),
    })  # fmt: skip


def _unread(facts: SchemaFacts) -> list[dict[str, str]]:
    """Return what the models say that no statement makes: what could not be imported."""
    reason = "read from the source alone, as its module could not be imported"
    found = [
        {"table": one.full_name, "what": "table", "reason": reason}
        for one in facts.tables
        if one.scope != "imported"
    ]
    reason = "could not be imported: a table that only the database has may be one of its"
    return found + [{"table": one, "what": "module", "reason": reason} for one in facts.read.failed]


def refused_parts(catalog: Mapping[str, Any], default: str) -> list[dict[str, str]]:
    """Return the tables and views that a server does not show to this user, with its reason."""
    return [
        {"table": row["name"] if row["of"] == default else f"{row['of']}.{row['name']}",
         "what": "view" if row["kind"] == "VIEW" else "table", "reason": row["reason"]}
        for row in catalog.get("tables", ())
        if row.get("reason")
    ]  # fmt: skip


def _building(
    live: Live, script: Mapping[str, Any], schemas: Mapping[str, str], server: Own | None
) -> ImportRequest:
    """Return what the child is asked, so that it makes the models' tables."""
    url = live.request.database_url
    if live.flavour == "sqlite":
        url = "sqlite://"
    about = {
        "statements": script["statements"],
        "schemas": dict(schemas),
        "socket": server.socket if server else "",
        "passing": bool(live.prefix),
        "as_live": live.answer["settings"],
    }
    return replace(live.request, database_url=server.url if server else url, server=about)


def _live_catalog(live: Live, schemas: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the live catalog; of MySQL, that of the databases that the models name, too."""
    names = {name: name for name in schemas if name}
    catalog: Mapping[str, Any] = live.answer["catalog"]
    if not names or live.flavour not in ("mysql", "mariadb"):
        return catalog
    about = {"schemas": {"": live.default, **names}}
    return dict(ask_database(replace(live.request, server=about)).data["catalog"])


def _said(live: Live, built: Mapping[str, Any], names: set[str]) -> str:
    """Return what was compared, and by what, in sentences."""
    words = _WORDS[live.flavour]
    version = ".".join(map(str, built["version"]))
    where = f"in a server of our own, {words} {version}"
    if live.prefix:
        where = "in a scratch schema of this database, which is gone"
    elif live.flavour == "sqlite":
        where = f"in the memory of SQLite {version}"
    scope = _SCOPE["mysql" if live.flavour == "mariadb" else live.flavour]
    said = [f"By the catalogs of {words}: {scope}. The models' tables were made {where}."]
    said += [_UNTRIED] if live.flavour == "mysql" else []
    if built["version"][:1] != list(live.version[:1]):
        said.append("The two servers are of different versions: what they write in different words"
                    " is listed as a difference.")  # fmt: skip
    catalog = live.answer["catalog"]
    rows = catalog.get("relations", ())
    parts = (catalog.get(kind, ()) for kind in ("relations", "types", "sequences"))
    others = sorted({row["of"] for found in parts for row in found} - names)
    if others:
        said.append(f"Not looked at: {', '.join(others)}, which no model names.")
    if partitions := sum(1 for row in rows if row["partition"]):
        said.append(f"Nor the {partitions} partitions of its tables.")
    return " ".join(said)


def _named(facts: SchemaFacts) -> set[str]:
    """Return the names that the models give to constraints and indexes."""
    return {
        name
        for table in facts.tables
        for name in (table.primary_key.name, *(one.name for one in table.foreign_keys),
                     *(one.name for one in table.uniques), *(one.name for one in table.checks),
                     *(one.name for one in table.exclusions), *(one.name for one in table.indexes))
    }  # fmt: skip


def _failed(failed: list[dict[str, str]]) -> tuple[str, ...]:
    """Return what could not be made, and so not compared, as sentences."""
    said = []
    for one in failed:
        table = one["table"] or "the models"
        said.append(f"{table}, {one['what']}: {one['reason']}")
    rest = len(said) - _MOST_FAILED
    return (*dict.fromkeys(said[:_MOST_FAILED]), *([f"and {rest} more"] if rest > 0 else ()))
