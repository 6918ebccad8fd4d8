"""Where the code reads environment variables: pydantic-settings, os, starlette, click.

By syntax tree, with the names followed to the modules they were imported from; nothing is
imported or run. Places that compute a variable's name, or take the whole environment, are kept
apart; a file that was not read makes what nothing sets unknown. What the probe learned of settings
classes from the library itself is before their source.
"""

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from footnotary.facts.basis import Place
from footnotary.facts.deploy import Dockerfile, DotenvFile, VariableReading
from footnotary.facts.stack import Stack
from footnotary.readers import literals
from footnotary.readers.environment_calls import HINTS, FoundEnvironment, read_module
from footnotary.readers.literals import path as shown_path
from footnotary.readers.matrix import Row
from footnotary.source import Tree
from footnotary.source.names import DefinitionIndex, last_name
from footnotary.source.parsing import Modules, ParseElsewhere, parse_expression
from footnotary.source.settings import ImportedSettings, is_test, read_settings, read_texts
from footnotary.source.settings_fields import FoundSettings, SettingsField

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
    found += [f"{path} {_MARKS['local']}" for path in tree.local_settings]
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


_SECRETS = {"SecretStr", "SecretBytes", "Secret"}


def read_environment(
    tree: Tree,
    imported: ImportedSettings | None = None,
    elsewhere: ParseElsewhere | None = None,
) -> FoundEnvironment:
    """Find every reading in the project's Python code, tests left out.

    Args:
        tree: The project's files.
        imported: What the probe was told of settings classes; None where it was not asked.
        elsewhere: Parses what our own grammar cannot.
    """
    found = FoundEnvironment()
    modules = Modules(tree, elsewhere)
    index = DefinitionIndex(modules)
    texts, unread = read_texts(tree)
    modules.parse_all(unread)  # each is noted with the reason
    hints, looked = set(HINTS), set[str]()
    while hints:
        paths = [
            p for p, text in texts.items() if p not in looked and any(h in text for h in hints)
        ]
        looked.update(paths)
        # An object that reads variables is imported by other modules under its name.
        hints = {
            name for one in modules.parse_all(paths) for name in read_module(one, index, found)
        }
    settings = read_settings(modules, texts, index)
    for one in _best_known(settings, imported or ImportedSettings()):
        found.readings.append(_reading(one))
    known = imported.classes if imported else frozenset()
    if settings.made_otherwise or settings.classes - known:
        found.dynamic += settings.computed
    found.dynamic += settings.always
    found.files += settings.files
    found.other_sources += settings.others
    found.unparsed = sorted(modules.unparsed)
    found.dynamic = sorted(set(found.dynamic), key=str)
    found.readings.sort(key=lambda one: (one.place.path, one.place.line, one.name))
    return found


def _best_known(settings: FoundSettings, imported: ImportedSettings) -> Iterator[SettingsField]:
    """Yield each variable of a settings class once: as the library told it, else as written."""
    asked = imported.classes - settings.made_otherwise
    left_out = settings.unused | settings.made_otherwise
    told = (one for one in imported.fields if one.owner not in left_out)
    written = (one for one in settings.fields if one.owner not in asked)
    seen = set[tuple[str, Place]]()
    holding = {(one.owner, one.place) for one in settings.fields if one.written}
    for one in (*told, *written):
        if not is_test(one.place.path) and (one.name, one.place) not in seen:
            seen.add((one.name, one.place))
            where = one.owner, one.place
            is_required = one.required and where not in settings.given
            yield replace(one, required=is_required, written=one.has_default and where in holding)


def _reading(one: SettingsField) -> VariableReading:
    """Describe a variable of a settings class; of its default what may be shown."""
    declared = parse_expression(one.annotation) if one.annotation else None
    kind = annotation(declared) if declared is not None else ""
    return VariableReading(
        name=literals.identifier(one.name),
        how="pydantic-settings",
        place=one.place,
        type=kind,
        required=one.required,
        has_default=one.has_default,
        written_default=one.written,
        shown_default=literals.display_value(one.default, name=one.name) if one.has_default else "",
        validated=one.validated,
        secret_type=any(secret in kind for secret in _SECRETS),
        others=tuple(map(literals.identifier, one.others)),
        any_case=one.any_case,
        begins=one.begins,
        files=one.files,
        scope=one.scope,
    )


def annotation(node: ast.expr) -> str:
    """Write a type without what could hold a value.

    Returns:
        Of `Annotated` the type alone; of literals only those that may be shown.
    """
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if last_name(node.value) == "Annotated":
            return annotation(parts[0])
        return f"{last_name(node.value)}[{', '.join(annotation(part) for part in parts)}]"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return f"{annotation(node.left)} | {annotation(node.right)}"
    if isinstance(node, ast.List):
        return f"[{', '.join(annotation(part) for part in node.elts)}]"
    if isinstance(node, ast.Constant):
        return "None" if node.value is None else literals.display_value(str(node.value)) or "…"
    return last_name(node) or "…"
