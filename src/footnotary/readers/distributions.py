"""Which distribution gives which module: asked of the project's environment, else by name."""

import configparser
import csv
import email.parser
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from footnotary.source import read_text_file

_SUFFIXES = (".py", ".pyi", ".so", ".pyd")
# Entry points that do not make a distribution one that works without being imported.
_COMMANDS = {"array_api", "console_scripts", "gui_scripts", "pyinstaller40", "pytest11"}


@dataclass(frozen=True)
class Distribution:
    """One installed distribution.

    Attributes:
        name: Normalised name.
        version: Installed version.
        folder: Its folder of metadata: `*.dist-info` or `*.egg-info`.
    """

    name: str
    version: str
    folder: Path

    @cached_property
    def modules(self) -> frozenset[str]:
        """Modules that its files hold, or that its metadata names (PEP 794); dotted."""
        record = read_text_file(self.folder / "RECORD")
        if record is None:
            listed = read_text_file(self.folder / "top_level.txt") or ""
            return frozenset(filter(str.isidentifier, listed.split()))
        paths = (row[0] for row in csv.reader(record.splitlines()) if row)
        names = (line.partition(";")[0].strip() for line in self._fields("Import-Name"))
        return frozenset({*filter(None, map(_module, paths)), *filter(None, names)})

    @cached_property
    def is_editable(self) -> bool:
        """Whether its modules are elsewhere: a `.pth` file leads to them."""
        return ".pth," in (read_text_file(self.folder / "RECORD") or "")

    @cached_property
    def tops(self) -> frozenset[str]:
        """Top-level names of its modules."""
        return frozenset(name.partition(".")[0] for name in self.modules)

    @cached_property
    def plugs_into(self) -> tuple[str, ...]:
        """Groups of entry points by which others find it, commands left out."""
        parser = configparser.RawConfigParser(strict=False, delimiters="=")
        try:
            parser.read_string(read_text_file(self.folder / "entry_points.txt") or "")
        except configparser.Error:
            return ()
        return tuple(sorted(set(parser.sections()) - _COMMANDS))

    def brought(self, extras: Iterable[str]) -> Iterator[Requirement]:
        """Yield the requirements that its extras add."""
        for line in self._fields("Requires-Dist"):
            try:
                one = Requirement(line)
            except InvalidRequirement:
                continue
            marker = one.marker
            if marker is None or marker.evaluate({"extra": ""}):
                continue
            if any(marker.evaluate({"extra": extra}) for extra in extras):
                yield one

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses that its metadata names, by label without signs and spaces (PEP 753)."""
        found = {}
        named = [f"homepage,{one}" for one in self._fields("Home-page")]
        for line in (*named, *self._fields("Project-URL")):
            label, _, url = line.partition(",")
            if url.strip().startswith(("http://", "https://")):
                found[re.sub(r"[\W_]", "", label).lower()] = url.strip()
        return found

    @property
    def description(self) -> str:
        """Its description, as its metadata has it behind the fields."""
        return self._metadata.partition("\n\n")[2]

    def _fields(self, name: str) -> list[str]:
        """Return the values of a field of the metadata."""
        fields = self._metadata.partition("\n\n")[0]
        return email.parser.HeaderParser().parsestr(fields).get_all(name) or []

    @property
    def _metadata(self) -> str:
        """The text of its metadata."""
        named = (read_text_file(self.folder / name) for name in ("METADATA", "PKG-INFO"))
        return next(filter(None, named), "").replace("\r\n", "\n")


def _module(path: str) -> str:
    """Return the module that a file of a RECORD is; empty where it is none."""
    parts = path.split("/")
    if parts[0].startswith("__editable__"):
        return ""
    stem, _, _ = parts[-1].partition(".")
    if not parts[-1].endswith(_SUFFIXES) or not all(p.isidentifier() for p in (*parts[:-1], stem)):
        return ""
    return ".".join(parts[:-1] if stem == "__init__" else [*parts[:-1], stem])


class Environment:
    """The distributions that a project's interpreter finds."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.distributions: dict[str, Distribution] = {}
        for folder in folders:
            for info in sorted((*folder.glob("*.dist-info"), *folder.glob("*.egg-info"))):
                name, _, version = info.name.rpartition(".")[0].partition("-")
                plain = canonicalize_name(name)
                version = version.partition("-py3")[0]
                self.distributions.setdefault(plain, Distribution(plain, version, info))

    @cached_property
    def _owners(self) -> Mapping[str, frozenset[str]]:
        """Distributions by module."""
        found: dict[str, set[str]] = {}
        for one in self.distributions.values():
            for module in one.modules:
                found.setdefault(module, set()).add(one.name)
        return {module: frozenset(names) for module, names in found.items()}

    def owners(self, name: str) -> frozenset[str]:
        """Return the distributions that give a module, or a name in it; the nearest module decides.

        Args:
            name: Full dotted name, what is imported from the module included.
        """
        for prefix in prefixes(name):
            if prefix in self._owners:
                return self._owners[prefix]
        return frozenset()

    def sharing(self, name: str) -> frozenset[str]:
        """Return the distributions with modules below a namespace that is imported as a whole."""
        return self._namespaces.get(name, frozenset())

    @cached_property
    def _namespaces(self) -> Mapping[str, frozenset[str]]:
        """Distributions by the packages above their modules that no file of theirs is."""
        found: dict[str, set[str]] = {}
        for module, names in self._owners.items():
            for prefix in list(prefixes(module))[1:]:
                if prefix not in self._owners:
                    found.setdefault(prefix, set()).update(names)
        return {prefix: frozenset(names) for prefix, names in found.items()}

    def brought_by(self, name: str, extras: Iterable[str]) -> Iterator[str]:
        """Yield the distributions that extras of another one bring."""
        waiting, seen = [(name, frozenset(extras))], set()
        while waiting:
            one = waiting.pop()
            if one in seen or one[0] not in self.distributions or not one[1]:
                continue
            seen.add(one)
            for requirement in self.distributions[one[0]].brought(one[1]):
                plain = canonicalize_name(requirement.name)
                if plain != name:
                    yield plain
                waiting.append((plain, frozenset(requirement.extras)))


