"""Bytes to text as browsers do it: labels, declarations and what their decoders know."""

import base64
import codecs
from itertools import product

import pytest

from footnotary.extract import extract
from footnotary.extract.charset import decode, encoding_of
from footnotary.models import Response, UnreadableReason
from tables import each_row

RUSSIAN = "Привет, мир: проверка кодировки страницы"
JAPANESE = "日本語の文章です。これは文字コードの試験です"
REPLACEMENT = ("iso-2022-kr", "hz-gb-2312", "csiso2022kr", "iso-2022-cn", "replacement")
# label, bytes that lead a pair, bytes that end it, what begins and ends each sequence
PAIRS = [
    ("euc-jp", range(0xA1, 0xFF), range(0xA1, 0xFF), b"", b""),
    ("iso-2022-jp", range(0x21, 0x7F), range(0x21, 0x7F), b"\x1b$B", b"\x1b(B"),
    ("shift_jis", range(0x81, 0xFF), [*range(0x40, 0x7F), *range(0x80, 0xFD)], b"", b""),
    ("gb2312", range(0x81, 0xFF), [*range(0x40, 0x7F), *range(0x80, 0xFF)], b"", b""),
    ("euc-kr", range(0x81, 0xFF), [*range(0x41, 0x5B), *range(0x81, 0xFF)], b"", b""),
    ("koi8-u", range(0x80, 0xFF), b" ", b"", b""),
]


def html(head=b"", words=b"", attributes=b""):
    """Return a page."""
    title = b"<title>t</title>"
    return b"<!doctype html><html%b><head>%b%b</head><body><p>%b" % (attributes, head, title, words)


def page(body, content_type="text/html"):
    """Read a page out of an answer."""
    url = "https://example.com/p"
    headers = {"content-type": content_type}
    return extract(
        Response(url=url, final_url=url, headers=headers, body=body, retrieved_at="2026-11-23")
    )


@pytest.mark.slow
def test_decoders_know_what_chromium_knows(chromium):
    """Every pair of bytes that is a character to a browser is the same one to us."""
    script = """([label, data]) => new TextDecoder(label).decode(
        Uint8Array.from(atob(data), c => c.charCodeAt(0)))"""
    tab = chromium.new_page()
    for label, leads, trails, before, behind in PAIRS:
        sequences = [before + bytes(pair) + behind for pair in product(leads, trails)]
        data = base64.b64encode(b"\n".join(sequences)).decode()
        theirs = tab.evaluate(script, [label, data]).split("\n")
        codec = f"text/plain; charset={label}"
        wrong = [
            (sequence.hex(), their)
            for sequence, their in zip(sequences, theirs, strict=True)
            if "\ufffd" not in their and decode(sequence, codec) != their
        ]
        assert not wrong, label
    tab.close()


@each_row(
    ("head", "content_type"),
    [
        (b"<meta name=d content='how to set charset=koi8-r'><meta charset=windows-1251>", ""),
        (b"<meta data-charset=koi8-r><meta charset=windows-1251>", ""),
        (b"<meta http-equiv=refresh content='9;?charset=koi8-r'><meta charset=windows-1251>", ""),
        (b"<meta name=x content='a > b' charset=windows-1251>", ""),
        (b"<!--><meta charset=windows-1251><!-- -->", ""),
        (b"<!-- <meta charset=koi8-r> --><meta charset=windows-1251>", ""),
        (b"<script>'<meta charset=koi8-r>'</script><meta charset=windows-1251>", ""),
        (b"<style>/*<meta charset=koi8-r>*/</style><meta charset=windows-1251>", ""),
        (b"<title><meta charset=koi8-r></title><meta charset=windows-1251>", ""),
        (b"<link title='<meta charset=koi8-r>'><meta charset=windows-1251>", ""),
        (b"<style>%b</style><meta charset=windows-1251>" % (b"x" * 70_000), ""),
        (b"<meta charset=bogus><meta charset=' windows-1251 '>", ""),
        (b"<META/HTTP-EQUIV=Content-Type CONTENT=text/html;CHARSET=Windows-1251>", ""),
        (b"<meta http-equiv=Content-Type content='charset charset=\"windows-1251\"'>", ""),
        (b"<meta charset=koi8-r>", "; charset='windows-1251'"),
        (b"<meta charset=windows-1251>", "; charset=bogus"),
        (b"<meta charset=windows-1251>", "; xcharset=koi8-r"),
    ],
)
def test_the_declared_encoding_is_the_one_that_browsers_find(head, content_type):
    """Only what is an attribute of a `<meta>` in the head counts, the header before it."""
    body = html(head, RUSSIAN.encode("cp1251"))
    assert RUSSIAN in decode(body, f"text/html{content_type}")


