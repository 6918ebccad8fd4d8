# ruff: noqa: PTH118  what is compared
"""Where paths and databases are, and how much memory there is."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnotary.probe.child_process import read_memory
from footnotary.probe.inside import paths
from tables import each_row

PARTS = st.lists(
    st.sampled_from(["a", "b", "up", "in", "loop", "..", ".", "", "x", "abs"]), max_size=6
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Folders with links up, down, in circles and from the root on."""
    root = tmp_path_factory.mktemp("tree").resolve()
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "up").symlink_to("..")
    (root / "in").symlink_to("a/b")
    (root / "a" / "b" / "abs").symlink_to(root / "a")
    (root / "loop").symlink_to("loop")
    return root


@given(parts=PARTS, slash=st.booleans())
def test_links_lead_where_the_system_says(tree, parts, slash):
    """As `os.path.realpath`, which an application may have replaced."""
    path = f"{tree}/" + "/".join(parts) + "/" * slash
    if "loop" not in parts:
        assert paths.resolve(path) == os.path.realpath(path)
        parent, _, last = path.rstrip("/").rpartition("/")
        if last not in ("", ".", ".."):
            whole = os.path.join(os.path.realpath(parent), last)
            assert paths.resolve(path, follow=False) == whole


def test_a_circle_of_links_ends(tree):
    """After as many links as Linux follows."""
    assert paths.resolve(f"{tree}/loop/x") == f"{tree}/loop/x"


def test_a_relative_path_begins_in_the_working_folder(tree, monkeypatch):
    """Wherever that is now."""
    monkeypatch.chdir(tree / "a")
    assert paths.resolve("b/../up/in") == f"{tree}/a/b"


@each_row(
    ("path", "folder", "below"),
    [("/a/b", "/a", True), ("/a", "/a", True), ("/ab", "/a", False), ("/", "/a", False),
     ("/a", "/", True), ("/b/a", "/a", False)],
)  # fmt: skip
def test_a_folder_holds_itself_and_what_is_below(path, folder, below):
    """Names that begin alike are others."""
    assert paths.is_below(path, folder) is below


def test_an_open_file_has_a_path_until_it_is_removed(tmp_path):
    """Pipes and removed files have none."""
    file = tmp_path / "file"
    handle = os.open(file, os.O_CREAT)
    assert paths.of_descriptor(handle) == str(file.resolve())
    assert paths.name_path(handle) == str(file.resolve())
    file.unlink()
    assert paths.of_descriptor(handle) == ""
    os.close(handle)
    reading, writing = os.pipe()
    assert paths.of_descriptor(reading) == ""
    os.close(reading)
    os.close(writing)
    assert paths.of_descriptor(-1) == ""
    assert not paths.is_regular_file(str(file))
    assert not paths.is_directory("a\0b")
    assert not paths.is_regular_file("a\0b")
    assert paths.link_target("a\0b") is None


def test_a_path_argument_is_text_bytes_or_an_object(tmp_path):
    """What `os` takes, with the folder that it is relative to."""
    folder = os.open(tmp_path, os.O_RDONLY)
    assert paths.name_path(b"a") == paths.name_path("a") == paths.name_path(Path("a")) == "a"
    assert paths.name_path("a", -1) == "a"
    assert paths.name_path("a", folder) == f"{tmp_path.resolve()}/a"
    assert paths.name_path("/a", folder) == "/a"
    os.close(folder)
    with pytest.raises(TypeError):
        paths.name_path(None)


@each_row(
    ("database", "written"),
    [("a.db", ["a.db"]), (b"a.db", ["a.db"]), (Path("a.db"), ["a.db"]), (":memory:", []), ("", []),
     (None, []), ("file:a.db", ["a.db"]), ("file:a%20b.db?mode=rw", ["a b.db"]),
     ("file:///a/b.db", ["/a/b.db"]), ("file://localhost/a/b.db?cache=shared", ["/a/b.db"]),
     ("file:a.db?mode=ro", []), ("file:a.db?mode=memory", []), ("file::memory:?cache=shared", []),
     ("file:", []), ("file:a.db#x?mode=ro", ["a.db"]), ("file:a.db?mode=ro&mode=rwc", ["a.db"]),
     ("file:a.db?immutable=1", ["a.db"])],
)  # fmt: skip
def test_the_files_that_a_connection_writes(database, written):
    """Of names and URIs; nothing for what is in memory or only read."""
    assert paths.written_files(database) == written


def test_a_database_keeps_its_options_at_another_place():
    """The mode is added where nothing may be written."""
    assert paths.elsewhere("a.db", "/l/a.db", uri=False) == ("/l/a.db", False)
    assert paths.elsewhere("a.db", "/l/a b.db", uri=False, read_only=True) == (
        "file:/l/a%20b.db?mode=ro", True)  # fmt: skip
    assert paths.elsewhere("file:a.db?mode=rw&cache=shared", "/l/a.db", uri=True) == (
        "file:/l/a.db?mode=rw&cache=shared", True)  # fmt: skip
    assert paths.elsewhere("file:a.db", "/l/a.db", uri=True) == ("file:/l/a.db", True)
    assert paths.elsewhere("file:a.db?mode=rwc", "/l/a.db", uri=True, read_only=True) == (
        "file:/l/a.db?mode=ro", True)  # fmt: skip


def test_a_uri_begins_like_one_and_is_called_one():
    """Where the library takes every `file:` for a URI, that decides."""
    assert paths.is_uri("file:a.db", uri=True)
    assert not paths.is_uri("a.db", uri=True)
    assert not paths.is_uri("file.db", uri=False)
    assert isinstance(paths.is_uri("file:a.db", uri=False), bool)


def test_memory_is_what_the_narrowest_group_allows(tmp_path):
    """Of both versions of control groups; our own group and those above it."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    groups, membership = tmp_path / "groups", tmp_path / "cgroup"
    assert read_memory(membership, groups) == machine
    inner = groups / "above" / "own"
    inner.mkdir(parents=True)
    membership.write_text("0::/above/own\n")
    (inner / "memory.max").write_text("max\n")
    assert read_memory(membership, groups) == machine
    (inner / "memory.max").write_text("3000\n")
    (groups / "above" / "memory.max").write_text("2000\n")
    assert read_memory(membership, groups) == 2000
    first = groups / "memory" / "box"
    first.mkdir(parents=True)
    (first / "memory.limit_in_bytes").write_text("1000\n")
    (groups / "memory" / "memory.limit_in_bytes").write_text(f"{2**63}\n")
    membership.write_text("5:cpu,cpuacct:/box\n")
    assert read_memory(membership, groups) == machine
    membership.write_text("5:cpu:/\n4:memory:/box\n0::/above/own\n")
    assert read_memory(membership, groups) == 1000
    assert read_memory() <= machine
