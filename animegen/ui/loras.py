"""The control that chooses LoRAs and their weights: one component whose value is a list of ``NAME:WEIGHT``."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from animegen.lora_files import Offer
from animegen.ui.controls import text


def fold(offers: Sequence[Offer], prefix: str = "") -> gr.HTML:
    """Lay out the LoRAs that can be chosen, folded away; where there are none, nothing of it is seen."""
    with gr.Accordion(text("loras"), open=False, visible=bool(offers), elem_id=f"{prefix}lora_fold"):
        return control(offers, elem_id=f"{prefix}loras", visible=bool(offers))


def control(offers: Sequence[Offer] = (), **more: Any) -> gr.HTML:
    """Return the control, which is to scripts a list of strings."""
    shown = [
        {"name": each.name, "weight": each.weight, "triggers": ", ".join(each.triggers), "licence": each.licence}
        for each in offers
    ]
    found = gr.HTML(
        [], label="loras", html_template='<div class="loras" role="group"></div>',
        js_on_load=f"const offers = {json.dumps(shown)};\n{_script()}", **more,
    )  # fmt: skip
    # A class of its own would say this too, and gradio would write a stub of it into the source.
    told: dict[str, Any] = {"api_info": lambda: {"type": "array", "items": {"type": "string"}}}
    for name, answer in {**told, "example_payload": list, "example_value": list}.items():
        setattr(found, name, answer)
    return found


def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
