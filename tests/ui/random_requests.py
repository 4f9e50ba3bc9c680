"""Seeded random requests over every endpoint of the page, as a careless or hostile program would send them.

``python -m tests.ui.random_requests --count 1000 --seed 1`` serves the page with a studio that draws flat pictures,
prints what went wrong, and ends with 1 where anything did: an answer of 500, or a traceback in the log.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any, Final

import httpx

PATHS: Final = ("app.py", "/etc/passwd", "../x", "", "\0", "C:\\x", "http://127.0.0.1/x.png", "a" * 5_000, "data:,x", 7)
VALUES: Final = (
    None, True, 0, -1, 1.5, 42.0, 1e300, 10**30, "", "1girl", "\0", "初音 😀\u202e", "x" * 9_000, "(" * 500, "{}", [],
    {}, [[]], [None], ["a:0.5"], {"a": 1}, {"__type__": "update", "value": 1}, {"image": {}}, "<lora:x:1>", "\ud800",
)  # fmt: skip
NAMES: Final = ("none", "predict", "..", "%00", "0", "text_to_video", "x" * 3_000)
GET: Final = (
    "config", "gradio_api/info", "gradio_api/openapi.json", "theme.css", "static/{}", "assets/{}", "pwa_icon/{}",
    "manifest.json", "monitoring/{}", "gradio_api/file={}", "gradio_api/call/emotions/{}", "gradio_api/app_id",
    "gradio_api/queue/data?session_hash={}", "gradio_api/queue/status", "gradio_api/proxy={}", "gradio_api/user",
    "gradio_api/stream/{}/playlist", "gradio_api/custom_component/{}/client/a/b",
    "gradio_api/deep_link?session_hash={}",
    "config?deep_link={}", "gradio_api/runs", "gradio_api/startup-events", "gradio_api/upload_progress",
    "svelte/{}",
)  # fmt: skip
"""Routes without a body; a random name stands for the braces."""
POST: Final = ("cancel", "reset", "component_server", "upload", "queue/join", "process_recording", "vibe-edit")


class Caller:
    """A program that sends random requests, always the same from the same seed."""

    def __init__(self, url: str, seed: int) -> None:
        fresh = httpx.Limits(max_keepalive_connections=0)  # a route that leaves a body unread closes its connection
        self.web = httpx.Client(base_url=url, timeout=120, trust_env=False, limits=fresh)
        self.dice = random.Random(seed)
        config = self.web.get("/config").json()
        self.functions = config["dependencies"]
        self.shown = {each["id"]: each["props"].get("value") for each in config["components"]}

    def request(self) -> tuple[str, int]:
        """Send one request; return what was sent, and how it was answered: 500 also where a stream broke off."""
        way = self.dice.choices(
            [self._run, self._queue, self._call, self._named, self._get, self._post], [4, 3, 3, 2, 2, 2]
        )
        try:
            return way[0]()
        except httpx.RemoteProtocolError as broken:
            return f"{way[0].__name__}: {broken}", 500

    def _run(self) -> tuple[str, int]:
        function = self.dice.choice(self.functions)
        body = self._body(function) | {"session_hash": self._session(), "fn_index": function["id"]}
        return self._sent(f"gradio_api/run/{function['api_name'] or 'none'}", body)

    def _queue(self) -> tuple[str, int]:
        function, session = self.dice.choice(self.functions), self._session()
        body = self._body(function) | {"session_hash": session, "fn_index": function["id"]}
        sent, status = self._sent("gradio_api/queue/join", body)
        return self._heard(sent, f"queue/data?session_hash={session}") if status == 200 else (sent, status)

    def _call(self) -> tuple[str, int]:
        function = self.dice.choice(self.functions)
        name, body = function["api_name"] or "none", self._body(function) | {"session_hash": self._session()}
        sent, status = self._sent(f"gradio_api/call/{name}", body)
        return self._heard(sent, f"call/{name}/{self.last.json()['event_id']}") if status == 200 else (sent, status)

    def _named(self) -> tuple[str, int]:
        name = self.dice.choice([*(each["api_name"] or "none" for each in self.functions), *NAMES])
        body = {self.dice.choice(["prompt", "image", "steps", "x", ""]): self._value() for _ in range(3)}
        return self._sent(f"gradio_api/call/v2/{name}", body)

    def _get(self) -> tuple[str, int]:
        path = self.dice.choice(GET).format(self.dice.choice([*NAMES, "/etc/passwd", "x.png", "http://127.0.0.1/x"]))
        return f"GET {path[:200]}", self.web.get(f"/{path}").status_code

    def _post(self) -> tuple[str, int]:
        body = {name: self._value() for name in ("session_hash", "event_id", "component_id", "fn_name", "data")}
        body |= {"session_hash": self._session(), "component_id": self.dice.choice([28, 0, -1, 99_999])}
        return self._sent(f"gradio_api/{self.dice.choice(POST)}", body)

    def _body(self, function: dict[str, Any]) -> dict[str, Any]:
        odd = self.dice.choice([0.1, 1.0])  # one value in ten, or all of them
        data = [self._value() if self.dice.random() < odd else self.shown[each] for each in function["inputs"]]
        data += [self._value()] * self.dice.choices([0, 1], [9, 1])[0]
        event = self.dice.choice([None, self._value(), {"index": self._value(), "value": self._value()}])
        return {
            "data": data,
            "event_data": event,
            "trigger_id": self.dice.choice([None, 1]),
        }

    def _value(self) -> Any:
        if self.dice.random() < 0.2:
            file = {"path": self.dice.choice(PATHS), "meta": self.dice.choice([{"_type": "gradio.FileData"}, {}, 7])}
            wrap: Callable[[Any], Any] = self.dice.choice([lambda x: x, lambda x: [x], lambda x: [{"image": x}]])
            return wrap(file)
        return self.dice.choice(VALUES)

    def _session(self) -> str:
        return self.dice.choice(["one", "another"])  # gradio takes its time to begin one

    def _sent(self, path: str, body: dict[str, Any]) -> tuple[str, int]:
        self.last = self.web.post(f"/{path}", content=json.dumps(body), headers={"content-type": "application/json"})
        return f"POST {path[:200]} {json.dumps(body)[:2_000]}", self.last.status_code

    def _heard(self, sent: str, path: str) -> tuple[str, int]:
        text = self.web.get(f"/gradio_api/{path}").text
        return sent, 500 if '"error":null' in text.replace(" ", "") else 200


def failures(url: str, count: int, seed: int) -> list[str]:
    """Send random requests; return those that were answered by a failure of the server."""
    caller = Caller(url, seed)
    answers = [caller.request() for _ in range(count)]
    return [f"{status}: {sent}" for sent, status in answers if status >= 500]


def main() -> int:
    """Serve the page, send the requests, and print what went wrong."""
    asked = argparse.ArgumentParser(description="Send random requests to every endpoint of the page.")
    asked.add_argument("--count", type=int, default=1_000)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    os.environ |= {"GRADIO_TEMP_DIR": tempfile.mkdtemp(), "GRADIO_ANALYTICS_ENABLED": "False"}
    from animegen.ui import build, launch_options
    from tests.ui.fake_studio import FakeStudio

    studio, log = FakeStudio(), StringIO()
    page = build(studio)
    with redirect_stdout(log), redirect_stderr(log):
        _, url, _ = page.launch(**launch_options(studio), prevent_thread_lock=True, quiet=True)
        wrong = failures(url, options.count, options.seed)
        page.close(verbose=False)
    wrong += [log.getvalue()] if "Traceback" in log.getvalue() else []
    print(*wrong, f"{options.count} requests, {len(wrong)} failures", sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
