"""Settings that survive a refresh: kept by the visitor's browser, checked when they come back."""

from typing import Any

import gradio as gr

from animegen.errors import InvalidRequest
from animegen.tasks import TextToImage
from animegen.ui.choices import KINDS, names
from animegen.ui.controls import NAMES

SAVE = "(...values) => [values]"
"""Runs in the browser: what the controls show goes into its storage without a visit to the server."""


def storage() -> gr.BrowserState:
    """Return the place in the browser; the fixed key makes it survive a restart of the server.

    The secret only keeps gradio from inventing a new one at each start: nothing confidential lies there.
    """
    return gr.BrowserState(None, storage_key="animegen-text-to-image-2", secret="animegen")


def restored(saved: Any) -> list[Any]:
    """Return what a refresh does to each control: its saved value, or nothing.

    ``saved`` comes from the browser and may be anything; where it holds no value that a task would take and a
    picker offers, the control is left as it is, also if the visitor has begun to type meanwhile.
    """
    if not isinstance(saved, list) or len(saved) != len(NAMES):
        return [gr.skip()] * len(NAMES)
    pairs = zip(NAMES, saved, strict=True)
    return [value if value not in (None, "") and _fits(name, value) else gr.skip() for name, value in pairs]


def _fits(name: str, value: Any) -> bool:
    fields: dict[str, Any] = {"prompt": "-", name: value}
    try:
        TextToImage(**fields)
    except InvalidRequest:
        return False
    return name not in KINDS or value in names(name)
