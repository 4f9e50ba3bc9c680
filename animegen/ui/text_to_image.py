"""The tab that draws from words."""

from typing import Any

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import TextToImage
from animegen.ui import browser_state, controls, prompt_preview
from animegen.ui.browser_state import accepts_still
from animegen.ui.controls import EMOTION, LIGHT, QUEUED, Controls, in_order
from animegen.ui.drawing import handler
from animegen.ui.result_panel import ResultPanel
from animegen.ui.scripts import script
from animegen.ui.tab import Tab, run_buttons
from animegen.ui.texts import text


def tab(studio: StudioProtocol) -> Tab:
    """Lay out the tab."""
    buttons = run_buttons()
    with gr.Column(elem_classes="more"):
        chosen = controls.pickers(studio, EMOTION)
        with gr.Accordion(text("options"), open=False, elem_id="options"):
            count = controls.count()
            final = gr.Textbox(
                value="", lines=2, max_lines=6, label=text("final_prompt"), info=text("final_prompt_info"),
                elem_id="final_prompt",
            )  # fmt: skip
            with gr.Row(elem_classes="chips"):
                edit, unedit = (
                    gr.Button(text(f"final_prompt_{name}"), size="sm", elem_id=name) for name in ("edit", "unedit")
                )
    own = {**chosen, "count": count, "final_prompt": final, "edit": edit, "unedit": unedit}
    return Tab(controls=own, buttons=buttons)


def wire(studio: StudioProtocol, page: gr.Blocks, tab: Tab, character: Controls, panel: ResultPanel) -> None:
    """Wire the tab to what it draws into."""
    every = in_order(TextToImage, character | tab.controls)
    draw = handler(studio, TextToImage, panel.stops)
    outputs = [panel.picture, panel.pictures, panel.details]
    drawing = panel.endpoint(TextToImage, tab.buttons.draw, draw, every, outputs)
    panel.show(drawing, tab.buttons.stop)
    kept = {name: each for name, each in tab.controls.items() if name in every}
    browser_state.remember(page, TextToImage.name, kept, accepts_still)


def wire_preview(studio: StudioProtocol, page: gr.Blocks, tab: Tab, character: Controls, notes: gr.Textbox) -> None:
    """Let the final prompt and the notes about it follow the controls."""
    every = in_order(TextToImage, character | tab.controls)
    final: Any = tab.controls["final_prompt"]
    gr.on(
        [*(each.change for each in every.values()), page.load], prompt_preview.describe(studio), inputs_kwargs=every,
        outputs=[final, notes], preprocess=False, trigger_mode="always_last", **LIGHT,
    )  # fmt: skip
    edit = prompt_preview.edit(studio)
    tab.controls["edit"].click(edit, inputs_kwargs=every, outputs=final, preprocess=False, **QUEUED)
    tab.controls["unedit"].click(None, None, final, js=script("constant", value=""))
