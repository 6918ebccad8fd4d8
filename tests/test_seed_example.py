"""The seed's own example is refused or flagged at every stage: nobody has seen its quote."""

from http.server import BaseHTTPRequestHandler

import markdown
import pytest

from footnotary.cli.running import exit_code
from test_adopting import served
from test_gate import SEED

QUOTE = (
    "Dependency injection validation outperforms manual validation by 40% in production workloads"
)
CLAIM = "FastAPI dependency injection provides 40% faster validation than manual approaches"


class Benchmarks(BaseHTTPRequestHandler):
    """A page about benchmarks that does not say it; every other address is not there."""

    def do_GET(self):
        """Answer."""
        found = self.path == "/other/"
        words = "FastAPI under Uvicorn is among the fastest Python frameworks available. " * 8
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<title>B</title><p>{words}</p>".encode() if found else b"Not Found")

    def log_message(self, *_):
        """Say nothing."""


@pytest.mark.slow
def test_cite_refuses_it(tmp_path, capsys):
    """The page is not there; or it is, and does not say it: nothing is recorded."""
    with served(Benchmarks) as site:
        for path, code, words in (("benchmarks", 2, "no such page"), ("other", 1, "does not say")):
            asked = [f"{site}/{path}/", "--quote", QUOTE, "--claim", CLAIM, "--allow-private"]
            assert exit_code("cite", [*asked, "--root", str(tmp_path)]) == code
            assert words in capsys.readouterr().err
    assert not (tmp_path / "citations").exists()


def test_check_flags_it(tmp_path, today, capsys):
    """Typed by hand, its source has no record; without its source, it is a claim without one."""
    page = tmp_path / "page.md"
    page.write_text(SEED)
    assert exit_code("doc", ["check", str(page), "--root", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "page.md:1:83: error CIT002" in said
    assert "no machine has seen its quote on https://fastapi.tiangolo.com/benchmarks/" in said
    page.write_text(f"{CLAIM}.\n")
    assert exit_code("doc", ["check", str(page), "--root", str(tmp_path)]) == 1
    assert "warning CLM001" in capsys.readouterr().out


def test_the_site_says_that_there_is_no_record():
    """The reader sees that nobody has checked it."""
    page = markdown.markdown(SEED, extensions=["footnotary"])
    assert "no record" in page
    assert "fn-good" not in page
