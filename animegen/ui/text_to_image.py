"""The tab that draws from words: its layout, and which control wakes which function."""

import json
from dataclasses import dataclass

import gradio as gr

from animegen.models.table import ModelRow
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import TextToImage
from animegen.ui import controls as lay
from animegen.ui import loras, memory, reading
from animegen.ui.choices import names
from animegen.ui.controls import LIGHT, NAMES, SPOKEN, Controls, in_order, text
from animegen.ui.describing import describe, edit
from animegen.ui.drawing import text_to_image
from animegen.ui.ideas import ideas
from animegen.ui.outcome import Go, Outcome, go

FIRST_WORDS = "(typed, saved) => typed || (saved ? '' : '1girl')"
"""Who comes for the first time can press Draw at once."""

SAME_OR_NEW = """(seed) => [
  {__type__: "update", visible: seed === -1},
  {__type__: "update", visible: seed !== -1},
]"""
"""Under the picture stands the way to keep its seed, or the way back from a seed that is kept."""


OWN_SIZE = """(preset, width, height) => {
  const own = %s;
  const usual = width === height && Object.values(own).includes(width);
  return usual ? [own[preset], own[preset]] : [width, height];
}"""
"""A size that some preset has goes over to that of the chosen one; any other is the visitor's and stays."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """The tab's controls, and what can be pressed beside them."""

    controls: Controls
    notes: gr.Textbox
    ideas: dict[str, gr.Button]
    pressed: dict[str, gr.Button]
    go: Go


def tab(studio: StudioProtocol) -> Room:
    """Lay out the tab."""
    model = studio.row
    with gr.Column(elem_classes="ask"):
        prompt = lay.words(autofocus=True)
        notes = gr.Textbox(
            show_label=False, container=False, interactive=False, visible=False, elem_id="notes", elem_classes="notes"
        )
        with gr.Row(elem_id="ideas", elem_classes="chips"):
            offers = {name: gr.Button(text(f"idea_{name}"), size="sm") for name in ideas()}
    buttons = go()
    with gr.Column(elem_classes="more"):
        chosen = {**lay.pickers(model), "loras": loras.fold(studio)}
        with gr.Accordion(text("settings"), open=False, elem_id="settings"):
            rest, pressed = _settings(model)
    controls = in_order(TextToImage, {"prompt": prompt, **chosen, **rest})
    return Room(controls=controls, notes=notes, ideas=offers, pressed=pressed, go=buttons)


def _settings(model: ModelRow) -> tuple[Controls, dict[str, gr.Button]]:
    preset = lay.speed()
    count = lay.slider("count", 1, 16, 1, step=1)
    found = {"preset": preset, "count": count, **lay.sides(model), "seed": lay.seed()}
    final = gr.Textbox(
        value="", lines=2, max_lines=6, label=text("final_prompt"), info=text("final_prompt_info"),
        elem_id="final_prompt",
    )  # fmt: skip
    with gr.Row(elem_classes="chips"):
        pressed = {key: gr.Button(text(f"final_prompt_{key}"), size="sm") for key in ("edit", "unedit")}
    return {**found, "final_prompt": final, **lay.advanced(model)}, pressed


def wire(studio: StudioProtocol, page: gr.Blocks, room: Room, outcome: Outcome) -> None:
    """Wire the tab to what it draws into."""
    presses = [room.go.draw.click, room.controls["prompt"].submit]
    outputs = [outcome.picture, outcome.pictures, outcome.details]
    draw = text_to_image(studio, outcome.stops)
    outcome.draws(presses, room.go.stop, draw, room.controls, outputs, api_name=TextToImage.name)
    _wire_controls(studio, page, room, outcome)
    _wire_memory(page, room)


def _wire_controls(studio: StudioProtocol, page: gr.Blocks, room: Room, outcome: Outcome) -> None:
    """What fills the controls, and what follows them."""
    controls, seed, final = room.controls, room.controls["seed"], room.controls["final_prompt"]
    changes = [component.change for component in controls.values()]
    gr.on(
        [*changes, page.load], describe(studio), inputs_kwargs=controls, outputs=[final, room.notes],
        preprocess=False, trigger_mode="always_last", **LIGHT,
    )  # fmt: skip
    room.pressed["edit"].click(edit(studio), inputs_kwargs=controls, outputs=final, preprocess=False, **SPOKEN)
    room.pressed["unedit"].click(None, None, final, js="() => ''")
    _follow_preset(studio.row, controls)
    chips = outcome.chips
    chips["random"].click(None, None, seed, js="() => -1")
    seed.change(None, seed, [chips["reuse"], chips["random"]], js=SAME_OR_NEW)
    chips["reuse"].click(None, outcome.details, seed, js="(details) => details?.seeds?.[0] ?? -1")
    every = list(controls.values())
    shown = [component.value for component in every]
    for name, button in room.ideas.items():
        fills = [ideas()[name].get(field, first) for field, first in zip(NAMES, shown, strict=True)]
        button.click(None, None, every, js=f"() => {json.dumps(fills)}")
    chips["reload"].click(reading.settings(studio), outcome.picture, every, preprocess=False, **SPOKEN)


def _follow_preset(model: ModelRow, controls: Controls) -> None:
    """Let the size follow the preset on a model whose presets have sizes of their own."""
    own = {name: model.preset(name).size for name in names("preset")}
    if len(set(own.values())) > 1:
        size = [controls["width"], controls["height"]]
        controls["preset"].input(None, [controls["preset"], *size], size, js=OWN_SIZE % json.dumps(own))


def _wire_memory(page: gr.Blocks, room: Room) -> None:
    stored = memory.remember(page, TextToImage, room.controls)
    prompt = room.controls["prompt"]
    page.load(None, [prompt, stored], prompt, js=FIRST_WORDS)
