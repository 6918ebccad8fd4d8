"""Asking a project for its facts: one reader a kind, imported when it is needed."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from footnotary import clock, git
from footnotary.documents.registry import kind_named
from footnotary.errors import FootnotaryError, ProjectError, UsageError
from footnotary.facts.basis import Facts
from footnotary.facts.options import ReadOptions
from footnotary.facts.stored import without_secrets_in
from footnotary.models import Response
from footnotary.probe.placeholders import secret_values
from footnotary.project import Project
from footnotary.secrecy.credentials import passwords_in
from footnotary.secrecy.texts import without_credentials

_HALVES = "What is no whole character in the code (half of a surrogate pair) is shown as �."

_NO_CODE = ("site", "docs", "tests", ".github", "*.md", "*.rst")
# Fetches an address, asking for media types: `fetch(url, accept)`.
Fetch = Callable[[str, str], Response]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector.

    Syntax trees and documents have no cycles, and walking millions of their nodes again and again
    takes half of the time that a large package needs, and a tenth of that of a large API.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@collector_paused()
def read_facts(
    project: Project,
    kind_name: str,
    name: str = "",
    options: ReadOptions | None = None,
    fetch: Fetch | None = None,
) -> Facts:
    """Read the facts of one kind from the code of a project; nothing is written.

    Whoever reads them, and whichever way: nothing that must not be written down leaves this
    function, neither in the facts nor in the words of an error.

    Args:
        project: The user's project.
        kind_name: Name of the document kind.
        name: The project's name, or the topic of a research note; the project's if empty.
        options: What the user says about how to read it; as the settings say if None.
        fetch: Reads a document at an address; None where the web is not to be asked.

    Raises:
        UsageError: There is no such kind, or an address without `fetch`.
        FetchError: The document at an address cannot be had.
        ProjectError: The project cannot be read.
    """
    kind = kind_named(kind_name)
    if options is None:
        from footnotary.writing.options import options_to_read_with

        options = options_to_read_with(project, kind, ReadOptions())
    name = name or project.name
    known = secret_values(project.root, options.env_file).union(passwords_in(options.database_url))
    try:
        facts = without_halves(_read(project, kind_name, name, options, fetch))
        files = "" if kind_name == "research" else _files(project)  # it is about no code
        return without_secrets_in(facts.told(files=files), known)
    except FootnotaryError as error:
        error.message = without_credentials(error.message, known)
        error.hint = without_credentials(error.hint, known)
        error.detail = without_credentials(error.detail, known)
        error.args = (error.message,)
        raise


def without_halves(facts: Facts) -> Facts:
    """Return facts whose texts can be written: half of a surrogate pair becomes U+FFFD.

    Source code, OpenAPI documents (RFC 8259, section 8.2) and names of files can hold such
    halves; no encoding can.
    """
    import pydantic_core

    try:
        pydantic_core.to_json(facts)
    except pydantic_core.PydanticSerializationError:
        whole = type(facts).model_validate(_whole(facts.model_dump()))
        return whole.told(caveats=(*whole.caveats, _HALVES))
    return facts


def _whole(value: Any) -> Any:
    """Return a value with every half of a surrogate pair replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_whole(each) for each in value)
    return value


def _files(project: Project) -> str:
    """Return a digest of the files that the code is made of: no prose, nor what we write."""
    own = (project.current, project.archive, project.citations)
    left_out = [path.relative_to(project.root).as_posix() for path in own]
    return git.digest(project.root, [*left_out, *_NO_CODE])


def _read(
    project: Project, kind_name: str, name: str, options: ReadOptions, fetch: Fetch | None
) -> Facts:
    """Ask the reader of one kind."""
    match kind_name:
        case "api":
            return _api(project, options, fetch)
        case "schema":
            from footnotary.probe.schema import probe_schema as read_schema

            return read_schema(project, options)
        case "deploy":
            from footnotary.probe.interpreter import parser_of
            from footnotary.probe.settings import import_settings
            from footnotary.readers.deploy import read_deploy

            settings, newer = import_settings(project, options), parser_of(project, options.python)
            found = read_deploy(project, options, settings, newer)
            errors = [one.error for one in found.stacks]
            errors += [one.error for one in found.dockerfiles]
            return _unless_unread(found, errors, len(errors))
        case "impl":
            from footnotary.probe.interpreter import parser_of
            from footnotary.readers.impl import read_impl

            folders, newer = _package_folders(project, options), parser_of(project, options.python)
            code = read_impl(project, options, name, folders, newer)
            return _unless_unread(code, code.unparsed, code.summary["modules"])
        case "research":
            return _research(project, name)
        case _:
            raise UsageError(f"{kind_name!r} has no reader.")


def _unless_unread(facts: Facts, errors: Sequence[str], files: int) -> Facts:
    """Return facts of which something was read.

    Args:
        facts: What was read.
        errors: Why files could not be read; empty texts are none.
        files: How many files there are.

    Raises:
        ProjectError: There are files, and none of them could be read.
    """
    told = [one for one in errors if one]
    if told and len(told) == files:
        raise ProjectError(
            f"Nothing to describe could be read: {told[0]}.",
            hint="Correct the file and run again.",
        )
    return facts


def _research(project: Project, topic: str) -> Facts:
    """Read the trail of a research note, which is there before the note is."""
    from footnotary.documents.research import RESEARCH
    from footnotary.facts.research import ResearchFacts
    from footnotary.writing.documents_on_disk import StoredDocument, last_document, make_stem
    from footnotary.writing.trails import read_trail, refuse_lost_trail

    today = clock.today()
    path = project.current / RESEARCH.folder / f"{make_stem(RESEARCH, topic, today)}.md"
    stored = last_document(project, RESEARCH.name, topic)
    stored = stored or StoredDocument(path, RESEARCH.name, topic, today)
    refuse_lost_trail(stored)
    return ResearchFacts(topic=topic, events=read_trail(stored.trail_path).events)


def _package_folders(project: Project, options: ReadOptions) -> tuple[Path, ...]:
    """Return from where the project's own interpreter imports; nothing where there is none."""
    from footnotary.probe.interpreter import environment_folders, find_interpreter, has_environment

    told = options.python or project.python
    if not told and not has_environment(project):
        return ()
    return environment_folders(find_interpreter(project, told))


def _api(project: Project, options: ReadOptions, fetch: Fetch | None) -> Facts:
    """Read an API: of a document at an address, or of what is in the project."""
    if not options.reads_address:
        from footnotary.probe.api import probe_api as read_api

        return read_api(project, options)
    if fetch is None:
        raise UsageError(
            "The document is at an address, and the web is not read here.",
            hint="`doc refresh` reads it again.",
        )
    from footnotary.probe.openapi_source import ACCEPTED, from_response

    return from_response(fetch(options.openapi, ACCEPTED))
