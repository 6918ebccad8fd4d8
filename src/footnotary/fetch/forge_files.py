"""Files at code forges, asked for: their bytes, their commit, and the lines that are cited."""

from footnotary.errors import FetchError
from footnotary.extract.charset import decode
from footnotary.extract.forges import SourceFile, is_commit, select_lines
from footnotary.extract.markup import shown_text
from footnotary.extract.plain import json_value
from footnotary.fetch import Fetches
from footnotary.models import Page, Response

_COMMIT_ALONE = "application/vnd.github.sha"
_POINTER = b"version https://git-lfs.github.com/spec/"


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