def prefixes(name: str) -> Iterator[str]:
    """Yield a dotted name and the names above it, the longest first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def distribution_named_like(name: str, declared: Mapping[str, str]) -> str:
    """Return the declared distribution whose name says that it gives a module.

    Used where no environment tells: `google.cloud.secretmanager_v1` is in
    `google-cloud-secret-manager`.

    Args:
        name: Full dotted name of what is imported.
        declared: Declared distributions by `squashed` name, usual forms of it included.
    """
    for prefix in prefixes(name):
        for candidate in KNOWN_MODULES.get(prefix, ()):
            if (squashed(candidate)) in declared:
                return declared[squashed(candidate)]
        stem, mark, version = prefix.rpartition("_v")
        plain = stem if mark and version[:1].isdigit() else prefix
        if squashed(plain) in declared:
            return declared[squashed(plain)]
    return ""


def squashed(name: str) -> str:
    """Return a name without what separates its parts."""
    return name.casefold().translate({ord(sign): None for sign in "-_."})


def squashed_names(names: Iterable[str]) -> dict[str, str]:
    """Return distributions by `squashed` name; `python-x`, `x-python`, `pyx`, `x-py` are x too."""
    found: dict[str, str] = {}
    given = list(names)
    for name in given:
        found[squashed(name)] = name
    for name in given:
        for before, after in (("python-", ""), ("py", ""), ("", "-python"), ("", "-py"),
                              ("", "-binary"), ("", "-sdk")):  # fmt: skip
            if name.startswith(before) and name.endswith(after) and len(name) > len(before + after):
                plain = name.removeprefix(before).removesuffix(after)
                found.setdefault(squashed(plain), name)
    return found


def known_distribution(name: str) -> str:
    """Return the distribution that is known to give a module; empty where none is."""
    for prefix in prefixes(name):
        if prefix in KNOWN_MODULES:
            return KNOWN_MODULES[prefix][0]
    top = name.partition(".")[0]
    return top.replace("_", "-").lower() if squashed(top) in _LIKE_THEMSELVES else ""


def part_of(name: str) -> str:
    """Return as much of an import's name as tells distributions apart."""
    parts = name.split(".")
    depth = 3 if parts[:2] == ["google", "cloud"] else 2
    return ".".join(parts[: depth if parts[0] in _NAMESPACES else 1])


def is_known(distribution: str) -> bool:
    """Tell whether it is known which modules a distribution gives."""
    return squashed(distribution) in _LIKE_THEMSELVES or distribution in _KNOWN_DISTRIBUTIONS


