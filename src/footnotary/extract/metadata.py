"""What a page says about itself."""

from dataclasses import dataclass, field
from datetime import date

from selectolax.lexbor import LexborHTMLParser


@dataclass(frozen=True)
class Metadata:
    """Metadata of a page, with the origin of each field that is not empty.

    Attributes are those of `footnotary.models.Page`.
    """

    canonical_url: str = ""
    title: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    language: str = ""
    license: str = ""
    origins: dict[str, str] = field(default_factory=dict)


def metadata_of(tree: LexborHTMLParser, url: str) -> Metadata:
    """Return a page's metadata."""
    node = tree.css_first("title")
    title = " ".join(node.text().split()) if node else ""
    return Metadata(title=title, origins={"title": "title"} if title else {})
