"""What the system separates, where it can: asked by calls that no audit hook stops.

Each test runs a few lines in a process of its own, after `enter`, and looks at what they print
and at what is left.
"""

import ctypes
import json
import os
import shutil
import subprocess
import sys
import textwrap

import pytest

from footnotary.probe.inside import isolation

pytestmark = pytest.mark.slow  # each starts an interpreter

FILES = ("files", "network", "processes")
BEGIN = """
import ctypes, errno, json, os, signal, socket, sys, time
from footnotary.probe.inside import isolation, system
root, scratch, ways = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


def tried(act, *arguments):
    try:
        act(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"


def write(path):
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.write(handle, b"new")
    os.close(handle)


def show(**found):
    print(json.dumps(found), flush=True)
"""
ENTER = "parts = isolation.enter_isolation(root, scratch, 1 << 20, ways)\n"


@pytest.fixture
def ground(tmp_path):
    """A project with a file, a scratch folder, and somebody else's folder."""
    for name in ("project/sub", "scratch/home", "scratch/layer", "outside"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "project" / "file").write_text("old")
    (tmp_path / "outside" / "file").write_text("old")
    return tmp_path


def run(ground, lines, *, ways=(FILES,), enter=ENTER, folders=("project", "scratch")):
    """Run lines after `enter`; return what they showed, and the process."""
    code = BEGIN + enter + textwrap.dedent(lines)
    words = (*(str(ground / one) for one in folders), json.dumps(ways))
    command = [sys.executable, "-c", code, *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ground / folders[0], **pipes)
    output, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors, errors
    shown = [json.loads(line) for line in output.splitlines()]
    return shown[-1] if shown else {}, process


@pytest.fixture
def separate(ground):
    """The ground of a system that separates everything; others cannot show these rules."""
    shown, _ = run(ground, "show(parts=sorted(parts))")
    if shown["parts"] != sorted(FILES):
        assert not may_separate(ground)
        pytest.skip("this system gives no namespaces to us")
    return ground


def may_separate(ground):
    """Tell whether a program of the system's may mount a layer in namespaces of its own."""
    release = tuple(int(part) for part in os.uname().release.split(".")[:2])
    program = shutil.which("unshare")
    if release < (5, 12) or program is None:  # which has no mount_setattr, or nobody to ask
        return False
    script = (
        "mount -t tmpfs x $0 && mkdir $0/lower $0/upper $0/work && mount -t overlay x -o"
        " lowerdir=$0/lower,upperdir=$0/upper,workdir=$0/work $0/lower && mount -t proc x /proc"
    )
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    spaces = ["--mount", "--ipc", "--net", "--pid", "--fork"]
    words = [program, *user, *spaces, "sh", "-c", script, str(ground / "outside")]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_changes_of_the_project_stay_in_the_layer(separate):
    """They are seen inside, collected in `upper`, and gone with the process."""
    shown, _ = run(separate, """
        write("file"); write(root + "/made"); os.mkdir("sub/new")
        os.remove("file"); write("file")
        show(here=sorted(os.listdir(root)), text=open("file").read(), cwd=os.getcwd(),
             upper=sorted(os.listdir(scratch + "/layer/upper")),
             lower=open(scratch + "/layer/lower/file").read(),
             mode=os.stat(root).st_mode, time=os.stat(root + "/sub").st_mtime)
    """)  # fmt: skip
    project = separate / "project"
    assert shown["here"] == ["file", "made", "sub"]
    assert (shown["text"], shown["lower"], shown["cwd"]) == ("new", "old", str(project))
    assert shown["upper"] == ["file", "made", "sub"]
    assert shown["mode"] == project.stat().st_mode
    assert sorted(path.name for path in project.iterdir()) == ["file", "sub"]
    assert (project / "file").read_text() == "old"
    assert not list((project / "sub").iterdir())


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o1777])
def test_the_layer_has_the_projects_rights_and_time(separate, mode):
    """What an application asks of its folder has the same answer."""
    project = separate / "project"
    project.chmod(mode)
    os.utime(project, ns=(1, 2_000_000_000))
    shown, _ = run(
        separate, "s = os.stat(root)\nshow(mode=s.st_mode, time=s.st_mtime_ns, u=s.st_uid)"
    )
    assert (shown["mode"], shown["u"]) == (project.stat().st_mode, project.stat().st_uid)
    assert shown["time"] == 2_000_000_000


