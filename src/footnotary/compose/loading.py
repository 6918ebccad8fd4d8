"""Stacks: several compose files as one, with what they extend and include."""

import posixpath
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol

from footnotary.compose.interpolation import read_values
from footnotary.compose.merging import drop_directives, merge_nodes
from footnotary.compose.nodes import (
    MapNode,
    Node,
    NodeSource,
    ScalarNode,
    find_below,
    get_entries,
    get_members,
    get_text,
    parse_nodes,
    walk_scalars,
)
from footnotary.facts.basis import Place

MAX_CHAIN = 50
Values = Mapping[str, str]
SECTIONS = ("services", "volumes", "networks", "secrets", "configs", "models")


class Files(Protocol):
    """The project's files."""

    def has(self, path: str) -> bool:
        """Tell whether a path relative to the root is a file."""
        ...

    def text(self, path: str) -> str | None:
        """Return a file's text; None where it cannot be read as text."""
        ...


@dataclass(frozen=True)
class Absent:
    """A file that is named and is not there.

    Attributes:
        named: The file as written.
        how: `include` or `extends`.
        place: Where it is named.
    """

    named: ScalarNode
    how: str
    place: Place


@dataclass
class Loaded:
    """Compose files merged.

    Attributes:
        folder: The project's folder, relative to the root; its relative paths start there.
        root: The merged document.
        paths: Every file that was read, in order.
        interpolated: Every scalar of the files that holds a `$`.
        times: Every scalar outside extensions that compose takes for a day or a time.
        absent: Files that are named and not there.
        refused: What `docker compose` refuses in how files extend and include each other.
        given: What the `.env` beside the stack gives; never shown.
    """

    folder: str
    root: MapNode
    paths: list[str] = field(default_factory=list)
    interpolated: list[ScalarNode] = field(default_factory=list)
    times: list[ScalarNode] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    given: Values = field(default_factory=dict)

    def section(self, name: str) -> dict[str, Node]:
        """Return `services`, `volumes` and so on by name."""
        return get_entries(self.root.items.get(name))


def load_stack(files: Files, paths: tuple[str, ...]) -> Loaded:
    """Merge compose files as `docker compose -f … -f …` does.

    Args:
        files: The project's files.
        paths: Compose files relative to the root, in order; the first one's folder is the
            project's.

    Returns:
        The merged stack, of all profiles. What is missing is named in it, never refused.

    Raises:
        ValueError: A file cannot be read; one sentence with its line.
    """
    folder = posixpath.dirname(paths[0])
    given = read_values(files.text(posixpath.join(folder, ".env")) or "")
    loader = _Loader(files, Loaded(folder, MapNode(NodeSource(paths[0]), 1, {}), given=given))
    loader.loaded.root = loader.project(paths, folder, given, ())
    return loader.loaded


# A service's name, the services around it, their file and folder, and what extends it.
_Position = tuple[str, dict[str, Node], tuple[str, str], tuple[tuple[str, str], ...]]


