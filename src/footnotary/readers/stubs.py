"""Stubs of what the reference must not take from the source as it is.

mkdocstrings renders signatures, types and docstrings as they are written. A default or a type
may hold a value, a docstring an example with a key: where one is on no list, the definition is
shown as a stub instead, with `…` for what is not.
"""

import ast
import copy
import re
from collections.abc import Container, Iterator
from itertools import starmap, zip_longest

from footnotary.facts.impl import Stub
from footnotary.readers import literals
from footnotary.secrecy import prose
from footnotary.secrecy.credentials import speaks_of_a_secret
from footnotary.source.injected import parameters_of
from footnotary.source.names import defined_names, last_name
from footnotary.source.package import Definition
from footnotary.source.parsing import Source, parse_expression

_LONGEST_WORD = 15
_MAX_DIGITS = 6
_MEDIA_TYPE = re.compile(
    r"(?:application|text|image|audio|video|multipart|font)/[a-z]{1,12}(?:[.+-][a-z]{1,12}){0,4}"
)
_ELIDED = "…"
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_ASSIGNMENT = ast.Assign | ast.AnnAssign
_Member = Definition | _ASSIGNMENT
_DESCRIPTIONS = {"description", "title", "help", "doc"}
_DECORATORS = {"property", "cached_property", "classmethod", "staticmethod", "overload"}


def stubs(source: Source, names: Container[str]) -> tuple[Stub, ...]:
    """Return the public definitions of a module that cannot be shown as they stand."""
    found: dict[str, Stub] = {}
    for name, member, docstring in _members(source.tree.body):
        if name not in found and not _is_shown(member, docstring, names):
            found[name] = Stub(
                name=name, code=ast.unparse(ast.fix_missing_locations(_stub(name, member, names)))
            )
    return tuple(found.values())


def _members(body: list[ast.stmt]) -> Iterator[tuple[str, _Member, str]]:
    """Yield what mkdocstrings shows of a body: name, statement, docstring.

    Names with one underscore in front are private; those with two are not.
    """
    statements = list(_reachable_names(body))
    for statement, following in zip_longest(statements, statements[1:]):
        for name in defined_names(statement) if isinstance(statement, _Member) else ():
            if not name.startswith("_") or name.startswith("__"):
                yield name, statement, _docstring(statement, following)  # type: ignore[misc]


