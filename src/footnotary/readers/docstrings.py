"""Docstrings against signatures: Google style (Google Python Style Guide, 3.8.3)."""

import ast
import re

from footnotary.documents.sections import parse_sections
from footnotary.facts.basis import Place
from footnotary.facts.impl import DocstringProblem
from footnotary.source.package import Package, definitions, is_public_path

_ARGUMENTS = "parameters"
_MORE_ARGUMENTS = "other parameters"
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_RECEIVERS = {"self", "cls"}


class _Told:
    """What a docstring tells in its sections."""

    def __init__(self, docstring: str) -> None:
        self.kinds: set[str] = set()
        self.raised = ""
        self.arguments: list[str] = []
        self.more: list[str] = []
        for section in parse_sections(docstring):
            kind = section.kind.value
            self.kinds |= {kind, (section.title or "").casefold() + "s"}  # `Return` is `Returns`
            if kind in {_ARGUMENTS, _MORE_ARGUMENTS}:
                names = [
                    n for one in section.value for n in re.split(r"[\s,*\\\\]+", one.name) if n
                ]
                (self.arguments if kind == _ARGUMENTS else self.more).extend(names)
            elif kind == "raises":
                told = (f"{one.annotation} {one.description}" for one in section.value)
                self.raised += " ".join(told)
            elif kind == "admonition" and (section.title or "").casefold() == "raise":
                self.raised += str(section.value.description)


def read_problems(package: Package) -> tuple[DocstringProblem, ...]:
    """Check the docstrings of a package.

    Returns:
        For each function or method with a docstring whose sections contradict the
        signature, and for each public one whose sections lack something, the problem.
    """
    found = []
    for source in package.sources:
        for path, node, in_class in definitions(source):
            if not isinstance(node, _FUNCTION):
                continue
            public = is_public_path(source.name) and is_public_path(path)
            place = Place(path=source.path, line=node.lineno)
            problem = DocstringProblem(
                path=f"{source.name}.{path}",
                place=place,
                **_check(node, in_class=in_class, public=public),
            )
            if problem.missing or problem.contradicts or problem.needless:
                found.append(problem)
    return tuple(found)


def _check(
    node: ast.FunctionDef | ast.AsyncFunctionDef, *, in_class: bool, public: bool
) -> dict[str, tuple[str, ...]]:
    """Compare one docstring with its signature; nothing where it has none."""
    docstring = ast.get_docstring(node)
    if docstring is None or _is_overload(node):
        return {}
    told = _Told(docstring)
    wrong = _contradictions(node, told)
    takes_some = bool(set(_signature(node)) - _RECEIVERS) or (
        in_class is False and bool(_signature(node))
    )
    return {
        "missing": _missing(node, told, in_class=in_class) if public else (),
        "contradicts": wrong if takes_some else (),
        "needless": () if takes_some else wrong,
    }


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Return the names of the parameters."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [argument.arg for argument in every]


def _contradictions(node: ast.FunctionDef | ast.AsyncFunctionDef, told: _Told) -> tuple[str, ...]:
    """Return what the Args section documents that the signature has not.

    `self` and `cls` name receivers and are not documented as arguments; a plain function
    with a parameter of that name misleads its reader, which is said in those words. With
    `**kwargs`, what is documented may be what passes through, and nothing is said.
    """
    if node.args.kwarg is not None:
        return ()
    signature = _signature(node)
    found = []
    for name in dict.fromkeys(told.arguments):
        if name in _RECEIVERS and name in signature:
            found.append(f"{name} is documented, a name kept for receivers")
        elif name not in signature:
            found.append(f"{name} is documented, but is no parameter")
    return tuple(found)


def _missing(
    node: ast.FunctionDef | ast.AsyncFunctionDef, told: _Told, *, in_class: bool
) -> tuple[str, ...]:
    """Return the parameters and sections that a docstring with sections or lines lacks."""
    names = {*told.arguments, *told.more}
    wanted = [name for name in _signature(node) if not name.startswith("_")]
    if in_class and wanted and not _is_static(node):
        wanted = wanted[1:] if node.args.posonlyargs or node.args.args else wanted
    lacking = [f"Args: {name}" for name in wanted if name not in names]
    facts = _Body(node)
    if facts.returns and "returns" not in told.kinds and not _is_property(node):
        lacking.append("Returns")
    if facts.yields and not {"yields", "returns"} & told.kinds:
        lacking.append("Yields")
    lacking += [f"Raises: {name}" for name in facts.raises if name not in told.raised]
    return tuple(lacking)


class _Body(ast.NodeVisitor):
    """What a function's own body returns, yields and raises, nested functions left out."""

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.returns = False
        self.yields = False
        self.raises: list[str] = []
        for statement in node.body:
            self.visit(statement)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Stay out of nested functions."""

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Stay out of nested functions."""

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Stay out of nested classes."""

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Stay out of lambdas."""

    def visit_Return(self, node: ast.Return) -> None:
        """Note a value that is returned."""
        empty = isinstance(node.value, ast.Constant) and node.value.value is None
        self.returns |= node.value is not None and not empty

    def visit_Yield(self, node: ast.Yield) -> None:
        """Note a value that is yielded."""
        self.yields = True
        self.generic_visit(node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        """Note values that are yielded."""
        self.yields = True
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Note an exception that is raised by its class's name."""
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = raised.attr if isinstance(raised, ast.Attribute) else getattr(raised, "id", "")
        if name[:1].isupper() and name not in {*self.raises, "NotImplementedError"}:
            self.raises.append(name)


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the last names of a function's decorators."""
    found = set()
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        found.add(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
    return found


def _is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function is a typing overload."""
    return "overload" in _decorators(node)


def _is_static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a method takes no receiver."""
    return "staticmethod" in _decorators(node)


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a method is read like an attribute (its docstring says what it is)."""
    return bool({"property", "cached_property", "computed_field"} & _decorators(node))
