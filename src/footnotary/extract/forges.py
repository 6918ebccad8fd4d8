"""Publishers whose pages have their text at another address, and which address that is. Pure.

A page of a package index is drawn by a script; its words are in the index's JSON. A DOI and an
arXiv number are names; their metadata is at a registry, and the paper itself may be a PDF.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

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
    """Return the address of a source that was given by its name: `doi:10…`, `arXiv:2301.00001`."""
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
    """Return what a URL's host is, or None for an ordinary site."""
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
    """Return where npm has the latest release alone; nothing for PyPI or a page of a version."""
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
    """Return where arXiv has the PDF of a page's paper, or nothing."""
    parts = urlsplit(url)
    found = _ARXIV_PAGE.match(parts.path) if publisher == "arxiv" else None
    return f"{parts.scheme}://{parts.netloc}/pdf/{found[1]}" if found else ""


_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LINES = re.compile(r"^L(\d{1,7})(?:C\d+)?(?:-L?(\d{1,7})(?:C\d+)?)?$")
_GITHUB = re.compile(r"^/([^/]+/[^/]+)/(?:blob|raw|blame)/(?:refs/(?:heads|tags)/)?([^/]+)/(.+)$")
_GITHUB_RAW = re.compile(r"^/([^/]+/[^/]+)/(?:refs/(?:heads|tags)/)?([^/]+)/(.+)$")
_GITLAB = re.compile(r"^/(.+?)/-/(?:blob|raw|blame)/([^/]+)/(.+)$")
_GITLAB_BEFORE_12 = re.compile(r"^/([^/]+/.+?)/(?:blob|raw|blame)/([^/]+)/(.+)$")
_GITEA = re.compile(r"^/([^/]+/[^/]+)/(?:src|raw|media|blame)/(branch|tag|commit)/([^/]+)/(.+)$")
_RAW_HOST = "raw.githubusercontent.com"
_GITHUB_HOSTS = ("github.com", "www.github.com", _RAW_HOST)


@dataclass(frozen=True)
class SourceFile:
    """A file at a forge.

    Attributes:
        forge: What software the forge runs.
        root: Its address, without a path.
        project: Owner and repository.
        ref: Branch, tag or commit in the URL.
        ref_kind: What the URL of a Gitea says that the ref is; empty elsewhere.
        path: Path in the repository, as the URL has it.
        lines: First and last line that the fragment names, or None.
        fragment: The fragment itself.
    """

    forge: Publisher
    root: str
    project: str
    ref: str
    path: str
    lines: tuple[int, int] | None
    fragment: str = ""
    ref_kind: str = ""

    @property
    def pinned(self) -> bool:
        """Whether the URL names a commit, so that what it shows cannot change."""
        return is_commit(self.ref)

    @property
    def _is_github_com(self) -> bool:
        return (urlsplit(self.root).hostname or "") in _GITHUB_HOSTS

    @property
    def raw_url(self) -> str:
        """Where the file's bytes are."""
        if self.forge == "gitlab":
            return f"{self.root}/{self.project}/-/raw/{self.ref}/{self.path}"
        if self.forge == "gitea":
            return f"{self.root}/{self.project}/raw/{self.ref_kind}/{self.ref}/{self.path}"
        if self._is_github_com:
            return f"https://{_RAW_HOST}/{self.project}/{self.ref}/{self.path}"
        return f"{self.root}/{self.project}/raw/{self.ref}/{self.path}"

    @property
    def api_url(self) -> str:
        """Where the forge's API has the file's bytes; empty at GitHub, whose raw host is open.

        The robots.txt of GitLab and Forgejo keeps crawlers from raw files.
        """
        ref = quote(unquote(self.ref), safe="")
        if self.forge == "gitlab":
            path = quote(unquote(self.path), safe="")
            return f"{self._gitlab_project}/repository/files/{path}/raw?ref={ref}"
        if self.forge == "gitea":
            return f"{self.root}/api/v1/repos/{self.project}/raw/{self.path}?ref={ref}"
        return ""

    @property
    def _gitlab_project(self) -> str:
        return f"{self.root}/api/v4/projects/{quote(unquote(self.project), safe='')}"

    @property
    def page_url(self) -> str:
        """The page that shows the file, at the lines that were named."""
        folder = {"gitlab": "-/blob", "gitea": f"src/{self.ref_kind}"}.get(self.forge, "blob")
        root = "https://github.com" if self._is_github_com else self.root
        page = f"{root}/{self.project}/{folder}/{self.ref}/{self.path}"
        return f"{page}#{self.fragment}" if self.fragment else page

    @property
    def commit_url(self) -> str:
        """Where the forge's API says which commit the ref is."""
        ref = quote(unquote(self.ref), safe="")
        if self.forge == "gitlab":
            return f"{self._gitlab_project}/repository/commits/{ref}"
        if self.forge == "gitea":
            return f"{self.root}/api/v1/repos/{self.project}/commits?sha={ref}&limit=1"
        api = "https://api.github.com" if self._is_github_com else f"{self.root}/api/v3"
        return f"{api}/repos/{self.project}/commits/{ref}"

    def at(self, commit: str) -> "SourceFile":
        """Return the file as it is at a commit.

        Raises:
            ValueError: It is no whole commit hash.
        """
        if not is_commit(commit):
            raise ValueError(f"{commit!r} is no commit hash")
        return replace(self, ref=commit, ref_kind="commit" if self.ref_kind else "")


