# ruff: noqa: E501, PTH101, PTH102, PTH103, PTH106, PTH107, PTH109, PTH110, PTH115, PTH116, PTH123, PTH202, PTH208, PTH211  the functions of `os` are what is stood in for
"""The project as an import sees it that writes to it, without the system's help.

The same acts are done on a plain copy of the project: the layer must show what that copy shows,
fail where it fails, and leave the project as it was.
"""

import errno
import os
import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hostile
from footnotary.probe.inside.changes import listed
from footnotary.probe.inside.layer import Layer

PLACES = (
    "a",
    "a/x",
    "a/y",
    "a/b",
    "a/b/z",
    "c",
    "c/n",
    "f",
    "new",
    "new/n",
    "l",
    "l/x",
    "out",
    "out/s",
)


def make_tree(root):
    """Make folders, files, and links to a file, a folder and outside."""
    (root / "a" / "b").mkdir(parents=True)
    (root / "c").mkdir()
    for name in ("a/x", "a/y", "a/b/z", "f"):
        (root / name).write_text(name)
    (root / "l").symlink_to("a")
    (root / "k").symlink_to("a/x")
    (root / "out").symlink_to("../outside")


@pytest.fixture
def layer(tmp_path):
    """A layer over a small project, and the project's folder."""
    return new_layer(tmp_path)


def new_layer(folder, most=10_000):
    """Make a project, a folder beside it, and a layer."""
    for name in ("project", "outside", "upper"):
        (folder / name).mkdir()
    (folder / "outside" / "s").write_text("s")
    make_tree(folder / "project")
    return Layer(str(folder / "project"), str(folder / "upper"), most), folder / "project"


def write(layer, path, text, *, append=False):
    """Write as `open` does."""
    with open(layer.to_change(path, empty=not append), "a" if append else "w") as stream:
        stream.write(text)


def read(layer, path):
    """Read as `open` does."""
    with open(layer.seen(path)) as stream:
        return stream.read()


def test_nothing_is_changed_until_something_is(layer):
    """Every name leads to the project itself."""
    one, root = layer
    assert not one.changed
    assert one.seen(f"{root}/a/x") == f"{root}/a/x"
    assert not one.is_mixed(f"{root}/a")
    assert sorted(one.names(f"{root}/a")) == ["b", "x", "y"]
    assert one.seen("/etc/../etc/hostname") == "/etc/hostname"


def test_what_is_written_is_a_copy_with_its_rights_and_times(layer):
    """The copy has what the file had, and the file keeps it."""
    one, root = layer
    (root / "f").chmod(0o640)
    os.utime(root / "f", ns=(1_000, 2_000))
    write(one, f"{root}/f", "+", append=True)
    assert read(one, f"{root}/f") == "f+"
    assert (root / "f").read_text() == "f"
    place = one.seen(f"{root}/f")
    assert stat.S_IMODE(os.stat(place).st_mode) == 0o640
    os.remove(place)
    again = one.to_change(f"{root}/f")
    assert os.stat(again).st_mtime_ns == 2_000
    assert one.changed


def test_contents_that_are_not_needed_are_not_copied(layer):
    """What is opened to be emptied is empty, whatever it held."""
    one, root = layer
    assert os.path.getsize(one.to_change(f"{root}/f", empty=True)) == 0
    assert os.path.getsize(one.to_change(f"{root}/a/x")) == 3


def test_no_more_is_copied_than_there_is_room(tmp_path):
    """Files that are too large cannot be written to; small ones are counted together."""
    one, root = new_layer(tmp_path, most=5)
    one.to_change(f"{root}/a/x")
    with pytest.raises(OSError, match="space") as full:
        one.to_change(f"{root}/a/y")
    assert full.value.errno == errno.ENOSPC
    one.to_change(f"{root}/f")
    one.to_change(f"{root}/a/b/z", empty=True)


