"""Few steps by LCM through the studio: what is drawn, what its settings tell, what is refused and what to do then.

The model is shaped as Stable Diffusion 1.5 is, and comes with its LCM-LoRA from a Hub of our own.
"""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers.schedulers import scheduling_lcm
from PIL import Image

from animegen.errors import InvalidRequest, ModelUnavailable
from animegen.lora_files.hashes import hashes
from animegen.messages import message
from animegen.models.cache import Source
from animegen.pictures.infotext import read, to_request, write
from animegen.pipelines.job import Job
from animegen.studio import Studio
from animegen.studio.zerogpu import Draw
from animegen.tasks import Animation, Canny, EmotionPath, ExpressionSheet, ImageToImage, Picture, Task, TextToImage
from tests import tiny
from tests.hub import models
from tests.hub.faults import ALWAYS, Refused
from tests.hub.models import ROW
from tests.hub.server import Hub

LCM = "lcm-lora-sdv1-5"
GREY = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
USUAL = TextToImage(prompt="1girl, blue hair", steps=2, seed=5)
FAST = replace(USUAL, preset="fast", steps=0)
PATH = EmotionPath(prompt="1girl", frames=3, preset="fast", seed=5, shared_steps=0.4)
SHEET = ExpressionSheet(prompt="1girl", emotions="neutral,happy", preset="fast", seed=5)
TASKS: list[Task] = [
    *(FAST, PATH, SHEET),
    ImageToImage(image=GREY, prompt="1girl", preset="fast", seed=5),
    Canny(image=GREY, prompt="1girl", preset="fast", seed=5),
    Animation(image=GREY, frames=8, preset="fast", seed=5),
]


@pytest.fixture
def studio(sd15_studio: Studio) -> Studio:
    return sd15_studio


def only(studio: Studio, task: Task) -> Picture:
    (picture,) = studio.pictures(task)
    return picture


def drawn(studio: Studio, task: Task) -> bytes:
    return b"".join(picture.image.tobytes() for picture in studio.pictures(task))


def passes(studio: Studio) -> list[int]:
    """Return a list that grows by the batch size of each pass of the UNet."""
    sizes: list[int] = []
    studio.parts.unet.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    return sizes


# What is drawn


def test_the_preset_fast_draws_four_steps_by_lcm_without_guidance(studio: Studio) -> None:
    sizes, task = passes(studio), only(studio, FAST).task
    assert (task.sampler, task.steps, task.guidance_scale) == ("LCM", 4, 1.0)
    assert sizes == [1] * 4


def test_above_a_guidance_of_1_it_costs_double_and_the_negative_prompt_acts(studio: Studio) -> None:
    sizes, guided = passes(studio), replace(FAST, guidance_scale=1.5)
    hat, scarf = (drawn(studio, replace(guided, negative_prompt=negative)) for negative in ("hat", "scarf"))
    assert sizes == [2] * 8
    assert hat != scarf


def test_without_guidance_the_negative_prompt_does_nothing_and_that_is_told(studio: Studio) -> None:
    hat, plain = only(studio, replace(FAST, negative_prompt="hat")), only(studio, FAST)
    assert hat.image.tobytes() == plain.image.tobytes()
    assert hat.notes == (message("studio.no_guidance"),)
    assert plain.notes == ()


@pytest.mark.parametrize("preset", ["balanced", "quality"])
def test_the_sampler_alone_asks_for_lcm_in_any_preset(studio: Studio, preset: str) -> None:
    task = only(studio, replace(FAST, preset=preset, sampler="LCM")).task
    assert (task.steps, task.guidance_scale) == (4, 1.0)


def test_the_preset_fast_with_another_sampler_is_an_ordinary_one(studio: Studio) -> None:
    picture = only(studio, replace(FAST, sampler="Euler"))
    assert (picture.task.steps, picture.task.guidance_scale, picture.lora_hashes) == (8, 7.5, {})


def test_it_is_the_lora_that_draws_and_not_the_sampler_alone(studio: Studio) -> None:
    studio.pictures(USUAL)
    set_adapters, studio.engine.set_adapters = studio.engine.set_adapters, lambda _: None  # type: ignore[method-assign]
    bare = drawn(studio, FAST)
    studio.engine.set_adapters = set_adapters  # type: ignore[method-assign]
    assert drawn(studio, FAST) != bare


# The noise that LCM draws at each step but the last


@pytest.fixture
def noise(monkeypatch: pytest.MonkeyPatch) -> list[torch.Tensor]:
    seen: list[torch.Tensor] = []
    real = scheduling_lcm.randn_tensor
    monkeypatch.setattr(
        scheduling_lcm, "randn_tensor", lambda *asked, **how: seen.append(real(*asked, **how)) or seen[-1]
    )
    return seen


def test_a_picture_of_a_batch_has_the_noise_of_its_single_at_every_step(
    studio: Studio, noise: list[torch.Tensor]
) -> None:
    studio.pictures(replace(FAST, count=3))
    studio.pictures(replace(FAST, seed=FAST.seed + 2))
    batch, single = noise[:3], noise[3:]
    assert len(single) == 3
    assert all(torch.equal(together[2:], alone) for together, alone in zip(batch, single, strict=True))


def test_frames_with_shared_steps_have_the_noise_of_each_alone_at_every_step(
    studio: Studio, noise: list[torch.Tensor]
) -> None:
    studio.pictures(PATH)
    studio.pictures(replace(PATH, frame=3))
    path, single = noise[:3], noise[3:]
    assert [len(each) for each in path] == [1, 1, 3]
    assert all(torch.equal(together[-1:], alone) for together, alone in zip(path, single, strict=True))


