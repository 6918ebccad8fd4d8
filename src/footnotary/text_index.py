"""The full-text index (FTS5) of what was read and written: rows of `derived.Derived`.

Pages, the quotes of records, and sections of documents. It is nobody's only copy. Beside them it
remembers which searches of the web found which addresses, and what the last search found.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from footnotary.derived import Derived
from footnotary.models import Citation

BEGIN, END = "\ue0a0", "\ue0a1"
"""What is around the words that were found: private characters."""

PAGE, QUOTE, DOCUMENT, NOTE, DECISION = KINDS = ("page", "quote", "document", "note", "decision")
WRITTEN = (DOCUMENT, NOTE, DECISION)
"""The kinds of sections of documents."""

MOST_RANKED = 1_000
"""How many entries are ranked: to rank all that have a common word takes seconds."""

_MOST_SEARCHES = 2_000
_RANK = "bm25(4.0, 1.0, 1.0)"  # a word in the title counts as much as four in the text
_COLUMNS = (
    "e.kind, e.name, e.url, {title}, e.site, {text}, {own}, e.headings, e.tags, e.day, e.made_of"
)
_PLAIN = _COLUMNS.format(title="words.title", text="words.text", own="words.own")
_MARKED = _COLUMNS.format(
    title="words.title",
    text=f"highlight(words, 1, '{BEGIN}', '{END}')",
    own=f"highlight(words, 2, '{BEGIN}', '{END}')",
)
_FROM = " FROM words JOIN entries e ON e.id = words.rowid WHERE "


@dataclass(frozen=True)
class IndexEntry:
    """Words as they are kept to be found.

    Attributes:
        kind: One of `KINDS`.
        name: Address of a page, key of a quote, path and number of a section.
        url: The page that it is, or is of; empty for sections.
        title: Its title; None keeps the one that is there.
        site: The site's name, or its host; the document's path for sections.
        text: A block a line; empty for a page that could not be read.
        own: Words of the user's about it, such as claims.
        headings: Offset in the text and words of each heading.
        tags: The user's tags.
        day: When it was last read, or is dated.
        made_of: What this was made of: another value means that it has to be made anew.
    """

    kind: str
    name: str
    url: str
    title: str | None
    site: str
    text: str
    day: date
    made_of: str
    own: str = ""
    headings: tuple[tuple[int, str], ...] = ()
    tags: tuple[str, ...] = ()

    def row(self) -> tuple[str, ...]:
        """Return its row in the table of entries."""
        headings = json.dumps(self.headings, ensure_ascii=False)
        tags = "".join(f"\n{tag.casefold()}\n" for tag in self.tags)
        place = (self.kind, self.name, self.url, self.site)
        return (*place, headings, tags, self.day.isoformat(), self.made_of)


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to; empty is any.

    Attributes:
        kinds: Kinds of entries.
        site: Part of the site's name or of the address.
        tags: All of them must be there.
        after: That day or later.
        before: Earlier than that day.
    """

    kinds: tuple[str, ...] = ()
    site: str = ""
    tags: tuple[str, ...] = ()
    after: date | None = None
    before: date | None = None

    def sql(self) -> tuple[str, list[object]]:
        """Return the conditions, and what is in the place of their question marks."""
        conditions, values = ["1"], list[object]()
        if self.kinds:
            conditions.append(f"e.kind IN ({', '.join('?' * len(self.kinds))})")
            values += self.kinds
        if self.site:
            conditions.append("(e.site LIKE ? ESCAPE '\\' OR e.url LIKE ? ESCAPE '\\')")
            values += [f"%{_escaped(self.site)}%"] * 2
        for tag in self.tags:
            conditions.append("instr(e.tags, ?)")
            values.append(f"\n{tag.casefold()}\n")
        for sign, day in ((">=", self.after), ("<", self.before)):
            if day is not None:
                conditions.append(f"e.day {sign} ?")
                values.append(day.isoformat())
        return " AND ".join(conditions), values


