"""The kinds of controls that tabs are made of; each is named after the field of the request that it fills."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import gradio as gr

from animegen.studio.protocol import StudioProtocol
from animegen.tasks import FITS, EmotionPath, ImageToImage, Request, TextToImage, fields
from animegen.tasks.kinds import Integer
from animegen.ui.choices import Choices, Kind, choices, drawable_styles, names
from animegen.ui.texts import text

LOOKS: Final[Mapping[str, Kind]] = {
    "hair_style": "hair_style", "hair_colour": "hair_colour", "outfit": "outfit", "style": "style",
}  # fmt: skip
"""How the character looks: the kind of picture to choose from by the field that it fills."""
EMOTION: Final[Mapping[str, Kind]] = {"emotion": "emotion"}
ENDS: Final[Mapping[str, Kind]] = {"from_emotion": "emotion", "to_emotion": "emotion"}
"""The emotions that a path leads from and to."""
PICTURED: Final[Mapping[str, Kind]] = {**EMOTION, **ENDS, **LOOKS}
"""Every field that is chosen from pictures."""
STRENGTHS: Final = {"emotion": "emotion_strength", "from_emotion": "from_strength", "to_emotion": "to_strength"}

LIGHT: dict[str, Any] = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
"""Events that answer at once, whatever is being drawn, and that no script needs."""
QUEUED: dict[str, Any] = LIGHT | {"queue": True, "concurrency_id": "light", "concurrency_limit": 8}
"""Light events that may show an error or a note; gradio delivers those only through a queue."""

Controls = dict[str, Any]
"""Components by the names of the request's fields that they fill."""


def fields_of(task: type[Request]) -> tuple[str, ...]:
    """Return the names of a request's fields in their order: the parameters of the script interface."""
    return tuple(field.name for field in fields(task))


def in_order(task: type[Request], controls: Controls) -> Controls:
    """Return the control of each field of a task. Raises KeyError for one that is missing."""
    return {name: controls[name] for name in fields_of(task)}


def hidden(task: type[Request], *names: str) -> Controls:
    """Return controls that only scripts fill, for some fields of a task, with the fields' own defaults."""
    defaults = {field.name: field.shown_default for field in fields(task)}
    return {name: _hidden(defaults[name]) for name in names}


def pickers(studio: StudioProtocol, shelf: Mapping[str, Kind], prefix: str = "") -> Controls:
    """Lay out what is chosen from pictures; of several pickers the style sheet shows the one chosen above them.

    ``shelf`` holds the kind of picture by the field that it fills; each field of an emotion has its strength below it.
    Tabs would do the same and leave out of the page what is not shown, and with it the events of its changes.
    """
    offers: Choices = [(text(field), field) for field in shelf]
    controls: Controls = {}
    with gr.Column(elem_classes="pickers"):
        if len(shelf) > 1:
            gr.Radio(
                offers, value=offers[0][1], label=text("shelf"), interactive=True, elem_id=f"{prefix}shelf",
                elem_classes="shelf",
            )  # fmt: skip
        for field, kind in shelf.items():
            controls[field] = _tiles(field, kind, studio, prefix)
            if name := STRENGTHS.get(field):
                classes = ["strength", f"field-{field}"]
                controls[name] = slider(EmotionPath if field in ENDS else TextToImage, name, prefix, classes=classes)
    return controls


def source(prefix: str) -> gr.Image:
    """Lay out the place for a picture to begin with."""
    return gr.Image(
        label=text("source"), type="filepath", image_mode=None, sources=["upload", "clipboard"], format="png",
        buttons=[], elem_id=f"{prefix}image", elem_classes="source",
    )  # fmt: skip


def strength(prefix: str) -> tuple[gr.Slider, gr.Textbox]:
    """Lay out how much of a picture is drawn anew, and the place for how many steps that comes to."""
    return slider(ImageToImage, "strength", prefix), notes(f"{prefix}steps_drawn")


def fit(prefix: str) -> gr.Radio:
    """Lay out how a picture of another shape fills the drawing."""
    offers: Choices = [(text(f"fit_{how}"), how) for how in FITS]
    return gr.Radio(offers, value=FITS[0], label=text("fit"), elem_id=f"{prefix}fit", elem_classes="pills")


def count(prefix: str = "") -> gr.Slider:
    """Lay out how many pictures are drawn."""
    return slider(TextToImage, "count", prefix)


def pills(kind: Kind, value: str, prefix: str = "") -> gr.Radio:
    """Lay out a choice of words."""
    return gr.Radio(choices(kind), value=value, label=text(kind), elem_id=f"{prefix}{kind}", elem_classes="pills")


def notes(elem_id: str, **more: Any) -> gr.Textbox:
    """Lay out a place for sentences, a line each."""
    return gr.Textbox(
        show_label=False, container=False, interactive=False, lines=1, max_lines=8, elem_id=elem_id,
        elem_classes="notes", **more,
    )  # fmt: skip


def slider(
    task: type[Request], name: str, prefix: str = "", *, value: float | None = None, classes: Sequence[str] = ()
) -> gr.Slider:
    """Lay out a number of a task, in the range of its field; it begins at the field's default where no value is given.

    A whole number is an `int` to scripts, and at the lower end a field is unset where it may be.
    """
    field = next(each for each in fields(task) if each.name == name)
    kind: Any = field.kind
    whole = isinstance(kind, Integer)
    return gr.Slider(
        kind.unset.value if kind.unset else kind.low, kind.high, field.shown_default if value is None else value,
        step=1 if whole else kind.step, precision=0 if whole else None, label=text(name), buttons=[],
        elem_id=f"{prefix}{name}", elem_classes=list(classes),
    )  # fmt: skip


def _tiles(field: str, kind: Kind, studio: StudioProtocol, prefix: str) -> gr.Radio:
    partly = kind == "style" and drawable_styles(studio) != names("style")
    first = getattr(EmotionPath, field, "none")  # a path has ends from the start
    first = first[0] if isinstance(first, tuple) else first
    return gr.Radio(
        choices(kind), value=first, label=text(field), info=text("style_info") if partly else None,
        elem_id=f"{prefix}{field}", elem_classes=["tiles", f"field-{field}", f"sheet-{kind}"],
    )  # fmt: skip


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return gr.Textbox(value, visible=False)
    return gr.Number(value, precision=0 if isinstance(value, int) else None, visible=False)
