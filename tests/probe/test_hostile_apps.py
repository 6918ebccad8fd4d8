"""Applications that misbehave when they are imported: one clear sentence, nothing changed."""

import os
import socket
import sys
import time

import pytest

import hostile
from footnotary.errors import ImportFailed, ProjectError, UsageError

pytestmark = pytest.mark.slow  # each starts an interpreter that imports FastAPI

GOOD = """
from fastapi import FastAPI

app = FastAPI(title="Good")


@app.get("/ping")
def ping() -> str:
    '''Answer.'''
    return "pong"
"""


def app_with(lines):
    """An application whose module runs these lines first, and that has no route to find."""
    return {"main.py": f"from fastapi import FastAPI\n{lines}\napp = FastAPI()\n"}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("raise RuntimeError('no database')", "RuntimeError: no database"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("import os; os._exit(7)", "ended the process with 7"),
        ("import missing_native_module", "missing_native_module"),
        ("import os; os.kill(os.getpid(), 9)", "crashed the interpreter (SIGKILL)"),
        ("def", "SyntaxError"),
    ],
)
def test_a_failing_import_is_one_sentence(made, lines, words):
    """Whatever ends the import, the message says what, and no traceback is in it."""
    made.write(app_with(lines))
    with pytest.raises(ImportFailed) as caught:
        made.api(app="main:app")
    assert words in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_an_import_that_hangs_is_ended(made):
    """The time limit holds, and the process is gone."""
    made.write(app_with("import time; time.sleep(600)"))
    before = time.monotonic()
    with pytest.raises(ImportFailed, match="within 2 seconds"):
        made.api(app="main:app", timeout=2.0)
    assert time.monotonic() - before < 15


def test_prints_do_not_reach_the_answer_or_the_terminal(made, capfd):
    """Output on both streams, by Python and by file descriptor, is swallowed."""
    noise = "import os, sys\nprint('{')\nos.write(1, b'x' * 200000)\nos.write(2, b'err')\n"
    made.write({"main.py": noise + GOOD})
    assert made.api().summary["operations"] == 1
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_what_is_denied_and_what_is_kept_is_listed(made):
    """The document says what was tried, with no name of this machine."""
    made.write({"main.py": "import os\nos.makedirs('.files')\ntry:\n    os.fork()\n"
                "except OSError:\n    pass\n" + GOOD})  # fmt: skip
    facts = made.api(app="main:app")
    assert facts.read.how == "imported"
    assert facts.caveats == (
        "Denied on import: process os.fork.",
        "Kept from the project's folder on import: .files/ (written).",
    )
    assert sorted(path.name for path in made.root.iterdir()) == ["main.py"]


def test_a_mounted_application_that_cannot_describe_itself_is_named(made):
    """The outer application's document is had, and the reason is in it."""
    made.write(
        {
            "main.py": GOOD
            + "inner = FastAPI()\ninner.openapi = lambda: {}['a\\nb']\napp.mount('/in', inner)\n"
        }
    )
    facts = made.api(app="main:app")
    assert facts.summary["paths"] == 1
    assert [(one.path, one.operations) for one in facts.mounts] == [("/in", ())]
    assert any("mounted at /in cannot describe itself: KeyError" in c for c in facts.caveats)


def test_the_users_environment_does_not_reach_the_application(made, monkeypatch):
    """Variables of the shell are not passed on, so no secret of it can be written down."""
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "hunter2")
    text = "import os\nassert 'SECRET_OF_THE_SHELL' not in os.environ\n"
    made.write({"main.py": text + GOOD})
    assert made.api().summary["operations"] == 1


def test_no_bytecode_is_left_behind(made):
    """Reading a project leaves no `__pycache__` in it."""
    made.write({"main.py": GOOD})
    made.api()
    assert not list(made.root.rglob("__pycache__"))


def test_a_module_that_is_missing_can_be_mocked(made):
    """`--mock NAME` stands in for what cannot be installed, and the document says so."""
    made.write({"main.py": "import native_gpu.kernels as k\nVALUE = k.compile(1)\n" + GOOD})
    assert "--mock native_gpu" in made.api().caveats[0]
    facts = made.api(mocks=("native_gpu",))
    assert facts.summary["operations"] == 1
    assert any("native_gpu" in one for one in facts.caveats)


def test_a_failing_import_falls_back_to_the_source(made):
    """Where the source says what the API is, there is a document, and it says how it was had."""
    made.write({"main.py": "import missing_native_module\n" + GOOD})
    facts = made.api()
    assert facts.read.how == "source"
    assert [one.path for one in facts.operations] == ["/ping"]
    assert "without importing it" in facts.caveats[0]
    assert "missing_native_module" in facts.caveats[0]


def test_an_interpreter_that_does_not_exist_is_said(made):
    """A wrong `--python` is a sentence with a hint."""
    made.write({"main.py": GOOD})
    with pytest.raises(ProjectError, match="no interpreter"):
        made.api(python="no-such-python")


