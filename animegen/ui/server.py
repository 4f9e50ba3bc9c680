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
from gradio.data_classes import APIInfo, FileData
from gradio.route_utils import FnIndexInferError

from animegen.errors import InvalidRequest
from animegen.tasks import TASKS, EmotionPath, Field, Task, fields
from animegen.tasks.kinds import Names
from animegen.ui import uploads
from animegen.ui.errors import show_errors
from animegen.ui.routes import Closed, Listened, Refused
from animegen.ui.texts import language_of, say

log = logging.getLogger(__name__)

DEPTH: Final = 16
"""How many lists and objects may lie within each other; what the page sends needs five."""
OWN_DEFAULTS: Final[dict[type[Task], dict[str, Any]]] = {EmotionPath: {"frames": 5}}
"""The defaults of endpoints that are not those of the tasks."""
_CALL = "/call/v2/"
_HALF = re.compile("[\ud800-\udfff]")


class Page(gr.Blocks):
    """A page whose functions are sent no file but those that it took in or wrote, whichever route a caller takes.

    Gradio copies any file of the working folder and of the temporary folder that a function hands back, and looks only
    at those inputs that call themselves files: so no path from elsewhere may come as far as a function.
    """

    def get_api_info(self, all_endpoints: bool = False, page: str | None = None) -> APIInfo:
        """Return what scripts read of the endpoints: what may be left out of a task is the task's own default.

        Gradio would give what the controls of the page show at first.
        """
        info = super().get_api_info(all_endpoints, page)
        for task in TASKS:
            if endpoint := info["named_endpoints"].get(f"/{task.name}"):
                by_name, own = {each.name: each for each in fields(task)}, OWN_DEFAULTS.get(task, {})
                for parameter in endpoint["parameters"]:
                    field = by_name[parameter["parameter_name"]]
                    _describe(parameter, field, own.get(field.name, field.shown_default))
        return info

    async def process_api(self, block_fn: Any, inputs: list[Any], *more: Any, **named: Any) -> dict[str, Any]:
        """Run a function once its inputs are checked; whatever goes wrong becomes one sentence."""
        request = named.get("request")
        with show_errors(language_of(request[0] if isinstance(request, list) else request)):
            if named.get("iterator") is None and not named.get("explicit_call"):
                check(block_fn, inputs, getattr(named.get("event_data"), "_data", None))
            return await super().process_api(block_fn, inputs, *more, **named)


def _describe(parameter: Any, field: Field, default: Any) -> None:
    """Give a parameter its default, unless it has none or is a picture; a list of names is a text with commas."""
    if field.required or parameter["python_type"]["type"] == "filepath":
        return
    if isinstance(field.kind, Names):
        default = ",".join(default)
        parameter |= {"type": {"type": "string"}, "python_type": {"type": "str", "description": ""}}
    elif isinstance(default, tuple):
        default = list(default)
    parameter |= {"parameter_has_default": True, "parameter_default": default}


def check(function: BlockFunction, inputs: list[Any], event: Any) -> None:
    """Raise InvalidRequest where a caller sends what a function does not take, or a file that is not theirs.

    ``event`` is what a caller says of the event itself.
    """
    if not function.fn:
        raise InvalidRequest("page.no_event")
    wanted = len(function.inputs)
    if len(inputs) != wanted:
        raise InvalidRequest("page.value_count", wanted=wanted, count=len(inputs))
    try:
        read = [_read(block, value) for block, value in zip(function.inputs, inputs, strict=True)]
        if function.collects_event_data:
            gr.SelectData(None, event)
        for part in _parts([inputs, read, event]):
            if isinstance(part, dict) and "path" in part:
                uploads.place(FileData.model_validate(part).path)
            elif isinstance(part, str) and _HALF.search(part):
                raise InvalidRequest("page.lone_surrogate")
    except (KeyError, TypeError, ValueError) as odd:
        raise InvalidRequest("page.choose_picture") from odd


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


def _parts(value: Any) -> Iterator[Any]:
    """Yield everything that lies within a value.

    Raises InvalidRequest where it lies deeper than DEPTH.
    """
    level = [value]
    for _ in range(DEPTH):
        yield from level
        level = [*_within(level)]
    if level:
        raise InvalidRequest("page.too_deep")


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
    language = language_of(gr.Request(request))
    name = path.partition(_CALL)[2].strip("/")
    message = say("no_endpoint", language, name=name) if _CALL in path else say("unreadable", language)
    return JSONResponse({"detail": message}, status_code=422)


_ODD = (AttributeError, FnIndexInferError, IndexError, KeyError, OSError, TypeError, ValueError)

APP: dict[str, Any] = {
    "exception_handlers": dict.fromkeys(_ODD, explain),
    "middleware": [Middleware(each) for each in (Closed, Refused, Listened)],
}
"""What the web application behind the page is made with."""
