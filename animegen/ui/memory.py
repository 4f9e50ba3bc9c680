"""Settings that survive a refresh: kept by the visitor's browser, checked when they come back."""

from collections.abc import Sequence
from typing import Any, cast

import gradio as gr

from animegen.errors import InvalidRequest
from animegen.tasks import TextToImage
from animegen.ui.choices import KINDS, Kind, names
from animegen.ui.controls import NAMES

SAVE = "(...values) => [values]"
"""Runs in the browser: what the controls show goes into its storage without a visit to the server."""


def storage() -> gr.BrowserState:
    """Return the place in the browser; the fixed key makes it survive a restart of the server.

    The secret only keeps gradio from inventing a new one at each start: nothing confidential lies there.
    """
    return gr.BrowserState(None, storage_key="animegen-text-to-image-1", secret="animegen")


def restored(saved: Any, shown: Sequence[Any]) -> list[Any]:
    """Return the controls' values after a refresh.

    ``saved`` comes from the browser and may be anything; a value that no task would take, or that a picker does
    not offer, gives way to the one of ``shown``, which is what a first visitor sees.
    """
    if not isinstance(saved, list) or len(saved) != len(NAMES):
        return list(shown)
    pairs = zip(NAMES, saved, shown, strict=True)
    return [value if _fits(name, value) else default for name, value, default in pairs]


def _fits(name: str, value: Any) -> bool:
    fields: dict[str, Any] = {"prompt": "-", name: value or ("-" if name == "prompt" else value)}
    try:
        TextToImage(**fields)
    except InvalidRequest:
        return False
    return name not in KINDS or value in names(cast("Kind", name))
