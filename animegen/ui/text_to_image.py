"""The tab that draws from words: its layout, and which control wakes which function."""

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from animegen.models.table import ModelRow
from animegen.tasks import TextToImage
from animegen.ui import memory, reading, visit
from animegen.ui.controls import LIGHT, NAMES, SPOKEN, Controls, advanced, pickers, size, text, words
from animegen.ui.describing import describe, edit
from animegen.ui.drawing import Door, text_to_image
from animegen.ui.ideas import ideas

FROM_DETAILS = """(details) => {
  const running = Boolean(details?.steps) && !details.seeds;
  const phone = window.innerWidth <= 768;
  if (running && phone && !details.step) document.getElementById("picture").scrollIntoView({block: "center"});
  return [
    details?.message ?? "",
    running ? details.step / details.steps : 0,
    {__type__: "update", interactive: !running},
    {__type__: "update", interactive: running},
  ];
}"""
"""Status, progress bar, Draw and Stop follow the details, in the browser; a phone scrolls down to the picture."""


@dataclass(frozen=True, kw_only=True)
class Buttons:
    """What can be pressed beside the controls."""

    draw: gr.Button
    stop: gr.Button
    ideas: dict[str, gr.Button]
    edit: gr.Button
    unedit: gr.Button
    random: gr.Button
    reuse: gr.Button


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The picture and what is told about it. Labels of what the endpoint returns are plain English."""

    picture: gr.Image
    pictures: gr.Gallery
    details: gr.JSON
    status: gr.Textbox
    progress: gr.HTML
    visit: gr.Gallery
    reload: gr.Button


def tab(studio: Door, page: gr.Blocks) -> Controls:
    """Lay out the tab on a page and wire it; return its controls for others to fill."""
    with gr.Column(elem_id="desk"):
        with gr.Column(elem_id="ask"):
            first = words()
            with gr.Row(elem_id="ideas", elem_classes="chips"):
                offers = {name: gr.Button(text(f"idea_{name}"), size="sm") for name in ideas()}
            first |= pickers()
            with gr.Row():
                draw = gr.Button(text("draw"), variant="primary", size="lg", scale=3, min_width=120, elem_id="draw")
                stop = gr.Button(text("stop"), size="lg", scale=1, min_width=80, interactive=False, elem_id="stop")
        with gr.Column(elem_id="show"):
            outcome = _outcome()
        with gr.Column(elem_id="more"):
            more, notes, pressed = _more(studio.row)
    controls = Controls(**first, **more)  # type: ignore[arg-type]  # each under the name of its field
    buttons = Buttons(draw=draw, stop=stop, ideas=offers, **pressed)
    _wire_drawing(studio, controls, buttons, outcome)
    _wire_controls(studio, page, controls, buttons, outcome, notes)
    return controls


def _outcome() -> Outcome:
    picture = gr.Image(
        label="Picture", format="png", type="filepath", image_mode=None, interactive=False, show_label=False,
        buttons=["download", "fullscreen"], elem_id="picture",
    )  # fmt: skip
    progress = gr.HTML(0, html_template='<progress max="1" value="${value}"></progress>', elem_id="progress")
    with gr.Row(elem_classes="chips"):
        status = gr.Textbox(show_label=False, container=False, interactive=False, lines=1, elem_id="status")
        reload = gr.Button(text("reload"), size="sm", elem_id="reload")
    gallery = gr.Gallery(
        label="Visit", format="png", columns=6, height="auto", object_fit="cover", allow_preview=False,
        fit_columns=False, interactive=False, buttons=[], show_label=False, elem_id="visit",
    )  # fmt: skip
    pictures = gr.Gallery(label="Pictures", format="png", visible="hidden", interactive=False)
    details = gr.JSON(label="Details", visible="hidden")
    return Outcome(
        picture=picture, pictures=pictures, details=details, status=status, progress=progress,
        visit=gallery, reload=reload,
    )  # fmt: skip


def _more(model: ModelRow) -> tuple[dict[str, Any], gr.Textbox, dict[str, gr.Button]]:
    notes = gr.Textbox(label=text("notes"), interactive=False, visible=False, lines=1, max_lines=6, elem_id="notes")
    final = gr.Textbox(
        value="",
        lines=2,
        max_lines=6,
        label=text("final_prompt"),
        info=text("final_prompt_info"),
        elem_id="final_prompt",
    )
    with gr.Row(elem_classes="chips"):
        pressed = {key: gr.Button(text(f"final_prompt_{key}"), size="sm") for key in ("edit", "unedit")}
    sides = size(model)
    seed = gr.Number(value=-1, precision=0, minimum=-1, label=text("seed"), elem_id="seed")
    with gr.Row(elem_classes="chips"):
        pressed |= {key: gr.Button(text(f"seed_{key}"), size="sm") for key in ("random", "reuse")}
    with gr.Accordion(text("advanced"), open=False):
        rest = advanced()
    return {"final_prompt": final, **sides, "seed": seed, **rest}, notes, pressed


def _wire_drawing(studio: Door, controls: Controls, buttons: Buttons, outcome: Outcome) -> None:
    """Draw, stop, and the gallery of the visit."""
    drawing = gr.on(
        [buttons.draw.click, controls.prompt.submit],
        text_to_image(studio),
        inputs_kwargs=controls.by_name,
        outputs=[outcome.picture, outcome.pictures, outcome.details],
        api_name=TextToImage.name,
        preprocess=False,  # the task checks the values itself, with better sentences
        show_progress="hidden",
        concurrency_id="gpu",
        concurrency_limit=1,
    )
    drawing.success(visit.remember, [outcome.pictures, outcome.visit], outcome.visit, **LIGHT)
    drawing.failure(None, None, outcome.details, js="() => ({message: ''})")
    buttons.stop.click(visit.stopped, outcome.visit, [outcome.picture, outcome.details], cancels=[drawing], **LIGHT)
    outcome.details.change(
        None, outcome.details, [outcome.status, outcome.progress, buttons.draw, buttons.stop], js=FROM_DETAILS
    )
    outcome.visit.select(visit.show_again, outcome.visit, outcome.picture, **LIGHT)


def _wire_controls(
    studio: Door, page: gr.Blocks, controls: Controls, buttons: Buttons, outcome: Outcome, notes: gr.Textbox
) -> None:
    """What fills the controls, and what follows them."""
    stored = memory.storage()
    shown = [component.value for component in controls.all]
    page.load(memory.restored, stored, controls.all, **LIGHT)
    changes = [component.change for component in controls.all]  # type: ignore[attr-defined]
    gr.on(changes, None, controls.all, stored, js=memory.SAVE)
    gr.on(
        [*changes, page.load], describe(studio), inputs_kwargs=controls.by_name, outputs=[controls.final_prompt, notes],
        preprocess=False, trigger_mode="always_last", **LIGHT,
    )  # fmt: skip
    buttons.edit.click(
        edit(studio), inputs_kwargs=controls.by_name, outputs=controls.final_prompt, preprocess=False, **SPOKEN
    )
    buttons.unedit.click(None, None, controls.final_prompt, js="() => ''")
    buttons.random.click(None, None, controls.seed, js="() => -1")
    buttons.reuse.click(None, outcome.details, controls.seed, js="(details) => details?.seeds?.[0] ?? -1")
    for name, button in buttons.ideas.items():
        fills = [ideas()[name].get(field, first) for field, first in zip(NAMES, shown, strict=True)]
        button.click(None, None, controls.all, js=f"() => {json.dumps(fills)}")
    outcome.reload.click(reading.settings(studio), outcome.picture, controls.all, preprocess=False, **SPOKEN)
