"""The citation records of a project: parsed once a change, and never half-written."""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from footnotary.derived import Derived, FileDigests
from footnotary.errors import RecordError
from footnotary.files import alone_in, printable, sweep, write_atomically
from footnotary.models import Citation
from footnotary.project import NAME_PATTERN, make_slug, record_names
from footnotary.record_files import (
    dumped,
    named_citation,
    parse_record,
    read_record,
    read_record_bytes,
    with_checks,
)
from footnotary.text_index import TextIndex, quote_entry

INDEX_NAME = ".index"
_SLUG_LENGTH = 53  # leaves room for the hyphen and six hex digits within NAME_PATTERN
_AT_ONCE = 500  # records that are read, and kept, together
_Row = tuple[str, str]


def make_key(final_url: str, quote: str, site: str, title: str) -> str:
    """Return the key of a citation.

    Returns:
        `<slug of site and title>-<6 hex of sha256(final URL + quote)>`, at most 60
        characters of a-z, 0-9 and `-`; two quotes of one page have two keys.
    """
    digest = hashlib.sha256((final_url + quote).encode()).hexdigest()[:6]
    name = make_slug(f"{site} {title}")[:_SLUG_LENGTH].rstrip("-") or "source"
    return f"{name}-{digest}"


class Records(Mapping[str, Citation]):
    """The records of a folder by key, each read when it is asked for, and parsed once a change.

    A file whose bytes are those that were parsed before is not parsed again (`derived`); broken
    records are left out.

    Attributes:
        folder: The folder.
        broken: Why a record does not read, by file name, as far as it was asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broken: dict[str, RecordError] = {}
        self._read: dict[str, Citation | None] = {}
        self._odd: dict[str, str] = {}
        self._parsed: dict[str, tuple[str, str]] = {}
        self._derived = Derived(folder.parent)
        self._digests = FileDigests(self._derived, folder.parent, f"{folder.name}/")

    @cached_property
    def keys_on_disk(self) -> tuple[str, ...]:
        """The names of the record files, sorted; those that no record can have come last."""
        keys, others = record_names(self.folder)
        self._digests.load()
        self._odd = {printable(name).removesuffix(".yaml"): name for name in others}
        return (*keys, *self._odd)

    def digest(self, key: str) -> str:
        """Return the digest of a record's file; empty where there is none that can be read."""
        if not NAME_PATTERN.fullmatch(key):
            return ""
        try:
            return self._digests.look(self._name(key), read_record_bytes)[0]
        except RecordError:
            return ""

    def __getitem__(self, key: str) -> Citation:
        """Return a record."""
        if key not in self._read:
            self._read[key] = self.read(key)
        found = self._read[key]
        if found is None:
            raise KeyError(key)
        return found

    def read(self, key: str) -> Citation | None:
        """Return a record without holding it; None where there is none, or it does not read."""
        return self._found(key, self._known(key, key).get(key))

    def __iter__(self) -> Iterator[str]:
        """Yield the keys of the records that read."""
        return (key for key in self.keys_on_disk if key in self)

    def __len__(self) -> int:
        """Return how many record files there are, whether they read or not."""
        return len(self.keys_on_disk)

    def stream(self) -> Iterator[Citation]:
        """Yield the records that read in the order of their keys, and hold none of them."""
        keys = self.keys_on_disk
        for start in range(0, len(keys), _AT_ONCE):
            chunk = keys[start : start + _AT_ONCE]
            known = self._known(chunk[0], max(chunk))
            for key in chunk:
                citation = self._found(key, known.get(key))
                if citation is not None:
                    yield citation
            self._keep()
        self.close()

    def close(self) -> None:
        """Keep what was read for the next command, and forget the records that are gone."""
        self._keep()
        if "keys_on_disk" not in vars(self):
            self._digests.save()
            return
        self._digests.save(map(self._name, self.keys_on_disk))
        known = {key for (key,) in self._derived.rows("SELECT key FROM records")}
        gone = [(key,) for key in known.difference(self.keys_on_disk)]
        if gone and self._derived.keeps:
            self._derived.write(("DELETE FROM records WHERE key = ?", gone))

    def _name(self, key: str) -> str:
        """Return the name of a record's file below the root."""
        return f"{self.folder.name}/{key}.yaml"

    def _known(self, first: str, last: str) -> dict[str, _Row]:
        """Return digest and JSON of the records that were parsed, by key."""
        rows = self._derived.rows(
            "SELECT key, sha256, record FROM records WHERE key BETWEEN ? AND ?", (first, last)
        )
        return {key: (digest, record) for key, digest, record in rows}

    def _found(self, key: str, known: _Row | None) -> Citation | None:
        """Return a record; None where there is none, or it does not read."""
        try:
            if key in self._odd:
                return read_record(self.folder / self._odd[key])
            return self._citation(key, known) if NAME_PATTERN.fullmatch(key) else None
        except RecordError as error:
            if key in self._odd or os.path.lexists(self.folder / f"{key}.yaml"):
                self.broken[f"{key}.yaml"] = error
            return None

    def _citation(self, key: str, known: _Row | None) -> Citation:
        """Return a record as it was parsed from these very bytes, else as its file has it."""
        digest, raw = self._digests.look(self._name(key), read_record_bytes)
        if known is not None and known[0] == digest:
            with contextlib.suppress(ValidationError):  # somebody else has written the row
                citation = Citation.model_validate_json(known[1])
                if citation.key == key:
                    return citation
        raw = read_record_bytes(self.folder / f"{key}.yaml") if raw is None else raw
        citation = named_citation(parse_record(raw, f"{key}.yaml"), key)
        self._parsed[key] = (hashlib.sha256(raw).hexdigest(), _as_json(citation))
        return citation

    def _keep(self) -> None:
        """Keep the records that were parsed."""
        if self._parsed and self._derived.keeps:
            rows = [(key, *row) for key, row in self._parsed.items()]
            self._derived.write(("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", rows))
        self._parsed = {}


