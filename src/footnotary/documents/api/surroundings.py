"""What changed around the operations: servers, security schemes, and what only the code tells."""

import re
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from functools import lru_cache

from footnotary.documents import escape
from footnotary.documents.what_changed import Change, gone_and_new, of_source
from footnotary.facts.api import (
    FORM,
    ApiFacts,
    ApplicationPart,
    Endpoint,
    Operation,
    Parameter,
    Server,
    ServerVariable,
)

IN_BRACES = re.compile(r"\{([^{}]*)\}")


def covering_status(status: str, known: Mapping[str, object]) -> str:
    """Return the entry of some responses that covers a status; empty for none.

    Args:
        status: In upper case: a status code, `4XX` or `DEFAULT`.
        known: Responses by the same (OpenAPI Specification 3.1.0, section 4.8.16).
    """
    candidates = (status, f"{status[:1]}XX", "DEFAULT")
    return next((one for one in candidates if one in known), "")


def covering_media(media: str, known: Mapping[str, object]) -> str:
    """Return the entry of some media types that covers one; empty for none.

    Args:
        media: A media type; its charset does not count, other parameters do.
        known: By media types and ranges (RFC 9110, section 12.5.1).
    """
    wanted, parameters = _media(media)
    ranges = ("*/*", f"{wanted.partition('/')[0]}/*", wanted)
    fits = [
        ((ranges.index(kind), len(asked)), one)
        for one, (kind, asked) in ((one, _media(one)) for one in known)
        if kind in ranges and asked <= parameters
    ]
    return max(fits)[1] if fits else ""


def changed_charset(name: str, old: str, new: str) -> Iterator[tuple[bool, str]]:
    """Yield that a text is encoded otherwise."""
    was, now = (dict(_parameters(one)).get("charset", "").casefold() for one in (old, new))
    if was != now:
        words = " → ".join(escape.code(one) if one else "none" for one in (was, now))
        yield bool(was and now), f"{name}: charset {words}"


@lru_cache(maxsize=1024)
def _parameters(media: str) -> tuple[tuple[str, str], ...]:
    """Return type and parameters of a media type, in lower case but for values."""
    told = Message()
    told["content-type"] = " ".join(media.split())
    found = told.get_params() or [("", "")]
    return tuple((name.strip().casefold(), value) for name, value in found)


def _media(media: str) -> tuple[str, frozenset[tuple[str, str]]]:
    (kind, _), *rest = _parameters(media)
    ignored = ("charset", "boundary", "q")
    return kind, frozenset(one for one in rest if one[0] not in ignored)


def changed_security(
    name: str, old: Operation, new: Operation, before: ApiFacts, after: ApiFacts
) -> Iterator[tuple[bool, str]]:
    """Yield changed authentication: who could come in before must still be let in."""
    renamed = _find_renamed(before, after)
    was = [_asked(one, renamed) for one in _list_alternatives(old)]
    now = [_asked(one, {}) for one in _list_alternatives(new)]
    if set(was) == set(now):
        return
    breaks = not all(any(other <= one for other in now) for one in was)
    yield breaks, f"{name}: authentication {_words(old.security)} → {_words(new.security)}"


def _list_alternatives(one: Operation) -> list[Mapping[str, tuple[str, ...]]]:
    """Return the alternatives of an operation; one that asks for nothing where there is none."""
    if one.security and not one.requirements:  # of an older form: the text stands for itself
        return [{text: ()} if text else {} for text in one.security]
    return list(one.requirements) or [{}]


def _asked(one: Mapping[str, tuple[str, ...]], renamed: Mapping[str, str]) -> frozenset[str]:
    """Return what an alternative asks for: each scheme, and each scope of it."""
    named = {renamed.get(scheme, scheme): scopes for scheme, scopes in one.items()}
    return frozenset(
        {*named, *(f"{scheme} {scope}" for scheme, scopes in named.items() for scope in scopes)}
    )


def _find_renamed(before: ApiFacts, after: ApiFacts) -> dict[str, str]:
    """Return schemes that have another name and are the same, by the earlier name."""
    old, new = ({one.name: one.type for one in side.security} for side in (before, after))
    gone = [name for name in old if name not in new]
    added = [name for name in new if name not in old]
    pairs = {name: [one for one in added if new[one] == old[name]] for name in gone}
    return {name: found[0] for name, found in pairs.items() if len(found) == 1}


def _words(security: tuple[str, ...]) -> str:
    return " or ".join(escape.code(one) if one else "none" for one in security) or "none"


def is_route(one: Operation, route: str) -> bool:
    """Whether a route that is left out of the document, as `GET,HEAD /path`, is an operation."""
    methods, _, path = route.partition(" ")
    return path == one.path and one.method in methods.split(",")


def operations_by_key(operations: tuple[Operation, ...]) -> dict[tuple[bool, str, str], Operation]:
    """Return operations by method and path; what a path's parameters are called is no part of it.

    Where two paths differ by nothing else, each is told by its own words.
    """
    found: dict[tuple[bool, str, str], Operation] = {}
    for one in operations:
        key = (one.webhook, IN_BRACES.sub("{}", one.path), one.method)
        found[(one.webhook, one.path, one.method) if key in found else key] = one
    return found


