"""Muon: orthogonal steps for matrices, AdamW's for the rest."""

import torch

from animegen.training.muon import Muon, orthogonalize


def test_the_singular_values_of_an_update_are_near_one() -> None:
    matrix = torch.randn(6, 20, generator=torch.Generator().manual_seed(0))
    for one in (matrix, matrix.mT):
        values = torch.linalg.svdvals(orthogonalize(one))
        assert values.min() > 0.6
        assert values.max() < 1.3


def test_a_vector_is_stepped_as_adamw_steps_it() -> None:
    ours, theirs = (torch.nn.Parameter(torch.tensor([1.0, -2.0, 3.0])) for _ in range(2))
    optimizers = (
        Muon([ours], lr=0.1, weight_decay=0.01),
        torch.optim.AdamW([theirs], lr=0.1, weight_decay=0.01, betas=(0.9, 0.99)),
    )
    for weight, optimizer in zip((ours, theirs), optimizers, strict=True):
        for _ in range(5):
            optimizer.zero_grad()
            (weight**2).sum().backward()
            optimizer.step()
    assert torch.allclose(ours, theirs, atol=1e-5)
