"""Putting other functions in the place of the library's, wherever those are already known."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any


class Replacement:
    """A function in the place of a built-in one: like these it binds to no class it is in."""

    def __init__(self, original: Any, call: Callable[..., Any]) -> None:
        self._call = call
        self.__name__ = self.__qualname__ = original.__name__
        self.__module__ = original.__module__
        self.__doc__ = original.__doc__

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Call the new function."""
        return self._call(*arguments, **options)


def replace(module: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
    """Replace a function in every module that holds it; do nothing where the system lacks it.

    Args:
        module: Where it is looked up.
        name: Its name.
        make: Makes the new function out of the old one.
    """
    original = getattr(module, name, None)
    if original is None:
        return
    new = Replacement(original, make(original))
    stand_in(original, new)
    for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks,
                 os.supports_effective_ids):  # fmt: skip
        if original in able:
            able.add(new)


def stand_in(original: Any, new: Any) -> None:
    """Put something in the place of something else in every module that holds it but our own.

    Args:
        original: What they hold.
        new: What they hold from now on.
    """
    for one in list(sys.modules.values()):
        if (getattr(one, "__name__", None) or "").startswith(__name__.partition(".")[0]):
            continue
        for key, value in list(getattr(one, "__dict__", {}).items()):
            if value is original:
                setattr(one, key, new)
