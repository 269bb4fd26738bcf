"""Which network addresses may be fetched from: public ones only, whatever name resolves to them."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Takes a host and a port; returns its numeric addresses in the order to try them. Raises OSError."""

LAST_PORT = 65535
_NAT64 = IPv6Network("64:ff9b::/96")


class ForbiddenAddress(Exception):
    """An address that must not be fetched from; the message says why."""


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver."""
    answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def is_public(text: str) -> bool:
    """Whether a numeric address is one of the public internet.

    Loopback, private, link-local, multicast, reserved and documentation addresses are not. Of addresses that embed
    another, IPv4-mapped and 6to4 ones never are, NAT64 ones only if the embedded address is public.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False  # has a zone, such as fe80::1%eth0
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(str(IPv4Address(int(address) & 0xFFFFFFFF)))
        if address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


async def find_public(host: str, port: int, resolve_name: Resolve, test_port: int | None) -> list[str]:
    """The addresses of a host, at most four, all of which may be connected to.

    Connect to these and do not resolve the name again: it may then have others. `test_port`: a port of 127.0.0.1 that
    may be fetched from as well. Raises ForbiddenAddress, OSError, or ValueError for an invalid name.
    """
    if not 1 <= port <= LAST_PORT:
        raise OSError(f"{host} has no port {port}")
    addresses = await resolve_name(host, port)
    for address in addresses:
        if not is_public(address) and (address, port) != ("127.0.0.1", test_port):
            raise ForbiddenAddress(f"{host} has the address {address}, which is not public")
    if not addresses:
        raise OSError(f"{host} has no address")
    return addresses[:4]
