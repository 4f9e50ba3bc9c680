"""The two-sample classifier finds damage in pictures that it never saw, and none where there is none."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from animegen.evaluation.two_sample import accuracy


def textures(count: int, seed: int, side: int = 48) -> Tensor:
    coarse = torch.rand(count, 3, 12, 12, generator=torch.Generator().manual_seed(seed))
    return (functional.interpolate(coarse, side, mode="nearest") * 255).to(torch.uint8)


def softened(pictures: Tensor) -> Tensor:
    return functional.avg_pool2d(pictures.float(), 5, stride=1, padding=2).to(torch.uint8)


def test_softened_pictures_are_told_from_sharp_ones() -> None:
    assert accuracy(softened(textures(60, 1)), textures(60, 2), steps=40).low > 0.8


def test_pictures_of_one_kind_cannot_be_told_apart() -> None:
    figure = accuracy(textures(60, 1), textures(60, 2), steps=40)
    assert figure.low < 0.5 < figure.high
    assert figure.n == 24


def test_it_takes_pictures_of_another_size_and_gives_the_same_twice() -> None:
    sets = softened(textures(12, 1, 96)), textures(12, 2, 96)
    assert accuracy(*sets, steps=3) == accuracy(*sets, steps=3)


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="ten pictures"):
        accuracy(textures(9, 1), textures(9, 2))
