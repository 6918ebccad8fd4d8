"""Source files at code forges: from the page that shows a file to the file itself. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_COMMIT = re.compile(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
_LINES = re.compile(r"^L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?$")
_GITHUB = re.compile(r"^/([^/]+)/([^/]+)/(?:blob|raw|blame)/([^/]+)/(.+)$")
_GITHUB_RAW = re.compile(r"^/([^/]+)/([^/]+)/(?:refs/(?:heads|tags)/)?([^/]+)/(.+)$")
_GITLAB = re.compile(r"^/(.+?)/-/(?:blob|raw|blame)/([^/]+)/(.+)$")
_GITEA = re.compile(r"^/([^/]+/[^/]+)/(?:src|raw)/(branch|tag|commit)/([^/]+)/(.+)$")
_RAW_HOST = "raw.githubusercontent.com"
_LARGEST_LINE = 10_000_000


@dataclass(frozen=True)
class SourceFile:
    """A file at a forge.

    Attributes:
        raw_url: Where its bytes are.
        project: Owner and repository.
        ref: Branch, tag or commit in the URL.
        path: Path in the repository.
        lines: First and last line that the fragment names, or None.
    """

    raw_url: str
    project: str
    ref: str
    path: str
    lines: tuple[int, int] | None

    @property
    def pinned(self) -> bool:
        """Whether the URL names a commit, so that what it shows cannot change."""
        return _COMMIT.match(self.ref) is not None

    def at(self, commit: str) -> str:
        """Return the raw URL at a commit.

        Args:
            commit: The whole hash, as the forge's `ETag`, API or `git ls-remote` gives it.

        Raises:
            ValueError: It is no whole commit hash.
        """
        if not _COMMIT.match(commit):
            raise ValueError(f"{commit!r} is no commit hash")
        head, tail = self.raw_url[: -len(self.path)], self.raw_url[-len(self.path) :]
        head = head.replace("/raw/branch/", "/raw/commit/").replace("/raw/tag/", "/raw/commit/")
        return head[: head.rindex(self.ref)] + commit + "/" + tail


def source_file(url: str) -> SourceFile | None:
    """Return the file that a forge's page shows, or None for any other URL.

    GitHub, GitLab (any host, by its `/-/` paths), Codeberg and other Gitea hosts are known.
    A branch whose name has a slash cannot be told from a folder: give a commit there.

    Args:
        url: The page's address, with a fragment such as `#L10-L20`.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    lines = _lines(parts.fragment)
    root = f"{parts.scheme}://{parts.netloc}"
    if host in ("github.com", "www.github.com"):
        found = _GITHUB.match(parts.path)
        if found:
            owner, name, ref, path = found.groups()
            raw = f"https://{_RAW_HOST}/{owner}/{name}/{ref}/{path}"
            return SourceFile(raw, f"{owner}/{name}", ref, path, lines)
    elif host == _RAW_HOST:
        found = _GITHUB_RAW.match(parts.path)
        if found:
            owner, name, ref, path = found.groups()
            return SourceFile(f"{root}{parts.path}", f"{owner}/{name}", ref, path, lines)
    elif found := _GITLAB.match(parts.path):
        project, ref, path = found.groups()
        return SourceFile(f"{root}/{project}/-/raw/{ref}/{path}", project, ref, path, lines)
    elif found := _GITEA.match(parts.path):
        project, kind, ref, path = found.groups()
        return SourceFile(f"{root}/{project}/raw/{kind}/{ref}/{path}", project, ref, path, lines)
    return None


def selected(text: str, lines: tuple[int, int]) -> str:
    """Return some lines of a text.

    Args:
        text: A file's text.
        lines: First and last line, from 1, both included.
    """
    return "\n".join(text.split("\n")[lines[0] - 1 : lines[1]])


def _lines(fragment: str) -> tuple[int, int] | None:
    """Return the lines that a fragment names, first to last."""
    found = _LINES.match(unquote(fragment))
    if not found or len(fragment) > len(str(_LARGEST_LINE)) * 3:
        return None
    first = int(found[1])
    last = int(found[2] or first)
    return (min(first, last), max(first, last)) if first else None
