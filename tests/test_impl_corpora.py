"""Counts of real packages, against an independent count."""

import importlib.metadata
import json
from pathlib import Path

import pytest

from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import impl

pytestmark = pytest.mark.slow

COUNTED = ("modules", "classes", "functions", "methods", "with_docstring")
FACTS = Path(__file__).parent.parent.parent / "shared/corpora/packages/facts.json"


def packages():
    """The packages of the corpora."""
    found = json.loads(FACTS.read_text()) if FACTS.is_file() else []
    return [pytest.param(one, id=one["dist"]) for one in found]


@pytest.mark.parametrize("gold", packages())
def test_a_real_package_has_the_counts_of_an_independent_count(corpora, gold):
    """Modules, classes, functions, methods, docstrings and contradictions are equal.

    Packages that are not installed in the counted version are skipped.
    """
    try:
        distribution = importlib.metadata.distribution(gold["dist"])
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{gold['dist']} is not installed")
    if distribution.version != gold["version"]:
        pytest.skip(f"{gold['dist']} {gold['version']} is not what is installed")
    root = Path(str(distribution.locate_file(""))).resolve()
    facts = impl.read_impl(Project(root), ReadOptions(package=gold["package"]))
    assert {name: facts.summary[name] for name in COUNTED} == {n: gold[n] for n in COUNTED}
    assert facts.summary["docstring_mismatches"] == gold["drift_functions"]
    assert facts.summary["unparsed"] == gold["parse_errors"]
