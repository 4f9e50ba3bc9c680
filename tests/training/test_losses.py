"""The losses against what their papers say, on small tensors."""

import pytest
import torch

from animegen.training import losses


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
