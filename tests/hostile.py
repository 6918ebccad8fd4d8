"""A project beside somebody else's folder, and an application that misbehaves."""

import hashlib
import os
import sqlite3
import stat
import sys
import textwrap

from footnotary.probe import child
from footnotary.probe.requests import ImportRequest

# What each way leaves to guard the import: the system's own means, fewer of them, the hooks alone.
WAYS = {
    "namespaces": (child.WAYS[:1], True),
    "mounts": (child.WAYS[1:2], True),
    "landlock": ((("network",),), True),
    "hooks": ((), False),
}
NEEDED = {
    "namespaces": {"files", "network", "processes"},
    "mounts": {"files", "network"},
    "landlock": {"writing"},
    "hooks": set(),
}
APPLICATION = """
def document():
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/ping": {"get": {"responses": {"200": {"description": "pong"}}}}}}
"""


def make_ground(folder):
    """Make a project that has something to lose, and a folder outside of it."""
    outside, root = folder / "outside", folder / "project"
    make_outside(outside)
    make_project(root, "../outside")
    return root, outside


def make_outside(outside):
    """Make somebody else's folder."""
    (outside / "deep").mkdir(parents=True)
    (outside / "secret.txt").write_text("secret")
    (outside / "deep" / "more.txt").write_text("more")
    _database(outside / "other.db")


def make_project(root, outside):
    """Make files, folders, programs, a database, and links into the project and out of it."""
    (root / "data" / "deep").mkdir(parents=True)
    (root / "data" / "old.txt").write_text("old")
    (root / "data" / "deep" / "a.txt").write_text("a")
    (root / "empty").mkdir()
    (root / "bin").mkdir()
    for name in ("tool", "git", "uname"):
        tool = root / "bin" / name
        tool.write_text(f"#!/bin/sh\necho ran > ran.txt\necho ran >> {outside}/secret.txt\n")
        tool.chmod(0o755)
    (root / "link").symlink_to("data/old.txt")
    (root / "out").symlink_to(outside)
    _database(root / "app.db")


def _database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
    connection.close()


def fingerprint(folder):
    """Return what makes a tree the same: names, kinds, rights, contents, times of files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        held = b""
        if path.is_symlink():
            held = os.fsencode(path.readlink())
        elif path.is_file():
            held = path.read_bytes()
        when = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
        mark = hashlib.sha256(held).hexdigest()
        found[str(path.relative_to(folder))] = oct(status.st_mode), status.st_uid, when, mark
    return found


def use_way(monkeypatch, name):
    """Leave one way to guard the import."""
    ways, landlock = WAYS[name]
    monkeypatch.setattr(child, "WAYS", ways)
    monkeypatch.setattr(child, "LANDLOCK", landlock)
    monkeypatch.setattr(child, "read_memory", lambda: 2**30)  # other tests run beside this one


def read(root, lines, **options):
    """Import an application that runs these lines first."""
    (root / "main.py").write_text(textwrap.dedent(lines) + APPLICATION)
    return ask(root, **options)


def ask(root, **options):
    """Import the application that is there."""
    words = {"interpreter": sys.executable, "timeout": 60.0, **options}
    return child.ask(
        ImportRequest(task="api", root=root, paths=(str(root),), target="main:document", **words)
    )


def is_possible(folder, name):
    """Tell whether this system offers what a way needs."""
    root = folder / "asked"
    root.mkdir()
    return NEEDED[name] <= set(read(root, "").data["separate"])
