import pytest
from fastapi import Request

from animegen.ui.addresses import address


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("8.8.8.8", [], "8.8.8.8"),
        ("8.8.8.8", ["1.1.1.1"], "8.8.8.8"),  # who comes without a proxy names no other
        ("10.16.3.2", ["8.8.8.8"], "8.8.8.8"),
        ("10.16.3.2", ["1.1.1.1, 8.8.8.8"], "8.8.8.8"),  # a visitor writes in front
        ("10.16.3.2", ["1.1.1.1", "8.8.8.8, 10.0.0.7"], "8.8.8.8"),  # a second proxy within
        ("127.0.0.1", ["2001:4860:4860::8888"], "2001:4860:4860::8888"),
        ("192.168.0.7", [], "192.168.0.7"),
        ("192.168.0.7", ["nobody, , 999.1.1.1"], "192.168.0.7"),
        (None, [], ""),
    ],
)
def test_the_address_is_the_last_that_the_visitor_cannot_choose(
    peer: str | None, forwarded: list[str], found: str
) -> None:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    client = (peer, 1) if peer else None
    assert address(Request({"type": "http", "client": client, "headers": headers})) == found
