"""Public definitions as their callers see them: parameters, types, bases, docstrings."""

import ast
import re
from collections.abc import Iterator

from footnotary.documents.sections import parse_sections
from footnotary.facts.basis import Place
from footnotary.facts.impl import ApiAttribute, ApiObject, ApiParameter, DocstringProblem
from footnotary.readers.stubs import list_parameters, write_expression
from footnotary.source.names import keyword, last_name
from footnotary.source.package import Definition, Package, definitions, is_public_path
from footnotary.source.parsing import statements_at_top

_ARGUMENTS = "parameters"
_MORE_ARGUMENTS = "other parameters"
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_RECEIVERS = {"self", "cls"}
# What is read like an attribute: its docstring says what it is.
_PROPERTIES = {"property", "cached_property", "computed_field"}


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
            if not isinstance(node, _Function):
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


def _check(node: _Function, *, in_class: bool, public: bool) -> dict[str, tuple[str, ...]]:
    """Compare one docstring with its signature; nothing where it has none."""
    docstring = ast.get_docstring(node)
    if docstring is None or "overload" in map(last_name, node.decorator_list):
        return {}
    told = _Told(docstring)
    wrong = _find_contradicted(node, told)
    takes_some = bool({one.arg for one in list_parameters(node)} - _RECEIVERS) or (
        in_class is False and bool(list_parameters(node))
    )
    return {
        "missing": _missing(node, told, in_class=in_class) if public else (),
        "contradicts": wrong if takes_some else (),
        "needless": () if takes_some else wrong,
    }


def _find_contradicted(node: _Function, told: _Told) -> tuple[str, ...]:
    """Return what the Args section documents that the signature has not.

    `self` and `cls` name receivers and are not documented as arguments; a plain function
    with a parameter of that name misleads its reader, which is said in those words. With
    `**kwargs`, what is documented may be what passes through, and nothing is said.
    """
    if node.args.kwarg is not None:
        return ()
    signature = [one.arg for one in list_parameters(node)]
    found = []
    for name in dict.fromkeys(told.arguments):
        if name in _RECEIVERS and name in signature:
            found.append(f"{name} is documented, a name kept for receivers")
        elif name not in signature:
            found.append(f"{name} is documented, but is no parameter")
    return tuple(found)


def _missing(node: _Function, told: _Told, *, in_class: bool) -> tuple[str, ...]:
    """Return the parameters and sections that a docstring with sections or lines lacks."""
    names = {*told.arguments, *told.more}
    wanted = [one.arg for one in list_parameters(node) if not one.arg.startswith("_")]
    decorators = set(map(last_name, node.decorator_list))
    if in_class and wanted and "staticmethod" not in decorators:
        wanted = wanted[1:] if node.args.posonlyargs or node.args.args else wanted
    lacking = [f"Args: {name}" for name in wanted if name not in names]
    facts = _Body(node)
    if facts.returns and "returns" not in told.kinds and not _PROPERTIES & decorators:
        lacking.append("Returns")
    if facts.yields and not {"yields", "returns"} & told.kinds:
        lacking.append("Yields")
    lacking += [f"Raises: {name}" for name in facts.raises if name not in told.raised]
    return tuple(lacking)


class _Body(ast.NodeVisitor):
    """What a function's own body returns, yields and raises, nested functions left out."""

    def __init__(self, node: _Function) -> None:
        self.returns = False
        self.yields = False
        self.raises: list[str] = []
        for statement in node.body:
            self.visit(statement)

    def _stay_out(self, node: ast.AST) -> None:
        """Pass over what is nested."""

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _stay_out

    def visit_Return(self, node: ast.Return) -> None:
        """Note a value that is returned."""
        empty = isinstance(node.value, ast.Constant) and node.value.value is None
        self.returns |= node.value is not None and not empty

    def visit_Yield(self, node: ast.Yield | ast.YieldFrom) -> None:
        """Note values that are yielded."""
        self.yields = True
        self.generic_visit(node)

    visit_YieldFrom = visit_Yield

    def visit_Raise(self, node: ast.Raise) -> None:
        """Note an exception that is raised by its class's name."""
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = raised.attr if isinstance(raised, ast.Attribute) else getattr(raised, "id", "")
        if name[:1].isupper() and name not in {*self.raises, "NotImplementedError"}:
            self.raises.append(name)


# Decorators that change how a definition is used.
_DECORATORS = frozenset(
    """
    abstractmethod asynccontextmanager cached_property classmethod contextmanager dataclass deleter
    hybrid_method hybrid_property overload property setter staticmethod
    """.split()  # noqa: SIM905  a list of one word a line would bury the code
)
# What describes a field, with a default or without.
_FIELDS = frozenset({"Field", "attrib", "field", "ib"})
_GIVES_DEFAULT = ("default", "default_factory", "factory")


def read_api(package: Package) -> tuple[ApiObject, ...]:
    """Return the public definitions of public modules, by path; of one name, the last."""
    found: dict[str, ApiObject] = {}
    for source in package.sources:
        if not is_public_path(source.name):
            continue
        for below, node, in_class in definitions(source, variants=True):
            if not is_public_path(below):
                continue
            path = f"{source.name}.{below}"
            if isinstance(node, ast.ClassDef):
                made = _class(path, node)
            else:
                made = _function(path, node, in_class=in_class)
            if former := found.get(path):
                others = (*former.overloads, _in_one_line(former))
                made = made.model_copy(update={"overloads": others})
            found[path] = made
    return tuple(found[path] for path in sorted(found))


