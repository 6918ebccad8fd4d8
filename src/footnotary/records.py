"""Citation records on disk: one YAML file a citation, byte-stable and never half-written.

The layout is the contract of `docs/records.md`: fields in a fixed order, every scalar of
text quoted the same way, so that writing a record that was read gives the same bytes.
"""

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from footnotary import __version__, yaml_text
from footnotary.errors import RecordError
from footnotary.files import alone_in, printable, read_regular, sweep, write_atomically
from footnotary.models import RECORD_SCHEMA, Citation
from footnotary.project import NAME_PATTERN, make_slug, record_names
from footnotary.record_index import RecordIndex

RESTORE = "Records are written by `cite`; restore this one from git."
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
MAX_RECORD_BYTES = 256_000
INDEX_NAME = ".index"
_HALF = re.compile(r"[\ud800-\udfff]")
_SLUG_LENGTH = 53  # leaves room for the hyphen and six hex digits within NAME_PATTERN


def make_key(final_url: str, quote: str, site: str, title: str) -> str:
    """Return the key of a citation.

    Args:
        final_url: Where the page was found.
        quote: The page's own words.
        site: Name of the site, or its host.
        title: Title of the page.

    Returns:
        `<slug of site and title>-<6 hex of sha256(final URL + quote)>`, at most 60
        characters of a-z, 0-9 and `-`; two quotes of one page have two keys.
    """
    digest = hashlib.sha256((final_url + quote).encode()).hexdigest()[:6]
    name = make_slug(f"{site} {title}")[:_SLUG_LENGTH].rstrip("-") or "source"
    return f"{name}-{digest}"


