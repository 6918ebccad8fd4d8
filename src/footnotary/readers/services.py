"""One service of a stack as facts."""

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass

from footnotary.compose.interpolation import find_uses, read_assignments, reduce_variables
from footnotary.compose.loading import Loaded
from footnotary.compose.merging import as_build, as_dependencies, as_names, as_pairs
from footnotary.compose.nodes import (
    ListNode,
    MapNode,
    Node,
    ScalarNode,
    find_below,
    get_entries,
    get_members,
    get_text,
    is_true,
)
from footnotary.facts.basis import Place
from footnotary.facts.stack import Service, ServiceDependency, Setting
from footnotary.readers import dockerfile, literals
from footnotary.readers.service_lists import read_mounts, read_ports, rebase_path, show_written
from footnotary.source import Tree

_WIDENS = (
    *("privileged", "cap_add", "devices", "use_api_socket", "pid", "ipc"),
    *("network_mode", "userns_mode", "security_opt", "cgroup_parent"),
)
_NARROWS = ("read_only", "cap_drop", "security_opt", "init", "pids_limit")
_HOOKS = ("post_start", "pre_stop")
_RESTARTS = {"any": "always", "none": "no"}
_RESTART = re.compile(r"no|false|always|unless-stopped|on-failure(?::\d{1,9})?")
_RESTART_CONDITIONS = {"none", "on-failure", "any"}
_CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,9})?\s?(?:[kmgt]?i?b?)|-1", re.IGNORECASE)
_REMOTE = re.compile(r"[a-z+]+://|git@|github\.com/", re.IGNORECASE)
_VERSION = re.compile(
    r"v?\d{1,8}(?:\.\d{1,6}){0,3}(?:[-.][a-z]{1,12}(?:\.?\d{1,4}){0,3}){0,3}"
    r"|latest|stable|edge|main|master|nightly|alpine|slim"
)


def read_service(tree: Tree, loaded: Loaded, name: str) -> Service:
    """Read one service.

    Returns:
        Its facts; of one without a body no more than its name and place.
    """
    node = loaded.section("services")[name]
    if not isinstance(node, MapNode):
        return Service(name=literals.label(name), place=node.place)
    config, build = node.items, node.items.get("build")
    files = find_env_files(tree, node)
    return Service(
        name=literals.label(name),
        place=node.place,
        places={
            literals.label(key): f"{one.source.path}:{one.line}" for key, one in config.items()
        },
        image=_image(config.get("image")),
        build=_context(build, loaded.folder),
        dockerfile=_dockerfile(build, name),
        build_target=_label(find_below(build, "target")),
        provider=_label(find_below(config.get("provider"), "type")),
        models=tuple(sorted(map(literals.label, _names(config.get("models"))))),
        profiles=_profiles(config.get("profiles")),
        ports=read_ports(config.get("ports")),
        mounts=read_mounts(node, loaded.section("volumes"), loaded.folder),
        networks=_networks(node, loaded),
        depends_on=_dependencies(config, loaded.section("services")),
        environment=_settings(tree, loaded, node, files),
        env_files=tuple(one.described for one in files),
        secrets=_granted(config.get("secrets"), loaded.section("secrets")),
        build_secrets=_granted(find_below(build, "secrets"), loaded.section("secrets")),
        configs=_granted(config.get("configs"), loaded.section("configs")),
        healthcheck=_healthcheck(config.get("healthcheck")),
        restart=_restart(config),
        user=literals.one_of(dockerfile.USER, _label(config.get("user"))),
        limits=_limits(node),
        privileges=tuple(key for key in _WIDENS if _widens(key, config.get(key))),
        hardening=tuple(key for key in _NARROWS if _is_set(config.get(key))),
        command=_command(config, tree.files),
        extras=(
            *(("gpus",) if _is_set(config.get("gpus")) else ()),
            *(f"{key}: {one}" for key in _HOOKS for one in _hooks(config.get(key), tree)),
        ),
        watch=len(get_members(find_below(config.get("develop"), "watch"))),
        replicas=_replicas(node),
    )


def _label(node: Node | None) -> str:
    """Return a short scalar in which variables may stand as `${NAME}`."""
    text = show_written(node)
    bare = re.sub(r"\$\{(\w+)\}", r"\1", text)
    return text if not text or literals.label(bare) == bare else literals.NOT_SHOWN


def _is_set(node: Node | None) -> bool:
    """Tell whether a key is given something other than nothing or false."""
    if isinstance(node, ScalarNode):
        return not node.is_null and node.text.casefold() not in {"", "false", "no", "0"}
    return bool(get_members(node) or get_entries(node))


def _names(node: Node | None) -> list[str]:
    """Return the names in a list, or the keys of a mapping."""
    return [*as_names(node).items] if node is not None and not node.is_null else []


def _image(node: Node | None) -> str:
    """Return an image; defaults that read as versions or as images stay."""
    if not isinstance(node, ScalarNode) or node.is_null:
        return ""
    text = node.text
    for use in find_uses(node.raw) if node.is_interpolated else ():
        is_version = bool(_VERSION.fullmatch(use.default))
        is_image = "/" in use.default and literals.image(use.default) == use.default
        if use.form and not (is_version or is_image):
            text = show_written(node)
    return literals.image(text)


