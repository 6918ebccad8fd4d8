"""How a project was read is remembered with the document, so that the next reading is the same.

What belongs to one machine (the interpreter) and what may hold a password (a database URL,
an OpenAPI document's address with a user or a query, a factory's arguments) is not remembered.
"""

import ast
import contextlib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from footnotary.documents import front_matter
from footnotary.documents.kinds import DocumentKind
from footnotary.errors import DocumentError, UsageError
from footnotary.facts.basis import Facts
from footnotary.facts.options import ADDRESSES, ReadOptions
from footnotary.files import is_file, is_there
from footnotary.project import Project, repository_of
from footnotary.secrecy.texts import without_credentials
from footnotary.secrecy.values import shown_value
from footnotary.writing.documents_on_disk import StoredDocument, read_document

_TARGETS = ("app", "metadata")
_UNNAMED = "key"  # what has no name may be a secret: plain words alone are kept
_TEXTS = ("app", "openapi", "metadata", "dialect", "package")
# What a document that came with a project may name nothing outside of it in.
_PATHS = ("openapi", "package", "compose_files", "env_file")
_INTERNAL = {"former_app", "source_only", "elsewhere"}  # which no user says
_MACHINE = {"python"}  # which the interpreter is found with
_LISTS = ("mocks", "imports", "compose_files", "profiles")


def stored_options(options: ReadOptions, root: Path) -> dict[str, str | tuple[str, ...]]:
    """Return the options that are kept in a document's front matter, defaults left out."""
    kept: dict[str, str | tuple[str, ...]] = {}
    for name in (*_TEXTS, *_LISTS):
        value = getattr(options, name)
        if name == "openapi" and options.reads_address and set(value) & set("@?"):
            continue
        if value and not (name in _TARGETS and _holds_a_secret(value)):
            kept[name] = value
    if options.timeout != ReadOptions.timeout:
        kept["timeout"] = f"{options.timeout:g}"
    if options.env_file is not None:
        path = options.env_file.absolute()
        if path.is_relative_to(root):
            kept["env_file"] = path.relative_to(root).as_posix()
    return kept


def _holds_a_secret(target: str) -> bool:
    """Tell whether a factory is called with what may be a secret: `pkg:make_app("…")`."""
    try:
        tree = ast.parse(target.partition(":")[2].strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return without_credentials(target) != target
    given = [
        (one.arg or _UNNAMED, one.value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for one in (*call.keywords, *(ast.keyword(_UNNAMED, value) for value in call.args))
    ]
    for name, node in given:
        with contextlib.suppress(ValueError):
            value = ast.literal_eval(node)
            if shown_value(value, name) != value:
                return True
    return False


def merged_options(given: ReadOptions, stored: StoredDocument | None, root: Path) -> ReadOptions:
    """Return the options to read with: what is given now over what was given then.

    Raises:
        UsageError: The document names a pipe or the like where its settings should be.
    """
    remembered = _remembered(stored, root) if stored else {}
    usual = ReadOptions()
    changed = {
        field.name: remembered[field.name]
        for field in fields(ReadOptions)
        if field.name in remembered and getattr(given, field.name) == getattr(usual, field.name)
    }
    settings = changed.get("env_file")
    if settings is not None and is_there(settings) and not is_file(settings):
        raise UsageError(
            f"{settings.name}, which the document names as its env_file, is not a regular file.",
            hint="Name the file yourself: --env-file FILE.",
        )
    return replace(given, **changed)


def options_to_read_with(
    project: Project,
    kind: DocumentKind,
    given: ReadOptions,
    stored: StoredDocument | None = None,
    before: Facts | None = None,
) -> ReadOptions:
    """Return how a project is read: as the user says, then its settings, then the document.

    Raises:
        UsageError: A pipe or the like is named where settings should be.
    """
    usual = ReadOptions()
    foreign = {one.name for one in fields(ReadOptions)} - kind.options - _INTERNAL
    given = replace(given, **{name: getattr(usual, name) for name in foreign})
    told = project.usual_reading
    changed = {
        name: getattr(told, name)
        for name in kind.options - _MACHINE
        if getattr(told, name) != getattr(usual, name) == getattr(given, name)
        if not (name == "app" and given.openapi)
    }
    file = changed.get("env_file")
    if file is not None and is_there(file) and not is_file(file):
        raise UsageError(
            f"{file.name}, the setting env-file, is not a regular file.",
            hint="Name the file yourself: --env-file FILE.",
        )
    merged = merged_options(replace(given, **changed), stored, project.root)
    former = getattr(before, "target", "")
    if getattr(before, "server", "") and not (merged.dialect or merged.database_url):
        # types were written for the database, whose address is not remembered
        merged = replace(merged, dialect=getattr(before, "dialect", ""))
    return merged if merged.app or not former else replace(merged, former_app=former)


def _leads_inside(value: str | tuple[str, ...], root: Path) -> bool:
    """Tell whether the paths of an option lie where the document came from, or are addresses."""
    top = repository_of(root).resolve()
    paths = (value,) if isinstance(value, str) else value
    return all(
        one.lower().startswith(ADDRESSES) or (root / one).resolve().is_relative_to(top)
        for one in paths
    )


def _remembered(stored: StoredDocument, root: Path) -> dict[str, Any]:
    """Return the options in a document's front matter; none where it does not read."""
    try:
        matter = front_matter.read_front_matter(read_document(stored.path))
    except DocumentError:
        return {}
    found: dict[str, Any] = {}
    for name, value in (matter.options if matter else {}).items():
        if name in _PATHS and not _leads_inside(value, root):
            continue
        if name in _TEXTS and isinstance(value, str):
            found[name] = value
        elif name in _LISTS:
            found[name] = (value,) if isinstance(value, str) else value
        elif name == "timeout" and isinstance(value, str) and value.isdecimal():
            found[name] = float(value)
        elif name == "env_file" and isinstance(value, str):
            found[name] = root / value
    return found