@pytest.mark.parametrize(
    "target", ["main", "main:", "main:app()()x", "main:make(open('x'))", ":app"]
)
def test_a_target_that_is_no_target_is_refused(made, target):
    """Only names, attributes and calls with literals are evaluated."""
    made.write({"main.py": GOOD})
    with pytest.raises(UsageError):
        made.api(app=target)


def test_no_machine_path_is_in_the_facts(made):
    """Facts name files relative to the project, libraries from their package on."""
    text = "import os\ntry:\n    open('/etc/footnotary-test', 'w')\nexcept OSError:\n    pass\n"
    made.write({"main.py": text + GOOD})
    written = made.api().model_dump_json()
    assert str(made.root) not in written
    assert os.sep + "site-packages" not in written


def test_an_attribute_that_is_missing_is_not_guessed(made):
    """A wrong `--app` is an error, not a reading of something else."""
    made.write({"main.py": GOOD})
    with pytest.raises(ProjectError, match=r"main.*'missing'"):
        made.api(app="main:missing")


def test_arguments_of_a_factory_are_not_written_down(made):
    """What is given to a factory may be a secret; facts say which factory, not with what."""
    made.write({"main.py": "from fastapi import FastAPI\ndef make(key):\n    return FastAPI()\n"})
    facts = made.api(app="main:make('hunter2hunter2')")
    assert facts.target == "main:make(…)"
    assert "hunter2" not in facts.model_dump_json()


def test_a_failing_import_prints_no_setting_of_the_user(tmp_path):
    """Neither the reason nor the traceback repeats what is in the --env-file."""
    from footnotary.errors import ImportFailed
    from footnotary.facts.options import ReadOptions
    from footnotary.probe import api
    from footnotary.project import Project

    (tmp_path / "main.py").write_text(
        "import os\nfrom fastapi import FastAPI\n"
        "raise RuntimeError('cannot reach ' + os.environ['SHOP_URL'])\napp = FastAPI()\n"
    )
    settings = tmp_path / "my.env"
    settings.write_text("SHOP_URL=postgresql://u:Hunter2Secret@h/d\n")
    with pytest.raises(ImportFailed) as failed:
        api.probe_api(Project(tmp_path), ReadOptions(env_file=settings, app="main:app"))
    assert "Hunter2Secret" not in failed.value.message + failed.value.detail
    assert "RuntimeError" in failed.value.message


def test_a_driver_written_in_c_reaches_no_database(made):
    """What passes audit hooks has no network behind it, where the system gives namespaces."""
    if "network" not in hostile.read(made.root, "").data["separate"]:
        pytest.skip("no network namespaces here")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        made.write({"main.py": f"""
            import psycopg
            from fastapi import FastAPI
            try:
                psycopg.connect('host=127.0.0.1 port={port} connect_timeout=2')
            except psycopg.OperationalError as error:
                told = str(error)
            app = FastAPI(title='T', description=told)
        """})  # fmt: skip
        facts = made.api()
        with pytest.raises(TimeoutError):
            listener.accept()
    assert "refused" in facts.description


def test_what_an_application_does_to_its_output_works(made):
    """Programs ask standard output for its bytes, its number and its encoding."""
    made.write({"main.py": """
        import sys
        from fastapi import FastAPI
        sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.buffer.write(b"bytes")
        print(sys.stderr.fileno(), file=sys.stderr)
        app = FastAPI(title="T")
    """})  # fmt: skip
    assert made.api().read.how == "imported"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import sys; sys.exit(3)", "it ends the process itself (SystemExit: 3)"),
        ("import os; os._exit(3)", "it ended the process with 3"),
        ("import os; os.fork()", "process os.fork"),
        ("import ctypes; ctypes.string_at(0)", "it crashed the interpreter (SIGSEGV)"),
        ("import not_installed_anywhere", "into the project's environment"),
        ("open('/var/made.txt', 'w')", "write made.txt"),
    ],
)
def test_documents_say_why_the_import_failed_and_name_no_path(made, text, words):
    """A document is committed: why it is static is in it, where it was made does not."""
    made.write({"main.py": f"{text}\nfrom fastapi import FastAPI\napp = FastAPI(title='T')\n"
                "@app.get('/x')\ndef x() -> int: ...\n"})  # fmt: skip
    facts = made.api()
    assert facts.read.how == "source"
    assert words in facts.caveats[0]
    assert str(made.root) not in facts.caveats[0]
    assert sys.executable not in facts.caveats[0]


def test_newer_syntax_than_ours_is_still_an_application(made):
    """What we cannot parse, the project's interpreter may: it has the last word."""
    made.write({"main.py": "app: 'FastAPI' = fastapi.FastAPI()\nx = ["})
    with pytest.raises(ImportFailed, match="SyntaxError"):
        made.api()