def test_everything_else_is_read_only(separate):
    """Whatever function writes, and whoever runs it; the scratch folder is ours."""
    shown, _ = run(separate, f"""
        show(outside=tried(write, "{separate}/outside/file"), made=tried(write, "{separate}/made"),
             removed=tried(os.remove, "{separate}/outside/file"),
             linked=tried(os.link, "{separate}/outside/file", "hard"),
             lower=tried(write, scratch + "/layer/lower/file"), null=tried(write, "/dev/null"),
             scratch=tried(write, scratch + "/kept"), home=tried(write, scratch + "/home/gone"),
             tmp=tried(write, "/tmp/footnotary-test-made"),
             shared=tried(write, "/dev/shm/footnotary-test"), own=tried(write, "/proc/self/comm"))
    """)  # fmt: skip
    assert shown == {"outside": "EROFS", "made": "EROFS", "removed": "EROFS", "linked": "EXDEV",
                     "lower": "EROFS", "null": "done", "scratch": "done", "home": "done",
                     "tmp": "EROFS", "shared": "done", "own": "done"}  # fmt: skip
    assert (separate / "scratch" / "kept").read_text() == "new"
    assert not list((separate / "scratch" / "home").iterdir())
    assert not os.path.exists("/dev/shm/footnotary-test")  # noqa: PTH110  as the test has it
    assert (separate / "outside" / "file").read_text() == "old"


def test_the_layer_has_an_end(separate):
    """A flood fills neither the disk nor the memory."""
    shown, _ = run(separate, """
        def flood(path):
            with open(path, "wb") as stream:
                stream.write(b"x" * (2 << 20))
        show(project=tried(flood, "big"), home=tried(flood, scratch + "/home/big"))
    """)  # fmt: skip
    assert shown == {"project": "ENOSPC", "home": "ENOSPC"}


@pytest.mark.parametrize("name", ["a,b", "a:b", "a b", "a\\b", "a'b", "é", "a\nb"])
def test_a_folder_may_have_any_name(separate, name):
    """Commas and colons part the options of a mount."""
    (separate / name).mkdir()
    shown, _ = run(
        separate,
        "write('x')\nshow(here=os.listdir(root), parts=sorted(parts))",
        folders=(name, "scratch"),
    )
    assert shown == {"here": ["x"], "parts": sorted(FILES)}
    assert not list((separate / name).iterdir())


@pytest.mark.parametrize("marks", [True, False])
def test_a_user_without_rights_has_a_layer_too(separate, marks):
    """In memory, or on disk where folders in memory take no marks of users."""
    before = "os.geteuid = lambda: 1000\n" + "isolation._takes_marks = lambda folder: False\n" * (
        not marks
    )
    shown, _ = run(separate, """
        import shutil
        write("file"); shutil.rmtree("sub"); os.mkdir("sub"); write("sub/new")
        with open("/proc/self/mountinfo") as stream:
            kinds = [line.split()[8] for line in stream if line.split()[4] == scratch + "/layer"]
        show(here=sorted(os.listdir(root)), sub=os.listdir("sub"), memory=kinds == ["tmpfs"],
             parts=sorted(parts), outside=tried(write, "/tmp/footnotary-test-made"))
    """, enter=before + ENTER)  # fmt: skip
    assert shown == {"here": ["file", "sub"], "sub": ["new"], "memory": marks,
                     "parts": sorted(FILES), "outside": "EROFS"}  # fmt: skip
    assert not list((separate / "project" / "sub").iterdir())
    assert (separate / "project" / "file").read_text() == "old"


