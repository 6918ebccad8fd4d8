"""A file of the site that is made rather than written by hand."""

from dataclasses import dataclass
from pathlib import Path

BODY = '<div class="fn-page">'


@dataclass(frozen=True)
class Section:
    """What a search finds.

    Attributes:
        anchor: Id of the element on its page.
        title: What the result is called.
        text: The words that are searched.
    """

    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class SiteFile:
    """One file of the site.

    Attributes:
        uri: Its place under the folder of sources; pages end in `.md`.
        content: Its text or bytes, or the file that is copied.
        label: What the navigation calls it; empty for what is no page of the navigation.
        group: Under which heading the navigation has it.
        origin: The file on disk that it was made from, for edits and messages.
        sections: What a search finds in a page that shares its frame with the others of its
            kind, the page itself first; a page without any has a frame of its own.
    """

    uri: str
    content: str | bytes | Path
    label: str = ""
    group: str = ""
    origin: Path | None = None
    sections: tuple["Section", ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether an engine renders it."""
        return self.uri.endswith(".md")

    @property
    def body(self) -> str:
        """What is under the heading of a page that is made whole, as HTML."""
        if not isinstance(self.content, str) or self.origin or not self.is_page:
            return ""
        at = self.content.find(BODY)
        return self.content[at:].rstrip("\n") if at >= 0 else ""
