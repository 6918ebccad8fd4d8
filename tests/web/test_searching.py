"""`footnotary search`: the pages that were read, and a search engine of the user's own."""

import json
import sqlite3
import threading
from contextlib import closing

import pytest

from footnotary.cli.running import exit_code
from footnotary.library import FILE_NAME, LibraryEntry, TextLibrary
from footnotary.records import RecordStore
from footnotary.searching import best_line, clipped

_FILLER = "Something else is here, so that the page has enough words to be read. " * 12


def _html(title, *blocks):
    body = "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in blocks)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project as the current folder."""
    (tmp_path / "pyproject.toml").write_text("[tool.footnotary]\nallow-private = true\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def read(site, capsys):
    """Serve a page and have `cite inspect` read it."""

    def read_page(path, title, *blocks):
        site.page(path, _html(title, *blocks, ("Other", _FILLER)))
        assert exit_code("cite", ["inspect", site.url + path]) == 0
        capsys.readouterr()
        return site.url + path

    return read_page


@pytest.fixture
def search(project, capsys):
    """Run `footnotary search … --json`; return exit code and answer."""

    def run(*words):
        code = exit_code("footnotary", ["search", *words, "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return run


def test_a_page_that_was_read_is_found_with_the_line_that_says_it(search, read):
    """What is shown are the page's own words, with their section and where the words stand."""
    url = read("/pool", "Pooling", ("Where to start", "Start with a pool of 5 connections."))
    read("/other", "Another page", ("Aside", "A pool is where one swims."))
    code, found = search("connection", "POOLS")
    assert code == 0
    assert [page["url"] for page in found] == [url]
    page = found[0]
    assert (page["title"], page["section"]) == ("Pooling", "Where to start")
    assert page["passage"] == "Start with a pool of 5 connections."
    assert [page["passage"][a:b] for a, b in page["marks"]] == ["pool", "connections"]


def test_phrases_beginnings_and_parts_of_words(search, read):
    """A phrase is as it is, a star is a beginning; else strings inside words are found."""
    read("/a", "Settings", ("Names", "Set max_overflow to zero; see QueuePoolClass there."))
    assert search('"max_overflow"')[0] == 0
    assert search('"overflow max"')[0] == 1
    assert search("overfl*")[0] == 0
    code, found = search("ePoolCl")
    assert (code, found[0]["passage"][slice(*found[0]["marks"][0])]) == (0, "ePoolCl")


def test_a_language_without_spaces_is_searched(search, read):
    """A tokenizer that sees one word in a sentence must not hide the page."""
    read("/ja", "接続プール", ("大きさ", "接続プールの大きさは五つから始めます。"))
    assert search("大きさ")[0] == 0


def test_a_page_that_changed_is_found_by_its_new_words_only(search, read):
    """The index is of what was read last."""
    read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    assert search("bananas")[0] == 0
    read("/x", "Limits", ("Now", "The limit is thirteen oranges."))
    assert search("bananas")[0] == 1
    assert search("oranges")[0] == 0


def test_records_are_searched_without_a_cache(search, read, project, site, capsys):
    """After a fresh clone there is no cache: the passages that records keep are found."""
    url = read("/x", "Limits", ("Now", "The limit is thirteen bananas and no more."))
    assert exit_code("cite", [url, "--quote", "The limit is thirteen bananas"]) == 0
    key = RecordStore(project / "citations").keys()[0]
    capsys.readouterr()
    code, found = search("bananas")
    assert (code, found[0]["citations"]) == (0, [key])
    assert exit_code("footnotary", ["cache", "clear"]) == 0
    code, found = search("thirteen", "bananas")
    assert (code, found[0]["url"], found[0]["citations"]) == (0, url, [key])
    RecordStore(project / "citations").remove(key)
    assert search("bananas")[0] == 1


def test_a_site_is_searched_alone(search, read):
    """--site is part of a name or an address, taken literally."""
    read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    assert search("bananas", "--site", "127.0.0.1")[0] == 0
    assert search("bananas", "--site", "127%1")[0] == 1


def test_pages_that_cannot_be_read_are_not_found(search, site, project, capsys):
    """The words of a login page say nothing about what lies behind it."""
    form = '<form><input name="user"><input type="password"><button>Log in</button></form>'
    site.page("/in", f"<html><head><title>Log in</title></head><body>{form}</body></html>")
    exit_code("cite", ["inspect", site.url + "/in"])
    capsys.readouterr()
    assert search("log")[0] == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        *(('"', 2), ("*", 2), ("++", 2), ("^", 2), ("NEAR(", 1), ("{limit} : bananas", 0)),
        *(("bananas NOT limit", 1), ('bananas" OR "nowhere', 1), ("title:limit", 1)),
    ],
)
def test_no_words_break_the_query(search, read, words, code):
    """What the user types is words, never syntax of the index."""
    read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    assert search(words)[0] == code


def test_a_damaged_index_is_made_anew(search, read, project):
    """It is nobody's only copy."""
    read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    (project / ".footnotary" / FILE_NAME).write_bytes(b"no database at all" * 100)
    assert search("bananas")[0] == 0


def test_an_index_of_another_layout_is_made_anew(search, read, project):
    """An older or newer release left it."""
    read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    with closing(sqlite3.connect(project / ".footnotary" / FILE_NAME)) as database, database:
        database.execute("PRAGMA user_version = 99")
        database.execute("CREATE TABLE pages (other)")
    assert search("bananas")[0] == 0


def test_several_processes_make_one_index(tmp_path):
    """Whoever comes second finds the tables, not an error."""
    from datetime import date

    def put(number):
        entry = LibraryEntry(f"u{number}", "t", "s", "words", (), date(2026, 1, 1), "m")
        TextLibrary(tmp_path).put([entry])

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert TextLibrary(tmp_path).count() == 8


def test_a_long_line_is_cut_around_what_was_found():
    """The words that were found are shown, and what is cut is cut between words."""
    line = "before " * 200 + "\ue0a0needle\ue0a1" + " after" * 200
    best, offset = best_line("nothing here\n" + line)
    passage, marks = clipped(best)
    assert offset == len("nothing here\n")
    assert [passage[a:b] for a, b in marks] == ["needle"]
    assert len(passage) < 330
    assert passage.startswith("… before ")
    assert passage.endswith(" after …")


# The search engine


@pytest.fixture
def engine(site, project):
    """A SearXNG that finds two pages."""
    answer = {
        "query": "x",
        "results": [
            {"url": site.url + "/pool/", "title": "Pooling", "content": "Start\nwith 5."},
            {"url": site.url + "/pool/", "title": "Twice", "content": "the same page"},
            {"url": "magnet:?xt=urn", "title": "No page", "content": None},
            {"url": "https://example.org/", "title": "Example", "content": None},
        ],
    }
    body = json.dumps(answer)
    site.page("/search", body, content_type="application/json")
    settings = f'[tool.footnotary]\nallow-private = true\nsearxng = "{site.url}/"\n'
    (project / "pyproject.toml").write_text(settings)
    return site


def test_what_a_search_found_is_remembered_by_the_next_citation(search, engine, project, capsys):
    """The Research Context gets the terms without anybody's care; other terms that are said win."""
    code, hits = search("--web", "postgres", "pool size")
    assert (code, [hit["title"] for hit in hits]) == (0, ["Twice", "Example"])
    asked = next(path for path, _ in engine.asked if path.startswith("/search"))
    assert asked == "/search?q=postgres+pool+size&format=json"
    engine.page("/pool", _html("Pooling", ("Start", "Start with a pool of 5."), ("O", _FILLER)))
    quoted = ["--quote", "Start with a pool of 5."]
    assert exit_code("cite", [engine.url + "/pool#start", *quoted]) == 0
    store = RecordStore(project / "citations")
    assert store.all()[0].search_terms == ("postgres pool size",)
    assert exit_code("cite", [engine.url + "/pool", *quoted, "--search", "own words"]) == 0
    assert store.all()[0].search_terms == ("postgres pool size", "own words")


def test_an_engine_that_does_not_answer_in_json_is_said_plainly(search, engine, capsys):
    """SearXNG answers 403, or HTML, until json is among its formats."""
    for answer in ({"status": 403}, {"body": "<html>", "content_type": "text/html"}):
        engine.page("/search", **answer)
        assert exit_code("footnotary", ["search", "--web", "x"]) == 2
        assert "search.formats" in capsys.readouterr().err


def test_a_search_that_no_engine_answered_found_nothing_out(search, engine, capsys):
    """That nothing was found is said only where somebody looked; else engines are named."""
    for unresponsive, code in (([["brave", "too many requests"]], 2), (["brave"], 2), ([], 1)):
        answer = json.dumps({"results": [], "unresponsive_engines": unresponsive})
        engine.page("/search", answer, content_type="application/json")
        words = f"pool size {len(unresponsive)} {code} {unresponsive}"
        assert exit_code("footnotary", ["search", "--web", words]) == code
        told = capsys.readouterr()
        assert ("brave" in told.err) == (code == 2)
        assert ("Nothing was found" in told.out + told.err) == (code == 1)


def test_without_an_engine_the_setting_is_named(search, project, capsys):
    """The hint is what to write, and where."""
    assert exit_code("footnotary", ["search", "--web", "x"]) == 2
    assert "searxng =" in capsys.readouterr().err


def test_the_cache_says_how_large_it_is_and_is_dropped(search, read, capsys):
    """What is dropped is said, and is gone."""
    read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    assert exit_code("footnotary", ["cache", "show", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["pages"] == 1
    assert figures["bytes"] > 1000
    assert exit_code("footnotary", ["cache", "clear", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"dropped": 1}
    assert exit_code("footnotary", ["cache", "show"]) == 0
    assert ": 0 pages" in capsys.readouterr().out
