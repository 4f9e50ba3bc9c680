"""What every function of the page is sent, checked in one place; and what gradio would turn away without a word."""

import logging
import re
from collections.abc import Iterable, Iterator
from errno import ENAMETOOLONG
from itertools import chain
from typing import Any, Final

import gradio as gr
from fastapi import Request
from fastapi.middleware import Middleware
from fastapi.responses import JSONResponse
from gradio.block_function import BlockFunction
from gradio.data_classes import FileData
from gradio.route_utils import FnIndexInferError

from animegen.errors import InvalidRequest
from animegen.ui import uploads
from animegen.ui.refusals import sentences
from animegen.ui.routes import Closed, Listened, Refused
from animegen.ui.texts import Language, language, say

log = logging.getLogger(__name__)

DEPTH: Final = 16
"""How many lists and objects may lie within each other; what the page sends needs five."""
_CALL = "/call/v2/"
_HALF = re.compile("[\ud800-\udfff]")


class Page(gr.Blocks):
    """A page whose functions are sent no file but those that it took in or wrote, whichever route a caller takes.

    Gradio copies any file of the working folder and of the temporary folder that a function hands back, and looks only
    at those inputs that call themselves files: so no path from elsewhere may come as far as a function.
    """

    async def process_api(self, block_fn: Any, inputs: list[Any], *more: Any, **named: Any) -> dict[str, Any]:
        """Run a function once its inputs are checked; whatever goes wrong becomes one sentence."""
        request = named.get("request")
        tongue = language(request[0] if isinstance(request, list) else request)
        with sentences(tongue):
            if named.get("iterator") is None and not named.get("explicit_call"):
                check(block_fn, inputs, getattr(named.get("event_data"), "_data", None), tongue)
            return await super().process_api(block_fn, inputs, *more, **named)


def check(function: BlockFunction, inputs: list[Any], event: Any, tongue: Language) -> None:
    """Raise InvalidRequest where a caller sends what a function does not take, or a file that is not theirs.

    ``event`` is what a caller says of the event itself.
    """
    if not function.fn:
        raise InvalidRequest("This event has no function on the server; /gradio_api/info lists every endpoint.")
    wanted = len(function.inputs)
    if len(inputs) != wanted:
        raise InvalidRequest(f"This endpoint takes {wanted} values, not {len(inputs)}; /gradio_api/info lists them.")
    try:
        read = [_read(block, value) for block, value in zip(function.inputs, inputs, strict=True)]
        if function.collects_event_data:
            gr.SelectData(None, event)
        for part in _parts([inputs, read, event], tongue):
            if isinstance(part, dict) and "path" in part:
                uploads.place(FileData.model_validate(part).path)
            elif isinstance(part, str) and _HALF.search(part):
                raise InvalidRequest("The text holds half a character (a lone surrogate); type it again.")
    except (KeyError, TypeError, ValueError) as odd:
        raise InvalidRequest(say("choose_picture", tongue)) from odd


def _read(block: Any, value: Any) -> Any:
    """Return a value as gradio will read it, with what it leaves out filled in.

    Raises ValueError.
    """
    model = getattr(block, "data_model", None)
    return (
        model.model_validate(value, context={"validate_meta": True}).model_dump()
        if model and value is not None
        else value
    )


def _parts(value: Any, tongue: Language) -> Iterator[Any]:
    """Yield everything that lies within a value.

    Raises InvalidRequest where it lies deeper than DEPTH.
    """
    level = [value]
    for _ in range(DEPTH):
        yield from level
        level = [*_within(level)]
    if level:
        raise InvalidRequest(say("too_deep", tongue))


def _within(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, dict):
            yield from chain(value, value.values())
        elif isinstance(value, list | tuple):
            yield from value


async def explain(request: Request, problem: Exception) -> JSONResponse:
    """Answer a request that gradio cannot read: an endpoint, fields or names that do not exist, values of odd kinds."""
    if isinstance(problem, OSError) and problem.errno != ENAMETOOLONG:
        raise problem
    path = request.url.path
    log.warning("%s %r cannot be read: %s", request.method, path[:200], type(problem).__name__)
    log.debug("What gradio stumbled on", exc_info=problem)
    message = "This request cannot be read; /gradio_api/info lists every endpoint and its fields."
    if _CALL in path:
        name = path.split(_CALL)[1].strip("/")
        message = (
            f"There is no endpoint {name} with these fields; /gradio_api/info lists every endpoint and its fields."
        )
    return JSONResponse({"detail": message}, status_code=422)


_ODD = (AttributeError, FnIndexInferError, IndexError, KeyError, OSError, TypeError, ValueError)

APP: dict[str, Any] = {
    "exception_handlers": dict.fromkeys(_ODD, explain),
    "middleware": [Middleware(each) for each in (Closed, Refused, Listened)],
}
"""What the web application behind the page is made with."""
