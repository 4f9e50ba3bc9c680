"""From a request to a job: everything is filled once, by rules that no chance and no weights have a part in."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.lora_files import Offers, base_of, folders, write_kohya
from animegen.models.loading import Parts
from animegen.models.tokens import Tokens
from animegen.studio import Studio
from animegen.studio.resolve import Model, resolve
from animegen.tasks import MAX_SEED, Canny, EmotionPath, ExpressionSheet, ImageToImage, Lora, Task, TextToImage
from tests import tiny
from tests.lora_files.making import adapter

REQUEST = TextToImage(prompt="1girl, blue hair")
REQUESTS = (
    REQUEST,
    ImageToImage(image=Image.new("RGB", (64, 96), "red")),
    EmotionPath(prompt="1girl", frames=3),
    ExpressionSheet(prompt="1girl"),
)


@pytest.fixture
def model(parts: Parts, tmp_path: Path) -> Model:
    """The tiny model without its weights, and one LoRA, whose maker advises 0.4."""
    base = base_of("tiny", "tiny", parts.unet.config, parts.text_encoder.config.to_dict())
    write_kohya(adapter(base, rank=2), tmp_path / "ink.safetensors", {})
    return Model(row=tiny.ROW, tokens=Tokens(tiny.tokenizer()), loras=Offers([tmp_path], [base]).scan())


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda task: task.name)
def test_a_request_comes_to_the_same_job_each_time(model: Model, request_: Task) -> None:
    assert resolve(model, request_, 7) == resolve(model, request_, 7)


def test_what_is_unset_is_filled_from_preset_and_model(model: Model) -> None:
    job, preset = resolve(model, REQUEST, 7), tiny.ROW.preset("balanced")
    assert (job.steps, job.guidance_scale, job.sampler) == (preset.steps, preset.guidance_scale, preset.sampler)
    assert (job.width, job.height, job.seed) == (tiny.ROW.native_size, tiny.ROW.native_size, 7)


def test_what_is_set_stays(model: Model) -> None:
    request = replace(REQUEST, steps=3, guidance_scale=2.5, sampler="euler", width=96, height=64, seed=5)
    job = resolve(model, request, 7)
    assert (job.steps, job.guidance_scale, job.sampler) == (3, 2.5, "Euler")
    assert (job.width, job.height, job.seed) == (96, 64, 5)


def test_the_request_itself_still_says_what_was_requested(model: Model) -> None:
    assert resolve(model, REQUEST, 7).request == REQUEST


def test_a_random_seed_leaves_room_for_the_seeds_of_further_pictures(model: Model) -> None:
    assert resolve(model, replace(REQUEST, count=4), MAX_SEED).seed == MAX_SEED - 3


def test_the_requests_of_its_pictures_come_to_the_same_drawing(model: Model) -> None:
    job = resolve(model, replace(REQUEST, count=2), 7)
    again = [resolve(model, single, 99) for single in job.singles()]
    assert [(each.texts, each.seed, each.steps) for each in again] == [(job.texts, seed, job.steps) for seed in (7, 8)]


def test_a_lora_comes_with_the_weight_that_its_maker_advises_and_its_file(model: Model) -> None:
    ((offer, weight),) = resolve(model, replace(REQUEST, loras=("ink",)), 7).adapters
    assert (offer.name, weight, offer.path is not None) == ("ink", offer.weight, True)


def test_a_lora_in_the_words_is_taken_out_of_them(model: Model) -> None:
    job = resolve(model, replace(REQUEST, prompt="1girl <lora:ink:0.3>"), 7)
    assert (job.request.prompt, job.request.loras) == ("1girl", (Lora("ink", 0.3),))


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda task: task.name)
def test_the_folders_of_loras_are_scanned_once_a_request(
    parts: Parts, request_: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = base_of("tiny", "tiny", parts.unet.config, parts.text_encoder.config.to_dict())
    write_kohya(adapter(base, rank=2), tmp_path / "ink.safetensors", {})
    studio = Studio(tiny.ROW, lambda _: parts, offers=Offers([tmp_path], [base]))
    scans: list[Path] = []
    shelved = folders.shelved
    monkeypatch.setattr("animegen.lora_files.offers.shelved", lambda folder: scans.append(folder) or shelved(folder))
    studio.run(replace(request_, loras=("ink:0.5",)))
    assert len(scans) == 1


def test_what_the_model_cannot_draw_is_refused(model: Model) -> None:
    with pytest.raises(InvalidRequest) as refused:
        resolve(model, replace(REQUEST, width=65), 7)
    assert refused.value.message.id == "studio.width"


def test_line_art_is_refused_where_the_model_has_no_controlnet_for_it(model: Model) -> None:
    with pytest.raises(InvalidRequest) as refused:
        resolve(model, Canny(image=Image.new("RGB", (64, 64)), prompt="1girl", lines="lineart"), 7)
    assert refused.value.message.id == "models.no_lineart_controlnet"


def test_line_art_is_found_in_any_picture_as_in_a_photo(model: Model) -> None:
    model = replace(model, row=replace(tiny.ROW, lineart_controlnet="owner/lines"))
    job = resolve(model, Canny(image=Image.new("RGB", (96, 64)), prompt="1girl", lines="lineart"), 7)
    assert (job.request.image_kind, job.source.size) == ("photo", (96, 64))