def parameter_key(one: Parameter, renamed: Mapping[str, str]) -> tuple[str, str]:
    """Return what a parameter is told by: headers are the same in any case of letters."""
    if one.where == "path":
        return one.where, renamed.get(one.name, one.name)
    return one.where, one.name.casefold() if one.where == "header" else one.name


# Fields that only an imported application tells, as they are called where nothing changed.
_BESIDES = {"websockets": "WebSockets", "mounts": "mounted applications", "hidden": "hidden routes",
            "middleware": "middleware", "handlers": "exception handlers"}  # fmt: skip


def compared_parts(before: ApiFacts, after: ApiFacts) -> str:
    """Return what is compared of two readings, and what is not, as words behind "No change in"."""
    told = [words for field, words in _BESIDES.items() if _is_told(field, before, after)]
    handled = all(one.handler for side in (before, after) for one in side.operations)
    raised = ["undeclared statuses that were found in the code"] if told and handled else []
    listed = ["servers", "operations", "parameters", "bodies", "answers", "security", "callbacks",
              "webhooks", "models", *told, *raised]  # fmt: skip
    words = f"{', '.join(listed[:-1])} and {listed[-1]}"
    parts = [f"{words}. Descriptions, operation ids, tags, examples and links are not compared"]
    if "mounts" in told and any(one.operations for one in after.mounts):
        parts.append("of mounted applications, paths and methods alone are")
    if "middleware" in told and (after.middleware or after.handlers):
        parts.append("of middleware and exception handlers, names and options")
    return "; ".join(parts) + of_source(before, after)


def surrounding_changes(before: ApiFacts, after: ApiFacts) -> Iterator[Change]:
    """Yield what changed of an API besides its operations and models."""
    if before.version != after.version:
        was, now = (escape.escape_text(one) or "none" for one in (before.version, after.version))
        yield False, f"version {was} → {now}"
    yield from _servers("server", before.servers, after.servers)
    yield from _read_schemes(before, after)
    if _is_told("websockets", before, after):
        yield from _map_endpoints("WebSocket", before.websockets, after.websockets)
    if _is_told("mounts", before, after):
        yield from _map_endpoints("mounted application", before.mounts, after.mounts)
        yield from _mounted_apis(before, after)
    yield from _unsaid_limits(before, after)
    if _is_told("hidden", before, after):
        yield from gone_and_new("hidden route", _hidden(before, after), _hidden(after, before))
    for field, kind in (("middleware", "middleware"), ("handlers", "exception handler")):
        if _is_told(field, before, after):
            yield from _parts(kind, getattr(before, field), getattr(after, field))


def changed_servers(
    name: str, old: Operation, new: Operation, before: ApiFacts, after: ApiFacts
) -> Iterator[Change]:
    """Yield that an operation is elsewhere; where it has no server of its own, it is the API's."""
    if (old.servers or new.servers) and not new.webhook:
        here = (Server(url="/"),)
        was, now = old.servers or before.servers or here, new.servers or after.servers or here
        yield from _servers(f"{name}: server", was, now)


def changed_statuses(name: str, old: Operation, new: Operation) -> Iterator[Change]:
    """Yield statuses that the code raises now or no longer, and the document does not declare."""
    if old.handler is None or new.handler is None:
        return
    declared = ({one.status for one in side.responses} for side in (old, new))
    was, now = ({str(one.status) for one in side.undeclared} for side in (old, new))
    before, after = declared
    for status in sorted(now - was - before):
        yield False, f"{name}: may answer {status} now, which is not declared"
    for status in sorted(was - now - after):
        yield False, f"{name}: {status} is no longer found in the code (it was not declared)"


def _is_told(field: str, before: ApiFacts, after: ApiFacts) -> bool:
    """Whether both readings tell what is in a field: an imported application does."""
    return all(
        one.read.how == "imported" and field not in one.read.not_read for one in (before, after)
    )


def _servers(name: str, old: Iterable[Server], new: Iterable[Server]) -> Iterator[Change]:
    """Compare servers by their address, variables in braces; else by the address they give."""
    before, after = list(old), list(new)
    for address in (lambda one: IN_BRACES.sub("{}", one.url), lambda one: one.filled):
        for one in list(before):
            given = address(one)
            other = next((each for each in after if address(each) == given), None)
            if other is not None:
                before.remove(one)
                after.remove(other)
                yield from _server_variables(f"{name} {escape.code(other.url)}", one, other)
    yield from gone_and_new(name, [one.filled for one in before], [one.filled for one in after])


