"""The script endpoints of the tasks that begin with a picture or draw frames; nothing of them is seen on the page."""

from collections.abc import Callable, Mapping
from inspect import cleandoc
from typing import Any, Final

import gradio as gr
from gradio.blocks import Block

from animegen.models.table import ModelRow
from animegen.pictures.films import FORMATS, NONE
from animegen.pipelines import samplers
from animegen.tasks import (
    FITS,
    MAX_PROMPT,
    Animation,
    Canny,
    EmotionPath,
    ExpressionSheet,
    Field,
    ImageToImage,
    Request,
    Task,
    fields,
)
from animegen.tasks import IMAGE_KINDS as PICTURES
from animegen.ui import loras
from animegen.ui.canny_endpoint import FIELDS, NAME, canny_edges
from animegen.ui.choices import KINDS, choices
from animegen.ui.drawing import Door, from_picture
from animegen.ui.filming import frames
from animegen.ui.outcome import DRAWING
from animegen.ui.posing import expression_sheet
from animegen.ui.stopping import Stops


def add(studio: Door) -> None:
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
        path = controls(row, EmotionPath, frames=5)
        _endpoint(EmotionPath, frames(studio, EmotionPath, Stops()), path, moving)
        _endpoint(Animation, frames(studio, Animation, Stops()), controls(row, Animation), moving)
        sheet = controls(row, ExpressionSheet, prompt=None)
        _endpoint(ExpressionSheet, expression_sheet(studio, Stops()), sheet, [picture, pictures, sprites, details])


def _endpoint(task: type[Task], draw: Callable[..., Any], asked: dict[str, Block], outputs: list[Any]) -> None:
    told = cleandoc(task.__doc__ or "")
    gr.Button().click(draw, inputs_kwargs=asked, outputs=outputs, api_name=task.name, api_description=told, **DRAWING)


def _look(look: Callable[..., Any], asked: dict[str, Block], outputs: list[Any]) -> None:
    needed = {name: asked[name] for name in FIELDS}
    gr.Button().click(
        look, inputs_kwargs=needed, outputs=outputs, api_name=NAME, preprocess=False, show_progress="hidden"
    )


def controls(model: ModelRow, task: type[Request], **usual: Any) -> dict[str, Block]:
    """Return a component for each field of a task, under its name; those without a value must be filled in."""
    return {field.name: _control(model, field, usual.get(field.name, _usual(field))) for field in fields(task)}


_OWN: Final[Mapping[str, Callable[[], Block]]] = {
    "image": lambda: gr.Image(label="image", type="filepath", image_mode=None),
    "loras": lambda: loras.control(visible=False),
}
"""The fields that take no single word or number."""


def _usual(field: Field) -> Any:
    value = field.shown_default
    return ",".join(value) if isinstance(value, tuple) and value else value


def _control(model: ModelRow, field: Field, value: Any) -> Block:
    name = field.name
    if name in _OWN:
        return _OWN[name]()
    if name in KINDS:
        return gr.Dropdown(choices(name), value=value, label=name)
    offers = {
        "film": [NONE, *FORMATS],
        "fit": list(FITS),
        "image_kind": list(PICTURES),
        "sampler": ["", *samplers.offered(model)],
    }
    if offered := offers.get(name):
        return gr.Dropdown(offered, value=value, label=name)
    if isinstance(value, bool):
        return gr.Checkbox(value, label=name)
    if isinstance(value, int | float):
        return gr.Number(value, precision=0 if isinstance(value, int) else None, label=name)
    return gr.Textbox(value, max_length=MAX_PROMPT, label=name)