def test_rights_that_keep_us_out_are_widened_in_the_copy_only(layer):
    """The layer must go on to write in it; what is closed to others stays closed."""
    one, root = layer
    (root / "f").chmod(0o400)
    assert stat.S_IMODE(os.stat(one.to_change(f"{root}/f")).st_mode) == 0o600
    assert stat.S_IMODE((root / "f").stat().st_mode) == 0o400


def test_other_kinds_of_files_are_not_copied(layer):
    """A pipe of the project has no contents to copy."""
    one, root = layer
    os.mkfifo(root / "pipe")
    assert not os.path.exists(one.to_change(f"{root}/pipe"))


def test_a_removed_name_is_gone_until_it_is_made_again(layer):
    """Also that of a folder, with all below; what is made in its place does not bring it back."""
    one, root = layer
    assert one.remove(f"{root}/a/x")
    assert not os.path.exists(one.seen(f"{root}/a/x"))
    assert not os.path.exists(one.seen(f"{root}/k"))
    assert os.path.lexists(one.seen(f"{root}/k", follow=False))
    assert sorted(one.names(f"{root}/a")) == ["b", "y"]
    for name in ("y", "b/z"):
        one.remove(f"{root}/a/{name}")
    one.remove_folder(f"{root}/a/b")
    one.remove_folder(f"{root}/a")
    os.mkdir(one.to_make(f"{root}/a"))
    assert one.names(f"{root}/a") == []
    assert not os.path.exists(one.seen(f"{root}/a/x"))
    write(one, f"{root}/a/x", "new")
    assert read(one, f"{root}/k") == "new"
    assert one.names(f"{root}/a") == ["x"]


def test_a_file_is_removed_in_the_layer_and_below_it(layer):
    """A changed file does not come back as it was."""
    one, root = layer
    write(one, f"{root}/f", "new")
    one.remove(f"{root}/f")
    with pytest.raises(FileNotFoundError):
        one.remove(f"{root}/f")
    write(one, f"{root}/f", "again")
    one.remove(f"{root}/f")
    assert "f" not in one.names(str(root))


@pytest.mark.parametrize(
    ("act", "number"),
    [
        (lambda one, root: one.remove(f"{root}/a"), errno.EISDIR),
        (lambda one, root: one.remove(f"{root}/none"), errno.ENOENT),
        (lambda one, root: one.remove_folder(f"{root}/f"), errno.ENOTDIR),
        (lambda one, root: one.remove_folder(f"{root}/l"), errno.ENOTDIR),
        (lambda one, root: one.remove_folder(f"{root}/a"), errno.ENOTEMPTY),
        (lambda one, root: one.remove_folder(f"{root}/none"), errno.ENOENT),
        (lambda one, root: one.to_make(f"{root}/f"), errno.EEXIST),
        (lambda one, root: one.to_make(f"{root}/out"), errno.EEXIST),
        (lambda one, root: one.move(f"{root}/none", f"{root}/new"), errno.ENOENT),
        (lambda one, root: one.move(f"{root}/a", f"{root}/a/b/new"), errno.EINVAL),
        (lambda one, root: one.move(f"{root}/a", f"{root}/f"), errno.ENOTDIR),
        (lambda one, root: one.move(f"{root}/f", f"{root}/c"), errno.EISDIR),
        (lambda one, root: one.move(f"{root}/c", f"{root}/a"), errno.ENOTEMPTY),
        (lambda one, root: one.names(f"{root}/none"), errno.ENOENT),
        (lambda one, root: one.names(f"{root}/f"), errno.ENOTDIR),
        (lambda one, root: write(one, f"{root}/none/x", ""), errno.ENOENT),
        (lambda one, root: os.mkdir(one.to_make(f"{root}/f/x")), errno.ENOTDIR),
    ],
)
def test_what_the_system_refuses_the_layer_refuses(layer, act, number):
    """With the same error, and nothing is changed by it."""
    one, root = layer
    assert done(act, one, root) == number
    assert sorted(one.names(str(root))) == ["a", "c", "f", "k", "l", "out"]


