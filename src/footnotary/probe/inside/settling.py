"""What an application says of itself, without what belongs to this machine and this process."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from .answers import json

# Of an object without a `repr` of its own: `<shop.Thing object at 0x7f32c8a1b5d0>`, `<weakref at
# 0x7f32c8a1b5d0; dead>`, `<code object f at 0x7f32c8a1b5d0, file "…", line 1>`.
_ADDRESS = re.compile(r"(<[^<>\n]{1,200}?) at 0x[0-9A-Fa-f]{6,16}(?=[>;,])")
_ADDRESSES = 8  # of one object


def settled(data: Any, root: str) -> Any:
    """Return data as JSON has it; addresses, and folders of this machine, are left out.

    What comes of a set is sorted: its order is another one on another Python.

    Args:
        data: Anything; what JSON lacks becomes text.
        root: The project's folder: paths in it become relative.
    """
    text = json.dumps(data, default=_plain)
    for _ in range(_ADDRESSES if " at 0x" in text else 0):
        text = _ADDRESS.sub(r"\1", text)
    for folder, shown in _folders(root).items():
        quoted = json.dumps(folder)[1:-1]
        if quoted in text:
            text = re.sub(re.escape(quoted) + r"(/(?=\w)|(?![\w.-]))", shown, text)
    return _sorted(json.loads(text))


def _plain(value: Any) -> Any:
    """Return what JSON lacks: a set as a sorted list, everything else as text."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=lambda one: (type(one).__name__, str(one)))
    return str(value)


def _sorted(value: Any) -> Any:
    """Sort the defaults of arrays that are sets (JSON Schema: `uniqueItems`), at any depth."""
    if isinstance(value, dict):
        found = {name: _sorted(one) for name, one in value.items()}
        if found.get("uniqueItems") is True and isinstance(found.get("default"), list):
            found["default"].sort(key=json.dumps)
        return found
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def _folders(root: str) -> dict[str, str]:
    """Return folders of this machine, and what is in their place, longest first."""
    found = {sys.prefix: "environment/", os.environ.get("HOME", ""): "~/"}
    found.update(dict.fromkeys((root, os.path.realpath(root)), ""))
    usual = {folder: shown for folder, shown in found.items() if len(folder) > 1}
    return dict(sorted(usual.items(), key=lambda one: -len(one[0])))
