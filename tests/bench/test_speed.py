"""The figures of speed: each draws the same both ways on the same weights, and the studio computes what it must."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import nn

from animegen.bench import canny, emotion_path, image_to_image, text_to_image, timing
from animegen.bench.speed import SpeedRow, loss, match
from animegen.models import loading
from animegen.studio import Studio
from tests import tiny

STEPS, FRAMES, ROUNDS = 10, 3, 1
RUNS = ROUNDS + 1
"""How often the work of a figure is done: each round, and once for its operations to be counted."""
ROUGH = (2 * FRAMES - 1) * STEPS // 5
"""How many steps the rough drawings of a path have together."""
MEASURES = {
    "B1": text_to_image.measure,
    "B4": image_to_image.measure,
    "B5": canny.measure,
    "B6": emotion_path.exact,
    "B6 shared": emotion_path.shared,
}
LOSSLESS = [figure for figure in MEASURES if figure != "B6 shared"]


@dataclass
class Measured:
    """A figure's row, the studio that it was measured on, and how often each network was called meanwhile."""

    row: SpeedRow
    studio: Studio
    calls: Counter[int]

    def called(self, network: nn.Module) -> int:
        return self.calls[id(network)]


@pytest.fixture(scope="module")
def measured(model_folder: Path) -> Iterator[Callable[[str], Measured]]:
    """Measures a figure, of few frames and without a warm-up, when a test first asks for it."""
    found: dict[str, Measured] = {}

    def measure(figure: str) -> Measured:
        if figure not in found:
            studio = Studio(tiny.ROW, lambda row: loading.load(row, tiny.CPU, model_folder))
            calls: Counter[int] = Counter()
            hook = nn.modules.module.register_module_forward_hook(lambda module, *_: calls.update([id(module)]))
            found[figure] = Measured(MEASURES[figure](studio, ROUNDS, STEPS), studio, calls)
            hook.remove()
        return found[figure]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timing, "WARM_UP", 0)
        patch.setattr(emotion_path, "FRAMES", FRAMES)
        yield measure


@pytest.fixture
def row(measured: Callable[[str], Measured]) -> Callable[[str], SpeedRow]:
    return lambda figure: measured(figure).row


@pytest.mark.parametrize("figure", LOSSLESS)
def test_plain_diffusers_and_the_studio_draw_alike_on_the_same_weights(row, figure: str) -> None:
    assert row(figure).match is not None
    assert row(figure).match.startswith("max |d|")


@pytest.mark.parametrize(
    ("figure", "task"),
    [
        ("B1", "text to image, 64x64, 10 steps DPM++ 2M, guidance"),
        ("B4", "image to image, 64x64, 10 steps DPM++ 2M, guidance, strength moved 5 times"),
        ("B5", "canny, 64x64, 10 steps DPM++ 2M, guidance, acting until 0.6, ControlNet of random weights"),
        ("B6", "emotion path of 3 frames, 64x64, 10 steps DPM++ 2M, guidance"),
    ],
)
def test_a_row_says_what_was_drawn_and_how_often(row, figure: str, task: str) -> None:
    assert (row(figure).figure, row(figure).task) == (figure, task)
    assert len(row(figure).times.plain) == len(row(figure).times.ours) == ROUNDS


@pytest.mark.parametrize("figure", ["B1", "B4", "B5"])
def test_the_studio_computes_no_more_than_plain_diffusers(row, figure: str) -> None:
    assert 0 < row(figure).our_tflop <= row(figure).plain_tflop


def test_a_path_costs_its_rough_drawings_more_than_plain_diffusers(row) -> None:
    predicted = (ROUGH + FRAMES * STEPS) / (FRAMES * STEPS)
    assert predicted - 0.25 < row("B6").our_tflop / row("B6").plain_tflop < predicted  # no rough drawing is decoded


def test_every_timed_picture_of_the_studio_has_a_prompt_it_never_saw(measured) -> None:
    one = measured("B1")
    prompt_and_negative = 2
    assert one.called(one.studio.parts.text_encoder) == prompt_and_negative + RUNS


def test_moving_the_strength_encodes_each_rounds_picture_once(measured) -> None:
    one = measured("B4")
    to_compare = 1
    assert one.called(one.studio.parts.vae.encoder) == to_compare + RUNS


def test_the_studio_computes_the_controlnet_in_the_steps_where_it_acts(measured) -> None:
    one = measured("B5")
    to_compare = 1
    drawn = to_compare + RUNS
    assert one.called(one.studio.engine.controlnet) == drawn * STEPS * canny.END


def test_shared_steps_are_called_lossy_and_cost_what_their_formula_says(row) -> None:
    k = STEPS * emotion_path.SHARED
    predicted = (ROUGH + k + FRAMES * (STEPS - k)) / (ROUGH + FRAMES * STEPS)
    assert row("B6 shared").match.startswith("lossy: PSNR")
    assert predicted < row("B6 shared").our_tflop / row("B6").our_tflop < predicted + 0.1  # each frame is decoded


def test_outputs_that_differ_are_no_match() -> None:
    assert match(torch.zeros(1, 8, 4, 4), torch.full((1, 8, 4, 4), 0.01), half=True) is None


def test_half_precision_outputs_match_by_their_direction() -> None:
    ours = torch.randn(1, 8, 4, 4, generator=torch.Generator().manual_seed(0))
    assert match(ours, ours * 1.01, half=True) is not None
    assert match(ours, -ours, half=True) is None
    assert match(ours, ours * 1.01, half=False) is None


def test_a_loss_is_the_mean_over_all_pictures() -> None:
    dark, light = (Image.new("RGB", (16, 16), colour) for colour in ("#303030", "#404040"))
    assert loss([dark, dark], [light, light]) == loss([dark], [light])
