"""Cutting out: which way is taken for which model, what is told, and that no drawn picture is lost."""

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from animegen.messages import message
from animegen.models import lockfile, matting
from animegen.models.cache import Source
from animegen.models.loading import Parts
from animegen.models.matting import PARTS, REPOSITORY
from animegen.pipelines import expression_sheet, transparency
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Drawn, Progress
from animegen.tasks import ExpressionSheet
from tests import tiny
from tests.hub.server import Hub
from tests.jobs import SETTINGS, job

STRANGER = replace(tiny.ROW, embedded=False, plain_background=False)
NOISE = Image.effect_noise((64, 64), 80).convert("RGB")
STEP = Progress(1, 1, torch.zeros(1), torch.zeros(1), None)


def cut(row: Any, images: list[Image.Image]) -> tuple[list[Progress], transparency.Cut]:
    """Return what is yielded, and what is returned."""
    yielded = []
    work = transparency.sprites(row, images, images[0], STEP)
    while True:
        try:
            yielded.append(next(work))
        except StopIteration as end:
            return yielded, end.value


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra cannot be imported."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)


@pytest.fixture
def extra(monkeypatch: pytest.MonkeyPatch, source: Source) -> Any:
    """The extra with its tests' own network, which is asked for on a Hub of ours."""
    pytest.importorskip("onnx", reason="the extra `matting` and its tests are not installed")
    from tests import redness

    monkeypatch.setattr(matting, "load", partial(matting.load, source))
    return redness


def test_without_the_extra_a_plain_background_is_cut_away_by_its_colour(without: None) -> None:
    image = Image.new("RGB", (64, 64), "skyblue")
    image.paste("red", (20, 20, 44, 64))
    _, (images, notes) = cut(STRANGER, [image, image])
    assert ({each.mode for each in images}, notes) == ({"RGBA"}, ())


def test_without_the_extra_an_uneven_background_stays_and_the_extra_is_named(without: None) -> None:
    assert cut(STRANGER, [NOISE]) == (
        [],
        ((NOISE,), (message("pipelines.uneven_background"), message("pipelines.matting_extra"))),
    )


def test_the_embedded_model_keeps_its_own_way() -> None:
    assert cut(tiny.ROW, [NOISE]) == ([], ((NOISE,), (message("pipelines.uneven_background"),)))


def test_with_the_extra_any_background_is_cut_away(extra: Any, hub: Hub) -> None:
    hub.publish(REPOSITORY, {PARTS[0]: extra.network()})
    picture, opacity = extra.disc()
    yielded, (images, notes) = cut(STRANGER, [picture, picture])
    assert (yielded, notes) == ([STEP, STEP], ())
    alpha = np.asarray(images[0], float)[..., 3]
    assert np.abs(alpha - np.asarray(opacity)).max() < 0.12 * 255
    assert images[0].tobytes() == images[1].tobytes()


def test_a_network_that_recognises_nobody_leaves_the_pictures_and_says_so(extra: Any, hub: Hub) -> None:
    hub.publish(REPOSITORY, {PARTS[0]: extra.network()})
    navy = Image.new("RGB", (64, 64), "navy")
    assert cut(STRANGER, [navy])[1] == ((navy,), (message("pipelines.nobody_found"),))


@pytest.mark.parametrize("content", [None, b"no network"])
def test_a_network_that_cannot_be_had_loses_no_picture(extra: Any, hub: Hub, content: bytes | None) -> None:
    if content:
        hub.publish(REPOSITORY, {PARTS[0]: content})
    yielded, (images, (note,)) = cut(STRANGER, [NOISE])
    assert (yielded, images) == ([], (NOISE,))
    assert str(note).startswith("Nothing was cut out: ")
    assert REPOSITORY in str(note)


def test_a_network_that_fails_at_its_work_loses_no_picture(extra: Any, hub: Hub) -> None:
    hub.publish(REPOSITORY, {PARTS[0]: extra.network(side=64)})
    _, (images, (note,)) = cut(STRANGER, [NOISE])
    assert images == (NOISE,)
    assert "failed; it needs 1 GB" in str(note)


def test_a_library_that_does_not_start_loses_no_picture(
    extra: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hub.publish(REPOSITORY, {PARTS[0]: extra.network()})
    (tmp_path / "onnxruntime.py").write_text("raise ImportError('DLL load failed')")
    monkeypatch.delitem(sys.modules, "onnxruntime", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    _, (images, (note,)) = cut(STRANGER, [NOISE])
    assert images == (NOISE,)
    assert str(note).endswith("onnxruntime does not start on this machine; install it again.")


def test_on_zero_gpu_it_is_here_before_the_first_request(
    extra: Any, hub: Hub, source: Source, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matting, "fetch", partial(matting.fetch, source))
    engine = Engine(replace(parts, row=STRANGER))
    engine.complete(public=False)  # where the Hub lacks it this is no reason to stop
    hub.publish(REPOSITORY, {PARTS[0]: extra.network()})
    engine.complete(public=False)
    assert list(lockfile.read(source.lock)) == [REPOSITORY]


def test_a_sheet_of_a_model_from_the_hub_is_cut_out_by_the_network(extra: Any, hub: Hub, parts: Parts) -> None:
    hub.publish(REPOSITORY, {PARTS[0]: extra.network()})
    engine = Engine(replace(parts, row=STRANGER))
    request = ExpressionSheet(**SETTINGS, emotions="neutral,happy", transparent=True)
    words = "girl, blue eyes, tan skin, bob cut, kimono"
    sheet = job(request, texts=(words, words, f"{words}, happy"))
    *_, last = stages = list(expression_sheet.draw(engine, sheet))
    assert isinstance(last, Drawn)
    assert ([image.mode for image in last.images], last.notes) == (["RGBA", "RGBA"], ())
    assert [stage.step for stage in stages[:-1] if isinstance(stage, Progress)] == [1, 2, 3, 4, 5, 5, 5]
