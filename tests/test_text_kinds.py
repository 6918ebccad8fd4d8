"""Sources that are no web pages: what a reader quotes of them, however it is served."""

import json
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from footnotary.citing import unreadable
from footnotary.extract import extract
from footnotary.match import weighed
from footnotary.models import Response, UnreadableReason
from pdf_files import pdf
from tables import each_row

pytestmark = pytest.mark.usefixtures("read_here")

WORDS = "The pool is opened before the first request is made."
NOTEBOOK = {
    "nbformat": 4,
    "cells": [
        {
            "cell_type": "markdown",
            "source": ["# Pools\n", "\n", 'Open the "pool" **first**,\n', "use it."],
        },
        {
            "cell_type": "code",
            "source": ['x = "a"\n', 'print(x.join(["b", "c"]))'],
            "outputs": [{"output_type": "stream", "text": ["printed by the cell\n"]}],
        },
        {"cell_type": "code", "source": "x", "outputs": [{"data": {"text/plain": "shown alone"}}]},
        {"cell_type": "raw", "source": None},
        "no cell",
    ],
}
OPENAPI = {
    "info": {"description": 'Returns the "items" of a page.\n\nUse the cursor; see café.'},
    "servers": ["one ends here.\n", "another\tbegins."],
}
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry>
<title>Release 2.0</title><content type="html">&lt;p&gt;The &lt;b&gt;default&lt;/b&gt; timeout is
30 s.&lt;/p&gt;</content></entry></feed>"""
RFC = """<rfc><front><title>HTTP</title></front><t>The <xref target="x">GET</xref> method
   requests <bcp14>one</bcp14> representation.</t></rfc>"""
SVG = """<svg xmlns="http://www.w3.org/2000/svg"><style>.hidden-words-of-style{}</style>
<text>The API server <tspan>writes</tspan> to it</text></svg>"""
MANUAL = "N\bNA\bAM\bME\bE\n   l\bls\bs - list directory contents\n   ls [_\bO_\bP_\bT]\n"
RST = """Retries
=======

Use the ``pool_size_`` option *before* the first :ref:`request <req>`, as `the docs`_ say.
Call :func:`~socket.accept`, see :pep:`8` and `the page <https://x.example>`_. It takes
10. No more. Like this::

    value = ``not marks`` *args

.. note:: Close the pool after the last one.
"""
ASCIIDOC = """= Retries

Use the `pool` option *before* the first <<req,request>> of the _session_, see
https://x.example/a[the docs].

----
keep *these* marks
----
"""


def page(body, content_type, path="/a"):
    """Read a page out of an answer."""
    data = body if isinstance(body, bytes) else body.encode()
    url = f"https://example.com{path}"
    headers = {"content-type": content_type} if content_type else {}
    return extract(
        Response(url=url, final_url=url, headers=headers, body=data, retrieved_at="2026-11-23")
    )


def says(found, quote):
    """Return whether a page says some words, verbatim."""
    hit = weighed(quote, found)
    return hit is not None and hit.found


@each_row(
    "content_type", ["application/x-ipynb+json", "text/plain", "", "application/octet-stream"]
)
@each_row(
    "quote",
    ['Open the "pool" first, use it.', 'print(x.join(["b", "c"]))', "printed by the cell",
     "shown alone"],
)  # fmt: skip
def test_a_notebook_is_read_by_its_cells(content_type, quote):
    """Markdown as it is shown, code and its output as they are, not as JSON escapes them."""
    found = page(json.dumps(NOTEBOOK, indent=1), content_type, "/work/Pools.ipynb")
    assert says(found, quote)
    assert found.title == "Pools"
    assert found.text[found.headings[0].offset :].startswith("Pools")


@each_row("body", ["{}", '{"nbformat": 4, "cells": 7}', "[" * 9000, "no JSON"])
def test_what_is_no_notebook_is_text(body):
    """A name proves nothing: the file is read as it is."""
    assert page(body, "text/plain", "/a.ipynb").text.strip() == body


@each_row(
    ("content_type", "path"),
    [("application/json", "/a"), ("application/problem+json", "/a"), ("text/plain", "/api.json")],
)
@each_row("indent", [None, 2])
def test_strings_of_json_can_be_quoted_as_they_read(content_type, path, indent):
    """And as they are written; but none goes on into the next one, which is elsewhere."""
    found = page(json.dumps(OPENAPI, indent=indent), content_type, path)
    assert says(found, 'Returns the "items" of a page. Use the cursor; see café.')
    assert says(found, '"description": "Returns the \\"items\\" of a page.')
    assert not says(found, "one ends here. another begins.")


@each_row(
    ("quote", "found"),
    [
        ('"version": 1.10, "big": 1E400', True),
        ('"version": 1.1, "big"', False),
        ('"same": 1, "same": 2', True),
        ('"none": {}, "empty": []', True),
        ('"text": "a: b, c", "end": true', True),
    ],
)
def test_json_on_one_line_is_laid_out_and_not_rewritten(quote, found):
    """A parser would round numbers and drop names that stand twice: other words than the page's."""
    body = '{"version":1.10,"big":1E400,"same":1, "same":2,"none":{},"empty":[],"text":'
    body += '"a: b, c","end":true}'
    assert says(page(body, "application/json"), quote) is found


