# ruff: noqa: PTH101, PTH102, PTH103, PTH104, PTH105, PTH106, PTH107, PTH108, PTH109, PTH110, PTH112, PTH113, PTH114, PTH115, PTH116, PTH119, PTH123, PTH202, PTH207, PTH208, PTH211, SIM115  the functions of `os` are what is stood in for
"""Functions over files show an import its layer, as they show a folder that it has changed."""

import _sqlite3
import errno
import glob
import io
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import traceback
import types
from pathlib import Path

import pytest

import hostile
from footnotary.probe.inside import guards, redirects
from footnotary.probe.inside.layer import Layer
from footnotary.probe.inside.limits import Watch

pytestmark = pytest.mark.slow


def make_tree(root):
    """Make folders, files, and links to a file, a folder and outside."""
    (root / "a" / "b").mkdir(parents=True)
    (root / "c").mkdir()
    for name in ("a/x", "a/y", "a/b/z", "f"):
        (root / name).write_text(name)
    for name, target in (("l", "a"), ("k", "a/x"), ("out", "../outside")):
        (root / name).symlink_to(target)


def in_fork(act, *arguments):
    """Return what an act gives in a process of its own, which ends with it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(writing, json.dumps(act(*arguments)).encode())
            code = 0
        except BaseException:  # noqa: BLE001  it may not go on as a second run of the tests
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with open(reading, "rb") as stream:
        told = stream.read()
    assert os.waitpid(child, 0)[1] == 0
    return json.loads(told)


def entries(folder):
    """What `scandir` tells of a folder."""
    with os.scandir(folder) as found:
        return sorted(
            [
                os.fsdecode(one.name), os.fsdecode(one.path), one.is_dir(), one.is_file(),
                one.is_symlink(), one.is_dir(follow_symlinks=False),
                one.is_file(follow_symlinks=False), one.stat(follow_symlinks=False).st_mode,
                os.fsdecode(os.fspath(one)), one.inode() == one.stat(follow_symlinks=False).st_ino,
            ]
            for one in found
        )  # fmt: skip


def below(name, act):
    """Act with the descriptor of a folder."""
    folder = os.open(name, os.O_RDONLY)
    try:
        return act(folder)
    finally:
        os.close(folder)


def there(*names):
    """What is said to be there."""
    return [
        [os.path.exists(one), os.path.lexists(one), os.path.isdir(one), os.path.isfile(one),
         os.path.islink(one), os.access(one, os.F_OK)]
        for one in names
    ]  # fmt: skip


def written(path, text, mode="w"):
    """Write a file; what its object is called."""
    with open(path, mode) as stream:
        stream.write(text)
        return os.fsdecode(stream.name)


def contents(path, **options):
    """What a file holds, and what its object is called."""
    with open(path, **options) as stream:
        return stream.read(), os.fsdecode(stream.name)


def opened_as(path, encoding):
    """The encoding of a file object that is made of a descriptor."""
    with open(os.open(path, os.O_RDONLY), encoding=encoding) as stream:
        return stream.encoding


def flushed(path, flags, text=b""):
    """Open by the system's call, and write."""
    handle = os.open(path, flags, 0o600)
    try:
        return os.write(handle, text) if text else os.read(handle, 99).decode()
    finally:
        os.close(handle)