def test_the_project_itself_cannot_be_removed(layer):
    """It is busy, as the folder is that a file system is mounted on."""
    one, root = layer
    for name in ("f", "k", "l", "out", "a/x", "a/y", "a/b/z"):
        one.remove(f"{root}/{name}")
    for name in ("a/b", "a", "c"):
        one.remove_folder(f"{root}/{name}")
    assert one.names(str(root)) == []
    with pytest.raises(OSError, match="busy"):
        one.remove_folder(str(root))


def test_a_name_outside_is_left_to_the_system(layer):
    """The layer neither changes nor hides it; a link of the layer that leads out is followed."""
    one, root = layer
    outside = root.parent / "outside" / "s"
    assert one.to_change(str(outside)) == str(outside)
    assert one.to_make(f"{root}/out/new") == f"{root}/out/new"
    assert not one.remove(str(outside))
    assert not one.remove_folder(str(outside.parent))
    assert not one.move(str(outside), f"{root}/new")
    assert not one.move(f"{root}/f", str(outside))
    os.symlink("../outside/s", one.to_make(f"{root}/made"))
    one.remove(f"{root}/f")
    assert one.to_change(f"{root}/made") == str(outside)
    assert not one.is_inside(f"{root}/made")
    assert one.is_inside(f"{root}/made", follow=False)


def test_paths_of_the_layers_own_folder_mean_the_project(layer, monkeypatch):
    """A descriptor or a working folder of the layer leads back to the name."""
    one, root = layer
    os.mkdir(one.to_make(f"{root}/new"))
    assert one.canonical(one.seen(f"{root}/new")) == f"{root}/new"
    monkeypatch.chdir(one.folder_behind(f"{root}/new"))
    assert one.cwd() == f"{root}/new"
    assert one.seen("../f") == f"{root}/f"
    monkeypatch.chdir(one.folder_behind(f"{root}/a"))
    write(one, "x", "new")
    assert os.getcwd() == f"{root}/a"
    assert one.folder_behind(f"{root}/a") == f"{root}/a"
    assert read(one, f"{root}/k") == "new"


def test_a_moved_folder_takes_all_with_it_that_the_import_sees(layer):
    """What was changed in it, removed from it, and what was never touched."""
    one, root = layer
    write(one, f"{root}/a/x", "new")
    one.remove(f"{root}/a/y")
    assert one.move(f"{root}/a", f"{root}/c")
    assert sorted(one.names(f"{root}/c")) == ["b", "x"]
    assert read(one, f"{root}/c/b/z") == "a/b/z"
    assert read(one, f"{root}/c/x") == "new"
    assert not os.path.exists(one.seen(f"{root}/a"))
    assert one.move(f"{root}/c", f"{root}/c")


def append(path):
    """Append to a file of the copy."""
    with open(path, "a") as stream:
        stream.write("+")


# What an import does, as the layer and as the system does it.
ACTS = {
    "write": (lambda one, path: write(one, path, "w"), lambda path: path.write_text("w")),
    "append": (lambda one, path: write(one, path, "+", append=True), append),
    "mkdir": (lambda one, path: os.mkdir(one.to_make(str(path))), os.mkdir),
    "remove": (lambda one, path: one.remove(path) or os.remove(path), os.remove),
    "rmdir": (lambda one, path: one.remove_folder(path) or os.rmdir(path), os.rmdir),
    "chmod": (lambda one, path: os.chmod(one.to_change(path), 0o711), lambda path: os.chmod(path, 0o711)),
    "symlink": (lambda one, path: os.symlink("a/b", one.to_make(path)), lambda path: os.symlink("a/b", path)),
}  # fmt: skip
MOVES = st.tuples(st.just("move"), st.sampled_from(PLACES), st.sampled_from(PLACES))
OTHERS = st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(PLACES), st.just(""))


def done(act, *arguments):
    """Do something; return the number of the system's error."""
    try:
        act(*arguments)
    except OSError as error:
        return error.errno
    return 0


