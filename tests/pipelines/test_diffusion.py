from dataclasses import replace
from typing import Any

import pytest
import torch

from animegen.errors import DrawingFailed
from animegen.models.device import Placement
from animegen.models.loading import Parts
from animegen.pipelines import diffusion, samplers
from animegen.pipelines.diffusion import Conditioning
from animegen.pipelines.encoding import PromptEncoder
from tests import tiny

HALF = Placement(device=torch.device("cpu"), dtype=torch.bfloat16, reason="A test of half precision.")


def denoise(
    parts: Parts, *, sampler: str = "DPM++ 2M", seed: int = 7, count: int = 1, guidance: float = 5.0
) -> torch.Tensor:
    encoder = PromptEncoder(parts)
    negative = encoder.encode("red") if guidance > 1 else None
    conditioning = Conditioning(encoder.encode("blue hair"), negative, guidance)
    sources = diffusion.generators(seed, count)
    latents = diffusion.noise(parts, 64, 96, sources)
    scheduler = samplers.build(sampler, parts.scheduler_config, 4)
    return list(diffusion.denoise(parts, scheduler, conditioning, latents, sources))[-1]


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
    batch = diffusion.noise(parts, 64, 64, diffusion.generators(5, 3))
    assert torch.equal(batch[2:], diffusion.noise(parts, 64, 64, diffusion.generators(7, 1)))


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


def test_a_batch_is_decoded_in_one_call(parts: Parts) -> None:
    sizes: list[int] = []
    parts.vae.decoder.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    images = diffusion.decode(parts, torch.zeros(3, 8, 8, 12))
    assert sizes == [3]
    assert [image.size for image in images] == [(96, 64)] * 3


def test_half_precision_weights_draw_with_latents_in_float32(parts: Parts) -> None:
    half = replace(parts, placement=HALF)
    for network in (half.unet, half.vae, half.text_encoder):
        network.to(torch.bfloat16)
    latents = denoise(half)
    assert latents.dtype == torch.float32
    assert torch.cosine_similarity(latents.flatten(), denoise(tiny.parts()).flatten(), dim=0) > 0.999
    assert len(diffusion.decode(half, latents)) == 1


def test_a_decoder_that_fails_in_half_precision_decodes_again_in_float32(parts: Parts) -> None:
    half = replace(parts, placement=HALF)
    half.vae.to(torch.bfloat16)
    formats = spoil_half_precision(half)
    diffusion.decode(half, torch.zeros(1, 8, 8, 8))
    assert formats == [torch.bfloat16, torch.float32]
    assert half.vae.dtype == torch.bfloat16


def test_a_decoder_that_fails_in_float32_is_an_error_not_a_black_picture(parts: Parts) -> None:
    parts.vae.decoder.register_forward_hook(lambda *call: call[2] * float("nan"))
    with pytest.raises(DrawingFailed, match="another seed"):
        diffusion.decode(parts, torch.zeros(1, 8, 8, 8))


def test_latents_that_are_not_numbers_are_an_error(parts: Parts) -> None:
    with pytest.raises(DrawingFailed, match="fell apart"):
        diffusion.decode(parts, torch.full((1, 8, 8, 8), float("nan")))


def spoil_half_precision(parts: Parts) -> list[torch.dtype]:
    """Let the decoder return no numbers below float32, and return the list of formats it is called in."""
    formats: list[torch.dtype] = []

    def spoil(_: Any, __: Any, output: torch.Tensor) -> torch.Tensor:
        formats.append(output.dtype)
        return output if output.dtype == torch.float32 else output * float("nan")

    parts.vae.decoder.register_forward_hook(spoil)
    return formats
