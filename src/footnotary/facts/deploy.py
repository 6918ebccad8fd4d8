"""Facts of the DEPLOY document: stacks, Dockerfiles, environment, commands, workflows.

No value that a file gives to a variable is kept, unless `readers.literals` lists its form
as one that cannot be a secret: facts are written to disk and printed.
"""

from typing import ClassVar, Literal

from pydantic import Field

from footnotary.facts.basis import Fact, Facts, Place


class Port(Fact):
    """One published port.

    Attributes:
        address: Host address it is bound to; empty for all interfaces.
        published: Host port, range or `${NAME}`; empty for one that Docker picks.
        target: Container port or range.
        protocol: `tcp` or `udp`.
    """

    address: str = ""
    published: str = ""
    target: str
    protocol: str = "tcp"


class Mount(Fact):
    """One mount of a service.

    Attributes:
        kind: `volume`, `bind`, `tmpfs`, `npipe`, `cluster` or `image`.
        source: Name of the volume or path on the host, relative where it was.
        target: Path in the container.
        read_only: Whether it is mounted read-only.
    """

    kind: str
    source: str = ""
    target: str = ""
    read_only: bool = False


class Dependency(Fact):
    """One entry of `depends_on`."""

    service: str
    condition: str = "service_started"


class Setting(Fact):
    """One environment variable that a stack gives to a service.

    Attributes:
        name: The variable.
        how: `literal`, `interpolated` (from variables of the host or .env), `passed` (the
            host's own value), or `env_file`.
        shown: The value, where its form is allow-listed; else empty.
        has_value: Whether the file itself gives it a value that is not empty.
        password_url: Whether that value is a URL with a literal password in it.
        uses: Names of the variables interpolated into it.
        place: Where it is set.
    """

    name: str
    how: Literal["literal", "interpolated", "passed", "env_file"]
    shown: str = ""
    has_value: bool = False
    password_url: bool = False
    uses: tuple[str, ...] = ()
    place: Place


