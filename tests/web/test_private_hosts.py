"""`allow-private` is for the host that the user names, and for nothing that its pages lead to."""

import httpcore
import pytest

from footnotary.cache import Cache
from footnotary.cli.running import exit_code
from footnotary.errors import AddressRefused, Unreachable
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.guard import GuardedBackend


class _Names(GuardedBackend):
    """A network in which two public names are the loopback site; all else is guarded."""

    def __init__(self, port):
        super().__init__(allow_private=False)
        self.port = port

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        """Connect to the site for its own names, and as ever for others."""
        if host in ("public.example", "other.example"):
            return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)
        return super().connect_tcp(host, port, timeout)


@pytest.fixture
def allowed(site):
    """A fetcher that lets the named host be private."""
    with Fetcher(allow_private=True, ignore_robots=True, network=_Names(site.port)) as fetcher:
        yield fetcher


@pytest.mark.parametrize(
    "target", ["localhost", "127.0.0.2", "[::1]", "10.0.0.1", "169.254.169.254", "0.0.0.0"]
)
@pytest.mark.parametrize("named", ["127.0.0.1", "public.example:8080"])
def test_a_redirect_to_another_private_host_is_refused(site, allowed, named, target):
    """Neither the user's own host nor a public one may lead to a host that nobody named."""
    named = named if ":" in named else f"{named}:{site.port}"
    site.page("/x", status=302, location=f"http://{target}:8080/secret")
    with pytest.raises(AddressRefused):
        allowed.get(f"http://{named}/x")
    assert site.paths() == ["/x"]


def test_a_public_page_leads_to_no_private_one_however_it_leads(site, allowed):
    """A redirect, a refresh, and a connection or an answer that is kept for the user's own."""
    site.page("/secret", "secret", cache_control="max-age=600")
    assert allowed.get(site.url + "/secret").body == b"secret"
    site.page("/redirect", status=302, location=site.url + "/secret")
    site.page("/refresh", f'<meta http-equiv="refresh" content="0; url={site.url}/secret">')
    for path in ("/redirect", "/refresh"):
        with pytest.raises(AddressRefused):
            allowed.get(f"http://public.example:8080{path}")
    assert site.paths() == ["/secret", "/redirect", "/refresh"]


def test_a_kept_private_answer_is_not_there_for_a_public_page(site, tmp_path):
    """What was read where only the user may lead is not served to what a page leads to."""
    site.page("/secret", "secret", cache_control="max-age=600")
    site.page("/in", status=302, location="http://127.0.0.1:8080/secret")
    with (
        Cache_(tmp_path) as cache,
        Fetcher(cache, allow_private=True, ignore_robots=True, network=_Ports(site.port)) as f,
    ):
        assert f.get("http://127.0.0.1:8080/secret").body == b"secret"
        assert f.get("http://127.0.0.1:8080/secret").from_cache
        with pytest.raises((AddressRefused, Unreachable)):
            f.get("http://public.example:8080/in")


class Cache_(Cache):  # noqa: N801  a cache that closes itself
    def __init__(self, folder):
        super().__init__(folder / "kept")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class _Ports(_Names):
    """The same, in which the loopback address has the site at any port, if it may be asked."""

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        """Connect to the site's own port."""
        return super().connect_tcp(host, self.port, timeout)


def test_the_named_host_may_redirect_to_itself_and_to_the_web(site, allowed):
    """Its other ports too; a public page that it leads to is one like any other."""
    site.page("/a", status=302, location=f"http://127.0.0.1:{site.port}/b")
    site.page("/b", status=302, location="http://other.example:8080/c")
    site.page("/c", "there")
    assert allowed.get(site.url + "/a").body == b"there"


def test_what_a_page_names_is_no_more_private_than_what_the_user_named(site, allowed):
    """An address that is on a page is asked with the rights of the page's own."""
    site.page("/x.md", "words")
    with pytest.raises(AddressRefused):
        allowed.get(site.url + "/x.md", asked_for="http://public.example:8080/x")
    assert allowed.get(site.url + "/x.md", asked_for=site.url + "/x").body == b"words"


def test_a_name_that_was_public_stays_public():
    """A site that changes its address between two answers is not let in by the user's word."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    network = GuardedBackend(allow_private=True, resolve=lambda host, port: next(answers))
    vetted = network._vetted  # noqa: SLF001  connecting would leave the machine
    assert vetted("site.example", 80, 5.0) == ["93.184.215.14"]
    with pytest.raises(AddressRefused):
        vetted("site.example", 80, 5.0)


def test_ports_are_opened_for_the_named_host_alone(site, allowed):
    """A public page may not lead to the port of another service."""
    site.page("/x", status=302, location="http://other.example:22/")
    with pytest.raises(AddressRefused, match="Port 22"):
        allowed.get("http://public.example:8080/x")


def test_a_cookie_goes_to_no_other_host(site, allowed):
    """What a host sets before it redirects is for itself: the next one never sees it."""
    site.page("/in", status=302, location="http://other.example:8080/out", set_cookie="who=me")
    site.page("/out", "there")
    allowed.get("http://public.example:8080/in")
    assert [path for path, _ in site.asked] == ["/in", "/out"]
    assert "cookie" not in site.asked[-1][1]


@pytest.mark.parametrize("directive", ["must-revalidate", "no-cache"])
def test_a_page_that_has_to_be_asked_for_stands_in_for_no_failing_origin(site, tmp_path, directive):
    """RFC 9111 §5.2.2.2: a stale answer is not used where its origin forbade it."""
    site.page("/x", "kept", cache_control=f"max-age=0, {directive}", etag='"a"')
    with (
        Cache_(tmp_path) as cache,
        Fetcher(cache, allow_private=True, ignore_robots=True, timeout=20.0) as fetcher,
    ):
        fetcher.get(site.url + "/x")
        site.page("/x", status=500)
        with pytest.raises(Exception, match="500"):
            fetcher.get(site.url + "/x")


@pytest.mark.parametrize("options", [[], ["--offline"], ["--refresh"]])
def test_what_allow_private_has_kept_is_not_there_without_it(site, tmp_path, monkeypatch, options):
    """The cache of a project, as commands use it: the next one without the option is refused."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    page = "<title>Secret</title><p>" + "the words of the page, which is long enough. " * 20
    site.page("/secret", page, cache_control="max-age=600")
    words = ["inspect", site.url + "/secret", "--json"]
    assert exit_code("cite", [*words, "--allow-private"]) == 0
    assert exit_code("cite", [*words, "--allow-private", "--offline"]) == 0
    asked = site.paths()
    assert exit_code("cite", [*words, *options]) == 2
    assert exit_code("cite", ["add", *words[1:2], "--quote", "the words of", *options]) == 2
    assert site.paths() == asked
    assert not (tmp_path / "citations").exists()
