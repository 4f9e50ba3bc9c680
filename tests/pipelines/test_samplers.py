import pytest
import torch

from animegen.errors import InvalidRequest
from animegen.models.table import rows
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


def test_a_sampler_that_needs_a_lora_is_offered_where_the_model_has_it() -> None:
    assert [row.name for row in rows().values() if "LCM" in samplers.offered(row)] == ["sd15"]
    assert samplers.lora("LCM", rows()["sd15"]) == "latent-consistency/lcm-lora-sdv1-5"
    assert samplers.lora("Euler", rows()["sd15"]) == ""


def test_every_other_sampler_is_offered_by_every_model_and_takes_any_number_of_steps() -> None:
    for row in rows().values():
        assert set(samplers.names()) - {"LCM"} <= set(samplers.offered(row))
        for name in set(samplers.offered(row)) - {"LCM"}:
            samplers.check(name, 150, row)


def test_the_remark_on_lcm_tells_the_steps_that_it_takes() -> None:
    row = rows()["sd15"]
    for steps in (2, 8):
        samplers.check("LCM", steps, row)
    assert "2 to 8 steps" in row.preset("fast").note
    assert "2〜8 ステップ" in row.preset("fast").note_ja


def test_an_unknown_sampler_is_refused_with_the_choices() -> None:
    with pytest.raises(InvalidRequest, match=r"'PLMS'.*DPM\+\+ 2M, .*Euler a"):
        samplers.build("PLMS", CONFIG, 7)
