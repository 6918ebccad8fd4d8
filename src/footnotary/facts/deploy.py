"""Facts of the DEPLOY document: stacks, Dockerfiles, environment, commands, workflows.

No value that a file gives to a variable is kept, unless `readers.literals` lists its form
as one that cannot be a secret: facts are written to disk and printed.
"""

from typing import ClassVar, Literal

from pydantic import Field

from footnotary.facts.basis import Fact, Facts, KnownFact, Place
from footnotary.facts.stack import Service, Stack


class DockerStage(Fact):
    """One stage of a Dockerfile.

    Attributes:
        index: 0 for the first.
        name: Its `AS` name, or empty.
        base: What `FROM` names.
        kind: `image`, `stage` (an earlier stage), `argument` (given at build time) or
            `scratch`.
        pinned: `digest`, `tag`, `latest` (or no tag), or empty where `kind` is not `image`.
        user: Last `USER`, or empty.
        exposed: Ports of `EXPOSE`.
        healthcheck: Whether it has a `HEALTHCHECK`.
        entrypoint: Program and flags of `ENTRYPOINT`, without values.
        command: Program and flags of `CMD`, without values.
        cache_mounts: Targets of `RUN --mount=type=cache`.
        secret_mounts: Ids of `RUN --mount=type=secret`.
        place: Where its `FROM` is.
    """

    index: int
    name: str = ""
    base: str
    kind: Literal["image", "stage", "argument", "scratch"] = "image"
    pinned: str = ""
    user: str = ""
    exposed: tuple[str, ...] = ()
    healthcheck: bool = False
    entrypoint: str = ""
    command: str = ""
    cache_mounts: tuple[str, ...] = ()
    secret_mounts: tuple[str, ...] = ()
    place: Place


class DockerVariable(Fact):
    """One `ARG` or `ENV` of a Dockerfile.

    Attributes:
        name: The variable.
        kind: `ARG` or `ENV`.
        has_value: Whether the file gives it one that is not empty.
        shown: That value, where its form is allow-listed.
        place: Where it is.
    """

    name: str
    kind: Literal["ARG", "ENV"]
    has_value: bool = False
    shown: str = ""
    place: Place


class Dockerfile(KnownFact):
    """One Dockerfile.

    Attributes:
        path: Relative to the project's root; of one in a compose file, that file and the service.
        inline: Whether it is in a compose file (`dockerfile_inline`).
        stages: Its stages, in order.
        variables: Its `ARG` and `ENV` names.
        undefined: Variables in a `FROM` that nothing declares there, each with its place.
        ignore_file: The `.dockerignore` that a build from its folder or the root uses.
        error: Why it cannot be read, with its line; empty if it can.
    """

    path: str
    inline: bool = False
    stages: tuple[DockerStage, ...] = ()
    variables: tuple[DockerVariable, ...] = ()
    undefined: tuple[str, ...] = ()
    ignore_file: str = ""
    error: str = ""


def image_is_checked(service: Service, dockerfiles: tuple[Dockerfile, ...]) -> bool:
    """Tell whether the image that a service builds brings a `HEALTHCHECK`.

    Returns:
        Whether the stage that is built has one, or a stage below it.
    """
    found = next((one for one in dockerfiles if one.path == service.dockerfile), None)
    if found is None or not found.stages or not service.build:
        return False
    above = {stage.name or str(stage.index): stage for stage in found.stages}
    stage = above.get(service.build_target) if service.build_target else found.stages[-1]
    for _ in found.stages:
        if stage is None or stage.healthcheck:
            break
        stage = above.get(stage.base) if stage.kind == "stage" else None
    return stage is not None and stage.healthcheck


class VariableReading(KnownFact):
    """One place in the code that reads an environment variable.

    Attributes:
        name: The variable; in capitals where letter case does not count.
        how: `pydantic-settings`, `os.environ`, `starlette Config` …
        place: Where.
        type: The declared type, literals removed; empty where none is declared.
        required: Whether the code stops without it.
        shown_default: Its default, where its form is allow-listed.
        has_default: Whether it has a default that is not empty or None.
        written_default: Whether the code itself holds the value of that default.
        validated: Whether a validator or constraint checks it.
        secret_type: Whether its type is one that hides its value.
        others: Other variables that set the same field.
        any_case: Whether letter case does not count.
        begins: Whether every variable is read whose name begins with `name`.
        files: Whether files of settings or secrets that the code names are read, too.
    """

    name: str
    how: str
    place: Place
    type: str = ""
    required: bool = False
    shown_default: str = ""
    has_default: bool = False
    written_default: bool = False
    validated: bool = False
    secret_type: bool = False
    others: tuple[str, ...] = ()
    any_case: bool = False
    begins: bool = False
    files: bool = False

    def reads(self, variable: str) -> bool:
        """Tell whether a variable, as a file writes it, is this one."""
        name = self.name
        if self.any_case:
            name, variable = name.casefold(), variable.casefold()
        return variable.startswith(name) if self.begins else variable == name


class DotenvEntry(Fact):
    """One line of a .env file.

    Attributes:
        name: The variable.
        has_value: Whether a value that is not empty is given.
        shown: That value, where its form is allow-listed.
        place: Where it is.
    """

    name: str
    has_value: bool = False
    shown: str = ""
    place: Place


class DotenvFile(KnownFact):
    """One .env file of the project.

    Attributes:
        path: Relative to the project's root.
        example: Whether its name says that it is a sample (`.env.example`, `sample.env` …).
        committed: Whether git tracks it; None where git cannot be asked.
        entries: Its variables.
        error: Why it cannot be read; empty if it can.
    """

    path: str
    example: bool = False
    committed: bool | None = None
    entries: tuple[DotenvEntry, ...] = ()
    error: str = ""


