"""Bodies out of chunks, one content encoding removed, never past the limit.

Decoders give what they make piece by piece, and nobody asks for the next one once the limit is
passed: a body of two kilobytes can hold two gigabytes.
"""

import codecs
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

from footnotary.errors import ResponseRefused

ACCEPTED = "gzip, deflate, br, zstd"
PIECE = 65_536  # bytes that a decoder makes at a time, or little more
ZSTD_WINDOW_LOG = 23  # 8 MB, the most that RFC 9659 lets a content encoding ask for
LIMIT_HINT = "Raise max-bytes in [tool.footnotary], or cite a saved copy with --file."


class Undecodable(ValueError):
    """The bytes are not what the encoding says."""


class Decoder:
    """Removes one content encoding; this one, none.

    Attributes:
        finished: Whether the encoded stream has come to its proper end.
    """

    finished = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to, in pieces.

        Raises:
            Undecodable: The data is broken.
        """
        yield data


class Gzip(Decoder):
    """RFC 1952, any number of members; what follows the last one is ignored."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self.finished = False
        self._ended = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to."""
        while data and not self._ended:
            try:
                yield self._member.decompress(data, PIECE)
            except zlib.error as error:
                raise Undecodable(str(error)) from None
            self.finished = self._member.eof
            data = self._member.unused_data if self.finished else self._member.unconsumed_tail
            if self.finished:
                self._ended = bool(data) and not data.startswith(b"\x1f")
                self._member = zlib.decompressobj(31)


class Deflate(Decoder):
    """RFC 1950, or bare RFC 1951, which some servers send under the same name."""

    def __init__(self) -> None:
        self._stream: Any = None
        self.finished = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to."""
        if self._stream is None and data:
            is_zlib = data[0] & 0x8F == zlib.DEFLATED  # CMF: method 8, window ≤ 32 KB
            self._stream = zlib.decompressobj(15 if is_zlib else -15)
        while data and not self.finished:
            try:
                yield self._stream.decompress(data, PIECE)
            except zlib.error as error:
                raise Undecodable(str(error)) from None
            self.finished = self._stream.eof
            data = self._stream.unconsumed_tail


class Brotli(Decoder):
    """RFC 7932."""

    def __init__(self) -> None:
        import brotli

        self._error = brotli.error
        self._stream = brotli.Decompressor()
        self.finished = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to."""
        while not self.finished:
            try:
                piece = self._stream.process(data, output_buffer_limit=PIECE)
            except self._error as error:
                raise Undecodable(str(error)) from None
            self.finished = self._stream.is_finished()
            yield piece
            if not piece and self._stream.can_accept_more_data():
                return
            data = b""


class Zstandard(Decoder):
    """RFC 8878 with the window of RFC 9659; any number of frames."""

    def __init__(self) -> None:
        try:
            from compression import zstd  # type: ignore[import-not-found, unused-ignore]
        except ImportError:
            from backports import zstd

        self._zstd: Any = zstd
        self._frame = self._new()
        self.finished = False

    def _new(self) -> Any:
        options = {self._zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG}
        return self._zstd.ZstdDecompressor(options=options)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data decodes to."""
        while data or not self._frame.needs_input:
            try:
                yield self._frame.decompress(data, PIECE)
            except (self._zstd.ZstdError, EOFError) as error:
                raise Undecodable(str(error)) from None
            self.finished = self._frame.eof
            data = b""
            if self.finished:
                data = self._frame.unused_data
                self._frame = self._new()


class Misnamed(Decoder):
    """A name that is no encoding (`utf-8`, `none`, `aws-chunked`): the bytes, if they are text.

    Browsers show such pages (the Fetch standard, "handle content codings"). Bytes that were
    encoded in a way that we do not know are no valid UTF-8.
    """

    def __init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self.finished = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the data.

        Raises:
            Undecodable: It is no text.
        """
        try:
            text = self._utf8.decode(data)
        except UnicodeDecodeError as error:
            raise Undecodable(str(error)) from None
        if "\0" in text:
            raise Undecodable("it is not text")
        self.finished = not self._utf8.getstate()[0]
        yield data


DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": Gzip,
    "x-gzip": Gzip,
    "deflate": Deflate,
    "br": Brotli,
    "zstd": Zstandard,
}


def decode_content(chunks: Iterable[bytes], encoding: str, *, limit: int, host: str) -> bytes:
    """Return a whole body with its content encoding removed.

    Args:
        chunks: The body as it comes over the wire.
        encoding: Content-Encoding; more than one layer is refused.
        limit: Most bytes on the wire and, apart, after decoding.
        host: Whom error messages name.

    Raises:
        ResponseRefused: Larger than the limit, an unknown encoding, broken, or cut short.
    """
    decoder = _decoder(encoding, host)
    body = BytesIO()  # gives its content without a copy
    wire = 0
    for chunk in chunks:
        wire += len(chunk)
        for piece in _fed(decoder, chunk, host, encoding):
            body.write(piece)
            if max(wire, body.tell()) > limit:
                body.close()  # the error may live on, and its traceback with this
                raise too_large(host, limit)
    if wire and not decoder.finished:
        raise ResponseRefused(
            f"The answer of {host} was cut short: its {encoding} stream has no end.",
            hint="Try again later.",
        )
    return body.getvalue()


def _decoder(encoding: str, host: str) -> Decoder:
    """Return what removes an encoding."""
    layers = [name.strip().lower() for name in encoding.split(",")]
    layers = [name for name in layers if name not in ("", "identity")]
    if len(layers) > 1:
        raise unknown(host, encoding)
    return DECODERS.get(layers[0], Misnamed)() if layers else Decoder()


def _fed(decoder: Decoder, chunk: bytes, host: str, encoding: str) -> Iterator[bytes]:
    """Yield what a chunk decodes to."""
    try:
        yield from decoder.feed(chunk)
    except Undecodable as error:
        if isinstance(decoder, Misnamed):
            raise unknown(host, encoding) from None
        raise ResponseRefused(
            f"{host} sent a body that is no {encoding} ({error}).",
            hint="Cite a saved copy with --file.",
        ) from None


def unknown(host: str, encoding: str) -> ResponseRefused:
    """Return the error for an encoding that is not read, or for several."""
    return ResponseRefused(
        f"{host} sent its page in an encoding that is not read: {encoding[:60]!r}.",
        hint="Cite a saved copy with --file.",
    )


def too_large(host: str, limit: int) -> ResponseRefused:
    """Return the error for a body over the limit."""
    return ResponseRefused(
        f"The page of {host} is larger than {limit / 1_000_000:g} MB.", hint=LIMIT_HINT
    )
