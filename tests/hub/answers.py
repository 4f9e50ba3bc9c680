"""A request to the Hub and its answer, as values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """What was asked; ``path`` is decoded, ``query`` is not in it, ``range`` is the first byte that was wanted."""

    method: str
    path: str
    query: str = ""
    body: bytes = field(default=b"", repr=False)
    token: str = field(default="", repr=False)
    range: int = 0

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """Status, headers and body; a HEAD request is sent the same without the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def said(value: Any, status: int = 200) -> Answer:
    """Answer with JSON."""
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


def refused(status: int, message: str, code: str = "") -> Answer:
    """Answer with an error in words, and in the code that the client reads."""
    named = {"X-Error-Code": code} if code else {}
    body = json.dumps({"error": message}).encode()
    return Answer(status, body, {"Content-Type": "application/json", "X-Error-Message": message, **named})


def part(content: bytes, first: int, headers: Mapping[str, str]) -> Answer:
    """Answer with a file from its byte ``first`` on (RFC 9110, section 14)."""
    size = len(content)
    if first == 0:
        return Answer(200, content, {"Accept-Ranges": "bytes", **headers})
    if first >= size:
        return Answer(416, b"", {"Content-Range": f"bytes */{size}"})
    return Answer(206, content[first:], {"Content-Range": f"bytes {first}-{size - 1}/{size}", **headers})
