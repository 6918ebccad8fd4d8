"""Reads everything the DEPLOY document says from the project's files; nothing is run."""

import posixpath
import re
import shutil
import subprocess
from collections.abc import Mapping, Sized
from functools import cache, partial
from pathlib import Path

from footnotary import git
from footnotary.compose.interpolation import read_assignments
from footnotary.counting import counted, first_few
from footnotary.facts.basis import Place, Read
from footnotary.facts.deploy import (
    DeployFacts,
    Dockerfile,
    DotenvEntry,
    DotenvFile,
    VariableReading,
)
from footnotary.facts.options import ReadOptions
from footnotary.facts.stack import Stack
from footnotary.project import Project
from footnotary.readers import (
    commands,
    dockerfile,
    environment,
    hardening,
    literals,
    matrix,
    stacks,
    workflows,
)
from footnotary.readers.environment_calls import FoundEnvironment
from footnotary.source import Tree
from footnotary.source.parsing import ParseElsewhere
from footnotary.source.settings import ImportedSettings

_SAMPLE = re.compile(r"example|sample|template|dist|default|tmpl", re.IGNORECASE)
TIMEOUT = 20.0  # seconds, for each question to Docker


def read_deploy(
    project: Project,
    options: ReadOptions,
    settings: ImportedSettings | None = None,
    elsewhere: ParseElsewhere | None = None,
) -> DeployFacts:
    """Read the deployment facts of a project.

    Args:
        project: The user's project.
        options: `compose_files` names the one stack to read instead of those found;
            `profiles` leaves out services that none of these profiles start.
        settings: What pydantic-settings itself said of the settings classes; None where it was
            not asked.
        elsewhere: Parses what our own grammar cannot.

    Returns:
        The facts. What is missing or broken is said in them, never refused.

    Raises:
        ProjectError: A compose file that the user named is not there.
    """
    tree = Tree(project.root)
    read_stacks, inline = _stacks(tree, options)
    contexts = _contexts(read_stacks)
    dockerfiles = (
        *(
            dockerfile.read_dockerfile(tree, path, contexts.get(path))
            for path in _dockerfiles(tree, contexts)
        ),
        *inline,
    )
    code = environment.read_environment(tree, settings, elsewhere)
    dotenv_files = _dotenv_files(tree, code)
    rows = matrix.gather_rows(read_stacks, dockerfiles, dotenv_files, code.readings, code.sets)
    return DeployFacts(
        summary=_count_deploy(read_stacks, dockerfiles, rows),
        read_from=_read_from(read_stacks, dockerfiles, dotenv_files, code.readings),
        read=Read(
            left_out=tree.left_out,
            failed=tuple(code.unparsed),
            caveats=(
                *_caveats(tree, read_stacks, dockerfiles),
                *(
                    f"{one.path} could not be read: {one.error}."
                    for one in dotenv_files
                    if one.error
                ),
                *_unparsed(code.unparsed),
                *(settings.caveats if settings else ()),
            ),
        ),
        stacks=read_stacks,
        dockerfiles=dockerfiles,
        dotenv_files=dotenv_files,
        matrix=matrix.judge_matrix(
            rows,
            read_stacks,
            partial(environment.find_names, tree),
            reads_all=not code.dynamic and not code.unparsed,
            unread=environment.list_unread(tree, read_stacks, dockerfiles, dotenv_files, code),
        ),
        dynamic_readings=tuple(code.dynamic),
        hardening=hardening.judge_hardening(read_stacks, dockerfiles, dotenv_files, rows),
        commands=commands.derive_commands(tree, read_stacks),
        workflows=workflows.read_workflows(tree),
    )


def _dockerfiles(tree: Tree, contexts: Mapping[str, str]) -> list[str]:
    """Return the paths of Dockerfiles: those so called, and those that a stack builds."""
    named = {path for path in contexts if not path.startswith("../") and tree.has(path)}
    return sorted({*dockerfile.find_dockerfiles(tree), *named})


def _dotenv_files(tree: Tree, code: FoundEnvironment) -> tuple[DotenvFile, ...]:
    """Read the .env files: those so called, and those that the code loads."""
    tracked = git.tracked(tree.root)
    paths = {*tree.named(".env", ".env.*", "*.env", "env.example", "*.env.*", ".envrc")}
    loaded = (environment.find_loaded(tree, name, place) for name, place in code.files if name)
    return tuple(
        _dotenv(tree, path, committed=None if tracked is None else path in tracked)
        for path in sorted(paths.union(filter(None, loaded)))
    )


def _dotenv(tree: Tree, path: str, *, committed: bool | None) -> DotenvFile:
    """Read one .env file; values only where their form is allow-listed."""
    text = tree.text(path)
    return DotenvFile(
        path=path,
        example=bool(_SAMPLE.search(path.rpartition("/")[2])),
        committed=committed,
        error="" if text is not None else "it is not text in UTF-8, or too large",
        entries=tuple(
            DotenvEntry(
                name=literals.identifier(name),
                has_value=bool(one.value),
                shown=literals.display_value(one.value, name=name),
                place=Place(path=path, line=one.line),
            )
            for name, one in read_assignments(text or "").items()
        ),
    )


def _unparsed(paths: list[str]) -> tuple[str, ...]:
    """Say which files were not searched for readings of variables."""
    said = f"{first_few(paths)} could not be parsed; which variables are read there is unknown."
    return (said,) if paths else ()