# Modules of distributions that are called otherwise, the usual distribution first.
KNOWN_MODULES: dict[str, tuple[str, ...]] = {
    module: tuple(names.split("|"))
    for module, names in (
        line.split()
        for line in """
        attr attrs
        attrs attrs
        bs4 beautifulsoup4
        bson pymongo
        cv2 opencv-python|opencv-python-headless|opencv-contrib-python
        corsheaders django-cors-headers
        Crypto pycryptodome|pycrypto
        Cryptodome pycryptodomex
        dateutil python-dateutil
        debug_toolbar django-debug-toolbar
        decouple python-decouple
        discord discord-py
        dns dnspython
        docx python-docx
        dotenv python-dotenv
        environ django-environ
        faiss faiss-cpu|faiss-gpu
        fitz pymupdf
        git gitpython
        github pygithub
        gitlab python-gitlab
        google.ai.generativelanguage google-ai-generativelanguage
        google.api googleapis-common-protos
        google.api_core google-api-core
        google.auth google-auth
        google.cloud.logging google-cloud-logging
        google.cloud._helpers google-cloud-core
        google.cloud._http google-cloud-core
        google.cloud.client google-cloud-core
        google.cloud.environment_vars google-cloud-core
        google.cloud.exceptions google-cloud-core
        google.iam grpc-google-iam-v1
        google.longrunning googleapis-common-protos
        google.oauth2 google-auth
        google.protobuf protobuf
        google.rpc googleapis-common-protos
        google.type googleapis-common-protos
        googleapiclient google-api-python-client
        griffe griffelib|griffe
        grpc grpcio
        grpc_health grpcio-health-checking
        grpc_reflection grpcio-reflection
        grpc_status grpcio-status
        grpc_tools grpcio-tools
        jose python-jose
        jwt pyjwt
        kafka kafka-python|kafka-python-ng
        ldap python-ldap
        magic python-magic|python-magic-bin
        django_filters django-filter
        multipart python-multipart|multipart
        mysql.connector mysql-connector-python
        MySQLdb mysqlclient
        nacl pynacl
        opentelemetry._events opentelemetry-api
        opentelemetry._logs opentelemetry-api
        opentelemetry.attributes opentelemetry-api
        opentelemetry.baggage opentelemetry-api
        opentelemetry.context opentelemetry-api
        opentelemetry.environment_variables opentelemetry-api
        opentelemetry.exporter.otlp opentelemetry-exporter-otlp
        opentelemetry.metrics opentelemetry-api
        opentelemetry.propagate opentelemetry-api
        opentelemetry.propagators.aws opentelemetry-propagator-aws-xray
        opentelemetry.propagators.b3 opentelemetry-propagator-b3
        opentelemetry.propagators.composite opentelemetry-api
        opentelemetry.propagators.jaeger opentelemetry-propagator-jaeger
        opentelemetry.propagators.textmap opentelemetry-api
        opentelemetry.semconv opentelemetry-semantic-conventions
        opentelemetry.trace opentelemetry-api
        opentelemetry.util.http opentelemetry-util-http
        opentelemetry.util.types opentelemetry-api
        OpenSSL pyopenssl
        PIL pillow|pillow-simd
        pkg_resources setuptools
        pptx python-pptx
        proto proto-plus
        psycopg2 psycopg2-binary|psycopg2
        pythonjsonlogger python-json-logger
        rest_framework djangorestframework
        sass libsass
        serial pyserial
        skimage scikit-image
        sklearn scikit-learn
        slack_sdk slack-sdk
        slugify python-slugify
        snowflake.connector snowflake-connector-python
        socketio python-socketio
        socks pysocks
        storages django-storages
        telegram python-telegram-bot
        usb pyusb
        websocket websocket-client
        win32api pywin32
        yaml pyyaml
        zmq pyzmq
        """.splitlines()
        if line.strip()
    )
}
# What extras bring, where no environment can be asked.
KNOWN_EXTRAS: dict[str, tuple[str, ...]] = {
    extra: tuple(names)
    for extra, *names in (
        line.split()
        for line in """
        celery[redis] redis
        fastapi[standard] email-validator fastapi-cli httpx jinja2 python-multipart uvicorn
        passlib[argon2] argon2-cffi
        passlib[bcrypt] bcrypt
        psycopg[binary] psycopg-binary
        psycopg[c] psycopg-c
        psycopg[pool] psycopg-pool
        pydantic[email] email-validator
        pydantic[timezone] tzdata
        pyjwt[crypto] cryptography
        python-jose[cryptography] cryptography
        redis[hiredis] hiredis
        sentry-sdk[fastapi] fastapi
        sqlalchemy[asyncio] greenlet
        starlette[full] httpx itsdangerous jinja2 python-multipart pyyaml
        typer[all] rich shellingham
        uvicorn[standard] httptools python-dotenv pyyaml uvloop watchfiles websockets
        """.splitlines()
        if line.strip()
    )
}
# Top-level names that many distributions share.
_NAMESPACES = {"azure", "backports", "google", "jaraco", "keyrings", "opentelemetry", "ruamel",
               "sphinxcontrib", "zope"}  # fmt: skip
_KNOWN_DISTRIBUTIONS = frozenset(name for names in KNOWN_MODULES.values() for name in names)
# Distributions whose one module is called as they are.
_LIKE_THEMSELVES = frozenset(
    squashed(name)
    for name in """
    aiofiles aiohttp alembic anthropic anyio arq asyncpg babel bcrypt boto3 botocore cachetools
    celery certifi chardet click cryptography dask django dramatiq elasticsearch email-validator
    fastapi fastapi-users flask greenlet gunicorn h11 httpcore httpx humanize itsdangerous jinja2
    jsonschema langchain lxml mako markdown markupsafe marshmallow matplotlib minio mongoengine
    more-itertools motor msgspec mypy networkx numpy openai orjson packaging pandas paramiko
    passlib peewee pendulum pluggy polars prometheus-client psutil psycopg pyarrow pydantic
    pydantic-core pydantic-settings pygments pymongo pymysql pytest python-ulid redis regex
    requests rich scipy sentry-sdk setuptools shapely slowapi sqlalchemy sqlmodel starlette
    stripe structlog tenacity toml torch tortoise-orm tqdm transformers twilio typer
    typing-extensions tzdata ujson urllib3 uvicorn uvloop watchfiles websockets werkzeug yarl
    """.split()  # noqa: SIM905  a list of one word a line would bury the code
)