def _server_variables(words: str, old: Server, new: Server) -> Iterator[Change]:
    """Compare what may be put into an address, by its place in it."""
    before, after = (
        [next((one for one in side.variables if one.name == name), ServerVariable(name=name))
         for name in IN_BRACES.findall(side.url)]
        for side in (old, new)
    )  # fmt: skip
    if len(before) != len(after):
        yield bool(before), f"{words} was {escape.code(old.url)}"
        return
    for was, now in zip(before, after, strict=True):
        place = f"{words}: {escape.code(now.name)}"
        if now.values and not was.values:
            yield True, f"{place} may only be {escape.list_codes(now.values)} now"
        elif gone := [one for one in was.values if now.values and one not in now.values]:
            yield True, f"{place} may no longer be {escape.list_codes(gone)}"
        if more := [one for one in now.values if was.values and one not in was.values]:
            yield False, f"{place} may also be {escape.list_codes(more)}"
        elif was.values and not now.values:
            yield False, f"{place} may be anything now"
        if was.default != now.default:
            yield False, f"{place}: default {escape.code(was.default)} → {escape.code(now.default)}"


def _read_schemes(before: ApiFacts, after: ApiFacts) -> Iterator[Change]:
    """Compare security schemes of one name: their type, addresses and scopes."""
    known = {scheme.name: scheme for scheme in after.security}
    for old in before.security:
        new = known.get(old.name)
        if new is None:
            continue
        words = f"security scheme {escape.code(old.name)}"
        if old.type != new.type:
            yield True, f"{words}: {escape.code(old.type)} → {escape.code(new.type)}"
        elif min(before.form, after.form) >= FORM:
            yield from _details(words, dict(old.details), dict(new.details))
    if min(before.form, after.form) < FORM and before.security and after.security:
        yield None, "Older form: addresses and scopes of security schemes were not compared"


def _details(words: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Compare addresses and scopes: a scope that is gone, or another address, is asked in vain."""
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name, ""), after.get(name, "")
        if was == now:
            continue
        changed = " → ".join(escape.code(one) if one else "none" for one in (was, now))
        breaks = bool(was) and name != "bearerFormat"
        if name.endswith("scopes"):
            breaks = bool({*was.split(", ")} - {*now.split(", "), ""})
        yield breaks, f"{words}: {escape.escape_text(name)} {changed}"


def _map_endpoints(kind: str, old: Iterable[Endpoint], new: Iterable[Endpoint]) -> Iterator[Change]:
    """Compare what is served at a path, by the path."""
    before, after = ({one.path or "/": one for one in side} for side in (old, new))
    yield from gone_and_new(kind, before, after)
    for path in before.keys() & after.keys():
        if before[path].what != after[path].what:
            was, now = escape.code(before[path].what), escape.code(after[path].what)
            yield None, f"{kind} {escape.code(path)} is {now}, no longer {was}"


def _mounted_apis(before: ApiFacts, after: ApiFacts) -> Iterator[Change]:
    """Compare the operations of applications that are mounted in both."""
    old, new = ({one.path: one.operations for one in side.mounts} for side in (before, after))
    for path in old.keys() & new.keys():
        yield from gone_and_new("operation of a mounted application", old[path], new[path])


def _unsaid_limits(before: ApiFacts, after: ApiFacts) -> Iterator[Change]:
    """Compare the limits that no schema says; which way they went is not judged."""
    old, new = before.unsaid, after.unsaid
    if old is None or new is None:
        return
    fields = [{(one.name, key) for one in side.models if one.class_name
               for key in ("", *(field.name for field in one.fields))}
              for side in (before, after)]  # fmt: skip
    for model, field in sorted(fields[0] & fields[1]):
        was, now = (side.get(model, {}).get(field, "none") for side in (old, new))
        if was != now:
            name = escape.code(f"{model}.{field}".strip("."))
            words = escape.escape_text(f"{was} → {now}")
            yield None, f"{name} is held to other limits, unsaid in the document: {words}"


def _hidden(facts: ApiFacts, other: ApiFacts) -> list[str]:
    """Return the hidden routes of a reading that are not documented in the other one."""
    shown = {f"{one.method} {one.path}" for one in other.operations}
    named = (one.partition(" ") for one in facts.hidden)
    every = [(method, path, methods) for methods, _, path in named for method in methods.split(",")]
    own = (f"{method} {path}" for method, path, all_of in every
           if not (method == "HEAD" and "GET" in all_of))  # fmt: skip
    return [one for one in own if one not in shown]


def _parts(
    kind: str, old: Iterable[ApplicationPart], new: Iterable[ApplicationPart]
) -> Iterator[Change]:
    """Compare parts by name: what they do to requests and answers cannot be told."""
    before, after = ({one.name: one for one in side} for side in (old, new))
    for _, words in gone_and_new(kind, before, after):
        yield None, f"{words}: what it does was not compared"
    shared = [
        [name for name in side if name in before.keys() & after.keys()] for side in (before, after)
    ]
    for name in shared[1]:
        if before[name].detail != after[name].detail:
            was, now = (escape.code(one[name].detail) or "none" for one in (before, after))
            yield None, f"{kind} {escape.code(name)}: {was} → {now}"
    if shared[0] != shared[1]:
        yield None, f"{kind}: in another order"
