"""Fixtures shared by all tests."""

import contextlib
import gc
import itertools
import os
import re
import sqlite3
from pathlib import Path

import pytest

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"


def pytest_addoption(parser):
    """`--update-golden` rewrites the expected documents; look at the diff."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


def pytest_collectstart(collector):
    """A busy machine is no failure, and a failure must be the same one on the next run.

    What is imported here and below is not imported by the process that only hands out files.
    """
    if isinstance(collector, pytest.Session):
        from hypothesis import settings

        settings.register_profile("footnotary", deadline=None, derandomize=True)
        settings.load_profile("footnotary")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """What was imported stays until the end, so that nobody looks for garbage in it."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    """The process that only hands out files has run nothing that could have leaked."""
    if not hasattr(session.config, "workerinput") and session.config.option.dist != "no":
        gc.freeze()


_OF_ALL_CODE = {"test_quality.py", "test_names.py", "test_entrances.py"}
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

    Where the rules of the whole code are slow, they run all the same where their file is named.
    """
    items.sort(key=lambda item: item.path.name != "test_quality.py")
    for item in items:
        if item.path.name in _OF_ALL_CODE and _is_named(item.path, config):
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

    import site_browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(site_browser.CHROMIUM), args=list(site_browser.FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _quick_files():
    """No test waits for the disk, or has our own checkout as a package of its project.

    Neither `os.fsync` nor SQLite waits, and what is installed in place is read, unless it is
    footnotary.
    """
    from footnotary.gating import freshness

    walk = freshness._installed_in_place  # noqa: SLF001  what is replaced
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        patch.setattr(sqlite3, "connect", _connect_without_waiting)
        patch.setattr(
            freshness,
            "_installed_in_place",
            lambda distribution, root: (
                () if distribution.name.startswith("footnotary-") else walk(distribution, root)
            ),
        )
        yield


_connect = sqlite3.connect


def _connect_without_waiting(*words, **options):
    """Connect as SQLite does, with its writes left to the system."""
    connection = _connect(*words, **options)
    with contextlib.suppress(sqlite3.Error):  # what is no database
        connection.execute("PRAGMA synchronous = OFF")
    return connection


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
