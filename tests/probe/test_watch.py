# ruff: noqa: E501  a table
"""What a watch refuses, event by event; no interpreter is started."""

import contextlib
import os
import shutil
import signal
import socket
import sys

import pytest

from footnotary.probe.inside import limits
from footnotary.probe.inside.limits import Watch

NODE = os.uname().nodename
HERE, OUT, DEEP = -1, -2, -3  # descriptors of the project's folder, of the one beside it, of none


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A project that is worked in, a scratch folder and somebody else's."""
    for name in ("project", "scratch", "outside"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("text")
        (tmp_path / name / "folder").mkdir()
    (tmp_path / "project" / "out").symlink_to("../outside/file")
    (tmp_path / "outside" / "in").symlink_to("../project/file")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


@pytest.fixture
def descriptors(folders):
    """Open folders and files by the numbers of the table."""
    kept = {number: os.open(folders / name, os.O_RDONLY) for number, name in
            ((HERE, "project"), (OUT, "outside"), (DEEP, "outside/file"))}  # fmt: skip
    yield kept
    for number in kept.values():
        os.close(number)


def judged(watch, event, arguments):
    """Return what is refused of an event; nothing for one that is let through."""
    before = len(watch.denied)
    with contextlib.suppress(PermissionError):
        watch.judge(event, arguments)
        assert len(watch.denied) == before
        return None
    assert len(watch.denied) == before + 1
    return watch.denied[-1]


O = os  # noqa: E741  the table is wide enough
WRITES = [
    # where a name alone is written to
    ("open", ("file", "w", 0), ("file", "r", 0)),
    ("open", ("file", "a", 0), ("file", "rb", 0)),
    ("open", ("file", "x", 0), ("file", "rt", 0)),
    ("open", ("file", "r+", 0), ("file", "rb", 0)),
    ("open", ("file", None, O.O_WRONLY), ("file", None, O.O_RDONLY)),
    ("open", ("file", None, O.O_RDWR), ("file", None, O.O_CLOEXEC)),
    ("open", ("file", None, O.O_CREAT), ("file", None, O.O_DIRECTORY)),
    ("open", ("file", None, O.O_TRUNC), ("file", None, O.O_NOFOLLOW)),
    ("open", (b"file", "wb", 0), (b"file", "rb", 0)),
]
CHANGES = ["os.chflags", "os.chmod", "os.chown", "os.remove", "os.removexattr", "os.rmdir",
           "os.setxattr", "os.truncate", "os.utime", "os.mkfifo", "os.mknod", "dbm.open"]  # fmt: skip


@pytest.mark.parametrize(("event", "writing", "reading"), WRITES)
def test_opening_is_judged_by_what_it_is_for(folders, event, writing, reading):
    """Every letter and flag that writes is refused outside of the writable folders, reading never."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    assert judged(watch, event, writing) is None
    assert judged(watch, event, reading) is None
    layered = Watch(str(folders / "project"), [str(folders / "scratch")])
    assert judged(layered, event, writing) == f"write {folders}/project/file"
    assert judged(layered, event, reading) is None


@pytest.mark.parametrize("event", CHANGES)
def test_every_change_is_judged_by_its_path(folders, event):
    """In the project it passes, beside it it is refused."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    assert judged(watch, event, ("file", -1, -1, -1)) is None
    assert judged(watch, event, ("../outside/file", -1, -1, -1)) == f"write {folders}/outside/file"


FOLDER_OF = {"os.chmod": ("file", 0o600), "os.chown": ("file", 0, 0), "os.utime": ("file", None, None),
             "os.mkfifo": ("file", 0o600), "os.mknod": ("file", 0o600), "os.remove": ("file",),
             "os.rmdir": ("file",), "os.mkdir": ("new", 0o700), "os.open": ("file", O.O_WRONLY),
             "os.symlink": ("x", "new"), "os.rename": ("file", f"{sys.prefix}/x", OUT)}  # fmt: skip


@pytest.mark.parametrize("event", FOLDER_OF)
def test_a_name_below_an_open_folder_is_that_folders(folders, descriptors, event):
    """`dir_fd` decides where a relative name is."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    arguments = tuple(descriptors.get(one, one) for one in FOLDER_OF[event])
    if event != "os.rename":
        assert judged(watch, event, (*arguments, descriptors[HERE])) is None
        arguments = (*arguments, descriptors[OUT])
    assert judged(watch, event, arguments).startswith(f"write {folders}/outside/")


PAIRS = [
    ("os.rename", ("file", "new"), None),
    ("os.rename", ("file", "../outside/new"), "new"),
    ("os.rename", ("../outside/file", "new"), "file"),
    ("os.rename", ("out", "new"), None),
    ("os.rename", ("../outside/in", "new"), "in"),
    ("os.link", ("file", "new"), None),
    ("os.link", ("file", "../outside/new"), "new"),
    ("os.link", ("../outside/file", "new"), "file"),
    ("os.link", ("out", "new"), "file"),
    ("os.symlink", ("/", "new"), None),
    ("os.symlink", ("/", "../outside/new"), "new"),
    ("shutil.move", ("file", "new"), None),
    ("shutil.move", ("file", "../outside/new"), "new"),
    ("shutil.move", ("../outside/file", "new"), "file"),
    ("shutil.rmtree", ("folder",), None),
    ("shutil.rmtree", ("../outside",), "outside"),
]


@pytest.mark.parametrize(("event", "arguments", "refused"), PAIRS)
def test_both_names_of_a_call_are_judged(folders, event, arguments, refused):
    """Neither the old nor the new name may lie outside; where a link points to is no name."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    told = judged(watch, event, (*arguments, -1, -1))
    assert (told or "").rpartition("/")[2] == (refused or "")


def test_the_second_name_may_lie_below_an_open_folder(folders, descriptors):
    """Both descriptors of `os.rename` and `os.link` are looked at."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    for event in ("os.rename", "os.link"):
        arguments = ("file", "new", -1, descriptors[OUT])
        watch.denied.clear()
        assert judged(watch, event, arguments) == f"write {folders}/outside/new"
        assert judged(watch, event, ("file", "new", -1, descriptors[HERE])) is None


def test_links_are_followed_as_the_system_follows_them(folders):
    """A link is written through, but removed itself; one that leads in is written in the project."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    assert judged(watch, "open", ("out", "w", 0)) == f"write {folders}/outside/file"
    assert judged(watch, "os.remove", ("out", -1)) is None
    assert judged(watch, "open", ("../outside/in", "w", 0)) is None
    assert judged(watch, "os.remove", ("../outside/in", -1)) == f"write {folders}/outside/in"
    assert judged(watch, "os.rmdir", ("../outside/folder/..", -1)) == f"write {folders}/outside"


def test_making_a_folder_that_is_there_fails_by_itself(folders, descriptors):
    """`exist_ok` expects the system's own error."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    assert judged(watch, "os.mkdir", ("../outside/folder", 0o777, -1)) is None
    assert judged(watch, "os.mkdir", ("folder", 0o777, descriptors[OUT])) is None
    assert (
        judged(watch, "os.mkdir", ("../outside/file", 0o777, -1)) == f"write {folders}/outside/file"
    )
    assert (
        judged(watch, "os.mkdir", ("new", 0o777, descriptors[OUT]))
        == f"write {folders}/outside/new"
    )


def test_an_open_file_is_judged_by_its_path(folders, descriptors):
    """Rights and times of a file opened for reading are its own; its length needs more than that."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    told = judged(watch, "os.chmod", (descriptors[DEEP], 0o600, -1))
    assert told == f"write {folders}/outside/file"
    assert judged(watch, "os.truncate", (descriptors[DEEP], 0)) is None
    assert judged(watch, "open", (descriptors[DEEP], "w", 0)) is None
    reading, writing = os.pipe()
    assert judged(watch, "os.chmod", (reading, 0o600, -1)) is None
    assert judged(watch, "os.chmod", (99_999, 0o600, -1)) is None
    os.close(reading)
    os.close(writing)


def test_devices_and_what_is_the_process_own_may_be_written(folders):
    """The null device, terminals, shared memory and the process's own files are no files."""
    watch = Watch(str(folders / "project"), [str(folders / "scratch")])
    for path in ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/shm/sem.x", "/dev/pts/1",
                 "/proc/self/comm", f"/proc/{os.getpid()}/comm"):  # fmt: skip
        assert judged(watch, "open", (path, "w", 0)) is None, path
    for path in ("/dev/nullify", "/dev/sda", "/dev/shmem", "/proc/1/comm"):
        assert judged(watch, "open", (path, "w", 0)) == f"write {path}"
    assert judged(watch, "open", (f"{folders}/scratch/new", "w", 0)) is None
    assert judged(watch, "open", (f"{folders}/scratches", "w", 0)) == f"write {folders}/scratches"


