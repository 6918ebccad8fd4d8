"""What `docker compose config` says about real stacks, against what is read here."""

import json
import shutil
from pathlib import Path

import pytest

from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import deploy, dockerfile
from footnotary.source.tree import Tree

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora" / "compose"
FACTS = CORPORA / "facts.json"


def runs():
    """Every run of the corpora: one `docker compose -f … config`."""
    projects = json.loads(FACTS.read_text()) if FACTS.is_file() else []
    return [
        pytest.param(project["name"], run, id=f"{project['name']}-{run['dir']}-{run['files'][-1]}")
        for project in projects
        for run in project["runs"]
    ]


def read(folder, run, tmp_path):
    """Read one stack in a copy of its project, with the files the run prepared."""
    copy = tmp_path / "project"
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755)
    for target, source in (run["prepared_files"] or {}).items():
        shutil.copyfile(copy / source, copy / target)
    if run["env_file"]:
        shutil.copyfile(copy / run["env_file"], copy / run["dir"] / ".env")
    project = Project((copy / run["dir"]).resolve())
    return deploy.read(project, ReadOptions(compose_files=tuple(run["files"])))


@pytest.mark.parametrize(("name", "run"), runs())
def test_a_real_stack_has_the_parts_that_docker_says_it_has(corpora, tmp_path, name, run):
    """Services, ports, volumes, networks, variables, profiles and dependencies are equal.

    A stack that the real parser refuses (a missing include, an unset required variable)
    is documented all the same, and says why.
    """
    facts = read(corpora / "compose" / name, run, tmp_path)
    stack = facts.stacks[0]
    if not run["ok"]:
        unset = [one.name for one in stack.interpolations if one.required and not one.in_dotenv]
        assert stack.error or stack.missing or stack.refused or unset
        assert facts.caveats or unset
        return
    assert not stack.error
    assert [service.name for service in stack.services] == run["services"]
    assert set(stack.volumes) == set(run["volumes"])
    assert set(stack.networks) == set(run["networks"])
    assert set(stack.secrets) == set(run["secrets"])
    assert set(stack.profiles) == set(run["profiles"])
    assert {s.name: len(s.environment) for s in stack.services if s.environment} == (
        run["env_counts"]
    )
    assert {s.name: ports(s) for s in stack.services if s.ports} == run["published_ports"]
    assert {
        s.name: {one.service: one.condition for one in s.depends_on}
        for s in stack.services
        if s.depends_on
    } == run["depends_on"]
    assert [s.name for s in stack.services if s.healthcheck] == run["healthchecks"]
    assert [s.name for s in stack.services if s.build] == run["built"]
    assert facts.summary["services"] == run["n_services"]
    assert facts.summary["variables"] == sum(run["env_counts"].values())
    assert facts.summary["ports"] == sum(map(len, run["published_ports"].values()))


def ports(service):
    """Published ports of a service as the facts write them."""
    return sorted(
        f"{port.address + ':' if port.address else ''}{port.published}:{port.target}"
        f"/{port.protocol}"
        for port in service.ports
    )


def test_real_dockerfiles_have_the_stages_that_were_counted(corpora):
    """Every Dockerfile is found, with its stages, their bases and the exposed ports."""
    for project in json.loads(FACTS.read_text()):
        tree = Tree(corpora / "compose" / project["name"])
        found = [path for path in dockerfile.find(tree) if not path.endswith("Containerfile")]
        assert found == sorted(project["dockerfiles"])
        for path, gold in project["dockerfile_facts"].items():
            read_one = dockerfile.read(tree, path)
            assert not read_one.error
            assert len(read_one.stages) == gold["stages"]
            assert [one.base for one in read_one.stages] == gold["from_"]
            exposed = [" ".join(one.exposed) for one in read_one.stages if one.exposed]
            wanted = " ".join(gold["expose"]).replace("$PORT", "${PORT}")
            assert " ".join(exposed) == wanted
