"""A style that a LoRA makes: choosing it puts the LoRA on, unless it is named already."""

from dataclasses import replace

import pytest

from animegen.errors import InvalidRequest
from animegen.lora_files import Offers, base_of, write_kohya
from animegen.messages import message
from animegen.pictures.infotext import read, to_task, write
from animegen.studio import Studio
from animegen.tasks import Lora, Picture, TextToImage
from tests import tiny
from tests.lora_files.making import adapter, places

PLAIN = TextToImage(prompt="1girl", steps=2, seed=5)
PAINTED = replace(PLAIN, style="watercolor")
CATALOGUE = """
[wet]
base = "tiny"
file = "wet.safetensors"
trigger = ["aquarelle"]
weight = 0.9
licence = "CC0-1.0"
style = "watercolor"
"""
PARTS = tiny.parts()
BASE = base_of("tiny", "tiny (random)", PARTS.unet.config, PARTS.text_encoder.config.to_dict())


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    folder = tmp_path_factory.mktemp("loras")
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    write_kohya(adapter(BASE, places(BASE), rank=2, alpha=0.1), folder / "wet.safetensors")
    return Studio(tiny.ROW, lambda _: PARTS, offers=Offers([folder], [BASE]))


def only(studio: Studio, task: TextToImage) -> Picture:
    (picture,) = studio.pictures(task)
    return picture


def test_the_style_puts_its_lora_on_with_its_trigger_at_the_catalogues_weight(studio: Studio) -> None:
    chosen, named = only(studio, PAINTED), only(studio, replace(PLAIN, loras=("wet",)))
    assert chosen.image.tobytes() == named.image.tobytes() != only(studio, PLAIN).image.tobytes()
    assert chosen.task.loras == (Lora("wet", 0.9),)
    assert "aquarelle" in chosen.task.final_prompt


def test_a_lora_that_is_named_keeps_the_weight_that_was_requested(studio: Studio) -> None:
    for task in (replace(PAINTED, loras=("wet:0.3",)), replace(PAINTED, prompt="1girl <lora:wet:0.3>")):
        assert studio.resolve(task).request.loras == (Lora("wet", 0.3),)


def test_a_name_in_another_spelling_puts_it_on_too(studio: Studio) -> None:
    assert "aquarelle" in studio.prompt(replace(PLAIN, style="Watercolor")).text


def test_the_picture_names_the_lora_in_its_notes_and_its_settings(studio: Studio) -> None:
    picture = only(studio, PAINTED)
    assert message("studio.style_lora", style="Watercolor", lora="wet:0.9") in picture.notes
    settings = write(picture.task, picture.model, picture.lora_hashes)
    assert "<lora:wet:0.9>" in settings
    assert "Lora hashes: wet: " in settings.replace('"', "")


def test_its_settings_draw_the_picture_again(studio: Studio) -> None:
    picture = only(studio, PAINTED)
    task, *_ = to_task(read(write(picture.task, picture.model, picture.lora_hashes)))
    assert isinstance(task, TextToImage)
    assert only(studio, task).image.tobytes() == picture.image.tobytes()


def test_a_style_without_words_and_without_a_lora_is_refused_with_those_that_can_be_drawn(studio: Studio) -> None:
    with pytest.raises(InvalidRequest, match=r"cannot draw the style 'sketch'.*watercolor"):
        studio.resolve(replace(PLAIN, style="sketch"))


def test_other_styles_put_nothing_on(studio: Studio) -> None:
    assert studio.resolve(replace(PLAIN, style="kimono")).adapters == ()
