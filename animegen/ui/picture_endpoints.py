"""The script endpoints of the tasks that begin with a picture or draw frames; nothing of them is seen on the page."""

from collections.abc import Callable, Iterator
from dataclasses import Field
from inspect import cleandoc
from typing import Any

import gradio as gr
from gradio.blocks import Block

from animegen.films import FORMATS, NONE, wanted
from animegen.pipelines import samplers
from animegen.tasks import MAX_PROMPT, Animation, Canny, EmotionPath, ImageToImage, Request, Task, asked
from animegen.tasks.canny import KINDS as PICTURES
from animegen.ui import uploads
from animegen.ui.canny_endpoint import FIELDS, NAME, canny_edges
from animegen.ui.choices import KINDS, choices
from animegen.ui.drawing import Door, Shown, finished, told
from animegen.ui.filming import filmed
from animegen.ui.refusals import sentences
from animegen.ui.stopping import Stops
from animegen.ui.texts import language

DRAWING: dict[str, Any] = {
    "preprocess": False,  # the task checks the values itself, with better sentences
    "show_progress": "hidden",
    "concurrency_id": "gpu",
    "concurrency_limit": 1,
}


def add(studio: Door) -> None:
    """Add the endpoints to the page that is being built."""
    with gr.Column(visible=False):
        picture = gr.Image(label="Picture", format="png", type="filepath", image_mode=None)
        pictures = gr.Gallery(label="Pictures", format="png")
        film = gr.File(label="Film")
        details = gr.JSON(label="Details")
        _endpoint(ImageToImage, still(studio, ImageToImage), controls(ImageToImage), [picture, pictures, details])
        led = controls(Canny)
        _endpoint(Canny, still(studio, Canny), led, [picture, pictures, details])
        _look(canny_edges(studio), led, [picture, details])
        moving = [picture, pictures, film, details]
        _endpoint(EmotionPath, frames(studio, EmotionPath), controls(EmotionPath, frames=5) | films(NONE), moving)
        _endpoint(Animation, frames(studio, Animation), controls(Animation) | films("gif"), moving)


def _endpoint(task: type[Task], draw: Callable[..., Any], asked: dict[str, Block], outputs: list[Any]) -> None:
    told = cleandoc(task.__doc__ or "")
    gr.Button().click(draw, inputs_kwargs=asked, outputs=outputs, api_name=task.name, api_description=told, **DRAWING)


def _look(look: Callable[..., Any], asked: dict[str, Block], outputs: list[Any]) -> None:
    needed = {name: asked[name] for name in FIELDS}
    gr.Button().click(
        look, inputs_kwargs=needed, outputs=outputs, api_name=NAME, preprocess=False, show_progress="hidden"
    )


def still(studio: Door, kind: type[ImageToImage | Canny]) -> Callable[..., Iterator[Shown]]:
    """Return the function behind a task of one picture; its keywords are the task's fields, its image an upload."""

    def draw(request: gr.Request, **values: Any) -> Iterator[Shown]:
        tongue = language(request)
        with sentences(tongue):
            task = kind(**values | {"image": uploads.picture(values["image"], tongue)})
            yield from told(studio, task, request, Stops(), finished)

    return draw


def frames(studio: Door, kind: type[EmotionPath | Animation]) -> Callable[..., Iterator[Shown]]:
    """Return the function behind a task of frames; its keywords are the task's fields and those of a film."""

    # The default is what lets a script leave the picture out.
    def draw(request: gr.Request, image: Any = None, **values: Any) -> Iterator[Shown]:
        tongue = language(request)
        with sentences(tongue):
            rate, ping_pong, made = (values.pop(name) for name in ("frame_rate", "ping_pong", "film"))
            how = wanted(made, rate, ping_pong)
            given = kind is Animation or image is not None
            task = kind(**values | {"image": uploads.picture(image, tongue) if given else None})
            yield from told(studio, task, request, Stops(), filmed(task, how), outputs=4)

    return draw


def films(usual: str) -> dict[str, Block]:
    """Return what a film is asked for with; ``none`` makes none."""
    return {
        "film": gr.Dropdown([NONE, *FORMATS], value=usual, label="film"),
        "frame_rate": gr.Number(8.0, label="frame_rate"),
        "ping_pong": gr.Checkbox(True, label="ping_pong"),
    }


def controls(task: type[Request], **usual: Any) -> dict[str, Block]:
    """Return a component for each field of a task, under its name; those without a value must be filled in."""
    return {field.name: _control(field, usual.get(field.name, field.default)) for field in asked(task)}


def _control(field: Field[Any], value: Any) -> Block:
    name = field.name
    if name == "image":
        return gr.Image(label=name, type="filepath", image_mode=None)
    if name in KINDS:
        return gr.Dropdown(choices(name), value=value, label=name)
    if name == "image_kind":
        return gr.Dropdown(list(PICTURES), value=value, label=name)
    if name == "sampler":
        return gr.Dropdown(["", *samplers.names()], value=value, label=name)
    if isinstance(value, int | float):
        return gr.Number(value, precision=0 if isinstance(value, int) else None, label=name)
    return gr.Textbox(value, max_length=MAX_PROMPT, label=name)