MANY_VALUES = """
from pathlib import Path
from footnotary.extract import extract
from footnotary.models import Response

for part in (b"{},", b"[],", b'{"a":1},', b'"a\\\\n",', b"1,"):
    for behind in (b"1]", b'1,"info","dist","urls"]'):
        body = b"[" + part * (11_000_000 // len(part)) + behind
        headers = {"content-type": "application/json"}
        url = "https://example.com/a.ipynb"
        answer = Response(
            url=url, final_url=url, headers=headers, body=body, retrieved_at="2026-11-23"
        )
        assert extract(answer).text
print(next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line))
"""


@pytest.mark.slow
def test_json_of_many_values_is_read_within_bounds():
    """Eleven megabytes of tiny values would be a gigabyte of objects."""
    done = subprocess.run(
        [sys.executable, "-c", MANY_VALUES], capture_output=True, text=True, check=True
    )
    assert int(done.stdout.split()[1]) < 300_000


@each_row(
    ("body", "content_type", "quote"),
    [
        (ATOM, "application/atom+xml", "The default timeout is 30 s."),
        (ATOM, "application/rss+xml", "<title>Release 2.0"),
        (RFC, "application/xml", "The GET method requests one representation."),
        (RFC, "text/xml", '<xref target="x">GET</xref>'),
        (SVG, "image/svg+xml", "The API server writes to it"),
    ],
)
def test_xml_is_read_with_its_tags_and_without(body, content_type, quote):
    """A line of a build file is quoted with them, a sentence of a feed or an RFC without."""
    assert says(page(body, content_type), quote)
    assert says(page(body, "text/plain", "/api/v4/files/docs%2Fa.XML/raw"), quote)


def test_no_quote_runs_from_the_tags_of_xml_into_its_words():
    """They are two forms of one text, of which the second begins where nothing ends."""
    assert not says(page(RFC, "application/xml"), "representation.</t></rfc> HTTP")


@pytest.mark.slow
@each_row(
    "body",
    [
        '<!DOCTYPE r [<!ENTITY a "entity words of ten">]><r>&a;</r>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]><r/>',
        "<r>" + "<a>" * 200_000,
        "<r><a>" + "&lt;div&gt;" * 5_000 + "</a></r>",
        "not XML at all",
    ],
)
def test_hostile_xml_is_read_as_it_stands(body):
    """No entity is expanded, nothing is opened, and nesting costs nothing."""
    found = page(body, "application/xml")
    assert found.text.startswith(body[:40])
    assert found.text.count("entity words of ten") == body.count("entity words of ten")


@each_row(
    ("body", "quote"),
    [
        (MANUAL, "ls - list directory contents"),
        (MANUAL, "ls [OPT]"),
        ("\x1b[1mpool\x1b[0m: \x1b]8;;https://x\x1b\\is opened\x1b]8;;\x07", "pool: is opened"),
    ],
)
def test_text_for_terminals_reads_as_terminals_show_it(body, quote):
    """Letters that are struck over, colours and links are no part of the words."""
    assert says(page(body, "text/plain"), quote)


