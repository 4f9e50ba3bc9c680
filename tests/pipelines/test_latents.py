from dataclasses import replace
from typing import Any

import pytest
import torch
from PIL import Image

from animegen.errors import DrawingFailed
from animegen.models.device import Placement
from animegen.models.loading import Parts
from animegen.pipelines import latents
from animegen.pipelines.engine import PictureEncoder
from animegen.pipelines.latents import slerp

HALF = Placement(device=torch.device("cpu"), dtype=torch.bfloat16, reason="A test of half precision.")
NOISE = Image.effect_noise((96, 64), 60).convert("RGB")


# Pictures to latents


def test_a_latent_is_the_scaled_mean_of_what_the_encoder_says(parts: Parts) -> None:
    pixels = torch.tensor(list(NOISE.get_flattened_data())).view(64, 96, 3).permute(2, 0, 1)[None] / 127.5 - 1
    expected = parts.vae.encode(pixels).latent_dist.mean * parts.vae.config.scaling_factor
    latent = latents.encode(parts, NOISE)
    assert (latent.shape, latent.dtype) == ((1, 8, 8, 12), torch.float32)
    assert torch.allclose(latent, expected, atol=1e-6)


def test_a_picture_has_one_latent(parts: Parts) -> None:
    assert torch.equal(latents.encode(parts, NOISE), latents.encode(parts, NOISE))


def test_an_encoder_that_fails_in_half_precision_encodes_again_in_float32(parts: Parts) -> None:
    half = replace(parts, placement=HALF)
    half.vae.to(torch.bfloat16)
    formats = spoil_half_precision(half.vae.encoder)
    assert latents.encode(half, NOISE).isfinite().all()
    assert formats == [torch.bfloat16, torch.float32]
    assert half.vae.dtype == torch.bfloat16


def test_an_encoder_that_fails_in_float32_is_an_error(parts: Parts) -> None:
    parts.vae.encoder.register_forward_hook(lambda *call: call[2] * float("nan"))
    with pytest.raises(DrawingFailed, match="encoder returned NaN"):
        latents.encode(parts, NOISE)


def test_a_picture_that_was_encoded_before_is_not_encoded_again(parts: Parts) -> None:
    calls: list[Any] = []
    parts.vae.encoder.register_forward_hook(lambda *call: calls.append(call[2]))
    encoder = PictureEncoder(parts, remembered=2)
    first, other, third = (Image.new("RGB", (64, 64), colour) for colour in ("red", "lime", "blue"))
    for image in (first, other, first.copy(), third, first, other):
        encoder.encode(image)
    assert len(calls) == 4


# Between two latents


def test_slerp_ends_where_its_latents_are() -> None:
    one, other = torch.randn(2, 2, 8, 4, 4, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(slerp(one, other, 0.0), one, atol=1e-6)
    assert torch.allclose(slerp(one, other, 1.0), other, atol=1e-6)


def test_slerp_keeps_the_length_where_a_straight_line_would_not() -> None:
    one, other = torch.randn(2, 1, 8, 16, 16, generator=torch.Generator().manual_seed(0))
    half = slerp(one, other, 0.5)
    assert half.norm() == pytest.approx(float((one.norm() + other.norm()) / 2), rel=1e-4)
    assert torch.lerp(one, other, 0.5).norm() < 0.75 * half.norm()


@pytest.mark.parametrize("factor", [1.0, 3.0, -2.0])
def test_slerp_of_parallel_latents_goes_straight(factor: float) -> None:
    one = torch.randn(1, 8, 4, 4, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(slerp(one, factor * one, 0.25), torch.lerp(one, factor * one, 0.25), atol=1e-5)


def test_each_latent_of_a_batch_goes_its_own_way() -> None:
    one, other = torch.randn(2, 3, 8, 4, 4, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(slerp(one, other, 0.3)[1:2], slerp(one[1:2], other[1:2], 0.3), atol=1e-6)


# Latents to pictures


def test_a_batch_is_decoded_in_one_call(parts: Parts) -> None:
    sizes: list[int] = []
    parts.vae.decoder.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    images = latents.decode(parts, torch.zeros(3, 8, 8, 12))
    assert sizes == [3]
    assert [image.size for image in images] == [(96, 64)] * 3


def test_a_decoder_that_fails_in_half_precision_decodes_again_in_float32(parts: Parts) -> None:
    half = replace(parts, placement=HALF)
    half.vae.to(torch.bfloat16)
    formats = spoil_half_precision(half.vae.decoder)
    latents.decode(half, torch.zeros(1, 8, 8, 8))
    assert formats == [torch.bfloat16, torch.float32]
    assert half.vae.dtype == torch.bfloat16


def test_a_decoder_that_fails_in_float32_is_an_error_not_a_black_picture(parts: Parts) -> None:
    parts.vae.decoder.register_forward_hook(lambda *call: call[2] * float("nan"))
    with pytest.raises(DrawingFailed, match="another seed"):
        latents.decode(parts, torch.zeros(1, 8, 8, 8))


def test_latents_that_are_not_numbers_are_an_error(parts: Parts) -> None:
    with pytest.raises(DrawingFailed, match="drawing returned NaN"):
        latents.decode(parts, torch.full((1, 8, 8, 8), float("nan")))


def spoil_half_precision(network: torch.nn.Module) -> list[torch.dtype]:
    """Let a network return no numbers below float32, and return the list of formats it is called in."""
    formats: list[torch.dtype] = []

    def spoil(_: Any, __: Any, output: torch.Tensor) -> torch.Tensor:
        formats.append(output.dtype)
        return output if output.dtype == torch.float32 else output * float("nan")

    network.register_forward_hook(spoil)
    return formats
