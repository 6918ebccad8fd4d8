"""The file of a citation record: YAML, byte-stable.

The layout is the contract of `docs/records.md`: fields in a fixed order, every scalar of
text quoted the same way, so that writing a record that was read gives the same bytes.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from footnotary import __version__
from footnotary.errors import RecordError
from footnotary.files import printable, read_regular, without_surrogates
from footnotary.models import RECORD_SCHEMA, Citation
from footnotary.project import NAME_PATTERN

RESTORE = "Records are written by `cite`; restore this one from git."
MAX_RECORD_BYTES = 256_000
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_LAST_FIELDS = {"checks", "superseded_by"}


def read_record(path: Path) -> Citation:
    """Read one record file.

    Returns:
        The citation, in today's schema.

    Raises:
        RecordError: Its name is not a key, it is not a regular file, unreadable,
            too large, no YAML, in conflict, of a newer schema, has unknown or wrong fields, or
            its key is not its name. The message names file and field.
    """
    if not NAME_PATTERN.fullmatch(path.stem):
        raise RecordError(
            f"{printable(path.name)}: Invalid name for a record.",
            hint="A record's name is its key: a-z, 0-9 and hyphens. Rename or remove the file.",
        )
    return named_citation(parse_record(read_record_bytes(path), path.name), path.stem)


def named_citation(citation: Citation, key: str) -> Citation:
    """Return a record that has the key of its file.

    Raises:
        RecordError: It has another.
    """
    if citation.key != key:
        raise RecordError(
            f"{key}.yaml holds the record of {citation.key!r}.",
            hint="The file's name is the key; rename it back.",
        )
    return citation


def parse_record(raw: bytes, name: str) -> Citation:
    """Return the citation that a record's bytes hold.

    Raises:
        RecordError: As for `read_record`.
    """
    data = _load(raw, name)
    _refuse_schema(data, name)
    try:
        return Citation.model_validate(_of_today(data))
    except ValidationError as error:
        raise RecordError(f"{name}: {_problem(error)}.", hint=RESTORE) from None


def _refuse_schema(data: dict[str, Any], name: str) -> None:
    """Refuse a record whose schema is not said, not known, or not the one of its fields."""
    schema = data.get("schema")
    reads = f"{__version__} reads schemas 1 to {RECORD_SCHEMA}"
    if type(schema) is int and schema > RECORD_SCHEMA:
        raise RecordError(
            f"{name} has schema {schema}, written by a newer footnotary; {reads}.",
            hint="Update footnotary: `uv tool upgrade footnotary` or `pipx upgrade footnotary`.",
        )
    if schema is None:
        raise RecordError(f"{name} has no schema; {reads}.", hint=RESTORE)
    if type(schema) is not int or schema < 1:
        raise RecordError(f"{name}: Invalid schema {schema!r}; {reads}.", hint=RESTORE)
    of_another = "claims" if schema == 1 else "claim"
    if of_another in data:
        raise RecordError(
            f"{name} has schema {schema} and the field {of_another}, which is of schema"
            f" {1 + (schema == 1)}.",
            hint=RESTORE,
        )


def _of_today(data: dict[str, Any]) -> dict[str, Any]:
    """Return a record's fields in today's schema: schema 1 had one claim."""
    if data["schema"] != 1:
        return data
    rest = {name: value for name, value in data.items() if name != "claim"}
    claim = data.get("claim", "")
    claims = [] if claim == "" else [{"text": claim, "added": data.get("accessed")}]
    return rest | {"schema": RECORD_SCHEMA, "claims": claims}


def _problem(error: ValidationError) -> str:
    """Return what is wrong with a record's fields; every unknown one is named."""
    found = [(".".join(map(str, one["loc"])), one["type"], one["msg"]) for one in error.errors()]
    unknown = [field for field, kind, _ in found if kind == "extra_forbidden"]
    if unknown:
        return f"unknown field{'s' if len(unknown) > 1 else ''} {', '.join(unknown)}"
    return f"{found[0][0]}: {found[0][2]}"


def dumped(citation: Citation) -> bytes:
    """Return a record's bytes: the same for the same citation, everywhere."""
    data = citation.model_dump(mode="json", by_alias=True)
    if not citation.quote.fragment:
        del data["quote"]["fragment"]
    for name in ("text_url", "words_sha256"):
        if not data["evidence"][name]:
            del data["evidence"][name]  # records of before it was known keep their bytes
    return _yaml(data)


def with_checks(raw: bytes, citation: Citation) -> bytes:
    """Return the bytes of a record that differs from a file's in its checks alone.

    Only these are written anew: writing all of it takes three times as long.
    """
    above, found, _ = raw.partition(b"\nchecks:")
    last = _yaml(citation.model_dump(mode="json", by_alias=True, include=_LAST_FIELDS))
    data = above + b"\n" + last
    is_todays = raw.startswith(f"schema: {RECORD_SCHEMA}\n".encode())
    if is_todays and found:
        try:
            if parse_record(data, citation.key) == citation:
                return data
        except RecordError:  # these bytes were edited by hand
            pass
    return dumped(citation)


def _yaml(data: dict[str, Any]) -> bytes:
    """Return fields as YAML."""
    import yaml

    return yaml.dump(
        data,
        Dumper=_dumper(),
        sort_keys=False,
        allow_unicode=True,
        width=100,
    ).encode()


@cache
def _dumper() -> Any:
    """Return what writes YAML without anchors: a record is read by people and by other readers."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            del data
            return True

    Dumper.add_representer(str, _represent_text)
    return Dumper


def _represent_text(dumper: Any, text: str) -> Any:
    """Quote text with rare line breaks: YAML readers fold them in the other styles.

    Half of a surrogate pair is written as U+FFFD: no YAML reader takes it back.
    """
    text = without_surrogates(text)
    style = '"' if any(char in text for char in "\x85\u2028\u2029\ufeff") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def read_record_bytes(path: Path) -> bytes:
    """Return a record file's bytes, within bounds.

    Raises:
        RecordError: It cannot be read.
    """
    try:
        return read_regular(path, MAX_RECORD_BYTES)
    except OSError as error:
        raise RecordError(f"{path.name} cannot be read: {error.strerror}.", hint=RESTORE) from None


def _load(raw: bytes, name: str) -> dict[str, Any]:
    """Parse a record."""
    import yaml

    from footnotary import yaml_text

    try:
        text = raw.decode()
        _refuse_conflict(text, name)
        data = yaml_text.load_plain(text)
    except (UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        line = " ".join(str(error).split())
        raise RecordError(f"{name} is not a valid YAML record: {line}.", hint=RESTORE) from None
    if not isinstance(data, dict):
        raise RecordError(f"{name} is no record: it holds no fields.", hint=RESTORE)
    return data


def _refuse_conflict(text: str, name: str) -> None:
    """Refuse a record in which git has left two versions."""
    found = _CONFLICT.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise RecordError(
            f"{name} has a merge conflict at line {line}; nothing of it was read.",
            hint="`footnotary init` sets up how git merges records; then `git checkout --merge"
            f" -- citations/{name}` keeps the claims of both. Or keep one version.",
        )
