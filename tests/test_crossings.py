"""What a quote may not run across: headings, cells and rows of tables, the lines of code."""

from datetime import UTC, datetime

from footnotary.extract import extract
from footnotary.match import match_quote
from footnotary.match.matching import Outcome
from footnotary.models import Response

FILLER = "<p>" + "These words make the page long enough to be read. " * 8 + "</p>"


def read_page(body, content_type="text/html; charset=utf-8", path="page"):
    """Extract a page out of a body."""
    url = f"https://docs.example/{path}"
    return extract(
        Response(
            url=url,
            final_url=url,
            headers={"content-type": content_type},
            body=body.encode(),
            retrieved_at=datetime(2026, 11, 23, tzinfo=UTC),
        )
    )


TABLE = """<p>The settings of the pool, in seconds.</p><table>
<tr><th>Setting</th><th>Default</th><th>Meaning</th></tr>
<tr><td><p>pool_timeout</p></td><td><p>30</p></td>
<td><p>How long to wait.</p><p>Never zero.</p></td></tr>
<tr><td>pool_recycle</td><td>3600</td><td>When to connect anew.</td></tr>
<tr><td></td><td>7200</td><td>When idle.</td></tr></table><p>More words follow the table.</p>"""
SECTIONS = """<h1>The pool of connections</h1><p>The pool keeps ten connections.</p>
<h2>2.1 Removed options</h2><p>The option echo_pool prints what happens.</p>
<h3>Notes about them</h3><h4>In version two</h4><p>They are gone.</p>"""
CODE = """<pre>def retry(times):
    for attempt in range(times):
        if send(attempt):
            return True
    return False
</pre>"""
YAML = """<div class="highlight"><pre><span></span><span class="nt">services</span>:
  web:
    image: nginx
  db:
    image: postgres
</pre></div>"""
WRAPPED = """<pre>
   The connection is closed by the server when it has been idle for a
   longer time than the keep-alive timeout, and a client that sends a
   request on it at that time gets an error that it may try again.
</pre>"""

# Markup, quote, and the reason of its refusal; None where it is found.
CASES = [
    (TABLE, "pool_timeout 30", "crosses cells"),
    (TABLE, "30 How long to wait.", "crosses cells"),
    (TABLE, "30 How long to wait. Never zero. pool_recycle", "crosses a table row"),
    (TABLE, "Never zero. pool_recycle", "crosses a table row"),
    (TABLE, "Default Meaning pool_timeout", "crosses a table row"),
    (TABLE, "When idle. More words follow", "crosses a table row"),
    (TABLE, "in seconds. Setting Default", "crosses a table row"),
    (TABLE, "pool_timeout 30 How long to wait. Never zero.", None),
    (TABLE, "pool_timeout\t30\tHow long to wait.\nNever zero.", None),
    (TABLE, "How long to wait. Never zero.", None),
    (TABLE, "pool_recycle 3600 When to connect anew. 7200 When idle", None),
    (TABLE, "7200 When idle. More words follow the table.", None),
    (TABLE, "pool_timeout", None),
    (TABLE, "pool_recycle", None),
    (SECTIONS, "keeps ten connections. 2.1 Removed options", "crosses a heading"),
    (SECTIONS, "ten connections. 2.1 Removed options The option echo_pool", "crosses a heading"),
    (SECTIONS, "options The option echo_pool prints", "crosses a heading"),
    (SECTIONS, "what happens. Notes about them", "crosses a heading"),
    (SECTIONS, "Removed options The option echo_pool prints what happens.", None),
    (SECTIONS, "2.1 Removed options The option echo_pool", None),
    (SECTIONS, "Notes about them In version two They are gone.", None),
    (SECTIONS, "The pool of connections The pool keeps ten connections.", None),
    (CODE, "if send(attempt):\n            return True\n    return False", None),
    (CODE, "        if send(attempt):\n            return True\n    return False", None),
    (CODE, "    if send(attempt):\n        return True\nreturn False", None),
    (CODE, "if send(attempt):\n    return True\nreturn False", "indentation"),
    (CODE, "    for attempt in range(times):\n        if send(attempt):", None),
    (CODE, "for attempt in range(times):\n    if send(attempt):", None),
    (CODE, "if send(attempt):\n            return True\n            return False", "indentation"),
    (CODE, "if send(attempt):\n    return True\n    return False", "indentation"),
    (CODE, "if send(attempt):\nreturn True\nreturn False", "indentation"),
    (CODE, "if send(attempt): return True\nreturn False", "line breaks"),
    (CODE, "for attempt\nin range(times):\n        if send(attempt):", "line breaks"),
    (CODE, "if send(attempt):\n\n            return True\n    return False\n", None),
    (CODE, "if send(attempt):\r\n            return True\r\n    return False", None),
    (CODE, "if send(attempt):   return True", None),
    (CODE, "attempt in range(times):\n        if send(attempt):", None),
    (YAML, "services:\n  web:\n    image: nginx\n  db:\n    image: postgres", None),
    (YAML, "web:\n  image: nginx\ndb:\n  image: postgres", None),
    (YAML, "services:\n  web:\n    image: nginx\n    db:\n      image: postgres", "indentation"),
    (YAML, "services:\n  web:\n  image: nginx\n  db:\n  image: postgres", "indentation"),
    (YAML, "web:\n    image: nginx\n    db:\n    image: postgres", "indentation"),
    (WRAPPED, "a client that sends a request on it at that time gets an error", None),
    (WRAPPED, "a client that sends\na request on it at that\ntime gets an error", None),
]


