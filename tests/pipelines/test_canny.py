"""Drawing along edges: as plain diffusers does it, and computed only where it acts."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionControlNetPipeline
from PIL import Image, ImageChops, ImageDraw

from animegen.errors import DrawingFailed, ModelUnavailable
from animegen.models import controlnet
from animegen.models.loading import Parts
from animegen.pipelines import canny, text_to_image
from animegen.pipelines.control import acting
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Drawn, Progress, Stages
from animegen.pipelines.job import Job
from animegen.tasks import Canny, TextToImage
from tests import tiny
from tests.jobs import SETTINGS, job

EDGES = Image.new("RGB", (96, 64))
ImageDraw.Draw(EDGES).ellipse((20, 10, 70, 50), outline="white")
WORDS = SETTINGS | {"prompt": "blue hair", "steps": 10}


def led(**changes: Any) -> Job[Canny]:
    return job(Canny(**WORDS | {"image": EDGES, "image_kind": "edges"} | changes))


def free() -> Job[TextToImage]:
    return job(TextToImage(**WORDS, width=96, height=64))


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return tiny.parts_with_controlnet(tmp_path)


@pytest.fixture
def engine(parts: Parts) -> Engine:
    return Engine(parts)


def drawn(stages: Stages) -> tuple[list[torch.Tensor], list[Image.Image]]:
    """Return the latents after each step, and the pictures."""
    seen = list(stages)
    return (
        [stage.latents for stage in seen if isinstance(stage, Progress)],
        [image for stage in seen if isinstance(stage, Drawn) for image in stage.images],
    )


def calls(network: torch.nn.Module) -> list[int]:
    sizes: list[int] = []
    network.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    return sizes


@pytest.mark.parametrize("guidance", [1.0, 5.0])
@pytest.mark.parametrize(("start", "end"), [(0.0, 1.0), (0.2, 0.6)])
def test_our_loop_draws_what_plain_diffusers_draws_along_edges(
    engine: Engine, guidance: float, start: float, end: float
) -> None:
    parts = tiny.pipeline(engine.parts).components | {"controlnet": engine.controlnet}
    plain = StableDiffusionControlNetPipeline(**parts, requires_safety_checker=False)
    plain.set_progress_bar_config(disable=True)
    expected = plain(
        "blue hair",
        image=EDGES,
        negative_prompt="red",
        num_inference_steps=10,
        guidance_scale=guidance,
        controlnet_conditioning_scale=0.8,
        control_guidance_start=start,
        control_guidance_end=end,
        generator=torch.Generator().manual_seed(7),
        output_type="latent",
    ).images
    ours, _ = drawn(canny.draw(engine, led(guidance_scale=guidance, start=start, end=end)))
    assert (ours[-1] - expected).abs().max() < 1e-4


def test_at_scale_zero_it_is_text_to_image_to_the_bit_and_no_controlnet_is_loaded(parts: Parts) -> None:
    engine = Engine(tiny.parts())
    latents, (picture,) = drawn(canny.draw(engine, led(conditioning_scale=0)))
    others, (other,) = drawn(text_to_image.draw(engine, free()))
    assert all(torch.equal(one, two) for one, two in zip(latents, others, strict=True))
    assert picture.tobytes() == other.tobytes()
    assert "controlnet" not in vars(engine)


def test_the_edges_change_the_picture_and_more_of_them_change_it_more(engine: Engine) -> None:
    def change(scale: float) -> float:
        return float((drawn(canny.draw(engine, led(conditioning_scale=scale)))[0][-1] - without).abs().mean())

    without = drawn(canny.draw(engine, led(conditioning_scale=0)))[0][-1]
    assert 0 < change(0.2) < change(1.0)


@pytest.mark.parametrize(
    ("steps", "start", "end", "expected"),
    [
        (10, 0.0, 1.0, range(10)),
        (10, 0.0, 0.6, range(6)),
        (10, 0.7, 1.0, range(7, 10)),
        (10, 0.3, 0.7, range(3, 7)),
        (4, 0.1, 0.9, range(1, 3)),
        (4, 0.3, 0.45, range(0)),
        (1, 0.0, 1.0, range(1)),
    ],
)
def test_it_acts_in_the_steps_that_lie_between_start_and_end(
    steps: int, start: float, end: float, expected: range
) -> None:
    assert acting(steps, start, end) == expected


@pytest.mark.parametrize(("start", "end", "expected"), [(0.0, 1.0, 10), (0.0, 0.6, 6), (0.3, 0.7, 4), (0.31, 0.35, 0)])
def test_it_is_computed_only_where_it_acts(engine: Engine, start: float, end: float, expected: int) -> None:
    seen, steps = calls(engine.controlnet), calls(engine.parts.unet)
    drawn(canny.draw(engine, led(start=start, end=end)))
    assert seen == [2] * expected
    assert steps == [2] * 10


def test_it_is_loaded_once_when_it_is_first_used(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Parts] = []
    load = controlnet.load
    monkeypatch.setattr(controlnet, "load", lambda parts: loads.append(parts) or load(parts))
    drawn(text_to_image.draw(engine, free()))
    assert loads == []
    for _ in range(2):
        drawn(canny.draw(engine, led()))
    assert loads == [engine.parts]


def test_text_pictures_and_edges_share_one_set_of_weights(engine: Engine) -> None:
    def weights() -> list[tuple[int, torch.dtype]]:
        networks = engine.parts.unet, engine.parts.vae, engine.parts.text_encoder
        return [(each.data_ptr(), each.dtype) for network in networks for each in network.parameters()]

    before = weights()
    drawn(canny.draw(engine, led()))
    assert weights() == before
    assert not {pointer for pointer, _ in before} & {each.data_ptr() for each in engine.controlnet.parameters()}
    assert {each.dtype for each in engine.controlnet.parameters()} == {engine.parts.placement.dtype}


def test_a_picture_of_a_batch_is_its_single_within_two_grey_levels(engine: Engine) -> None:
    _, batch = drawn(canny.draw(engine, led(count=3, seed=5)))
    _, (single,) = drawn(canny.draw(engine, led()))
    assert max(high for _, high in ImageChops.difference(batch[2], single).getextrema()) <= 2


def test_a_model_without_a_controlnet_says_so_before_a_step(tmp_path: Path) -> None:
    engine = Engine(tiny.parts(tmp_path / "empty"))
    steps = calls(engine.parts.unet)
    with pytest.raises(ModelUnavailable, match="has no ControlNet, so it cannot draw along edges"):
        drawn(canny.draw(engine, led()))
    assert steps == []


def test_all_that_is_loaded_late_can_be_loaded_at_the_start(engine: Engine) -> None:
    engine.complete(public=False)
    assert "controlnet" in vars(engine)


def test_what_cannot_be_loaded_at_the_start_is_logged(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    (engine.parts.folder / "controlnet" / "config.json").unlink()
    engine.complete(public=False)
    assert "ControlNet" in caplog.text


def test_a_model_without_a_controlnet_lacks_nothing_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    Engine(tiny.parts()).complete(public=False)
    assert caplog.text == ""


def test_short_memory_is_a_sentence(engine: Engine) -> None:
    def fail(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    removed = engine.controlnet.register_forward_pre_hook(fail).remove
    with pytest.raises(DrawingFailed, match="smaller size or fewer pictures"):
        drawn(canny.draw(engine, led()))
    removed()
    assert drawn(canny.draw(engine, led()))[1]


def test_line_art_leads_by_its_own_network_along_what_its_detector_finds(engine: Engine) -> None:
    found = Image.effect_noise((96, 64), 60)
    engine.lineart, engine.lineart_controlnet = lambda _: found, engine.controlnet
    seen: list[torch.Tensor] = []
    engine.controlnet.register_forward_pre_hook(lambda _, args: seen.append(args[3]))
    row = replace(engine.parts.row, lineart_controlnet="owner/lines")
    list(canny.draw(engine, job(Canny(**WORDS | {"image": EDGES, "lines": "lineart"}), row)))
    assert torch.equal(seen[0][0, 0], torch.from_numpy(np.array(found)).float().div(255))
