"""The document kind `schema`."""

from footnotary.counting import counted, first_few
from footnotary.documents import escape, prose
from footnotary.documents.across import revision_anchor, table_anchor
from footnotary.documents.kinds import Context, DocumentKind, Part, Prose, Region
from footnotary.documents.schema.changes import render_schema_changes
from footnotary.documents.schema.diagrams import draw_diagrams
from footnotary.documents.schema.lints import has_own, render_lints
from footnotary.documents.schema.tables import about, anchor, render_tables, render_views, targets
from footnotary.documents.schema.tbls import render_tbls
from footnotary.documents.tables import render_folded, with_anchor, write_table
from footnotary.documents.what_changed import what_is_partial
from footnotary.facts.schema import Revision, SchemaFacts, Table

_MAX_REVISIONS = 30
MAX_TOUCHED = 6
_KINDS = {
    "pk": "primary key",
    "fk": "foreign key",
    "uq": "unique",
    "ck": "check",
    "ix": "index",
}
_MIGRATED = {"only in the models": "no migration yet", "differs": "no migration yet"}
_READ = {
    "imported": "",
    "source": "Read from the source, without importing it: what is computed is missing.",
    "database": "Read from the live database alone: there are no models in the project.",
}


def render_schema_overview(facts: SchemaFacts) -> str:
    """Return the counts, how the schema was read, and an index of the tables."""
    dialect = facts.dialect if facts.dialect not in ("", "default") else "SQLAlchemy's default"
    told = what_is_partial(facts) or counted(facts.summary["tables"], "table")
    counts = f"**{prose.line(told)}**, {_counted(facts)}."
    parts = [f"{counts} Types: {escape.escape_text(dialect)}."]
    notes = [one for one in (_READ.get(facts.read.how, ""), *facts.caveats) if one]
    if notes:
        listed = "\n".join(f"- {prose.line(one)}" for one in notes)
        parts.append(f"**How this was read**\n\n{listed}")
    ordered = sorted(facts.tables, key=lambda one: one.full_name)
    known = {one.full_name for one in ordered}
    rows = [
        [
            f"[{escape.code(one.full_name)}](#{anchor(one)})",
            escape.code(one.class_name),
            str(len(one.columns)),
            ", ".join(_named(name, known) for name in targets(one)),
            _known(one, facts) + prose.line(about(one).split("\n\n", 1)[0]),
        ]
        for one in ordered
    ]
    parts.append(write_table(["Table", "Class", "Columns", "Points to", "About"], rows))
    if has_own(facts):
        rows = [
            [_KINDS.get(kind, escape.escape_text(kind)), escape.code(pattern)]
            for kind, pattern in sorted(facts.convention.items())
        ]
        parts.append("**Naming convention**\n\n" + write_table(["Of", "Pattern"], rows))
    return "\n\n".join(parts)


def _known(one: Table, facts: SchemaFacts) -> str:
    """Return how a table is known, where that is not how the others are."""
    is_other = one.scope == "source" and facts.read.how != "source"
    return "_Not imported: read from the source._ " if is_other else ""


def render_migrations(facts: SchemaFacts) -> str:
    """Return Alembic's graph: heads, then the newest migrations; nothing without Alembic."""
    if not facts.revisions:
        return ""
    known = {one.full_name for one in facts.tables}
    histories: dict[str, list[Revision]] = {}
    for one in facts.revisions:
        histories.setdefault(one.history.removeprefix("../"), []).append(one)
    parts = ["## Migrations"]
    anchors: set[str] = set()  # two histories may have a revision of the same name
    for folder, revisions in histories.items():
        where = f" in {escape.code(folder)}" if len(histories) > 1 else ""
        parts += _history(revisions, known, where, anchors)
    parts += _unmigrated(facts)
    return "\n\n".join(parts)


def _unmigrated(facts: SchemaFacts) -> list[str]:
    """Return what the models declare and the migrations do not build up, or the reverse."""
    if not facts.replayed or any(one.place.path[:2] == ".." for one in facts.revisions):
        return ["What the migrations build up was not compared with the models."]
    said = (
        "What their `upgrade()` builds up, compared with the models: tables, columns with type and"
        " NULL, keys, names of checks and plain indexes; not defaults, comments and expressions."
    )
    parts = [said]
    rows = [
        [escape.code(one.table), _MIGRATED.get(one.what, one.what), escape.escape_text(one.detail)]
        for one in facts.unmigrated
    ]
    parts.append(write_table(["Table", "What", "Detail"], rows) if rows else "")
    if not rows:
        parts.append("No difference in what was compared.")
    if facts.unreplayed:
        listed = "\n".join(f"- {escape.escape_text(one)}" for one in facts.unreplayed)
        parts.append(f"**Not followed**, and the tables in it not compared\n\n{listed}")
    return [part for part in parts if part]


