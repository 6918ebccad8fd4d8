"""The child's main: read the request, import under watch, write the answer."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from typing import Any

from . import answers, changes, guards, redirects
from .isolation import enter_isolation, give_up_rights, hold_to
from .layer import Layer
from .limits import Watch, confine

# Modules that read files of settings.
_READERS = ("dotenv", "pydantic_settings", "decouple", "environ", "environs", "dynaconf",
            "starlette.config", "pydantic.env_settings", "tomllib")  # fmt: skip
_TASKS = {
    "api": (".application", "describe_application"),
    "schema": (".metadata", "describe_metadata"),
    "reflect": (".catalogs", "describe_catalogs"),
    "catalog": (".catalogs", "describe_catalogs"),
    "settings": (".settings", "describe_settings"),
}
_CONNECTING = ("reflect", "catalog")  # which must reach a database, and run none of the project


def run_request() -> None:
    """Run one request; `sys.argv` holds the request's and the answer's path."""
    asked, answered = sys.argv[1:3]
    with open(asked, encoding="utf-8") as stream:
        request = answers.json.load(stream)
    os.remove(asked)
    reply = answers.AnswerFile(answered, request["token"])
    sys.argv = ["python"]
    sys.dont_write_bytecode = True
    _set(request["settings"])
    reply.give(_answer(request))


def _set(settings: dict[str, str]) -> None:
    """Put settings into the environment: now, so that none of them is one of the interpreter's."""
    os.environ.update({name: value for name, value in settings.items() if "\0" not in value})
    time.tzset()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """Import what is asked for, and describe it."""
    ground = _Ground(request)
    # as the task: what these import is to know the functions that the ground has replaced
    from .loading import Mocks, failure

    module, name = _TASKS[request["task"]]
    describe = getattr(importlib.import_module(module, __package__), name)
    library = answers.PristineLibrary()
    sys.path[:0] = request["paths"]
    if request["mocks"]:
        sys.meta_path.insert(0, Mocks(request["mocks"]))
    # a file of the system's: applications ask for its buffer, its number, its encoding
    silence = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  they may have closed it, too
    try:
        with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
            answer = describe({**request, "restore": library.restore})
    except BaseException as error:  # noqa: BLE001  SystemExit and KeyboardInterrupt too: it is theirs
        library.restore()
        answer = failure(error)
    library.restore()
    looks = any(name in sys.modules for name in _READERS)
    version = sys.version.split()[0]
    return {**answer, **ground.told(), "looks_for_settings": looks, "python": version}


class _Ground:
    """What the import is on: namespaces or a layer of ours, limits, and a watch."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._root = os.path.realpath(request["root"])
        self._scratch = os.path.realpath(request["scratch"])
        self._layer: Layer | None = None
        self._separate: frozenset[str] = frozenset()
        reads_database = request["task"] in _CONNECTING
        if not reads_database:
            self._separate = enter_isolation(
                self._root, self._scratch, request["disk"], request["ways"]
            )
            give_up_rights()
        confine(request["seconds"], request["memory"], request["space"], request["disk"],
                request["processes"])  # fmt: skip
        writable = [self._scratch, *([self._root] if "files" in self._separate else ())]
        self._watch = Watch(self._root, writable, import_only=reads_database)
        self._watch.start()
        guards.guard_functions(self._watch)
        guards.conceal(request["machine"])
        self._hidden = frozenset(request["hidden"])
        if not reads_database:
            self._redirect(request)
            self._hide()

    def _redirect(self, request: dict[str, Any]) -> None:
        """Have the project's files written in a layer, where the system does not do that."""
        if "files" not in self._separate:
            upper = os.path.join(self._scratch, "layer", "upper")
            os.mkdir(upper)
            self._layer = Layer(self._root, upper, request["disk"])
            self._watch.seen = self._layer.seen
            # which keeps functions as defaults: loaded anew, it takes those of the layer
            sys.modules.pop("tempfile", None)
            redirects.redirect_files(self._layer)
            if request["landlock"] and hold_to(self._scratch):
                self._separate |= {"writing"}
        guards.redirect_databases(self._watch, self._layer)

    def _hide(self) -> None:
        """Take away, in the layer alone, what only this machine has."""
        for name in self._hidden:
            path = os.path.join(self._root, name)
            with contextlib.suppress(OSError):  # something is mounted in its place
                if self._layer is not None:
                    self._layer.remove(path)
                else:
                    os.remove(path)

    def told(self) -> dict[str, Any]:
        """Return what was written, removed and denied, and what is separate."""
        written: list[str] = []
        removed: list[str] = []
        upper = os.path.join(self._scratch, "layer", "upper")
        if self._layer is not None:
            layer, root = self._layer, self._root
            written, removed = changes.listed(
                root, upper, lambda folder: layer.names(os.path.join(root, folder)), self._hidden
            )
        elif "files" in self._separate:
            lower = os.path.join(self._scratch, "layer", "lower")
            written, removed = changes.listed(
                lower, upper, lambda folder: os.listdir(os.path.join(self._root, folder)),
                self._hidden,
            )  # fmt: skip
        return {
            "written": written,
            "removed": removed,
            "denied": self._watch.denied,
            "read_only": self._watch.read_only,
            "separate": sorted(self._separate),
        }
