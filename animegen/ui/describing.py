"""What a request would be drawn from, told before it is drawn: the final prompt, and what the model cannot do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import gradio as gr
from PIL import Image

from animegen.errors import AnimegenError, InvalidRequest
from animegen.models.table import ModelRow
from animegen.studio import strengths
from animegen.studio.filling import filled
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import ImageToImage, TextToImage
from animegen.ui.controls import LIGHT, Controls
from animegen.ui.refusals import sentences
from animegen.ui.texts import Language, language, shown

BLANK: Final = Image.new("RGB", (1, 1))
"""Stands for the picture in a request whose numbers alone are checked."""
Described = tuple[dict[str, Any], dict[str, Any]]
"""The final prompt as the placeholder of its box, and the notes, a line each."""


def describe(studio: StudioProtocol) -> Callable[..., Described]:
    """Return the function that keeps the final prompt and the notes beside it up to date."""

    def final_prompt(request: gr.Request, **values: Any) -> Described:
        tongue = language(request)
        try:
            prompt, notes = _described(studio, values, tongue)
        except AnimegenError as problem:  # nobody has asked for a picture yet, so it is a note
            prompt, notes = "", [shown(problem.message, tongue)]
        return gr.update(placeholder=prompt), gr.update(value="\n".join(notes), visible=bool(notes))

    return final_prompt


def edit(studio: StudioProtocol) -> Callable[..., str]:
    """Return the function that puts the final prompt into its box, for the visitor to change."""

    def edited(request: gr.Request, **values: Any) -> str:
        with sentences(language(request)):
            return studio.prompt(replace(TextToImage(**values), final_prompt="")).text

    return edited


def steps_drawn(studio: StudioProtocol) -> Callable[..., str]:
    """Return the function that tells how many steps a strength comes to, a line for each remark."""

    def told(request: gr.Request, strength: float, preset: str, steps: int, sampler: str) -> str:
        try:
            task = ImageToImage(image=BLANK, strength=strength, preset=preset, steps=steps, sampler=sampler)
            number = task.steps or studio.row.preset(preset, sampler).steps
            notes = [shown(note, language(request)) for note in strengths.remarks(number, task.strength)]
        except AnimegenError as problem:
            notes = [shown(problem.message, language(request))]
        return "\n".join(notes)

    return told


def follow_strength(studio: StudioProtocol, page: gr.Blocks, controls: Controls, shown: gr.Textbox) -> None:
    """Keep what is told of a strength up to date with the controls that decide it."""
    deciding = {name: controls[name] for name in ("strength", "preset", "steps", "sampler")}
    gr.on(
        [*(each.change for each in deciding.values()), page.load], steps_drawn(studio), inputs_kwargs=deciding,
        outputs=shown, preprocess=False, trigger_mode="always_last", **LIGHT,
    )  # fmt: skip


def _described(studio: StudioProtocol, values: dict[str, Any], tongue: Language) -> tuple[str, list[str]]:
    if not (values["prompt"] or values["final_prompt"]):
        return "", []
    task = TextToImage(**values)
    prompt = studio.prompt(task)
    notes = [shown(note, tongue) for note in prompt.notes]
    return prompt.text, [*notes, *_sampled(studio.row, task, tongue)]


def _sampled(model: ModelRow, task: TextToImage, tongue: Language) -> Iterator[str]:
    """Yield the remark of a task's preset on a model, and why the numbers beside it would be refused."""
    chosen = model.preset(task.preset, task.sampler)
    yield from filter(None, [chosen.note_ja if tongue == "ja" else chosen.note])
    try:
        filled(model, task)
    except InvalidRequest as problem:
        yield shown(problem.message, tongue)
