"""What may set or read a variable besides what is understood: files not read, names elsewhere."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from footnotary.facts.basis import Place
from footnotary.facts.deploy import Dockerfile, DotenvFile
from footnotary.facts.stack import Stack
from footnotary.readers.environment_calls import FoundEnvironment
from footnotary.readers.literals import path as shown_path
from footnotary.readers.matrix import Row
from footnotary.source.tree import Tree

# Prose, and what is made for browsers or by tools: nothing is run with what it names.
_PROSE = (".md", ".mdx", ".rst", ".adoc", ".html", ".css", ".svg", ".lock", ".map", ".po")
_MARKS = {"missing": "is not in the project", "local": "is not read, as git ignores it",
          "unreadable": "could not be read"}  # fmt: skip


def find_names(tree: Tree, rows: Iterable[Row]) -> dict[str, Place]:
    """Find where files name variables in ways that are not understood.

    Args:
        tree: The project's files.
        rows: The variables. What reads or sets them as is understood is left out; of one that
            the code reads, all code: what its code sets is known.

    Returns:
        The first place of each that is named at all.
    """
    found: dict[str, Place] = {}
    wanted = [(row, _pattern(row)) for row in rows]
    python = frozenset(tree.python) if wanted else frozenset()
    for path in tree.files if wanted else ():
        if path.endswith(_PROSE):
            continue
        data = _as_utf8(tree.data(path) or b"")
        lower = data.lower()
        for row, pattern in wanted:
            is_asked = row.name not in found and not (row.readings and path in python)
            if is_asked and any(name.lower().encode() in lower for name in _words(row)):
                found |= _first(row, path, data, pattern)
    return found


def _first(row: Row, path: str, data: bytes, pattern: re.Pattern[bytes]) -> dict[str, Place]:
    """Return the first place of a file that names a variable, apart from those understood."""
    known = row.places
    for one in pattern.finditer(data):
        place = Place(path=path, line=data.count(b"\n", 0, one.start()) + 1)
        if place not in known:
            return {row.name: place}
    return {}


def _words(row: Row) -> list[str]:
    """Return the names of a variable."""
    return sorted({row.name, *(name for one in row.readings for name in one.others)})


def _pattern(row: Row) -> re.Pattern[bytes]:
    """Return what finds a variable under any of its names."""
    flags = re.IGNORECASE if any(one.any_case for one in row.readings) else 0
    words = "|".join(map(re.escape, _words(row)))
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{words})(?![A-Za-z0-9_])".encode(), flags)


def _as_utf8(data: bytes) -> bytes:
    """Return UTF-16 with its mark as UTF-8; anything else as it is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    return data


def list_unread(
    tree: Tree,
    stacks: tuple[Stack, ...],
    dockerfiles: tuple[Dockerfile, ...],
    dotenv_files: tuple[DotenvFile, ...],
    code: FoundEnvironment,
) -> tuple[str, ...]:
    """Say why it is not known of each variable whether something sets it.

    Returns:
        One clause a reason, each once; none where everything that may set one was read.
    """
    broken = [one.name for one in stacks if one.error]
    broken += [one.path for one in dockerfiles if one.error]
    broken += [one.path for one in dotenv_files if one.error]
    found = [f"{path} could not be read" for path in broken]
    found += [f"{path} {_MARKS['local']}" for path in tree.left_out]
    for stack in stacks:
        found += _of_stack(tree, stack)
    found += [f"{path} could not be parsed" for path in code.unparsed]
    found += [f"the class at {place} reads other sources besides" for place in code.other_sources]
    found += [f"{place} sets variables with computed names" for place in code.sets.get("", ())]
    for name, place in code.files:
        found += _of_file(tree, name, place)
    if tree.truncated:
        found.append("the project has more files than are read")
    return tuple(dict.fromkeys(found))


def _of_stack(tree: Tree, stack: Stack) -> Iterator[str]:
    """Yield what a stack names that was not read."""
    for one in stack.missing:
        yield f"{one.partition(' (')[0]} is not in the project"
    for service in stack.services:
        for file in service.env_files:
            path, _, mark = file.rpartition(" (")
            if mark.rstrip(")") in _MARKS:
                yield f"{path} {_MARKS[mark.rstrip(')')]}"
        if absent := find_absent(tree, stack, service.build, service.dockerfile):
            yield absent


def find_absent(tree: Tree, stack: Stack, build: str, dockerfile: str) -> str:
    """Say that what a service is built from is not in the project; nothing if it is."""
    if not build or " (dockerfile_inline of " in dockerfile:
        return ""
    if not dockerfile:
        return f"what {stack.name} builds from {build} is not in the project"
    is_here = not dockerfile.startswith("../") and tree.has(dockerfile)
    return "" if is_here else f"{dockerfile}, which {stack.name} builds, is not in the project"


def find_loaded(tree: Tree, name: str, place: Place) -> str:
    """Return the path of a file that code names, from its folder or one above; empty if none is."""
    folder = posixpath.dirname(place.path)
    while True:
        path = posixpath.normpath(posixpath.join(folder, name))
        if not path.startswith(("../", "/")) and tree.has(path):
            return path
        if not folder:
            return ""
        folder = posixpath.dirname(folder)


def _of_file(tree: Tree, name: str | None, place: Place) -> Iterator[str]:
    """Yield why a file that the code loads was not read."""
    if name is None:
        yield f"{place} loads a file with a computed name"
    elif not find_loaded(tree, name, place):
        yield f"{shown_path(name)} {_MARKS['local' if tree.is_local(name) else 'missing']}"
