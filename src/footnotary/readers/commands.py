"""Commands to start, migrate, roll back and back up, derived from the project's files."""

import re
import shlex
from collections.abc import Iterator

from footnotary.facts.basis import Place
from footnotary.facts.deploy import Command
from footnotary.facts.stack import Resource, Service, Stack
from footnotary.readers import literals
from footnotary.readers.command_groups import CommandGroups
from footnotary.readers.identity import PROJECT_FILES
from footnotary.readers.setup_files import SCRIPTS, read_scripts
from footnotary.source import Tree
from footnotary.source.names import DefinitionIndex
from footnotary.source.parsing import Asked, Modules, Source, decode_source, parse_files

_TARGET = re.compile(r"^([A-Za-z0-9][\w.-]*)\s*:(?![:=])")
_RECIPE = re.compile(r"^@?([A-Za-z_][\w-]*)(?:\s+[^:=\n]*)?:(?!=)")
MAX_TASKS = 40
_LIBRARIES = re.compile(r"\b(typer|click)\b")
_LEADING = ("__init__.py", "__main__.py")
MAX_COMMANDS = 60

# How each database is copied while it runs, with its container's own environment; to which
# file; and where its image keeps the data.
_BACKUPS = {
    "postgres": (
        'sh -c \'pg_dump -U "${POSTGRES_USER:-postgres}" "${POSTGRES_DB:-postgres}"\'',
        "backup.sql",
        "/var/lib/postgresql",
    ),
    "mysql": (
        "sh -c 'exec mysqldump --all-databases -uroot -p\"$MYSQL_ROOT_PASSWORD\"'",
        "backup.sql",
        "/var/lib/mysql",
    ),
    "mariadb": (
        "sh -c 'exec mariadb-dump --all-databases -uroot -p\"$MARIADB_ROOT_PASSWORD\"'",
        "backup.sql",
        "/var/lib/mysql",
    ),
    "mongo": ("sh -c 'exec mongodump --archive'", "backup.archive", "/data/db"),
}


def derive_commands(tree: Tree, stacks: tuple[Stack, ...]) -> tuple[Command, ...]:
    """Derive commands.

    Returns:
        The commands in the order in which a document shows them.
    """
    found: list[Command] = []
    readable = [stack for stack in stacks if not stack.error and stack.role != "aside"]
    for stack in readable:
        found += _running(stack)
    found += _migration_commands(tree, readable)
    for stack in readable:
        if stack.default or stack.role == "runs":
            found += _backups(stack)
    found += [*_tasks(tree), *read_programs(tree)]
    return tuple(found)


def _compose_commands(stack: Stack) -> str:
    """Return `docker compose` with the files of a stack, run from the project's root."""
    words = ["docker compose"]
    if stack.folder:
        words.append(f"--project-directory {shlex.quote(stack.folder)}")
    if stack.folder or not stack.default:
        words += [f"-f {shlex.quote(file)}" for file in stack.files]
    return " ".join(words)


def _running(stack: Stack) -> Iterator[Command]:
    """Start, build, watch and stop a stack."""
    compose = _compose_commands(stack)
    origin = Place(path=stack.files[0])
    yield Command(
        purpose="start", words=f"{compose} up -d --wait", origin=origin, note=_note_task(stack)
    )
    for profile in stack.profiles:
        yield Command(
            purpose="start",
            words=f"{compose} --profile {profile} up -d --wait",
            origin=origin,
            note=f"with the services of the profile {profile}",
        )
    if any(service.watch for service in stack.services):
        yield Command(
            purpose="develop", words=f"{compose} watch", origin=origin, note="syncs and rebuilds"
        )
    if not stack.default and stack.role != "runs":
        return
    if any(service.build for service in stack.services):
        yield Command(purpose="build", words=f"{compose} build --pull", origin=origin)
    yield Command(purpose="stop", words=f"{compose} down", origin=origin, note="named volumes stay")


