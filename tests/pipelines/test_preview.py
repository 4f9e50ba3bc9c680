from pathlib import Path

import torch

from animegen.pipelines import preview
from animegen.pipelines.preview import PreviewMap


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


def test_a_latent_of_zeros_shows_the_maps_own_colour() -> None:
    (image,) = known().images(torch.zeros(1, 8, 4, 4))
    assert image.getpixel((9, 9)) == (140, 102, 166)