def test_what_is_no_path_is_left_to_the_function(folders):
    """It says better what is wrong with it."""
    watch = Watch(str(folders / "project"), [])
    for value in (None, 1.5, object()):
        assert judged(watch, "open", (value, "w", 0)) is None
    assert judged(watch, "os.remove", ("", -1)) is None
    assert judged(watch, "sqlite3.connect", (None,)) is None
    assert judged(watch, "os.listdir", (".",)) is None


DATABASES = [
    ("file", None), ("new.db", None), (b"new.db", None), (":memory:", None), ("", None),
    ("../outside/new.db", "outside/new.db"), ("../outside/file", "outside/file"),
    ("file:../outside/new.db", "outside/new.db"), ("file:../outside/new.db?mode=rwc", "outside/new.db"),
    ("file:../outside/file?mode=ro", None), ("file:x?mode=memory", None), ("file::memory:", None),
    ("file:new.db?cache=shared", None), ("file:..%2Foutside%2Fnew.db", "outside/new.db"),
]  # fmt: skip


@pytest.mark.parametrize(("database", "refused"), DATABASES)
def test_a_database_is_judged_like_a_file(folders, database, refused):
    """Names, URIs, and what stays in memory."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    told = judged(watch, "sqlite3.connect", (database,))
    assert told == (refused and f"write {folders}/{refused}")


REACHES = [
    ("socket.connect", (None, ("192.0.2.1", 80)), "network 192.0.2.1:80"),
    ("socket.connect", (None, "/run/x.sock"), "network /run/x.sock"),
    ("socket.connect", (None, b"/run/x.sock"), "network /run/x.sock"),
    ("socket.bind", (None, ("127.0.0.1", 80)), "network 127.0.0.1:80"),
    ("socket.bind", (None, ("127.0.0.1", 0)), None),
    ("socket.bind", (None, ""), None),
    ("socket.bind", (None, "x.sock"), "network x.sock"),
    ("socket.sendto", (None, ("192.0.2.1", 9)), "network 192.0.2.1:9"),
    ("socket.sendmsg", (None, ("192.0.2.1", 9)), "network 192.0.2.1:9"),
    ("socket.getaddrinfo", ("example.org", 443, 0, 0, 0), "network example.org:443"),
    ("socket.getaddrinfo", ("example.org", None, 0, 0, 0), "network example.org"),
    ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0), None),
    ("socket.getaddrinfo", (None, 80, 0, 0, 0), None),
    ("socket.gethostbyname", (NODE,), None),
    ("socket.gethostbyname", ("example.org",), "network example.org"),
    ("socket.gethostbyaddr", ("192.0.2.1",), "network 192.0.2.1"),
    ("socket.gethostbyaddr", ("localhost",), "network localhost"),
    ("socket.__new__", (None, socket.AF_INET, 0, 0), None),
    ("subprocess.Popen", ("touch", ["touch", "x"], None, None), "process touch"),
    ("subprocess.Popen", ("uname", ["uname", "-a"], None, None), None),
    ("os.posix_spawn", ("/bin/uname", ["uname", "-a"], None), None),
    ("os.posix_spawn", (b"touch", ["touch"], {}), "process touch"),
    ("os.system", (b"touch x\ny",), "process touch x"),
    ("os.exec", ("/bin/uname", ["uname", "-a"], None), "process /bin/uname"),
    ("os.fork", (), "process os.fork"),
    ("os.forkpty", (), "process os.forkpty"),
    ("os.spawn", (0, "/bin/x", ["x"], None), "process 0"),
    ("pty.spawn", (["sh", "-c"],), "process sh"),
    ("os.kill", (0, signal.SIGTERM), "signal SIGTERM"),
    ("os.kill", (1, 9), "signal SIGKILL"),
    ("os.kill", (1, 0), None),
    ("os.kill", (1, 45), "signal 45"),
    ("os.kill", (os.getpid(), 9), None),
    ("os.killpg", (os.getpid(), 15), "signal SIGTERM"),
    ("os.killpg", (1, 0), None),
    ("signal.pidfd_send_signal", (3, 15), "signal SIGTERM"),
    ("resource.prlimit", (1, 0, (1, 1)), "limit of another process"),
    ("resource.prlimit", (1, 0, None), None),
    ("resource.prlimit", (0, 0, (1, 1)), None),
    ("resource.prlimit", (os.getpid(), 0, (1, 1)), None),
    ("os.chroot", ("x",), "other root"),
    ("socket.sethostname", ("x",), "other host name"),
    ("time.clock_settime", (0, 0), "other time"),
]


@pytest.mark.parametrize(("event", "arguments", "refused"), REACHES)
def test_what_reaches_others_is_refused(folders, event, arguments, refused):
    """Network, programs, signals and settings of the machine; what asks only is let through."""
    assert judged(Watch(str(folders / "project"), []), event, arguments) == refused


def test_each_refusal_is_told_once_and_not_without_end(folders):
    """Fifty are enough to read, and the rest is refused all the same."""
    watch = Watch(str(folders / "project"), [])
    for number in range(60):
        for _ in range(2):
            with pytest.raises(PermissionError, match="does not let an imported project do this"):
                watch.judge("open", (f"/no/{number}", "w", 0))
    assert watch.denied == [f"write /no/{number}" for number in range(50)]
    for number in range(60):
        watch.note_read_only(f"/no/{number}")
        watch.note_read_only("/no/0")
    assert watch.read_only == [f"/no/{number}" for number in range(50)]


def test_a_live_database_is_read_without_the_projects_code(folders):
    """The network and databases that are there may be used; code of the project may not run."""
    watch = Watch(str(folders / "project"), [], import_only=True)
    code = compile("", str(folders / "project" / "driver.py"), "exec")
    assert judged(watch, "exec", (code,)) == f"import {folders}/project/driver.py"
    assert judged(watch, "import", ("x", str(folders / "project" / "x.so"), None, None, None))
    assert judged(watch, "import", ("x", None, None, None, None)) is None
    for file in (os.__file__, pytest.__file__, limits.__file__, "<string>", "project/driver.py"):
        assert judged(watch, "exec", (compile("", file, "exec"),)) is None, file
    assert judged(watch, "socket.connect", (None, ("192.0.2.1", 80))) is None
    assert judged(watch, "sqlite3.connect", ("file",)) is None
    assert judged(watch, "sqlite3.connect", ("new.db",)) == f"write {folders}/project/new.db"
    assert judged(watch, "open", ("file", "w", 0)) == f"write {folders}/project/file"
    plain = Watch(str(folders / "project"), [])
    assert judged(plain, "exec", (code,)) is None
    assert judged(plain, "sqlite3.connect", ("file",)) == f"write {folders}/project/file"


def test_a_program_s_own_variables_are_looked_at(folders):
    """What a program loads, and where it is found, is said by the variables that it is given."""
    watch = Watch(str(folders / "project"), [str(folders / "project")])
    usual = {"PATH": os.environ["PATH"]}
    hostile = usual | {"LD_PRELOAD": "/x.so"}
    program = shutil.which("git")
    for variables, told in ((None, None), (usual, None), (hostile, f"process {program}")):
        words = [program, "--version"]
        assert judged(watch, "subprocess.Popen", (program, words, None, variables)) == told
    (folders / "project" / "uname").write_text("#!/bin/sh\n")
    (folders / "project" / "uname").chmod(0o755)
    own = {"PATH": str(folders / "project")}
    assert judged(watch, "subprocess.Popen", ("uname", ["uname"], None, own)) == "process uname"
