"""What teams put into CI: reports that services take, hooks and actions that run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from footnotary.cli.running import exit_code
from footnotary.findings import Finding, Severity
from footnotary.records import RecordStore
from footnotary.reports import formatted
from footnotary.reports.formats import Result
from footnotary.rules.registry import RULES
from test_markers import citation

ROOT = Path(__file__).parent.parent
SCHEMA = Path(__file__).parent / "data" / "sarif-2.1.0.schema.json"


def test_sarif_is_accepted_by_its_schema():
    """Every rule, every severity, with and without line and column, hostile words in paths."""
    findings = [
        Finding(code=rule.code, severity=severity, path=path, line=line, column=line, message="x")
        for rule in RULES
        for severity in Severity
        for path, line in (("docs/a b%?#é.md", 0), ("citations/a.yaml", 3))
    ]
    report = json.loads(formatted("sarif", Result(findings, 1, 1)))
    jsonschema.validate(report, json.loads(SCHEMA.read_text("utf-8")))
    jsonschema.validate(json.loads(formatted("sarif", Result([]))), json.loads(SCHEMA.read_text()))


@pytest.fixture
def project(tmp_path):
    """A project with a page that has one fault."""
    root = tmp_path / "project"
    (root / "docs").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.footnotary]\npages = ["docs/*.md"]\n')
    RecordStore(root / "citations").new(citation("a-111111"))
    (root / "docs" / "page.md").write_text("A claim.^[nobody-123456]\n")
    return root


@pytest.fixture
def runner(tmp_path, project):
    """The variables of a runner, with the real `doc` where the first step would put it."""
    tools = tmp_path / "runner" / "footnotary" / "bin"
    tools.mkdir(parents=True)
    launcher = tools / "doc"
    launcher.write_text(f'#!/bin/sh\nexec {Path(sys.executable).parent}/doc "$@"\n')
    launcher.chmod(0o755)
    return os.environ | {
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "ARGUMENTS": "--no-code --ignore CIT004",
        "ROOT": str(project),
        "SARIF": str(tmp_path / "out.sarif"),
        "NUMBER": "7",
        "REPOSITORY": "owner/name",
        "VERSION": "==0.1.0",
        "FOOTNOTARY_NOW": "2026-11-23",
    }


def step(name, environment, cwd):
    """Run one step of the composite action as the runner does; what it left with."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    (script,) = [each["run"] for each in steps if each["name"] == name]
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        words, env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_action_is_valid_and_pins_what_it_uses():
    """GitHub's schema accepts it; other actions are named by their commit."""
    tool = Path(sys.executable).parent / "check-jsonschema"
    words = [tool, "--builtin-schema", "vendor.github-actions", ROOT / "action.yml"]
    subprocess.run(words, check=True, capture_output=True)
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    used = [each["uses"] for each in steps if "uses" in each]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)


def shim(folder, name, script):
    """Put a program that stands for one the runner has."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.slow
def test_the_action_checks_reports_and_fails(runner, project, tmp_path):
    """The check step writes SARIF and summary, annotates, and leaves with the gate's code."""
    done = step("Check", runner, tmp_path)
    assert done.returncode == 1, done.stderr
    assert "::error file=docs/page.md,line=1" in done.stdout
    report = json.loads(Path(runner["SARIF"]).read_text())
    assert {each["ruleId"] for each in report["runs"][0]["results"]} == {"CIT001"}
    assert "CIT001" in Path(runner["GITHUB_STEP_SUMMARY"]).read_text()
    assert Path(runner["GITHUB_OUTPUT"]).read_text() == f"sarif={runner['SARIF']}\n"
    (project / "docs" / "page.md").write_text("Nothing is claimed.\n")
    assert step("Check", runner, tmp_path).returncode == 0


@pytest.mark.slow
def test_the_action_comments_with_the_report(runner, tmp_path):
    """The comment step hands the Markdown report to `gh`; with no report it does nothing."""
    shim(tmp_path / "shims", "gh", 'echo "$@" > "$RUNNER_TEMP/gh.txt"')
    path = f"{tmp_path / 'shims'}{os.pathsep}{runner['PATH']}"
    environment = runner | {"PATH": path, "GH_TOKEN": "x"}
    assert step("Comment", environment, tmp_path).returncode == 0
    assert not (tmp_path / "runner" / "gh.txt").exists()
    step("Check", runner, tmp_path)
    assert step("Comment", environment, tmp_path).returncode == 0
    words = (tmp_path / "runner" / "gh.txt").read_text()
    assert words.startswith("pr comment 7 --repo owner/name")
    assert (tmp_path / "runner" / "footnotary.md").read_text().startswith("### footnotary")


def test_the_action_installs_the_version_that_is_asked_for(runner, tmp_path):
    """The install step makes an environment of its own and gives pip one requirement."""
    make = 'mkdir -p "$3/bin"; printf \'#!/bin/sh\\necho "$@" > "%s/pip.txt"\\n\' "$RUNNER_TEMP" '
    shim(tmp_path / "shims", "python3", make + '> "$3/bin/pip"; chmod +x "$3/bin/pip"')
    path = f"{tmp_path / 'shims'}{os.pathsep}{runner['PATH']}"
    done = step("Install", runner | {"PATH": path}, tmp_path)
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "runner" / "pip.txt").read_text()
    assert said == "install --quiet footnotary==0.1.0\n"


@pytest.mark.slow
def test_the_gitlab_job_writes_what_it_hands_over(project, tmp_path):
    """Each line of the script runs in a shell; the reports that the job names are there."""
    job = yaml.safe_load((ROOT / "templates" / "footnotary.gitlab-ci.yml").read_text())[
        "footnotary"
    ]
    shim(tmp_path / "shims", "pip", "exit 0")
    tools = f"{tmp_path / 'shims'}{os.pathsep}{Path(sys.executable).parent}"
    environment = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    environment |= job["variables"] | {"FOOTNOTARY_ARGUMENTS": "--no-code"}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])],
        env=environment,
        cwd=project,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    for name in job["artifacts"]["reports"].values():
        assert (project / name).stat().st_size
    assert json.loads((project / "gl-code-quality-report.json").read_text())


@pytest.mark.slow
def test_real_pre_commit_runs_the_hooks(project):
    """`pre-commit try-repo` builds this repository and runs its hooks on another one."""
    program = str(Path(sys.executable).parent / "pre-commit")
    if not (ROOT / ".git").exists():
        pytest.skip("this is no working copy, which pre-commit would clone")

    def run(*words):
        return subprocess.run(words, cwd=project, capture_output=True, text=True, check=False)

    run("git", "init", "-q")
    run("git", "add", "-A")
    done = run(program, "try-repo", str(ROOT), "footnotary-check", "--all-files")
    if "footnotary check" not in done.stdout:
        pytest.skip(f"pre-commit could not build the hook: {done.stdout[-200:]}")
    assert done.returncode == 1
    assert "CIT001" in done.stdout


def test_the_workflows_of_init_are_yaml_that_runs_the_gate(tmp_path):
    """`init --ci github|gitlab` writes a file that its forge reads."""
    for host, name in (("github", ".github/workflows/docs.yml"), ("gitlab", ".gitlab-ci.yml")):
        root = tmp_path / host
        root.mkdir()
        (root / "pyproject.toml").write_text('[project]\nname = "shop"\n')
        assert exit_code("footnotary", ["init", "--ci", host, "--root", str(root)]) == 0
        text = (root / name).read_text()
        assert yaml.safe_load(text)
        assert "doc check" in text
