"""Keeping to a picture: what words change is drawn anew, and nothing else."""

import torch
from PIL import Image

from animegen.pipelines.edit_masks import Keeper, masks

NOISE = 0.01 + 0.005 * torch.rand(1, 4, 16, 16, generator=torch.Generator().manual_seed(0))
"""By so much do answers to different words differ where nothing shall change."""


def answers() -> torch.Tensor:
    """Return the answers to three texts: the first, one that wants another mouth, and the first again."""
    first = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(1))
    other = first + NOISE
    other[..., 9:11, 6:9] += 1.0
    return torch.cat([first, other, first])


def test_a_mask_lies_where_the_words_want_something_else() -> None:
    mask = masks(answers())[1, 0]
    assert (mask[9:11, 6:9] == 1).all()
    assert (mask[:6] == 0).all()
    assert (mask[:, 12:] == 0).all()


def test_the_same_words_want_nothing_else() -> None:
    assert (masks(answers())[[0, 2]] == 0).all()


def test_answers_are_the_first_ones_but_in_the_mask() -> None:
    asked, keeper = answers(), Keeper()
    held = keeper.guide(asked)
    assert torch.equal(held[[0, 2]], asked[[0, 2]])
    assert torch.equal(held[1, :, :6], asked[0, :, :6])
    assert torch.allclose(held[1, :, 9:11, 6:9], asked[1, :, 9:11, 6:9])


def test_the_mask_of_the_first_step_holds_for_all() -> None:
    asked, keeper = answers(), Keeper()
    keeper.guide(asked)
    later = torch.randn(3, 4, 16, 16)
    assert torch.equal(keeper.guide(later)[1, :, :6], later[0, :, :6])


def test_what_the_mask_does_not_touch_is_the_first_picture_to_the_bit() -> None:
    keeper = Keeper()
    keeper.guide(answers())
    first, other = Image.new("RGB", (128, 128), "white"), Image.new("RGB", (128, 128), (0, 0, 9))
    pasted = keeper.paste([first, other, other])
    assert pasted[1].getpixel((58, 80)) == (0, 0, 9)
    assert pasted[1].crop((0, 0, 128, 32)).tobytes() == first.crop((0, 0, 128, 32)).tobytes()
    assert pasted[2].tobytes() == first.tobytes()
