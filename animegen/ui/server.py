"""What gradio would turn away without a word (missing, surplus or unknown arguments), answered in a sentence."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
from fastapi import Request
from fastapi.responses import JSONResponse
from gradio.block_function import BlockFunction

from animegen.ui.texts import say

_CALL = "/call/v2/"


class Page(gr.Blocks):
    """A page whose endpoints say how many values they take, and that a picture is a file, never an address."""

    def validate_inputs(self, block_fn: BlockFunction, inputs: list[Any]) -> None:
        """Raise gradio.Error when a caller sends more or fewer values than there are parameters, or no file as one."""
        wanted = len(block_fn.inputs)
        if len(inputs) != wanted:
            message = f"This endpoint takes {wanted} values, not {len(inputs)}; /gradio_api/info lists them."
            raise gr.Error(message, print_exception=False)
        pairs = zip(block_fn.inputs, inputs, strict=True)
        odd = any(isinstance(block, gr.Image) and not isinstance(value, dict | None) for block, value in pairs)
        if odd or any("://" in path for path in _paths(inputs)):  # gradio would fetch what lies there
            raise gr.Error(say("choose_picture", "en"), print_exception=False)


def _paths(value: Any) -> Iterator[str]:
    """Yield the path of every file that is named anywhere in a value."""
    if isinstance(value, dict):
        yield str(value.get("path", ""))
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _paths(part)


async def explain(request: Request, problem: Exception) -> JSONResponse:
    """Answer a call by name whose endpoint or fields do not exist, or which leaves the prompt out."""
    path = request.url.path
    if _CALL not in path:
        raise problem
    name = path.split(_CALL)[1].strip("/")
    message = f"There is no endpoint {name} with these fields; /gradio_api/info lists every endpoint and its fields."
    return JSONResponse({"detail": message}, status_code=422)


APP = {"exception_handlers": {TypeError: explain, KeyError: explain}}
"""What the web application behind the page is made with."""
