import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from footnotary.cli.running import exit_code
from footnotary.records import RecordStore
from footnotary.rules.edits import is_edited

SOURCES = Path(__file__).parent.parent / "examples" / "shop" / "sources"
TRUE = "Start with a pool of 5 connections a worker and max_overflow=0"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        """Say nothing."""


@pytest.fixture(scope="module")
def site():
    """The example's three pages on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SOURCES)))
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def project(tmp_path, monkeypatch, today):
    """An empty project that may fetch from loopback, as the current folder."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "shop"\n[tool.footnotary]\nallow-private = true\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cite(*words):
    """Run `cite` in this process."""
    return exit_code("cite", list(words))


def test_a_true_quote_is_recorded_with_its_day_and_evidence(project, site, capsys):
    """The record holds the page's own words, where they stand, and what was read."""
    assert cite(f"{site}/pooling.html", "--quote", TRUE, "--search", "pool size") == 0
    out, _ = capsys.readouterr()
    record = RecordStore(project / "citations").all()[0]
    assert out.strip() == f"^[{record.key}]"
    assert record.title == "Sizing a connection pool"
    assert record.site == "Backend Notes"
    assert record.authors == ("Mara Lindqvist",)
    assert str(record.published) == "2025-03-11"
    assert str(record.accessed) == "2026-11-23"
    assert record.quote.exact == TRUE
    assert record.quote.section == "Where to start"
    assert TRUE in record.evidence.passage
    assert record.search_terms == ("pool size",)


@pytest.mark.parametrize(
    "quote",
    [
        "Start with a pool of 50 connections a worker and max_overflow=0",
        "Start with a pool of 5 connections a worker and max_overflow=10",
        "start with a pool of 5 connections a worker and max_overflow=0",
        "Never start with a pool of 5 connections a worker and max_overflow=0",
        "Dependency injection validation outperforms manual validation by 40%",
    ],
)
def test_a_quote_that_the_page_lacks_is_refused_and_nothing_is_written(
    project, site, quote, capsys
):
    """Exit 1, the nearest passage, and no file: not even an empty folder."""
    assert cite(f"{site}/pooling.html", "--quote", quote) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "does not say" in err
    assert "Nothing was written" in err
    assert not (project / "citations").exists()


def test_a_refusal_shows_the_words_that_differ(project, site, capsys):
    """The reader sees at once what the page says instead."""
    assert cite(f"{site}/idempotency.html", "--quote", "Keep keys for at least 2 hours") == 1
    err = capsys.readouterr().err
    assert "Keep keys for at least 24 hours" in err.replace("\u00a0", " ")
    assert '"2"' in err
    assert '"24"' in err


def test_the_same_quote_again_is_re_dated_not_doubled(project, site, monkeypatch):
    """One quote of one page is one record; the later day and both tags stay."""
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type", "--tag", "a") == 0
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type", "--tag", "b") == 0
    (record,) = RecordStore(project / "citations").all()
    assert str(record.accessed) == "2026-12-01"
    assert record.tags == ("a", "b")


