"""The control that chooses LoRAs and their weights: one component whose value is a list of ``NAME:WEIGHT``."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from animegen.lora_files import Offer
from animegen.messages import render
from animegen.studio.protocol import StudioProtocol
from animegen.ui.scripts import source
from animegen.ui.texts import language_of, say, text


def fold(studio: StudioProtocol) -> gr.HTML:
    """Lay out the LoRAs that can be chosen, folded away: on a public page where there are any, else always."""
    seen = not studio.public or bool(studio.offers.scan().selectable(studio.row.lora_base))
    with gr.Accordion(text("loras"), open=False, visible=seen, elem_id="lora_fold"):
        return control(elem_id="loras", visible=seen, server_functions=[offered(studio)])


def control(**more: Any) -> gr.HTML:
    """Return the control, which is to scripts a list of strings."""
    found = gr.HTML(
        [], label="loras", html_template='<div class="loras" role="group"></div>', js_on_load=source("loras"), **more
    )
    # A class of its own would say this too, and gradio would write a stub of it into the source.
    api: dict[str, Any] = {"api_info": lambda: {"type": "array", "items": {"type": "string"}}}
    for name, answer in {**api, "example_payload": list, "example_value": list}.items():
        setattr(found, name, answer)
    return found


def offered(studio: StudioProtocol) -> Callable[[None, gr.Request], dict[str, list[Any]]]:
    """Return the function that the browser calls when a visitor first opens the fold of a tab.

    It gives the LoRAs that there are by then, and sentences: on a page of one's own why the others are not among them,
    and where there is none how to add one.
    """

    def offered(_: None, request: gr.Request) -> dict[str, list[Any]]:
        language, base = language_of(request), studio.row.lora_base
        loras = studio.offers.scan()
        fitting = [_shown(each) for each in loras.selectable(base).values()]
        if studio.public:
            return {"offers": fitting, "notes": []}
        foreign = [
            say("foreign_lora", language, name=each.name, base=each.label)
            for each in loras.offers.values()
            if base not in each.bases and not each.role
        ]
        notes = [*foreign, *(render(each.refused, language) for each in loras.refusals)]
        return {"offers": fitting, "notes": notes if fitting else [*notes, say("no_loras", language)]}

    return offered


def _shown(offer: Offer) -> dict[str, Any]:
    triggers = ", ".join(offer.triggers)
    return {"name": offer.name, "weight": offer.weight, "triggers": triggers, "licence": offer.licence}
