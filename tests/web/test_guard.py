"""Private, loopback and metadata addresses are refused at every hop, in every disguise."""

import httpcore
import pytest

from footnotary.errors import AddressRefused, FetchError
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.guard import GuardedBackend, is_public_address

INWARD = [
    "127.0.0.1", "2130706433", "0x7f.1", "0x7f000001", "017700000001", "127.1", "0", "0.0.0.0",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
    "[fec0::1]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]",
    "[3fff::1]", "[100::1]", "[5f00::1]", "169.254.169.254", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "224.0.0.1",
    "255.255.255.255", "198.18.0.1", "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021",
    "127.0.0.1.",
]  # fmt: skip


def _forms_of(address):
    """Yield the spellings that a URL parser or a resolver may take for one IPv4 address."""
    a, b, c, d = map(int, address.split("."))
    whole, last, two = a << 24 | b << 16 | c << 8 | d, b << 16 | c << 8 | d, c << 8 | d
    yield from (address, f"{address}.", str(whole), hex(whole), f"0{whole:o}", f"0X{whole:X}")
    yield from (f"{a}.{last}", f"{a}.{b}.{two}", f"{a:#x}.{last:#x}", f"0{a:o}.0{b:o}.{two}")
    yield ".".join(f"{part:#x}" for part in (a, b, c, d))
    yield ".".join(f"{part:#06x}" for part in (a, b, c, d))
    yield ".".join(f"0{part:o}" for part in (a, b, c, d))
    yield ".".join(f"{part:04o}" for part in (a, b, c, d))
    yield address.replace(".", "\u3002")
    yield address.replace(".", "\uff0e")
    yield address.replace(".", "%2e")
    yield address.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    yield address.translate({48 + digit: 0x1D7CE + digit for digit in range(10)})
    high, low = f"{a << 8 | b:x}", f"{two:x}"
    yield from (f"[::ffff:{address}]", f"[::ffff:{high}:{low}]", f"[::{address}]")
    yield from (
        f"[0:0:0:0:0:FFFF:{high}:{low}]",
        f"[64:ff9b::{address}]",
        f"[2002:{high}:{low}::1]",
    )
    yield from (f"[64:ff9b:1::{high}:{low}]", f"[2001:0:{high}:{low}::]")


PRIVATE = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "172.20.0.1", "100.64.0.1",
           "0.0.0.0", "198.18.0.1")  # fmt: skip
FORMS = tuple(dict.fromkeys((*INWARD, *(form for one in PRIVATE for form in _forms_of(one)))))


def test_an_inward_address_is_refused_in_every_form():
    """Odd spellings are read as a browser reads them, then refused: none of 200 is asked."""
    assert len(FORMS) >= 200
    asked = []
    with Fetcher(timeout=20) as f:
        for host in FORMS:
            try:
                f.get(f"http://{host}/")
            except AddressRefused:
                continue
            except FetchError as error:  # no address at all, for us and for a browser
                asked.append((host, error.message))
    assert asked == []


class _PublicSite(GuardedBackend):
    """A network in which one public name is the loopback site; all else is guarded."""

    def __init__(self, port):
        super().__init__(allow_private=False)
        self.port = port

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        """Connect to the site for its own name, and as ever for others."""
        if host == "public.example":
            return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)
        return super().connect_tcp(host, port, timeout)


@pytest.mark.parametrize("host", INWARD)
def test_an_inward_redirect_is_refused_at_its_hop(site, host):
    """The first hop being allowed says nothing about the second."""
    site.routes["/"] = lambda request: request.send(302, location=f"http://{host}:8080/secret")
    with (
        Fetcher(timeout=2, ignore_robots=True, network=_PublicSite(site.port)) as f,
        pytest.raises(AddressRefused),
    ):
        f.get("http://public.example:8080/")
    assert site.paths() == ["/"]


def test_one_bad_answer_among_good_ones_refuses_the_name():
    """A name with a public and a private address is an attack, or no page to cite."""

    def mixed(host, port):
        return ["93.184.215.14", "127.0.0.1"]

    with (
        Fetcher(network=GuardedBackend(allow_private=False, resolve=mixed), timeout=1) as f,
        pytest.raises(AddressRefused, match=r"127\.0\.0\.1"),
    ):
        f.get("http://mixed.example/")


def test_a_name_is_resolved_once_for_each_connection(site):
    """What was looked at is what is connected to: a second answer is never asked for."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    network = GuardedBackend(allow_private=True, resolve=lambda host, port: next(answers))
    with Fetcher(network=network, allow_private=True, ignore_robots=True) as f:
        site.page("/", "hello")
        assert f.get(f"http://rebinding.example:{site.port}/").body == b"hello"
    assert next(answers) == ["10.0.0.1"]


def test_public_addresses_are_public():
    """The lists refuse the special blocks and nothing else."""
    for address in ("1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111",
                    "2a00:1450:4001::1", "192.0.1.1"):  # fmt: skip
        assert is_public_address(address), address
    for address in ("nonsense", "", "fe80::1%eth0", "2606:4700::1%1"):
        assert not is_public_address(address), address


def test_allow_private_lets_loopback_and_any_port_be_asked(site, fetcher):
    """The user's own machines can be cited when the user says so."""
    site.page("/x", "<p>hello")
    response = fetcher.get(site.url + "/x#part")
    assert response.body == b"<p>hello"
    assert response.final_url == site.url + "/x"
    assert response.url == site.url + "/x#part"
