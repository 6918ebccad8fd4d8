"""The Python API: what the commands do, for scripts and other tools.

Everything works on a `Project`, which `open_project` finds. What could not be done is an exception
of `footnotary.errors`; a refused quote and a finding are values.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from footnotary.citing import Cited, Overclaimed, Refused, Request
from footnotary.config import load_settings
from footnotary.errors import UsageError
from footnotary.gating import Report, check_project
from footnotary.project import Project, discover
from footnotary.searching import Found, Query, search_read_and_written


def open_project(folder: str | Path = ".") -> Project:
    """Find the project that a folder belongs to, and read its settings.

    Args:
        folder: Any folder of the project: the nearest one at or above it with a pyproject.toml,
            a .git, a .footnotary or an mkdocs.yml is its root.

    Raises:
        UsageError: There is no such folder.
        SettingsError: A setting is unknown or cannot be used.
        ProjectError: pyproject.toml cannot be read.
    """
    from footnotary.cli.options import Where

    if not Path(folder).is_dir():
        raise UsageError(f"There is no folder {str(folder)!r}.")
    return Where(discover(Path(folder)).root).project_and_settings()[0]


def cite(  # noqa: PLR0913  the record's own fields
    project: Project,
    url: str,
    quote: str,
    *,
    claim: str = "",
    document: str | Path | None = None,
    section: str = "",
    search_terms: Sequence[str] = (),
    tags: Sequence[str] = (),
    file: str | Path | None = None,
    as_source: bool = False,
    as_claimed: bool = False,
    offline: bool = False,
) -> Cited | Refused | Overclaimed:
    """Check a quote against its page and record it with today's date, as `cite add` does.

    Args:
        project: The project.
        url: A URL, `doi:10…`, `arXiv:…`, or lines of the project: `app/main.py:3-9`.
        quote: Words that the page must contain.
        claim: Your sentence that they support.
        document: The document that gets the claim with its marker.
        section: Heading of that document; the one of its kind if empty.
        search_terms: What was searched for to find it.
        tags: Words to choose the record by.
        file: A page that was saved by hand, read instead of the web.
        as_source: Record the page's wording of a quote that is near.
        as_claimed: Record a claim that the quote does not support.
        offline: Use the pages that were read before alone.

    Returns:
        `Cited` with the record. Where nothing was written: `Refused` with the nearest passage and
        what differs, or `Overclaimed` with what the claim says beyond the quote.

    Raises:
        FetchError: The page could not be fetched; says nothing about the quote.
        UnreadableError: It came, and its text could not be read; says nothing about the quote.
        UsageError: There is no quote, or no such document or section.
        RecordError: The record cannot be written.
    """
    from footnotary.cli.cite import check_quote, name_document, place_record
    from footnotary.cli.fetching import Fetching
    from footnotary.cli.options import Printing

    settings, to = load_settings(project), Path(document) if document else None
    request = Request(
        url=url,
        quote=quote,
        claim=claim,
        document=name_document(project, to, section),
        search_terms=tuple(search_terms),
        tags=tuple(tags),
        file=Path(file) if file else None,
        as_source=as_source,
        as_claimed=as_claimed,
    )
    quietly = Printing(quiet=True)
    made = check_quote(project, settings, request, Fetching(offline=offline), quietly)
    if isinstance(made, Cited):
        place_record(project, settings, made, to, claim, section)
    return made


def check(
    project: Project,
    *,
    documents: Sequence[str | Path] = (),
    since: str = "",
    code: bool = True,
) -> Report:
    """Run the gate, as `doc check` does; nothing is written but the caches.

    Args:
        project: The project.
        documents: Documents or folders; everything if empty.
        since: Check only what differs from a commit: `HEAD` for what is not committed.
        code: Compare the documents with the code, which imports it in a process of its own.

    Returns:
        The report: `failed` where there is an error or a warning, `incomplete` where the code of a
        document could not be read, and `findings`.

    Raises:
        UsageError: There is nothing to check, or a document or commit is not there.
    """
    from footnotary.cli.doc_check import gate_options

    named = [str(each) for each in documents]
    options = gate_options(load_settings(project), project, named, code=code)
    return check_project(project, replace(options, since=since))


def search(project: Project, terms: str, *, site: str = "", limit: int = 10) -> Found:
    """Search what was read and written, as `footnotary search` does.

    Args:
        project: The project.
        terms: Words that must all be there; `"two words"` as they stand, `pool*` a beginning,
            and filters such as `kind:page`.
        site: Only pages of this site, by name or address.
        limit: How many at most.

    Returns:
        The results, best first; `broken` and `problem` say what could not be searched.

    Raises:
        UsageError: There are no words, or a filter cannot be read.
    """
    from footnotary.cache import Cache
    from footnotary.gating.collecting import pages_of

    settings = load_settings(project)
    cache = Cache(settings.cache_dir, create=False)
    try:
        pages = pages_of(project, settings.pages)
        return search_read_and_written(
            Query(terms, site, limit), project, cache, pages, allow_private=settings.allow_private
        )
    finally:
        cache.close()
