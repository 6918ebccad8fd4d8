"""Starting the child process that imports the user's project, and reading its answer."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from footnotary.errors import ImportFailed, ProjectError, TargetMissing
from footnotary.probe.discovery import shown_target
from footnotary.probe.placeholders import EnvironmentFile, placeholder
from footnotary.secrecy import prose

MEMORY_BYTES = 16 * 2**30  # address space: libraries reserve far more than they use
PROCESSES = 4096
MAX_ANSWER_BYTES = 200_000_000
ATTEMPTS = 12
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")
# Libraries that run a program on import unless they are told not to.
_QUIET = {"GIT_PYTHON_REFRESH": "quiet"}
_REFUSAL = "footnotary does not let an imported project do this"  # as `inside.limits` says it
_TOO_LONG = "it was not imported within"
_SHORTEST_VALUE = 5  # shorter ones (true, 8000) are no secrets, and stand everywhere
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from inside.run import main;"
    " sys.path.pop(0); main()"
)


@dataclass(frozen=True)
class Import:
    """What a child is asked to do.

    Attributes:
        task: `api`, `schema` or `reflect`.
        interpreter: The Python that runs it.
        root: The project's root; also the working directory.
        paths: Folders put in front of the import path.
        target: `module:expression`, or empty.
        modules: Modules to import.
        exposing: Modules imported after the tables were read, for models that show rows.
        only: Whether no other module is looked for.
        dialect: SQLAlchemy dialect.
        database_url: Live database, for `reflect`.
        schemas: Its schemas to read besides the default one.
        mocks: Modules replaced by mocks.
        settings: Values for the environment, the user's own.
        examples: Values of `.env.example`, used when a setting is missing.
        timeout: Seconds.
    """

    task: str
    interpreter: str
    root: Path
    paths: tuple[str, ...]
    target: str = ""
    modules: tuple[str, ...] = ()
    exposing: tuple[str, ...] = ()
    only: bool = False
    dialect: str = ""
    database_url: str = field(default="", repr=False)
    schemas: tuple[str, ...] = ()
    mocks: tuple[str, ...] = ()
    settings: EnvironmentFile = field(default_factory=dict)
    examples: EnvironmentFile = field(default_factory=dict)
    timeout: float = 120.0


@dataclass(frozen=True)
class Answer:
    """What a child found.

    Attributes:
        data: The task's own fields.
        caveats: Placeholders given, mocks used, side effects denied; names only.
    """

    data: dict[str, Any]
    caveats: tuple[str, ...]


def ask(request: Import) -> Answer:
    """Import the project in a child process, with placeholders for missing settings.

    Args:
        request: What to import, and how.

    Returns:
        The child's answer.

    Raises:
        ImportFailed: The import fails; the message has the reason in one line, `detail`
            the traceback.
        ProjectError: The interpreter cannot be started.
    """
    given: dict[str, str] = {}
    tries: dict[str, int] = {}
    answer: dict[str, Any] = {}
    for _ in range(ATTEMPTS):
        answer = _run(request, given)
        wanted = answer.get("missing") or []
        fresh = {one["name"]: one for one in wanted if one["name"] not in request.settings}
        if "error" not in answer or not fresh:
            break
        for name, about in fresh.items():
            value = placeholder(about, request.examples, tries.get(name, 0))
            tries[name] = tries.get(name, 0) + 1
            if value is not None:
                given[name] = value
    if _wrote_where_it_started(request, answer):
        elsewhere = _run(request, given, aside=True)
        if "error" not in elsewhere:
            denied = [*answer["denied"], *elsewhere.get("denied", ())]
            answer = elsewhere | {"denied": denied, "aside": True}
    if "error" in answer:
        raise _failed(answer, request)
    return Answer(answer, _caveats(request, given, answer))


def _wrote_where_it_started(request: Import, answer: dict[str, Any]) -> bool:
    """Tell whether an import failed because it may not write into the project's folder."""
    refused = _REFUSAL in f"{answer.get('error', '')} {answer.get('traceback', '')}"
    inside = f"write {request.root}{os.sep}"
    return refused and any(str(one).startswith(inside) for one in answer.get("denied", ()))


