"""The pages of a document that is split: each is one region, and what its author wrote around it.

A page is called like its document with a suffix, `API-shop-2026-11-23.models.md`. Versions up to
0.2 wrote pages without a region; these are recognised by their link back to the document.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from footnotary.documents.kinds import Region
from footnotary.documents.regions import RegionEdited, refreshed, regions_of, write_regions
from footnotary.errors import DocumentError
from footnotary.markers.rendering import rendered_form
from footnotary.writing.documents_on_disk import StoredDocument, read_document

_REGION = "page"
_HEAD = 4_000


def find_pages(stored: StoredDocument) -> tuple[Path, ...]:
    """Return the pages of ours that lie beside a document, whether it still has them or not."""
    beside = sorted(stored.path.parent.glob(f"{stored.stem}.*.md"))
    return tuple(one for one in beside if is_page(one, stored.stem))


def is_page(path: Path, stem: str) -> bool:
    """Tell whether a file is a page that we wrote, with words of its author's in it or not."""
    try:
        text = read_document(path)
    except DocumentError:
        return False
    is_linked_back = text.lstrip("\ufeff").startswith("# ") and f"]({stem}.md)" in text[:_HEAD]
    return is_linked_back or f"<!-- footnotary:begin {_REGION} -->" in text


@dataclass(frozen=True)
class SplitPages:
    """The pages of a document that is about to be written.

    Attributes:
        path: Where the document goes.
        last: The document whose prose is carried over, if there is one.
        pages: What each page says, by its suffix.
        earlier: Gives what the pages of the last document said, as they are rendered today.
        force: Whether regions that were edited by hand are overwritten.
    """

    path: Path
    last: StoredDocument | None
    pages: Mapping[str, bytes]
    earlier: Callable[[], Mapping[str, bytes]]
    force: bool = False

    def changes(self) -> dict[Path, bytes | None]:
        """Return what is written: every page, and what is left of those that are no longer its.

        Raises:
            RegionEdited: A page was edited by hand, and `force` is not set.
            DocumentError: A page is in a broken state, or a file is in the place of one.
        """
        found: dict[Path, bytes | None] = {}
        for suffix, said in self.pages.items():
            path = self.path.with_name(f"{self.path.stem}{suffix}")
            with _naming(path):
                found[path] = self._written(path, suffix, Region(_REGION, said.decode())).encode()
        for path in find_pages(self.last) if self.last and self.last.path == self.path else ():
            if path not in found:
                with _naming(path):
                    left = self._left(path)
                found[path] = left.encode() if left.strip() else None
        return found

    def _written(self, path: Path, suffix: str, region: Region) -> str:
        """Return a page: a new one, or the last one with its region rewritten."""
        if os.path.lexists(path) and not is_page(path, self.path.stem):
            raise DocumentError(
                "this file is in the place of a page and was not written by footnotary.",
                hint="Move it or rename it; nothing was changed.",
            )
        before = path
        if self.last and not os.path.lexists(path):
            before = self.last.path.with_name(f"{self.last.stem}{suffix}")
        if self.last is None or not is_page(before, before.name.removesuffix(suffix)):
            return write_regions((region,))
        text = read_document(before)
        if self._is_replaced(text, suffix):
            return write_regions((region,))
        return refreshed(text, (region,), force=self.force)

    def _is_replaced(self, text: str, suffix: str) -> bool:
        """Tell whether a page has no region, and is replaced whole: nobody has written into it."""
        if any(region.name == _REGION for region in regions_of(text)):
            return False
        said = self.earlier().get(suffix, b"").decode()
        if self.force or rendered_form(said) == rendered_form(text):
            return True
        raise RegionEdited(
            "the page has no region markers (an earlier version wrote none), and may have been"
            " edited by hand; nothing was changed.",
            diff="",
        )

    def _left(self, path: Path) -> str:
        """Return what is left of a page that the document no longer has: its author's words."""
        text = read_document(path)
        if self._is_replaced(text, path.name.removeprefix(self.path.stem)):
            return ""
        if not self.force and any(region.edited for region in regions_of(text)):
            raise RegionEdited(
                "the document no longer has this page, which was edited by hand;"
                " nothing was changed.",
                diff="",
            )
        return refreshed(text, (), force=self.force)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name the page in an error about it."""
    try:
        yield
    except DocumentError as error:
        error.message = f"{path.name}: {error.message}"
        error.args = (error.message,)
        raise