class _Loader:
    """Reads the files of one stack.

    Attributes:
        files: The project's files.
        loaded: What is known so far.
        parsed: Documents by file, folder and values.
        services: Services of files that are extended, by the same.
        joined: Services joined with those they extend, by their document's services and name.
        is_directed: Whether a file holds `!reset` or `!override`.
    """

    def __init__(self, files: Files, loaded: Loaded) -> None:
        self.files = files
        self.loaded = loaded
        self.parsed: dict[tuple[str, str, int], list[Node]] = {}
        self.services: dict[tuple[str, str, int], dict[str, Node]] = {}
        self.joined: dict[tuple[int, str], Node] = {}
        self.is_directed = False

    def project(
        self, paths: tuple[str, ...], folder: str, given: Values, chain: tuple[str, ...]
    ) -> MapNode:
        """Merge the files of a project, or of one that is included."""
        parts: list[Node] = []
        for path in paths:
            for document in self.documents(path, folder, given):
                extended = self._extended(_checked(document, path), path, folder)
                parts.append(self._included(extended, folder, given, (*chain, path)))
        return self._settled(reduce(merge_nodes, parts))

    def _settled(self, node: Node) -> MapNode:
        """Return a mapping without directives, where any file has one."""
        done = drop_directives(node) if self.is_directed else node
        return done if isinstance(done, MapNode) else MapNode(node.source, node.line, {})

    def documents(self, path: str, folder: str, given: Values) -> list[Node]:
        """Parse a file; its relative paths start from a folder."""
        key = path, folder, id(given)
        if key not in self.parsed:
            text = self.files.text(path)
            if text is None:
                raise ValueError(f"{path} is not text in UTF-8, or is too large")
            self.parsed[key] = parse_nodes(text, NodeSource(path, folder, given))
            if not self.parsed[key]:
                raise ValueError(f"{path} is empty")
            self.is_directed |= "!reset" in text or "!override" in text
            self._note(path, self.parsed[key])
        return self.parsed[key]

    def _note(self, path: str, documents: list[Node]) -> None:
        """Keep what a file interpolates, and what it says as a time."""
        if path not in self.loaded.paths:
            self.loaded.paths.append(path)
        for document in documents:
            for one in walk_scalars(document):
                if "$" in one.raw:
                    self.loaded.interpolated.append(one)
            self.loaded.times += [one for one in walk_scalars(document, "x-") if one.is_time]

    def _extended(self, document: MapNode, path: str, folder: str) -> MapNode:
        """Return a document whose services are joined with those they extend."""
        services = get_entries(document.items.get("services"))
        if not any("extends" in get_entries(one) for one in services.values()):
            return document
        found = {name: self._service(name, services, (path, folder), ()) for name in services}
        holder = document.items["services"]
        items = {**document.items, "services": MapNode(holder.source, holder.line, found)}
        return MapNode(document.source, document.line, items)

    def _service(
        self,
        name: str,
        services: dict[str, Node],
        where: tuple[str, str],
        chain: tuple[tuple[str, str], ...],
    ) -> Node:
        """Return a service joined with the one it extends."""
        own = services[name]
        extends = get_entries(own).get("extends")
        if extends is None or not isinstance(own, MapNode) or extends.directive == "reset":
            return own
        key = id(services), name
        if key not in self.joined:
            self.joined[key] = self._join(own, extends, (name, services, where, chain))
        return self.joined[key]

    def _join(self, own: MapNode, extends: Node, at: _Position) -> Node:
        """Join a service with the one it extends."""
        name, services, where, chain = at
        rest = copy(own)
        rest.items = {key: one for key, one in own.items.items() if key != "extends"}
        here = where[0], name
        if here in chain or len(chain) > MAX_CHAIN:
            self._refuse("services extend each other in a circle or too deeply", extends)
            return rest
        base = self._base(extends, services, where, (*chain, here))
        if not isinstance(base, MapNode):
            return rest
        joined = copy(merge_nodes(self._settled(base), rest, ("services", name)))
        joined.source, joined.line = own.source, own.line
        return joined

    def _base(
        self,
        extends: Node,
        services: dict[str, Node],
        where: tuple[str, str],
        chain: tuple[tuple[str, str], ...],
    ) -> Node | None:
        """Return the service that one extends; None where it is not there."""
        named = find_below(extends, "file")
        wanted = get_text(extends) or get_text(find_below(extends, "service"))
        if isinstance(named, ScalarNode) and not named.is_null:
            path = self._found(named, where[1], "extends")
            if path is None:
                return None
            where = path, posixpath.dirname(path)
            services = self._services_of(path, where[1], extends.source.given)
        if wanted not in services:
            self._refuse("a service extends one that is not defined", extends)
            return None
        return self._service(wanted, services, where, chain)

    def _services_of(self, path: str, folder: str, given: Values) -> dict[str, Node]:
        """Return the services of a file that is extended."""
        key = path, folder, id(given)
        if key not in self.services:
            documents = self.documents(path, folder, given)
            self.services[key] = get_entries(find_below(reduce(merge_nodes, documents), "services"))
        return self.services[key]

    def _included(
        self, document: MapNode, folder: str, given: Values, chain: tuple[str, ...]
    ) -> MapNode:
        """Return a document with the resources of what it includes."""
        include = document.items.get("include")
        if include is None:
            return document
        items = {key: one for key, one in document.items.items() if key != "include"}
        for entry in get_members(include):
            imported = self._import(entry, folder, given, chain)
            for section in SECTIONS if imported else ():
                self._take_in(items, section, get_entries(imported).get(section))
        return MapNode(document.source, document.line, items)

    def _import(
        self, entry: Node, folder: str, given: Values, chain: tuple[str, ...]
    ) -> MapNode | None:
        """Load one entry of `include`; None where its files are not there."""
        named = [entry] if isinstance(entry, ScalarNode) else get_members(find_below(entry, "path"))
        paths = [
            path
            for one in named
            if isinstance(one, ScalarNode) and (path := self._found(one, folder, "include"))
        ]
        if not paths or len(paths) < len(named):
            return None
        if paths[0] in chain or len(chain) > MAX_CHAIN:
            self._refuse("files include each other in a circle or too deeply", entry)
            return None
        own = get_text(find_below(entry, "project_directory"))
        below_it = _path(folder, own) if own else posixpath.dirname(paths[0])
        listed = [
            _path(folder, get_text(one)) for one in get_members(find_below(entry, "env_file"))
        ]
        values: dict[str, str] = {}
        for path in listed or [posixpath.join(below_it, ".env")]:
            values |= read_values(self.files.text(path) or "")
        return self.project(tuple(paths), below_it, {**values, **given}, chain)

    def _take_in(self, items: dict[str, Node], section: str, imported: Node | None) -> None:
        """Add the resources of an included project; one of the same name is refused."""
        if not isinstance(imported, MapNode):
            return
        own = get_entries(items.get(section))
        found = dict(imported.items)
        for name, node in own.items():
            if name in found and found[name] != node:
                self._refuse(f"{section} of one name are defined here and included", node)
            found[name] = merge_nodes(found[name], node, (section, name)) if name in found else node
        holder = items.get(section, imported)
        items[section] = MapNode(holder.source, holder.line, found)

    def _refuse(self, why: str, node: Node) -> None:
        """Keep what `docker compose` refuses, with its place."""
        self.loaded.refused.append(f"{why} ({node.place})")

    def _found(self, named: ScalarNode, folder: str, how: str) -> str | None:
        """Return the path of a file that is named; None where it is not there."""
        text = named.text
        path = _path(folder, text)
        if "$" in text or not self.files.has(path):
            absent = Absent(named, how, named.place)
            if absent not in self.loaded.absent:
                self.loaded.absent.append(absent)
            return None
        return path


def _checked(document: Node, path: str) -> MapNode:
    """Return a document that has the form of a compose file."""
    root = _table(document, f"{path}, line {{}}, is")
    for name in SECTIONS:
        section = root.items.get(name)
        if section is not None and not section.is_null:
            for one in _table(section, f"{path}, line {{}}, has {name} that are").items.values():
                if not one.is_null and not one.directive:
                    _table(one, f"{path}, line {{}}, has an entry of {name} that is")
    return root


def _table(node: Node, sentence: str) -> MapNode:
    """Return a mapping; anything else is an error."""
    if isinstance(node, MapNode):
        return node
    raise ValueError(f"{sentence.format(node.line)} not a mapping")


def _path(folder: str, named: str) -> str:
    """Join a folder and a path as written; an absolute path stays as it is."""
    return posixpath.normpath(posixpath.join(folder, named))
