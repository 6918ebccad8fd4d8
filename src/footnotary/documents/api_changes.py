"""What changed in the public API between two documents; griffe says what breaks callers."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

from footnotary.counting import counted
from footnotary.documents.escape import code, escape_text
from footnotary.documents.tables import write_table
from footnotary.facts.differing import show_apart
from footnotary.facts.impl import ApiAttribute, ApiObject, ApiParameter, ImplFacts

if TYPE_CHECKING:
    import griffe

_MAX_LISTED = 60
OLDER_API = "the last document has its facts in an older form: only names and parameters compared"
_COMPARED = "names, parameters, defaults, annotations, bases and attributes of public definitions"
_NOT_COMPARED = (
    "values of attributes, type parameters, variables and imported names of modules, definitions"
    " under conditions"
)
_MAKER = "__init__"
_BASE_GONE = "Base class was removed"
# What griffe's kinds of breakage are about, in the words by which changes are told apart here.
_ASPECTS = {
    "PARAMETER_CHANGED_DEFAULT": "default",
    "PARAMETER_CHANGED_REQUIRED": "default",
    "PARAMETER_CHANGED_KIND": "place",
    "PARAMETER_MOVED": "place",
    "PARAMETER_REMOVED": "gone",
    "OBJECT_REMOVED": "gone",
    "PARAMETER_ADDED_REQUIRED": "new",
    "RETURN_CHANGED_TYPE": "returns",
    "OBJECT_CHANGED_KIND": "kind",
}


_Told: TypeAlias = Literal["breaking", "changed", "new"]


class ApiChange(NamedTuple):
    """One change of a public definition.

    Attributes:
        told: Whether it breaks callers, is compatible as far as it is known, or is something new.
        path: Dotted path, with the parameter in brackets.
        words: What changed.
        before: What it was, or empty.
        now: What it is, or empty.
    """

    told: _Told
    path: str
    words: str
    before: str = ""
    now: str = ""

    @property
    def sentence(self) -> str:
        """The change as Markdown, for a list."""
        if self.told == "new":
            return f"{code(self.path)} is new"
        values = [code(one) if one else "nothing" for one in (self.before, self.now)]
        shown = f": {values[0]} → {values[1]}" if self.before or self.now else ""
        return f"{code(self.path)}: {escape_text(self.words)}{shown}"


_Keyed: TypeAlias = tuple[tuple[str, str], ApiChange]


def compare_public_api(facts: ImplFacts, previous: ImplFacts) -> str:
    """Compare the public API with the last document's.

    Returns:
        Markdown: breaking changes, other changes, what is new, and what was not compared.
    """
    found = find_api_changes(previous, facts)
    lines = []
    for told, noun, words in (
        ("breaking", "change", " can break callers"),
        ("changed", "other change", ""),
    ):
        if rows := [_row(one) for one in found if one.told == told]:
            lines.append(f"{counted(len(rows), noun)}{words}:")
            lines.append(write_table(("Object", "Change", "Before", "Now"), rows, _MAX_LISTED))
    if added := [one.path for one in found if one.told == "new"]:
        shown = ", ".join(code(path) for path in added[:_MAX_LISTED])
        more = f" and {len(added) - _MAX_LISTED} more" if len(added) > _MAX_LISTED else ""
        lines.append(f"New: {shown}{more}.")
    older = bool(previous.lacking() or facts.lacking())
    if not found:
        compared = "names and parameters of public definitions" if older else _COMPARED
        lines.append(f"No change in {compared}.")
    lines.append(f"{OLDER_API.capitalize()}." if older else _list_left_out(facts, previous))
    return "\n\n".join(lines)


def _row(one: ApiChange) -> tuple[str, str, str, str]:
    """Return the cells of a change."""
    before, now = (code(value) if value else "" for value in (one.before, one.now))
    return code(one.path), escape_text(one.words), before, now


def _list_left_out(facts: ImplFacts, previous: ImplFacts) -> str:
    """Return what of the public API was not compared, as a sentence."""
    hidden = sum("…" in words or "***" in words for words in map(_every_text, facts.api))
    parts = [_NOT_COMPARED]
    if hidden:
        parts.append(f"values that are not shown ({counted(hidden, 'definition')})")
    if computed := {one.name for one in (*facts.modules, *previous.modules) if one.computed}:
        parts.append(f"`__all__` where it is computed ({counted(len(computed), 'module')})")
    if facts.unparsed or previous.unparsed:
        parts.append("modules that could not be parsed")
    return f"Not compared: {', '.join(parts)}."


def _every_text(one: ApiObject) -> str:
    """Return every expression of a definition, to look something up in."""
    found = [
        *one.bases,
        *one.overloads,
        *one.special,
        one.returns,
        *(each.type for each in one.attributes),
    ]
    return "\n".join((*found, *(f"{each.type}\n{each.default}" for each in one.signature)))


def find_api_changes(before: ImplFacts, after: ImplFacts) -> tuple[ApiChange, ...]:
    """Return what changed in the public API, of modules that were parsed both times.

    Args:
        before: The earlier facts.
        after: The later facts. Where one of them has names and parameters alone, only those
            are compared.
    """
    unread = {*before.read.failed, *after.read.failed}
    skipped = {one.name for one in (*before.modules, *after.modules) if one.path in unread}
    known = not (before.lacking() or after.lacking())
    old, new = (_Api(facts, skipped, known=known) for facts in (before, after))
    found = dict(_exports(old, new) if known else ()) | dict(_signature_differences(old, new))
    for key, one in _by_griffe(old, new):
        own = found.get(key, one)
        found[key] = one._replace(before=own.before, now=own.now)
    moved = {path.partition("(")[0] for path, aspect in found if aspect == "place"}
    return tuple(sorted(one for (path, aspect), one in found.items()
                        if aspect != "order" or path not in moved))  # fmt: skip


class _Api:
    """The public definitions of facts, with the modules that they are in."""

    def __init__(self, facts: ImplFacts, skipped: AbstractSet[str], *, known: bool) -> None:
        self.modules = {one.name for one in facts.modules if one.public} - skipped
        self.exports = {one.name: set(one.api) for one in facts.modules if one.exported}
        self.computed = {one.name for one in facts.modules if one.computed}
        self.every = {one.name for one in facts.modules}.union(skipped)
        kept = (one for one in facts.api if self.module_of(one.path) not in skipped)
        self.found = {one.path: one if known else _names_alone(one) for one in kept}

    def module_of(self, path: str) -> str:
        """Return the module that a definition is in."""
        while path and path not in self.every:
            path = path.rpartition(".")[0]
        return path

    def as_griffe(self) -> "griffe.Module":
        """Rebuild it as griffe objects: modules, classes, functions, parameters."""
        import griffe

        root = griffe.Module("api")
        for name in sorted(self.modules):
            holder = root
            for part in name.split("."):
                found = holder.members.get(part) or griffe.Module(part)
                holder.set_member(part, found)
                holder = cast("griffe.Module", found)
        for path, one in self.found.items():
            self._place(root, path, one)
        return root

    def _place(self, root: "griffe.Module", path: str, one: ApiObject) -> None:
        """Put a definition where it belongs; nowhere if something else has a name on its way."""
        import griffe

        holder: griffe.Object | griffe.Alias = root
        *above, name = path.split(".")
        for part in above:
            if part not in holder.members:
                holder.set_member(part, griffe.Class(part))
            holder = holder.members[part]
            if not isinstance(holder, griffe.Module | griffe.Class):
                return
        if name not in holder.members:
            holder.set_member(name, _find_object(one, name))


def _names_alone(one: ApiObject) -> ApiObject:
    """Return a definition as facts of form 1 have it."""
    signature = tuple(
        ApiParameter(name=word.rstrip("="), default="…" * word.endswith("="))
        for word in one.parameters
    )
    return ApiObject(path=one.path, kind=one.kind, signature=signature)


def _find_object(one: ApiObject, name: str) -> "griffe.Class | griffe.Function":
    """Make the griffe object of one definition; bases are not given, it would look for them."""
    import griffe

    made = griffe.Parameters(*_parameters(one.signature))
    if one.kind != "class":
        return griffe.Function(name, parameters=made, returns=one.returns or None)
    found = griffe.Class(name)
    if one.constructor:
        found.set_member(_MAKER, griffe.Function(_MAKER, parameters=made))
    for each in one.attributes:
        found.set_member(each.name, griffe.Attribute(each.name))
    return found


def _parameters(signature: Sequence[ApiParameter]) -> "list[griffe.Parameter]":
    """Make griffe parameters of those of a signature, which tells kinds by marks."""
    import griffe

    kind = griffe.ParameterKind
    names = [one.name for one in signature]
    current = kind.positional_only if "/" in names else kind.positional_or_keyword
    found = []
    for one in signature:
        if one.name == "/":
            current = kind.positional_or_keyword
        elif one.name == "*":
            current = kind.keyword_only
        elif one.name.startswith("**"):
            found.append(griffe.Parameter(one.name[2:], kind=kind.var_keyword, default="{}"))
        elif one.name.startswith("*"):
            found.append(griffe.Parameter(one.name[1:], kind=kind.var_positional, default="()"))
            current = kind.keyword_only
        else:
            found.append(griffe.Parameter(one.name, kind=current, default=one.default or None))
    return found


def _by_griffe(old: _Api, new: _Api) -> Iterator[_Keyed]:
    """Yield what griffe calls breaking, by path and by what it is about."""
    import griffe

    for breakage in griffe.find_breaking_changes(old.as_griffe(), new.as_griffe()):
        path = str(breakage.obj.path).partition(".")[2].removesuffix(f".{_MAKER}")
        if breakage.kind is griffe.BreakageKind.OBJECT_REMOVED and breakage.obj.name == _MAKER:
            continue  # another one may be inherited
        values = (breakage.old_value, breakage.new_value)
        name = next((one.name for one in values if isinstance(one, griffe.Parameter)), "")
        path += f"({name})" if name else ""
        words = breakage.kind.value
        yield (path, _ASPECTS.get(breakage.kind.name, words)), ApiChange("breaking", path, words)


def _exports(old: _Api, new: _Api) -> Iterator[_Keyed]:
    """Yield what `__all__` of public modules names no longer, or now."""
    for module in sorted((old.modules & new.modules) - old.computed - new.computed):
        was, now = old.exports.get(module), new.exports.get(module)
        if (was is None) != (now is None):
            yield from _changed(
                module, "exports", "`__all__` was added or removed",
                ", ".join(sorted(was or ())), ", ".join(sorted(now or ())),
            )  # fmt: skip
            continue
        for name in (was or set()) - (now or set()):
            path = f"{module}.{name}"
            yield (path, "gone"), ApiChange("changed", path, "Name was removed from `__all__`")
        for name in (now or set()) - (was or set()):
            path = f"{module}.{name}"
            yield (path, "new"), ApiChange("new", path, "")


def _signature_differences(old: _Api, new: _Api) -> Iterator[_Keyed]:
    """Yield everything that differs, by path and by what it is about."""
    for path in old.found:
        parent = path.rpartition(".")[0]
        is_within = parent in old.found and parent not in new.found
        if path not in new.found and not is_within and old.module_of(path) in new.modules:
            yield (path, "gone"), ApiChange("breaking", path, "Public object was removed")
    for path, one in new.found.items():
        if path not in old.found:
            yield (path, "new"), ApiChange("new", path, "")
        elif old.found[path] != one:
            yield from _changes_of(old.found[path], one)


def _changes_of(old: ApiObject, new: ApiObject) -> Iterator[_Keyed]:
    """Yield what differs between two definitions of one path."""
    path = new.path
    if old.kind != new.kind:
        yield from _changed(path, "kind", "Kind was changed", old.kind, new.kind)
        return
    if _has_inherited(old) == _has_inherited(new):
        yield from _of_parameters(path, old.signature, new.signature)
    words = "Constructor of its own was added or removed"
    yield from _changed(path, "constructor", words, old.constructor, new.constructor)
    yield from _of_attributes(path, old.attributes, new.attributes)
    forms = ["async def" if one.is_async else "def" for one in (old, new)]
    yield from _changed(path, "async", "Function is called in another way", *forms)
    yield from _changed(path, "returns", "Return type was changed", old.returns, new.returns)
    fewer = len(new.bases) < len(old.bases)  # what griffe calls breaking
    for aspect, words, was, now in (
        ("bases", "Base classes were changed", old.bases, new.bases),
        ("decorators", "Decorators were changed", old.decorators, new.decorators),
        ("overloads", "Other signatures were changed", old.overloads, new.overloads),
        ("special", "Special methods were changed", old.special, new.special),
    ):
        for key, one in _changed(path, aspect, words, ", ".join(was), ", ".join(now)):
            breaks = aspect == "bases" and fewer
            yield key, one._replace(told="breaking", words=_BASE_GONE) if breaks else one


def _has_inherited(one: ApiObject) -> bool:
    """Tell whether a class may take what a base class or a decorator says: that is not known."""
    return one.kind == "class" and not one.constructor and bool(one.bases or one.decorators)


def _of_parameters(
    path: str, old: Sequence[ApiParameter], new: Sequence[ApiParameter]
) -> Iterator[_Keyed]:
    """Yield what differs between two signatures; stars are part of a parameter's kind."""
    (was, kinds), (now, other_kinds) = _parameters_by_name(old), _parameters_by_name(new)
    for name in was.keys() - now.keys():
        label = f"{path}({name})"
        yield (label, "gone"), ApiChange("breaking", label, "Parameter was removed")
    for name, one in now.items():
        label = f"{path}({name})"
        if name in was:
            former = was[name]
            yield from _changed(label, "type", "Type was changed", former.type, one.type)
            yield from _changed(
                label, "default", "Default was changed", former.default, one.default
            )
            continue
        required = not one.default and not one.name.startswith("*")
        told: _Told = "breaking" if required else "changed"
        words = "Parameter was added as required" if required else "Parameter was added"
        yield (label, "new"), ApiChange(told, label, words)
    before, after = (
        ", ".join(f"{name} ({kind})" for name, kind in each.items() if name in was and name in now)
        for each in (kinds, other_kinds)
    )
    yield from _changed(path, "order", "Order or kinds of parameters were changed", before, after)


