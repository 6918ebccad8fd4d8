"""Files of repositories as sources: the user's own (`src/app/main.py:10-20`), and at code forges.

The evidence is what git keeps: the hash of the file's blob, and the commit. So drift is
found by content, and a colleague can check the same lines.
"""

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from footnotary import clock, git, line_history
from footnotary.cache import StoredAnswer
from footnotary.counting import counted
from footnotary.errors import FetchError
from footnotary.extract.charset import decode
from footnotary.extract.forges import SourceFile, is_commit, select_lines
from footnotary.extract.plain import json_value
from footnotary.fetch import Fetches
from footnotary.files import is_file, read_regular
from footnotary.models import How, Page, Response

_ADDRESS = re.compile(r"(?P<path>[^:?#\0]+)(?::(?P<first>\d{1,7})(?:-(?P<last>\d{1,7}))?)?")
_MAX_BYTES = 20_000_000
_COUNTED = "Count from 1, first to last: src/app.py:10-20."
_POINTER = b"version https://git-lfs.github.com/spec/"
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
COMMIT = "x-git-commit"  # how the commit travels in a response that came from no server


@dataclass(frozen=True)
class Address:
    """A file of the project, or lines of it.

    Attributes:
        path: Relative to the project's root, with `/`.
        first: First line, 1-based; 0 for the whole file.
        last: Last line.
    """

    path: str
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        """Return it as it is in records."""
        if not self.first:
            return self.path
        lines = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.path}:{lines}"


class LinesMissing(FetchError):
    """The file is there, and shorter than the address says."""


def is_local(url: str) -> bool:
    """Return whether a record's URL is a file of the project."""
    return "://" not in url


def find_local_file(text: str, root: Path, folder: Path | None = None) -> Address | None:
    """Return the file of the project that an argument names, or None for anything else.

    Raises:
        LinesMissing: The first line is 0.
    """
    found = _ADDRESS.fullmatch(text.strip()) if is_local(text) else None
    if found is None:
        return None
    top = root.resolve()
    for base in (folder or root, root):
        path = (base / found["path"]).resolve()
        if is_file(path) and path.is_relative_to(top):
            first = int(found["first"] or 0)
            if found["first"] and not first:
                raise LinesMissing(f"{text.strip()}: Invalid line 0.", hint=_COUNTED)
            relative = PurePosixPath(path.relative_to(top)).as_posix()
            return Address(relative, first, int(found["last"] or first))
    return None


class ProjectSources:
    """A fetcher that reads the project's own files itself and leaves the web to another."""

    def __init__(self, root: Path, web: Fetches, *, max_bytes: int = _MAX_BYTES) -> None:
        self._root = root.resolve()
        self._web = web
        self.publishers = web.publishers
        self.timeout = web.timeout
        self.sheets = web.sheets
        self._max_bytes = max_bytes

    def note_page(self, response: Response, page: Page) -> None:
        """Take notice of a page of the web that was read."""
        self._web.note_page(response, page)

    def still_fresh(self, url: str) -> StoredAnswer | None:
        """Return the kept head of a page; files are cheap enough to be read."""
        return None if is_local(url) else self._web.still_fresh(url)

    def get(self, url: str, *, accept: str = "", asked_for: str = "") -> Response:
        """Return a page, or lines of a file of the project.

        Args:
            url: A URL, or `path:first-last` relative to the project's root.
            accept: For the web.
            asked_for: For the web.

        Raises:
            FetchError: No such file or lines, outside of the project, or not tracked by git;
                or whatever the web says.
        """
        if not is_local(url):
            return self._web.get(url, accept=accept, asked_for=asked_for)
        address = find_local_file(url, self._root)
        if address is None:
            return self._web.get(
                url, accept=accept, asked_for=asked_for
            )  # which says what is wrong with it
        data = _content(self._read(address), address)
        return Response(
            url=url,
            final_url=str(address),
            headers={
                "content-type": "text/plain; charset=utf-8",
                "etag": f'"{self._blob(address) or blob_hash(data)}"',
                COMMIT: self._commit(address),
            },
            body=_lines(data, address),
            retrieved_at=clock.now(),
            how=How.FILE,
        )

    def place_now(self, cited: str, blob: str, commit: str) -> Address | None:
        """Return where cited lines are now, as git knows it.

        Args:
            cited: Their address in the record.
            blob: Git's name of the file's content when they were cited.
            commit: The commit of that time.

        Returns:
            The lines that are in their place; the file alone where git cannot tell which they
            are; None where there is no such file, under another name either.
        """
        found = _ADDRESS.fullmatch(cited)
        if found is None:
            return None
        path = found["path"]
        if not is_file(self._root / path):
            path = line_history.path_now(self._root, commit, path)
        if not path or not found["first"]:
            return Address(path) if path else None
        first = int(found["first"])
        last = int(found["last"] or first)
        lines = line_history.lines_now(self._root, blob, path, first, last)
        return Address(path, *lines) if lines else Address(path)

    def text_of(self, blob: str) -> str | None:
        """Return a content that git has, or None."""
        return line_history.text_of_blob(self._root, blob)

    def _read(self, address: Address) -> bytes:
        """Return a file's bytes."""
        path = self._root / address.path
        try:
            with path.open("rb") as stream:
                data = stream.read(self._max_bytes + 1)
        except OSError as error:
            raise FetchError(
                f"{address.path} cannot be read: {error.strerror or error}.",
                hint="Give a file of this project.",
            ) from None
        if len(data) > self._max_bytes:
            raise FetchError(
                f"{address.path} is larger than {self._max_bytes / 1_000_000:g} MB.",
                hint="Raise max-bytes in [tool.footnotary].",
            )
        return data

    def _blob(self, address: Address) -> str:
        """Return git's name of a file's content; empty where git cannot tell."""
        return "".join(git.blob_names(self._root, [address.path]) or ())

    def _commit(self, address: Address) -> str:
        """Return the commit that the file was read at; empty where there is no repository."""
        tracked = git.tracked(self._root)
        if tracked is None:
            reason, advice = git.refusal(self._root)
            if reason:
                raise FetchError(
                    f"{address.path} cannot be cited: git says: {reason}.",
                    hint=advice or "`git status` says more.",
                )
            return ""
        if address.path not in tracked:
            raise FetchError(
                f"{address.path} is not tracked by git, so nobody else could check it.",
                hint=f"git add {address.path}, or cite another file.",
            )
        repository = git.read_repository(self._root)
        commit = repository.commit if repository else None
        return commit.hash if commit else ""


