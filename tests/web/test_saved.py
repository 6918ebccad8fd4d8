"""A page saved by hand is read as if its URL had been fetched."""

import pytest

from footnotary.errors import FetchError
from footnotary.fetch.saved import read_saved
from footnotary.models import How
from tables import each_row


@each_row(
    ("name", "data", "media_type"),
    [
        ("a.html", b"<p>x", "text/html"),
        ("a.HTM", b"<p>x", "text/html"),
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a.md", b"# x", "text/markdown"),
        ("a.json", b"{}", "application/json"),
        ("page", b"\n<!DOCTYPE html><p>x", "text/html"),
        ("page", b"%PDF-1.4\n", "application/pdf"),
        ("page.php", b"<html><p>x", "text/html"),
        ("page", b"plain words", "text/plain"),
        ("page", b"\0\1\2", "application/octet-stream"),
    ],
)
def test_the_media_type_is_guessed_from_name_then_content(tmp_path, today, name, data, media_type):
    """Bytes stay as they are, no charset is claimed, and the date is today's."""
    path = tmp_path / name
    path.write_bytes(data)
    response = read_saved(path, "https://Example.com:443/a/../b#c")
    assert response.body == data
    assert response.headers == {"content-type": media_type}
    assert response.how is How.FILE
    assert response.final_url == "https://example.com/b"
    assert response.retrieved_at.date().isoformat() == today


@pytest.mark.parametrize("name", ["page.mhtml", "page"])
def test_a_single_file_page_is_unpacked(tmp_path, name):
    """Chromium saves "webpage, single file" as MHTML; the page inside is what is read."""
    path = tmp_path / name
    path.write_bytes(
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n'
        b"--B\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<p>caf=C3=A9 =3D good</p>\r\n--B\r\nContent-Type: image/png\r\n\r\nx\r\n--B--\r\n"
    )
    response = read_saved(path, "https://example.com/")
    assert "café = good" in response.body.decode()
    assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_what_cannot_be_read_is_one_sentence(tmp_path):
    """Missing, a folder, too large, no page inside, no URL."""
    (tmp_path / "big.html").write_bytes(bytes(2000))
    (tmp_path / "empty.mhtml").write_bytes(b"MIME-Version: 1.0\r\n\r\n")
    for path, url in [
        (tmp_path / "none.html", "https://example.com/"),
        (tmp_path, "https://example.com/"),
        (tmp_path / "big.html", "https://example.com/"),
        (tmp_path / "empty.mhtml", "https://example.com/"),
        (tmp_path / "big.html", "nonsense"),
    ]:
        with pytest.raises(FetchError) as refused:
            read_saved(path, url, max_bytes=1000)
        assert "\n" not in refused.value.message
        assert refused.value.hint
