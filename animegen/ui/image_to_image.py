"""The tab that draws a picture again: with another emotion, in other clothes, as other words say."""

from typing import Any

import gradio as gr
from PIL.Image import Image

from animegen.pictures import sources
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import ImageToImage
from animegen.ui import browser_state, controls, model, uploads
from animegen.ui.browser_state import BLANK
from animegen.ui.controls import EMOTION, LIGHT, Controls, hidden
from animegen.ui.drawing import handler
from animegen.ui.errors import show_errors
from animegen.ui.prompt_preview import follow_strength
from animegen.ui.result_panel import ResultPanel
from animegen.ui.tab import Tab, run_buttons
from animegen.ui.texts import language_of, text

PREFIX = "redraw_"


def tab(studio: StudioProtocol) -> Tab:
    """Lay out the tab."""
    with gr.Column(elem_classes="ask"):
        image = controls.source(PREFIX)
        strength, steps = controls.strength(PREFIX)
        model.rules(studio.row, ImageToImage)
        own = {"image": image, "strength": strength, "steps_drawn": steps}
    buttons = run_buttons(PREFIX)
    with gr.Column(elem_classes="more"):
        own |= controls.pickers(studio, EMOTION, PREFIX)
        with gr.Accordion(text("options"), open=False, elem_id="redraw_options"):
            own |= {"fit": controls.fit(PREFIX), "count": controls.count(PREFIX)}
    own |= hidden(ImageToImage, "final_prompt")
    return Tab(controls=own, buttons=buttons)


def wire(studio: StudioProtocol, page: gr.Blocks, tab: Tab, character: Controls, panel: ResultPanel) -> None:
    """Wire the tab to what it draws into."""
    every = character | tab.controls
    draw = handler(studio, ImageToImage, panel.stops)
    outputs = [panel.picture, panel.pictures, panel.details]
    drawing = panel.endpoint(ImageToImage, tab.buttons.draw, draw, every, outputs)
    panel.show(drawing, tab.buttons.stop)
    sides = [tab.controls["image"], tab.controls["fit"], panel.picture, panel.details]
    drawing.success(compared, sides, panel.compare, preprocess=False, **LIGHT)
    follow_strength(studio, page, every, tab.controls["steps_drawn"])
    kept = {name: tab.controls[name] for name in ("strength", "emotion", "emotion_strength", "fit", "count")}
    browser_state.remember(page, ImageToImage.name, kept, accepts)


def accepts(**values: Any) -> None:
    """Raise InvalidRequest where no picture would be drawn with a value."""
    ImageToImage(**{"image": BLANK} | values)


def compared(image: Any, fit: Any, picture: Any, details: Any, request: gr.Request) -> tuple[Image, Image] | None:
    """Return a picture's source, fitted to the size that was drawn, and the picture."""
    with show_errors(language_of(request)):
        if not isinstance(details, dict) or "seeds" not in details:
            return None
        drawn = uploads.picture(picture)
        upright, _ = sources.upright(uploads.picture(image))
        return sources.fitted(upright, drawn.size, fit)[0], drawn
