"""The three routes by which a function of the page is called, as a raw caller takes them."""

import atexit
import json
from typing import Any

import httpx

from tests.ui.conftest import PATIENCE, Served

WEB = httpx.Client(timeout=PATIENCE, trust_env=False)
"""One client for all requests: a new one reads all certificates of the machine first."""
atexit.register(WEB.close)
SESSION = "asking"
"""The session of all of them: gradio takes its time to begin one."""


def run(served: Served, function: int, name: str, data: list[Any], **more: Any) -> str:
    """Call a function directly; return what comes back."""
    body = {"data": data, "session_hash": SESSION, "fn_index": function, **more}
    return _post(served, f"run/{name}", body).text


def join(served: Served, function: int, name: str, data: list[Any], **more: Any) -> str:
    """Call a function by its number through the queue; return all that its session hears."""
    body = {"data": data, "session_hash": SESSION, "fn_index": function, **more}
    answer = _post(served, "queue/join", body)
    return heard(served, f"queue/data?session_hash={SESSION}") if answer.status_code == 200 else answer.text


def call(served: Served, function: int, name: str, data: list[Any], **more: Any) -> str:
    """Call a function by its name through the queue; return all that the event hears."""
    answer = _post(served, f"call/{name}", {"data": data, **more})
    return heard(served, f"call/{name}/{answer.json()['event_id']}") if answer.status_code == 200 else answer.text


ROUTES = (run, join, call)


def heard(served: Served, path: str) -> str:
    """Listen until nothing more comes."""
    return WEB.get(f"{served.url}/gradio_api/{path}").text


def _post(served: Served, path: str, body: object) -> httpx.Response:
    content, headers = json.dumps(body), {"content-type": "application/json"}
    return WEB.post(f"{served.url}/gradio_api/{path}", content=content, headers=headers)
