"""SQLite's statements (`sqlite_master`) as entries.

SQLite keeps the text of a statement, and changes it when a column is added: so two tables that
are the same may be written in two ways. The text is split into tokens
(https://sqlite.org/lang_keywords.html) and read clause by clause (https://sqlite.org/syntax).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Self

from footnotary.probe.drift import Entry

_TOKEN = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|\s+"  # what means nothing
    r"|('(?:[^']|'')*')"
    r'|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]'
    r"|([\w$]+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(->>|->|\|\||<<|>>|<=|>=|==|!=|<>|.)",
    re.DOTALL,
)
_OF_COLUMN = {"constraint", "primary", "not", "null", "unique", "check", "default", "collate",
              "references", "generated", "as"}  # fmt: skip
_OF_TABLE = {"constraint", "primary", "unique", "check", "foreign"}
_ROWID = {"rowid", "oid", "_rowid_"}
_SAME = {"<>": "!=", "==": "="}
_Tokens = list[str]


def sqlite_entries(
    catalog: Mapping[str, Any], _default: str, _renamed: Mapping[str, str]
) -> list[Entry]:
    """Return everything that SQLite keeps as entries.

    Args:
        catalog: Rows of `sqlite_master`, with `of`, the database; empty for the main one, which
            has the same name everywhere.
    """
    found: list[Entry] = []
    names: dict[str, set[str]] = {}
    for row in sorted(catalog["made"], key=lambda row: row["type"] != "table"):
        prefix = f"{row['of']}." if row["of"] else ""
        tokens = tokens_of(row["sql"])
        of = f"{prefix}{row['tbl_name']}"
        if row["type"] == "table":
            if not row["name"].startswith("sqlite_"):
                table = _Table(f"{prefix}{row['name']}")
                found += table.entries(tokens)
                names[of.casefold()] = table.names
        elif row["type"] == "index":
            found.append(_index(of, row["name"], tokens, names.get(of.casefold(), set())))
        elif row["type"] == "trigger":
            about = {"definition": _after(tokens, "trigger")}
            found.append(Entry(of, "trigger", row["name"], about))
        else:
            words = _after(tokens, row["type"])
            found.append(Entry(f"{prefix}{row['name']}", "view", "", {"definition": words}))
    return [*_with_targets(found)]


def _with_targets(entries: list[Entry]) -> Iterator[Entry]:
    """Yield entries, foreign keys with the columns that they mean: those of the primary key.

    That is what a foreign key without columns points to (https://sqlite.org/foreignkeys.html).
    """
    keys = {one.table.casefold(): one.properties["columns"]
            for one in entries if one.kind == "primary key"}  # fmt: skip
    for one in entries:
        columns = one.properties.get("columns", "")
        if one.kind == "foreign key" and not columns.endswith(")"):
            prefix, _, _ = one.table.rpartition(".")
            target = columns.rpartition("→ ")[2]
            key = keys.get(f"{prefix}.{target}" if prefix else target, "")
            more = {"columns": f"{columns} ({key})"} if key else {}
            yield Entry(one.table, one.kind, one.name, one.properties | more)
        else:
            yield one


class _Quoted(str):
    """A name in double quotes, which is a text where there is no column of that name.

    SQLite keeps that for old statements (https://sqlite.org/quirks.html, section 8).
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, name: str, raw: str) -> Self:
        made = super().__new__(cls, name)
        made.text = "'" + raw.replace('""', '"').replace("'", "''") + "'"
        return made


def _texts_read(tokens: _Tokens, names: Collection[str] = ()) -> _Tokens:
    """Return the tokens of an expression, those in double quotes that name no column as texts."""
    return [
        one.text if isinstance(one, _Quoted) and one.strip('"') not in names else one
        for one in tokens
    ]


def tokens_of(sql: str) -> _Tokens:
    """Return the tokens of SQLite's SQL: names without quotes, all but texts in lower case."""
    found = []
    for one in _TOKEN.finditer(sql):
        text, quoted, ticked, bracketed, word, other = one.groups()
        name = next((each for each in (quoted, ticked, bracketed) if each is not None), None)
        if name is not None:
            plain = name.replace('""', '"').casefold()
            is_word = re.fullmatch(r"\w+", plain) and plain not in _OF_COLUMN | _OF_TABLE
            shown = plain if is_word else f'"{plain}"'
            found.append(shown if quoted is None else _Quoted(shown, quoted))
        elif one.group().strip() and (text or word or other):
            found.append(text or _SAME.get(other, (word or other).casefold()))
    return found


def _shown(tokens: _Tokens) -> str:
    """Return tokens as text, without brackets around the whole."""
    while len(tokens) > 1 and tokens[0] == "(" and _end(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    text = " ".join(tokens)
    return text.replace("( ", "(").replace(" )", ")").replace(" ,", ",").replace(" . ", ".")


def _end(tokens: _Tokens, start: int) -> int:
    """Return where the bracket that opens at a place is closed."""
    depth = 0
    for at in range(start, len(tokens)):
        depth += (tokens[at] == "(") - (tokens[at] == ")")
        if depth == 0:
            return at
    return len(tokens) - 1


def _split(tokens: _Tokens) -> Iterator[_Tokens]:
    """Yield what is between the commas that are in no bracket."""
    depth = 0
    part: _Tokens = []
    for token in tokens:
        depth += (token == "(") - (token == ")")  # noqa: S105  a bracket
        if token == "," and depth == 0:  # noqa: S105  a comma
            yield part
            part = []
        else:
            part.append(token)
    if part:
        yield part


def _after(tokens: _Tokens, word: str) -> str:
    """Return what follows a kind and a name: `CREATE VIEW v AS …`."""
    at = tokens.index(word) if word in tokens else 0
    rest = tokens[at + 1 :]
    if rest[:3] == ["if", "not", "exists"]:
        rest = rest[3:]
    return _shown(rest[3:] if rest[1:2] == ["."] else rest[1:])


def _index(table: str, name: str, tokens: _Tokens, names: Collection[str]) -> Entry:
    """Return an index: its parts, and the rows that it holds."""
    start = tokens.index("(", tokens.index("on"))
    end = _end(tokens, start)
    about = {"columns": _parts(_texts_read(tokens[start : end + 1], names))}
    if tokens[end + 1 : end + 2] == ["where"]:
        about["where"] = _shown(_texts_read(tokens[end + 2 :], names))
    return Entry(table, "unique index" if "unique" in tokens[:3] else "index", name, about)


def _parts(tokens: _Tokens) -> str:
    """Return the columns in brackets; ascending is the order that is not written."""
    each = (part[:-1] if part[-1] == "asc" and len(part) > 1 else part
            for part in _split(tokens[1:-1]) if part)  # fmt: skip
    return ", ".join(map(_shown, each))


class _Table:
    """One CREATE TABLE: columns, and constraints wherever they are written."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[Entry] = []
        self.names: set[str] = set()

    def entries(self, tokens: _Tokens) -> list[Entry]:
        """Return the table, its columns and constraints."""
        if "virtual" in tokens[:2] or "(" not in tokens:
            words = _after(tokens, "table")
            return [Entry(self._name, "table", "", {"definition": words})]
        start = tokens.index("(")
        end = _end(tokens, start)
        options = {_shown(one): "yes" for one in _split(tokens[end + 1 :])}
        self._found.append(Entry(self._name, "table", "", options))
        parts = [*_split(tokens[start + 1 : end])]
        own = {part[0].strip('"') for part in parts if part and part[0] not in _OF_TABLE}
        self.names = {*own, *_ROWID, self._name.casefold()}
        for part in parts:
            if part and part[0] in _OF_TABLE:
                self._constraints(part, "", {})
            elif part:
                self._column(part)
        return [*self._with_keys()]

    def _with_keys(self) -> Iterator[Entry]:
        """Yield entries; the key of a table is never NULL where it is the row's own number.

        It is one of type INTEGER, and any where there is no such number
        (https://sqlite.org/lang_createtable.html, section 5).
        """
        without = any("without rowid" in one.properties for one in self._found)
        keys = next((one.properties["columns"].split(", ") for one in self._found
                     if one.kind == "primary key"), [])  # fmt: skip
        for one in self._found:
            number = [one.name] == keys and one.properties.get("type") == "INTEGER"
            if one.kind == "column" and one.name in keys and (without or number):
                about = one.properties | {"null": "NOT NULL"}
                yield Entry(one.table, one.kind, one.name, about)
            else:
                yield one

    def _column(self, part: _Tokens) -> None:
        name, rest = part[0], part[1:]
        words: _Tokens = []
        while rest and rest[0] not in _OF_COLUMN:
            if rest[0] == "(":
                end = _end(rest, 0)
                words, rest = words + rest[: end + 1], rest[end + 1 :]
            else:
                words.append(rest.pop(0))
        about = {"type": _shown(words).upper(), "null": "NULL"}
        self._constraints(rest, name, about)
        self._found.append(Entry(self._name, "column", name, {k: v for k, v in about.items() if v}))

    def _constraints(self, rest: _Tokens, column: str, about: dict[str, str]) -> None:
        """Read constraints one after another: those of a column say something of it, too."""
        name = ""
        while rest:
            if rest[0] == "constraint":
                name, rest = rest[1] if len(rest) > 1 else "", rest[2:]
                continue
            clause, rest = _clause(rest)
            self._clause(clause, name, column, about)
            name = ""

    def _expression(self, tokens: _Tokens) -> str:
        return _shown(_texts_read(tokens, self.names))

    def _clause(self, clause: _Tokens, name: str, column: str, about: dict[str, str]) -> None:
        word = clause[0]
        if word in ("primary", "unique"):
            kind = "primary key" if word == "primary" else "unique"
            self._found.append(Entry(self._name, kind, name, _key(clause[1:], column)))
        elif word == "check":
            more = _conflict(clause)
            end = _end(clause, 1)
            self._found.append(
                Entry(
                    self._name,
                    "check",
                    name,
                    {"expression": self._expression(clause[1 : end + 1])} | more,
                )
            )
        elif word in ("foreign", "references"):
            self._found.append(Entry(self._name, "foreign key", name, _foreign(clause, column)))
        elif word == "not":
            about["null"] = "NOT NULL"
            about |= {f"not null {key}": value for key, value in _conflict(clause).items()}
        elif word in ("generated", "as"):
            at = clause.index("(") if "(" in clause else 0
            how = "STORED" if clause[-1] == "stored" else "VIRTUAL"
            about["generated"] = f"{self._expression(clause[at : _end(clause, at) + 1])} {how}"
        elif word == "default":
            value = _shown(_texts_read(clause[1:])).removeprefix("+ ")
            about[word] = {"null": "", "true": "1", "false": "0"}.get(value, value)
        elif word == "collate":
            about[word] = _shown(clause[1:]).replace("binary", "")
        elif word != "null":
            about["more"] = " ".join(filter(None, (about.get("more", ""), _shown(clause))))


def _clause(rest: _Tokens) -> tuple[_Tokens, _Tokens]:
    """Return the first constraint, and what follows it."""
    starts = _OF_COLUMN | _OF_TABLE
    at, depth, word = 1, 0, rest[0]
    while at < len(rest):
        token = rest[at]
        depth += (token == "(") - (token == ")")  # noqa: S105  a bracket
        if depth == 0 and token in starts and not _goes_on(rest, at, word):
            break
        at += 1
    return rest[:at], rest[at:]


def _goes_on(rest: _Tokens, at: int, word: str) -> bool:
    """Return whether a word that may begin a constraint belongs to the one before."""
    token, before = rest[at], rest[at - 1]
    if word == "not" and token == "null":  # noqa: S105  a keyword
        return before == "not"
    if token == "not":  # noqa: S105  a keyword
        return rest[at + 1 : at + 2] == ["deferrable"]
    if token in ("default", "null"):
        return before in ("set", "default")
    if token == "as":  # noqa: S105  a keyword
        return before == "always"
    return token == "references" and word == "foreign"  # noqa: S105  a keyword


def _key(rest: _Tokens, column: str) -> dict[str, str]:
    """Return what a primary key or a unique constraint says."""
    if "(" in rest:
        start = rest.index("(")
        columns, more = _parts(rest[start : _end(rest, start) + 1]), rest[_end(rest, start) + 1 :]
    else:
        order = "desc" if "desc" in rest else ""
        columns, more = f"{column} {order}".strip(), rest
    about = {"columns": columns, **_conflict(more)}
    return about | ({"autoincrement": "yes"} if "autoincrement" in rest else {})


def _conflict(clause: _Tokens) -> dict[str, str]:
    stated = clause[-3:-1] == ["on", "conflict"] and clause[-1] != "abort"
    return {"on conflict": clause[-1]} if stated else {}


def _foreign(clause: _Tokens, column: str) -> dict[str, str]:
    """Return what a foreign key says: columns, target, actions, and when it is checked."""
    at = clause.index("references") if "references" in clause else 0
    mine = _shown(clause[clause.index("(") : at]) if clause[0] == "foreign" else column
    rest = clause[at + 1 :]
    target, rest = rest[0] if rest else "", rest[1:]
    columns = ""
    if rest[:1] == ["("]:
        end = _end(rest, 0)
        columns, rest = f" ({_shown(rest[: end + 1])})", rest[end + 1 :]
    about = {"columns": f"({mine}) → {target}{columns}"}
    text = _shown(rest)
    for action in ("on delete", "on update", "match"):
        found = re.search(rf"\b{action} (set null|set default|no action|\w+)", text)
        if found and found[1] not in ("no action", "simple"):
            about[action] = found[1].upper()
    if re.search(r"(?<!not )\bdeferrable initially deferred\b", text):  # all else is at once
        about["deferrable"] = "DEFERRED"
    return about
