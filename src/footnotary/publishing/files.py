"""A file of the site that is made rather than written by hand."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SiteFile:
    """One file of the site.

    Attributes:
        uri: Its place under the folder of sources; pages end in `.md`.
        content: Its text or bytes, or the file that is copied.
        label: What the navigation calls it; empty for what is no page of the navigation.
        group: Under which heading the navigation has it.
        origin: The file on disk that it was made from, for edits and messages.
    """

    uri: str
    content: str | bytes | Path
    label: str = ""
    group: str = ""
    origin: Path | None = None

    @property
    def is_page(self) -> bool:
        """Whether an engine renders it."""
        return self.uri.endswith(".md")
