"""The child's main: read the request, import under watch, write the answer."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any

from .isolation import isolate
from .limits import Watch, confine
from .loading import Mocks, failure


def main() -> None:
    """Run one request; `sys.argv` holds the request's and the answer's path."""
    asked, answered = sys.argv[1:3]
    with open(asked, encoding="utf-8") as stream:
        request = json.load(stream)
    answer = _answer(request)
    with open(answered, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(answer, default=str))  # in one piece: `dump` is ten times slower
    os._exit(0)  # threads and exit handlers of the application have no say


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    sys.path[:0] = request["paths"]
    if request["mocks"]:
        sys.meta_path.insert(0, Mocks(request["mocks"]))
    sys.dont_write_bytecode = True
    sys.argv = ["python"]
    confine(request["seconds"], request["memory"], request["processes"])
    watch = Watch(request["scratch"])
    if request["task"] != "reflect":  # which imports nothing of the project, and must connect
        isolate()
        watch.start()
    try:
        # a file of the system's: applications ask for its buffer, its number, its encoding
        with (
            open(os.devnull, "w", encoding="utf-8") as silence,
            contextlib.redirect_stdout(silence),
            contextlib.redirect_stderr(silence),
        ):
            answer = _task(request)
    except BaseException as error:  # noqa: BLE001  SystemExit and KeyboardInterrupt too: it is theirs
        answer = failure(error)
    watch.stop()
    answer["denied"] = watch.denied
    answer["python"] = sys.version.split()[0]
    return answer


def _task(request: dict[str, Any]) -> dict[str, Any]:
    if request["task"] == "api":
        from .application import describe
    elif request["task"] == "reflect":
        from .database import describe
    else:
        from .metadata import describe
    return describe(request)