def read_lines(text: str, root: Path) -> bytes | None:
    """Return the bytes of the lines that an address names; None where they cannot be read."""
    try:
        address = find_local_file(text, root)
        if address is None:
            return None
        return _lines(_content(read_regular(root / address.path, _MAX_BYTES), address), address)
    except (OSError, FetchError):
        return None


def blob_hash(data: bytes) -> str:
    """Return the name that git gives to a file's content (SHA-1 of a blob object)."""
    header = b"blob %d\0" % len(data)
    return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()


def lines_at(text: str, path: str, start: int, end: int) -> Address:
    """Return the address of a stretch of a whole file's text."""
    first = text.count("\n", 0, start) + 1
    return Address(path, first, first + text[start:end].rstrip("\n").count("\n"))


def _content(data: bytes, address: Address) -> bytes:
    """Return what a file says in every clone: UTF-8, and line feeds alone."""
    if data.startswith(_POINTER):
        raise FetchError(
            f"{address.path} is a pointer of Git LFS; its content is not here.",
            hint=f"git lfs pull --include {address.path}",
        )
    for bom, encoding in _WIDE:
        if data.startswith(bom):
            data = data.decode(encoding, "replace").encode()
            break
    return data.replace(b"\r\n", b"\n")


def _lines(data: bytes, address: Address) -> bytes:
    """Return the lines that an address names."""
    if not address.first:
        return data
    lines = data.splitlines(keepends=True)
    if not 1 <= address.first <= address.last <= len(lines):
        raise LinesMissing(
            f"{address.path} is empty."
            if not lines
            else f"{address.path} has {counted(len(lines), 'line')}; there is no {address}.",
            hint=_COUNTED,
        )
    return b"".join(lines[address.first - 1 : address.last])


_COMMIT_ALONE = "application/vnd.github.sha"


def raw(file: SourceFile, fetcher: Fetches) -> Response:
    """Return the answer that has a file's bytes.

    Raises:
        FetchError: Neither the forge's API nor its raw files could be had.
    """
    if not file.api_url:
        return fetcher.get(file.raw_url)
    try:
        return fetcher.get(file.api_url)
    except FetchError as error:
        try:
            return fetcher.get(file.raw_url)  # an API may be closed where files are open
        except FetchError:
            raise error from None


def is_pointer(response: Response) -> bool:
    """Return whether a forge gave Git LFS's pointer to a file in place of the file."""
    return response.body.startswith(_POINTER)


def words_of_lines(response: Response, page: Page, lines: tuple[int, int] | None) -> str:
    """Return the words of some lines, which are counted as the repository has them."""
    if lines is None:
        return ""
    source = decode(response.body, response.headers.get("content-type", ""), markup=False)
    taken = select_lines(source, lines)
    from footnotary.extract.markup import shown_text

    return shown_text(taken).text if page.media_type == "text/markdown" else taken


def pinned_now(file: SourceFile, fetcher: Fetches) -> SourceFile:
    """Return a file at the commit that its branch or tag is now; as it is if nobody tells."""
    accept = _COMMIT_ALONE if file.forge == "github" else "application/json"
    try:
        body = fetcher.get(file.commit_url, accept=accept).body
    except FetchError:
        return file
    text = body[:200].decode("ascii", "replace").strip()
    if not is_commit(text):
        data = json_value(body)
        first = data[0] if isinstance(data, list) and data else data
        named = first if isinstance(first, dict) else {}
        text = str(named.get("id") or named.get("sha") or "")
    return file.at(text) if is_commit(text) else file
