"""The stacks of a project: which compose files belong together, and what they say as facts."""

import posixpath
import re
from collections.abc import Collection, Iterable
from functools import partial

from footnotary.compose.checks import Refusal, find_refusals
from footnotary.compose.interpolation import VariableUse, find_uses, read_values
from footnotary.compose.loading import Absent, Loaded, load_stack
from footnotary.compose.nodes import MapNode, Node, ScalarNode, get_entries, get_text, is_true
from footnotary.errors import ProjectError
from footnotary.facts.basis import Place
from footnotary.facts.deploy import Dockerfile
from footnotary.facts.stack import Interpolation, Resource, Service, Stack
from footnotary.readers import dockerfile, literals
from footnotary.readers.service_lists import show_written
from footnotary.readers.services import find_env_files, name_inline, read_service
from footnotary.source import Tree

# The names that `docker compose` looks for, in its order (compose-spec, "Compose file").
DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
OVERRIDE_NAMES = tuple(re.sub(r"\.(ya?ml)$", r".override.\1", name) for name in DEFAULT_NAMES)
_ANY = ("compose.yaml", "compose.yml", "compose*.y*ml", "docker-compose*.y*ml", "*.compose.y*ml")
_SAMPLE = re.compile(r"\.(?:example|sample|template)\.")
# Folders of what is shown or was taken over, not run.
_ASIDE = frozenset(
    (
        *("demo", "demos", "doc", "docs", "e2e", "example", "examples", "fixtures", "sample"),
        *("samples", "template", "templates", "test", "testdata", "tests"),
        *("contrib", "external", "third_party", "third-party", "vendor", "vendored"),
    )
)
_RESOURCES = {"volumes": "volume", "networks": "network", "secrets": "secret", "configs": "config"}
# What may be shown of an origin besides its kind: no name made at random.
_WORDS = {"environment": re.compile(r"[A-Z][A-Z_]{0,40}\d?"), "driver": re.compile(r"[a-z]{1,20}")}
_ORIGINS = ("file", "environment", "content", "driver")


