"""`footnotary search`: the pages that were read, and a search engine of the user's own."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from footnotary.cli.running import exit_code
from footnotary.derived import FILE_NAME, Derived
from footnotary.records import RecordStore
from footnotary.searching import best_line, clipped, find_quotable
from footnotary.text_index import IndexEntry, TextIndex
from test_markers import citation

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


# What was written


@pytest.fixture
def written(project):
    """A research note with a decision, a page of the user's own, and two records with tags."""
    folder = project / ".claude" / "docs" / "current" / "research"
    folder.mkdir(parents=True)
    (folder / "RESEARCH-pools-2026-11-20.md").write_text(
        "---\nkind: research\n---\n# Pools\n\nWe looked at mangoes.\n\n"
        "```text\n# No heading: mangoes in code\n```\n\n"
        "## Decision\n\nWe take mangoes of size 5.\n\n---\n\n**Sources and Citations:**\n\n"
        "[1] Fruit - https://fruit.example/a-111111 - [Date Accessed: 2026-11-03] -"
        ' "Sources name papayas" <!-- cite:a-111111 -->\n'
    )
    (project / "docs").mkdir()
    (project / "docs" / "guide.md").write_text("# Guide\n\n## Fruit\n\nMangoes are sliced.\n")
    (project / "docs" / os.fsdecode(b"caf\xe9.md")).write_text("# Figs\n\nFigs.\n")
    settings = '[tool.footnotary]\nallow-private = true\npages = ["docs/*.md"]\n'
    (project / "pyproject.toml").write_text(settings)
    store = RecordStore(project / "citations")
    for key, tags, day in (("a-111111", ("Fruit",), 3), ("b-222222", (), 9)):
        record = citation(key, quote=f"Mangoes ripen in {day} days", tags=tags)
        accessed = record.accessed.replace(year=2026, month=11, day=day)
        url = f"https://fruit.example/{key}"
        store.new(record.model_copy(update={"accessed": accessed, "final_url": url}))
    return project


def test_what_was_written_is_found_by_kind(search, written, monkeypatch):
    """Quotes, notes, decisions, documents; each with its place and how it is cited."""
    found = {(one["kind"], one["url"], one["command"]) for one in search("mangoes")[1]}
    note = ".claude/docs/current/research/RESEARCH-pools-2026-11-20.md"
    assert found == {
        ("quote", "https://fruit.example/a-111111", "^[a-111111]"),
        ("quote", "https://fruit.example/b-222222", "^[b-222222]"),
        ("note", f"{note}:4", ""),
        ("decision", f"{note}:12", ""),
        ("document", "docs/guide.md:3", ""),
    }
    assert [one["url"] for one in search("figs")[1]] == ["docs/caf\\xe9.md:1"]
    (decision,) = search("mangoes", "kind:decision")[1]
    assert (decision["title"], decision["read"]) == ("Pools: Decision", "2026-11-20")
    assert len(search("mangoes kind:note,decision")[1]) == 2
    assert search("bananas", "kind:decision")[0] == 1
    assert search("papayas")[0] == 1  # a Sources block is no decision; its records are quotes


def test_filters_narrow_a_search(search, written):
    """Tags in any letter case, days, sites; without words the newest comes first."""
    keys = {"a-111111", "b-222222"}
    for words, wanted in {
        "mangoes tag:fruit": {"a-111111"},
        "mangoes tag:none": set(),
        "kind:quote after:2026-11-03": keys,
        "kind:quote after:2026-11-04": {"b-222222"},
        "kind:quote before:2026-11-09": {"a-111111"},
        "kind:quote site:fruit.example/a": {"a-111111"},
        'kind:quote site:"fruit.example"': keys,
    }.items():
        code, found = search(words)
        assert {one["command"].strip("^[]") for one in found} == wanted, words
        assert code == (0 if wanted else 1)
    assert [one["read"] for one in search("kind:quote")[1]] == ["2026-11-09", "2026-11-03"]


@pytest.mark.parametrize(
    "words", ["kind:fruit x", "before:soon x", "after:2026-13-01 x", "before:9999-99-99"]
)
def test_a_filter_that_cannot_be_read_is_said(search, project, words, capsys):
    """One sentence with the filter."""
    assert search(words)[0] == 2