def test_what_is_mounted_in_the_project_stays_there(separate):
    """A container mounts folders of its own below the project; they are read, not written."""
    (separate / "project" / "sub" / "deep space").mkdir()
    before = """
user, group = os.getuid(), os.getgid()
system.unshare(system.NEW_USER | system.NEW_MOUNTS)
isolation._keep_names(user, group)
for path in (root + "/sub/deep space", "/dev/shm"):
    system.mount("tmpfs", path, "tmpfs", 0, "size=1M")
os.mkdir(root + "/sub/deep space/below")
system.mount("tmpfs", root + "/sub/deep space/below", "tmpfs", 0, "size=1M")
write(root + "/sub/deep space/inner"); write(root + "/sub/deep space/below/innermost")
"""
    shown, _ = run(separate, """
        show(parts=sorted(parts), here=sorted(os.listdir(root + "/sub/deep space")),
             below=os.listdir(root + "/sub/deep space/below"),
             written=tried(write, root + "/sub/deep space/x"))
    """, enter=before + ENTER, ways=isolation.WAYS)  # fmt: skip
    assert "files" in shown["parts"]
    assert (shown["here"], shown["below"]) == (["below", "inner"], ["innermost"])
    assert shown["written"] == "EROFS"


def test_nothing_but_loopback_is_there(separate):
    """Its address can be bound and reached; no other can."""
    shown, _ = run(separate, """
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
        show(names=[name for _, name in socket.if_nameindex()],
             out=tried(socket.create_connection, ("192.0.2.1", 80), 2))
    """)  # fmt: skip
    assert shown == {"names": ["lo"], "out": "ENETUNREACH"}


def test_no_other_process_is_there(separate):
    """The first cannot be ended, and what is ended is this one's own."""
    shown, process = run(separate, """
        os.kill(1, 9); os.kill(os.getppid(), 15); os.kill(os.getppid(), 9)
        group = tried(os.killpg, os.getpgrp(), 0)
        show(own=os.getpid(), parent=os.getppid(), group=os.getpgrp(), all=tried(os.kill, -1, 0),
             seen=sorted(int(name) for name in os.listdir("/proc") if name.isdigit()))
    """)  # fmt: skip
    assert shown == {"own": 2, "parent": 1, "group": 2, "all": "ESRCH", "seen": [1, 2]}
    assert process.returncode == 0


def test_what_is_left_running_ends_with_the_import(separate):
    """Also what left the session; it holds nothing open that we wait for."""
    shown, process = run(separate, """
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(writing, b"!")
                while True:
                    time.sleep(0.01)
                    write(scratch + "/alive")
                    os.utime(scratch + "/alive")
            os._exit(0)
        os.read(reading, 1)
        show(began=True)
        os._exit(3)
    """)  # fmt: skip
    assert shown == {"began": True}
    assert process.returncode == 3
    alive = separate / "scratch" / "alive"
    before = alive.stat().st_mtime_ns if alive.exists() else None
    assert before == (alive.stat().st_mtime_ns if alive.exists() else None)


@pytest.mark.parametrize("ways", [(FILES,), (("files", "network"),), (("network",),), ()])
@pytest.mark.parametrize(
    ("lines", "code"),
    [("", 0), ("os._exit(7)", 7), ("os.kill(os.getpid(), 9)", -9), ("os.abort()", -6),
     ("ctypes.string_at(0)", -11)],
)  # fmt: skip
def test_the_end_is_that_of_the_import(ground, ways, lines, code):
    """However many processes stand between: its exit code, or its signal."""
    _, process = run(ground, lines, ways=ways)
    assert process.returncode == code


def test_the_user_stays_the_same(separate):
    """Names of users and groups are asked by applications."""
    shown, _ = run(separate, "show(ids=[os.getuid(), os.geteuid(), os.getgid(), os.getegid()])")
    assert shown["ids"] == [os.getuid(), os.geteuid(), os.getgid(), os.getegid()]


