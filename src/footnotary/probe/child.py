"""Starting the child process that imports the user's project, and reading its answer."""

import errno
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from footnotary.counting import first_few
from footnotary.errors import ImportFailed, ProjectError, TargetMissing
from footnotary.files import read_regular
from footnotary.probe.child_process import TOO_LONG, read_memory, run_child
from footnotary.probe.discovery import shown_target
from footnotary.probe.inside.changes import PASSING
from footnotary.probe.placeholders import placeholder
from footnotary.probe.requests import ImportRequest, is_personal, is_settings
from footnotary.secrecy import prose

MEMORY_SHARE = 0.5  # of what the machine, or our container, has
LEAST_SPACE = 8 * 2**30  # address space: libraries reserve far more than they use
DISK_BYTES = 2 * 2**30  # written to the project's layer, if memory is there for a quarter
PROCESSES = 4096
MAX_ANSWER_BYTES = 200_000_000
# What may be tried to separate the child from the machine, strongest first.
WAYS = (("files", "network", "processes"), ("files", "network"), ("network",))
LANDLOCK = True
ATTEMPTS = 12
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
# Libraries that run a program on import unless they are told not to.
_QUIET = {"GIT_PYTHON_REFRESH": "quiet"}
_REFUSAL = "footnotary does not let an imported project do this"  # as `inside.limits` says it
SCRATCH = "footnotary-probe-"
_NOTHING_EXECUTED: Mapping[str, Any] = {
    "statements": [], "schemas": {}, "socket": "", "passing": False, "as_live": {},
}  # fmt: skip
# What the child is told as it is.
_TOLD = (
    "task", "paths", "target", "django", "modules", "exposing", "only", "dialect", "database_url",
    "mocks", "hidden",
)  # fmt: skip
_BORROWED = (
    "No environment of the project was found: it was imported with the Python and the libraries of"
    " footnotary itself (--python names another)."
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SHORTEST_VALUE = 5  # shorter ones (true, 8000) are no secrets, and stand everywhere
# Sets have the same order in every process; `-I` would ignore it. What that does besides is done
# otherwise: `-s`, no other variable of Python's in the environment, and no working folder on the
# path when the first module is imported.
_HERE = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
# The same a day later (POSIX: this zone is 24 hours ahead), with the sets in another order.
_ELSEWHERE = {"TZ": "LATER-24", "PYTHONHASHSEED": "1"}
_BOOT = """
import sys
del sys.path[: sys.path[:1] == [""]]
from importlib.util import module_from_spec, spec_from_file_location
folder, name = sys.argv.pop(1), "_footnotary_inside"
spec = spec_from_file_location(name, folder + "/__init__.py", submodule_search_locations=[folder])
sys.modules[name] = module_from_spec(spec)
from _footnotary_inside.run import run_request
run_request()
"""


@dataclass(frozen=True)
class ChildAnswer:
    """What a child found.

    Attributes:
        data: The task's own fields.
        caveats: Placeholders given, mocks used, side effects denied; names only.
        left_out: Hidden files that the application may have looked for.
        settings: Names of the user's own settings, sorted.
        mocks: Modules replaced by mocks.
        python: Version of the project's interpreter; empty where it was ours.
        versions: Installed versions of libraries; none where they are ours.
    """

    data: dict[str, Any]
    caveats: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    mocks: tuple[str, ...] = ()
    python: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def ask(request: ImportRequest) -> ChildAnswer:
    """Import the project in a child process, with placeholders for missing settings.

    Returns:
        The child's answer.

    Raises:
        ImportFailed: The import fails; the message has the reason in one line, `detail`
            the traceback.
        ProjectError: The interpreter cannot be started.
    """
    answer, given = _tried(request)
    if "error" not in answer:
        left_out = filter(is_settings, request.hidden if answer.get("looks_for_settings") else ())
        return _answer(answer, _caveats(request, given, answer), left_out, request)
    error = _failed(answer, request)
    if answer.get("wrong_target") or answer.get("timed_out"):
        raise error
    personal = tuple(filter(is_personal, request.hidden))
    for hidden in dict.fromkeys((personal, ())):  # what is made first, such as a manifest
        if hidden == request.hidden:
            continue
        other = replace(request, hidden=hidden)
        answer, given = _tried(other)
        if "error" not in answer:
            names = first_few([one for one in request.hidden if one not in hidden])
            said = f"Read with {names}, which git ignores. Without: {error.message}"
            left_out = filter(is_settings, hidden)
            return _answer(answer, (said, *_caveats(other, given, answer)), left_out, other)
    raise error


def _answer(
    data: dict[str, Any], caveats: tuple[str, ...], left_out: Iterable[str], request: ImportRequest
) -> ChildAnswer:
    """Return what a child found, with what it was given."""
    # a container may have one Python, with the project's libraries and us in it
    is_ours = request.borrowed and not (request.extras.get("") and "" in data.get("extras", ()))
    python = "" if is_ours else str(data["python"])
    return ChildAnswer(
        data,
        (*((_BORROWED,) if is_ours else ()), *caveats),
        tuple(left_out),
        settings=tuple(sorted(request.settings)),
        mocks=request.mocks,
        python=python,
        versions={} if is_ours else {**data["versions"], "python": python},
    )


def _tried(request: ImportRequest) -> tuple[dict[str, Any], dict[str, str]]:
    """Run the child until it wants no more settings; return its answer and what it was given."""
    given: dict[str, str] = {}
    tries: dict[str, int] = {}
    answer: dict[str, Any] = {}
    for _ in range(ATTEMPTS):
        answer = _run(request, given)
        wanted = answer.get("missing") or []
        fresh = {one["name"]: one for one in wanted if one["name"] not in request.settings}
        if not fresh:
            break
        for name, about in fresh.items():
            value = placeholder(about, request.examples, tries.get(name, 0))
            tries[name] = tries.get(name, 0) + 1
            if value is not None:
                given[name] = value
    return answer, given


def _run(request: ImportRequest, given: dict[str, str]) -> dict[str, Any]:
    """Run the child once, in the project's folder."""
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=_outside(request.root)) as scratch:
        for name in ("home", "layer"):
            Path(scratch, name).mkdir(mode=0o700)
        asked, answered = Path(scratch, "request.json"), Path(scratch, "answer.json")
        token = secrets.token_hex(16)
        words = _words(request, scratch, token) | {"settings": given | request.settings}
        asked.touch(mode=0o600)
        asked.write_text(json.dumps(words), encoding="utf-8")
        here = str(Path(__file__).parent / "inside")
        command = [request.interpreter, "-s", "-B", "-c", _BOOT, here, str(asked), str(answered)]
        environment = _environment(f"{scratch}/home")
        environment |= _ELSEWHERE if request.elsewhere else {}
        output, ended = run_child(command, request.root, environment, request.timeout)
        try:
            loaded = json.loads(read_regular(answered, MAX_ANSWER_BYTES))
        except OSError as error:
            if error.errno == errno.EFBIG:
                return {"error": "its description is larger than 200 MB", "traceback": ""}
            loaded = None
        except (ValueError, RecursionError):
            loaded = None
        if isinstance(loaded, dict) and loaded.get("token") == token:
            return loaded
        return {"error": ended or "it ended the process while it was imported",
                "traceback": output, "timed_out": ended.startswith(TOO_LONG)}  # fmt: skip


