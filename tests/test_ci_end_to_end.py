"""The action, the workflows and the hook on a real repository, from an empty folder.

A bare remote whose default branch is called `trunk`, a developer's clone that wrote documents, and
a runner: a fresh clone, an empty HOME and the steps that the files themselves hold. The application
imports a package that footnotary does not have, so that nothing is read without the project's own
environment. Installing needs the package index, as the README's commands do.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from checkout import ROOT, copy_tracked, run
from footnotary.installing import PYTHON
from footnotary.publishing.workflows import workflow
from test_installing import write_wheel

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ci")]

MODELS = """\
import pebble
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Stone(Base):
    __tablename__ = "stones"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(pebble.SIZE), comment="Carved on it")
"""
WHO = ("-c", "user.name=A Developer", "-c", "user.email=dev@example.org")
DAY = {"FOOTNOTARY_NOW": "2026-11-23"}


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """A machine for CI: its folder, its variables, and footnotary as the action installs it."""
    folder = tmp_path_factory.mktemp("runner")
    (folder / "home").mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "RUNNER_TEMP": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        **DAY,
    }
    for name in ("PIP_CERT", "PIP_DEFAULT_TIMEOUT", "SSL_CERT_FILE"):  # how the index is reached
        if name in os.environ:
            environment[name] = os.environ[name]
    action = copy_tracked(folder / "action")
    play(action_step("Install footnotary"), environment | {"ACTION": str(action)}, folder)
    return folder, environment


@pytest.fixture(scope="module")
def developer(tmp_path_factory, runner):
    """A developer's clone whose documents are written and pushed to the bare remote."""
    folder = tmp_path_factory.mktemp("forge")
    run("git", "init", "-q", "--bare", "--initial-branch=trunk", "remote.git", folder=folder)
    run("git", "clone", "-q", "remote.git", "work", folder=folder)
    work = folder / "work"
    (work / "pyproject.toml").write_text(
        '[project]\nname = "quarry"\nversion = "1"\nrequires-python = ">=3.11"\n'
        f'dependencies = ["sqlalchemy>=2.0.30", "pebble @ {write_wheel(folder)}"]\n'
    )
    (work / "models.py").write_text(MODELS)
    (work / ".gitignore").write_text(".venv/\n__pycache__/\n")
    tools, environment = runner[0] / "footnotary" / "bin", runner[1]
    run("git", "checkout", "-q", "-b", "trunk", folder=work)
    for words in (
        ("footnotary", "install-project"),
        ("doc", "new", "schema", "quarry"),
        ("footnotary", "init", "--ci", "github"),
    ):
        run(tools / words[0], *words[1:], folder=work, env=environment)
    push(work, "trunk")
    return work


def push(work, branch):
    """Commit everything and push it."""
    run("git", "add", "-A", folder=work)
    run("git", *WHO, "commit", "-q", "-m", "documents", folder=work)
    run("git", "push", "-q", "origin", f"HEAD:{branch}", folder=work)


def checked_out(developer, tmp_path, branch):
    """Return a runner's fresh clone of a branch."""
    remote = developer.parent / "remote.git"
    run("git", "clone", "-q", "-b", branch, remote, tmp_path / branch, folder=tmp_path)
    assert not (tmp_path / branch / ".venv").exists()
    return tmp_path / branch


@pytest.fixture(scope="module")
def renamed(developer):
    """A branch on which a column has another name, and whose document still has the old one."""
    run("git", "checkout", "-q", "-b", "renamed", folder=developer)
    (developer / "models.py").write_text(MODELS.replace("    name:", "    title:"))
    push(developer, "renamed")
    return "renamed"


def action_step(name):
    """Return the script of a step of the composite action."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    (found,) = [one["run"] for one in steps if one["name"] == name]
    return found


def play(script, environment, folder, *, expected=0):
    """Run a step's script as GitHub's runner does and return what it printed on stdout."""
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


def act(runner, clone, *, expected):
    """Run the action's steps after the first on a clone; return its words and its report."""
    folder, environment = runner
    sarif = clone.parent / "footnotary.sarif"
    inputs = {"ROOT": str(clone), "EXTRAS": "", "INSTALL": "", "ARGUMENTS": "", "SARIF": str(sarif)}
    play(action_step("Install the project"), environment | inputs, folder)
    said = play(action_step("Check"), environment | inputs, folder, expected=expected)
    return said, json.loads(sarif.read_text())["runs"][0]["results"]


def test_the_action_is_green_on_what_holds(runner, developer, tmp_path):
    """The project is installed into its own environment and its document compared with the code."""
    clone = checked_out(developer, tmp_path, "trunk")
    said, results = act(runner, clone, expected=0)
    assert [one for one in results if one["level"] != "note"] == [], said
    run(clone / PYTHON, "-c", "import pebble", folder=clone)
    assert json.loads((clone / ".footnotary" / "freshness.json").read_text())  # the code was read


