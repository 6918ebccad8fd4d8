"""Which pages can be relied on: walls are told from articles about walls."""

import json
from pathlib import Path

import pytest

from footnotary import clock
from footnotary.extract import extract
from footnotary.inspecting import compared
from footnotary.models import Response, UnreadableReason

PAGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "walls.jsonl").read_text("utf-8").splitlines()
]
URL = "https://docs.example.org/guide/x"
DEBIAN = Path("/usr/share/doc")
MENU = "<nav>" + "".join(f"<a href=/{number}>Chapter {number} of it</a>" for number in range(200))


def answer(html, *, url=URL, final_url="", status=200):
    """Return a page as it came from a site."""
    return Response(
        url=url,
        final_url=final_url or url,
        redirects=(final_url,) if final_url else (),
        status=status,
        headers={"content-type": "text/html; charset=utf-8"},
        body=html.encode(),
        retrieved_at=clock.now(),
    )


@pytest.mark.parametrize("row", PAGES, ids=[row["name"] for row in PAGES])
def test_walls_are_told_from_articles_about_walls(row):
    """A login, consent, challenge, error or script page is unreadable; a text on one is not."""
    given = {name: row[name] for name in ("url", "final_url", "status") if name in row}
    reason = extract(answer(row["html"], **given)).unreadable
    assert (reason is None) == row["readable"], reason


def test_text_alone_gives_the_same_verdict():
    """Whether metadata is read makes no difference to what can be relied on."""
    for row in PAGES:
        response = answer(row["html"])
        assert extract(response, text_only=True).unreadable == extract(response).unreadable, row


@pytest.mark.parametrize(
    ("head", "body", "final_url", "reason"),
    [
        ("Page not found | Docs", "<h1>Page not found</h1>", "", UnreadableReason.SOFT_404),
        ("Docs", "<h1>Docs</h1>", "https://docs.example.org/", UnreadableReason.SOFT_404),
        (
            "Docs",
            "<h1>Docs</h1><form><input type=password></form>",
            "https://docs.example.org/login?next=/guide/x",
            UnreadableReason.LOGIN_WALL,
        ),
    ],
)
def test_a_wall_among_long_menus_is_a_wall(head, body, final_url, reason):
    """Menus are no text of the page's own, however long they are."""
    html = f"<title>{head}</title>{MENU}</nav>{body}"
    assert extract(answer(html, final_url=final_url)).unreadable is reason


def test_what_stands_on_a_wall_is_not_verified():
    """A quote that is the wall's own words is unreadable, neither found nor absent."""
    wall = extract(answer("<title>Access denied</title><h1>Access denied</h1><p>Reference #1.2"))
    assert wall.unreadable is UnreadableReason.BLOCKED
    assert compared("Access denied Reference", wall)["outcome"] == "unreadable"


def test_a_quote_in_a_page_of_hardly_any_text_is_found():
    """Little text is the page's own all the same: what it has, it has; what it lacks is open."""
    page = extract(answer("<h1>Installation of the tools</h1>"))
    assert page.unreadable is UnreadableReason.TOO_SHORT
    assert compared("Installation of the tools", page)["outcome"] == "exact"
    assert compared("Removal of the old tools", page)["outcome"] == "unreadable"


@pytest.mark.slow
def test_pages_of_real_documentation_are_readable():
    """Of thousands of real pages only stubs are unreadable: redirects, empty ones, a 404.html."""
    pages = [
        path
        for name in ("python3.11", "apache2-doc", "python-django-doc", "postgresql-doc-15")
        for path in (DEBIAN / name).rglob("*.html")
        if path.is_file() and path.stat().st_size < 1_000_000
    ]
    if not pages:
        pytest.skip("none of Debian's -doc packages is installed")
    stubs = ("404", "search", "genindex", "index")
    for path in pages:
        page = extract(answer(path.read_bytes().decode("utf-8", "replace")), text_only=True)
        assert page.unreadable is None or path.stem in stubs, (path.name, page.unreadable)
