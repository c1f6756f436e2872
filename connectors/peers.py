"""Whom a connector may speak to: public addresses, and private ones that its settings name.

Looked at on the connected socket before a byte is sent, so that no answer of a name server changes it
afterwards. Refuses everything that it does not know.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from connectors.errors import Refused

NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
COMPATIBLE = IPv6Network("::/96")


class Peers:
    """The addresses that may be spoken to; raises `ValueError` for an entry that is no host or network."""

    def __init__(self, allow: Sequence[str] = ()) -> None:
        self._networks = []
        self._hosts = set()
        for entry in allow:
            try:
                self._networks.append(ip_network(entry, strict=False))
            except ValueError:
                if "/" in entry:
                    raise ValueError(f"{entry!r} is no network; write 10.1.0.0/16") from None
                self._hosts.add(plain(entry))

    def check(self, host: str, address: str) -> None:
        """Raises `Refused` unless that peer may be spoken to under that name."""
        peer = ip_address(address.partition("%")[0])
        if plain(host) in self._hosts or any(peer in network for network in self._networks):
            return
        if not all(_public(each) for each in (peer, *_inside(peer))):
            raise Refused(
                f"{host} leads to {address}, which is not a public address; if it is right, name the host or "
                "its network under `allow` in the tool's settings"
            )


def plain(host: str) -> str:
    """A host's name for comparing: lower case, without brackets and the final dot."""
    return host.strip("[]").rstrip(".").casefold()


def _public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address carries."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in (*NAT64, COMPATIBLE)):
        found.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    return tuple(each for each in found if each is not None)


def guarded(manager: PoolManager, peers: Peers) -> None:
    """Let a pool manager connect only to those peers."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _checked(super()._new_conn(), self.host, peers)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _checked(super()._new_conn(), self.host, peers)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls: Any = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls: Any = Secure

    manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _checked(line: socket.socket, host: str, peers: Peers) -> socket.socket:
    try:
        peers.check(host, line.getpeername()[0])
    except BaseException:
        line.close()
        raise
    return line