def test_a_quote_holds_whole_rows_sections_and_lines():
    """Words in order are no quote where the page's own borders between them say otherwise."""
    for markup, quote, reason in CASES:
        found = match_quote(quote, read_page(f"<!doctype html><body>{markup}{FILLER}"))
        if reason is None:
            assert found.found, (quote, found.reason)
        else:
            assert (found.outcome, found.reason) == (Outcome.NEAR, reason), quote


def test_what_is_offered_instead_is_a_quote():
    """The whole rows, or the longer part on one side of a heading, are accepted themselves."""
    for markup, quote, reason in CASES:
        page = read_page(f"<!doctype html><body>{markup}{FILLER}")
        if reason is not None:
            assert match_quote(match_quote(quote, page).exact, page).found, quote


def test_lines_count_in_source_code_and_not_in_prose():
    """A file of source code is code; so is a fenced block of Markdown; a text file is prose."""
    code = "if ready:\n    start()\nstop()\n"
    moved = "if ready:\n    start()\n    stop()"
    for content_type, path, body in (
        ("text/plain", "main.py", code),
        ("text/x-python", "main", code),
        ("application/yaml", "main", code),
        ("text/markdown", "page.md", f"# Title\n\nSome words.\n\n```python\n{code}```\n"),
    ):
        page = read_page(body, content_type, path)
        assert match_quote(code.strip(), page).outcome is Outcome.EXACT, path
        assert match_quote(moved, page).reason == "indentation", path
    assert match_quote(moved, read_page(code, "text/plain", "notes.txt")).found


def test_tabs_and_blanks_indent_alike():
    """A page's tabs are quoted as any number of blanks that keeps the lines as they are."""
    page = read_page("if ready:\n\tstart(now)\n\tif done:\n\t\tstop()\n", "text/plain", "main.py")
    for blanks in (2, 4, 8):
        unit = " " * blanks
        quote = f"if ready:\n{unit}start(now)\n{unit}if done:\n{unit * 2}stop()"
        assert match_quote(quote, page).found, blanks
    assert not match_quote("if ready:\n    start(now)\n    if done:\n    stop()", page).found


def test_code_on_one_line_is_not_exact():
    """A quote that has lines of code on one line is found, and is not the page's own form."""
    found = match_quote("if send(attempt): return True", read_page(f"<body>{CODE}{FILLER}"))
    assert found.outcome is Outcome.NORMALIZED
    assert found.exact == "if send(attempt):\n            return True"


def test_roles_make_tables():
    """What ARIA calls a row is one, whatever its elements (WAI-ARIA 1.2)."""
    row = "<div role=row><span role=cell>{}</span><div role=cell>{}</div></div>"
    rows = row.format("pool_timeout", "30 seconds") + row.format("pool_recycle", "60 seconds")
    page = read_page(f"<!doctype html><body><div role=table>{rows}</div>{FILLER}")
    assert match_quote("30 seconds pool_recycle", page).reason == "crosses a table row"
    assert match_quote("pool_recycle 60 seconds", page).found


def test_records_that_cross_are_still_held_by_their_words():
    """A re-check asks whether the words are there."""
    page = read_page(f"<!doctype html><body>{TABLE}{FILLER}")
    assert not match_quote("pool_timeout 30", page).found
    assert match_quote("pool_timeout 30", page, recorded=True).found
