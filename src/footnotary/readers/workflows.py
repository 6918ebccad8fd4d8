"""CI workflows: GitHub Actions and GitLab CI, summarised."""

import re
from typing import Any

from footnotary import yaml_text
from footnotary.facts.deploy import Job, Workflow
from footnotary.readers import literals
from footnotary.secrecy.credentials import speaks_of_a_secret
from footnotary.source import Tree

_SECRET = re.compile(r"\bsecrets\.([A-Za-z_]\w*)|\bsecrets\[\s*['\"]([A-Za-z_]\w*)['\"]\s*\]")
_VARIABLE = re.compile(r"\bvars\.([A-Za-z_]\w*)")
_GITLAB_VARIABLE = re.compile(r"\$\{?([A-Z][A-Z0-9_]{2,})\}?")
# What starts a workflow (GitHub Actions, "Events that trigger workflows").
_EVENTS = re.compile(
    r"branch_protection_rule|check_run|check_suite|create|delete|deployment(?:_status)?"
    r"|discussion(?:_comment)?|fork|gollum|image_version|issue_comment|issues|label|merge_group"
    r"|milestone|page_build|project(?:_card|_column)?|public"
    r"|pull_request(?:_comment|_review|_review_comment|_target)?|push|registry_package|release"
    r"|repository_dispatch|schedule|status|watch|workflow_(?:call|dispatch|run)"
)
# Keywords of a GitLab pipeline that are no jobs (GitLab CI/CD YAML syntax reference).
_GITLAB_KEYWORDS = {
    *("after_script", "before_script", "cache", "default", "image", "include", "pages"),
    *("services", "spec", "stages", "types", "variables", "workflow"),
}


def read_workflows(tree: Tree) -> tuple[Workflow, ...]:
    """Read every workflow of a project, by path."""
    folder = tree.root / ".github" / "workflows"
    names = sorted(path.name for path in folder.glob("*.y*ml")) if folder.is_dir() else []
    found = [_read_one(tree, f".github/workflows/{name}", _github) for name in names]
    found += [
        _read_one(tree, name, _gitlab)
        for name in (".gitlab-ci.yml", ".gitlab-ci.yaml")
        if tree.has(name)
    ]
    return tuple(found)


def _read_one(tree: Tree, path: str, reader: Any) -> Workflow:
    """Read one file; a broken one is described, not refused."""
    system = "GitHub Actions" if reader is _github else "GitLab CI"
    text = tree.text(path)
    if text is None:
        return Workflow(path=path, system=system, error="it is not UTF-8, or too large")
    try:
        data = yaml_text.parse_yaml(text)
    except ValueError as error:
        return Workflow(path=path, system=system, error=str(error))
    if not isinstance(data, dict):
        return Workflow(path=path, system=system, error="it is not a mapping")
    workflow: Workflow = reader(path, data, text)
    return workflow


def _github(path: str, data: dict[str, Any], text: str) -> Workflow:
    """Read a GitHub Actions workflow."""
    jobs = data.get("jobs")
    return Workflow(
        path=path,
        system="GitHub Actions",
        name=literals.label(data["name"]) if data.get("name") else "",
        triggers=_triggers(data.get("on")),
        jobs=tuple(
            _github_job(str(name), job)
            for name, job in (jobs.items() if isinstance(jobs, dict) else ())
            if isinstance(job, dict)
        ),
        secrets=_names(_SECRET, text, leave_out={"GITHUB_TOKEN"}),
        variables=_names(_VARIABLE, text),
    )