def is_commit(text: str) -> bool:
    """Return whether a text is a whole commit hash (SHA-1 or SHA-256)."""
    return _COMMIT.fullmatch(text) is not None


def source_file(url: str, own: Mapping[str, Publisher] | None = None) -> SourceFile | None:
    """Return the file that a forge's page shows, or None for any other URL.

    GitHub, GitLab (any host, by its `/-/` paths), Codeberg and other Gitea hosts are known.
    A branch whose name has a slash cannot be told from a folder: give a commit there.

    Args:
        url: The page's address, with a fragment such as `#L10-L20`.
        own: Hosts of the project's own forges: a GitHub Enterprise cannot be told by its paths.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    root = f"{parts.scheme}://{parts.netloc}"
    named = publisher_of(url, own or {})
    if named == "github":
        found = (_GITHUB_RAW if host == _RAW_HOST else _GITHUB).match(parts.path)
        kind: Publisher = "github"
    elif found := _GITLAB.match(parts.path):
        kind = "gitlab"
    elif named == "gitlab":
        found, kind = _GITLAB_BEFORE_12.match(parts.path), "gitlab"
    else:
        found = _GITEA.match(parts.path)
        kind = "gitea"
    if not found:
        return None
    groups = found.groups()
    project, ref, path = groups[0], groups[-2], groups[-1]
    ref_kind = groups[1] if kind == "gitea" else ""
    lines, fragment = _lines(parts.fragment), parts.fragment
    return SourceFile(kind, root, project, ref, path, lines, fragment if lines else "", ref_kind)


def readme_address(url: str, own: Mapping[str, Publisher] | None = None) -> str:
    """Return where GitLab has the README that a project's front page shows by a script.

    Returns:
        The address at its API; nothing for any other page.
    """
    parts = urlsplit(url)
    project = parts.path.strip("/")
    if publisher_of(url, own or {}) != "gitlab" or "/" not in project or "/-/" in parts.path:
        return ""
    root = f"{parts.scheme}://{parts.netloc}"
    return SourceFile("gitlab", root, project, "HEAD", "README.md", None).api_url


def select_lines(text: str, lines: tuple[int, int]) -> str:
    """Return some lines of a text.

    Args:
        text: A file's text as it is in the repository, however its words are shown.
        lines: First and last line, from 1, both included.
    """
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(rows[lines[0] - 1 : lines[1]])


def _lines(fragment: str) -> tuple[int, int] | None:
    """Return the lines that a fragment names, first to last."""
    found = _LINES.match(unquote(fragment))
    if not found:
        return None
    first = int(found[1])
    last = int(found[2] or first)
    return (min(first, last), max(first, last)) if first else None
