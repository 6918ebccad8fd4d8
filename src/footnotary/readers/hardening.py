"""What makes a deployment easier to break or to break into, each with what it rests on.

The rules look at facts alone; `documents.deploy` shows them as a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from footnotary.facts.basis import Place
from footnotary.facts.deploy import Dockerfile, DotenvFile, Hardening, image_is_checked
from footnotary.facts.stack import Port, Service, Stack
from footnotary.readers import literals
from footnotary.readers.dockerfile import judge_pin
from footnotary.readers.matrix import Row, committed_secrets
from footnotary.secrecy.credentials import speaks_of_a_secret

Severity = Literal["error", "warning", "note"]

_CHEAT_SHEET = "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"
_DOCKER = "https://docs.docker.com"
_BEST = f"{_DOCKER}/build/building/best-practices/"
_SERVICES = f"{_DOCKER}/reference/compose-file/services/"
_SOCKET_KEY = "use_api_socket"  # compose gives the socket and its credentials
_GIVEN = ("privileged", "cap_add", "devices", "security_opt")
_DATABASES = (
    *("postgres", "mysql", "mariadb", "mongo", "redis", "valkey", "memcached", "rabbitmq"),
    *("elasticsearch", "opensearch", "clickhouse", "minio", "couchdb", "neo4j", "qdrant"),
)


@dataclass(frozen=True)
class HardeningRule:
    """One rule.

    Attributes:
        code: Its name.
        severity: How much a breach weighs.
        reference: Title of what it rests on.
        url: Address of that.
    """

    code: str
    severity: Severity
    reference: str
    url: str

    def breach(self, subject: str, place: Place, message: str) -> Hardening:
        """Return one breach of the rule."""
        return Hardening(
            code=self.code,
            severity=self.severity,
            subject=subject,
            place=place,
            message=message,
            reference=self.reference,
            url=self.url,
        )


def _sheet(code: str, severity: Severity, number: int, anchor: str) -> HardeningRule:
    """Make a rule that rests on one of OWASP's."""
    title = f"OWASP Docker Security, rule {number}"
    return HardeningRule(code, severity, title, f"{_CHEAT_SHEET}#rule-{number}-{anchor}")


SOCKET = _sheet("docker-socket", "error", 1,
                "do-not-expose-the-docker-daemon-socket-even-to-the-containers")  # fmt: skip
ROOT = _sheet("root-user", "warning", 2, "set-a-user")
PRIVILEGES = _sheet("privileges", "error", 3, "limit-capabilities-grant-only-specific-capabilities"
                    "-needed-by-a-container")  # fmt: skip
NAMESPACE = _sheet("host-namespace", "warning", 5, "be-mindful-of-inter-container-connectivity")
LIMITS = _sheet("no-limits", "note", 7,
                "limit-resources-memory-cpu-file-descriptors-processes-restarts")  # fmt: skip
SECRET = HardeningRule("inline-secret", "error", "Docker: secrets in Compose",
                       f"{_DOCKER}/compose/how-tos/use-secrets/")  # fmt: skip
BUILD_SECRET = HardeningRule(
    "build-secret", "error", "Docker build check SecretsUsedInArgOrEnv",
    f"{_DOCKER}/reference/build-checks/secrets-used-in-arg-or-env/")  # fmt: skip
DOTENV = HardeningRule("committed-env", "warning", "The Twelve-Factor App, III. Config",
                       "https://12factor.net/config")  # fmt: skip
LATEST = HardeningRule("unpinned-image", "warning", "Docker: pin base image versions",
                       f"{_BEST}#pin-base-image-versions")  # fmt: skip
IGNORE = HardeningRule("no-dockerignore", "note", "Docker: exclude with .dockerignore",
                       f"{_BEST}#exclude-with-dockerignore")  # fmt: skip
_HEALTH = HardeningRule("no-healthcheck", "note", "Compose file: healthcheck",
                       f"{_SERVICES}#healthcheck")  # fmt: skip
UNCHECKED = HardeningRule("waits-for-unchecked", "warning", "Compose file: depends_on",
                          f"{_SERVICES}#depends_on")  # fmt: skip
RESTART = HardeningRule("no-restart", "note", "Compose file: restart", f"{_SERVICES}#restart")
DRIVE = HardeningRule("volume-of-one-letter", "warning", "Compose file: volumes",
                      f"{_SERVICES}#volumes")  # fmt: skip