def test_a_saved_page_stands_for_its_url(project, capsys):
    """`--file` reads a page saved by hand; the evidence says so."""
    words = [
        "--quote",
        "Keep keys for at least 24 hours",
        "--file",
        str(SOURCES / "idempotency.html"),
    ]
    assert cite("https://notes.example.org/keys", *words, "--json") == 0
    record = json.loads(capsys.readouterr().out)["citation"]
    assert record["evidence"]["how"] == "file"
    assert record["final_url"] == "https://notes.example.org/keys"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ftp://example.org/x", "--quote", "something long enough"], "ftp"),
        (["http://127.0.0.1:1/", "--quote", "something long enough"], "127.0.0.1"),
        (["https://example.org/", "--quote", "  "], "empty"),
        (
            ["https://e.org/", "--quote", "long enough to be one", "--file", "none.html"],
            "none.html",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_hint(project, words, says, capsys):
    """Exit 2, a sentence that names it, a hint, no traceback, nothing written."""
    assert cite(*words) == 2
    err = capsys.readouterr().err
    first, second = err.strip().splitlines()[:2]
    assert first.startswith("error: ")
    assert says in first
    assert second.startswith("hint: ")
    assert "Traceback" not in err
    assert not (project / "citations").exists()


@pytest.mark.parametrize("option", ["--quote", "--claim", "--section", "--tag", "--search"])
def test_bytes_that_are_no_text_are_refused_in_every_text_option(project, option, capsys):
    """Exit 2 and one sentence that names the option, before anything is read or written."""
    words = ["https://e.org/", "--quote", "something long enough", option, "Never 20\udcff"]
    assert cite(*words) == 2
    first = capsys.readouterr().err.splitlines()[0]
    assert first == f"error: {option} holds bytes that are not UTF-8."
    assert not (project / "citations").exists()


def test_a_missing_page_is_not_a_missing_quote(project, site, capsys):
    """A 404 is exit 2: nothing was read, so nothing is said about the quote."""
    assert cite(f"{site}/nowhere.html", "--quote", "something long enough") == 2
    assert "404" in capsys.readouterr().err


def test_private_addresses_are_refused_unless_allowed(project, site, capsys):
    """Without the setting, loopback is never asked."""
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    assert cite(f"{site}/pooling.html", "--quote", TRUE) == 2
    assert cite(f"{site}/pooling.html", "--quote", TRUE, "--allow-private") == 0


def test_list_and_show_print_what_is_recorded(project, site, capsys):
    """`cite list` has a line a citation, `cite show` takes the beginning of a key.

    That there are none is said only where no record was left out and none failed to be read.
    """
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type") == 0
    key = capsys.readouterr().out.strip()[2:-1]
    assert cite("list", "--tag", "none") == 0
    assert "No citation has this tag" in capsys.readouterr().err
    path = RecordStore(project / "citations").path(key)
    text = path.read_text()
    path.write_text(text.replace("schema: 2", "schema: 3"))
    assert cite("list") == 2
    assert "No citation" not in capsys.readouterr().err
    path.write_text(text)
    assert cite("list") == 0
    assert key in capsys.readouterr().out
    assert cite("show", key[:14]) == 0
    assert "JSON has one number type" in capsys.readouterr().out
    assert cite("list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["key"] == key


def test_a_citation_in_use_is_not_deleted(project, site, capsys):
    """`cite rm` names the document that uses the key; --force deletes all the same."""
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type") == 0
    key = capsys.readouterr().out.strip()[2:-1]
    (project / "docs").mkdir()
    (project / "docs" / "page.md").write_text(f"JSON has one number type.^[{key}]\n")
    assert cite("rm", key) == 2
    assert "docs/page.md:1" in capsys.readouterr().err
    assert cite("rm", key, "--force") == 0
    assert RecordStore(project / "citations").all() == ()


def test_an_exported_library_can_be_imported_elsewhere(project, site, tmp_path_factory, capsys):
    """Export and import give the same record, because the page is read again."""
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type") == 0
    before = RecordStore(project / "citations").all()
    capsys.readouterr()
    assert cite("export", "--format", "ris") == 0
    file = tmp_path_factory.mktemp("other") / "sources.ris"
    file.write_text(capsys.readouterr().out)
    (project / "citations" / f"{before[0].key}.yaml").unlink()
    assert cite("import", str(file)) == 0
    (after,) = RecordStore(project / "citations").all()
    assert after.quote == before[0].quote
    false = file.read_text().replace("one number type", "two number types")
    file.write_text(false)
    assert cite("import", str(file)) == 1


@pytest.mark.slow
def test_a_bibliography_of_an_older_program_is_imported_and_an_empty_one_is_named(
    project, site, capsys
):
    """Windows-1252 and byte order marks are read; a file without references is no success."""
    entry = f"@misc{{caf\u00e9, url={{{site}/money.html}}, annote={{JSON has one number type}}}}"
    (project / "old.bib").write_bytes(entry.encode("cp1252"))
    assert cite("import", "old.bib") == 0
    for encoding in ("utf-8-sig", "utf-16"):
        (project / "mark.bib").write_text(entry, encoding=encoding)
        assert cite("import", "mark.bib") == 0
    (project / "empty.bib").write_text("nothing of the kind")
    capsys.readouterr()
    assert cite("import", "empty.bib") == 2
    assert "no reference in empty.bib" in capsys.readouterr().err


def test_what_a_bibliography_states_is_kept_and_said_to_be_its_own(project, site, capsys):
    """Title, authors, day and snapshot are the file's; its words support no claim by themselves."""
    (project / "sources.bib").write_text(
        f"@online{{k, url={{{site}/money.html}}, annote={{JSON has one number type}},"
        " title={{Money} in 2031}, author={Doe, Jane and {NASA}}, year=2024, month=may, day=6,"
        " archiveurl={https://web.archive.org/web/2024/https://example.org/}}"
    )
    assert cite("import", "sources.bib") == 0
    (record,) = RecordStore(project / "citations").all()
    assert (record.title, record.authors) == ("Money in 2031", ("Jane Doe", "NASA"))
    assert (str(record.published), record.stated_by) == ("2024-05-06", "file")
    assert not is_edited(record)
    assert record.archive_url == "https://web.archive.org/web/2024/https://example.org/"
    assert cite("show", record.key) == 0
    assert "stated by   the imported file" in capsys.readouterr().out
    claim = "It has had one number type since 2031."
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type", "--claim", claim) == 1
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type") == 0
    assert RecordStore(project / "citations").get(record.key).title == "Money in 2031"


def test_broken_entries_are_named_and_the_others_imported(project, site, capsys):
    """One entry that is not closed costs no other; the place is named, and the exit code is 2."""
    whole = f"url={{{site}/money.html}}, annote={{JSON has one number type}}"
    ris = f"UR  - {site}/money.html\nN1  - <p>JSON has <b>one</b> number type</p>\n"
    item = {"id": "a", "URL": f"{site}/money.html", "annote": "JSON has one number type"}
    for name, text, place in (
        ("a.bib", f"@misc{{a, {whole}}}\n@misc{{b, title={{T\n@misc{{c, {whole}}}\n", "line 2"),
        ("a.ris", f"TY  - ELEC\n{ris}ER  - \nTY  - ELEC\nTY  - WEB\n{ris}ER  - \n", "line 5"),
        ("a.json", json.dumps([item, 3, item]), "item 2"),
    ):
        (project / name).write_text(text)
        assert cite("import", name) == 2
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[0] for line in lines] == ["recorded", "recorded", "broken:"]
        assert place in lines[2]


def test_a_kept_page_is_as_old_as_its_last_reading(project, site, monkeypatch, capsys):
    """`--offline` on a later day does not say that the source was read on that day."""
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type") == 0
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-24")
    words = "holds cents exactly, up to 99,999,999.99"
    assert cite(f"{site}/money.html", "--quote", words, "--offline") == 0
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type", "--offline") == 0
    records = RecordStore(project / "citations").all()
    assert {str(record.accessed) for record in records} == {"2026-11-23"}


def test_a_check_out_of_the_cache_is_not_dated_today(project, site, monkeypatch):
    """`cite check --offline --save` records no reading that did not take place."""
    assert cite(f"{site}/money.html", "--quote", "JSON has one number type") == 0
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-24")
    assert cite("check", "--offline", "--save") == 0
    (record,) = RecordStore(project / "citations").all()
    assert "2026-12-24" not in {str(check.date) for check in record.checks}
    assert cite("check", "--refresh", "--save") == 0
    (record,) = RecordStore(project / "citations").all()
    assert str(record.checks[-1].date) == "2026-12-24"


def test_a_document_that_is_not_there_leaves_no_record(project, site, capsys):
    """A typing error in --to is found before anything is fetched or written."""
    assert cite(f"{site}/pooling.html", "--quote", TRUE, "--to", "nowhere.md") == 2
    assert "There is no document 'nowhere.md'" in capsys.readouterr().err
    assert not (project / "citations").exists()


def test_a_quote_that_is_too_short_is_refused_for_that(project, site, capsys):
    """The page may well say it; the reason given is the true one, with the limit."""
    assert cite(f"{site}/pooling.html", "--quote", "Start with") == 1
    err = capsys.readouterr().err
    assert "the quote is too short" in err
    assert "12 characters" in err
    assert "does not say" not in err


def test_words_replaced_in_record_and_document_alike_are_found_offline(project, site, capsys):
    """One replacement over all files keeps quote, passage and claim equal, and is no reading."""
    page = project / "page.md"
    page.write_text("# Pools\n\n## Decisions\n")
    assert cite(f"{site}/pooling.html", "--quote", TRUE, "--claim", TRUE, "--to", str(page)) == 0
    assert exit_code("doc", ["check", str(page)]) == 0
    record = RecordStore(project / "citations").all()[0]
    for path in (page, project / "citations" / f"{record.key}.yaml"):
        path.write_text(path.read_text().replace("5 connections", "900 connections"))
    capsys.readouterr()
    assert exit_code("doc", ["check", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["path"] for one in found if one["code"] == "CIT005"] == [
        f"citations/{record.key}.yaml"
    ]


def test_what_a_source_states_of_itself_is_under_the_digest(project, site, capsys):
    """Title, site, author, day and addresses: each replaced in all files is found; a reading heals.

    Nothing else that footnotary writes into a record makes it an edited one.
    """
    page = project / "page.md"
    page.write_text("# Pools\n\n## Decisions\n")
    url = f"{site}/pooling.html"
    assert cite(url, "--quote", TRUE, "--claim", TRUE, "--to", str(page)) == 0
    store = RecordStore(project / "citations")
    (record,) = store.all()
    path = store.path(record.key)
    text, written = page.read_text(), path.read_text()
    replaced = {
        record.title: "Y",
        record.site: "Evil",
        "Mara": "Eve",
        "2025-03-11": "2026-03-11",
        f"\nurl: {url}": "\nurl: https://evil.example/",
        f"license: {record.license}": "license: X",
    }
    for old, new in replaced.items():
        page.write_text(text.replace(old, new))
        path.write_text(written.replace(old, new))
        assert is_edited(store.get(record.key)), old
        capsys.readouterr()
        assert exit_code("doc", ["check", "--json"]) == 1
        found = json.loads(capsys.readouterr().out)["findings"]
        assert "CIT005" in [one["code"] for one in found], old
        assert exit_code("doc", ["sync"]) == 0
        assert is_edited(store.get(record.key)), old
    assert exit_code("cite", ["update", record.key]) == 0
    assert not is_edited(store.get(record.key))
    assert store.get(record.key).license == record.license
    kept = {"tags": ("a",), "claims": (), "versions": {"x": "1"}, "superseded_by": "b-222222"}
    assert not is_edited(store.get(record.key).model_copy(update=kept))


def test_a_misspelt_command_is_no_source(capsys):
    """A bare word after `cite` is a command's name, and the nearest one is named."""
    assert exit_code("cite", ["lst"]) == 2
    assert "Did you mean 'list'?" in capsys.readouterr().err
    assert exit_code("cite", ["example.html", "--quote", "x"]) == 2
    assert "Invalid URL" in capsys.readouterr().err
