"""The tab that draws a picture anew: with another emotion, in other clothes, as other words say."""

from dataclasses import dataclass

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import ImageToImage
from animegen.ui import controls as lay
from animegen.ui import loras, memory
from animegen.ui.controls import Controls, in_order, text
from animegen.ui.describing import follow_strength
from animegen.ui.drawing import compared, from_picture
from animegen.ui.model import rules
from animegen.ui.outcome import Go, Outcome, go

PREFIX = "redraw_"


@dataclass(frozen=True, kw_only=True)
class Room:
    """The tab's controls and the buttons beside them."""

    controls: Controls
    steps: gr.Textbox
    go: Go


def tab(studio: StudioProtocol) -> Room:
    """Lay out the tab."""
    model = studio.row
    with gr.Column(elem_classes="ask"):
        image = lay.source(PREFIX)
        strength, steps = lay.strength(PREFIX)
        prompt = lay.words(PREFIX, value="", label=text("prompt_besides"))
        rules(model, ImageToImage)
    buttons = go(PREFIX)
    with gr.Column(elem_classes="more"):
        chosen = {**lay.pickers(model, PREFIX), "loras": loras.fold(studio, PREFIX)}
        with gr.Accordion(text("settings"), open=False):
            rest = {"fit": lay.fit(PREFIX), "preset": lay.speed(PREFIX), "seed": lay.seed(PREFIX)}
            rest |= lay.advanced(model, PREFIX)
    found = {"image": image, "strength": strength, "prompt": prompt, **chosen, **rest}
    return Room(controls=in_order(ImageToImage, found), steps=steps, go=buttons)


def wire(studio: StudioProtocol, page: gr.Blocks, room: Room, outcome: Outcome) -> None:
    """Wire the tab to what it draws into."""
    outputs = [outcome.picture, outcome.pictures, outcome.compare, outcome.details]
    presses = [room.go.draw.click, room.controls["prompt"].submit]
    draw = from_picture(studio, ImageToImage, outcome.stops, compared, outputs=len(outputs))
    outcome.draws(presses, room.go.stop, draw, room.controls, outputs, api_visibility="private")
    follow_strength(studio, page, room.controls, room.steps)
    memory.remember(page, ImageToImage, {name: each for name, each in room.controls.items() if name != "image"})
