"""What a reader copies out of a real browser verifies, and the link to it shows it."""

import random
import re
import threading
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError  # noqa: A004

import site_browser
from footnotary.citing import quote_of
from footnotary.extract import extract
from footnotary.inspecting import read_page
from footnotary.match import find_quote, match_quote
from footnotary.match.fragment import recorded_link, text_fragment
from footnotary.models import Response

DOCUMENTATION = Path("/usr/share/doc")
PAGES = 16
PASSAGES = 25  # a page
# What a browser renders and a reader marks in one go.
COPIED = "document.querySelectorAll('p, li, dd, dt, td, pre, tr, blockquote, h2, table, section')"

pytestmark = site_browser.IN_A_BROWSER

MARKUP = """<!doctype html><meta charset=utf-8><title>Limits</title><body><h1>Limits</h1>
<h2 id=pool>The pool <a class=headerlink href="#pool">¶</a></h2>
<p>A pool keeps <em>at most</em> 10 connec&shy;tions, and waits 30&nbsp;seconds<sup><a
href="#n1">[1]</a></sup> for a free one; see <code>pool_<wbr>timeout</code>.<br>Then it
gives up.</p>
<table><tr><th>Setting<th>Default<th>Unit<tr><td>pool_size<td>5<td>connections
<tr><td>max_overflow<td>10<td>connections<tr><td>pool_timeout<td>30.0<td>seconds</table>
<ul><li>Never share a connection between threads.<li>Always <a href="/x">close</a> it.
<ol><li>First the session.</li><li>Then the engine.</li></ol></ul>
<pre>engine = create_engine(url, pool_size=5)
if pool.size() &gt;= 10:
    raise TimeoutError("none is free")</pre>
<dl><dt><code>pool_recycle</code></dt><dd>Seconds, -1 for never.</dd></dl>
<details open><summary>Why so few?</summary>Each one costs the server memory.</details>
<p>Words\u2013with a dash\u2014and “quotation marks”, 50 % of them, ½ of the rest.</p>
<div style="height: 3000px"></div>
<p id=last>The very last paragraph says that the limit is raised in version 2.1 only.</p>"""


@pytest.fixture(scope="module")
def tab(chromium):
    """A page of Debian's Chromium."""
    page = chromium.new_page(viewport={"width": 1280, "height": 600}, java_script_enabled=True)
    yield page
    page.close()


