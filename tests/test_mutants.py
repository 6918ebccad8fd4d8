"""The mutation runs: what they break, and what they say."""

from pathlib import Path

import pytest
from mutation.selecting import Measured, read_equal, read_packages

ROOT = Path(__file__).parent.parent

CODE = '''\
"""Docs."""
import logging

__all__ = ["save"]
log = logging.getLogger(__name__)


def save(store, record: "Record", limit: int = 3):
    """Save."""
    with store.lock():
        if record.size > limit:
            raise ValueError("The record is too large.")
        store.write(record)
    log.info("saved %s", record)
    return [part for part in record.parts if part]
'''


@pytest.fixture
def made(tmp_path):
    """The mutants of a small module."""
    (tmp_path / "code.py").write_text(CODE)
    return mutants_in(tmp_path)


def mutants_in(folder):
    """Return the mutants of the module; what makes them takes half a second to load."""
    from mutation.making import mutants_of

    return mutants_of(folder, "code.py")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("with store.lock():", 'with __import__("contextlib").nullcontext():'),
        ("if record.size > limit:", "if (record.size > limit) and False:"),
        ("if record.size > limit:", "if (record.size > limit) or True:"),
        ("if record.size > limit:", "if record.size >= limit:"),
        ("store.write(record)", "pass"),
        (
            "return [part for part in record.parts if part]",
            "return [part for part in record.parts if (part) or True]",
        ),
        ("return [part for part in record.parts if part]", "return None"),
    ],
)
def test_a_rule_can_be_removed_whole(made, was, becomes):
    """Locks, guards, writes, filters and results are broken, not only operators and numbers."""
    viable = [mutant.difference for mutant in made if not mutant.place.not_viable]
    assert (was, becomes) in viable


@pytest.mark.slow
def test_what_no_test_should_notice_is_not_drawn(made):
    """Annotations, `__all__`, logging and texts of errors are left out, each with its reason."""
    reasons = {mutant.place.line: mutant.place.not_viable for mutant in made}
    assert reasons[4] == "__all__"
    assert reasons[12] == "message"
    assert reasons[14] == "logging"
    texts = {m.difference[0] for m in made if m.place.not_viable == "annotation"}
    assert texts == {'def save(store, record: "Record", limit: int = 3):'}


@pytest.mark.slow
def test_the_draw_does_not_depend_on_other_functions(tmp_path, made):
    """An edit of one function leaves the ranks of the mutants of all others as they are."""
    (tmp_path / "code.py").write_text("def other(a):\n    return a + 1\n\n\n" + CODE)
    ranks = {mutant.rank(1) for mutant in mutants_in(tmp_path)}
    assert {m.rank(1) for m in made if m.place.within == "save"} <= ranks
    assert {m.rank(2) for m in made}.isdisjoint({m.rank(1) for m in made})


@pytest.mark.slow
def test_a_mutant_is_judged_by_the_tests_that_run_its_line(made):
    """Those, the quick ones first, then those that start processes; never one that fails anyway."""
    tests = {"t.py::a": 3.0, "u.py::b": 0.1, "v.py::c": 0.1, "w.py::d": 0.1, "x.py::red": 0.1}
    lines = {"code.py": {1: ["v.py::c"], 11: ["t.py::a", "u.py::b", "x.py::red"], 13: ["v.py::c"]}}
    measured = Measured(
        tests, tests, frozenset({"x.py::red"}), frozenset({"w.py::d"}), lines, modules=[]
    )
    guard = next(m for m in made if m.difference[1] == "if record.size >= limit:")
    assert measured.tests_for(guard) == ["u.py::b", "t.py::a", "w.py::d"]
    at_import = next(m for m in made if m.place.line == 5)
    assert set(measured.tests_for(at_import)) == set(tests) - {"x.py::red"}


def test_the_tables_fit_the_code():
    """Every path of the table exists; every equal mutant has a reason, and its lines are there."""
    packages = read_packages()
    assert len(packages) >= 10
    for package in packages.values():
        assert package.files(ROOT)
        for path in (*package.tests, *package.slow, *package.files(ROOT)):
            assert (ROOT / path).exists(), path
    for equal in read_equal():
        assert len(equal.reason) > 20, equal
        text = [line.strip() for line in (ROOT / equal.file).read_text("utf-8").splitlines()]
        assert all(line in text for line in equal.was.splitlines()), equal