def _as_json(citation: Citation) -> str:
    """Return a record as it is kept."""
    return citation.model_dump_json(by_alias=True)


class RecordStore:
    """The citation records of one project.

    Attributes:
        folder: Where they lie; it need not exist before the first record.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._is_swept = False

    def path(self, key: str) -> Path:
        """Return where a record lies.

        Raises:
            RecordError: The key is none (it could leave the folder).
        """
        if not NAME_PATTERN.fullmatch(key):
            raise RecordError(
                f"Invalid citation key {key!r}.", hint="`cite list` prints the keys there are."
            )
        return self.folder / f"{key}.yaml"

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all records, sorted; empty where there is no folder."""
        return record_names(self.folder)[0]

    def get(self, key: str) -> Citation:
        """Read one record.

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
        """Read every record in the order of the keys, one at a time."""
        records = Records(self.folder)
        for citation in records.stream():
            if records.broken:
                break
            yield citation
        for name, error in records.broken.items():
            if NAME_PATTERN.fullmatch(name.removesuffix(".yaml")):
                raise error

    def all(self) -> tuple[Citation, ...]:
        """Read every record in the order of the keys; see `__iter__`."""
        return tuple(self)

    def readable(self) -> tuple[tuple[Citation, ...], tuple[RecordError, ...]]:
        """Read what can be read.

        Returns:
            The records, and an error for each file that is none.
        """
        records = Records(self.folder)
        return tuple(records.stream()), tuple(records.broken.values())

    def new(self, citation: Citation) -> Path:
        """Write a record that must not exist yet.

        Raises:
            FileExistsError: Another process, or an earlier day, has written this key.
        """
        path = self.path(citation.key)
        data = dumped(citation)
        write_atomically(path, data, new=True)
        self._touch_index()
        derived = Derived(self.folder.parent)
        if derived.keeps:
            TextIndex(derived).put([quote_entry(citation, hashlib.sha256(data).hexdigest())])
        return path

    def save(self, citation: Citation) -> Path:
        """Write a record, replacing the one of the same key."""
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
            if updated != current:
                self._written(updated, current)
        return updated

    def _written(self, updated: Citation, current: Citation) -> None:
        """Write a record that has changed."""
        if updated.model_copy(update={"checks": current.checks}) != current:
            self.save(updated)
            return
        path = self.path(updated.key)
        write_atomically(path, with_checks(read_record_bytes(path), updated))

    def remove(self, key: str) -> None:
        """Delete a record.

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
        """Touch a file of the folder: some live reloaders see changed files, not new ones."""
        if not self._is_swept:
            self._is_swept = True
            sweep(self.folder)
        index = self.folder / INDEX_NAME
        try:
            if index.lstat().st_size == 0:
                os.utime(index)
                return
        except OSError:
            pass
        write_atomically(index, b"")
