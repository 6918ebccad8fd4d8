"""Bytes to text by the rules of the web: BOM, then header, then a prescan of `<meta>`.

WHATWG HTML, "Determining the character encoding", and WHATWG Encoding for the labels
(`iso-8859-1` means windows-1252, and so on).
"""

import codecs
import re

from webencodings import lookup

from footnotary.extract.legacy import decoded
from footnotary.extract.prescan import labels

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML_ENCODING = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]+)["']""")
_HEADER_CHARSET = re.compile(
    r"""(?:^|[;,])\s*charset\s*=\s*(?:"([^"]*)|'?([^\s"';,]+))""", re.IGNORECASE
)
# What a language's older pages are written in where nothing is declared; the first is the
# default (WHATWG HTML, table of suggested defaults by locale), the others are recognised.
_BY_LANGUAGE = {
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5hkscs"),
    "ru": ("cp1251", "koi8_r", "iso8859_5", "cp866"),
    "uk": ("cp1251", "koi8_u"),
    "bg": ("cp1251",),
    "pl": ("iso8859_2", "cp1250"),
    "cs": ("cp1250", "iso8859_2"),
    "hu": ("iso8859_2", "cp1250"),
    "tr": ("cp1254",),
    "el": ("iso8859_7", "cp1253"),
    "he": ("cp1255", "iso8859_8"),
    "ar": ("cp1256", "iso8859_6"),
    "th": ("cp874",),
}
# Of what is written in Latin letters few bytes tell: it is Western by default.
_EAST_ASIAN = frozenset(("ja", "ko", "zh"))
_OTHER_LETTERS = frozenset(("ru", "uk", "bg", "el", "he", "ar", "th"))
_BY_PAIRS = frozenset(codec for name in _EAST_ASIAN for codec in _BY_LANGUAGE[name])
_BY_LETTERS = frozenset(codec for name in _OTHER_LETTERS for codec in _BY_LANGUAGE[name])
_LANG = re.compile(rb"""<html[^>]*?\slang\s*=\s*["']?([a-z]{2})""", re.IGNORECASE)
_HIGH = bytes(range(0x80, 0x100))
_HEAD = 65_536  # bytes in which `<html lang>` stands
_SAMPLE = 200_000  # bytes from which an encoding is recognised
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(rb"[\x80-\xff]{3,}")  # in Latin letters hardly any has three accents in a row
_PYTHON_NAMES = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}


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
    return decoded(body, encoding_of(body, content_type, markup=markup))


def encoding_of(body: bytes, content_type: str = "", *, markup: bool = True) -> str:
    """Return the Python codec for a body without a byte order mark.

    A declared UTF-8 that the bytes plainly are not gives way to nothing: browsers show
    replacement characters, and so do we. Where nothing is declared, valid UTF-8 is
    UTF-8, and the rest is recognised by its letters, within what the page's language is
    written in.
    """
    declared = _in_header(content_type)
    if not declared and markup:
        is_xml = "xml" in content_type.partition(";")[0].lower()
        declared = _in_xml(body) if is_xml else _in_html(body)
    return declared or _guessed(body)


def declares_utf16(content_type: str) -> bool:
    """Return whether a header says UTF-16, in which NUL bytes are letters.

    Args:
        content_type: The `Content-Type` header.
    """
    return _in_header(content_type).startswith("utf_16")


def _in_header(content_type: str) -> str:
    """Return the codec that a header names, or nothing."""
    header = _HEADER_CHARSET.search(content_type)
    return _codec(header[1] or header[2] or "") if header else ""


def _in_html(body: bytes) -> str:
    """Return the codec that `<meta>` or else the XML declaration names, or nothing."""
    if body.startswith((b"<\0?\0", b"\0<\0?")):
        return "utf_16_le" if body[0] else "utf_16_be"
    for label in labels(body):
        if codec := _codec(label.decode("latin-1")):
            return _in_ascii(codec)
    return _declared_xml(body)


def _in_xml(body: bytes) -> str:
    """Return the codec of XML: what it declares, UTF-8, or what its `<meta>` says if it is none."""
    declared = _declared_xml(body)
    return declared or ("utf-8" if _is_utf8(body) else _in_html(body))


def _declared_xml(body: bytes) -> str:
    """Return the codec that the XML declaration names, or nothing."""
    xml = _XML_ENCODING.match(body)
    return _in_ascii(_codec(xml[1].decode("latin-1"))) if xml else ""


def _in_ascii(codec: str) -> str:
    """Return a codec; UTF-8 for UTF-16, in which the declaration could not have been read."""
    return "utf-8" if codec.startswith("utf_16") else codec


def _is_utf8(body: bytes) -> bool:
    """Return whether bytes are UTF-8; they may be cut in the middle of the last character."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(body) - 3 and error.start > 0
    return True


def _guessed(body: bytes) -> str:
    """Return the codec for a body that declares none."""
    if _is_utf8(body):
        return "utf-8"
    language = _LANG.search(body[:_HEAD])
    expected = _BY_LANGUAGE.get(language[1].decode().lower(), ()) if language else ()
    recognised = _recognised(body)
    if expected:
        return recognised if recognised in expected else expected[0]
    if recognised in _BY_PAIRS or (recognised in _BY_LETTERS and _has_foreign_words(body)):
        return recognised
    return "cp1252"


def _has_foreign_words(body: bytes) -> bool:
    """Return whether the bytes that are not ASCII mostly stand together, as letters of words."""
    within = sum(map(len, _WORD.findall(body)))
    return 2 * within > len(body) - len(body.translate(None, _HIGH))


def _recognised(body: bytes) -> str:
    """Return the codec that the letters speak for, or nothing."""
    from chardet import detect  # 70 ms; few pages leave it open

    first = _NOT_ASCII.search(body)
    start = max(0, (first.start() if first else 0) - 2_000)
    named = detect(body[start : start + _SAMPLE])["encoding"]
    try:
        codec = codecs.lookup(named).name.replace("-", "_") if named else ""
    except LookupError:
        return ""
    return _PYTHON_NAMES.get(codec, codec)


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


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
# Control characters as numeric character references, which a parser resolves like any other.
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|11|1[4-9]|2\d|3[01]|127)(?!\d)"
    r"|[xX]0*(?:[0-8bBeEfF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F]));?"
)
_CONTROL_BYTES = bytes((*range(9), 0x0B, *range(0x0E, 0x20)))


def without_controls(source: str) -> str:
    """Return text without control characters, which `html_text` uses as marks."""
    return _CONTROL.sub("", source) if _CONTROL.search(source) else source


def without_control_references(source: str) -> str:
    """Return markup without references to control characters: nobody sees them.

    They could pass for the marks of `html_text`, and would steer a terminal.

    Args:
        source: A page's markup.
    """
    return _CONTROL_REFERENCE.sub("", source) if _CONTROL_REFERENCE.search(source) else source


def has_controls(body: bytes) -> bool:
    """Return whether a body may have control characters.

    No encoding of the web makes one of another byte, and bytes are looked through ten times
    as fast as text.

    Args:
        body: A page as it came.
    """
    return len(body.translate(None, _CONTROL_BYTES)) != len(body)
