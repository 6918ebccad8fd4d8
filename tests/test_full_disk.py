"""A full disk at any moment leaves the old document or the new one, whole."""

import os
import subprocess
import sys

import pytest

from footnotary import writing
from footnotary.errors import FootnotaryError
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.records import RecordStore
from test_markers import citation

pytestmark = pytest.mark.slow


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte; what stands in for it where mounting is not allowed is a skip."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no mount here")
    if done.returncode != 0:
        pytest.skip("mounting a disk is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def filled(folder, free):
    """Fill a disk until some bytes are left."""
    status = os.statvfs(folder)
    size = max(0, status.f_bavail * status.f_frsize - free)
    (folder / "filling").write_bytes(b"x" * size)


def test_a_full_disk_leaves_one_document_or_the_other(small_disk, today, monkeypatch):
    """At 24 amounts of free space: refused or written, never half, and prose always there."""
    project = Project(small_disk)
    (small_disk / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    RecordStore(small_disk / "citations").new(citation("a-111111"))
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    marked = path.read_text().replace("\n---\n\n**S", "\nThe author's words.\n\n---\n\n**S")
    path.write_text(marked)
    refused = 0
    for number in range(24):
        monkeypatch.setenv("FOOTNOTARY_NOW", f"2026-12-{number + 1:02}")
        (old,) = writing.stored_documents(project)
        before = old.path.read_text()
        filled(small_disk, number * 2048)
        try:
            writing.write_document(project, "deploy", "shop", ReadOptions())
            writing.cite_into(project, writing.stored_documents(project)[0].path, "a-111111", "So.")
        except FootnotaryError:
            refused += 1
        (small_disk / "filling").unlink()
        writing.sync_documents(project, [])  # finishes what was promised, if anything was
        (current,) = writing.stored_documents(project)
        text = current.path.read_text()
        assert "The author's words." in text
        assert current.path != old.path or text == before or "So." in text
        assert current.facts_path.stat().st_size
        leftovers = [p for p in small_disk.rglob("*") if p.name.endswith(".tmp")]
        assert not leftovers
    assert 0 < refused < 24


def test_a_file_that_may_not_grow_leaves_the_old_document(tmp_path, today):
    """The same by the operating system's limit on file sizes, which everybody may set."""
    project = Project(tmp_path)
    (tmp_path / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    before = path.read_bytes()
    (tmp_path / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:17\n")
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))\n"
        "from footnotary.cli import start_doc as doc\n"
        f"sys.argv = ['doc', 'refresh', '--root', {str(tmp_path)!r}]\n"
        "doc()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert path.read_bytes() == before