def _class(path: str, node: ast.ClassDef) -> ApiObject:
    """Describe a class."""
    makers = {one.name: one for one in node.body if isinstance(one, _Function)}
    maker = makers.get("__init__") or makers.get("__new__")
    keywords = [f"{one.arg or '**'}={write_expression(one.value)}" for one in node.keywords]
    return ApiObject(
        path=path,
        kind="class",
        signature=_signature(maker)[1:] if maker else (),
        constructor=maker.name if maker else "",
        decorators=_decorators(node),
        bases=(*map(write_expression, node.bases), *keywords),
        attributes=_attributes(node, makers.get("__init__")),
        special=tuple(
            f"{name}{_in_one_line(_function(name, one, in_class=True))}"
            for name, one in sorted(makers.items())
            if name.startswith("__") and name.endswith("__") and one is not maker
        ),
    )


def _function(path: str, node: _Function, *, in_class: bool) -> ApiObject:
    """Describe a function or method; what a method is called on is no parameter."""
    decorators = _decorators(node)
    signature = _signature(node)[in_class and "staticmethod" not in decorators :]
    return ApiObject(
        path=path,
        kind="method" if in_class else "function",
        parameters=tuple(one.name + ("=" if one.default else "") for one in signature),
        signature=signature,
        returns=write_expression(node.returns, is_type=True),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        decorators=decorators,
    )


def _signature(node: _Function) -> tuple[ApiParameter, ...]:
    """Return every parameter of a function in order, with the marks between them."""
    given = node.args
    positional = [*given.posonlyargs, *given.args]
    plain: list[ast.expr | None] = [None] * (len(positional) - len(given.defaults))
    defaults = [*plain, *given.defaults]
    found = [_parameter(one, value) for one, value in zip(positional, defaults, strict=True)]
    if given.posonlyargs:
        found.insert(len(given.posonlyargs), ApiParameter(name="/"))
    if given.vararg:
        found.append(_parameter(given.vararg, None, "*"))
    elif given.kwonlyargs:
        found.append(ApiParameter(name="*"))
    found += map(_parameter, given.kwonlyargs, given.kw_defaults)
    return (*found, _parameter(given.kwarg, None, "**")) if given.kwarg else tuple(found)


def _parameter(argument: ast.arg, default: ast.expr | None, stars: str = "") -> ApiParameter:
    """Describe one parameter."""
    return ApiParameter(
        name=f"{stars}{argument.arg}",
        type=write_expression(argument.annotation, argument.arg, is_type=True),
        default=write_expression(default, argument.arg),
    )


def _decorators(node: Definition) -> tuple[str, ...]:
    """Return the decorators of a definition that change how it is used, outermost first."""
    return tuple(
        write_expression(one) if isinstance(one, ast.Call) else last_name(one)
        for one in node.decorator_list
        if last_name(one) in _DECORATORS
    )


def _attributes(node: ast.ClassDef, maker: _Function | None) -> tuple[ApiAttribute, ...]:
    """Return the public attributes of a class, by name; what its own body says comes first."""
    found: dict[str, ApiAttribute] = {}
    for name, statement in _assigned(node.body, ""):
        former = found.get(name, ApiAttribute(name=name))
        found[name] = _attribute(statement, former, has_default=_has_default(statement))
    receiver = next(iter([*maker.args.posonlyargs, *maker.args.args]), None) if maker else None
    for name, statement in _assigned(maker.body, receiver.arg) if maker and receiver else ():
        former = found.get(name, ApiAttribute(name=name))
        found[name] = _attribute(statement, former, has_default=False)
    return tuple(found[name] for name in sorted(found))


def _attribute(statement: ast.stmt, former: ApiAttribute, *, has_default: bool) -> ApiAttribute:
    """Add to an attribute what one more statement says of it."""
    annotation = write_expression(getattr(statement, "annotation", None), former.name, is_type=True)
    return ApiAttribute(
        name=former.name,
        type=former.type or annotation,
        has_default=former.has_default or has_default,
    )


def _assigned(body: list[ast.stmt], receiver: str) -> Iterator[tuple[str, ast.stmt]]:
    """Yield public names that a body assigns, as attributes of a receiver where there is one."""
    for statement in statements_at_top(body):
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        else:
            alias = getattr(statement, "name", None)  # `type X = …`, Python 3.12
            made = statement.target if isinstance(statement, ast.AnnAssign) else alias
            targets = [made] if isinstance(made, ast.expr) else []
        for one in targets:
            for target in one.elts if isinstance(one, ast.Tuple | ast.List) else [one]:
                name = _name_on(target, receiver)
                if name and not name.startswith("_"):
                    yield name, statement


def _name_on(target: ast.expr, receiver: str) -> str:
    """Return the name that is assigned, on a receiver where there is one; or empty."""
    if not receiver:
        return target.id if isinstance(target, ast.Name) else ""
    value = target.value if isinstance(target, ast.Attribute) else None
    return last_name(target) if isinstance(value, ast.Name) and value.id == receiver else ""


def _has_default(statement: ast.stmt) -> bool:
    """Tell whether an assignment in a class gives a default: `Field(...)` and `...` do not."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Call) and last_name(value) in _FIELDS:
        if any(keyword(value, name) for name in _GIVES_DEFAULT):
            return True
        value = next(iter(value.args), None)
    return value is not None and not (isinstance(value, ast.Constant) and value.value is ...)


def _in_one_line(one: ApiObject) -> str:
    """Return a signature as text, values of defaults left out."""
    words = [
        f"{each.name}{': ' * bool(each.type)}{each.type}{' = ...' * bool(each.default)}"
        for each in one.signature
    ]
    marks = "".join(f" @{name}" for name in one.decorators) + " async" * one.is_async
    return f"({', '.join(words)}){' -> ' * bool(one.returns)}{one.returns}{marks}"
