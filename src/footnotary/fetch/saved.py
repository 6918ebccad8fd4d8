"""A page that the user saved by hand, for what no program may fetch."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from footnotary import clock
from footnotary.errors import FetchError
from footnotary.fetch.urls import parse
from footnotary.models import How, Response

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xht": "application/xhtml+xml",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".json": "application/json",
    ".xml": "application/xml",
    ".pdf": "application/pdf",
    ".mhtml": "multipart/related",
    ".mht": "multipart/related",
    ".txt": "text/plain",
    ".rst": "text/x-rst",
    ".adoc": "text/asciidoc",
    ".ipynb": "application/x-ipynb+json",
    ".svg": "image/svg+xml",
}
_MAX_BYTES = 20_000_000


def read_saved(path: Path, url: str, *, max_bytes: int = _MAX_BYTES) -> Response:
    """Read a saved page as if its URL had been fetched now.

    Args:
        path: HTML, XHTML, MHTML ("webpage, single file"), PDF, Markdown, JSON or text.
        url: Where the user saved it from; it is not asked, so any host and port will do.
        max_bytes: Largest file that is read.

    Returns:
        The response, with `how` = file. The bytes are kept as they are and no charset is
        claimed: saved pages say it inside.

    Raises:
        FetchError: The file cannot be read, or is too large; the URL is none.
    """
    final_url = parse(url, any_port=True).href
    data = _read(path, max_bytes)
    media_type = MEDIA_TYPES.get(path.suffix.lower()) or _sniffed(data)
    message = None
    if media_type == "multipart/related":
        message = BytesParser(policy=policy.default).parsebytes(data)
        media_type, data = _unpacked(path, message)
    response = Response(
        url=url,
        final_url=final_url,
        status=200,
        headers={"content-type": media_type},
        body=data,
        retrieved_at=clock.now(),
        how=How.FILE,
    )
    from footnotary.fetch.style_sheets import with_packed_styles, with_saved_styles

    if message is not None:
        return with_packed_styles(response, message)
    return with_saved_styles(response, path)


def _read(path: Path, max_bytes: int) -> bytes:
    """Return a file's bytes."""
    try:
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise FetchError(
            f"{path} cannot be read: {error.strerror or error}.",
            hint="Give the path of a page that you saved from your browser.",
        ) from None
    if len(data) > max_bytes:
        raise FetchError(
            f"{path} is larger than {max_bytes / 1_000_000:g} MB.",
            hint="Raise max-bytes in [tool.footnotary].",
        )
    return data


def _sniffed(data: bytes) -> str:
    """Return the media type that the first bytes speak for."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf-"):
        return "application/pdf"
    if head.startswith(b"<?xml") and b"<html" not in head:
        return "application/xml"
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<?xml")):
        return "text/html"
    if b"\nmime-version:" in head and b"multipart/related" in head:
        return "multipart/related"
    return "application/octet-stream" if b"\0" in head else "text/plain"


def _unpacked(path: Path, message: EmailMessage) -> tuple[str, bytes]:
    """Return media type and bytes of the page inside an MHTML file (RFC 2557)."""
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                charset = part.get_content_charset()
                suffix = f"; charset={charset}" if charset else ""
                return part.get_content_type() + suffix, body
    raise FetchError(
        f"{path} holds no web page.", hint='Save the page as "HTML" and give that file.'
    )
