"""The records as the rules ask for them: each read when it is first asked for."""

from collections.abc import Iterator, Mapping

from footnotary.errors import RecordError
from footnotary.gating.remembering import stamp_of
from footnotary.models import Citation
from footnotary.project import NAME_PATTERN
from footnotary.records import RecordStore, read_record


class LazyRecords(Mapping[str, Citation]):
    """The records of a store by key; broken ones are left out and kept in `broken`.

    Attributes:
        stamps: Size and time of each record's file, by key.
        broken: Why a record does not read, by file name, as far as it was asked for.
    """

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._read: dict[str, Citation | None] = {}
        self.stamps = {key: stamp_of(store.folder / f"{key}.yaml") for key in store.keys()}  # noqa: SIM118  no mapping
        self.broken: dict[str, RecordError] = {}

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
        return (key for key in self.stamps if key in self)

    def __len__(self) -> int:
        """Return how many record files there are, whether they read or not."""
        return len(self.stamps)

    def _load(self, key: str) -> Citation | None:
        """Read one record."""
        if key not in self.stamps or not NAME_PATTERN.fullmatch(key):
            if key in self.stamps:
                self.broken[f"{key}.yaml"] = RecordError(f"{key}.yaml is no name of a record.")
            return None
        try:
            return read_record(self._store.folder / f"{key}.yaml")
        except RecordError as error:
            self.broken[f"{key}.yaml"] = error
            return None
