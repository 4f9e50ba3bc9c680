"""Settings that survive a refresh: kept by the visitor's browser, checked when they come back."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import gradio as gr
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.tasks import TextToImage
from animegen.ui.choices import KINDS, names
from animegen.ui.controls import LIGHT, PICTURED, Controls
from animegen.ui.scripts import script

BLANK: Final = Image.new("RGB", (1, 1))
"""Stands for the picture in a request of which other values are checked."""
Accepts = Callable[..., object]
"""What raises InvalidRequest at a value that a task would refuse, whatever its other values are."""


def accepts_still(**values: Any) -> None:
    """Raise InvalidRequest where no picture would be drawn with a value."""
    TextToImage(**{"prompt": "-"} | values)


def remember(page: gr.Blocks, name: str, controls: Controls, accepts: Accepts) -> gr.BrowserState:
    """Let the browser keep what some controls show, and a refresh bring it back; return the place it lies in.

    The fixed key makes it survive a restart of the server. The secret only keeps gradio from inventing a new one at
    each start: nothing confidential lies there.
    """
    stored = gr.BrowserState(None, storage_key=f"animegen-{name.replace('_', '-')}-3", secret="animegen")
    every = list(controls.values())
    samplers = [name for _, name in controls["sampler"].choices] if "sampler" in controls else []
    back = gr.JSON(visible=False)
    loaded = page.load(restored(accepts, list(controls), samplers), stored, back, **LIGHT)
    first = [component.value for component in every]
    loaded.then(None, [back, *every], every, js=script("bring_back", first=first))
    gr.on([component.change for component in every], None, every, stored, js=script("keep"))
    return stored


def restored(accepts: Accepts, fields: Sequence[str], samplers: Sequence[str] = ()) -> Callable[[Any], list[Any]]:
    """Return the function that gives what a refresh brings back to each control: its saved value, or None.

    ``samplers`` are those of the model, which may be another one than when they were saved.
    What was saved comes from the browser and may be anything; None stands for what no task would take or no picker
    offers.
    """

    def values(saved: Any) -> list[Any]:
        if not isinstance(saved, list) or len(saved) != len(fields):
            return [None] * len(fields)
        pairs = zip(fields, saved, strict=True)
        return [value if value not in (None, "") and fits(name, value) else None for name, value in pairs]

    def fits(name: str, value: Any) -> bool:
        return _fits(accepts, name, value) and (name != "sampler" or value in samplers)

    return values


def _fits(accepts: Accepts, name: str, value: Any) -> bool:
    try:
        accepts(**{name: value})
    except InvalidRequest:
        return False
    kind = PICTURED.get(name, name)
    return kind not in KINDS or value in names(kind)
