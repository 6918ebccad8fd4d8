"""The address guard: where a connection may go is decided when it is made.

A check of the URL alone is not enough: names resolve to private addresses, and to others
at the second asking. So the name is resolved once, every answer is looked at, the
connection goes to an address that was looked at, and the peer is compared with it.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from copy import copy
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Self

import httpcore

from footnotary.deadline import current_deadline
from footnotary.errors import AddressRefused

BLOCKED_IPV4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; a cloud's metadata service
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host agent, at a public address
        "169.254.0.0/16",  # link-local; cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved; broadcast
    )
)
GLOBAL_IPV6 = IPv6Network("2000::/3")  # all that IANA has given out for unicast
BLOCKED_IPV6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, Teredo, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)


def is_public_address(address: str) -> bool:
    """Return whether an IP address belongs to the public web.

    Args:
        address: Canonical IPv4 or IPv6 text, as the resolver gives it; a zone makes it
            local. IPv6 forms that carry an IPv4 address (mapped, 6to4, NAT64) are not
            public whatever they carry.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in net for net in BLOCKED_IPV4)
    return _is_public_ipv6(parsed)


def _is_public_ipv6(address: IPv6Address) -> bool:
    """Return whether an IPv6 address is global unicast and no special block."""
    if address.scope_id is not None or address not in GLOBAL_IPV6:
        return False
    return not any(address in net for net in BLOCKED_IPV6)


Resolve = Callable[[str, int], list[str]]
MOST_ADDRESSES = 4
ALLOW_HINT = "If it is your own machine, say --allow-private; or cite a saved copy with --file."


def system_addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the system's order of preference.

    Raises:
        OSError: The name cannot be resolved.
    """
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to public addresses only, under the running deadline.

    Args:
        allow_private: Connect to others too, unless the same name led to public ones before.
        resolve: Resolves names.
    """

    def __init__(self, *, allow_private: bool, resolve: Resolve = system_addresses) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()
        self._public: set[str] = set()

    def opened(self) -> Self:
        """Return the same network for a host that the user named, which may be private."""
        opened = copy(self)
        vars(opened).update(_allow_private=True, _public=set())
        return opened

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a vetted address of the host.

        Raises:
            AddressRefused: One of its addresses is not public.
            httpcore.ConnectError: The name cannot be resolved, or no address answers.
        """
        del local_address, socket_options
        addresses = self._vetted(host, port, _left(timeout))
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for position, address in enumerate(addresses):
            share = _left(timeout) / (len(addresses) - position)
            try:
                stream = self._sockets.connect_tcp(address, port, timeout=share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            self._check_peer(stream, host, address)
            return GuardedStream(stream)
        raise failure

    def _vetted(self, host: str, port: int, timeout: float) -> list[str]:
        """Return the host's addresses once all of them have been found public.

        A name of the public web that leads inwards the next time is an attack.
        """
        addresses = _in_time(lambda: self._resolve(host.strip("[]"), port), host, timeout)
        bad = [address for address in addresses if not is_public_address(address)]
        if not bad:
            self._public.add(host)
        if bad and (not self._allow_private or host in self._public):
            raise AddressRefused(
                f"{host} leads to {bad[0]}, which is no address of the public web.",
                hint=ALLOW_HINT,
            )
        return addresses[:MOST_ADDRESSES]

    def _check_peer(self, stream: httpcore.NetworkStream, host: str, address: str) -> None:
        """Refuse a connection whose other end is not the address that was vetted."""
        peer = str(stream.get_extra_info("server_addr")[0])
        if peer != address and not self._allow_private:
            stream.close()
            raise AddressRefused(
                f"{host} was to be reached at {address}, but {peer} answered.", hint=ALLOW_HINT
            )


class GuardedStream(httpcore.NetworkStream):
    """A connection whose every wait is cut by the deadline running in the thread.

    Attributes:
        heard: Whether anything was read since something was last said.
    """

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self.heard = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come, at most `max_bytes`."""
        data = self._stream.read(max_bytes, _left(timeout))
        self.heard = True
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of the buffer."""
        if buffer:
            self.heard = False
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the connection with TLS on top."""
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(timeout))
        return GuardedStream(stream)

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks about the socket."""
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float:
    """Return the seconds that may be waited now."""
    deadline = current_deadline()
    left = 60.0 if deadline is None else deadline.remaining()
    if left <= 0:
        raise httpcore.ReadTimeout("the deadline has passed")
    return left if timeout is None else min(timeout, left)


def _in_time(resolve: Callable[[], list[str]], host: str, timeout: float) -> list[str]:
    """Resolve in a thread of its own: the system's resolver knows no time limit."""
    answers: list[str] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            answers.extend(resolve())
        except (OSError, UnicodeError) as error:
            failures.append(error)

    thread = threading.Thread(target=ask, daemon=True, name=f"resolve {host}")
    thread.start()
    thread.join(timeout)
    if thread.is_alive():
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time")
    try:
        for failure in failures:
            raise failure
    except (OSError, UnicodeError) as error:  # as context: httpcore drops causes
        raise httpcore.ConnectError(f"name: {error}") from error
    return answers
