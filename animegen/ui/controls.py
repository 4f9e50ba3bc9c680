"""The controls of a drawing tab, one for each field of the task, under the field's own name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import gradio as gr
from gradio.i18n import I18nData

from animegen.models.table import ModelRow
from animegen.pipelines import samplers
from animegen.prompts.styles import styles
from animegen.tasks import FITS, MAX_PROMPT, EmotionPath, Field, Request, Task, TextToImage, fields
from animegen.ui.choices import Choices, Kind, choices

NAMES = tuple(field.name for field in fields(TextToImage))
"""The names of the controls for text to image, in the order of its fields: the parameters of the script interface."""
LOOKS: Final[Mapping[str, Kind]] = {
    "hair_style": "hair_style", "hair_colour": "hair_colour", "outfit": "outfit", "style": "style",
}  # fmt: skip
PICTURED: Final[Mapping[str, Kind]] = {"emotion": "emotion", **LOOKS}
"""What is chosen from pictures, in the order of the page: the kind of picture by the field that it fills."""
ENDS: Final[Mapping[str, Kind]] = {"from_emotion": "emotion", "to_emotion": "emotion", **LOOKS}
"""The same where a drawing leads from one emotion to another."""
STRENGTHS: Final = {"emotion": "emotion_strength", "from_emotion": "from_strength", "to_emotion": "to_strength"}

LIGHT: dict[str, Any] = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
"""Events that answer at once, whatever is being drawn, and that no script needs."""
SPOKEN: dict[str, Any] = LIGHT | {"queue": True, "concurrency_id": "light", "concurrency_limit": 8}
"""Light events that may say a sentence beside their answer; gradio delivers those only through a queue."""


def text(key: str) -> I18nData:
    """Return a text of the table as something that the browser translates."""
    return I18nData(key)


Controls = dict[str, Any]
"""Components by the names of the task's fields that they fill."""


def in_order(task: type[Request], found: Controls) -> Controls:
    """Return the controls of a task in the order of its fields; those that it does not have stay behind."""
    return {field.name: found[field.name] for field in fields(task) if field.name in found}


def values(task: Task, names: Iterable[str] = NAMES) -> list[object]:
    """Return what the controls of some fields show for a task."""
    every = {field.name: field for field in fields(type(task))}
    return [_shown(every[name], getattr(task, name)) for name in names]


def _shown(field: Field, value: object) -> object:
    """Return a value as a control shows it, where "unset" is a value such as 0."""
    if isinstance(value, tuple):
        return [*map(str, value)]
    return field.shown_default if value is None else value


def words(prefix: str = "", **more: Any) -> gr.Textbox:
    """Lay out the box for the words; without a value of its own it is what scripts must fill in."""
    return gr.Textbox(
        lines=2, max_lines=6, max_length=MAX_PROMPT, elem_id=f"{prefix}prompt", elem_classes="prompt",
        placeholder=text("prompt_placeholder"), **{"value": None, "label": text("prompt")} | more,
    )  # fmt: skip


def pickers(model: ModelRow, prefix: str = "", shelf: Mapping[str, Kind] = PICTURED) -> Controls:
    """Lay out what is chosen from pictures; the style sheet shows the picker that the shelf above them names.

    ``shelf`` holds the kind of picture by the field that it fills; each field of an emotion has its strength beside it.
    Tabs would do the same and leave out of the page what is not shown, and with it the events of its changes.
    """
    offers: Choices = [(text(field), field) for field in shelf]
    found: Controls = {}
    with gr.Column(elem_id=f"{prefix}pickers", elem_classes="pickers"):
        gr.Radio(
            offers, value=next(iter(shelf)), label=text("shelf"), interactive=True,
            elem_id=f"{prefix}shelf", elem_classes="shelf",
        )  # fmt: skip
        for field, kind in shelf.items():
            found[field] = _tiles(field, kind, model, prefix)
        for field in (field for field, kind in shelf.items() if kind == "emotion"):
            strength = STRENGTHS[field]
            classes = ["strength", f"field-{field}"]
            found[strength] = slider(strength, 0, 1, 0.8, step=0.05, prefix=prefix, classes=classes)
    return found


