"""The LoRAs on the page: offered where the model takes them, and nowhere else."""

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from animegen.lora_files import Offers, write_kohya
from animegen.tasks import Lora, TextToImage
from animegen.ui import build
from animegen.ui.drawing import handler
from animegen.ui.loras import offered
from animegen.ui.prompt_preview import describe
from animegen.ui.stops import Stops
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


def test_the_page_has_one_place_for_loras(dressed: FakeStudio) -> None:
    assert [fold.visible for fold in folds(build(dressed))] == [True]


def test_a_public_page_without_loras_has_no_place_for_them(studio: FakeStudio) -> None:
    studio.public = True
    assert [fold.visible for fold in folds(build(studio))] == [False]


def test_the_loras_of_the_model_are_offered_with_their_words_and_nothing_of_their_place(
    dressed: FakeStudio, visitor: gr.Request
) -> None:
    assert offered(dressed)(None, visitor)["offers"] == [
        {"name": "ink", "weight": 1.0, "triggers": "ink, line art", "licence": ""},
        {"name": "soft", "weight": 1.0, "triggers": "", "licence": ""},
    ]


def test_a_file_that_is_not_offered_is_told_why(dressed: FakeStudio, tmp_path: Path, visitor: gr.Request) -> None:
    (tmp_path / "torn.safetensors").write_bytes(b"{")
    assert offered(dressed)(None, visitor)["notes"] == [
        "The LoRA 'miku' is for Stable Diffusion 1.x, not for this model.",
        "torn.safetensors is no safetensors file; download or copy it again.",
    ]


def test_who_has_no_lora_is_told_how_to_add_one(studio: FakeStudio, japanese: gr.Request) -> None:
    (hint,) = offered(studio)(None, japanese)["notes"]
    assert hint.startswith(
        "このモデルで使える LoRA はまだありません。lora_weights フォルダーに .safetensors ファイルを置いて"
    )


def test_a_public_page_says_nothing_of_files_that_are_not_offered(dressed: FakeStudio, visitor: gr.Request) -> None:
    dressed.public = True
    assert offered(dressed)(None, visitor)["notes"] == []


def test_what_is_asked_for_as_text_is_drawn_with_its_trigger_words(dressed: FakeStudio, visitor: gr.Request) -> None:
    list(handler(dressed, TextToImage, Stops())(visitor, prompt="1girl", loras=["ink:0.5"]))
    assert dressed.drawn[-1].loras == (Lora("ink", 0.5),)
    assert dressed.drawn[-1].final_prompt == "ink, line art, 1girl"


def test_a_lora_that_is_typed_wrongly_is_told_beside_the_prompt(dressed: FakeStudio, japanese: gr.Request) -> None:
    values = {"prompt": "1girl <lora:inc:1>", "final_prompt": "", "loras": []}
    _, notes = describe(dressed)(japanese, **values)
    assert notes["value"] == "「inc」という LoRA はありません。次から選んでください：ink, soft"


def test_the_look_up_says_which_the_model_takes(dressed: FakeStudio) -> None:
    page = build(dressed)
    (look_up,) = [each.fn for each in page.fns.values() if each.api_name == "loras"]
    assert [(each["name"], each["available"]) for each in look_up()] == [
        ("ink", True), ("miku", False), ("soft", True),
    ]  # fmt: skip
    assert look_up()[0]["triggers"] == ["ink", "line art"]