class Service(Fact):
    """One service of a merged stack.

    Attributes:
        name: Its name.
        place: Where it is defined first.
        places: Where each of its keys stands, as `path:line`, by key.
        image: The image, or empty.
        build: Build context, or empty.
        dockerfile: Dockerfile of the build, relative to the project's root, or empty.
        build_target: Stage that is built; empty for the last.
        profiles: Profiles that start it; empty for always.
        ports: Published ports.
        mounts: Volumes and binds.
        networks: Networks it joins.
        depends_on: What it waits for.
        environment: Variables it is given, by name.
        env_files: Files that give it variables, `(missing)` added where one is not there.
        secrets: Names of the secrets it is granted.
        configs: Names of the configs it is granted.
        healthcheck: The program that checks it; `none` if switched off; empty without one.
        restart: Restart policy, or empty.
        user: User it runs as, or empty.
        limits: Limits of memory, CPUs and processes, such as `memory 512M`.
        privileges: Keys that widen what it may do, such as `privileged` or `cap_add`.
        hardening: Keys that narrow it, such as `read_only` or `cap_drop`.
        command: Program and flags of its command, without their values.
        watch: Number of `develop.watch` rules.
        replicas: Replicas asked for, or 1.
    """

    name: str
    place: Place
    places: dict[str, str] = Field(default_factory=dict)
    image: str = ""
    build: str = ""
    dockerfile: str = ""
    build_target: str = ""
    profiles: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    mounts: tuple[Mount, ...] = ()
    networks: tuple[str, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    environment: tuple[Setting, ...] = ()
    env_files: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    healthcheck: str = ""
    restart: str = ""
    user: str = ""
    limits: tuple[str, ...] = ()
    privileges: tuple[str, ...] = ()
    hardening: tuple[str, ...] = ()
    command: str = ""
    watch: int = 0
    replicas: int = 1


class Interpolation(Fact):
    """One variable that compose files interpolate.

    Attributes:
        name: The variable.
        required: Whether a form without default that stops (`${X:?…}`, `${X?…}`) is used.
        has_default: Whether every use has a default (`${X:-…}`, `${X-…}`).
        shown_default: That default, where its form is allow-listed.
        in_dotenv: Whether the .env beside the stack sets it.
        places: Where it is used.
    """

    name: str
    required: bool = False
    has_default: bool = False
    shown_default: str = ""
    in_dotenv: bool = False
    places: tuple[Place, ...] = ()


class Stack(Fact):
    """Compose files merged as one `docker compose` run merges them.

    Attributes:
        name: How the document calls it: the files, joined by ` + `.
        files: The files, in order, relative to the project's root.
        default: Whether a bare `docker compose up` in its folder runs it.
        services: Its services, all profiles, by name.
        networks: Networks that its services join, `default` included.
        volumes: Named volumes that its services mount.
        secrets: Top-level secrets that its services are granted.
        configs: Top-level configs that its services are granted.
        profiles: Profiles that its services name.
        interpolations: Variables that its files interpolate.
        missing: Files it includes, extends or reads that are not there.
        error: Why it cannot be read, with its line; empty if it can.
    """

    name: str
    files: tuple[str, ...]
    default: bool = False
    services: tuple[Service, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    interpolations: tuple[Interpolation, ...] = ()
    missing: tuple[str, ...] = ()
    error: str = ""

    @property
    def folder(self) -> str:
        """The folder of its first file, relative to the project's root; empty for the root."""
        return self.files[0].rpartition("/")[0]


class Stage(Fact):
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
        place: Where its `FROM` stands.
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
        place: Where it stands.
    """

    name: str
    kind: Literal["ARG", "ENV"]
    has_value: bool = False
    shown: str = ""
    place: Place


class Dockerfile(Fact):
    """One Dockerfile.

    Attributes:
        path: Relative to the project's root.
        stages: Its stages, in order.
        variables: Its `ARG` and `ENV` names.
        ignore_file: The `.dockerignore` that a build from its folder or the root uses.
        error: Why it cannot be read, with its line; empty if it can.
    """

    path: str
    stages: tuple[Stage, ...] = ()
    variables: tuple[DockerVariable, ...] = ()
    ignore_file: str = ""
    error: str = ""


class Reading(Fact):
    """One place in the code that reads an environment variable.

    Attributes:
        name: The variable.
        how: `pydantic-settings`, `os.environ`, `starlette Config` …
        place: Where.
        type: The declared type, literals removed; empty where none is declared.
        required: Whether the code stops without it.
        shown_default: Its default, where its form is allow-listed.
        has_default: Whether it has a default that is not empty or None.
        validated: Whether a validator or constraint checks it.
        secret_type: Whether its type is one that hides its value.
    """

    name: str
    how: str
    place: Place
    type: str = ""
    required: bool = False
    shown_default: str = ""
    has_default: bool = False
    validated: bool = False
    secret_type: bool = False


class DotenvEntry(Fact):
    """One line of a .env file.

    Attributes:
        name: The variable.
        has_value: Whether a value that is not empty is given.
        shown: That value, where its form is allow-listed.
        place: Where it stands.
    """

    name: str
    has_value: bool = False
    shown: str = ""
    place: Place


class DotenvFile(Fact):
    """One .env file of the project.

    Attributes:
        path: Relative to the project's root.
        example: Whether its name says that it is a sample (`.env.example`, `sample.env` …).
        committed: Whether git tracks it; None where git cannot be asked.
        entries: Its variables.
    """

    path: str
    example: bool = False
    committed: bool | None = None
    entries: tuple[DotenvEntry, ...] = ()


class Variable(Fact):
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
    readings: tuple[Reading, ...] = ()
    required: bool = False
    secret: str = ""
    stacks: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    interpolated: tuple[str, ...] = ()
    dotenv: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    dockerfiles: tuple[Place, ...] = ()
    verdicts: tuple[str, ...] = ()


class Hardening(Fact):
    """One thing that makes the deployment easier to break or to break into.

    Attributes:
        code: The rule, such as `root-user`.
        severity: `error`, `warning` or `note`.
        subject: The service, Dockerfile or variable it is about.
        place: Where it stands.
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


class Command(Fact):
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


class Workflow(Fact):
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

    kind: str = "deploy"
    stacks: tuple[Stack, ...] = ()
    dockerfiles: tuple[Dockerfile, ...] = ()
    dotenv_files: tuple[DotenvFile, ...] = ()
    matrix: tuple[Variable, ...] = ()
    dynamic_readings: tuple[Place, ...] = ()
    hardening: tuple[Hardening, ...] = ()
    commands: tuple[Command, ...] = ()
    workflows: tuple[Workflow, ...] = ()
