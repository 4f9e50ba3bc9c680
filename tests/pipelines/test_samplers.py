import pytest
import torch

from animegen.errors import InvalidRequest
from animegen.pipelines import samplers
from tests import tiny

CONFIG = dict(tiny.scheduler().config)


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


def test_an_unknown_sampler_is_refused_with_the_choices() -> None:
    with pytest.raises(InvalidRequest, match=r"'PLMS'.*DPM\+\+ 2M, .*Euler a"):
        samplers.build("PLMS", CONFIG, 7)
