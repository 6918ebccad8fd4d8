"""Tests that go over a table."""

import pytest

from tables import each_row


def test_every_row_is_tried_and_every_failure_is_told_with_its_row():
    """A row that fails hides no other one."""
    tried = []

    @each_row("left, right", [(1, 1), (1, 2), (3, 3), (4, 5)])
    def equal(left, right):
        tried.append(left)
        assert left == right

    with pytest.raises(ExceptionGroup) as failed:
        equal()
    assert tried == [1, 1, 3, 4]
    notes = [note for error in failed.value.exceptions for note in error.__notes__]
    assert notes == ["row 1: {'left': 1, 'right': 2}", "row 3: {'left': 4, 'right': 5}"]


def test_one_failure_is_the_failure_of_the_test():
    """It is raised as it is, so that pytest shows what was compared."""

    @each_row("number", [1, 2])
    def is_one(number):
        assert number == 1

    with pytest.raises(AssertionError) as failed:
        is_one()
    assert failed.value.__notes__ == ["row 1: {'number': 2}"]


@each_row("name", ["a", "b"])
def test_rows_share_neither_folder_nor_settings(name, tmp_path, monkeypatch, request):
    """What a row writes or sets is not there for the next one."""
    assert not list(tmp_path.iterdir())
    assert not hasattr(request.module, "set_by_a_row")
    (tmp_path / name).write_text(name)
    monkeypatch.setattr(request.module, "set_by_a_row", name, raising=False)


def test_a_table_without_rows_is_refused():
    """A test that tries nothing does not pass."""
    with pytest.raises(AssertionError):
        each_row("number", [])
