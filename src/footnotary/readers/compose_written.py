"""A service as its author wrote it: interpolations as `${NAME}`, not as their defaults.

The loader puts the default of `${X:-default}` in its place, and a default may be a secret
like any other value. So what was interpolated is put back before anything is read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from footnotary.facts.basis import Place
from footnotary.readers import compose_text, literals
from footnotary.readers.compose import Merged
from footnotary.readers.compose_given import Given
from footnotary.readers.interpolation import substituted, uses

# What has readers of its own, which show only forms that cannot be a secret.
_LEFT = {"environment", "ports", "volumes"}
# Keys that name what the stack itself declares, and where it declares them.
_DECLARED = {
    "networks": "networks",
    "secrets": "secrets",
    "configs": "configs",
    "depends_on": "services",
}
_VERSION = re.compile(
    r"v?\d{1,8}(?:\.\d{1,6}){0,3}(?:[-.][a-z]{1,12}(?:\.?\d{1,4}){0,3}){0,3}"
    r"|latest|stable|edge|main|master|nightly|alpine|slim"
)

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Item:
    """One item of a list.

    Attributes:
        raw: The item as written: a text, or a mapping with its texts.
        value: The item with values from `.env` and defaults in place; may hold anything.
        place: Where it stands.
    """

    raw: Any
    value: Any
    place: Place


class Written:
    """Puts back what was interpolated.

    Attributes:
        merged: The merged stack.
        texts: Its files as written, by path.
        given: What `.env` files give.
    """

    def __init__(
        self, merged: Merged, texts: Mapping[str, compose_text.Text], given: Given
    ) -> None:
        self.merged = merged
        self.texts = texts
        self.given = given

    def service(self, name: str, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return a service's configuration with its interpolations put back."""
        return {
            key: value
            if key in _LEFT
            else self._image(name, value)
            if key == "image"
            else self._value(value, ("services", name, key), self.declared(key))
            for key, value in config.items()
        }

    def declared(self, key: str) -> frozenset[str]:
        """Return the names that a key of a service may refer to."""
        found = self.merged.data.get(_DECLARED.get(key, key))
        return frozenset(map(str, found)) if isinstance(found, dict) else frozenset()

    def items(self, name: str, key: str, config: Mapping[str, Any]) -> Iterator[Item]:
        """Yield the items of a service's list, as written and interpolated."""
        value = config.get(key)
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            steps: Steps = ("services", name, key, index)
            place = self.merged.place(*steps)
            if not isinstance(entry, dict):
                raw, value = self._both(entry, steps)
                yield Item(raw, value, place)
                continue
            pairs = {str(k): self._both(v, (*steps, str(k))) for k, v in entry.items()}
            yield Item(
                {k: raw for k, (raw, _) in pairs.items()},
                {k: filled for k, (_, filled) in pairs.items()},
                place,
            )

    def _both(self, value: Any, steps: Steps) -> tuple[Any, Any]:
        """Return a scalar as written and as interpolated; anything else as it is."""
        raw = "" if isinstance(value, dict | list) else self.raw(value, *steps)
        if not raw:
            return value, value
        return raw, substituted(raw, self.given.to(self.merged.place(*steps).path))

    def _value(self, value: Any, steps: Steps, declared: frozenset[str]) -> Any:
        """Put back the interpolations of a value and everything in it."""
        if isinstance(value, dict):
            return {
                key: self._value(one, (*steps, str(key)), declared) for key, one in value.items()
            }
        if isinstance(value, list):
            return [self._value(one, (*steps, i), declared) for i, one in enumerate(value)]
        raw, filled = self._both(value, steps)
        if raw is filled or filled in declared:
            return filled
        return literals.collapsed(raw)

    def raw(self, value: object, *steps: str | int) -> str:
        """Return the interpolated text behind a merged scalar; empty where there is none.

        Args:
            value: The merged scalar.
            steps: Its path in the stack.
        """
        place = self.merged.place(*steps)
        text = self.texts.get(place.path)
        key = steps[-1] if isinstance(steps[-1], str) else ""
        raws = text.scalars.get((place.line, key), []) if text else []
        if str(value) in raws and "$" not in str(value):
            return ""
        interpolated = [raw for raw in raws if "$" in raw]
        return min(interpolated, key=lambda raw: _distance(raw, str(value)), default="")

    def _image(self, name: str, value: object) -> str:
        """Return an image; defaults that read as versions or as images stay."""
        raw = self.raw(value, "services", name, "image")
        if not raw:
            return str(value)
        for use in uses(raw):
            is_version = bool(_VERSION.fullmatch(use.default))
            is_image = "/" in use.default and literals.image(use.default) == use.default
            if use.form and not (is_version or is_image):
                return literals.collapsed(raw)
        return literals.collapsed(str(value))


def _distance(raw: str, value: str) -> int:
    """Say how far a text is from having become a value by its defaults, 0 for not at all.

    Several texts may stand on one line; of paths the loader has made the beginning absolute.
    """
    text = substituted(raw, {})
    if value in {raw, text} or literals.collapsed(value) == text:
        return 0
    if value.endswith(text.lstrip("./~")):
        return 1
    return 2 if value.startswith(raw.partition("$")[0]) else 3
