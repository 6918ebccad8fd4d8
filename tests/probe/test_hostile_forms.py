# ruff: noqa: E501, ISC004  programs written out as they would stand in a file
"""What an application does when it is imported: nothing of it lasts, and the rest is read.

Each form runs where the audit hooks are alone, which know of forms; some run where the system
guards the import itself, by namespaces, by mounts or by Landlock, whatever its form. What is told
of it is the same. `GROUNDS=all` runs every form on every ground.
"""

import os

import pytest

import hostile
from footnotary.errors import ImportFailed
from hostile_forms import ATTACHED, DENIED, KEPT

pytestmark = pytest.mark.slow  # each starts an interpreter


def caveats(kept):
    """What a document says of changes that were kept from the project."""
    return (f"Kept from the project's folder on import: {kept}.",) if kept else ()


@pytest.fixture(scope="module")
def possible(tmp_path_factory):
    """Tells whether this system offers a way; each is asked once."""
    known = {}

    def ask(name):
        if name not in known:
            with pytest.MonkeyPatch.context() as patch:
                hostile.use_way(patch, name)
                known[name] = hostile.is_possible(tmp_path_factory.mktemp("asked"), name)
        return known[name]

    return ask


def every(forms):
    """Every form where the hooks are alone, some where the system guards it."""
    names = list(forms)
    few, fewer = (1, 1) if os.environ.get("GROUNDS") == "all" else (4, 12)
    grounds = {
        "hooks": names,
        "namespaces": names[::few],
        "mounts": names[::fewer],
        "landlock": names[::fewer],
    }
    return [(way, form) for way, some in grounds.items() for form in some]


@pytest.fixture
def way(request, monkeypatch, possible):
    """The ground of a test; where the system lacks it, the test is left out and says so."""
    if not possible(request.param):
        pytest.skip(f"this system offers no {request.param}")
    hostile.use_way(monkeypatch, request.param)
    return request.param


@pytest.fixture
def ground(tmp_path):
    """A project and a folder beside it; afterwards both are as they were."""
    root, outside = hostile.make_ground(tmp_path)
    before = hostile.fingerprint(root), hostile.fingerprint(outside)
    yield root, outside
    after = hostile.fingerprint(root), hostile.fingerprint(outside)
    after[0].pop("main.py", None)
    assert after == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside", "project"]


@pytest.mark.parametrize(("way", "form"), every(KEPT), indirect=["way"])
def test_what_is_changed_in_the_project_is_kept_from_it(way, ground, form):
    """The import sees its changes, the project does not, and the document names them."""
    lines, kept = KEPT[form]
    answer = hostile.read(ground[0], lines)
    assert answer.data["document"]["info"]["title"] == "T"
    if kept is not None:  # which store a system has decides the names of its files
        assert answer.caveats == caveats(kept)


def caught(lines):
    """The same lines, by an application that carries on."""
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    return f"try:\n{body}except OSError:\n    pass\n"


@pytest.mark.parametrize(("way", "form"), every(DENIED), indirect=["way"])
def test_what_leaves_the_project_is_denied(way, ground, form):
    """An application that carries on is read, and the document names what was tried."""
    lines, what = DENIED[form]
    answer = hostile.read(ground[0], caught(lines))
    assert answer.data["document"]["info"]["title"] == "T"
    told = [one for one in answer.caveats if one.startswith("Denied")]
    assert told == [f"Denied on import: {what}."] or (what is None and told)


@pytest.mark.parametrize("form", ATTACHED)
@pytest.mark.parametrize("way", ["hooks"], indirect=True)
def test_no_connection_attaches_what_is_not_its_own(way, ground, form):
    """SQLite opens an attached file itself; the hooks hear of it from every connection."""
    lines, what = ATTACHED[form]
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    answer = hostile.read(
        ground[0], f"import sqlite3\ntry:\n{body}except sqlite3.DatabaseError:\n    pass\n"
    )
    told = [one for one in answer.caveats if one.startswith("Denied")]
    assert told == ([f"Denied on import: {what}."] if what else [])


# Code that ends the import, and words of the sentence that says so.
ENDING = {
    "exit": ("import sys; sys.exit(3)", "it ends the process itself (SystemExit: 3)"),
    "at-once": ("import os; os._exit(7)", "it ended the process with 7"),
    "at-once-clean": ("import os; os._exit(0)", "it ended the process while it was imported"),
    "kill-self": ("import os; os.kill(os.getpid(), 9)", "it crashed the interpreter (SIGKILL)"),
    "abort": ("import os; os.abort()", "it crashed the interpreter (SIGABRT)"),
    "crash": ("import ctypes; ctypes.string_at(0)", "it crashed the interpreter (SIGSEGV)"),
    "memory": ("held = []\nwhile True:\n    held.append(bytearray(1 << 26))", "memory"),
    "memory-at-once": ("b = bytearray(1 << 50)", "memory"),
    "recursion": ("def f(): f()\nf()", "RecursionError"),
    "exception": ("raise RuntimeError('no database')", "RuntimeError: no database"),
    "odd-exception": ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "E"),
    "keyboard": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "generator": ("raise GeneratorExit", "GeneratorExit"),
    "thread-exit": ("import threading, os, time\nthreading.Thread(target=os._exit, args=(4,)).start()\n"
                    "time.sleep(9)", "it ended the process with 4"),
    "alarm": ("import signal, time\nsignal.alarm(1)\ntime.sleep(9)", "(SIGALRM)"),
    "real-time-signal": ("import os\nos.kill(os.getpid(), 40)", "it crashed the interpreter (signal 40)"),
    "syntax": ("def", "SyntaxError"),
    "denied": ("import os; os.kill(os.getppid(), 15)", "does not let an imported project do this: signal"),
    "disk": ("f = open('big', 'wb')\nf.truncate(1 << 40)", "too large"),
}  # fmt: skip


