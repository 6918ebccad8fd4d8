"""A service as its author wrote it: interpolations as `${NAME}`, not as their defaults.

The loader puts the default of `${X:-default}` in its place, and a default may be a secret
like any other value. So what was interpolated is put back before anything is read.
"""

import re
from collections.abc import Mapping
from typing import Any

from footnotary.readers import compose_text, literals
from footnotary.readers.compose import Merged

# What reads the merged values itself, and shows only forms that cannot be a secret.
_LEFT = {"environment", "ports"}
_VERSION = re.compile(r"v?\d[\w.-]{0,40}|latest|stable|edge|main|master|nightly|alpine|slim")


class Written:
    """Puts back what was interpolated.

    Attributes:
        merged: The merged stack.
        texts: Its files as written, by path.
    """

    def __init__(self, merged: Merged, texts: Mapping[str, compose_text.Text]) -> None:
        self.merged = merged
        self.texts = texts

    def service(self, name: str, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return a service's configuration with its interpolations put back."""
        return {
            key: value
            if key in _LEFT
            else self._image(name, value)
            if key == "image"
            else self._value(value, ("services", name, key))
            for key, value in config.items()
        }

    def _value(self, value: Any, steps: tuple[str | int, ...]) -> Any:
        """Put back the interpolations of a value and everything in it."""
        if isinstance(value, dict):
            return {key: self._value(one, (*steps, str(key))) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, (*steps, index)) for index, one in enumerate(value)]
        raw = self.raw(value, *steps)
        return literals.collapsed(raw) if raw else value

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
        close = [raw for raw in interpolated if str(value).startswith(raw.partition("$")[0])]
        return next(iter(close or interpolated), "")

    def _image(self, name: str, value: object) -> str:
        """Return an image; defaults that read as versions or as images stay."""
        raw = self.raw(value, "services", name, "image")
        if not raw:
            return str(value)
        for use in compose_text.uses(raw):
            is_version = bool(_VERSION.fullmatch(use.default))
            is_image = "/" in use.default and literals.image(use.default) == use.default
            if use.form and not (is_version or is_image):
                return literals.collapsed(raw)
        return literals.collapsed(str(value))
