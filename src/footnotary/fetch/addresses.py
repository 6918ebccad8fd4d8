"""Which IP addresses are the public web.

The lists are IANA's special-purpose registries (RFC 6890 and its successors), written out:
`ipaddress.is_global` is wrong for several of them on supported versions of Python.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

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
