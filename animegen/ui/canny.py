"""The tab that draws along lines: of a sketch made on the page, of a photo, of any picture."""

from dataclasses import dataclass
from typing import Any, Final

import gradio as gr
from PIL import Image

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Canny
from animegen.ui import controls as lay
from animegen.ui import loras, memory, sketch_pad
from animegen.ui.canny_endpoint import preview
from animegen.ui.controls import SPOKEN, Controls, in_order, text
from animegen.ui.drawing import compared, from_picture
from animegen.ui.model import rules
from animegen.ui.outcome import Go, Outcome, go
from animegen.ui.sketch_pad import Tools

PREFIX = "canny_"
KINDS: Final = ("auto", "photo", "sketch", "edges")
"""What a picture may be, in the order of the page."""
SEEN: Final = ("image", "fit", "image_kind", "low_threshold", "high_threshold")
"""The controls that change the lines."""
WIDEST: Final = {"low_threshold": 1, "high_threshold": 255, "start": 0.0, "end": 1.0}
"""Beside these, each value of a pair can be judged alone."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """The tab's controls, the pad with what lies beside it, and the lines that a drawing would follow."""

    controls: Controls
    go: Go
    pad: gr.HTML
    tools: Tools
    lines: gr.Image
    notes: gr.Textbox


def tab(studio: StudioProtocol) -> Room:
    """Lay out the tab; the style sheet shows the pad or the place for a picture, as is chosen above them."""
    model = studio.row
    with gr.Column(elem_classes="ask"):
        gr.Radio(
            [(text("draw_sketch"), "pad"), (text("give_picture"), "picture")], value="pad", label=text("picture_from"),
            interactive=True, elem_id="canny_from", elem_classes=["shelf", "bare"],
        )  # fmt: skip
        with gr.Row(elem_id="canny_source"):
            pad = sketch_pad.pad(model.native_size, "canny_pad")
            image = lay.source(PREFIX)
            with gr.Column(elem_id="canny_beside", min_width=0):
                tools = sketch_pad.tools(PREFIX)
                lines = _lines()
        notes = gr.Textbox(
            show_label=False, container=False, interactive=False, visible=False, elem_id="canny_notes",
            elem_classes="notes",
        )  # fmt: skip
        offers = [(text(f"kind_{kind}"), kind) for kind in KINDS]
        kind = gr.Radio(offers, value="auto", label=text("image_kind"), elem_id="canny_kind", elem_classes="pills")
        prompt = lay.words(PREFIX, value="")
        rules(model, Canny)
    buttons = go(PREFIX)
    with gr.Column(elem_classes="more"):
        chosen = {**lay.pickers(model, PREFIX), "loras": loras.fold(studio, PREFIX)}
        with gr.Accordion(text("settings"), open=False, elem_id="canny_settings"):
            rest = {"fit": lay.fit(PREFIX), **_following(), "preset": lay.speed(PREFIX), "seed": lay.seed(PREFIX)}
            rest |= lay.advanced(model, PREFIX)
    found = in_order(Canny, {"image": image, "image_kind": kind, "prompt": prompt, **chosen, **rest})
    return Room(controls=found, go=buttons, pad=pad, tools=tools, lines=lines, notes=notes)


def wire(studio: StudioProtocol, page: gr.Blocks, room: Room, outcome: Outcome) -> None:
    """Wire the tab to what it draws into, and its lines to what changes them."""
    outputs = [outcome.picture, outcome.pictures, outcome.compare, outcome.details]
    presses = [room.go.draw.click, room.controls["prompt"].submit]
    draw = from_picture(studio, Canny, outcome.stops, compared, outputs=len(outputs))
    outcome.draws(presses, room.go.stop, draw, room.controls, outputs, api_visibility="private")
    sketch_pad.wire(room.pad, room.tools, room.controls["image"])
    seen = {name: room.controls[name] for name in SEEN}
    gr.on(
        [each.change for each in seen.values()], preview(studio), inputs_kwargs=seen, outputs=[room.lines, room.notes],
        preprocess=False, trigger_mode="always_last", **SPOKEN,
    )  # fmt: skip
    kept = {name: each for name, each in room.controls.items() if name != "image"}
    memory.remember(page, Canny, kept, takes=takes)


def takes(**values: Any) -> None:
    """Raise InvalidRequest where the tab would not draw with a value, whatever stands beside it."""
    Canny(**WIDEST | {"image": Image.new("RGB", (1, 1))} | values)


def _lines() -> gr.Image:
    return gr.Image(
        label=text("lines"), format="png", type="filepath", interactive=False, buttons=["fullscreen"],
        elem_id="canny_lines",
    )  # fmt: skip


def _following() -> Controls:
    """Lay out how closely lines are looked for, and followed."""
    with gr.Row():
        thresholds = {
            name: lay.slider(name, 1, 255, getattr(Canny, name), step=1, prefix=PREFIX)
            for name in ("low_threshold", "high_threshold")
        }
    scale = lay.slider("conditioning_scale", 0, 2, Canny.conditioning_scale, step=0.05, prefix=PREFIX)
    with gr.Row():
        steps = {
            name: lay.slider(name, 0, 1, getattr(Canny, name), step=0.05, prefix=PREFIX) for name in ("start", "end")
        }
    return {**thresholds, "conditioning_scale": scale, **steps}
