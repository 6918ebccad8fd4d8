"""A refused quote is looked up in every page that was read, and the page that says it is named."""

import hashlib
import json
import time
from datetime import UTC, date, datetime

import pytest

from footnotary.cache import Cache, StoredAnswer
from footnotary.cli.running import exit_code
from footnotary.derived import Derived
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.searching.web import ReadPages
from footnotary.text_index import IndexEntry, TextIndex
from test_markers import citation

FILLER = "Something else is here, so that the page has enough words to be read. " * 12
DAY = date(2026, 11, 20)


def entry(url, text):
    """A page as the index has it."""
    return IndexEntry("page", url, url, "A page", "example.org", f"{text}\n{FILLER}", DAY, "")


def index_of(root):
    """The index of a project that has a place for it."""
    (root / ".footnotary").mkdir(exist_ok=True)
    return TextIndex(Derived(root))


def kept(cache, url, text):
    """Keep a page as a fetch does."""
    body = f"<html><title>T</title><p>{text}</p><p>{FILLER}</p></html>".encode()
    at = datetime(2026, 11, 20, tzinfo=UTC)
    digest = hashlib.sha256(body).hexdigest()
    cache.keep_page(StoredAnswer(url, 200, {"content-type": "text/html"}, digest, at), body)


@pytest.fixture
def pages(tmp_path):
    """Pages of an index, and none in the cache."""
    index_of(tmp_path).put(
        [
            entry("https://a.example/keys", "Keep keys for at least 24 hours."),
            entry("https://b.example/keys", "Keep keys for at least 48 hours."),
            entry("https://c.example/case", "keep keys for at least 24 hours"),
            entry("https://d.example/cut", "Do not keep keys for at least 24 hours."),
            entry("https://e.example/cjk", "キーは少なくとも24時間保持してください。"),
            entry("https://f.example/it", "It's re-used; the pool isn't emptied."),
            entry("https://g.example/short", "As is: so be it, or no."),
            entry("https://h.example/soft", "The con\u00adnec\u00adtion is closed after use."),
        ]
    )
    return ReadPages(Project(tmp_path), Cache(tmp_path, create=False))


@pytest.mark.parametrize(
    ("quote", "says"),
    [
        ("Keep keys for at least 24 hours", ["https://a.example/keys"]),
        ("Keep  keys\nfor at least 24 hours.", ["https://a.example/keys"]),
        ("Keep keys for at least 36 hours", []),
        ("少なくとも24時間保持してください", ["https://e.example/cjk"]),
        ("It\u2019s re-used; the pool isn\u2019t emptied", ["https://f.example/it"]),
        ("As is: so be it, or no", ["https://g.example/short"]),
        ("The connection is closed after use", ["https://h.example/soft"]),
        ('keys" OR "hours', []),
        ("NEAR(keys hours) ^text : {title}* AND", []),
        ("   ", []),
    ],
)
def test_the_matcher_decides_which_page_says_it(pages, quote, says):
    """The index only proposes: another number, case or sense is not what was quoted."""
    assert [page.url for page in pages.attribute(quote).pages] == says


def test_the_page_that_was_refused_is_not_proposed(pages):
    """Nor is anything looked up when the time for all lookups is over."""
    quote = "Keep keys for at least 24 hours"
    assert pages.attribute(quote, {"https://a.example/keys"}).pages == ()
    pages.seconds = 0
    assert pages.attribute(quote).pages == ()


def test_what_was_read_since_the_last_search_is_looked_at(tmp_path, monkeypatch):
    """Pages of the cache are indexed first, for a moment; how many are left is said."""
    monkeypatch.setattr("footnotary.searching.web._SECONDS", 60.0)
    index_of(tmp_path)
    cache = Cache(tmp_path)
    kept(cache, "https://new.example/", "Start with a pool of 5 connections.")
    read = ReadPages(Project(tmp_path), cache)
    (page,) = read.attribute("Start with a pool of 5 connections").pages
    assert (page.url, page.read) == ("https://new.example/", DAY)
    kept(cache, "https://newer.example/", "Start with a pool of 7 connections.")
    monkeypatch.setattr("footnotary.searching.web._SECONDS", 0.0)
    read = ReadPages(Project(tmp_path), cache)
    found = read.attribute("Start with a pool of 7 connections")
    assert (found.pages, found.left) == ((), 1)