class RecordStore:
    """The citation records of one project.

    Attributes:
        folder: Where they lie; it need not exist before the first record.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Return where a record lies.

        Args:
            key: The record's key.

        Raises:
            RecordError: The key is none (it could leave the folder).
        """
        if not NAME_PATTERN.fullmatch(key):
            raise RecordError(
                f"{key!r} is no citation key.", hint="`cite list` prints the keys there are."
            )
        return self.folder / f"{key}.yaml"

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all records, sorted; empty where there is no folder."""
        return record_names(self.folder)[0]

    def get(self, key: str) -> Citation:
        """Read one record.

        Args:
            key: The record's key, or the beginning of one that is unique.

        Raises:
            RecordError: There is none, it is ambiguous, broken, or of a newer schema.
        """
        if self.path(key).is_file():
            return read_record(self.path(key))
        candidates = [known for known in self.keys() if known.startswith(key)]
        if len(candidates) == 1:
            return read_record(self.path(candidates[0]))
        if candidates:
            raise RecordError(
                f"{key!r} is the beginning of {len(candidates)} citations.",
                hint="Write more of it: " + ", ".join(candidates[:5]),
            )
        raise RecordError(
            f"There is no citation {key!r}.", hint="`cite list` prints the keys there are."
        )

    def __iter__(self) -> Iterator[Citation]:
        """Read every record in the order of the keys.

        Raises:
            RecordError: A record is broken; the message names its file.
        """
        keys = self.keys()
        index = RecordIndex(self.folder)
        try:
            for key in keys:
                yield self.read(key, index)
        finally:
            index.close(keys)

    def all(self) -> tuple[Citation, ...]:
        """Read every record in the order of the keys; see `__iter__`."""
        return tuple(self)

    def readable(self) -> tuple[tuple[Citation, ...], tuple[RecordError, ...]]:
        """Read what can be read.

        Returns:
            The records, and an error for each file that is none.
        """
        good: list[Citation] = []
        bad: list[RecordError] = []
        keys, others = record_names(self.folder)
        index = RecordIndex(self.folder)
        for key in keys:
            try:
                good.append(self.read(key, index))
            except RecordError as error:
                bad.append(error)
        index.close(keys)
        for name in others:
            try:
                read_record(self.folder / name)
            except RecordError as error:
                bad.append(error)
        return tuple(good), tuple(bad)

    def read(self, key: str, index: RecordIndex) -> Citation:
        """Return a record as the index knows it, else as its file has it.

        Args:
            key: The record's whole key.
            index: The index of this folder.

        Raises:
            RecordError: As for `read_record`.
        """
        record, raw = index.recall(key, _read)
        if record:
            with contextlib.suppress(ValidationError):
                citation = Citation.model_validate_json(record)
                if citation.key == key:
                    return citation
            raw = _read(self.path(key))
        citation = _of_its_name(parse_record(raw, f"{key}.yaml"), key)
        index.keep(key, citation.model_dump_json(by_alias=True))
        return citation

    def new(self, citation: Citation) -> Path:
        """Write a record that must not exist yet.

        Args:
            citation: The record.

        Returns:
            Where it was written.

        Raises:
            FileExistsError: Another process, or an earlier day, has written this key.
        """
        path = self.path(citation.key)
        write_atomically(path, dumped(citation), new=True)
        self._touch_index()
        return path

    def save(self, citation: Citation) -> Path:
        """Write a record, replacing the one of the same key.

        Args:
            citation: The record.

        Returns:
            Where it was written.
        """
        path = self.path(citation.key)
        is_listed = path.exists() and (self.folder / INDEX_NAME).exists()
        write_atomically(path, dumped(citation))
        if not is_listed:
            self._touch_index()
        return path

    def change(self, key: str, changed: Callable[[Citation], Citation]) -> Citation:
        """Read a record and write it again, with no other process in between.

        Args:
            key: The record's key, or the beginning of one that is unique.
            changed: Makes the new record of the one on disk; of the same key.

        Returns:
            The record as it is now; nothing is written where it is the same.

        Raises:
            RecordError: It is gone or broken by now, or whatever `changed` raises.
        """
        if not self.folder.is_dir():
            return self.get(key)
        with alone_in(self.folder):
            current = self.get(key)
            updated = changed(current)
            return current if updated == current else self._written(updated)

    def _written(self, citation: Citation) -> Citation:
        """Write a record and return it."""
        self.save(citation)
        return citation

    def remove(self, key: str) -> None:
        """Delete a record.

        Args:
            key: The record's whole key.

        Raises:
            RecordError: There is none.
        """
        path = self.path(key)
        try:
            path.unlink()
        except FileNotFoundError:
            raise RecordError(
                f"There is no citation {key!r}.", hint="`cite list` prints the keys there are."
            ) from None
        self._touch_index()

    def _touch_index(self) -> None:
        """Rewrite the list of keys: some live reloaders see changed files, not new ones."""
        sweep(self.folder)
        listing = "".join(f"{key}\n" for key in self.keys())
        write_atomically(self.folder / INDEX_NAME, listing.encode())


def read_record(path: Path) -> Citation:
    """Read one record file.

    Args:
        path: The YAML file.

    Returns:
        The citation, in today's schema.

    Raises:
        RecordError: Its name is no key, it is no regular file, unreadable, too large, no YAML, in
            conflict, of a newer schema, has unknown or wrong fields, or its key is not its name.
            The message names file and field.
    """
    if not NAME_PATTERN.fullmatch(path.stem):
        raise RecordError(
            f"{printable(path.name)}: Invalid name for a record.",
            hint="A record's name is its key: a-z, 0-9 and hyphens. Rename or remove the file.",
        )
    return _of_its_name(parse_record(_read(path), path.name), path.stem)


def _of_its_name(citation: Citation, key: str) -> Citation:
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

    Args:
        raw: What the file has.
        name: The file's name, for messages.

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
    """Return a record's bytes: the same for the same citation, everywhere.

    Args:
        citation: The record.
    """
    data = citation.model_dump(mode="json", by_alias=True)
    if not citation.quote.fragment:
        del data["quote"]["fragment"]
    for name in ("text_url", "words_sha256"):
        if not data["evidence"][name]:
            del data["evidence"][name]  # records of before it was known keep their bytes
    return yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=False,
    ).encode()


class _Dumper(yaml.SafeDumper):
    """Writes no anchors: a record is read by people and by other YAML readers."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never refer to an equal value by an alias."""
        del data
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Quote text with rare line breaks: YAML readers fold them in the other styles.

    Half of a surrogate pair is written as U+FFFD: no YAML reader takes it back.
    """
    text = _HALF.sub("\ufffd", text)
    style = '"' if any(char in text for char in "\x85\u2028\u2029\ufeff") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _read(path: Path) -> bytes:
    """Return a record file's bytes, within bounds."""
    try:
        return read_regular(path, MAX_RECORD_BYTES)
    except OSError as error:
        raise RecordError(f"{path.name} cannot be read: {error.strerror}.", hint=RESTORE) from None


def _load(raw: bytes, name: str) -> dict[str, Any]:
    """Parse a record."""
    try:
        text = raw.decode()
        _refuse_conflict(text, name)
        data = yaml_text.load_plain(text)
    except (UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        line = " ".join(str(error).split())
        raise RecordError(f"{name} is no YAML record: {line}.", hint=RESTORE) from None
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
