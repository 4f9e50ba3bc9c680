"""Settings that survive a refresh: kept by the visitor's browser, checked when they come back."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.tasks import ImageToImage, Task
from animegen.ui.choices import KINDS, names
from animegen.ui.controls import ENDS, LIGHT, Controls

SAVE = "(...values) => [values]"
"""Runs in the browser: what the controls show goes into its storage without a visit to the server."""
BRING_BACK = """(back, ...now) => {
    const first = %s;
    const untouched = (i) => JSON.stringify(now[i]) === JSON.stringify(first[i] ?? "");
    return now.map((value, i) => (untouched(i) ? back?.[i] ?? value : value));
}"""
"""Runs in the browser: a control that the visitor has changed since the page came is left as it is."""


def remember(
    page: gr.Blocks, task: type[Task], controls: Controls, takes: Callable[..., object] | None = None
) -> gr.BrowserState:
    """Let the browser keep what the controls of a tab show, and a refresh bring it back; return the place it lies in.

    ``takes`` raises InvalidRequest at a value that the tab refuses, where that is more than the task itself refuses.
    The fixed key makes it survive a restart of the server. The secret only keeps gradio from inventing a new one at
    each start: nothing confidential lies there.
    """
    stored = gr.BrowserState(None, storage_key=f"animegen-{task.name.replace('_', '-')}-2", secret="animegen")
    every = list(controls.values())
    samplers = [name for _, name in controls["sampler"].choices]
    back = gr.JSON(visible=False)
    came = page.load(restored(takes or task, list(controls), samplers), stored, back, **LIGHT)
    came.then(None, [back, *every], every, js=BRING_BACK % json.dumps([component.value for component in every]))
    gr.on([component.change for component in every], None, every, stored, js=SAVE)
    return stored


def restored(
    task: Callable[..., object], fields: Sequence[str], samplers: Sequence[str] = ()
) -> Callable[[Any], list[Any]]:
    """Return the function that says what a refresh brings back to each control: its saved value, or None.

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
        return _fits(task, name, value) and (name != "sampler" or value in samplers)

    return values


def _fits(task: Callable[..., object], name: str, value: Any) -> bool:
    needed: dict[str, Any] = {"image": Image.new("RGB", (1, 1))} if task is ImageToImage else {}
    try:
        task(**needed | {"prompt": "-", name: value})
    except InvalidRequest:
        return False
    kind = ENDS.get(name, name)
    return kind not in KINDS or value in names(kind)
