"""The three routes by which a function of the page is called, as a raw caller takes them."""

import json
from typing import Any
from uuid import uuid4

import httpx

from tests.ui.conftest import PATIENCE, Served


def run(served: Served, function: int, name: str, data: list[Any], **more: Any) -> str:
    """Call a function directly; return what comes back."""
    body = {"data": data, "session_hash": uuid4().hex, "fn_index": function, **more}
    return _post(served, f"run/{name}", body).text


def join(served: Served, function: int, name: str, data: list[Any], **more: Any) -> str:
    """Call a function by its number through the queue; return all that its session hears."""
    body = {"data": data, "session_hash": uuid4().hex, "fn_index": function, **more}
    answer = _post(served, "queue/join", body)
    return heard(served, f"queue/data?session_hash={body['session_hash']}") if answer.status_code == 200 else answer.text


def call(served: Served, function: int, name: str, data: list[Any], **more: Any) -> str:
    """Call a function by its name through the queue; return all that the event hears."""
    answer = _post(served, f"call/{name}", {"data": data, **more})
    return heard(served, f"call/{name}/{answer.json()['event_id']}") if answer.status_code == 200 else answer.text


ROUTES = (run, join, call)


def heard(served: Served, path: str) -> str:
    """Listen until nothing more comes."""
    return httpx.get(f"{served.url}/gradio_api/{path}", timeout=PATIENCE).text


def _post(served: Served, path: str, body: object) -> httpx.Response:
    content, headers = json.dumps(body), {"content-type": "application/json"}
    return httpx.post(f"{served.url}/gradio_api/{path}", content=content, headers=headers, timeout=PATIENCE)
