"""What tests of built sites in a real browser share."""

import os
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
# ProperDocs is MkDocs under another name, with the same theme: `GROUNDS=all` visits its pages too.
VISITS_ALL = os.environ.get("GROUNDS") == "all"
ENGINES = ("mkdocs", "zensical", "properdocs")[: 3 if VISITS_ALL else 2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
IN_A_BROWSER = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    # Playwright's own event loop is left open by its synchronous interface.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@contextmanager
def visiting(browser, address):
    """Yield a function that opens a page; no console error, and no request may leave us.

    Pages of the same options are those of one visitor, who keeps what every page loads.
    """
    problems, contexts = [], {}

    def watch(page):
        page.on("console", lambda one: one.type == "error" and problems.append(one.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "request",
            lambda one: one.url.startswith((address, "data:", "blob:")) or problems.append(one.url),
        )

    def visit(path, *, hits=False, **options):
        visitor = repr(sorted(options.items()))
        if visitor not in contexts:
            contexts[visitor] = browser.new_context(**options)
        page = contexts[visitor].new_page()
        if hits:  # what payloads call
            page.add_init_script("window.hits = []; window.hit = (n) => window.hits.push(n);")
        watch(page)
        page.goto(address + path, wait_until="load")
        return page

    yield visit
    for context in contexts.values():
        context.close()
    assert not problems, problems


def serious_findings(visit, paths, scheme):
    """Return what axe-core finds serious in our part of each page, with a card open.

    A dark page is a light one in other colours: there, contrast is all that is looked at.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    serious = []
    for path in paths:
        page = visit(path, color_scheme=scheme)
        swagger = path.endswith(".swagger.html")
        if not swagger and page.locator("a.fn-ref").count():
            page.locator("a.fn-ref").first.focus()
            page.locator(".fn-card").wait_for()
        page.wait_for_timeout(200)
        where = {"include": [["header" if swagger else "article"]]}
        options = {"resultTypes": ["violations"]}  # of the rest, one node of each rule
        if scheme == "dark":
            options["runOnly"] = ["color-contrast"]
        found = axe.run(page, context=where, options=options).response["violations"]
        serious += [
            (path, one["id"], [node["html"][:200] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        page.close()
    return serious
