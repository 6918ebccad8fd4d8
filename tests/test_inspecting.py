"""`cite match` and `cite inspect`, through the command line."""

import json

import pytest

from footnotary.cli.running import exit_code

HTML = (
    "<html lang=en><title>Retries - Example</title><meta property=og:site_name content=Example>"
    "<meta name=author content='Ann Lee'><meta property='article:published_time'"
    " content='2024-03-05T10:00:00Z'><h1>Retries</h1><p>The limit is 10 requests per minute."
    + "<p>Something else that makes the page long enough to be read. "
    * 6
)


@pytest.fixture
def saved(tmp_path):
    """A folder with one saved page."""
    (tmp_path / "page.html").write_text(HTML, encoding="utf-8")
    return tmp_path


def test_a_batch_of_quotes_is_answered_in_order(saved, capsys):
    """One JSON line a row; a bad one is `error` with its reason; the others are done; exit 2."""
    batch = saved / "quotes.jsonl"
    rows = [
        {"file": "page.html", "url": "https://x.example/a", "quote": "The limit is 10 requests"},
        {"file": "page.html", "url": "https://x.example/a", "quote": "The limit is 1 requests"},
        {"file": "missing.html", "url": "https://x.example/a", "quote": "The limit is 10"},
        {"file": "page.html", "quote": "the limit is 10 requests"},
        {"file": "page.html", "quote": ""},
        {"file": "page\0.html", "quote": "The limit is 10"},
        {"file": "page.html", "quote": "half a pair \ud800 of surrogates"},
    ]
    batch.write_text("\n".join([*map(json.dumps, rows), "{broken"]), encoding="utf-8")
    assert exit_code("cite", ["match", "--batch", str(batch)]) == 2
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    outcomes = [answer["outcome"] for answer in answers]
    assert outcomes == ["exact", "absent", "error", "near", "error", "error", "error", "error"]
    assert all("passage" in answer for answer in answers)
    assert all(answer["reason"] for answer in answers if answer["outcome"] == "error")
    assert answers[0]["score"] == 1
    assert "10 requests" in answers[1]["passage"]


def test_the_sidecar_tells_the_charset(tmp_path, capsys):
    """`pages.jsonl` beside a batch gives the content type of its files."""
    (tmp_path / "p.html").write_bytes(
        "<p>日本語の文章を引用する例です。長い文章。".encode("shift_jis") * 20
    )
    (tmp_path / "pages.jsonl").write_text(
        json.dumps({"file": "p.html", "content_type": "text/html; charset=shift_jis"})
    )
    batch = tmp_path / "q.jsonl"
    batch.write_text(json.dumps({"file": "p.html", "quote": "日本語の文章を引用する"}))
    assert exit_code("cite", ["match", "--batch", str(batch)]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "exact"


@pytest.mark.parametrize(
    ("quote", "code"), [("The limit is 10 requests", 0), ("The limit is 99 requests", 1)]
)
def test_one_quote_is_answered_by_the_exit_code(saved, quote, code):
    """0 found, 1 not."""
    assert exit_code("cite", ["match", str(saved / "page.html"), "--quote", quote]) == code


def test_inspect_shows_metadata_and_where_it_came_from(saved, capsys):
    """Every field of the contract is there, with its origin."""
    arguments = ["inspect", str(saved / "page.html"), "--url", "https://x.example/a", "--json"]
    assert exit_code("cite", [*arguments, "--text"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["title"] == "Retries"
    assert shown["authors"] == ["Ann Lee"]
    assert shown["published"] == "2024-03-05"
    assert (shown["site"], shown["language"], shown["readable"]) == ("Example", "en", True)
    assert shown["origins"]["published"] == "article:published_time"
    assert "10 requests" in shown["text"]


def test_inspect_says_why_a_page_cannot_be_read(tmp_path, capsys):
    """An unreadable page is exit code 2, with its reason."""
    (tmp_path / "p.html").write_text("<p>short")
    assert exit_code("cite", ["inspect", str(tmp_path / "p.html"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["reason"] == "too-short"


def test_a_saved_page_of_nowhere_has_no_address(saved, capsys):
    """Where a file came from is shown only if somebody said so."""
    assert exit_code("cite", ["inspect", str(saved / "page.html"), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["url"], shown["final_url"], shown["canonical_url"]) == ("", "", "")
