"""A booru of our own on the loopback, which answers searches as Danbooru does; its files lie on another host.

The other host is the same server under its other name. A test changes answers by path: ``faults`` are taken first.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image


@dataclass(frozen=True)
class Answer:
    """Status, body and headers; ``cut`` ends the connection after so many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


class Booru:
    """Its posts and files, the faults by path, and the requests so far."""

    def __init__(self, port: int) -> None:
        self.url, self.files_url = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
        self.posts: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[Answer]] = defaultdict(list)
        self.log: list[str] = []
        self.agents: set[str] = set()

    def add(self, colour: str = "pink", **changes: Any) -> dict[str, Any]:
        """Add a post, the newest one, with a picture of one colour."""
        number = len(self.posts) + 1
        data = BytesIO()
        Image.new("RGB", (16, 16 + number), colour).save(data, "PNG")
        md5 = hashlib.md5(data.getvalue(), usedforsecurity=False).hexdigest()
        path = f"/data/{md5}.png"
        post = {
            "id": number, "md5": md5, "rating": "g", "file_url": f"{self.files_url}{path}", "file_ext": "png",
            "file_size": len(data.getvalue()), "image_width": 16, "image_height": 16 + number,
            "source": "https://example.org/art", "tag_string_general": "1girl blue_eyes >_<",
            "tag_string_character": "mika_(animegen)", "tag_string_copyright": "animegen", "tag_string_artist": "mame",
            "tag_string_meta": "highres", "is_deleted": False, "is_banned": False, "uploader_id": 1, **changes,
        }  # fmt: skip
        self.posts.append(post)
        self.files[path] = data.getvalue()
        return post

    def answer(self, path: str, query: dict[str, list[str]], first: int) -> Answer:
        if self.faults[path]:
            return self.faults[path].pop(0)
        if path == "/posts.json":
            return self._search(query)
        if path not in self.files:
            return Answer(404)
        content = self.files[path]
        if first >= len(content):
            return Answer(416)
        return Answer(206 if first else 200, content[first:])

    def _search(self, query: dict[str, list[str]]) -> Answer:
        """Answer the newest posts of all that are older than the page's, whatever is searched for."""
        (limit,), (page,) = query["limit"], query.get("page", ["b999999"])
        older = [each for each in reversed(self.posts) if each["id"] < int(page.removeprefix("b"))]
        return Answer(200, json.dumps(older[: min(int(limit), 3)]).encode())

    def asked(self, start: str = "") -> list[str]:
        """Return the paths that were requested so far, with their queries."""
        return [path for path in self.log if path.startswith(start)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    booru: Booru

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        first = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.booru.log.append(self.path + (f" from {first}" if first else ""))
        self.booru.agents.add(self.headers["User-Agent"])
        answer = self.booru.answer(parts.path, parse_qs(parts.query), first)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: answer.cut])
        self.close_connection = answer.cut is not None

    def log_message(self, *_: object) -> None:
        """Say nothing: the booru's own log is kept for the tests."""


@contextmanager
def serving() -> Iterator[Booru]:
    """Serve an empty booru on a free port of the loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        booru = Booru(server.server_port)
        server.RequestHandlerClass = type("Handler", (Handler,), {"booru": booru})
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield booru
        finally:
            server.shutdown()
            thread.join()