def test_passages_of_records_count_where_no_cache_has_the_page(tmp_path):
    """A clone has no cache; what its records keep of the pages is looked at."""
    store = RecordStore(tmp_path / "citations")
    store.new(citation("a-111111", quote="Keep keys for at least 24 hours"))
    (tmp_path / "citations" / "b-222222.yaml").write_text("broken: [hours")
    read = ReadPages(Project(tmp_path), Cache(tmp_path, create=False))
    (page,) = read.attribute("Keep keys for at least 24 hours").pages
    assert page.url == store.get("a-111111").final_url


@pytest.fixture
def refused(tmp_path, monkeypatch, today):
    """A project that has read the page which says it, and a saved page that does not."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    monkeypatch.chdir(tmp_path)
    (tmp_path / "saved.html").write_text(f"<title>Saved</title><p>{FILLER}</p>")
    index_of(tmp_path).put([entry("https://a.example/keys", "Keep keys for at least 24 hours.")])
    return tmp_path


def test_the_refusal_names_the_page_with_the_whole_command(refused, capsys):
    """Claim, tags and terms go with it, quoted for a shell; a program gets the same as JSON."""
    quote = "Keep keys for at least 24 hours"
    words = [
        "https://b.example/x",
        "-Q",
        quote,
        "--file",
        "saved.html",
        "--claim",
        "Keys: 'a day'.",
    ]
    assert (
        exit_code("cite", [*words, "--tag", "keys", "--search", "how long", "--allow-private"]) == 1
    )
    said = capsys.readouterr().err
    command = (
        f"cite https://a.example/keys --quote '{quote}' --claim 'Keys: '\"'\"'a day'\"'\"'.'"
        " --search 'how long' --tag keys --allow-private"
    )
    assert "https://a.example/keys says it (read 2026-11-20); cite that instead?" in said
    assert f"\n  {command}\n" in said
    assert exit_code("cite", [*words, "--json"]) == 1
    (page,) = json.loads(capsys.readouterr().out)["elsewhere"]
    assert (page["url"], page["read"]) == ("https://a.example/keys", "2026-11-20")
    assert not (refused / "citations").exists()


def test_a_batch_names_the_page_in_the_row(refused, capsys):
    """Rows that were found, or that no page says, have no such field."""
    rows = [
        {"file": "saved.html", "quote": "Keep keys for at least 24 hours"},
        {"file": "saved.html", "quote": "Keep keys for at least 36 hours"},
        {"file": "saved.html", "quote": "so that the page has enough words to be read."},
    ]
    (refused / "batch.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert exit_code("cite", ["match", "--batch", "batch.jsonl"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["outcome"] for one in answers][2] == "exact"
    assert [one.get("elsewhere") for one in answers] == [
        [{"url": "https://a.example/keys", "read": "2026-11-20"}],
        None,
        None,
    ]


@pytest.mark.slow
def test_many_pages_cost_little(tmp_path):
    """Five thousand pages: a second at most."""
    index, cache = index_of(tmp_path), Cache(tmp_path)
    for start in range(0, 5000, 500):
        index.put(
            [
                entry(f"https://x.example/{n}", f"The pool of server {n} keeps {n} connections.")
                for n in range(start, start + 500)
            ]
        )
    begun = time.process_time()
    read = ReadPages(Project(tmp_path), cache)
    (page,) = read.attribute("The pool of server 4711 keeps 4711 connections").pages
    assert page.url == "https://x.example/4711"
    assert time.process_time() - begun < 1
