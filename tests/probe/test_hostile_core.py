# ruff: noqa: E501  a program written out
"""Every hostile form in one import: the fast core of `test_hostile_forms`.

An application that does all of it, each in a folder of its own, and tells what came of each. Where
one form is red here, its own test shows it alone.
"""

import json

import pytest

import hostile
from footnotary.probe import child
from footnotary.probe.inside.limits import _MOST
from hostile_forms import DENIED, KEPT

pytestmark = pytest.mark.slow

# Each form in a folder of its own, as its program would run there; what it says is told.
RUNNER = """
import json, os, sys, traceback
told = {{}}
here = os.path.dirname(os.path.abspath(__file__))
for name, lines in json.loads({forms!r}).items():
    folder = os.path.join(here, "cases", name)
    os.chdir(folder)
    umask = os.umask(0o022)
    sys.path.insert(0, folder)
    try:
        exec(lines, {{"__file__": os.path.join(folder, "main.py"), "__name__": name}})
        told[name] = ""
    except BaseException as error:
        told[name] = "".join(traceback.format_exception_only(type(error), error)).strip()
    sys.path.remove(folder)
    os.umask(umask)
os.chdir(here)


def document():
    return {{"openapi": "3.1.0", "info": {{"title": "T", "version": "1"}}, "paths": {{}}, "x-told": told}}
"""
# Which change the process, or say it in other words, or mean a folder that is elsewhere here.
ALONE = {"fd-redirect", "logging", "atexit", "url", "unzip-out"}


@pytest.fixture(params=["namespaces", "hooks"])
def way(request, monkeypatch):
    """The strongest ground that the system gives, and the weakest."""
    hostile.use_way(monkeypatch, request.param)
    return request.param


@pytest.fixture
def together(tmp_path):
    """Runs forms in one import; the project and its neighbour are as before, whatever they did."""
    root, outside = tmp_path / "project", tmp_path / "outside"
    hostile.make_outside(outside)

    def run(forms):
        for name in forms:
            hostile.make_project(root / "cases" / name, outside)
            (root / "cases" / name / "main.py").touch()
        lines = {name: text.replace("../outside", str(outside)) for name, text in forms.items()}
        (root / "main.py").write_text(RUNNER.format(forms=json.dumps(lines)))
        before = hostile.fingerprint(root), hostile.fingerprint(outside)
        answer = hostile.ask(root)
        assert (hostile.fingerprint(root), hostile.fingerprint(outside)) == before
        return answer, answer.data["document"]["x-told"]

    return run


def test_all_that_is_changed_in_the_project_is_kept_from_it(way, together):
    """Each form sees what it changed."""
    forms = {name: lines for name, (lines, _) in KEPT.items() if name not in ALONE}
    answer, told = together(forms)
    assert {name: said for name, said in told.items() if said} == {}
    assert not any(one.startswith("Denied") for one in answer.caveats)


def _shortened(denied):
    """Return the kind of a denied act and the last part of its name."""
    kind, _, name = denied.partition(" ")
    return kind, name.rpartition("/")[2]


def test_all_that_leaves_the_project_is_denied(way, together):
    """Each form ends with the refusal, which names what it wanted; the first fifty are listed."""
    forms = {name: lines for name, (lines, _) in DENIED.items() if name not in ALONE}
    answer, told = together(forms)
    refused = "PermissionError: footnotary does not let an imported project do this: "
    assert {name: said for name, said in told.items() if not said.startswith(refused)} == {}
    for name in forms:
        what = DENIED[name][1]
        if what is not None:
            kind, _, wanted = told[name].removeprefix(refused).partition(" ")
            assert f"{kind} {wanted}".endswith(what.partition(" ")[2]), name
    # The document names folders of the machine by what they are; the list has them as they are.
    wanted = {_shortened(said.removeprefix(refused)) for said in told.values()}
    listed = {_shortened(one) for one in answer.data["denied"]}
    assert wanted <= listed or len(answer.data["denied"]) == _MOST


def test_modules_that_an_environment_loads_at_the_start_are_no_way_past_the_layer(
    monkeypatch, together
):
    """Some `.pth` files import `tempfile`, which keeps functions of `os` as defaults."""
    hostile.use_way(monkeypatch, "hooks")
    boot = "import tempfile\n" + child._BOOT  # noqa: SLF001  as `python -c` is started
    monkeypatch.setattr(child, "_BOOT", boot)
    _, told = together({"tempfile": KEPT["tempfile"][0]})
    assert told == {"tempfile": ""}
