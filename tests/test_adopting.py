"""Documents from elsewhere: what they cite is found, and each source is judged by what it says."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from footnotary.adopting import Verdict, judged, surveyed
from footnotary.cli.running import exit_code

PAGE = (
    "<html><head><title>Pools</title></head><body><main><h1>Pools</h1><p>Start with a pool of"
    " five connections a worker, and raise it only when requests wait for one.</p><p>"
    + "A pool is a set of open connections that are lent to whoever needs one. " * 8
    + "</p></main></body></html>"
)


@pytest.fixture
def site():
    """A site with one page; everything else is not there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/pools"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.encode() if found else b"nothing here")

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def document(site):
    """A document as agents write it: true, false, dead, without a quote, dangling, uncited."""
    return f"""# Pools

True^[1], false^[2], gone^[3], vague^[4], dangling^[9].

---

**Sources and Citations:**

[1] Pools - {site}/pools - Accessed 2025-08-03 - "Start with a pool of five connections a worker"
[2] Pools - {site}/pools - [Date Accessed: [current date]] - "Start with a pool of fifty connections a worker"
[3] Gone - {site}/gone - [Date Accessed: 2025-08-03] - "It was here before, we are sure of it"
[4] Pools - {site}/pools - Accessed 2025-08-03
[5] Never cited - {site}/pools - Accessed 2025-08-03 - "raise it only when requests wait for one"

*A closing word.*
"""  # noqa: E501  the form that is read


@pytest.mark.slow
def test_each_source_is_judged_by_what_its_page_says(site, tmp_path, today, capsys):
    """Holds, says something else, is not there, has no quote: and --write takes what holds."""
    page = tmp_path / "old.md"
    page.write_text(document(site))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    words = ["adopt", str(page), "--allow-private", "--json", "--root", str(tmp_path)]
    assert exit_code("doc", words) == 1
    (row,) = json.loads(capsys.readouterr().out)
    verdicts = [source["verdict"] for source in row["sources"]]
    assert verdicts == [
        "holds",
        "says something else",
        "is not there",
        "has no quote",
        "holds",
    ]
    assert row["dangling"] == [{"label": "9", "line": 3}]
    assert row["uncited"] == ["5"]
    assert "five" in row["sources"][1]["detail"]
    assert page.read_text() == document(site)
    assert exit_code("doc", [*words, "--write"]) == 1
    before, after = document(site).splitlines(), page.read_text().splitlines()
    changed = [new.removeprefix(old) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 2
    assert all(words.startswith(" <!-- cite:") for words in changed)


def test_without_the_network_every_source_is_unread(site):
    """Neither verified nor false."""
    verdicts = {each.verdict for each in judged(surveyed("x.md", document(site)), None)}
    assert verdicts == {Verdict.UNREAD}


@pytest.mark.parametrize(
    ("text", "form", "url"),
    [
        ("It is so.[^1]\n\n[^1]: Title, https://example.org/a\n", "footnote", "a"),
        ("It is so [1].\n\n[1]: https://example.org/b\n", "reference", "b"),
        ("## References\n\n1. Title - https://example.org/c\n", "list", "c"),
        ("See https://example.org/d.\n", "bare", "d"),
        ("So^[1]\n\n[1] Title - https://example.org/e - Accessed 2025-08-03\n", "loose", "e"),
    ],
)
def test_variants_in_the_wild_are_found(text, form, url):
    """Footnotes, reference links, lists, bare addresses, entries without a block."""
    (source,) = surveyed("x.md", text).sources
    assert (source.form, source.entry.url) == (form, f"https://example.org/{url}")


def test_the_agents_documents_are_counted_as_they_are(corpora):
    """Markers, dangling and unused ones are those of the corpus, samples told apart."""
    facts = json.loads((corpora / "agent-docs" / "facts.json").read_text())
    for row in facts:
        survey = surveyed(row["file"], (corpora / row["file"]).read_text("utf-8"))
        dangling = {label for label, _ in survey.dangling} | set(survey.sample_dangling)
        assert survey.markers + survey.sample_markers == row["markers"], row["file"]
        assert sorted(dangling) == row["dangling_markers"]
        assert list(survey.uncited) == row["uncited_sources"]
        assert survey.has_sources_block == row["has_sources_block"]
        assert survey.has_research_context == row["has_research_context"]
        lines = [s for s in survey.sources if s.form in ("block", "loose")]
        assert len(lines) == row["citation_lines"]
        assert {each.verdict for each in judged(survey, None)} <= {
            Verdict.UNREAD,
            Verdict.NO_ADDRESS,
        }
