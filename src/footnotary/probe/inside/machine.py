"""The machine as an import sees it: like any other one."""

from __future__ import annotations

import os
import posix
from collections.abc import Callable
from typing import Any

from .guards import optional
from .replacing import replace

_PROCESSORS = 4


def conceal(name: str) -> None:
    """Let the machine have a name that is not its own, and a usual number of processors.

    Args:
        name: The name.
    """
    replace(posix, "uname", lambda original: _with_name(original, name))
    replace(optional("_socket"), "gethostname", lambda _original: lambda: name)
    replace(posix, "cpu_count", lambda _original: lambda: _PROCESSORS)


def _with_name(original: Callable[[], Any], name: str) -> Callable[[], Any]:
    def uname() -> Any:
        told = original()
        return os.uname_result((told.sysname, name, told.release, told.version, told.machine))

    return uname
