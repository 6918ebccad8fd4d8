"""What an application says of itself, without what belongs to this machine and this process."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from .answers import json

# Of an object without a `repr` of its own: `<shop.Thing object at 0x7f32c8a1b5d0>`.
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]{6,16}(?=>)")


def settled(data: Any, root: str) -> Any:
    """Return data as JSON has it; addresses, and folders of this machine, are left out.

    Args:
        data: Anything; what JSON lacks becomes text.
        root: The project's folder: paths in it become relative.
    """
    text = json.dumps(data, default=str)
    if " at 0x" in text:
        text = _ADDRESS.sub("", text)
    for folder, shown in _folders(root).items():
        quoted = json.dumps(folder)[1:-1]
        if quoted in text:
            text = re.sub(re.escape(quoted) + r"(/(?=\w)|(?![\w.-]))", shown, text)
    return json.loads(text)


def _folders(root: str) -> dict[str, str]:
    """Return folders of this machine, and what stands in their place, longest first."""
    found = {sys.prefix: "environment/", os.environ.get("HOME", ""): "~/"}
    found.update(dict.fromkeys((root, os.path.realpath(root)), ""))
    usual = {folder: shown for folder, shown in found.items() if len(folder) > 1}
    return dict(sorted(usual.items(), key=lambda one: -len(one[0])))
