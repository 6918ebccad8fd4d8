"""Publishers whose pages have their text at another address, and which address that is. Pure.

A page of a package index is drawn by a script; its words are in the index's JSON. A DOI and an
arXiv number are names; their metadata is at a registry, and the paper itself may be a PDF.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from footnotary.models import Publisher

KNOWN: dict[str, Publisher] = {
    "github.com": "github",
    "www.github.com": "github",
    "raw.githubusercontent.com": "github",
    "gitlab.com": "gitlab",
    "codeberg.org": "gitea",
    "pypi.org": "pypi",
    "pypi.python.org": "pypi",
    "test.pypi.org": "pypi",
    "www.npmjs.com": "npm",
    "npmjs.com": "npm",
    "doi.org": "doi",
    "dx.doi.org": "doi",
    "www.doi.org": "doi",
    "arxiv.org": "arxiv",
    "www.arxiv.org": "arxiv",
}
"""Hosts that are known; a project's own stand in the setting `publishers`."""

_WIKIMEDIA = re.compile(
    r"(?:^|\.)(?:mediawiki|wiki(?:books|data|media|news|pedia|quote|source|versity|voyage)"
    r"|wiktionary)\.org$"
)
_NPM_REGISTRY = "https://registry.npmjs.org"
_DOI_RESOLVER = "https://doi.org"
_PYPI_PAGE = re.compile(r"^/(?:project|p|pypi)/([\w.-]+)(?:/(?!json/?$)([\w.!+-]+))?/?$")
_PYPI_JSON = re.compile(r"^/pypi/[\w.-]+(?:/[\w.!+-]+)?/json$")
# The parts of GitLab's and Gitea's REST APIs that give one file, or one commit, of one project.
_FORGE_FILES = re.compile(
    r"^/api/(?:v4/projects/[^/]+/repository/(?:files/[^/]+/raw|commits/[^/]+)"
    r"|v1/repos/[^/]+/[^/]+/(?:raw/.+|commits))$"
)
_NPM_PAGE = re.compile(r"^/package/((?:@[\w.-]+/)?[\w.-]+)(?:/v/([\w.+-]+))?/?$")
_DOI = re.compile(r"^/?(10\.\d{4,9}/\S+)$")
_ARXIV_ID = r"((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)"
_ARXIV_PAGE = re.compile(rf"^/(?:abs|pdf|html)/{_ARXIV_ID}(?:\.pdf)?/?$")
_NAMED = re.compile(
    rf"^(?:doi:\s*(?P<doi>10\.\d{{4,9}}/\S+)|arxiv:\s*(?P<arxiv>{_ARXIV_ID}))$", re.IGNORECASE
)


def spelled_out(source: str) -> str:
    """Return the address of a source that was given by its name: `doi:10…`, `arXiv:2301.00001`.

    Args:
        source: What the user typed; anything else is returned as it is.
    """
    named = _NAMED.match(source.strip())
    if named is None:
        return source
    if named["doi"]:
        return f"{_DOI_RESOLVER}/{quote(named['doi'], safe='/():;,.-_')}"
    return f"https://arxiv.org/abs/{named['arxiv']}"


def open_address(url: str) -> str:
    """Return the address of a page that its publisher leaves open to programs.

    Wikimedia's permanent links lead to `/w/index.php`, which its robots.txt closes; the same
    version of the page is at `/wiki/`, which it does not.

    Args:
        url: The page; any other address is returned as it is.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    query = dict(parse_qsl(parts.query))
    if not _WIKIMEDIA.search(host) or parts.path != "/w/index.php":
        return url
    if query.keys() != {"title", "oldid"}:
        return url
    page, version = quote(query["title"].replace(" ", "_"), safe="/:(),"), quote(query["oldid"])
    return urlunsplit(
        (parts.scheme, parts.netloc, f"/wiki/{page}", f"oldid={version}", parts.fragment)
    )


def publisher_of(url: str, own: Mapping[str, Publisher]) -> Publisher | None:
    """Return what a URL's host is, or None for an ordinary site.

    Args:
        url: The address.
        own: The project's own hosts, with their port where they have one.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    return own.get(parts.netloc.lower()) or own.get(host) or KNOWN.get(host)


def is_interface(url: str, own: Mapping[str, Publisher]) -> bool:
    """Return whether a URL is of an interface that its publisher documents for programs.

    robots.txt speaks to crawlers (RFC 9309 §1); PyPI's keeps them from its JSON API, which it
    documents for programs that ask for one project.

    Args:
        url: The address.
        own: The project's own hosts.
    """
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    if root == _NPM_REGISTRY or parts.netloc == "api.github.com":
        return True
    if _FORGE_FILES.match(parts.path):
        return True  # GitLab and Gitea run on any host
    if publisher_of(url, own) == "pypi":
        return _PYPI_JSON.match(parts.path) is not None
    return publisher_of(url, own) in ("github", "gitlab", "gitea") and parts.path.startswith(
        "/api/v"
    )


def package_address(url: str, publisher: Publisher) -> str:
    """Return where a package index has the words of a project's page as JSON, or nothing.

    PyPI's JSON API (`/pypi/NAME/VERSION/json`) and npm's registry (`/NAME/VERSION`).

    Args:
        url: The project's page, of one version or of the latest.
        publisher: What its host is.
    """
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    if publisher == "pypi" and (found := _PYPI_PAGE.match(parts.path)):
        return urljoin(root, "/".join(("/pypi", *filter(None, found.groups()), "json")))
    if publisher == "npm" and (found := _NPM_PAGE.match(parts.path)):
        registry = _NPM_REGISTRY if (parts.hostname or "") in KNOWN else root
        return "/".join((registry, quote(found[1], safe="@"), *filter(None, [found[2]])))
    return ""


def latest_release_address(url: str, address: str) -> str:
    """Return where npm has the latest release alone; nothing for PyPI or a page of a version.

    Args:
        url: The project's page.
        address: Where its index has all of it.
    """
    found = _NPM_PAGE.match(urlsplit(url).path)
    return f"{address}/latest" if found and not found[2] else ""


def registry_address(url: str, publisher: Publisher, own: Mapping[str, Publisher]) -> str:
    """Return where the metadata of a paper is, by content negotiation, or nothing.

    Args:
        url: A DOI's address, or arXiv's page of a paper (whose DOI begins with 10.48550).
        publisher: What its host is.
        own: The project's own hosts: one that is a `doi` resolver is asked for arXiv's papers.
    """
    parts = urlsplit(url)
    if publisher == "doi" and (found := _DOI.match(parts.path)):
        return f"{parts.scheme}://{parts.netloc}/{found[1]}"
    if publisher == "arxiv" and (found := _ARXIV_PAGE.match(parts.path)):
        resolvers = [f"http://{host}" for host, kind in own.items() if kind == "doi"]
        number = re.sub(r"v\d+$", "", found[1])
        return f"{(resolvers or [_DOI_RESOLVER])[0]}/10.48550/arXiv.{number}"
    return ""


def paper_address(url: str, publisher: Publisher) -> str:
    """Return where arXiv has the PDF of a page's paper, or nothing.

    Args:
        url: The page.
        publisher: What its host is.
    """
    parts = urlsplit(url)
    found = _ARXIV_PAGE.match(parts.path) if publisher == "arxiv" else None
    return f"{parts.scheme}://{parts.netloc}/pdf/{found[1]}" if found else ""
