"""The sources that hold become records, and their lines name them; every other word stays."""

from collections.abc import Iterable
from pathlib import Path

from footnotary.adopting.judging import Judged, Verdict
from footnotary.citing import Cited, Request, cite
from footnotary.fetch.fetches import Fetches
from footnotary.markers.structure import lines_of
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.documents_on_disk import read_text
from footnotary.writing.transaction import apply, writing

_FORMS = ("block", "loose")  # lines that `doc sync` reads


def taken_over(
    project: Project, path: Path, verdicts: Iterable[Judged], fetcher: Fetches
) -> tuple[str, ...]:
    """Record the sources of a document that hold and name the records in it.

    A line of a Sources block gets its citation's key as an invisible comment; `doc sync` then
    writes it in the one form. Footnotes, lists and links stay as they are: they are reported.

    Args:
        project: Where the records go.
        path: The document.
        verdicts: Its sources, judged.
        fetcher: Reads the pages, from the cache they were just put in.

    Returns:
        The keys of the records.
    """
    store = RecordStore(project.citations)
    keys: dict[int, str] = {}
    for each in verdicts:
        entry = each.source.entry
        if each.verdict is not Verdict.HOLDS or entry.key or each.source.form not in _FORMS:
            continue
        result = cite(Request(url=entry.url, quote=entry.quote), store, fetcher)
        if isinstance(result, Cited):
            keys[entry.line] = result.citation.key
    if keys:
        with writing(project):
            apply(project, {path: _named(read_text(path), keys).encode()})
    return tuple(keys.values())


def _named(text: str, keys: dict[int, str]) -> str:
    """Return a document whose lines name their records."""
    parts = []
    for number, line in enumerate(lines_of(text), 1):
        comment = f" <!-- cite:{keys[number]} -->" if number in keys else ""
        words = line.text.rstrip() if comment else line.text
        parts += [words, comment, line.end]
    return "".join(parts)
