"""Which programs an import may start."""

import os
import sys

import pytest

from footnotary.probe.inside import paths
from footnotary.probe.inside.paths import may_start


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """A project with programs of its own, a folder of the system's, and links between them."""
    for folder in ("project/bin", "project/empty", "system", "scratch", "usual"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("project/bin/git", "project/tool", "project/git", "system/git", "scratch/git",
                 "system/uname", "system/file"):  # fmt: skip
        (tmp_path / name).touch(mode=0o755)
    (tmp_path / "system" / "plain").touch(mode=0o644)
    (tmp_path / "system" / "ours").symlink_to("../project/tool")
    (tmp_path / "project" / "theirs").symlink_to("../system/git")
    (tmp_path / "system" / "git2").symlink_to("git")
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("PATH", str(tmp_path / "system"))
    start = {"PATH": f"bin:{tmp_path}/system:{tmp_path}/project/bin:."}
    monkeypatch.setattr(paths, "_AT_START", start)
    return tmp_path


@pytest.mark.parametrize(
    ("program", "words", "allowed"),
    [
        ("git", ["git", "--version"], True),
        (b"git", [b"git", b"--version"], True),
        ("git", ["git", "version"], True),
        ("git2", ["git", "--version"], True),
        ("git", ["git"], False),
        ("git", ["git", "status"], False),
        ("git", ["git", "--version", "x"], False),
        ("git", "git --version", False),
        ("git", [], False),
        ("{}/system/git", ["git", "--version"], True),
        ("../system/git", ["git", "--version"], True),
        ("./tool", ["git", "--version"], False),
        ("../scratch/git", ["git", "--version"], False),
        ("{}/project/tool", ["git", "--version"], False),
        ("theirs", ["git", "--version"], True),  # which PATH has not
        ("./theirs", ["git", "--version"], False),
        ("ours", ["git", "--version"], False),
        ("no-such-program", ["x", "--version"], True),
        ("plain", ["x", "--version"], True),
        (["./git", "../system/git"], ["git", "--version"], False),
        (["empty/git", "../system/git"], ["git", "--version"], True),
        ("uname", ["uname"], True),
        ("uname", ["uname", "-a"], True),
        ("uname", ["uname", "-s", "-r"], True),
        ("uname", ["uname", "x"], False),
        ("file", ["file", "-b", "/bin/sh"], True),
        ("file", ["file", "-b", "-C"], False),
        ("file", ["file", "-C", "x"], False),
        ("file", ["file", "-b"], False),
        ("file", ["file", "-b", "x", "y"], False),
        ("git", ["uname", "-a"], False),
    ],
)
def test_a_program_says_its_version_and_lies_outside_the_project(tools, program, words, allowed):
    """What is executed decides, by its own path and by where that leads; not what it is called."""
    if isinstance(program, str):
        program = program.format(tools)
    assert may_start(program, words, None, None, root=str(tools / "project")) is allowed


@pytest.mark.parametrize(
    ("path", "folder", "allowed"),
    [
        ("{0}/system", None, True),
        ("{0}/project/bin", None, False),
        ("bin", None, False),
        ("bin:{0}/system", None, False),
        ("{0}/system:bin", None, True),
        ("{0}/project/empty:{0}/system", None, True),
        ("", None, False),
        (":{0}/system", None, False),
        (".", "bin", False),
        (".", "../system", True),
        ("", "{0}/system", True),
        ("../../system", "bin", True),
    ],
)
def test_path_is_searched_as_the_system_does(tools, path, folder, allowed):
    """The first entry that has it counts; an empty one is the working folder."""
    environment = {"PATH": path.format(tools)}
    folder = folder and folder.format(tools)
    words = ["git", "--version"]
    assert may_start("git", words, environment, folder, root=str(tools / "project")) is allowed
    encoded = [f"PATH={environment['PATH']}".encode()]
    assert may_start("git", words, encoded, folder, root=str(tools / "project")) is allowed


def test_nothing_is_loaded_into_a_program(tools, monkeypatch):
    """A library that the project puts in front of it is code of the project."""
    root = str(tools / "project")
    for name in ("LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"):
        environment = {"PATH": os.environ["PATH"], name: "./own.so"}
        assert not may_start("git", ["git", "--version"], environment, None, root=root)
        monkeypatch.setenv(name, "./own.so")
        assert not may_start("git", ["git", "--version"], None, None, root=root)
        monkeypatch.delenv(name)
    assert may_start("git", ["git", "--version"], {"PATH": os.environ["PATH"], "LANG": "C"}, None,
                     root=root)  # fmt: skip


def test_what_was_set_from_the_start_may_stay(tools, monkeypatch):
    """The user's own library path is passed on to the child."""
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    monkeypatch.setattr(paths, "_AT_START", dict(os.environ))
    assert may_start("git", ["git", "--version"], None, None, root=str(tools / "project"))
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/other")
    assert not may_start("git", ["git", "--version"], None, None, root=str(tools / "project"))


def test_what_counts_shared_memory_is_our_own_interpreter(tools):
    """`multiprocessing` starts it for locks; other code, or another interpreter, is not that."""
    root = str(tools / "project")
    words = [
        sys.executable,
        "-I",
        "-c",
        "from multiprocessing.resource_tracker import main;main(5)",
    ]
    assert may_start(sys.executable, words, None, None, root=root)
    assert not may_start(sys.executable, [*words[:2], "-m", words[3]], None, None, root=root)
    assert not may_start(sys.executable, [*words[:3], "print(1)"], None, None, root=root)
    assert not may_start("git", words, None, None, root=root)


def test_a_program_is_looked_for_where_the_import_sees_it(tools):
    """A link that the import made is in its layer alone."""
    (tools / "layer").mkdir()
    (tools / "layer" / "made").touch(mode=0o755)

    def seen(path):
        return os.path.normpath(path).replace("/project/made", "/layer/made")

    root = str(tools / "project")
    assert not may_start("./made", ["git", "--version"], None, None, root=root, seen=seen)
    assert may_start("./made", ["git", "--version"], None, None, root=root)
