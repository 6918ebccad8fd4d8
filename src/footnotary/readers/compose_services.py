"""One service of a merged stack as facts."""

import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Any

from footnotary.facts.stack import Dependency, Service
from footnotary.readers import literals
from footnotary.readers.compose import Merged
from footnotary.readers.compose_environment import Environment
from footnotary.readers.compose_mounts import read_mounts
from footnotary.readers.compose_ports import read_ports
from footnotary.readers.compose_written import Written

_WIDENS = (
    "privileged",
    "cap_add",
    "devices",
    "use_api_socket",
    "pid",
    "ipc",
    "network_mode",
    "userns_mode",
    "security_opt",
    "cgroup_parent",
)
_NARROWS = ("read_only", "cap_drop", "security_opt", "init", "pids_limit")


def read_service(
    written: Written, name: str, merged_config: Mapping[str, Any], environment: Environment
) -> Service:
    """Read one service.

    Args:
        written: The stack as written.
        name: The service's name.
        merged_config: What the merged stack says about it.
        environment: Reads what it is given.

    Returns:
        Its facts.
    """
    merged, config = written.merged, written.service(name, merged_config)
    build = config.get("build")
    return Service(
        name=literals.label(name),
        place=merged.place("services", name),
        places={literals.label(key): str(merged.place("services", name, key)) for key in config},
        image=literals.image(str(config["image"])) if config.get("image") else "",
        build=_context(build),
        dockerfile=_dockerfile(merged, build),
        build_target=literals.label(target) if (target := _mapping(build).get("target")) else "",
        provider=_word(_mapping(config.get("provider")).get("type")),
        models=_names(config.get("models")),
        profiles=_profiles(written, name, merged_config),
        ports=read_ports(written.items(name, "ports", merged_config)),
        mounts=read_mounts(written, name, merged_config),
        networks=_networks(config),
        depends_on=_dependencies(config),
        environment=environment.settings(name, merged_config),
        env_files=environment.described_files(name, merged_config),
        secrets=_sources(config.get("secrets")),
        build_secrets=_sources(_mapping(build).get("secrets")),
        configs=_sources(config.get("configs")),
        healthcheck=_healthcheck(config.get("healthcheck")),
        restart=_word(config.get("restart")),
        user=_word(config.get("user")),
        limits=_limits(config),
        privileges=tuple(key for key in _WIDENS if _widens(key, config.get(key))),
        hardening=tuple(key for key in _NARROWS if config.get(key)),
        command=_command(config, environment.tree.files),
        watch=len(_list(_mapping(config.get("develop")).get("watch"))),
        replicas=_replicas(config),
    )


def _command(config: Mapping[str, Any], files: Collection[str]) -> str:
    """Return what may be shown of a service's entry point and command."""
    given = [config[key] for key in ("entrypoint", "command") if config.get(key)]
    return " ".join(literals.words(words, files) for words in given)


def _mapping(value: object) -> Mapping[str, Any]:
    """Return a mapping, or an empty one."""
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    """Return a list, or an empty one."""
    return value if isinstance(value, list) else []


def _has(value: object, key: str) -> bool:
    """Tell whether a value is a mapping with a key."""
    return isinstance(value, dict) and bool(value.get(key))


def _word(value: object) -> str:
    """Return a short scalar; YAML 1.1 makes `restart: no` a boolean."""
    if value is None:
        return ""
    return "no" if value is False else _plain(str(value))


def _plain(text: str) -> str:
    """Return a label in which variables may stand as `${NAME}`."""
    shown = literals.collapsed(text)
    bare = re.sub(r"\$\{(\w+)\}", r"\1", shown)
    return shown if literals.label(bare) == bare else literals.NOT_SHOWN


def _names(value: object) -> tuple[str, ...]:
    """Return the names of a list or a mapping, sorted."""
    return (
        tuple(sorted(literals.label(name) for name in value))
        if isinstance(value, list | dict)
        else ()
    )


