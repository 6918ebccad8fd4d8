"""Fixtures shared by all tests."""

import itertools
import os
import re
from pathlib import Path

import pytest
from hypothesis import settings

import site_browser
from footnotary.gating import freshness

# A busy machine is no failure, and a failure must be the same one on the next run.
settings.register_profile("footnotary", deadline=None, derandomize=True)
settings.load_profile("footnotary")

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"


def pytest_addoption(parser):
    """`--update-golden` rewrites the expected documents; look at the diff."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


# All tests of such a file are slow.
_SLOW = re.compile(rb"^pytestmark = .*(pytest\.mark\.slow\b|IN_A_BROWSER)", re.MULTILINE)


def _is_named(path, config):
    """Return whether the command line names a file of tests."""
    words = (word.partition("::")[0] for word in config.args)
    return path in {config.invocation_params.dir / word for word in words}


def pytest_ignore_collect(collection_path, config):
    """Files without a fast test are not even imported for the fast part, unless they are named."""
    if config.option.markexpr != "not slow" or collection_path.suffix != ".py":
        return None
    if _is_named(collection_path, config) or not _SLOW.search(collection_path.read_bytes()):
        return None
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items, config):
    """Types and lint come first: with an empty cache they take as long as many other tests.

    Types are slow for that reason, and run all the same where their file is named.
    """
    items.sort(key=lambda item: item.path.name != "test_quality.py")
    for item in items:
        if item.path.name != "test_quality.py":
            break
        if _is_named(item.path, config):
            item.own_markers[:] = [mark for mark in item.own_markers if mark.name != "slow"]


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


@pytest.fixture(scope="session", autouse=True)
def _quick_files():
    """No test waits for the disk, or has our own checkout as a package of its project.

    `os.fsync` does nothing, and what is installed in place is read, unless it is footnotary.
    """
    walk = freshness._installed_in_place  # noqa: SLF001  what is replaced
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        patch.setattr(
            freshness,
            "_installed_in_place",
            lambda distribution, root: (
                () if distribution.name.startswith("footnotary-") else walk(distribution, root)
            ),
        )
        yield


_numbers = itertools.count()


@pytest.fixture
def tmp_path(tmp_path_factory):
    """An empty folder; pytest's own also keeps a link to the latest, for each test anew."""
    folder = tmp_path_factory.getbasetemp() / f"test{next(_numbers)}"
    folder.mkdir()
    return folder


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