@each_row(
    ("quote", "found"),
    [
        ("Use the pool_size_ option before the first request, as the docs say.", True),
        ("Use the ``pool_size_`` option *before* the first :ref:`request <req>`", True),
        ("Call accept(), see PEP 8 and the page. It takes", True),
        ("Close the pool after the last one.", True),
        ("value = ``not marks`` *args", True),
        ("It takes No more.", False),
        ("value = not marks *args", False),
        ("Use the pool_size option before", False),
        ("Close the pool after the last one. Retries", False),
    ],
)
@each_row("path", ["/docs/retries.rst", "/api/v4/files/docs%2Fretries.rst/raw"])
def test_restructuredtext_is_read_with_its_marks_and_without(path, quote, found):
    """As the file says it and as forges show it; marks of code are code, numbers stay."""
    assert says(page(RST, "text/plain; charset=utf-8", path), quote) is found


@each_row(
    ("quote", "found"),
    [
        ("Use the pool option before the first request of the session, see the docs.", True),
        ("Use the `pool` option *before* the first <<req,request>>", True),
        ("keep *these* marks", True),
        ("keep these marks", False),
    ],
)
def test_asciidoc_is_read_with_its_marks_and_without(quote, found):
    """As the file says it and as forges show it."""
    assert says(page(ASCIIDOC, "text/plain", "/docs/retries.adoc"), quote) is found


@each_row(
    "content_type",
    ["video/mp2t", "application/vnd.oai.openapi", "application/graphql", "application/x-anything"],
)
def test_text_of_a_type_that_is_none_is_text(content_type):
    """Servers give `.ts` the type of a video; what is UTF-8 throughout is no film."""
    assert says(page(f"// {WORDS} é", content_type), WORDS)
    latin = f"// {WORDS} é".encode("latin-1")
    assert page(latin, content_type).unreadable is UnreadableReason.UNSUPPORTED_TYPE


@each_row("content_type", ["", "*/*", "unknown/unknown"])
@each_row("start", ["<!-- made by x -->\n<html>", "<h1>T</h1>", "<p>", "<script>1</script>"])
def test_html_without_a_type_is_html(content_type, start):
    """As browsers tell it by its first bytes; a README may begin with a tag all the same."""
    found = page(
        f"{start}<p>{WORDS.replace('pool', '<b>pool</b>')}" + "<p>Words. " * 60, content_type
    )
    assert says(found, WORDS)
    assert page(f"{start}\n\n{WORDS}", "", "/README.md").media_type == "text/markdown"
    download = page(f"{start}\n\n{WORDS}", "application/octet-stream", "/README.md")
    assert download.media_type == "text/markdown"


@each_row("content_type", ["text/html", "text/plain", "application/force-download"])
def test_a_pdf_is_a_pdf_whatever_its_type_says(content_type):
    """Its bytes are no text: read as one it would lack every quote."""
    found = page(pdf([WORDS]), content_type)
    assert says(found, WORDS)
    assert found.media_type == "application/pdf"


@each_row(
    "content_type",
    ["application/epub+zip", "application/octet-stream", "text/plain", "text/html", "",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
)  # fmt: skip
@each_row("stored", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_books_and_office_files_are_unsupported_not_without_the_quote(content_type, stored):
    """A packed file may say it: that it cannot be read is all that is known."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", stored) as file:
        file.writestr("mimetype", "application/epub+zip")
        file.writestr("a.xhtml", f"<p>{WORDS}")
    found = page(packed.getvalue(), content_type)
    assert found.unreadable is UnreadableReason.UNSUPPORTED_TYPE
    assert not found.text
    error = unreadable(found)
    assert content_type in error.message
    assert "convert it" in error.hint


def test_bytes_without_a_type_that_are_no_text_are_unsupported():
    """Control bytes are in no text, NUL or not (MIME Sniffing, section 3)."""
    found = page(bytes(range(1, 256)) * 9, "application/octet-stream")
    assert found.unreadable is UnreadableReason.UNSUPPORTED_TYPE
