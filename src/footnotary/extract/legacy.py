"""Older encodings as the Encoding standard has them, where Python's decoders know less.

Japanese pages write `①`, `㈱` and waves with characters that JIS X 0208 lacks: the standard's
index has NEC's rows of them, as cp932 does. Compared with Chromium's decoders pair by pair.
"""

import codecs

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
