"""What a cache may believe: RFC 9111 where servers contradict themselves."""

import pytest

from footnotary.cache import Cache
from footnotary.errors import HttpStatusError, Unreachable
from footnotary.fetch.fetcher import Fetcher


@pytest.fixture
def cache(tmp_path):
    """A cache of its own."""
    cache = Cache(tmp_path / "kept")
    yield cache
    cache.close()


@pytest.fixture
def cached(cache):
    """A fetcher over it."""
    with Fetcher(cache, allow_private=True, ignore_robots=True, timeout=20.0) as fetcher:
        yield fetcher


def _conditional(kept, said):
    """Return a route that sends a page once and then a 304 with other headers."""
    bodies = iter(["old words"])

    def route(request):
        asked = {"if-none-match", "if-modified-since"} & request.headers.keys()
        if asked:
            request.send(304, **said)
        else:
            request.send(200, next(bodies, "new words"), **kept)

    return route


@pytest.mark.parametrize(
    ("kept", "said", "confirmed"),
    [
        ({"etag": '"a"'}, {"etag": '"a"'}, True),
        ({"etag": '"a"'}, {"etag": 'W/"a"'}, True),
        ({"etag": '"a"'}, {}, True),
        ({"etag": '"a"'}, {"etag": '"b"'}, False),
        ({"etag": '"é"'}, {"etag": '"é"'}, True),
        ({"last_modified": "Mon, 02 Nov 2026 00:00:00 GMT"}, {}, True),
        (
            {"last_modified": "Mon, 02 Nov 2026 00:00:00 GMT"},
            {"last_modified": "Mon, 09 Nov 2026 00:00:00 GMT"},
            False,
        ),
    ],
)
def test_a_304_of_another_version_confirms_nothing(site, cached, kept, said, confirmed):
    """RFC 9111 §4.3.4: then the page is asked for whole, and is not "unchanged"."""
    site.routes["/x"] = _conditional(kept, said)
    cached.get(site.url + "/x")
    again = cached.get(site.url + "/x")
    assert again.body == (b"old words" if confirmed else b"new words")
    assert again.from_cache is confirmed


def test_a_304_that_nobody_asked_for_is_asked_again_once(site, cached):
    """A broken cache in between may be cured by asking for the page itself; then it is said."""
    site.page("/x", status=304)
    with pytest.raises(HttpStatusError, match="no page"):
        cached.get(site.url + "/x")
    assert [headers.get("cache-control") for _, headers in site.asked] == [None, "no-cache"]


def test_a_page_that_depends_on_cookies_is_not_kept_for_those_without(site, cached):
    """RFC 9111 §4.1: `Vary: Cookie` of an answer that was asked for with one."""
    site.page("/in", status=302, location="/x", set_cookie="who=me")
    site.page("/x", "with", vary="Accept, Cookie", cache_control="max-age=600")
    cached.get(site.url + "/in")
    site.page("/x", "without")
    assert cached.get(site.url + "/x").body == b"without"


def test_offline_follows_no_redirect_that_is_over(site, cache, cached):
    """A page that once led elsewhere and is itself now is read as it was seen last."""
    site.page("/x", status=302, location="/old")
    site.page("/old", "old words")
    cached.get(site.url + "/x")
    site.page("/x", "new words")
    assert cached.get(site.url + "/x").body == b"new words"
    with Fetcher(cache, allow_private=True, offline=True) as f:
        assert f.get(site.url + "/x").body == b"new words"


def test_offline_a_redirect_to_what_may_not_be_kept_is_not_in_the_cache(site, cache, cached):
    """Where a page led is known, and what was there is not: that is said, with what to do."""
    site.page("/x", status=302, location="/fleeting")
    site.page("/fleeting", "words", cache_control="no-store")
    assert cached.get(site.url + "/x").body == b"words"
    with (
        Fetcher(cache, allow_private=True, offline=True) as offline,
        pytest.raises(Unreachable, match="not in the cache") as refused,
    ):
        offline.get(site.url + "/x")
    assert "without --offline" in refused.value.hint
