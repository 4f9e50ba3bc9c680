"""Settings read back out of a picture that this page, or a program that writes the same text, has made."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from typing import Any

import gradio as gr

from animegen.errors import InvalidRequest
from animegen.models.table import ModelRow
from animegen.pictures import infotext
from animegen.pictures.films import settings as settings_of
from animegen.pipelines import samplers
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import ExpressionSheet, TextToImage
from animegen.ui import uploads
from animegen.ui.controls import NAMES, values
from animegen.ui.refusals import sentences
from animegen.ui.texts import Language, language, say, shown


def settings(studio: StudioProtocol, names: Iterable[str] = NAMES) -> Callable[..., list[Any]]:
    """Return the function that gives what the controls of some fields show for a picture's own request.

    It takes the picture's file, or the text that was read from one.
    """

    def read(source: dict[str, Any] | str | None, request: gr.Request) -> list[Any]:
        tongue = language(request)
        with sentences(tongue):
            found = infotext.read(source if source and isinstance(source, str) else _parameters(source, tongue))
            row = studio.row
            known = studio.offers.of(row.lora_base)
            offered = samplers.offered(row)
            task, notes = infotext.to_task(found, samplers=offered, loras=known, model=row.name)
            for note in notes:
                gr.Info(escape(shown(note, tongue)))
            return values(_as_asked(_sized(task, row, tongue), studio), names)

    return read


def parameters(file: dict[str, Any] | None, request: gr.Request) -> str:
    """Return the text that a picture carries, for the visitor to read."""
    tongue = language(request)
    with sentences(tongue):
        return _parameters(file, tongue)


def origin(file: dict[str, Any] | None, request: gr.Request) -> tuple[bool, bool]:
    """Say whether a picture was drawn from words, and whether it was drawn from another picture or from frames."""
    tongue = language(request)
    with sentences(tongue):
        found = infotext.read(_parameters(file, tongue))
        sheet = ExpressionSheet.name
        return bool(found.prompt.strip()), found.pairs.get(infotext.TASK, sheet) != sheet


def _parameters(file: Any, tongue: Language) -> str:
    """Return the text in a file that gradio took in or wrote."""
    if found := settings_of(uploads.path(file, tongue)):
        return found
    raise InvalidRequest(say("no_parameters", tongue))


def _sized(task: TextToImage, model: ModelRow, tongue: Language) -> TextToImage:
    """Return the task in a size that the model can draw, and tell when that is another one."""
    sides = range(model.min_size, model.max_size + 1, model.size_step)
    if not (task.width or task.height) or (task.width in sides and task.height in sides):
        own = replace(task, width=task.width or model.native_size, height=task.height or model.native_size)
    else:
        gr.Info(say("native_size", tongue, width=task.width, height=task.height))
        own = replace(task, width=model.native_size, height=model.native_size)
    return own


def _as_asked(task: TextToImage, studio: StudioProtocol) -> TextToImage:
    """Return the task with what its layers and its preset give anyway left to them, so that the pickers still count."""
    layered = replace(task, final_prompt="")
    if studio.prompt(layered).text == task.final_prompt:
        task = layered
    usual = studio.row.preset(task.preset, task.sampler)
    return replace(
        task,
        steps=0 if task.steps == usual.steps else task.steps,
        guidance_scale=0 if task.guidance_scale == usual.guidance_scale else task.guidance_scale,
        sampler="" if task.sampler == studio.row.preset(task.preset).sampler else task.sampler,
    )
