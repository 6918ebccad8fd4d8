"""The text index brought up to date: pages, records and documents that changed since.

Pages are indexed as they are read (`PageUpkeep`) and a new record as it is written; what changed
otherwise, such as by `git pull`, is found by the cache's times and the digests of files.
"""

import hashlib
import html
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from footnotary import clock
from footnotary.cache import Cache, StoredAnswer
from footnotary.deadline import Deadline, running_deadline
from footnotary.derived import OF_ANOTHER, Derived, FileDigests
from footnotary.documents.kinds import MARK, lines_asked, questions
from footnotary.documents.regions import regions_of
from footnotary.documents.research import NOT_LOGGED, SEARCHES
from footnotary.errors import DocumentError, OutOfTime, RecordError
from footnotary.files import printable
from footnotary.markers import Closing, blocks_of, closing_of
from footnotary.markers.structure import front_matter_end
from footnotary.models import Page, Response
from footnotary.project import Project
from footnotary.records import Records
from footnotary.text_index import (
    DECISION,
    DOCUMENT,
    NOTE,
    PAGE,
    QUOTE,
    WRITTEN,
    IndexEntry,
    TextIndex,
    quote_entry,
    unmarked,
)
from footnotary.writing.documents_on_disk import StoredDocument, read_document, stored_documents

AT_ONCE = 50
"""Entries that are held in memory before they are written."""


class PageUpkeep:
    """Indexes pages as they are read, some at once; shared by threads, closed at the end.

    A page that is not in the cache, such as one that its server lets nobody keep, is not indexed.

    Args:
        root: The project's root, whose index gets the pages.
        cache: Has the pages that may be kept.
        create: Make the folder of the project's state where it is not there.
    """

    def __init__(self, root: Path, cache: Cache, *, create: bool = True) -> None:
        self._derived = Derived(root, create=create)
        self._cache = cache
        self._waiting: list[tuple[Response, Page]] = []
        self._lock = threading.Lock()

    def add(self, response: Response, page: Page) -> None:
        """Take a page that was read.

        Args:
            response: The answer that it was read out of.
            page: What was read; without a title, that of the last reading stays.
        """
        with self._lock:
            self._waiting.append((response.model_copy(update={"styles": {}}), page))
            if len(self._waiting) >= AT_ONCE:
                self._write()

    def close(self) -> None:
        """Index what is left."""
        with self._lock:
            self._write()
        self._derived.close()

    def _write(self) -> None:
        """Index what was read."""
        entries: list[IndexEntry] = []
        for response, page in self._waiting:
            stored = self._cache.page(response.final_url)
            digest = hashlib.sha256(response.body).hexdigest()
            if stored is not None and stored.body_sha256 == digest:
                entries.append(page_entry(stored, page))
        self._waiting.clear()
        if entries and self._derived.keeps:
            TextIndex(self._derived).put(entries)


def page_entry(stored: StoredAnswer, page: Page) -> IndexEntry:
    """Return the entry of a page; one that cannot be read has no words."""
    may_count = page.unreadable is None or page.unreadable.is_little
    return IndexEntry(
        kind=PAGE,
        name=stored.url,
        url=stored.url,
        title=(page.title or None) if may_count else "",
        site=page.site or urlsplit(stored.url).hostname or "",
        text=unmarked(page.text) if may_count else "",
        headings=tuple((heading.offset, heading.text) for heading in page.headings),
        day=stored.retrieved_at.date(),
        made_of=stored.body_sha256,
    )


_OVERLAP = 5.0  # seconds: another process may have written with an earlier time
_LARGEST = 2_000_000  # bytes of a document; of a larger one nothing is indexed
_SECTIONS = "sections"
_FENCES = ("```", "~~~")


