"""The web: one `Fetcher`, polite, bounded and guarded.

urls          what may be asked, as browsers read URLs
guard         the network: resolves, vets and connects to the public web, under one deadline
client        one request, one answer (httpx lives here and nowhere else)
decoding      bodies within limits
semantics     what statuses mean, and what may be reused (RFC 9110, RFC 9111)
robots        robots.txt (RFC 9309)
asker         one URL asked politely, in turn
fetcher       all of it together
forge_files   files at code forges: bytes, commit, lines
readings      where a source's words are read: its page, or what its publisher gives beside it
style_sheets  what a page links that decides what of it is seen
saved         a page that the user saved by hand
local         files of the project as sources
"""

import sys
from collections.abc import Mapping, MutableMapping
from typing import Protocol

from footnotary.cache import StoredAnswer
from footnotary.models import Page, Publisher, Response

# httpx does without its command line, whose libraries (rich, click) take 35 ms to import
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]


class TakesPages(Protocol):
    """Takes notice of the pages that are read, such as to have them found by a search."""

    def add(self, response: Response, page: Page) -> None:
        """Take a page that was read out of an answer."""
        ...

    def close(self) -> None:
        """Finish: no page comes any more."""
        ...


class Fetches(Protocol):
    """Reads sources; `Fetcher` does, and `ProjectSources` for the project's own files too."""

    @property
    def timeout(self) -> float:
        """Seconds that reading one source may take in all: fetching, extracting, matching."""
        ...

    @property
    def publishers(self) -> Mapping[str, Publisher]:
        """The project's own forges and package indexes, by host."""
        ...

    @property
    def sheets(self) -> MutableMapping[str, str]:
        """Style sheets that were read in this run, by address."""
        ...

    def get(self, url: str, *, accept: str = "", asked_for: str = "") -> Response:
        """Return the page behind a URL, by the deadline that runs in the thread if one does.

        Args:
            url: The source.
            accept: The media types wanted.
            asked_for: The address that the user named, where a page or an answer named this
                one: no host but that of the former may be private.

        Raises:
            FetchError: It could not be had.
        """
        ...

    def note_page(self, response: Response, page: Page) -> None:
        """Take notice of a page that was read out of an answer: what was read is searched."""
        ...

    def still_fresh(self, url: str) -> StoredAnswer | None:
        """Return the kept head of a page that need not be asked for."""
        ...
