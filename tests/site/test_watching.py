"""Files are followed while they are edited."""

import threading

from footnotary.publishing.serving import watching


def test_a_change_is_told_at_once_and_finished_once_it_is_quiet(tmp_path, monkeypatch):
    """Many writes are one end; reading a file is no change; a failure does not stop it."""
    monkeypatch.setattr("footnotary.publishing.serving.QUIET", 0.1)
    page = tmp_path / "page.md"
    page.write_text("one")
    told, finished = threading.Event(), threading.Event()
    ends = []

    def follow(path):
        path.read_text()
        told.set()
        raise OSError(path)

    def finish():
        page.read_text()
        ends.append(1)
        finished.set()

    with watching((tmp_path, tmp_path / "nowhere"), follow, finish):
        for number in range(5):
            page.write_text(f"edit {number}")
        assert told.wait(10)
        assert finished.wait(10)
    assert len(ends) == 1
