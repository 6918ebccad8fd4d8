"""The schema as diagrams (Mermaid)."""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile

from footnotary.documents import escape
from footnotary.facts.schema import Column, ForeignKey, SchemaFacts, Table

_MAX_CHARACTERS = 45_000
MAX_TABLES = 10
_OWN_WORDS = re.compile(r"^([PFU]K)(?!\w)", re.IGNORECASE)
_ARGUMENTS = re.compile(r"\((?!\w*\))(?:[^()]|\([^()]*\))*\)")
_ZONED = re.compile(r"^(TIME|TIMESTAMP)\b *(\(\d+\))? +(WITH|WITHOUT) TIME ZONE\b", re.IGNORECASE)
_FEWEST = 2.5  # tables a domain on average; where there are fewer, a module is no domain

# What Mermaid's `erDiagram` takes in pixels, with the spacing of `assets/diagrams.js`.
MAX_WIDTH = 870  # shown at 688 (a window of 1,280) its smallest text, 14 px, has 11
_CHARACTER = 9.4
_CELL = 25  # around the words of a cell
_NAME = 40  # around the name of a table
_RANK_GAP, _NODE_GAP, _EDGE_GAP, _MARGIN = 60, 40, 30, 16
_LONG_EDGE = 45  # of one that passes a row of tables
_DRIFT = 1.2  # rows are not set close: the layout keeps lines straight


@dataclass(frozen=True)
class _Form:
    """How much of its tables a diagram shows."""

    columns: int
    keys_only: bool = False
    labelled: bool = False
    """Whether an edge is named by its columns."""


_KEYS = (_Form(12, keys_only=True, labelled=True), _Form(12, keys_only=True))
_FORMS = (_Form(12, labelled=True), _Form(12), *_KEYS)
_SHORT_FORMS = (_Form(4, keys_only=True), _Form(0))


def draw_diagrams(facts: SchemaFacts) -> str:
    """Return diagrams by domain, of at most ten tables and no wider than a page can show.

    Large schemas show keys only, and smaller ones where all columns would be too wide.
    """
    domains = _domains(facts)
    forms = _FORMS if len(facts.tables) <= MAX_TABLES else _KEYS
    known = {table.full_name: table for table in facts.tables}
    parts, drawn = [], []
    for name, members in domains.items():
        chunks = _chunks(members, known, forms)
        for number, chunk in enumerate(chunks, 1):
            more = f", part {number} of {len(chunks)}" if len(chunks) > 1 else ""
            if len(domains) > 1 or more:
                parts.append(f"### {escape.escape_text(name)}{more}")
            drawn.append(_choose_form(chunk, known, forms))
            parts.append(drawn[-1].fence())
    is_short = any(one.form.keys_only for one in drawn)
    note = ["Keys only; each table in full is below."] if is_short else []
    return "\n\n".join(["## Diagrams", *note, *parts])


def neighbourhood(one: Table, pointing: list[Table], known: dict[str, Table]) -> str:
    """Return a table with those it points to and those that point to it."""
    others = [known[key.table] for key in one.foreign_keys if key.table in known] + pointing
    around = {other.full_name: other for other in others if other.full_name != one.full_name}
    shown = dict(list(around.items())[:MAX_TABLES])
    near = {one.full_name: one} | shown
    edges = [(one, key) for key in one.foreign_keys if key.table in near]
    edges += [(other, key) for other in shown.values() for key in other.foreign_keys
              if key.table == one.full_name]  # fmt: skip
    return _choose_form([one], near, _FORMS, edges).fence()


