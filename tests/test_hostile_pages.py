"""Whatever a server sends ends in a page or a reason, soon and in little memory."""

import random
import resource
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from footnotary.extract import extract
from footnotary.match import match_quote
from footnotary.models import Response, UnreadableReason

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://docs.example/page"


def read(body, content_type="text/html"):
    """Extract a body."""
    return extract(
        Response(
            url=URL,
            final_url=URL,
            headers={"content-type": content_type},
            body=body if isinstance(body, bytes) else body.encode(),
            retrieved_at=NOW,
        )
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000,
        "<ul><li>" * 50_000,
        "<select>" + "<option>" * 100_000,
        "<div " + " ".join(f"a{number}=1" for number in range(100_000)) + ">",
        "".join(f"<b a{number}>" for number in range(2_000)) + "<p>x" * 20_000,
        "<p>x" * 4_000_000,
    ],
    ids=lambda markup: markup[:24],
)
def test_markup_that_cannot_be_parsed_in_bounds_is_unreadable(markup):
    """Nesting, attributes and tags without end are refused before they are parsed."""
    assert read(markup).unreadable is UnreadableReason.TOO_COMPLEX


def test_deep_but_possible_nesting_is_read():
    """Deeper than browsers go is still read."""
    page = read("<div>" * 1_000 + "the words inside a very deep page. " * 20)
    assert page.unreadable is None
    assert match_quote("the words inside a very deep page.", page).found


DAMAGES = (
    lambda body, cut, _rng: body[:cut],
    lambda body, cut, rng: body[:cut] + rng.randbytes(2_000) + body[cut:],
    lambda body, _cut, rng: body.replace(b"</", b"<", rng.randrange(200)),
    lambda body, cut, _rng: body[:cut] + b"\0" * 500 + body[cut:],
    lambda body, cut, _rng: body[:cut] + b'<p title="' + b"x" * 300_000 + b'">' + body[cut:],
    lambda body, _cut, rng: body.decode("utf-8", "replace").encode(
        rng.choice(["utf-16", "utf-32", "cp037"]), "replace"
    ),
    lambda body, cut, _rng: body[:cut] + b"<div><b>" * 100_000 + body[cut:],
    lambda body, _cut, rng: bytes(rng.choice(body) for _ in range(5_000)),
)


def damaged(body, rng):
    """Damage a page in one of the ways in which transport and authors do."""
    return rng.choice(DAMAGES)(body, rng.randrange(len(body)), rng)


MUTATED = """
import json, sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
import random
from test_hostile_pages import damaged, read
from footnotary.match import match_quote
corpora = Path({corpora!r})
rows = [json.loads(line) for line in (corpora / "pages.jsonl").read_text().splitlines()]
rng = random.Random(20261123)
types = ["text/html", "text/html; charset=utf-8", "text/html; charset=koi8-r", "text/plain",
         "application/json", "application/xhtml+xml", "application/pdf", "text/markdown", ""]
for number in range(160):
    body = (corpora / rng.choice(rows)["file"]).read_bytes()
    page = read(damaged(body, rng), rng.choice(types) if number % 3 else "text/html")
    assert page.unreadable is not None or page.text.strip(), number
    match_quote("a quote that no page of these has said yet", page)
# as many elements as are parsed, with hardly any text: looked at once more
assert read(b"<title>Sign in</title>" + b"<div><b></b></div>" * 220_000).unreadable
# not ru_maxrss: a child starts with its parent's (exec keeps it)
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)
"""


@pytest.mark.slow
def test_damaged_pages_end_in_a_page_or_a_reason(corpora, request):
    """Truncated, binary, misdeclared, nested and bloated pages never raise; memory stays low."""
    script = MUTATED.format(tests=str(request.path.parent), corpora=str(corpora))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < 300, f"{done.stdout} MB"


@pytest.mark.slow
def test_a_page_of_fifty_megabytes_is_refused_unparsed():
    """What is too large says so, without a tree of it in memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    page = read(b"<p>" + b"words and words " * 3_200_000)
    assert page.unreadable is UnreadableReason.TOO_COMPLEX
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_bytes_that_are_no_text_end_in_a_page_or_a_reason():
    """Whatever they are said to be, nothing is raised; without words there is a reason."""
    rng = random.Random(7)
    for size in (0, 1, 7, 300, 5_000):
        body = rng.randbytes(size)
        for media_type in ("", "image/png", "application/json", "text/x-rst", "a/b"):
            page = read(body, media_type)
            assert (page.unreadable is None) == bool(page.text.strip()), (media_type, size)
            assert page.unreadable or size < 300, (media_type, size)  # which is no text by chance
