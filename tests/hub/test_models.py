"""Repositories shaped like Stable Diffusion 1.5 and 2, pulled from a Hub of our own and loaded."""

from dataclasses import replace

import pytest
import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import load

from animegen.models import loading
from animegen.models.cache import Source
from animegen.models.files import STABLE_DIFFUSION
from animegen.models.hub import snapshot
from animegen.models.table import rows
from tests import tiny
from tests.hub import models
from tests.hub.layouts import SD15
from tests.hub.server import Hub

SD2 = rows()["cool-japan"].source
UNET = "unet/diffusion_pytorch_model"
ROW = rows()["sd15"]


@pytest.fixture
def sd15(hub: Hub) -> Hub:
    hub.publish(SD15, models.sd15())
    return hub


@pytest.fixture
def sd2(hub: Hub) -> Hub:
    hub.publish(SD2, models.sd2())
    return hub


@pytest.mark.parametrize("half", [False, True])
def test_a_model_is_pulled_and_loads_with_the_weights_that_were_published(
    sd15: Hub, source: Source, half: bool
) -> None:
    parts = loading.load(ROW, tiny.CPU, snapshot(SD15, STABLE_DIFFUSION, half=half, source=source))
    published = load(models.sd15()[f"{UNET}{'.fp16' * half}.safetensors"])
    found = parts.unet.state_dict()
    assert all(torch.equal(found[name], weight.float()) for name, weight in published.items())


def test_the_old_tokenizer_files_are_read(sd15: Hub, source: Source) -> None:
    parts = loading.load(ROW, tiny.CPU, snapshot(SD15, STABLE_DIFFUSION, source=source))
    assert parts.tokenizer("a girl").input_ids == tiny.tokenizer()("a girl").input_ids


def test_a_pulled_models_networks_fit_each_other(sd15: Hub, source: Source) -> None:
    parts = loading.load(ROW, tiny.CPU, snapshot(SD15, STABLE_DIFFUSION, source=source))
    with torch.no_grad():
        words = parts.text_encoder(parts.tokenizer(["girl"], return_tensors="pt").input_ids).last_hidden_state
        noise = parts.unet(torch.ones(1, 4, 8, 8), 999, words).sample
        picture = parts.vae.decode(noise).sample
    assert picture.shape == (1, 3, 64, 64)
    assert picture.isfinite().all()


@pytest.mark.parametrize(("name", "files", "width"), [(SD15, models.sd15, 768), (SD2, models.sd2, 1024)])
def test_the_width_of_the_words_tells_the_bases_apart(hub: Hub, source: Source, name, files, width) -> None:
    hub.publish(name, files())
    parts = loading.load(ROW, tiny.CPU, snapshot(name, STABLE_DIFFUSION, source=source))
    keys = [weight for path, weight in parts.unet.state_dict().items() if path.endswith("attn2.to_k.weight")]
    assert {weight.shape[1] for weight in keys} == {width}
    assert parts.text_encoder.config.hidden_size == width


def test_what_a_model_predicts_is_its_own_schedulers_to_say(sd2: Hub, source: Source) -> None:
    row = replace(ROW, prediction_type="epsilon")
    parts = loading.load(row, tiny.CPU, snapshot(SD2, STABLE_DIFFUSION, source=source))
    assert parts.scheduler_config["prediction_type"] == "v_prediction"


def test_the_safety_checker_comes_where_it_is_asked_for(sd15: Hub, source: Source) -> None:
    parts = (*STABLE_DIFFUSION, "safety_checker", "feature_extractor")
    pipe = StableDiffusionPipeline.from_pretrained(snapshot(SD15, parts, source=source), local_files_only=True)
    assert pipe.safety_checker is not None
