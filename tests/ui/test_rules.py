"""The content rules over HTTP and on the page: every endpoint and every way back from a picture obeys them."""

from pathlib import Path

import gradio as gr
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from animegen.pictures.infotext import write
from animegen.prompts.rules import Rules
from animegen.tasks import TASKS, Task, TextToImage
from animegen.ui import picture_settings
from animegen.ui.controls import fields_of
from animegen.ui.drawing import handler
from animegen.ui.stops import Stops
from tests.ui.conftest import Served
from tests.ui.fake_studio import FakeStudio

RULES = Rules(minor=("alpha",), sexual=("omega",), suggestive=(), dressed=("delta",))


@pytest.fixture(autouse=True)
def _placeholders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("animegen.studio.resolve.rules", lambda: RULES)


@pytest.fixture
def public(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setattr(served.studio, "public", True)
    return served


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_endpoint_refuses_what_the_rules_refuse(
    task: type[Task], public: Served, client: Client, tmp_path: Path
) -> None:
    Image.new("RGB", (128, 128), "pink").save(tmp_path / "girl.png")
    picture = {"image": handle_file(tmp_path / "girl.png")} if "image" in task.__dataclass_fields__ else {}
    before = len(public.studio.drawn)
    for words in ({"prompt": "1girl, omega"}, {"prompt": "1girl, 0-m-3-g-4"}):
        with pytest.raises(AppError, match="Sexual content is not drawn here"):
            client.predict(**picture, **words, api_name=f"/{task.name}")
    for words in ({"prompt": "alpha, omega"}, {"prompt": "alpha", "negative_prompt": "delta"}):
        with pytest.raises(AppError, match="Sexual content about minors is never drawn"):
            client.predict(**picture, **words, api_name=f"/{task.name}")
    assert len(public.studio.drawn) == before


@pytest.mark.parametrize("field", ["safety_checker", "public", "nsfw", "requires_safety_checker"])
def test_no_field_of_an_endpoint_switches_them_off(public: Served, client: Client, field: str) -> None:
    with pytest.raises((AppError, TypeError), match=r"fields|not a valid key-word argument"):
        client.predict(prompt="1girl, omega", **{field: False}, api_name="/text_to_image")


def test_settings_out_of_a_picture_fill_the_controls_and_are_refused_when_they_are_drawn(
    studio: FakeStudio, visitor: gr.Request
) -> None:
    studio.public = True
    made = TextToImage(
        prompt="1girl", final_prompt="1girl, omega", steps=2, sampler="DDIM", width=256, height=256, seed=1
    )
    fields = fields_of(TextToImage)
    filled = dict(zip(fields, picture_settings.settings(studio, fields)(write(made, "chibi"), visitor), strict=True))
    with pytest.raises(gr.Error, match="not drawn here"):
        list(handler(studio, TextToImage, Stops())(visitor, **filled))
    assert studio.drawn == []


def test_they_are_told_in_japanese(studio: FakeStudio, japanese: gr.Request) -> None:
    with pytest.raises(gr.Error, match="未成年者の性的な内容は描けません"):
        list(handler(studio, TextToImage, Stops())(japanese, prompt="alpha, omega"))
