"""The lists of pages that documentation sites publish: Sphinx inventories and sitemaps."""

import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from footnotary.errors import OutOfTime
from footnotary.extract.charset import decode
from footnotary.extract.parsing import TooComplex, TooHeavy, parse_html

_MAGIC = b"# Sphinx inventory version 2"
_GZIP = b"\x1f\x8b"
_MOST_BYTES = 20_000_000  # of a list, unpacked
_MOST_SITEMAPS = 20
_HEAD = 2_000
_OF_NO_VERSION = "0.0.0"  # what mkdocstrings writes, whatever it is of
_ROW = re.compile(r"(.+?)\s+(\S+)\s+-?\d+\s+?(\S*)\s")
# Sphinx lists them whether they are there or not.
_INDEXES = {"genindex", "modindex", "py-modindex", "search"}


@dataclass(frozen=True)
class Inventory:
    """An inventory (`objects.inv`).

    Attributes:
        stated: The version that it says it is of; empty where it says none.
        pages: The pages that it names, relative to its own place.
        is_whole: Whether it lists pages as such (`std:doc`), and not only those with objects.
    """

    stated: str = ""
    pages: tuple[str, ...] = ()
    is_whole: bool = False


def read_inventory(body: bytes) -> Inventory:
    """Read an inventory (Sphinx, `objects.inv`, version 2); an empty one for anything else."""
    *head, packed = [*body.split(b"\n", 4), b""][:5]
    if not body.startswith(_MAGIC):
        return Inventory()
    try:
        text = zlib.decompressobj().decompress(packed, _MOST_BYTES).decode("utf-8", "replace")
    except zlib.error:
        return Inventory()
    rows = [found for line in text.splitlines() if (found := _ROW.match(f"{line} "))]
    pages = dict.fromkeys(
        row[3].partition("#")[0].removesuffix("$") for row in rows if row[1] not in _INDEXES
    )
    line = next((one for one in head if one.startswith(b"# Version:")), b"")
    stated = line.partition(b":")[2].decode("utf-8", "replace").strip()
    return Inventory(
        stated if stated != _OF_NO_VERSION else "",
        tuple(pages),
        any(row[2] == "std:doc" for row in rows),
    )


def read_sitemap(place: str, read: Callable[[str], bytes]) -> Iterator[str]:
    """Yield the addresses of a sitemap, and of those that it names on its host (sitemaps.org, 0.9).

    Args:
        place: Its address.
        read: Reads a list; nothing where there is none.
    """
    waiting, seen = deque([place]), {place}
    while waiting:
        body = _unpacked(read(waiting.popleft()))
        is_index = b"<sitemapindex" in body[:_HEAD]
        for address in _locations(body):
            if not is_index:
                yield address
            elif address not in seen and len(seen) < _MOST_SITEMAPS:
                seen.add(address)
                if urlsplit(address).netloc == urlsplit(place).netloc:
                    waiting.append(address)


def sitemaps_named(robots: bytes) -> list[str]:
    """Return the sitemaps that a robots.txt names."""
    lines = robots.decode("utf-8", "replace").splitlines()
    fields = (line.partition(":") for line in lines)
    return [value.strip() for name, _, value in fields if name.strip().lower() == "sitemap"]


def _unpacked(body: bytes) -> bytes:
    """Return a list that may be packed (`sitemap.xml.gz`)."""
    if not body.startswith(_GZIP):
        return body
    try:
        return zlib.decompressobj(31).decompress(body, _MOST_BYTES)
    except zlib.error:
        return b""


def _locations(body: bytes) -> list[str]:
    """Return the words of `loc`; none of what cannot be parsed within bounds."""
    text = decode(body).replace("<![CDATA[", "").replace("]]>", "")
    try:
        found = parse_html(text).css("loc")
    except (TooComplex, TooHeavy, OutOfTime):
        return []
    return [one.text().strip() for one in found]