def _reachable_names(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body, those under conditions too."""
    for statement in body:
        yield statement
        if not isinstance(statement, Definition):
            for part in ("body", "orelse", "finalbody"):
                yield from _reachable_names(getattr(statement, part, []))
            for inner in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
                yield from _reachable_names(inner.body)


def _docstring(statement: ast.stmt, following: ast.stmt | None) -> str:
    """Return the docstring of a definition, or the text below an assignment."""
    if isinstance(statement, Definition):
        return ast.get_docstring(statement, clean=False) or ""
    value = following.value if isinstance(following, ast.Expr) else None
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    return ""


def _is_shown(member: _Member, docstring: str, names: Container[str]) -> bool:
    """Tell whether a definition, with all in it, may be shown as it is."""
    if not prose.is_documentation(docstring, names):
        return False
    if isinstance(member, _ASSIGNMENT):
        return not _is_hidden_name(getattr(member, "annotation", None))
    if isinstance(member, _FUNCTION):
        defaults = ((default, name) for name, _, default in parameters_of(member.args))
        hidden = (*starmap(_is_hidden_name, defaults), *map(_is_hidden_name, _types(member)))
        return not any(hidden)
    if any(map(_is_hidden_name, member.bases)) or _has_hidden_default(member):
        return False
    inside = [*_members(member.body), *_of_instances(member)]
    return all(_is_shown(one, words, names) for _, one, words in inside)


def _has_hidden_default(node: ast.ClassDef) -> bool:
    """Tell whether a field's default would stand among the class's parameters.

    griffe gives a dataclass the parameters that its fields make.
    """
    fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
    return bool(node.decorator_list) and any(_is_hidden_name(one.value) for one in fields)


def _of_instances(node: ast.ClassDef) -> Iterator[tuple[str, _Member, str]]:
    """Yield the attributes that methods declare on `self`."""
    for method in node.body:
        if isinstance(method, _FUNCTION):
            inner = [*_reachable_names(method.body)]
            for statement, following in zip_longest(inner, inner[1:]):
                if isinstance(statement, _ASSIGNMENT):
                    yield "", statement, _docstring(statement, following)


def _types(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr | None]:
    """Return the annotations of a signature."""
    return [*(argument.annotation for argument in list_parameters(node)), node.returns]


def list_parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """Return every parameter."""
    given = node.args
    more = [one for one in (given.vararg, given.kwarg) if one]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *more]


def _is_hidden_name(node: ast.expr | None, name: str = "") -> bool:
    """Tell whether an expression holds a literal that is on no list."""
    waiting: list[ast.AST] = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Constant) and _hides(one.value, name):
            return True
        if not _is_description(one):
            waiting.extend(ast.iter_child_nodes(one))
    return False


def _is_description(node: ast.AST) -> bool:
    """Tell whether an argument is words for a reader, such as `Query(description="…")`."""
    value: ast.expr | None = None
    if isinstance(node, ast.keyword) and node.arg in _DESCRIPTIONS:
        value = node.value
    elif isinstance(node, ast.Call) and last_name(node.func) == "Doc" and node.args:
        value = node.args[0]  # PEP 727
    return isinstance(value, ast.Constant) and (
        isinstance(value.value, str) and " " in value.value and prose.is_shown(value.value)
    )


def _hides(value: object, name: str = "") -> bool:
    """Tell whether a literal must not be shown as the value of a name."""
    if isinstance(value, int | float | complex):
        return len(str(value).strip("-")) > _MAX_DIGITS
    if not isinstance(value, str | bytes) or not value:
        return False
    text = str(value) if isinstance(value, str) else value.decode("latin-1")
    if speaks_of_a_secret(name):
        return True
    short = len(text) <= _LONGEST_WORD and prose.is_shown(text)
    known = short or literals.display_value(text) or _MEDIA_TYPE.fullmatch(text)
    return not known and any(map(str.isalnum, text))


class _Elider(ast.NodeTransformer):
    """Puts `…` in the place of literals that must not be shown."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Anything else; words for readers stay."""
        return node if _is_description(node) else super().generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """A literal."""
        return ast.Name(_ELIDED) if _hides(node.value, self.name) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """A formatted text, whose parts are literals; the quotes in it differ between Pythons."""
        return ast.Name(_ELIDED if _is_hidden_name(node) else f"f{self._formatted(node.values)!r}")

    def _formatted(self, values: list[ast.expr]) -> str:
        """Return what is between the quotes of a formatted text."""
        return "".join(map(self._part, values))

    def _part(self, node: ast.expr) -> str:
        """Return one part of a formatted text."""
        if isinstance(node, ast.Constant):
            return str(node.value).replace("{", "{{").replace("}", "}}")
        if not isinstance(node, ast.FormattedValue):
            return _ELIDED
        conversion = f"!{chr(node.conversion)}" if node.conversion > 0 else ""
        spec = node.format_spec
        form = f":{self._formatted(spec.values)}" if isinstance(spec, ast.JoinedStr) else ""
        return f"{{{ast.unparse(self.visit(node.value))}{conversion}{form}}}"


class _TypeElider(_Elider):
    """Puts what is in quotes in an annotation in the place of the quotes (PEP 563)."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """A name or an expression in quotes."""
        quoted = parse_expression(node.value) if isinstance(node.value, str) else None
        return super().visit_Constant(node) if quoted is None else self.visit(quoted)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """What `Literal` and `Annotated` are given besides a type are values."""
        plain, name = _Elider(self.name), last_name(node.value)
        if name == "Literal":
            return plain.generic_visit(node)
        if name == "Annotated" and isinstance(node.slice, ast.Tuple):
            first, *rest = node.slice.elts
            node.slice.elts = [self.visit(first), *map(plain.visit, rest)]
            return node
        return self.generic_visit(node)


def write_expression(node: ast.expr | None, name: str = "", *, is_type: bool = False) -> str:
    """Return an expression as text, alike on every Python; empty for None.

    Returns:
        The text, with `…` for each literal that must not be shown, and for what is too deep.
    """
    if node is None:
        return ""
    if isinstance(node, ast.Name):
        return node.id
    try:
        elider = (_TypeElider if is_type else _Elider)(name)
        return ast.unparse(ast.fix_missing_locations(elider.visit(copy.deepcopy(node))))
    except (RecursionError, ValueError):  # also: more digits than Python writes
        return _ELIDED


def _stub(name: str, member: _Member, names: Container[str]) -> ast.stmt:
    """Return a definition without bodies and values."""
    if isinstance(member, ast.ClassDef):
        inside = [
            _stub(inner, one, names)
            for inner, one, _ in _members(member.body)
            if isinstance(one, Definition | ast.AnnAssign)
        ]
        given = copy.copy(member)
        given.bases = [_Elider().visit(copy.deepcopy(base)) for base in member.bases]
        given.keywords, given.decorator_list = [], []
        given.body = [*_cut_sentence(member, names), *inside] or [ast.Expr(ast.Constant(...))]
        return given
    if isinstance(member, _FUNCTION):
        return _function(member, names)
    kind = getattr(member, "annotation", None)
    annotation = _Elider().visit(copy.deepcopy(kind)) if kind else ast.Name(_ELIDED)
    return ast.AnnAssign(target=ast.Name(name), annotation=annotation, simple=1)


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, names: Container[str]
) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """Return a function without its body."""
    given = copy.copy(node)
    given.args, given.returns = copy.deepcopy(node.args), copy.deepcopy(node.returns)
    arguments = given.args
    named = [*arguments.posonlyargs, *arguments.args]
    named = named[-len(arguments.defaults) :] if arguments.defaults else []
    arguments.defaults = [
        _Elider(one.arg).visit(default)
        for one, default in zip(named, arguments.defaults, strict=True)
    ]
    arguments.kw_defaults = [
        default and _Elider(one.arg).visit(default)
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    for one in list_parameters(given):
        one.annotation = one.annotation and _Elider().visit(one.annotation)
    given.returns = given.returns and _Elider().visit(given.returns)
    given.decorator_list = [
        one for one in given.decorator_list if isinstance(one, ast.Name) and one.id in _DECORATORS
    ]
    given.body = [*_cut_sentence(node, names), ast.Expr(ast.Constant(...))]
    return given


def _cut_sentence(node: Definition, names: Container[str]) -> list[ast.stmt]:
    """Return the first paragraph of a docstring as a statement; nothing without one."""
    docstring = ast.get_docstring(node)
    if not docstring:
        return []
    paragraph = " ".join(docstring.strip().split("\n\n", 1)[0].split())
    return [ast.Expr(ast.Constant(prose.display_prose(paragraph, names)))]