def _triggers(value: object) -> tuple[str, ...]:
    """Return the events that start a workflow, with branches and schedules."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        return tuple(literals.one_of(_EVENTS, str(event)) for event in value)
    if not isinstance(value, dict):
        return ()
    return tuple(
        literals.one_of(_EVENTS, str(event)) + _condition(detail) for event, detail in value.items()
    )


def _condition(detail: object) -> str:
    """Return the branches, tags or times that an event is limited to."""
    if isinstance(detail, list):
        crons = [str(one.get("cron", "")) for one in detail if isinstance(one, dict)]
        shown = [cron for cron in crons if re.fullmatch(r"[\d*/,\- A-Z]{5,60}", cron)]
        return f" ({', '.join(shown)})" if shown else ""
    if not isinstance(detail, dict):
        return ""
    parts = []
    for key in ("branches", "tags", "types", "branches-ignore"):
        given = detail.get(key)
        words = given if isinstance(given, list) else [given] if given else []
        shown = [str(word) for word in words if re.fullmatch(r"[\w./*!+\[\]-]{1,60}", str(word))]
        if shown:
            parts.append(f"{key}: {', '.join(shown)}")
    return f" ({'; '.join(parts)})" if parts else ""


def _github_job(name: str, job: dict[str, Any]) -> Job:
    """Read one job."""
    steps = [step for step in job.get("steps") or [] if isinstance(step, dict)]
    uses = [step["uses"] for step in steps if isinstance(step.get("uses"), str)]
    if isinstance(job.get("uses"), str):
        uses.append(job["uses"])
    runs_on = job.get("runs-on", "")
    return Job(
        name=literals.label(name),
        runs_on=literals.label(runs_on) if isinstance(runs_on, str) and runs_on else "",
        needs=_words(job.get("needs")),
        steps=len(steps),
        uses=tuple(dict.fromkeys(_action(one) for one in uses)),
    )


def _action(reference: str) -> str:
    """Return an action's name and how it is pinned."""
    name, _, pin = reference.partition("@")
    if not re.fullmatch(r"[\w./-]{1,140}", name):
        return literals.NOT_SHOWN
    if re.fullmatch(r"[0-9a-f]{40}", pin):
        return f"{name}@{pin[:10]}"
    return f"{name}@{pin}" if re.fullmatch(r"[\w./-]{1,60}", pin) else name


def _words(value: object) -> tuple[str, ...]:
    """Return a word or a list of words."""
    given = value if isinstance(value, list) else [value] if value else []
    return tuple(literals.label(one) for one in given if isinstance(one, str))


def _names(
    pattern: re.Pattern[str], text: str, leave_out: frozenset[str] | set[str] = frozenset()
) -> tuple[str, ...]:
    """Return the names that a pattern finds, sorted."""
    found = {next(filter(None, match.groups())) for match in pattern.finditer(text)}
    return tuple(sorted(literals.identifier(name) for name in found - set(leave_out)))


def _gitlab(path: str, data: dict[str, Any], text: str) -> Workflow:
    """Read a GitLab pipeline."""
    declared = data.get("variables")
    own = set(declared) if isinstance(declared, dict) else set()
    jobs = {
        name: job
        for name, job in data.items()
        if isinstance(job, dict)
        and not str(name).startswith(".")
        and (name not in _GITLAB_KEYWORDS or name == "pages")
    }
    used = {
        name for name in _GITLAB_VARIABLE.findall(text) if not name.startswith(("CI_", "GITLAB_"))
    }
    secrets = {name for name in used - own if speaks_of_a_secret(name)}
    return Workflow(
        path=path,
        system="GitLab CI",
        triggers=tuple(f"stage {stage}" for stage in _words(data.get("stages"))),
        jobs=tuple(_gitlab_job(str(name), job) for name, job in jobs.items()),
        secrets=tuple(sorted(literals.identifier(name) for name in secrets)),
        variables=tuple(sorted(literals.identifier(name) for name in used - secrets - own)),
    )


def _gitlab_job(name: str, job: dict[str, Any]) -> Job:
    """Read one job."""
    image = job.get("image", "")
    reference = image.get("name", "") if isinstance(image, dict) else image
    script = job.get("script") or []
    return Job(
        name=literals.label(name),
        runs_on=literals.image(str(reference)) if reference else "",
        needs=_words(job.get("needs")),
        steps=len(script) if isinstance(script, list) else 1,
    )
