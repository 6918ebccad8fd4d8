"""Mutants that no test should notice, by where they are."""

from collections.abc import Iterable, Iterator

import libcst as cst

TEXTS = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
# What a call of this name is told is told to people.
LOGGERS = frozenset({"log", "logger", "logging", "_log", "_logger"})
TYPE_ONLY = frozenset({"cast", "assert_never", "TypeVar"})
MESSAGE_ARGUMENTS = frozenset({"hint", "help", "message", "msg"})


def reason_not_viable(node: cst.CSTNode, new: cst.CSTNode, around: list[cst.CSTNode]) -> str:
    """Return why no test should notice a change, or an empty string.

    Args:
        node: What is changed.
        new: What it becomes.
        around: The node and what is around it, from the inside.
    """
    for outer in around:
        if reason := _told_by(outer):
            return reason
    if _is_docstring(node, around):
        return "docstring"
    return "message" if _is_message(node, new, around) else ""


def _told_by(outer: cst.CSTNode) -> str:
    """Return why nothing inside a node should be noticed, or an empty string."""
    match outer:
        case cst.Annotation():
            return "annotation"
        case cst.Decorator():
            return "decorator"
        case cst.Assign() if "__all__" in _names(outer):
            return "__all__"
        case cst.Call() if _is_logging(outer):
            return "logging"
        case cst.If() | cst.Call() if _is_for_types(outer):
            return "type-only code"
        case _:
            return ""


def _is_for_types(node: cst.If | cst.Call) -> bool:
    if isinstance(node, cst.Call):
        return _called(node) in TYPE_ONLY
    return isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"


def _names(assign: cst.Assign) -> set[str]:
    return {target.target.value for target in assign.targets if isinstance(target.target, cst.Name)}


def _called(call: cst.Call) -> str:
    """Return the last name of what is called."""
    func = call.func
    if isinstance(func, cst.Attribute):
        return func.attr.value
    return func.value if isinstance(func, cst.Name) else ""


def _is_logging(call: cst.Call) -> bool:
    func = call.func
    return (
        isinstance(func, cst.Attribute)
        and isinstance(func.value, cst.Name)
        and func.value.value in LOGGERS
    )


def _is_docstring(node: cst.CSTNode, around: list[cst.CSTNode]) -> bool:
    return isinstance(node, TEXTS) and len(around) > 1 and isinstance(around[1], cst.Expr)


def _is_message(node: cst.CSTNode, new: cst.CSTNode, around: list[cst.CSTNode]) -> bool:
    """Return whether only words for people change: a text of an error, or a hint."""
    if isinstance(node, cst.Call):
        return all(
            _is_text(argument, node) for argument in _changed_arguments(node, new)
        ) and _called(node) == _called_or_empty(new)
    if isinstance(node, cst.SimpleString) and _is_prose(node.raw_value):
        return True
    if not isinstance(node, TEXTS):
        return False
    argument = next((outer for outer in around if isinstance(outer, cst.Arg)), None)
    call = next((outer for outer in around if isinstance(outer, cst.Call)), None)
    return argument is not None and call is not None and _is_text(argument, call)


def _called_or_empty(node: cst.CSTNode) -> str:
    return _called(node) if isinstance(node, cst.Call) else ""


def _changed_arguments(old: cst.Call, new: cst.CSTNode) -> Iterator[cst.Arg]:
    """Yield the arguments that a changed call lacks."""
    kept = {id(argument) for argument in new.args} if isinstance(new, cst.Call) else set()
    yield from (argument for argument in old.args if id(argument) not in kept)


def _is_text(argument: cst.Arg, call: cst.Call) -> bool:
    """Return whether an argument is words for people."""
    if argument.keyword is not None:
        return argument.keyword.value in MESSAGE_ARGUMENTS
    return _is_error(_called(call)) and isinstance(argument.value, TEXTS)


def _is_error(name: str) -> bool:
    return name.endswith(("Error", "Refused", "Missing", "Exit"))


def _is_prose(text: str) -> bool:
    """Return whether a text is words of a sentence, and no title, pattern or format."""
    first, *words = text.split() or [""]
    small = sum(word[:1].islower() for word in words)
    return first[:1].isalpha() and len(words) > 1 and small >= len(words) * 0.7


def counted(reasons: Iterable[str]) -> str:
    """Return reasons with how often each is given."""
    numbers: dict[str, int] = {}
    for reason in reasons:
        numbers[reason] = numbers.get(reason, 0) + 1
    return ", ".join(f"{number} {reason}" for reason, number in sorted(numbers.items()))
