"""What a status, a media type or an alternative of authentication covers; what is one operation."""

import re
from collections.abc import Iterator, Mapping
from email.message import Message
from functools import lru_cache

from footnotary.documents import escape
from footnotary.facts.api import ApiFacts, Operation, Parameter

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
    renamed = _renamed(before, after)
    was = [_asked(one, renamed) for one in _alternatives(old)]
    now = [_asked(one, {}) for one in _alternatives(new)]
    if set(was) == set(now):
        return
    breaks = not all(any(other <= one for other in now) for one in was)
    yield breaks, f"{name}: authentication {_words(old.security)} → {_words(new.security)}"


def _alternatives(one: Operation) -> list[Mapping[str, tuple[str, ...]]]:
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


def _renamed(before: ApiFacts, after: ApiFacts) -> dict[str, str]:
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