def _command(config: dict[str, Node], files: Collection[str]) -> str:
    """Return what may be shown of a service's entry point and command."""
    given = [config.get(key) for key in ("entrypoint", "command")]
    return " ".join(_words(node, files) for node in given if _is_set(node))


def _words(node: Node | None, files: Collection[str] = ()) -> str:
    """Return what may be shown of a command in either form."""
    if isinstance(node, ListNode):
        return literals.command_words([show_written(one) for one in node.items], files)
    return literals.command_words(show_written(node), files)


def _hooks(node: Node | None, tree: Tree) -> list[str]:
    """Return what may be shown of the commands of a life cycle hook."""
    hooks = [one for one in get_members(node) if isinstance(one, MapNode)]
    return [
        _words(one.items.get("command"), tree.files)
        + (" (privileged)" if is_true(one.items.get("privileged")) else "")
        for one in hooks
    ]


def _profiles(node: Node | None) -> tuple[str, ...]:
    """Return the profiles of a service; an interpolated one only if its form may be shown."""
    found = set()
    for one in get_members(node):
        plain = not getattr(one, "is_interpolated", False) or literals.display_value(get_text(one))
        found.add(literals.label(get_text(one)) if plain else _label(one))
    return tuple(sorted(found))


def _context(build: Node | None, folder: str) -> str:
    """Return a build's context; of a repository, whose URL may hold a token, no more than that."""
    if build is None or build.is_null:
        return ""
    items = as_build(build).items
    context = items.get("context")
    if context is None:
        return "(inline)" if "dockerfile_inline" in items else rebase_path(".", build, folder)
    if _REMOTE.match(get_text(context)):
        return "(a repository)"
    return literals.path(rebase_path(show_written(context), context, folder))


def name_inline(node: Node, service: str) -> str:
    """Return how a Dockerfile is called that is in a compose file."""
    return f"{node.source.path} (dockerfile_inline of {literals.label(service)})"


def _dockerfile(build: Node | None, service: str) -> str:
    """Return the Dockerfile of a build, relative to the project's root where it is inside."""
    if build is None or build.is_null:
        return ""
    items = as_build(build).items
    if inline := items.get("dockerfile_inline"):
        return name_inline(inline, service)
    context = get_text(items.get("context")) or "."
    name = get_text(items.get("dockerfile")) or "Dockerfile"
    if _REMOTE.match(context) or "$" in context:
        return ""
    named = items.get("context") or build
    joined = posixpath.join(named.source.folder, context, name)
    return literals.path(posixpath.normpath(joined))


def _networks(service: MapNode, loaded: Loaded) -> tuple[str, ...]:
    """Return the networks a service joins; `default` where it names none."""
    if _is_set(service.items.get("network_mode")) or "provider" in service.items:
        return ()
    node = service.items.get("networks")
    if isinstance(node, ListNode):
        shown = {show_written(one, loaded.section("networks")) for one in node.items}
    else:
        shown = set(_names(node))
    return tuple(sorted(map(literals.label, shown))) or ("default",)


def _dependencies(
    config: dict[str, Node], services: Collection[str]
) -> tuple[ServiceDependency, ...]:
    """Return what a service waits for: `depends_on`, and what its other keys imply.

    `links`, `volumes_from` and the `service:` form of `network_mode`, `ipc` and `pid` make
    a dependency on a started service (compose-spec, "Implicit dependencies").
    """
    conditions: dict[str, str] = {}
    for key in ("links", "volumes_from"):
        for one in get_members(config.get(key)):
            name, _, _ = get_text(one).partition(":")
            if key == "links" or name != "container":
                conditions[name] = "service_started"
    for key in ("network_mode", "ipc", "pid"):
        kind, _, name = get_text(config.get(key)).partition(":")
        if kind == "service":
            conditions[name] = "service_started"
    given = config.get("depends_on")
    for name, entry in as_dependencies(given).items.items() if given else ():
        condition = show_written(find_below(entry, "condition")) or "service_started"
        conditions[name] = literals.one_of(_CONDITIONS, condition)
    return tuple(
        ServiceDependency(service=literals.label(name), condition=condition)
        for name, condition in sorted(conditions.items())
        if name in services or "$" not in name
    )


def _granted(node: Node | None, declared: Collection[str]) -> tuple[str, ...]:
    """Return the names of secrets or configs, in both forms."""
    named = [
        find_below(one, "source") if isinstance(one, MapNode) else one for one in get_members(node)
    ]
    return tuple(sorted({literals.label(show_written(one, declared)) for one in named if one}))


def _healthcheck(node: Node | None) -> str:
    """Return the program that checks a service, `none` where it is switched off."""
    if not isinstance(node, MapNode):
        return ""
    test = node.items.get("test")
    words = [get_text(one) for one in get_members(test)]
    if is_true(node.items.get("disable")) or words == ["NONE"]:
        return "none"
    if not words:
        return "from the image, if it has one"
    given = " ".join(show_written(one) for one in get_members(test)).split()
    program = [word for word in given if word not in {"CMD", "CMD-SHELL"}]
    return literals.command_words(program[:1]) or "given"


