"""The action, the workflows and the hooks on a real repository, from an empty folder.

A bare remote whose default branch is called `trunk`, a developer's clone that wrote documents, and
a runner: fresh clones, an empty HOME and the steps that the files themselves hold. The application
imports a package that footnotary does not have, so that nothing is read without the project's own
environment. That is installed once, by the action's own step, from the package index; footnotary
is the one that these tests run on.
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
from footnotary.publishing.initialising import workflow
from test_installing import write_wheel

pytestmark = pytest.mark.slow

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
    """A machine for CI: its folder, and its variables."""
    folder = tmp_path_factory.mktemp("runner")
    (folder / "home").mkdir()
    (folder / "footnotary").symlink_to(sys.prefix)  # where the action's first step puts it
    environment = {
        "PATH": f"{folder}/footnotary/bin{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder / "home"),
        "RUNNER_TEMP": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        **DAY,
    }
    for name in ("PIP_CERT", "PIP_DEFAULT_TIMEOUT", "SSL_CERT_FILE"):  # how the index is reached
        if name in os.environ:
            environment[name] = os.environ[name]
    return folder, environment


@pytest.fixture(scope="module")
def developer(tmp_path_factory, runner):
    """A developer's clone, installed, whose documents are written and pushed to the remote.

    On the branch `renamed` a column has another name, and the document still has the old one.
    """
    folder = tmp_path_factory.mktemp("forge")
    run("git", "init", "-q", "--bare", "--initial-branch=trunk", "remote.git", folder=folder)
    run("git", "clone", "-q", "remote.git", "work", folder=folder)
    work, environment = folder / "work", runner[1]
    (work / "pyproject.toml").write_text(
        '[project]\nname = "quarry"\nversion = "1"\nrequires-python = ">=3.11"\n'
        f'dependencies = ["sqlalchemy>=2.0.30", "pebble @ {write_wheel(folder)}"]\n'
    )
    (work / "models.py").write_text(MODELS)
    (work / ".gitignore").write_text(".venv\n__pycache__/\n")
    run("git", "checkout", "-q", "-b", "trunk", folder=work)
    inputs = {"ROOT": str(work), "EXTRAS": "", "INSTALL": ""}
    play(action_step("Install the project"), environment | inputs, work)
    for words in (("doc", "new", "schema", "quarry"), ("footnotary", "init", "--ci", "github")):
        run(*words, folder=work, env=environment)
    push(work, "trunk")
    run("git", "checkout", "-q", "-b", "renamed", folder=work)
    (work / "models.py").write_text(MODELS.replace("    name:", "    title:"))
    push(work, "renamed")
    return work


def push(work, branch):
    """Commit everything and push it."""
    run("git", "add", "-A", folder=work)
    run("git", *WHO, "commit", "-q", "-m", "documents", folder=work)
    run("git", "push", "-q", "origin", f"HEAD:{branch}", folder=work)


def checked_out(developer, tmp_path, branch):
    """Return a runner's fresh clone of a branch, with what the install step makes there."""
    remote = developer.parent / "remote.git"
    run("git", "clone", "-q", "-b", branch, remote, tmp_path / branch, folder=tmp_path)
    (tmp_path / branch / ".venv").symlink_to(developer / ".venv")
    return tmp_path / branch


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
    """Run the action's check on a clone; return its words and its weighty findings."""
    folder, environment = runner
    sarif = clone.parent / "footnotary.sarif"
    inputs = {"ROOT": str(clone), "ARGUMENTS": "", "SARIF": str(sarif)}
    said = play(action_step("Check"), environment | inputs, folder, expected=expected)
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    return said, [one for one in results if one["level"] != "note"]


def test_the_action(runner, developer, tmp_path):
    """Green on what holds; red, with one line, on a renamed column; green by what it names."""
    said, weighty = act(runner, checked_out(developer, tmp_path, "trunk"), expected=0)
    assert weighty == []
    assert "1 compared with the code: " in said
    clone = checked_out(developer, tmp_path, "renamed")
    said, (finding,) = act(runner, clone, expected=1)
    assert finding["ruleId"] == "DOC006"
    assert said.count("::error") == 1
    assert "the code has changed: 1 table; " in said
    assert "- `stones.title` is new" in finding["message"]["text"]
    assert "DOC006" in (runner[0] / "footnotary.md").read_text()
    command = finding["message"]["text"].partition("doc refresh ")[2].split()[0]
    run("doc", "refresh", command, folder=clone, env=runner[1])
    assert act(runner, clone, expected=0)[1] == []


def job_scripts(text, job):
    """Return the scripts of a job's steps that run something, installations out."""
    steps = yaml.safe_load(text)["jobs"][job]["steps"]
    scripts = [one["run"] for one in steps if "run" in one]
    assert scripts[0].startswith("pip install --quiet footnotary==")
    assert scripts[1] == "footnotary install-project"
    return scripts[2:]


def test_the_workflow_of_init(runner, developer, tmp_path):
    """What `init --ci github` wrote: the gate's exit code ends the job; else a site is built."""
    for branch, code in (("trunk", 0), ("renamed", 1)):
        clone = checked_out(developer, tmp_path, branch)
        check, build = job_scripts((clone / ".github/workflows/docs.yml").read_text(), "check")
        said = play(check, runner[1], clone, expected=code)
        assert ("::error" in said) == bool(code)
        assert (clone / "reports" / "footnotary.sarif").stat().st_size
        assert (clone / "reports" / "footnotary.md").read_text().startswith("### footnotary")
    play(build, runner[1], tmp_path / "trunk")
    assert (tmp_path / "trunk" / "site" / "index.html").exists()


def test_the_gitlab_job(runner, developer, tmp_path):
    """The same two cases with the job of the GitLab template."""
    job = yaml.safe_load(workflow("gitlab")[1])["footnotary"]
    own, project, *check = job["script"]
    assert own.startswith("pip install")
    assert project.startswith("footnotary install-project")
    for branch, code in (("trunk", 0), ("renamed", 1)):
        clone = checked_out(developer, tmp_path, branch)
        play("\n".join(check), runner[1] | job["variables"], clone, expected=code)
        for name in job["artifacts"]["reports"].values():
            assert (clone / name).stat().st_size
        found = json.loads((clone / "gl-code-quality-report.json").read_text())
        assert bool([one for one in found if one["severity"] == "major"]) == bool(code)


def test_the_hooks_of_pre_commit(runner, developer, tmp_path):
    """The real pre-commit runs the hooks of this repository: project installed, gate with code."""
    program = Path(sys.executable).parent / "pre-commit"
    hooks = copy_tracked(tmp_path / "hooks")
    run("git", "init", "-q", folder=hooks)
    run("git", "add", "-A", folder=hooks)
    run("git", *WHO, "commit", "-q", "-m", "hooks", folder=hooks)
    names = ("footnotary-install", "footnotary-sync", "footnotary-check")
    config = {
        "repo": str(hooks),
        "rev": run("git", "rev-parse", "HEAD", folder=hooks).strip(),
        # not in an environment of their own: installing all of it takes a minute
        "hooks": [{"id": name, "language": "system"} for name in names],
    }
    for branch, code in (("trunk", 0), ("renamed", 1)):
        clone = checked_out(developer, tmp_path, branch)
        (clone / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [config]}))
        done = subprocess.run(
            [program, "run", "--all-files", "--verbose"],
            cwd=clone,
            env=runner[1] | {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "footnotary install-project" in done.stdout, done.stdout + done.stderr
        assert done.returncode == code, done.stdout
        assert (clone / PYTHON).exists()
        assert ("DOC006" in done.stdout) == bool(code)
