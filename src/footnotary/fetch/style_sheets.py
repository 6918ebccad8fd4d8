"""The style sheets that a page links: they decide what of it is seen.

They are had as pages are: through the guarded fetcher, politely, out of the cache where it has
them, by the deadline of the page, and within limits of number, size and time. For a saved page
those that lie beside it are read, and nobody is asked.
"""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urljoin

from selectolax.lexbor import LexborHTMLParser

from footnotary.deadline import Deadline, current_deadline, running_deadline
from footnotary.errors import FetchError, HttpStatusError, OutOfTime
from footnotary.extract.charset import decode
from footnotary.extract.css.page_sheets import MOST_SHEETS, linked_sheets
from footnotary.extract.css.sheets import MOST_CHARACTERS
from footnotary.extract.html import is_html
from footnotary.extract.parsing import TooComplex, TooHeavy, keep_tree, parse_html
from footnotary.fetch import Fetches
from footnotary.fetch.semantics import GONE
from footnotary.files import read_regular
from footnotary.models import How, Response

_MOST_BYTES = 3_000_000
"""Most bytes of all linked sheets of a page."""

_CSS = "text/css"
_HEAD = 30_000  # characters, in which a page of very many elements links its sheets
_LARGEST = 5_000_000  # bytes of a page that is looked through for links here
_LONGEST = 10.0  # seconds that all sheets of a page may take
_SHARE = 0.5  # of the page's own time


def with_styles(response: Response, fetcher: Fetches) -> Response:
    """Return an answer with the style sheets that its page links."""
    if response.how is How.FILE:
        return response
    here = current_deadline()
    left = here.remaining() * _SHARE if here is not None else _LONGEST
    deadline = Deadline(min(_LONGEST, max(0.0, left)), response.final_url)

    def had(address: str) -> str | None:
        if not address.startswith(("http://", "https://")) or deadline.remaining() <= 0:
            return None
        known = fetcher.sheets.get(address)
        if known is None:
            with running_deadline(deadline):
                known = _fetched(address, response.url, fetcher)
            if known is not None:
                fetcher.sheets[address] = known
        return known

    return _with(response, had)


def with_saved_styles(response: Response, path: Path) -> Response:
    """Return a saved page with the style sheets that lie beside it."""
    folder = path.resolve().parent
    base = urljoin(response.final_url, ".")

    def had(address: str) -> str | None:
        relative = unquote(address.removeprefix(base).partition("?")[0])
        if not address.startswith(base) or not relative or "\0" in relative:
            return None
        try:
            file = (folder / relative).resolve()
            if not file.is_relative_to(folder):
                return None
            return _text(read_regular(file, MOST_CHARACTERS), _CSS)
        except OSError:
            return None

    return _with(response, had)


def with_packed_styles(response: Response, message: EmailMessage) -> Response:
    """Return a page out of an MHTML file with the style sheets that were saved with it."""
    packed: dict[str, str] = {}
    for part in message.walk():
        body = part.get_payload(decode=True) if part.get_content_type() == _CSS else None
        if isinstance(body, bytes) and len(body) <= MOST_CHARACTERS:
            address = str(part.get("content-location", "")).strip()
            packed[address] = _text(body, str(part.get("content-type", _CSS)))
    return _with(response, packed.get)


def _with(response: Response, had: Callable[[str], str | None]) -> Response:
    """Return an answer with the sheets that its page needs and that are had."""
    body = response.body.lower()
    if not (b"stylesheet" in body or b"@import" in body) or not is_html(response):
        return response
    source = decode(response.body[:_LARGEST], response.headers.get("content-type", ""))
    parsed = _parsed(source)
    if parsed is None:
        return response
    source, tree = parsed
    styles: dict[str, str] = {}
    tried: set[str] = set()
    size = 0
    while wanted := [
        one for one in linked_sheets(tree, response.final_url, styles) if one not in tried
    ]:
        for address in wanted:
            tried.add(address)
            text = had(address) if len(tried) <= MOST_SHEETS and size < _MOST_BYTES else None
            if text is not None and len(text) <= MOST_CHARACTERS:
                size += len(text)
                styles[address] = text
    keep_tree(source, tree)
    return response.model_copy(update={"styles": styles}) if styles else response


def _parsed(source: str) -> tuple[str, LexborHTMLParser] | None:
    """Return a page with its tree, or its head where all of it is parsed elsewhere."""
    for part in (source, source[:_HEAD]):
        try:
            return part, parse_html(part)
        except TooHeavy:
            continue
        except TooComplex:
            return None
    return None


def _fetched(address: str, asked_for: str, fetcher: Fetches) -> str | None:
    """Return a sheet; an empty one for what is none in a browser either, None for no answer."""
    try:
        answer = fetcher.get(address, accept="text/css,*/*;q=0.1", asked_for=asked_for)
    except HttpStatusError as error:
        return "" if error.status in GONE else None
    except (FetchError, OutOfTime):
        return None
    if answer.media_type not in (_CSS, ""):
        return ""
    return _text(answer.body, answer.headers.get("content-type", ""))


def _text(body: bytes, content_type: str) -> str:
    """Return a sheet's text (CSS Syntax 3, section 3.2)."""
    label = content_type.partition("charset=")[2].strip("\"' ;").lower() or "utf-8"
    if body.startswith(b"\xef\xbb\xbf"):
        label = "utf-8"
    try:
        return body.decode(label, "replace").removeprefix("\ufeff")
    except LookupError:
        return body.decode("utf-8", "replace")