def _parameters_by_name(
    signature: Sequence[ApiParameter],
) -> tuple[dict[str, ApiParameter], dict[str, str]]:
    """Return the parameters of a signature by name, and the kind of each, in order."""
    named = {one.name.lstrip("*"): one for one in signature if one.name.strip("*/")}
    kinds = {one.name: one.kind.value if one.kind else "" for one in _parameters(signature)}
    return named, kinds


def _of_attributes(
    path: str, old: Sequence[ApiAttribute], new: Sequence[ApiAttribute]
) -> Iterator[_Keyed]:
    """Yield what differs between the attributes of two classes."""
    was, now = ({one.name: one for one in each} for each in (old, new))
    for name in was.keys() - now.keys():
        label = f"{path}.{name}"
        yield (label, "gone"), ApiChange("breaking", label, "Attribute was removed")
    for name, one in now.items():
        label = f"{path}.{name}"
        if name not in was:
            yield (label, "new"), ApiChange("new", label, "")
            continue
        former = was[name]
        yield from _changed(label, "type", "Type was changed", former.type, one.type)
        forms = ["a value" if each.has_default else "none" for each in (former, one)]
        yield from _changed(label, "default", "Default was added or removed", *forms)


def _changed(path: str, aspect: str, words: str, before: str, now: str) -> Iterator[_Keyed]:
    """Yield a change where two texts differ, with them, so that it can be seen how."""
    if before != now:
        shown = [one.strip("`") for one in show_apart(before, now)]
        yield (path, aspect), ApiChange("changed", path, words, *shown)
