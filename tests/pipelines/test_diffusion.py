from dataclasses import replace

import pytest
import torch

from animegen.models.device import Placement
from animegen.models.loading import Parts
from animegen.pipelines import diffusion, latents, samplers
from animegen.pipelines.diffusion import Conditioning
from animegen.pipelines.encoder import PromptEncoder
from tests import tiny

HALF = Placement(device=torch.device("cpu"), dtype=torch.bfloat16, reason="A test of half precision.")


def denoise(
    parts: Parts, *, sampler: str = "DPM++ 2M", seed: int = 7, count: int = 1, guidance: float = 5.0
) -> torch.Tensor:
    encoder = PromptEncoder(parts)
    negative = encoder.encode(["red"]) if guidance > 1 else None
    conditioning = Conditioning(encoder.encode(["blue hair"]), negative, guidance)
    sources = diffusion.generators(range(seed, seed + count))
    scheduler = samplers.build(sampler, parts.scheduler_config, 4)
    started = diffusion.begin(scheduler, diffusion.noise(parts, 64, 96, sources))
    return list(diffusion.denoise(parts, scheduler, conditioning, started, sources))[-1].latents


@pytest.mark.parametrize("guidance", [1.0, 5.0])
def test_our_loop_draws_what_plain_stable_diffusion_draws(parts: Parts, guidance: float) -> None:
    expected = tiny.pipeline(parts)(
        "blue hair",
        negative_prompt="red",
        width=64,
        height=96,
        num_inference_steps=4,
        guidance_scale=guidance,
        generator=torch.Generator().manual_seed(7),
        output_type="latent",
    ).images
    assert (denoise(parts, guidance=guidance) - expected).abs().max() < 1e-4


@pytest.mark.parametrize("sampler", samplers.names())
def test_the_same_seed_gives_the_same_latents_to_the_bit(parts: Parts, sampler: str) -> None:
    assert torch.equal(denoise(parts, sampler=sampler), denoise(parts, sampler=sampler))


def test_a_pictures_noise_in_a_batch_is_that_of_its_own_seed(parts: Parts) -> None:
    batch = diffusion.noise(parts, 64, 64, diffusion.generators([5, 6, 7]))
    assert torch.equal(batch[2:], diffusion.noise(parts, 64, 64, diffusion.generators([7])))


@pytest.mark.parametrize("sampler", samplers.names())
def test_a_picture_of_a_batch_is_the_picture_of_its_own_seed(parts: Parts, sampler: str) -> None:
    batch = denoise(parts, sampler=sampler, seed=5, count=3)
    assert torch.allclose(batch[2:], denoise(parts, sampler=sampler, seed=7), atol=1e-4)


def test_both_halves_of_the_guidance_go_through_the_network_in_one_call(parts: Parts) -> None:
    sizes: list[int] = []
    parts.unet.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    denoise(parts, count=3)
    assert sizes == [6] * 4


def test_without_guidance_the_network_sees_half_as_much(parts: Parts) -> None:
    sizes: list[int] = []
    parts.unet.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    denoise(parts, count=3, guidance=1.0)
    assert sizes == [3] * 4


def test_half_precision_weights_draw_with_latents_in_float32(parts: Parts) -> None:
    half = replace(parts, placement=HALF)
    for network in (half.unet, half.vae, half.text_encoder):
        network.to(torch.bfloat16)
    drawn = denoise(half)
    assert drawn.dtype == torch.float32
    assert torch.cosine_similarity(drawn.flatten(), denoise(tiny.parts()).flatten(), dim=0) > 0.999
    assert len(latents.decode(half, drawn)) == 1