def _note_task(stack: Stack) -> str:
    """Say what a stack needs before it starts."""
    needed = [o.name for o in stack.interpolations if o.required and not o.in_dotenv]
    missing = [one.partition(" (")[0] for one in stack.missing]
    parts = [f"needs {', '.join(needed)}"] if needed else []
    return "; ".join(parts + ([f"needs the files {', '.join(missing)}"] if missing else []))


def _migration_commands(tree: Tree, stacks: list[Stack]) -> Iterator[Command]:
    """Migrate and roll back with Alembic or Django."""
    service = _own_service(stacks)
    for path in tree.named("alembic.ini"):
        folder = path.rpartition("/")[0]
        prefix = f"cd {shlex.quote(folder)} && " if folder else ""
        origin = Place(path=path)
        yield Command(purpose="migrate", words=f"{prefix}alembic upgrade head", origin=origin)
        yield Command(
            purpose="rollback",
            words=f"{prefix}alembic downgrade -1",
            origin=origin,
            note="back up first: a downgrade may drop data",
        )
        if service:
            yield Command(
                purpose="migrate",
                words=f"docker compose exec {service} alembic upgrade head",
                origin=origin,
                note="if the image has alembic.ini in its working folder",
            )
    for path in tree.named("manage.py"):
        yield Command(
            purpose="migrate", words=f"python {shlex.quote(path)} migrate", origin=Place(path=path)
        )


def _own_service(stacks: list[Stack]) -> str:
    """Return the one service of the default stack that is built here and waits for others."""
    built = [
        s.name for t in stacks if t.role == "runs" for s in t.services if s.build and s.depends_on
    ]
    return built[0] if len(built) == 1 else ""


def _backups(stack: Stack) -> Iterator[Command]:
    """Copy what lies in databases and named volumes."""
    compose = _compose_commands(stack)
    covered: set[str] = set()
    for service in stack.services:
        kind = _database(service)
        if kind:
            words, target, folder = _BACKUPS[kind]
            covered |= {m.source for m in service.mounts if _is_below_group(m.target, folder)}
            yield Command(
                purpose="back-up",
                words=f"{compose} exec -T {shlex.quote(service.name)} {words} > {target}",
                origin=service.place,
            )
    declared = {one.name: one for one in stack.resources if one.kind == "volume"}
    for volume in stack.volumes:
        if volume not in covered and volume in declared:
            yield _volume_backup(stack, declared[volume])


def _is_below_group(path: str, folder: str) -> bool:
    """Tell whether a mount's target holds a database's files."""
    return path == folder or path.startswith(f"{folder}/") or folder.startswith(f"{path}/")


def _volume_backup(stack: Stack, volume: Resource) -> Command:
    """Copy a named volume, by the name that Docker knows; of one that is not there, nothing.

    `docker run -v` makes a volume that is not there, so its being there is asked first.
    """
    own = volume.real or f"{_project(stack)}_{volume.name}"
    name = re.sub(r"\$\{(\w+)\}", r"${\1:?}", own)
    notes = ["stop what writes to it first"]
    if names := sorted(set(re.findall(r"\$\{(\w+)\}", volume.real))):
        notes.append(f"set {', '.join(names)} as compose does: the volume's name has it")
    elif not volume.real:
        notes.append("the volume is named after the project")
    return Command(
        purpose="back-up",
        words=f'docker volume inspect "{name}" > /dev/null &&'
        f' docker run --rm -v "{name}:/from:ro" -v "$PWD:/to"'
        f" alpine tar czf {shlex.quote(f'/to/{volume.name}.tgz')} -C /from .",
        origin=volume.place,
        note="; ".join(notes),
    )


def _project(stack: Stack) -> str:
    """Return a stack's project name; where the checkout decides it, shell words that tell it."""
    folder = "$(basename \"$PWD\" | tr A-Z a-z | tr -cd a-z0-9_- | sed 's/^[_-]*//')"
    return stack.project or f"${{COMPOSE_PROJECT_NAME:-{folder}}}"


def _database(service: Service) -> str:
    """Return the kind of database that a service's image is, or empty."""
    name = service.image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    names = {"postgis": "postgres", "timescaledb": "postgres", "mongodb": "mongo"}
    known = names.get(name, name)
    return known if known in _BACKUPS else ""


