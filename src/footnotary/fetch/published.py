"""Sources that are read elsewhere than at the address that people cite.

A paper is cited by its number (`doi:10.1000/182`, `arXiv:2301.00001v2`), and a package by its
project page, which shows programs a challenge or nothing: its index gives the same text by
its JSON API. What is cited stays the address; where the text came from is `text_url`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from footnotary.cache import Stored
from footnotary.errors import ResponseRefused
from footnotary.extract.packages import INDEX, VERSION
from footnotary.fetch.fetcher import Fetcher
from footnotary.models import PackageIndex, Response

DOI_RESOLVER = "https://doi.org/"
DOI_HOSTS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
ARXIV_PAPER = "https://arxiv.org/abs/"
_DOI = re.compile(r"^doi:\s*(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_ARXIV = re.compile(
    r"^arxiv:\s*(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)$", re.IGNORECASE
)
# What a path of a DOI may have unescaped (RFC 3986 §3.3); some have `<`, `#` and `?`.
_SAFE = "/:;()@!$&'*+,=~"
_NPM_PATH = re.compile(r"^((?:@[^/]+/)?[^/@]+)(?:/v/([^/]+))?/?$")
_PYPI_PATH = re.compile(r"^([^/]+)(?:/([^/]+))?/?$")
_NAME = re.compile(r"^(?:@[A-Za-z0-9~_.-]+/)?[A-Za-z0-9~_.-]{1,214}$")
_VERSION = re.compile(r"^[A-Za-z0-9.+!_-]{1,100}$")


# The only place that names package indexes, and only to recognise a page that is cited.
INDEXES = (
    PackageIndex(kind="pypi", pages="https://pypi.org/project/", api="https://pypi.org/pypi/"),
    PackageIndex(
        kind="npm",
        pages="https://www.npmjs.com/package/",
        api="https://registry.npmjs.org/",
    ),
)


@dataclass(frozen=True)
class _Project:
    """A project page that is cited.

    Attributes:
        index: Whose it is.
        name: The package.
        version: Its version, if the address names one.
    """

    index: PackageIndex
    name: str
    version: str

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where its text is; one behind the first is asked where that is too large."""
        api = self.index.api.rstrip("/") + "/"
        if self.index.kind == "pypi":
            release = f"{quote(self.version, safe='')}/" if self.version else ""
            return (f"{api}{quote(self.name, safe='')}/{release}json",)
        package = api + quote(self.name, safe="@")  # npm wants the slash of a scope escaped
        return (package, f"{package}/{quote(self.version or 'latest', safe='')}")


def address_of(text: str) -> str:
    """Return the address that a cited source is recorded under.

    Args:
        text: A DOI as `doi:10.…`, an arXiv number as `arXiv:…`, or anything else, which is
            returned as it is.
    """
    if found := _DOI.match(text.strip()):
        return DOI_RESOLVER + quote(found[1], safe=_SAFE)
    if found := _ARXIV.match(text.strip()):
        return ARXIV_PAPER + found[1]
    return text


def doi_of(url: str) -> str:
    """Return the DOI that an address resolves, arXiv's papers included, or an empty string.

    Args:
        url: An address as it is recorded.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    name = unquote(parts.path).lstrip("/")
    if host in DOI_HOSTS and re.match(r"10\.\d{4,9}/\S", name):
        return name
    if host in ("arxiv.org", "www.arxiv.org", "export.arxiv.org") and name.startswith("abs/"):
        number = re.sub(r"v\d+$", "", name.removeprefix("abs/").rstrip("/"))
        return f"10.48550/arXiv.{number}" if _ARXIV.match(f"arxiv:{number}") else ""
    return ""


class PublishedSources:
    """A fetcher that knows papers by their numbers and packages by their project pages.

    Args:
        web: Reads the web; closed with this.
        doi_resolver: Where DOIs are asked.
        indexes: Package indexes that are known besides the public ones, and before them.
    """

    def __init__(
        self,
        web: Fetcher,
        *,
        doi_resolver: str = DOI_RESOLVER,
        indexes: Iterable[PackageIndex] = (),
    ) -> None:
        self._web = web
        self._doi_resolver = doi_resolver.rstrip("/") + "/"
        self._indexes = (*indexes, *INDEXES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._web.close()

    def still_fresh(self, url: str) -> Stored | None:
        """Return the kept head of a page that need not be asked for; see `Fetcher`."""
        return self._web.still_fresh(self._resolved(url))

    def get(self, url: str, *, accept: str = "") -> Response:
        """Return a page, or the text that its publisher gives in its place.

        Args:
            url: A URL, a DOI or an arXiv number.
            accept: The media types wanted; whatever a browser reads if empty.

        Raises:
            FetchError: It could not be had.
        """
        address = address_of(url)
        project = None if accept else _project(address, self._indexes)
        if project is not None:
            return self._described(address, project)
        response = self._web.get(self._resolved(address), accept=accept)
        return response.model_copy(update={"url": address}) if response.url != address else response

    def _resolved(self, url: str) -> str:
        """Return where an address is asked: DOIs at the resolver of the user's choice."""
        doi = doi_of(url) if self._doi_resolver != DOI_RESOLVER else ""
        is_doi = doi and urlsplit(url).hostname in DOI_HOSTS
        return self._doi_resolver + quote(doi, safe=_SAFE) if is_doi else url

    def _described(self, url: str, project: _Project) -> Response:
        """Return what a package's index says of it, as the answer for its project page."""
        first, *others = project.addresses
        try:
            answer = self._web.get(first)
        except ResponseRefused:  # npm's answer holds every version there ever was
            if not others:
                raise
            answer = self._web.get(others[0])
        given = {INDEX: project.index.kind, VERSION: project.version}
        return answer.model_copy(
            update={
                "url": url,
                "final_url": url.partition("#")[0].partition("?")[0],
                "headers": answer.headers | given,
                "redirects": (),
                "text_url": answer.final_url,
            }
        )


def _project(url: str, indexes: Iterable[PackageIndex]) -> _Project | None:
    """Return the project whose page an address is, or None for any other address."""
    for index in indexes:
        pages = index.pages.rstrip("/") + "/"
        if not url.startswith(pages):
            continue
        path = unquote(url.removeprefix(pages).partition("#")[0].partition("?")[0])
        found = (_NPM_PATH if index.kind == "npm" else _PYPI_PATH).match(path)
        if not found:
            return None
        name, version = found[1], found[2] or ""
        if _NAME.match(name) and (not version or _VERSION.match(version)):
            return _Project(index, name, version)
    return None
