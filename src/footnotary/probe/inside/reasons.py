"""Why an import failed, in words that hold no values: they are in documents.

Of an exception are told its type and names: modules, variables, fields. Of its message only what
its author wrote in the `raise` statement; what was put into it when the program ran is `…`. What
the interpreter says of itself is told without what it quotes.
"""

from __future__ import annotations

import ast
import linecache
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

LEFT_OUT = "…"
_LONGEST = 300
_FIELDS = 5
_SHORTEST = 3  # of a message's words: shorter ones stand anywhere
_HOLES = re.compile(
    r"%(?:\(\w+\))?[-#0 +]*(?:\d+|\*)?(?:\.\d+)?[a-zA-Z]|\{[^{}]*\}"  # of `%` and of `format`
)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`")
_NAME = re.compile(r"[A-Za-z_][\w.]{0,99}")
_CHAIN = 10
# What `limits` says; the last part of the path that follows is told elsewhere too.
REFUSAL = "footnotary does not let an imported project do this"
_DIRECTORIES = re.compile(r"(?<![\w.])/(?:[^\s/'\"()]+/)+")


def reason(error: BaseException) -> str:
    """Return an exception's type and what may be told of its message, on one line."""
    said = " ".join(_said(error).split())[:_LONGEST]
    return f"{type(error).__name__}: {said}".rstrip(": ")


def as_told(error: BaseException) -> dict[str, Any]:
    """Return `reason` and the `names` in it, as whoever writes it down wants them."""
    return {"reason": reason(error), "names": names_of_code(error)}


def names_of_code(error: BaseException) -> list[str]:
    """Return the names of the code that a reason tells, which are no prose."""
    found = [type(error).__name__, *_NAME.findall(_structured(error) or "")]
    if isinstance(error, TypeError) and _statement(error) is None:
        found += [one[1:-1] for one in _QUOTED.findall(first_line(error))]
    found += [one for one in _NAME.findall(first_line(error)) if _is_of_the_code(one)]
    return sorted({part for one in found for part in (one, *one.split("."))})


def frames(error: BaseException) -> list[dict[str, Any]]:
    """Return where an exception and those behind it were raised, without any line of source.

    Returns:
        For each exception `where` (its frames as a traceback has them), `reason` and `names`.
    """
    parts: list[dict[str, Any]] = []
    one: BaseException | None = error
    while one is not None and len(parts) < _CHAIN:
        lines = [
            f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
            for frame in traceback.extract_tb(one.__traceback__)
        ]
        parts.append({"where": "\n".join(lines), **as_told(one)})
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return parts


def _said(error: BaseException) -> str:
    """Return what may be told of an exception's message."""
    found = _structured(error)
    if found is not None:
        return found
    statement = _statement(error)
    message = first_line(error)
    if statement is None and isinstance(error, TypeError):
        return _QUOTED.sub(_quoted_name, message)  # it quotes parameters and types
    if statement is None:
        return _QUOTED.sub(LEFT_OUT, message)
    return _written(message, statement)


def _quoted_name(found: re.Match[str]) -> str:
    """Return a name in quotes as it is, anything else left out."""
    return found[0] if _NAME.fullmatch(found[0][1:-1]) else LEFT_OUT


def first_line(error: BaseException) -> str:
    """Return the first line of an exception's message; empty where it cannot say one."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # noqa: BLE001  `__str__` is the application's own
        return ""
    return lines[0] if lines else ""


def _structured(error: BaseException) -> str | None:
    """Return the message of an exception that keeps its names apart from its words, or None."""
    for kind, tell in _TELLING:
        if isinstance(error, kind):
            found = tell(error)
            if found is not None:
                return str(found)
    return None


def _name(error: BaseException) -> str:
    """Return the name that the interpreter says is missing; empty where a message was raised."""
    name = getattr(error, "name", None)
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""


def _of_refusal(error: PermissionError) -> str | None:
    """Return what was not allowed, as `limits` says it; of a path the last part."""
    words = first_line(error)
    return _DIRECTORIES.sub("", words) if words.startswith(REFUSAL) else None


def _of_attribute(error: AttributeError) -> str | None:
    """Return what has not an attribute: a module, a class, or an object of one."""
    name, holder = _name(error), getattr(error, "obj", None)
    if not name:
        return None
    kind = f"{type(holder).__name__!r} object"
    if isinstance(holder, (type(os), type)):
        kind = ("type object " if isinstance(holder, type) else "module ") + repr(holder.__name__)
    return f"{kind} has no attribute {name!r}"


def _of_name(error: NameError) -> str | None:
    """Return which name is not defined."""
    return f"name {_name(error)!r} is not defined" if _name(error) else None


def _of_syntax(error: SyntaxError) -> str | None:
    """Return what is wrong in a file, and where."""
    if not error.filename:
        return None
    where = f"({os.path.basename(str(error.filename))}, line {error.lineno})"
    return f"{_QUOTED.sub(LEFT_OUT, str(error.msg))} {where}"


def _of_system(error: OSError) -> str | None:
    """Return what the system said, and about which file."""
    if error.errno is None:
        return None
    file = os.path.basename(str(error.filename)) if error.filename else ""
    return f"{os.strerror(error.errno)}: {file}".rstrip(": ")


def _of_exit(error: SystemExit) -> str | None:
    """Return the code with which the process is to end."""
    return str(error.code) if isinstance(error.code, int) else None


def _of_import(error: ImportError) -> str | None:
    """Return which module, or which name of it, could not be imported."""
    name = _name(error)
    if not name:
        return None
    if isinstance(error, ModuleNotFoundError):
        return f"No module named {name!r}"
    found = re.match(r"cannot import name '([A-Za-z_]\w*)' from ", str(error))
    return f"cannot import name {found[1]!r} from {name!r}" if found else f"of {name!r}"


def _of_environment(error: KeyError) -> str | None:
    """Return the variable that `os.environ["NAME"]` did not find."""
    frames_ = traceback.extract_tb(error.__traceback__)
    inside = frames_ and (frames_[-1].filename == os.__file__ or "frozen os" in str(frames_[-1:]))
    return repr(str(error.args[0])) if inside else None


def _of_fields(error: BaseException) -> str | None:
    """Return pydantic's errors by field and kind; None for other exceptions."""
    listed = getattr(error, "errors", None)
    if type(error).__name__ != "ValidationError" or not callable(listed):
        return None
    try:
        problems = list(listed())
        told = [f"{_location(one['loc'])} ({one['type']})" for one in problems]
    except Exception:  # noqa: BLE001  somebody else's class of that name
        return None
    title = str(getattr(error, "title", "") or getattr(getattr(error, "model", 0), "__name__", ""))
    more = [f"{len(told) - _FIELDS} more"] if len(told) > _FIELDS else []
    return f"{title}: ".lstrip(": ") + ", ".join(told[:_FIELDS] + more)


def _of_settings(error: ValueError) -> str | None:
    """Return which field of a settings class pydantic-settings could not read; None of others."""
    words = r'error parsing value for field "(\w+)" from source "(\w+)"'
    found = re.match(words, first_line(error))
    if type(error).__name__ != "SettingsError" or found is None:
        return None
    return "cannot read the field " + found[1] + " from " + found[2]


def _location(parts: Any) -> str:
    """Return where a field is; a key of a mapping is a value, and no field of a model."""
    known = _field_names()
    return ".".join(
        str(part) if isinstance(part, int) or str(part) in known else LEFT_OUT for part in parts
    )


def _field_names() -> set[str]:
    """Return the names that the fields of all loaded models have, aliases included."""
    found: set[str] = set()
    waiting = [getattr(sys.modules.get("pydantic"), "BaseModel", None)]
    while waiting:
        model = waiting.pop()
        if model is None:
            continue
        fields = getattr(model, "model_fields", None)
        if fields is None:  # of pydantic 1; where both are, the older one warns
            fields = getattr(model, "__fields__", {})
        for name, field in fields.items():
            found |= {name, str(getattr(field, "alias", None) or name)}
            found |= {str(getattr(field, "validation_alias", None) or name)}
        waiting += model.__subclasses__()
    return found


_TELLING: tuple[tuple[type[BaseException], Callable[[Any], str | None]], ...] = (
    (ImportError, _of_import),
    (AttributeError, _of_attribute),
    (NameError, _of_name),
    (SyntaxError, _of_syntax),
    (KeyError, _of_environment),
    (PermissionError, _of_refusal),
    (OSError, _of_system),
    (SystemExit, _of_exit),
    (ValueError, _of_settings),
    (BaseException, _of_fields),
)


def _statement(error: BaseException) -> ast.Raise | ast.Assert | None:
    """Return the statement that raised an exception; None where the interpreter itself did."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return None
    file, line = last.tb_frame.f_code.co_filename, last.tb_lineno
    try:
        tree = ast.parse("".join(linecache.getlines(file, last.tb_frame.f_globals)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Raise()
    found: ast.Raise | ast.Assert | None = None
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Raise, ast.Assert)):
            continue
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            found = node
    return found if found is not None or tree.body else ast.Raise()


def _written(message: str, statement: ast.Raise | ast.Assert) -> str:
    """Return a message with what does not stand in its statement left out."""
    made = statement.msg if isinstance(statement, ast.Assert) else statement.exc
    arguments = made.args if isinstance(made, ast.Call) else []
    if isinstance(statement, ast.Assert) and made is not None:
        arguments = [made]
    words, at = "", 0
    for piece in [one for argument in arguments for one in _pieces(argument)]:
        found = message.find(piece, at)
        if found < 0:
            continue
        words += _names_of(message[at:found]) + piece
        at = found + len(piece)
    return words + (_names_of(message[at:]) if words else "")


def _names_of(text: str) -> str:
    """Return the names of the code in what was put into a message; `…` for all else of it.

    Of a path the last part is told, as of a file that the system does not find.
    """
    if not text:
        return ""
    if "/" in text and os.path.isdir(os.path.dirname(text)):
        return os.path.basename(text)
    return " ".join(filter(_is_of_the_code, _NAME.findall(text))) or LEFT_OUT


def _is_of_the_code(name: str) -> bool:
    """Whether a name is that of a loaded module, of something in one, of an attribute, a field."""
    if name in sys.modules or name.lower() in {one.lower() for one in _field_names()}:
        return True
    first, *rest = name.rstrip(".").split(".")
    holders = [
        one for one in list(sys.modules.values()) if first in (getattr(one, "__dict__", None) or ())
    ]
    if not rest:
        return bool(holders)
    return any(_has(getattr(one, "__dict__", {})[first], rest) for one in holders)


def _has(holder: Any, rest: list[str]) -> bool:
    """Whether a class has an attribute; nothing of the application runs to find out."""
    known = {name for base in getattr(holder, "__mro__", ()) for name in vars(base)}
    return len(rest) == 1 and rest[0] in known


def _pieces(node: ast.expr) -> Iterator[str]:
    """Yield the parts of a text that its author wrote, in their order."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        pieces = _HOLES.split(node.value)
        yield from (line for one in pieces for line in one.splitlines() if len(line) >= _SHORTEST)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _pieces(part) if isinstance(part, ast.Constant) else ()
    elif isinstance(node, ast.BinOp):
        yield from _pieces(node.left)
        if isinstance(node.op, ast.Add):
            yield from _pieces(node.right)
    elif isinstance(node, ast.Call):
        inner = [node.func.value] if isinstance(node.func, ast.Attribute) else node.args[:1]
        for one in inner:
            yield from _pieces(one)
