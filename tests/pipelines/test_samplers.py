from dataclasses import replace
from typing import Any

import diffusers
import pytest
import torch

from animegen.errors import InvalidRequest
from animegen.messages import render
from animegen.models.loading import Parts
from animegen.models.table import rows
from animegen.pipelines import diffusion, samplers, text_to_image
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Drawn
from animegen.tasks import TextToImage
from tests import tiny
from tests.jobs import SETTINGS, job

CONFIG = dict(tiny.scheduler().config)
NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
STABLE_DIFFUSION = {  # as the scheduler_config.json of version 1.5 has it
    "_class_name": "PNDMScheduler", "clip_sample": False, "set_alpha_to_one": False, "skip_prk_steps": True,
    "steps_offset": 1, "prediction_type": "epsilon", **NOISE,
}  # fmt: skip
ZERO_SNR = {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing", "prediction_type": "v_prediction", **NOISE}
OTHERS = {
    name: dict(getattr(diffusers, f"{name}Scheduler")(**NOISE, **more).config)
    for name, more in {
        "DDIM": {"clip_sample": True, "timestep_spacing": "leading"},
        "DDPM": {"prediction_type": "v_prediction"},
        "EulerDiscrete": {"timestep_spacing": "linspace", "use_karras_sigmas": True},
        "EulerAncestralDiscrete": {},
        "HeunDiscrete": {"use_exponential_sigmas": True},
        "LCM": {},
        "PNDM": {},
        "UniPCMultistep": {"use_beta_sigmas": True},
    }.items()
}
CONFIGS: dict[str, dict[str, Any]] = {"tiny": CONFIG, "SD 1.5": STABLE_DIFFUSION, "zero SNR": ZERO_SNR, **OTHERS}


def one_step(name: str, config: dict[str, Any]) -> torch.Tensor:
    """Return where one step from noise leads, by a network that answers noise beyond the bounds of a pixel."""
    scheduler = samplers.build(name, config, 1)
    noise, answer = (torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(seed)) for seed in (0, 1))
    (time,) = scheduler.timesteps
    latents = diffusion.begin(scheduler, noise)
    scheduler.scale_model_input(latents, time)
    last: torch.Tensor = scheduler.step(2 * answer, time, latents, generator=torch.Generator(), return_dict=False)[0]
    return last


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_one_step_leads_to_the_same_latents_by_every_sampler_whosever_the_configuration_is(
    config: dict[str, Any],
) -> None:
    first, *others = (one_step(name, config) for name in samplers.names())
    assert first.abs().max() > 2
    assert max(float((each - first).norm() / first.norm()) for each in others) < 0.02


def test_one_step_draws_the_same_picture_by_every_sampler(parts: Parts) -> None:
    engine = Engine(replace(parts, scheduler_config=ZERO_SNR))
    pictures = []
    for sampler in samplers.names():
        *_, drawn = text_to_image.draw(engine, job(TextToImage(**SETTINGS), sampler=sampler, steps=1))
        assert isinstance(drawn, Drawn)
        pictures.append(torch.frombuffer(bytearray(drawn.images[0].tobytes()), dtype=torch.uint8).int())
    assert max(int((each - pictures[0]).abs().max()) for each in pictures) <= 2


@pytest.mark.parametrize("name", samplers.names())
def test_a_sampler_takes_one_step_for_each_asked(name: str) -> None:
    assert len(samplers.build(name, CONFIG, 7).timesteps) == 7


@pytest.mark.parametrize("name", samplers.names())
def test_a_sampler_keeps_the_models_own_noise(name: str) -> None:
    config = samplers.build(name, CONFIG, 7).config
    assert (config.beta_schedule, config.prediction_type) == ("scaled_linear", "v_prediction")


def test_each_request_has_its_own_scheduler() -> None:
    assert samplers.build("Euler", CONFIG, 3) is not samplers.build("Euler", CONFIG, 3)


def test_karras_spaces_the_noise_differently() -> None:
    plain, karras = (samplers.build(name, CONFIG, 7).sigmas for name in ("DPM++ 2M", "DPM++ 2M Karras"))
    assert not torch.allclose(plain, karras)


def test_a_sampler_that_needs_a_lora_is_offered_where_the_model_has_it() -> None:
    assert [row.name for row in rows().values() if "LCM" in samplers.offered(row)] == ["sd15"]
    found = samplers.lora("LCM", rows()["sd15"])
    assert found is not None
    assert found.repository == "latent-consistency/lcm-lora-sdv1-5"
    assert samplers.lora("Euler", rows()["sd15"]) is None


def test_every_other_sampler_is_offered_by_every_model_and_takes_any_number_of_steps() -> None:
    for row in rows().values():
        assert set(samplers.names()) - {"LCM"} <= set(samplers.offered(row))
        for name in set(samplers.offered(row)) - {"LCM"}:
            samplers.check(name, 150, row)


def test_the_remark_on_lcm_tells_the_steps_that_it_takes() -> None:
    row = rows()["sd15"]
    for steps in (2, 8):
        samplers.check("LCM", steps, row)
    note = row.preset("fast").note
    assert "2 to 8 steps" in render(note, "en")
    assert "2〜8 ステップ" in render(note, "ja")


def test_an_unknown_sampler_is_refused_with_the_choices() -> None:
    with pytest.raises(InvalidRequest, match=r"'PLMS'.*DPM\+\+ 2M, .*Euler a"):
        samplers.build("PLMS", CONFIG, 7)
