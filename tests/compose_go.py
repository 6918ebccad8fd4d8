"""The real loader of `docker compose`, which judges ours, and stacks made by a seed."""

import json
import os
import random
import re
import shlex
import subprocess
from importlib.util import find_spec
from pathlib import Path

from footnotary.compose.interpolation import fill_variables
from footnotary.compose.loading import load_stack
from footnotary.compose.merging import as_build, as_pairs
from footnotary.compose.nodes import (
    ListNode,
    ScalarNode,
    find_below,
    get_entries,
    get_members,
    get_text,
)
from footnotary.readers import stacks
from footnotary.source import Tree

# The console script of the package exits with 0 whatever happens, so its program is run itself.
FOUND = find_spec("compose")
PROGRAM = FOUND and Path(FOUND.origin).parent / "docker-compose"


def ask_docker(root, files):
    """What `docker compose config` says of a stack with all profiles; None where it refuses."""
    words = [word for name in files for word in ("-f", name)]
    done = subprocess.run(
        [PROGRAM, *words, "--profile", "*", "config", "--format", "json"],
        cwd=root,
        env={"PATH": os.environ["PATH"], "HOME": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    answer = done.stdout.replace("$$", "$")  # as escaped in its output
    return json.loads(answer) if done.returncode == 0 else None, done.stderr


def from_docker(answer):
    """Docker's answer as the parts that are compared."""
    return {
        "name": answer["name"],
        **{
            section: {
                key: one.get("name", "") if section in {"volumes", "networks"} else ""
                for key, one in (answer.get(section) or {}).items()
            }
            for section in ("volumes", "networks", "secrets", "configs")
        },
        "services": {
            name: service_from_docker(one) for name, one in (answer.get("services") or {}).items()
        },
    }


def service_from_docker(one):
    """One service of Docker's answer."""
    build = one.get("build") or {}
    deploy = one.get("deploy") or {}
    limits = (deploy.get("resources") or {}).get("limits") or {}
    return {
        "image": one.get("image", ""),
        "build": "(inline)" if "dockerfile_inline" in build else build.get("context", ""),
        "dockerfile": build.get("dockerfile", "Dockerfile")
        if build and "dockerfile_inline" not in build
        else "",
        "args": build.get("args") or {},
        "environment": dict(one.get("environment") or {}),
        "labels": one.get("labels") or {},
        "ports": sorted(
            (p.get("host_ip", ""), p.get("published", ""), str(p["target"]), p["protocol"])
            for p in one.get("ports") or ()
        ),
        "mounts": {
            m["target"].rstrip("/"): {
                "type": m["type"],
                "source": os.path.normpath(m["source"]) if "source" in m else "",
                "read only": m.get("read_only", False),
            }
            for m in one.get("volumes") or ()
        },
        "tmpfs": sorted(one.get("tmpfs") or ()),
        "networks": sorted(one.get("networks") or ()),
        "depends_on": {n: d["condition"] for n, d in (one.get("depends_on") or {}).items()},
        "secrets": sorted({s["source"] for s in one.get("secrets") or ()}),
        "configs": sorted({s["source"] for s in one.get("configs") or ()}),
        "profiles": sorted(one.get("profiles") or ()),
        "command": one.get("command") or None,
        "restart": one.get("restart", ""),
        "user": one.get("user", ""),
        "health": sorted(one.get("healthcheck") or ()),
        "memory": bool(limits.get("memory") or one.get("mem_limit")),
        "watch": len((one.get("develop") or {}).get("watch") or ()),
        "privileged": bool(one.get("privileged")),
    }


def from_us(root, files):
    """What our loader and reader say of a stack, as the parts that are compared."""
    tree = Tree(root)
    loaded = load_stack(tree, files)
    stack, _ = stacks.read_stack(tree, files, default=True)
    real = {(one.kind, one.name): one.real for one in stack.resources}
    used = {"volumes": set(stack.volumes), "networks": set(stack.networks)}
    used |= {"secrets": set(stack.secrets), "configs": set(stack.configs)}
    services = {one.name: one for one in stack.services}
    name = filled(loaded.root.items.get("name")) or re.sub(r"[^a-z0-9_-]", "", root.name.lower())
    return {
        "name": name,
        **{
            section: {
                key: filled(find_below(loaded.section(section).get(key), "name"))
                or ("${" not in real.get((section[:-1], key), "${") and real[section[:-1], key])
                or f"{name}_{key}"
                if section in {"volumes", "networks"}
                else ""
                for key in used[section]
            }
            for section in ("volumes", "networks", "secrets", "configs")
        },
        "services": {
            name: service_from_us(root, loaded.given, services[name], node)
            for name, node in loaded.section("services").items()
        },
    }


def values(node, given):
    """Pairs as plain texts; one without a value has that of the host, or of `.env`."""
    pairs = as_pairs(node).items if node else {}
    return {key: given.get(key) if one.is_null else filled(one) for key, one in pairs.items()}


def filled(node):
    """A text as a container gets it where nothing else is set."""
    if not isinstance(node, ScalarNode) or not node.is_interpolated:
        return get_text(node)
    text = fill_variables(node.raw.replace("$$", "\0"), node.source.given)
    return re.sub(r"\$\{\w+\}", "", text).replace("\0", "$")


def service_from_us(root, given, one, node):
    """One service of ours; what a document may not show is taken from the nodes."""
    config = get_entries(node)
    build = as_build(config["build"]).items if "build" in config else {}
    environment = {s.name: ... for s in one.environment}
    own = values(config.get("environment"), given)
    targets = {get_text(find_below(one, "target")) for one in get_members(config.get("volumes"))}
    return {
        "image": filled(config.get("image")),
        "build": "(inline)"
        if "dockerfile_inline" in build
        else (build and source(root, build.get("context") or config["build"], ".")) or "",
        "dockerfile": (filled(build.get("dockerfile")) or "Dockerfile")
        if build and "dockerfile_inline" not in build
        else "",
        "args": values(build.get("args"), given),
        "environment": environment | own,
        "labels": ...
        if "label_file" in config
        else {key: value or "" for key, value in values(config.get("labels"), {}).items()},
        "ports": sorted((p.address, p.published, p.target, p.protocol) for p in one.ports),
        "mounts": {
            m.target: mounted(root, m)
            for m in one.mounts
            if m.kind != "tmpfs" or m.target in targets
        },
        "tmpfs": sorted({filled(t) for t in get_members(config.get("tmpfs"))}),
        "networks": sorted(one.networks),
        "depends_on": {d.service: d.condition for d in one.depends_on},
        "secrets": sorted(one.secrets),
        "configs": sorted(one.configs),
        "profiles": sorted({filled(p) for p in get_members(config.get("profiles"))}),
        "command": command(config.get("command")),
        "restart": filled(config.get("restart")),
        "user": one.user,
        "health": sorted(get_entries(config.get("healthcheck"))),
        "memory": any(limit.startswith("memory") for limit in one.limits),
        "watch": one.watch,
        "privileged": "privileged" in one.privileges,
    }  # fmt: skip


def source(root, node, default):
    """A path as Docker resolves it."""
    path = filled(node) if isinstance(node, ScalarNode) else default
    if "://" in path:
        return path
    return os.path.normpath(root / node.source.folder / path)


def mounted(root, mount):
    """A mount as it is compared; a source of which a document shows the variable alone is not."""
    path = mount.source
    if mount.kind == "bind":
        path = os.path.normpath(root / path)
    hidden = "$" in path or path.startswith("~")
    return {"type": mount.kind, "source": ... if hidden else path, "read only": mount.read_only}


def command(node):
    """A command as a list of words; None where there is none."""
    if isinstance(node, ListNode):
        return [filled(one) for one in node.items] or None
    return shlex.split(filled(node)) or None if isinstance(node, ScalarNode) else None


def differing(theirs, ours):
    """The parts that differ, by path."""
    found = []
    for key in sorted({*theirs, *ours}, key=str):
        first, second = theirs.get(key), ours.get(key)
        if isinstance(first, dict) and isinstance(second, dict):
            found += [f"{key}.{one}" for one in differing(first, second)]
        elif first != second and second is not ...:
            found.append(f"{key}: {first!r} != {second!r}")
    return found


# --- Stacks made by a seed ---------------------------------------------------------------------


class Maker:
    """Makes compose files of all forms; what Docker refuses of them is counted apart."""

    def __init__(self, seed):
        self.pick = random.Random(seed)
        self.files = {
            ".env": "TAG=7\nPORT=8080\nEMPTY=\nNAME=fromenv\n",
            "a.env": "FILE_A=1\nB=from file\n",
            "b.env": "FILE_B=2\n# no\nFILE_A='x'\n",
            "sub/a.env": "SUB_A=1\n",
            "sub/b.env": "SUB_B=1\n",
            "sub/deeper/a.env": "DEEP_A=1\n",
            "sub/deeper/b.env": "DEEP_B=1\n",
        }

    def some(self, choices, most=3):
        """A few of the choices."""
        return self.pick.sample(choices, self.pick.randint(1, min(most, len(choices))))

    def chance(self, share):
        """True in a share of the cases."""
        return self.pick.random() < share

    def value(self):
        """A scalar in one of many forms."""
        return self.pick.choice(
            ["1", "'1'", "1.50", "0x1F", "yes", "true", "text", "'a b'", "''", "'${TAG}'",
             "'${TAG:-d}'", "'${NONE:-d}'", "'${NONE-d}'", "'${EMPTY:-e}'", "'${EMPTY-e}'",
             "'${NONE:+n}'", "'${TAG:+y}'", "'${NONE:-${TAG:-q}}'", "$TAG", "'$$TAG'", "'a$${TAG}'",
             "'${TAG}-${NAME}'", "1_000", "012", "1e3", "'x=y'", "'${TAG:?needed}'"]
        )  # fmt: skip

    def pairs(self, names):
        """`environment` and its like, in one of the two forms."""
        if self.chance(0.5):
            return (
                "{"
                + ", ".join(
                    f"{n}: {self.value() if self.chance(0.85) else ''}" for n in self.some(names)
                )
                + "}"
            )
        quoted = []
        for name in self.some(names):
            value = self.value().strip("'")
            quoted.append(f'"{name}={value}"' if self.chance(0.85) else f'"{name}"')
        return "[" + ", ".join(quoted) + "]"

    def ports(self):
        """Published ports in all forms."""
        forms = [
            "'80'", "'80:80'", "'8000-8002:80-82'", "'127.0.0.1:53:53/udp'", "'[::1]:90:90'",
            "'${PORT}:80'", "'${PORT:-1}:${PORT}'", "{target: 80, published: '8080'}",
            "{target: 81}", "{target: 80, published: 81, host_ip: 127.0.0.1, protocol: udp}",
            "'127.0.0.1::70'", "7000", "'9000-9010:80'", "'80-81'",
            "'127.0.0.1:8000-8001:80-81/udp'", "'[::]:70:70'", "'${PORT}-8082:80-82'",
            "{target: 80, published: '${PORT:-1}', mode: host, name: web, app_protocol: http}",
            "{target: 82, published: 8000-8005}",
        ]  # fmt: skip
        return "[" + ", ".join(self.some(forms)) + "]"

    def mounts(self):
        """Mounts in all forms."""
        forms = [
            "data:/data", "'cache:/data:ro'", "./conf:/etc/conf:ro", "/abs:/abs", "../up:/up",
            "/anonymous", "{type: volume, source: data, target: /long}", "./x:/x",
            "{type: bind, source: ./b, target: /etc/conf, read_only: true}", "'${DATA:-data}:/v'",
            "{type: tmpfs, target: /tmp}", "'.:/dot'", "'data:/data:rw,z'",
        ]  # fmt: skip
        return "[" + ", ".join(self.some(forms)) + "]"

    def service(self, name, others, *, whole):
        """The keys of a service, each in one of its forms."""
        pick, some = self.pick, self.some
        keys = {}
        if whole:
            keys["image"] = pick.choice(["x", "'x:${TAG}'", "'r.example.com:5000/x:${TAG:-1}'"])
        choices = {
            "environment": self.pairs(["A", "B", "C", "LONG_NAME"]),
            "labels": self.pairs(["l.one", "l.two"]),
            "ports": self.ports(),
            "volumes": self.mounts(),
            "networks": pick.choice(["[back]", "[front, back]", "{front: {aliases: [z]}, back: }"]),
            "env_file": pick.choice(
                ["a.env", "b.env", "[a.env, b.env]", "[{path: ./b.env}, a.env]",
                 "[{path: none.env, required: false}]", "[{path: a.env, format: raw}]"]
            ),
            "build": pick.choice(
                [".", "./sub", "{context: ., args: {X: 1, Y: $TAG}}",
                 "{context: sub, dockerfile: D, args: ['X=2', Z]}",
                 "{dockerfile_inline: 'FROM x'}", "https://example.com/x.git#main:sub",
                 "{context: ., additional_contexts: [a=./b], secrets: [s1], tags: ['x:1']}",
                 "{context: ., target: t}"]
            ),
            "command": pick.choice(["run it", "[run, it]", "'run $$X ${TAG}'", "[]"]),
            "secrets": pick.choice(["[s1]", "[{source: s2, target: /x}]", "[s1, s2]"]),
            "configs": pick.choice(["[c1]", "[{source: c2, target: /y}]"]),
            "profiles": pick.choice(["[debug]", "[debug, '${NAME}']"]),
            "restart": pick.choice(["always", "'no'", "unless-stopped", "${R:-on-failure}"]),
            "user": pick.choice(["'1000'", "root", "1000:1000"]),
            "tmpfs": pick.choice(["/t1", "[/t1, /t2]", "[/t2:size=1m]"]),
            "healthcheck": pick.choice(
                ["{test: [CMD, x], interval: 5s}", "{interval: 6s}", "{disable: true}",
                 "{test: curl x, retries: 3}", "{test: NONE}"]
            ),
            "privileged": pick.choice(["true", "false", "${EMPTY:-true}", "${NONE:-false}"]),
            **pick.choice([{"mem_limit": "1g"}, {"mem_limit": "${M:-512m}"}, {"deploy": LIMITS}]),
            "develop": "{watch: [{action: rebuild, path: .}]}",
            "logging": pick.choice(["{driver: json-file, options: {a: b}}", "{options: {c: d}}"]),
            "ulimits": pick.choice(["{nofile: 1}", "{nofile: {soft: 1, hard: 2}}"]),
            "dns": pick.choice(["1.1.1.1", "[1.1.1.1, 8.8.8.8]"]),
            "extra_hosts": pick.choice(["['h:1.1.1.1']", "{h: 1.1.1.1}"]),
            "cap_add": "[NET_ADMIN]",
            "gpus": "[{driver: nvidia, count: 2}]",
            "models": pick.choice(["[llm]", "{llm: {endpoint_var: URL}}"]),
            "post_start": "[{command: ./hook.sh, user: root}]",
            "use_api_socket": "true",
            "annotations": self.pairs(["an.one"]),
            "sysctls": pick.choice(["{net.core.somaxconn: 1024}", "[net.core.somaxconn=1]"]),
            "label_file": "b.env",
        }  # fmt: skip
        if others:
            other = pick.choice(others)
            choices["depends_on"] = pick.choice(
                [f"[{other}]", f"{{{other}: {{condition: service_healthy}}}}",
                 f"{{{other}: {{condition: service_started, required: false}}}}",
                 f"{{{other}: {{condition: service_completed_successfully, restart: true}}}}"]
            )  # fmt: skip
            choices["links"] = f"[{other}]"
            choices["network_mode"] = pick.choice([f"service:{other}", "host", "none"])
            choices["volumes_from"] = f"[{other}]"
        for key in some([*choices], 7):
            keys[key] = choices[key]
        if not whole:
            for key in [*keys]:
                if self.chance(0.12):
                    keys[key] = f"!reset {pick.choice(['null', '[]', '{}'])}"
                elif (
                    key != "use_api_socket"
                    and self.chance(0.12)
                    and not keys[key].startswith(("'", "$"))
                ):
                    keys[key] = f"!override {keys[key]}"
        return keys

    def write(self, path, services, more="", *, tail=""):
        """Write one file."""
        lines = [more, "services:"] if more else ["services:"]
        for name, keys in services.items():
            lines.append(f"  {name}:" if keys else f"  {name}: {{}}")
            lines += [f"    {key}: {value}".rstrip() for key, value in keys.items()]
        self.files[path] = "\n".join(lines) + "\n" + tail
        return path

    def make(self):
        """Write a project and return the files of its stack."""
        pick = self.pick.choice
        names = ["web", "db", "job"][: self.pick.randint(1, 3)]
        services = {n: self.service(n, names[:i], whole=True) for i, n in enumerate(names)}
        if self.chance(0.3):
            services["child"] = {
                "extends": self.pick.choice([names[0], f"{{service: {names[0]}}}"])
            }
            services["child"] |= self.service("child", names[:1], whole=False)
        if self.chance(0.3):
            deeper = {"deep": self.service("deep", [], whole=True)}
            self.write("sub/deeper/most.yaml", deeper)
            base = {"extends": "{file: deeper/most.yaml, service: deep}"}
            base |= self.service("base", [], whole=self.chance(0.5))
            self.write("sub/base.yaml", {"base": base})
            services["far"] = {"extends": "{file: sub/base.yaml, service: base}"}
            services["far"] |= self.service("far", [], whole=False)
        if self.chance(0.3):
            services["merged"] = {"<<": pick(["*shared", "[*more, *shared]"])} | self.service(
                "merged", [], whole=False
            )
            services["merged"].pop("image", None)
        more = "x-shared: &shared {image: shared, environment: {A: 9, S: 1}, ports: ['1:1']}"
        more += "\nx-more: &more {environment: {A: 3, M: 1}, labels: {m: 1}}"
        if self.chance(0.3):
            self.files["inc/.env"] = "TAG=9\nOWN=1\n"
            self.files["inc/a.env"] = "INCLUDED=1\n"
            self.files["inc/b.env"] = "INCLUDED=2\n"
            self.write("inc/compose.yaml", {"inner": self.service("inner", [], whole=True)})
            self.files["inc/own.env"] = "TAG=8\n"
            more += "\n" + pick(
                [
                    "include: [inc/compose.yaml]",
                    "include: [{path: inc/compose.yaml, env_file: inc/own.env}]",
                    "include: [{path: [inc/compose.yaml], project_directory: .}]",
                    "include: [{path: [inc/compose.yaml, inc/more.yaml]}]",
                ]
            )
            self.write("inc/more.yaml", {"inner": self.service("inner", [], whole=False)})
        if self.chance(0.3):
            more += "\nname: " + self.pick.choice(["shop", "${NAME}", "${NONE:-other}"])
        stack = [self.write("compose.yaml", services, more, tail=TAIL)]
        for number in range(self.pick.choice([0, 1, 1, 2])):
            changed = {n: self.service(n, [], whole=False) for n in self.some(names)}
            stack.append(self.write(f"over{number}.yaml", changed))
        return tuple(stack)


LIMITS = "{resources: {limits: {memory: 64m}}}"
TAIL = """\
networks: {front: {}, back: {name: real-back}}
volumes: {data: {name: "${NAME}-data"}, cache: , ext: {external: true}}
secrets: {s1: {file: ./s1}, s2: {environment: S2}}
configs: {c1: {file: ./c1}, c2: {content: "a=${TAG}"}}
models: {llm: {model: ai/x}}
"""


def make_stack(root, seed):
    """Write the stack of a seed and return its files."""
    maker = Maker(seed)
    stack = maker.make()
    for path, text in maker.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return stack


def compare(root, files):
    """How Docker and we differ on one stack, and whether Docker accepts it.

    What we say that Docker refuses is a difference where it accepts it, and the other way round.
    """
    stack, _ = stacks.read_stack(Tree(root), files, default=True)
    unset = [one.name for one in stack.interpolations if one.required and not one.in_dotenv]
    said = [stack.error, *stack.missing, *stack.refused, *unset]
    answer, message = ask_docker(root, files)
    if answer is None:
        return [] if any(said) else [f"refused: {message.strip().rpartition(chr(10))[2]}"], False
    wrong = [f"accepted, but said: {one}" for one in (stack.error, *stack.refused) if one]
    return wrong or differing(from_docker(answer), from_us(root, files)), True
