"""Settings read back out of a picture that this page, or a program that writes the same text, has made."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from typing import Any

import gradio as gr

from animegen.errors import InvalidRequest
from animegen.messages import Language, render
from animegen.models.table import ModelRow
from animegen.pictures import infotext
from animegen.pictures.films import settings as settings_of
from animegen.pipelines import samplers
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import ExpressionSheet, Field, TextToImage
from animegen.tasks import fields as fields_of
from animegen.ui import uploads
from animegen.ui.errors import show_errors
from animegen.ui.texts import language_of, say


def settings(studio: StudioProtocol, fields: Iterable[str]) -> Callable[..., list[Any]]:
    """Return the function that gives what the controls of some fields show for a picture's own request.

    It takes the picture's file, or the text that was read from one.
    """

    def read(source: dict[str, Any] | str | None, request: gr.Request) -> list[Any]:
        language = language_of(request)
        with show_errors(language):
            found = infotext.read(source if source and isinstance(source, str) else _parameters(source))
            row = studio.row
            known = studio.offers.scan().of(row.lora_base)
            offered = samplers.offered(row)
            task, notes = infotext.to_task(found, samplers=offered, loras=known, model=row.name)
            for note in notes:
                gr.Info(escape(render(note, language)))
            return values(_as_asked(_sized(task, row, language), studio), fields)

    return read


def values(task: TextToImage, fields: Iterable[str]) -> list[Any]:
    """Return what the controls of some fields show for a task."""
    every = {field.name: field for field in fields_of(TextToImage)}
    return [_shown(every[name], getattr(task, name)) for name in fields]


def _shown(field: Field, value: Any) -> Any:
    """Return a value as a control shows it, where "unset" is a value such as 0."""
    if isinstance(value, tuple):
        return [*map(str, value)]
    return field.shown_default if value is None else value


def parameters(file: dict[str, Any] | None, request: gr.Request) -> str:
    """Return the text that a picture carries, for the visitor to read."""
    language = language_of(request)
    with show_errors(language):
        return _parameters(file)


def origin(file: dict[str, Any] | None, request: gr.Request) -> tuple[bool, bool]:
    """Say whether a picture was drawn from words, and whether it was drawn from another picture or from frames."""
    language = language_of(request)
    with show_errors(language):
        found = infotext.read(_parameters(file))
        sheet = ExpressionSheet.name
        return bool(found.prompt.strip()), found.pairs.get(infotext.TASK, sheet) != sheet


def _parameters(file: Any) -> str:
    """Return the text in a file that gradio took in or wrote."""
    if found := settings_of(uploads.path(file)):
        return found
    raise InvalidRequest("page.no_parameters")


def _sized(task: TextToImage, model: ModelRow, language: Language) -> TextToImage:
    """Return the task in a size that the model can draw, and show a note where that is another one."""
    sides = range(model.min_size, model.max_size + 1, model.size_step)
    usual = model.preset(task.preset, task.sampler).size
    if all(side in (None, usual) for side in (task.width, task.height)):
        return replace(task, width=None, height=None)
    if task.width in (None, *sides) and task.height in (None, *sides):
        return task
    gr.Info(say("native_size", language, width=task.width, height=task.height))
    return replace(task, width=None, height=None)


def _as_asked(task: TextToImage, studio: StudioProtocol) -> TextToImage:
    """Return the task with what its layers and its preset give anyway left to them, so that the pickers still count."""
    layered = replace(task, final_prompt="")
    if studio.prompt(layered).text == task.final_prompt:
        task = layered
    usual = studio.row.preset(task.preset, task.sampler)
    return replace(
        task,
        steps=None if task.steps == usual.steps else task.steps,
        guidance_scale=None if task.guidance_scale == usual.guidance_scale else task.guidance_scale,
        sampler=None if task.sampler == studio.row.preset(task.preset).sampler else task.sampler,
    )