def speed(prefix: str = "") -> gr.Radio:
    """Lay out the choice of a preset."""
    return _pills("preset", "balanced", prefix)


def sides(model: ModelRow) -> Controls:
    """Lay out the size within the model's limits; a model that draws one alone leaves nothing to choose."""
    own, low, high, step = model.native_size, model.min_size, model.max_size, model.size_step
    names = ("width", "height")
    if low == high:
        return {side: gr.Number(own, precision=0, minimum=low, maximum=high, visible=False) for side in names}
    with gr.Row():
        return {side: slider(side, low, high, own, step=step) for side in names}


def seed(prefix: str = "") -> gr.Number:
    """Lay out the seed."""
    return gr.Number(value=-1, precision=0, minimum=-1, label=text("seed"), elem_id=f"{prefix}seed")


def advanced(model: ModelRow, prefix: str = "") -> Controls:
    """Lay out what few visitors touch; a zero is the preset's own."""
    negative = gr.Textbox(
        value="", lines=1, max_length=MAX_PROMPT, elem_id=f"{prefix}negative_prompt",
        label=text("negative_prompt"), placeholder=text("negative_prompt_placeholder"),
    )  # fmt: skip
    with gr.Row():
        steps = slider("steps", 0, 150, 0, step=1, prefix=prefix)
        guidance = slider("guidance_scale", 0, 30, 0, step=0.5, prefix=prefix)
    known: Choices = [(text("sampler_default"), ""), *((name, name) for name in samplers.offered(model))]
    sampler = gr.Dropdown(known, value="", label=text("sampler"), filterable=False, elem_id=f"{prefix}sampler")
    return {
        "negative_prompt": negative, "steps": steps, "guidance_scale": guidance, "sampler": sampler,
        "quality": _pills("quality", "standard", prefix),
    }  # fmt: skip


def source(prefix: str) -> gr.Image:
    """Lay out the place for a picture to begin with."""
    return gr.Image(
        label=text("source"), type="filepath", image_mode=None, sources=["upload", "clipboard"], format="png",
        buttons=[], elem_id=f"{prefix}image", elem_classes="source",
    )  # fmt: skip


def strength(prefix: str) -> tuple[gr.Slider, gr.Textbox]:
    """Lay out how much of a picture is drawn anew, and the place for how many steps that comes to."""
    chosen = slider("strength", 0, 1, 0.7, step=0.05, prefix=prefix)
    steps = gr.Textbox(
        show_label=False, container=False, interactive=False, lines=1, max_lines=4, elem_id=f"{prefix}steps_drawn",
        elem_classes="notes",
    )  # fmt: skip
    return chosen, steps


def fit(prefix: str) -> gr.Radio:
    """Lay out how a picture of another shape fills the drawing."""
    offers: Choices = [(text(f"fit_{how}"), how) for how in FITS]
    return gr.Radio(offers, value=FITS[0], label=text("fit"), elem_id=f"{prefix}fit", elem_classes="pills")


def slider(
    name: str, low: float, high: float, value: float, *, step: float, prefix: str = "", classes: Sequence[str] = ()
) -> gr.Slider:
    """Lay out a number; one in whole steps is an `int` to scripts."""
    precision = 0 if isinstance(step, int) else None
    return gr.Slider(
        low, high, value, step=step, precision=precision, label=text(name), buttons=[],
        elem_id=f"{prefix}{name}", elem_classes=list(classes),
    )  # fmt: skip


def _tiles(field: str, kind: Kind, model: ModelRow, prefix: str) -> gr.Radio:
    undrawable = kind == "style" and any(model.family not in row.families for row in styles().values())
    first = getattr(EmotionPath, field, "none")  # a path has ends from the start
    return gr.Radio(
        choices(kind), value=first, label=text(field), info=text("style_info") if undrawable else None,
        elem_id=f"{prefix}{field}", elem_classes=["tiles", f"field-{field}", f"sheet-{kind}"],
    )  # fmt: skip


def _pills(kind: Kind, value: str, prefix: str) -> gr.Radio:
    return gr.Radio(choices(kind), value=value, label=text(kind), elem_id=f"{prefix}{kind}", elem_classes="pills")