def _restart(config: dict[str, Node]) -> str:
    """Return the restart policy; that of `deploy` where `restart` is not given."""
    if own := literals.one_of(_RESTART, show_written(config.get("restart"))):
        return "no" if own == "false" else own
    policy = find_below(config.get("deploy"), "restart_policy")
    if not isinstance(policy, MapNode):
        return ""
    condition = show_written(policy.items.get("condition")) or "any"
    condition = literals.one_of(_RESTART_CONDITIONS, condition)
    return _RESTARTS.get(condition, condition)


def _limits(service: MapNode) -> tuple[str, ...]:
    """Return the limits on memory, CPUs and processes, in both forms."""
    asked = find_below(service, "deploy", "resources", "limits")
    found = []
    for name, key, short in (
        ("memory", "memory", "mem_limit"), ("cpus", "cpus", "cpus"), ("pids", "pids", "pids_limit"),
    ):  # fmt: skip
        node = find_below(asked, key) or service.items.get(short)
        if _is_set(node):
            found.append(f"{name} {literals.one_of(_AMOUNT, show_written(node))}")
    return tuple(found)


def _widens(key: str, node: Node | None) -> bool:
    """Tell whether a key gives a service more than a container has by default."""
    if key in {"pid", "ipc", "network_mode", "userns_mode"}:
        return get_text(node) == "host"
    if key == "security_opt":
        return any("unconfined" in get_text(option) for option in get_members(node))
    return _is_set(node)


def _replicas(service: MapNode) -> int:
    """Return the replicas asked for; 1 where that is not a number."""
    asked = get_text(find_below(service, "deploy", "replicas") or service.items.get("scale"))
    return int(asked) if asked.isdigit() else 1


@dataclass(frozen=True)
class EnvFile:
    """One entry of `env_file`.

    Attributes:
        path: The file, relative to the root where it lies below it.
        shown: The path as a document may show it.
        place: Where the entry is.
        missing: Whether there is no such file.
        local: Whether git ignores it: it is there on some machines.
        required: Whether compose stops without it.
        unreadable: Whether it is there and no readable text.
    """

    path: str
    shown: str
    place: Place
    missing: bool
    local: bool
    required: bool
    unreadable: bool

    @property
    def described(self) -> str:
        """The path, with a word for one that could not be read."""
        words = {"local": self.local, "missing": self.missing, "unreadable": self.unreadable}
        return self.shown + next((f" ({word})" for word, holds in words.items() if holds), "")


def find_env_files(tree: Tree, service: MapNode) -> list[EnvFile]:
    """Return the `env_file` entries of a service, in order, each file once."""
    found: dict[str, EnvFile] = {}
    for entry in get_members(service.items.get("env_file")):
        node = find_below(entry, "path") if isinstance(entry, MapNode) else entry
        if not isinstance(node, ScalarNode):
            continue
        path = posixpath.normpath(posixpath.join(node.source.folder, node.text))
        there = tree.has(path)
        local = not there and tree.is_local(path)
        shown = path if there or not node.is_interpolated else reduce_variables(node.raw)
        required = find_below(entry, "required")
        found[path] = EnvFile(
            path, literals.path(shown), node.place, missing=not there, local=local,
            required=required is None or is_true(required),
            unreadable=there and tree.text(path) is None,
        )  # fmt: skip
    return list(found.values())


def _settings(
    tree: Tree, loaded: Loaded, service: MapNode, files: list[EnvFile]
) -> tuple[Setting, ...]:
    """Return what a service is given, by name; `environment` wins over `env_file`."""
    hosts = loaded.section("services")
    found: dict[str, Setting] = {}
    for file in files:
        for name, one in read_assignments(tree.text(file.path) or "").items():
            if one.how == "alone" and name not in loaded.given:
                continue
            found[name] = Setting(
                name=literals.identifier(name),
                how="env_file",
                shown=literals.display_value(one.value, name=name, hosts=hosts),
                has_value=bool(one.value),
                password_url=literals.has_password(one.value),
                place=Place(path=literals.path(file.path), line=one.line),
            )
    given = service.items.get("environment")
    for name, node in as_pairs(given).items.items() if given else ():
        found[name] = _setting(name, node, hosts)
    return tuple(sorted(found.values(), key=lambda setting: setting.name))


def _setting(name: str, node: Node, hosts: Collection[str]) -> Setting:
    """Describe one entry of `environment`."""
    if node.is_null:
        return Setting(name=literals.identifier(name), how="passed", place=node.place)
    raw = node.raw if isinstance(node, ScalarNode) else ""
    names = (
        tuple(dict.fromkeys(use.name for use in find_uses(raw) if use.name)) if "$" in raw else ()
    )
    text = "" if names else get_text(node)
    return Setting(
        name=literals.identifier(name),
        how="interpolated" if names else "literal",
        shown=literals.display_value(text, name=name, hosts=hosts),
        has_value=bool(text),
        rewritten=not names and text != raw,
        password_url="://" in raw and literals.has_password(raw),
        uses=names,
        place=node.place,
    )
