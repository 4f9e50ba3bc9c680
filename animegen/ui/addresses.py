"""Who sends a request: the address that a limit counts, also where a proxy stands before the page."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from fastapi import Request

Address = IPv4Address | IPv6Address


def address(request: Request) -> str:
    """Return the address that a request comes from.

    A peer of a private network may be a proxy (a Space has one): then it is the last public address that
    ``X-Forwarded-For`` names, since a visitor can only add to its front. A public peer is believed to be itself.
    """
    peer = request.client.host if request.client else ""
    if (known := _read(peer)) and known.is_global:
        return peer
    named = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    public = [part for part in map(_read, named) if part and part.is_global]
    return str(public[-1]) if public else peer


def _read(text: str) -> Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None