def _history(
    revisions: list[Revision], known: set[str], where: str, anchors: set[str]
) -> list[str]:
    """Return one history: its heads, what is missing, and its migrations."""
    mine = {one.id for one in revisions}
    followed = {down for one in revisions for down in one.down}
    own = [one.id for one in revisions if one.id not in followed]
    names = escape.list_codes(own)
    parts = [f"{counted(len(revisions), 'Alembic revision')}{where}, head: {names}."]
    if len(own) > 1:
        parts.append(
            f"**{len(own)} heads**: `alembic upgrade head` fails until they are joined by"
            " `alembic merge heads`."
        )
    lost = [f"{one.id} follows {down}" for one in revisions for down in one.down
            if down not in mine]  # fmt: skip
    if lost:
        parts.append("Missing: " + escape.list_codes(lost) + ", which no file holds.")
    newest = list(reversed(revisions))
    parts.append(_graph(newest[:_MAX_REVISIONS], known, anchors))
    if newest[_MAX_REVISIONS:]:
        rest = len(newest) - _MAX_REVISIONS
        parts.append(
            render_folded(f"{rest} older", _graph(newest[_MAX_REVISIONS:], known, anchors))
        )
    return parts


def _graph(revisions: list[Revision], known: set[str], anchors: set[str]) -> str:
    """Return migrations, newest first, each with those it follows and the tables it names."""
    rows = [
        [
            _identified(one.id, anchors),
            escape.list_codes(one.down) or "(first)",
            prose.line(one.message),
            first_few([_named(name, known) for name in one.tables], MAX_TOUCHED),
            escape.code(one.place.path.removeprefix("../")),
        ]
        for one in revisions
    ]
    return write_table(["Revision", "Follows", "About", "Tables", "File"], rows)


def _identified(revision: str, anchors: set[str]) -> str:
    """Return a revision, with an anchor where it is the first of its name."""
    if revision in anchors:
        return escape.code(revision)
    anchors.add(revision)
    return with_anchor(escape.code(revision), revision_anchor(revision))


def _named(name: str, known: set[str]) -> str:
    """Return a table's name, as a link where the table is there."""
    return f"[{escape.code(name)}](#{table_anchor(name)})" if name in known else escape.code(name)


def render_drift(facts: SchemaFacts) -> str:
    """Return how the live database differs from the models; nothing if none was read."""
    if not facts.server or facts.read.how == "database":
        return ""
    parts = [f"## Models and database\n\nCompared with {escape.escape_text(facts.server)}."]
    parts += [escape.escape_text(facts.compared)] if facts.compared else []
    if facts.drift:
        rows = [
            [escape.code(one.table), one.what, escape.escape_text(one.detail)]
            for one in facts.drift
        ]
        parts.append(write_table(["Table", "What", "Detail"], rows))
    elif facts.not_compared:
        parts.append("No difference in what was compared.")
    else:
        parts.append("No difference.")
    if facts.not_compared:
        listed = "\n".join(f"- {escape.escape_text(one)}" for one in facts.not_compared)
        parts.append(f"**Not compared**\n\n{listed}")
    return "\n\n".join(parts)


def _counted(facts: SchemaFacts) -> str:
    """Return the counts below the tables, as words; none of nothing where not all was read."""
    names = {"columns": "column", "fks": "foreign key", "indexes": "index",
             "uniques": "unique constraint", "checks": "check constraint",
             "exclusions": "exclusion constraint", "views": "view"}  # fmt: skip
    counts = facts.summary
    is_whole = facts.read.how != "source" and not facts.read.failed
    return ", ".join(
        counted(counts[key], name, "indexes" if name == "index" else "")
        for key, name in names.items()
        if counts.get(key) or (is_whole and key not in ("exclusions", "views"))
    )


_INTRODUCTION = """## What is kept here

_Which part of the business does this schema hold? Who writes to it, who only reads? How long is
what kept?_"""
_DECISIONS = """## Decisions

_Why is it so: keys, deletion, history, time zones, money? Write each claim with its source:
`cite URL --quote "…" --claim "…" --to` this file._"""


def _schema_parts(facts: SchemaFacts, context: Context) -> tuple[Part, ...]:
    """Return the document's parts."""
    introduction, decisions = SCHEMA.prose
    return (
        Region("overview", render_schema_overview(facts)),
        introduction,
        Region("diagrams", draw_diagrams(facts)),
        Region("tables", render_tables(facts, context)),
        Region("views", render_views(facts)),
        Region("lints", render_lints(facts)),
        Region("migrations", render_migrations(facts)),
        Region("drift", render_drift(facts)),
        decisions,
        Region("changes", render_schema_changes(facts, context)),
    )


SCHEMA = DocumentKind(
    name="schema",
    title="Database schema",
    section="Decisions",
    facts=SchemaFacts,
    prose=(Prose(_INTRODUCTION), Prose(_DECISIONS)),
    parts=_schema_parts,
    options=frozenset(
        {
            "metadata", "imports", "dialect", "database_url", "scratch", "python", "env_file",
            "mocks", "timeout",
        }
    ),
    attached=lambda facts, context: {".tbls.json": render_tbls(facts, context.project)},
)  # fmt: skip
