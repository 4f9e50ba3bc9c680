"""The objective of a diffusion model against what the papers say, on small tensors."""

from typing import get_args

import pytest
import torch
from torch import Tensor

from animegen.chibi.build import networks
from animegen.training.objectives import GAMMA, Batch, Objective, Prediction, draw_timesteps, signal_to_noise

ALPHAS = torch.linspace(0.99, 0.0, 100)
"""The last step is pure noise."""
LATENTS, NOISE, GUESS = torch.randn(3, 4, 2, 4, 4, generator=torch.Generator().manual_seed(0)).unbind(0)
BATCH = Batch(latents=LATENTS, noise=NOISE, timesteps=torch.tensor([0, 3, 60, 99]), embeddings=torch.zeros(4, 1, 1))
VELOCITY = Objective(alphas_cumprod=ALPHAS, prediction="v_prediction")
EPSILON = Objective(alphas_cumprod=ALPHAS, prediction="epsilon")


def guess(noisy: Tensor, timesteps: Tensor, embeddings: Tensor) -> Tensor:
    return GUESS


def test_clean_latents_follow_from_the_noisy_ones_and_the_velocity() -> None:
    alpha = ALPHAS[BATCH.timesteps].view(-1, 1, 1, 1)
    clean = alpha.sqrt() * VELOCITY.noisy(BATCH) - (1 - alpha).sqrt() * VELOCITY.target(BATCH)
    assert torch.allclose(clean, LATENTS, atol=1e-5)


def test_a_network_of_epsilon_predicts_the_noise() -> None:
    assert EPSILON.target(BATCH) is NOISE


@pytest.mark.parametrize("snr", [0.01, 1.0, 5.0, 80.0])
def test_the_weights_are_those_of_min_snr(snr: float) -> None:
    alphas, step = torch.tensor([snr / (1 + snr)]), torch.tensor([0])
    epsilon, velocity = (
        Objective(alphas_cumprod=alphas, prediction=name).weights(step).item() for name in get_args(Prediction)
    )
    assert epsilon == pytest.approx(min(snr, GAMMA) / snr, rel=1e-4)
    assert velocity == pytest.approx(min(snr + 1, GAMMA) / (snr + 1), rel=1e-4)


def test_the_step_of_pure_noise_counts_in_full() -> None:
    weights = VELOCITY.weights(BATCH.timesteps)
    assert weights[-1] == 1
    assert weights.isfinite().all()
    assert VELOCITY.loss(guess, BATCH).isfinite()


def test_an_error_where_it_matters_counts_more() -> None:
    importance = torch.ones(1, 1, 4, 4)
    importance[..., 0, 0] = 3
    target = VELOCITY.target(BATCH)

    def wrong_at(row: int) -> Tensor:
        guessed = target.clone()
        guessed[..., row, 0] += 1
        return VELOCITY.loss(lambda *_: guessed, BATCH, importance)

    assert wrong_at(0) == pytest.approx(3 * wrong_at(1))


def test_importance_that_is_everywhere_the_same_changes_nothing() -> None:
    assert torch.allclose(VELOCITY.loss(guess, BATCH, torch.full((1, 1, 4, 4), 2.0)), VELOCITY.loss(guess, BATCH))


def test_chibis_loss_is_to_the_bit_what_its_weights_were_trained_with() -> None:
    """The formulas as they stood in the build of the first weights, written out."""
    alphas = networks.scheduler().alphas_cumprod
    timesteps, importance = torch.tensor([1, 300, 700, 999]), torch.rand(1, 1, 4, 4)
    batch = Batch(latents=LATENTS, noise=NOISE, timesteps=timesteps, embeddings=BATCH.embeddings)
    alpha = alphas[timesteps].view(-1, 1, 1, 1)
    noisy, seen = alpha.sqrt() * LATENTS + (1 - alpha).sqrt() * NOISE, []
    target = alpha.sqrt() * NOISE - (1 - alpha).sqrt() * LATENTS
    snr = alphas[timesteps] / (1 - alphas[timesteps])
    weight = (snr + 1).clamp(max=5.0) / (snr + 1)
    error = (importance * (GUESS - target).square()).mean(dim=(1, 2, 3))
    expected = (weight * error).mean() / importance.mean()

    objective = Objective(alphas_cumprod=alphas, prediction="v_prediction")
    loss = objective.loss(lambda noisy, *_: seen.append(noisy) or GUESS, batch, importance)
    assert torch.equal(loss, expected)
    assert torch.equal(seen[0], noisy)


def test_less_noise_is_more_signal() -> None:
    ratios = signal_to_noise(ALPHAS, torch.arange(100))
    assert (ratios.diff() < 0).all()


def test_timesteps_come_one_from_each_part_of_the_range() -> None:
    steps = draw_timesteps(10, 1000, torch.Generator().manual_seed(0))
    assert (steps // 100).tolist() == list(range(10))


@pytest.mark.parametrize("snr", [0.0, 0.01, 1.0, 5.0, 80.0])
def test_min_snr_of_a_velocity_is_the_published_one(snr: float) -> None:
    alphas, step = torch.tensor([snr / (1 + snr)]), torch.tensor([0])
    objective = Objective(alphas_cumprod=alphas, prediction="v_prediction", weighting="min_snr")
    assert objective.weights(step).item() == pytest.approx(min(snr, GAMMA) / (snr + 1), rel=1e-4)


@pytest.mark.parametrize("snr", [0.01, 1.0, 80.0])
def test_the_debiased_loss_weighs_by_the_root_of_the_noise(snr: float) -> None:
    alphas, step = torch.tensor([snr / (1 + snr)]), torch.tensor([0])
    epsilon, velocity = (
        Objective(alphas_cumprod=alphas, prediction=name, weighting="debiased").weights(step).item()
        for name in get_args(Prediction)
    )
    assert epsilon == pytest.approx(snr**-0.5, rel=1e-4)
    assert velocity == pytest.approx((snr + 1) ** -0.5, rel=1e-4)


def test_uniform_weights_are_all_one() -> None:
    objective = Objective(alphas_cumprod=ALPHAS, prediction="v_prediction", weighting="uniform")
    assert objective.weights(BATCH.timesteps).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("objective", [VELOCITY, EPSILON])
def test_the_losses_of_samples_have_the_loss_of_the_batch_for_their_mean(objective: Objective) -> None:
    batch = Batch(latents=LATENTS, noise=NOISE, timesteps=torch.tensor([0, 3, 60, 90]), embeddings=BATCH.embeddings)
    assert torch.allclose(objective.losses(guess, batch).mean(), objective.loss(guess, batch))


def test_an_error_outside_of_the_mask_does_not_count() -> None:
    mask = torch.zeros(4, 1, 4, 4)
    mask[..., :2, :] = 1
    target = VELOCITY.target(BATCH)
    wrong = target.clone()
    wrong[..., 2:, :] += 9
    assert VELOCITY.losses(lambda *_: wrong, BATCH, mask).tolist() == [0, 0, 0, 0]
    wrong[..., :2, :] += 1
    unit = Objective(alphas_cumprod=ALPHAS, prediction="v_prediction", weighting="uniform")
    assert unit.losses(lambda *_: wrong, BATCH, mask).tolist() == pytest.approx([1, 1, 1, 1])


def test_a_sample_that_is_masked_out_whole_has_no_loss() -> None:
    assert VELOCITY.losses(guess, BATCH, torch.zeros(4, 1, 4, 4)).tolist() == [0, 0, 0, 0]