def catch_up_pages(index: TextIndex, cache: Cache, until: float = float("inf")) -> int:
    """Index what was read since the last time, the newest pages first.

    Args:
        index: The index; what has left the cache stays in it.
        cache: The pages that were fetched.
        until: Until when (`time.monotonic`).

    Returns:
        How many pages are not indexed yet.
    """
    began, noted = time.time(), index.noted(_PAGES)
    since = noted if isinstance(noted, int | float) and 0 <= noted <= began else 0.0
    pages = sorted(cache.pages(since), key=lambda page: page.retrieved_at, reverse=True)
    known = index.known(PAGE) if pages or not since else {}
    if noted == int(OF_ANOTHER):
        index.forget([PAGE], known.keys() - {page.url for page in pages})
    new = [page for page in pages if known.get(page.url, ("",))[0] != page.body_sha256]
    left = _index_pages(index, cache, new, until)
    days = {page.url: page.retrieved_at.date() for page in pages if page.url in known}
    index.re_date({url: day for url, day in days.items() if known[url][1] != day.isoformat()})
    if not left and (pages or not since) and not index.derived.problem:
        index.note(_PAGES, began - _OVERLAP)
    return left


_PAGES = "pages"


def _index_pages(index: TextIndex, cache: Cache, new: list[StoredAnswer], until: float) -> int:
    """Index pages for a while and return how many are left."""
    entries: list[IndexEntry] = []
    left = 0
    for done, stored in enumerate(new):
        remaining = until - time.monotonic()
        if remaining <= 0:
            left += len(new) - done
            break
        try:
            with running_deadline(Deadline(min(remaining, 1e6), stored.url)):
                entry = kept_entry(stored, cache)
        except OutOfTime:
            left += 1  # the next search takes its time for it
            continue
        if entry is not None:
            entries.append(entry)
        if len(entries) >= AT_ONCE:
            index.put(entries)
            entries = []
    index.put(entries)
    return left


def kept_entry(stored: StoredAnswer, cache: Cache) -> IndexEntry | None:
    """Return the entry of a kept page; None if its body is gone."""
    from footnotary.extract import extract

    body = cache.body(stored.body_sha256)
    if body is None:
        return None
    response = Response(
        url=stored.url,
        final_url=stored.url,
        status=stored.status,
        headers=stored.headers,
        body=body,
        retrieved_at=stored.retrieved_at,
    )
    return page_entry(stored, extract(response))


def catch_up_records(
    index: TextIndex, project: Project, until: float = float("inf")
) -> tuple[RecordError, ...]:
    """Index the quotes of records that changed since the last time.

    Returns:
        An error for each record that does not read.
    """
    records, known = Records(project.citations), index.known(QUOTE)
    entries: list[IndexEntry] = []
    for key in records.keys_on_disk:
        digest = records.digest(key)
        if time.monotonic() > until:
            break
        if digest and known.get(key, ("",))[0] == digest:
            continue
        citation = records.read(key)
        if citation is not None:
            entries.append(quote_entry(citation, digest))
        elif key in known:
            index.forget([QUOTE], [key])
        if len(entries) >= AT_ONCE:
            index.put(entries)
            entries = []
    index.put(entries)
    index.forget([QUOTE], known.keys() - set(records.keys_on_disk))
    records.close()
    return tuple(records.broken.values())


def catch_up_documents(index: TextIndex, project: Project, pages: Iterable[Path] = ()) -> None:
    """Index the sections of documents that changed since the last time."""
    digests = FileDigests(index.derived, project.root, ".claude/")
    digests.load()
    documents = {each.path: each for each in stored_documents(project)}
    found: dict[Path, StoredDocument | None] = {**dict.fromkeys(pages), **documents}
    known = index.derived.kept(_SECTIONS)
    new: dict[str, tuple[str, str]] = {}
    for path, stored in found.items():
        digest = digests.of(path, _LARGEST)
        shown = _shown(project, path)
        mark, count = known.get(shown, ("", "0"))
        if digest and mark == digest:
            continue
        entries = list(_section_entries(path, shown, stored, digest)) if digest else []
        index.forget(WRITTEN, _names(shown, count))
        index.put(entries)
        new[shown] = (digest, str(len(entries)))
    gone = known.keys() - {_shown(project, path) for path in found}
    for shown in gone:
        index.forget(WRITTEN, _names(shown, known[shown][1]))
    index.derived.keep(_SECTIONS, new, gone)
    digests.save()


