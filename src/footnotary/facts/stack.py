"""Facts of compose stacks: compose files merged as one `docker compose` run merges them."""

from typing import Literal

from pydantic import Field

from footnotary.facts.basis import Fact, KnownFact, Place


class Port(Fact):
    """One published port.

    Attributes:
        address: Host address it is bound to; empty for all interfaces.
        published: Host port, range or `${NAME}`; empty for one that Docker picks.
        target: Container port or range.
        protocol: `tcp` or `udp`.
        place: Where it is published.
    """

    address: str = ""
    published: str = ""
    target: str
    protocol: str = "tcp"
    place: Place | None = None


class Mount(Fact):
    """One mount of a service.

    Attributes:
        kind: `volume`, `bind`, `tmpfs`, `npipe`, `cluster` or `image`.
        source: Name of the volume or path on the host, relative where it was.
        target: Path in the container.
        read_only: Whether it is mounted read-only.
        place: Where it is mounted.
    """

    kind: str
    source: str = ""
    target: str = ""
    read_only: bool = False
    place: Place | None = None


class ServiceDependency(Fact):
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
        rewritten: Whether it has no quotes and compose passes it on in another form.
        uses: Names of the variables interpolated into it.
        place: Where it is set.
    """

    name: str
    how: Literal["literal", "interpolated", "passed", "env_file"]
    shown: str = ""
    has_value: bool = False
    rewritten: bool = False
    password_url: bool = False
    uses: tuple[str, ...] = ()
    place: Place


class Service(Fact):
    """One service of a merged stack.

    Attributes:
        name: Its name.
        place: Where it is defined first.
        places: Where each of its keys is, as `path:line`, by key.
        image: The image, or empty.
        build: Build context, or empty.
        dockerfile: Dockerfile of the build, relative to the project's root, or empty.
        build_target: Stage that is built; empty for the last.
        provider: Kind of the provider that runs it outside of containers, or empty.
        models: Models it is given, by the names the stack declares.
        profiles: Profiles that start it; empty for always.
        ports: Published ports.
        mounts: Volumes and binds.
        networks: Networks it joins.
        depends_on: What it waits for.
        environment: Variables it is given, by name.
        env_files: Files that give it variables, `(missing)` added where one is not there, and
            `(local)` where git ignores it, `(unreadable)` where it is no text.
        secrets: Names of the secrets it is granted.
        build_secrets: Names of the secrets its build is granted.
        configs: Names of the configs it is granted.
        healthcheck: The program that checks it; `none` if switched off; empty without one.
        restart: Restart policy, or empty.
        user: User it runs as, or empty.
        limits: Limits of memory, CPUs and processes, such as `memory 512M`.
        privileges: Keys that widen what it may do, such as `privileged` or `cap_add`.
        hardening: Keys that narrow it, such as `read_only` or `cap_drop`.
        command: Program and flags of its command, without their values.
        extras: What else it is given, such as `gpus` or `post_start: ./migrate.sh`.
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
    provider: str = ""
    models: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    mounts: tuple[Mount, ...] = ()
    networks: tuple[str, ...] = ()
    depends_on: tuple[ServiceDependency, ...] = ()
    environment: tuple[Setting, ...] = ()
    env_files: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    build_secrets: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    healthcheck: str = ""
    restart: str = ""
    user: str = ""
    limits: tuple[str, ...] = ()
    privileges: tuple[str, ...] = ()
    hardening: tuple[str, ...] = ()
    command: str = ""
    extras: tuple[str, ...] = ()
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


class Resource(Fact):
    """One volume, network, secret or config that a stack declares.

    Attributes:
        kind: `volume`, `network`, `secret` or `config`.
        name: Its key.
        real: The name that Docker knows it by; empty where the folder of the checkout decides,
            and for a secret or config that only this stack has.
        external: Whether it must be there before the stack starts.
        origin: Where its content comes from, such as `file ./key` or `driver local`; or empty.
        place: Where it is declared.
    """

    kind: str
    name: str
    real: str = ""
    external: bool = False
    origin: str = ""
    place: Place


class Stack(KnownFact):
    """Compose files merged as one `docker compose` run merges them.

    Attributes:
        name: How the document calls it: the files, joined by ` + `.
        files: The files, in order, relative to the project's root.
        followed: Files that they include or extend.
        default: Whether a bare `docker compose up` in its folder runs it.
        role: `runs` for the default stack nearest to the root (there may be several), `aside`
            for one in a folder of samples, tests or other people's files, else `other`.
        project: Its project name; empty where the folder of the checkout decides.
        services: Its services, all profiles, by name.
        networks: Networks that its services join, `default` included.
        volumes: Named volumes that its services mount.
        secrets: Top-level secrets that its services are granted.
        configs: Top-level configs that its services are granted.
        resources: What it declares: volumes, networks, secrets, configs.
        profiles: Profiles that its services name.
        interpolations: Variables that its files interpolate.
        missing: Files it includes, extends or reads that are not there.
        refused: Why docker compose refuses it although it could be read: services without a
            body, references to what it does not declare.
        error: Why it cannot be read, with its line; empty if it can.
    """

    name: str
    files: tuple[str, ...]
    followed: tuple[str, ...] = ()
    default: bool = False
    role: Literal["runs", "other", "aside"] = "other"
    project: str = ""
    services: tuple[Service, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    profiles: tuple[str, ...] = ()
    interpolations: tuple[Interpolation, ...] = ()
    missing: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    error: str = ""

    @property
    def folder(self) -> str:
        """The folder of its first file, relative to the project's root; empty for the root."""
        return self.files[0].rpartition("/")[0]
