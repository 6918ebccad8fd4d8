"""Pydantic v1 forms that v2 deprecates or dropped, with the v2 form to write.

By syntax tree and by the types of names: a method is reported only on what is known to be
a model, so that `response.json()` and `some_dict.copy()` are not. Forms and their
successors follow Pydantic's migration guide.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from footnotary.readers.pydantic_scopes import ROOTS, Known, Scopes, is_model
from footnotary.readers.pydantic_successors import (
    ATTRIBUTES,
    FIELD_ARGUMENTS,
    FUNCTIONS,
    METHODS,
    SETTINGS,
)
from footnotary.source.names import full_name, last_name
from footnotary.source.parsing import walk_statements

__all__ = ["ROOTS", "SIGNS", "Form", "Known", "forms", "model_classes", "own_methods"]

# A module with none of these words has no form.
SIGNS = (
    "Config",
    "pydantic",
    "__root__",
    *(f".{name}(" for name in METHODS),
    *ATTRIBUTES,
)


@dataclass(frozen=True)
class Form:
    """One v1 form: its line, what stands there, what to write instead."""

    line: int
    form: str
    write: str


def model_classes(tree: ast.Module, names: Mapping[str, str], models: set[str]) -> set[str]:
    """Return the classes of a module that are models, in whatever order they stand.

    Args:
        tree: The module.
        names: Full name behind each imported name.
        models: Names in it that are known to be models already.
    """
    classes = [node for node in walk_statements(tree) if isinstance(node, ast.ClassDef)]
    known = set(models)
    while True:
        more = {
            node.name
            for node in classes
            if any(is_model(base, names, known) for base in node.bases)
        } - known
        if not more:
            return known
        known |= more


def own_methods(tree: ast.Module, models: set[str]) -> set[str]:
    """Return the names of the methods that the model classes of a module define."""
    return {
        member.name
        for node in walk_statements(tree)
        if isinstance(node, ast.ClassDef) and node.name in models
        for member in node.body
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def forms(tree: ast.Module, known: Known) -> list[Form]:
    """Find the v1 forms of one module.

    Args:
        tree: The module.
        known: Its imports, and the models that it knows.

    Returns:
        The forms, by line.
    """
    finder = _Finder(known)
    finder.visit(tree)
    return sorted(set(finder.found), key=lambda one: (one.line, one.form))


class _Finder(Scopes):
    """Walks a module with the types of the names in scope."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self.found: list[Form] = []

    def _add(self, node: ast.AST, form: str, write: str) -> None:
        """Keep a form."""
        self.found.append(Form(getattr(node, "lineno", 0), form, write))

    def _pydantic(self, node: ast.expr) -> str:
        """Return a name's path inside the pydantic package, or empty."""
        full = full_name(node, self.known.names)
        return full.removeprefix("pydantic.") if full.startswith("pydantic.") else ""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802  the name that ast calls
        """Names that moved or were dropped."""
        module = node.module or ""
        if module == "pydantic" or module.startswith("pydantic."):
            for alias in node.names:
                path = f"{module.removeprefix('pydantic').lstrip('.')}.{alias.name}".lstrip(".")
                if path.startswith("v1"):
                    self._add(node, f"from {module} import {alias.name}", "the v2 interface")
                elif path in {"BaseSettings", "generics.GenericModel", "PyObject"}:
                    self._add(node, f"import of {alias.name}", FUNCTIONS[path])

    def found_class(self, node: ast.ClassDef) -> None:
        """`class Config` and `__root__` of a model."""
        for statement in node.body:
            self._member(statement)

    def found_decorator(self, node: ast.expr) -> None:
        """`@root_validator` and the like."""
        self._function_name(node, "@")

    def _member(self, statement: ast.stmt) -> None:
        """Look at one member of a model."""
        if isinstance(statement, ast.ClassDef) and statement.name == "Config":
            self._add(statement, "class Config", "model_config = ConfigDict(…)")
            for inner in statement.body:
                for target in inner.targets if isinstance(inner, ast.Assign) else []:
                    if isinstance(target, ast.Name) and target.id in SETTINGS:
                        self._add(inner, target.id, SETTINGS[target.id])
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if statement.target.id == "__root__":
                self._add(statement, "__root__", "RootModel[T]")
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            self._config_dict(statement.value)

    def _config_dict(self, call: ast.Call) -> None:
        """v1 keys in a v2 `ConfigDict`."""
        if last_name(call.func) in {"ConfigDict", "SettingsConfigDict"}:
            for keyword in call.keywords:
                if keyword.arg in SETTINGS and keyword.arg != "json_encoders":
                    self._add(keyword.value, f"ConfigDict({keyword.arg}=…)", SETTINGS[keyword.arg])

    def visit_Call(self, node: ast.Call) -> None:  # noqa: N802  the name that ast calls
        """Methods of models, functions of pydantic, arguments of Field."""
        function = node.func
        method = function.attr if isinstance(function, ast.Attribute) else ""
        if (
            isinstance(function, ast.Attribute)
            and method in METHODS
            and method not in self.known.own
            and self.is_either(function.value)
        ):
            self._add(node, f".{method}()", METHODS[method])
        self._function_name(function, "")
        if self._pydantic(function) in {"Field", "fields.Field"}:
            for keyword in node.keywords:
                if keyword.arg in FIELD_ARGUMENTS:
                    form = f"Field({keyword.arg}=…)"
                    self._add(keyword.value, form, FIELD_ARGUMENTS[keyword.arg])
        self.generic_visit(node)

    def _function_name(self, node: ast.expr, sign: str) -> None:
        """Report a name of pydantic that v2 deprecates, where it is used."""
        path = self._pydantic(node)
        if path in FUNCTIONS and path not in {"BaseSettings", "generics.GenericModel", "PyObject"}:
            decorator = (
                "@" if path in {"validator", "root_validator", "validate_arguments"} else sign
            )
            self._add(node, f"{decorator}{path}", FUNCTIONS[path])

    def visit_Attribute(self, node: ast.Attribute) -> None:  # noqa: N802  the name that ast calls
        """Attributes of models."""
        if node.attr in ATTRIBUTES and self.is_either(node.value):
            self._add(node, f".{node.attr}", ATTRIBUTES[node.attr])
        self.generic_visit(node)


