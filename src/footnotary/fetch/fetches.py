"""What the use cases need of whatever reads the web for them."""

from collections.abc import Mapping
from typing import Protocol

from footnotary.cache import Stored
from footnotary.extract.publishers import Publisher
from footnotary.models import Response


class Fetches(Protocol):
    """Reads sources; `Fetcher` does, and `ProjectSources` for the project's own files too."""

    @property
    def publishers(self) -> Mapping[str, Publisher]:
        """The project's own forges and package indexes, by host."""
        ...

    def get(self, url: str, *, accept: str = "") -> Response:
        """Return the page behind a URL.

        Args:
            url: The source.
            accept: The media types wanted.

        Raises:
            FetchError: It could not be had.
        """
        ...

    def still_fresh(self, url: str) -> Stored | None:
        """Return the kept head of a page that need not be asked for."""
        ...
