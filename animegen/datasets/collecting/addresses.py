"""Which addresses of the internet may be asked: public ones, and this machine where the site itself lies on it."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from animegen.errors import CollectionFailed

Address = IPv4Address | IPv6Address


def check(url: str, *, loopback: bool) -> None:
    """Raise CollectionFailed for a URL that is not of the web or leads into a private network.

    ``loopback`` allows this machine too.
    """
    host, found = addresses(url)
    if not all(each.is_global or (loopback and each.is_loopback) for each in found):
        raise CollectionFailed("datasets.collect_private", host=host)


def is_loopback(url: str) -> bool:
    """Say whether a URL names this machine. Raises CollectionFailed for one that is not of the web."""
    _, found = addresses(url)
    return bool(found) and all(each.is_loopback for each in found)


def addresses(url: str) -> tuple[str, list[Address]]:
    """Return the host of a URL with its addresses, none for an unknown host, which cannot be reached anyway.

    Raises CollectionFailed for a URL that is not of the web.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise CollectionFailed("datasets.collect_no_url", url=url) from None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise CollectionFailed("datasets.collect_no_url", url=url)
    try:
        resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return host, []
    return host, [_plain(str(row[4][0])) for row in resolved]


def _plain(address: str) -> Address:
    """Return an address; one of IPv4 that is written as IPv6 is that of IPv4."""
    found = ip_address(address.partition("%")[0])
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
