"""What changed in the public API between two documents, by griffe's breakage check."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from footnotary.counting import counted
from footnotary.documents.escape import code, escape_text
from footnotary.documents.tables import table
from footnotary.facts.impl import ApiObject, ImplFacts

if TYPE_CHECKING:
    import griffe

MAX_LISTED = 60


def compare_public_api(facts: ImplFacts, previous: ImplFacts) -> str:
    """Compare the public API with the last document's.

    Args:
        facts: The facts of this document.
        previous: Those of the last one.

    Returns:
        Markdown: breaking changes as griffe names them, and what is new.
    """
    import griffe

    old, new = _tree(previous), _tree(facts)
    rows = [
        (code(_path(breakage)), escape_text(breakage.kind.value))
        for breakage in griffe.find_breaking_changes(old, new)
    ]
    before = {one.path for one in previous.api}
    added = [one.path for one in facts.api if one.path not in before]
    lines = []
    if rows:
        lines += [f"{counted(len(rows), 'change')} can break callers:"]
        lines.append(table(("Object", "Change"), sorted(set(rows))[:MAX_LISTED]))
    if added:
        shown = ", ".join(code(path) for path in added[:MAX_LISTED])
        more = f" and {len(added) - MAX_LISTED} more" if len(added) > MAX_LISTED else ""
        lines.append(f"New: {shown}{more}.")
    return "\n\n".join(lines) or "The public API is the same."


def _path(breakage: "griffe.Breakage") -> str:
    """Return the dotted path of what changed, with the parameter where it is one."""
    path = str(breakage.obj.path).partition(".")[2]
    for value in (breakage.old_value, breakage.new_value):
        name = getattr(value, "name", None)
        if isinstance(name, str) and not path.endswith(f".{name}"):
            return f"{path}({name})"
    return path


def _tree(facts: ImplFacts) -> "griffe.Module":
    """Rebuild the public API as griffe objects: modules, classes, functions, parameters."""
    import griffe

    root = griffe.Module("api")
    names = {module.name for module in facts.modules}
    for one in facts.api:
        parts = one.path.split(".")
        holder: griffe.Module | griffe.Class = root
        for depth, part in enumerate(parts[:-1], start=1):
            if part not in holder.members:
                is_module = ".".join(parts[:depth]) in names or depth == 1
                made = griffe.Module(part) if is_module else griffe.Class(part)
                holder.set_member(part, made)
            found = holder.members[part]
            if not isinstance(found, griffe.Module | griffe.Class):
                break
            holder = found
        else:
            if parts[-1] not in holder.members:
                holder.set_member(parts[-1], _object(one, parts[-1]))
    return root


def _object(one: ApiObject, name: str) -> "griffe.Class | griffe.Function":
    """Make the griffe object of one definition."""
    import griffe

    if one.kind == "class":
        return griffe.Class(name)
    return griffe.Function(name, parameters=griffe.Parameters(*_parameters(one.parameters)))


def _parameters(words: Iterable[str]) -> "list[griffe.Parameter]":
    """Make griffe parameters of the words of a signature."""
    import griffe

    given = list(words)
    kind = griffe.ParameterKind
    current = kind.positional_only if "/" in given else kind.positional_or_keyword
    found = []
    for word in given:
        if word == "/":
            current = kind.positional_or_keyword
        elif word == "*":
            current = kind.keyword_only
        elif word.startswith("**"):
            found.append(griffe.Parameter(word[2:], kind=kind.var_keyword, default="{}"))
        elif word.startswith("*"):
            found.append(griffe.Parameter(word[1:], kind=kind.var_positional, default="()"))
            current = kind.keyword_only
        else:
            default = "…" if word.endswith("=") else None
            found.append(griffe.Parameter(word.rstrip("="), kind=current, default=default))
    return found