_PORTS = HardeningRule("open-port", "note", "Docker: publishing ports",
                      f"{_DOCKER}/engine/network/port-publishing/")  # fmt: skip
OPEN_DATABASE = replace(_PORTS, code="open-database", severity="warning")


def judge_hardening(
    stacks: tuple[Stack, ...],
    dockerfiles: tuple[Dockerfile, ...],
    dotenv_files: tuple[DotenvFile, ...],
    rows: list[Row],
) -> tuple[Hardening, ...]:
    """Apply every rule.

    Returns:
        The breaches, errors first, then by place.
    """
    found = [breach for stack in stacks for breach in _check_stack(stack, dockerfiles)]
    found += [breach for one in dockerfiles for breach in _dockerfile(one)]
    found += [breach for row in rows for breach in _check_secrets(row)]
    found += [breach for file in dotenv_files for breach in _check_dotenv(file)]
    unique = {(b.code, b.subject, b.place, b.message): b for b in found}.values()
    order = ("error", "warning", "note")
    return tuple(
        sorted(unique, key=lambda b: (order.index(b.severity), b.place.path, b.place.line, b.code))
    )


def _check_stack(stack: Stack, dockerfiles: tuple[Dockerfile, ...]) -> Iterator[Hardening]:
    """Apply the rules on services; a job that ends when it is done is not to be kept alive."""
    by_name = {service.name: service for service in stack.services}
    checked = {one.name for one in stack.services if _is_checked(one, dockerfiles)}
    awaited_ends = {
        one.service
        for service in stack.services
        for one in service.depends_on
        if one.condition == "service_completed_successfully"
    }
    # What a service extends in a file that is not there may give it what is missing here.
    is_whole = not any("(extends, " in one for one in stack.missing)
    for service in stack.services:
        if not (service.image or service.build):
            continue  # a provider runs no container; nothing at all is run for one without a body
        for rule in _SERVICE_RULES:
            yield from rule(service)
        if not is_whole:
            continue
        yield from _check_limits(service)
        if service.name not in awaited_ends:
            yield from _check_restart(service)
            if service.name not in checked:
                yield _HEALTH.breach(service.name, service.place, "has no healthcheck here")
        for one in service.depends_on:
            awaited = by_name.get(one.service)
            runs = awaited and (awaited.image or awaited.build)
            if one.condition == "service_healthy" and runs and one.service not in checked:
                yield UNCHECKED.breach(
                    service.name,
                    service.place,
                    f"waits for {one.service} to be healthy, which has no healthcheck here",
                )


def _at(service: Service, key: str) -> Place:
    """Return where a key of a service is; the service itself where that is not known."""
    path, _, line = service.places.get(key, "").rpartition(":")
    return Place(path=path, line=int(line)) if path and line.isdigit() else service.place


def _socket(service: Service) -> Iterator[Hardening]:
    """The Docker socket in a container is root on the host, read-only or not."""
    found = [mount for mount in service.mounts if mount.source.endswith("docker.sock")]
    if found:
        place = found[0].place or service.place
        yield SOCKET.breach(service.name, place, "mounts the Docker socket: control over the host")
    if _SOCKET_KEY in service.privileges:
        place = _at(service, _SOCKET_KEY)
        yield SOCKET.breach(
            service.name, place, "is given the Docker socket: control over the host"
        )


def _root(service: Service) -> Iterator[Hardening]:
    """A service that is told to run as root."""
    if service.user.partition(":")[0] in {"root", "0"}:
        yield ROOT.breach(service.name, _at(service, "user"), "is told to run as root")


def _privileges(service: Service) -> Iterator[Hardening]:
    """Keys that widen what a service may do."""
    for key in service.privileges:
        if key in _GIVEN:
            rule = PRIVILEGES if key == "privileged" else NAMESPACE
            yield rule.breach(service.name, _at(service, key), f"is given {key}")
        elif key != _SOCKET_KEY:
            yield NAMESPACE.breach(service.name, _at(service, key), f"shares the host's {key}")
    for extra in service.extras:
        if extra.endswith("(privileged)"):
            key = extra.partition(":")[0]
            yield PRIVILEGES.breach(service.name, _at(service, key), f"{key} runs privileged")


