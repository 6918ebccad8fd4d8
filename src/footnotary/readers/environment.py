"""Where the code reads environment variables: pydantic-settings, os, starlette, click.

By syntax tree, with the names followed to the modules they were imported from; nothing is
imported or run. Places that compute a variable's name, or take the whole environment, are kept
apart. What the probe learned of settings classes from the library itself is before their source.
"""

import ast
from collections.abc import Iterator
from dataclasses import replace

from footnotary.facts.basis import Place
from footnotary.facts.deploy import VariableReading
from footnotary.readers import literals
from footnotary.readers.environment_calls import HINTS, FoundEnvironment, read_module
from footnotary.source.names import DefinitionIndex, last_name
from footnotary.source.parsing import Modules, ParseElsewhere, parse_expression
from footnotary.source.settings import ImportedSettings, is_test, read_settings, read_texts
from footnotary.source.settings_fields import FoundSettings, SettingsField
from footnotary.source.tree import Tree

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
