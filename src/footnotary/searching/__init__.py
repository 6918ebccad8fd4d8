"""Search: what was read and what was written, in one index.

catching_up  the index brought up to date
web          a search engine of the user's own; a refused quote looked up in what was read
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from footnotary.cache import Cache
from footnotary.derived import Derived
from footnotary.errors import RecordError, UsageError
from footnotary.markers.structure import write_marker
from footnotary.project import Project
from footnotary.records import Records
from footnotary.searching.catching_up import (
    catch_up_documents,
    catch_up_pages,
    catch_up_records,
)
from footnotary.text_index import (
    BEGIN,
    END,
    KINDS,
    PAGE,
    QUOTE,
    Filters,
    IndexEntry,
    TextIndex,
    unmarked,
)

_TERM = re.compile(r'(site|kind|tag|before|after):("[^"]*"|\S+)|"([^"]*)"|(\S+)')
_RESULTS = "results"


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Attributes:
        words: All of them must be there; `"several words"` as they stand, `begin*` as a
            beginning. Endings of English words are of no account. `site:`, `kind:`, `tag:`,
            `before:` and `after:` narrow it.
        site: Part of the site's name or of the address; empty for any.
        limit: How many results at most.
    """

    words: str
    site: str = ""
    limit: int = 10


@dataclass(frozen=True)
class SearchResult:
    """Something that has the words.

    Attributes:
        result: Its number, for `cite result`.
        kind: `page`, `quote`, `document`, `note` or `decision`.
        url: Where the page is; path and line of a section.
        title: The title; the address if it has none.
        site: The site's name, or its host; the path of a document.
        section: The heading above the passage.
        passage: The words around those that were found; `…` where it is cut.
        marks: Beginning and end of each word that was found in the passage.
        read: When the page was last read; the document's date.
        citations: Keys of the records that quote it.
        quotable: What of the passage a citation would quote.
        command: How it is cited: a command, or the marker of a record; empty for documents.
    """

    result: int
    kind: str
    url: str
    title: str
    site: str
    section: str
    passage: str
    marks: tuple[tuple[int, int], ...]
    read: date
    citations: tuple[str, ...]
    quotable: str
    command: str


@dataclass(frozen=True)
class Found:
    """What came of a search.

    Attributes:
        results: Best first.
        broken: Records that do not read, so that they were not searched.
        problem: Why the index could not be kept; empty where nothing was in the way.
        are_latest: Whether too much matches, so that what was indexed last was ranked alone.
    """

    results: tuple[SearchResult, ...]
    broken: tuple[RecordError, ...] = ()
    problem: str = ""
    are_latest: bool = False


def search_read_and_written(
    query: Query,
    project: Project,
    cache: Cache,
    pages: Iterable[Path] = (),
    *,
    allow_private: bool = False,
) -> Found:
    """Look for words in what was read and written.

    Args:
        query: What is looked for.
        project: The project.
        cache: What was read.
        pages: The user's own pages.
        allow_private: The settings allow private hosts, so that no command has to.

    Raises:
        UsageError: There are no words, or a filter cannot be read.
    """
    parts, filters = parse_query(query)
    index = TextIndex(Derived(project.root))
    catch_up_pages(index, cache)
    broken = catch_up_records(index, project)
    catch_up_documents(index, project, pages)
    found, are_latest = _entries(index, parts, filters, query.limit)
    records = Records(project.citations)
    results = tuple(
        _result(number, entry, index.quoting(entry.url), records, project.marker)
        for number, entry in enumerate(found, 1)
    )
    if not allow_private:
        results = tuple(
            replace(one, command=f"{one.command} --allow-private")
            if one.kind == PAGE and cache.was_private(one.url)
            else one
            for one in results
        )
    kept = index.derived.kept(_RESULTS)
    new = {str(one.result): (one.url, one.quotable) for one in results if one.kind in (PAGE, QUOTE)}
    index.derived.keep(_RESULTS, new, kept.keys() - new.keys())
    return Found(results, broken, index.derived.problem, are_latest)


def result_of_last_search(project: Project, number: int) -> tuple[str, str]:
    """Return address and quote of a result of the last search.

    Raises:
        UsageError: The last search has no such result, or it is no page.
    """
    kept = Derived(project.root).kept(_RESULTS)
    if str(number) not in kept:
        pages = ", ".join(sorted(kept, key=int)) if kept else ""
        raise UsageError(
            f"The last search has no page as result {number}.",
            hint=f"Results that are pages: {pages}."
            if pages
            else "Search first: footnotary search WORDS.",
        )
    return kept[str(number)]


def parse_query(query: Query) -> tuple[tuple[str, ...], Filters]:
    """Return the words and phrases of a query that have a letter or digit, and its filters.

    Raises:
        UsageError: There are neither, or a filter cannot be read.
    """
    parts: list[str] = []
    filters: dict[str, list[str]] = {"site": [query.site] if query.site else []}
    for name, value, phrase, word in _TERM.findall(query.words):
        if name:
            filters.setdefault(name, []).append(value.strip('"'))
        elif any(map(str.isalnum, phrase or word)):
            parts.append(phrase or word)
    kinds = tuple(kind for value in filters.get("kind", ()) for kind in value.split(","))
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"Unknown kind {kind!r}.", hint="Kinds: " + ", ".join(KINDS) + ".")
    if not parts and not any(filters.values()):
        raise UsageError("There is nothing to search for.", hint="Give at least one word.")
    return tuple(parts), Filters(
        kinds,
        filters["site"][-1] if filters["site"] else "",
        tuple(filters.get("tag", ())),
        _day("after", filters),
        _day("before", filters),
    )