class TextIndex:
    """The index of one project."""

    def __init__(self, derived: Derived) -> None:
        self.derived = derived

    def known(self, *kinds: str) -> dict[str, tuple[str, str]]:
        """Return what each entry was made of, and its day, by name."""
        rows = self.derived.rows(
            f"SELECT name, made_of, day FROM entries WHERE kind IN ({', '.join('?' * len(kinds))})",  # noqa: S608
            kinds,
        )
        return {str(name): (str(made), str(day)) for name, made, day in rows}

    def count(self, kind: str) -> int:
        """Return how many entries of a kind there are."""
        rows = self.derived.rows("SELECT count(*) FROM entries WHERE kind = ?", (kind,))
        return int(rows[0][0]) if rows else 0

    def put(self, entries: Iterable[IndexEntry]) -> None:
        """Add entries, in the place of older ones of the same name, in one transaction."""
        new: dict[tuple[str, str], IndexEntry] = {}
        same: list[tuple[str, ...]] = []
        for entry in entries:
            place = (entry.kind, entry.name)
            known = self.derived.rows(
                f"SELECT words.title, words.text, words.own{_FROM} e.kind = ? AND e.name = ?", place
            )
            title, text, own = known[0] if known else ("", None, None)
            whole = replace(
                entry,
                title=title if entry.title is None else _whole(entry.title),
                text=_whole(entry.text),
                own=_whole(entry.own),
            )
            if (whole.title, whole.text, whole.own) == (title, text, own):
                same.append((*whole.row()[2:], *place))
            else:
                new[place] = whole
        self.derived.write(
            (_UPDATE, same),
            (_FORGET_WORDS, new),
            (_INSERT, [one.row() for one in new.values()]),
            (
                _INSERT_WORDS,
                [(one.title, one.text, one.own, *place) for place, one in new.items()],
            ),
        )

    def re_date(self, days: Mapping[str, date]) -> None:
        """Set when pages were last read, by their address."""
        rows = [(day.isoformat(), url) for url, day in days.items()]
        self.derived.write(("UPDATE entries SET day = ? WHERE kind = 'page' AND name = ?", rows))

    def forget(self, kinds: Iterable[str], names: Iterable[str]) -> None:
        """Drop entries; unknown ones are passed over."""
        places = [(kind, name) for name in names for kind in kinds]
        if places:
            self.derived.write(
                (_FORGET_WORDS, places),
                ("DELETE FROM entries WHERE kind = ? AND name = ?", places),
            )

    def clear(self) -> None:
        """Drop all entries; which search found what stays known."""
        self.derived.write(
            ("DELETE FROM words", [()]), ("DELETE FROM entries", [()]), _noted("pages", "")
        )

    def found(self, expression: str, filters: Filters, limit: int) -> tuple[list[IndexEntry], bool]:
        """Return the entries that match, best first, with `BEGIN` and `END` around what matches.

        A quote of a page that is found as well is left out.

        Args:
            expression: A query of FTS5; empty for the newest of what the filters leave.
            filters: What it is narrowed to.
            limit: How many at most.

        Returns:
            The entries, and whether more than `MOST_RANKED` match: then those that were indexed
            last were ranked, and no others.
        """
        conditions, values = filters.sql()
        if not expression:
            query = f"SELECT {_PLAIN}{_FROM}{conditions} ORDER BY e.day DESC, e.name LIMIT ?"
            return self._entries(query, (*values, limit)), False
        matching = f"{_FROM} words MATCH ? AND {conditions} AND words.rowid > ?"
        last = self.derived.rows(
            f"SELECT e.id{matching} ORDER BY words.rowid DESC LIMIT 1 OFFSET ?",
            (expression, *values, 0, max(MOST_RANKED, 3 * limit)),
        )
        above = last[0][0] if last else 0
        query = (
            f"SELECT e.id, e.kind, e.url{matching} AND rank MATCH '{_RANK}' ORDER BY rank LIMIT ?"
        )
        rows = self.derived.rows(query, (expression, *values, above, 3 * limit))
        pages = {url for _, kind, url in rows if kind == PAGE}
        chosen = [row[0] for row in rows if row[1] != QUOTE or row[2] not in pages][:limit]
        marked = f"SELECT {_MARKED}{_FROM} words MATCH ? AND words.rowid = ?"
        found = [one for row in chosen for one in self._entries(marked, (expression, row))]
        return found, bool(last)

    def texts(self, expression: str, *, limit: int) -> list[IndexEntry]:
        """Return the pages and passages that match, best first, as they are.

        Args:
            expression: A query of FTS5, of words in quotation marks alone.
            limit: How many at most.
        """
        query = f"SELECT {_PLAIN}{_FROM} words MATCH ? AND {_READ} ORDER BY rank LIMIT ?"
        return self._entries(query, (f"text : ({expression})", limit))

    def containing(self, parts: tuple[str, ...], filters: Filters, limit: int) -> list[IndexEntry]:
        """Return the entries whose text has all of some strings, wherever words begin and end.

        Args:
            parts: What the text must contain; letter case of ASCII is of no account.
            filters: What it is narrowed to.
            limit: How many at most.
        """
        conditions, values = filters.sql()
        has = " AND ".join("words.text LIKE ? ESCAPE '\\'" for _ in parts)
        query = f"SELECT {_PLAIN}{_FROM}{has} AND {conditions} ORDER BY e.day DESC, e.name LIMIT ?"
        wanted = [f"%{_escaped(part)}%" for part in parts]
        return self._entries(query, (*wanted, *values, limit))

    def quoting(self, url: str) -> tuple[str, ...]:
        """Return the keys of the records that quote a page."""
        query = "SELECT name FROM entries WHERE kind = 'quote' AND url = ? ORDER BY name"
        return tuple(str(key) for (key,) in self.derived.rows(query, (url,)))

    def remember(self, terms: str, urls: Iterable[str], day: date) -> None:
        """Remember that a search of the web found addresses; a later one of them wins."""
        self.derived.write(
            (
                "INSERT OR REPLACE INTO searches VALUES (?, ?, ?)",
                [(url, terms, day.isoformat()) for url in urls],
            ),
            (_FORGET_SEARCHES, [(_MOST_SEARCHES,)]),
        )

    def terms_for(self, url: str) -> str:
        """Return the terms of the last search of the web that found an address, or nothing."""
        rows = self.derived.rows("SELECT terms FROM searches WHERE url = ?", (url,))
        return str(rows[0][0]) if rows else ""

    def note(self, name: str, value: object) -> None:
        """Keep a value about the whole index."""
        self.derived.write(_noted(name, json.dumps(value)))

    def noted(self, name: str) -> Any:
        """Return a value about the whole index; None where there is none."""
        rows = self.derived.rows("SELECT value FROM about WHERE name = ?", (name,))
        try:
            return json.loads(rows[0][0]) if rows else None
        except (TypeError, ValueError, RecursionError):
            return None

    def _entries(self, query: str, values: Iterable[object]) -> list[IndexEntry]:
        """Return rows as entries; those that we have not written are passed over."""
        found = (_entry(row) for row in self.derived.rows(query, values))
        return [entry for entry in found if entry is not None]


