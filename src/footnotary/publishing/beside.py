"""Files written into a built site: the Markdown of each page beside it, and llms.txt."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from footnotary.files import write_atomically
from footnotary.publishing.collection import Collection
from footnotary.publishing.feeds import llms_text


@dataclass(frozen=True)
class MarkdownPage:
    """A page's source.

    Attributes:
        title: Its title.
        address: Its URL under the site's root.
        markdown: What was rendered.
    """

    title: str
    address: str
    markdown: str

    @property
    def markdown_address(self) -> str:
        """Where its Markdown lies: `index.md` in its folder, or beside its file."""
        if not self.address or self.address.endswith("/"):
            return f"{self.address.removeprefix('./')}index.md"
        return self.address.removesuffix(".html") + ".md"


def write_beside(
    site: Path, collection: Collection, name: str, about: str, pages: Iterable[MarkdownPage]
) -> None:
    """Write what agents read.

    Args:
        site: The folder of the built site.
        collection: What the site shows.
        name: The site's name.
        about: One sentence about it; may be empty.
        pages: Every page that was rendered.
    """
    listed = []
    for page in pages:
        _write(f"{site}/{page.markdown_address}", (page.markdown.strip("\n") + "\n").encode())
        if not page.address.startswith("sources/"):
            listed.append((page.title, page.markdown_address))
    write_atomically(site / "llms.txt", llms_text(collection, name, about, listed).encode())


def _write(path: str, data: bytes) -> None:
    """Write one of very many files, into a folder that is nearly always there."""
    try:
        stream = open(path, "wb", buffering=0)  # noqa: SIM115, PTH123  half the cost of a Path's
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        stream = open(path, "wb", buffering=0)  # noqa: SIM115, PTH123  as above
    with stream:
        stream.write(data)