def _stacks(tree: Tree, options: ReadOptions) -> tuple[tuple[Stack, ...], tuple[Dockerfile, ...]]:
    """Read the stacks the user named, or those found, those that run first."""
    every = stacks.find_stacks(tree)
    named = options.compose_files
    groups = stacks.check_named(tree, named) if named else every
    bare = stacks.choose_bare(tree, every)
    found, inline = [], {}
    for files in groups:
        stack, written = stacks.read_stack(tree, files, default=files in bare)
        found.append(_with_profiles(stack, options.profiles))
        inline.update({one.path: one for one in written})
    return stacks.rank_stacks(found), tuple(inline.values())


def _contexts(stacks: tuple[Stack, ...]) -> dict[str, str]:
    """Return the build context of each Dockerfile that a stack builds, relative to the root."""
    found = {}
    for stack in stacks:
        for service in stack.services:
            if service.dockerfile and "$" not in service.build and "(" not in service.build:
                joined = posixpath.normpath(posixpath.join(stack.folder, service.build))
                found[service.dockerfile] = "" if joined == "." else joined
    return found


def _with_profiles(stack: Stack, profiles: tuple[str, ...]) -> Stack:
    """Leave out services that only other profiles start; all stay where none is named."""
    if not profiles:
        return stack
    kept = tuple(s for s in stack.services if not s.profiles or set(s.profiles) & set(profiles))
    return stack.model_copy(update={"services": kept})


def _count_deploy(
    stacks: tuple[Stack, ...], dockerfiles: tuple[Dockerfile, ...], rows: Sized
) -> dict[str, int]:
    """Count, over the stack that runs."""
    running = [stack for stack in stacks if stack.role == "runs"]
    services = [service for stack in running for service in stack.services]
    folders = {stack.folder for stack in running}
    others = {
        (stack.folder, service.name)
        for stack in stacks
        for service in stack.services
        if stack.folder not in folders
    }
    files = [one for one in dockerfiles if not one.inline]
    docker = [one for one in files if "containerfile" not in one.path.casefold()]
    return {
        "services": len(services),
        "services_of_others": len(others),
        "networks": sum(len(stack.networks) for stack in running),
        "volumes": sum(len(stack.volumes) for stack in running),
        "ports": sum(len(service.ports) for service in services),
        "variables": len(rows),
        "dockerfiles": len(docker),
        "stages": sum(len(one.stages) for one in docker),
        "containerfiles": len(files) - len(docker),
        "inline_dockerfiles": len(dockerfiles) - len(files),
        "stacks": len(stacks),
    }


def _read_from(
    stacks: tuple[Stack, ...],
    dockerfiles: tuple[Dockerfile, ...],
    dotenv: tuple[DotenvFile, ...],
    readings: list[VariableReading],
) -> tuple[str, ...]:
    """Return the files that the facts came from, sorted."""
    paths = {path for stack in stacks for path in (*stack.files, *stack.followed)}
    paths |= {one.path for one in dockerfiles if not one.inline} | {one.path for one in dotenv}
    paths |= {reading.place.path for reading in readings}
    return tuple(sorted(paths))


def _caveats(
    tree: Tree, stacks: tuple[Stack, ...], dockerfiles: tuple[Dockerfile, ...]
) -> tuple[str, ...]:
    """Say what could not be read."""
    found = [f"{stack.name} could not be read: {stack.error}." for stack in stacks if stack.error]
    running = [stack for stack in stacks if stack.role == "runs"]
    found += [
        f"{stack.name} names a file that is not there: {missing}."
        for stack in running
        for missing in stack.missing
    ]
    found += [
        f"docker compose refuses {stack.name}: {reason}."
        for stack in running
        for reason in stack.refused
    ]
    others = [one for one in stacks if one.role != "runs" and (one.missing or one.refused)]
    if others:
        found.append(
            f"{counted(len(others), 'other stack')} cannot run alone: docker compose refuses what"
            " is said there, or files are missing; fragments for other files are among them."
        )
    found += [f"{one.path} could not be read: {one.error}." for one in dockerfiles if one.error]
    absent = (environment.find_absent(tree, stack, one.build, one.dockerfile)
              for stack in running for one in stack.services)  # fmt: skip
    found += [f"{one[0].upper()}{one[1:]}." for one in absent if one]
    found += [
        f"{one.path} has a FROM that the build stops at: it names {undefined}."
        for one in dockerfiles
        for undefined in one.undefined
    ]
    found += filter(None, (_docker_differs(tree.root, one) for one in stacks))
    if not stacks:
        found.append("No file is named like a compose file.")
    if tree.truncated:
        found.append("The project has more files than are looked at; some may be left out.")
    return tuple(dict.fromkeys(found))


def _docker_differs(root: Path, stack: Stack) -> str:
    """Say where `docker compose config` names other services than were read.

    Never a need: without Docker, or where it refuses the stack, there is nothing to say. Its
    messages may quote values and are not repeated.
    """
    docker = shutil.which("docker")
    if stack.error or stack.missing or stack.refused or not docker or not _has_compose(docker):
        return ""
    files = [word for name in stack.files for word in ("-f", name)]
    words = ["compose", *files, "--profile", "*", "config", "--no-interpolate", "--services"]
    answer = _run(docker, words, root)
    if answer is None:
        return ""
    theirs, ours = set(answer.split()), {service.name for service in stack.services}
    if theirs == ours:
        return ""
    return (
        f"docker compose config sees {len(theirs)} services in {stack.name},"
        f" this document {len(ours)}: trust Docker, and report the difference."
    )


@cache
def _has_compose(docker: str) -> bool:
    """Tell whether Docker's command has the compose plugin; asked once, not for each stack."""
    return _run(docker, ["compose", "version"], Path.cwd()) is not None


def _run(docker: str, words: list[str], folder: Path) -> str | None:
    """Return what a command of Docker prints; None where it fails."""
    try:
        done = subprocess.run(  # noqa: S603  fixed words and the project's own file names
            [docker, *words],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return None if done.returncode else done.stdout