def check_named(tree: Tree, files: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the one stack that the user names.

    Raises:
        ProjectError: A file is not there.
    """
    for name in files:
        if not tree.has(name):
            raise ProjectError(
                f"The compose file {name} does not exist.",
                hint="Paths are relative to the current folder or the project's root.",
            )
    return [files]


def find_stacks(tree: Tree) -> list[tuple[str, ...]]:
    """Group the project's compose files into stacks.

    Returns:
        Groups of paths, the root's first, and in each folder first what a bare
        `docker compose up` runs (what `COMPOSE_FILE` in its `.env` names, or the base file and
        its override); then the base alone where there is an override; then the base with each
        other file (`compose.X.yml`).
    """
    found = [path for path in tree.named(*_ANY) if path.endswith((".yml", ".yaml"))]
    folders: dict[str, list[str]] = {}
    for path in found:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    ordered = sorted(folders, key=lambda folder: (folder.count("/") + bool(folder), folder))
    return [
        group
        for folder in ordered
        for group in dict.fromkeys((*_chosen(tree, folder), *_groups(folder, folders[folder])))
    ]


def choose_bare(tree: Tree, groups: Iterable[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    """Return what a bare `docker compose up` runs, in each folder where it finds a file.

    Args:
        tree: The project's files.
        groups: All stacks, from `find_stacks`.
    """
    firsts: dict[str, tuple[str, ...]] = {}
    for group in groups:
        firsts.setdefault(posixpath.dirname(group[0]), group)
    return frozenset(
        group
        for folder, group in firsts.items()
        if posixpath.basename(group[0]) in DEFAULT_NAMES or group in _chosen(tree, folder)
    )


def _chosen(tree: Tree, folder: str) -> list[tuple[str, ...]]:
    """Return what `COMPOSE_FILE` in the `.env` of a folder names, if all of it is there."""
    values = read_values(tree.text(posixpath.join(folder, ".env")) or "")
    names = values.get("COMPOSE_FILE", "")
    separator = values.get("COMPOSE_PATH_SEPARATOR") or (";" if ";" in names else ":")
    paths = tuple(
        posixpath.normpath(posixpath.join(folder, name)) for name in names.split(separator) if name
    )
    return [paths] if paths and all(map(tree.has, paths)) else []


def _groups(folder: str, paths: list[str]) -> list[tuple[str, ...]]:
    """Group the compose files of one folder."""
    prefix = f"{folder}/" if folder else ""
    base = next((prefix + name for name in DEFAULT_NAMES if prefix + name in paths), None)
    override = next((prefix + name for name in OVERRIDE_NAMES if prefix + name in paths), None)
    others = [path for path in paths if path not in {base, override} and not _SAMPLE.search(path)]
    if base is None:
        return [(path,) for path in (*([override] if override else []), *others)]
    groups = [(base, override), (base,)] if override else [(base,)]
    known = {*DEFAULT_NAMES, *OVERRIDE_NAMES}  # which `docker compose` passes over
    return [*groups, *((base, path) for path in others if path.removeprefix(prefix) not in known)]


def rank_stacks(stacks: Iterable[Stack]) -> tuple[Stack, ...]:
    """Give each stack its role, those that run first.

    Returns:
        The stacks. Those that run are the default ones nearest to the root, or else the first
        one; samples, tests and what lies in folders of others are passed over where there is
        any other stack.
    """
    found = list(stacks)
    defaults = [stack for stack in found if stack.default]
    near = [stack for stack in found if not _is_aside(stack)]
    own = [stack for stack in near if stack.default] or near[:1] or defaults or found[:1]
    depth = min((_depth(stack) for stack in own), default=0)
    running = {stack.name for stack in own if _depth(stack) == depth}
    ranked = [
        stack.model_copy(
            update={
                "role": "runs"
                if stack.name in running
                else "aside"
                if _is_aside(stack)
                else "other"
            }
        )
        for stack in found
    ]
    order = ("runs", "other", "aside")
    return tuple(sorted(ranked, key=lambda stack: order.index(stack.role)))


def _depth(stack: Stack) -> int:
    """Return how many folders a stack lies below the root."""
    return stack.folder.count("/") + bool(stack.folder)


def _is_aside(stack: Stack) -> bool:
    """Tell whether a stack lies in a folder of samples, tests, or other people's files."""
    return bool(_ASIDE & set(stack.folder.casefold().split("/")))


def read_stack(
    tree: Tree, files: tuple[str, ...], *, default: bool
) -> tuple[Stack, tuple[Dockerfile, ...]]:
    """Read one stack.

    Args:
        tree: The project's files.
        files: Its compose files, in order.
        default: Whether a bare `docker compose up` runs it.

    Returns:
        Its facts, with `error` where its files cannot be read and with `missing` where what
        they name is not there; and the Dockerfiles that are in its files.
    """
    stack = Stack(name=" + ".join(files), files=files, default=default)
    try:
        loaded = load_stack(tree, files)
    except ValueError as error:
        return stack.model_copy(update={"error": str(error)}), ()
    nodes = loaded.section("services")
    services = tuple(read_service(tree, loaded, name) for name in sorted(nodes))
    absent = tuple(dict.fromkeys(map(_absent, loaded.absent)))
    described = stack.model_copy(
        update={
            "followed": tuple(path for path in loaded.paths if path not in files),
            "project": _project(loaded),
            "services": services,
            "networks": _union(services, "networks"),
            "volumes": _volumes(services),
            "secrets": tuple(
                sorted({*_union(services, "secrets"), *_union(services, "build_secrets")})
            ),
            "configs": _union(services, "configs"),
            "resources": tuple(_resources(loaded)),
            "profiles": _union(services, "profiles"),
            "interpolations": _interpolations(loaded),
            "missing": (*absent, *_missing_env(tree, nodes)),
            # What is in a file that is not there may be what is referred to.
            "refused": () if absent else tuple(dict.fromkeys(_refused(loaded))),
        }
    )
    return described, tuple(_inline(nodes, tree.files))


def _inline(nodes: dict[str, Node], files: Collection[str]) -> Iterable[Dockerfile]:
    """Yield the Dockerfiles that are in a stack's files."""
    for name, node in nodes.items():
        inline = get_entries(get_entries(node).get("build")).get("dockerfile_inline")
        if isinstance(inline, ScalarNode):
            yield dockerfile.read_inline(
                name_inline(inline, name),
                show_written(inline),
                partial(_line_of, inline),
                files=files,
                given={use.name for use in find_uses(inline.raw)},
            )


def _line_of(block: ScalarNode, line: int) -> Place:
    """Return where a line of a text in a compose file is; of one without lines, its key."""
    shown = block.first_line + line - 1 if block.first_line else block.line
    return Place(path=block.source.path, line=shown)


def _absent(one: Absent) -> str:
    """Name a file that is included or extended and not there."""
    named = show_written(one.named)
    shown = "a file at an address" if "://" in named else literals.path(named)
    return f"{shown} ({one.how}, {one.place})"


def _refused(loaded: Loaded) -> Iterable[str]:
    """Yield what `docker compose` refuses, each with its place."""
    yield from loaded.refused
    yield from map(_refusal, find_refusals(loaded))


def _refusal(one: Refusal) -> str:
    """Write one refusal as a sentence."""
    message = one.message.format(literals.label(one.name))
    if one.message == "has no body":
        return f"the service {literals.label(one.subject)} {message} ({one.place})"
    subject = f"{literals.label(one.subject)} " if one.subject else ""
    return f"{subject}{message} ({one.place})"


def _project(loaded: Loaded) -> str:
    """Return the project's name where the files or the folder decide it (compose-spec, "name")."""
    own = loaded.given.get("COMPOSE_PROJECT_NAME") or show_written(loaded.root.items.get("name"))
    name = own or posixpath.basename(loaded.folder)
    if "$" not in name:
        name = re.sub(r"[^a-z0-9_-]", "", name.casefold()).lstrip("_-")
    return name if not name or "$" in name else literals.label(name)


def _resources(loaded: Loaded) -> Iterable[Resource]:
    """Yield the declared volumes, networks, secrets and configs with their real names."""
    project = _project(loaded)
    for section, kind in _RESOURCES.items():
        for key, node in sorted(loaded.section(section).items()):
            items = get_entries(node)
            external = items.get("external")
            is_external = isinstance(external, MapNode) or is_true(external)
            named = show_written(items.get("name")) or show_written(
                get_entries(external).get("name")
            )
            prefix = f"{project}_" if project and not is_external else ""
            is_known = is_external or (kind in {"volume", "network"} and (named or project))
            yield Resource(
                kind=kind,
                name=literals.label(key),
                real=literals.path(named or f"{prefix}{key}") if is_known else "",
                external=is_external,
                origin=next((_origin(one, items[one]) for one in _ORIGINS if one in items), ""),
                place=node.place,
            )


def _origin(key: str, node: Node) -> str:
    """Say where a resource's content comes from; of content in the file, only that."""
    if key == "file":
        return f"file {literals.path(show_written(node))}"
    is_word = key in _WORDS and _WORDS[key].fullmatch(get_text(node))
    return f"{key} {get_text(node)}" if is_word else key


def _volumes(services: tuple[Service, ...]) -> tuple[str, ...]:
    """Return the named volumes that services mount."""
    mounts = [mount for service in services for mount in service.mounts]
    return tuple(sorted({m.source for m in mounts if m.kind == "volume"} - {""}))


def _missing_env(tree: Tree, nodes: dict[str, Node]) -> tuple[str, ...]:
    """Name the `env_file` entries that are not there, each once."""
    found = (
        f"{one.shown} (env_file, {one.place})"
        for _, node in sorted(nodes.items())
        if isinstance(node, MapNode)
        for one in find_env_files(tree, node)
        if one.missing and one.required and not one.local
    )
    return tuple(dict.fromkeys(found))


def _union(services: tuple[Service, ...], field: str) -> tuple[str, ...]:
    """Return the sorted union of a field of all services."""
    return tuple(sorted({name for service in services for name in getattr(service, field)}))


def _interpolations(loaded: Loaded) -> tuple[Interpolation, ...]:
    """Gather what the files interpolate, by name."""
    found: dict[str, list[tuple[VariableUse, ScalarNode]]] = {}
    for scalar in loaded.interpolated:
        for use in find_uses(scalar.raw):
            if not use.name:
                continue
            found.setdefault(use.name, []).append((use, scalar))
    return tuple(
        Interpolation(
            name=literals.identifier(name),
            required=any(use.form.endswith("?") for use, _ in one),
            has_default=all(use.form.endswith(("-", "+")) for use, _ in one),
            shown_default=next(
                (s for use, _ in one if (s := literals.display_value(use.default, name=name))), ""
            ),
            in_dotenv=all(name in scalar.source.given for _, scalar in one),
            places=tuple(dict.fromkeys(scalar.place for _, scalar in one)),
        )
        for name, one in sorted(found.items())
    )