def _check_limits(service: Service) -> Iterator[Hardening]:
    """A service that may take all memory of the host."""
    if not any(limit.startswith("memory") for limit in service.limits):
        yield LIMITS.breach(service.name, service.place, "has no memory limit")


def _check_image(service: Service) -> Iterator[Hardening]:
    """An image that changes under its name."""
    known = service.image and service.image != literals.NOT_SHOWN and not service.build
    if known and judge_pin(service.image) == "latest" and not service.image.startswith("${"):
        place = _at(service, "image")
        yield LATEST.breach(service.name, place, f"runs {service.image} without a version")


def _is_checked(service: Service, dockerfiles: tuple[Dockerfile, ...]) -> bool:
    """Tell whether a service's failure is seen: by compose, or by the image it builds."""
    if service.healthcheck:
        return service.healthcheck != "none"
    return image_is_checked(service, dockerfiles)


def _check_restart(service: Service) -> Iterator[Hardening]:
    """A service that stays down."""
    if service.restart in {"", "no"} and not service.profiles:
        yield RESTART.breach(service.name, service.place, "does not restart after a failure")


def _check_ports(service: Service) -> Iterator[Hardening]:
    """Ports that are open on every interface, past the host's firewall."""
    opened = [port for port in service.ports if _check_everywhere(port)]
    if not opened:
        return
    name = service.image.rpartition("/")[2].partition(":")[0]
    shown = ", ".join(port.published or port.target for port in opened[:4])
    rule = OPEN_DATABASE if name.startswith(_DATABASES) else _PORTS
    place = opened[0].place or service.place
    yield rule.breach(service.name, place, f"is open on all interfaces: {shown}")


def _check_everywhere(port: Port) -> bool:
    """Tell whether a port is bound to all interfaces."""
    return port.address in {"", "0.0.0.0", "::"}  # noqa: S104  what is looked for


def _check_volumes(service: Service) -> Iterator[Hardening]:
    """A volume of one letter: before a colon it is a drive of Windows."""
    for mount in service.mounts:
        name, colon, path = mount.target.partition(":")
        if mount.kind == "volume" and not mount.source and colon and path and len(name) == 1:
            message = f"mounts {mount.target}, a path on Windows, not the volume {name}"
            yield DRIVE.breach(service.name, mount.place or service.place, message)


_SERVICE_RULES = (_socket, _root, _privileges, _check_image, _check_ports, _check_volumes)


def _dockerfile(one: Dockerfile) -> Iterator[Hardening]:
    """Apply the rules on Dockerfiles."""
    if not one.stages:
        return
    last = one.stages[-1]
    if not _check_user(one) or _check_user(one).partition(":")[0] in {"root", "0"}:
        yield ROOT.breach(one.path, last.place, "its last stage runs as root, or as the base does")
    for stage in one.stages:
        if stage.kind == "image" and stage.pinned == "latest":
            yield LATEST.breach(one.path, stage.place, f"builds on {stage.base} without a version")
    if not one.ignore_file and not one.inline:
        yield IGNORE.breach(one.path, Place(path=one.path), "is built without a .dockerignore")


def _check_user(one: Dockerfile) -> str:
    """Return the user of the last stage, through the stages it is built on."""
    names = {stage.name.casefold(): stage for stage in one.stages if stage.name}
    stage = one.stages[-1]
    for _ in one.stages:
        if stage.user or stage.kind != "stage":
            break
        stage = names.get(stage.base.casefold(), stage)
    return stage.user


def _check_secrets(row: Row) -> Iterator[Hardening]:
    """Secrets with a value in a committed file."""
    docker = {one.place for one in row.dockerfiles}
    for place in committed_secrets(row):
        if place in docker:
            yield BUILD_SECRET.breach(row.name, place, "a secret's value stays in the image")
        else:
            yield SECRET.breach(row.name, place, "a secret has its value in the file")


def _check_dotenv(file: DotenvFile) -> Iterator[Hardening]:
    """Secrets with a value in a .env file that git tracks."""
    if not file.committed or file.example:
        return
    for entry in file.entries:
        if entry.has_value and speaks_of_a_secret(entry.name):
            yield DOTENV.breach(entry.name, entry.place, "a secret's value is committed in .env")
