"""What a request would be drawn from, before it is drawn: the final prompt, and what the model cannot do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from animegen.errors import AnimegenError, InvalidRequest
from animegen.messages import Language, render
from animegen.models.table import ModelRow
from animegen.studio.notes import strength_notes
from animegen.studio.protocol import StudioProtocol
from animegen.studio.sampling import choose_sampling, choose_seed
from animegen.studio.source import prepare_source
from animegen.tasks import ImageToImage, TextToImage
from animegen.ui.browser_state import BLANK
from animegen.ui.controls import LIGHT, Controls
from animegen.ui.errors import show_errors
from animegen.ui.scripts import script
from animegen.ui.texts import language_of

Preview = tuple[dict[str, Any], dict[str, Any]]
"""The final prompt as the placeholder of its box, and the notes, a line each."""


def describe(studio: StudioProtocol) -> Callable[..., Preview]:
    """Return the function that keeps the final prompt and the notes beside it up to date."""

    def final_prompt(request: gr.Request, **values: Any) -> Preview:
        language = language_of(request)
        try:
            prompt, notes = _described(studio, values, language)
        except AnimegenError as problem:  # nobody has asked for a picture yet, so it is a note
            prompt, notes = "", [render(problem.message, language)]
        return gr.update(placeholder=prompt), gr.update(value="\n".join(notes), visible=bool(notes))

    return final_prompt


def edit(studio: StudioProtocol) -> Callable[..., str]:
    """Return the function that puts the final prompt into its box, for the visitor to change."""

    def edited(request: gr.Request, **values: Any) -> str:
        with show_errors(language_of(request)):
            return studio.prompt(replace(TextToImage(**values), final_prompt="")).text

    return edited


def describe_strength(studio: StudioProtocol) -> Callable[..., str]:
    """Return the function that says how many steps a strength comes to, a line for each remark."""

    def steps_drawn(request: gr.Request, strength: float, preset: str, steps: int, sampler: str) -> str:
        try:
            task = ImageToImage(image=BLANK, strength=strength, preset=preset, steps=steps, sampler=sampler)
            number = task.steps or studio.row.preset(preset, sampler).steps
            notes = [render(note, language_of(request)) for note in strength_notes(number, task.strength)]
        except AnimegenError as problem:
            notes = [render(problem.message, language_of(request))]
        return "\n".join(notes)

    return steps_drawn


def follow_strength(studio: StudioProtocol, page: gr.Blocks, controls: Controls, notes: gr.Textbox) -> None:
    """Keep the notes about a strength up to date with the controls that decide it."""
    deciding = {name: controls[name] for name in ("strength", "preset", "steps", "sampler")}
    gr.on(
        [*(each.change for each in deciding.values()), page.load], describe_strength(studio), inputs_kwargs=deciding,
        outputs=notes, preprocess=False, trigger_mode="always_last", **LIGHT,
    )  # fmt: skip


def follow_seed(seed: gr.Number, chips: dict[str, gr.Button], details: gr.JSON) -> None:
    """Let buttons under the picture keep its seed, or choose a new one again."""
    reuse, new = chips["reuse"], chips["random"]
    new.click(None, None, seed, js=script("constant", value=-1))
    reuse.click(None, details, seed, js=script("seed_of"))
    seed.change(None, seed, [reuse, new], js=script("same_or_new"))


def _described(studio: StudioProtocol, values: dict[str, Any], language: Language) -> tuple[str, list[str]]:
    if not (values["prompt"] or values["final_prompt"]):
        return "", []
    task = TextToImage(**values)
    prompt = studio.prompt(task)
    notes = [render(note, language) for note in prompt.notes]
    return prompt.text, [*notes, *_sampled(studio.row, task, language)]


def _sampled(model: ModelRow, task: TextToImage, language: Language) -> Iterator[str]:
    """Yield the remark of a task's preset on a model, and why the numbers beside it would be refused."""
    preset = model.preset(task.preset, task.sampler)
    if preset.note:
        yield render(preset.note, language)
    try:
        prepare_source(model, task, choose_sampling(model, task).size)
        choose_seed(task, 0)
    except InvalidRequest as problem:
        yield render(problem.message, language)
