"""The mutants of a file.

The operators are mutmut's. It leaves out what removes a rule whole: a branch never taken or always
taken, a lock not held, a call not made, a filter that keeps everything. Those are here.
"""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.mutators import mutation_operators

from mutation.viability import reason_not_viable

NO_CONTEXT = '__import__("contextlib").nullcontext()'
_STATEMENTS = (cst.SimpleStatementLine, cst.BaseCompoundStatement)
Change = tuple[cst.CSTNode, cst.CSTNode]


@dataclass(frozen=True)
class Place:
    """Where a change is, and whether it counts.

    Attributes:
        line: The line.
        lines: The lines of its statement: a test that runs none of them cannot notice it.
        imported: Whether the statement runs when the module is imported.
        within: The function or class around it.
        not_viable: Why no test should notice it; empty where one should.
    """

    line: int
    lines: tuple[int, ...]
    imported: bool
    within: str
    not_viable: str


@dataclass(frozen=True)
class Mutant:
    """One change to one file.

    Attributes:
        file: The file, below the repository.
        place: Where the change is.
        number: How many changes there are before it in the same function or class.
    """

    file: str
    place: Place
    number: int
    _change: Change = field(repr=False, compare=False)
    _module: cst.Module = field(repr=False, compare=False)

    def rank(self, seed: int) -> str:
        """Its place in the order of a seed; edits elsewhere do not move it."""
        words = f"{seed}\0{self.file}\0{self.place.within}\0{self.number}"
        return hashlib.sha256(words.encode()).hexdigest()

    @cached_property
    def text(self) -> str:
        """The whole file as the mutant has it."""
        return cst.ensure_type(self._module.deep_replace(*self._change), cst.Module).code

    @cached_property
    def difference(self) -> tuple[str, str]:
        """The lines that change, as they are and as the mutant has them."""
        was, becomes = self._module.code.splitlines(), self.text.splitlines()
        while was and becomes and was[-1] == becomes[-1]:
            was.pop()
            becomes.pop()
        pairs = enumerate(zip(was, becomes, strict=False))
        shared = min(len(was), len(becomes))
        first = next((at for at, (old, new) in pairs if old != new), shared)
        return _stripped(was[first:]), _stripped(becomes[first:])

    @cached_property
    def is_another_program(self) -> bool:
        """Whether it is Python, and not the same program again."""
        try:
            compile(self.text, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return ast.dump(ast.parse(self.text)) != ast.dump(ast.parse(self._module.code))


def _stripped(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines)


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """Return every mutant of a file, in the order of the file.

    Args:
        root: The repository.
        file: Where the file is below it.
    """
    tree = MetadataWrapper(cst.parse_module((root / file).read_text(encoding="utf-8")))
    visitor = _Visitor()
    tree.visit(visitor)
    made: list[Mutant] = []
    numbers: dict[str, int] = {}
    for change, place in visitor.changes:
        number = numbers.get(place.within, 0)
        numbers[place.within] = number + 1
        made.append(Mutant(file, place, number, change, tree.module))
    return made


class _Visitor(cst.CSTVisitor):
    """Collects what each operator makes of each node."""

    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[Change, Place]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Put every operator to the node."""
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                for new in operator(node):
                    self.changes.append(((node, new), self._place(node, new)))
        for old, new in rules_removed(node):
            self.changes.append(((old, new), self._place(old, new)))
        return True

    def _place(self, node: cst.CSTNode, new: cst.CSTNode) -> Place:
        around = list(self._around(node))
        statement = next((n for n in around if isinstance(n, _STATEMENTS)), around[-1])
        names = [n.name.value for n in around if isinstance(n, (cst.FunctionDef, cst.ClassDef))]
        functions = [n for n in around if isinstance(n, (cst.FunctionDef, cst.Lambda))]
        if statement in functions:  # a default of an argument: whoever calls the function
            lines, functions = self._span(statement), functions[1:]
        else:
            lines = self._header(statement)
        start = self.get_metadata(PositionProvider, node, None)
        return Place(
            line=start.start.line if start else lines[0],
            lines=lines,
            imported=not functions,
            within=".".join(reversed(names)),
            not_viable=reason_not_viable(node, new, around),
        )

    def _around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield a node and what is around it, from the inside."""
        at: cst.CSTNode | None = node
        while at is not None:
            yield at
            at = self.get_metadata(ParentNodeProvider, at, None)

    def _span(self, node: cst.CSTNode) -> tuple[int, ...]:
        place = self.get_metadata(PositionProvider, node)
        return tuple(range(place.start.line, place.end.line + 1))

    def _header(self, statement: cst.CSTNode) -> tuple[int, ...]:
        """Return the lines of a statement without the block below it."""
        span = self._span(statement)
        body = getattr(statement, "body", None)
        if isinstance(body, cst.IndentedBlock):
            below = self.get_metadata(PositionProvider, body.body[0]).start.line
            return tuple(line for line in span if line < below)
        return span


def rules_removed(node: cst.CSTNode) -> Iterator[Change]:
    """Yield what to replace by what, so that a rule is gone whole."""
    match node:
        case cst.If() | cst.CompIf():
            yield from _never_and_always(node.test)
        case cst.With():
            yield from _not_held(node)
        case cst.Expr(value=cst.Call() | cst.Await()):
            yield node, cst.Pass()
        case cst.Return(value=cst.BaseExpression() as value):
            if not (isinstance(value, cst.Name) and value.value == "None"):
                yield value, cst.Name("None")
        case _:
            return


def _never_and_always(test: cst.BaseExpression) -> Iterator[Change]:
    """Make a condition that is never true, and one that is always."""
    alone = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    for operator, value in ((cst.And(), "False"), (cst.Or(), "True")):
        yield test, cst.BooleanOperation(left=alone, operator=operator, right=cst.Name(value))


def _not_held(node: cst.With) -> Iterator[Change]:
    """Do not enter what a `with` enters; what is bound to a name is left."""
    for item in node.items:
        if item.asname is None:
            yield item.item, cst.parse_expression(NO_CONTEXT)
