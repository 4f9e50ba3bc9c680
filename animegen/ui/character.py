"""The character, and how it is drawn: typed and chosen once, above and below the tabs, and used by all of them."""

import gradio as gr

from animegen.models.table import ModelRow
from animegen.pipelines import samplers
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import MAX_PROMPT, TextToImage
from animegen.ui import browser_state, loras
from animegen.ui.choices import Choices
from animegen.ui.controls import LOOKS, Controls, notes, pickers, pills, slider
from animegen.ui.scripts import script
from animegen.ui.texts import text


def words() -> tuple[Controls, gr.Textbox]:
    """Lay out the prompt, and the place for notes about it.

    Without a value of its own the prompt is what scripts must fill in, where a task needs one.
    """
    with gr.Column(elem_id="words"):
        prompt = gr.Textbox(
            lines=2, max_lines=6, max_length=MAX_PROMPT, elem_id="prompt", elem_classes="prompt", autofocus=True,
            label=text("prompt"), placeholder=text("prompt_placeholder"),
        )  # fmt: skip
        return {"prompt": prompt}, notes("notes", visible=False)


def looks(studio: StudioProtocol) -> Controls:
    """Lay out how the character looks, the LoRAs, and the settings of the sampling."""
    with gr.Column(elem_id="looks"):
        controls = {**pickers(studio, LOOKS), "loras": loras.fold(studio)}
        with gr.Accordion(text("settings"), open=False, elem_id="settings"):
            return controls | _sampling(studio.row)


def wire(page: gr.Blocks, controls: Controls) -> None:
    """Let the browser keep the character, and give a first visitor one to begin with; Enter draws in the open tab."""
    stored = browser_state.remember(page, "character", controls, browser_state.accepts_still)
    prompt = controls["prompt"]
    page.load(None, [prompt, stored], prompt, js=script("first_prompt", prompt="1girl"))
    prompt.submit(None, None, None, js=script("press_draw"))


def _sampling(model: ModelRow) -> Controls:
    """Lay out what few visitors touch; a zero is the preset's own."""
    with gr.Row():
        preset, quality = pills("preset", "balanced"), pills("quality", "standard")
    seed = gr.Number(value=-1, precision=0, minimum=-1, label=text("seed"), elem_id="seed")
    negative = gr.Textbox(
        value="", lines=1, max_length=MAX_PROMPT, elem_id="negative_prompt", label=text("negative_prompt"),
        placeholder=text("negative_prompt_placeholder"),
    )  # fmt: skip
    with gr.Row():
        steps = slider(TextToImage, "steps")
        guidance = slider(TextToImage, "guidance_scale")
    offered: Choices = [(text("sampler_default"), ""), *((name, name) for name in samplers.offered(model))]
    sampler = gr.Dropdown(offered, value="", label=text("sampler"), filterable=False, elem_id="sampler")
    return {
        "preset": preset, "quality": quality, "seed": seed, "negative_prompt": negative, "steps": steps,
        "guidance_scale": guidance, "sampler": sampler, **_size(model),
    }  # fmt: skip


def _size(model: ModelRow) -> Controls:
    """Lay out the size within the model's limits; a model that draws one size alone leaves nothing to choose."""
    several = model.min_size < model.max_size
    with gr.Row(visible=several):
        return {
            side: gr.Slider(
                0, model.max_size, 0, step=model.size_step, precision=0, label=text(side), buttons=[], elem_id=side,
                visible=several,
            )
            for side in ("width", "height")
        }  # fmt: skip
