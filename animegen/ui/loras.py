"""The control that chooses LoRAs and their weights: one component whose value is a list of ``NAME:WEIGHT``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from animegen.lora_files import Offer
from animegen.ui.controls import text
from animegen.ui.drawing import Door
from animegen.ui.texts import language, say, shown


def fold(studio: Door, prefix: str = "") -> gr.HTML:
    """Lay out the LoRAs that can be chosen, folded away: on a public page where there are any, else always."""
    seen = not studio.public or bool(studio.offers.selectable(studio.row.lora_base))
    with gr.Accordion(text("loras"), open=False, visible=seen, elem_id=f"{prefix}lora_fold"):
        return control(elem_id=f"{prefix}loras", visible=seen, server_functions=[offered(studio)])


def control(**more: Any) -> gr.HTML:
    """Return the control, which is to scripts a list of strings."""
    found = gr.HTML(
        [], label="loras", html_template='<div class="loras" role="group"></div>', js_on_load=_script(), **more
    )
    # A class of its own would say this too, and gradio would write a stub of it into the source.
    told: dict[str, Any] = {"api_info": lambda: {"type": "array", "items": {"type": "string"}}}
    for name, answer in {**told, "example_payload": list, "example_value": list}.items():
        setattr(found, name, answer)
    return found


def offered(studio: Door) -> Callable[[None, gr.Request], dict[str, list[Any]]]:
    """Return the function that the browser calls when a visitor first opens the fold of a tab.

    It gives the LoRAs that there are by then, and sentences: on a page of one's own why the others are not among them,
    and where there is none how to add one.
    """

    def offered(_: None, request: gr.Request) -> dict[str, list[Any]]:
        tongue, base = language(request), studio.row.lora_base
        fitting = [_shown(each) for each in studio.offers.selectable(base).values()]
        if studio.public:
            return {"offers": fitting, "notes": []}
        foreign = [
            f"The LoRA '{each.name}' is for {each.label}, which does not draw here."
            for each in studio.offers.all().values()
            if base not in each.bases and not each.role
        ]
        refused = [each.refused for each in studio.offers.refusals()]
        notes = [*(shown(each, tongue) for each in foreign), *(shown(each, tongue) for each in refused)]
        return {"offers": fitting, "notes": notes if fitting else [*notes, say("no_loras", tongue)]}

    return offered


def _shown(offer: Offer) -> dict[str, Any]:
    triggers = ", ".join(offer.triggers)
    return {"name": offer.name, "weight": offer.weight, "triggers": triggers, "licence": offer.licence}


def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
