"""The controls of a drawing tab, one for each field of the task, under the field's own name."""

from dataclasses import dataclass
from typing import Any, Final

import gradio as gr
from gradio.blocks import Block
from gradio.components import Component
from gradio.i18n import I18nData

from animegen.models.table import ModelRow
from animegen.pipelines import samplers
from animegen.prompts.styles import styles
from animegen.tasks import MAX_PROMPT, Task, TextToImage, asked
from animegen.ui.choices import Choices, Kind, choices

NAMES = tuple(field.name for field in asked(TextToImage))
"""The controls' names, in the order of the task's fields: the parameters of the script interface."""
PICTURED: Final[tuple[Kind, ...]] = ("emotion", "hair_style", "hair_colour", "outfit", "style")
"""What is chosen from pictures, in the order of the page."""

LIGHT: dict[str, Any] = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
"""Events that answer at once, whatever is being drawn, and that no script needs."""
SPOKEN: dict[str, Any] = LIGHT | {"queue": True, "concurrency_id": "light", "concurrency_limit": 8}
"""Light events that may say a sentence beside their answer; gradio delivers those only through a queue."""


def text(key: str) -> I18nData:
    """Return a text of the table as something that the browser translates."""
    return I18nData(key)


@dataclass(frozen=True, kw_only=True)
class Controls:
    """One component for each field of TextToImage; laid out by the tab, wired by their names."""

    prompt: gr.Textbox
    negative_prompt: gr.Textbox
    emotion: gr.Radio
    emotion_strength: gr.Slider
    hair_style: gr.Radio
    hair_colour: gr.Radio
    outfit: gr.Radio
    style: gr.Radio
    quality: gr.Radio
    preset: gr.Radio
    final_prompt: gr.Textbox
    steps: gr.Slider
    guidance_scale: gr.Slider
    sampler: gr.Dropdown
    width: gr.Slider
    height: gr.Slider
    count: gr.Slider
    seed: gr.Number

    @property
    def all(self) -> list[Component]:
        """Return the components in the order of the task's fields."""
        return [getattr(self, name) for name in NAMES]

    @property
    def by_name(self) -> dict[str, Block]:
        """Return the components by the names of the task's fields, in their order."""
        return dict(zip(NAMES, self.all, strict=True))


def values(task: Task) -> list[object]:
    """Return what the controls show for a task, in the order of the task's fields."""
    return [getattr(task, name) for name in NAMES]


def words() -> dict[str, Component]:
    """Lay out the box that everything begins with; without a value of its own it is what scripts must fill in."""
    prompt = gr.Textbox(
        value=None, lines=2, max_lines=6, max_length=MAX_PROMPT, autofocus=True, elem_id="prompt",
        label=text("prompt"), placeholder=text("prompt_placeholder"),
    )  # fmt: skip
    return {"prompt": prompt}


def pickers(model: ModelRow) -> dict[str, Component]:
    """Lay out what is chosen from pictures; the style sheet shows the picker that the shelf above them names.

    Tabs would do the same and leave out of the page what is not shown, and with it the events of its changes.
    """
    shelf: Choices = [(text(kind), kind) for kind in PICTURED]
    gr.Radio(shelf, value=PICTURED[0], label=text("shelf"), interactive=True, elem_id="shelf")
    found: dict[str, Component] = {kind: _tiles(kind, model) for kind in PICTURED}
    return found | {"emotion_strength": _slider("emotion_strength", 0, 1, 0.8, step=0.05)}


def settings(model: ModelRow) -> dict[str, Component]:
    """Lay out speed, count and size within the model's limits."""
    own, low, high, step = model.native_size, model.min_size, model.max_size, model.size_step
    preset = _pills("preset", "balanced")
    count = _slider("count", 1, 16, 1, step=1)
    with gr.Row():
        sides = {side: _slider(side, low, high, own, step=step) for side in ("width", "height")}
    return {"preset": preset, "count": count, **sides}


def advanced() -> dict[str, Component]:
    """Lay out what few visitors touch; a zero is the preset's own."""
    negative = gr.Textbox(
        value="", lines=1, max_length=MAX_PROMPT, elem_id="negative_prompt",
        label=text("negative_prompt"), placeholder=text("negative_prompt_placeholder"),
    )  # fmt: skip
    with gr.Row():
        steps = _slider("steps", 0, 150, 0, step=1)
        guidance = _slider("guidance_scale", 0, 30, 0, step=0.5)
    known: Choices = [(text("sampler_default"), ""), *((name, name) for name in samplers.names())]
    sampler = gr.Dropdown(known, value="", label=text("sampler"), filterable=False, elem_id="sampler")
    return {
        "negative_prompt": negative, "steps": steps, "guidance_scale": guidance, "sampler": sampler,
        "quality": _pills("quality", "standard"),
    }  # fmt: skip


def _tiles(kind: Kind, model: ModelRow) -> gr.Radio:
    undrawable = kind == "style" and any(model.family not in row.families for row in styles().values())
    return gr.Radio(
        choices(kind), value="none", label=text(kind), info=text("style_info") if undrawable else None,
        elem_id=kind, elem_classes="tiles",
    )  # fmt: skip


def _pills(kind: Kind, value: str) -> gr.Radio:
    return gr.Radio(choices(kind), value=value, label=text(kind), elem_id=kind, elem_classes="pills")


def _slider(name: str, low: float, high: float, value: float, *, step: float) -> gr.Slider:
    precision = 0 if isinstance(step, int) else None  # a slider of whole numbers is an `int` to scripts
    return gr.Slider(low, high, value, step=step, precision=precision, label=text(name), buttons=[], elem_id=name)
