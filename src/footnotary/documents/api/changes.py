"""What changed in the API since the last document, breaking changes first."""

from collections.abc import Callable, Iterable, Iterator

from footnotary.documents import escape
from footnotary.documents.api.compatibility import (
    Change,
    Direction,
    default_changes,
    limit_changes,
    required_changes,
    type_changes,
)
from footnotary.documents.kinds import Context
from footnotary.documents.types import names_of
from footnotary.documents.ways_of_reading import why_not_compared
from footnotary.facts.api import Answer, ApiFacts, ApiModel, Content, Operation, Parameter

_SENT, _GIVEN = Direction(sent=True), Direction(given=True)


def changes(facts: ApiFacts, context: Context) -> str:
    """Return the section "Changes since", or nothing for a first document."""
    before = context.previous
    if not isinstance(before, ApiFacts) or context.previous_date is None:
        return ""
    if why := why_not_compared(before, facts):
        return f"## Changes since {context.previous_date}\n\n{why}"
    found = list(dict.fromkeys(differences(before, facts)))
    breaking = [f"- {words}" for is_breaking, words in found if is_breaking]
    others = [f"- {words}" for is_breaking, words in found if not is_breaking]
    heading = f"## Changes since {context.previous_date}"
    if not found:
        return f"{heading}\n\nNone."
    parts = [heading]
    if breaking:
        parts.append("**Breaking**\n\n" + "\n".join(breaking))
    if others:
        parts.append("**Compatible**\n\n" + "\n".join(others))
    return "\n\n".join(parts)


def differences(before: ApiFacts, after: ApiFacts) -> Iterator[Change]:
    """Yield each change: whether it breaks callers, and what it is in words.

    Args:
        before: The facts of the last document.
        after: The facts of today.
    """
    yield from _whole(before, after)
    old = {_key(one): one for one in before.operations}
    new = {_key(one): one for one in after.operations}
    for key in sorted(old.keys() - new.keys()):
        yield True, f"{_name(old[key])} is gone"
    for key in sorted(new.keys() - old.keys()):
        yield False, f"{_name(new[key])} is new"
    for key in sorted(old.keys() & new.keys()):
        yield from _operation(old[key], new[key])
    yield from _models(before, after)


def _whole(before: ApiFacts, after: ApiFacts) -> Iterator[Change]:
    """Compare version, servers and WebSockets."""
    if before.version != after.version:
        was, now = (escape.text(one) or "none" for one in (before.version, after.version))
        yield False, f"version {was} → {now}"
    pairs = (
        ("server", before.servers, after.servers),
        (
            "WebSocket",
            [one.path for one in before.websockets],
            [one.path for one in after.websockets],
        ),
    )
    for kind, was_there, is_there in pairs:
        for one in was_there:
            if one not in is_there:
                yield True, f"{kind} {escape.code(one)} is gone"
        for one in is_there:
            if one not in was_there:
                yield False, f"{kind} {escape.code(one)} is new"


def _operation(old: Operation, new: Operation) -> Iterator[Change]:
    """Compare one operation; a webhook gives what an operation takes."""
    name = _name(new)
    taken, given = (_GIVEN, _SENT) if new.webhook else (_SENT, _GIVEN)
    before = {(one.where, one.name): one for one in old.parameters}
    for one in new.parameters:
        yield from _parameter(name, before.pop((one.where, one.name), None), one, taken)
    for gone in before.values():
        yield True, f"{name}: parameter {escape.code(gone.name)} is gone"
    if new.deprecated != old.deprecated:
        yield False, f"{name} is deprecated now" if new.deprecated else f"{name} is not deprecated"
    yield from _security(name, old.security, new.security)
    yield from _body(name, old, new, taken)
    answers = {one.status: one for one in old.responses}
    for answer in new.responses:
        previous = answers.pop(answer.status, None)
        yield from _answer(name, previous, answer, given)
    for status in answers:
        yield status.startswith("2"), f"{name}: no longer answers {escape.text(status)}"


def _parameter(
    name: str, old: Parameter | None, new: Parameter, way: Direction
) -> Iterator[Change]:
    """Compare one parameter."""
    words = f"{name}: parameter {escape.code(new.name)}"
    if old is None:
        yield new.required, f"{words} is new" + (" and required" if new.required else "")
        return
    yield from required_changes(words, old=old.required, new=new.required, way=way)
    yield from type_changes(words, old.type, new.type, way)
    yield from limit_changes(words, old.limits, new.limits, way)
    yield from default_changes(words, old.default, new.default)
    if new.deprecated and not old.deprecated:
        yield False, f"{words} is deprecated now"