@pytest.mark.parametrize(("way", "form"), every(ENDING), indirect=["way"])
def test_what_ends_the_import_is_one_sentence(way, ground, form):
    """Whatever ends it, the message says what, on one line, with a hint."""
    lines, words = ENDING[form]
    with pytest.raises(ImportFailed) as failed:
        hostile.read(ground[0], lines)
    assert words in failed.value.message
    assert "\n" not in failed.value.message
    assert failed.value.hint


# Code that takes away what the answer is made with.
REPLACED = {
    "json": "import json\njson.dumps = json.loads = json.JSONEncoder.encode = lambda *a, **k: '[]'",
    "json-module": "import sys, types\nsys.modules['json'] = types.ModuleType('json')",
    "json-encoder": "import json.encoder as e\ne.c_make_encoder = e.encode_basestring_ascii = None",
    "open": "import builtins, io\nbuiltins.open = io.open = None",
    "os": "import os\nos.open = os.write = os.listdir = os.lstat = os.stat = os.fspath = None",
    "os-path": "import os\nos.path.realpath = os.path.join = os.path.exists = lambda *a: ''",
    "os-exit": "import os\nos._exit = lambda code: None",
    "builtins": "import builtins\nbuiltins.sorted = builtins.print = builtins.vars = builtins.map = None",
    "sys-exit": "import sys\nsys.exit = None",
    "inspect": "import inspect\ninspect.isclass = inspect.iscoroutine = inspect.signature = None",
    "traceback": "import traceback\ntraceback.format_exception = None",
    "streams": "import sys\nsys.stdout = sys.stderr = sys.stdin = None",
    "streams-closed": "import sys, os\nsys.stdout.close()\nos.close(0), os.close(1), os.close(2)",
    "descriptors": "import os\nos.closerange(3, 256)",
    "descriptors-taken": "import os\nos.closerange(3, 256)\nheld = [os.open('main.py', 0) for _ in range(9)]",
    "descriptors-used-up": "import os\nheld = []\ntry:\n    while True:\n        held.append(os.open('/', 0))\n"
                           "except OSError:\n    pass",
    "limits": "import sys, resource as r\nsys.setrecursionlimit(60)\nr.setrlimit(r.RLIMIT_FSIZE, (0, r.getrlimit(r.RLIMIT_FSIZE)[1]))",
    "modules": "import sys\nfor name in list(sys.modules):\n    if name not in ('sys', 'builtins', __name__):\n"
               "        del sys.modules[name]",
    "inside": "import sys\nassert 'inside' not in sys.modules",
    "path": "import sys\nsys.path.clear(); sys.meta_path.clear(); sys.path_hooks.clear()",
    "signals": "import signal\nfor n in (signal.SIGALRM, signal.SIGTERM, signal.SIGXCPU):\n    signal.signal(n, signal.SIG_IGN)",
    "hooks": "import sys\nsys.excepthook = sys.unraisablehook = None\nsys.settrace(lambda *a: None)",
    "threads": "import threading, time\n[threading.Thread(target=time.sleep, args=(99,)).start() for _ in range(20)]",
    "flood": "import os\nfor _ in range(400):\n    os.write(1, b'x' * 100_000)\n    os.write(2, b'y' * 100_000)",
    "prints": "print('{', flush=True)",
    "environment": "import os\nos.environ.clear()",
    "folder-gone": "import os, shutil\nos.mkdir('n')\nos.chdir('n')\nos.rmdir('../n')",
    "answer": "import glob, os\nfor one in glob.glob(os.path.dirname(os.environ['HOME']) + '/answer*'):\n"
              "    os.remove(one)",
}  # fmt: skip


@pytest.mark.parametrize(("way", "form"), every(REPLACED), indirect=["way"])
def test_what_the_answer_needs_cannot_be_taken_away(way, ground, form):
    """Functions, modules, streams, descriptors and limits of the child are ours before."""
    answer = hostile.read(ground[0], REPLACED[form])
    assert answer.data["document"]["info"]["title"] == "T"
    assert not any(one.startswith("Denied") for one in answer.caveats)