def test_a_declaration_behind_the_head_counts_for_nothing():
    """An article about encodings may show one; browsers look no further than 1,024 bytes."""
    body = html(b"", b"x" * 2000 + b"<meta charset=koi8-r>" + RUSSIAN.encode())
    assert encoding_of(body, "text/html") == "utf-8"


@each_row("codec", ["utf-16-le", "utf-16-be"])
@each_row("media_type", ["text/html", "text/plain"])
def test_utf_16_that_only_the_header_names_is_text(codec, media_type):
    """Its NUL bytes are letters; without the header they are binary, which is no text."""
    words = f"<!doctype html><p>{RUSSIAN * 9}"
    body = words.encode(codec)
    label = codec.replace("16-", "16")
    assert RUSSIAN in page(body, f"{media_type}; charset={label}").text
    assert page(body, media_type).unreadable is UnreadableReason.UNSUPPORTED_TYPE


@each_row("label", REPLACEMENT)
@each_row("media_type", ["text/html", "text/plain"])
def test_encodings_that_nobody_may_read_are_unreadable(label, media_type):
    """The standard's `replacement`: such a page has no text, which says nothing of the quote."""
    found = page(html(b"", b"plain words " * 40), f"{media_type}; charset={label}")
    assert "plain words" not in found.text
    assert found.unreadable is UnreadableReason.TOO_SHORT


@each_row(
    ("words", "codec", "language"),
    [
        (JAPANESE, "shift_jis", b""),
        (JAPANESE, "euc_jp", b""),
        (JAPANESE, "euc_jp", b" lang=ja"),
        (JAPANESE, "shift_jis", b" lang=ja"),
        ("这是一个关于编码的测试页面简体中文内容", "gb18030", b""),
        ("這是一個關於編碼的測試頁面繁體中文內容", "big5", b" lang=zh-TW"),
        ("이것은 인코딩을 시험하는 한국어 문서입니다", "euc_kr", b""),
        (RUSSIAN, "cp1251", b""),
        (RUSSIAN, "koi8_r", b" lang=ru"),
        ("Zażółć gęślą jaźń", "iso8859_2", b" lang=pl"),
        ("Veritaban\u0131 bağlant\u0131s\u0131", "cp1254", b" lang=tr"),
        ("déjà vu café naïve “quoted” – dash", "cp1252", b""),
        ("It costs £5, or 10€, at the café – ½ of it.", "cp1252", b" lang=en"),
        ("déjà vu café naïve", "utf-8", b" lang=ru"),
        ("Müller & Søn® naïve ½ ±5° " * 9, "cp1252", b""),
        ("même à Noël, le cœur " * 9, "cp1252", b" lang=fr"),
        ("puó riprovare píú tardi " * 9, "cp1252", b""),
    ],
)
def test_an_encoding_that_nobody_declares_is_recognised(words, codec, language):
    """Valid UTF-8 is UTF-8; else the letters decide, and Latin ones are Western."""
    nav = b"<nav><a href=/>Home</a> <a href=/docs>Documentation</a></nav>"
    assert words in decode(html(b"", nav + words.encode(codec), language), "text/html")


@each_row(
    ("body", "words"),
    [
        (b"<?xml version='1.0' encoding='windows-1251'?><html><p>%b", RUSSIAN.encode("cp1251")),
        (b"<html><head><meta charset='windows-1251'/></head><p>%b", RUSSIAN.encode()),
        (b"<html><head><meta charset='windows-1251'/></head><p>%b", RUSSIAN.encode("cp1251")),
    ],
)
def test_xhtml_is_what_xml_says_it_is(body, words):
    """The declaration, else UTF-8; `<meta>` only where it cannot be that."""
    assert RUSSIAN in decode(body % words, "application/xhtml+xml")


def test_the_handler_of_japanese_rows_leaves_encoding_alone():
    """It decodes; anything else is the caller's error."""
    with pytest.raises(UnicodeEncodeError):
        "é".encode("ascii", "footnotary.jis")
    assert codecs.decode(b"\xad\xa1\xa1\xc1\xff", "euc_jp", "footnotary.jis") == "①〜\ufffd"