def test_all_pictures_of_a_sheet_have_one_noise_at_every_step(studio: Studio, noise: list[torch.Tensor]) -> None:
    studio.pictures(SHEET)
    assert [len(each) for each in noise] == [1, 3, 3]
    assert all(torch.equal(each, each[:1].expand_as(each)) for each in noise)


# In its settings


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_the_settings_draw_it_again_to_the_bit(studio: Studio, task: Task) -> None:
    first = studio.pictures(replace(task, seed=-1, loras=("ink:0.8",)))[0]
    picture = only(studio, first.task)  # alone: in a batch the arithmetic is another
    text = write(picture.task, picture.model, picture.lora_hashes)
    request, notes = to_request(read(text), source=getattr(task, "image", None), samplers=studio.samplers)
    again = only(studio, request)
    assert ("Sampler: LCM," in text, notes) == (True, ())
    assert (again.image.tobytes(), again.task) == (picture.image.tobytes(), picture.task)


def test_the_hashes_tell_every_lora_that_was_worn(studio: Studio, source: Source) -> None:
    told = only(studio, FAST).lora_hashes
    (file,) = source.folder(models.LCM_LORA).glob("snapshots/*/*.safetensors")
    assert told == {LCM: hashes(file).autov3}
    assert only(studio, replace(FAST, loras=("ink",))).lora_hashes.keys() == {"ink", LCM}
    assert only(studio, USUAL).lora_hashes == {}


# What is refused


def test_a_model_without_such_weights_does_not_offer_the_sampler_and_refuses_it() -> None:
    studio = Studio(tiny.ROW, lambda _: tiny.parts())
    assert "LCM" not in studio.samplers
    with pytest.raises(InvalidRequest, match=r"LCM needs weights that tiny \(random\) does not have; choose .*: DPM"):
        studio.run(replace(USUAL, sampler="LCM"))


@pytest.mark.parametrize("steps", [1, 9, 20])
def test_too_few_and_too_many_steps_are_refused(studio: Studio, steps: int) -> None:
    with pytest.raises(InvalidRequest, match=f"LCM takes 2 to 8 steps, not {steps}"):
        studio.run(replace(FAST, steps=steps))


@pytest.mark.parametrize("why", ["down", "gated", "gone", "damaged"])
def test_without_its_lora_it_says_to_draw_with_balanced_and_draws_nothing(
    sd15_hub: Hub, studio: Studio, why: str
) -> None:
    sizes = passes(studio)
    match why:
        case "down":
            sd15_hub.fail(Refused(path=f"*{models.LCM_LORA}*", status=503, times=ALWAYS))
        case "gated":
            sd15_hub.repositories[models.LCM_LORA].gated = True
        case "gone":
            del sd15_hub.repositories[models.LCM_LORA]
        case "damaged":
            sd15_hub.publish(models.LCM_LORA, {"pytorch_lora_weights.safetensors": b"\x08" + 90 * b"\0"})
    with pytest.raises(ModelUnavailable, match=r"^Could not load the LCM-LoRA; use the preset balanced .*\.$"):
        studio.run(FAST)
    assert sizes == []
    assert drawn(studio, USUAL)


def test_it_draws_once_its_lora_can_be_had_again(sd15_hub: Hub, studio: Studio) -> None:
    sd15_hub.fail(Refused(path=f"*{models.LCM_LORA}*", status=503, times=3))
    with pytest.raises(ModelUnavailable):
        studio.run(FAST)
    assert drawn(studio, FAST)


def test_its_lora_comes_when_it_is_first_needed_and_nobody_is_asked_again(sd15_hub: Hub, studio: Studio) -> None:
    studio.pictures(USUAL)
    assert not [line for line in sd15_hub.asked() if models.LCM_LORA in line]
    studio.pictures(FAST)
    assert [line for line in sd15_hub.asked() if models.LCM_LORA in line]
    sd15_hub.log.clear()
    studio.pictures(FAST)
    assert sd15_hub.log == []


def test_where_a_gpu_is_lent_its_lora_is_read_before_the_first_request(sd15_hub: Hub, studio: Studio) -> None:
    studio.complete()
    sd15_hub.log.clear()
    studio.pictures(FAST)
    assert sd15_hub.log == []


def test_where_a_gpu_is_lent_the_model_draws_without_its_lora_too(sd15_hub: Hub, studio: Studio) -> None:
    del sd15_hub.repositories[models.LCM_LORA]
    studio.complete()
    assert drawn(studio, USUAL)


def test_a_persons_own_lora_that_is_the_same_file_is_not_worn_twice(studio: Studio, tmp_path: Path) -> None:
    content = models.lcm_lora()["pytorch_lora_weights.safetensors"]
    (tmp_path / "loras" / "turbo.safetensors").write_bytes(content)
    with pytest.raises(InvalidRequest, match="puts the LoRA 'turbo' on by itself; leave it out"):
        studio.run(replace(FAST, loras=("turbo",)))
    assert drawn(studio, replace(USUAL, loras=("turbo",)))


def test_who_lends_a_gpu_is_told_how_many_loras_are_put_on(sd15_studio: Studio) -> None:
    ready: list[Job] = []

    def lend(draw: Draw) -> Draw:
        return lambda given: ready.append(given) or draw(given)

    studio = Studio(ROW, lambda _: sd15_studio.parts, offers=sd15_studio.offers, lend=lend)
    for task in (USUAL, FAST, replace(FAST, loras=("ink",))):
        studio.pictures(task)
    assert [len(each.adapters) for each in ready] == [0, 1, 2]