def _run(request: Import, given: dict[str, str], *, aside: bool = False) -> dict[str, Any]:
    """Run the child once, in the project's folder or aside: in the scratch folder."""
    with tempfile.TemporaryDirectory(prefix="footnotary-probe-") as scratch:
        asked, answered = Path(scratch, "request.json"), Path(scratch, "answer.json")
        asked.write_text(json.dumps(_words(request, scratch)), encoding="utf-8")
        here = str(Path(__file__).parent)
        command = [request.interpreter, "-I", "-B", "-c", _BOOT, here, str(asked), str(answered)]
        environment = _environment(scratch) | given | request.settings
        output, ended = _started(
            command, request, environment, scratch if aside else str(request.root)
        )
        if answered.exists() and answered.stat().st_size > MAX_ANSWER_BYTES:
            return {"error": "its description is larger than 200 MB", "traceback": ""}
        try:
            loaded = json.loads(answered.read_bytes())
        except (OSError, ValueError):
            return {"error": ended or "it ended the process while it was imported",
                    "traceback": output, "timed_out": ended.startswith(_TOO_LONG)}  # fmt: skip
        return dict(loaded)


def _words(request: Import, scratch: str) -> dict[str, Any]:
    """Return the request as the child reads it."""
    return {
        "task": request.task,
        "root": str(request.root),
        "paths": list(request.paths),
        "target": request.target,
        "modules": list(request.modules),
        "exposing": list(request.exposing),
        "only": request.only,
        "dialect": request.dialect,
        "database_url": request.database_url,
        "schemas": list(request.schemas),
        "mocks": list(request.mocks),
        "scratch": scratch,
        "seconds": int(request.timeout) + 5,
        "memory": MEMORY_BYTES,
        "processes": PROCESSES,
    }


