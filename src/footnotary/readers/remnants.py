"""Pydantic v1 forms in a package's modules and in the Markdown samples of its project."""

import ast
import textwrap

from footnotary.facts.basis import Place
from footnotary.facts.impl import Remnant
from footnotary.readers import pydantic_v1
from footnotary.source.names import Index, imported_names
from footnotary.source.package import Package
from footnotary.source.parsing import walk_statements
from footnotary.source.tree import Tree

_SIGNS = ("pydantic", "BaseModel", "BaseSettings", "sqlmodel")


def read_remnants(tree: Tree, package: Package, index: Index) -> tuple[Remnant, ...]:
    """Find Pydantic v1 forms.

    Args:
        tree: The project's files, for Markdown.
        package: The parsed package.
        index: Its definitions, by which a model is known across modules.

    Returns:
        The forms in code, then those in samples, each by file and line.
    """
    return (*_in_code(package, index), *_in_samples(tree))


def _in_code(package: Package, index: Index) -> list[Remnant]:
    """Look at every module, with the models of all modules known."""
    models = _models(package, index)
    classes = {full.rpartition(".")[2] for full in models}
    own = {
        method
        for source in package.sources
        for method in pydantic_v1.own_methods(source.tree, classes)
    }
    found = []
    for source in package.sources:
        names = index.imports(source)
        local = {
            full.rpartition(".")[2] for full in models if full.rpartition(".")[0] == source.name
        }
        imported = {name for name, full in names.items() if index.follow(full, source) in models}
        known = pydantic_v1.Known(local | imported | models, names, own)
        if not known.models and not any(full.startswith("pydantic") for full in names.values()):
            continue
        found += [
            Remnant(place=Place(path=source.path, line=one.line), form=one.form, write=one.write)
            for one in pydantic_v1.forms(source.tree, known)
        ]
    return found


def _models(package: Package, index: Index) -> set[str]:
    """Return the full names of all model classes of a package, through its modules."""
    bases: dict[str, list[str]] = {}
    for source in package.sources:
        for node in walk_statements(source.tree):
            if isinstance(node, ast.ClassDef):
                plain = [b.value if isinstance(b, ast.Subscript) else b for b in node.bases]
                bases[f"{source.name}.{node.name}"] = [index.resolve(b, source) for b in plain]
    roots = pydantic_v1.ROOTS
    models = {name for name, above in bases.items() if roots & set(above)}
    while True:
        more = {name for name, above in bases.items() if models & set(above)} - models
        if not more:
            return models
        models |= more


def _in_samples(tree: Tree) -> list[Remnant]:
    """Look at the Python samples of Markdown files."""
    found = []
    for path in tree.files:
        if not path.casefold().endswith((".md", ".markdown")):
            continue
        text = tree.text(path)
        if text is None or not any(sign in text for sign in _SIGNS):
            continue
        for line, sample in pydantic_v1.with_samples(text):
            found += [
                Remnant(
                    place=Place(path=path, line=line + one.line),
                    form=one.form,
                    write=one.write,
                    sample=True,
                )
                for one in _forms_of_sample(sample)
            ]
    return found


def _forms_of_sample(sample: str) -> list[pydantic_v1.Form]:
    """Return the forms of one sample; one that is no Python has none."""
    try:
        module = ast.parse(textwrap.dedent(sample))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names = pydantic_v1.sample_names(module, imported_names(module))
    models = pydantic_v1.model_classes(module, names, set())
    own = pydantic_v1.own_methods(module, models)
    return pydantic_v1.forms(module, pydantic_v1.Known(models, names, own))
