"""Adapters of whole models: a picture of chibi by every program, a step of Stable Diffusion 1.5 at its full size."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionPipeline
from peft import PeftModel
from peft.tuners.lora import LoraLayer
from PIL import Image

from animegen.bench import plain, sd15
from animegen.lora_files import Offer
from animegen.messages import message
from animegen.models import loading
from animegen.models.device import Placement
from animegen.models.loading import Parts
from animegen.models.table import rows
from animegen.pipelines import text_to_image
from animegen.pipelines.engine import Engine
from animegen.pipelines.job import Job
from animegen.tasks import TextToImage
from animegen.training.dropout import Masks
from animegen.training.export import export
from animegen.training.tuned import Tuned
from animegen.training.tuners import inject
from tests import tiny
from tests.jobs import job
from tests.training.networks import settings, train
from tests.training.records import recipe, record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
]
SAME = 2
"""Grey levels by which float32 pictures may differ that are computed in another order."""


def chibi() -> Parts:
    row = rows()["chibi"]
    return loading.load(row, tiny.CPU, loading.folder_of(row))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Adapters of chibi's UNet and text encoder that change its pictures, alpha 8 at rank 4."""
    parts, folder = chibi(), tmp_path_factory.mktemp("run") / "adapter"
    chosen = settings(alpha=8, targets="kohya", parts=("unet", "text_encoder"))
    tuned = inject({"unet": parts.unet, "text_encoder": parts.text_encoder}, chosen, 0, Masks())
    export([train(each, 0.02) for each in tuned], recipe(), record("chibi"), {}, folder)
    return folder


@pytest.fixture(scope="module")
def asked() -> Job[Any]:
    words = {"prompt": "1girl, blue hair, smile", "negative_prompt": "red hair"}
    return job(TextToImage(**words, steps=6, seed=7), rows()["chibi"])


@pytest.fixture(scope="module")
def picture(asked: Job[Any], exported: Path) -> Image.Image:
    """The picture that the studio's own pipeline draws with the kohya file."""
    return ours(asked, exported / "mika.safetensors")


def ours(asked: Job[Any], file: Path | None = None) -> Image.Image:
    engine = Engine(chibi())
    if file:
        offer = Offer(name="mika", label="mika", bases=("chibi",), path=file)
        engine.set_adapters([(engine.loras.load(offer), 1.0)])
    return list(text_to_image.draw(engine, asked))[-1].images[0]


def theirs(pipe: StableDiffusionPipeline, asked: Job[Any]) -> Image.Image:
    sizes = {"width": asked.width, "height": asked.height, "latents": plain.noise(pipe, asked)}
    return pipe(asked.texts[0], **sizes, **plain.sampling(asked)).images[0]


def difference(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of two pictures in grey levels."""
    return int(np.abs(np.asarray(one).astype(int) - np.asarray(other)).max())


@pytest.mark.parametrize("name", ["", "mika.safetensors"])
def test_plain_diffusers_draws_the_studios_picture(asked, exported: Path, picture: Image.Image, name: str) -> None:
    pipe = plain.pipeline(chibi(), asked)
    pipe.load_lora_weights(exported, **({"weight_name": name} if name else {}))
    assert loaded(pipe.unet) > 0 < loaded(pipe.text_encoder)
    assert difference(theirs(pipe, asked), picture) <= SAME


def test_peft_draws_the_studios_picture(asked: Job[Any], exported: Path, picture: Image.Image) -> None:
    pipe = plain.pipeline(chibi(), asked)
    PeftModel.from_pretrained(pipe.unet, exported)  # it puts its layers into the very network
    PeftModel.from_pretrained(pipe.text_encoder, exported / "text_encoder")
    assert loaded(pipe.unet) > 0 < loaded(pipe.text_encoder)
    assert difference(theirs(pipe, asked), picture) <= SAME


def test_the_picture_without_the_lora_is_another(asked: Job[Any], picture: Image.Image) -> None:
    assert difference(ours(asked), picture) > 50


def loaded(network: torch.nn.Module) -> int:
    return sum(isinstance(each, LoraLayer) for each in network.modules())


def test_a_step_of_rank_32_on_stable_diffusion_15_makes_a_file_of_9_mb_that_diffusers_loads(
    tmp_path,
) -> None:
    half = Placement(device=torch.device("cpu"), dtype=torch.bfloat16, reason=message("models.cpu_float32"))
    parts = sd15.parts(sd15.sizes(), half)
    (tuned,) = inject({"unet": parts.unet}, settings(rank=32, alpha=32), 0, Masks())
    step(tuned)
    adapter = export([tuned], recipe(), record("sd15", prediction="epsilon"), {}, tmp_path / "adapter")
    tuned.remove()
    assert adapter.counted()["parameters"] == 4_780_032
    assert (tmp_path / "adapter" / "mika.safetensors").stat().st_size == pytest.approx(9.6e6, rel=5e-3)
    pipe = tiny.pipeline(parts)
    pipe.load_lora_weights(tmp_path / "adapter")
    assert loaded(pipe.unet) == len(adapter.modules) == 96
    module = adapter.modules[0]
    (name,) = (layer := pipe.unet.get_submodule(module.path)).lora_A
    assert np.abs(layer.get_delta_weight(name).detach().float().numpy() - module.delta()).max() < 1e-6


def step(tuned: Tuned) -> None:
    """Make an optimizer's step on noise."""
    optimizer = torch.optim.AdamW(tuned.parameters.values(), lr=1e-4)
    generator = torch.Generator().manual_seed(0)
    latents, target = torch.randn(2, 1, 4, 8, 8, generator=generator).bfloat16()
    text = torch.randn(1, 77, 768, generator=generator).bfloat16()
    (tuned.network(latents, 500, text).sample - target).square().mean().backward()
    optimizer.step()