def shown(look):
    """Return what a tree holds, by a function that opens its names."""
    found, waiting = {}, [""]
    while waiting:
        folder = waiting.pop()
        for name in look("names", folder):
            path = f"{folder}/{name}".lstrip("/")
            status = os.lstat(look("link", path))
            kind = stat.S_IFMT(status.st_mode)
            found[path] = (kind, stat.S_IMODE(status.st_mode))
            if kind == stat.S_IFDIR:
                waiting.append(path)
            elif kind == stat.S_IFREG:
                found[path] += (Path(look("link", path)).read_text(),)
            else:
                found[path] = os.readlink(look("link", path))
    return found


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(st.one_of(MOVES, OTHERS), max_size=12))
def test_a_layer_shows_what_a_plain_copy_would(tmp_path_factory, acts):
    """Whatever is done in whatever order: errors, names, kinds, rights and contents are the same."""
    folder = tmp_path_factory.mktemp("layer")
    one, root = new_layer(folder)
    (folder / "copy").mkdir()
    shutil.copytree(root, folder / "copy" / "project", symlinks=True)
    shutil.copytree(folder / "outside", folder / "copy" / "outside")
    plain = folder / "copy" / "project"
    before = hostile.fingerprint(root)
    for act, place, other in acts:
        if any(part in ("out", "l") for part in (place.split("/")[0], other.split("/")[0])):
            continue  # moved, these would lead elsewhere
        if act == "move":
            mine = done(one.move, f"{root}/{place}", f"{root}/{other}")
            theirs = done(os.rename, plain / place, plain / other)
        else:
            ours, real = ACTS[act]
            mine, theirs = done(ours, one, f"{root}/{place}"), done(real, plain / place)
        assert mine == theirs, (act, place, other)
    look = {"names": lambda name: one.names(f"{root}/{name}"),
            "link": lambda name: one.seen(f"{root}/{name}", follow=False)}  # fmt: skip
    really = {"names": lambda name: os.listdir(plain / name), "link": lambda name: plain / name}
    assert shown(lambda kind, name: look[kind](name)) == shown(
        lambda kind, name: really[kind](name)
    )
    assert hostile.fingerprint(root) == before
    listed(str(root), str(folder / "upper"), lambda name: one.names(f"{root}/{name}"))


def test_changes_are_told_by_their_outermost_names(layer):
    """What is new or replaced, what is gone, and folders whose rights changed; each once, sorted."""
    one, root = layer
    write(one, f"{root}/a/x", "new")
    os.makedirs(one.to_make(f"{root}/new"))
    write(one, f"{root}/new/file", "")
    one.remove(f"{root}/a/b/z")
    one.remove(f"{root}/f")
    os.chmod(one.to_change(f"{root}/c"), 0o700)
    os.symlink("a", one.to_make(f"{root}/m"))
    written, removed = listed(
        str(root), str(root.parent / "upper"), lambda name: one.names(f"{root}/{name}")
    )
    assert written == ["a/x", "c/", "m", "new/"]
    assert removed == ["a/b/z", "f"]


def test_names_that_change_with_every_run_are_not_told(layer):
    """A document is not another one because of a temporary name, a time or a process."""
    one, root = layer
    for name in ("tmpab12cd_9", "app-20261130.log", "run-123", "tmpfile"):
        write(one, f"{root}/{name}", "")
    written, _ = listed(
        str(root), str(root.parent / "upper"), lambda name: one.names(f"{root}/{name}")
    )
    assert written == ["app-….log", "run-123", "tmpfile", "…"]


def test_twenty_changes_are_told_and_the_rest_is_counted(layer):
    """A list is for reading."""
    one, root = layer
    for number in range(23):
        write(one, f"{root}/n{number:02}", "")
    written, _ = listed(
        str(root), str(root.parent / "upper"), lambda name: one.names(f"{root}/{name}")
    )
    assert written == [*(f"n{number:02}" for number in range(20)), "3 more"]


def test_what_is_closed_to_us_is_passed_over(layer):
    """An application may take the rights of its own folder away."""
    one, root = layer
    os.mkdir(one.to_make(f"{root}/new"))
    written, removed = listed(
        str(root), str(root.parent / "none"), lambda name: one.names(f"{root}/{name}")
    )
    assert (written, removed) == ([], [])