def response_of(markup):
    """An answer with a page of ours."""
    return Response(
        url="https://docs.example/limits",
        final_url="https://docs.example/limits",
        headers={"content-type": "text/html; charset=utf-8"},
        body=markup.encode(),
        retrieved_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def page_of(markup):
    """Extract a page of ours."""
    return extract(response_of(markup))


def passages(text, most, chance):
    """Yield stretches of whole words of 40 to 300 characters."""
    starts = [found.start() for found in re.finditer(r"(?<!\S)\S", text)]
    for start in chance.sample(starts, min(most, len(starts))):
        end = start + chance.randint(40, 300)
        while end < len(text) and not text[end].isspace():
            end += 1
        if len(" ".join(text[start:end].split())) >= 40:
            yield text[start:end]


def test_every_selection_of_a_page_with_everything_verifies(tab):
    """Tables, lists, code, breaks, notes, dashes: whatever is marked from word to word."""
    tab.set_content(MARKUP)
    page = page_of(MARKUP)
    tab.evaluate("() => getSelection().selectAllChildren(document.body)")
    selected = tab.evaluate("() => getSelection().toString()")
    copied = list(passages(selected, 1_000, random.Random(1)))
    shown = tab.evaluate("() => document.body.innerText")
    copied += passages(shown, 1_000, random.Random(2))
    assert len(copied) > 100
    assert [words for words in copied if find_quote(words, page.text) is None] == []


def test_passages_of_installed_documentation_verify(tab):
    """At most three in a thousand passages of real documentation are refused."""
    chance = random.Random(3)
    folders = sorted(DOCUMENTATION.glob("*/html")) + sorted(DOCUMENTATION.glob("*/manual"))
    files = [
        file
        for folder in folders
        if not folder.is_symlink()
        for file in islice(sorted(folder.rglob("*.html")), 400)
        if file.is_file() and 8_000 < file.stat().st_size < 300_000
    ]
    if len(files) < PAGES:
        pytest.skip("no documentation packages are installed")
    asked, refused = 0, []
    # External style sheets and scripts are not read, neither by us nor here.
    tab.route(re.compile(r"\.(?:css|js)(?:\?|$)"), lambda route: route.abort())
    for file in chance.sample(files, PAGES):
        page = read_page(file, "https://docs.example/page")
        tab.goto(file.as_uri(), wait_until="domcontentloaded")
        blocks = tab.evaluate(f"() => [...{COPIED}].map(one => one.innerText)")
        for block in chance.sample(blocks, min(PASSAGES, len(blocks))):
            for words in passages(block, 4, chance):
                asked += 1
                if find_quote(words, page.text) is None:
                    refused.append((file.name, words))
    tab.unroute_all()
    assert asked > 100
    assert len(refused) <= max(1, 3 * asked // 1000), refused


BOX = "style='display:inline-block'"
# What is on the page, and what is quoted of it.
LINKED = {
    f"Press <kbd {BOX}>Ctrl</kbd> to stop the server at once.": "",
    f"The <i {BOX}></i> pool keeps five connections open.": "",
    "Write <ruby>\u6f22\u5b57<rt>kanji</rt></ruby> into the column with care.": "",
    "The cost is <math><mi>n</mi></math> reads a second at most.": "",
    "Type <input value=x> then press the button twice.": "Type then press the button twice.",
    "It holds <del>five</del> six connections.": "It holds six connections.",
    "An image <img src='data:,' alt=''> in the words.": "An image in the words.",
    "First it accepts 3.5 volts. Later it accepts 3 volts on input nine.":
        "accepts 3 volts on input nine",
    "Use <code>pool_size</code> and <code>max_overflow</code> together.": "",
    "<button>Save</button> stores the record alone.": "stores the record alone.",
    "\u5229\u7528\u6599\u91d1\u8868\u306f\u6b21\u306e\u901a\u308a\u3067\u3059\u3002\u6599\u91d1\u306f\u6bce\u6708\u5909\u308f\u308a\u307e\u3059\u3002":
        "\u6599\u91d1\u306f\u6bce\u6708\u5909\u308f\u308a\u307e\u3059\u3002",
    "a half-open range is used - always - in here": "",
    "10<sup>6</sup> rows are few for this table.": "10\u2076 rows are few for this table.",
    "Line one of it<br>and line two of it here.": "Line one of it and line two of it here.",
    f"<kbd {BOX}>Esc</kbd> <kbd {BOX}>Esc</kbd> leaves the editor for good.": "",
    "<pre>pool = create(\n    size=5,\n    overflow=10)</pre>": "",
    "<table><tr><td>pool_size<td>5<td>number of kept ones</table>":
        "pool_size 5 number of kept ones",
    "Words\u2013with a dash\u2014and \u201cquotation marks\u201d, 50 % of them": "",
    "<ul><li>First the session.<li>Then the engine.</ul>": "First the session. Then the engine.",
}  # fmt: skip


def test_a_records_link_scrolls_to_it(tab, tmp_path):
    """Boxes, formulas, rows, code, struck words, other signs: what is cited is shown."""
    gap = "<div style='height: 2000px'></div>"
    markup = f"<!doctype html><meta charset=utf-8><title>T</title><h1>T</h1>{gap}" + gap.join(
        f"<div id=c{number}>{one}</div>" for number, one in enumerate(LINKED)
    )
    (tmp_path / "page.html").write_text(markup + gap, encoding="utf-8")
    response = response_of(markup)
    page = extract(response)
    dead = []
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        for number, (one, words) in enumerate(LINKED.items()):
            found = match_quote(words or re.sub("<rt>.*?</rt>|<[^>]*>", "", one), page)
            assert found.found, (one, found)
            quote = quote_of(found, response, on_page=True)
            tab.goto("about:blank")
            tab.goto(recorded_link(f"http://127.0.0.1:{server.server_port}/page.html", quote))
            place = f"document.getElementById('c{number}').getBoundingClientRect().top"
            try:
                tab.wait_for_function(f"() => {place} >= 0 && {place} < 600", timeout=3_000)
            except TimeoutError:
                dead.append((one, quote))
        server.shutdown()
    assert dead == []


def test_a_link_to_a_passage_shows_it(tab, tmp_path):
    """The browser scrolls to the passage that our matcher found, and not to another."""
    (tmp_path / "limits.html").write_text(MARKUP, encoding="utf-8")
    page = page_of(MARKUP)
    hit = find_quote("the limit is raised in version 2.1 only", page.text)
    fragment = text_fragment(page.text, hit.start, hit.end)
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        tab.goto(f"http://127.0.0.1:{server.server_port}/limits.html#{fragment}")
        tab.wait_for_function("() => scrollY > 0", timeout=5_000)
        top = tab.evaluate("() => document.getElementById('last').getBoundingClientRect().top")
        server.shutdown()
    assert fragment
    assert 0 <= top < 600
