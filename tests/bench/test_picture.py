from pathlib import Path

import pytest
import torch

from animegen.bench.picture import PictureRow, match, picture
from animegen.bench.timing import WARM_UP
from animegen.models import loading
from animegen.studio import Studio
from tests import tiny

ROUNDS = 2


@pytest.fixture(scope="module")
def studio(model_folder: Path) -> Studio:
    return Studio(tiny.ROW, lambda row: loading.load(row, tiny.CPU, model_folder))


@pytest.fixture(scope="module")
def encoded(studio: Studio) -> list[int]:
    """Grows by one with each text that the studio encodes."""
    texts: list[int] = []
    studio.parts.text_encoder.register_forward_hook(lambda *_: texts.append(1))
    return texts


@pytest.fixture(scope="module")
def row(studio: Studio, encoded: list[int]) -> PictureRow:
    return picture(studio, ROUNDS)


def test_plain_diffusers_and_the_studio_draw_alike_on_the_same_weights(row: PictureRow) -> None:
    assert row.match is not None


def test_the_row_says_what_was_drawn_and_what_it_costs(row: PictureRow) -> None:
    assert row.task == "text to image, 64x64, 20 steps DPM++ 2M, guidance"
    assert row.tflop > 0
    assert len(row.times.plain) == len(row.times.ours) == ROUNDS


def test_every_timed_picture_of_the_studio_has_a_prompt_it_never_saw(row: PictureRow, encoded: list[int]) -> None:
    prompt_and_negative = 2
    assert len(encoded) == prompt_and_negative + WARM_UP + ROUNDS


def test_outputs_that_differ_are_no_match() -> None:
    assert match(torch.zeros(1, 8, 4, 4), torch.full((1, 8, 4, 4), 0.01), half=True) is None


def test_half_precision_outputs_match_by_their_direction() -> None:
    ours = torch.randn(1, 8, 4, 4, generator=torch.Generator().manual_seed(0))
    assert match(ours, ours * 1.01, half=True) is not None
    assert match(ours, -ours, half=True) is None
    assert match(ours, ours * 1.01, half=False) is None
