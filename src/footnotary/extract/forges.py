"""Source files at code forges: from the page that shows a file to the file itself. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlsplit

from footnotary.extract.publishers import publisher_of
from footnotary.models import Publisher

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

        Args:
            commit: The whole hash.

        Raises:
            ValueError: It is no whole commit hash.
        """
        if not is_commit(commit):
            raise ValueError(f"{commit!r} is no commit hash")
        return replace(self, ref=commit, ref_kind="commit" if self.ref_kind else "")


def is_commit(text: str) -> bool:
    """Return whether a text is a whole commit hash (SHA-1 or SHA-256).

    Args:
        text: Any text.
    """
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

    Args:
        url: The page.
        own: Hosts of the project's own forges.

    Returns:
        The address at its API; nothing for any other page.
    """
    parts = urlsplit(url)
    project = parts.path.strip("/")
    if publisher_of(url, own or {}) != "gitlab" or "/" not in project or "/-/" in parts.path:
        return ""
    root = f"{parts.scheme}://{parts.netloc}"
    return SourceFile("gitlab", root, project, "HEAD", "README.md", None).api_url


def selected(text: str, lines: tuple[int, int]) -> str:
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