@dataclass(frozen=True)
class _Drawing:
    """A diagram in one form, in the direction in which it is narrower."""

    form: _Form
    boxes: dict[str, list[tuple[str, ...]]]
    edges: list[tuple[Table, ForeignKey]]

    def fence(self) -> str:
        """Return it as a fenced block."""
        return f"```mermaid\n{self.text()}\n```"

    def fits(self) -> bool:
        """Return whether a page can show it, and Mermaid takes it."""
        return min(self.widths()) <= MAX_WIDTH and len(self.text()) <= _MAX_CHARACTERS

    def text(self) -> str:
        """Return it as Mermaid."""
        lines = ["erDiagram"]
        across, down = self.widths()
        if across <= MAX_WIDTH < down or (across < down and down > MAX_WIDTH):
            lines.append("    direction LR")
        for name, rows in self.boxes.items():
            lines.append(f"    {_name(name)}" + " {" * bool(rows))
            lines += [f"        {' '.join(filter(None, row))}" for row in rows]
            lines += ["    }"] * bool(rows)
        drawn = [_draw_edge(*edge, labelled=self.form.labelled) for edge in self.edges]
        return "\n".join([*lines, *dict.fromkeys(drawn)])

    def widths(self) -> tuple[float, float]:
        """Return about how wide it is when drawn from left to right and from top to bottom."""
        joins = [
            (key.table, table.full_name, len(", ".join(key.columns)) * self.form.labelled)
            for table, key in self.edges
        ]
        ranks = _rank(list(self.boxes), [join[:2] for join in joins])
        boxes = {name: _measure_box(name, self.boxes.get(name, [])) for name in ranks}
        across: dict[int, float] = defaultdict(float)  # by rank; a gap is half a rank
        down: dict[int, float] = defaultdict(float)
        for name, rank in ranks.items():
            across[2 * rank] = max(across[2 * rank], boxes[name])
            down[2 * rank] += boxes[name] + _NODE_GAP
        for parent, child, letters in joins:
            first, last = sorted((2 * ranks[parent], 2 * ranks[child]))
            middle, label = (first + last) // 2, letters * _CHARACTER
            across[middle] = max(across[middle], label)
            down[middle] += label + _EDGE_GAP
            for between in range(first + 2, last, 2):
                down[between] += _LONG_EDGE
        gaps = _RANK_GAP * (len(set(ranks.values())) - 1)
        loops = max((boxes[a] for a, b, _ in joins if a == b), default=0) and 2 * _RANK_GAP
        drift = _DRIFT if len(down) > 1 else 1
        return sum(across.values()) + gaps + _MARGIN + loops, max(down.values()) * drift + _MARGIN


def _choose_form(
    tables: list[Table],
    known: dict[str, Table],
    forms: tuple[_Form, ...],
    edges: list[tuple[Table, ForeignKey]] | None = None,
) -> _Drawing:
    """Return tables in the first form that is narrow enough, else in the narrowest."""
    if edges is None:
        edges = [(one, key) for one in tables for key in one.foreign_keys if key.table in known]
    drawn = []
    for form in (*forms, *_SHORT_FORMS) if len(tables) == 1 else forms:
        boxes = {one.full_name: _list_rows(one, form) for one in tables}
        ends = [end for table, key in edges for end in (key.table, table.full_name)]
        boxes |= {name: [] for name in ends if name not in boxes}
        drawn.append(_Drawing(form, boxes, edges))
        if drawn[-1].fits():
            return drawn[-1]
    return min(drawn, key=lambda one: (len(one.text()) > _MAX_CHARACTERS, min(one.widths())))


def _rank(names: list[str], joins: list[tuple[str, str]]) -> dict[str, int]:
    """Return how many tables lie above each one, a table alone right above what needs it."""
    above: dict[str, set[str]] = {name: set() for name in names}
    for parent, child in joins:
        if parent != child:
            above[child].add(parent)
    ranks: dict[str, int] = {}

    def find_rank(name: str, path: frozenset[str]) -> int:
        if name not in ranks:
            inner = path | {name}
            ranks[name] = 1 + max(
                (find_rank(one, inner) for one in above[name] - inner), default=-1
            )
        return ranks[name]

    for name in names:
        find_rank(name, frozenset())
    for name in names:
        below = [ranks[child] for child in names if name in above[child]]
        if not above[name] and below:
            ranks[name] = max(0, min(below) - 1)
    return ranks


def _measure_box(name: str, rows: list[tuple[str, ...]]) -> float:
    """Return about how wide a table is drawn."""
    cells = [max(map(len, column)) for column in zip(*rows, strict=True)]
    inner = sum(letters * _CHARACTER + _CELL for letters in cells if letters)
    return max(100, len(name) * _CHARACTER + _NAME, inner)


def _domains(facts: SchemaFacts) -> dict[str, list[Table]]:
    """Group tables by database schema, else by the package their classes are in."""
    if len(facts.tables) <= MAX_TABLES:
        return {"All tables": list(facts.tables)}
    found: dict[str, list[Table]] = defaultdict(list)
    for table in facts.tables:
        found[table.schema_name or _package_tables(table.module)].append(table)
    while len(facts.tables) < _FEWEST * len(found) and any("." in name for name in found):
        above: dict[str, list[Table]] = defaultdict(list)
        for name, members in found.items():
            above[name.rpartition(".")[0] or name].extend(members)
        found = above
    if len(found) == 1:
        return {"All tables": list(facts.tables)}
    common = _common_package(list(found))
    return {name.removeprefix(common): members for name, members in found.items()}


def _common_package(names: list[str]) -> str:
    """Return what dotted names begin with, each of them with more behind it; ends in a dot."""
    parts = [name.split(".")[:-1] for name in names]
    shared = takewhile(lambda at: len(set(at)) == 1, zip(*parts, strict=False))
    return "".join(f"{one[0]}." for one in shared)


def _package_tables(module: str) -> str:
    """Return a module's domain: its name without `models` at the end."""
    names = [name for name in module.split(".") if name not in ("models", "model")]
    return ".".join(names) or "Tables without a class"