@pytest.mark.parametrize(
    ("root", "scratch", "ways"),
    [("scratch", "scratch/home", (FILES,)), ("scratch", "scratch", (FILES,)),
     ("/", "scratch", (FILES,)), ("project", "none", (FILES,)), ("project", "scratch", ())],
)  # fmt: skip
def test_what_is_not_possible_leaves_all_as_it_was(ground, root, scratch, ways):
    """A folder that cannot be covered, a scratch folder that is missing, no way to try."""
    enter = "before = os.getpid(), os.getuid()\n" + ENTER
    lines = "show(parts=sorted(parts), same=before == (os.getpid(), os.getuid()))"
    shown, process = run(ground, lines, enter=enter, folders=(root, scratch), ways=ways)
    assert shown == {"parts": [], "same": True}
    assert process.returncode == 0


def test_the_next_way_is_tried(ground):
    """What cannot have its files separated may have its network so."""
    shown, _ = run(ground, "show(parts=sorted(parts))", ways=isolation.WAYS,
                   folders=("scratch", "scratch/home"))  # fmt: skip
    assert shown["parts"] in (["network"], [])


def test_rights_over_the_system_are_given_up(ground):
    """Of root's, those over files and one's own name stay; the layer cannot be taken away."""
    shown, _ = run(ground, """
        isolation.give_up_rights()
        status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
        show(effective=int(status["CapEff"], 16), permitted=int(status["CapPrm"], 16),
             inherited=int(status["CapInh"], 16), gains=status["NoNewPrivs"].strip(),
             mounted=tried(system.mount, "tmpfs", root, "tmpfs"),
             uncovered=ctypes.CDLL(None).umount2(root.encode(), 2))
    """)  # fmt: skip
    kept = sum(1 << one for one in (0, 1, 2, 3, 4, 6, 7, 10))
    assert shown["effective"] & ~kept == 0
    assert shown["permitted"] & ~kept == 0
    if os.geteuid() == 0:
        assert shown["effective"] == kept
    assert (shown["inherited"], shown["gains"], shown["mounted"]) == (0, "1", "EPERM")
    assert shown["uncovered"] == -1


def test_landlock_keeps_writes_in_the_scratch_folder(ground):
    """Reading stays free; moving between folders of the scratch folder works."""
    lines = f"""
        held = isolation.hold_to(scratch)
        os.mkdir(scratch + "/a"); os.mkdir(scratch + "/b"); write(scratch + "/a/file")
        outside = "{ground}/outside/file"
        show(held=held, version=system.landlock_version(), project=tried(write, root + "/file"),
             outside=tried(write, outside), cut=tried(os.truncate, outside, 0),
             removed=tried(os.remove, outside), made=tried(os.mkdir, "{ground}/outside/made"),
             moved=tried(os.rename, outside, scratch + "/mine"),
             own=tried(os.rename, scratch + "/a/file", scratch + "/b/file"),
             shortened=tried(os.truncate, scratch + "/b/file", 0),
             null=tried(write, "/dev/null"), comm=tried(write, "/proc/self/comm"),
             shared=tried(write, "/dev/shm/footnotary-test-2"),
             unshared=tried(os.remove, "/dev/shm/footnotary-test-2"), text=open(outside).read(),
             kill=tried(os.kill, os.getppid(), 0),
             connected=tried(socket.create_connection, ("127.0.0.1", 9)))
    """
    shown, _ = run(ground, lines, enter="")
    version = shown.pop("version")
    if not shown["held"]:
        assert ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) < 2
        pytest.skip("this system has no Landlock")
    assert shown == {
        "held": True, "project": "EACCES", "outside": "EACCES", "removed": "EACCES",
        "cut": "EACCES" if version >= 3 else "done", "made": "EACCES", "moved": "EACCES",
        "own": "done", "shortened": "done", "null": "done", "comm": "done", "shared": "done",
        "unshared": "done", "text": "old", "kill": "EPERM" if version >= 6 else "done",
        "connected": "EACCES" if version >= 4 else "ECONNREFUSED"}  # fmt: skip
    assert (ground / "outside" / "file").read_text() == "old"


def test_other_systems_stay_as_they_are(ground, monkeypatch):
    """There is no Linux to ask."""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert (
        isolation.enter_isolation(
            str(ground / "project"), str(ground / "scratch"), 1, isolation.WAYS
        )
        == set()
    )
    assert isolation.hold_to(str(ground / "scratch")) is False
    isolation.give_up_rights()
