"""The environment matrix: who reads a variable, who sets it, and where the two miss."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from footnotary.facts.basis import Place
from footnotary.facts.deploy import (
    Dockerfile,
    DockerVariable,
    DotenvEntry,
    DotenvFile,
    Variable,
    VariableReading,
)
from footnotary.facts.stack import Interpolation, Service, Setting, Stack
from footnotary.readers.literals import NOT_SHOWN
from footnotary.secrecy.credentials import speaks_of_a_secret

MAX_REASONS = 2


@dataclass
class Row:
    """What is known of one variable before it is judged.

    Attributes:
        name: The variable.
        readings: Where the code reads it.
        settings: What stacks give: stack, service and setting.
        interpolations: Stacks that interpolate it, and how.
        dotenv: Entries of .env files that are no samples.
        examples: Entries of sample .env files.
        dockerfiles: `ARG` and `ENV` that name it.
        sets: Where the code sets it.
    """

    name: str
    readings: list[VariableReading] = field(default_factory=list)
    settings: list[tuple[Stack, str, Setting]] = field(default_factory=list)
    interpolations: list[tuple[Stack, Interpolation]] = field(default_factory=list)
    dotenv: list[DotenvEntry] = field(default_factory=list)
    examples: list[DotenvEntry] = field(default_factory=list)
    dockerfiles: list[DockerVariable] = field(default_factory=list)
    sets: list[Place] = field(default_factory=list)

    @property
    def required(self) -> bool:
        """Whether code or a compose file stops without it."""
        by_code = any(reading.required for reading in self.readings)
        return by_code or any(one.required for _, one in self.interpolations)

    @property
    def secret(self) -> str:
        """Why it counts as a secret; empty if it does not."""
        if any(reading.secret_type for reading in self.readings):
            return "type"
        if any(setting.password_url for _, _, setting in self.settings):
            return "URL with a password"
        return "name" if speaks_of_a_secret(self.name) else ""

    @property
    def is_set(self) -> bool:
        """Whether anything in the project gives it a value."""
        given = any(entry.has_value for entry in self.dotenv)
        docker = any(one.kind == "ENV" and one.has_value for one in self.dockerfiles)
        return bool(self.settings or self.sets) or given or docker

    @property
    def places(self) -> set[Place]:
        """Where it is read, set or interpolated, as far as that is understood."""
        found = [one.place for one in self.readings] + [one.place for one in self.dockerfiles]
        found += [one.place for one in self.dotenv] + [one.place for one in self.examples]
        found += [one.place for _, _, one in self.settings]
        return {*found, *(place for _, one in self.interpolations for place in one.places)}


# Where files that are not understood name variables, by the names that are asked for.
FindNames = Callable[[Iterable[Row]], Mapping[str, Place]]


def gather_rows(
    stacks: Iterable[Stack],
    dockerfiles: Iterable[Dockerfile],
    dotenv_files: Iterable[DotenvFile],
    readings: Iterable[VariableReading],
    sets: Mapping[str, list[Place]],
) -> list[Row]:
    """Gather every variable of a project, by name; what the code alone sets is none."""
    found: dict[str, Row] = {}

    def row(name: str) -> Row:
        return found.setdefault(name, Row(name))

    for stack in stacks:
        for service in stack.services:
            for setting in service.environment:
                row(setting.name).settings.append((stack, service.name, setting))
        for interpolation in stack.interpolations:
            row(interpolation.name).interpolations.append((stack, interpolation))
    for entry, is_sample in ((e, file.example) for file in dotenv_files for e in file.entries):
        (row(entry.name).examples if is_sample else row(entry.name).dotenv).append(entry)
    for variable in (one for file in dockerfiles for one in file.variables):
        row(variable.name).dockerfiles.append(variable)
    for reading in sorted(readings, key=lambda one: (one.begins, one.any_case)):
        for name in [name for name in found if reading.reads(name)] or [
            (f"{reading.name}…" if reading.begins else reading.name)
        ]:
            row(name).readings.append(reading)
    found.pop(NOT_SHOWN, None)
    return [replace(found[name], sets=list(sets.get(name, ()))) for name in sorted(found)]


@dataclass(frozen=True)
class MatrixProject:
    """What variables are judged by.

    Attributes:
        rows: All variables.
        stacks: All stacks, for what a variable is missing from.
        reads_all: Whether every variable that the code reads is known by its name.
        unread: Why it is not known of each variable whether something sets it.
        folders: Folders that hold code whose readings are known.
        named: Where files that are not understood name a variable.
    """

    rows: list[Row]
    stacks: tuple[Stack, ...]
    reads_all: bool = True
    unread: tuple[str, ...] = ()
    folders: frozenset[str] = frozenset()
    named: Mapping[str, Place] = field(default_factory=dict)

    def rows_of(self, reading: VariableReading) -> list[Row]:
        """Return the variables that set what a reading wants, under any of its names."""
        names = [reading.model_copy(update={"name": one, "begins": False})
                 for one in reading.others]  # fmt: skip
        return [row for row in self.rows if any(one.reads(row.name) for one in (reading, *names))]

    def is_met(self, reading: VariableReading) -> bool:
        """Tell whether something in the project sets what a reading wants."""
        if any(row.is_set for row in self.rows_of(reading)):
            return True
        granted = {one for stack in self.stacks for s in stack.services for one in s.secrets}
        return reading.files and any(map(reading.reads, granted))


def judge_matrix(
    every: list[Row],
    stacks: tuple[Stack, ...],
    find_names: FindNames,
    *,
    reads_all: bool = True,
    unread: tuple[str, ...] = (),
) -> tuple[Variable, ...]:
    """Turn gathered rows into the matrix.

    Args:
        every: From `gather_rows`.
        stacks: All stacks, for what a variable is missing from.
        find_names: Finds variables in files that are not understood; asked of those alone of
            which something would be said to be missing.
        reads_all: Whether every variable that the code reads is known by its name.
        unread: Why it is not known of each variable whether something sets it.

    Returns:
        One variable a row, by name, with verdicts.
    """
    folders = frozenset(_folders(reading for row in every for reading in row.readings))
    project = MatrixProject(every, stacks, reads_all, unread, folders)
    missing = [row for row in every if _never_set(row, project) or _never_read(row, project)]
    project = replace(project, named=find_names(missing))
    samples = sorted({entry.place.path for row in every for entry in row.examples})
    return tuple(
        Variable(
            name=row.name,
            readings=tuple(row.readings),
            required=row.required,
            secret=row.secret,
            stacks=_given(row),
            interpolated=tuple(dict.fromkeys(stack.name for stack, _ in row.interpolations)),
            dotenv=tuple(dict.fromkeys(entry.place.path for entry in row.dotenv)),
            examples=tuple(dict.fromkeys(entry.place.path for entry in row.examples)),
            dockerfiles=tuple(one.place for one in row.dockerfiles),
            verdicts=(
                *_verdicts(row, project),
                *_not_sampled(row, samples, project),
            ),
        )
        for row in every
    )


def _folders(readings: Iterable[VariableReading]) -> set[str]:
    """Return every folder that holds a reading, however deep; the root is empty."""
    found = set()
    for reading in readings:
        folder = reading.place.path
        while folder:
            folder = folder.rpartition("/")[0]
            found.add(folder)
    return found


def _not_sampled(row: Row, samples: list[str], project: MatrixProject) -> list[str]:
    """Name the samples that lack a variable without which nothing starts."""
    if not samples or not row.required or row.examples:
        return []
    wanted = [one for one in row.readings if one.required]
    if wanted and all(any(r.examples for r in project.rows_of(one)) for one in wanted):
        return []
    return [f"required, but not in {', '.join(samples)}"]


def _given(row: Row) -> dict[str, tuple[str, ...]]:
    """Return the services that each stack gives the variable to."""
    found: dict[str, list[str]] = {}
    for stack, service, _ in row.settings:
        found.setdefault(stack.name, []).append(service)
    return {name: tuple(services) for name, services in found.items()}


def _verdicts(row: Row, project: MatrixProject) -> list[str]:
    """Say in words what is wrong with a variable."""
    found = [
        _only_through(row, project.stacks),
        _never_set(row, project),
        _unset_interpolation(row),
        _never_read(row, project),
        _committed_default(row),
        _rewritten(row),
    ]
    return [verdict for verdict in found if verdict]


def _only_through(row: Row, stacks: tuple[Stack, ...]) -> str:
    """A variable known elsewhere that a container gets from one extra compose file alone.

    Such a value works where that file is merged, and is silently missing elsewhere: what
    is in .env is interpolated by compose, but given to no container by itself.
    """
    if not (row.readings or row.dotenv or row.examples):
        return ""
    sources = {setting.place.path for _, _, setting in row.settings}
    if len(sources) != 1:
        return ""
    source = next(iter(sources))
    services = {service for _, service, _ in row.settings}
    without = [
        stack
        for stack in stacks
        if source not in stack.files
        and services & {service.name for service in stack.services}
        and stack.folder == source.rpartition("/")[0]
        and not (stack.missing or stack.error or _unread_env(stack, services))
    ]
    if not without or not any(source in stack.files for stack in stacks):
        return ""
    if _in_image(row, services, stacks):
        return ""
    origin = "read by the code" if row.readings else f"set in {_paths(row)}"
    override = " (the development override)" if ".override." in source else ""
    names = ", ".join(stack.name for stack in without)
    return f"{origin}, reaches a container only through {source}{override}, not in {names}"


def _rewritten(row: Row) -> str:
    """A number or a truth value without quotes that compose reads and writes anew."""
    places = dict.fromkeys(str(one.place) for _, _, one in row.settings if one.rewritten)
    return (
        f"without quotes in {', '.join(places)}: compose passes it on in another form "
        "(1.10 as 1.1, 010 as 8, True as true)"
        if places
        else ""
    )


def _unread_env(stack: Stack, services: set[str]) -> bool:
    """Tell whether one of some services is given a file that was not read."""
    return any(
        one.endswith(")") for s in stack.services if s.name in services for one in s.env_files
    )


def _in_image(row: Row, services: set[str], stacks: tuple[Stack, ...]) -> bool:
    """Tell whether the Dockerfile of one of some services gives the variable a value."""
    files = {
        service.dockerfile.partition(" (")[0]  # of one in a compose file, that file
        for stack in stacks
        for service in stack.services
        if service.name in services
    }
    return any(
        one.kind == "ENV" and one.has_value and one.place.path in files for one in row.dockerfiles
    )


def _paths(row: Row) -> str:
    """Return the .env files that name a variable."""
    return ", ".join(dict.fromkeys(e.place.path for e in (*row.dotenv, *row.examples)))


def _never_set(row: Row, project: MatrixProject) -> str:
    """A variable that the code requires and nothing sets, or no stack passes on."""
    wanted = [one for one in row.readings if one.required]
    builds = any(service.build for stack in project.stacks for service in stack.services)
    missing = named = unknown = ""
    if not all(map(project.is_met, wanted)):
        missing = "set nowhere in the project's files"
        named = "no compose file, Dockerfile or .env file sets it"
        unknown = "set"
    elif builds and not all(_reaches_container(one, project) for one in wanted):
        missing = named = "no compose file or Dockerfile gives it to a container"
        unknown = "given to a container"
    if not missing:
        return ""
    if project.unread:
        more = len(project.unread) - MAX_REASONS
        why = " and ".join(project.unread[:MAX_REASONS]) + (f" and {more} more" if more > 0 else "")
        return f"required by the code; whether it is {unknown} is unknown: {why}"
    if row.name in project.named:
        return f"required by the code; {named}, but {project.named[row.name]} names it"
    return f"required by the code, {missing}"


def _reaches_container(reading: VariableReading, project: MatrixProject) -> bool:
    """Tell whether a stack or an image gives what a reading wants, or it is read from a file."""
    return reading.files or any(
        row.settings
        or row.sets
        or any(one.kind == "ENV" and one.has_value for one in row.dockerfiles)
        for row in project.rows_of(reading)
    )


def _unset_interpolation(row: Row) -> str:
    """A variable that compose interpolates without a value or default."""
    if any(entry.has_value for entry in row.dotenv):
        return ""
    stopping = [stack.name for stack, one in row.interpolations if _stops(stack, one)]
    if stopping:
        names = " and ".join(stopping)
        return f"no .env that was read sets it, and compose refuses {names} without it"
    if any(not one.has_default and not one.in_dotenv for _, one in row.interpolations):
        return "empty in compose unless the host or another .env sets it"
    return ""


def _stops(stack: Stack, one: Interpolation) -> bool:
    """Tell whether a stack does not start without a variable."""
    return one.required and not one.in_dotenv and not stack.error


def _runs_code(service: Service, folders: frozenset[str]) -> bool:
    """Tell whether a service is built beside code whose readings are known."""
    if not service.dockerfile:
        return False
    folder = service.dockerfile.rpartition("/")[0]
    return folder in folders


def _never_read(row: Row, project: MatrixProject) -> str:
    """A variable that is set for our own code, which never reads it."""
    if not project.folders or row.readings or row.interpolations or row.name in project.named:
        return ""
    if not project.reads_all:
        return ""
    if row.settings:
        own = any(
            _runs_code(service, project.folders)
            for stack, name, _ in row.settings
            for service in stack.services
            if service.name == name
        )
        said = "set for a service of code that is read here, but no code reads it in this project"
        return said if own else ""
    if row.dotenv:
        return f"set in {_paths(row)}, read and interpolated nowhere in the project's files"
    if row.examples and not row.dockerfiles:
        return f"in {_paths(row)}, read and interpolated nowhere in the project's files"
    return ""


def _committed_default(row: Row) -> str:
    """A secret that has a value in a file of the project."""
    paths = dict.fromkeys(place.path for place in committed_secrets(row))
    return f"secret with a value in {', '.join(paths)}" if paths else ""


def committed_secrets(row: Row) -> list[Place]:
    """Return where a secret has a literal value: code, compose, Dockerfile.

    .env files are judged by `hardening`, which knows whether git tracks them.
    """
    if not row.secret:
        return []
    places = [one.place for one in row.readings if one.written_default]
    places += [s.place for _, _, s in row.settings if s.how == "literal" and s.has_value]
    places += [one.place for one in row.dockerfiles if one.has_value]
    return list(dict.fromkeys(places))
