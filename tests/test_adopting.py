"""Documents from elsewhere: what they cite is found, and each source is judged by what it says."""

import html
import json
import re
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from footnotary.adopting.claims_found import surveyed
from footnotary.adopting.taking_over import JudgedSource, Verdict, judge_sources, name_records
from footnotary.cli.running import exit_code
from footnotary.markers import synced
from tables import each_row
from test_markers import citation

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

    with served(Handler) as address:
        yield address


@contextmanager
def served(handler):
    """Serve on the loopback address while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
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
    """Held, absent, gone, no quote: and --write takes what is held."""
    page = tmp_path / "old.md"
    page.write_text(document(site))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    words = ["adopt", str(page), "--allow-private", "--json", "--root", str(tmp_path)]
    assert exit_code("doc", words) == 1
    (row,) = json.loads(capsys.readouterr().out)
    verdicts = [source["outcome"] for source in row["sources"]]
    assert verdicts == [
        "held",
        "absent",
        "gone",
        "no quote",
        "held",
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
    verdicts = {each.verdict for each in judge_sources(surveyed("x.md", document(site)), None)}
    assert verdicts == {Verdict.NOT_READ}


@each_row(
    ("text", "form", "url"),
    [
        ("It is so.[^1]\n\n[^1]: Title, https://example.org/a\n", "footnote", "a"),
        ("It is so [1].\n\n[1]: https://example.org/b\n", "reference", "b"),
        ("## References\n\n1. Title - https://example.org/c\n", "list", "c"),
        ("See https://example.org/d.\n", "bare", "d"),
        ("So^[1]\n\n[1] Title - https://example.org/e - Accessed 2025-08-03\n", "loose", "e"),
        ("So^[1]\n\n[1] Title -\nhttps://example.org/f - Accessed\n2025-08-03\n", "loose", "f"),
        ("It is so[^a].\n\n[^a]:\n    Words https://example.org/g\n", "footnote", "g"),
        ("## References\n\n1. Title -\n   https://example.org/h\n", "list", "h"),
        ("**Quellen:**\n\n- Titel -\n  https://example.org/i\n", "list", "i"),
        ("## 参考文献\n\n1. T - https://example.org/j\n", "list", "j"),
    ],
)
def test_variants_in_the_wild_are_found(text, form, url):
    """Footnotes, reference links, lists, bare addresses, entries without a block."""
    (source,) = surveyed("x.md", text).sources
    assert (source.form, source.entry.url) == (form, f"https://example.org/{url}")


@pytest.mark.slow
def test_links_that_are_no_sources_are_named():
    """An address in the text without a quotation is left out, and said to be; code is no text."""
    text = (
        "# A\n\nSee [the docs](https://a.example/pool_(x)) and <https://b.example/>.\n\n"
        "It says “start with five connections a worker” at https://c.example/.\n\n"
        "`https://d.example/`\n\n    https://e.example/\n\n[r]: https://f.example/\n"
    )
    links = surveyed("a.md", text).links
    assert links == (("https://a.example/pool_(x)", 3), ("https://b.example/", 3))


def test_the_agents_documents_are_counted_as_they_are(corpora):
    """Markers, dangling and unused ones are those of the corpus, samples told apart."""
    facts = json.loads((corpora / "agent-docs" / "facts.json").read_text())
    for row in facts:
        survey = surveyed(row["file"], (corpora / row["file"]).read_text("utf-8"))
        assert survey.markers + survey.sample_markers == row["markers"], row["file"]
        assert {label for label, _ in survey.dangling} <= set(row["dangling_markers"])
        assert list(survey.uncited) == row["uncited_sources"]
        assert survey.has_sources_block == row["has_sources_block"]
        assert survey.has_research_context == row["has_research_context"]
        lines = [s for s in survey.sources if s.form in ("block", "loose")]
        assert len(lines) == row["citation_lines"]
        assert {each.verdict for each in judge_sources(survey, None)} <= {
            Verdict.NOT_READ,
            Verdict.NO_ADDRESS,
        }


VARIANTS = """\
\ufeff# Pools\r
\r
Start small.[^1] `[^1]` is code, and so is\t`[2]`.  Raise it [2] only then.\r
Loose^[3], listed^[4] and once more^[3][4].\r
\r
> The guide says "raise it only when requests wait for one" (SITE/pools).\r
\r
| a | b |\r
| - | - |\r
| x [2] | y [^1] |\r
\r
See SITE/pools for more. The [guide](SITE/pools) says "A pool is a set of open connections".\r
\r
[^1]: Pools, SITE/pools, "Start with a pool of five connections a worker"\r
\r
[2]: SITE/pools "raise it only when requests wait for one"\r
\r
[3] Pools - SITE/pools - Accessed 2025-08-03 - "Start with a pool of five connections a worker"\r
\r
## References\r
\r
1. False. SITE/pools. Accessed 3 August 2025. "Start with a pool of fifty connections a worker"\r
4. [Pools](SITE/pools), accessed 2025-08-03: “Start with a pool of five connections a worker”\r
- Pools: SITE/pools "lent to whoever needs one"\r
\r
A last line without an end"""


@pytest.mark.slow
def test_every_form_that_holds_becomes_a_marker_and_no_other_word_changes(site, tmp_path, today):
    """Footnotes, references, lists, loose lines, quotations beside an address; byte for byte."""
    page = tmp_path / "old.md"
    before = VARIANTS.replace("SITE", site)
    page.write_bytes(before.encode())
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    words = ["adopt", str(page), "--allow-private", "--write", "--root", str(tmp_path)]
    exit_code("doc", words)
    after = page.read_bytes().decode()
    keys = {path.stem for path in (tmp_path / "citations").glob("*.yaml")}
    assert len(keys) == 4  # two sources are the same words of the same page
    markers = re.findall(r"\^\[([a-z0-9-]+-[0-9a-f]{6})\]", after)
    assert set(markers) == keys
    bare = re.sub(r" ?\^\[[a-z0-9-]+-[0-9a-f]{6}\](\[[a-z0-9-]+-[0-9a-f]{6}\])?", "", after)
    assert bare == re.sub(r"\^\[\d\](\[\d\])?", "", before)
    assert "Start small.[^1]^[" in after
    assert "`[^1]` is code" in after
    assert "\t`[2]`.  Raise it [2] only" in after  # a link's title is no quote
    assert "| x [2] | y [^1]^[" in after
    assert re.search(r"once more\^\[[a-z0-9-]+\]\[[a-z0-9-]+\]\.", after)
    assert 'fifty connections a worker"\r\n' in after
    assert exit_code("doc", ["sync", str(page), "--root", str(tmp_path)]) == 0
    once = page.read_bytes()
    exit_code("doc", words)  # what is recorded is not recorded twice
    assert len(list((tmp_path / "citations").glob("*.yaml"))) == 4
    assert once == page.read_bytes()


@pytest.mark.slow
def test_a_source_without_a_quote_is_never_a_record(site, tmp_path, today, capsys):
    """It is said what the page has nearest to the claim; nothing is verified by that."""
    page = tmp_path / "old.md"
    page.write_text(
        "A pool begins with five connections a worker.^[1]\n\n**Sources and Citations:**\n\n"
        f"[1] Pools - {site}/pools - Accessed 2025-08-03\n"
    )
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    words = ["adopt", str(page), "--allow-private", "--write", "--root", str(tmp_path)]
    assert exit_code("doc", words) == 1
    said = capsys.readouterr().out
    assert "no quote" in said
    assert "nearest to the claim: “" in said
    assert "five connections a worker" in said
    assert not (tmp_path / "citations").exists()


LABELS = """\
Footnote.[^1] Numbered^[3] in words [3]. Said: "a pool of set size it is" (https://example.org/c).

[^1]: Title - https://example.org/a - "some words of it"

[3] Title - https://example.org/b - "other words of it"

- Title: https://example.org/d "more words of it"
"""


def held(text):
    """The text with markers for its sources, each record named by its source's address."""
    sources = surveyed("x.md", text).sources
    keys = [
        (JudgedSource(source, Verdict.HELD), f"{source.entry.url[-1]}-111111")
        for source in sources
        if source.entry.url.startswith("https://example.org/") and source.form != "block"
    ]
    return name_records(text, keys)


def test_a_document_that_names_its_records_is_left_as_it_is():
    """Adopted twice is the same as once, whether its markers are numbered in between or not."""
    text = LABELS.replace("- Title: https", "## References\n\n- Title: https")
    once = held(text)
    assert once.count("^[") == text.count("^[") + 4
    assert held(once) == once
    quotes = [[one.entry.quote for one in surveyed("x.md", t).sources] for t in (text, once)]
    assert quotes[0] == quotes[1]
    numbered = synced(once, {k: citation(k) for k in keys_in(once)}, date(2026, 11, 23), {})
    assert keys_in(numbered.partition("**Sources and")[0]) == set()
    assert held(numbered) == numbered


def keys_in(text):
    """The keys that markers name."""
    return set(re.findall(r"\^\[([a-z]-1{6})\]", text))


@each_row(
    "other",
    [
        '[3] Else - https://example.org/e - "other words"\n',
        '## References\n\n3. Else - https://example.org/e "other words"\n',
        '**Sources and Citations:**\n\n[3] Else - https://example.org/e - "other words"\n',
    ],
)
def test_a_number_of_two_sources_gets_the_record_of_neither(other):
    """Nobody can tell which of them `^[3]` means, or it is that of the Sources block."""
    text = f'So^[3] it is [3].\n\n[3] Title - https://example.org/b - "words of it"\n\n{other}'
    assert held(text) == text


def standing_for(urls):
    """Pages by path for the addresses of documents: a third true, a third altered, a third gone."""
    pages, expected = {}, {}
    for number, (url, quotes) in enumerate(sorted(urls.items())):
        state = number % 3
        expected[url] = (Verdict.HELD, Verdict.ABSENT, Verdict.GONE)[state]
        if state < 2:
            said = [q if state == 0 else re.sub(r"\w+", "otherwise", q, count=1) for q in quotes]
            filling = "This page is about something that somebody wrote at some time. " * 8
            body = "".join(f"<p>{html.escape(words)}</p>" for words in (*said, filling))
            path = "/" + re.sub(r"\W", "-", url)
            pages[path] = f"<html><head><title>T</title></head><body>{body}</body></html>"
    return pages, expected


@pytest.mark.slow
def test_the_agents_sources_are_judged_by_what_a_site_in_their_place_says(
    corpora, tmp_path, today, capsys
):
    """Every quoted source is judged right: true, altered, gone; without quote it is no record."""
    rows = json.loads((corpora / "agent-docs" / "facts.json").read_text())
    surveys = [surveyed(r["file"], (corpora / r["file"]).read_text("utf-8")) for r in rows]
    urls = {}
    for source in (one for survey in surveys for one in survey.sources if one.entry.url):
        urls.setdefault(source.entry.url, set()).update({source.entry.quote} - {""})
    pages, expected = standing_for(urls)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = pages.get(self.path, "")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(found.encode())

        def log_message(self, *_):
            """Say nothing."""

    with served(Handler) as address:
        for survey in surveys:
            text = (corpora / survey.path).read_text("utf-8")
            for url in sorted(urls, key=len, reverse=True):
                text = text.replace(url, f"{address}/" + re.sub(r"\W", "-", url))
            target = tmp_path / survey.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        words = ["adopt", str(tmp_path / "agent-docs"), "--allow-private", "--json"]
        assert exit_code("doc", [*words, "--root", str(tmp_path)]) == 1
    told = {row["path"]: row["sources"] for row in json.loads(capsys.readouterr().out)}
    wrong, counted = [], Counter()
    for survey in surveys:
        with_url = [one for one in survey.sources if one.entry.url]
        judged_here = [one for one in told[survey.path] if one["url"]]
        for source, one in zip(with_url, judged_here, strict=True):
            right = expected[source.entry.url]
            if right is not Verdict.GONE and not source.entry.quote:
                right = Verdict.NO_QUOTE
            counted[right.value] += 1
            if one["outcome"] != right:
                wrong.append((survey.path, one["line"], right, one["outcome"]))
    assert not wrong
    assert {"held", "absent", "gone"} <= set(counted)