def _chunks(
    tables: list[Table], known: dict[str, Table], forms: tuple[_Form, ...]
) -> list[list[Table]]:
    """Return tables in parts that fit a page, those that foreign keys join side by side."""
    count = -(-len(tables) // MAX_TABLES)
    size = -(-len(tables) // count) if count else 1
    chunks: list[list[Table]] = []
    for table in _joined(tables):
        grown = [*chunks[-1], table] if chunks and len(chunks[-1]) < size else [table]
        if len(grown) > 1 and _choose_form(grown, known, forms).fits():
            chunks[-1] = grown
        else:
            chunks.append([table])
    return chunks


def _joined(tables: list[Table]) -> list[Table]:
    """Return tables in the order in which foreign keys lead from one to the next."""
    if len(tables) <= MAX_TABLES:
        return tables
    near: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        for key in table.foreign_keys:
            near[table.full_name].append(key.table)
            near[key.table].append(table.full_name)
    left = {one.full_name: one for one in tables}
    ordered: list[Table] = []
    while left:
        waiting = [min(left, key=lambda name: (-len(near[name]), name))]
        while waiting:
            found = left.pop(waiting.pop(0), None)
            if found is not None:
                ordered.append(found)
                waiting += sorted(near[found.full_name], key=lambda name: len(near[name]))
    return ordered


def _list_rows(table: Table, form: _Form) -> list[tuple[str, ...]]:
    """Return a table's columns, keys first and as many as its form has; cells are words."""
    foreign = {name for key in table.foreign_keys for name in key.columns}
    ranked = sorted(
        (one for one in table.columns
         if not form.keys_only or one.primary_key or one.name in foreign),
        key=lambda one: (not one.primary_key, one.name not in foreign),
    )[: form.columns]  # fmt: skip
    return [_draw_attribute(one, one.name in foreign) for one in ranked]


def _draw_attribute(column: Column, is_foreign: bool) -> tuple[str, ...]:  # noqa: FBT001  one mark of two
    """Return a column: type, name, keys, and its real name where Mermaid cannot hold it."""
    marks = ", ".join(["PK"] * column.primary_key + ["FK"] * is_foreign)
    word = _word(column.name)
    real = "" if word == column.name else _name(column.name)
    return _word(_shorten_type(column.type)), word, marks, real


def _shorten_type(text: str) -> str:
    """Return a type without the module of its class, and without arguments that Mermaid refuses.

    `VARCHAR(20)` stays; `NUMERIC(8, 2)` is `NUMERIC`, `sa.Enum(Color, name="c")` is `Enum`;
    `TIMESTAMP WITH TIME ZONE` has PostgreSQL's short name, `TIMESTAMPTZ` (manual, section 8.5).
    """
    short = _ZONED.sub(_shorten_zone, _ARGUMENTS.sub("", text))
    return re.sub(r"^(?:[^\W\d]\w*\.)+", "", short) or text


def _shorten_zone(found: re.Match[str]) -> str:
    zone = "TZ" if found[3].upper() == "WITH" else ""
    return found[1].upper() + zone + (found[2] or "")


def _draw_edge(table: Table, key: ForeignKey, *, labelled: bool) -> str:
    """Return a foreign key: many (or one, where it is unique) to one or none."""
    columns = {column.name: column for column in table.columns}
    optional = any(columns[name].nullable for name in key.columns if name in columns)
    ends = f"{'|o' if optional else '||'}--{'o|' if _is_unique(table, key.columns) else 'o{'}"
    label = _name(", ".join(key.columns)) if labelled else '""'
    return f"    {_name(key.table)} {ends} {_name(table.full_name)} : {label}"


def _is_unique(table: Table, columns: tuple[str, ...]) -> bool:
    wanted = set(columns)
    keys = [table.primary_key.columns, *(key.columns for key in table.uniques)]
    # a partial unique index says nothing of the other rows
    keys += [index.columns for index in table.indexes if index.unique and not index.where]
    return any(set(key) == wanted for key in keys)


def _name(text: str) -> str:
    """Return text in quotes, as Mermaid takes names of entities, comments and labels."""
    return '"' + (re.sub(r"[^\w ,.-]", "_", text).strip() or "unnamed") + '"'


def _word(text: str) -> str:
    """Return text as Mermaid takes names and types of attributes.

    Its lexer (`erDiagram.jison`) has letters from U+00C0 on, digits and `_-()[]`; `PK`, `FK` and
    `UK` are words of its own in any case.
    """
    word = re.sub(r"[^A-Za-z0-9_()\[\]\u00c0-\uffff-]+", "_", text).strip("_") or "unnamed"
    word = _OWN_WORDS.sub(r"\1_", word)
    return word if re.match(r"[A-Za-z_\u00c0-\uffff]", word) else "_" + word