def _profiles(written: Written, name: str, config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the profiles of a service; an interpolated one only if its form may be shown."""
    found = set()
    for item in written.items(name, "profiles", config):
        value = str(item.value)
        plain = item.raw is item.value or literals.shown(value)
        found.add(literals.label(value) if plain else _plain(str(item.raw)))
    return tuple(sorted(found))


def _context(build: object) -> str:
    """Return a build's context, relative as written."""
    if isinstance(build, str):
        return _address(build)
    if isinstance(build, dict):
        if "dockerfile_inline" in build and "context" not in build:
            return "(inline)"
        return _address(str(build.get("context", ".")))
    return ""


def _address(context: str) -> str:
    """Return a context: a path, or that it is a repository (whose URL may hold a token)."""
    return "(a repository)" if "://" in context else literals.path(context)


def _dockerfile(merged: Merged, build: object) -> str:
    """Return the Dockerfile of a build, relative to the project's root where it is inside."""
    if not build or _has(build, "dockerfile_inline"):
        return ""
    context = build if isinstance(build, str) else str(_mapping(build).get("context", "."))
    if "://" in context or context.startswith("git@") or "$" in context:
        return ""
    folder = PurePosixPath(merged.place("services").path).parent
    name = str(_mapping(build).get("dockerfile", "Dockerfile"))
    joined = folder / context / name
    root = PurePosixPath(merged.root.as_posix())
    if joined.is_relative_to(root):
        joined = joined.relative_to(root)
    parts: list[str] = []
    for part in joined.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return literals.path("/".join(parts))


def _networks(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the networks a service joins; `default` where it names none."""
    if config.get("network_mode"):
        return ()
    return _names(config.get("networks")) or ("default",)


def _dependencies(config: Mapping[str, Any]) -> tuple[Dependency, ...]:
    """Return what a service waits for: `depends_on`, and what its other keys imply.

    `links`, `volumes_from` and the `service:` form of `network_mode`, `ipc` and `pid` make
    a dependency on a started service (compose-spec, "Implicit dependencies").
    """
    conditions: dict[str, str] = {}
    for link in _list(config.get("links")):
        conditions[str(link).partition(":")[0]] = "service_started"
    for source in _list(config.get("volumes_from")):
        if not str(source).startswith("container:"):
            conditions[str(source).partition(":")[0]] = "service_started"
    for key in ("network_mode", "ipc", "pid"):
        if str(config.get(key, "")).startswith("service:"):
            conditions[str(config[key]).partition(":")[2]] = "service_started"
    given = config.get("depends_on")
    for name in _list(given):
        conditions[str(name)] = "service_started"
    for name, entry in _mapping(given).items():
        conditions[str(name)] = str(_mapping(entry).get("condition", "service_started"))
    return tuple(
        Dependency(service=literals.label(name), condition=literals.label(condition))
        for name, condition in sorted(conditions.items())
    )


def _sources(value: object) -> tuple[str, ...]:
    """Return the names of secrets or configs, in both forms."""
    names = [e.get("source", "") if isinstance(e, dict) else e for e in _list(value)]
    return tuple(sorted({literals.label(name) for name in names if name}))


def _healthcheck(value: object) -> str:
    """Return the program that checks a service, `none` where it is switched off."""
    if not isinstance(value, dict):
        return ""
    check = value
    test = check.get("test")
    if check.get("disable") or test in ("NONE", ["NONE"]):
        return "none"
    if not test:
        return "from the image"
    words = test if isinstance(test, list) else str(test).split()
    program = [str(word) for word in words if word not in ("CMD", "CMD-SHELL")]
    return literals.words(" ".join(program).split()[:1]) or "given"


def _limits(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the limits on memory, CPUs and processes, in both forms."""
    asked = _mapping(_mapping(_mapping(config.get("deploy")).get("resources")).get("limits"))
    pairs = {
        "memory": asked.get("memory") or config.get("mem_limit"),
        "cpus": asked.get("cpus") or config.get("cpus"),
        "pids": asked.get("pids") or config.get("pids_limit"),
    }
    return tuple(
        f"{name} {literals.shown(str(value)) or _plain(str(value))}"
        for name, value in pairs.items()
        if value
    )


def _widens(key: str, value: object) -> bool:
    """Tell whether a key gives a service more than a container has by default."""
    if key in {"pid", "ipc", "network_mode", "userns_mode"}:
        return value == "host"
    if key == "security_opt":
        return any("unconfined" in str(option) for option in _list(value))
    return bool(value)


def _replicas(config: Mapping[str, Any]) -> int:
    """Return the replicas asked for; 1 where that is no number."""
    asked = _mapping(config.get("deploy")).get("replicas", config.get("scale", 1))
    return asked if isinstance(asked, int) and asked >= 0 else 1
