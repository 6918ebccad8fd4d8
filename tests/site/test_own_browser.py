"""Our own site in a real browser: every kind of page, light and dark, wide and narrow."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from site_browser import IN_A_BROWSER, serious_findings

DAY = "2026-11-23"
PAGES = (
    "/",
    "/records/",
    "/documents/overview/",
    f"/documents/api-specs/API-shop-{DAY}/",
    f"/documents/api-specs/API-shop-{DAY}.swagger.html",
    f"/documents/database-schemas/SCHEMA-shop-{DAY}/",
    f"/documents/deployment/DEPLOY-footnotary-{DAY}/",
    f"/documents/implementation/IMPL-shop-{DAY}/",
    f"/documents/research/RESEARCH-where-records-are-kept-{DAY}/",
    "/notebook/",
    "/sources/",
    "/sources/health/",
)
# The other kinds are looked at in dark colours on a site of few words (`test_browser.py`).
IN_THE_DARK = [page for page in PAGES if re.search("(SCHEMA|DEPLOY|IMPL)-|swagger|/records/", page)]

pytestmark = IN_A_BROWSER


@pytest.fixture
def tab(own_site, serving, visiting):
    """Return a function that opens a page of our own site."""
    with serving(own_site) as address, visiting(address) as visit:
        yield visit


@pytest.fixture
def paths(own_site):
    """One page of every kind."""
    source = min(own_site.glob("sources/docs-python-org-*/index.html")).parent.name
    return (*PAGES, f"/sources/{source}/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_kind_of_page(tab, paths, scheme):
    """Documents, notebook, library, a source, health, home: with a card open where one can be."""
    shown = paths if scheme == "light" else IN_THE_DARK
    assert serious_findings(tab, shown, scheme) == []


def pages_to_measure(site):
    """Return the pages of a site, of those of one form the ten with the longest words."""
    found = {path: path.relative_to(site).parts for path in site.rglob("*.html")}
    alike = [path for path, parts in found.items() if parts[0] in ("rules", "sources")]
    alike.sort(key=lambda path: -max(map(len, LexborHTMLParser(path.read_text()).text().split())))
    left = {path for path in found if path.name == "404.html"} | set(alike[10:])
    return sorted("/".join(found[path]) for path in found.keys() - left)


def test_every_page_fits_a_phone(tab, own_site):
    """At 360 px nothing scrolls sideways but what has a frame of its own, on any page.

    Of the pages of rules and of sources, which are many and of one form, those with the longest
    words are looked at. 404.html is left out: it is served at any depth, so its addresses are those
    of the published place, which is not here.
    """
    page = tab("/", viewport={"width": 360, "height": 740})
    address = page.url.rstrip("/")
    wide = []
    for path in pages_to_measure(own_site):
        page.goto(f"{address}/{path}", wait_until="load")
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(path)
    assert wide == []


def test_a_printed_page_has_its_addresses_and_no_controls(tab):
    """On paper a source has its address, and no card, filter or way back is in the way."""
    page = tab("/records/")
    page.emulate_media(media="print")
    assert not page.locator(".fn-sources .fn-back").first.is_visible()
    assert "docs.python.org" in page.evaluate(
        "getComputedStyle(document.querySelector('.fn-sources .fn-title'), '::after').content"
    )


def test_a_handler_leads_to_its_reference(tab):
    """From operation to handler, and from there the reader sees its docstring."""
    page = tab(f"/documents/api-specs/API-shop-{DAY}/")
    page.locator("a.autorefs", has_text="src.catalog.router.search").first.click()
    page.wait_for_url(f"**/IMPL-shop-{DAY}/#src.catalog.router.search")
    assert page.locator("[id='src.catalog.router.search']").is_visible()
