"""The script endpoints of the tasks that begin with a picture or draw frames; nothing of them is seen on the page."""

from collections.abc import Callable, Mapping
from dataclasses import Field
from inspect import cleandoc
from typing import Any, Final

import gradio as gr
from gradio.blocks import Block

from animegen.models.table import ModelRow
from animegen.pictures.films import FORMATS, NONE
from animegen.pictures.sprites import USUAL
from animegen.pipelines import samplers
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import (
    MAX_PROMPT,
    Animation,
    Canny,
    EmotionPath,
    ExpressionSheet,
    ImageToImage,
    Request,
    Task,
    asked,
)
from animegen.tasks.canny import KINDS as PICTURES
from animegen.tasks.checks import FITS
from animegen.ui import loras
from animegen.ui.canny_endpoint import FIELDS, NAME, canny_edges
from animegen.ui.choices import KINDS, choices
from animegen.ui.drawing import from_picture
from animegen.ui.filming import frames
from animegen.ui.outcome import DRAWING
from animegen.ui.posing import expression_sheet
from animegen.ui.stopping import Stops


def add(studio: StudioProtocol) -> None:
    """Add the endpoints to the page that is being built."""
    with gr.Column(visible=False):
        picture = gr.Image(label="Picture", format="png", type="filepath", image_mode=None)
        pictures = gr.Gallery(label="Pictures", format="png")
        film = gr.File(label="Film")
        sprites = gr.File(label="Sprites")
        details = gr.JSON(label="Details")
        stills = [picture, pictures, details]
        row = studio.row
        _endpoint(ImageToImage, from_picture(studio, ImageToImage, Stops()), controls(row, ImageToImage), stills)
        led = controls(row, Canny)
        _endpoint(Canny, from_picture(studio, Canny, Stops()), led, stills)
        _look(canny_edges(studio), led, [picture, details])
        moving = [picture, pictures, film, details]
        path = controls(row, EmotionPath, frames=5) | films(NONE)
        _endpoint(EmotionPath, frames(studio, EmotionPath, Stops()), path, moving)
        _endpoint(Animation, frames(studio, Animation, Stops()), controls(row, Animation) | films("gif"), moving)
        sheet = controls(row, ExpressionSheet, prompt=None) | {"character": gr.Textbox(USUAL, label="character")}
        _endpoint(ExpressionSheet, expression_sheet(studio, Stops()), sheet, [picture, pictures, sprites, details])


def _endpoint(task: type[Task], draw: Callable[..., Any], asked: dict[str, Block], outputs: list[Any]) -> None:
    told = cleandoc(task.__doc__ or "")
    gr.Button().click(draw, inputs_kwargs=asked, outputs=outputs, api_name=task.name, api_description=told, **DRAWING)


def _look(look: Callable[..., Any], asked: dict[str, Block], outputs: list[Any]) -> None:
    needed = {name: asked[name] for name in FIELDS}
    gr.Button().click(
        look, inputs_kwargs=needed, outputs=outputs, api_name=NAME, preprocess=False, show_progress="hidden"
    )


def films(usual: str) -> dict[str, Block]:
    """Return what a film is asked for with; ``none`` makes none."""
    return {
        "film": gr.Dropdown([NONE, *FORMATS], value=usual, label="film"),
        "frame_rate": gr.Number(8.0, label="frame_rate"),
        "ping_pong": gr.Checkbox(True, label="ping_pong"),
    }


def controls(model: ModelRow, task: type[Request], **usual: Any) -> dict[str, Block]:
    """Return a component for each field of a task, under its name; those without a value must be filled in."""
    return {field.name: _control(model, field, usual.get(field.name, field.default)) for field in asked(task)}


_OWN: Final[Mapping[str, Callable[[], Block]]] = {
    "image": lambda: gr.Image(label="image", type="filepath", image_mode=None),
    "loras": lambda: loras.control(visible=False),
}
"""The fields that take no single word or number."""


def _control(model: ModelRow, field: Field[Any], value: Any) -> Block:
    name = field.name
    if name in _OWN:
        return _OWN[name]()
    if name in KINDS:
        return gr.Dropdown(choices(name), value=value, label=name)
    offers = {"fit": list(FITS), "image_kind": list(PICTURES), "sampler": ["", *samplers.offered(model)]}
    if offered := offers.get(name):
        return gr.Dropdown(offered, value=value, label=name)
    if isinstance(value, bool):
        return gr.Checkbox(value, label=name)
    if isinstance(value, int | float):
        return gr.Number(value, precision=0 if isinstance(value, int) else None, label=name)
    return gr.Textbox(value, max_length=MAX_PROMPT, label=name)