ALL = ("a", "a/x", "a/y", "a/b", "f", "l", "k", "l/x", "out", "out/s", "new", "new/file", "no", "m")
ACTS = [
    *(lambda one=one: there(one) for one in ALL),
    lambda: os.mkdir("new"),
    lambda: os.mkdir("new"),
    lambda: os.mkdir("no/deep"),
    lambda: os.makedirs("a/b", exist_ok=True),
    lambda: os.makedirs("new/one/two", 0o700),
    lambda: written("new/file", "text"),
    lambda: written(b"new/bytes", "text"),
    lambda: written(Path("new/path"), "text", "x"),
    lambda: written("new/path", "text", "x"),
    lambda: written("no/file", "text"),
    lambda: written("f", "+", "a"),
    lambda: written("l/x", "+", "a"),
    lambda: contents("f"),
    lambda: contents("a/x"),
    lambda: contents("k"),
    lambda: contents("new/file", encoding="utf-8"),
    lambda: contents("no"),
    lambda: io.open_code(f"{os.getcwd()}/f").read().decode(),
    lambda: io.open_code(f"{os.getcwd()}/no").read().decode(),
    lambda: flushed("f", os.O_RDONLY),
    lambda: flushed("f", os.O_WRONLY | os.O_TRUNC, b"short"),
    lambda: flushed("a/y", os.O_RDWR | os.O_APPEND, b"!"),
    lambda: flushed("made", os.O_WRONLY | os.O_CREAT | os.O_EXCL, b"made"),
    lambda: flushed("made", os.O_WRONLY | os.O_CREAT | os.O_EXCL, b"made"),
    lambda: flushed("no", os.O_RDONLY),
    lambda: [contents("f")[0], contents("a/y")[0], contents("made")[0]],
    lambda: os.remove("a/x"),
    lambda: os.remove("a/x"),
    lambda: os.unlink("k"),
    lambda: os.remove("a"),
    lambda: os.rmdir("a"),
    lambda: os.rmdir("c"),
    lambda: os.rmdir("f"),
    *(lambda one=one: there(one) for one in ALL),
    lambda: sorted(os.listdir()),
    lambda: sorted(os.listdir("a")),
    lambda: [type(one).__name__ for one in os.listdir(b"a")],
    lambda: sorted(os.listdir("no")),
    lambda: entries("."),
    lambda: entries("a"),
    lambda: entries(b"new"),
    lambda: entries("f"),
    lambda: sorted([folder, sorted(names), sorted(files)] for folder, names, files in os.walk(".")),
    lambda: sorted(glob.glob("**/*", recursive=True)),
    lambda: sorted(one.name for one in Path("new").iterdir()),
    lambda: os.symlink("new/file", "m"),
    lambda: os.symlink("new/file", "m"),
    lambda: [os.readlink("m"), os.readlink("l"), os.readlink(b"l").decode()],
    lambda: os.readlink("f"),
    lambda: [os.path.realpath("m") == os.path.realpath("new/file"), contents("m")[0]],
    lambda: os.link("f", "hard"),
    lambda: os.link("no", "hard2"),
    lambda: contents("hard")[0],
    lambda: os.chmod("f", 0o640),
    lambda: os.chmod("no", 0o640),
    lambda: [oct(os.stat("f").st_mode), oct(os.lstat("l").st_mode)],
    lambda: os.utime("f", ns=(1_000, 2_000)),
    lambda: [os.stat("f").st_mtime_ns, os.stat("f", follow_symlinks=False).st_size],
    lambda: os.truncate("f", 2),
    lambda: [contents("f")[0], os.path.getsize("f"), os.stat(b"f").st_size],
    lambda: os.stat("no").st_size,
    lambda: os.lstat("no").st_size,
    lambda: os.rename("f", "g"),
    lambda: os.replace("g", "f"),
    lambda: os.rename("a/b", "moved"),
    lambda: os.rename("no", "moved2"),
    lambda: os.rename("l", "n"),
    lambda: os.rename("out", "outer"),
    lambda: [os.readlink("n"), os.readlink("outer"), sorted(os.listdir("moved"))],
    lambda: os.rename("f", "moved"),
    lambda: shutil.move("new/bytes", "moved"),
    lambda: sorted(os.listdir("moved")),
    lambda: os.chdir("new"),
    lambda: [os.path.basename(os.getcwd()), os.path.basename(os.getcwdb()).decode()],
    lambda: [contents("file")[0], sorted(os.listdir(".")), there("../f", "f")],
    lambda: written("here", "here"),
    lambda: os.chdir("no"),
    lambda: os.chdir(".."),
    lambda: there("new/here", "here"),
    lambda: below("new", lambda folder: os.stat("file", dir_fd=folder).st_size),
    lambda: below("new", lambda folder: sorted(os.listdir(folder))),
    lambda: below("new", lambda folder: os.mkdir("deep", dir_fd=folder)),
    lambda: below("new", lambda folder: os.unlink("here", dir_fd=folder)),
    lambda: below("new", lambda folder: os.rename("deep", "deeper", src_dir_fd=folder)),
    lambda: below("a", lambda folder: os.open("y", os.O_RDONLY, dir_fd=folder) > 0),
    lambda: there("new/deep", "new/here", "deeper"),
    lambda: shutil.copy("f", "copied"),
    lambda: shutil.copytree("a", "tree"),
    lambda: sorted(os.listdir("tree")),
    lambda: shutil.rmtree("moved"),
    lambda: shutil.rmtree("no"),
    lambda: there("moved", "moved/z", "copied"),
    lambda: os.mkfifo("new/pipe"),
    lambda: os.stat("new/pipe").st_mode,
    lambda: os.statvfs("new").f_bsize > 0,
    lambda: os.pathconf("new/file", "PC_NAME_MAX") > 0,
    lambda: os.getxattr("new/file", "user.nothing"),
    lambda: tempfile.TemporaryFile(dir="new").write(b"x"),
    lambda: Path("new/file").exists() and Path("new/file").read_text(),
    lambda: Path("new/pathlib").write_text("x") and Path("new/pathlib").rename("new/p2").name,
    lambda: Path("new").joinpath("p2").unlink(),
    lambda: open("\0"),
    lambda: open(""),
    lambda: os.stat("a" * 300),
    lambda: open(99),
    lambda: opened_as("a/y", "latin-1"),
    lambda: below("a", lambda folder: oct(os.stat(folder).st_mode)),
    lambda: os.stat("").st_mode,
]


def results(root, upper):
    """Do all acts in a folder, over a layer if there is one; what each gives, or its error."""
    os.chdir(root)
    if upper:
        redirects.redirect_files(Layer(root, upper, 10_000_000))
    told = []
    for act in ACTS:
        try:
            found = act()
        except OSError as error:
            found = errno.errorcode[error.errno]
        except ValueError as error:
            found = str(error)
        told.append(json.loads(json.dumps(found, default=str).replace(f"{root}/", "")))
    return told