_READ = "e.kind IN ('page', 'quote')"
_UPDATE = (
    "UPDATE entries SET url = ?, site = ?, headings = ?, tags = ?, day = ?, made_of = ?"
    " WHERE kind = ? AND name = ?"
)
_INSERT = (
    "INSERT OR REPLACE INTO entries (kind, name, url, site, headings, tags, day, made_of)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_WORDS = (
    "INSERT INTO words (title, text, own, rowid)"
    " SELECT ?, ?, ?, id FROM entries WHERE kind = ? AND name = ?"
)
_FORGET_SEARCHES = (
    "DELETE FROM searches WHERE rowid NOT IN"
    " (SELECT rowid FROM searches ORDER BY day DESC, rowid DESC LIMIT ?)"
)
_FORGET_WORDS = (
    "DELETE FROM words WHERE rowid = (SELECT id FROM entries WHERE kind = ? AND name = ?)"
)


def quote_entry(citation: Citation, made_of: str) -> IndexEntry:
    """Return a record as it is kept to be found."""
    return IndexEntry(
        kind=QUOTE,
        name=citation.key,
        url=citation.final_url,
        title=citation.title,
        site=citation.site,
        text=unmarked(citation.evidence.passage or citation.quote.exact),
        own=unmarked("\n".join(claim.text for claim in citation.claims)),
        tags=citation.tags,
        day=citation.accessed,
        made_of=made_of,
    )


def unmarked(text: str) -> str:
    """Return text without the marks."""
    return text.replace(BEGIN, "").replace(END, "")


def _whole(text: str) -> str:
    """Return text without halves of surrogate pairs, which no database takes."""
    return text.encode("utf-8", "replace").decode()


def _noted(name: str, value: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the statement that keeps a value about the whole index."""
    return "INSERT OR REPLACE INTO about VALUES (?, ?)", [(name, value)]


def _entry(row: tuple[Any, ...]) -> IndexEntry | None:
    """Return a row as the entry that was found; None where it is not one of ours."""
    kind, name, url, title, site, text, own, headings, tags, day, made_of = map(str, row)
    try:
        places = tuple((int(offset), str(words)) for offset, words in json.loads(headings))
        read = date.fromisoformat(day)
    except (TypeError, ValueError, RecursionError):
        return None
    names = tuple(filter(None, tags.split("\n")))
    return IndexEntry(kind, name, url, title, site, text, read, made_of, own, places, names)


def _escaped(text: str) -> str:
    """Return text as a LIKE pattern that matches it alone."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
