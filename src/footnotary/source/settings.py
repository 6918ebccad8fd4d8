"""Settings classes of pydantic-settings as environment variables, read from their source alone.

Names follow pydantic-settings' own sources: the alias where there is one, else the prefix and the
field's name; below a nested model, keys joined by the delimiter. What is computed is told by its
place. Where the project can be imported, `probe.settings` asks the library itself.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from footnotary.facts.basis import Place
from footnotary.source.names import DefinitionIndex, last_name
from footnotary.source.parsing import Modules, ParseElsewhere, Source, walk_statements
from footnotary.source.settings_fields import ClassReader, FoundSettings, SettingsField
from footnotary.source.tree import Tree


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


def read_settings(
    modules: Modules, texts: Mapping[str, str], index: DefinitionIndex
) -> FoundSettings:
    """Read every settings class of a project.

    Args:
        modules: The project's modules.
        texts: Source of the files to look at, by path.
        index: What names mean.

    Returns:
        Their variables; inherited fields count where they are written.
    """
    classes = _find_classes(modules, texts, index)
    found = FoundSettings(classes={(source.path, node.name) for node, source in classes})
    found.unused = _find_unused(classes, modules, texts, index, found.computed)
    for node, source in classes:
        if any(_replaces_variables(one) for one, _ in index.lineage(node, source)):
            found.computed.append(source.place(node))
        elif (source.path, node.name) not in found.unused:
            ClassReader(node, source, index, found).read()
    return found


def find_settings_files(tree: Tree, elsewhere: ParseElsewhere | None = None) -> tuple[str, ...]:
    """Return the files that define settings classes, their tests left out.

    Args:
        tree: The project's files.
        elsewhere: Parses what our own grammar cannot.
    """
    modules = Modules(tree, elsewhere)
    texts = read_texts(tree)
    classes = _find_classes(modules, texts, DefinitionIndex(modules))
    return tuple(dict.fromkeys(source.path for _, source in classes))


def read_texts(tree: Tree) -> dict[str, str]:
    """Return the text of the project's Python files by path; tests set variables of their own."""
    paths = (path for path in tree.files if path.endswith(".py") and not is_test(path))
    return {path: text for path in paths if (text := tree.text(path)) is not None}


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


def _find_unused(
    classes: list[tuple[ast.ClassDef, Source]],
    modules: Modules,
    texts: Mapping[str, str],
    index: DefinitionIndex,
    computed: list[Place],
) -> set[tuple[str, str]]:
    """Return classes with subclasses that no code makes; note those made with other names."""
    above = {
        f"{origin.name}.{one.name}": (origin.path, one.name)
        for node, source in classes
        for one, origin in index.lineage(node, source)[1:]
    }
    by_name = {f"{source.name}.{node.name}": node.name for node, source in classes}
    used = set[str]()
    if not classes:
        return used  # type: ignore[return-value]
    last_names = set(by_name.values())
    paths = [path for path, text in texts.items() if any(name in text for name in last_names)]
    for source in modules.parse_all(paths):
        for call in (one for one in ast.walk(source.tree) if isinstance(one, ast.Call)):
            given = [call.func, *call.args, *(word.value for word in call.keywords)]
            for one in given:
                if last_name(one) in last_names and isinstance(one, ast.Name | ast.Attribute):
                    used.add(index.resolve(one, source))
            renames = any((word.arg or "").startswith("_env_prefix") for word in call.keywords)
            if renames and index.resolve(call.func, source) in by_name:
                computed.append(source.place(call))
    return {where for full, where in above.items() if full not in used}


def _replaces_variables(node: ast.ClassDef) -> bool:
    """Tell whether a class has sources of its own instead of the variables."""
    return any(
        isinstance(one, ast.FunctionDef)
        and one.name == "settings_customise_sources"
        and not any(isinstance(n, ast.Name) and n.id == "env_settings" for n in ast.walk(one))
        for one in node.body
    )
