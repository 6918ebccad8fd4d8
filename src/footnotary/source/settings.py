"""Settings classes of pydantic-settings as environment variables, read from their source alone.

Names follow pydantic-settings' own sources: the alias where there is one, else the prefix and the
field's name; below a nested model, keys joined by the delimiter. What is computed is told by its
place. Where the project can be imported, `probe.requests` asks the library itself.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from footnotary.source import Tree
from footnotary.source.names import DefinitionIndex, last_name
from footnotary.source.parsing import (
    Modules,
    ParseElsewhere,
    Source,
    decode_source,
    walk_statements,
)
from footnotary.source.settings_config import read_mapping
from footnotary.source.settings_fields import ClassReader, FoundSettings, SettingsField


@dataclass(frozen=True)
class ImportedSettings:
    """What pydantic-settings itself said of the project's settings classes.

    Attributes:
        fields: Their variables.
        classes: Classes that it was asked about, by path of their module and name.
        caveats: What could not be imported, and is read from the source alone.
    """

    fields: tuple[SettingsField, ...] = ()
    classes: frozenset[tuple[str, str]] = frozenset()
    caveats: tuple[str, ...] = ()


_STANDARD_SOURCES = {"init_settings", "env_settings", "dotenv_settings", "file_secret_settings"}


def read_settings(
    modules: Modules, texts: Mapping[str, str], index: DefinitionIndex
) -> FoundSettings:
    """Read every settings class of a project.

    Returns:
        Their variables; inherited fields count where they are written.
    """
    classes = _find_classes(modules, texts, index)
    found = FoundSettings(classes={(source.path, node.name) for node, source in classes})
    uses = _Uses(classes, index, found)
    paths = [path for path, text in texts.items() if any(one in text for one in uses.last_names)]
    for source in modules.parse_all(paths):
        uses.read(source)
    found.unused = uses.unused()
    for node, source in classes:
        lineage = [one for one, _ in index.lineage(node, source)]
        if any(map(_has_other_sources, lineage)):
            found.others.append(source.place(node))
        if any(map(_replaces_variables, lineage)):
            found.computed.append(source.place(node))
        elif (source.path, node.name) not in found.unused:
            _read_class(node, source, index, found, uses.made(node, source))
    return found


def find_settings_files(tree: Tree, elsewhere: ParseElsewhere | None = None) -> tuple[str, ...]:
    """Return the files that define settings classes, their tests left out.

    Args:
        tree: The project's files.
        elsewhere: Parses what our own grammar cannot.
    """
    modules = Modules(tree, elsewhere)
    texts, _ = read_texts(tree)
    classes = _find_classes(modules, texts, DefinitionIndex(modules))
    return tuple(dict.fromkeys(s.path for _, s in classes if s.path.endswith(".py")))


def read_texts(tree: Tree) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the text of the project's Python files by path, and the paths that are no text.

    Tests are left out: they set variables of their own.
    """
    paths = [path for path in tree.python if not is_test(path)]
    read = {path: decode_source(tree.data(path) or b"\xff") for path in paths}
    texts = {path: text for path, text in read.items() if text is not None}
    return texts, tuple(path for path in paths if path not in texts)


def is_test(path: str) -> bool:
    """Tell whether a file belongs to the tests."""
    parts = path.split("/")
    return bool({"tests", "test"} & set(parts[:-1])) or parts[-1].startswith(("test_", "conftest"))


def _find_classes(
    modules: Modules, texts: Mapping[str, str], index: DefinitionIndex
) -> list[tuple[ast.ClassDef, Source]]:
    """Return the classes whose bases lead to BaseSettings, through other modules, too."""
    found: dict[int, tuple[ast.ClassDef, Source]] = {}
    names, looked = {"BaseSettings"}, set[str]()
    while names - looked:
        wanted, looked = names - looked, looked | names
        paths = [path for path, text in texts.items() if any(name in text for name in wanted)]
        for source in modules.parse_all(paths):
            local = {"BaseSettings"}
            for node in walk_statements(source.tree):
                if not isinstance(node, ast.ClassDef) or id(node) in found:
                    continue
                roots = index.roots(node, source)
                if local & {root.rpartition(".")[2] for root in roots}:
                    found[id(node)] = (node, source)
                    names.add(node.name)
                    local.add(node.name)
    return list(found.values())


@dataclass
class _Made:
    """How the code makes a settings class: what each call says of names and fields."""

    configs: list[dict[str, object]] = field(default_factory=list)
    given: list[set[str] | None] = field(default_factory=list)


