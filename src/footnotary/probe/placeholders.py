"""Values for settings that an application insists on when it is imported."""

import contextlib
import json
import re
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from footnotary.errors import ProjectError, UsageError
from footnotary.files import is_file, read_regular
from footnotary.secrecy.credentials import passwords_in, speaks_of_a_secret
from footnotary.secrecy.texts import SHORTEST

_WORD = re.compile(r"[a-z]{1,12}")
_HINT = "--env-file takes a file of NAME=value lines."
EnvironmentFile = dict[str, str]
MAX_BYTES = 1_000_000
"""The most that a file of settings may hold."""
_MOST_LOOKED_THROUGH = 20_000_000  # bytes of a file whose values must not be written down
EXAMPLE_FILES = (".env.example", ".env.sample", ".env.template", "example.env", "env.example")

# What a value must look like, by the name of its type; several where the first may be refused.
_BY_TYPE: dict[str, tuple[str, ...]] = {
    "int": ("1", "8000"),
    "float": ("1.0",),
    "Decimal": ("1",),
    "bool": ("false",),
    "list": ("[]", '["placeholder"]'),
    "set": ("[]",),
    "tuple": ("[]",),
    "dict": ("{}",),
    "Path": ("/placeholder",),
    "UUID": ("00000000-0000-4000-8000-000000000000",),
    "timedelta": ("60",),
    "datetime": ("2000-01-01T00:00:00Z",),
    "date": ("2000-01-01",),
    "PostgresDsn": ("postgresql://placeholder:placeholder@localhost:5432/placeholder",),
    "MySQLDsn": ("mysql://placeholder:placeholder@localhost:3306/placeholder",),
    "RedisDsn": ("redis://localhost:6379/0",),
    "MongoDsn": ("mongodb://localhost:27017/placeholder",),
    "AmqpDsn": ("amqp://localhost:5672/",),
    "EmailStr": ("placeholder@example.org",),
    "NameEmail": ("placeholder@example.org",),
}
_URLS = (
    "postgresql://placeholder:placeholder@localhost:5432/placeholder",
    "postgresql+asyncpg://placeholder:placeholder@localhost:5432/placeholder",
    "sqlite:///placeholder.db",
    "https://placeholder.example.org",
)
_TEXTS = ("placeholder", "placeholder@example.org", *_URLS, "1", "[]", "{}")
_URL_WORDS = ("url", "dsn", "uri", "database", "db_")


def placeholder(about: dict[str, Any], examples: EnvironmentFile, attempt: int) -> str | None:
    """Return a value for a missing setting.

    Args:
        about: What the child knows of it: `name`, `type`, `choices`, `length`, `least`, and of
            a model `inner`: the same of its required fields.
        examples: Values that the project's own example file has.
        attempt: How many values have been refused before.

    Returns:
        The value, or None when there is nothing left to try.
    """
    inner = about.get("inner")
    values = list(_values(about)) if inner is None else [json.dumps(_sample(about))]
    example = next((v for n, v in examples.items() if n.upper() == about["name"].upper()), "")
    if example:
        values.insert(0, example)
    length = int(about.get("length") or 0)
    padded = [value if len(value) >= length else value.ljust(length, "x") for value in values]
    return padded[attempt] if attempt < len(padded) else None


def _sample(about: dict[str, Any]) -> Any:
    """Return a model's required fields with values, as JSON has them."""
    if about.get("inner") is not None:
        return {one["key"]: _sample(one) for one in about["inner"]}
    text = placeholder(about, {}, 0)
    return json.loads(text) if text in ("[]", "{}") else text


def _values(about: dict[str, Any]) -> tuple[str, ...]:
    """Return candidates by choices, type and name."""
    if about.get("choices"):
        return tuple(about["choices"])
    kind = str(about.get("type", "str"))
    if about.get("least") and kind in ("int", "float"):
        return (str(int(about["least"]) + 1),)
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if kind.endswith("Url"):
        return ("https://placeholder.example.org",)
    if any(word in about["name"].lower() for word in _URL_WORDS):
        return (*_URLS, *_TEXTS)
    return _TEXTS


def read_environment_file(path: Path) -> EnvironmentFile:
    """Read a `.env` file: `NAME=value` lines, quotes removed, comments skipped.

    Raises:
        ProjectError: It cannot be read, is not a regular file, or is larger than `MAX_BYTES`.
    """
    try:
        return _settings(read_regular(path, MAX_BYTES, follow=True).decode())
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path.name} cannot be read: {_reason(error)}.", hint=_HINT) from error


def given_settings(path: Path | None) -> EnvironmentFile:
    """Read the settings that the user names on the command line.

    Args:
        path: The file, which may be a pipe of the shell (`merged_options` takes none from a
            document); None if the user names none.

    Raises:
        UsageError: It cannot be read, or is larger than `MAX_BYTES`.
    """
    if path is None:
        return {}
    try:
        data = _read_given(path) if is_file(path) else _read_pipe(path)
        found = _settings(data.decode()) if len(data) <= MAX_BYTES else None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} cannot be read: {_reason(error)}.", hint=_HINT) from error
    if found is None:
        raise UsageError(
            f"{path.name} cannot be read: it is larger than {MAX_BYTES:,} bytes.", hint=_HINT
        )
    return found


def _read_given(path: Path) -> bytes:
    """Return a file's bytes, and one more than it may have where it has too many."""
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


_read_pipe = lru_cache(maxsize=8)(_read_given)  # what a pipe held is gone once it was read


def _reason(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file cannot be read."""
    return (error.strerror or "") if isinstance(error, OSError) else "it is no UTF-8"


def _settings(text: str) -> EnvironmentFile:
    """Return the values that a file holds, by name."""
    found = {}
    for raw in text.splitlines():
        line = raw.strip().removeprefix("export ")
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#") and name.strip().isidentifier():
            found[name.strip()] = _unquoted(value.strip())
    return found


def example_settings(root: Path) -> EnvironmentFile:
    """Return the values of the project's example file that are not empty."""
    for name in EXAMPLE_FILES:
        if (root / name).is_file():
            return {n: v for n, v in read_environment_file(root / name).items() if v}
    return {}


def secret_values(root: Path, given: Path | None = None) -> frozenset[str]:
    """Return the values of a project's settings that must not be written down anywhere.

    Args:
        root: The project's root, whose `.env` files are read.
        given: The file that the user names.

    Returns:
        The values of what is named like a secret, and the passwords of URLs; short values and
        plain words, which are in any text, are left out.

    Raises:
        UsageError: The file that the user names cannot be read.
    """
    found: set[str] = set()
    settings = [given_settings(given)] if given and given.name not in EXAMPLE_FILES else []
    for path in root.glob(".env*"):
        if path.name not in EXAMPLE_FILES:
            with contextlib.suppress(OSError):  # whatever its encoding: values are looked for
                data = read_regular(path, _MOST_LOOKED_THROUGH, follow=True)
                settings.append(_settings(data.decode(errors="replace")))
    for name, value in chain.from_iterable(each.items() for each in settings):
        found |= {value} if speaks_of_a_secret(name) else set()
        found |= set(passwords_in(value))
    return frozenset(one for one in found if len(one) >= SHORTEST and not _WORD.fullmatch(one))


def _unquoted(value: str) -> str:
    """Return a value without its quotes or its trailing comment."""
    if value[:1] in {"'", '"'} and value.find(value[0], 1) > 0:
        return value[1 : value.find(value[0], 1)]
    return value.split(" #", 1)[0].strip()
