"""Bytes to text by the rules of the web: BOM, then header, then a prescan of `<meta>`.

WHATWG HTML, "Determining the character encoding", and WHATWG Encoding for the labels
(`iso-8859-1` means windows-1252, and so on).
"""

import codecs
import re

from webencodings import lookup

PRESCAN_BYTES = 65_536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)  # an open one hides the rest
_META = re.compile(rb"<meta[\s/][^>]*>", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([^\s"'/>;]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]+)["']""")
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';]+)""", re.IGNORECASE)
# The code page of a language's older pages where nothing is declared (WHATWG HTML,
# table of suggested defaults by locale).
_BY_LANGUAGE = {
    "ja": "cp932",
    "ko": "cp949",
    "zh": "gb18030",
    "ru": "cp1251",
    "uk": "cp1251",
    "bg": "cp1251",
    "pl": "iso8859-2",
    "cs": "cp1250",
    "hu": "iso8859-2",
    "tr": "cp1254",
    "el": "iso8859-7",
    "he": "cp1255",
    "ar": "cp1256",
    "th": "cp874",
}
_LANG = re.compile(rb"""<html[^>]*?\slang\s*=\s*["']?([a-z]{2})""", re.IGNORECASE)
_PYTHON_NAMES = {"gbk": "gb18030", "gb2312": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932"}


def decode(body: bytes, content_type: str = "", *, markup: bool = True) -> str:
    """Return a body as text; bytes that the encoding lacks become U+FFFD.

    Args:
        body: The body.
        content_type: The `Content-Type` header, for its charset.
        markup: Whether the body is HTML or XML, which can name its encoding inside.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    return body.decode(encoding_of(body, content_type, markup=markup), "replace")


def encoding_of(body: bytes, content_type: str = "", *, markup: bool = True) -> str:
    """Return the Python codec for a body without a byte order mark.

    A declared UTF-8 that the bytes plainly are not gives way to nothing: browsers show
    replacement characters, and so do we. Where nothing is declared, valid UTF-8 is
    UTF-8, and the rest is read by the page's language.
    """
    header = _HEADER_CHARSET.search(content_type)
    declared = _codec(header[1]) if header else ""
    if not declared and markup:
        declared = _prescanned(body[:PRESCAN_BYTES])
    if declared:
        return declared
    return _guessed(body)


def _prescanned(head: bytes) -> str:
    """Return the codec that `<meta>` or the XML declaration names, or nothing."""
    if head.startswith((b"<\0?\0", b"\0<\0?")):
        return "utf-16-le" if head[0] else "utf-16-be"
    for meta in _META.finditer(_COMMENT.sub(b"", head)):
        named = _META_CHARSET.search(meta[0])
        codec = _codec(named[1].decode("latin-1")) if named else ""
        if codec:
            return "utf-8" if codec.startswith("utf_16") else codec
    xml = _XML_ENCODING.match(head)
    codec = _codec(xml[1].decode("latin-1")) if xml else ""
    return "utf-8" if codec.startswith("utf_16") else codec


def _guessed(body: bytes) -> str:
    """Return the codec for a body that declares none."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A body cut in the middle of its last character is still UTF-8.
        if error.start >= len(body) - 3 and error.start > 0:
            return "utf-8"
    else:
        return "utf-8"
    language = _LANG.search(body[:PRESCAN_BYTES])
    return _BY_LANGUAGE.get(language[1].decode().lower(), "cp1252") if language else "cp1252"


def _codec(label: str) -> str:
    """Return the Python codec for a WHATWG label, or nothing for an unknown one."""
    try:
        encoding = lookup(label.strip())
    except (LookupError, UnicodeError):
        return ""
    if encoding is None:
        return ""
    name: str = encoding.codec_info.name.replace("-", "_")
    if encoding.name == "x-user-defined":
        return "cp1252"
    return _PYTHON_NAMES.get(name, name)
