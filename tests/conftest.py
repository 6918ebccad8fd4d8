"""Fixtures shared by all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

import site_browser

# A busy machine is no failure, and a failure must be the same one on the next run.
settings.register_profile("footnotary", deadline=None, derandomize=True)
settings.load_profile("footnotary")

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"


def pytest_addoption(parser):
    """`--update-golden` rewrites the expected documents; look at the diff."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture
def corpora():
    """The folder of real pages and projects; tests that read it skip where it is missing."""
    if not CORPORA.is_dir():
        pytest.skip(f"the corpora are not beside this checkout ({CORPORA.name})")
    return CORPORA


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, one for all tests of a process: Playwright cannot be started twice."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(site_browser.CHROMIUM), args=list(site_browser.FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _no_stray_settings(monkeypatch):
    """No setting of the machine reaches a test."""
    for name in ("FOOTNOTARY_NOW", "FOOTNOTARY_CACHE_DIR", "FOOTNOTARY_ALLOW_PRIVATE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def today(monkeypatch):
    """A fixed day: 2026-11-23."""
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-23T12:00:00+00:00")
    return "2026-11-23"


@pytest.fixture
def read_here(monkeypatch):
    """PDFs are read in this process, as their child reads them: its start is not what is tested."""
    monkeypatch.setattr("footnotary.extract.parsing._Process.reads_one_page", True)
