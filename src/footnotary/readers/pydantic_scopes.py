"""What names mean in a module, scope by scope: which are models, and which hold models."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from footnotary.readers.pydantic_successors import FUNCTIONS
from footnotary.source.names import (
    MAX_HOPS,
    DefinitionIndex,
    full_name,
    last_name,
    resolve_from,
)
from footnotary.source.parsing import Source, walk_statements

ROOTS = {"pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic_settings.BaseSettings"}
ROOTS |= {"pydantic.BaseSettings", "pydantic.generics.GenericModel", "sqlmodel.SQLModel"}
# Types that hold models: what a loop over one of them gives is a model.
_CONTAINERS = {"list", "List", "set", "Set", "frozenset", "FrozenSet", "tuple", "Tuple"}
_CONTAINERS |= {"Sequence", "Collection", "Iterable", "Iterator", "Generator", "deque"}
# What makes a model, called on a model.
_MAKERS = {"parse_obj", "parse_raw", "parse_file", "from_orm", "construct", "copy"}
_MAKERS |= {"model_validate", "model_validate_json", "model_construct", "model_copy"}


@dataclass
class KnownNames:
    """What is known before a module is looked at.

    Attributes:
        models: Names of model classes, as the module writes them.
        names: Full name behind each imported name.
        own: Methods that models define themselves, whatever pydantic calls its own.
    """

    models: set[str] = field(default_factory=set)
    names: Mapping[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)


def is_model(node: ast.expr, names: Mapping[str, str], known: set[str]) -> bool:
    """Tell whether a base, annotation or called name is a model."""
    target = node.value if isinstance(node, ast.Subscript) else node
    full = full_name(target, names)
    return full in ROOTS or full in known or (isinstance(target, ast.Name) and target.id in known)


class Scopes(ast.NodeVisitor):
    """Walks a module and knows, at each place, the types of the names in scope.

    Attributes:
        known: What is known before the module is looked at.
        in_model: Whether the place lies in a model class.
    """

    def __init__(self, known: KnownNames) -> None:
        self.known = known
        self.in_model = False
        self._scopes: list[dict[str, bool]] = [{}]
        self._many: list[dict[str, bool]] = [{}]
        self._own: list[frozenset[str]] = [frozenset()]

    def found_class(self, node: ast.ClassDef) -> None:
        """Look at a model class; for those who look for something."""

    def found_decorator(self, node: ast.expr) -> None:
        """Look at a decorator without arguments; for those who look for something."""

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A class, with the attributes of its instances."""
        before = self.in_model
        self.in_model = node.name in self.known.models or any(
            is_model(base, self.known.names, self.known.models) for base in node.bases
        )
        if self.in_model:
            self.found_class(node)
        self._own.append(frozenset(self._attributes(node)))
        self.generic_visit(node)
        self._own.pop()
        self.in_model = before

    def _attributes(self, node: ast.ClassDef) -> Iterator[str]:
        """Yield the attributes of a class that are models: declared, or given in a method."""
        for statement in walk_statements(node):
            if isinstance(statement, ast.AnnAssign) and self._annotated(statement.annotation):
                yield last_name(statement.target)
        for method in node.body:
            if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            typed = {a.arg for a in _call_arguments(method) if self._annotated(a.annotation)}
            for statement in walk_statements(method):
                if isinstance(statement, ast.Assign) and (
                    last_name(statement.value) in typed
                    if isinstance(statement.value, ast.Name)
                    else self.is_instance(statement.value)
                ):
                    yield from (t.attr for t in statement.targets if isinstance(t, ast.Attribute))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Look at decorators outside, at the body inside the function's scope."""
        for decorator in node.decorator_list:
            self.visit(decorator)
            if not isinstance(decorator, ast.Call):
                self.found_decorator(decorator)
        arguments, every = node.args, _call_arguments(node)
        scope = {a.arg: self._annotated(a.annotation) for a in every}
        if self.in_model and every and every[0].arg in {"self", "cls"}:
            scope[every[0].arg] = True
        for argument in every:
            if argument.annotation:
                self.visit(argument.annotation)
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.visit(default)
        self._scopes.append(scope)
        self._many.append({a.arg: self._annotated_many(a.annotation) for a in every})
        for statement in node.body:
            self.visit(statement)
        self._scopes.pop()
        self._many.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """A name with a declared type."""
        if isinstance(node.target, ast.Name):
            self._scopes[-1][node.target.id] = self._annotated(node.annotation)
            self._many[-1][node.target.id] = self._annotated_many(node.annotation)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """A name that is given a model, or something else."""
        self.generic_visit(node)
        model = self.is_instance(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._scopes[-1][target.id] = model
                self._many[-1][target.id] = False

    def visit_For(self, node: ast.For) -> None:
        """The name of a loop is what its iterable holds."""
        self._bind(node.target, node.iter)
        self.generic_visit(node)

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        """Look at a comprehension inside its own scope."""
        self._scopes.append({})
        for generator in node.generators:
            self._bind(generator.target, generator.iter)
        self.generic_visit(node)
        self._scopes.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """A scope with parameters of no known type."""
        self._scopes.append({argument.arg: False for argument in node.args.args})
        self.generic_visit(node)
        self._scopes.pop()

    def _bind(self, target: ast.expr, iterable: ast.expr) -> None:
        """Give the name of a loop the type of what it runs over."""
        if isinstance(target, ast.Name):
            name = iterable.id if isinstance(iterable, ast.Name) else ""
            known = next((many[name] for many in reversed(self._many) if name in many), False)
            self._scopes[-1][target.id] = known

    def _annotated_many(self, node: ast.expr | None) -> bool:
        """Tell whether an annotation is a list, a set or an iterable of models."""
        if not isinstance(node, ast.Subscript) or last_name(node.value) not in _CONTAINERS:
            return False
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return bool(inner) and self._annotated(inner[0])  # `tuple[()]` holds nothing

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
        return is_model(node, self.known.names, self.known.models)

    def is_instance(self, node: ast.expr) -> bool:
        """Tell whether an expression is known to be a model's instance."""
        if isinstance(node, ast.Name):
            return next((s[node.id] for s in reversed(self._scopes) if node.id in s), False)
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id == "self"
            return own and node.attr in self._own[-1]
        return isinstance(node, ast.Call) and self._makes(node)

    def _makes(self, node: ast.Call) -> bool:
        """Tell whether a call gives a model: its class, a method that makes one, `super()`."""
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in _MAKERS and self.is_either(node.func.value)
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return self.in_model
        return self._is_class(node.func)

    def _is_class(self, node: ast.expr) -> bool:
        """Tell whether an expression is a model class."""
        if isinstance(node, ast.Name) and any(node.id in scope for scope in self._scopes):
            return False
        return is_model(node, self.known.names, self.known.models)

    def is_either(self, node: ast.expr) -> bool:
        """Tell whether an expression is a model class or an instance."""
        return self.is_instance(node) or self._is_class(node)


def _call_arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """Return the named parameters of a function."""
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _is_none(node: ast.expr) -> bool:
    """Tell whether an expression is `None`."""
    return isinstance(node, ast.Constant) and node.value is None


def read_names(source: Source, index: DefinitionIndex) -> Mapping[str, str]:
    """Return the full name behind each name that a module imports, by `*` too."""
    names = index.imports(source)
    if "*" not in names:
        return names
    used = {one.id: one for one in ast.walk(source.tree) if isinstance(one, ast.Name)}
    followed = {name: index.resolve(node, source) for name, node in used.items()}
    starred = {name: full for name, full in followed.items() if "." in full} | dict(names)
    is_pydantic = _imports_all_of_pydantic(source, index)
    return complete_names(source.tree, starred) if is_pydantic else starred


def _imports_all_of_pydantic(source: Source, index: DefinitionIndex, depth: int = 0) -> bool:
    """Tell whether a `*` brings pydantic's names, through modules of the package too."""
    for one in walk_statements(source.tree):
        if isinstance(one, ast.ImportFrom) and one.names[0].name == "*" and depth < MAX_HOPS:
            origin = resolve_from(one, source.name, is_package=source.is_package)
            other = index.modules.find(origin, source.path)
            if origin == "pydantic" or (
                other is not None and _imports_all_of_pydantic(other, index, depth + 1)
            ):
                return True
    return False


def complete_names(tree: ast.Module, names: Mapping[str, str]) -> dict[str, str]:
    """Complete the imports of a code sample, which often leaves them out.

    Returns:
        Those names, and for pydantic's own names that the sample neither imports nor
        defines, pydantic's.
    """
    defined = {n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef | ast.FunctionDef)}
    usual = {"BaseModel", "BaseSettings", "Field", "Extra", *FUNCTIONS}
    return {name: f"pydantic.{name}" for name in usual - defined} | dict(names)