def _security(name: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    """Compare authentication: who could come in before must still be let in."""
    if old == new:
        return
    accepted = set(new) or {""}
    breaks = "" not in accepted and bool((set(old) or {""}) - accepted)
    yield breaks, f"{name}: authentication {_words(old)} → {_words(new)}"


def _body(name: str, old: Operation, new: Operation, way: Direction) -> Iterator[Change]:
    """Compare what an operation takes."""
    if old.body and not new.body:
        yield True, f"{name}: takes no body any more"
        return
    if new.body_required and not old.body_required:
        yield True, f"{name}: a body is required now"
    elif new.body and not old.body:
        yield False, f"{name}: takes a body too"
    yield from _contents(f"{name}: the body", old.body, new.body, way, "taken")


def _answer(name: str, old: Answer | None, new: Answer, way: Direction) -> Iterator[Change]:
    """Compare one response."""
    status = escape.text(new.status)
    if old is None:
        yield False, f"{name}: answers {status} too"
        return
    yield from _contents(f"{name}: the answer {status}", old.contents, new.contents, way, "given")


def _contents(
    name: str, old: tuple[Content, ...], new: tuple[Content, ...], way: Direction, verb: str
) -> Iterator[Change]:
    """Compare the media types of a body."""
    before = {one.media_type: one.type for one in old}
    for one in new:
        media = escape.code(one.media_type)
        previous = before.pop(one.media_type, None)
        if previous is None:
            if old:
                yield False, f"{name} is {verb} as {media} too"
        else:
            yield from type_changes(f"{name} as {media}", previous, one.type, way)
    for gone in before:
        yield True, f"{name} is no longer {verb} as {escape.code(gone)}"


def _models(before: ApiFacts, after: ApiFacts) -> Iterator[Change]:
    """Compare the models, each by which way it goes."""
    old = {one.name: one for one in before.models}
    sent = _reached(after, lambda one: one.responses if one.webhook else (), body=True)
    given = _reached(after, lambda one: () if one.webhook else one.responses, body=False)
    for model in after.models:
        previous = old.pop(model.name, None)
        if previous is None:
            yield False, f"model {escape.code(model.name)} is new"
            continue
        way = Direction(sent=model.name in sent, given=model.name in given)
        yield from _model(previous, model, way)
    for name in old:
        yield False, f"model {escape.code(name)} is gone"


def _reached(
    facts: ApiFacts, answers: Callable[[Operation], Iterable[Answer]], *, body: bool
) -> set[str]:
    """Return the models in bodies or parameters, or in answers, and those within them."""
    waiting: list[str] = []
    for one in facts.operations:
        if body != one.webhook:
            waiting += [name for part in one.body for name in names_of(part.type)]
            waiting += [name for part in one.parameters for name in names_of(part.type)] * body
        for answer in answers(one):
            waiting += [name for part in answer.contents for name in names_of(part.type)]
    within = {one.name: [name for text in (one.type, *(f.type for f in one.fields))
                         for name in names_of(text)] for one in facts.models}  # fmt: skip
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += within.get(name, [])
    return found


def _model(old: ApiModel, new: ApiModel, way: Direction) -> Iterator[Change]:
    """Compare one model; a field gone breaks readers, a new required one breaks writers."""
    before = {one.name: one for one in old.fields}
    for field in new.fields:
        words = escape.code(f"{new.name}.{field.name}")
        previous = before.pop(field.name, None)
        if previous is None:
            needed = field.required and way.sent
            yield needed, f"{words} is new" + (" and required" if needed else "")
            continue
        yield from required_changes(words, old=previous.required, new=field.required, way=way)
        yield from type_changes(words, previous.type, field.type, way)
        yield from limit_changes(words, previous.limits, field.limits, way)
        yield from default_changes(words, previous.default, field.default)
    for name in before:
        yield True, f"{escape.code(f'{new.name}.{name}')} is gone"
    for value in sorted(set(old.values) - set(new.values)):
        words = f"{escape.code(new.name)} no longer has the value {escape.code(value)}"
        yield way.sent or not way.given, words
    for value in sorted(set(new.values) - set(old.values)):
        yield False, f"{escape.code(new.name)} has the value {escape.code(value)} too"
    if not old.fields and not new.fields and not (old.values or new.values):
        yield from type_changes(escape.code(new.name), old.type, new.type, way)


def _key(one: Operation) -> tuple[bool, str, str]:
    return one.webhook, one.path, one.method


def _name(one: Operation) -> str:
    return escape.code(f"{'webhook ' if one.webhook else ''}{one.method} {one.path}")


def _words(security: tuple[str, ...]) -> str:
    return " or ".join(escape.code(one) if one else "none" for one in security) or "none"
