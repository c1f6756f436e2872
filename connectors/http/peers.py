"""Where a connector may connect to: public addresses, and private ones that its settings name.

A name's addresses are checked before a connection is made, and the connected socket's peer once more before a
byte is sent, so that a name server cannot change it in between. Refuses every other address.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from connectors.errors import Refused

GLOBAL_UNICAST = IPv6Network("2000::/3")
NOT_PUBLIC = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/32", "2002::/16", "3fff::/20")))
"""Special networks that not every Python knows; Oracle's metadata service is in the first."""
NAT64 = IPv6Network("64:ff9b::/96")
NEVER_BY_NAME = tuple(
    map(
        ip_network,
        ("0.0.0.0/8", "100.100.100.200", "169.254.0.0/16", "192.0.0.0/24", "fd00:ec2::254", "fe80::/10"),
    )
)
"""Where clouds give out credentials: only a network in the settings permits them, not a host's name."""


class Peers:
    """The addresses that may be connected to; raises `ValueError` for an entry that is no host or network."""

    def __init__(self, allow: Sequence[str] = ()) -> None:
        self._networks = []
        self._hosts = set()
        for entry in allow:
            try:
                self._networks.append(ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                if not entry.strip(" .") or any(sign in "/:@*?\\ " for sign in entry):
                    raise ValueError(
                        f"{entry!r} is no host and no network; write pmo.example.com or 10.1.0.0/16"
                    ) from None
                self._hosts.add(plain(entry))

    def check(self, host: str, address: str, *, secure: bool = True) -> None:
        """Raises `Refused` unless `address` may be connected to as `host`; `secure`: over TLS."""
        peer = ip_address(address.partition("%")[0])
        if any(peer in network for network in self._networks):
            return
        if plain(host) in self._hosts and not _never_by_name(peer):
            return
        if not _public(peer):
            raise Refused(
                f"{host} leads to {address}, which is not a public address; if it is right, name the host or "
                "its network under `allow` in the tool's settings"
            )
        if not secure:
            raise Refused(
                f"what is sent to {host} could be read by others: write https:// in the tool's `url`, or "
                "name the host under `allow` in its settings"
            )


def plain(host: str) -> str:
    """A host's name for comparing: lower case, without brackets and the final dot."""
    return host.strip("[]").rstrip(".").casefold()


def _public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is a public address; an IPv6 address that carries an IPv4 address is judged as that one."""
    if any(address in network for network in NOT_PUBLIC):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    inside = carried(address)
    return _public(inside) if inside else address in GLOBAL_UNICAST and address.is_global


def _never_by_name(address: IPv4Address | IPv6Address) -> bool:
    inside = carried(address)
    return (
        address.is_multicast
        or any(address in network for network in NEVER_BY_NAME)
        or (inside is not None and _never_by_name(inside))
    )


def carried(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address carries, mapped or translated by NAT64; else None."""
    if isinstance(address, IPv4Address):
        return None
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in NAT64 else address.ipv4_mapped