def test_what_changed_by_other_means_is_found_as_it_is_now(search, written):
    """Records and documents that git or an editor has changed, removed or broken."""
    assert len(search("mangoes")[1]) == 5
    record = written / "citations" / "a-111111.yaml"
    record.write_text(record.read_text().replace("Mangoes ripen", "Papayas ripen"))
    (written / "citations" / "b-222222.yaml").write_text("schema: 2\n")
    guide = written / "docs" / "guide.md"
    guide.write_text("# Guide\n\nPapayas.\n")
    next((written / ".claude").rglob("*.md")).unlink()
    assert search("mangoes")[0] == 1
    assert {one["kind"] for one in search("papayas")[1]} == {"quote", "document"}
    guide.unlink()
    record.unlink()
    assert search("papayas")[0] == 1


def test_a_result_of_the_last_search_is_cited(search, read, project, capsys):
    """Its address, and the sentence that was shown; the page is read and decides as always."""
    url = read("/pool", "Pooling", ("Where", "Some say 3. Start with a pool of 5 bananas. Or 7."))
    assert exit_code("cite", ["result", "1"]) == 2
    assert "Search first" in capsys.readouterr().err
    (found,) = search("bananas")[1]
    assert (found["result"], found["quotable"]) == (1, "Start with a pool of 5 bananas.")
    assert exit_code("cite", ["result", "1", "--tag", "fruit"]) == 0
    (record,) = RecordStore(project / "citations").all()
    assert (record.url, record.quote.exact, record.tags) == (url, found["quotable"], ("fruit",))
    assert exit_code("cite", ["add", "--result", "1", "--quote", "Start with 9 bananas"]) == 1
    assert exit_code("cite", ["result", "2", "--quote", "x"]) == 2
    assert exit_code("cite", [url, "--result", "1"]) == 2
    assert exit_code("cite", ["--quote", "x"]) == 2
    capsys.readouterr()
    (found,) = search("pool")[1]
    assert found["citations"] == [record.key]


def test_pages_are_indexed_as_they_are_read(search, read, project, monkeypatch):
    """A search makes up for nothing; of a page that nobody may keep there is nothing."""
    url = read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    index = TextIndex(Derived(project))
    assert set(index.known("page")) == {url}
    monkeypatch.setattr("footnotary.extract.extract", None)
    assert search("bananas")[1][0]["title"] == "Limits"


def test_an_index_of_another_folder_shows_no_pages_of_it(search, read, project, tmp_path_factory):
    """The file was copied: what is not in this project's cache was not read here."""
    url = read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    other = tmp_path_factory.mktemp("other")
    (other / ".footnotary").mkdir()
    alien = IndexEntry("page", "u", "u", "t", "s", "Alien bananas.", date(2026, 1, 1), "m")
    TextIndex(Derived(other)).put([alien])
    file = project / ".footnotary" / FILE_NAME
    file.write_bytes((other / ".footnotary" / FILE_NAME).read_bytes())
    assert [one["url"] for one in search("bananas")[1]] == [url]


def test_a_clock_that_went_back_hides_no_page(search, read, project):
    """What was noted as the last time lies in the future: everything is looked at."""
    url = read("/x", "Limits", ("Now", "The limit is thirteen bananas."))
    index = TextIndex(Derived(project))
    index.forget(["page"], [url])
    index.note("pages", 4e9)
    assert [one["url"] for one in search("bananas")[1]] == [url]


def test_the_sentence_that_is_quoted_is_one_of_the_page():
    """What is drawn and is no text parts sentences; a long one is cut between words."""
    assert find_quotable("One two. \ue0a0Three\ue0a1 v1.2 four! Five.") == "Three v1.2 four!"
    assert find_quotable("One \ufffc two \ue0a0three\ue0a1 \ufffc four") == "two three"
    assert find_quotable("no marks at all") == "no marks at all"
    long = find_quotable("word " * 300 + "\ue0a0needle\ue0a1" + " word" * 300)
    assert "needle" in long
    assert len(long) <= 500
