"""LCM against diffusers' own: LCMScheduler, and the same file of an LCM-LoRA in PEFT's unmerged layers."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from diffusers import LCMScheduler, StableDiffusionControlNetPipeline, StableDiffusionImg2ImgPipeline
from diffusers import StableDiffusionPipeline as Plain
from peft.tuners.lora import LoraLayer
from PIL import Image

from animegen.lora_files import Offer, Offers
from animegen.models import loading
from animegen.models.cache import Source
from animegen.pictures.edges import of as edges_of
from animegen.pipelines import canny, image_to_image, latents, text_to_image
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Progress, Stages
from animegen.pipelines.job import Job
from animegen.tasks import Canny, ImageToImage, Task, TextToImage
from tests import tiny
from tests.counting import Counting
from tests.hub.models import ROW
from tests.hub.server import Hub
from tests.jobs import job

SOURCE = Image.effect_noise((64, 64), 60).convert("RGB")
SEED = 7


@pytest.fixture
def engine(sd15_hub: Hub, source: Source) -> Engine:
    parts = loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=source), source)
    return Engine(parts)


def theirs(engine: Engine, kind: Any = Plain, **networks: Any) -> Any:
    """Return diffusers' pipeline over weights of its own, with the file of the LCM-LoRA loaded as its manual says."""
    without = dict.fromkeys(("safety_checker", "feature_extractor"))
    pipe = kind.from_pretrained(engine.parts.folder, local_files_only=True, dtype=torch.float32, **without, **networks)
    pipe.scheduler = LCMScheduler.from_config(pipe.scheduler.config)
    pipe.set_progress_bar_config(disable=True)
    load(pipe, engine, ROW.lcm_lora)
    return pipe


def load(pipe: Any, engine: Engine, offer: Offer) -> None:
    """Let diffusers load the file of a LoRA, unfused, and see that it took all of it."""
    found, before = engine.loras.load(offer), layers(pipe)
    path = Path(found.key[0][0])
    pipe.load_lora_weights(path.parent, weight_name=path.name, adapter_name=offer.name)
    pipe.to(dtype=torch.float32)
    assert layers(pipe) - before == len(found.adapter.modules) > 50


def layers(pipe: Any) -> int:
    """Return how many layers of all adapters PEFT has put on a pipeline."""
    modules = [*pipe.unet.modules(), *pipe.text_encoder.modules()]
    return sum(len(module.lora_A) for module in modules if isinstance(module, LoraLayer))


def ours(stages: Stages) -> torch.Tensor:
    *_, last = (stage.latents for stage in stages if isinstance(stage, Progress))
    return last


def sampled(pipe: Any, guidance: float, **more: Any) -> torch.Tensor:
    return pipe(
        "girl", negative_prompt="red", guidance_scale=guidance, output_type="latent",
        generator=torch.Generator().manual_seed(SEED), **more,
    ).images  # fmt: skip


def wanted(kind: type[Task] = TextToImage, **changes: Any) -> Job[Any]:
    """Return the job of a request by LCM, with no words of the quality level."""
    fields = {"prompt": "", "final_prompt": "girl", "sampler": "LCM", "steps": 4, "guidance_scale": 1.0, "seed": SEED}
    return job(kind(**fields | changes), ROW, negative="red")


def with_lcm(engine: Engine, *others: tuple[Offer, float]) -> Engine:
    offers = (ROW.lcm_lora, 1.0), *others
    engine.set_adapters([(engine.loras.load(offer), weight) for offer, weight in offers])
    return engine


@pytest.mark.parametrize(("guidance", "steps"), [(1.0, 4), (1.0, 2), (1.5, 8)])
def test_words_are_drawn_as_diffusers_draws_them(engine: Engine, guidance: float, steps: int) -> None:
    expected = sampled(theirs(engine), guidance, num_inference_steps=steps, width=64, height=64)
    found = ours(text_to_image.draw(with_lcm(engine), wanted(guidance_scale=guidance, steps=steps)))
    assert (found - expected).abs().max() < 1e-4


@pytest.mark.filterwarnings("ignore:Already found a `peft_config` attribute:UserWarning")
def test_another_lora_beside_it_acts_as_peft_has_it(engine: Engine, sd15_offers: Offers) -> None:
    pipe, ink = theirs(engine), sd15_offers.offer("ink", "sd1")
    load(pipe, engine, ink)
    pipe.set_adapters([ROW.lcm_lora.name, "ink"])
    expected = sampled(pipe, 1.0, num_inference_steps=4, width=64, height=64)
    found = ours(text_to_image.draw(with_lcm(engine, (ink, 1.0)), wanted()))
    assert (found - expected).abs().max() < 1e-4


def test_a_picture_is_drawn_anew_as_diffusers_does_it(engine: Engine) -> None:
    pipe = theirs(engine, StableDiffusionImg2ImgPipeline)
    mean = latents.encode(engine.parts, SOURCE) / engine.parts.vae.config.scaling_factor
    pipe.vae.encode = lambda _: SimpleNamespace(latents=mean)  # it would draw a sample, from the noise that is to come
    expected = sampled(pipe, 1.0, num_inference_steps=4, image=SOURCE, strength=0.5)
    found = ours(image_to_image.draw(with_lcm(engine), wanted(ImageToImage, image=SOURCE, strength=0.5)))
    assert (found - expected).abs().max() < 1e-4


def test_edges_are_followed_as_diffusers_follows_them(engine: Engine) -> None:
    edged = wanted(Canny, image=SOURCE, image_kind="edges")
    pipe = theirs(engine, StableDiffusionControlNetPipeline, controlnet=engine.controlnet)
    expected = sampled(
        pipe,
        1.0,
        num_inference_steps=4,
        image=edges_of(edged.request).convert("RGB"),
        controlnet_conditioning_scale=0.8,
    )
    assert (ours(canny.draw(with_lcm(engine), edged)) - expected).abs().max() < 1e-4


def test_a_pass_by_lcm_asks_as_much_of_torch_as_one_of_the_plain_model(engine: Engine) -> None:
    def counted() -> int:
        words, latent = torch.zeros(1, 77, 768), torch.zeros(1, 4, 8, 8)
        with torch.inference_mode(), Counting() as counting:
            engine.parts.unet(latent, torch.tensor(999), encoder_hidden_states=words)
        return counting.calls

    plain = counted()
    with_lcm(engine)
    assert counted() == plain > 100


def test_half_precision_returns_to_the_bit_too(engine: Engine) -> None:
    engine.parts.unet.to(torch.bfloat16)
    before = [weight.clone() for weight in engine.parts.unet.parameters()]
    for _ in range(3):
        with_lcm(engine)
        engine.set_adapters([])
    assert all(torch.equal(*both) for both in zip(before, engine.parts.unet.parameters(), strict=True))


def test_every_convolution_and_every_time_projection_of_the_file_is_put_on(engine: Engine) -> None:
    modules = engine.loras.load(ROW.lcm_lora).adapter.modules
    ends = {module.path.rpartition(".")[2] for module in modules}
    assert {"conv1", "conv2", "conv", "conv_shortcut", "time_emb_proj", "proj_in", "proj_out"} <= ends
    before = {module.path: engine.parts.unet.get_parameter(f"{module.path}.weight").clone() for module in modules}
    with_lcm(engine)
    after = {path: engine.parts.unet.get_parameter(f"{path}.weight") for path in before}
    assert not [path for path in before if torch.equal(before[path], after[path])]