def test_every_function_shows_what_it_would_of_a_plain_copy(tmp_path):
    """Results and errors alike; by text, bytes, paths and descriptors of folders."""
    folders = []
    for name in ("plain", "layered"):
        (tmp_path / name / "outside").mkdir(parents=True)
        (tmp_path / name / "outside" / "s").write_text("s")
        make_tree(tmp_path / name / "project")
        folders.append(str(tmp_path / name / "project"))
    (tmp_path / "upper").mkdir()
    before = hostile.fingerprint(Path(folders[1]))
    plain = in_fork(results, folders[0], "")
    layered = in_fork(results, folders[1], str(tmp_path / "upper"))
    pairs = enumerate(zip(plain, layered, strict=True))
    wrong = {number: pair for number, pair in pairs if pair[0] != pair[1]}
    assert wrong == {}
    assert hostile.fingerprint(Path(folders[1])) == before


def stores(root, upper, outside):
    """Open stores by a C library, of which this Python may have none: which files it was given."""
    opened = []
    library = types.ModuleType("_gdbm")

    def open_store(path, flags, mode=0o666):
        opened.append([path, flags, mode])

    library.open = open_store
    sys.modules["_gdbm"] = library
    watch = Watch(root, [upper])
    guards.guard_functions(watch)
    if upper != root:
        redirects.redirect_files(Layer(root, upper, 10_000_000))
    library.open(f"{root}/f")
    library.open(f"{outside}/s", "r", 0o600)
    library.open(f"{root}/new", "c", 0o600)
    try:
        library.open(f"{outside}/new", "c")
    except PermissionError as error:
        return [opened, str(error).rpartition(": ")[2], watch.denied]
    return [opened]


def test_stores_of_a_c_library_are_judged_and_lie_in_the_layer(tmp_path):
    """Reading is let through; what is made lies in the layer, or in the project where one may."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "upper").mkdir()
    make_tree(tmp_path / "project")
    for ending in ("db", "dir", "pag"):
        (tmp_path / "project" / f"f.{ending}").write_text(ending)
    root, upper, outside = (str(tmp_path / name) for name in ("project", "upper", "outside"))
    denied = f"write {outside}/new"
    for place in (root, upper):
        opened, said, told = in_fork(stores, root, place, outside)
        assert opened == [
            [f"{place}/f", "r", 0o666], [f"{outside}/s", "r", 0o600], [f"{place}/new", "c", 0o600],
        ]  # fmt: skip
        assert (said, told) == (denied, [denied])
    assert sorted(os.listdir(upper)) == ["f", "f.db", "f.dir", "f.pag"]


def attached(root, upper):
    """Attach a database of the project by connections that ask nothing, or somebody else too."""
    watch = Watch(root, [upper])
    guards.redirect_databases(watch, Layer(root, upper, 10_000_000))
    told = []
    for answer in (None, sqlite3.SQLITE_OK, sqlite3.SQLITE_DENY):
        connection = _sqlite3.connect(f"{root}/new.db")
        connection.set_authorizer(None if answer is None else lambda *_, code=answer: code)
        for statement in ("SELECT 1", f"ATTACH '{root}/f' AS other"):
            try:
                told.append(bool(connection.execute(statement)))
            except sqlite3.DatabaseError:
                told.append(False)
    return told, watch.denied


def test_an_authorizer_of_the_applications_lets_nothing_more_through(tmp_path):
    """What it denies is denied, what it allows is judged: SQLite opens an attached file itself."""
    (tmp_path / "upper").mkdir()
    make_tree(tmp_path / "project")
    root, upper = (str(tmp_path / name) for name in ("project", "upper"))
    told, denied = in_fork(attached, root, upper)
    assert told == [True, False, True, False, False, False]
    assert denied == [f"write {root}/f"]


def read_back(root, upper):
    """Make a database, and open it as one that is only read."""
    guards.redirect_databases(Watch(root, [upper]), Layer(root, upper, 10_000_000))
    made = _sqlite3.connect(f"{root}/new.db")
    made.execute("CREATE TABLE kept (one)")
    made.commit()
    made.close()
    told = []
    for question in ("mode=ro", "mode=ro&cache=private"):
        read = _sqlite3.connect(f"file:{root}/new.db?{question}", uri=True)
        told += read.execute("SELECT name FROM sqlite_schema").fetchone()
        with pytest.raises(sqlite3.OperationalError):
            read.execute("CREATE TABLE more (one)")
    return told


def test_a_database_of_the_import_is_read_where_it_was_made(tmp_path):
    """Who opens it read-only finds it, though the project has none."""
    (tmp_path / "upper").mkdir()
    make_tree(tmp_path / "project")
    root, upper = (str(tmp_path / name) for name in ("project", "upper"))
    assert in_fork(read_back, root, upper) == ["kept", "kept"]
    assert "new.db" in os.listdir(upper)
    assert "new.db" not in os.listdir(root)
