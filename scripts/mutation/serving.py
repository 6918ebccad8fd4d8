"""The process in a copy of the tree that runs tests in forks of itself.

    python -m mutation.serving        (the copy is the current folder)

One JSON object a line comes in and one goes out:

    {"do": "load", "modules": [...]}     third-party modules, once for all forks
    {"do": "measure", "paths": [...], "slow": [...], "folder": ...}
    {"do": "judge", "tests": [...], "known": [...], "module": ..., "cpu": ..., "seconds": ...}

Each run is a fork that has imported the test tools already, and nothing of the program under test.
"""

import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any, TextIO

# How a fork ends, besides pytest's own 0 (all passed) and 1 (some failed).
NOT_IMPORTED = 90
OUT_OF_TIME = 91
BROKEN = 92
OPTIONS = (
    "-p", "no:cacheprovider", "-q", "-o", "addopts=--import-mode=importlib", "--assert=plain",
)  # fmt: skip
NEVER_LOADED = ("mutation", "tests", "footnotary")


def main(requests: TextIO, answers: TextIO) -> None:
    """Answer requests until there are none."""
    for line in requests:
        request: dict[str, Any] = json.loads(line)
        match request.pop("do"):
            case "load":
                answer: object = load(**request)
            case "measure":
                answer = in_fork(lambda asked=request: measure(**asked), 3600, 3600)
            case _:
                limits = request.pop("cpu"), request.pop("seconds")
                answer = in_fork(lambda asked=request: judge(**asked), *limits)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def load(modules: list[str]) -> int:
    """Import what every fork would import; what cannot be is left to the fork."""
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001  some modules refuse to be imported by name
            continue
    return len(sys.modules)


def measure(paths: list[str], slow: list[str], folder: str) -> int:
    """Run the tests of a package as they are, and write what each of them runs."""
    import pytest

    from mutation.measuring import Measuring

    plugin = Measuring(Path.cwd(), slow)
    code = pytest.main([*OPTIONS, *paths], plugins=[plugin])
    modules = [
        name
        for name, module in sys.modules.items()
        if not name.startswith(NEVER_LOADED)
        and "site-packages" in (getattr(module, "__file__", None) or "")
    ]
    Path(folder, "measured.json").write_text(json.dumps(plugin.result() | {"modules": modules}))
    return int(code)


def judge(tests: list[str], known: list[str], module: str) -> int:
    """Run tests against a mutant until one fails."""
    import pytest

    from mutation.measuring import Only

    try:
        importlib.import_module(module)
    except BaseException:  # noqa: BLE001  whatever a mutant does
        return NOT_IMPORTED
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    return int(pytest.main([*OPTIONS, "-x", *files], plugins=[Only(tests, known)]))


def in_fork(run: Any, cpu: float, seconds: float) -> int:
    """Return how a run in a fork ended.

    Args:
        run: What is run; returns the exit code.
        cpu: Seconds of processor time after which it is ended.
        seconds: Seconds after which it is ended, with all that it started.
    """
    child = os.fork()
    if child == 0:
        _become_a_run(run, cpu)
    end = time.monotonic() + seconds
    wait = 0.005
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            _end_group(child)
            return OUT_OF_TIME if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
        time.sleep(wait)
        wait = min(wait * 1.5, 0.1)
    _end_group(child)
    os.waitpid(child, 0)
    return OUT_OF_TIME


def _become_a_run(run: Any, cpu: float) -> None:
    """Run and leave, in a fork, in a session of its own, with the output in a file."""
    code = BROKEN
    try:
        os.setsid()
        output = os.open("mutant.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(old, new)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        limit = int(cpu) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        code = run()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001  the log says what it was
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _end_group(leader: int) -> None:
    """End what a fork started and left behind."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
