"""Modules of a package as facts: purpose, public names, size, documentation, coverage."""

import ast
import re
from collections.abc import Container, Mapping

from footnotary.extract.plain import json_value
from footnotary.facts.impl import Module
from footnotary.readers.stubs import stubs
from footnotary.secrecy import prose
from footnotary.source.names import Identifiers
from footnotary.source.package import Definition, Package, definitions, is_public_path
from footnotary.source.parsing import Source
from footnotary.source.tree import Tree

_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)
MAX_PURPOSE = 300


def describe_modules(package: Package, coverage: Mapping[str, float]) -> tuple[Module, ...]:
    """Describe every module of a package, by name."""
    return tuple(_module(source, coverage) for source in package.sources)


def _module(source: Source, coverage: Mapping[str, float]) -> Module:
    """Describe one module."""
    names = Identifiers(source)
    public = [(p, node) for p, node, _ in definitions(source) if is_public_path(p)]
    exported = _all(source.tree)
    top = [path for path, _ in public if "." not in path]
    return Module(
        name=source.name,
        path=source.path,
        purpose=purpose(source.tree, names),
        public=is_public_path(source.name),
        api=tuple(exported if exported is not None else top),
        exported=exported is not None,
        lines=source.text.count("\n") + (not source.text.endswith("\n") and bool(source.text)),
        definitions=len(public),
        documented=sum(ast.get_docstring(node, clean=False) is not None for _, node in public),
        coverage=coverage.get(source.path),
        docstring_shown=prose.is_documentation(ast.get_docstring(source.tree) or "", names),
        stubs=stubs(source, names) if is_public_path(source.name) else (),
    )


def purpose(node: ast.Module | Definition, names: Container[str] = ()) -> str:
    """Return the first sentence of a docstring on one line; empty without one."""
    docstring = ast.get_docstring(node)
    if not docstring:
        return ""
    paragraph = " ".join(docstring.strip().split("\n\n", 1)[0].split())
    found = _SENTENCE.match(paragraph)
    return prose.display_prose((found[1] if found else paragraph)[:MAX_PURPOSE], names)


def _all(tree: ast.Module) -> list[str] | None:
    """Return the names of a literal `__all__`; None without one."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        named = any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets)
        value = getattr(node, "value", None)
        if named and isinstance(value, ast.List | ast.Tuple):
            names = [e.value for e in value.elts if isinstance(e, ast.Constant)]
            return [name for name in names if isinstance(name, str) and name.isidentifier()]
    return None


def read_coverage(tree: Tree) -> dict[str, float]:
    """Return per cent of covered statements by path, from `coverage json`'s output."""
    try:
        files = json_value(tree.text("coverage.json") or "{}").get("files", {})
        return {
            str(path).replace("\\", "/"): float(entry["summary"]["percent_covered"])
            for path, entry in files.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
