import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image, ImageChops

from animegen.models import loading
from animegen.models.cache import Source
from animegen.models.loading import Parts
from animegen.pipelines import latents as autoencoder
from animegen.pipelines import preview, samplers, text_to_image
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Progress
from animegen.pipelines.guard import blur
from animegen.pipelines.preview import PreviewMap, Rough, SmallDecoder
from animegen.studio import Studio
from animegen.tasks import Picture, Preview, TextToImage
from tests import tiny
from tests.hub.models import ROW
from tests.hub.server import Hub
from tests.jobs import SETTINGS, job


def known() -> PreviewMap:
    return PreviewMap(torch.randn(3, 8, generator=torch.Generator().manual_seed(0)) / 8, torch.tensor([0.1, -0.2, 0.3]))


def test_fitting_finds_the_map_that_made_the_pictures() -> None:
    latents = torch.randn(10, 8, 4, 4, generator=torch.Generator().manual_seed(1))
    colours = torch.einsum("oc,nchw->nohw", known().weight, latents) + known().bias[:, None, None]
    found = preview.fit(latents, torch.nn.functional.interpolate(colours, scale_factor=8.0, mode="nearest"))
    assert torch.allclose(found.weight, known().weight, atol=1e-5)
    assert torch.allclose(found.bias, known().bias, atol=1e-5)


def test_a_saved_map_loads_as_it_was(tmp_path: Path) -> None:
    preview.save(known(), tmp_path)
    loaded = preview.load(tmp_path)
    assert loaded is not None
    assert torch.equal(loaded.weight, known().weight)
    assert torch.equal(loaded.bias, known().bias)


def test_a_model_without_a_map_has_no_previews(tmp_path: Path) -> None:
    assert preview.load(tmp_path) is None


def test_previews_are_small_and_keep_the_pictures_shape() -> None:
    images = known().images(torch.zeros(2, 8, 8, 16))
    assert [image.size for image in images] == [(128, 64)] * 2


def test_latents_that_overshoot_are_shown_as_those_of_a_picture() -> None:
    latents = torch.randn(2, 8, 8, 8, generator=torch.Generator().manual_seed(2))
    calm = latents / latents.square().mean((1, 2, 3), keepdim=True).sqrt()
    assert known().images(latents * 5) == known().images(calm)


def test_latents_within_bounds_are_shown_as_they_are() -> None:
    latents = torch.full((1, 8, 4, 4), 0.5)
    assert torch.equal(preview.bounded(latents), latents)


def test_a_latent_of_zeros_shows_the_maps_own_colour() -> None:
    (image,) = known().images(torch.zeros(1, 8, 4, 4))
    assert image.getpixel((9, 9)) == (140, 102, 166)


# By a small decoder


@pytest.fixture
def decoder(sd15_hub: Hub, source: Source) -> Rough:
    found = preview.of(loaded(source))
    assert isinstance(found, SmallDecoder)
    return found


def loaded(source: Source, **row: str) -> Parts:
    return loading.load(replace(ROW, **row), tiny.CPU, loading.folder_of(ROW, source=source), source)


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("latent", "size"),
    [((8, 8), (64, 64)), ((16, 16), (128, 128)), ((64, 64), (128, 128)), ((96, 64), (88, 128)), ((40, 64), (128, 80))],
)
def test_a_decoder_sees_sixteen_latents_a_side_at_most(decoder: Rough, latent, size) -> None:
    assert [image.size for image in decoder.images(noise(2, 4, *latent))] == [size] * 2


def test_a_decoders_previews_differ_as_the_latents_do(decoder: Rough) -> None:
    one, other = noise(1, 4, 8, 8), noise(1, 4, 8, 8).flip(3)
    assert decoder.images(one) == decoder.images(one.clone())
    assert decoder.images(one) != decoder.images(other)
    assert decoder.images(torch.cat([one, other]))[1].tobytes() == decoder.images(other)[0].tobytes()