def _outside(root: Path) -> str | None:
    """Return a folder for scratch folders if the usual one lies in the project."""
    usual = Path(tempfile.gettempdir()).resolve()
    if not usual.is_relative_to(root.resolve()):
        return None
    others = (Path(one) for one in ("/tmp", "/var/tmp"))  # noqa: S108  a folder is made in it
    return next(
        (str(one) for one in others if not one.resolve().is_relative_to(root.resolve())), None
    )


def _words(request: ImportRequest, scratch: str, token: str) -> dict[str, Any]:
    """Return the request as the child reads it."""
    memory = read_memory()
    return {
        **{name: getattr(request, name) for name in _TOLD},
        **({**_NOTHING_EXECUTED, **request.server} if request.task == "catalog" else {}),
        "token": token,
        "root": str(request.root),
        "server": dict(request.server),
        "extras": dict(request.extras),
        "migrations": [{"id": one, "path": path} for one, path in request.migrations],
        "machine": "elsewhere" if request.elsewhere else "localhost",
        "scratch": scratch,
        "seconds": int(request.timeout) + 5,
        "memory": int(memory * MEMORY_SHARE),
        "space": max(memory, LEAST_SPACE),
        "disk": max(min(memory // 4, DISK_BYTES), MAX_ANSWER_BYTES),
        "processes": PROCESSES,
        "ways": WAYS,
        "landlock": LANDLOCK,
    }


def _environment(home: str) -> dict[str, str]:
    """Return the environment of the child: none of the user's variables, a home of its own."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = dict.fromkeys(
        ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), home
    )
    return kept | own | {"PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"} | _HERE | _QUIET


def _failed(answer: dict[str, Any], request: ImportRequest) -> ProjectError:
    """Return the error that says why, and what to do about it."""
    names = frozenset(map(str, answer.get("names", ())))
    reason = _without_values(str(answer["error"]), request, names).rstrip(".")
    if answer.get("wrong_target"):
        return ProjectError(
            f"{shown_target(request.target)} cannot be used: {reason.partition(': ')[2]}.",
            hint="Write it as package.module:attribute, or package.module:make_app(debug=True).",
        )
    hint = "--verbose shows the traceback; --env-file FILE gives the settings it needs."
    if answer.get("module") and request.borrowed:
        hint = (
            "No environment of the project was found: footnotary install-project makes one,"
            f" --python names one, and --mock {answer['module']} leaves the module out."
        )
    elif answer.get("module"):
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
        hint = "Name it as it is imported from the project's folder: package.module:name."
        return TargetMissing(f"There is no module {answer['module']!r}.", hint=hint, detail=detail)
    return ImportFailed(f"{what} cannot be imported: {reason}.", hint=hint, detail=detail)


def named_in_documents(error: ImportFailed, request: ImportRequest) -> ImportFailed:
    """Return an import's failure as documents tell it: no path of this machine is in them.

    Args:
        error: What `ask` raised.
        request: What was asked.
    """
    hint = error.hint.replace(request.interpreter, "the project's environment")
    return ImportFailed(error.message, hint=hint, detail=error.detail)


def _traceback(told: Any, request: ImportRequest) -> str:
    """Return where an import failed, or what a process that was ended had printed."""
    if not isinstance(told, list):
        return _without_values(str(told), request, frozenset())
    parts = [
        f"{one['where']}\n{_without_values(one['reason'], request, frozenset(one['names']))}"
        for one in told
    ]
    return "\n\nwhich came of\n\n".join(parts)


def told_reason(raw: Mapping[str, Any]) -> str:
    """Return why something in the project failed: names and prose, no values."""
    return prose.display_prose(str(raw["reason"]), frozenset(map(str, raw["names"])))


def _without_values(text: str, request: ImportRequest, names: frozenset[str]) -> str:
    """Return an error's words without the settings the user gave, and what is no prose.

    Of a live database, no code of the project ran: what its server says is told.
    """
    given = {*request.settings.values(), *request.examples.values()}
    for value in sorted(given, key=len, reverse=True):
        if len(value) >= _SHORTEST_VALUE:
            text = text.replace(value, "…")
    return text if request.task in ("reflect", "catalog") else prose.display_prose(text, names)


def _caveats(
    request: ImportRequest, given: dict[str, str], answer: dict[str, Any]
) -> tuple[str, ...]:
    """Return what a reader must know about how the facts were had."""
    found = []
    if given:
        names = ", ".join(sorted(given))
        found.append(f"Missing settings were given placeholders on import: {names}.")
    if request.mocks:
        found.append("Mocked on import: " + ", ".join(request.mocks) + ".")
    found += [f"Denied on import: {one}." for one in _shown_denied(request, answer)]
    if changed := _shown_changes(answer):
        found.append(f"Kept from the project's folder on import: {changed}.")
    if only_read := answer.get("read_only"):
        names = ", ".join(
            sorted({_one_line(PASSING.sub("…", Path(one).name)) for one in only_read})
        )
        found.append(f"Opened read-only on import: {names}.")
    return tuple(found)


def _one_line(name: str) -> str:
    """Return a file's name whose control characters and line ends are written as escapes."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), name)


def _shown_changes(answer: dict[str, Any]) -> str:
    """Return what the import wrote and removed, in a copy."""
    words = (("written", answer.get("written")), ("removed", answer.get("removed")))
    return "; ".join(
        f"{', '.join(map(_one_line, names))} ({what})" for what, names in words if names
    )


def _shown_denied(request: ImportRequest, answer: dict[str, Any]) -> list[str]:
    """Return what the import was not let do; of paths outside the project, the last part."""
    base = str(request.root) + os.sep
    found = []
    for what in answer.get("denied", ()):
        kind, _, name = str(what).partition(" ")
        shown = name.removeprefix(base)
        if SCRATCH not in shown:
            last = Path(shown).name if shown == name else shown
            if kind != "network":  # whose numbers are ports
                last = PASSING.sub("…", last)
            found.append(f"{kind} {_one_line(last)}")
    return list(dict.fromkeys(found))
