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

from footnotary import __version__
from footnotary.cli.running import exit_code
from footnotary.findings import Finding, Severity
from footnotary.publishing.initialising import workflow
from footnotary.records import RecordStore
from footnotary.reports import Result, formatted
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
    """The variables of a runner, with the real commands where the first step would put them."""
    tools = tmp_path / "runner" / "footnotary" / "bin"
    for name in ("doc", "footnotary"):
        shim(tools, name, f'exec {Path(sys.executable).parent}/{name} "$@"')
    return os.environ | {
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "ARGUMENTS": "--no-code --ignore CIT004",
        "ROOT": str(project),
        "SARIF": str(tmp_path / "out.sarif"),
        "ACTION": str(ROOT),
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


@pytest.mark.slow
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
    folder.mkdir(exist_ok=True, parents=True)
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
    assert step("Check", runner | {"ARGUMENTS": "--select NOPE"}, tmp_path).returncode == 2
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


@pytest.mark.parametrize(
    ("version", "asked"),
    [
        ("==0.1.0", ["install --quiet footnotary==0.1.0"]),
        (
            "",
            [
                "install --quiet --require-hashes --requirement /action/requirements.txt",
                "install --quiet --no-deps --no-build-isolation /action",
            ],
        ),
    ],
)
def test_the_action_installs_itself_or_the_version_that_is_asked_for(
    runner, tmp_path, version, asked
):
    """By default its own checkout with the packages of its lock, never what is newest that day."""
    make = 'mkdir -p "$3/bin"; printf \'#!/bin/sh\necho "$@" >> "%s/pip.txt"\n\' "$RUNNER_TEMP" '
    shim(tmp_path / "shims", "python3", make + '> "$3/bin/pip"; chmod +x "$3/bin/pip"')
    path = f"{tmp_path / 'shims'}{os.pathsep}{runner['PATH']}"
    environment = runner | {"PATH": path, "VERSION": version, "ACTION": "/action"}
    done = step("Install footnotary", environment, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runner" / "pip.txt").read_text().splitlines() == asked


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, "install-project --root {root}"),
        ({"EXTRAS": "a b"}, "install-project --root {root} --extra=a --extra=b"),
        ({"INSTALL": "none"}, ""),
        ({"INSTALL": 'echo "own $PWD" > "$RUNNER_TEMP/said.txt"'}, "own {root}"),
    ],
)
def test_the_action_installs_the_project_first(runner, project, tmp_path, inputs, expected):
    """By its own files, by a command of the user's in the project's folder, or not at all."""
    said = tmp_path / "runner" / "said.txt"
    shim(tmp_path / "runner" / "footnotary" / "bin", "footnotary", f'echo "$@" > {said}')
    done = step("Install the project", runner | {"EXTRAS": "", "INSTALL": ""} | inputs, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (said.read_text().strip() if said.exists() else "") == expected.format(root=project)


def test_a_command_of_the_users_that_fails_ends_the_action(runner, tmp_path):
    """Every line of it must succeed: what could not be installed is not checked."""
    environment = runner | {"EXTRAS": "", "INSTALL": "false\necho on"}
    done = step("Install the project", environment, tmp_path)
    assert done.returncode == 1
    assert "on" not in done.stdout


def test_the_included_gitlab_job_is_the_one_that_init_writes():
    """The template and `init --ci gitlab` cannot drift, nor can the version that they install."""
    text = (ROOT / "templates" / "footnotary.gitlab-ci.yml").read_text()
    assert yaml.safe_load(text)["footnotary"] == yaml.safe_load(workflow("gitlab")[1])["footnotary"]
    assert f"=={__version__}" in text


def test_the_workflow_publishes_from_the_default_branch_whatever_its_name():
    """No branch is named; code of the project runs only where nothing may be written."""
    for host in ("github", "gitlab"):
        assert not re.search(r"\b(main|master)\b", workflow(host)[1])
    jobs = yaml.safe_load(workflow("github")[1])["jobs"]
    assert "repository.default_branch" in jobs["publish"]["if"]
    assert jobs["check"]["permissions"] == {"contents": "read"}
    for name in ("report", "publish"):
        uses = " ".join(one.get("uses", "") for one in jobs[name]["steps"])
        runs = " ".join(one.get("run", "") for one in jobs[name]["steps"])
        assert "checkout" not in uses
        assert not re.search(r"footnotary install|doc check|pip", runs)


@pytest.mark.slow
def test_the_gitlab_job_writes_what_it_hands_over(project, tmp_path):
    """Each line of the script runs in a shell; the reports that the job names are there."""
    job = yaml.safe_load((ROOT / "templates" / "footnotary.gitlab-ci.yml").read_text())[
        "footnotary"
    ]
    for name in ("pip", "footnotary"):
        shim(tmp_path / "shims", name, "exit 0")
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
        assert "--no-code" not in text
        assert text.index("install-project") < text.index("doc check")


def test_another_report_of_the_same_run_goes_to_a_file(project, tmp_path, capsys):
    """`--report FORMAT=FILE` as often as wanted; a wrong one is refused before anything is read."""
    files = [tmp_path / "deep" / "a.sarif", tmp_path / "b.md"]
    words = ["check", "--root", str(project), "--no-code", "--ignore", "CIT004"]
    reports = [f"--report=sarif={files[0]}", f"--report=markdown={files[1]}"]
    assert exit_code("doc", [*words, *reports]) == 1
    assert "CIT001" in capsys.readouterr().out
    assert json.loads(files[0].read_text())["version"] == "2.1.0"
    assert "CIT001" in files[1].read_text()
    for wrong in ("sarif", "sarif=", "svg=x", "=x"):
        assert exit_code("doc", [*words, "--report", wrong]) == 2
        assert "--report" in capsys.readouterr().err