def _day(name: str, filters: dict[str, list[str]]) -> date | None:
    """Return the day of a filter; None without it."""
    try:
        return date.fromisoformat(filters[name][-1]) if name in filters else None
    except ValueError:
        raise UsageError(
            f"Invalid day {filters[name][-1]!r} in {name}:.", hint=f"Write {name}:2026-11-01."
        ) from None


def _entries(
    index: TextIndex, parts: tuple[str, ...], filters: Filters, limit: int
) -> tuple[list[IndexEntry], bool]:
    """Return what matches, best first, and whether too much does."""
    entries, are_latest = index.found(" ".join(map(_phrase, parts)), filters, limit)
    if parts and not entries:  # parts of words, and languages that write no spaces
        strings = tuple(part.rstrip("*") for part in parts)
        entries = [_with_marks(one, strings) for one in index.containing(strings, filters, limit)]
    return entries, are_latest


def _phrase(part: str) -> str:
    """Return a word or phrase as FTS5 has it (SQLite's manual, "FTS5 Phrases")."""
    quoted = part.rstrip("*").replace('"', '""')
    return f'"{quoted}"' + ("*" if part.endswith("*") else "")


def _with_marks(entry: IndexEntry, strings: tuple[str, ...]) -> IndexEntry:
    """Return an entry with marks around strings in its text."""
    pattern = re.compile("|".join(map(re.escape, strings)), re.IGNORECASE)
    return replace(entry, text=pattern.sub(lambda found: BEGIN + found[0] + END, entry.text))


def _result(
    number: int, entry: IndexEntry, citations: tuple[str, ...], records: Records, form: str
) -> SearchResult:
    """Return an entry as a result: the line that has most of the words."""
    citation = records.read(entry.name) if entry.kind == QUOTE else None
    text = _of_quote(entry.text, citation.quote.exact) if citation else entry.text
    line, offset = best_line(text)
    if BEGIN not in line and BEGIN in entry.own:
        line, offset = best_line(entry.own)[0], 0
    passage, marks = clipped(line)
    above = [words for place, words in entry.headings if place <= offset]
    quote, command = "", ""
    if entry.kind == PAGE:
        quote, command = find_quotable(line), f"cite result {number}"
    elif entry.kind == QUOTE:
        quote = citation.quote.exact if citation else ""
        command = write_marker([entry.name], form)
    return SearchResult(
        result=number,
        kind=entry.kind,
        url=entry.url,
        title=entry.title or entry.url,
        site=entry.site,
        section=above[-1] if above else "",
        passage=passage,
        marks=marks,
        read=entry.day,
        citations=citations,
        quotable=quote,
        command=command,
    )


def _of_quote(text: str, quote: str) -> str:
    """Return the lines of a record's passage that its quote is in; the quote where none are."""
    words = " ".join(quote.split())
    lines = text.split("\n")
    has = [
        one
        for one in lines
        if (plain := unmarked(one).strip()) and (plain in words or words in plain)
    ]
    return "\n".join(has) or words


_SENTENCE_END = re.compile(r"[.!?](?=\s)|[\u3002\uff01\uff1f]")
_LONGEST_QUOTE = 500


def find_quotable(line: str) -> str:
    """Return the sentence of a line with marks that has the first of them, without marks.

    Args:
        line: A line of a page; what is drawn and is no text (U+FFFC) ends a sentence.
    """
    plain = unmarked(line)
    focus = max(line.find(BEGIN), 0)
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(plain)), len(plain)]
    ends += [place for found in re.finditer("\ufffc", plain) for place in found.span()]
    begin = max(end for end in ends if end <= focus)
    end = min((end for end in ends if end > focus), default=len(plain))
    words = plain[begin:end].strip()
    if len(words) <= _LONGEST_QUOTE:
        return words
    cut, _ = _window(plain, focus)
    return plain[max(cut, begin) : max(cut, begin) + _LONGEST].rsplit(" ", 1)[0].strip()


_LONGEST = 320  # characters
_MARKED = re.compile(f"{BEGIN}([^{END}]*){END}")


def best_line(text: str) -> tuple[str, int]:
    """Return the line with most different marked words, and its offset in the unmarked text."""
    best, best_offset, most = text.split("\n", 1)[0], 0, 0
    offset = 0
    for line in text.split("\n"):
        words = {word.casefold() for word in _MARKED.findall(line)}
        if len(words) > most:
            best, best_offset, most = line, offset, len(words)
        offset += len(unmarked(line)) + 1
    return best, best_offset


def clipped(line: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a line of bearable length, and where its marked words are in it.

    Returns:
        The words, with `…` where they are cut, and beginning and end of each marked word.
    """
    plain = unmarked(line)
    marks = [
        (found.start() - 2 * number, found.end() - 2 * number - 2)
        for number, found in enumerate(_MARKED.finditer(line))
    ]
    begin, end = _window(plain, marks[0][0] if marks else 0)
    before, after = "… " if begin else "", " …" if end < len(plain) else ""
    shift = len(before) - begin
    inside = ((a + shift, b + shift) for a, b in marks if begin <= a and b <= end)
    return before + plain[begin:end].rstrip() + after, tuple(inside)


def _window(plain: str, focus: int) -> tuple[int, int]:
    """Return where to cut a line so that what is at an offset stays, words whole."""
    if len(plain) <= _LONGEST:
        return 0, len(plain)
    begin = max(0, min(focus - _LONGEST // 3, len(plain) - _LONGEST))
    end = min(len(plain), begin + _LONGEST)
    if begin:
        begin = plain.find(" ", begin, focus) + 1 or begin
    if end < len(plain):
        cut = plain.rfind(" ", focus + 1, end)
        end = cut if cut > 0 else end
    return begin, end
