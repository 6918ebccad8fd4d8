"""Modules of a package as facts: purpose, public names, size, documentation, coverage."""

import ast
import json
import re
from collections.abc import Iterable, Mapping

from footnotary.facts.impl import ApiObject, Module
from footnotary.readers import literals
from footnotary.readers.package import Definition, Package, Source, definitions, is_public
from footnotary.readers.tree import Tree

_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_ ,.:%/-]{1,24}")
MAX_PURPOSE = 300


def read_modules(package: Package, coverage: Mapping[str, float]) -> tuple[Module, ...]:
    """Describe every module of a package, by name."""
    return tuple(_module(source, coverage) for source in package.sources)


def _module(source: Source, coverage: Mapping[str, float]) -> Module:
    """Describe one module."""
    public = [(p, node) for p, node, _ in definitions(source) if is_public(p)]
    exported = _all(source.tree)
    top = [path for path, _ in public if "." not in path]
    return Module(
        name=source.name,
        path=source.path,
        purpose=purpose(source.tree),
        public=is_public(source.name),
        api=tuple(exported if exported is not None else top),
        exported=exported is not None,
        lines=source.text.count("\n") + (not source.text.endswith("\n") and bool(source.text)),
        definitions=len(public),
        documented=sum(ast.get_docstring(node, clean=False) is not None for _, node in public),
        coverage=coverage.get(source.path),
        without_signature=_tops(path for path, node in public if _hides(node)),
        withheld=_withheld(source, public),
    )


def purpose(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the first sentence of a docstring on one line; empty without one."""
    docstring = ast.get_docstring(node)
    if not docstring:
        return ""
    paragraph = " ".join(docstring.strip().split("\n\n", 1)[0].split())
    found = _SENTENCE.match(paragraph)
    return literals.prose((found[1] if found else paragraph)[:MAX_PURPOSE])


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


def _tops(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the top-level names of dotted paths, each once."""
    return tuple(dict.fromkeys(path.partition(".")[0] for path in paths))


def _withheld(source: Source, public: list[tuple[str, Definition]]) -> tuple[str, ...]:
    """Return what has a docstring that holds what reads as a credential."""
    every: list[tuple[str, ast.Module | Definition]] = [("", source.tree), *public]
    return _tops(path for path, node in every if _reads_as_credential(ast.get_docstring(node)))


def _reads_as_credential(text: str | None) -> bool:
    """Tell whether something of a text would be left out where prose is shown."""
    return bool(text) and literals.prose(str(text)) != text


def _hides(node: Definition) -> bool:
    """Tell whether a signature or a field's type has a literal that must not be shown."""
    if isinstance(node, ast.ClassDef):
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        return any(_is_hidden("", field.annotation) for field in fields)
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(named) - len(arguments.defaults)) + list(arguments.defaults)
    pairs = [
        *zip(named, defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    every = [*named, *arguments.kwonlyargs]
    types = [argument.annotation for argument in every if argument.annotation]
    return any(default and _is_hidden(argument.arg, default) for argument, default in pairs) or any(
        _is_hidden("", one) for one in (*types, *([node.returns] if node.returns else []))
    )


def _is_hidden(name: str, default: ast.expr) -> bool:
    """Tell whether a default or type holds a text that is no plain word and on no list."""
    return any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str | bytes)
        and bool(node.value)
        and (
            literals.speaks_of_a_secret(name)
            or not (_WORD.fullmatch(str(node.value)) or literals.shown(str(node.value)))
        )
        for node in ast.walk(default)
    )


def read_api(package: Package) -> tuple[ApiObject, ...]:
    """Return the public definitions of public modules with their parameters, by path."""
    found = [
        ApiObject(
            path=f"{source.name}.{path}",
            kind="class"
            if isinstance(node, ast.ClassDef)
            else ("method" if in_class else "function"),
            parameters=() if isinstance(node, ast.ClassDef) else parameters(node, method=in_class),
        )
        for source in package.sources
        if is_public(source.name)
        for path, node, in_class in definitions(source)
        if is_public(path)
    ]
    return tuple(sorted({item.path: item for item in found}.values(), key=lambda item: item.path))


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef, *, method: bool) -> tuple[str, ...]:
    """Return a signature as words: `name`, `name=` with a default, `*`, `/`, `**name`."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    plain = len(positional) - len(arguments.defaults)
    words = [a.arg + ("=" if i >= plain else "") for i, a in enumerate(positional)]
    if arguments.posonlyargs:
        words.insert(len(arguments.posonlyargs), "/")
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
    if method and not static:
        words = words[1:]
    if arguments.vararg:
        words.append(f"*{arguments.vararg.arg}")
    elif arguments.kwonlyargs:
        words.append("*")
    words += [
        argument.arg + ("=" if default is not None else "")
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return (*words, f"**{arguments.kwarg.arg}") if arguments.kwarg else tuple(words)


def read_coverage(tree: Tree) -> dict[str, float]:
    """Return per cent of covered statements by path, from `coverage json`'s output."""
    text = tree.text("coverage.json")
    try:
        files = json.loads(text or "{}").get("files", {})
        return {
            str(path).replace("\\", "/"): float(entry["summary"]["percent_covered"])
            for path, entry in files.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