def sample_names(tree: ast.Module, names: Mapping[str, str]) -> dict[str, str]:
    """Complete the imports of a code sample, which often leaves them out.

    Args:
        tree: The sample.
        names: What it imports.

    Returns:
        Those names, and for pydantic's own names that the sample neither imports nor
        defines, pydantic's.
    """
    defined = {n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef | ast.FunctionDef)}
    usual = {"BaseModel", "BaseSettings", "Field", *FUNCTIONS} - {"generics.GenericModel"}
    return {name: f"pydantic.{name}" for name in usual - defined} | dict(names)


def with_samples(text: str) -> Iterator[tuple[int, str]]:
    """Yield the Python samples of a Markdown text with the line above each.

    Args:
        text: Markdown; fenced blocks marked `python`, `py` or `python3` are samples.
    """
    from markdown_it import MarkdownIt

    for token in MarkdownIt("commonmark").parse(text):
        language = token.info.split()[:1] if token.type == "fence" else []
        if language and language[0].strip("{}.").casefold() in {"python", "py", "python3"}:
            yield (token.map[0] + 1 if token.map else 0), _without_prompts(token.content)


def _without_prompts(sample: str) -> str:
    """Return a sample of an interactive session as its statements; output becomes blank."""
    lines = sample.splitlines()
    if not any(line.startswith(">>> ") for line in lines):
        return sample
    return "\n".join(line[4:] if line[:4] in {">>> ", "... "} else "" for line in lines)
