"""The built site in a real browser, with the same assertions for every engine."""

import pytest

from footnotary.publishing.engine import build_site
from footnotary.publishing.initialising import initialise
from footnotary.publishing.place import source_name
from site_browser import ENGINES, IN_A_BROWSER, serious_findings

PHONE = {"width": 360, "height": 740}
SWAGGER = "/documents/api-specs/API-shop-2026-11-23.swagger.html"
NOTEBOOK = (
    "/notebook/",
    "/notebook/decisions/",
    "/notebook/reading/",
    "/documents/research/RESEARCH-which-b-pool-b-size-2026-11-22/",
)
PAGES = (
    "/",
    "/evidence/",
    "/sources/",
    "/sources/health/",
    *NOTEBOOK,
    "/documents/",
    "/documents/api-specs/API-shop-2026-11-23/",
    "/documents/api-specs/API-shop-2026-11-01/",
)

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module", params=ENGINES)
def address(request, shop, serving, tmp_path_factory):
    """The site, built strictly by one engine and served on loopback."""
    pytest.importorskip(request.param)
    initialise(shop)
    folder = tmp_path_factory.mktemp(request.param) / "site"
    build_site(shop, strict=True, site_dir=folder, engine=request.param)
    with serving(folder) as address:
        yield address


@pytest.fixture
def tab(visiting, address):
    """Return a function that opens a page of the site."""
    with visiting(address) as visit:
        yield visit


def eventually(page, expression):
    """Wait until an expression is true; the page's own policy forbids Playwright's way."""
    for _ in range(60):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(250)
    pytest.fail(f"never true: {expression}")


def test_hovering_shows_the_quote_and_its_state(tab):
    """The card has the quote in its surroundings, the day, the state and the way there."""
    page = tab("/evidence/")
    page.locator("a.fn-ref").first.hover()
    card = page.locator(".fn-card")
    card.wait_for()
    words = card.inner_text()
    assert "Start with a pool of 5 connections a worker" in words
    assert "Measure first." in words
    assert "held" in words
    assert "2026-11-20" in words
    link = card.get_by_text("Go to the sentence")
    assert "#:~:text=Start%20with" in link.get_attribute("href")
    page.mouse.move(5, 600)
    card.wait_for(state="detached")


def test_the_keyboard_reaches_the_card_and_leaves_it(tab):
    """Focus shows the card, Enter goes into it, Escape closes it and gives the focus back."""
    page = tab("/evidence/")
    page.locator("a.fn-ref").first.focus()
    page.locator(".fn-card").wait_for()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className").startswith("fn-card")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.fn-card') !== null")
    page.keyboard.press("Escape")
    page.locator(".fn-card").wait_for(state="detached")
    assert page.evaluate("document.activeElement.classList.contains('fn-ref')")


