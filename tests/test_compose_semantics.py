"""The compose specification, clause by clause: what compose-go makes of a stack, we read."""

import json
from pathlib import Path

import pytest

from footnotary.readers import stacks
from footnotary.source.tree import Tree

# Our own stacks; `docker` is what the loader of docker compose (compose-go 2) answers.
CASES = json.loads((Path(__file__).parent / "data" / "compose_semantics.json").read_text())


def read(root, files, stack):
    """Write a project and read one stack of it."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return stacks.read_stack(Tree(root.resolve()), tuple(stack), default=True)[0]


def port(one):
    """A published port as the cases write it."""
    return f"{one.address + ':' if one.address else ''}{one.published}:{one.target}/{one.protocol}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_stack_is_what_docker_compose_makes_of_it(tmp_path, case):
    """Merging, extending, including, resetting, interpolating: every part is equal."""
    stack = read(tmp_path, case["files"], case["stack"])
    docker = case["docker"]
    assert stack.error == ""
    assert stack.refused == ()
    assert [service.name for service in stack.services] == docker["services"]
    for part in ("volumes", "networks", "secrets", "configs", "profiles"):
        assert sorted(getattr(stack, part)) == docker[part], part
    by_name = {service.name: service for service in stack.services}
    found = {
        "variables": {n: sorted(v.name for v in s.environment) for n, s in by_name.items()},
        "ports": {n: sorted(map(port, s.ports)) for n, s in by_name.items()},
        "depends_on": {
            n: {d.service: d.condition for d in s.depends_on} for n, s in by_name.items()
        },
        "mounts": {
            n: sorted(f"{m.kind}|{m.target}|{str(m.read_only).lower()}" for m in s.mounts)
            for n, s in by_name.items()
        },
    }
    for part, values in found.items():
        assert {n: value for n, value in values.items() if value} == docker[part], part
    assert [n for n, s in by_name.items() if s.healthcheck] == docker["healthchecks"]
    assert [n for n, s in by_name.items() if s.build] == docker["built"]


def test_a_service_without_a_body_leaves_the_others_and_is_named_with_its_line(tmp_path):
    """Docker refuses the file; a document shows the rest and says which line is empty."""
    text = "services:\n  db: {image: 'postgres:16', ports: ['5432:5432']}\n  web:\n"
    stack = read(tmp_path, {"compose.yaml": text}, ["compose.yaml"])
    assert [service.name for service in stack.services] == ["db", "web"]
    assert stack.services[0].ports[0].published == "5432"
    assert stack.refused == ("the service web has no body (compose.yaml:3)",)


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("{ports: ['80:80']}", "has neither an image nor a build"),
        ("{image: x, networks: [lost]}", "the network lost, which is not declared"),
        ("{image: x, volumes: ['lost:/x']}", "the volume lost, which is not declared"),
        ("{image: x, secrets: [{source: lost}]}", "the secret lost, which is not declared"),
        ("{image: x, configs: [lost]}", "the config lost, which is not declared"),
        ("{image: x, depends_on: {lost: {}}}", "the service lost, which is not declared"),
        ("{image: x, links: ['lost:l']}", "the service lost, which is not declared"),
    ],
)
def test_what_docker_compose_refuses_is_said_with_its_line(tmp_path, service, said):
    """A reference to what is not declared is named, and the stack is described all the same."""
    stack = read(tmp_path, {"compose.yaml": f"services:\n  web: {service}\n"}, ["compose.yaml"])
    assert said in stack.refused[0]
    assert stack.refused[0].endswith("(compose.yaml:2)")
    assert stack.services[0].name == "web"


def test_each_port_and_mount_has_its_own_line(tmp_path):
    """Items of a list stand on lines of their own, over several files too."""
    files = {
        "compose.yaml": "services:\n  web:\n    image: x\n    ports:\n      - '80:80'\n"
        "      - '81-82:81-82'\n    volumes:\n      - data:/data\n      - type: bind\n"
        "        source: ./x\n        target: /x\n    tmpfs:\n      - /run\n"
        "volumes: {data: }\n",
        "more.yaml": "services:\n  web:\n    ports:\n      - '90:90'\n",
    }
    web = read(tmp_path, files, ["compose.yaml", "more.yaml"]).services[0]
    assert [(one.published, str(one.place)) for one in web.ports] == [
        ("80", "compose.yaml:5"),
        ("81", "compose.yaml:6"),
        ("82", "compose.yaml:6"),
        ("90", "more.yaml:4"),
    ]
    places = [(one.target, str(one.place)) for one in web.mounts]
    assert places == [
        ("/data", "compose.yaml:8"),
        ("/x", "compose.yaml:9"),
        ("/run", "compose.yaml:13"),
    ]


def test_an_interpolated_volume_is_shown_by_name_only_if_the_stack_declares_it(tmp_path):
    """A default that names a declared volume is public; any other stays `${NAME}`."""
    text = (
        "services:\n  web:\n    image: x\n    volumes:\n      - ${DATA:-shared}:/data\n"
        "      - ${OTHER:-s3cr3t}:/other\nvolumes: {shared: }\n"
    )
    web = read(tmp_path, {"compose.yaml": text}, ["compose.yaml"]).services[0]
    assert [one.source for one in web.mounts] == ["shared", "${OTHER}"]


def test_models_and_providers_are_part_of_a_service(tmp_path):
    """What runs a service, or is given to it, besides images is named."""
    text = (
        "services:\n  web: {image: x, models: [llm]}\n"
        "  db: {provider: {type: awesome, options: {key: s3cr3tValue99}}}\n"
        "models: {llm: {model: ai/small}}\n"
    )
    stack = read(tmp_path, {"compose.yaml": text}, ["compose.yaml"])
    assert stack.services[1].models == ("llm",)
    assert stack.services[0].provider == "awesome"
    assert "s3cr3t" not in stack.model_dump_json()
    assert stack.refused == ()