def test_small_latents_are_shown_as_the_decoder_itself_decodes_them(decoder: SmallDecoder) -> None:
    latents = noise(1, 4, 8, 8)
    decoded = decoder.network.decode(latents).sample
    (image,) = decoder.images(latents)
    assert image.tobytes() == autoencoder.pictures(decoded)[0].tobytes()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_decoder_in_half_precision_shows_nearly_the_same(decoder: SmallDecoder, dtype: torch.dtype) -> None:
    latents = noise(1, 4, 64, 64)
    (full,) = decoder.images(latents)
    decoder.network.to(dtype)
    (half,) = decoder.images(latents)
    assert max(high for _, high in ImageChops.difference(full, half).getextrema()) <= 4


def test_a_map_beside_the_parts_is_taken_before_a_decoder(sd15_hub: Hub, source: Source) -> None:
    parts = loaded(source)
    preview.save(PreviewMap(torch.ones(3, 4), torch.zeros(3)), parts.folder)
    assert isinstance(preview.of(parts), PreviewMap)


# In a drawing

TASK = TextToImage(prompt="girl", preset="fast", seed=5, count=2)


def test_a_drawing_shows_what_it_is_about_to_become(sd15_studio: Studio) -> None:
    """The last preview is of the finished latents; the noise that LCM adds between its steps is in none."""
    wanted = job(TextToImage(prompt="girl", sampler="LCM", steps=4, guidance_scale=1.0), ROW)
    stages = [stage for stage in text_to_image.draw(sd15_studio.engine, wanted) if isinstance(stage, Progress)]
    assert torch.equal(stages[-1].clean, stages[-1].latents)
    assert not any(torch.equal(stage.clean, stage.latents) for stage in stages[:-1])


@pytest.mark.parametrize("sampler", samplers.names())
def test_every_sampler_tells_what_it_takes_for_the_end(parts: Parts, sampler: str) -> None:
    wanted = job(TextToImage(**SETTINGS | {"sampler": sampler}))
    stages = [stage for stage in text_to_image.draw(Engine(parts), wanted) if isinstance(stage, Progress)]
    last = stages[-1]
    assert torch.allclose(last.clean, last.latents, atol=1e-3 * float(last.latents.abs().max()))


def test_a_drawing_has_previews_by_the_small_decoder(sd15_studio: Studio) -> None:
    sizes = [[image.size for image in each.images] for each in sd15_studio.run(TASK) if isinstance(each, Preview)]
    assert sizes[0] == [(64, 64)] * 2


def test_without_the_decoder_the_same_picture_is_drawn_to_the_bit(
    sd15_hub: Hub, fresh_sd15: Callable[[], Studio]
) -> None:
    expected = [picture.image.tobytes() for picture in fresh_sd15().pictures(TASK)]
    del sd15_hub.repositories[ROW.taesd]
    shutil.rmtree(fresh_sd15().parts.source.folder(ROW.taesd))
    results = list(fresh_sd15().run(TASK))
    assert [each.image.tobytes() for each in results if isinstance(each, Picture)] == expected
    assert not any(each.images for each in results if isinstance(each, Preview))


def test_a_preview_for_which_there_is_no_memory_is_left_out(sd15_studio: Studio) -> None:
    def fail(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    expected = [picture.image.tobytes() for picture in sd15_studio.pictures(TASK)]
    sd15_studio.engine.rough.network.decoder.register_forward_pre_hook(fail)
    results = list(sd15_studio.run(TASK))
    assert [each.image.tobytes() for each in results if isinstance(each, Picture)] == expected
    assert not any(each.images for each in results if isinstance(each, Preview))


def test_on_a_public_page_previews_by_the_decoder_have_colours_alone(fresh_sd15: Callable[[], Studio]) -> None:
    def first(studio: Studio) -> Image.Image:
        return next(each.images[0] for each in studio.run(TASK) if isinstance(each, Preview))

    public, private = Studio(ROW, lambda _: fresh_sd15().parts, public=True), first(fresh_sd15())
    assert first(public).tobytes() == blur(private).tobytes() != private.tobytes()