def _tasks(tree: Tree) -> Iterator[Command]:
    """Targets of a Makefile and recipes of a justfile, at the root."""
    for name, program, pattern in (
        ("Makefile", "make", _TARGET),
        ("makefile", "make", _TARGET),
        ("justfile", "just", _RECIPE),
        ("Justfile", "just", _RECIPE),
    ):
        lines: dict[str, int] = {}
        for number, line in enumerate((tree.text(name) or "").splitlines(), start=1):
            found = pattern.match(line)
            if found and found[1] not in {"set", "alias", "export"}:
                lines.setdefault(found[1], number)
        for target, number in list(lines.items())[:MAX_TASKS]:
            if literals.label(target) == target:
                yield Command(
                    purpose=purpose_of(target),
                    words=f"{program} {target}",
                    origin=Place(path=name, line=number),
                )


def read_programs(tree: Tree) -> Iterator[Command]:
    """Yield console scripts and runnable modules, each with its subcommands."""
    scripts = list(_scripts(tree))
    groups = _task_groups(tree, {target.rpartition(".")[0] for _, target, _ in scripts})
    shown: set[str] = set()
    for name, target, path in scripts:
        found = list(_subcommands(groups, target, name))
        shown |= {str(one.origin) for one in found}
        entry = Command(purpose="task", words=name, origin=Place(path=path), note="console script")
        yield from found or [entry]
    for module in groups.modules():
        program = f"python -m {module.removesuffix('.__main__')}"
        found = list(_subcommands(groups, module, program))
        yield from (one for one in found if str(one.origin) not in shown)


def purpose_of(name: str) -> str:
    """Return what a task is for, where its name says so."""
    words = set(re.split(r"[-_.\s]+", name.casefold()))
    for kind, signs in (
        ("rollback", {"rollback", "downgrade"}),
        ("migrate", {"migrate", "migration", "migrations", "upgrade"}),
        ("back-up", {"backup", "dump"}),
    ):
        if words & signs:
            return kind
    return "task"


def _subcommands(groups: CommandGroups, target: str, program: str) -> Iterator[Command]:
    """Yield the commands below what a script or a module starts."""
    started = groups.started(target)
    if started is None:
        return
    members = list(groups.typed(started)) if started.group else [("", started)]
    for words, one in members[:MAX_COMMANDS]:
        shown = " ".join(map(literals.label, words.split()))
        yield Command(
            purpose=purpose_of(words),
            words=f"{program} {shown}".strip(),
            origin=one.place,
            note=one.note,
        )


def _task_groups(tree: Tree, targets: set[str]) -> CommandGroups:
    """Read the modules that speak of Typer or Click, and those that lead there."""
    projects = [path.rpartition("/")[0] for path in tree.named("pyproject.toml", "setup.py")]
    named = {path: _module(path, projects) for path in tree.files if path.endswith(".py")}
    asked = [
        Asked(path, module, path)
        for path, module in named.items()
        if path.endswith(_LEADING)
        or module in targets
        or _LIBRARIES.search(decode_source(tree.data(path) or b"") or "")
    ]
    sources = [one for one in parse_files(tree, asked) if isinstance(one, Source)]
    modules = Modules(tree)
    for source in sources:
        modules.add(source)
    return CommandGroups(sources, DefinitionIndex(modules))


def _module(path: str, projects: list[str]) -> str:
    """Return the name a module is imported by: from its project's folder, or `src` in it."""
    inside = [one for one in projects if one and path.startswith(f"{one}/")]
    name = path.removeprefix(f"{max(inside, key=len)}/") if inside else path
    name = name.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return name.replace("/", ".")


def _scripts(tree: Tree) -> Iterator[tuple[str, str, str]]:
    """Yield name, full name of the function, and file of each console script."""
    homes = {path.rpartition("/")[0] for path in tree.named(*PROJECT_FILES)}
    for folder in sorted(homes):
        for group, name, target, path in read_scripts(tree, folder):
            if group in SCRIPTS:
                yield name, target.partition("[")[0].strip().replace(":", "."), path
