"""What a status, a media type and an alternative of authentication cover."""

from collections.abc import Iterator, Mapping

from footnotary.documents import escape
from footnotary.facts.api import ApiFacts, Operation


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
        media: A media type; what is behind a `;` does not count.
        known: By media types and ranges (RFC 9110, section 12.5.1).
    """
    wanted = media.split(";", maxsplit=1)[0].strip().casefold()
    ranges = (wanted, f"{wanted.partition('/')[0]}/*", "*/*")
    plain = {one.split(";")[0].strip().casefold(): one for one in known}
    return next((plain[one] for one in ranges if one in plain), "")


def changed_security(
    name: str, old: Operation, new: Operation, before: ApiFacts, after: ApiFacts
) -> Iterator[tuple[bool, str]]:
    """Yield changed authentication: who could come in before must still be let in.

    Args:
        name: The operation as Markdown.
        old: The operation before.
        new: The operation now.
        before: The facts before, for what its schemes are.
        after: The facts now.
    """
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