class Variable(KnownFact):
    """One row of the environment matrix.

    Attributes:
        name: The variable.
        readings: Where the code reads it.
        required: Whether code or a compose file stops without it.
        secret: Why it counts as a secret (`name`, `type`, `DSN`), or empty.
        stacks: For each stack that gives it to a container, the services, by stack name.
        interpolated: Stacks whose files interpolate it.
        dotenv: `.env` files that give it a value.
        examples: Sample .env files that name it.
        dockerfiles: `ARG` or `ENV` places that name it.
        verdicts: What is wrong or worth knowing about it, in words.
    """

    name: str
    readings: tuple[VariableReading, ...] = ()
    required: bool = False
    secret: str = ""
    stacks: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    interpolated: tuple[str, ...] = ()
    dotenv: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    dockerfiles: tuple[Place, ...] = ()
    verdicts: tuple[str, ...] = ()


class Hardening(KnownFact):
    """One thing that makes the deployment easier to break or to break into.

    Attributes:
        code: The rule, such as `root-user`.
        severity: `error`, `warning` or `note`.
        subject: The service, Dockerfile or variable it is about.
        place: Where it is.
        message: One sentence.
        reference: Title of what the rule rests on.
        url: Address of that.
    """

    code: str
    severity: Literal["error", "warning", "note"]
    subject: str
    place: Place
    message: str
    reference: str
    url: str


class Command(KnownFact):
    """One command that was derived from the project's files.

    Attributes:
        purpose: `start`, `stop`, `build`, `migrate`, `rollback`, `back-up`, `task` …
        words: The command, to paste.
        origin: What it was derived from.
        note: What to know before running it; may be empty.
    """

    purpose: str
    words: str
    origin: Place
    note: str = ""


class Job(Fact):
    """One job of a workflow.

    Attributes:
        name: Its key.
        runs_on: Runner or image, or empty.
        needs: Jobs it waits for.
        steps: Number of steps or script lines.
        uses: Actions it uses, with the form of their pin: `owner/name@ref`.
    """

    name: str
    runs_on: str = ""
    needs: tuple[str, ...] = ()
    steps: int = 0
    uses: tuple[str, ...] = ()


class Workflow(KnownFact):
    """One CI workflow.

    Attributes:
        path: Relative to the project's root.
        system: `GitHub Actions` or `GitLab CI`.
        name: Its name, or empty.
        triggers: What starts it.
        jobs: Its jobs.
        secrets: Names of the secrets it needs.
        variables: Names of the configuration variables it needs.
        error: Why it cannot be read, with its line; empty if it can.
    """

    path: str
    system: str
    name: str = ""
    triggers: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    secrets: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    error: str = ""


class DeployFacts(Facts):
    """Everything the DEPLOY document says.

    Attributes:
        stacks: Compose stacks; the default one first.
        dockerfiles: Dockerfiles, by path.
        dotenv_files: .env files, by path.
        matrix: The environment matrix, by name.
        dynamic_readings: Places where the code reads a variable whose name is computed.
        hardening: What could be harder.
        commands: How to run it.
        workflows: CI.
    """

    KIND: ClassVar[str] = "deploy"
    # Where something is, and sentences that are made of other facts: their wording is the tool's.
    VOLATILE: ClassVar[frozenset[str]] = frozenset({"places", "committed", "verdicts", "message"})
    PLACED: ClassVar[frozenset[str]] = frozenset({"missing", "refused", "error"})

    kind: str = "deploy"
    stacks: tuple[Stack, ...] = ()
    dockerfiles: tuple[Dockerfile, ...] = ()
    dotenv_files: tuple[DotenvFile, ...] = ()
    matrix: tuple[Variable, ...] = ()
    dynamic_readings: tuple[Place, ...] = ()
    hardening: tuple[Hardening, ...] = ()
    commands: tuple[Command, ...] = ()
    workflows: tuple[Workflow, ...] = ()

    @property
    def unread_files(self) -> tuple[str, ...]:
        """The deployment files that could not be read, or are not there."""
        stacks = (one.name for one in self.stacks if one.error or one.missing)
        broken = [one.path for one in self.dockerfiles if one.error]
        broken += [one.path for one in self.dotenv_files if one.error]
        broken += [one.path for one in self.workflows if one.error]
        files = (name for stack in self.stacks for s in stack.services for name in s.env_files)
        return (*stacks, *broken, *(one for one in files if one.endswith(")")), *self.read.left_out)

    def leaves_out(self, kind: str) -> bool:
        """Whether a thing may be there untold: a variable, where names are computed."""
        return kind == "variable" and bool(self.dynamic_readings)

    def known_apart(self, other: Facts) -> str:
        """Return what two facts know in different ways, and tell differently; nothing otherwise."""
        if not isinstance(other, DeployFacts):
            return ""
        same = {one.name for one in self.matrix} == {one.name for one in other.matrix}
        ways = [_settings_known_as(one) for one in (self, other)]
        computed = set(self.dynamic_readings) != set(other.dynamic_readings)
        are_apart = ways[0] != ways[1] and (all(ways) or computed) and not same
        return "settings classes" if are_apart else ""


def _settings_known_as(facts: DeployFacts) -> frozenset[str]:
    """Return the ways in which settings classes are known."""
    readings = (one for variable in facts.matrix for one in variable.readings)
    return frozenset(one.scope for one in readings if one.how == "pydantic-settings")
