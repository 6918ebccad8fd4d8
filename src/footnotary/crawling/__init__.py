"""A documentation site read into the cache.

What is read is bounded: pages of one host below one path, as its inventory (`objects.inv`) or
sitemap lists them or as its pages link to them; robots.txt is followed. Pages that are kept
already are not asked for again, so that a crawl that ended early goes on where it ended.
"""

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

from packaging.version import InvalidVersion, Version

from footnotary.cache import Cache
from footnotary.crawling.listings import read_inventory, read_sitemap, sitemaps_named
from footnotary.errors import FetchError, OutOfTime, Unreachable
from footnotary.extract.charset import decode
from footnotary.extract.parsing import TooComplex, TooHeavy, parse_html
from footnotary.fetch import Fetches
from footnotary.fetch.urls import normalize_url

INVENTORY, SITEMAP, LINKS, ALONE = "objects.inv", "sitemap.xml", "links", "its address alone"
_MOST_PAGES = 20_000  # that are known at a time
_MOST_ABOVE = 3  # folders above the first page in which an inventory is looked for
_LONGEST, _DEEPEST, _MOST_REPEATED = 500, 15, 2  # characters, segments, and the same segment
_GIVE_UP_AFTER = 5  # pages in a row that nobody answers
_WITH_DIGIT = re.compile(r"[^/\s]*\d[^/\s]*")
# What names a version of an API or a library, and no day: `v2`, `api-v2`, `1.4`, `24.04`.
_OF_A_VERSION = re.compile(
    r"(?i)(?:[a-z]+[-_.])?v\d{1,3}(?:\.\d{1,3})*|\d{1,3}(?:\.(?:\d{1,3}|x))+"
)
_DAYS = (*month_name, *month_abbr, *day_name, *day_abbr, "am", "pm")
_MOMENTS = re.compile(rf"(?i)[^\s]*\d[^\s]*|\b(?:{'|'.join(filter(None, _DAYS))})\b")
_VERSION = re.compile(r"v?(\d+(?:\.\d+)+)(?:\.x)?|v(?=\d)(\d+)")
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
        how: How its pages are known: `objects.inv`, `sitemap.xml`, `links`, or two of them.
        pages: Its pages, as far as they are known.
        stated: The version that it says it is of; empty where it says none.
        package: The library; empty for any other site.
        installed: Its installed version.
        label: What names its address in the library's metadata, such as `documentation`.
    """

    url: str
    scope: CrawlScope
    how: str
    pages: tuple[str, ...]
    stated: str = ""
    package: str = ""
    installed: str = ""
    label: str = ""

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

    def is_beside(self, page: str) -> bool:
        """Return whether a page is below the name of a version that is not the installed one."""
        named = _VERSION.fullmatch(page.removeprefix(self.scope.root).partition("/")[0])
        try:
            installed = Version(self.installed).release
        except InvalidVersion:
            return False
        release = Version(named[1] or named[2]).release if named else ()
        return release != installed[: len(release)]


@dataclass
class CrawlReport:
    """What came of a crawl.

    Attributes:
        documentation: The site.
        read: Pages that were read now.
        kept: Pages that were kept already.
        refused: Pages that could not be read, each with the reason.
        alike: Pages that say what another one says, at an address or a moment of their own: their
            links were not followed.
        left: Pages that are known and not read yet.
        stopped: Why it ended early; empty if it did not.
    """

    documentation: Documentation
    read: int = 0
    kept: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    alike: int = 0
    left: int = 0
    stopped: str = ""


def find_page(address: str, fetcher: Fetches) -> Documentation:
    """Return one page as a site: what is beside it is something else.

    Raises:
        FetchError: It cannot be read.
    """
    first = fetcher.get(address).final_url
    return Documentation(first, CrawlScope(first), ALONE, (first,))


def find_site(
    address: str,
    fetcher: Fetches,
    widest: Callable[[str], str] = lambda url: "",  # noqa: ARG005
) -> Documentation:
    """Find the pages of a documentation site: by its inventory, sitemap, or links.

    An inventory above the first page counts where it lists that page.

    Args:
        address: Its first page.
        fetcher: Reads the web.
        widest: Gives the path that the site is below, where that is not the first page's folder.

    Raises:
        FetchError: Its first page cannot be read.
    """
    first = fetcher.get(address).final_url
    parts = urlsplit(first)
    folder, _, name = parts.path.rpartition("/")
    own = f"{folder}/{name}/" if name and "." not in name else f"{folder}/"
    origin = f"{parts.scheme}://{parts.netloc}"
    scope = CrawlScope(origin + (widest(first) or own))

    def read(url: str) -> bytes:
        return _listed(url, address, fetcher)

    for below in _folders_above(scope.root):
        inventory = read_inventory(read(urljoin(below, INVENTORY)))
        inside = CrawlScope(below)
        pages = _pages(inside, inventory.pages)
        if below != scope.root and _bare(first) not in map(_bare, pages):
            continue
        if pages and inventory.is_whole:
            return Documentation(first, inside, INVENTORY, pages, inventory.stated)
        if pages:  # of what has objects alone
            others = _in_sitemaps(inside, read)
            pages = tuple(dict.fromkeys((*pages, *others)))
            how = f"{INVENTORY} and {SITEMAP}" if others else f"{INVENTORY} and {LINKS}"
            return Documentation(first, inside, how, pages, inventory.stated)
    pages = _in_sitemaps(scope, read)
    if set(map(_bare, pages)) - {_bare(first)}:
        return Documentation(first, scope, SITEMAP, pages)
    return Documentation(first, scope, LINKS, (first,))


def _folders_above(root: str) -> Iterator[str]:
    """Yield a folder and some of those above it, the nearest first."""
    parts = root.rstrip("/").split("/")
    for length in range(len(parts), max(2, len(parts) - _MOST_ABOVE - 1), -1):
        if length > 2:  # noqa: PLR2004  the host's own
            yield "/".join(parts[:length]) + "/"


def _bare(url: str) -> str:
    """Return an address as a page is told from another: without the name of an index."""
    return url.removesuffix("index.html").rstrip("/")


def _in_sitemaps(scope: CrawlScope, read: Callable[[str], bytes]) -> tuple[str, ...]:
    """Return the pages of a scope that its sitemap lists, or that of its host."""
    host = urljoin(scope.root, "/")
    places = dict.fromkeys((urljoin(scope.root, SITEMAP), urljoin(host, SITEMAP)))
    for place in places:
        pages = _pages(scope, read_sitemap(place, read))
        if pages:
            return pages
    for place in sitemaps_named(read(urljoin(host, "robots.txt"))):
        if place not in places and urlsplit(place).netloc == urlsplit(host).netloc:
            pages = _pages(scope, read_sitemap(place, read))
            if pages:
                return pages
    return ()


def _pages(scope: CrawlScope, lines: Iterable[str]) -> tuple[str, ...]:
    """Return the pages of a scope that lines name, each once."""
    found: dict[str, str] = {}
    for line in lines:
        page = scope.page(line)
        if page:
            found.setdefault(_bare(page), page)
    return tuple(found.values())[:_MOST_PAGES]


def _listed(url: str, asked_for: str, fetcher: Fetches) -> bytes:
    """Return a list of pages; nothing where there is none."""
    try:  # not as a page: no search finds it
        return fetcher.get(url, accept="*/*", asked_for=asked_for).body
    except FetchError:
        return b""


def _words_and_links(body: bytes) -> tuple[str, list[str]]:
    """Return a page's title and text and what its links lead to; nothing where parsing has no end.

    Scripts, which may hold the session, are left out of the text.
    """
    try:
        tree = parse_html(decode(body))
    except (TooComplex, TooHeavy, OutOfTime):
        return "", []
    links = [one.attributes.get("href") or "" for one in tree.css("a[href]")]
    tree.strip_tags(["script", "style", "template"])
    return tree.root.text() if tree.root else "", links


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
    known = {_bare(url): url for url in (*site.pages, site.url) if not site.is_beside(url)}
    waiting = deque(known.values())
    failures = 0
    followed: set[bytes] = set()
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
        pages = _new_pages(site, url, body, followed) if body is not None else ()
        report.alike += pages is None
        for page in pages or ():
            is_new = _bare(page) not in known and not site.is_beside(page)
            if is_new and len(known) < _MOST_PAGES:
                known[_bare(page)] = page
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


def _new_pages(
    site: Documentation, url: str, body: bytes, followed: set[bytes]
) -> tuple[str, ...] | None:
    """Return the pages that a page links to, where nothing else lists them.

    Returns:
        None for a page that says what another one said: it is that page at another address, such
        as one with the id of a session in its path, and its links would go on without end. What
        differs in numbers and dates alone, in its address and its text, is such a page too: a
        clock shows another time whenever it is read, and a calendar has a page for each day.
        Versions in the address do not count as such numbers: each version has pages of its own.
    """
    if not site.how.endswith(LINKS):
        return ()
    words, links = _words_and_links(body)
    lasting = " ".join(_MOMENTS.sub(" ", words).split())
    path = urlsplit(url).path
    versions = "/".join(one for one in path.split("/") if _OF_A_VERSION.fullmatch(one))
    shape = f"{_WITH_DIGIT.sub('0', path)}\n{lasting}"
    texts = (f"{versions}\n{one}" for one in (words, shape))
    said = {sha256(one.encode("utf-8", "replace")).digest() for one in texts}
    if said & followed:
        return None
    followed |= said if lasting else set()
    return tuple(filter(None, (site.scope.page(link, url) for link in links)))
