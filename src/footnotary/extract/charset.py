"""Bytes to text by the rules of the web: BOM, then header, then a prescan of `<meta>`.

WHATWG HTML, "Determining the character encoding", and WHATWG Encoding for the labels
(`iso-8859-1` means windows-1252, and so on).
"""

import codecs
import re
from collections.abc import Iterator

from webencodings import lookup

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
_HEAD = 65_536  # bytes in which `<html lang>` is
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
    """Return whether a header says UTF-16, in which NUL bytes are letters."""
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


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Control characters as numeric character references, which a parser resolves like any other.
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|11|1[4-9]|2\d|3[01]|127)(?!\d)"
    r"|[xX]0*(?:[0-8bBeEfF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F]));?"
)
_CONTROL_BYTES = bytes((*range(9), 0x0B, *range(0x0E, 0x20), 0x7F))


def without_controls(source: str) -> str:
    """Return text without control characters, which `html_text` uses as marks."""
    return _CONTROL.sub("", source) if _CONTROL.search(source) else source


def without_control_references(source: str) -> str:
    """Return markup without references to control characters: nobody sees them.

    They could pass for the marks of `html_text`, and would steer a terminal.
    """
    return _CONTROL_REFERENCE.sub("", source) if _CONTROL_REFERENCE.search(source) else source


def has_controls(body: bytes) -> bool:
    """Return whether a body may have control characters.

    No encoding of the web makes one of another byte, and bytes are looked through ten times
    as fast as text.
    """
    return len(body.translate(None, _CONTROL_BYTES)) != len(body)


_WITH_NEC_ROWS = "footnotary.jis"
_JAPANESE = frozenset({"euc_jp", "iso2022_jp"})
_LARGEST = 2_000_000  # bytes; a handler in Python takes two microseconds for each error
_WAVES = {"〜": "～", "‖": "∥", "−": "－", "¢": "￠", "£": "￡", "¬": "￢"}
_CORRECTED = {
    codec: str.maketrans(table)
    for codec, table in {
        "euc_jp": _WAVES,
        "iso2022_jp": _WAVES,
        "koi8_u": {"╝": "ў", "╬": "Ў"},
        "gb18030": {
            "\ue5e5": "\u3000",
            **dict(
                zip("\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793", "︐︒︑︓︔︕︖", strict=True)
            ),
            **dict(zip("\ue794\ue795\ue796\ue7c7", "︗︘︙ḿ", strict=True)),
            **dict(
                zip(
                    "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
                    "龴龵龶龷龸龹龺龻",
                    strict=True,
                )
            ),
        },
    }.items()
}


def decoded(body: bytes, codec: str) -> str:
    """Return bytes as text; what the encoding lacks becomes U+FFFD.

    Args:
        body: The bytes.
        codec: Python's name of the encoding; `replacement` for those that the standard lets
            nobody read, because they hide markup.
    """
    if codec == "replacement":
        return "\ufffd" if body else ""
    has_rows = codec in _JAPANESE and len(body) <= _LARGEST
    text = body.decode(codec, _WITH_NEC_ROWS if has_rows else "replace")
    return text.translate(_CORRECTED[codec]) if codec in _CORRECTED else text


def _nec_row(error: UnicodeError) -> tuple[str, int]:
    """Return the character of a pair of bytes that Python's decoder does not know."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    high = 0x80 if error.encoding == "iso2022_jp" else 0
    pair = bytes(byte | high for byte in error.object[error.start : error.start + 2])
    character = _by_cp932(pair)
    return (character, error.start + 2) if character else ("\ufffd", error.end)


def _by_cp932(pair: bytes) -> str:
    """Return the character at a row and cell of JIS X 0208 (EUC's two bytes), or nothing."""
    if len(pair) != len("ab") or min(pair) <= 0xA0 or max(pair) > 0xFE:  # noqa: PLR2004  rows of 94
        return ""
    row, cell = pair[0] - 0xA1, pair[1] - 0xA1
    lead = 0x81 + row // 2 if row < 62 else 0xC1 + row // 2  # noqa: PLR2004  Shift_JIS's gap
    trail = cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41)  # noqa: PLR2004
    return bytes((lead, trail)).decode("cp932", "ignore")


codecs.register_error(_WITH_NEC_ROWS, _nec_row)


UNCONDITIONAL = 1024
"""Bytes that are looked through whatever is in them; behind them only the head counts."""

_LONGEST = 2_000_000
_TAG = re.compile(rb"<(?:(!--)|[!?]|(/?)([a-zA-Z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    rb"""[\s/]*([^\s/>][^\s/>=]*)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?"""
)
_IN_CONTENT = re.compile(
    rb"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|(?!["'])([^\s;]*))""", re.IGNORECASE
)
_WITHOUT_TAGS = {
    name: re.compile(rb"</%b[\s/>]" % name, re.IGNORECASE)
    for name in (b"script", b"style", b"title")
}
_OF_HEAD = frozenset(
    (b"html", b"head", b"meta", b"link", b"base", b"object", b"noscript", *_WITHOUT_TAGS)
)


def labels(body: bytes) -> Iterator[bytes]:
    """Yield the labels that the `<meta>` elements of a page's head give, in order."""
    position, in_head, end = 0, True, min(len(body), _LONGEST)
    while tag := _TAG.search(body, position, end):
        if not in_head and tag.start() >= UNCONDITIONAL:
            break
        name = (tag[3] or b"").lower()
        if not name:
            position = _behind(body, b"-->" if tag[1] else b">", tag.start() + 2, end)
            continue
        attributes, position = _attributes(body, tag.end(), end)
        if tag[2]:
            in_head = in_head and name in _OF_HEAD and name not in (b"head", b"html")
            continue
        in_head = in_head and name in _OF_HEAD
        if name == b"meta" and (label := _label(attributes)):
            yield label
        if name in _WITHOUT_TAGS:
            closing = _WITHOUT_TAGS[name].search(body, position, end)
            position = closing.start() if closing else end


def _behind(body: bytes, mark: bytes, position: int, end: int) -> int:
    """Return the place behind a mark; the end where there is none."""
    found = body.find(mark, position, end)
    return found + len(mark) if found >= 0 else end


def _attributes(body: bytes, position: int, end: int) -> tuple[dict[bytes, bytes], int]:
    """Return a tag's attributes, the first of each name, and the place behind the tag."""
    attributes: dict[bytes, bytes] = {}
    while found := _ATTRIBUTE.match(body, position, end):
        value = found[2] or found[3] or found[4] or b""
        attributes.setdefault(found[1].lower(), value)
        position = found.end()
    return attributes, _behind(body, b">", position, end)


def _label(attributes: dict[bytes, bytes]) -> bytes:
    """Return the label that one `<meta>` gives, or nothing."""
    if b"charset" in attributes:
        return attributes[b"charset"].strip()
    if attributes.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return b""
    found = _IN_CONTENT.search(attributes.get(b"content", b""))
    return (found[1] or found[2] or found[3] or b"").strip() if found else b""
