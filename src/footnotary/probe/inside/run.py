"""The child's main: read the request, import under watch, write the answer."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from typing import Any

from . import answers, changes, connecting, guards, redirects
from .isolation import enter, give_up_rights, hold_to
from .layer import Layer
from .limits import Watch, confine

_TASKS = {"api": ".application", "schema": ".metadata", "reflect": ".database"}


def main() -> None:
    """Run one request; `sys.argv` holds the request's and the answer's path."""
    asked, answered = sys.argv[1:3]
    with open(asked, encoding="utf-8") as stream:
        request = answers.json.load(stream)
    os.remove(asked)
    reply = answers.Reply(answered, request["token"])
    sys.argv = ["python"]
    sys.dont_write_bytecode = True
    reply.give(_answer(request))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """Import what is asked for, and describe it."""
    ground = _Ground(request)
    # as the task: what these import is to know the functions that the ground has replaced
    from .loading import Mocks, failure

    task = importlib.import_module(_TASKS[request["task"]], __package__)
    library = answers.Library()
    sys.path[:0] = request["paths"]
    if request["mocks"]:
        sys.meta_path.insert(0, Mocks(request["mocks"]))
    # a file of the system's: applications ask for its buffer, its number, its encoding
    silence = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  they may have closed it, too
    try:
        with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
            answer = task.describe({**request, "restore": library.restore})
    except BaseException as error:  # noqa: BLE001  SystemExit and KeyboardInterrupt too: it is theirs
        library.restore()
        answer = failure(error)
    library.restore()
    return {**answer, **ground.told(), "python": sys.version.split()[0]}


class _Ground:
    """What the import stands on: namespaces or a layer of ours, limits, and a watch."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._root = os.path.realpath(request["root"])
        self._scratch = os.path.realpath(request["scratch"])
        self._layer: Layer | None = None
        self._separate: frozenset[str] = frozenset()
        reads_database = request["task"] == "reflect"  # which must connect, and write where it is
        if not reads_database:
            self._separate = enter(self._root, self._scratch, request["disk"], request["ways"])
            give_up_rights()
        confine(request["seconds"], request["memory"], request["space"], request["disk"],
                request["processes"])  # fmt: skip
        writable = [self._scratch, *([self._root] if "files" in self._separate else ())]
        self._watch = Watch(self._root, writable, import_only=reads_database)
        self._watch.start()
        guards.guard(self._watch)
        if not reads_database:
            self._redirect(request)

    def _redirect(self, request: dict[str, Any]) -> None:
        """Have the project's files written in a layer, where the system does not do that."""
        if "files" not in self._separate:
            upper = os.path.join(self._scratch, "layer", "upper")
            os.mkdir(upper)
            self._layer = Layer(self._root, upper, request["disk"])
            self._watch.seen = self._layer.seen
            # which keeps functions as defaults: loaded anew, it takes those of the layer
            sys.modules.pop("tempfile", None)
            redirects.redirect(self._layer)
            if request["landlock"] and hold_to(self._scratch):
                self._separate |= {"writing"}
        connecting.redirect(self._watch, self._layer)

    def told(self) -> dict[str, Any]:
        """Return what was written, removed and denied, and what is separate."""
        written: list[str] = []
        removed: list[str] = []
        upper = os.path.join(self._scratch, "layer", "upper")
        if self._layer is not None:
            layer, root = self._layer, self._root
            written, removed = changes.listed(
                root, upper, lambda folder: layer.names(os.path.join(root, folder))
            )
        elif "files" in self._separate:
            lower = os.path.join(self._scratch, "layer", "lower")
            written, removed = changes.listed(
                lower, upper, lambda folder: os.listdir(os.path.join(self._root, folder))
            )
        return {
            "written": written,
            "removed": removed,
            "denied": self._watch.denied,
            "read_only": self._watch.read_only,
            "separate": sorted(self._separate),
        }
