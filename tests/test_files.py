"""Files of anybody's: names that none can have, and what killed processes left."""

import os
import time

import pytest

from footnotary.cli.running import exit_code
from footnotary.errors import FootnotaryError
from footnotary.files import (
    is_file,
    is_folder,
    is_linked,
    is_there,
    sweep,
    write_atomically,
)
from footnotary.gating.own_files import InstalledPackages
from footnotary.project import Project

LONG = "a" * 300
LEFT = (".footnotary.abcd_123.tmp", "..index.abcd_123.tmp", ".pools-1f09aa.yaml.abcd_123.tmp")
KEPT = (
    "footnotary.abcd_123.tmp",
    ".footnotary.abcd_123.tmp.md",
    ".footnotary.abcd_12.tmp",
    ".footnotary.ABCD_123.tmp",
    ".other.abcd_123.tmp",
    ".index.abcd_123.tmp",
    ".Pools.yaml.abcd_123.tmp",
)


def old(path, seconds=61):
    """Make a file look as if it had last been written some time ago."""
    moment = time.time() - seconds
    os.utime(path, (moment, moment), follow_symlinks=False)
    return path


@pytest.mark.parametrize("new", [False, True])
def test_a_file_has_its_name_only_once_the_disk_has_its_content(tmp_path, monkeypatch, new):
    """Written, then synchronised, then named: a power cut leaves the old file or the new one."""
    path, steps = tmp_path / "file", []

    def watch(handle):
        steps.append((os.pread(handle, 9, 0), path.exists()))

    monkeypatch.setattr(os, "fsync", watch)
    write_atomically(path, b"content", new=new)
    assert steps == [(b"content", False)]
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_device_is_written_through_and_stays(tmp_path):
    """`--output /dev/null` by root must not put a file in the place of the device."""
    null = tmp_path / "null"
    null.symlink_to("/dev/null")
    write_atomically(null, b"report")
    assert null.is_char_device()
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    with pytest.raises(FootnotaryError):
        write_atomically(full, b"report")


def test_what_killed_processes_left_goes_and_nothing_else(tmp_path):
    """Ours by name, one whole name each; files of others stay, whatever their age."""
    for name in (*LEFT, *KEPT):
        (tmp_path / name).write_bytes(b"half")
        old(tmp_path / name)
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(KEPT)


def test_what_may_still_be_written_stays(tmp_path):
    """Files younger than a minute, and those that a process holds a lock on."""
    import fcntl

    young, held = tmp_path / LEFT[0], tmp_path / LEFT[1]
    young.write_bytes(b"half")
    old(young, 50)
    with held.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        old(held)
        sweep(tmp_path)
        assert young.exists()
        assert held.exists()
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [young.name]


def test_what_is_no_file_of_the_users_stays(tmp_path):
    """Links, folders, pipes and other people's files with our names are not ours."""
    (tmp_path / "real").write_bytes(b"whole")
    old(tmp_path / "real")
    link, folder, pipe, foreign = (tmp_path / f".footnotary.abcd_12{n}.tmp" for n in range(4))
    link.symlink_to(tmp_path / "real")
    folder.mkdir()
    os.mkfifo(pipe)
    for path in (link, folder, pipe):
        old(path)
    if os.geteuid() == 0:  # only root can give a file away
        foreign.write_bytes(b"half")
        old(foreign)
        os.chown(foreign, 12345, 12345)
    before = sorted(tmp_path.iterdir())
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == before
    sweep(tmp_path / "nowhere")


def test_nothing_has_a_name_that_none_can_have(tmp_path):
    """Too long, or with a null character: not there, instead of an error."""
    for name in (LONG, f"{LONG}/x", "a\0b", "x" * 5_000):
        path = tmp_path / name
        assert not is_there(path)
        assert not is_file(path)
        assert not is_folder(path)
        assert not is_linked(path, tmp_path)
        assert not InstalledPackages(Project(tmp_path)).has(name)


@pytest.mark.parametrize(
    "command",
    [
        f"doc check {LONG}.md",
        f"doc sync {LONG}.md",
        f"doc adopt {LONG}.md --offline",
        f"cite {LONG}.html --quote words",
        f"cite page.md --quote words --to {LONG}",
        f"doc new api shop --app shop:app --env-file {LONG}",
        "doc check page.md",
        "doc new deploy shop",
    ],
)
def test_a_name_that_is_too_long_is_no_bug_of_ours(tmp_path, today, monkeypatch, command, capsys):
    """Typed, in a link of a document, in a Compose file: it is not there, and that is said."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "page.md").write_text(
        f"---\ncommit: {'1' * 40}\n---\n\n[that]({LONG}.md), [it]({LONG}.md#x), {LONG}.py:3\n\n"
        f"```python\nfrom {LONG} import x\n```\n"
    )
    (tmp_path / "compose.yml").write_text(
        f"include: [{LONG}]\nservices:\n  x:\n    image: x\n    env_file: {LONG}\n"
        f"    build: {{context: {LONG}, dockerfile: {LONG}}}\n    volumes: ['./{LONG}:/x']\n"
    )
    monkeypatch.chdir(tmp_path)
    program, *words = command.split()
    wanted = {"doc check page.md": 1, "doc new deploy shop": 0}
    assert exit_code(program, words) == wanted.get(command, 2), capsys.readouterr()
