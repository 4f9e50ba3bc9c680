"""The control that chooses LoRAs and their weights: one component whose value is a list of ``NAME:WEIGHT``."""

from typing import Any

import gradio as gr


def control(**more: Any) -> gr.HTML:
    """Return a list of LoRAs with their weights, which is to scripts a list of strings."""
    found = gr.HTML([], label="loras", visible=False, **more)
    # A class of its own would do too, and gradio would write a stub beside it into the source.
    told: dict[str, Any] = {"api_info": lambda: {"type": "array", "items": {"type": "string"}}}
    told |= {"example_payload": list, "example_value": list}
    for name, answer in told.items():
        setattr(found, name, answer)
    return found