class _Uses:
    """What the code does with settings classes besides defining them."""

    def __init__(
        self,
        classes: list[tuple[ast.ClassDef, Source]],
        index: DefinitionIndex,
        found: FoundSettings,
    ) -> None:
        self._index = index
        self._found = found
        self._above = {
            f"{origin.name}.{one.name}": (origin.path, one.name)
            for node, source in classes
            for one, origin in index.lineage(node, source)[1:]
        }
        self._names = {f"{source.name}.{node.name}" for node, source in classes}
        self._used = set[str]()
        self._made: dict[str, _Made] = {}
        self.last_names = {name.rpartition(".")[2] for name in self._names} | {"BaseSettings"}

    def unused(self) -> set[tuple[str, str]]:
        """Return classes with subclasses that no code makes."""
        return {where for full, where in self._above.items() if full not in self._used}

    def made(self, node: ast.ClassDef, source: Source) -> _Made:
        """Return how a class is made."""
        return self._made.get(f"{source.name}.{node.name}", _Made())

    def read(self, source: Source) -> None:
        """Take in the calls of a module that make a class, or are given one."""
        for call in (one for one in ast.walk(source.tree) if isinstance(one, ast.Call)):
            given = [call.func, *call.args, *(word.value for word in call.keywords)]
            inner = [part for one in given for part in getattr(one, "elts", [one])]
            named = {self._index.resolve(one, source) for one in inner if self._is_named(one)}
            self._used |= named
            is_partial = last_name(call) == "partial" and len(named & self._names) == 1
            func = call.args[0] if is_partial and call.args else call.func
            full = self._index.resolve(func, source) if self._is_named(func) else ""
            if full in self._names:
                self._take(full, call, source)
            elif any((word.arg or "").startswith("_env_") for word in call.keywords) or (
                any(one.rpartition(".")[2] == "BaseSettings" for one in named)
                or (last_name(call) == "create_model" and named & self._names)
            ):
                self._found.always.append(source.place(call))

    def _is_named(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name | ast.Attribute) and last_name(node) in self.last_names

    def _take(self, full: str, call: ast.Call, source: Source) -> None:
        """Take in a call that makes a class."""
        made = self._made.setdefault(full, _Made())
        words = {word.arg: self._index.literal(word.value, source) for word in call.keywords}
        spread = [word.value for word in call.keywords if word.arg is None]
        for one in spread:
            known = self._index.follow_value(one, source)[0]
            if not isinstance(known, ast.Dict | ast.Call):
                self._found.always.append(source.place(call))
            words.update(read_mapping(one, source, self._index))
        config = {key[1:]: value for key, value in words.items() if key and key.startswith("_")}
        if config not in made.configs:
            made.configs.append(config)
        made.given.append(None if spread else {str(key) for key in words})


def _read_class(
    node: ast.ClassDef, source: Source, index: DefinitionIndex, found: FoundSettings, made: _Made
) -> None:
    """Read a class once for each way in which it is made."""
    before = len(found.fields)
    renaming = {"env_prefix", "env_nested_delimiter", "case_sensitive", "env_nested_max_split"}
    for config in made.configs or [{}]:
        ClassReader(node, source, index, found, config).read()
        if renaming & config.keys():
            found.made_otherwise.add((source.path, node.name))
    found.given |= {
        (one.owner, one.place)
        for one in found.fields[before:]
        if made.given and all(names is None or one.root in names for names in made.given)
    }


def _replaces_variables(node: ast.ClassDef) -> bool:
    """Tell whether a class has sources of its own instead of the variables."""
    return any(
        isinstance(one, ast.FunctionDef)
        and one.name == "settings_customise_sources"
        and not any(isinstance(n, ast.Name) and n.id == "env_settings" for n in ast.walk(one))
        for one in node.body
    )


def _has_other_sources(node: ast.ClassDef) -> bool:
    """Tell whether a class reads other sources than variables and the files of settings."""
    return any(
        isinstance(one, ast.FunctionDef)
        and one.name == "settings_customise_sources"
        and any(name not in _STANDARD_SOURCES for name in _returned(one))
        for one in node.body
    )


def _returned(node: ast.FunctionDef) -> Iterator[str]:
    """Yield the names of the sources that a function returns; those computed have none."""
    for one in ast.walk(node):
        if isinstance(one, ast.Return) and one.value is not None:
            for part in getattr(one.value, "elts", [one.value]):
                yield part.id if isinstance(part, ast.Name) else ""
