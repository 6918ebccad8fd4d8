"""The documentation of a library as installed in a project, or of any site, read into the cache.

What is read is bounded: pages of one host below one path, as its inventory (`objects.inv`) or
sitemap lists them or as its pages link to them; robots.txt is followed. Pages that are kept
already are not asked for again, so that a crawl that ended early goes on where it ended.
"""

import re
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from footnotary.cache import Cache
from footnotary.errors import FetchError, OutOfTime, Unreachable, UsageError
from footnotary.extract.charset import decode
from footnotary.extract.parsing import TooComplex, TooHeavy, parse_html
from footnotary.fetch import Fetches
from footnotary.fetch.urls import normalize_url
from footnotary.probe.interpreter import environment_folders, find_interpreter
from footnotary.project import Project
from footnotary.readers.distributions import Distribution, Environment

INVENTORY, SITEMAP, LINKS = "objects.inv", "sitemap.xml", "links"
_MAGIC = b"# Sphinx inventory version 2"
_MOST_BYTES = 20_000_000  # of an inventory, unpacked
_MOST_PAGES = 20_000  # that are known at a time
_MOST_SITEMAPS = 20
_LONGEST, _DEEPEST, _MOST_REPEATED = 500, 15, 2  # characters, segments, and the same segment
_GIVE_UP_AFTER = 5  # pages in a row that nobody answers
_LABELS = ("documentation", "docs", "doc", "readthedocs", "manual", "reference", "homepage")
_FORGES = {"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "pypi.org"}
_MOVING = {"latest", "stable", "main", "master", "dev", "current"}
_NO_PAGE = re.compile(
    r"\.(?:css|js|json|xml|inv|png|jpe?g|gif|svg|webp|ico|woff2?|ttf|zip|gz|bz2|xz|whl|exe|mp4"
    r"|webm|mp3|epub|ipynb|map|rss|atom)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CrawlScope:
    """Where a crawl may go: one host, and what lies below one path of it."""

    root: str

    def page(self, url: str, base: str = "") -> str:
        """Return the address of a page of this scope; empty for anything else.

        Queries, fragments and path parameters are left out: calendars and sessions have no end.
        """
        try:
            parts = urlsplit(normalize_url(urljoin(base or self.root, url.strip())))
        except ValueError:
            return ""
        path = parts.path.partition(";")[0]
        segments = [one for one in path.split("/") if one]
        found = f"{parts.scheme}://{parts.netloc}{path}"
        endless = len(segments) > _DEEPEST or any(
            segments.count(one) > _MOST_REPEATED for one in set(segments)
        )
        if len(found) > _LONGEST or endless or _NO_PAGE.search(path):
            return ""
        return found if found.startswith(self.root) or found == self.root.rstrip("/") else ""


@dataclass(frozen=True)
class Documentation:
    """A documentation site.

    Attributes:
        url: Its first page.
        scope: Where a crawl may go.
        how: How its pages are known: `objects.inv`, `sitemap.xml` or `links`.
        pages: Its pages, as far as they are known.
        stated: The version that it says it is of; empty where it says none.
        package: The library; empty for any other site.
        installed: Its installed version.
    """

    url: str
    scope: CrawlScope
    how: str
    pages: tuple[str, ...]
    stated: str = ""
    package: str = ""
    installed: str = ""

    @property
    def is_of_installed(self) -> bool | None:
        """Whether it is of the installed version, or of its series; None where that is unknown."""
        if not (self.installed and self.stated):
            return None
        try:
            stated, installed = Version(self.stated), Version(self.installed)
        except InvalidVersion:
            return None
        return stated == installed or installed.release[: len(stated.release)] == stated.release


@dataclass
class CrawlReport:
    """What came of a crawl.

    Attributes:
        documentation: The site.
        read: Pages that were read now.
        kept: Pages that were kept already.
        refused: Pages that could not be read, each with the reason.
        left: Pages that are known and not read yet.
        stopped: Why it ended early; empty if it did not.
    """

    documentation: Documentation
    read: int = 0
    kept: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    left: int = 0
    stopped: str = ""


def find_library(project: Project, package: str, fetcher: Fetches) -> Documentation:
    """Find the documentation of a library as it is installed in a project.

    Raises:
        UsageError: It is not installed, or names no documentation.
        FetchError: Its documentation cannot be read.
    """
    interpreter = find_interpreter(project, project.python)
    environment = Environment(environment_folders(interpreter))
    found = environment.distributions.get(canonicalize_name(package))
    if found is None:
        raise UsageError(
            f"{package!r} is not installed in {interpreter}.",
            hint="Install it there, name the interpreter by the setting python, or give the address"
            " of its documentation.",
        )
    address = _documentation_url(found)
    if not address:
        raise UsageError(
            f"The metadata of {found.name} {found.version} names no documentation.",
            hint="Give its address: footnotary library https://…",
        )
    site = find_site(address, fetcher)
    named = _of_library(site, found)
    if named.is_of_installed is False:
        named = _of_version(named, found, fetcher) or named
    return named


def _documentation_url(found: Distribution) -> str:
    """Return the address of a library's documentation, as its metadata has it."""
    urls = found.urls
    if (urlsplit(urls.get("homepage", "")).hostname or "") in _FORGES:
        urls = {label: url for label, url in urls.items() if label != "homepage"}
    return next((urls[label] for label in _LABELS if label in urls), "")


def _of_library(site: Documentation, found: Distribution) -> Documentation:
    """Return a site as that of a library."""
    known = (site.url, site.scope, site.how, site.pages, site.stated)
    return Documentation(*known, found.name, found.version)


def _of_version(site: Documentation, found: Distribution, fetcher: Fetches) -> Documentation | None:
    """Return the documentation of the installed version beside that of a moving one, if any."""
    parts = site.scope.root.split("/")
    moving = [n for n, one in enumerate(parts) if n > 2 and one in _MOVING]  # noqa: PLR2004  behind the host
    for name in (found.version, f"v{found.version}") if moving else ():
        at = moving[0]
        address = "/".join([*parts[:at], name, *parts[at + 1 :]])
        try:
            beside = _of_library(find_site(address, fetcher), found)
        except FetchError:
            continue
        if beside.is_of_installed:
            return beside
    return None


def find_site(address: str, fetcher: Fetches) -> Documentation:
    """Find the pages of a documentation site: by its inventory, sitemap, or links.

    Raises:
        FetchError: Its first page cannot be read.
    """
    first = fetcher.get(address).final_url
    parts = urlsplit(first)
    folder, _, name = parts.path.rpartition("/")
    below = f"{folder}/{name}/" if name and "." not in name else f"{folder}/"
    scope = CrawlScope(f"{parts.scheme}://{parts.netloc}{below}")
    listed = _listed(urljoin(scope.root, INVENTORY), address, fetcher)
    stated, lines = read_inventory(listed)
    pages = _pages(scope, lines)
    if pages:
        return Documentation(first, scope, INVENTORY, pages, stated)
    for place in (urljoin(scope.root, SITEMAP), urljoin(scope.root, f"/{SITEMAP}")):
        pages = _pages(scope, _in_sitemap(place, address, fetcher))
        if pages:
            return Documentation(first, scope, SITEMAP, pages)
    return Documentation(first, scope, LINKS, (first,))


def _pages(scope: CrawlScope, lines: Iterable[str]) -> tuple[str, ...]:
    """Return the pages of a scope that lines name, each once."""
    found = dict.fromkeys(page for line in lines if (page := scope.page(line)))
    return tuple(found)[:_MOST_PAGES]


def _listed(url: str, asked_for: str, fetcher: Fetches) -> bytes:
    """Return a list of pages; nothing where there is none."""
    try:  # not as a page: no search finds it
        return fetcher.get(url, accept="*/*", asked_for=asked_for).body
    except FetchError:
        return b""


def read_inventory(body: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the version and the pages of an inventory (Sphinx, `objects.inv`, version 2)."""
    if not body.startswith(_MAGIC):
        return "", ()
    head, packed = body.split(b"\n", 4)[:4], body.split(b"\n", 4)[4:]
    stated = next((one for one in head if one.startswith(b"# Version:")), b"")
    try:
        text = zlib.decompressobj().decompress(packed[0] if packed else b"", _MOST_BYTES)
    except zlib.error:
        return "", ()
    rows = (line.split(" ") for line in text.decode("utf-8", "replace").splitlines())
    pages = dict.fromkeys(_place_in(row) for row in rows)
    version = stated.partition(b":")[2].decode("utf-8", "replace").strip()
    return version, tuple(filter(None, pages))


def _place_in(row: list[str]) -> str:
    """Return the page of a row of an inventory: `name domain:role priority uri display name`.

    Names may hold spaces; the priority is the first number behind the role.
    """
    at = next((n for n in range(2, len(row)) if re.fullmatch(r"-?\d+", row[n])), 0)
    return row[at + 1].partition("#")[0].removesuffix("$") if at and at + 1 < len(row) else ""


def _in_sitemap(place: str, asked_for: str, fetcher: Fetches) -> Iterator[str]:
    """Yield the addresses of a sitemap, and of those that it names (sitemaps.org, 0.9)."""
    waiting, seen = deque([place]), {place}
    while waiting:
        body = _listed(waiting.popleft(), asked_for, fetcher)
        is_index = b"<sitemapindex" in body[: _LONGEST * 4]
        for address in _texts(body, "loc"):
            if not is_index:
                yield address
            elif address not in seen and len(seen) < _MOST_SITEMAPS:
                seen.add(address)
                waiting.append(address)


def _texts(body: bytes, tag: str) -> list[str]:
    """Return the words of elements; none of what cannot be parsed within bounds."""
    try:
        found = parse_html(decode(body)).css(tag)
    except (TooComplex, TooHeavy, OutOfTime):
        return []
    return [one.text() for one in found]


def _links(body: bytes) -> list[str]:
    """Return what the links of a page lead to; none of what cannot be parsed within bounds."""
    try:
        found = parse_html(decode(body)).css("a[href]")
    except (TooComplex, TooHeavy, OutOfTime):
        return []
    return [one.attributes.get("href") or "" for one in found]


def read_site(  # noqa: PLR0913  a crawl and its bounds
    site: Documentation,
    fetcher: Fetches,
    cache: Cache,
    *,
    limit: int,
    progress: Callable[[int, int], None],
    again: bool = False,
) -> CrawlReport:
    """Read the pages of a site into the cache.

    Args:
        site: The site.
        fetcher: Reads the web, over the same cache.
        cache: What is kept; its pages are not asked for again.
        limit: How many pages are read at most.
        progress: Is told how many pages are done, and how many are known.
        again: Read pages again that are kept.
    """
    report = CrawlReport(site)
    known = dict.fromkeys((site.url, *site.pages))
    waiting = deque(known)
    failures = 0
    while waiting:
        url = waiting.popleft()
        stored = None if again else cache.page(url)
        body = cache.body(stored.body_sha256) if stored else None
        if body is not None:
            report.kept += 1
        elif report.read >= limit or report.stopped:
            report.left += 1
            continue
        else:
            failures, body = _read(url, site, fetcher, report, failures)
        for page in _new_pages(site, url, body) if body is not None else ():
            if page not in known and len(known) < _MOST_PAGES:
                known[page] = None
                waiting.append(page)
        progress(len(known) - len(waiting), len(known))
    return report


def _read(
    url: str, site: Documentation, fetcher: Fetches, report: CrawlReport, failures: int
) -> tuple[int, bytes | None]:
    """Read one page; return how many in a row nobody has answered, and its body."""
    try:
        response = fetcher.get(url, asked_for=site.url)
    except FetchError as error:
        report.refused.append((url, error.message))
        failures = failures + 1 if isinstance(error, Unreachable) else 0
        if failures >= _GIVE_UP_AFTER:
            report.stopped = f"{failures} pages in a row could not be reached"
        return failures, None
    if not site.scope.page(response.final_url):
        report.refused.append((url, f"it leads to {response.final_url}, which is elsewhere"))
        return 0, None
    report.read += 1
    return 0, response.body


def _new_pages(site: Documentation, url: str, body: bytes) -> Iterator[str]:
    """Yield the pages that a page links to, where nothing else lists them."""
    if site.how == LINKS:
        yield from filter(None, (site.scope.page(link, url) for link in _links(body)))
