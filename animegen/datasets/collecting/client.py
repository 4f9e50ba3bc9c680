"""A polite client of one site: few requests, a name, waits that the site asks for, and no way into private networks."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urljoin

import httpx2

from animegen import __version__
from animegen.datasets.collecting import addresses
from animegen.errors import CollectionFailed

TIMEOUT: Final = 20.0
"""Seconds without a byte after which a connection counts as broken."""
PAUSES: Final = (2.0, 5.0, 10.0)
"""Seconds between tries, at least."""
LONGEST_WAIT: Final = 300.0
"""How many seconds of waiting a site may ask for."""
REDIRECTS: Final = 5
ANSWER_BYTES: Final = 20 * 10**6
"""How long the answer to a search may be."""
PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})

T = TypeVar("T")


class _Passing(Exception):
    """An answer that may be another one later; ``wait`` is how many seconds the site wants to be left alone."""

    def __init__(self, status: int, wait: float) -> None:
        super().__init__(status)
        self.status, self.wait = status, wait


class SiteBusy(CollectionFailed):
    """The site wants to be left alone: the whole collection stops."""


class Client:
    """Asks a site and the hosts that it names, once in ``interval`` seconds at most."""

    def __init__(
        self,
        site: str,
        *,
        interval: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.site = site.rstrip("/")
        self._loopback = addresses.is_loopback(self.site)
        self._interval, self._clock, self._sleep = interval, clock, sleep
        self._next = clock()
        agent = {"User-Agent": f"animegen/{__version__}", "Accept-Encoding": "identity"}
        self._http = httpx2.Client(headers=agent, timeout=TIMEOUT, follow_redirects=False)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def search(self, path: str, values: Mapping[str, str]) -> Any:
        """Return what the site answers in JSON to a query of these values. Raises CollectionFailed."""
        url = f"{self.site}{path}?{urlencode(values)}"
        try:
            return json.loads(self._retry(url, lambda: self._read(url)))
        except ValueError as problem:
            raise CollectionFailed("datasets.collect_no_json", site=self.site) from problem

    def download(self, url: str, path: Path, most: int) -> None:
        """Bring a file of at most ``most`` bytes to a path, from the first byte on that is not there yet.

        Raises CollectionFailed, and OSError when the disk is full.
        """
        whole = urljoin(f"{self.site}/", url)
        self._retry(whole, lambda: self._stream(whole, path, most))

    def _read(self, url: str) -> bytes:
        found = b""
        with self._open(url, {}) as response:
            for piece in response.iter_bytes():
                found += piece
                if len(found) > ANSWER_BYTES:
                    raise CollectionFailed("datasets.collect_no_json", site=self.site)
        return found

    def _stream(self, url: str, path: Path, most: int) -> None:
        here = path.stat().st_size if path.exists() else 0
        with self._open(url, {"Range": f"bytes={here}-"} if here else {}) as response:
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                path.unlink(missing_ok=True)
                raise _Passing(response.status_code, 0)
            resumed = response.status_code == HTTPStatus.PARTIAL_CONTENT
            here = here if resumed else 0
            with path.open("ab" if resumed else "wb") as file:
                for piece in response.iter_bytes():
                    here += len(piece)
                    if here > most:
                        break
                    file.write(piece)
        if here > most:
            path.unlink()
            raise CollectionFailed("datasets.collect_too_large", limit=most / 10**6)

    @contextmanager
    def _open(self, url: str, headers: Mapping[str, str]) -> "Iterator[httpx2.Response]":
        """Yield the answer to a request, redirects followed as far as their hosts may be asked."""
        for _ in range(REDIRECTS + 1):
            addresses.check(url, loopback=self._loopback)
            self._pace()
            with self._http.stream("GET", url, headers=headers) as response:
                if not response.has_redirect_location:
                    _check(response)
                    yield response
                    return
                url = urljoin(url, response.headers["Location"])
        raise CollectionFailed("datasets.collect_redirects", site=self.site)

    def _pace(self) -> None:
        """Wait until the next request is due."""
        if (wait := self._next - self._clock()) > 0:
            self._sleep(wait)
        self._next = self._clock() + self._interval

    def _retry(self, url: str, call: Callable[[], T]) -> T:
        """Call again after each pause while the failure may pass."""
        waits = iter(PAUSES)
        while True:
            try:
                return call()
            except _Passing as problem:
                wait, asked, reason = next(waits, None), problem.wait, f"HTTP {problem.status}"
                if asked > LONGEST_WAIT or (wait is None and problem.status == HTTPStatus.TOO_MANY_REQUESTS):
                    raise SiteBusy("datasets.collect_busy", site=self.site, seconds=round(asked) or 60) from problem
            except (httpx2.HTTPError, httpx2.InvalidURL) as problem:
                wait, asked, reason = next(waits, None), 0.0, type(problem).__name__
            if wait is None:
                raise CollectionFailed("datasets.collect_unreachable", url=url, why=reason)
            self._sleep(max(wait, asked))


def _check(response: "httpx2.Response") -> None:
    """Raise what an answer means that is no success: _Passing, or CollectionFailed for good."""
    if response.status_code in PASSING:
        raise _Passing(response.status_code, _seconds(response.headers.get("Retry-After", "")))
    if response.is_error and response.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        raise CollectionFailed(
            "datasets.collect_refused", host=response.url.host, status=response.status_code, why=_reason(response)
        )


def _reason(response: "httpx2.Response") -> str:
    """Return the site's own words for a refusal, as far as they are printable."""
    try:
        text = str(json.loads(response.read())["message"])
    except (ValueError, KeyError, TypeError):
        text = response.reason_phrase
    return "".join(sign for sign in text[:200] if sign.isprintable()) or "?"


def _seconds(header: str) -> float:
    """Return how many seconds from now a Retry-After header names (RFC 9110, section 10.2.3)."""
    if header.isdecimal():
        return float(header)
    try:
        return max((parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds(), 0)
    except (ValueError, TypeError):
        return 0
