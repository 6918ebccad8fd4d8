"""The records as the rules ask for them: each read when it is first asked for."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from footnotary.errors import RecordError
from footnotary.files import printable
from footnotary.gating.remembering import stamp_of
from footnotary.models import Citation
from footnotary.project import NAME_PATTERN, record_names

if TYPE_CHECKING:
    from footnotary.record_index import RecordIndex


class LazyRecords(Mapping[str, Citation]):
    """The records of a folder by key; broken ones are left out and kept in `broken`.

    Attributes:
        folder: The folder.
        broken: Why a record does not read, by file name, as far as it was asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Citation | None] = {}
        self._stamps: dict[str, str] = {}
        self._odd: dict[str, str] = {}
        self.broken: dict[str, RecordError] = {}

    def stamp(self, key: str) -> str:
        """Return size and time of a record's file; empty where there is none.

        Args:
            key: The key, or what a marker has in its place.
        """
        if key not in self._stamps:
            path = self.folder / f"{key}.yaml"
            self._stamps[key] = stamp_of(path) if NAME_PATTERN.fullmatch(key) else ""
        return self._stamps[key]

    @cached_property
    def keys_on_disk(self) -> tuple[str, ...]:
        """The names of the record files, sorted; those that no record can have come last."""
        keys, others = record_names(self.folder)
        self._odd = {printable(name).removesuffix(".yaml"): name for name in others}
        return (*keys, *self._odd)

    def __getitem__(self, key: str) -> Citation:
        """Return a record.

        Raises:
            KeyError: There is none, or it does not read.
        """
        if key not in self._read:
            self._read[key] = self._load(key)
        found = self._read[key]
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        """Yield the keys of the records that read."""
        return (key for key in self.keys_on_disk if key in self)

    def __len__(self) -> int:
        """Return how many record files there are, whether they read or not."""
        return len(self.keys_on_disk)

    @cached_property
    def _index(self) -> "RecordIndex":
        """The index of the records; opened for the first record that is read."""
        from footnotary.record_index import RecordIndex

        return RecordIndex(self.folder)

    def close(self) -> None:
        """Keep what was read for the next run."""
        if "_index" in vars(self):
            self._index.close(self.keys_on_disk)

    def _load(self, key: str) -> Citation | None:
        """Read one record."""
        from footnotary.records import RecordStore, read_record

        if not self.stamp(key) and key not in self._odd:
            return None
        try:
            if key in self._odd:
                return read_record(self.folder / self._odd[key])
            return RecordStore(self.folder).read(key, self._index)
        except RecordError as error:
            self.broken[f"{key}.yaml"] = error
            return None
