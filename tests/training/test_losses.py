"""The losses against what their papers say, on small tensors."""

import pytest
import torch

from animegen.training import losses

ALPHAS = torch.linspace(0.99, 0.01, 100)
STEPS = torch.tensor([3, 60])
CLEAN, NOISE = torch.randn(2, 2, 4, 4, 4, generator=torch.Generator().manual_seed(0)).unbind(0)


def test_an_error_where_it_matters_counts_more() -> None:
    importance = torch.tensor([[[[3.0, 1.0]]]])
    there, elsewhere = torch.tensor([[[[1.0, 0.0]]]]), torch.tensor([[[[0.0, 1.0]]]])
    nowhere, snr = torch.zeros(1, 1, 1, 2), torch.ones(1)
    there, elsewhere = (losses.velocity_loss(error, nowhere, snr, importance) for error in (there, elsewhere))
    assert there == 3 * elsewhere


def test_clean_latents_are_found_again_from_the_noisy_ones_and_the_velocity() -> None:
    noisy = losses.add_noise(CLEAN, NOISE, ALPHAS, STEPS)
    target = losses.velocity(CLEAN, NOISE, ALPHAS, STEPS)
    alpha = ALPHAS[STEPS].view(-1, 1, 1, 1)
    assert torch.allclose(alpha.sqrt() * noisy - (1 - alpha).sqrt() * target, CLEAN, atol=1e-5)


def test_steps_with_little_noise_count_less() -> None:
    snr = losses.signal_to_noise(ALPHAS, STEPS)
    error = torch.ones(1, 4, 4, 4)
    clear, noisy = (losses.velocity_loss(error, 0 * error, snr[i : i + 1], torch.ones(())) for i in (0, 1))
    assert clear < noisy
    assert noisy == pytest.approx(1)


def test_the_weight_makes_a_pixel_count_more() -> None:
    pictures = torch.zeros(1, 3, 2, 2)
    decoded = pictures.clone()
    decoded[..., 0, 0] = 1
    heavy = torch.tensor([[[[3.0, 1.0], [1.0, 1.0]]]])
    assert losses.reconstruction_loss(decoded, pictures, heavy) > losses.reconstruction_loss(
        decoded, pictures, torch.ones(1, 1, 2, 2)
    )


def test_a_unit_gaussian_has_no_divergence() -> None:
    assert losses.kl_divergence(torch.zeros(3), torch.zeros(3)) == 0
    assert losses.kl_divergence(torch.ones(3), torch.zeros(3)) == pytest.approx(0.5)


def test_a_hidden_target_does_not_count() -> None:
    logits = {"eyes": torch.tensor([[9.0, 0.0], [0.0, 9.0]])}
    seen = losses.masked_cross_entropy(logits, {"eyes": torch.tensor([0, -1])})
    assert seen < 0.01
    assert losses.masked_cross_entropy(logits, {"eyes": torch.tensor([-1, -1])}) == 0
