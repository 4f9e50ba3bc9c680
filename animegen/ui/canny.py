"""The tab that draws along lines: of a sketch made on the page, of a photo, of any picture."""

from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import LINES, Canny
from animegen.ui import browser_state, controls, model, sketch_pad
from animegen.ui.browser_state import BLANK
from animegen.ui.canny_edges import FIELDS, NAME, canny_edges, preview
from animegen.ui.controls import EMOTION, QUEUED, Controls, hidden, slider
from animegen.ui.drawing import handler
from animegen.ui.result_panel import ResultPanel
from animegen.ui.scripts import script
from animegen.ui.sketch_pad import Tools
from animegen.ui.tab import Tab, run_buttons
from animegen.ui.texts import text

PREFIX = "canny_"
KINDS: Final = ("auto", "photo", "sketch", "edges")
"""What a picture may be, in the order of the page."""
SEEN: Final = ("image", "fit", "image_kind", "lines", "low_threshold", "high_threshold")
"""The controls that change the lines."""
WIDEST: Final = {"low_threshold": 1, "high_threshold": 255, "start": 0.0, "end": 1.0}
"""Beside these, each value of a pair can be judged alone."""


@dataclass(frozen=True, kw_only=True)
class CannyTab(Tab):
    """The tab with the pad and its tools, and the lines that a drawing would follow."""

    pad: gr.HTML
    tools: Tools
    lines: gr.Image
    notes: gr.Textbox


def tab(studio: StudioProtocol) -> CannyTab:
    """Lay out the tab; the style sheet shows the pad or the place for a picture, as is chosen above them."""
    with gr.Column(elem_classes="ask"):
        gr.Radio(
            [(text("draw_sketch"), "pad"), (text("give_picture"), "picture")], value="pad", label=text("picture_from"),
            interactive=True, elem_id="canny_from", elem_classes=["shelf", "bare"],
        )  # fmt: skip
        with gr.Row(elem_id="canny_source"):
            pad = sketch_pad.pad(studio.row.native_size, "canny_pad")
            image = controls.source(PREFIX)
            with gr.Column(elem_id="canny_beside", min_width=0):
                tools = sketch_pad.tools(PREFIX)
                lines = gr.Image(
                    label=text("lines"), format="png", type="filepath", interactive=False, buttons=["fullscreen"],
                    elem_id="canny_lines",
                )  # fmt: skip
        notes = controls.notes("canny_notes", visible=False)
        offers = [(text(f"kind_{kind}"), kind) for kind in KINDS]
        kind = gr.Radio(offers, value="auto", label=text("image_kind"), elem_id="canny_kind", elem_classes="pills")
        kinds = [(text(f"lines_{name}"), name) for name in LINES]
        followed = gr.Radio(
            kinds, value=LINES[0], label=text("lines_followed"), elem_id="canny_lines_followed",
            elem_classes="pills", visible=bool(studio.row.lineart_controlnet),
        )  # fmt: skip
        model.rules(studio.row, Canny)
    buttons = run_buttons(PREFIX)
    with gr.Column(elem_classes="more"):
        chosen = {**controls.pickers(studio, EMOTION, PREFIX), **_options()}
    own = {"image": image, "image_kind": kind, "lines": followed, **chosen, **hidden(Canny, "final_prompt")}
    return CannyTab(controls=own, buttons=buttons, pad=pad, tools=tools, lines=lines, notes=notes)


def wire(studio: StudioProtocol, page: gr.Blocks, tab: CannyTab, character: Controls, panel: ResultPanel) -> None:
    """Wire the tab to what it draws into, and its lines to what changes them."""
    every = character | tab.controls
    draw = handler(studio, Canny, panel.stops)
    outputs = [panel.picture, panel.pictures, panel.details]
    drawing = panel.endpoint(Canny, tab.buttons.draw, draw, every, outputs)
    panel.show(drawing, tab.buttons.stop)
    drawing.success(None, [tab.lines, panel.picture], panel.compare, js=script("side_by_side"))
    sketch_pad.wire(tab.pad, tab.tools, tab.controls["image"])
    _wire_lines(studio, tab, every, panel)
    seen = {name: tab.controls[name] for name in (*SEEN[1:], *WIDEST, "conditioning_scale", "count")}
    kept = seen | {name: tab.controls[name] for name in ("emotion", "emotion_strength")}
    browser_state.remember(page, Canny.name, kept, accepts)


def accepts(**values: Any) -> None:
    """Raise InvalidRequest where the tab would not draw with a value, whatever its other values are."""
    Canny(**WIDEST | {"image": BLANK} | values)


def _wire_lines(studio: StudioProtocol, tab: CannyTab, every: Controls, panel: ResultPanel) -> None:
    """Let the lines follow the controls, and scripts look them up."""
    seen = {name: every[name] for name in SEEN}
    gr.on(
        [each.change for each in seen.values()], preview(studio), inputs_kwargs=seen, outputs=[tab.lines, tab.notes],
        preprocess=False, trigger_mode="always_last", **QUEUED,
    )  # fmt: skip
    gr.Button(visible=False).click(
        canny_edges(studio), inputs_kwargs={name: every[name] for name in FIELDS}, api_name=NAME,
        outputs=[panel.picture, panel.details], preprocess=False, show_progress="hidden",
    )  # fmt: skip


def _options() -> Controls:
    """Lay out how closely lines are looked for and followed, and what few visitors touch."""
    with gr.Accordion(text("options"), open=False, elem_id="canny_options"):
        scale = slider(Canny, "conditioning_scale", PREFIX)
        with gr.Row():
            thresholds = {name: slider(Canny, name, PREFIX) for name in ("low_threshold", "high_threshold")}
        with gr.Row():
            window = {name: slider(Canny, name, PREFIX) for name in ("start", "end")}
        rest = {"fit": controls.fit(PREFIX), "count": controls.count(PREFIX)}
    return {"conditioning_scale": scale, **thresholds, **window, **rest}
