"""The tab that draws from words: its layout, and which control wakes which function."""

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from animegen.models.table import ModelRow
from animegen.tasks import TextToImage
from animegen.ui import memory, reading, visit
from animegen.ui.controls import LIGHT, NAMES, SPOKEN, Controls, advanced, pickers, settings, text, words
from animegen.ui.describing import describe, edit
from animegen.ui.drawing import Door, text_to_image
from animegen.ui.ideas import ideas
from animegen.ui.stopping import Stops

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

BEFORE = """(details, visit) =>
  details?.seeds ? {__type__: "update"} : visit?.[0]?.image ?? null"""
"""After a drawing that ended without a picture, the one before stands there again instead of the last preview."""

FIRST_WORDS = "(typed, saved) => typed || (saved ? '' : '1girl')"
"""Who comes for the first time can press Draw at once."""

SAME_OR_NEW = """(seed) => [
  {__type__: "update", visible: seed === -1},
  {__type__: "update", visible: seed !== -1},
]"""
"""Under the picture stands the way to keep its seed, or the way back from a seed that is kept."""


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
            notes = gr.Textbox(show_label=False, container=False, interactive=False, visible=False, elem_id="notes")
            with gr.Row(elem_id="ideas", elem_classes="chips"):
                offers = {name: gr.Button(text(f"idea_{name}"), size="sm") for name in ideas()}
        with gr.Row(elem_id="go"):
            draw = gr.Button(text("draw"), variant="primary", size="lg", scale=3, min_width=120, elem_id="draw")
            stop = gr.Button(text("stop"), size="lg", scale=1, min_width=80, interactive=False, elem_id="stop")
        with gr.Column(elem_id="show"):
            outcome, under = _outcome()
        with gr.Column(elem_id="more"):
            with gr.Column(elem_id="pickers"):
                chosen = pickers(studio.row)
            with gr.Accordion(text("settings"), open=False, elem_id="settings"):
                rest, pressed = _settings(studio.row)
    controls = Controls(**first, **chosen, **rest)  # type: ignore[arg-type]  # each under the name of its field
    buttons = Buttons(draw=draw, stop=stop, ideas=offers, **under, **pressed)
    _wire_drawing(studio, controls, buttons, outcome)
    _wire_controls(studio, page, controls, buttons, outcome, notes)
    return controls


def _outcome() -> tuple[Outcome, dict[str, gr.Button]]:
    picture = gr.Image(
        label="Picture", format="png", type="filepath", image_mode=None, interactive=False, show_label=False,
        buttons=["download", "fullscreen"], elem_id="picture",
    )  # fmt: skip
    progress = gr.HTML(0, html_template='<progress max="1" value="${value}"></progress>', elem_id="progress")
    with gr.Row(elem_id="told", elem_classes="chips"):
        status = gr.Textbox(
            show_label=False, container=False, interactive=False, lines=1, placeholder=" ", elem_id="status"
        )
        reuse = gr.Button(text("seed_reuse"), size="sm", elem_id="reuse")
        random = gr.Button(text("seed_random"), size="sm", elem_id="random", visible=False)
        reload = gr.Button(text("reload"), size="sm", elem_id="reload")
    gallery = gr.Gallery(
        label="Visit", format="png", columns=6, height="auto", object_fit="cover", allow_preview=False,
        fit_columns=False, interactive=False, buttons=[], show_label=False, elem_id="visit",
    )  # fmt: skip
    pictures = gr.Gallery(label="Pictures", format="png", visible="hidden", interactive=False)
    details = gr.JSON(label="Details", visible="hidden")
    outcome = Outcome(
        picture=picture, pictures=pictures, details=details, status=status, progress=progress,
        visit=gallery, reload=reload,
    )  # fmt: skip
    return outcome, {"random": random, "reuse": reuse}


def _settings(model: ModelRow) -> tuple[dict[str, Any], dict[str, gr.Button]]:
    usual = settings(model)
    seed = gr.Number(value=-1, precision=0, minimum=-1, label=text("seed"), elem_id="seed")
    final = gr.Textbox(
        value="", lines=2, max_lines=6, label=text("final_prompt"), info=text("final_prompt_info"),
        elem_id="final_prompt",
    )  # fmt: skip
    with gr.Row(elem_classes="chips"):
        pressed = {key: gr.Button(text(f"final_prompt_{key}"), size="sm") for key in ("edit", "unedit")}
    return {**usual, "seed": seed, "final_prompt": final, **advanced()}, pressed


def _wire_drawing(studio: Door, controls: Controls, buttons: Buttons, outcome: Outcome) -> None:
    """Draw, stop, and the gallery of the visit."""
    stops = Stops()
    drawing = gr.on(
        [buttons.draw.click, controls.prompt.submit],
        text_to_image(studio, stops),
        inputs_kwargs=controls.by_name,
        outputs=[outcome.picture, outcome.pictures, outcome.details],
        api_name=TextToImage.name,
        preprocess=False,  # the task checks the values itself, with better sentences
        show_progress="hidden",
        concurrency_id="gpu",
        concurrency_limit=1,
    )
    drawing.success(visit.remember, [outcome.pictures, outcome.visit], outcome.visit, **LIGHT)
    for ended in (drawing.success, drawing.failure):
        ended(None, [outcome.details, outcome.visit], outcome.picture, js=BEFORE)
    buttons.stop.click(stops.ask, None, None, **LIGHT)
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
    page.load(None, [controls.prompt, stored], controls.prompt, js=FIRST_WORDS)
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
    controls.seed.change(None, controls.seed, [buttons.reuse, buttons.random], js=SAME_OR_NEW)
    buttons.reuse.click(None, outcome.details, controls.seed, js="(details) => details?.seeds?.[0] ?? -1")
    for name, button in buttons.ideas.items():
        fills = [ideas()[name].get(field, first) for field, first in zip(NAMES, shown, strict=True)]
        button.click(None, None, controls.all, js=f"() => {json.dumps(fills)}")
    outcome.reload.click(reading.settings(studio), outcome.picture, controls.all, preprocess=False, **SPOKEN)