def test_the_action_is_red_on_a_renamed_column_and_green_when_mended(
    runner, developer, renamed, tmp_path
):
    """The finding names the document and the command, and that command mends it."""
    clone = checked_out(developer, tmp_path, renamed)
    said, results = act(runner, clone, expected=1)
    weighty = [one for one in results if one["level"] != "note"]
    assert {one["ruleId"] for one in weighty} == {"DOC006"}
    assert "title" in said
    assert "name" in said
    assert "DOC006" in (runner[0] / "footnotary.md").read_text()
    command = weighty[0]["message"]["text"].partition("doc refresh ")[2].split()[0].rstrip(".")
    doc = runner[0] / "footnotary" / "bin" / "doc"
    run(doc, "refresh", command, folder=clone, env=runner[1])
    assert act(runner, clone, expected=0)


def job_script(text, job):
    """Return the scripts of a job's steps that run something, footnotary's own installation out."""
    steps = yaml.safe_load(text)["jobs"][job]["steps"]
    scripts = [one["run"] for one in steps if "run" in one]
    assert scripts[0].startswith("pip install --quiet footnotary==")
    return scripts[1:]


def test_the_workflow_of_init_checks_and_builds(runner, developer, tmp_path):
    """What `init --ci github` wrote into the repository: install, gate, reports, site."""
    clone = checked_out(developer, tmp_path, "trunk")
    environment = with_tools(runner)
    for script in job_script((clone / ".github/workflows/docs.yml").read_text(), "check"):
        play(script, environment, clone)
    assert (clone / "reports" / "footnotary.sarif").stat().st_size
    assert (clone / "reports" / "footnotary.md").read_text().startswith("### footnotary")
    assert (clone / "site" / "index.html").exists()


def test_the_workflow_of_init_is_red_on_a_renamed_column(runner, developer, renamed, tmp_path):
    """The gate's exit code ends the job before anything is built; the reports are there."""
    clone = checked_out(developer, tmp_path, renamed)
    install, check, *_ = job_script((clone / ".github/workflows/docs.yml").read_text(), "check")
    environment = with_tools(runner)
    play(install, environment, clone)
    assert "::error" in play(check, environment, clone, expected=1)
    assert (clone / "reports" / "footnotary.sarif").stat().st_size


@pytest.mark.parametrize(("branch", "code"), [("trunk", 0), ("renamed", 1)])
@pytest.mark.usefixtures("renamed")
def test_the_gitlab_job(runner, developer, tmp_path, branch, code):
    """The same two cases with the job of the GitLab template."""
    clone = checked_out(developer, tmp_path, branch)
    job = yaml.safe_load(workflow("gitlab")[1])["footnotary"]
    assert job["script"][0].startswith("pip install")
    environment = with_tools(runner) | job["variables"]
    play("\n".join(job["script"][1:]), environment, clone, expected=code)
    for name in job["artifacts"]["reports"].values():
        assert (clone / name).stat().st_size
    found = json.loads((clone / "gl-code-quality-report.json").read_text())
    assert bool([one for one in found if one["severity"] == "major"]) == bool(code)


def with_tools(runner):
    """Return the runner's variables with footnotary's commands on PATH."""
    folder, environment = runner
    tools = folder / "footnotary" / "bin"
    return environment | {"PATH": f"{tools}{os.pathsep}{environment['PATH']}"}


def test_the_hooks_of_pre_commit(runner, developer, renamed, tmp_path):
    """The real pre-commit builds this repository, installs the project, and runs the gate."""
    program = Path(sys.executable).parent / "pre-commit"
    hooks = runner[0] / "action"
    run("git", "init", "-q", folder=hooks)
    run("git", "add", "-A", folder=hooks)
    run("git", *WHO, "commit", "-q", "-m", "hooks", folder=hooks)
    names = ("footnotary-install", "footnotary-sync", "footnotary-check")
    config = {
        "repo": str(hooks),
        "rev": run("git", "rev-parse", "HEAD", folder=hooks).strip(),
        "hooks": [{"id": name} for name in names],
    }
    for branch, code in (("trunk", 0), (renamed, 1)):
        clone = checked_out(developer, tmp_path, branch)
        (clone / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [config]}))
        done = subprocess.run(
            [program, "run", "--all-files", "--verbose"],
            cwd=clone,
            env=runner[1] | {"PRE_COMMIT_HOME": str(tmp_path / "hooks")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "footnotary check" in done.stdout, done.stdout + done.stderr
        assert done.returncode == code, done.stdout
        assert (clone / PYTHON).exists()
        assert ("DOC006" in done.stdout) == bool(code)
