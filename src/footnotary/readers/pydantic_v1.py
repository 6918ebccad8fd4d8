"""Pydantic v1 forms that v2 deprecates or dropped, with the v2 form to write.

By syntax tree and by the types of names: a method is reported only on what is known to be
a model, so that `response.json()` and `some_dict.copy()` are not. Forms and their
successors follow Pydantic's migration guide.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from footnotary.readers.names import full_name, last_name, statements
from footnotary.readers.pydantic_successors import (
    ATTRIBUTES,
    FIELD_ARGUMENTS,
    FUNCTIONS,
    METHODS,
    SETTINGS,
)

ROOTS = {"pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic_settings.BaseSettings"}
ROOTS |= {"pydantic.BaseSettings", "pydantic.generics.GenericModel", "sqlmodel.SQLModel"}


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


@dataclass
class Known:
    """What is known before a module is looked at.

    Attributes:
        models: Names of model classes, as the module writes them.
        names: Full name behind each imported name.
        own: Methods that models define themselves, whatever pydantic calls its own.
    """

    models: set[str] = field(default_factory=set)
    names: Mapping[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)


def model_classes(tree: ast.Module, names: Mapping[str, str], models: set[str]) -> set[str]:
    """Return the classes of a module that are models, in whatever order they stand.

    Args:
        tree: The module.
        names: Full name behind each imported name.
        models: Names in it that are known to be models already.
    """
    classes = [node for node in statements(tree) if isinstance(node, ast.ClassDef)]
    known = set(models)
    while True:
        more = {
            node.name
            for node in classes
            if any(_is_model(base, names, known) for base in node.bases)
        } - known
        if not more:
            return known
        known |= more


def own_methods(tree: ast.Module, models: set[str]) -> set[str]:
    """Return the names of the methods that the model classes of a module define."""
    return {
        member.name
        for node in statements(tree)
        if isinstance(node, ast.ClassDef) and node.name in models
        for member in node.body
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _is_model(node: ast.expr, names: Mapping[str, str], known: set[str]) -> bool:
    """Tell whether a base, annotation or called name is a model."""
    target = node.value if isinstance(node, ast.Subscript) else node
    full = full_name(target, names)
    return full in ROOTS or full in known or (isinstance(target, ast.Name) and target.id in known)


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


class _Finder(ast.NodeVisitor):
    """Walks a module with the types of the names in scope."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.found: list[Form] = []
        self.scopes: list[dict[str, bool]] = [{}]
        self.in_model = False

    def _add(self, node: ast.AST, form: str, write: str) -> None:
        """Keep a form."""
        self.found.append(Form(getattr(node, "lineno", 0), form, write))

    def _pydantic(self, node: ast.expr) -> str:
        """Return a name's path inside the pydantic package, or empty."""
        full = full_name(node, self.known.names)
        return full.removeprefix("pydantic.") if full.startswith("pydantic.") else ""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Names that moved or were dropped."""
        module = node.module or ""
        if module == "pydantic" or module.startswith("pydantic."):
            for alias in node.names:
                path = f"{module.removeprefix('pydantic').lstrip('.')}.{alias.name}".lstrip(".")
                if path.startswith("v1"):
                    self._add(node, f"from {module} import {alias.name}", "the v2 interface")
                elif path in {"BaseSettings", "generics.GenericModel", "PyObject"}:
                    self._add(node, f"import of {alias.name}", FUNCTIONS[path])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """`class Config` and `__root__` of a model; its methods' `self`."""
        before = self.in_model
        self.in_model = node.name in self.known.models or any(
            _is_model(base, self.known.names, self.known.models) for base in node.bases
        )
        if self.in_model:
            for statement in node.body:
                self._member(statement)
        self.generic_visit(node)
        self.in_model = before

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

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A new scope with the parameters' types."""
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """A new scope with the parameters' types."""
        self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Look at decorators outside, at the body inside the function's scope."""
        for decorator in node.decorator_list:
            self.visit(decorator)
            if not isinstance(decorator, ast.Call):
                self._function_name(decorator, "@")
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        scope = {a.arg: self._annotated(a.annotation) for a in every}
        if self.in_model and every and every[0].arg in {"self", "cls"}:
            scope[every[0].arg] = True
        for argument in every:
            if argument.annotation:
                self.visit(argument.annotation)
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.visit(default)
        self.scopes.append(scope)
        inside, self.in_model = self.in_model, False
        for statement in node.body:
            self.visit(statement)
        self.in_model = inside
        self.scopes.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """A name with a declared type."""
        if isinstance(node.target, ast.Name):
            self.scopes[-1][node.target.id] = self._annotated(node.annotation)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """A name that is given a model, or something else."""
        self.generic_visit(node)
        model = self._is_instance(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scopes[-1][target.id] = model

    def visit_For(self, node: ast.For) -> None:
        """The name of a loop is of no known type."""
        if isinstance(node.target, ast.Name):
            self.scopes[-1][node.target.id] = False
        self.generic_visit(node)

    def _annotated(self, node: ast.expr | None) -> bool:
        """Tell whether an annotation is a model, optional or annotated ones too."""
        if node is None:
            return False
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value in self.known.models
        if isinstance(node, ast.BinOp):
            sides = [side for side in (node.left, node.right) if not _is_none(side)]
            return len(sides) == 1 and self._annotated(sides[0])
        if isinstance(node, ast.Subscript) and last_name(node.value) in {"Optional", "Annotated"}:
            inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
            return self._annotated(inner)
        if isinstance(node, ast.Subscript) and full_name(node, {}) == "":
            return _is_model(node, self.known.names, self.known.models)
        return _is_model(node, self.known.names, self.known.models)

    def _is_instance(self, node: ast.expr) -> bool:
        """Tell whether an expression is known to be a model's instance."""
        if isinstance(node, ast.Await):
            return False
        if isinstance(node, ast.Name):
            return next((s[node.id] for s in reversed(self.scopes) if node.id in s), False)
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Attribute):
            makes = {"parse_obj", "parse_raw", "parse_file", "from_orm", "construct", "copy"}
            makes |= {"model_validate", "model_validate_json", "model_construct", "model_copy"}
            return node.func.attr in makes and self._is_either(node.func.value)
        return self._is_class(node.func)

    def _is_class(self, node: ast.expr) -> bool:
        """Tell whether an expression is a model class."""
        if isinstance(node, ast.Name) and any(node.id in scope for scope in self.scopes):
            return False
        return _is_model(node, self.known.names, self.known.models)

    def _is_either(self, node: ast.expr) -> bool:
        """Tell whether an expression is a model class or an instance."""
        return self._is_instance(node) or self._is_class(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Methods of models, functions of pydantic, arguments of Field."""
        function = node.func
        method = function.attr if isinstance(function, ast.Attribute) else ""
        if (
            isinstance(function, ast.Attribute)
            and method in METHODS
            and method not in self.known.own
            and self._is_either(function.value)
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

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Attributes of models."""
        if node.attr in ATTRIBUTES and self._is_either(node.value):
            self._add(node, f".{node.attr}", ATTRIBUTES[node.attr])
        self.generic_visit(node)


def _is_none(node: ast.expr) -> bool:
    """Tell whether an expression is `None`."""
    return isinstance(node, ast.Constant) and node.value is None


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
            yield (token.map[0] + 1 if token.map else 0), token.content
