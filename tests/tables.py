"""Tables in tests: one test goes over all rows, because an item of pytest costs more than a row."""

import contextlib
import functools
import inspect
import reprlib

import pytest


def each_row(names, rows):
    """Run a test over each row of a table; the failures of all rows are raised, each with its row.

    It is written as `pytest.mark.parametrize` is, for rows that need no fixtures of their own. A
    test that asks for `tmp_path` or `monkeypatch` gets a folder and a context for each row.
    """
    is_single = isinstance(names, str) and "," not in names
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    rows = [dict(zip(names, [row] if is_single else row, strict=True)) for row in rows]
    assert rows

    def over_rows(test):
        @functools.wraps(test)
        def run(**fixtures):
            failed = []
            for number, row in enumerate(rows):
                try:
                    with _own_fixtures(fixtures, number) as own:
                        test(**row, **own)
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001  raised below
                    error.add_note(f"row {number}: {reprlib.repr(row)}")
                    failed.append(error)
            if len(failed) == 1:
                raise failed[0]
            if failed:
                raise BaseExceptionGroup(f"{len(failed)} of {len(rows)} rows", failed)

        asked = inspect.signature(test)
        left = [each for each in asked.parameters.values() if each.name not in names]
        run.__signature__ = asked.replace(parameters=left)
        return run

    return over_rows


@contextlib.contextmanager
def _own_fixtures(fixtures, number):
    """Yield the fixtures of one row."""
    own = dict(fixtures)
    if "tmp_path" in own:
        own["tmp_path"] = fixtures["tmp_path"] / f"row{number}"
        own["tmp_path"].mkdir()
    with contextlib.ExitStack() as stack:
        if "monkeypatch" in own:
            own["monkeypatch"] = stack.enter_context(fixtures["monkeypatch"].context())
        yield own
