"""Which pages can be relied on: walls are told from articles about walls."""

import json
from pathlib import Path

import pytest

from footnotary import clock
from footnotary.extract import extract
from footnotary.extract.shown import shown_on
from footnotary.inspecting import describe_match
from footnotary.models import Response, UnreadableReason
from tables import each_row

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


@pytest.mark.slow
def test_text_alone_gives_the_same_verdict():
    """Whether metadata is read makes no difference to what can be relied on."""
    for row in PAGES:
        response = answer(row["html"])
        assert extract(response, text_only=True).unreadable == extract(response).unreadable, row


@each_row(
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
    assert describe_match("Access denied Reference", wall)["outcome"] == "unreadable"


def test_a_quote_in_a_page_of_hardly_any_text_is_found():
    """Little text is the page's own all the same: what it has, it has; what it lacks is open."""
    page = extract(answer("<h1>Installation of the tools</h1>"))
    assert page.unreadable is UnreadableReason.TOO_SHORT
    assert describe_match("Installation of the tools", page)["outcome"] == "exact"
    assert describe_match("Removal of the old tools", page)["outcome"] == "unreadable"


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


NONE_SUCH = [
    (
        "Page Not Found",
        "Page not found!",
        "We couldn't find the page. Maybe you were looking for one of these pages below?",
    ),
    (
        "Page Not Found",
        "PAGE NOT FOUND",
        "But if you don't change your direction, you may end up where you are heading.",
    ),
    (
        "404",
        "Page Not Found",
        "We could not find what you were looking for. Please let them know their link is broken.",
    ),
    (
        "Page not found",
        "Page not found",
        "Looks like you've followed a broken link or entered a URL that doesn't exist on this site.",
    ),
    ("404 | Docs", "404", "Page not found. Check the URL or try using the search bar."),
    (
        "Not found",
        "The documentation page you requested does not exist",
        "It may have been removed in this version of the docs.",
    ),
    (
        "Site not found",
        "404",
        "There isn't a site here. If you're trying to publish one, read the full documentation.",
    ),
    (
        "404: NOT_FOUND",
        "404: NOT_FOUND",
        "Code: DEPLOYMENT_NOT_FOUND. This deployment cannot be found at this address.",
    ),
    (
        "Docs",
        "This page could not be found",
        "Use the search or the menu to find what is documented.",
    ),
    (
        "Page not found",
        "Page not found",
        "The topic that was here is in none of the versions; try the search.",
    ),
]
FAILING = [
    (
        "Account Suspended",
        "This Account has been suspended.",
        "Contact your hosting provider for more information.",
    ),
    (
        "Suspended",
        "Website suspended",
        "This happens when an invoice was not paid. Please contact billing to renew it.",
    ),
    (
        "Site disabled",
        "This site is currently disabled",
        "If you are the owner, ask the provider to switch it on once more.",
    ),
    (
        "Domain expired",
        "This domain has expired",
        "If you are its owner, renew it with your registrar within thirty days.",
    ),
    ("Error", "Error establishing a database connection", ""),
    (
        "509",
        "509 Bandwidth Limit Exceeded",
        "The server cannot show it for now: the site's owner has reached the limit. Please try again later.",
    ),
    (
        "Welcome to nginx!",
        "Welcome to nginx!",
        "If you see this page, the web server is installed and working. Further configuration is required.",
    ),
    (
        "Konto",
        "Konto gesperrt",
        "Wenden Sie sich an Ihren Hoster, um es wieder freizuschalten, oder an den Support.",
    ),
    (
        "521",
        "Web server is down",
        "The server does not answer. If you are the owner of this website, contact your hosting provider.",
    ),
    (
        "Client Challenge",
        "Client Challenge",
        "JavaScript is disabled in your browser. Please enable JavaScript to go on to the site.",
    ),
]
ARTICLES = [
    (
        "Account suspended",
        "Account suspended",
        "An account is suspended after three failed payments. The service sends a mail, waits a day and then closes all sessions. ",
    ),
    (
        "Page not found errors in FastAPI",
        "Page not found",
        "A handler for 404 is registered with the application. It gets the request and the error and returns a response of its own. ",
    ),
    (
        "It works",
        "It works",
        "The worker opens its pool after the fork. Each connection is checked before it is handed out, and closed when it is older than a day. ",
    ),
    (
        "Web server is down: a runbook",
        "Web server is down",
        "First look at the log of the proxy. If the upstream closed the connection, the worker was killed; restart it and read the kernel's log. ",
    ),
]


def shown(title, heading, words):
    """Return a page with links below, as hosts make them."""
    links = "<ul><li><a href=/a>Quickstart</a></li><li><a href=/b>Pool settings</a></li></ul>"
    return answer(f"<title>{title}</title><h1>{heading}</h1><p>{words}</p>{links}")


def test_pages_of_hosts_that_say_there_is_none():
    """A documentation host's own 404 page, in whatever words, says nothing of a quote."""
    for one in NONE_SUCH:
        assert extract(shown(*one)).unreadable is UnreadableReason.SOFT_404, one


def test_sites_that_a_host_has_taken_down():
    """A suspended, expired, failing or unfinished site says nothing of a quote."""
    for one in FAILING:
        assert extract(shown(*one)).unreadable is not None, one


def test_articles_with_the_headline_of_a_wall_are_read():
    """A page that goes on to say something is the source that it seems to be."""
    for title, heading, words in ARTICLES:
        assert extract(shown(title, heading, words * 4)).unreadable is None, title


def test_a_field_for_a_name_is_one_for_an_address():
    """What is asked for is told by the type of a field, or else by its name."""
    for field, asks in (("type=email", True), ("type=text name=login", True), ("type=text", False)):
        assert shown_on(f"<main><form><input {field}></form></main>").asks_address is asks