def _shown(project: Project, path: Path) -> str:
    """Return a document's path as it is printed: relative to the root, with `/`."""
    return printable(path.relative_to(project.root).as_posix())


def kind_of_section(kind_name: str, headings: tuple[str, ...]) -> str:
    """Return which kind of entry a section of a document is.

    Args:
        kind_name: The document's kind; empty for a page of the user's own.
        headings: The headings that it stands under, the document's title first.
    """
    if kind_name != "research":
        return DOCUMENT
    return DECISION if "Decision" in headings else NOTE


def _names(shown: str, count: str) -> list[str]:
    """Return the names of a document's sections as they were indexed."""
    return [f"{shown}#{number}" for number in range(int(count) if count.isdigit() else 0)]


def _section_entries(
    path: Path, shown: str, stored: StoredDocument | None, digest: str
) -> Iterator[IndexEntry]:
    """Yield the sections of a document that have words."""
    try:
        text = read_document(path)
        blocks = blocks_of(text) if stored else ()
        regions = regions_of(text, blocks) if stored else ()
        closing = closing_of(text, blocks) if stored else Closing()
    except DocumentError:
        return
    day = stored.date if stored else clock.today()
    if stored:  # its lines keep their numbers
        lines = text.split("\n")
        gone = set(lines_asked(lines, questions(stored.kind.prose)))
        gone.update(*(range(one.first, one.last) for one in regions if one.name == SEARCHES))
        gone.update(at for at, line in enumerate(lines) if line in NOT_LOGGED)
        if closing.sources:  # the records are found as quotes
            gone.update(range(closing.sources.first - 1, closing.sources.last))
        if closing.context:
            gone.update(range(closing.context.first - 1, closing.context.last))
        text = "\n".join("" if at in gone else line for at, line in enumerate(lines))
    for number, (line, headings, words) in enumerate(_sections(text)):
        yield IndexEntry(
            kind=kind_of_section(stored.kind_name if stored else "", headings),
            name=f"{shown}#{number}",
            url=f"{shown}:{line}",
            title=_plain(": ".join(headings)),
            site=shown,
            text=_plain(words),
            day=day,
            made_of=digest,
        )


def _plain(markdown: str) -> str:
    """Return Markdown as it is found and shown: without character references and marks."""
    return "\n".join(" ".join(unmarked(html.unescape(one)).split()) for one in markdown.split("\n"))


def _sections(text: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Yield first line, headings and words of each section (CommonMark, ATX headings)."""
    lines = text.split("\n")
    begin = text.count("\n", 0, front_matter_end(text))
    above: list[tuple[int, str]] = []
    fence = ""
    start, body = begin + 1, list[str]()
    for number, line in enumerate(lines[begin:], begin + 1):
        bare = line.strip()
        if bare[:3] in _FENCES and (not fence or bare[:3] == fence):
            fence = "" if fence else bare[:3]
        level = len(line) - len(line.lstrip("#"))
        if fence or not 0 < level <= 6 or not line[level:].startswith(" "):  # noqa: PLR2004
            body.append("" if bare.startswith(MARK) else bare)
            continue
        if any(map(str.isalnum, "".join(body))):
            yield start, tuple(words for _, words in above), "\n".join(filter(None, body))
        above = [one for one in above if one[0] < level]
        above.append((level, line[level:].strip(" #")))
        start, body = number, []
    if any(map(str.isalnum, "".join(body))):
        yield start, tuple(words for _, words in above), "\n".join(filter(None, body))
