"""The LoRAs on the page: offered where the model takes them, and nowhere else."""

import json
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from animegen.lora_files import Offers, write_kohya
from animegen.tasks import Lora
from animegen.ui import build
from animegen.ui.describing import describe
from animegen.ui.drawing import text_to_image
from animegen.ui.stopping import Stops
from tests.lora_files.making import adapter
from tests.ui.fake_studio import FakeStudio


@pytest.fixture
def offers(tmp_path: Path) -> Offers:
    """Two LoRAs for chibi, one of which is called by words, and one for another model."""
    write_kohya(adapter("chibi"), tmp_path / "ink.safetensors", {"modelspec.trigger_phrase": "ink, line art"})
    write_kohya(adapter("chibi"), tmp_path / "soft.safetensors")
    write_kohya(adapter("sd1"), tmp_path / "miku.safetensors")
    return Offers([tmp_path])


@pytest.fixture
def dressed(offers: Offers) -> FakeStudio:
    return FakeStudio(offers)


def folds(page: gr.Blocks) -> list[Any]:
    return [each for each in page.blocks.values() if str(each.elem_id).endswith("lora_fold")]


def test_every_tab_offers_the_loras_of_the_model_with_their_words_and_nothing_of_their_place(
    dressed: FakeStudio,
) -> None:
    page = build(dressed)
    lists = [each for each in page.blocks.values() if str(each.elem_id).endswith("loras")]
    assert [fold.visible for fold in folds(page)] == [True] * 5
    shown = [each.js_on_load.partition(";\n")[0].removeprefix("const offers = ") for each in lists]
    assert [json.loads(each) for each in shown] == [
        [
            {"name": "ink", "weight": 1.0, "triggers": "ink, line art", "licence": ""},
            {"name": "soft", "weight": 1.0, "triggers": "", "licence": ""},
        ]
    ] * 5


def test_where_nothing_is_offered_no_tab_shows_a_place_for_it(studio: FakeStudio) -> None:
    assert [fold.visible for fold in folds(build(studio))] == [False] * 5


def test_what_is_asked_for_as_text_is_drawn_with_its_trigger_words(dressed: FakeStudio, visitor: gr.Request) -> None:
    list(text_to_image(dressed, Stops())(visitor, prompt="1girl", loras=["ink:0.5"]))
    assert dressed.drawn[-1].loras == (Lora("ink", 0.5),)
    assert dressed.drawn[-1].final_prompt == "1girl, ink, line art"


def test_a_lora_that_is_typed_wrongly_is_told_beside_the_prompt(dressed: FakeStudio, japanese: gr.Request) -> None:
    values = {"prompt": "1girl <lora:inc:1>", "final_prompt": "", "loras": []}
    _, notes = describe(dressed)(japanese, **values)
    assert notes["value"] == "'inc' というLoRAはありません。次から選んでください：ink, soft"


def test_the_look_up_says_which_the_model_takes(dressed: FakeStudio) -> None:
    page = build(dressed)
    (look_up,) = [each.fn for each in page.fns.values() if each.api_name == "loras"]
    assert [(each["name"], each["available"]) for each in look_up()] == [
        ("ink", True), ("miku", False), ("soft", True),
    ]  # fmt: skip
    assert look_up()[0]["triggers"] == ["ink", "line art"]
