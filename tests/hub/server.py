"""A Hub of our own on the loopback, which speaks the real one's protocol to the real client.

The calls are those that huggingface_hub 2.4 makes without Xet. Large files come from another host, as there: the
same server under its other name.
"""

import re
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.hub import publishing, reading
from tests.hub.answers import Answer, Request, refused
from tests.hub.faults import Corrupted, Dropped, Fault, Faults, Refused, Replaced
from tests.hub.repositories import Repository, User, file

API = re.compile(r"/api/(?:models|spaces|datasets)/([^/]+/[^/]+)(?:/(revision|tree|preupload|commit)/([^/]+)/?(.*))?")
RESOLVE = re.compile(r"/(?:spaces/|datasets/)?([^/]+/[^/]+)/resolve/([^/]+)/(.+)")
BATCH = re.compile(r"/(?:spaces/|datasets/)?([^/]+/[^/]+)\.git/info/lfs/objects/batch")


class Hub:
    """What the server knows, and what it was asked; tests fill the one and read the other."""

    def __init__(self, port: int) -> None:
        self.url, self.cdn = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
        self.repositories: dict[str, Repository] = {}
        self.uploaded: dict[str, bytes] = {}
        self.users: dict[str, User] = {}
        self.log: list[Request] = []
        self.faults = Faults()
        self._one_at_a_time = Lock()

    def publish(self, name: str, files: Mapping[str, bytes], **kind: Any) -> Repository:
        """Add files to a repository, which is made if there is none."""
        repository = self.repositories.setdefault(name, Repository(name, **kind))
        repository.commit("Add files", {path: file(path, content) for path, content in files.items()})
        return repository

    def fail(self, fault: Fault) -> None:
        self.faults.add(fault)

    def asked(self, method: str = "", ending: str = "") -> list[str]:
        """Return the requests so far, as ``GET /path``."""
        return [each.line for each in self.log if each.method.startswith(method) and each.path.endswith(ending)]

    def answer(self, request: Request) -> Answer:
        """Write the request down and answer it."""
        with self._one_at_a_time:
            self.log.append(request)
            if fault := self.faults.take(Refused, request.method, request.path):
                return refused(fault.status, "The server is told to refuse this")
            if self.faults.take(Replaced, request.method, request.path):
                return Answer(200, b"<html>Welcome! Log in here.</html>", {"Content-Type": "text/html"})
            return self._route(request)

    def _route(self, request: Request) -> Answer:
        user = self.users.get(request.token)
        if found := API.fullmatch(request.path):
            return self._api(request, user, found[1], found[2] or "revision", found[3] or "main", found[4] or "")
        if found := RESOLVE.fullmatch(request.path):
            refusal = reading.may_not_read(self.repositories.get(found[1]), user)
            return refusal or reading.resolve(self.repositories[found[1]], found[2], found[3], request, user, self.cdn)
        if found := BATCH.fullmatch(request.path):
            refusal = publishing.may_not_write(found[1].partition("/")[0], user)
            return refusal or publishing.lfs_batch(self.uploaded, request, self.url)
        return self._rest(request, user)

    def _api(self, request: Request, user: User | None, name: str, call: str, revision: str, path: str) -> Answer:
        refusal = reading.may_not_read(self.repositories.get(name), user)
        if call in {"preupload", "commit"}:
            refusal = refusal or publishing.may_not_write(name.partition("/")[0], user)
        if refusal:
            return refusal
        repository = self.repositories[name]
        match call:
            case "revision":
                return reading.info(repository, revision, blobs="blobs=true" in request.query)
            case "tree":
                return reading.tree(repository, revision, path)
            case "preupload":
                return publishing.preupload(repository, request)
        return publishing.commit(repository, self.uploaded, request, self.url)

    def _rest(self, request: Request, user: User | None) -> Answer:
        if request.line == "GET /api/whoami-v2":
            return reading.whoami(user)
        if request.path.startswith("/cdn/"):
            return reading.large_file(self._large_files(), request.path.removeprefix("/cdn/"), request.range)
        if request.method == "PUT":
            return publishing.lfs_put(self.uploaded, request, request.path.removeprefix("/lfs/"))
        match request.path:
            case "/api/repos/create":
                return publishing.create(self.repositories, request, user, self.url)
            case "/api/validate-yaml":
                return publishing.validate_yaml(request)
        return publishing.lfs_verify(self.uploaded, request)

    def _large_files(self) -> dict[str, bytes]:
        every = (each for repository in self.repositories.values() for each in repository.head.files.values())
        return {each.sha256: each.content for each in every if each.lfs}


class Handler(BaseHTTPRequestHandler):
    """Reads a request, lets the Hub answer it, and breaks what a fault breaks."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits for the client to confirm its headers
    hub: Hub

    def respond(self) -> None:
        request = self._request()
        answer = self.hub.answer(request)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if request.method != "HEAD":
            self._send(request, answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = respond  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing: the Hub's own log is kept for the tests."""

    def _request(self) -> Request:
        first = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return Request(
            method=self.command,
            path=unquote(urlsplit(self.path).path),
            query=urlsplit(self.path).query,
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
            token=self.headers.get("Authorization", "").removeprefix("Bearer "),
            range=int(first[1]) if first else 0,
        )

    def _send(self, request: Request, body: bytes) -> None:
        if dropped := self.hub.faults.take(Dropped, request.method, request.path):
            self.wfile.write(body[: dropped.after])
            self.close_connection = True
            if dropped.reset:  # closing with a linger of 0 seconds resets the connection
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            return
        if self.hub.faults.take(Corrupted, request.method, request.path):
            body = body[:-1] + bytes([body[-1] ^ 1])
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[Hub]:
    """Serve a fresh Hub on a free port of the loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub = Hub(server.server_port)
        server.RequestHandlerClass = type("Handler", (Handler,), {"hub": hub})
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