def test_a_tap_shows_the_card_on_a_phone(tab):
    """At 360 px the card fits the screen and the page does not scroll sideways."""
    page = tab("/evidence/", viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("a.fn-ref").first.tap()
    box = page.locator(".fn-card").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.locator("h1").first.tap()
    page.locator(".fn-card").wait_for(state="detached")


def test_no_page_scrolls_sideways_on_a_phone(tab):
    """What is wide scrolls in its own frame."""
    for path in PAGES:
        page = tab(path, viewport=PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], path
        page.close()


def test_without_scripts_every_marker_leads_to_its_source_and_back(tab):
    """The links are in the page itself."""
    page = tab("/evidence/", java_script_enabled=False)
    page.locator("a.fn-ref").first.click()
    assert page.url.endswith("#fn:1")
    page.locator("a.fn-backref").first.click()
    assert page.url.endswith("#fnref:1")


def test_the_library_is_filtered_and_sorted(tab):
    """Words, states and sites narrow the table; a column's head sorts it."""
    page = tab("/sources/")
    rows = page.locator("table.fn-library tbody tr:visible")
    assert rows.count() == 4
    page.locator("select[name=state]").select_option("changed")
    assert rows.count() == 1
    page.locator("select[name=state]").select_option("")
    page.locator("input[name=words]").click()
    page.keyboard.type("pool connections")
    assert rows.count() == 1
    assert "1 of 4" in page.locator(".fn-count").inner_text()
    page.locator("input[name=words]").fill("")
    page.locator("th button", has_text="State").click()
    states = page.locator("tbody tr td:nth-child(2)").all_inner_texts()
    assert states == sorted(states)


def test_search_finds_a_quote(tab, address):
    """The words of a quote lead to its source."""
    page = tab("/")
    page.wait_for_timeout(1000)  # until the theme has read its index
    material = page.locator("input.md-search__input")
    if material.count():
        material.first.click()
    else:
        page.keyboard.press("Control+k")
        page.wait_for_timeout(500)
    page.keyboard.type("connections worker", delay=40)
    eventually(
        page,
        "(() => { const deep = (root) => [root.textContent || '',"
        " ...[...root.querySelectorAll('*')]"
        ".filter(e => e.shadowRoot).map(e => deep(e.shadowRoot))].join(' ');"
        " return /Sizing a connection pool/.test(deep(document.documentElement)); })()",
    )


def test_a_diagram_is_drawn_from_our_own_library(tab):
    """The theme would ask a public network for Mermaid; it finds ours."""
    page = tab("/evidence/")
    eventually(
        page,
        "(() => { const e = document.querySelector('div.mermaid');"
        " return e && e.getBoundingClientRect().height > 40"
        " && !document.querySelector('pre.mermaid'); })()",
    )


def test_the_boxes_of_a_diagram_hide_what_is_drawn_behind_them(tab):
    """The ends of lines are drawn behind the boxes: through a clear one they cross its words."""
    page = tab("/evidence/")
    eventually(page, "!!document.querySelector('div.mermaid')")
    colour = page.evaluate(
        "(() => { const of = getComputedStyle(document.querySelector('div.mermaid'));"
        " const probe = document.createElement('i');"
        " probe.style.color = of.getPropertyValue('--md-mermaid-node-bg-color');"
        " document.body.append(probe); return getComputedStyle(probe).color; })()"
    )
    assert colour
    assert "/" not in colour, colour  # `color(srgb … / alpha)`
    assert "rgba" not in colour, colour


def drawn(page):
    """Wait for both diagrams of the page; return the button that enlarges the wide one."""
    eventually(page, "document.querySelectorAll('.fn-enlarge').length === 2")
    return page.get_by_role("button", name="Enlarge diagram: Wide")


def stage(page):
    """How the enlarged diagram lies: its size, what is scrolled, the width of its stage."""
    return page.evaluate(
        "(() => { const s = document.querySelector('.fn-stage'), d = s.firstChild;"
        " return {width: d.offsetWidth, height: d.offsetHeight, left: s.scrollLeft,"
        " top: s.scrollTop, room: s.clientWidth}; })()"
    )


def test_the_keyboard_enlarges_a_diagram(tab):
    """Enter opens it, + and - change its size, arrows move it, 0 fits it in, Escape closes."""
    page = tab("/evidence/")
    drawn(page).focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog", name="Diagram: Wide").count() == 1
    assert page.evaluate("document.activeElement.matches('.fn-stage')")
    whole = stage(page)
    assert whole["room"] - 20 < whole["width"] <= whole["room"]
    for _ in range(4):
        page.keyboard.press("+")
    large = stage(page)
    assert large["width"] == pytest.approx(whole["width"] * 1.25**4, rel=0.01)
    assert large["left"] > 0  # its middle stays in the middle
    page.keyboard.press("ArrowRight")
    assert stage(page)["left"] == pytest.approx(large["left"] + 60, abs=1)
    page.keyboard.press("-")
    assert stage(page)["width"] < large["width"]
    page.keyboard.press("0")
    assert stage(page)["width"] == whole["width"]
    for _ in range(8):  # never out of the dialog and into the page
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    page.locator(".fn-enlarged").wait_for(state="detached")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").endswith("Wide")
    assert page.evaluate("document.querySelectorAll('article div.mermaid').length") == 2


def test_a_page_is_printed_with_its_diagram_in_its_place(tab):
    """Printing closes what is enlarged, before the page is laid out on paper."""
    page = tab("/evidence/")
    drawn(page).click()
    assert page.evaluate("document.querySelectorAll('article div.mermaid').length") == 1
    page.pdf()
    assert page.evaluate("document.querySelectorAll('article div.mermaid').length") == 2
    assert page.locator(".fn-enlarged").count() == 0


def test_the_pointer_enlarges_a_diagram(tab):
    """A click opens it, the wheel changes its size where the pointer is, a drag moves it."""
    page = tab("/evidence/")
    drawn(page)
    before = page.evaluate("document.documentElement.scrollHeight")
    page.locator("div.mermaid").last.click()
    whole = stage(page)
    page.mouse.move(640, 400)
    for _ in range(4):
        page.mouse.wheel(0, -100)
    eventually(page, f"document.querySelector('.fn-stage > *').offsetWidth > {whole['width'] * 2}")
    at = stage(page)["left"]
    page.mouse.down()
    page.mouse.move(540, 400, steps=4)
    page.mouse.up()
    assert stage(page)["left"] == pytest.approx(at + 100, abs=2)
    page.get_by_role("button", name="Close").click()
    page.locator(".fn-enlarged").wait_for(state="detached")
    assert page.evaluate("document.documentElement.scrollHeight") == before


def test_a_tall_diagram_opens_larger_than_it_is_in_the_page(tab):
    """As a whole it would be smaller: what does not fit is scrolled to; 0 fits it in."""
    page = tab("/evidence/", viewport={"width": 1280, "height": 150})
    width = drawn(page).evaluate("one => one.previousElementSibling.scrollWidth")
    page.get_by_role("button", name="Enlarge diagram: Wide").press("Enter")
    opened = stage(page)
    assert opened["width"] >= min(width, opened["room"] - 20)
    page.keyboard.press("0")
    assert stage(page)["width"] < width


def test_fingers_enlarge_a_diagram_on_a_phone(tab):
    """At 360 px its text is not shrunk beyond reading; buttons and two fingers change its size."""
    page = tab("/evidence/", viewport=PHONE, has_touch=True, is_mobile=True)
    wide = page.locator("div.mermaid").last
    button = drawn(page)
    assert wide.evaluate("one => one.scrollWidth > 2 * one.clientWidth && one.tabIndex === 0")
    button.tap()
    whole = stage(page)
    assert whole["width"] <= whole["room"] <= PHONE["width"]
    page.get_by_role("button", name="Larger").tap()
    assert stage(page)["width"] > whole["width"]
    page.get_by_role("button", name="Fit in").tap()
    fingers = page.context.new_cdp_session(page)
    for kind, apart in (("Start", 40), ("Move", 60), ("Move", 120), ("End", 0)):
        points = [{"x": 180 + side * apart, "y": 400, "id": at}
                  for at, side in enumerate((-1, 1)) if apart]  # fmt: skip
        fingers.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    assert stage(page)["width"] == pytest.approx(whole["width"] * 3, rel=0.1)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Close").tap()
    page.locator(".fn-enlarged").wait_for(state="detached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_enlarged_diagram(tab, scheme):
    """Neither in the dialog nor in the button that opens it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = tab("/evidence/", color_scheme=scheme)
    button = drawn(page)
    found = axe.run(page, context={"include": [[".fn-enlarge"]]}).response["violations"]
    button.click()
    page.wait_for_timeout(200)
    found += axe.run(page, context={"include": [[".fn-enlarged"]]}).response["violations"]
    assert [(one["id"], one["nodes"]) for one in found] == []


def test_without_scripts_a_diagram_is_its_source(tab):
    """Nothing offers what does not work."""
    page = tab("/evidence/", java_script_enabled=False)
    assert "leaf_number_9" in page.locator("pre.mermaid").last.inner_text()
    assert page.locator(".fn-enlarge").count() == 0


def test_a_name_in_a_table_is_not_broken_in_the_middle(tab):
    """A wide table scrolls; a path or a variable stays one word."""
    page = tab("/evidence/")
    lines = page.evaluate(
        "(() => { const cell = document.querySelector('.md-typeset td');"
        " cell.closest('table').style.width = '60px';"
        " cell.innerHTML = '<code>SHOP_PAYMENT_PROVIDER_KEY</code>';"
        " return cell.firstChild.getClientRects().length; })()"
    )
    assert lines == 1


def test_swagger_ui_lists_the_operations(tab):
    """The API's Swagger UI works from local files."""
    page = tab(SWAGGER)
    page.locator(".opblock-summary-path").first.wait_for()
    assert "/products" in page.locator(".opblock-summary").first.inner_text()
    page.locator("header a").click()
    page.locator("h1", has_text="API: shop").wait_for()


def test_hostile_words_appear_as_words(tab):
    """Nothing that a source says runs, loads or changes the page."""
    own = f"/sources/{source_name('https://notes.example.org/evil-3f09aa')}/"
    for path in ("/evidence/", "/sources/", "/sources/health/", *NOTEBOOK, own):
        page = tab(path)
        assert page.evaluate("window.pwned") is None
        assert page.locator("article img, article iframe, article script[src]").count() == 0
    assert "<script>window.pwned=1</script> {{ 7*7 }}" in page.title()
    assert "<script>window.pwned=1</script> {{ 7*7 }}" in page.locator("h1").inner_text()
    page = tab("/evidence/")
    words = page.locator(".fn-sources").inner_text()
    assert "<script>window.pwned=2</script> {{ 7*7 }} `x` ^[1] {% raw %} $y$ |" in words
    assert page.locator("a[href^=javascript]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(tab, scheme):
    """Our pages pass axe-core; what it finds in the theme's own frame is not ours."""
    assert serious_findings(tab, PAGES, scheme) == []
