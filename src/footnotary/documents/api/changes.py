"""What changed in the API since the last document, breaking changes first."""

from collections.abc import Iterator

from footnotary.documents import escape
from footnotary.documents.kinds import Context
from footnotary.facts.api import ApiFacts, ApiModel, Operation, Parameter


def changes(facts: ApiFacts, context: Context) -> str:
    """Return the section "Changes since", or nothing for a first document."""
    before = context.previous
    if not isinstance(before, ApiFacts) or context.previous_date is None:
        return ""
    breaking: list[str] = []
    others: list[str] = []
    for is_breaking, words in differences(before, facts):
        (breaking if is_breaking else others).append(f"- {words}")
    heading = f"## Changes since {context.previous_date}"
    if not breaking and not others:
        return f"{heading}\n\nNone."
    parts = [heading]
    if breaking:
        parts.append("**Breaking**\n\n" + "\n".join(breaking))
    if others:
        parts.append("**Compatible**\n\n" + "\n".join(others))
    return "\n\n".join(parts)


def differences(before: ApiFacts, after: ApiFacts) -> Iterator[tuple[bool, str]]:
    """Yield each change: whether it breaks callers, and what it is in words.

    Args:
        before: The facts of the last document.
        after: The facts of today.
    """
    old = {(one.method, one.path): one for one in before.operations}
    new = {(one.method, one.path): one for one in after.operations}
    for key in old.keys() - new.keys():
        yield True, f"{_name(old[key])} is gone"
    for key in sorted(new.keys() - old.keys()):
        yield False, f"{_name(new[key])} is new"
    for key in sorted(old.keys() & new.keys()):
        yield from _operation(old[key], new[key])
    old_models = {one.name: one for one in before.models}
    taken = {name for one in after.operations for content in one.body for name in [content.type]}
    for model in after.models:
        if model.name in old_models:
            is_input = any("{" + model.name + "}" in text for text in taken)
            yield from _model(old_models[model.name], model, is_input=is_input)


def _operation(old: Operation, new: Operation) -> Iterator[tuple[bool, str]]:
    """Compare one operation."""
    name = _name(new)
    before = {(one.where, one.name): one for one in old.parameters}
    for one in new.parameters:
        previous = before.pop((one.where, one.name), None)
        yield from _parameter(name, previous, one)
    for gone in before.values():
        yield False, f"{name}: parameter {escape.code(gone.name)} is gone"
    if new.deprecated and not old.deprecated:
        yield False, f"{name} is deprecated now"
    if old.security != new.security:
        was, now = _words(old.security), _words(new.security)
        yield not any(old.security) and any(new.security), f"{name}: authentication {was} → {now}"
    if new.body_required and not old.body_required:
        yield True, f"{name}: a body is required now"
    statuses = {one.status for one in old.responses}, {one.status for one in new.responses}
    for status in sorted(statuses[1] - statuses[0]):
        yield False, f"{name}: answers {escape.text(status)} too"
    for status in sorted(statuses[0] - statuses[1]):
        yield status.startswith("2"), f"{name}: no longer answers {escape.text(status)}"


def _parameter(name: str, old: Parameter | None, new: Parameter) -> Iterator[tuple[bool, str]]:
    """Compare one parameter."""
    words = f"{name}: parameter {escape.code(new.name)}"
    if old is None:
        yield new.required, f"{words} is new" + (" and required" if new.required else "")
        return
    if new.required and not old.required:
        yield True, f"{words} is required now"
    if old.type != new.type:
        yield True, f"{words}: type {_type(old.type)} → {_type(new.type)}"
    if old.limits != new.limits:
        yield bool(new.limits), f"{words}: limits {_type(old.limits)} → {_type(new.limits)}"


def _model(old: ApiModel, new: ApiModel, *, is_input: bool) -> Iterator[tuple[bool, str]]:
    """Compare one model; a field gone breaks readers, a new required one breaks writers."""
    before = {one.name: one for one in old.fields}
    for field in new.fields:
        words = escape.code(f"{new.name}.{field.name}")
        previous = before.pop(field.name, None)
        if previous is None:
            needed = field.required and is_input
            yield needed, f"{words} is new" + (" and required" if needed else "")
            continue
        if previous.type != field.type:
            yield True, f"{words}: type {_type(previous.type)} → {_type(field.type)}"
        if field.required and not previous.required and is_input:
            yield True, f"{words} is required now"
    for name in before:
        yield True, f"{escape.code(f'{new.name}.{name}')} is gone"
    for value in sorted(set(old.values) - set(new.values)):
        yield True, f"{escape.code(new.name)} no longer has the value {escape.code(value)}"
    for value in sorted(set(new.values) - set(old.values)):
        yield False, f"{escape.code(new.name)} has the value {escape.code(value)} too"


def _name(one: Operation) -> str:
    return escape.code(f"{one.method} {one.path}")


def _type(text: str) -> str:
    return escape.code(text.replace("{", "").replace("}", "")) if text else "none"


def _words(security: tuple[str, ...]) -> str:
    return " or ".join(escape.code(one) if one else "none" for one in security) or "none"