def _environment(scratch: str) -> dict[str, str]:
    """Return the environment of the child: none of the user's variables, a home of its own."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = dict.fromkeys(
        ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), scratch
    )
    return kept | own | {"PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"} | _QUIET


def _started(
    command: list[str], request: Import, environment: dict[str, str], folder: str
) -> tuple[str, str]:
    """Run the child in a process group of its own, to its end or the time limit.

    Returns:
        What it printed, and why it ended early ("" if it did not).
    """
    try:
        child = subprocess.Popen(  # noqa: S603  the command is ours, the interpreter the user's
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise ProjectError(
            f"{request.interpreter} cannot be started: {error.strerror or error}.",
            hint="Give --python the path of the python in the project's environment.",
        ) from None
    ended = ""
    try:
        output, _ = child.communicate(timeout=request.timeout)
    except subprocess.TimeoutExpired:
        ended = f"{_TOO_LONG} {request.timeout:g} seconds"
        output = b""
    finally:
        _kill_group(child)
    if not ended and child.returncode:
        ended = f"it ended the process with {child.returncode} while it was imported"
    if child.returncode < 0 and not ended.startswith(_TOO_LONG):
        name = signal.Signals(-child.returncode).name
        ended = f"it crashed the interpreter ({name}) while it was imported"
    return output.decode("utf-8", "replace")[-20_000:], ended


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()
    if child.stdout:
        child.stdout.close()


def _failed(answer: dict[str, Any], request: Import) -> ProjectError:
    """Return the error that says why, and what to do about it."""
    names = frozenset(map(str, answer.get("names", ())))
    reason = _without_values(str(answer["error"]), request, names).rstrip(".")
    if answer.get("wrong_target"):
        return ProjectError(
            f"{shown_target(request.target)} cannot be used: {reason.partition(': ')[2]}.",
            hint="Write it as package.module:attribute, or package.module:make_app(debug=True).",
        )
    hint = "--verbose shows the traceback; --env-file FILE gives the settings it needs."
    if answer.get("module"):
        hint = (
            f"Install what it needs into {request.interpreter}, name another interpreter with"
            f" --python, or leave the module out with --mock {answer['module']}."
        )
    elif answer.get("timed_out"):
        hint = (
            "--timeout SECONDS gives it longer. If it waits for something, look at what the module"
            " does when it is imported."
        )
    elif _REFUSAL in f"{answer['error']} {answer.get('traceback', '')}":
        wanted = [one for one in _shown_denied(request, answer) if one not in reason]
        hint = "What it does when it starts belongs into its lifespan, not into its import."
        if wanted:
            hint = f"It wanted on import: {'; '.join(wanted[:3])}. {hint}"
    what = shown_target(request.target) if request.target else "The project's models"
    detail = _traceback(answer.get("traceback", ""), request)
    if answer.get("module") and f"{request.target.partition(':')[0]}.".startswith(
        f"{answer['module']}."
    ):
        hint = "Name it as it is imported from the project's folder: --app package.module:app."
        return TargetMissing(f"There is no module {answer['module']!r}.", hint=hint, detail=detail)
    return ImportFailed(f"{what} cannot be imported: {reason}.", hint=hint, detail=detail)


def named_in_documents(error: ImportFailed, request: Import) -> ImportFailed:
    """Return an import's failure as documents tell it: no path of this machine is in them.

    Args:
        error: What `ask` raised.
        request: What was asked.
    """
    hint = error.hint.replace(request.interpreter, "the project's environment")
    return ImportFailed(error.message, hint=hint, detail=error.detail)


def _traceback(told: Any, request: Import) -> str:
    """Return where an import failed, or what a process that was ended had printed."""
    if not isinstance(told, list):
        return _without_values(str(told), request, frozenset())
    parts = [
        f"{one['where']}\n{_without_values(one['reason'], request, frozenset(one['names']))}"
        for one in told
    ]
    return "\n\nwhich came of\n\n".join(parts)


def told_reason(raw: Mapping[str, Any]) -> str:
    """Return why something in the project failed: names and prose, no values.

    Args:
        raw: What the child told: `reason`, and the `names` of the code in it.
    """
    return prose.shown(str(raw["reason"]), frozenset(map(str, raw["names"])))


def _without_values(text: str, request: Import, names: frozenset[str]) -> str:
    """Return an error's words without the settings the user gave, and what is no prose.

    Of a live database, no code of the project ran: what its server says is told.
    """
    given = {*request.settings.values(), *request.examples.values()}
    for value in sorted(given, key=len, reverse=True):
        if len(value) >= _SHORTEST_VALUE:
            text = text.replace(value, "…")
    return text if request.task == "reflect" else prose.shown(text, names)


def _caveats(request: Import, given: dict[str, str], answer: dict[str, Any]) -> tuple[str, ...]:
    """Return what a reader must know about how the facts were had."""
    found = []
    if given:
        names = ", ".join(sorted(given))
        found.append(f"Missing settings were given placeholders on import: {names}.")
    if request.mocks:
        found.append("Mocked on import: " + ", ".join(request.mocks) + ".")
    found += [f"Denied on import: {one}." for one in _shown_denied(request, answer)]
    if answer.get("aside"):
        found.append("Imported in an empty folder: it writes into the one that it is started in.")
    return tuple(found)


def _shown_denied(request: Import, answer: dict[str, Any]) -> list[str]:
    """Return what the import was not let do; of paths outside the project, the last part."""
    base = str(request.root) + os.sep
    found = []
    for what in answer.get("denied", ()):
        kind, _, name = str(what).partition(" ")
        shown = name.removeprefix(base)
        if "footnotary-probe-" not in shown:
            found.append(f"{kind} {Path(shown).name if shown == name else shown}")
    return found
